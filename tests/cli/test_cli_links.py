"""kg merge and kg links from the command line: prefixed names, both sides shown, nothing that cannot be undone."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

from kg.cli import main
from kg.store.opening import open_store

BASE = "https://news.example/"
A, KG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://kg.example/ontology#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ARTICLE = "".join(
    f'<{BASE}{iri}> <{A}> <{KG}{kind}> .\n<{BASE}{iri}> <{LABEL}> "{name}" .\n'
    for iri, kind, name in (
        ("place/norvia", "Country", "Norvia"),
        ("person/ana-kessel", "Person", "Ana Kessel"),
        ("person/kessel", "Person", "A. Kessel"),
    )
)
THEIRS = """@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
wd:Q1 rdfs:label "Norvia"@en ; wdt:P31 wd:Q6256 . wd:Q2 rdfs:label "Ana Kessel"@en ; wdt:P31 wd:Q5 .
"""


@pytest.fixture
def kg(tmp_path, monkeypatch, capsys):
    """The command line on a store of one article and a file to be merged, in a folder of its own."""
    with open_store(str(tmp_path / "store"), mode="write") as store:
        store.replace(f"{BASE}article/a", ARTICLE.encode())
    (tmp_path / "wiki.ttl").write_text(THEIRS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_STORE", "store")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kg", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def _statuses(kg):
    rows = json.loads(kg("links", "--format", "json")[1])
    return {row["target"].rpartition("/")[2]: row["status"] for row in rows}


def test_datasets_are_listed_and_dropped_by_name(kg):
    """What was merged under a name is listed under it, and gone when dropped; a wrong name says which there are."""
    before = kg("export", "--format", "nquads")[1]
    assert kg("merge", "wiki.ttl", "--dataset", "wiki data")[0] == 0
    rows = json.loads(kg("merge", "--list", "--format", "json")[1])
    assert [(row["dataset"], row["accepted"], row["candidate"]) for row in rows] == [("wiki data", 1, 1)]
    status, _, err = kg("merge", "--drop", "wiki")
    assert (status, "there are wiki data" in err) == (2, True)
    assert kg("merge", "--drop", "wiki data")[0] == 0
    assert kg("export", "--format", "nquads")[1] == before
    assert kg("merge")[0] == kg("merge", "wiki.ttl", "--list")[0] == 2
    for flag in ("--accept", "--reject", "--undecide"):  # where the store has no link at all
        assert kg("links", flag, "nonsense")[0] == 2


def test_links_are_decided_by_prefixed_names_and_undecided(kg):
    """The names that tables show are taken; a decision taken back leaves the links as they were merged."""
    kg("merge", "wiki.ttl")
    before = kg("export", "--format", "nquads")[1]
    assert _statuses(kg) == {"Q1": "accepted", "Q2": "candidate"}
    assert kg("links", "--accept", "wd:Q2", "--reject", "wd:Q1")[0] == 0
    assert _statuses(kg) == {"Q1": "rejected", "Q2": "accepted"}
    assert kg("links", "--undecide", "wd:Q2", "--undecide", "wd:Q1")[0] == 0
    assert kg("export", "--format", "nquads")[1] == before
    assert kg("links", "--accept", "wd:Q77")[0] == 2


def test_sssom_is_written_and_read_back(kg, tmp_path):
    """An edited table decides, as CSV and as TSV."""
    kg("merge", "wiki.ttl")
    for name in ("links.csv", "links.tsv"):
        assert kg("links", "--format", "sssom", "--output", name)[0] == 0
        file = tmp_path / name
        file.write_text(file.read_text("utf-8").replace("skos:closeMatch", "skos:exactMatch"), "utf-8")
        assert kg("links", "--import", name)[0] == 0
        assert _statuses(kg)["Q2"] == "accepted"
        kg("links", "--undecide", "wd:Q2")
    assert kg("links", "--import", "gone.csv")[0] == 2


def test_two_of_ours_are_said_to_be_one_by_name(kg):
    """Names and prefixed names are taken; anything else is refused with what to do."""
    assert kg("links", "same", "Ana Kessel", "person:kessel")[0] == 0
    assert _statuses(kg) == {"kessel": "accepted"}
    for words in (["same", "Ana Kessel"], ["one", "a", "b"], ["same", "Ana Kessel", "Nobody"]):
        assert kg("links", *words)[0] == 2


def test_explaining_a_same_as_shows_score_and_reasons(kg):
    """The link behind owl:sameAs is shown with what spoke for it."""
    kg("merge", "wiki.ttl")
    out = kg("explain", "?", "owl:sameAs", "wd:Q1")[1]
    assert "wd:Q1 (accepted, 0.94: same preferred name; a country's name; types fit: Country and Country)" in out


def test_merge_takes_several_files_and_packed_ones(run_kg, tmp_path):
    """Each is its own dataset, or all one with a name; two of one name are refused, as are two kinds of source."""
    one, two = tmp_path / "one.ttl", tmp_path / "two.nt.gz"
    one.write_text('<urn:x:1> <http://www.w3.org/2000/01/rdf-schema#label> "one" .')
    two.write_bytes(gzip.compress(b'<urn:x:2> <http://www.w3.org/2000/01/rdf-schema#label> "two" .\n'))
    store = tmp_path / "store"
    assert run_kg("merge", one, two, "--store", store)[0] == 0
    assert [row.split(",")[:2] for row in run_kg("merge", "--list", "--store", store)[1].splitlines()[1:]] == [
        ["one", "1"],
        ["two", "1"],
    ]
    assert run_kg("merge", one, two, "--dataset", "both", "--store", store)[0] == 0
    assert "both,2," in run_kg("merge", "--list", "--store", store)[1]
    for arguments, words in (
        ((one, one), "two files would be the dataset one"),
        ((one, "--list"), "merge takes FILEs, or --endpoint URL"),
        (("--endpoint", "ftp://x"), "begins with http://"),
    ):
        status, _, said = run_kg("merge", *arguments, "--store", store)
        assert (status, said.count("\n")) == (2, 1)
        assert words in said


def test_readers_get_few_columns_and_programs_all(kg, tmp_path):
    """A table and Markdown have what fits a page, wherever they go; CSV in a pipe and JSON have every column."""
    kg("merge", "wiki.ttl")
    head = kg("links")[1].splitlines()[0]
    assert head.startswith("subject,target,status,score,reasons,link,")
    assert kg("links", "--format", "table")[1].split()[:6] == "status score ours theirs reasons sentence".split()
    assert kg("links", "--format", "markdown")[1].splitlines()[0].count("|") == 7
    assert kg("links", "--output", "links.md")[0] == 0
    assert (tmp_path / "links.md").read_text("utf-8").splitlines()[0].count("|") == 7
    assert len(json.loads(kg("links", "--format", "json")[1])[0]) == 17
