"""Mistakes in the syntax of a query are told at their place, with what was meant."""

from __future__ import annotations

import pytest

from kg.core.errors import QueryError
from kg.query.prepare import answered, known_prefixes, named_queries, prepare
from kg.store.opening import open_store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.mistakes import find_mistake
from kg.store.sparql.request import Sparql

PREFIXES = known_prefixes("https://news.example/")

# The query with its mistake marked by ¦, and words of the message.
MISTAKES = [
    ("SELECT * { ?s ?p ¦}", "no object"),
    ("SELECT * { ?s ¦}", "no predicate and object"),
    ("SELECT * { ?s kg:a ¦; kg:b ?o }", "no object"),
    ("SELECT * { ?s ?p ?o . ¦. ?s a kg:X }", "one '.' already"),
    ("SELECT * { ?s ?p ?o ¦?x ?y ?z }", "a '.' is missing"),
    ("SELECT * { ?s kg:a ?o ; kg:b ?q . ?s ?p ¦}", "no object"),
    ("SELECT * { ?s kg:a ?o , ?q ¦?x ?y }", "a '.' is missing"),
    ("SELECT * { FILTER(?s > 3) . ?s ?p ¦}", "no object"),
    ("SELECT * { ?s ?p ?o FILTER ¦?s > 3 }", "belongs in brackets"),
    ("SELECT * { ?s ?p ?o } LIMIT ¦?x", "a number belongs"),
    ("SELECT * { ?s ?p ?o } ORDER ¦?s", "BY belongs"),
    ("SELECT ?s ?p WHERE¦ ?s ?p ?o", "a '{' belongs"),
    ("SELECT ¦COUNT(?s) { ?s ?p ?o }", "(COUNT(…) AS ?n)"),
    ("SELECT ?a¦, ?b { ?a ?b ?c }", "no commas"),
    ("SELECT ¦{ ?a ?b ?c }", "names no variables"),
    ("SELECT *\nWHERE ¦{\n ?s ?p ?o", "never closed"),
    ("SELECT * { ?s ?p ?o }\n ¦}", "closes nothing"),
    ("SELECT * { BIND ¦?x AS ?y }", "BIND(expression AS ?variable)"),
    ("PREFIX ¦<http://a.example/> SELECT * {}", "PREFIX name: <namespace>"),
]


def complaint(query: str) -> str:
    """What is said about a query that cannot be parsed."""
    prepared = prepare(query, prefixes=PREFIXES)
    with (
        open_store(":memory:", mode="read") as store,
        pytest.raises(QueryError) as caught,
        answered(store, prepared, policy=ServicePolicy(offline=True)),
    ):
        pass
    return str(caught.value)


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("SELECT¦\u00a0* { ?s ?p ?o }", "a no-break space"),
        ("SELECT * { ?s ?p ¦§ }", "has no meaning here"),
        ("SELECT * { ?s ?p ¦“a” }", "typographic quotation mark"),
        ("SELECT * { ?s ?p ?o FILTER(?o > 1 ¦& ?o < 3) }", "'&&' for and"),
    ],
)
def test_a_sign_that_is_none_of_sparql_is_told_at_its_place(marked: str, words: str) -> None:
    """What was meant by it where that can be guessed."""
    with pytest.raises(QueryError, match=words) as caught:
        prepare(marked.replace("¦", ""), prefixes=PREFIXES)
    assert str(caught.value).startswith(f"line 1, column {marked.index('¦') + 1}: ")


@pytest.mark.parametrize(("marked", "words"), MISTAKES)
def test_mistake_is_told_at_its_place(marked: str, words: str) -> None:
    """The usual mistakes are told with line and column, a caret, and what was meant."""
    place = marked.index("¦")
    before = marked[:place]
    line, column = before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1
    said = complaint(marked.replace("¦", ""))
    assert said.startswith(f"line {line}, column {column}: ")
    assert words in said
    assert said.splitlines()[2] == "  " + " " * (column - 1) + "^"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", "neither in GROUP BY nor within an aggregate"),
        ("SELECT * { BIND(1 AS ?s) BIND(2 AS ?s) }", "line 1"),
    ],
)
def test_other_mistakes_are_told_too(query: str, words: str) -> None:
    """What the tokens do not show is told in the engine's words or better."""
    assert words in complaint(query)


def test_no_mistake_is_seen_where_there_is_none() -> None:
    """The shipped queries and shapes of valid patterns raise no complaint."""
    valid = [query.text for query in named_queries().values()]
    valid += [
        "SELECT * { [] ?p ?o }",
        "SELECT * { [ ?p ?o ] . ?s ^kg:a/kg:b* | !kg:c (1 ?x) ; kg:d [ kg:e 1 , 2 ] . }",
        "SELECT * { { SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3 } ?s a kg:X }",
        "SELECT * { VALUES (?x ?y) { (1 UNDEF) (2 3) } GRAPH ?g { ?s ?p 'a'@en, 'b'^^xsd:string } }",
        "ASK { ?s ?p ?o FILTER NOT EXISTS { ?s a kg:X } FILTER(?o IN (1)) OPTIONAL { ?s ?q ?r } MINUS { ?s ?t ?u } }",
        "SELECT (COUNT(*) AS ?n) (MAX(?o) AS ?m) WHERE { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1) LIMIT 5 OFFSET 2",
        "CONSTRUCT { ?s a kg:X ; } WHERE { ?s ?p true . }",
    ]
    assert [find_mistake(Sparql(text)) for text in valid] == [None] * len(valid)
