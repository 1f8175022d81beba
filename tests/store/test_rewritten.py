"""A load's end: the writer's database made anew, smaller, with the same in it, whatever happens meanwhile."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.store import disk
from kg.store.opening import open_store
from kg.store.rewritten import LOOSE

GRAPHS = LOOSE + 6
SCRIPT = """
import os, signal, sys
from kg.store.opening import open_store
store, left = open_store(sys.argv[1], mode="write"), int(sys.argv[2])
def step(event, _):
    global left
    if event in ("os.rename", "os.mkdir", "shutil.rmtree", "fcntl.lockf"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
store.settle()
print(left)
"""


def graph(number: int) -> bytes:
    """Some triples, of which one stands in every graph."""
    lines = (f'<a:{number}-{n}> <a:says> "{number} {n}" .\n' for n in range(60))
    return ("".join(lines) + "<a:all> <a:says> <a:this> .\n").encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose graphs are all new."""
    folder = tmp_path_factory.mktemp("made") / "store"
    with open_store(str(folder), mode="write") as store:
        for number in range(GRAPHS):
            store.replace_many({f"https://news.example/article/{number}": graph(number)}, later=True)
    return folder


@pytest.fixture
def location(made: Path, tmp_path: Path) -> str:
    """A copy of it; what its files share on the disk, those of the copy share too."""
    subprocess.run(["cp", "-a", made, tmp_path / "store"], check=True)
    return str(tmp_path / "store")


def content(location: str) -> tuple[list[bytes], int]:
    """The graphs of a store as a reader has them, and how many triples the merge has."""
    with open_store(location, mode="read") as store:
        merge = sum(1 for _ in store.query("SELECT * { ?s ?p ?o }"))  # type: ignore[union-attr]
        return [store.graph_bytes(name) for name in store.graphs()], merge


def size(location: str) -> int:
    """Bytes on the disk; what is linked twice counts once."""
    files = {(s := path.stat()).st_ino: s.st_size for path in Path(location).rglob("*") if path.is_file()}
    return sum(files.values())


def settled(location: str) -> None:
    """The end of the load that filled a store."""
    with open_store(location, mode="write") as store:
        assert isinstance(store, disk.DiskWriter)
        store._record = disk.replace(store._record, loose=GRAPHS)
        store.settle()


def test_a_settled_store_holds_the_same_in_less(location, tmp_path):
    """Half the bytes or less, every graph and the merge as before."""
    before, large = content(location), size(location)
    settled(location)
    assert content(location) == before
    assert size(location) < large / 2
    assert "loose" not in json.loads((tmp_path / "store" / "kg-store.json").read_text())
    assert not {"primary.old", "primary.half"} & {path.name for path in (tmp_path / "store").iterdir()}


def test_an_open_reader_keeps_its_view_and_the_writer_goes_on(location, tmp_path):
    """What is made anew is another database: the old copy stays while somebody reads it."""
    with open_store(location, mode="read") as reader:
        settled(location)
        with open_store(location, mode="write") as store:
            store.replace("https://news.example/article/0", graph(0) + b"<a:x> <a:y> <a:z> .\n")
        assert len(list(reader.query("SELECT * { <a:x> ?p ?o }"))) == 0
        assert len(reader.graphs()) == GRAPHS
    with open_store(location, mode="read") as reader:
        assert len(list(reader.query("SELECT * { <a:x> ?p ?o }"))) == 1


def test_what_others_call_as_we_do_is_left_alone(location, tmp_path):
    """A person's copies of the database under our names outlive a writer that makes its own anew."""
    names = ["primary.old", "primary.half", "current.half", "kg-store.json.half"]
    for name in names:
        (tmp_path / "store" / name).mkdir()
        (tmp_path / "store" / name / "IDENTITY").write_text("mine")
    before = content(location)
    settled(location)
    assert content(location) == before
    assert all((tmp_path / "store" / name / "IDENTITY").read_text() == "mine" for name in names)
    assert not {"primary.old.old", "primary.half.half"} & {path.name for path in (tmp_path / "store").iterdir()}


def test_little_is_left_as_it_is(tmp_path):
    """A few new graphs are counted and published, no more."""
    with open_store(str(tmp_path / "store"), mode="write") as store:
        store.replace_many({"a:g": graph(1), "a:h": graph(2)}, later=True)
        identity = (tmp_path / "store" / "primary" / "IDENTITY").read_text()
        store.settle()
        assert len(content(str(tmp_path / "store"))[0]) == 2
    assert (tmp_path / "store" / "primary" / "IDENTITY").read_text() == identity
    assert json.loads((tmp_path / "store" / "kg-store.json").read_text())["loose"] == 2


def test_within_a_load_readers_see_what_is_a_third(tmp_path, monkeypatch):
    """Batches are published at first one by one, then several together."""
    published = []
    monkeypatch.setattr(disk, "_MINUTE", 1e9)
    real = disk.DiskWriter._publish
    monkeypatch.setattr(disk.DiskWriter, "_publish", lambda self: (published.append(1), real(self))[1])
    with open_store(str(tmp_path / "store"), mode="write") as store:
        for number in range(60):
            store.replace_many({f"a:{number}": b"<a:s> <a:p> <a:o> .\n"}, later=True)
    assert 6 < len(published) < 20


@pytest.mark.parametrize("point", [1, 2, 4, 5, 6, pytest.param(7, marks=pytest.mark.long)])
def test_a_kill_while_it_is_made_anew_costs_nothing(point, location, tmp_path):
    """Before and between the renames, and while readers get it: the next reader and writer find everything."""
    before = content(location)
    disk.write_record(tmp_path / "store", disk.replace(disk.read_record(tmp_path / "store"), loose=GRAPHS))
    ended = subprocess.run([sys.executable, "-c", SCRIPT, location, str(point)], check=False, capture_output=True)
    assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr.decode()
    assert content(location) == before
    with open_store(location, mode="write") as store:
        store.replace("a:new", b"<a:s> <a:p> <a:o> .\n")
    assert len(content(location)[0]) == GRAPHS + 1
    assert not (tmp_path / "store" / "primary.old").exists()


def test_a_large_store_is_compacted_as_it_is(location, tmp_path, monkeypatch):
    """From so many quads on a new database would be no smaller: the files are compacted, and readers share them."""
    before, large = content(location), size(location)
    monkeypatch.setattr("kg.store.rewritten.MOST", 1000)
    identity = (tmp_path / "store" / "primary" / "IDENTITY").read_text()
    settled(location)
    assert content(location) == before
    assert (tmp_path / "store" / "primary" / "IDENTITY").read_text() == identity
    assert size(location) < large
    tables = {path.stat().st_ino for path in (tmp_path / "store" / "primary").glob("*.sst")}
    copy = next(path for path in (tmp_path / "store" / "published").iterdir())
    assert {path.stat().st_ino for path in copy.glob("*.sst")} <= tables
