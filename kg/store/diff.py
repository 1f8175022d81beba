"""What two datasets do not share: triples or quads that only one of them has.

Each side is a file of RDF (by its ending) or a store. Both are sorted outside memory and walked together, so their
size does not matter; blank nodes are compared by what is said of them (``kg.store.quads``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.store.files import quads_of
from kg.store.formats import of_file
from kg.store.opening import RdfFormat, Store, serialize
from kg.store.quads import sorted_lines, triple_line


@dataclass(frozen=True, slots=True)
class Difference:
    """One statement that only one side has: ``-`` the first, ``+`` the second; an N-Triples or N-Quads line."""

    sign: Literal["-", "+"]
    statement: str

    def __str__(self) -> str:
        return f"{self.sign} {self.statement}"


@contextmanager
def differences(old: Path | Store, new: Path | Store) -> Iterator[Iterator[Difference]]:
    """The statements that ``old`` and ``new`` do not share, in order, to be read within the block.

    Quads are compared where both sides can name graphs, else triples over the union of the graphs. KgError for a file
    that cannot be read, naming the line.
    """
    graphs = _names_graphs(old) and _names_graphs(new)
    with ExitStack() as stack:
        sides = []
        for side in (old, new):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-diff-")))
            quads = folder / "quads"
            _write_quads(side, quads)
            lines: Iterable[bytes] = stack.enter_context(quads.open("rb"))
            sides.append(sorted_lines(lines if graphs else map(triple_line, lines), folder))
        yield _compare(*sides)


def _names_graphs(side: Path | Store) -> bool:
    form = of_file(side) if isinstance(side, Path) else None
    return not isinstance(side, Path) or (form is not None and form.graphs)


def _write_quads(side: Path | Store, target: Path) -> None:
    """Write one side as canonical N-Quads."""
    if not isinstance(side, Path):
        with target.open("wb") as file:
            side.dump(file)
        return
    with quads_of(side, side.resolve().as_uri(), canonical=False) as quads:
        serialize(quads, target, RdfFormat.N_QUADS)


def _compare(old: Iterator[bytes], new: Iterator[bytes]) -> Iterator[Difference]:
    """Walk two sorted sequences without doubles."""
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(old, None), next(new, None)
        elif right is None or (left is not None and left < right):
            yield Difference("-", (left or b"").decode().rstrip("\n"))
            left = next(old, None)
        else:
            yield Difference("+", right.decode().rstrip("\n"))
            right = next(new, None)
