"""Reports for other programs, and the mistakes in shapes that are told before anything is checked."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from checked import validate_graph
from rdflib import Graph
from rdflib.namespace import SH

from kg.core import resources
from kg.core.errors import OntologyError
from kg.core.model import ValidationReport, Violation
from kg.graph.reports import to_junit, to_sarif, to_text, to_turtle
from kg.graph.validate import load_shapes
from kg.ontology.load import load_ontology

RESULTS = [
    Violation(
        "https://a.example/x#1",
        "kg:count",
        'no "count" <&>\x01',
        "Violation",
        "kgs:EventCount",
        "5\n",
        "https://a.example/x",
        "A.",
    ),
    Violation("kg:Killing", "^kg:claims/kg:source", "odd", "Warning", None, "https://a.example/y"),
    Violation("a text", None, "fine", "Info", "kgs:Other"),
]
HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.example/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
FOR_C = "e:S a sh:NodeShape ; sh:targetClass e:C ; "
WRONG = [
    ("e:S a sh:NodeShape ; sh:targetClas e:C .", "sh:targetClas is no term of SHACL, did you mean sh:targetClass"),
    (FOR_C + "sh:property [ sh:path e:p ; sh:minCuont 1 ] .", "did you mean sh:minCount"),
    ("e:S a sh:NodeShape ; sh:property [ sh:path e:p ; sh:minCount 1 ] .", "http://e.example/S has no target"),
    (FOR_C + "sh:property [ sh:path e:p ; sh:node e:S ] .", "S → http://e.example/S is recursive"),
    (FOR_C + "sh:or ( e:A e:B ) . e:A a sh:NodeShape ; sh:not e:S .", "is recursive"),
    (FOR_C + 'sh:property [ sh:path e:p ; sh:pattern "(" ] .', "e.example/S is no regular"),
]
RIGHT = [
    "e:S a sh:NodeShape, owl:Class ; sh:property [ sh:path e:p ; sh:minCount 1 ] .",
    FOR_C + "sh:node e:T . e:T a sh:NodeShape ; sh:closed false .",
    FOR_C + "sh:or ( e:A e:B ) . e:A a sh:NodeShape ; sh:node e:B . e:B a sh:NodeShape .",
    "e:S a sh:NodeShape ; sh:deactivated true .",
]


def test_turtle_is_a_validation_report():
    """Every result is in the graph, with its IRIs whole and its words as literals; none says that all conforms."""
    graph = Graph().parse(data=to_turtle(RESULTS), format="turtle")
    assert len(list(graph.objects(None, SH.result))) == len(RESULTS)
    assert {str(f) for f in graph.objects(None, SH.focusNode)} >= {"https://kg.example/ontology#Killing", "a text"}
    assert {str(s) for s in graph.objects(None, SH.resultSeverity)} == {
        str(SH.Violation),
        str(SH.Warning),
        str(SH.Info),
    }
    assert 'no "count" <&>\x01' in {str(m) for m in graph.objects(None, SH.resultMessage)}
    assert "sh:conforms true ." in to_turtle([])


def test_text_is_for_people():
    """What is wrong, of what, in which sentence with the words marked, and what found them."""
    killing = "https://news.example/article/h#killing-5"
    result = Violation(killing, "rdfs:label", "no label", "Violation", "kgs:EventLabel", None)
    shown = replace(result, article="https://news.example/article/h", sentence="He was [killed].", found_by="lexicon")
    assert to_text([result, shown]).splitlines() == [
        "Violation kgs:EventLabel: no label",
        "    of       article:h#killing-5 rdfs:label",
        "Violation kgs:EventLabel: no label",
        "    of       article:h#killing-5 rdfs:label",
        "    in       article:h: He was [killed].",
        "    found by lexicon",
    ]


def test_junit_fails_for_violations_only():
    """A test a result, a failure a violation; where nothing was found one test passes."""
    suite = ET.fromstring(to_junit(RESULTS, 1))  # noqa: S314  our own
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name") for case in suite.iter("testcase")] == [result.focus for result in RESULTS]
    assert suite.find("testcase/failure").get("message") == 'no "count" <&>'
    (case,) = ET.fromstring(to_junit([], 7)).iter("testcase")  # noqa: S314
    assert case.get("name") == "7 checked, all conform"


def test_sarif_has_rules_levels_and_places():
    """Shapes are rules, severities levels, the article and the focus node the place."""
    (run,) = json.loads(to_sarif(RESULTS))["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {result["ruleId"] for result in run["results"]}
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "https://a.example/x"
    assert json.loads(to_sarif([]))["runs"][0]["results"] == []


def test_warnings_are_acceptable():
    """A report with warnings and infos does not conform, as SHACL has it, and is acceptable; a violation is not."""
    assert ValidationReport(False, tuple(RESULTS[1:])).acceptable
    assert not ValidationReport(False, tuple(RESULTS)).acceptable


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_a_mistake_in_shapes_is_one_line(text, words, tmp_path):
    """A misspelt term, a shape without a target, a circle and a bad pattern are told with what to do."""
    (tmp_path / "mine.ttl").write_text(HEAD + text)
    with pytest.raises(OntologyError) as raised:
        load_shapes([*resources.shape_files(), tmp_path / "mine.ttl"])
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", RIGHT)
def test_shapes_that_check_something_pass(text, tmp_path):
    """Implicit targets, shapes that others refer to (twice, too) and what is put out of action are no mistakes."""
    (tmp_path / "mine.ttl").write_text(HEAD + text)
    assert validate_graph(Graph(), load_shapes([tmp_path / "mine.ttl"]), None).conforms


_OF = "@prefix kg: <https://kg.example/ontology#> . e:S a sh:NodeShape ; "
UNDECLARED = [
    ("sh:targetClass kg:Articel ; sh:property [ sh:path kg:digest ; sh:minCount 1 ] .", "kg:Article?"),
    ("sh:targetSubjectsOf kg:evnetType ; sh:nodeKind sh:IRI .", "kg:eventType?"),
    ("sh:targetClass kg:Event ; sh:property [ sh:path kg:palce ; sh:class kg:Place ] .", "kg:place?"),
    ("sh:targetClass kg:Event ; sh:property [ sh:path kg:place ; sh:class kg:Plaec ] .", "kg:Place?"),
]


@pytest.mark.parametrize(("text", "words"), UNDECLARED, ids=["class", "subjects", "path", "range"])
def test_a_misspelt_term_of_ours_in_a_shape_is_told(text, words, tmp_path):
    """It would be true of everything: what was meant is said, and what the ontology declares passes."""
    (tmp_path / "mine.ttl").write_text(HEAD + _OF + text)
    shapes = load_shapes([*resources.shape_files(), tmp_path / "mine.ttl"])
    with pytest.raises(OntologyError, match=r"did you mean kg:") as raised:
        shapes.joined(load_ontology())
    assert words in str(raised.value)
    assert shapes.joined(None)
