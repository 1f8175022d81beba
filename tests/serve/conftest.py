"""Servers that the tests of ``kg serve`` share."""

from __future__ import annotations

import pytest

from tests import harbour
from tests.serve.browsing import BROWSER, Watched
from tests.serving import serving


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    """A server that only reads, on the two articles of the harbour."""
    store = harbour.in_folder(tmp_path_factory.mktemp("reading") / "store")
    with serving("--store", store, "--timeout", "3", "--allow-origin", "http://refine.example:3333") as server:
        yield server


@pytest.fixture(scope="module")
def writing(tmp_path_factory):
    """A server that may write, on a store of its own."""
    store = harbour.in_folder(tmp_path_factory.mktemp("writing") / "store")
    with serving("--store", store, "--write") as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    """The browser, one for all tests of a process; without one they are skipped with a word."""
    if BROWSER is None:
        pytest.skip("no chromium here: the pages are not tried in a browser")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: the pages are not tried in a browser"
    )
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def watch(browser):
    """Makes watched pages."""
    opened = []

    def watched(server, **options):
        opened.append(Watched(browser, server, **options))
        return opened[-1]

    yield watched
    for one in opened:
        one.context.close()
