"""Merging linked data: a graph of its own, links in the graph of links, and nothing else touched."""

from __future__ import annotations

import pytest

from kg.core.errors import KgError
from kg.linking.links import decide, links_graph, read_links
from kg.linking.merge import drop_dataset, merge
from kg.store.opening import open_store

BASE = "https://news.example/"
ARTICLE = f"{BASE}article/a"
METHOD = "name, type and surroundings"
WD = "http://www.wikidata.org/entity/"

OURS = f"""
<{BASE}place/norvia> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#GPE> .
<{BASE}place/norvia> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Place> .
<{BASE}place/norvia> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Entity> .
<{BASE}place/norvia> <http://www.w3.org/2004/02/skos/core#prefLabel> "Norvia" .
<{BASE}organization/arden> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Company> .
<{BASE}organization/arden> <http://www.w3.org/2004/02/skos/core#prefLabel> "Arden" .
<{ARTICLE}#men-4> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Group> .
<{ARTICLE}#men-4> <http://www.w3.org/2004/02/skos/core#prefLabel> "men" .
""".encode()

THEIRS = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
wd:Q1 rdfs:label "Norvège imaginaire"@fr, "Norvia"@en ; wdt:P31 wd:Q1000 ; wdt:P36 [ rdfs:label "Norvia City" ] .
wd:Q1000 wdt:P279 wd:Q6256 .
wd:Q2 rdfs:label "Arden" ; wdt:P31 wd:Q515 .
wd:Q3 rdfs:label "Arden"@en ; wdt:P31 wd:Q891723 .
wd:Q4 rdfs:label "Arden"@en ; wdt:P31 wd:Q4830453 .
wd:Q5555 rdfs:label "men"@en .
"""


@pytest.fixture
def store():
    """A store in memory with one article's entities."""
    with open_store(":memory:", mode="write") as opened:
        opened.replace(ARTICLE, OURS)
        yield opened


@pytest.fixture
def slice_file(tmp_path):
    """A small dataset in the shape of Wikidata."""
    file = tmp_path / "slice.ttl"
    file.write_text(THEIRS, "utf-8")
    return file


def _state(store):
    return {graph: store.graph_bytes(graph) for graph in store.graphs()}


def _by_target(store):
    return {link.target.removeprefix(WD): (link.status, link.method) for link in read_links(store).values()}


def test_a_dataset_lands_in_its_own_graph_and_articles_stay_as_they_are(store, slice_file):
    """Merging adds the dataset's graphs and that of the links, and changes none."""
    done = merge(slice_file, store)
    assert done.graph == f"{BASE}graph/dataset/slice"
    assert store.graphs() == [ARTICLE, done.graph, f"{done.graph}/about", links_graph(store)]
    assert store.graph_bytes(ARTICLE).splitlines() == sorted(OURS.strip().splitlines())


def test_links_are_accepted_where_unambiguous_and_candidates_elsewhere(store, slice_file):
    """A country by name and class is accepted, two companies of one name wait, a town and a group are no match."""
    done = merge(slice_file, store)
    assert _by_target(store) == {
        "Q1": ("accepted", METHOD),
        "Q3": ("candidate", METHOD),
        "Q4": ("candidate", METHOD),
    }
    assert dict(done.links) == {"accepted": 1, "candidate": 2}


def test_only_accepted_links_have_a_same_as_beside_them(store, slice_file):
    """A candidate states no identity."""
    merge(slice_file, store)
    rows = store.query("SELECT ?a ?b WHERE { ?a owl:sameAs ?b }", prefixes={"owl": "http://www.w3.org/2002/07/owl#"})
    assert [(r["a"].value, r["b"].value) for r in rows] == [(f"{BASE}place/norvia", WD + "Q1")]


def test_merging_again_changes_nothing(store, slice_file):
    """The same file gives the same bytes, blank nodes included."""
    merge(slice_file, store)
    before = _state(store)
    merge(slice_file, store)
    assert _state(store) == before
    assert not any(b"_:" in ntriples for ntriples in before.values())


def test_a_decision_outlives_a_merge(store, slice_file):
    """What a person accepted or rejected stays, also where the new dataset would say otherwise."""
    merge(slice_file, store)
    decide(store, [WD + "Q3"], "accepted")
    decide(store, [WD + "Q1"], "rejected")
    merge(slice_file, store)
    assert _by_target(store) == {
        "Q1": ("rejected", "decision"),
        "Q3": ("accepted", "decision"),
        "Q4": ("candidate", METHOD),
    }
    rows = store.query("SELECT ?b WHERE { ?a owl:sameAs ?b }", prefixes={"owl": "http://www.w3.org/2002/07/owl#"})
    assert [r["b"].value for r in rows] == [WD + "Q3"]


def test_links_to_things_that_left_the_dataset_go_and_other_datasets_links_stay(store, slice_file, tmp_path):
    """A new edition of a dataset renews its own links only."""
    merge(slice_file, store)
    other = tmp_path / "other.nt"
    other.write_text('<urn:x:n> <http://www.w3.org/2000/01/rdf-schema#label> "Norvia" .\n')
    merge(other, store)
    slice_file.write_text(THEIRS.replace("wd:Q4 ", "wd:Q44 "), "utf-8")
    merge(slice_file, store)
    assert _by_target(store) == {
        "Q1": ("accepted", METHOD),
        "Q3": ("candidate", METHOD),
        "Q44": ("candidate", METHOD),
        "urn:x:n": ("candidate", METHOD),
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", "wd:Q1 a wd:Q2 .", "not Turtle"),
        ("a.nt", "", "no triples in it"),
        ("a.csv", "a,b", "unknown kind of RDF file"),
        ("gone.ttl", None, "cannot be read"),
        ("bad.nt", b"\xfa\xfb", "not N-Triples"),
    ],
)
def test_a_file_that_cannot_be_merged_leaves_the_store_as_it_was(store, tmp_path, name, content, message):
    """A broken file is named with its reason, and nothing of it is stored."""
    before = _state(store)
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(KgError, match=message):
        merge(file, store)
    assert _state(store) == before


def test_deciding_on_a_link_that_is_not_there_is_refused(store, slice_file):
    """A mistyped target changes nothing and names the way to the right one."""
    merge(slice_file, store)
    with pytest.raises(KgError, match="kg links"):
        decide(store, [WD + "Q999"], "accepted")


PEOPLE = f"""
<{BASE}person/ana-kessel> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Person> .
<{BASE}person/ana-kessel> <http://www.w3.org/2004/02/skos/core#prefLabel> "Ana Kessel" .
<{BASE}person/ana-kessel> <https://kg.example/ontology#nationality> <{BASE}place/norvia> .
""".encode()
PERSON = '<{0}> a <https://schema.org/Person> ; <https://schema.org/name> "Ana Kessel" . '
OF_NORVIA = '<{0}> <https://schema.org/nationality> [ <https://schema.org/name> "Norvia" ] . '


def _merge(store, tmp_path, name, text):
    file = tmp_path / f"{name}.ttl"
    file.write_text(text, "utf-8")
    return merge(file, store)


def _people(store):
    return {link.target: link.status for link in read_links(store).values() if "person/" in link.subject}


def test_namesakes_in_a_later_dataset_withdraw_what_was_accepted_and_one_in_a_later_one_waits(store, tmp_path):
    """Once any dataset shows two people of a name, no dataset's one is accepted by itself, in either order."""
    store.replace(f"{BASE}article/b", PEOPLE)
    one = PERSON.format("urn:a:1") + OF_NORVIA.format("urn:a:1")
    _merge(store, tmp_path, "a", one)
    assert _people(store) == {"urn:a:1": "accepted"}
    before = _state(store)
    done = _merge(store, tmp_path, "b", PERSON.format("urn:b:1") + PERSON.format("urn:b:2"))
    assert (done.withdrawn, set(_people(store).values())) == (1, {"candidate"})
    assert any(
        "several of that name in b" in line.decode() for line in store.graph_bytes(links_graph(store)).splitlines()
    )
    _merge(store, tmp_path, "c", one.replace("urn:a:1", "urn:c:1"))
    assert _people(store) == dict.fromkeys(("urn:a:1", "urn:b:1", "urn:b:2", "urn:c:1"), "candidate")
    drop_dataset(store, "b")
    assert _people(store) == {"urn:a:1": "accepted", "urn:c:1": "accepted"}
    drop_dataset(store, "c")
    assert _state(store) == before


def test_a_target_that_a_person_accepted_leaves_no_room_for_another(store, slice_file):
    """A new edition brings a second company of the name: the decision stands, and the new one waits."""
    merge(slice_file, store)
    decide(store, [WD + "Q3"], "accepted")
    with pytest.raises(KgError, match="--both"):
        decide(store, [WD + "Q4"], "accepted")
    assert _by_target(store)["Q4"][0] == "candidate"
    decide(store, [WD + "Q4"], "accepted", both=True)
    assert _by_target(store)["Q4"][0] == "accepted"
