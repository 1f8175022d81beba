"""Shapes: a good graph conforms, each broken one is caught by the shape that should, and the report can be read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from checked import canonical, shapes_of, validate_graph
from extractions import ARREST, EXTRACTION, READING
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH

from kg.core import resources
from kg.core.errors import OntologyError
from kg.core.vocab import DEFAULT_BASE as BASE
from kg.graph.ontology_shapes import ontology_shapes
from kg.graph.shacl.data import Data
from kg.graph.shacl.referee import as_graph
from kg.graph.shacl.terms import SH as TERMS
from kg.graph.shacl.terms import is_iri, text_of
from kg.graph.triples import to_graph, to_ntriples, to_triples
from kg.graph.validate import Shapes, _shown, load_shapes, validate_ntriples, validate_together
from kg.ontology.load import load_ontology

MUTATIONS = sorted((Path(__file__).parents[1] / "cases" / "mutations").glob("*.ru"))
KGS = "kgs:"


@pytest.fixture(scope="module")
def ontology():
    """The shipped ontology."""
    return load_ontology()


@pytest.fixture(scope="module")
def shapes():
    """The shipped shapes."""
    return load_shapes()


@pytest.fixture
def graph(ontology):
    """A fresh graph without a fault."""
    return to_graph(EXTRACTION, ontology, READING, BASE)


def test_a_good_graph_conforms(graph, shapes, ontology):
    """A graph written from an extraction breaks no shape, read again from its bytes too."""
    assert validate_graph(graph, shapes, ontology).violations == ()
    assert validate_ntriples(to_ntriples(graph), shapes, ontology).conforms


def test_checking_leaves_the_graph_alone(graph, shapes, ontology):
    """Validation adds nothing to the graph that it checks."""
    before = to_ntriples(graph)
    validate_graph(graph, shapes, ontology)
    assert to_ntriples(graph) == before


@pytest.mark.parametrize("case", MUTATIONS, ids=lambda path: path.stem)
def test_each_mutation_is_caught_by_the_shape_that_should(case, graph, shapes, ontology):
    """A broken graph breaks exactly the shapes that the mutation names, and no other."""
    update = case.read_text(encoding="utf-8")
    expected = set(update.splitlines()[1].removeprefix("# shape:").split())
    before = len(graph), to_ntriples(graph)
    graph.update(update)
    assert (len(graph), to_ntriples(graph)) != before, "the mutation changes nothing"
    report = validate_graph(graph, shapes, ontology)
    assert {violation.shape for violation in report.violations} == expected
    assert not report.conforms


def test_every_shape_has_its_mutation(shapes):
    """No shape of shapes/ is without a broken graph that proves it."""
    proven = {name for case in MUTATIONS for name in case.read_text(encoding="utf-8").splitlines()[1].split()}
    targets = (TERMS.targetClass, TERMS.targetNode, TERMS.targetObjectsOf, TERMS.targetSubjectsOf)
    targeted = {s for p in targets for s in shapes.graph.having(p)}
    names = {KGS + text_of(s).rpartition("#")[2] for s in targeted if is_iri(s)}
    assert names - proven == set()


def test_there_are_many_mutations():
    """The suite holds more than thirty broken graphs: an empty folder would prove nothing."""
    assert len(MUTATIONS) > 30


def test_a_violation_can_be_read(graph, shapes, ontology):
    """A violation says what is wrong with what, in which article, and shows the sentence."""
    graph.update((MUTATIONS[0].parent / "role-patient-of-arrest.ru").read_text(encoding="utf-8"))
    (violation,) = validate_graph(graph, shapes, ontology).violations
    assert violation.focus.endswith("/article/quarry#arrest-177")
    assert violation.path == "kg:patient"
    assert violation.value == "https://news.example/article/quarry#report-203"
    assert violation.message == "the patient of this event must be a Group or Norp or Person"
    assert violation.article == "https://news.example/article/quarry"
    assert violation.sentence.startswith("Ada Okoro, the mines minister")
    assert violation.sentence.endswith("police had not [arrested] anyone, citing a report.")
    assert EXTRACTION.article.text[violation.begin : violation.end] == "arrested"


def test_a_new_event_type_is_checked_without_a_new_shape(tmp_path, shapes):
    """The ranges of an event type in a user's file are checked, though no shape names it."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        """@prefix kg: <https://kg.example/ontology#> . @prefix my: <https://my.example/terms#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        my:Parade a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "parade"@en ; rdfs:comment "People parade."@en ;
            kg:verb "parade" ; kg:range [ kg:role kg:agent ; kg:class kg:Vehicle ] .""",
        encoding="utf-8",
    )
    extended = load_ontology([*resources.ontology_files(), mine])
    parade = ARREST.__class__("e3", "Parade", ("Parade", "Event"), ARREST.triggers, ARREST.roles, status="negated")
    events = tuple(parade if event.id == "e3" else event for event in EXTRACTION.events)
    extraction = EXTRACTION.__class__(
        EXTRACTION.article, EXTRACTION.entities, events, EXTRACTION.claims, EXTRACTION.relations
    )
    report = validate_graph(to_graph(extraction, extended, READING, BASE), shapes, extended)
    assert [v.message for v in report.violations] == ["the agent of this event must be a Vehicle"]


def test_metashapes_pass(shapes, ontology):
    """The shapes, those made of the ontology included, are well-formed by the W3C's shapes for shapes."""
    import pyshacl

    everything = as_graph(Data([*shapes.graph.triples(), *ontology_shapes(ontology)]))
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=everything, meta_shacl=True)
    assert conforms, text


def test_shapes_use_no_term_that_shacl_lacks(shapes, ontology):
    """Every sh: term in use is one of the SHACL recommendation (a misspelt one would be passed over in silence)."""
    everything = as_graph(Data([*shapes.graph.triples(), *ontology_shapes(ontology)]))
    used = {t for triple in everything for t in triple if str(t).startswith(str(SH))}
    assert {str(t) for t in used if t not in SH} == set()


@pytest.mark.parametrize("content", ["this is no Turtle", "<a:b> <a:c> <a:d> .", None])
def test_a_shapes_file_that_is_none_is_named(content, tmp_path):
    """A shapes file that is missing, no Turtle or without shapes is an error that names it."""
    path = tmp_path / "mine.ttl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(OntologyError, match=r"mine\.ttl: "):
        load_shapes([path])


@pytest.mark.parametrize(
    "fault", ['sh:path "words" ; sh:minCount 1', 'sh:path kg:mention ; sh:sparql [ sh:select "SELECT some words" ]']
)
def test_a_shape_that_cannot_be_used_is_an_error(fault, tmp_path, graph, ontology):
    """A shape with a path that is no path, or a query that is none, stops the validation with a message."""
    mine = _shapes(tmp_path, f"<a:s> a sh:PropertyShape ; sh:targetClass kg:Event ; {fault} .")
    with pytest.raises(OntologyError, match="shapes"):
        validate_graph(graph, mine, ontology)


QUERY = """sh:sparql [ sh:message "about a killing" ; sh:select '''SELECT $this ?value WHERE {
    $this <http://www.w3.org/2000/01/rdf-schema#label> ?value FILTER(CONTAINS(?value, "killed")) }''' ]"""


@pytest.mark.parametrize(
    "shape",
    [
        f"<a:s> a sh:NodeShape ; sh:targetClass kg:Event ; {QUERY} .",
        f"[] a sh:NodeShape ; sh:targetClass kg:Event ; {QUERY} .",
        f"<a:s> a sh:NodeShape ; sh:targetClass kg:Event ; sh:property [ sh:path rdfs:label ; {QUERY} ] .",
        f"<a:s> a sh:NodeShape ; sh:targetClass kg:Event ; sh:node <a:t> . <a:t> a sh:NodeShape ; {QUERY} .",
    ],
    ids=["named", "nameless", "inside", "referred to"],
)
def test_a_query_finds_the_same_wherever_it_stands(shape, tmp_path, graph, ontology):
    """A shape that is a query of its own is run by another engine than one that others build on: both find it."""
    report = validate_graph(graph, _shapes(tmp_path, shape), ontology)
    assert {v.focus.rpartition("#")[2] for v in report.violations} == {"killing-36"}
    assert not report.conforms


def test_a_query_that_is_switched_off_stays_off(tmp_path, graph, ontology):
    """A deactivated shape finds nothing, a query as little as any other."""
    mine = _shapes(tmp_path, f"<a:s> a sh:NodeShape ; sh:deactivated true ; sh:targetClass kg:Event ; {QUERY} .")
    assert validate_graph(graph, mine, ontology).conforms


def test_graphs_checked_together_get_a_report_each(graph, shapes, ontology):
    """The fault of one graph is reported of that graph, and the one beside it conforms."""
    good = to_triples(replace(EXTRACTION, article=replace(EXTRACTION.article, id="second")), ontology, READING, BASE)
    graph.update((MUTATIONS[0].parent / "mention-shifted.ru").read_text(encoding="utf-8"))
    both = [canonical(graph), to_ntriples(good)]
    shifted, conforming = validate_together(both, shapes, ontology)
    assert [v.shape for v in shifted.violations] == ["kgs:MentionInText"]
    assert conforming.conforms
    assert [report.conforms for report in validate_together([both[1], both[1]], shapes, ontology)] == [True, True]


def _shapes(folder: Path, turtle: str) -> Shapes:
    """Shapes of a user's file."""
    path = folder / "mine.ttl"
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://kg.example/ontology#> ."
    path.write_text(f"{prefixes} @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . {turtle}", encoding="utf-8")
    return load_shapes([path])


# ---------------------------------------------------------------------------------------- the W3C's own test suite

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
KNOWN_FAILURES = {
    "property/uniqueLang-002": 'rdflib reads sh:uniqueLang "1"^^xsd:boolean as true, the suite wants it ignored',
}


def _suite() -> list[Path]:
    root = Path(os.environ.get("KG_CONFORMANCE", "/nowhere")) / "data-shapes-test-suite" / "tests" / "core"
    return sorted(path for path in root.rglob("*.ttl") if path.name != "manifest.ttl")


def _read(source) -> Graph:
    """A file with its literals as they are written: "none"^^xsd:boolean is not false."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return Graph().parse(source)
    finally:
        rdflib.NORMALIZE_LITERALS = before


def _cases(path: Path) -> list[tuple[Graph, URIRef]]:
    graph = _read(path)
    entries = [e for head in graph.objects(None, MF.entries) for e in Collection(graph, head)]
    return [(graph, entry) for entry in entries]


def test_the_shacl_core_suite_passes():
    """Our way of validating gives the results of the W3C's SHACL Core suite; known failures have reasons."""
    files = _suite()
    if not files:
        pytest.skip("set KG_CONFORMANCE to a folder with data-shapes-test-suite/ (github.com/w3c/data-shapes)")
    failed = {}
    for path in files:
        for manifest, entry in _cases(path):
            name = f"{path.parent.name}/{entry.rpartition('/')[2]}"
            found, expected = _run(path, manifest, entry)
            if found != expected:
                failed[name] = f"expected {expected}, found {found}"
    unexpected = {name: reason for name, reason in failed.items() if name not in KNOWN_FAILURES}
    assert unexpected == {}
    assert set(KNOWN_FAILURES) - set(failed) == set(), "these pass now: take them off the list"


def test_most_of_the_suite_is_compiled():
    """What the suite proves it proves of the compiled shapes: pySHACL judges one case in ten at most."""
    cases = [(path, manifest, entry) for path in _suite() for manifest, entry in _cases(path)]
    if not cases:
        pytest.skip("set KG_CONFORMANCE to a folder with data-shapes-test-suite/ (github.com/w3c/data-shapes)")
    compiled = 0
    for path, manifest, entry in cases:
        file = str(manifest.value(manifest.value(entry, MF.action), SHT.shapesGraph))
        shapes = manifest if file in (path.as_uri(), "") else _read(file)
        compiled += shapes_of(shapes).joined(None).program is not None
    assert compiled >= 0.9 * len(cases)


def _run(path: Path, manifest: Graph, entry: URIRef):
    """The verdict and the results (focus, value, severity) of one test: ours, and the suite's."""
    action = manifest.value(entry, MF.action)
    data, shapes = (
        manifest
        if str(manifest.value(action, part)) in (path.as_uri(), "")
        else _read(str(manifest.value(action, part)))
        for part in (SHT.dataGraph, SHT.shapesGraph)
    )
    wanted = manifest.value(entry, MF.result)
    if wanted == SHT.Failure:
        try:
            validate_graph(data, shapes_of(shapes), None)
        except OntologyError:
            return "failure", "failure"
        return "no failure", "failure"
    report = validate_graph(data, shapes_of(shapes), None)
    expected = {_seen(manifest, result) for result in manifest.objects(wanted, SH.result)}
    conforms = str(manifest.value(wanted, SH.conforms)) == "true"
    return (report.conforms, {(v.focus, v.value, v.severity) for v in report.violations}), (conforms, expected)


def _seen(manifest: Graph, result):
    """What we show of one result: focus node, value, severity."""
    value = manifest.value(result, SH.value)
    severity = _text(manifest.value(result, SH.resultSeverity)).removeprefix("sh:")
    return _text(manifest.value(result, SH.focusNode)), _text(value) if value is not None else None, severity


def _text(node) -> str:
    return _shown(f"<{node}>") if isinstance(node, URIRef) else str(node)
