"""Reviewing links, taking back what was decided, dropping a dataset: nothing that cannot be undone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.core.errors import KgError
from kg.linking.links import decide, prune_links, read_links, say_same, settle, undecide
from kg.linking.merge import datasets, drop_dataset, merge
from kg.linking.review import SSSOM, read_sssom, review, sssom_head, sssom_rows
from kg.store.opening import open_store

BASE = "https://news.example/"
A, KG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://kg.example/ontology#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
TEXT = "It rained. Arden was flooded on Monday. Nobody was hurt."
ARTICLE = f"""
<{BASE}place/arden> <{A}> <{KG}GPE> .
<{BASE}place/arden> <{LABEL}> "Arden" .
<{BASE}place/arden> <{KG}locatedIn> <{BASE}place/norvia> .
<{BASE}place/arden> <{KG}mention> <{BASE}article/a#char=11,16> .
<{BASE}article/a> <https://schema.org/articleBody> "{TEXT}" .
<{BASE}place/norvia> <{A}> <{KG}Country> .
<{BASE}place/norvia> <{LABEL}> "Norvia" .
<{BASE}person/ana-kessel> <{A}> <{KG}Person> .
<{BASE}person/ana-kessel> <{LABEL}> "Ana Kessel" .
<{BASE}person/ana-kessel> <{KG}nationality> <{BASE}place/norvia> .
<{BASE}person/a-kessel> <{A}> <{KG}Person> .
<{BASE}person/a-kessel> <{LABEL}> "A. Kessel" .
""".encode()
SCHEMA = "@prefix s: <https://schema.org/> .\n"
THEIRS = (
    SCHEMA
    + """
<urn:t:norvia> a s:Country ; s:name "Norvia" .
<urn:t:arden> a s:City ; s:name "Arden" ; s:containedInPlace <urn:t:norvia> ; s:description "a town" .
<urn:t:ana> a s:Person ; s:name "Ana Kessel" .
"""
)


@pytest.fixture
def store():
    """A store in memory with one article's entities."""
    with open_store(":memory:", mode="write") as opened:
        opened.replace(f"{BASE}article/a", ARTICLE)
        yield opened


def _merge(store, folder, name, text):
    file = folder / f"{name}.ttl"
    file.write_text(text, "utf-8")
    return merge(file, store)


def _state(store):
    return {graph: store.graph_bytes(graph) for graph in store.graphs()}


def _statuses(store):
    return {link.target: (link.status, link.method == "decision") for link in read_links(store).values()}


def test_a_dropped_dataset_is_gone_with_its_links_decided_ones_too(store, tmp_path):
    """Dataset, links and their sameAs go; what was there before is there byte by byte."""
    before = _state(store)
    _merge(store, tmp_path, "t", THEIRS)
    decide(store, ["urn:t:ana"], "accepted")
    assert [(d.name, d.triples, dict(d.links)) for d in datasets(store)] == [("t", 8, {"accepted": 3})]
    assert drop_dataset(store, "t") == 3
    assert _state(store) == before
    with pytest.raises(KgError, match="no dataset t"):
        drop_dataset(store, "t")


names = st.sampled_from(["Arden", "Norvia", "Ana Kessel", "A. Kessel", "Osk"])
kinds = st.sampled_from(["City", "Country", "Person", "Thing"])
places = st.sampled_from(["Norvia", "Sorvia", None])
rows = st.lists(st.tuples(names, kinds, places, st.integers(0, 9)), min_size=1, max_size=5)


def _turtle(rows):
    lines = [SCHEMA]
    for name, kind, place, number in rows:
        lines.append(f'<urn:t:{number}> a s:{kind} ; s:name "{name}" .')
        lines += [f'<urn:t:{number}> s:addressCountry "{place}" .'] if place else []
    return "\n".join(lines)


@given(rows, rows, st.sampled_from([None, "accepted", "rejected"]), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dataset_that_was_merged_and_dropped_leaves_every_other_byte(tmp_path, first, second, status, twice):
    """Whatever both hold and whatever was decided before, and however often it was merged."""
    with open_store(":memory:", mode="write") as store:
        store.replace(f"{BASE}article/a", ARTICLE)
        _merge(store, tmp_path, "one", _turtle(first))
        links = sorted(read_links(store))
        if status and links:
            decide(store, links[:1], status, both=True)
        before = _state(store)
        _merge(store, tmp_path, "two", _turtle(second))
        if twice:
            _merge(store, tmp_path, "two", _turtle(first))
        drop_dataset(store, "two")
        assert _state(store) == before


def test_what_was_decided_can_be_taken_back(store, tmp_path):
    """An undecided link is what the merge proposed, byte by byte, and one that was not decided is refused."""
    _merge(store, tmp_path, "t", THEIRS)
    before = _state(store)
    decide(store, ["urn:t:norvia"], "rejected")
    decide(store, ["urn:t:ana"], "accepted")
    assert _statuses(store)["urn:t:norvia"] == ("rejected", True)
    undecide(store, ["urn:t:norvia", "urn:t:ana"])
    assert _state(store) == before
    with pytest.raises(KgError, match="nothing was decided"):
        undecide(store, ["urn:t:ana"])


def test_two_of_ours_can_be_said_to_be_one_and_that_taken_back(store):
    """It is a link as others are, with its sameAs; one that nobody knows is refused."""
    before = _state(store)
    one, other = f"{BASE}person/a-kessel", f"{BASE}person/ana-kessel"
    link = say_same(store, other, one)
    assert (link.subject, link.target, link.status) == (one, other, "accepted")
    assert store.query(f"ASK {{ <{one}> <http://www.w3.org/2002/07/owl#sameAs> <{other}> }}")
    undecide(store, [other])
    say_same(store, one, other)
    undecide(store, [one])  # whichever of the two is named
    assert read_links(store) == {}
    assert _state(store) == before
    for pair in ((one, one), (one, f"{BASE}person/nobody")):
        with pytest.raises(KgError):
            say_same(store, *pair)


def test_links_of_what_no_article_names_any_more_go(store, tmp_path):
    """When the article is forgotten, its entities' links go, those that were decided or said by hand too."""
    _merge(store, tmp_path, "t", THEIRS)
    decide(store, ["urn:t:ana"], "accepted")
    say_same(store, f"{BASE}person/a-kessel", f"{BASE}person/ana-kessel")
    assert prune_links(store) == 0
    store.replace(
        f"{BASE}article/a", b"".join(line for line in ARTICLE.splitlines(keepends=True) if b"person" not in line)
    )
    assert prune_links(store) == 2
    store.drop(f"{BASE}article/a")
    assert prune_links(store) == 2
    assert read_links(store) == {}


def test_a_review_shows_what_both_sides_say(store, tmp_path):
    """Names, types, places, description and a sentence of ours stand beside score and reasons."""
    _merge(store, tmp_path, "t", THEIRS)
    shown = {one.link.target: one for one in review(store, read_links(store))}["urn:t:arden"]
    assert (shown.ours.label, shown.ours.types, shown.ours.places) == ("Arden", ("GPE",), ("Norvia",))
    assert shown.ours.sentence == "Arden was flooded on Monday."
    assert (shown.theirs.label, shown.theirs.types, shown.theirs.places) == ("Arden", ("City",), ("Norvia",))
    assert shown.theirs.description == "a town"
    assert "both of norvia" in shown.reasons


def _sssom(store):
    rows = sssom_rows(review(store, read_links(store)), str)
    return sssom_head({"kg": KG}, f"{BASE}graph/links") + "".join("\t".join(row) + "\n" for row in [SSSOM, *rows])


def test_sssom_goes_out_and_comes_back(store, tmp_path):
    """Read back as it is it changes nothing; edited, it decides."""
    _merge(store, tmp_path, "t", THEIRS)
    decide(store, ["urn:t:norvia"], "rejected")
    before = _state(store)
    text = _sssom(store)
    assert settle(store, read_sssom(text, "f", str)) == []
    assert _state(store) == before
    edited = [
        line.replace("skos:closeMatch", "skos:exactMatch") if "urn:t:ana" in line else line.replace("\tNot\t", "\t\t")
        for line in text.splitlines(keepends=True)
    ]
    settle(store, read_sssom("".join(edited), "f", str))
    assert _statuses(store) == {
        "urn:t:norvia": ("accepted", True),
        "urn:t:arden": ("accepted", False),
        "urn:t:ana": ("accepted", True),
    }
    new = "subject_id,predicate_id,object_id\n" + f"{BASE}person/a-kessel,skos:exactMatch,urn:t:other\n"
    settle(store, read_sssom(new, "f", str))
    assert _statuses(store)["urn:t:other"] == ("accepted", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no column object_id"),
        ("", "no column object_id"),
        ("# x\nsubject_id,predicate_id,object_id\nurn:a,,\n", "f: line 3"),
        ("subject_id,predicate_id,object_id\nurn:a,x,not an iri\n", "f: line 2: 'not an iri' is no IRI"),
        ("subject_id,predicate_id,object_id\nAna Kessel,x,urn:b\n", "f: line 2: 'Ana Kessel' is no IRI"),
        ("subject_id,predicate_id,object_id\nurn:a,x,urn:b\nurn:a,x,<urn:c\n", "f: line 3"),
    ],
)
def test_a_file_that_is_no_sssom_is_refused_with_its_line(text, message):
    """What is missing is named, and nothing is decided."""
    with pytest.raises(KgError, match=message):
        read_sssom(text, "f", str)


def test_rows_about_what_the_store_does_not_know_are_refused_whole(store, tmp_path):
    """A row with an unknown entity of ours, or a second accepted target: no row of the file is taken."""
    _merge(store, tmp_path, "t", THEIRS)
    before = _state(store)
    for rows, message in (
        ([("urn:nobody", "urn:t:x", "accepted")], "says nothing about urn:nobody"),
        (
            [
                (f"{BASE}person/a-kessel", "urn:t:ana", "accepted"),
                (f"{BASE}person/ana-kessel", "urn:t:ana", "accepted"),
            ],
            "--both",
        ),
    ):
        with pytest.raises(KgError, match=message):
            settle(store, [(f"{BASE}place/norvia", "urn:t:norvia", "rejected"), *rows])
    assert _state(store) == before
