"""What the targets of accepted links say and ours say too: agreeing, contradicting, nothing where one is silent."""

from __future__ import annotations

from decimal import Decimal

from kg.linking.agreement import compared
from kg.linking.match import Known, Link, Named

OURS, THEIRS = "https://news.example/place/arden", "https://other.example/arden"
KNOWN = Known(countries=frozenset({"kenya", "chad"}))


def verdicts(our_places, their_places):
    """(verdict, what) of one accepted link between things that lie in these places."""
    link = Link(OURS, THEIRS, "decision", Decimal(1), "accepted", ())
    ours = {OURS: Named(OURS, ("Arden",), frozenset({"Settlement"}), places=frozenset(our_places))}
    theirs = {THEIRS: Named(THEIRS, ("Arden",), frozenset({"Settlement"}), places=frozenset(their_places))}
    found = compared([link], ours, theirs, [], KNOWN, lambda one, other: one == other)
    return {(fact.verdict, fact.what) for fact in found} - {("agreeing", "name"), ("agreeing", "type")}


def test_countries_agree_or_contradict_only_where_both_name_one():
    """The same country agrees, another one contradicts, and one that only a side knows says nothing."""
    assert verdicts({"kenya"}, {"kenya"}) == {("agreeing", "country")}
    assert verdicts({"kenya"}, {"chad"}) == {("contradicting", "country")}
    assert verdicts({"kenya"}, set()) == set()
    assert verdicts(set(), {"chad"}) == set()
    assert verdicts({"lake district"}, {"lake district"}) == {("agreeing", "place")}
    assert verdicts({"lake district"}, {"coast"}) == set()
