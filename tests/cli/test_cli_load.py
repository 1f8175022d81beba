"""kg load, extract, validate, merge, links and types from the command line, with the shipped language model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

import kg.core.resources
import kg.extract.reading
from kg.store.opening import open_store

pytestmark = pytest.mark.model

STRIKE = "Rebels attacked the town of Kirra on Monday and killed three farmers, the mayor said.\n"
FLOOD = "Date: 2024-05-08\n\nThe police arrested two men in Norvia on Tuesday.\n"
GRAPH = "https://news.example/article/{}"

TURTLE = """@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
kg:Serenade a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "serenade"@en ; rdfs:comment "Songs."@en ;
    skos:definition "Somebody sings below a window."@en ; skos:example "Two boys serenaded the old man."@en ;
    kg:verb "serenade" .
"""

NO_HEADLINE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://kg.example/ontology#> .
@prefix schema: <https://schema.org/> .
<https://kg.example/shapes#Headline> a sh:NodeShape ; sh:targetClass kg:Article ;
    sh:property [ sh:path schema:headline ; sh:minCount 1 ; sh:message "an article needs a headline" ] .
"""


@pytest.fixture
def news(tmp_path):
    """A folder with two articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "strike.txt").write_text(STRIKE)
    (folder / "flood.txt").write_text(FLOOD)
    return folder


@pytest.fixture
def store(tmp_path):
    """A place for a store."""
    return str(tmp_path / "store")


def _state(location):
    with open_store(location, mode="read") as opened:
        return {graph: opened.graph_bytes(graph) for graph in opened.graphs() if "/article/" in graph}


def test_a_folder_is_loaded_validated_and_queried(run_kg, news, store):
    """The whole line: two articles in, conforming graphs, and an answer that stands in one of them."""
    status, out, err = run_kg("load", news, "--store", store)
    assert (status, out) == (0, "")
    assert err.splitlines()[-1].startswith("2 stored (")
    assert run_kg("validate", "--store", store) == (0, "", "2 articles checked, 0 violations\n")
    query = "SELECT ?who { ?e a kg:Killing ; kg:patient/skos:prefLabel ?who }"
    status, out, _ = run_kg("query", query, "--store", store)
    assert (status, out.split()) == (0, ["who", "farmers"])


def test_loading_says_which_base_and_which_article_lacks_a_date(run_kg, news, store):
    """What a person should know stands on standard error, a line for each matter."""
    _, _, err = run_kg("load", news, "--store", store)
    assert "https://news.example/, a reserved domain: give --base" in err
    assert "strike has no publication date" in err
    assert "flood has no" not in err
    _, _, err = run_kg("load", news, "--store", store + "2", "--base", "https://data.paper.example/")
    assert "reserved" not in err


def test_another_text_under_the_same_id_is_named(run_kg, tmp_path, store):
    """Yesterday's today.txt is gone when today's is loaded: the reader is told, and what to do about it."""
    for day, text in (("monday", STRIKE), ("tuesday", FLOOD)):
        (tmp_path / day).mkdir()
        (tmp_path / day / "today.txt").write_text(text)
    status, _, err = run_kg("load", tmp_path / "monday", "--store", store)
    assert (status, "replaced" in err) == (0, False)
    status, _, err = run_kg("load", tmp_path / "tuesday", "--store", store)
    assert status == 0
    assert "1 replaced other content stored under the same id (first: today)" in err
    status, _, err = run_kg("load", tmp_path / "tuesday", "--store", store, "--refresh")
    assert (status, "replaced" in err) == (0, False)


def test_an_unchanged_folder_is_not_read_again(run_kg, news, store, monkeypatch):
    """The second load does not so much as load the model; --refresh reads again and gives the same bytes."""
    run_kg("load", news, "--store", store)
    before = _state(store)
    with monkeypatch.context() as patched:
        patched.setattr("kg.pipeline.prepared._model", None)
        status, _, err = run_kg("load", news, "--store", store)
    assert (status, err.splitlines()[-1]) == (0, "0 stored (0 events), 2 unchanged, 0 refused, 0 skipped")
    status, _, err = run_kg("load", news, "--store", store, "--refresh")
    assert (status, err.splitlines()[-1][:8]) == (0, "2 stored")
    assert _state(store) == before


def test_one_bad_file_does_not_cost_the_others(run_kg, news, store):
    """The bad file is named with its reason, the rest is loaded, the exit status tells."""
    (news / "bad.txt").write_bytes(b"caf\xe9 was closed")
    status, _, err = run_kg("load", news, "--store", store)
    assert status == 1
    assert f"kg: skipped {news}/bad.txt: not UTF-8 (byte 0xe9 at 3)" in err
    assert len(_state(store)) == 2


def test_an_article_that_the_extraction_stumbles_over_does_not_cost_the_others(run_kg, news, store, monkeypatch):
    """A mistake of the program is told as one, about one article."""
    extract_doc = kg.extract.reading.extract_doc

    def stumble(article, doc, ontology, **flags):
        if article.id == "flood":
            raise IndexError("no such token")
        return extract_doc(article, doc, ontology, **flags)

    monkeypatch.setattr(kg.extract.reading, "extract_doc", stumble)
    status, _, err = run_kg("load", news, "--store", store)
    assert status == 1
    assert "kg: skipped flood: reading it failed (IndexError: no such token)" in err
    assert list(_state(store)) == [GRAPH.format("strike")]


@pytest.mark.parametrize("paths", [["gone.txt"], ["empty"]])
def test_nothing_readable_could_not_run(run_kg, tmp_path, store, monkeypatch, paths):
    """A wrong path or an empty folder ends with status 2 and a word on what to give."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    status, _, err = run_kg("load", *paths, "--store", store)
    assert status == 2
    assert "nothing to load" in err


def test_a_store_in_use_is_told_at_once(run_kg, news, store):
    """A second writer neither waits nor breaks anything."""
    with open_store(store, mode="write"):
        status, _, err = run_kg("load", news, "--store", store)
    assert status == 2
    assert "is in use" in err


def test_another_base_is_refused(run_kg, news, store):
    """A store keeps the base it was made with."""
    run_kg("load", news, "--store", store)
    status, _, err = run_kg("load", news, "--store", store, "--base", "https://other.example/")
    assert status == 2
    assert "https://news.example/" in err


def test_a_missing_ontology_folder_is_told(run_kg, news, store, tmp_path, monkeypatch):
    """Without the ontology nothing can be read: one line says where it was looked for."""
    monkeypatch.setattr(kg.core.resources, "_DATA", tmp_path / "data")
    monkeypatch.setattr(kg.core.resources, "_ROOT", tmp_path)
    status, _, err = run_kg("load", news, "--store", store)
    assert status == 2
    assert "no Turtle files in ontology/" in err


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--ontology", "gone.ttl", "gone.ttl"),
        ("--model", "no-such-model", "no-such-model"),
        ("--published", "soon", "not a date"),
        ("--base", "not an iri", "not an iri"),
    ],
)
def test_a_wrong_setting_ends_with_one_line(run_kg, news, store, flag, value, message):
    """Exit status 2, and the line names what was wrong."""
    status, out, err = run_kg("load", news, "--store", store, flag, value)
    assert (status, out) == (2, "")
    assert message in err.splitlines()[-1]


def test_a_graph_that_breaks_an_added_shape_is_refused_and_the_older_one_stays(run_kg, news, store, tmp_path):
    """House rules are as good as ours: what breaks them is not stored, and nothing is lost."""
    run_kg("load", news, "--store", store)
    before = _state(store)
    rules = tmp_path / "rules.ttl"
    rules.write_text(NO_HEADLINE)
    status, _, err = run_kg("load", news, "--store", store, "--shapes", rules, "--refresh")
    assert status == 1
    assert "refused strike" in err
    assert "an article needs a headline" in err
    assert _state(store) == before
    status, out, err = run_kg("validate", "--store", store, "--shapes", rules)
    assert status == 1
    assert "an article needs a headline" in out
    assert "2 articles checked, 2 violations" in err
    status, out, err = run_kg("validate", "--store", store, "--shapes", rules, "--format", "junit", "--max", "1")
    assert (status, out.count("<failure")) == (1, 1)
    assert "2 violations, 1 shown" in err
    status, _, err = run_kg("validate", "--store", store, "--severity", "grave")
    assert (status, "one of violation, warning, info" in err) == (2, True)


def test_a_warning_is_told_and_the_article_stored(run_kg, news, store, tmp_path):
    """A shape of one's own that only warns refuses nothing: load tells it, validate shows it and is content."""
    rules = tmp_path / "rules.ttl"
    rules.write_text(NO_HEADLINE.replace("sh:message", "sh:severity sh:Warning ; sh:message"))
    status, _, err = run_kg("load", news, "--store", store, "--shapes", rules)
    assert (status, "warning: " in err, "2 stored" in err) == (0, True, True)
    status, out, err = run_kg("validate", "--store", store, "--shapes", rules, "--shape", "none such")
    assert (status, out) == (0, "")
    assert "2 articles checked, 0 violations, 2 warnings, 0 shown" in err


def test_an_event_type_added_in_turtle_is_found_stored_and_checked(run_kg, tmp_path, store):
    """A new event type takes a file of Turtle and no Python."""
    (tmp_path / "songs.ttl").write_text(TURTLE)
    (tmp_path / "a.txt").write_text("Two boys serenaded the old man in Norvia.")
    options = ("--ontology", tmp_path / "songs.ttl")
    status, out, _ = run_kg("extract", tmp_path / "a.txt", "--format", "jsonl", *options)
    assert status == 0
    assert [event["types"] for event in json.loads(out)["events"]] == [["Serenade", "Event"]]
    assert run_kg("load", tmp_path / "a.txt", "--store", store, *options)[0] == 0
    assert run_kg("validate", "--store", store, *options)[0] == 0
    status, out, _ = run_kg("types", "Serenade", "--format", "jsonl", *options)
    assert json.loads(out) == {
        "type": "Serenade",
        "within": "Event",
        "meaning": "Somebody sings below a window.",
        "words": "serenade",
    }
    (tmp_path / "more.ttl").write_text(
        '@prefix kg: <https://kg.example/ontology#> .\nkg:Serenade kg:possibleVerb "croon, strum" .\n'
    )
    more = ("--ontology", tmp_path / "more.ttl", "--possible", "--format", "jsonl")
    status, out, _ = run_kg("types", "Serenade", *options, *more)
    assert (json.loads(out)["words"], json.loads(out)["possible"]) == ("serenade", "croon, strum")
    status, out, _ = run_kg("types", "Person", "--entities", "--possible", "--format", "jsonl")
    assert {json.loads(line)["possible"] for line in out.splitlines()} == {""}


def test_extract_prints_data_only_and_stores_nothing(run_kg, news, tmp_path, monkeypatch):
    """Standard output is Turtle or JSON lines that a program can read, and no store appears."""
    monkeypatch.chdir(tmp_path)
    status, out, _ = run_kg("extract", news)
    assert status == 0
    assert len(list(rdflib.Graph().parse(data=out, format="turtle").subjects(unique=True))) > 10
    status, out, _ = run_kg("extract", news, "--format", "jsonl")
    assert [json.loads(line)["doc"] for line in out.splitlines()] == ["flood", "strike"]
    assert not (tmp_path / "kg-store").exists()


def test_offsets_of_an_extraction_are_those_of_the_text_as_given(run_kg, tmp_path):
    """Emoji and odd spacing before a mention do not shift it: offsets count code points."""
    text = "😀\r\n\u00a0  " + STRIKE
    (tmp_path / "a.txt").write_bytes(text.encode())
    _, out, _ = run_kg("extract", tmp_path / "a.txt", "--format", "jsonl")
    record = json.loads(out)
    mentions = [m for thing in record["entities"] for m in thing["mentions"]]
    mentions += [m for event in record["events"] for m in event["triggers"]]
    assert mentions
    assert all(text[m["start"] : m["end"]] == m["text"] for m in mentions)


def test_validate_checks_files_too(run_kg, news, tmp_path):
    """A graph on disk is checked like a stored one, and a broken one ends with status 1."""
    file = tmp_path / "graph.nt"
    run_kg("extract", news / "strike.txt", "--output", file)
    assert run_kg("validate", file)[0] == 0
    file.write_text(file.read_text().replace("#char=7,", "#char=70,"))
    status, out, _ = run_kg("validate", file)
    assert status == 1
    assert "Mention" in out


def test_merge_links_and_decisions_from_the_command_line(run_kg, news, store, tmp_path):
    """A dataset is merged, its link listed, rejected, and stays rejected."""
    run_kg("load", news, "--store", store)
    slice_file = tmp_path / "slice.ttl"
    slice_file.write_text(
        "@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .\n"
        '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . wd:Q1 rdfs:label "Norvia" ; wdt:P31 wd:Q6256 .\n'
    )
    status, _, err = run_kg("merge", slice_file, "--store", store)
    assert status == 0
    assert "links: 1 accepted" in err
    assert run_kg("links", "--reject", "http://www.wikidata.org/entity/Q1", "--store", store)[0] == 0
    run_kg("merge", slice_file, "--store", store)
    _, out, _ = run_kg("links", "--store", store, "--format", "jsonl")
    assert json.loads(out)["status"] == "rejected"


@pytest.mark.parametrize("seed", ["77", pytest.param("1", marks=pytest.mark.long)])
def test_order_processes_and_hash_seed_leave_no_trace(seed, news, tmp_path, run_kg, monkeypatch):
    """The same articles give the same bytes in any order, with any number of processes and any hash seed.

    Nor is anything left in the home directory: the model's runtime would keep an identifier of the machine there.
    """
    one, other, home = (str(tmp_path / name) for name in ("one", "other", "home"))
    Path(home).mkdir()
    monkeypatch.chdir(news)
    run_kg("load", "flood.txt", "strike.txt", "--store", one)
    command = [sys.executable, "-c", "from kg.cli import main; main()", "load", "strike.txt", "flood.txt", "-j", "2"]
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment |= {"PYTHONHASHSEED": seed, "HOME": home}
    subprocess.run([*command, "--store", other], check=True, env=environment)
    assert _state(one) == _state(other)
    assert len(_state(one)) == 2
    assert list(Path(home).rglob("*")) == []
