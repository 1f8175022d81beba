"""Bytes become text: byte order marks in every input; a page or feed in whatever encoding it is really in.

Plain text, Markdown and JSON lines are UTF-8, or whatever their byte order mark says; nothing is guessed there.
Pages and feeds declare an encoding and are often wrong: what is valid UTF-8 is UTF-8, whatever it declares.
"""

from __future__ import annotations

import codecs
import re

from kg.core.errors import ArticleError

_MARKS = (  # the longer first: UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_HEAD = 4_096  # bytes at the start of a page in which a declaration counts
_WESTERN = "windows-1252"  # what is declared as Latin-1 or ASCII is this, as in browsers
_TRUSTED = re.compile(
    r"(iso-?8859-?\d+|windows-?12\d\d|cp12\d\d|koi8-?[ru]|macintosh|mac-roman|shift_jis|sjis|euc-(jp|kr)|gb2312|gbk|gb18030|big5)$"
)
_LATIN = re.compile(r"(iso-?8859-?1|latin-?1|us-ascii|ascii)$")


def mark_of(raw: bytes) -> tuple[bytes, str] | None:
    """The byte order mark at the start and the encoding it tells, or None."""
    return next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), None)


def decode(raw: bytes) -> str:
    """UTF-8 as text, or UTF-16 and UTF-32 with a byte order mark; line ends stay; ArticleError for anything else."""
    found = mark_of(raw)
    mark, encoding = found or (b"", "utf-8")
    if found is None and b"\0" in raw:
        raise ArticleError("binary, not text: give the article as text, Markdown, HTML, a feed or JSON lines")
    try:
        return raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        what, at = encoding.upper().removesuffix("-LE").removesuffix("-BE"), error.start + len(mark)
        raise ArticleError(
            f"not {what} (byte 0x{raw[at]:02x} at {at}): convert it, e.g. with `iconv -f windows-1252 -t utf-8`"
        ) from error


def decode_markup(raw: bytes) -> str:
    """A page's or feed's text by its byte order mark, else as UTF-8, else as it declares, else as Windows-1252.

    Never fails: what cannot be decoded becomes U+FFFD, and NUL characters go.
    """
    found = mark_of(raw)
    if found is None and len(raw) > 3 and b"\0" in raw[:4]:  # UTF-16 without a mark: "<" and a NUL, or the other way
        found = (b"", "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be")
    if found is not None:
        return raw[len(found[0]) :].decode(found[1], "replace").replace("\0", "")
    return _without_mark(raw).replace("\0", "")


def _without_mark(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(raw[:_HEAD])
    name = declared[1].decode("ascii").lower() if declared else ""
    loose = raw.decode("utf-8", "replace")
    broken = loose.count("�")
    if 20 * broken < sum(char > "\x7f" for char in loose):  # UTF-8 with a broken character here and there
        return loose
    if _TRUSTED.match(name) and not _LATIN.match(name):
        try:
            return raw.decode(name, "replace")
        except LookupError:
            pass
    return raw.decode(_WESTERN, "replace")
