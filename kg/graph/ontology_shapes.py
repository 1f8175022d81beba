"""The shapes that are made of the ontology: role ranges, classes written out, types that match.

A new event type is checked without a new shape: what may fill its roles is in its ranges already. Everything here is
SHACL Core. An event type is a focus node, and the events of that type are reached from it by ``^kg:eventType``: so
events that did not happen are checked too, though they are no instances of the type's class. Where one of several
classes will do, a class above them all (``kgs:Agent-or-GPE``) stands in for ``sh:or``, which pySHACL evaluates ten
times as slowly; ``hierarchy`` is what makes it so, and goes beside the data while they are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from kg.core.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from kg.ontology.values import EventType, Ontology

KG = Namespace(ONTOLOGY)
KGS = Namespace("https://kg.example/shapes#")
_OR = "-or-"  # in the local name of a union of classes


def ontology_shapes(ontology: Ontology) -> Graph:
    """The shapes that an ontology asks for, as a graph of named shapes."""
    graph = Graph()
    for name, above in ontology.superclasses.items():
        if len(above) > 1 and {"Entity", "Eventuality"} & set(above):
            _superclasses(graph, ontology, name)
    _known_terms(graph, ontology)
    for event_type in ontology.event_types.values():
        _event_type(graph, ontology, event_type)
    return graph


def hierarchy(ontology: Ontology, shapes: Graph) -> Graph:
    """``rdfs:subClassOf`` of the ontology's classes, and of the unions of classes that the shapes speak of."""
    graph = Graph()
    for name, above in ontology.superclasses.items():
        for ancestor in above[1:]:
            graph.add((URIRef(ontology.iris[name]), RDFS.subClassOf, URIRef(ontology.iris[ancestor])))
    unions = {str(c) for c in shapes.objects(None, SH["class"]) if str(c).startswith(KGS) and _OR in str(c)}
    for union in sorted(unions):
        for name in union.removeprefix(KGS).split(_OR):
            graph.add((URIRef(ontology.iris.get(name, KG[name])), RDFS.subClassOf, URIRef(union)))
    return graph


def _superclasses(graph: Graph, ontology: Ontology, name: str) -> None:
    """``kgs:Killing-superclasses``: an instance of a class is an instance of the classes right above it."""
    above = ontology.superclasses[name][1:]
    higher = {ancestor for parent in above for ancestor in ontology.superclasses[parent][1:]}
    direct = [ancestor for ancestor in above if ancestor not in higher]
    shape = _property(graph, KGS[f"{name}-superclasses"], RDF.type, f"a {name} is a {' and a '.join(direct)} too")
    graph.add((shape, SH.targetClass, URIRef(ontology.iris[name])))
    for ancestor in direct:
        graph.add((shape, SH.hasValue, URIRef(ontology.iris[ancestor])))


def _known_terms(graph: Graph, ontology: Ontology) -> None:
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
        graph.add((shape, RDF.type, SH.NodeShape))
        graph.add((shape, SH.targetObjectsOf, predicate))
        graph.add((shape, SH["in"], _list(graph, map(URIRef, iris))))
        graph.add((shape, SH.message, Literal(message)))


def _event_type(graph: Graph, ontology: Ontology, event_type: EventType) -> None:
    """``kgs:Killing-typed``: an asserted event is an instance of its event type; and who may fill its roles.

    The fillers of one role and one range (``kgs:patient-of-Group-or-Person``) are checked by one shape for all types.
    """
    name, focus = event_type.name, URIRef(event_type.iri)
    typed = KGS[f"{name}-typed"]
    _property(graph, typed, _path(graph), f"an asserted event of type {name} is an instance of it")
    graph.add((typed, SH.targetNode, focus))
    graph.add((typed, SH["class"], _union([name, "NonFactualEvent"], ontology)))
    for role, classes in event_type.ranges.items():
        names = sorted(classes)
        shape = KGS[f"{role}-of-{_OR.join(names)}"]
        if (shape, SH["class"], None) not in graph:
            message = f"the {role} of this event must be a {' or '.join(names)}"
            _property(graph, shape, _path(graph, URIRef(ontology.iris[role])), message)
            graph.add((shape, SH["class"], _union(names, ontology)))
        graph.add((shape, SH.targetNode, focus))


def _path(graph: Graph, role: URIRef | None = None) -> Node:
    """From an event type to its events, and to their fillers of a role."""
    events = BNode()
    graph.add((events, SH.inversePath, KG.eventType))
    return events if role is None else _list(graph, [events, role])


def _union(names: list[str], ontology: Ontology) -> URIRef:
    """The class itself, or the union of several."""
    return KGS[_OR.join(names)] if len(names) > 1 else URIRef(ontology.iris.get(names[0], ONTOLOGY + names[0]))


def _property(graph: Graph, shape: URIRef, path: Node, message: str) -> URIRef:
    graph.add((shape, RDF.type, SH.PropertyShape))
    graph.add((shape, SH.path, path))
    graph.add((shape, SH.message, Literal(message)))
    return shape


def _list(graph: Graph, members: Iterable[Node]) -> Node:
    head = BNode()
    Collection(graph, head, list(members))
    return head
