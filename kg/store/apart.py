"""RDF of strangers, parsed in a process of its own that cannot take more than its share of the machine.

    apart(file, form, base) ─ child: read, look for nesting, limit itself, parse, name blank nodes ─ N-Quads

Some texts of a few bytes keep a parser or the naming of blank nodes (RDFC-1.0, exponential in the worst case) busy for
ever, and the engine cannot be interrupted. So the child sets limits of processor and memory by the size of what it has
read, and where it dies of them the parent says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

import pyoxigraph as ox

from kg.core.bounded import as_utf8
from kg.core.budgets import RDF_BYTES, RDF_MEGABYTES, RDF_SECONDS
from kg.core.errors import KgError
from kg.core.nesting import check_json, check_line, check_turtle, check_xml
from kg.store.contexts import with_known_contexts
from kg.store.formats import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

_REFUSED = 3  # exit status of the child: what is wrong stands on its standard error
_MEGABYTE = 2**20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"""(<\?xml\b[^>?]*?)\s+encoding\s*=\s*(["'])([\w.:-]+)\2""")
_START = "import sys; sys.path[:] = sys.argv[4:]; from kg.store.apart import main; main()"


def apart(source: BinaryIO, form: str, base: str, *, canonical: bool) -> BinaryIO:
    """The quads of an RDF text as N-Quads in a temporary file; ``source`` is a real file, read from where it stands.

    ``form`` is a name of ``kg.store.formats``. ``canonical`` gives blank nodes the labels of RDFC-1.0. KgError in words
    for what is no such RDF, and for what is over a budget.
    """
    output = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller's
    command = [
        sys.executable,
        "-c",
        _START,
        form,
        base,
        "canonical" if canonical else "",
        *map(os.path.abspath, sys.path),
    ]
    done = subprocess.run(  # noqa: S603 - this program
        command,
        stdin=source,
        stdout=output,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "RUST_BACKTRACE": "0"},
    )
    if done.returncode:
        output.close()
        raise KgError(_why(done.returncode, done.stderr.decode("utf-8", "replace")))
    output.seek(0)
    return output


def _why(status: int, said: str) -> str:
    if status == _REFUSED:
        return said.strip()
    if status < 0 or "MemoryError" in said:
        return (
            f"reading it takes more of the machine than it may (more than {RDF_SECONDS.value} s of processor or "
            f"{RDF_MEGABYTES.value} MB, and some for each megabyte of it): are there blank nodes that are all alike? "
            f"Give them names; or set {RDF_SECONDS.variable} and {RDF_MEGABYTES.variable} higher"
        )
    last = said.strip().splitlines()[-1:] or [f"status {status}"]
    return f"reading it failed ({last[0][:200]})"


def main() -> None:
    """The child: standard input to standard output, as the arguments say."""
    form, base, canonical = sys.argv[1], sys.argv[2], bool(sys.argv[3])
    try:
        _convert(form, base, canonical=canonical)
    except KgError as error:
        sys.stderr.buffer.write(str(error).encode("utf-8", "replace"))
        sys.exit(_REFUSED)


def _convert(name: str, base: str, *, canonical: bool) -> None:
    content = sys.stdin.buffer.read(RDF_BYTES.value + 1)
    if len(content) > RDF_BYTES.value:
        raise KgError(f"above {RDF_BYTES.value:,} bytes; {RDF_BYTES.hint()}")
    _limit(len(content))
    try:
        content = as_utf8(_plain_xml(content) if name == "rdfxml" else content)
        _check(name, content)
        if name == "jsonld":
            content = with_known_contexts(content)
        quads: Iterable[ox.Quad] = ox.parse(content, BY_NAME[name].engine, base_iri=base or None)
        if canonical:
            quads = _canonical([*quads])
        ox.serialize(quads, sys.stdout.buffer, ox.RdfFormat.N_QUADS)
        sys.stdout.buffer.flush()
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        raise KgError("a statement of more than 16 MB is not taken: shorten the literal in it") from error
    except (SyntaxError, ValueError) as error:  # ValueError: bytes that are no UTF-8, a base that is no IRI
        raise KgError(" ".join(str(error).split())[:300]) from error


def _canonical(quads: list[ox.Quad]) -> Iterable[ox.Quad]:
    if not any(isinstance(term, ox.BlankNode | ox.Triple) for quad in quads for term in quad):
        return quads
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _limit(size: int) -> None:
    """Limits of processor and memory by the size of the text; where the system has none, none."""
    megabytes = size // _MEGABYTE
    seconds = RDF_SECONDS.value + megabytes
    memory = (RDF_MEGABYTES.value + 40 * megabytes) * _MEGABYTE
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _plain_xml(content: bytes) -> bytes:
    """XML in UTF-8 and without a word on its encoding: the engine knows no other."""
    wide = content.startswith(_UTF16)
    text = as_utf8(content)
    declared = _DECLARED.match(text)
    if declared is None:
        return text
    rest = declared[1] + text[declared.end() :]
    try:
        return rest if wide else rest.decode(declared[3].decode("ascii")).encode()
    except LookupError as error:
        raise KgError(f"its encoding {declared[3].decode()} is not known: save it as UTF-8") from error


def _check(name: str, content: bytes) -> None:
    match name:
        case "rdfxml":
            check_xml(content)
        case "jsonld":
            check_json(content)
        case "turtle" | "trig":
            check_turtle(content)
        case _:
            for line in content.splitlines():
                check_line(line)
