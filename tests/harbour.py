"""The two invented articles of ``cases/query/harbour.trig`` as a store, for the tests of everything that asks."""

from __future__ import annotations

from pathlib import Path

from kg.core.resources import ontology_files
from kg.ontology.graph import vocabulary
from kg.store.opening import NamedNode, RdfFormat, Store, open_store, parse, serialize

CASES = Path(__file__).parent / "cases" / "query"


def graphs() -> dict[str, bytes]:
    """The graphs by IRI, as N-Triples."""
    found: dict[str, list[object]] = {}
    for quad in parse((CASES / "harbour.trig").read_bytes(), RdfFormat.TRIG):
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name.value, []).append(quad.triple)
    told = {graph: serialize(triples, format=RdfFormat.N_TRIPLES) or b"" for graph, triples in found.items()}
    return {**told, "https://news.example/graph/ontology": vocabulary(list(ontology_files()))}


def fill(store: Store) -> Store:
    """Put the articles into a store."""
    store.replace_many(graphs())
    return store


_KILLINGS = tuple(f"https://news.example/article/{rest}" for rest in ("harbour_1#killing-7", "harbour_2#killing-30"))


def link_events(store: Store) -> Store:
    """Say in a store that both articles tell of one killing."""
    one, other = _KILLINGS
    link, kg = "<https://news.example/graph/stories#l>", "https://kg.example/ontology#"
    triples = (
        f"{link} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{kg}EventLink> .\n"
        f"{link} <{kg}linkSubject> <{one}> .\n{link} <{kg}linkTarget> <{other}> .\n"
        f"<{one}> <http://www.w3.org/2002/07/owl#sameAs> <{other}> .\n"
    )
    store.replace("https://news.example/graph/stories", triples.encode())
    return store


def in_memory() -> Store:
    """A store in memory that holds the articles."""
    return fill(open_store(":memory:", mode="write"))


def in_folder(folder: Path) -> str:
    """A store in a folder that holds the articles; its location."""
    with open_store(str(folder), mode="write") as store:
        fill(store)
    return str(folder)
