"""Packed files: gzip, and zstd where its library is (`pip install 'newskg[zst]'`), by the ending of their name.

Bytes in, bytes out; what is packed by strangers is read in blocks, so that its reader can stop at a budget.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from kg.core.errors import KgError

if TYPE_CHECKING:
    from types import ModuleType

ENDINGS = (".gz", ".zst")
_LEVEL, _ZST_LEVEL = 6, 10
_BLOCK = 2**20  # bytes
_FEW = 2**10  # packed bytes of zstd: they may stand for 32 MB
_WINDOW = 128 * 2**20  # bytes that a packed file may ask to be kept in memory; zstd's own default for files


def is_packed(path: PurePath) -> bool:
    """Whether a file's name says so."""
    return path.suffix.lower() in ENDINGS


def pack(content: bytes, ending: str) -> bytes:
    """Content packed as the ending says; the same content gives the same bytes. KgError without the library."""
    if ending == ".zst":
        packed: bytes = _zstandard().ZstdCompressor(level=_ZST_LEVEL).compress(content)
        return packed
    return gzip.compress(content, compresslevel=_LEVEL, mtime=0)


def unpack(content: bytes, ending: str, name: str) -> bytes:
    """What packed content holds; KgError (it begins with the name) where it is broken, or without the library."""
    return b"".join(blocks(io.BytesIO(content), ending, name))


def blocks(file: IO[bytes], ending: str, name: str) -> Iterator[bytes]:
    """What a packed file holds, in parts of some megabytes; KgError as for ``unpack``."""
    return _zst_blocks(file, name) if ending == ".zst" else _gz_blocks(file, name)


def _gz_blocks(file: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=file) as plain:
            while block := plain.read(_BLOCK):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise KgError(f"{name}: not gzip, or broken off ({error})") from error


def _zst_blocks(file: IO[bytes], name: str) -> Iterator[bytes]:
    zstandard = _zstandard()
    frames = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    frame = None  # the one that is being read: a file may hold several
    try:
        while packed := file.read(_FEW):
            while packed:
                frame = frame or frames.decompressobj()
                yield frame.decompress(packed)
                packed = frame.unused_data if frame.eof else b""
                frame = None if frame.eof else frame
    except zstandard.ZstdError as error:
        raise KgError(f"{name}: not zstd, or broken ({error})") from error
    if frame is not None:
        raise KgError(f"{name}: not zstd, or broken off (its last frame does not end)")


def _zstandard() -> ModuleType:
    try:
        import zstandard
    except ImportError as error:
        raise KgError("files in .zst are read and written by zstandard: pip install 'newskg[zst]'") from error
    return zstandard
