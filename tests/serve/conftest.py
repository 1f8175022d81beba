"""Servers that the tests of ``kg serve`` share."""

from __future__ import annotations

import pytest

from tests import harbour
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
