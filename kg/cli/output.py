"""Printing: data on standard output, everything else on standard error; a table on a terminal, CSV in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from kg.errors import KgError


def say(message: str) -> None:
    """Tell the person something that is not data: one line on standard error."""
    typer.echo(message, err=True)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or the file at ``path``, as bytes; KgError when it cannot be written."""
    if path is None or str(path) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = path.open("wb")
    except OSError as error:
        raise KgError(f"cannot write {path}: {error.strerror}; name another file with --output") from error
    with file:
        yield file


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is, None where it is a pipe or a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    format_name: str | None = None,
    output: Path | None = None,
) -> None:
    """Print plain rows (not query results): a table on a terminal, CSV in a pipe; or write them to ``output``.

    ``format_name`` is table, csv, tsv, json, jsonl or markdown; None goes by the file's ending, then chooses between
    the first two. KgError for any other.
    """
    from kg.results import ENDINGS, write_plain_rows

    default = "table" if output is None and sys.stdout.isatty() else "csv"
    chosen = format_name or (ENDINGS.get(output.suffix) if output else None) or default
    with open_output(output) as file:
        write_plain_rows(columns, rows, file, chosen, width=terminal_width() or 100)
