"""What the targets of accepted links say and ours say too: agreeing, contradicting, nothing where one is silent."""

from __future__ import annotations

from decimal import Decimal

from kg.core.vocab import COMMON_PREFIXES
from kg.linking.agreement import Fact, compared, names_of, summary
from kg.linking.match import Known, Link, Named
from kg.store.opening import NamedNode, RdfLiteral, Triple

OURS, THEIRS = "https://news.example/place/arden", "https://other.example/arden"
WD, WDT = COMMON_PREFIXES["wd"], COMMON_PREFIXES["wdt"]
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


def test_properties_with_numbers_are_told_by_their_names():
    """P36 is told as the dataset names it, else as it is known here; what nobody names stays a number."""
    facts = [
        Fact("new", "https://news.example/place/norvia", f"{WD}Q1", f"{WDT}{number}", "", value)
        for number, value in (("P36", f"{WD}Q2"), ("P36", f"{WD}Q3"), ("P30", f"{WD}Q15"), ("P999999", "7"))
    ]
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    triples = [
        Triple(NamedNode(f"{WD}P30"), label, RdfLiteral("Kontinent", language="de")),
        Triple(NamedNode(f"{WD}P30"), label, RdfLiteral("part of the world", language="en")),
        Triple(NamedNode(f"{WD}Q2"), label, RdfLiteral("Norvia City", language="en")),
    ]
    names = names_of(triples, {part for fact in facts for part in (fact.what, fact.theirs)})
    (line,) = summary(facts, names)
    assert line == "4 new: capital 2, P999999 1, part of the world 1; such as norvia: capital Norvia City"
