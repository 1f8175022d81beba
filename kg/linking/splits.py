"""One of ours that was two: an article's use of a name split off, in an IRI of its own; it lasts over every reload.

What was split stands in a graph of its own, one triple each: the article, ``kg:splitOff``, the entity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.core.errors import KgError
from kg.core.vocab import ONTOLOGY
from kg.store.files import from_ntriples, to_ntriples
from kg.store.opening import NamedNode, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

_SPLIT_OFF = NamedNode(ONTOLOGY + "splitOff")


def splits_graph(store: Store) -> str:
    """The IRI of the graph of what was split."""
    return f"{store.base}graph/splits"


def splits(store: Store) -> dict[str, set[str]]:
    """The entities that were split off, by the article whose use of them is another's."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in from_ntriples(store.graph_bytes(splits_graph(store))):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            found[triple.subject.value].add(triple.object.value)
    return dict(found)


def own_iri(entity: str, article: str, base: str) -> str:
    """The IRI of an article's own use: ``…/article/a#person-ana-kessel`` of ``…/person/ana-kessel``."""
    return f"{article}#{entity.removeprefix(base).replace('/', '-')}"


def split_off(ntriples: bytes, article: str, entities: Iterable[str], base: str) -> bytes:
    """An article's graph (N-Triples, sorted) with its uses of these entities under IRIs of their own."""
    instead = {f"<{entity}>".encode(): f"<{own_iri(entity, article, base)}>".encode() for entity in entities}
    return _replaced(ntriples, instead)


def as_split(graphs: Mapping[str, bytes], store: Store) -> dict[str, bytes]:
    """Graphs of articles as they were read, with what people split off in them."""
    known = splits(store)
    return {a: split_off(n, a, known[a], store.base) if a in known else n for a, n in graphs.items()}


def split(store: Store, entity: str, article: str) -> str:
    """Split an article's use of an entity off, now and at every later reading; the IRI of its own.

    KgError where the entity is not one of several articles' or the article does not name it.
    """
    if not entity.startswith(store.base) or "#" in entity:
        raise KgError(f"{entity} is not an entity that articles share: only these can be split")
    ntriples = store.graph_bytes(article)
    if f"<{entity}>".encode() not in ntriples:
        raise KgError(f"{article} does not name {entity}: see `kg explain` for the articles that do")
    known = splits(store)
    known.setdefault(article, set()).add(entity)
    _write(store, known, {article: split_off(ntriples, article, [entity], store.base)})
    return own_iri(entity, article, store.base)


def unsplit(store: Store, entity: str, article: str) -> None:
    """Take a split back: the article names the entity again. KgError where nothing was split."""
    known = splits(store)
    if entity not in known.get(article, set()):
        raise KgError(f"{entity} was not split off in {article}")
    known[article].discard(entity)
    own, whole = own_iri(entity, article, store.base), f"<{entity}>"
    back = _replaced(store.graph_bytes(article), {f"<{own}>".encode(): whole.encode()})
    _write(store, known, {article: back})


def _write(store: Store, known: Mapping[str, set[str]], graphs: Mapping[str, bytes]) -> None:
    triples = {Triple(NamedNode(a), _SPLIT_OFF, NamedNode(e)) for a, entities in known.items() for e in entities}
    store.replace_many({**graphs, splits_graph(store): to_ntriples(triples)})


def _replaced(ntriples: bytes, instead: Mapping[bytes, bytes]) -> bytes:
    """Triples with other IRIs as subjects and objects; texts that hold such an IRI are left."""
    found = []
    for line in ntriples.splitlines(keepends=True):
        subject, _, rest = line.partition(b" ")
        predicate, _, last = rest.partition(b" ")
        target = last.removesuffix(b" .\n")
        found.append(b" ".join((instead.get(subject, subject), predicate, instead.get(target, target))) + b" .\n")
    return b"".join(sorted(found))
