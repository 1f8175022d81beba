"""Whether what is stored, or stands in a file, still keeps to the shapes: graphs in, one report for each out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core import resources
from kg.core.iris import article_of
from kg.core.model import ValidationReport
from kg.graph.validate import load_shapes, validate_ntriples, validate_together
from kg.ontology.load import load_ontology
from kg.store.files import read_triples, to_ntriples

if TYPE_CHECKING:
    from kg.graph.validate import Shapes
    from kg.ontology.values import Ontology
    from kg.store.opening import Store

BATCH = 20
"""Article graphs that are read together, and checked together where pySHACL judges, which starts slowly."""


class Checker:
    """The shapes and the ontology, each the shipped one with what is added; read when made."""

    def __init__(self, ontology: Sequence[Path] = (), shapes: Sequence[Path] = ()) -> None:
        self._ontology: Ontology = load_ontology([*resources.ontology_files(), *ontology])
        self._shapes: Shapes = load_shapes([*resources.shape_files(), *shapes])

    def check_file(self, path: Path) -> ValidationReport:
        """The report on an RDF file; KgError for one that is none."""
        return validate_ntriples(self.ntriples(path), self._shapes, self._ontology)

    def ntriples(self, path: Path) -> bytes:
        """An RDF file as canonical N-Triples; KgError for one that is none."""
        return to_ntriples(read_triples(path, path.absolute().as_uri()))

    def check_store(self, store: Store) -> Iterator[tuple[int, ValidationReport]]:
        """Reports on all articles of a store, each with the number of articles that it covers.

        What an update said of an article's things outside its graph is checked with it. The graphs of links are
        checked too, as no article. Imported datasets are not ours to check.
        """
        beside = _by_article(store.graph_bytes(f"{store.base}graph/default"))
        articles = [graph for graph in store.graphs() if graph.startswith(f"{store.base}article/")]
        for start in range(0, len(articles), BATCH):
            batch = articles[start : start + BATCH]
            data = [store.graph_bytes(graph) + beside.get(graph, b"") for graph in batch]
            for report in validate_together(data, self._shapes, self._ontology):
                yield 1, report
        if links := b"".join(store.graph_bytes(f"{store.base}graph/{name}") for name in ("links", "stories")):
            yield 0, validate_ntriples(links, self._shapes, self._ontology)


def _by_article(ntriples: bytes) -> dict[str, bytes]:
    """Lines of N-Triples by the article whose things they are about."""
    found: dict[str, list[bytes]] = {}
    for line in ntriples.splitlines(keepends=True):
        if line.startswith(b"<"):
            found.setdefault(article_of(line[1 : line.index(b">")].decode()), []).append(line)
    return {article: b"".join(lines) for article, lines in found.items()}
