"""Printing: data on standard output, everything else on standard error; a table on a terminal, CSV in a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from kg.core.errors import KgError


def say(message: str) -> None:
    """Tell the person something that is not data: one line on standard error."""
    typer.echo(message, err=True)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or the file at ``path``, as bytes; KgError when it cannot be written.

    A file takes its name when all is written: what fails half way leaves the old one as it was. A reader of standard
    output that leaves early (``kg query … | head``) ends the program quietly.
    """
    if path is None or str(path) == "-":
        try:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
            raise typer.Exit from error
        return
    if path.exists() and not path.is_file():  # /dev/stdout, a named pipe: nothing to replace
        with path.open("wb") as file:
            yield file
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        if error.filename is None:
            raise
        raise KgError(f"cannot write {path}: {error.strerror}; name another file with --output") from error
    finally:
        partial.unlink(missing_ok=True)


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
    from kg.query.results import ENDINGS, write_plain_rows

    default = "table" if output is None and sys.stdout.isatty() else "csv"
    chosen = format_name or (ENDINGS.get(output.suffix) if output else None) or default
    with open_output(output) as file:
        write_plain_rows(columns, rows, file, chosen, width=terminal_width() or 100)
