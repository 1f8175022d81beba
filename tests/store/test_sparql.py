"""What the tokens of a query tell."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.errors import QueryError
from kg.query.prepare import answered, known_prefixes, parse_bindings, parse_term, prepare
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, open_store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import unescape_codepoints

BASE = "https://news.example/"
PREFIXES = known_prefixes(BASE)


def texts(query: str) -> list[str]:
    """The texts of the tokens."""
    return [token.text for token in Sparql(query).tokens]


def values(query: str, bind: list[str] | None = None) -> list[list[str]]:
    """The solutions of a query over an empty store, as plain texts."""
    prepared = prepare(query, prefixes=PREFIXES, bindings=parse_bindings(bind or [], PREFIXES))
    with (
        open_store(":memory:", mode="read") as store,
        answered(store, prepared, policy=ServicePolicy(offline=True)) as results,
    ):
        assert isinstance(results, QuerySolutions)
        return [[getattr(term, "value", "") for term in row] for row in results]


def test_comments_strings_and_names_are_no_keywords() -> None:
    """SERVICE in a comment, a string, an IRI, a variable or a name is none."""
    query = 'SELECT ?SERVICE { ?SERVICE <x:SERVICE> \'SERVICE <y>\' ; service:LOAD """a "SERVICE" """ } # SERVICE'
    assert [token.text for token in Sparql(query).tokens if token.keyword] == ["SELECT"]


def test_less_than_is_no_iri_in_an_expression() -> None:
    """``<`` after an operand within brackets is less-than, and the engine reads it so."""
    assert texts("SELECT * { FILTER(?a<5&&?b>3) }")[5:10] == ["?a", "<", "5", "&&", "?b"]
    assert values("SELECT ?x { BIND((1<5&&7>3) AS ?x) }") == [["true"]]


def test_iri_where_less_than_could_stand_gets_a_name() -> None:
    """An IRI after a term within brackets keeps its meaning in a collection."""
    sparql = Sparql("SELECT * { ?s ?p (?x <http://a.example/b>) }").disambiguated()
    assert "PREFIX iri-" in sparql.text
    assert "(?x  iri-" in sparql.text


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("SELCT * {}", "did you mean SELECT"),
        ("SELECT * { ?s a kgg:X }", "did you mean kg:"),
        ("SELECT * { ?s zzzz:p ?o }", "unknown prefix zzzz:; declare it"),
        ('SELECT * { ?s ?p "open }', "not closed"),
        ("SELECT * { ?s ?p “word” }", "typographic quotation mark"),
        ("SELECT * { FILTER(?a & ?b) }", "write '&&'"),
        ("SELECT * { ?s ?p trueSERVICE <x:y> {} }", "no word of SPARQL"),
        ("", "no query"),
        ("DELETE WHERE { ?s ?p ?o }", "run it with `kg update`"),
    ],
)
def test_mistakes_say_what_was_meant(query: str, complaint: str) -> None:
    """A mistake is told with a guess at what was meant."""
    with pytest.raises(QueryError, match=complaint):
        prepare(query, prefixes=PREFIXES)


def test_mistake_shows_its_line_and_a_caret() -> None:
    """A mistake shows the line, with a caret below the place."""
    with pytest.raises(QueryError) as caught:
        prepare("SELECT *\n{ ?s a foo:Bar }", prefixes=PREFIXES)
    message, line, caret = str(caught.value).splitlines()
    assert message.startswith("line 2, column 8: unknown prefix foo:")
    assert line.index("foo:Bar") == caret.index("^")


def test_own_declaration_wins() -> None:
    """A prefix that the query declares itself is left alone."""
    prepared = prepare("PREFIX kg: <http://mine.example/> SELECT * { ?s a kg:X ; a skos:Concept }", prefixes=PREFIXES)
    assert prepared.run.text.startswith("PREFIX skos: <")
    assert prepared.run.text.count("PREFIX kg:") == 1
    assert prepared.prefixes["kg"] == "http://mine.example/"


@pytest.mark.parametrize(
    ("query", "limit", "number"),
    [
        ("SELECT ?x { VALUES ?x { 1 2 3 } }", 2, 2),
        ("SELECT ?x { VALUES ?x { 1 2 3 } } LIMIT 1", 2, 1),
        ("SELECT ?x { VALUES ?x { 1 2 3 } } LIMIT 3 OFFSET 2", 2, 1),
        ("SELECT ?x {} VALUES ?x { 1 2 3 }", 2, 2),
        ("SELECT ?x { { SELECT ?x { VALUES ?x { 1 2 3 } } LIMIT 3 } } ORDER BY ?x", 2, 2),
        ("SELECT ?x { VALUES ?x { 1 2 3 } } # the end", 2, 2),
        ("SELECT ?x { VALUES ?x { 1 2 3 } }", 0, 0),
    ],
)
def test_limit_is_put_where_it_belongs(query: str, limit: int, number: int) -> None:
    """--limit lowers the number of solutions, whatever the query ends with."""
    assert len(values(prepare(query, prefixes={}, limit=limit).run.text)) == number


def test_binding_reaches_filters_and_sub_selects() -> None:
    """A bound variable is bound in nested groups and sub-selects too."""
    query = "SELECT ?y { { SELECT ?y { VALUES ?y { 1 2 } FILTER(?y = ?x) } } FILTER EXISTS { FILTER(?x = 2) } }"
    assert values(query, ["x=2"]) == [["2"]]


def test_binding_of_a_computed_variable_filters() -> None:
    """A variable that BIND computes is compared with the bound term."""
    query = "SELECT ?y ?x { VALUES ?y { 1 2 } BIND(?y * 10 AS ?x) }"
    assert values(query, ["x=20"]) == [["2", "20"]]


def test_binding_an_unknown_variable_is_an_error() -> None:
    """A binding for a variable that the query lacks is a mistake, told with the nearest one."""
    with pytest.raises(QueryError, match="did you mean place"):
        values("SELECT ?place { VALUES ?place { 1 } }", ["plce=1"])


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("kg:Killing", NamedNode("https://kg.example/ontology#Killing")),
        ("<http://a.example/x>", NamedNode("http://a.example/x")),
        ("article:a#killing-5", NamedNode("https://news.example/article/a#killing-5")),
        ("5", RdfLiteral(5)),
        ('"5"@en', RdfLiteral("5", language="en")),
        ("In Amenas", RdfLiteral("In Amenas")),
        ('"a" . <x:s> <x:p> "b"', RdfLiteral('"a" . <x:s> <x:p> "b"')),
        ('"a" , "b"', RdfLiteral('"a" , "b"')),
        ('"a" ; <x:q> "b"', RdfLiteral('"a" ; <x:q> "b"')),
        ("[]", RdfLiteral("[]")),
        ("", RdfLiteral("")),
        ("nowhere:x", RdfLiteral("nowhere:x")),
    ],
)
def test_term_is_turtle_or_plain_text(text: str, term: object) -> None:
    """A binding is one term in Turtle syntax, and everything else a plain string."""
    assert parse_term(text, PREFIXES) == term


@given(st.text())
def test_binding_cannot_inject(text: str) -> None:
    """Whatever a binding holds, the query gets exactly one solution with one term: nothing is injected."""
    rows = values("SELECT ?x ?safe { VALUES ?safe { 1 } FILTER(BOUND(?x)) }", [f"x={text}"])
    assert len(rows) == 1
    assert rows[0][1] == "1"
    if ":" not in text and not text.strip().startswith(('"', "'", "<")):
        bound, expected = rows[0][0], parse_term(text, PREFIXES).value
        # The engine writes numbers in their canonical form: 00 comes back as 0.
        assert bound in (text, expected) or float(bound) == float(expected)


@given(st.text(alphabet="SELECT{}<>\"'#\\?:().;= \nxserviceLOAD", max_size=60))
def test_tokens_cover_the_text(text: str) -> None:
    """Any text is refused with words, or its tokens stand where they say they do."""
    try:
        tokens = Sparql(text).tokens
    except QueryError as error:
        tokens, complaint = (), str(error)
        text = complaint if complaint.startswith("line ") else "no place"
    assert text != "no place"
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))


def test_codepoints_are_decoded() -> None:
    """Escaped code points are decoded; those beyond Unicode stay as they are."""
    assert unescape_codepoints(r"\u0041\U00000042\UFFFFFFFF\uD800") == r"AB\UFFFFFFFF\uD800"
