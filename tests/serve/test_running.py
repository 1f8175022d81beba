"""A server's life: what it cannot start on, what dies or goes away below it, and that it leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from tests import harbour
from tests.serving import serving

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc here: children are not seen")


def children(process):
    """The processes that another one has started."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for one in threads for child in (one / "children").read_text().split()]


def test_what_it_cannot_start_on(run_kg, tmp_path):
    """No store, a damaged one, a port that is taken: one line that says what to do, status 2."""
    missing = str(tmp_path / "nothing")
    status, _, told = run_kg("serve", "--store", missing, "--port", "0")
    assert (status, told.count("\n")) == (2, 1)
    assert "no store at" in told
    assert not Path(missing).exists()
    location = harbour.in_folder(tmp_path / "store")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, told = run_kg("serve", "--store", location, "--port", port)
    assert (status, told.count("\n")) == (2, 1)
    assert f"cannot listen at 127.0.0.1:{port} (Address already in use): name another --port" in told
    for file in Path(location, "published").rglob("*.sst"):
        file.unlink()
    status, _, told = run_kg("serve", "--store", location, "--port", "0")
    assert (status, told.count("\n")) == (2, 1)
    assert "damaged" in told


@needs_proc
def test_what_dies_below_it_is_told_and_nothing_is_left_behind(tmp_path):
    """A process that is killed; then the store itself is gone; then Ctrl-C."""
    location = harbour.in_folder(tmp_path / "store")
    with serving("--store", location, "--processes", "1", "--timeout", "100") as server:
        assert server.sparql("ASK {}").status == 200
        (child,) = (one for one in children(server.process.pid) if b"spawn_main" in _command(one))
        answers = []
        asking = threading.Thread(target=lambda: answers.append(server.sparql(SLOW)))
        asking.start()
        time.sleep(0.3)
        os.kill(child, signal.SIGKILL)
        asking.join(60)
        assert answers[0].status in (200, 500)  # it may have been quick
        assert answers[0].status == 200 or "ended from outside (SIGKILL)" in answers[0].text
        assert server.sparql("ASK {}").status == 200
        shutil.move(location, tmp_path / "elsewhere")
        gone = server.ask("/", accept="application/json;q=0.1, text/html")
        assert (gone.status, "no store at" in gone.text) == (500, True)
        shutil.move(tmp_path / "elsewhere", location)
        assert server.ask("/", accept="text/html").status == 200
        below = children(server.process.pid)
        assert below
    assert server.process.returncode == 0
    assert [one for one in below if Path(f"/proc/{one}").exists() and b"spawn_main" in _command(one)] == []


def _command(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
