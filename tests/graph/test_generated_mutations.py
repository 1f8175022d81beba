"""Mutations made from the shapes: each constraint broken once, and caught by the shape that demands it.

For a shape with targets and a path of one property, each of its constraints is broken at its first focus node in the
good graph: what is demanded is taken away, given twice, or put in another way; and each range of a role by a filler
that is nothing. Other constraints, and those that nothing in the good graph is a focus of, are broken by hand
(``tests/cases/mutations``).
"""

from __future__ import annotations

import pytest
from extractions import EXTRACTION
from extractions import READING as READ_BY

from kg.core.vocab import DEFAULT_BASE as BASE
from kg.graph.shacl.data import Data
from kg.graph.shacl.terms import SH, is_iri, text_of
from kg.graph.triples import to_ntriples, to_triples
from kg.graph.validate import load_shapes, validate_ntriples
from kg.ontology.load import load_ontology

_XSD = "http://www.w3.org/2001/XMLSchema#"
ONTOLOGY, SHAPES = load_ontology(), load_shapes()
GOOD = to_ntriples(to_triples(EXTRACTION, ONTOLOGY, READ_BY, BASE))
JOINED = SHAPES.joined(ONTOLOGY)
DATA = Data.of(GOOD, JOINED.beside)
OTHER = "<urn:x:nobody>"
TYPE_OF = "<https://kg.example/ontology#eventType>"


def _spoilt(name, parameter, values):
    """(what is taken away, what is put in its place) of a focus node's values; None for what is not broken here."""
    first = min(values, default=None)
    instead = {
        "class": OTHER,
        "in": '"something else"',
        "datatype": f'"words"^^<{_XSD}token>',
        "nodeKind": '"words"' if parameter == SH.IRI else OTHER,
        "minInclusive": f'"-1"^^<{_XSD}integer>' if "decimal" not in (first or "") else f'"-1.0"^^<{_XSD}decimal>',
        "maxInclusive": f'"2.0"^^<{_XSD}decimal>',
        "pattern": '"Z Z"',
        "minLength": '""',
    }
    if name == "minCount":
        return (values, []) if values else None
    if name == "hasValue":
        return [parameter], []
    if name == "maxCount":
        return [], [first[:-1] + "-second>" if first and is_iri(first) else None]
    return ([first], [instead[name]]) if name in instead and first else None


def _cases():
    for shape, targets in JOINED.program.shapes:
        steps = [] if shape.path is None else JOINED.shapes.items(shape.path) or [shape.path]
        if not steps or not all(map(is_iri, steps)):
            continue
        found = {focus: focus for target in targets for focus in target(DATA)}
        for step in steps[:-1]:  # of a path of several the last is broken
            found = {other: at for focus, at in found.items() for other in DATA.objects(focus, step)}
        focuses, path = sorted(found), steps[-1]
        focus = next((f for f in focuses if DATA.objects(f, path)), next(iter(focuses), None))
        if focus is None:
            continue
        for name in shape.told:
            for parameter in JOINED.shapes.objects(shape.node, SH[name]):
                change = _spoilt(name, parameter, list(DATA.objects(focus, path)))
                if change is not None and None not in change[1]:
                    at = found[focus]
                    yield pytest.param(shape.node, at, focus, path, change, id=f"{_local(shape.node)}-{name}")


def _local(term):
    return text_of(term).rpartition("#")[2]


def _report(focus, path, change):
    away, instead = change
    lines = set(GOOD.decode().splitlines())
    lines -= {f"{focus} {path} {value} ." for value in away}
    lines |= {f"{focus} {path} {value} ." for value in instead}
    return validate_ntriples("".join(f"{line}\n" for line in sorted(lines)).encode(), SHAPES, ONTOLOGY)


CASES = list(_cases())

# What must break too, since it hangs on the same triple or says a part of the same; all others break one shape alone.
READING = "ReadingModel ReadingOntology ReadingProgram"
ALSO = {
    "ArticleReading-minCount": READING,
    "ArticleReading-nodeKind": READING,
    "ArticleText-datatype": "TextAsRead",
    "ArticleText-minCount": "ClaimShown MentionInText",
    "ArticleTextDigest-pattern": "TextAsRead",
    "ClaimClaims-minCount": "EventClaimed",
    "ClaimReportedIn-maxCount": "Reporting",
    "ClaimReportedIn-nodeKind": "Reporting",
    "CountRole-maxCount": "KnownRole",
    "CountRole-nodeKind": "KnownRole",
    "EventAsserted-in": "EventFactuality",
    "EventFactuality-in": "EventNotAsserted",
    "EventFactuality-maxCount": "EventNotAsserted",
    "EventNotAsserted-in": "EventFactuality",
    "EventType-maxCount": "KnownEventType",
    "EventType-minCount": "Claimed",
    "RelationPredicate-in": "RelationTriple",
    "RelationPredicate-maxCount": "RelationTriple",
    "RelationSubject-class": "RelationTriple",
    "RelationSubject-maxCount": "RelationTriple",
    "Reporting-minCount": "ClaimSource",
}


def test_the_good_graph_conforms():
    """What is broken below was whole."""
    assert validate_ntriples(GOOD, SHAPES, ONTOLOGY).conforms


def test_most_constraints_of_one_step_are_broken():
    """The suite is no empty one, and its table of what else breaks names cases that there are."""
    assert len(CASES) >= 60
    assert set(ALSO) <= {case.id for case in CASES}


@pytest.mark.parametrize(("shape", "at", "focus", "path", "change"), CASES)
def test_a_constraint_that_is_broken_is_caught_by_its_shape(request, shape, at, focus, path, change):
    """By the shape that demands it, at the node that lacks it, and by no other but those of the table."""
    violations = _report(focus, path, change).violations
    also = ALSO.get(request.node.callspec.id, "").split()
    assert {v.shape for v in violations} == {f"kgs:{name}" for name in [_local(shape), *also]}
    assert text_of(at) in {v.focus for v in violations if v.shape == f"kgs:{_local(shape)}"}


def _ranges():
    for shape in sorted(JOINED.shapes.having(SH.path)):
        steps = JOINED.shapes.items(JOINED.shapes.object(shape, SH.path)) or []
        if len(steps) == 2 and JOINED.shapes.object(steps[0], SH.inversePath) == TYPE_OF:
            events = (e for kind in JOINED.shapes.objects(shape, SH.targetNode) for e in DATA.subjects(TYPE_OF, kind))
            event = min((e for e in events if DATA.objects(e, steps[1])), default=None)
            if event is not None:
                yield pytest.param(shape, event, steps[1], id=_local(shape))


@pytest.mark.parametrize(("shape", "event", "role"), _ranges())
def test_a_range_that_is_broken_is_caught_by_its_shape(shape, event, role):
    """Something of no class fills a role of an event: the range's shape says so, and no other than ranges do."""
    change = [DATA.objects(event, role)[0]], [OTHER]
    found = {v.shape for v in _report(event, role, change).violations}
    assert f"kgs:{_local(shape)}" in found
    assert all("-of-" in name for name in found), found
