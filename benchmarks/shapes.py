"""What checking costs: the shapes compiled, and pySHACL, on the same graphs, side by side.

    python -m benchmarks.shapes [FILE...] [--copies 16]

Each article (the seeds', where none is given) is read once and its graph copied under other ids. Processor time in
milliseconds, the best of three; pySHACL once for each graph and once for all of them as one, which is its faster way.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from kg.articles import SkippedInput, read_articles
from kg.core.vocab import DEFAULT_BASE
from kg.graph.shacl.data import Data
from kg.graph.validate import Joined, load_shapes, validate_together
from kg.ontology.load import load_ontology
from kg.pipeline.prepared import Prepared, Reader, Settings

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Print a line for each way, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("files", nargs="*", default=["seeds"])
    parser.add_argument("--copies", type=int, default=16)
    given = parser.parse_args()
    articles = [item for item in read_articles(given.files) if not isinstance(item, SkippedInput)]
    prepared = [one for one in Reader(Settings()).prepare(articles, DEFAULT_BASE) if isinstance(one, Prepared)]
    graphs = [_copied(one, number) for number in range(given.copies) for one in prepared]
    start = time.process_time()
    shapes, ontology = load_shapes(), load_ontology()
    joined = shapes.joined(ontology)
    print(f"shapes read and compiled in {(time.process_time() - start) * 1000:.0f} ms")
    triples = sum(len(graph.splitlines()) for graph in graphs)
    print(f"{len(graphs)} graphs of {triples // len(graphs)} triples")
    mine = _best(lambda: validate_together(graphs, shapes, ontology))
    each = _best(lambda: [_refereed(joined, graph) for graph in graphs])
    once = _best(lambda: _refereed(joined, b"".join(graphs)))
    for name, spent in (("compiled", mine), ("pySHACL, one by one", each), ("pySHACL, all as one", once)):
        print(f"{name:20} {spent / len(graphs):8.1f} ms a graph")
    print(f"ratio {mine / each:.3f} to one by one, {mine / once:.3f} to all as one")


def _copied(one: Prepared, number: int) -> bytes:
    """The graph as that of another article."""
    return one.ntriples.replace(f"/{one.article.id}".encode(), f"/{one.article.id}-{number}".encode())


def _refereed(joined: Joined, graph: bytes) -> None:
    if joined.refereed(Data.of(graph, joined.beside), graph):
        raise SystemExit("a graph of the benchmark breaks a shape")


def _best(work: Callable[[], object]) -> float:
    """Processor time in milliseconds, the best of three."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent) * 1000


if __name__ == "__main__":
    main()
