"""How the program begins and ends whatever happens: closed streams, and errors that nobody foresaw in one line."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import traceback
from typing import TextIO, cast

from kg.core.secrets import hidden

_CANNOT = 2
_INTERRUPTED = 130  # what a shell expects after Ctrl-C: 128 + SIGINT


def open_standard_streams() -> None:
    """Give standard input, output and error something to be where they were closed.

    Else the next file that is opened would take their place, and a store be written to instead of a terminal. What
    is written to a closed output fails, as it should; what is said on a closed standard error is lost.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number < 2 else os.O_WRONLY)  # takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as the program runs
    if sys.stdout is None:
        sys.stdout = cast("TextIO", io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8"))
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - likewise


def show_traceback() -> None:
    """The traceback of the error that is being handled, without secrets."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(hidden(traceback.format_exc()))


def status_of(error: BaseException) -> int:
    """Say in one line on standard error what went wrong; the exit status."""
    if isinstance(error, KeyboardInterrupt):
        return _INTERRUPTED
    if isinstance(error, BrokenPipeError):  # the reader has left: `kg … | head`
        drop_output()
        return 0
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"kg: {hidden(in_words(error))}\n")
        sys.stderr.flush()
    return _CANNOT


def in_words(error: BaseException) -> str:
    """An error as one line (a mistake in a query also shows the place, below)."""
    from kg.core.errors import KgError

    if isinstance(error, KgError):
        return str(error)
    from kg.store.engine import is_damage

    said = " ".join(str(error).split())[:300]
    if is_damage(error):
        return f"files of the store are damaged ({said}): `kg stats --check --store …` says which, --repair mends them"
    if isinstance(error, UnicodeError):
        return f"an argument or a file name is no UTF-8 ({said}): rename it, or set a UTF-8 locale"
    if isinstance(error, OSError) and error.errno is not None:
        where = f"{os.fsdecode(error.filename)!r}: " if error.filename is not None else ""
        return f"{where}{error.strerror or said}"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this: give it less at once"
    if isinstance(error, RecursionError):
        return "something in the input is nested too deeply to be read: make it flatter"
    return (
        f"this was not foreseen ({type(error).__name__}: {said}): run it again with --debug, and report what it shows"
    )


def flushed(status: int) -> int:
    """Bring what is still held back to standard output; the exit status that stands then."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
    except (
        ValueError
    ):  # a writer that failed has closed it: that was told, or its reader has left (`kg types | head -1`)
        drop_output()
    except OSError as error:
        drop_output()
        if status != _CANNOT:
            return status_of(OSError(errno.EIO, f"cannot write to standard output: {error.strerror}"))
    return status


def drop_output() -> None:
    """Let standard output lead nowhere: what it holds back can be written nowhere, and would complain at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
