"""Numbers as XML Schema writes them: the text of a literal and its datatype in, Python's number out."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from kg.core.vocab import XSD

#: The datatypes of whole numbers (XSD 1.1 part 2, §3.4.13 to §3.4.25).
INTEGERS = frozenset(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_WHOLE, _DECIMAL = re.compile(r"[+-]?[0-9]+"), re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FLOATING = re.compile(_DECIMAL.pattern + r"([eE][+-]?[0-9]+)?|[+-]?INF|NaN")


def number_of(text: str, datatype: str) -> int | float | Decimal | None:
    """Return the number that a literal is; None where its datatype has none, its text is ill-typed, or too long.

    Python would read more than XSD writes: "1_000", "infinity", "nan", and INF as a decimal.
    """
    text = text.strip(" \t\n\r")
    if datatype in INTEGERS:
        try:
            return int(text) if _WHOLE.fullmatch(text) else None
        except ValueError:  # more digits than Python reads
            return None
    if datatype == XSD + "decimal":
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    if datatype in (XSD + "double", XSD + "float"):
        return float(text) if _FLOATING.fullmatch(text) else None
    return None


def written(number: float) -> str:
    """Return a floating-point number as XSD writes it: INF, -INF and NaN where Python writes inf, -inf and nan."""
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "INF" if number > 0 else "-INF"
