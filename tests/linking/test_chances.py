"""Chances of links: what rivals take from each other, what is measured, the labelled pairs they were learned from."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.names import fold
from kg.linking.evidence import kilometres
from kg.linking.match import accept, find_links, find_pairs
from kg.linking.names import keys
from kg.linking.things import Known, Named
from kg.linking.weighing import chance, weights
from kg.ontology.load import load_ontology

CASES = Path(__file__).parents[1] / "cases" / "links"
IS_A = load_ontology().is_a
KNOWN = Known(
    countries=frozenset({"norvia", "sorvia"}),
    generic=frozenset({"ministry", "party", "bank", "central"}),
    common=frozenset({"john", "smith"}),
    peoples=frozenset({"norvia", "norvian"}),
)


def _rows(name):
    with (CASES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


def test_the_labelled_pairs_are_many_and_whole():
    """Every mention means a thing of the table or none, and the things that share a name make more than 500 pairs."""
    theirs, mentions = _rows("theirs.tsv"), _rows("mentions.tsv")
    known = {row["iri"]: row for row in theirs}
    assert len(known) == len(theirs)
    assert {iri for row in mentions for iri in row["meant"].split()} - {"-"} <= known.keys()
    assert all(int(row["begin"]) < int(row["end"]) for row in mentions)
    shared = Counter(key for row in theirs for key in keys(row["names"].split("|")))
    of_name = {iri: max(shared[key] for key in keys(row["names"].split("|"))) for iri, row in known.items()}
    assert sum(of_name.get(iri, 0) for row in mentions for iri in row["meant"].split()) > 500
    assert len(mentions) > 400


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_chances_of_rivals_add_up_to_no_more_than_one(odds):
    """Of rivals one at most is right, and what is left is the chance of none."""
    values = [chance(own, odds[:at] + odds[at + 1 :]) for at, own in enumerate(odds)]
    assert all(0 <= value < 1 for value in values)
    assert sum(values) <= 1 + 1e-9


def test_the_weights_say_what_anybody_would():
    """A country of both, an identifier, a spot speak for a pair; what excludes speaks against it."""
    weight = weights().weight
    assert weight["one identifier"] > 3 < -weight["another identifier"]
    for kind in ("person", "body"):
        assert weight[f"of one country, {kind}"] > 0 > weight[f"of different countries, {kind}"]
    assert weight["far apart"] < 0 < weight["one spot"]
    assert weight["not there yet"] < 0
    assert weight["names that very many people have"] < 0
    assert accept() >= 0.8


def _one(our, their, **kinds):
    (link,) = find_links([our], [their], IS_A, kinds.get("known", KNOWN))
    return link


SMITH = Named("o:1", ("John Smith",), frozenset({"Person"}), years=(2024, 2024), said=frozenset({"senat", "bill"}))
ROWS = {
    "a person": (SMITH, Named("t:1", ("John Smith",), frozenset({"Person"}))),
    "a person of another trade": (
        SMITH,
        Named("t:1", ("John Smith",), frozenset({"Person"}), called=frozenset({"wrestl"})),
    ),
    "a person who was dead": (SMITH, Named("t:1", ("John Smith",), frozenset({"Person"}), years=(1580, 1631))),
    "a town": (
        Named("o:1", ("Springfield",), frozenset({"GPE"})),
        Named("t:1", ("Springfield",), frozenset({"Settlement"}), places=frozenset({"norvia"})),
    ),
    "a ministry": (
        Named("o:1", ("Ministry of Defence",), frozenset({"GovernmentAgency"}), beside=frozenset({"norvia", "sorvia"})),
        Named("t:1", ("Ministry of Defence",), frozenset({"GovernmentAgency"}), places=frozenset({"norvia"})),
    ),
    "a party": (
        Named("o:1", ("Labour Party",), frozenset({"PoliticalParty"})),
        Named("t:1", ("Labour Party",), frozenset({"PoliticalParty"}), places=frozenset({"norvia"})),
    ),
    "an acronym": (
        Named("o:1", ("ABC",), frozenset({"Organization"})),
        Named("t:1", ("Arden Broadcasting Company", "ABC"), frozenset({"Organization"})),
    ),
    "initials": (
        Named("o:1", ("NFA",), frozenset({"Organization"})),
        Named("t:1", ("National Farm Agency",), frozenset({"Organization"})),
    ),
    "no class": (SMITH, Named("t:1", ("John Smith",), frozenset())),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_file_of_one_row_is_no_proof(name):
    """Of a name that many bear the only one of a file is not by that the one of the news."""
    link = _one(*ROWS[name])
    assert link.status == "candidate"
    assert link.reasons


def test_identifiers_and_coordinates_decide_between_namesakes():
    """The one whose identifier ours has is accepted, whatever its rivals; one of another spot is not."""
    ours = Named(
        "o:1", ("Tripoli",), frozenset({"GPE"}), at=(32.89, 13.19), identifiers=frozenset({"https://g/2210247/"})
    )
    libya = Named(
        "t:1", ("Tripoli",), frozenset({"Settlement"}), at=(32.88, 13.18), identifiers=frozenset({"https://g/2210247/"})
    )
    lebanon = Named(
        "t:2", ("Tripoli",), frozenset({"Settlement"}), at=(34.43, 35.83), identifiers=frozenset({"https://g/266826/"})
    )
    links = {link.target: link for link in find_links([ours], [libya, lebanon], IS_A, KNOWN)}
    assert (links["t:1"].status, links["t:2"].status) == ("accepted", "candidate")
    assert any(reason.startswith("against: ") for reason in links["t:2"].reasons)
    assert kilometres(libya.at, ours.at) < 20
    assert kilometres(libya.at, lebanon.at) > 2000


def test_two_of_one_name_never_are_both_accepted():
    """Neither two targets of one of ours nor two of ours for one target, however much speaks for each."""
    places = frozenset({"norvia"})
    body = frozenset({"Company"})
    ours = [Named(f"o:{n}", ("Osk Harbour Works",), body, places=places) for n in range(2)]
    theirs = [Named(f"t:{n}", ("Osk Harbour Works",), body, places=places) for n in range(2)]
    for some, others in ((ours[:1], theirs), (ours, theirs[:1]), (ours, theirs)):
        assert [link.status for link in find_links(some, others, IS_A, KNOWN)] == ["candidate"] * len(some) * len(
            others
        )


def test_split_by_names():
    """Names that are kept for the end are a third, and no name stands on both sides."""
    from benchmarks.links import KEPT_AWAY, crc32

    away = {
        fold(row["names"].split("|")[0]): crc32(fold(row["names"].split("|")[0]).encode()) % KEPT_AWAY == 0
        for row in _rows("theirs.tsv")
    }
    assert 0.2 < sum(away.values()) / len(away) < 0.45


def _parts(ours, theirs, known, kind="GovernmentAgency"):
    body = frozenset({kind})
    (pair,) = find_pairs([Named("o:1", (ours,), body)], [Named("t:1", theirs, body)], IS_A, known)
    return {part.name for part in pair.parts}


def test_what_a_body_s_whole_name_says_beside_a_common_one():
    """A "Supreme Court" may be that of many a country, the "Norvian Army" one of a narrower name."""
    known = Known(
        generic=frozenset({"supreme", "court", "army"}),
        unique=frozenset({("supreme court", "GovernmentAgency"), ("osk press", "GovernmentAgency")}),
        peoples=frozenset({"norvia", "norvian"}),
    )
    assert "its whole name says its country, body" in _parts(
        "Supreme Court", ("Supreme Court of Norvia", "Supreme Court"), known
    )
    assert "its whole name says more, body" in _parts("Norvian Army", ("Real Norvian Army", "Norvian Army"), known)
    same = _parts("Supreme Court", ("Supreme Court",), known)
    assert not {name for name in same if name.startswith("its whole name")}
    assert "a name known everywhere" not in same, "many countries have a body of such a name"
    assert "a name known everywhere" in _parts("Osk Press", ("Osk Press",), known)
    company = _parts("Halvard", ("Halvard Motor Works", "Halvard"), known, "Company")
    assert not {name for name in company if name.startswith("its whole name")}, "no common name"


def test_bodies_that_share_their_names_are_for_the_end():
    """The mentions of bodies/ mean things of its table or none, and none of them is one to learn from or choose by."""
    theirs, mentions = _rows("bodies/theirs.tsv"), _rows("bodies/mentions.tsv")
    known = {row["iri"]: row for row in theirs}
    assert len(known) == len(theirs)
    assert {row["meant"] for row in mentions} - {"-"} <= known.keys()
    assert not known.keys() & {row["iri"] for row in _rows("theirs.tsv")}
    texts = {(row["file"], row["line"]) for row in _rows("mentions.tsv")}
    assert not texts & {(row["file"], row["line"]) for row in mentions}
    assert len(mentions) >= 125
