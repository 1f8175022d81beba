"""The shapes that are made of the ontology: role ranges, known terms, types that match.

A new event type is checked without a new shape: what may fill its roles is in its ranges already. Everything here is
SHACL Core. An event type is a focus node, and the events of that type are reached from it by ``^kg:eventType``: so
events that did not happen are checked too, though they are no instances of the type's class. Where one of several
classes will do, a class above them all (``kgs:Agent-or-GPE``) stands in for ``sh:or``, which pySHACL evaluates ten
times as slowly; ``hierarchy`` is what makes it so, and goes beside the data while they are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.vocab import ONTOLOGY
from kg.graph.shacl.data import Data
from kg.graph.shacl.terms import FIRST, NIL, REST, SH, SUBCLASS, TYPE, Namespace, iri, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.ontology.values import EventType, Ontology

    Triples = dict[tuple[str, str, str], None]

KG = Namespace(ONTOLOGY)
KGS = Namespace("https://kg.example/shapes#")
_OR = "-or-"  # in the local name of a union of classes


def ontology_shapes(ontology: Ontology) -> list[tuple[str, str, str]]:
    """The shapes that an ontology asks for, as triples about named shapes."""
    graph: Triples = {}
    _known_terms(graph, ontology)
    for event_type in ontology.event_types.values():
        _event_type(graph, ontology, event_type)
    return list(graph)


def hierarchy(ontology: Ontology, shapes: Data) -> Data:
    """``rdfs:subClassOf`` of the ontology's classes, and of the unions of classes that the shapes speak of."""
    graph: Triples = {}
    for name, above in ontology.superclasses.items():
        for ancestor in above[1:]:
            graph[iri(ontology.iris[name]), SUBCLASS, iri(ontology.iris[ancestor])] = None
    unions = {c for c in shapes.values_of(SH["class"]) if c.startswith(iri(KGS.iri)[:-1]) and _OR in c}
    for union in sorted(unions):
        for name in union[1:-1].removeprefix(KGS.iri).split(_OR):
            graph[iri(ontology.iris.get(name, ONTOLOGY + name)), SUBCLASS, union] = None
    return Data(graph)


def _known_terms(graph: Triples, ontology: Ontology) -> None:
    """``kgs:KnownEventType``, ``kgs:KnownRole``: types and counted roles are those of the ontology."""
    for shape, predicate, iris, message in (
        (
            KGS.KnownEventType,
            KG.eventType,
            (e.iri for e in ontology.event_types.values()),
            "no event type of the ontology",
        ),
        (KGS.KnownRole, KG.countedRole, (r.iri for r in ontology.roles.values()), "no role of the ontology"),
    ):
        graph[shape, TYPE, SH.NodeShape] = None
        graph[shape, SH.targetObjectsOf, predicate] = None
        graph[shape, SH["in"], _list(graph, map(iri, iris))] = None
        graph[shape, SH.message, words(message)] = None


def _event_type(graph: Triples, ontology: Ontology, event_type: EventType) -> None:
    """``kgs:Killing-typed``: an asserted event is an instance of its event type; and who may fill its roles.

    The fillers of one role and one range (``kgs:patient-of-Group-or-Person``) are checked by one shape for all types.
    """
    name, focus = event_type.name, iri(event_type.iri)
    typed = KGS[f"{name}-typed"]
    _property(graph, typed, _path(graph), f"an asserted event of type {name} is an instance of it")
    graph[typed, SH.targetNode, focus] = None
    graph[typed, SH["class"], _union([name, "NonFactualEvent"], ontology)] = None
    for role, classes in event_type.ranges.items():
        names = sorted(classes)
        shape = KGS[f"{role}-of-{_OR.join(names)}"]
        if (shape, TYPE, SH.PropertyShape) not in graph:
            message = f"the {role} of this event must be a {' or '.join(names)}"
            _property(graph, shape, _path(graph, iri(ontology.iris[role])), message)
            _range(graph, shape, names, ontology)
        graph[shape, SH.targetNode, focus] = None


def _range(graph: Triples, shape: str, names: list[str], ontology: Ontology) -> None:
    """A class or a union of classes; words of the text are told by their IRI, which no class stands beside."""
    classes = [name for name in names if name != "Mention"]
    if len(classes) == len(names):
        graph[shape, SH["class"], _union(names, ontology)] = None
        return
    thing, mention = f"_:thing{len(graph)}", f"_:mention{len(graph)}"
    graph[thing, SH["class"], _union(classes, ontology)] = None
    graph[mention, SH.pattern, words("#char=[0-9]+,[0-9]+$")] = None
    graph[shape, SH["or"], _list(graph, [thing, mention])] = None


def _path(graph: Triples, role: str | None = None) -> str:
    """From an event type to its events, and to their fillers of a role."""
    events = f"_:path{len(graph)}"
    graph[events, SH.inversePath, KG.eventType] = None
    return events if role is None else _list(graph, [events, role])


def _union(names: list[str], ontology: Ontology) -> str:
    """The class itself, or the union of several."""
    return KGS[_OR.join(names)] if len(names) > 1 else iri(ontology.iris.get(names[0], ONTOLOGY + names[0]))


def _property(graph: Triples, shape: str, path: str, message: str) -> str:
    graph[shape, TYPE, SH.PropertyShape] = None
    graph[shape, SH.path, path] = None
    graph[shape, SH.message, words(message)] = None
    return shape


def _list(graph: Triples, members: Iterable[str]) -> str:
    rest = NIL
    for number, member in enumerate(reversed(list(members))):
        node = f"_:list{len(graph)}.{number}"
        graph[node, FIRST, member] = None
        graph[node, REST, rest] = None
        rest = node
    return rest
