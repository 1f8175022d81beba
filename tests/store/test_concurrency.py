"""Readers beside a writer, two writers, and loads that are killed: what DESIGN promises about one folder."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import prepared_load
import pytest
from prepared_load import GRAPHS, content, graph

from kg.core.errors import StoreInUseError
from kg.store.opening import QuerySolutions, open_store

ROOT = Path(__file__).parents[2]
PAUSE = 0.02  # seconds between two looks of a reader; a load takes many of these


def start_load(location: Path, first: int, last: int, batch: int = GRAPHS, death: int = 0) -> subprocess.Popen[str]:
    """A load in a process of its own, once it holds the store; one that kills itself at a point with ``death``."""
    command = [sys.executable, str(Path(__file__).parents[1] / "prepared_load.py"), str(location)]
    command += [str(number) for number in (first, last, batch, death)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def generations(location: Path) -> dict[str, set[str]]:
    """What a reader sees: for each graph the contents it finds."""
    with open_store(str(location), mode="read") as store:
        rows = store.query(f"SELECT DISTINCT ?g ?o WHERE {{ GRAPH ?g {{ ?s <{prepared_load.SAYS}> ?o }} }}")
        assert isinstance(rows, QuerySolutions)
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["g"].value, set()).add(row["o"].value)
        return found


@pytest.mark.parametrize("last", [3, pytest.param(30, marks=pytest.mark.long)])
def test_readers_beside_a_load_see_whole_batches(last: int, tmp_path: Path) -> None:
    """While a load replaces all graphs again and again, readers see them all in one generation, never an older one."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, GRAPHS)
    process = start_load(location, 1, last)
    seen = []
    while process.poll() is None:
        found = generations(location)
        contents = set().union(*found.values())
        assert (len(found), len(contents)) == (GRAPHS, 1)
        seen.append(int(contents.pop().split()[1]))
        time.sleep(PAUSE)
    assert process.wait() == 0, process.stderr and process.stderr.read()
    assert seen == sorted(seen)
    assert seen
    assert set().union(*generations(location).values()) == {f"generation {last}"}


@pytest.mark.parametrize("last", [2, pytest.param(8, marks=pytest.mark.long)])
def test_many_readers_at_once(last: int, tmp_path: Path) -> None:
    """Readers in several threads beside a load neither fail nor disturb it."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, GRAPHS)
    process = start_load(location, 1, last, batch=4)
    wrong: list[object] = []

    def read() -> None:
        while process.poll() is None:
            found = generations(location)
            if len(found) != GRAPHS or any(len(contents) != 1 for contents in found.values()):
                wrong.append(found)
            time.sleep(PAUSE)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert (process.wait(), wrong) == (0, [])


def test_an_open_reader_keeps_its_view(tmp_path: Path) -> None:
    """A reader goes on seeing what was there when it opened; its copy is removed only after it has closed."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, GRAPHS)
    with open_store(str(location), mode="read") as reader:
        prepared_load.load(str(location), 1, 2, GRAPHS)
        assert reader.graph_bytes(graph(3)) == content(3, 0)
        assert len(list((location / "published").iterdir())) == 2
    prepared_load.load(str(location), 3, 3, GRAPHS)
    assert len(list((location / "published").iterdir())) == 1


def test_a_reader_before_the_first_batch_sees_nothing(tmp_path: Path) -> None:
    """A store whose first load has not stored anything yet is empty, and no error."""
    location = str(tmp_path / "store")
    with open_store(location, mode="write"), open_store(location, mode="read") as reader:
        assert reader.graphs() == []


def test_a_second_writer_waits_as_long_as_it_is_told(tmp_path: Path) -> None:
    """Without waiting a second writer is refused at once; with enough patience it gets its turn."""
    location = tmp_path / "store"
    process = start_load(location, 1, 6)
    with pytest.raises(StoreInUseError, match="another process is writing"):
        open_store(str(location), mode="write")
    with open_store(str(location), mode="write", wait=60) as store:
        assert process.wait() == 0
        assert store.graph_bytes(graph(0)) == content(0, 6)


def torn_graphs(location: Path, generation: int, *, new: bool) -> list[int]:
    """The graphs that are not whole in some version; absent they may be where they are new."""
    versions = range(generation + 1)
    with open_store(str(location), mode="read") as reader:
        held = {number: reader.graph_bytes(graph(number)) for number in range(GRAPHS)}
    whole = {number: [content(number, version) for version in versions] for number in held}
    return [number for number, lines in held.items() if lines not in whole[number] and (lines or not new)]


def assert_whole(location: Path, generation: int, where: str, *, new: bool) -> None:
    """Every graph is whole for readers, and in what the killed load had stored; so is the merge of them."""
    torn = torn_graphs(location, generation, new=new)
    assert not torn, f"{where}: readers see torn graphs {torn}"
    open_store(str(location), mode="write").close()  # publishes what the killed load had stored
    torn = torn_graphs(location, generation, new=new)
    assert not torn, f"{where}: torn graphs {torn} were stored"
    with open_store(str(location), mode="read") as reader:
        merge = sorted(str(triple) for triple in reader.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[union-attr]
        graphs = [line for name in reader.graphs() for line in reader.graph_bytes(name).decode().splitlines()]
    assert [f"{triple} ." for triple in merge] == sorted(graphs), f"{where}: the merge is not that of the graphs"


def assert_as_clean(location: Path, clean: Path, generation: int) -> None:
    """One more load makes the store what it would be without any kill."""
    prepared_load.load(str(location), generation, generation, GRAPHS)
    prepared_load.load(str(clean), generation, generation, GRAPHS)
    with open_store(str(location), mode="read") as worn, open_store(str(clean), mode="read") as other:
        assert worn.graphs() == other.graphs()
        for number in range(GRAPHS):
            assert worn.graph_bytes(graph(number)) == other.graph_bytes(graph(number))
    assert [path.name for path in (location / "published").iterdir()] == [(location / "current").read_text()]


def newest_whole(location: Path, *, until: int) -> int:
    """The newest generation of any graph; each must be whole in one generation, and the merge be that of the graphs."""
    newest = 0
    with open_store(str(location), mode="read") as reader:
        for number in range(GRAPHS):
            held = reader.graph_bytes(graph(number))
            found = re.search(rb"generation (\d+)", held)
            generation = int(found[1]) if found else 0
            assert held in (content(number, generation), b""), f"graph {number} is torn before kill {until}"
            newest = max(newest, generation)
        merge = sorted(str(triple) for triple in reader.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[union-attr]
        graphs = [line for name in reader.graphs() for line in reader.graph_bytes(name).decode().splitlines()]
        assert [f"{triple} ." for triple in merge] == sorted(graphs), f"the merge is torn before kill {until}"
    return newest


def killed_loads(tmp_path: Path, kills: int, how: signal.Signals) -> None:
    """Kill loads that would never end, so that each kill hits one at work; every graph is whole each time."""
    chance = random.Random(kills)  # noqa: S311 - points in time, not secrets
    location = tmp_path / "store"
    newest = 0
    for number in range(kills):
        process = start_load(location, newest + 1, 10**9, batch=1)
        time.sleep(chance.uniform(0, 0.25))
        process.send_signal(how)
        process.communicate()
        assert process.returncode != 0, "the load ended by itself"
        newest_whole(location, until=number)
        open_store(str(location), mode="write").close()  # publishes what the killed load had stored
        newest = newest_whole(location, until=number)
    assert newest > kills // 10, "the loads did no work"
    assert_as_clean(location, tmp_path / "clean", newest + 1)


POINTS = 9  # before and after the engine's calls, before changes of the folder: one batch and its publication


def test_killed_loads_leave_articles_whole(tmp_path: Path) -> None:
    """After kill -9 at each point of replacing and publishing, every article is in its old version or its new one."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 0, 0, GRAPHS)
    for death in range(1, POINTS + 1):
        process = start_load(location, death, death, batch=1, death=death)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "the load ended before its death"
        assert_whole(location, death, f"point {death}", new=False)
    assert_as_clean(location, tmp_path / "clean", POINTS + 1)


@pytest.mark.parametrize("kills", [2, pytest.param(int(os.environ.get("KG_KILLS", "1000")), marks=pytest.mark.long)])
def test_loads_killed_at_any_time_leave_articles_whole(kills: int, tmp_path: Path) -> None:
    """Likewise after kill -9 at random points of one store's life: each hits a load at work."""
    killed_loads(tmp_path, kills, signal.SIGKILL)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_interrupted_loads_leave_articles_whole(times: int, tmp_path: Path) -> None:
    """Ctrl-C at random points leaves every article whole too."""
    killed_loads(tmp_path, times, signal.SIGINT)


def test_what_a_killed_writer_stored_is_published_by_the_next(tmp_path: Path) -> None:
    """A graph that was written but not yet published when its writer died appears with the next writer."""
    location = tmp_path / "store"
    prepared_load.load(str(location), 1, 1, GRAPHS)
    code = (
        "import os, sys; sys.path.insert(0, 'tests'); from prepared_load import *\n"
        "from kg.store.engine import EngineStore\n"
        f"store = open_store({str(location)!r}, mode='write')\n"
        "EngineStore.replace_many(store, {graph(0): content(0, 2)})\n"  # stored, not published
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 9
    with open_store(str(location), mode="read") as reader:
        assert reader.graph_bytes(graph(0)) == content(0, 1)
    open_store(str(location), mode="write").close()
    with open_store(str(location), mode="read") as reader:
        assert reader.graph_bytes(graph(0)) == content(0, 2)
