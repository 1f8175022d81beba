"""Printing: data on standard output, everything else on standard error; a table on a terminal, CSV in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from kg.cli.leaving import drop_output
from kg.core.bounded import written
from kg.core.errors import KgError
from kg.core.secrets import hidden


def say(message: str) -> None:
    """Tell the person something that is not data: one line on standard error."""
    typer.echo(hidden(message), err=True)


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
            drop_output()
            raise typer.Exit from error
        except OSError as error:
            if error.errno is None or error.filename is not None:
                raise  # another file's
            drop_output()
            raise KgError(f"cannot write to standard output: {error.strerror}") from error
        return
    with written(path) as file:
        yield file


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is, None where it is a pipe or a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def for_a_reader(format_name: str | None, output: Path | None) -> bool:
    """Whether rows go to somebody who reads them, in a table, and not to a program: then fewer columns say more."""
    from kg.query.results import ENDINGS

    if format_name is None and output is None:
        return sys.stdout.isatty()
    return (format_name or ENDINGS.get(output.suffix if output else "")) in ("table", "markdown")


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
