"""The W3C's SPARQL 1.1 suites against our own way of running queries and updates.

KG_CONFORMANCE names a folder that holds ``sparql/sparql11`` of the W3C's rdf-tests. What fails is listed with its
reason in ``cases/w3c/known_failures.toml``, strictly: a test that begins to pass is noticed.
"""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.core.errors import KgError
from kg.query.prepare import answered, prepare
from kg.store.opening import QueryBoolean, QuerySolutions, open_store
from kg.store.sparql.federation import ServicePolicy, check_calls, remote_calls
from kg.store.sparql.request import Sparql

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DAWGT = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#"

GROUPS = ("query", "update", "results", "fed")
LEFT_OUT = {"service": "needs servers under invented names; federation has tests of its own"}
KNOWN = tomllib.loads((Path(__file__).parents[1] / "cases/w3c/known_failures.toml").read_text())
ROOT = os.environ.get("KG_CONFORMANCE")


class Manifest:
    """A Turtle file of tests as triples."""

    def __init__(self, path: Path) -> None:
        self.path = path
        store = ox.Store()
        store.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
        self._store = store

    def objects(self, subject: Any, predicate: str) -> list[Any]:
        """The objects of a subject's property."""
        return [q.object for q in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]

    def one(self, subject: Any, predicate: str) -> Any:
        """The only object, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def items(self, head: Any) -> Iterator[Any]:
        """The members of a collection."""
        while head is not None and head != ox.NamedNode(RDF + "nil"):
            yield self.one(head, RDF + "first")
            head = self.one(head, RDF + "rest")

    def lists(self, predicate: str) -> Iterator[Any]:
        """The members of the collections that are objects of a property."""
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None):
            yield from self.items(quad.object)


@dataclass(frozen=True)
class Case:
    """One test of a suite."""

    name: str
    kind: str
    manifest: Manifest
    subject: Any

    def file(self, subject: Any, predicate: str) -> Path | None:
        """The file that a property names."""
        term = self.manifest.one(subject, predicate)
        return None if term is None else Path(term.value.removeprefix("file://"))


def read_cases() -> Iterator[Case]:
    """Every test of the groups, in the order of the manifests."""
    if ROOT is None:
        return
    top = Path(ROOT) / "sparql" / "sparql11"
    for group in GROUPS:
        for included in Manifest(top / f"manifest-sparql11-{group}.ttl").lists(MF + "include"):
            manifest = Manifest(Path(included.value.removeprefix("file://")))
            folder = manifest.path.parent.name
            for subject in manifest.lists(MF + "entries"):
                kind = manifest.one(subject, RDF + "type").value.partition("#")[2]
                yield Case(f"{folder}/{subject.value.partition('#')[2]}", kind, manifest, subject)


def parameters() -> Iterator[Any]:
    """The cases as pytest wants them: known failures marked."""
    for case in read_cases():
        marks = [pytest.mark.xfail(reason=KNOWN[case.name], strict=True)] if case.name in KNOWN else []
        folder = case.name.partition("/")[0]
        if folder in LEFT_OUT:
            marks = [pytest.mark.skip(reason=LEFT_OUT[folder])]
        yield pytest.param(case, id=case.name, marks=marks)


def load(store: Any, path: Path, graph: str | None = None) -> None:
    """Put a data file into a graph of an embedded store."""
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    quads = ox.parse(path=str(path), format=form, base_iri=path.as_uri())
    store.fill(ox.Quad(q.subject, q.predicate, q.object, name) for q in quads)


def normal(term: Any) -> Any:
    """A term whose number is written in one way only."""
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(XSD):
        kind = term.datatype.value.removeprefix(XSD)
        try:
            if kind in ("integer", "decimal"):
                return ox.Literal(str(Decimal(term.value).normalize() + 0), datatype=term.datatype)
            if kind in ("double", "float"):
                return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        except (InvalidOperation, ValueError):
            return term
    return term


def canonical(quads: list[ox.Quad]) -> ox.Dataset:
    """Quads with blank nodes named by what they are (RDF Dataset Canonicalization)."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def rows_as_dataset(rows: list[dict[str, Any]], *, ordered: bool) -> ox.Dataset:
    """Solutions as quads: a blank node for each row, so that names of blank nodes do not matter."""
    quads = []
    for number, row in enumerate(rows):
        node = ox.BlankNode()
        if ordered:
            quads.append(ox.Quad(node, ox.NamedNode("x:number"), ox.Literal(str(number))))
        quads.append(ox.Quad(node, ox.NamedNode("x:row"), ox.NamedNode("x:row")))
        quads += [ox.Quad(node, ox.NamedNode(f"x:{name}"), normal(term)) for name, term in row.items()]
    return canonical(quads)


def solutions(results: Any) -> list[dict[str, Any]]:
    """The rows of a SELECT without unbound variables."""
    names = [variable.value for variable in results.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in results]


def expected_rows(path: Path) -> list[dict[str, Any]] | bool:
    """The expected answer of a result file."""
    if path.suffix in (".ttl", ".rdf"):
        manifest = Manifest(path)
        result_set = next(
            iter(manifest._store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(RS + "ResultSet")))
        ).subject
        if answer := manifest.one(result_set, RS + "boolean"):
            return answer.value == "true"
        rows = []
        for solution in manifest.objects(result_set, RS + "solution"):
            bindings = manifest.objects(solution, RS + "binding")
            rows.append({manifest.one(b, RS + "variable").value: manifest.one(b, RS + "value") for b in bindings})
        return rows
    form = ox.QueryResultsFormat.from_extension(path.suffix.removeprefix("."))
    results = ox.parse_query_results(path=str(path), format=form)
    return bool(results) if isinstance(results, QueryBoolean) else solutions(results)


def check_query(case: Case) -> None:
    """Run a query of the suite and compare its answer with the expected one."""
    action, wanted = case.manifest.one(case.subject, MF + "action"), case.file(case.subject, MF + "result")
    path = case.file(action, QT + "query")
    assert path is not None
    assert wanted is not None
    with open_store(":memory:", mode="write") as store:
        if data := case.file(action, QT + "data"):
            load(store, data)
        for graph in case.manifest.objects(action, QT + "graphData"):
            load(store, Path(graph.value.removeprefix("file://")), graph.value)
        text = path.read_text(encoding="utf-8")
        prepared = prepare(f"BASE <{path.as_uri()}> {text}", prefixes={})
        with answered(store, prepared, policy=ServicePolicy()) as results:
            if isinstance(results, QueryBoolean):
                assert bool(results) == expected_rows(wanted)
            elif isinstance(results, QuerySolutions):
                if wanted.suffix == ".csv":
                    body = results.serialize(format=ox.QueryResultsFormat.CSV) or b""
                    compare_csv(body.decode(), wanted.read_text(encoding="utf-8"))
                    return
                expected = expected_rows(wanted)
                assert isinstance(expected, list)
                ordered = "ORDER BY" in text and wanted.suffix not in (".ttl", ".rdf")
                found = rows_as_dataset(solutions(results), ordered=ordered)
                assert found == rows_as_dataset(expected, ordered=ordered)
            else:
                found = canonical([ox.Quad(t.subject, t.predicate, t.object) for t in results])
                parsed = ox.parse(path=str(wanted), base_iri=wanted.as_uri())
                assert found == canonical([ox.Quad(q.subject, q.predicate, q.object) for q in parsed])


def compare_csv(found: str, expected: str) -> None:
    """CSV has no types and no order here: the cells are compared, blank nodes as such."""

    def rows(text: str) -> list[list[str]]:
        head, *cells = csv.reader(io.StringIO(text))
        order = sorted(range(len(head)), key=head.__getitem__)
        return sorted([["_" if row[i].startswith("_:") else row[i] for i in order] for row in [head, *cells]])

    assert rows(found) == rows(expected)


def check_update(case: Case) -> None:
    """Run an update of the suite and compare the dataset after it with the expected one."""
    action, result = (case.manifest.one(case.subject, MF + name) for name in ("action", "result"))
    path = case.file(action, UT + "request")
    assert path is not None
    with open_store(":memory:", mode="write") as store, open_store(":memory:", mode="write") as expected:
        for target, subject in ((store, action), (expected, result)):
            if data := case.file(subject, UT + "data"):
                load(target, data)
            for graph in case.manifest.objects(subject, UT + "graphData"):
                name = case.manifest.one(graph, "http://www.w3.org/2000/01/rdf-schema#label").value
                data = case.file(graph, UT + "graph")
                assert data is not None
                load(target, data, name)
        sparql = Sparql(f"BASE <{path.as_uri()}> {path.read_text(encoding='utf-8')}").declaring({}).disambiguated()
        check_calls(sparql, ServicePolicy(allowed=("http://example.invalid/",)))
        store.update(sparql.text)
        assert canonical(list(store.database)) == canonical(list(expected.database))


def parses(case: Case) -> bool:
    """Whether our path takes the query or update of a syntax test."""
    path = case.file(case.subject, MF + "action")
    assert path is not None
    text = f"BASE <{path.as_uri()}> {path.read_text(encoding='utf-8')}"
    try:
        with open_store(":memory:", mode="write") as store:
            if "Update" in case.kind:
                sparql = Sparql(text).declaring({}).disambiguated()
                nowhere = sparql.text
                for call in reversed(remote_calls(sparql)):
                    nowhere = f"{nowhere[: call.start]}<http://127.0.0.1:1/>{nowhere[call.end :]}"
                store.update(nowhere)
            else:
                store.query(prepare(text, prefixes={}).run.text)
    except RuntimeError:  # parsed, but nothing is there to run it on
        return True
    except KgError as error:
        return isinstance(error.__cause__, (OSError, RuntimeError))
    return True


@pytest.mark.skipif(ROOT is None, reason="KG_CONFORMANCE names no folder with the W3C's suites (sparql/sparql11)")
@pytest.mark.parametrize("case", list(parameters()))
def test_w3c_sparql(case: Case) -> None:
    """The suite's test passes on our way of running queries and updates."""
    if case.kind.startswith("PositiveSyntax") or case.kind.startswith("PositiveUpdateSyntax"):
        assert parses(case)
    elif case.kind.startswith("NegativeSyntax") or case.kind.startswith("NegativeUpdateSyntax"):
        assert not parses(case)
    elif case.kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
        check_query(case)
    elif case.kind == "UpdateEvaluationTest":
        check_update(case)
    else:
        pytest.fail(f"no way to run a {case.kind}")
