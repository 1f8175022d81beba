"""Why an answer is empty: the pattern without a match, those that do not meet, the filter that leaves nothing."""

from __future__ import annotations

import harbour
import pytest

from kg.core.errors import QueryError
from kg.query.plan import why_empty
from kg.query.prepare import known_prefixes, parse_bindings, prepare
from kg.store.opening import Store

# query, what is said of it
EMPTY = [
    ("?e a kg:Killing ; kg:agent/skos:prefLabel 'nobody'", 'no match: ?e kg:agent/skos:prefLabel "nobody"'),
    ("?e kg:eventType kg:Killing . ?e kg:nothing ?x", "no match: ?e kg:nothing ?x"),
    ("?e kg:eventType kg:Meeting . ?e kg:factuality kg:negated", "none of them together with"),
    ("?e kg:eventType kg:Killing FILTER(1 > 2)", "every pattern has matches: FILTER"),
    ("?e kg:eventType kg:Killing OPTIONAL { ?e kg:nothing ?x } FILTER(BOUND(?x))", "FILTER BOUND(?x) leaves none"),
    ("GRAPH <https://news.example/none> { ?e kg:eventType ?t }", "no match: ?e kg:eventType ?t"),
    ("{ ?e kg:nothing ?x } UNION { ?e kg:never ?x }", "no match: ?e kg:never ?x"),
    (
        "{ ?e a kg:Killing } UNION { ?e kg:never ?x } FILTER(?e = 1 || !BOUND(?e) && 2 > 3)",
        "|| (!BOUND(?e) && (2 > 3))",
    ),
    ("VALUES ?e { <urn:x> } ?e kg:eventType ?t", "joined with each other they have none"),
]


@pytest.fixture(scope="module")
def store() -> Store:
    """The two articles in memory."""
    return harbour.in_memory()


@pytest.mark.parametrize(("pattern", "words"), EMPTY)
def test_what_is_said_of_an_empty_answer(store, pattern, words):
    """The words of each kind, with names as they were written."""
    prefixes = known_prefixes(store.base)
    prepared = prepare(f"SELECT * {{ {pattern} }}", prefixes=prefixes, bindings={})
    told = "\n".join(why_empty(store, prepared))
    assert words in told


# query, bindings, what is said
BOUND = [
    (
        "?e a kg:Killing ; kg:place ?where",
        {"where": "place:nowhere"},
        "no match: ?where as place:nowhere; without --bind",
    ),
    (
        "?e kg:eventType ?t ; kg:factuality ?f",
        {"t": "kg:Meeting", "f": "kg:negated"},
        "without --bind f there are rows",
    ),
    ("?e kg:eventType ?t ; kg:factuality ?f", {"t": "kg:x", "f": "kg:y"}, "no match: ?t, ?f as they are bound"),
    ("?e kg:nothing ?t", {"t": "kg:x"}, "no match: ?e kg:nothing ?t"),
]


@pytest.mark.parametrize(("pattern", "bindings", "words"), BOUND)
def test_a_binding_at_fault_is_named(store, pattern, bindings, words):
    """Where there are rows without a binding, that is what is said, and no pattern is blamed."""
    prefixes = known_prefixes(store.base)
    terms = parse_bindings([f"{name}={term}" for name, term in bindings.items()], prefixes)
    prepared = prepare(f"SELECT * {{ {pattern} }}", prefixes=prefixes, bindings=terms)
    told = list(why_empty(store, prepared))
    assert words in told[-1]
    assert len(told) <= len(bindings)


def test_an_extension_of_the_engine_is_told(store):
    """What the reader of plans cannot read is one line."""
    prepared = prepare("SELECT * { ?s ?p ?o LATERAL { ?s ?q ?z } }", prefixes=known_prefixes(store.base), bindings={})
    with pytest.raises(QueryError, match="no plan for this query"):
        list(why_empty(store, prepared))
