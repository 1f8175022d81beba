"""Files that a person names: opened, waited for where they are pipes, bounded in bytes; written whole or not at all."""

from __future__ import annotations

import errno
import io
import logging
import os
import select
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kg.core.budgets import WAIT, Budget
from kg.core.errors import KgError

_log = logging.getLogger("kg")
_PATIENCE = 2  # seconds of waiting before a word about it
_BLOCK = 1 << 20
_POLL = 0.05  # seconds between two tries
_LONGEST_NAME = 200  # characters of the name of a file that is being written
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class TooLargeError(OSError):
    """A file holds more bytes than its budget allows."""


def open_patiently(path: str | Path) -> io.BufferedReader:
    """Open a file for reading. A named pipe that nobody feeds is waited for with a word, and not for ever.

    OSError as for ``open``; TimeoutError where the budget ``WAIT`` is over. ValueError never: a name that cannot be
    one (with NUL in it) is an OSError too.
    """
    try:
        pipe = stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116 - the path may stay a string
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error), str(path)) from error
    if not pipe:
        return open(path, "rb")  # noqa: PTH123 - likewise
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # does not wait for the writer
    try:
        _wait(descriptor, str(path))
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def open_for_writing(path: Path) -> BinaryIO:
    """Open a file that is there already for writing. A named pipe that nobody reads is waited for likewise."""
    if not path.is_fifo():
        return path.open("wb")
    until, said = time.monotonic() + WAIT.value, False
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() >= until:
                raise TimeoutError(errno.ETIMEDOUT, f"a pipe that nobody read for {WAIT.value} s", str(path)) from error
        else:
            os.set_blocking(descriptor, True)
            return os.fdopen(descriptor, "wb")
        if not said and time.monotonic() > until - WAIT.value + _PATIENCE:
            _log.warning("kg: waiting for %s, a pipe that nobody reads yet (at most %s s)", path, WAIT.value)
            said = True
        time.sleep(_POLL)


def _wait(descriptor: int, name: str) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    patience = min(_PATIENCE, WAIT.value)
    if poll.poll(patience * 1000):
        return
    _log.warning("kg: waiting for %s, a pipe that nobody feeds yet (at most %s s)", name, WAIT.value)
    if not poll.poll((WAIT.value - patience) * 1000):
        raise TimeoutError(errno.ETIMEDOUT, f"a pipe that nobody fed for {WAIT.value} s; {WAIT.hint()}", name)


def read_bounded(path: str | Path, budget: Budget) -> bytes:
    """All bytes of a file; TooLargeError above the budget, OSError as for ``open_patiently``."""
    most = budget.value
    content = bytearray()
    with open_patiently(path) as file:  # in blocks: asked for all at once, Python takes the memory of the whole budget
        while block := file.read(min(_BLOCK, most + 1 - len(content))):
            content += block
    if len(content) > most:
        raise TooLargeError(errno.EFBIG, f"above {most:,} bytes; {budget.hint()}", str(path))
    return bytes(content)


def as_utf8(content: bytes) -> bytes:
    """The same text in UTF-8 without a byte order mark; UTF-16 is converted where a mark tells it."""
    if content.startswith(_UTF16):
        return content.decode("utf-16").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def read_text(path: str | Path, budget: Budget) -> str:
    """A file as text: UTF-8, or UTF-16 with a byte order mark. OSError as for ``read_bounded``, UnicodeDecodeError."""
    return as_utf8(read_bounded(path, budget)).decode()


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes its name when all is written: what fails half way leaves the old one as it was.

    What is there and no file (a named pipe, /dev/stdout) is written to as it is. KgError where it cannot be written.
    """
    partial = path
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # nothing to replace
            with open_for_writing(path) as file:
                yield file
            return
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        partial = path.with_name(f".{path.name}.{os.getpid()}"[:_LONGEST_NAME])
        try:
            with partial.open("wb") as file:
                yield file
            partial.replace(path)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
    except OSError as error:
        if error.errno is None or (error.filename is not None and str(error.filename) not in (str(path), str(partial))):
            raise  # another file's
        raise KgError(f"cannot write {path}: {error.strerror}; name another file") from error


@contextmanager
def written_folder(path: Path) -> Iterator[Path]:
    """A folder to write files into, which takes its name when all are written; KgError where something is there."""
    partial = path.with_name(f".{path.name}.{os.getpid()}"[:_LONGEST_NAME])
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FileExistsError(errno.EEXIST, "something is there already", str(path))
        partial.mkdir(parents=True)
        try:
            yield partial
            partial.replace(path)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise KgError(f"cannot write {path}: {error.strerror}; name a new folder") from error
