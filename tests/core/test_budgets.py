"""Nothing hangs or eats the machine: each budget holds, is named where it is broken, and can be changed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.articles import SkippedInput, read_articles
from kg.core import budgets
from kg.core.bounded import TooLargeError, open_for_writing, open_patiently, read_bounded
from kg.core.errors import KgError, QueryError
from kg.core.model import Article
from kg.store.files import read_triples
from kg.store.sparql.request import Sparql
from tests import apart

ROOT = Path(__file__).parents[2]
SENTENCE = "Gunmen killed two men in Norvia on Monday, the police said. "
RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">{}</rdf:RDF>'


def bomb(levels: int, attribute: bool = False) -> str:
    """RDF/XML whose entities stand for ten times as much on each level."""
    entities = '<!ENTITY b0 "xxxxxxxxxx">' + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, levels))
    use = f"&b{levels - 1};"
    inside = f'<rdf:Description a:p="{use}"/>' if attribute else f"<rdf:Description><a:p>{use}</a:p></rdf:Description>"
    return f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [{entities}]>{RDF_XML.format(inside)}'


TOO_MUCH = {
    "brackets.ttl": "<a:s> <a:p> " + "[ <a:p> " * 50_000 + "1" + " ]" * 50_000 + " .",
    "lists.ttl": "<a:s> <a:p> " + "( " * 50_000 + "1" + " )" * 50_000 + " .",
    "lists.trig": "<a:g> { <a:s> <a:p> " + "( " * 50_000 + "1" + " )" * 50_000 + " . }",
    "never-closed.ttl": "<a:s> <a:p> " + "[ <a:p> " * 50_000,
    "objects.jsonld": '{"a:p":' * 20_000 + "1" + "}" * 20_000,
    "arrays.json": '{"a:p":' + "[" * 20_000 + "1" + "]" * 20_000 + "}",
    "elements.rdf": RDF_XML.format("<rdf:Description><a:p>" * 30_000 + "</a:p></rdf:Description>" * 30_000),
    "literal.owl": RDF_XML.format(
        '<rdf:Description><a:p rdf:parseType="Literal">' + "<b>" * 3_000 + "</b>" * 3_000 + "</a:p></rdf:Description>"
    ),
    "bomb.rdf": bomb(8),
    "bomb-in-attribute.xml": bomb(8, attribute=True),
    "wide.rdf": '<!DOCTYPE r [<!ENTITY a "'
    + "x" * 100_000
    + '">]>'
    + RDF_XML.format("<rdf:Description><a:p>" + "&a;" * 20_000 + "</a:p></rdf:Description>"),
    "terms.nt": "<a:s> <a:p> " + "<<( <a:s> <a:p> " * 20_000 + "<a:o>" + " )>>" * 20_000 + " .",
    "long-literal.ttl": '<a:s> <a:p> "' + "x" * 20_000_000 + '" .',
    "long-literal.nt": '<a:s> <a:p> "' + "x" * 20_000_000 + '" .',
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_rdf_that_would_run_away_is_refused_in_words(name: str, tmp_path: Path) -> None:
    """Nesting, entities and literals over a budget are told with the way to allow more, before the parser sees them."""
    path = tmp_path / name
    path.write_text(TOO_MUCH[name], encoding="utf-8")
    with pytest.raises(KgError, match=r"KG_MAX_|16 MB|amplification") as told:
        read_triples(path, "https://x.example/")
    assert str(told.value).startswith(f"{path}: ")
    assert "\n" not in str(told.value)


@pytest.fixture
def started() -> Iterator[None]:
    """RDF is read as the program does it, by a Python that starts, not by a fork of one that waits (tests/apart.py)."""
    apart.start()
    yield
    apart.keep()


SLOW = {
    "clique.ttl": "".join(f"_:b{i} <a:p> _:b{j} .\n" for i in range(11) for j in range(11) if i != j),
    "chain.ttl": "<a:s> <a:p> (" + " 1" * 30_000 + ") .",
}


@pytest.mark.parametrize("name", SLOW)
def test_blank_nodes_that_cannot_be_told_apart_are_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: None
) -> None:
    """Where naming blank nodes would take for ever, the process that does it is ended and that is said."""
    monkeypatch.setenv("KG_MAX_RDF_SECONDS", "1")
    path = tmp_path / name
    path.write_text(SLOW[name], encoding="utf-8")
    with pytest.raises(KgError, match=r"blank nodes that are all alike.*KG_MAX_RDF_SECONDS"):
        read_triples(path, "https://x.example/")


FINE = {
    "brackets in strings.ttl": '<a:s> <a:p> "'
    + "[" * 500
    + '", """(((" '
    + "(" * 500
    + '""" , <a:#'
    + "(" * 200
    + "> . #"
    + "[" * 300,
    "nested.ttl": "<a:s> <a:p> " + "[ <a:p> " * 50 + "1" + " ]" * 50 + " .",
    "escaped.ttl": "@prefix a: <a:> . a:s a:p " + ", ".join(rf"a:x\({n}" for n in range(150)) + " .",
    "entities.owl": '<!DOCTYPE r [<!ENTITY x "http://x.example/"><!ENTITY y "&x;z">]>'
    + RDF_XML.format('<rdf:Description rdf:about="&x;a"><a:p rdf:resource="&y;"/></rdf:Description>'),
    "mark.nt": "\ufeff<a:s> <a:p> <a:o> .",
    "mark.ttl": "\ufeff<a:s> <a:p> <a:o> .",
    "objects.jsonld": '{"a:p":' * 50 + "1" + "}" * 50,
}


@pytest.mark.parametrize("name", FINE)
def test_ordinary_rdf_is_read(name: str, tmp_path: Path) -> None:
    """Brackets in strings, IRIs, comments and escapes are no nesting; entities of namespaces are none of a bomb."""
    path = tmp_path / name
    path.write_text(FINE[name], encoding="utf-8")
    assert read_triples(path, "https://x.example/")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("ending", [".rdf", ".ttl"])
def test_encodings_of_rdf(encoding: str, ending: str, tmp_path: Path, started: None) -> None:
    """Byte order marks and XML's declared encodings are read; Turtle is UTF-8 unless a mark says otherwise."""
    path = tmp_path / f"a{ending}"
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    body = "<rdf:Description rdf:about='a:s'><a:p>é</a:p></rdf:Description>"
    path.write_bytes((xml + RDF_XML.format(body) if ending == ".rdf" else "<a:s> <a:p> 'é' .").encode(encoding))
    if (encoding, ending) == ("iso-8859-1", ".ttl"):
        with pytest.raises(KgError, match=r"not Turtle: .*UTF-8"):
            read_triples(path, "https://x.example/")
    else:
        assert [triple.object.value for triple in read_triples(path, "https://x.example/")] == ["é"]  # type: ignore[union-attr]


def ask(pattern: str) -> str:
    """A query with this pattern."""
    return f"ASK {{ {pattern} }}"


QUERIES = {
    "groups": ask("{" * 30_000 + "?s ?p ?o" + "}" * 30_000),
    "brackets never closed": "SELECT * { " + "(" * 30_000,
    "expressions": ask("FILTER(" + "(" * 30_000 + "?x" + ")" * 30_000 + ")"),
    "functions": ask("FILTER(" + "STR(" * 5_000 + "?x" + ")" * 5_000 + ")"),
    "sub-selects": ask("{ SELECT * { " * 5_000 + "?s ?p ?o" + " } }" * 5_000),
    "optionals": ask("?s ?p ?o " + "OPTIONAL { ?s <a:q> ?x } " * 2_000),
    "triples": ask("?s <a:p> ?o . " * 500),
    "lists": ask("?s <a:p> (" + " 1" * 500 + ")"),
    "values": ask("VALUES ?x { 1 } " * 500),
    "path": ask("?s " + "<a:p>/" * 1_000 + "<a:p> ?o"),
    "repeated path": ask("?s " + "(" * 20 + "<a:p>" + ")*" * 20 + " ?o"),
    "unions": ask("{ ?s ?p ?o }" + " UNION { ?s ?p ?o }" * 5_000),
    "minus": ask("?s ?p ?o " + "MINUS { ?s <a:q> ?x } " * 5_000),
    "sum": ask("FILTER(" + "1+" * 10_000 + "1)"),
    "negations": ask("FILTER(" + "!" * 10_000 + "?x)"),
    "columns": "SELECT " + "(1 AS ?x) " * 5_000 + "{ ?s ?p ?o }",
    "triple terms": ask("?s <a:p> " + "<<( ?a <a:p> " * 5_000 + "?o" + " )>>" * 5_000),
    "an update": "DELETE WHERE { " + "?s <a:p> ?o . " * 500 + "}",
    "a name that goes on": ask("?x ?y A-" + "A-" * 50_000),
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_that_would_run_away_are_refused(name: str) -> None:
    """Depth, joins and operators are counted before the engine, whose stack they would overflow."""
    started = time.process_time()
    with pytest.raises(QueryError):
        _ = Sparql(QUERIES[name]).tokens
    assert time.process_time() - started < 30, "counting takes longer than it is worth"


@pytest.mark.parametrize(
    "query",
    [
        ask("FILTER(?x IN (" + "1, " * 5_000 + "1))"),
        ask("VALUES (?x ?y) { " + "(1 <a:b>) " * 5_000 + "}"),
        "INSERT DATA { " + "".join(f"<a:s{n}> <a:p> ( 1 2 ) ; <a:q> [ <a:r> 1 ] . " for n in range(2_000)) + "}",
        "CONSTRUCT { " + "?s ?p ?o . " * 500 + "} WHERE { ?s ?p ?o }",
        " ; ".join(["INSERT DATA { <a:s> <a:p> 1 }"] * 500),
        ask("?s ?p ?o . " * 100),
        ask("FILTER((1 + 2) * (3 + 4) > ((1)+(2))*3)"),
        "SELECT " + " ".join(f"(COUNT(?x{n}) AS ?n{n})" for n in range(200)) + " { ?s ?p ?o }",
    ],
    ids=lambda query: query[:20],
)
def test_long_queries_that_are_no_trouble_are_taken(query: str) -> None:
    """Data, lists of values, templates and many operations are of any length."""
    assert Sparql(query).tokens


TEXTS = {
    "spaces": SENTENCE + " " * 900_000 + SENTENCE,
    "line breaks": SENTENCE + "\n" * 900_000 + SENTENCE,
    "a word": SENTENCE + "a" * 900_000,
    "dots": SENTENCE + "." * 100_000,
    "no end": "and the police said " * 5_000,
    "quotation marks": SENTENCE + '" ' * 100_000,
    "words": (SENTENCE + "\n") * 9_000,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_texts_that_are_none_are_skipped_with_a_reason(name: str, ending: str, tmp_path: Path) -> None:
    """Runs of one sign, words and sentences without end, and too many words cost that text and no other."""
    (tmp_path / f"a{ending}").write_text(f"Date: 2024-03-13\n\n{TEXTS[name]}", encoding="utf-8")
    (tmp_path / "b.txt").write_text(SENTENCE, encoding="utf-8")
    found = list(read_articles([tmp_path], language="en"))
    if ending == ".txt" or name not in ("spaces", "line breaks"):  # Markdown knows no runs of those
        assert isinstance(found[0], SkippedInput)
        assert "KG_MAX_" in found[0].reason
    assert isinstance(found[-1], Article)


def test_header_lines_take_linear_time(tmp_path: Path) -> None:
    """A header line with a run of spaces in it is read at once."""
    for number, line in enumerate(("Title:" + " " * 200_000 + "x", "Title" + " " * 200_000, "Title:\t" * 50_000)):
        (tmp_path / f"{number}.txt").write_text(f"{line}\n\n{SENTENCE}", encoding="utf-8")
        (tmp_path / f"{number}.md").write_text(f"---\n{line}\n---\n{SENTENCE}", encoding="utf-8")
    started = time.process_time()
    assert len(list(read_articles([tmp_path]))) == 6
    assert time.process_time() - started < 30


def test_ids_and_urls_are_no_longer_than_they_may_be(tmp_path: Path) -> None:
    """An id or URL of 100,000 characters costs its own line."""
    lines = [f'{{"id": "{"x" * 100_000}", "text": "{SENTENCE}"}}', f'{{"id": "a", "text": "{SENTENCE}"}}']
    lines.append(f'{{"id": "b", "url": "https://a.example/{"x" * 100_000}", "text": "{SENTENCE}"}}')
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(read_articles([tmp_path / "a.jsonl"]))
    assert [isinstance(item, Article) for item in found] == [False, True, False]
    assert all("KG_MAX_ID" in item.reason for item in found if isinstance(item, SkippedInput))


def test_a_pipe_that_nobody_feeds_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told after the budget; one that is fed is read, and the same holds for writing."""
    monkeypatch.setenv("KG_MAX_WAIT", "1")
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for attempt in (open_patiently, open_for_writing):
        with pytest.raises(TimeoutError):
            attempt(pipe)
    (found,) = read_articles([pipe])
    assert isinstance(found, SkippedInput)
    assert "KG_MAX_WAIT" in found.reason
    feeder = threading.Thread(target=lambda: pipe.write_text(SENTENCE, encoding="utf-8"))
    feeder.start()
    (found,) = read_articles([pipe])
    feeder.join()
    assert isinstance(found, Article)


def test_no_more_is_read_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above its budget is refused with the name of the budget."""
    monkeypatch.setenv("KG_MAX_QUERY_CHARS", "10")
    (tmp_path / "a.rq").write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(TooLargeError, match="KG_MAX_QUERY_CHARS"):
        read_bounded(tmp_path / "a.rq", budgets.QUERY_CHARS)
    if Path("/dev/zero").exists():
        with pytest.raises(TooLargeError):
            read_bounded("/dev/zero", budgets.QUERY_CHARS)


@pytest.mark.parametrize("value", ["0", "-1", "much", "1e3", "9" * 30, "²"])
def test_a_budget_is_a_number_above_nothing(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else in the variable is told."""
    monkeypatch.setenv("KG_MAX_DEPTH", value)
    with pytest.raises(KgError, match="KG_MAX_DEPTH"):
        _ = budgets.DEPTH.value


def test_every_budget_is_in_the_documents() -> None:
    """docs/security.md has each variable with its default."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for budget in budgets.ALL:
        assert f"| `{budget.variable}` | {budget.default:,} | {budget.what} |" in page
