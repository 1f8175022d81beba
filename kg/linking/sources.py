"""Where merged data come from: files, what an endpoint says of what could be ours, what a reconciliation service finds.

All three become a ``Source``: triples by the graph they stood in, and their origin as PROV tells it (a name, a digest,
the program; no clock, so that the same data give the same bytes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg.core.errors import KgError
from kg.core.packing import is_packed
from kg.core.version import VERSION
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROV, RDF, RDFS
from kg.store.files import read_graphs
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

_DCTERMS = COMMON_PREFIXES["dcterms"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What data were made of: a file's name or an address, and the digest of its bytes or of what it answered."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """Data to be merged: the dataset's name, triples by the IRI of their named graph ("": of none), the origins."""

    name: str
    graphs: Mapping[str, Sequence[Triple]]
    origins: tuple[Origin, ...]

    def triples(self) -> list[Triple]:
        """All triples, each once, in an order of their own."""
        return sorted({triple for triples in self.graphs.values() for triple in triples}, key=str)


def dataset_graph(store: Store, name: str) -> str:
    """The graph of a dataset; KgError for the name that the places' own dataset has."""
    if name == "gazetteer":
        raise KgError("gazetteer is the name of the linked places: give the dataset another with --dataset")
    return graph_of(store, name)


def graph_of(store: Store, name: str) -> str:
    """The graph that a dataset of this name has or would have, the places' own included."""
    return f"{store.base}graph/dataset/{quote(name, safe='')}"


def stem(path: Path) -> str:
    """The dataset's name that a file tells: without its endings."""
    return Path(path.stem).stem if is_packed(path) else path.stem


def from_files(store: Store, paths: Sequence[Path], name: str | None = None, *, fold: bool = False) -> Source:
    """RDF files as one dataset, by default of the first one's name; ``fold`` makes one graph of all named graphs.

    KgError for a file that is no RDF, or holds nothing.
    """
    dataset = name or stem(paths[0])
    graph = dataset_graph(store, dataset)
    together: dict[str, set[Triple]] = {}
    origins = []
    for number, path in enumerate(paths):
        # what two files call by one blank label are two things
        found = read_graphs(path, graph if number == 0 else f"{graph}/file-{number + 1}")
        if not any(found.values()):
            raise KgError(f"{path}: no triples in it; nothing was merged")
        for named, triples in found.items():
            together.setdefault("" if fold else named, set()).update(triples)
        origins.append(Origin(path.name, digest(path.read_bytes() if path.is_file() else b"")))
    graphs = {named: sorted(triples, key=str) for named, triples in sorted(together.items())}
    return Source(dataset, graphs, tuple(origins))


def digest(content: bytes) -> str:
    """The digest of some bytes, with its kind."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def named_graph(graph: str, named: str) -> str:
    """Where a dataset's named graph is kept: beside the dataset's own graph, which holds what stood in none."""
    return f"{graph}/named/{quote(named, safe='')}" if named else graph


def about_graph(graph: str) -> str:
    """Where it is said what a dataset was made of."""
    return f"{graph}/about"


def is_of_dataset(iri: str, graph: str) -> bool:
    """Whether a graph belongs to a dataset."""
    return iri == graph or iri.startswith(f"{graph}/")


def provenance(source: Source, graph: str) -> Iterator[Triple]:
    """What a dataset was made of and by which program, in PROV."""
    activity = f"{graph}#merge"
    yield _said(graph, RDF + "type", NamedNode(PROV + "Entity"))
    yield _said(graph, RDFS + "label", RdfLiteral(source.name))
    yield _said(graph, PROV + "wasGeneratedBy", NamedNode(activity))
    yield _said(activity, RDF + "type", NamedNode(PROV + "Activity"))
    yield _said(activity, ONTOLOGY + "program", RdfLiteral(f"kg {VERSION}"))
    for number, origin in enumerate(source.origins, start=1):
        node = f"{graph}#source-{number}"
        yield _said(graph, PROV + "wasDerivedFrom", NamedNode(node))
        yield _said(activity, PROV + "used", NamedNode(node))
        yield _said(node, RDF + "type", NamedNode(PROV + "Entity"))
        yield _said(node, RDFS + "label", RdfLiteral(origin.name))
        yield _said(node, ONTOLOGY + "digest", RdfLiteral(origin.digest))
    for named in source.graphs:
        if named:
            yield _said(named_graph(graph, named), _DCTERMS + "isPartOf", NamedNode(graph))
            yield _said(named_graph(graph, named), _DCTERMS + "source", NamedNode(named))


def _said(subject: str, predicate: str, value: NamedNode | RdfLiteral) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)


def batches(things: Iterable[str], size: int) -> Iterator[list[str]]:
    """Some things, so many at a time, in their order."""
    ordered = list(things)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
