"""Reading on Dask's workers: the bytes of one process, though workers are killed; what kills them is left out."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from kg.core.errors import KgError
from kg.core.model import Article
from kg.pipeline.prepared import Settings
from kg.pipeline.shards import Folder, load_shards
from kg.pipeline.spread import cluster, load_spread

distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'newskg[dask]'")
cloudpickle = pytest.importorskip("cloudpickle")

BASE = "https://news.example/"
TEXT = "Police arrested two men in Norvia on Tuesday."


class Slow:
    """A reader without a model that takes its time; an article with the title 'kills' ends its process."""

    def __init__(self, settings):
        from kg.core.model import Reading

        self.settings, self.reading = settings, Reading("kg 0", "slow", "0")

    def prepare(self, articles, base):
        """A graph of one line for each."""
        from kg.core.model import ValidationReport
        from kg.graph.mint import graph_iri
        from kg.pipeline.prepared import Prepared

        found = []
        for article in articles:
            time.sleep(0.02)
            if article.title == "kills":
                os._exit(1)
            graph = graph_iri(article.id, base)
            line = f'<{graph}> <https://schema.org/articleBody> "{article.text}" .\n'.encode()
            found.append(Prepared(article, graph, line, ValidationReport(True), 1))
        return found


def files(folder):
    """The files of a folder with their bytes."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.fixture(scope="module")
def client():
    """Two workers of one thread each, in processes of their own."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with cluster("local", 2) as found:
        yield found


def one_process(monkeypatch, folder, inputs):
    """The shards of the same articles, made here."""
    monkeypatch.setattr("kg.pipeline.shards.Reader", Slow)
    list(load_shards(inputs, Folder(str(folder)), Settings(), BASE, size=5))
    return files(folder)


def test_a_killed_worker_costs_nothing_but_time(client, tmp_path, monkeypatch):
    """Half way one of the two workers dies: the folder is that of one process, byte by byte."""
    inputs = [Article(f"a/{number}", TEXT, "2024-05-08") for number in range(60)]
    folder, killed = Folder(str(tmp_path / "spread")), 0
    told = []
    for one in load_spread(inputs, folder, Settings(), BASE, client, size=5, read=Slow):
        told.append(one)
        if len(told) == 4:
            (worker, *_) = client.run(os.getpid).values()
            os.kill(worker, signal.SIGKILL)
            killed = worker
    assert killed
    assert sum(one.stored for one in told) == 60
    assert files(tmp_path / "spread") == one_process(monkeypatch, tmp_path / "one", inputs)
    again = list(load_spread(inputs, folder, Settings(), BASE, client, size=5, read=Slow))
    assert (sum(one.stored for one in again), sum(one.unchanged for one in again)) == (0, 60)


def test_a_lost_file_is_made_again(client, tmp_path, monkeypatch):
    """A shard whose manifest is gone comes back under its name."""
    inputs = [Article(f"a/{number}", TEXT) for number in range(15)]
    folder = Folder(str(tmp_path / "spread"))
    list(load_spread(inputs, folder, Settings(), BASE, client, size=5, read=Slow))
    (tmp_path / "spread" / "00001.json").unlink()
    (tmp_path / "spread" / "00001.nq.gz").unlink()
    told = list(load_spread(inputs, folder, Settings(), BASE, client, size=5, read=Slow))
    assert sum(one.stored for one in told) == 5
    assert files(tmp_path / "spread") == one_process(monkeypatch, tmp_path / "one", inputs)


@pytest.mark.long
def test_an_article_that_kills_its_workers_is_left_out(client, tmp_path):
    """The others of its shard are read, and it is told."""
    inputs = [Article(f"a/{number}", TEXT, title="kills" if number == 7 else None) for number in range(10)]
    told = list(load_spread(inputs, Folder(str(tmp_path / "s")), Settings(), BASE, client, size=5, read=Slow))
    assert sum(one.stored for one in told) == 9
    ((where, why),) = [left for one in told for left in one.left]
    assert (where, "ended its process" in why) == ("a/7", True)


@pytest.mark.long
def test_the_real_reader_gives_the_bytes_of_one_process_though_a_worker_is_killed(tmp_path):
    """Articles are read by the model on two workers, one of which is killed half way."""
    inputs = [
        Article(f"a/{number}", f"{TEXT} At least {number} people were hurt.", "2024-05-08") for number in range(16)
    ]
    folder, told, killed = Folder(str(tmp_path / "spread")), [], None
    with cluster("local", 2) as two:
        workers = set(two.run(os.getpid).values())
        for one in load_spread(inputs, folder, Settings(), BASE, two, size=2):
            told.append(one)
            if len(told) == 4:
                killed = min(workers)
                os.kill(killed, signal.SIGKILL)
    assert killed in workers
    assert sum(one.stored for one in told) == 16
    assert sum(one.events for one in told) >= 32
    list(load_shards(inputs, Folder(str(tmp_path / "one")), Settings(), BASE, size=2))
    assert files(tmp_path / "spread") == files(tmp_path / "one")


def test_no_scheduler_is_told():
    """In one line."""
    with pytest.raises(KgError, match="no scheduler of Dask answers"), cluster("tcp://127.0.0.1:9", 1):
        pass


def test_dask_needs_shards(run_kg, tmp_path):
    """A store has one writer."""
    status, _, err = run_kg("load", tmp_path, "--dask", "local", "--store", tmp_path / "s")
    assert (status, "name a folder with --shards" in err) == (2, True)
