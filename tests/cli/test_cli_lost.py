"""What a load, an update, a merge and a forgetting leave behind, and what is told before anything is lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import prepared_load
import pytest

from kg.pipeline.added import check_given, digests, missing
from kg.store.opening import open_store

BASE = "https://news.example/"
EVENTS = """@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
kg:Celebration a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "celebration"@en ; rdfs:comment "A feast."@en ;
    skos:definition "People celebrate."@en ; skos:example "Farmers celebrated the harvest in Arden."@en ;
    kg:verb "celebrate" ; kg:noun "celebration" .
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in with an article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Date: 2024-03-13\n\nFarmers celebrated the harvest in Arden on Monday.\n", "utf-8")
    (tmp_path / "mine.ttl").write_text(EVENTS, "utf-8")
    return tmp_path


def test_a_load_that_stores_nothing_leaves_no_store(here, run_kg) -> None:
    """Nothing readable, nothing given, nothing merged: the folder is not there afterwards, and binds no base."""
    (here / "bad.ttl").write_text("oops", "utf-8")
    (here / "empty.txt").write_text("", "utf-8")
    for arguments in (["load", "none.txt"], ["load", "empty.txt"], ["merge", "bad.ttl"], ["merge", "none.ttl"]):
        assert run_kg(*arguments, "--base", "https://one.example/")[0] == 2
        assert not (here / "kg-store").exists(), arguments


def test_a_store_tells_of_added_files_that_are_missing(here, run_kg) -> None:
    """Events of a person's own types are not dropped in silence: the file is named, and given again or done without."""
    assert run_kg("load", "a.txt", "--ontology", "mine.ttl")[0] == 0
    count = ["query", "SELECT (COUNT(*) AS ?n) { ?e kg:eventType kg:Celebration }", "--format", "csv"]
    assert run_kg(*count)[1].split() == ["n", "1"]
    for again in (["load", "a.txt"], ["load", "a.txt", "--refresh"]):
        status, _, said = run_kg(*again)
        assert (status, "--ontology mine.ttl" in said) == (2, True)
    assert run_kg(*count)[1].split() == ["n", "1"]
    (here / "mine.ttl").rename(here / "moved.ttl")  # the content counts as well as the name
    assert run_kg("load", "a.txt", "--ontology", "moved.ttl")[0] == 0
    assert run_kg("load", "a.txt", "--forget-added")[0] == 0
    assert run_kg(*count)[1].split() == ["n", "0"]
    assert run_kg("load", "a.txt")[0] == 0


def test_an_update_is_told_before_a_reload_undoes_it(here, run_kg) -> None:
    """An article that a person changed stays as it is, with a word, until its undoing is asked for."""
    assert run_kg("load", "a.txt")[0] == 0
    graph = f"<{BASE}article/a>"
    assert run_kg("update", f'INSERT DATA {{ GRAPH {graph} {{ {graph} <a:note> "mine" }} }}')[0] == 0
    ask = ["query", 'ASK { ?x <a:note> "mine" }']
    for again in (["load", "a.txt", "--refresh"], ["load", "a.txt", "--refresh", "--title", "New"]):
        status, _, said = run_kg(*again)
        assert (status, "--undo-updates" in said, run_kg(*ask)[0]) == (1, True, 0)
    assert run_kg("load", "a.txt", "--refresh", "--undo-updates")[0] == 0
    assert run_kg(*ask)[0] == 1
    assert run_kg("load", "a.txt", "--refresh")[0] == 0


@pytest.mark.parametrize("gone", [f"DROP GRAPH <{BASE}article/a>", "DROP ALL", "CLEAR NAMED"])
def test_what_an_update_emptied_is_read_again(here, run_kg, gone: str) -> None:
    """Nothing of a person's is undone by it."""
    assert run_kg("load", "a.txt")[0] == 0
    assert run_kg("update", gone)[0] == 0
    status, _, said = run_kg("load", "a.txt")
    assert (status, "1 stored" in said) == (0, True)


def test_forgetting_says_what_is_missing(here, run_kg) -> None:
    """An unknown id is told with exit status 2, as by every verb; the others are dropped all the same."""
    with open_store("kg-store", mode="write") as store:
        for name in "ab":
            store.replace(f"{BASE}article/{name}", f"<{BASE}article/{name}> <a:p> <a:o> .\n".encode())
    assert run_kg("forget", "a")[0] == 0
    status, _, said = run_kg("forget", "none", "b", "nor")
    assert (status, "none, nor" in said) == (2, True)
    with open_store("kg-store", mode="read") as store:
        assert store.graphs() == []


def test_missing_files_are_told_by_name_and_content(tmp_path) -> None:
    """A file is there if its name or its content is; a folder stands for its files, of two of one name each counts."""
    for folder, words in (("one", "a"), ("two", "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(words, "utf-8")
    both = digests([tmp_path / "one", tmp_path / "two" / "x.ttl"], [])
    assert sorted(both["ontology"]) == ["two/x.ttl", "x.ttl"]
    with open_store(str(tmp_path / "store"), mode="write") as store:
        store.remember_added(both)
    with open_store(str(tmp_path / "store"), mode="read") as store:
        check_given(store, both)
        assert missing(store, digests([tmp_path / "two"], [])) == []  # x.ttl is a name given, the other's content too
        assert missing(store, {}) == ["--ontology two/x.ttl", "--ontology x.ttl"]


def test_a_synced_load_is_there_and_whole(tmp_path) -> None:
    """--sync changes nothing but the waiting."""
    with open_store(str(tmp_path / "store"), mode="write", sync=True) as store:
        store.replace("https://news.example/article/a", b'<a:s> <a:p> "x" .\n')
    with open_store(str(tmp_path / "store"), mode="read") as store:
        assert store.graph_bytes("https://news.example/article/a")


def limited_load(location: Path, megabytes: int, generation: int) -> subprocess.CompletedProcess[str]:
    """A load in a process that can write no file above a size: as on a full disk."""
    command = [sys.executable, prepared_load.__file__, str(location), str(generation), str(generation), "1"]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * 2**16, megabytes * 2**16))

    root = Path(__file__).parents[2]
    return subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False, cwd=root)


def test_a_full_disk_leaves_what_was_stored(tmp_path) -> None:
    """Where nothing more can be written, the load fails in words, and each graph is whole in one version."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, prepared_load.GRAPHS)
    for generation in range(1, 4):
        done = limited_load(location, generation, generation)
        assert done.returncode != 0
        assert "StoreError" in done.stderr.splitlines()[-1], done.stderr[-500:]
        with open_store(str(location), mode="read") as store:
            for number in range(prepared_load.GRAPHS):
                held = store.graph_bytes(prepared_load.graph(number))
                assert held in [prepared_load.content(number, g) for g in range(generation + 1)]
    prepared_load.load(str(location), 9, 9, prepared_load.GRAPHS)
    with open_store(str(location), mode="read") as store:
        assert store.graph_bytes(prepared_load.graph(3)) == prepared_load.content(3, 9)


def test_a_folder_that_may_not_be_written_is_read_by_anybody(tmp_path) -> None:
    """A person without rights reads a store and is told in words that it cannot be written."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become nobody")
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, prepared_load.GRAPHS)
    for path in [*location.rglob("*"), location, *location.parents]:
        if path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode | 0o555 if path.is_dir() else path.stat().st_mode | 0o444)
    code = (
        "import encodings.ascii, os, sys\n"
        "from kg.core.errors import StoreError\nfrom kg.store.opening import open_store\n"
        "open_store(sys.argv[1], mode='read').close()\n"  # all is imported before: nobody may not read this program
        "os.setgid(65534); os.setuid(65534)\n"
        "print(len(open_store(sys.argv[1], mode='read').graphs()))\n"
        "try:\n    open_store(sys.argv[1], mode='write')\nexcept StoreError as error:\n    print(error)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(location)], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr
    number, said = done.stdout.splitlines()
    assert number == str(prepared_load.GRAPHS), done.stderr
    assert "cannot be opened" in said
    assert "in use" not in said


def test_a_clock_in_the_past_changes_nothing(tmp_path) -> None:
    """No time is in what is stored or in how copies are found: files from the future are replaced as ever."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, prepared_load.GRAPHS)
    for path in location.rglob("*"):
        os.utime(path, (4_000_000_000, 4_000_000_000))
    prepared_load.load(str(location), 1, 1, prepared_load.GRAPHS)
    with open_store(str(location), mode="read") as store:
        assert store.graph_bytes(prepared_load.graph(3)) == prepared_load.content(3, 1)
