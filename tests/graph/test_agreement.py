"""Compiled shapes and pySHACL give one answer: on broken graphs of ours, and on shapes and data that nobody wrote."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
from checked import canonical
from extractions import EXTRACTION, READING
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from kg.core.vocab import DEFAULT_BASE as BASE
from kg.core.vocab import XSD
from kg.graph.shacl.data import Data
from kg.graph.shacl.terms import BOOLEAN, DATE, DECIMAL, DOUBLE, INTEGER, UnsureError, is_literal, parts, well_formed
from kg.graph.triples import to_graph
from kg.graph.validate import Joined, load_shapes, validate_ntriples
from kg.ontology.load import load_ontology

MUTATIONS = sorted((Path(__file__).parents[1] / "cases" / "mutations").glob("*.ru"))
HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Literals that are ill-formed are told by rdflib at length."""
    caplog.set_level(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def ours():
    """The shipped shapes with those of the ontology."""
    return load_shapes().joined(load_ontology())


def verdicts(joined, ntriples):
    """(ours, pySHACL's): focus node, path, value, shape and severity of each result."""
    data = Data.of(ntriples, joined.beside)
    with joined.engine.holding(ntriples) as database:
        both = joined.program.run(data, database), joined.refereed(data, ntriples)
    return tuple({(r.focus, r.path, _worth(r.value), r.shape, r.severity) for r in results} for results in both)


def _worth(value):
    """The value as rdflib has it: of what a query finds it writes the lexical form anew."""
    if value is None or not is_literal(value):
        return value
    lexical, datatype, language = parts(value)
    return Literal(lexical, lang=language) if language else Literal(lexical, datatype=URIRef(datatype))


def _mutated(update):
    graph = to_graph(EXTRACTION, load_ontology(), READING, BASE)
    graph.update(update)
    return canonical(graph)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.stem, marks=[pytest.mark.long] if n % 12 else []) for n, case in enumerate(MUTATIONS)],
)
def test_the_mutations_are_judged_alike(case, ours):
    """What is wrong with a broken graph, result by result."""
    found, theirs = verdicts(ours, _mutated(case.read_text(encoding="utf-8")))
    assert found == theirs != set()


def test_the_shipped_shapes_are_compiled(ours):
    """None of ours needs pySHACL."""
    assert ours.program is not None, ours.reason


def test_checking_loads_neither_pyshacl_nor_rdflib():
    """With the shipped shapes a process that checks graphs stays without both."""
    program = (
        "import sys\nfrom kg.graph.validate import load_shapes, validate_ntriples\n"
        "from kg.ontology.load import load_ontology\n"
        "report = validate_ntriples(b'<urn:a> <urn:b> <urn:c> .\\n', load_shapes(), load_ontology())\n"
        "assert report.conforms\nprint({'pyshacl', 'rdflib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "set()", done.stdout + done.stderr


def test_the_engine_is_made_anew_now_and_then(ours):
    """A store in memory keeps something of what is removed: many graphs are not checked in one; none sees another."""
    stores = []
    for number in range(120):
        with ours.engine.holding(f"<urn:a> <urn:b> <urn:{number}> .\n".encode()) as database:
            found = [row["o"].value for row in database.ask("SELECT $this ?o { $this <urn:b> ?o }", {}, "<urn:a>")]
            stores.append(database.store)
        assert found == [f"urn:{number}"]
    assert stores[0] is not stores[-1]


@pytest.mark.parametrize("more", ["", "sh:path e:p ; sh:qualifiedMinCount 2 ;"], ids=["no path", "two minima"])
def test_a_qualified_shape_that_says_too_little_or_too_much_is_not_compiled(more):
    """Of what property, or how many of two numbers: pySHACL says what such a shape means."""
    qualified = f"{more} sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class e:C ]"
    shapes = f"{HEAD} e:S a sh:NodeShape ; sh:targetNode e:a ; " + (
        f"sh:property [ {qualified} ] ." if more else f"{qualified} ."
    )
    joined = Joined.of(Data.of(_ntriples(shapes)), Data.of(_ntriples(HEAD)))
    assert (joined.program, "qualifiedValueShape" in joined.reason) == (None, True)


def test_what_is_not_compiled_is_judged_by_pyshacl(tmp_path):
    """A dateTime as a bound has no compiled shape: the reason is known, and pySHACL's answer is given."""
    path = tmp_path / "mine.ttl"
    bound = "sh:property [ sh:path e:p ; sh:minInclusive '2024-05-06T12:00:00'^^xsd:dateTime ]"
    path.write_text(f"{HEAD} e:S a sh:NodeShape ; sh:targetClass e:C ; {bound} .", encoding="utf-8")
    shapes = load_shapes([path])
    assert shapes.joined(None).program is None
    assert "dateTime" in shapes.joined(None).reason
    data = _ntriples(f"{HEAD} e:a a e:C ; e:p '2024-05-05T12:00:00'^^xsd:dateTime .")
    (violation,) = validate_ntriples(data, shapes, None).violations
    assert violation.focus == "http://e.example/a"


# ------------------------------------------------------------------------------------------- shapes that nobody wrote

NODES = [f"e:{c}" for c in "abcd"]
LITERALS = (
    '1 2 -1 "01"^^xsd:integer "x"^^xsd:integer "1_0"^^xsd:integer 1.5 "1,5"^^xsd:decimal "abc" "" "ab"@en "b"@en-GB '
    '"2024-05-06"^^xsd:date "2024-02-30"^^xsd:date "May"^^xsd:date true "maybe?"^^xsd:boolean "a\\nb" 1e3 '
    '"2024-05-06T12:00:00"^^xsd:dateTime'
).split()
TERMS = st.sampled_from([*NODES, *LITERALS, "_:x"])
PREDICATES = st.sampled_from(["e:p", "e:q"])
CLASSES = st.sampled_from(["e:C", "e:D", "e:F"])
PATHS = st.recursive(
    PREDICATES,
    lambda inner: st.one_of(
        st.builds("[ sh:inversePath {} ]".format, PREDICATES),
        st.builds("( {} {} )".format, inner, inner),
        st.builds("[ sh:alternativePath ( {} {} ) ]".format, inner, inner),
        st.builds("[ sh:zeroOrMorePath {} ]".format, PREDICATES),
        st.builds("[ sh:oneOrMorePath {} ]".format, PREDICATES),
        st.builds("[ sh:zeroOrOnePath {} ]".format, PREDICATES),
    ),
    max_leaves=3,
)
KINDS = st.sampled_from("IRI Literal BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral".split())
DATATYPES = st.sampled_from("string integer decimal date boolean dateTime double".split())
PLAIN = st.sampled_from([*NODES, *[literal for literal in LITERALS if "\\" not in literal]])
VALUES = st.one_of(
    st.builds("sh:class {}".format, CLASSES),
    st.builds("sh:datatype xsd:{}".format, DATATYPES),
    st.builds("sh:nodeKind sh:{}".format, KINDS),
    st.builds(
        "sh:{} {}".format,
        st.sampled_from("minInclusive maxInclusive minExclusive maxExclusive".split()),
        st.sampled_from(["0", "1", "1.5", '"2024-05-06"^^xsd:date', '"abc"']),
    ),
    st.builds("sh:{} {}".format, st.sampled_from(["minLength", "maxLength"]), st.integers(0, 3)),
    st.builds('sh:pattern "{}"'.format, st.sampled_from(["a", "^a.*c$", "[0-9]", "^$"])),
    st.builds("sh:in ( {} {} )".format, PLAIN, PLAIN),
    st.builds("sh:hasValue {}".format, PLAIN),
    st.builds('sh:languageIn ( "{}" "fr" )'.format, st.sampled_from(["en", "EN", "de"])),
    st.builds("sh:{} {}".format, st.sampled_from(["equals", "disjoint"]), PREDICATES),
    st.builds(
        "sh:{} ( [ sh:class {} ] [ sh:nodeKind sh:{} ] )".format, st.sampled_from("and or xone".split()), CLASSES, KINDS
    ),
    st.builds("sh:not [ sh:datatype xsd:{} ]".format, DATATYPES),
    st.builds("sh:node [ sh:property [ sh:path {} ; sh:minCount 1 ] ]".format, PREDICATES),
    st.just("sh:node e:T"),
)
SETS = st.one_of(
    st.builds("sh:{} {}".format, st.sampled_from(["minCount", "maxCount"]), st.integers(0, 2)),
    st.just("sh:uniqueLang true"),
    st.builds("sh:{} {}".format, st.sampled_from(["lessThan", "lessThanOrEquals"]), PREDICATES),
    st.builds(
        "sh:qualifiedValueShape [ sh:class {} ] ; sh:qualifiedMinCount {} ; sh:qualifiedMaxCount 1".format,
        CLASSES,
        st.integers(0, 2),
    ),
)
SPARQL = """sh:sparql [ sh:message "{{?value}} of {{$this}}" ;
    sh:select "SELECT $this ?value WHERE {{ $this <http://e.example/{}> ?value FILTER(isLiteral(?value)) }}" ]"""
TARGETS = st.one_of(
    st.builds("sh:targetClass {}".format, CLASSES),
    st.builds("sh:targetNode {}".format, st.sampled_from(NODES)),
    st.builds("sh:{} {}".format, st.sampled_from(["targetSubjectsOf", "targetObjectsOf"]), PREDICATES),
)


def _once(parts):
    """No component twice: what pySHACL makes of several is its own affair."""
    return list({part.split()[0]: part for part in parts}.values())


@st.composite
def property_shapes(draw):
    """A property shape in brackets."""
    parts = _once(draw(st.lists(st.one_of(VALUES, SETS), min_size=1, max_size=3)))
    return f"[ sh:path {draw(PATHS)} ; {' ; '.join(parts)} ]"


@st.composite
def shapes_graphs(draw):
    """A node shape with targets, constraints and properties, and one that it may refer to."""
    parts = draw(st.lists(TARGETS, min_size=1, max_size=2))
    parts += _once(draw(st.lists(VALUES, max_size=2)))
    parts += [f"sh:property {shape}" for shape in draw(st.lists(property_shapes(), max_size=2))]
    parts += draw(st.sampled_from([[], [], ["sh:closed true"], [SPARQL.format("p")], ["sh:severity sh:Warning"]]))
    inner = draw(st.sampled_from(["sh:class e:C", "sh:nodeKind sh:IRI", "sh:property [ sh:path e:q ; sh:maxCount 1 ]"]))
    return f"{HEAD} e:S a sh:NodeShape ; {' ; '.join(parts)} . e:T a sh:NodeShape ; {inner} ."


TRIPLES = st.lists(
    st.one_of(
        st.builds("{} {} {} .".format, st.sampled_from([*NODES, "_:x"]), PREDICATES, TERMS),
        st.builds("{} a {} .".format, st.sampled_from([*NODES, "_:x"]), CLASSES),
    ),
    max_size=12,
)


def _ntriples(turtle: str) -> bytes:
    triples = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(turtle, ox.RdfFormat.TURTLE)}
    return "".join(sorted(f"{s} {p} {o} .\n" for s, p, o in triples)).encode()


seen = {"judged": 0, "left": 0}


def check(shapes, triples):
    """One answer, where there are two."""
    joined = Joined.of(Data.of(_ntriples(shapes)), Data.of(_ntriples(f"{HEAD} e:D rdfs:subClassOf e:C .")))
    if joined.program is None:
        seen["left"] += 1
        return
    try:
        found, theirs = verdicts(joined, _ntriples(HEAD + " ".join(triples)))
    except UnsureError:
        seen["left"] += 1
        return
    seen["judged"] += 1
    assert found == theirs


@pytest.mark.parametrize("disjoint", ["true", "false", None])
def test_qualified_shapes_of_siblings_share_a_value_unless_they_are_disjoint(disjoint):
    """One thing of both kinds fills both places; where they are to be disjoint it fills neither."""
    said = f" ; sh:qualifiedValueShapesDisjoint {disjoint}" if disjoint else ""
    inner = "sh:property [ sh:path e:{0} ; sh:qualifiedValueShape [ sh:class e:{1} ] ; sh:qualifiedMinCount 1{2} ]"
    both = f"{inner.format('p', 'C', said)} ; {inner.format('p', 'E', said)}"
    shapes = f"{HEAD} e:S a sh:NodeShape ; sh:targetNode e:a ; {both} ."
    joined = Joined.of(Data.of(_ntriples(shapes)), Data.of(_ntriples(f"{HEAD} e:D rdfs:subClassOf e:C .")))
    assert joined.program is not None
    found, theirs = verdicts(joined, _ntriples(f"{HEAD} e:a e:p e:b . e:b a e:C , e:E ."))
    assert found == theirs
    assert len(found) == (2 if disjoint == "true" else 0)


@pytest.mark.parametrize(
    ("lexical", "datatype", "holds"),
    [
        ("1.5", DECIMAL, True), ("1.5", INTEGER, False), ("1e5", DOUBLE, True), ("x", DOUBLE, False),
        ("2024-05-06", DATE, True), ("2024-13-06", DATE, False), ("maybe", BOOLEAN, None),
        ("P1D", XSD + "duration", None),
    ],
)  # fmt: skip
def test_what_is_a_literal_of_its_datatype(lexical, datatype, holds):
    """Numbers, days and truths are judged; of what is not known here nothing is said."""
    if holds is None:
        with pytest.raises(UnsureError):
            well_formed(lexical, datatype)
    else:
        assert well_formed(lexical, datatype) is holds


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=80, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(shapes_graphs(), TRIPLES)
def test_any_shapes_and_any_data_are_judged_alike(shapes, triples):
    """Every component, targets and paths of every kind, literals well and ill formed."""
    check(shapes, triples)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, suppress_health_check=QUIET)
@given(shapes_graphs(), TRIPLES)
def test_ten_thousand_graphs_are_judged_alike(shapes, triples):
    """The same, ten thousand times."""
    check(shapes, triples)


def test_most_of_them_were_judged_by_both():
    """The agreement is no agreement of the few that are easy: four in five are compiled and compared."""
    assert seen["judged"] > 3 * seen["left"]
