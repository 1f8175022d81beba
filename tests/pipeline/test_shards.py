"""Shards: the same bytes however they are made, gone on with where a run ended, and a store made of them."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import subprocess
import sys
from dataclasses import replace

import pytest

from kg.articles import SkippedInput
from kg.core.errors import KgError
from kg.core.model import Article, Reading, ValidationReport, Violation
from kg.graph.mint import graph_iri
from kg.graph.triples import to_ntriples, to_triples
from kg.ontology.load import load_ontology
from kg.pipeline import bulk, shards
from kg.pipeline.bulk import commands, load_shards_into
from kg.pipeline.prepared import Prepared, Settings
from kg.pipeline.shards import Folder, by_graph, live, load_shards
from kg.store.opening import open_store
from tests.extractions import EXTRACTION, TEXT
from tests.servers import oxigraph, oxigraph_binary

BASE = "https://news.example/"
ONTOLOGY = load_ontology()


class StandIn:
    """A reader without a model: every article says what the one made by hand says; one with 'fails' cannot be read."""

    version = "1"

    def __init__(self, settings):  # noqa: ARG002 # it needs none
        self.reading = Reading("kg 0", f"stand-in {self.version}", "0")

    def prepare(self, articles, base):
        """Graphs of the same facts, each under its own id."""
        return [self._one(article, base) for article in articles]

    def _one(self, article, base):
        if "fails" in (article.title or ""):
            return SkippedInput(article.id, "reading it failed")
        broken = Violation("x", None, "broken", "Violation")
        report = ValidationReport(False, (broken,)) if "broken" in (article.title or "") else ValidationReport(True)
        graph = to_ntriples(to_triples(replace(EXTRACTION, article=article), ONTOLOGY, self.reading, base))
        return Prepared(article, graph_iri(article.id, base), graph, report, 4)


@pytest.fixture(autouse=True)
def stand_in(monkeypatch, request):
    """The reader of these tests, but of those that load the model."""
    if request.node.get_closest_marker("model"):
        return
    monkeypatch.setattr(shards, "Reader", StandIn)
    monkeypatch.setattr(StandIn, "version", "1")


def articles(count, title=""):
    """Articles of one text under ids of their own."""
    return [Article(f"a/{number}", TEXT, "2024-05-08", "Courier", title or None) for number in range(count)]


def made(folder, inputs, size=2):
    """Load into shards: (stored, unchanged, left)."""
    told = list(load_shards(inputs, Folder(str(folder)), Settings(), BASE, size=size))
    return sum(t.stored for t in told), sum(t.unchanged for t in told), [why for t in told for _, why in t.left]


def files(folder):
    """The files of a folder with their bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_shards_are_sorted_lines_with_a_manifest(tmp_path):
    """Some articles a shard; the manifest names them, their digests and what read them."""
    assert made(tmp_path / "s", articles(5)) == (5, 0, [])
    found = files(tmp_path / "s")
    assert sorted(found) == [
        *(f"0000{n}.{e}" for n in range(3) for e in ("json", "nq.gz")),
        *("ontology.nq.gz", "shards.json"),
    ]
    lines = gzip.decompress(found["00000.nq.gz"]).splitlines(keepends=True)
    assert lines == sorted(lines)
    manifest = json.loads(found["00000.json"])
    assert (manifest["quads"], manifest["model"]) == (len(lines), "stand-in 1")
    assert [one["id"] for one in manifest["articles"]] == ["a/0", "a/1"]


def test_a_second_run_reads_nothing(tmp_path):
    """Nothing is written either; what has changed goes into a shard of its own, and another version reads all."""
    made(tmp_path / "s", articles(5))
    before = files(tmp_path / "s")
    assert made(tmp_path / "s", articles(5)) == (0, 5, [])
    assert files(tmp_path / "s") == before
    changed = [*articles(4), replace(articles(5)[4], text=TEXT + " More.")]
    assert made(tmp_path / "s", changed) == (1, 4, [])
    assert [gone for _, gone in live(Folder(str(tmp_path / "s")))][2:] == [{f"{BASE}article/a/4"}, frozenset()]
    StandIn.version = "2"
    assert made(tmp_path / "s", articles(5)) == (5, 0, [])


def test_a_run_that_was_ended_goes_on(tmp_path):
    """A shard without its manifest is made again, under the name and with the bytes that it would have had."""
    made(tmp_path / "whole", articles(6))
    made(tmp_path / "s", articles(6))
    (tmp_path / "s" / "00001.json").unlink()
    (tmp_path / "s" / "00002.json").unlink()
    (tmp_path / "s" / "00002.nq.gz").unlink()
    assert made(tmp_path / "s", articles(6)) == (4, 2, [])
    assert files(tmp_path / "s") == files(tmp_path / "whole")


def test_what_cannot_be_read_costs_itself(tmp_path):
    """It is told, stands in the manifest, and is not tried again by the same version."""
    inputs = [
        *articles(2),
        Article("x", TEXT, title="fails"),
        Article("y", TEXT, title="broken"),
        SkippedInput("z", "?"),
    ]
    stored, _, left = made(tmp_path / "s", inputs)
    assert stored == 2
    assert sorted(left) == ["?", "its graph breaks the shapes: broken", "reading it failed"]
    assert made(tmp_path / "s", inputs) == (0, 4, ["?"])


def test_a_store_is_made_of_shards(tmp_path):
    """New by the bulk loader, graph by graph where there is one: the same bytes, the later version of each article."""
    made(tmp_path / "s", articles(5))
    made(tmp_path / "s", [replace(articles(1)[0], text=TEXT + " More.")])
    folder = Folder(str(tmp_path / "s"))
    quads = load_shards_into(folder, str(tmp_path / "new"), 0)
    assert quads > 500
    with open_store(str(tmp_path / "old"), mode="write") as store:
        store.replace(f"{BASE}article/a/1", b"<a:a> <a:b> <a:c> .\n")
    load_shards_into(folder, str(tmp_path / "old"), 0)
    memory = dict(by_graph(folder.vocabulary(), frozenset()))
    for name, gone in live(folder):
        memory |= dict(by_graph(folder.lines(name), gone))
    ask = "SELECT ?e WHERE { ?e <https://kg.example/ontology#eventType> ?t } ORDER BY ?e"
    answers = []
    for name in ("new", "old"):
        with open_store(str(tmp_path / name), mode="read") as store:
            assert {graph: store.graph_bytes(graph) for graph in store.graphs()} == memory
            answers.append([row["e"].value for row in store.query(ask)])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 5 * 4
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("at_once", [1, 300])
def test_a_large_store_is_filled_by_a_process_of_its_own(tmp_path, monkeypatch, at_once):
    """It holds the same; one shard at a time or several."""
    made(tmp_path / "s", articles(5))
    made(tmp_path / "s", [replace(articles(1)[0], text=TEXT + " More.")])
    folder = Folder(str(tmp_path / "s"))
    load_shards_into(folder, str(tmp_path / "here"), 0)
    monkeypatch.setattr(bulk, "MANY", 300)
    monkeypatch.setattr(bulk, "_AT_ONCE", at_once)
    load_shards_into(folder, str(tmp_path / "apart"), 0)
    held = []
    for name in ("here", "apart"):
        with open_store(str(tmp_path / name), mode="read") as store:
            held.append({graph: store.graph_bytes(graph) for graph in store.graphs()})
    assert held[0] == held[1]
    assert len(held[0]) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apart", "here", "s"]


def test_what_fails_in_that_process_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    """As where the store is filled here."""
    made(tmp_path / "s", articles(3))
    (tmp_path / "s" / "00001.nq.gz").write_bytes(gzip.compress(b"<a:a> <a:b> <a:c> <a:d> .\n"))
    monkeypatch.setattr(bulk, "MANY", 1)
    with pytest.raises(KgError, match="is not what its manifest says"):
        load_shards_into(Folder(str(tmp_path / "s")), str(tmp_path / "new"), 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]


def test_that_process_ends_with_the_one_that_started_it(tmp_path):
    """Whose end is no signal to it: it must not go on writing where the next run begins anew."""
    script = (
        "import os, time\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "from multiprocessing import get_context\nfrom threading import Thread\n"
        "from kg.pipeline.bulk import _end_with_parent\n"
        "def work():\n    Thread(target=_end_with_parent, daemon=True).start()\n"
        "    print('works', flush=True)\n    time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    ProcessPoolExecutor(1, mp_context=get_context('spawn')).submit(work).result()\n"
    )
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, str(tmp_path / "script.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "works\n"
        parent.kill()
        assert parent.stdout.read() == "", "it has let go of its output, so it has ended"


def test_merging_takes_only_what_processors_leave_idle():
    """The engine's threads are found by their name, in a process of its own, since it holds for ever."""
    if not hasattr(os, "SCHED_IDLE"):
        pytest.skip("this system has no such scheduling")
    script = (
        "import os, pyoxigraph, sys, tempfile\nfrom pathlib import Path\n"
        "from kg.store.patience import put_off_merging\n"
        "folder = tempfile.TemporaryDirectory()\nstore = pyoxigraph.Store(folder.name)\ntold = put_off_merging()\n"
        "tasks = [int(task.name) for task in Path('/proc/self/task').iterdir()]\n"
        "idle = [task for task in tasks if os.sched_getscheduler(task) == os.SCHED_IDLE]\n"
        "assert 0 < told == len(idle) < len(tasks), (told, idle, tasks)\n"
        "assert os.sched_getscheduler(0) != os.SCHED_IDLE\n"
        "kept = [os.sched_getaffinity(task) for task in (0, *idle)]\n"
        "assert len(kept[0]) == 1 and all(one == kept[0] for one in kept), kept\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_shards_in_zstd_hold_the_same(tmp_path):
    """The same lines; a folder keeps to one way of packing; servers get the command for it."""
    pytest.importorskip("zstandard")
    made(tmp_path / "gz", articles(3))
    told = list(load_shards(articles(3), Folder(str(tmp_path / "zst")), Settings(), BASE, size=2, packing=".zst"))
    assert sum(one.stored for one in told) == 3
    gz, zst = Folder(str(tmp_path / "gz")), Folder(str(tmp_path / "zst"))
    assert zst.names() == [name.replace(".gz", ".zst") for name in gz.names()]
    assert [zst.lines(name) for name, _ in live(zst)] == [gz.lines(name) for name, _ in live(gz)]
    assert zst.vocabulary() == gz.vocabulary()
    assert made(tmp_path / "zst", articles(3)) == (0, 3, [])
    with pytest.raises(KgError, match=r"holds shards in \.zst, not \.gz"):
        list(load_shards(articles(4), zst, Settings(), BASE, packing=".gz"))
    load_shards_into(zst, str(tmp_path / "new"), 0)
    with open_store(str(tmp_path / "new"), mode="read") as store:
        assert len(store.graphs()) == 4
    assert "zstdcat" in commands(zst, "qlever")[0]
    assert "gzip" in commands(zst, "virtuoso")[0]


def test_a_broken_shard_makes_no_store(tmp_path):
    """Its digest tells; nothing is left of the store."""
    made(tmp_path / "s", articles(3))
    (tmp_path / "s" / "00001.nq.gz").write_bytes(gzip.compress(b"<a:a> <a:b> <a:c> <a:d> .\n"))
    with pytest.raises(KgError, match="is not what its manifest says"):
        load_shards_into(Folder(str(tmp_path / "s")), str(tmp_path / "new"), 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s"]


def test_an_oxigraph_server_takes_shards_as_files(tmp_path):
    """A new one as files, one that holds something graph by graph; both as the shards have it."""
    if oxigraph_binary() is None:
        pytest.skip("no oxigraph beside this Python")
    made(tmp_path / "s", articles(3))
    folder = Folder(str(tmp_path / "s"))
    server = oxigraph(tmp_path).start()
    try:
        load_shards_into(folder, server.url, 0)
        with open_store(server.url, mode="read") as store:
            first = {graph: store.graph_bytes(graph) for graph in store.graphs()}
        load_shards_into(folder, server.url, 0)
        with open_store(server.url, mode="read") as store:
            assert {graph: store.graph_bytes(graph) for graph in store.graphs()} == first
    finally:
        server.kill()
    assert sorted(first) == [*(f"{BASE}article/a/{number}" for number in range(3)), f"{BASE}graph/ontology"]


def test_commands_for_servers_that_load_by_themselves(tmp_path):
    """Only where no article stands there in two versions."""
    made(tmp_path / "s", articles(2))
    folder = Folder(str(tmp_path / "s"))
    assert "ld_dir" in commands(folder, "virtuoso")[0]
    assert str(tmp_path / "s") in commands(folder, "qlever")[0]
    odd = tmp_path / "it's; a folder"  # is one word of the shell, and of SQL
    made(odd, articles(2))
    words = shlex.split(commands(Folder(str(odd)), "virtuoso")[0])[-1]
    assert f"ld_dir('{str(odd).replace(chr(39), chr(39) * 2)}'," in words
    for server in ("qlever", "oxigraph"):
        assert any(word.startswith(str(odd)) for word in shlex.split(commands(Folder(str(odd)), server)[0]))
    made(tmp_path / "s", [replace(articles(1)[0], text=TEXT + " More.")])
    with pytest.raises(KgError, match="in several versions"):
        commands(folder, "qlever")


def test_a_folder_keeps_its_base(tmp_path):
    """Another one is refused, and so is a folder of something else."""
    made(tmp_path / "s", articles(1))
    with pytest.raises(KgError, match="holds shards under base"):
        list(load_shards(articles(1), Folder(str(tmp_path / "s")), Settings(), "https://other.example/"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.nq.gz").write_bytes(b"")
    with pytest.raises(KgError, match="name a new folder"):
        made(tmp_path / "other", articles(1))


@pytest.mark.parametrize(
    ("layout", "told"), [(None, "earlier kg"), (3, "earlier kg"), (5, "layout 5"), ("x", "earlier kg")]
)
def test_shards_of_another_version_are_refused(tmp_path, layout, told):
    """Their graphs are said otherwise: nothing goes into a store, no others come beside them; those of today do."""
    made(tmp_path / "s", articles(1))
    head = tmp_path / "s" / "shards.json"
    values = json.loads(head.read_text("utf-8"))
    head.write_text(json.dumps({**values, "layout": layout} if layout else {"base": BASE, "form": values["form"]}))
    for ask in (
        lambda: load_shards_into(Folder(str(tmp_path / "s")), str(tmp_path / "store"), 0),
        lambda: made(tmp_path / "s", articles(2)),
        lambda: commands(Folder(str(tmp_path / "s")), "qlever"),
    ):
        with pytest.raises(KgError, match=told):
            ask()
    assert not (tmp_path / "store").exists()
    head.write_text(json.dumps(values), "utf-8")
    assert load_shards_into(Folder(str(tmp_path / "s")), str(tmp_path / "store"), 0) > 0


def test_any_file_system_will_do(tmp_path):
    """A folder by an address: the same bytes."""
    pytest.importorskip("fsspec")
    made(tmp_path / "here", articles(3))
    told = list(load_shards(articles(3), Folder("memory://kg/shards"), Settings(), BASE, size=2))
    assert sum(one.stored for one in told) == 3
    there = Folder("memory://kg/shards")
    assert {name: there.read(name) for name in there.names()} == files(tmp_path / "here")


@pytest.mark.model
def test_load_and_bulk_from_the_command_line(run_kg, tmp_path):
    """What `kg load` stores, `kg load --shards` and `kg bulk` store too."""
    article = tmp_path / "harbour.txt"
    article.write_text("Date: 2024-05-08\n\nPolice arrested two men in Norvia on Tuesday.\n")
    status, _, err = run_kg("load", article, "--shards", tmp_path / "shards")
    assert (status, "1 stored" in err) == (0, True), err
    assert "1 unchanged" in run_kg("load", article, "--shards", tmp_path / "shards")[2]
    assert run_kg("bulk", tmp_path / "shards", "--store", tmp_path / "one")[0] == 0
    assert run_kg("load", article, "--store", tmp_path / "two")[0] == 0
    one, two = (run_kg("export", "--format", "nquads", "--store", tmp_path / name)[1] for name in ("one", "two"))
    assert one == two
    assert run_kg("load", article, "--store", tmp_path / "one")[2].startswith("0 stored (0 events), 1 unchanged")
    status, out, _ = run_kg("bulk", tmp_path / "shards", "--commands", "qlever")
    assert (status, "zcat" in out) == (0, True)
    status, _, err = run_kg("bulk", tmp_path, "--store", tmp_path / "three")
    assert (status, "holds neither shards nor" in err) == (2, True)
