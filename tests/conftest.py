"""What tests of several files use."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest

from kg.cli import main
from tests.forked import Forking

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests measure no speed, and several may run at once
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # started in the background, as its children are
    signal.signal(signal.SIGINT, signal.default_int_handler)
NO_CACHE = str(Path(__file__).parent / "no-cache")  # no index of places of the person's: tests make their own

#: Files with single tests that take long: they begin first, so that no process waits for another at the end.
LONG_TESTS = (
    *("extract/test_approved.py", "project/test_docs.py", "project/test_packaging.py", "extract/test_triggers.py"),
    *("serve/test_browser.py", "store/test_concurrency.py", "cli/test_cli_load.py", "serve/test_protocol_cases.py"),
    "store/test_store.py",
)


def pytest_configure(config):
    """Set up a process that runs tests; the one that hands them to others (xdist) need not load spaCy for it."""
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        return
    from hypothesis import settings

    from tests import apart, parses

    settings.register_profile("kg", deadline=None)  # a busy machine is no fault
    settings.load_profile("kg")
    parses.keep()
    apart.keep()
    gc.disable()  # until all is collected


def pytest_collection_modifyitems(items):
    """Put the files with long tests first (``--no-loadscope-reorder`` keeps that order)."""
    first = [Path(__file__).parent / name for name in LONG_TESTS]
    items.sort(key=lambda item: item.path not in first)


def pytest_collection_finish():
    """What was made by now stays to the end: the search for garbage need not go through it again and again."""
    gc.freeze()
    gc.enable()


def pytest_make_parametrize_id(val):
    """Refuse packed bytes as a test's name: they hold the second in which they were made, so no two processes agree."""
    if isinstance(val, bytes) and val.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise pytest.UsageError(f"{val[:20]!r}… names a test: give ids=, every process must come to the same names")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """No setting of the person who runs the tests reaches them."""
    monkeypatch.setenv("KG_CACHE", NO_CACHE)
    for name in ("KG_STORE", "KG_MODEL", "KG_BASE", "KG_QUERIES", "KG_ALLOW_SERVICE", "KG_STORE_USER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run_kg(monkeypatch, capfdbinary):
    """Run a command line in this process: ``run_kg("load", …)`` gives (exit status, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capfdbinary.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode(errors="backslashreplace")

    return run


@pytest.fixture(scope="session")
def forking():
    """A process with everything imported that runs command lines by forking: ``kg`` for shells, without its start."""
    process = Forking()
    yield process
    process.close()
