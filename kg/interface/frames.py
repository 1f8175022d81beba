"""Columns of an answer as pandas has them; the one place that names pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd


def frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Columns of equal length as a frame, in their order."""
    return pd.DataFrame({name: _series(values) for name, values in columns.items()})


def _series(values: Sequence[object]) -> pd.Series:
    """A column with the type of its values; as objects where they are of several kinds, or words, or none."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds == {int}:
        return _integers(values)
    if kinds and kinds <= {int, float, Decimal}:
        return pd.Series([None if v is None else float(str(v)) for v in values], dtype="float64")
    if kinds and kinds <= {date, datetime}:
        return pd.Series([_moment(value) for value in values], dtype="datetime64[s]")
    return pd.Series([str(v) if isinstance(v, str) else v for v in values], dtype="object")


def _integers(values: Sequence[object]) -> pd.Series:
    try:
        return pd.Series(values, dtype="Int64")
    except (OverflowError, TypeError):  # beyond 64 bits
        return pd.Series(values, dtype="object")


def _moment(value: object) -> str | None:
    """A day or a point in time for the reader of numpy; in UTC where it has a zone."""
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value.isoformat() if isinstance(value, date) else str(value)
