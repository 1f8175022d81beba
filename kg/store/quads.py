"""Quads as lines: dropped to triples, sorted outside memory, blank nodes named canonically.

Lines are canonical N-Quads or N-Triples, each with its line end, as bytes. Sorted by byte value, so that the order is
the same on every machine, in every run and for every order of loading.
"""

from __future__ import annotations

import heapq
import re
import tempfile
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.store.apart import apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_RUN = 250_000  # lines sorted in memory at once: some 100 MB
_GRAPH = re.compile(rb' (?:<[^<>" ]*>|_:[^ "]+) \.\n\Z')  # behind a literal; a literal itself ends in a quote or tag


def triple_line(line: bytes) -> bytes:
    """An N-Quads line without its graph: an N-Triples line."""
    _, _, rest = line.split(b" ", 2)
    if rest.startswith(b'"'):
        return _GRAPH.sub(b" .\n", line)
    if rest.startswith(b"<<"):  # a triple term of RDF 1.2
        quad = next(ox.parse(line, ox.RdfFormat.N_QUADS))
        return f"{quad.triple} .\n".encode()
    if rest.count(b" ") == 1:  # an object and the full stop
        return line
    return line[: line.rindex(b" ", 0, -3)] + b" .\n"


def sorted_lines(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """The lines in byte order, each once; what does not fit into memory goes through files in ``folder``.

    Blank nodes get their canonical names (W3C RDFC-1.0): a name depends on what is said of the node, and on nothing
    else. All lines with blank nodes are held in memory for that. KgError where they are too alike to be told apart.
    """
    lines = iter(lines)
    blank: list[bytes] = []
    runs: list[Path] = []
    while run := list(islice(lines, _RUN)):
        unnamed = [line for line in run if b"_:" in line]  # or a literal with these characters: harmless
        if unnamed:
            blank += unnamed
            run = [line for line in run if b"_:" not in line]
        run.sort()
        if len(run) + len(unnamed) < _RUN and not runs:
            return _each_once(heapq.merge(run, _canonical(blank)))
        runs.append(folder / f"run-{len(runs)}")
        with runs[-1].open("wb") as file:
            file.writelines(run)
    return _merged(runs, _canonical(blank))


def ordered_lines(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """Lines of anything in byte order, each once; what does not fit into memory goes through files in ``folder``."""
    lines = iter(lines)
    runs: list[Path] = []
    while run := sorted(islice(lines, _RUN)):
        if len(run) < _RUN and not runs:
            return _each_once(run)
        runs.append(folder / f"run-{len(runs)}")
        with runs[-1].open("wb") as file:
            file.writelines(run)
    return _merged(runs, [])


def _merged(runs: list[Path], blank: list[bytes]) -> Iterator[bytes]:
    files = [run.open("rb") for run in runs]
    try:
        yield from _each_once(heapq.merge(*files, blank))
    finally:
        for file in files:
            file.close()


def _each_once(lines: Iterable[bytes]) -> Iterator[bytes]:
    previous = b""
    for line in lines:
        if line != previous:
            yield line
            previous = line


def _canonical(lines: list[bytes]) -> list[bytes]:
    """The lines with canonical blank nodes, sorted."""
    if not lines:
        return []
    with tempfile.TemporaryFile() as file:
        file.writelines(lines)
        file.seek(0)
        with apart(file, "nquads", "", canonical=True) as named:
            return sorted(named)
