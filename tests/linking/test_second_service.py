"""A reconciliation server that is not ours: csv-reconcile of the package index, where it is installed.

It needs older libraries than ours, so it lives in an environment of its own (`pipx install csv-reconcile`); this test
takes it from the path, or from KG_CSV_RECONCILE, and is skipped elsewhere.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from kg.linking.asking import Asking, from_service
from kg.linking.links import read_links
from kg.linking.merge import merge
from kg.store.opening import open_store
from tests.reports import Told, put

PROGRAM = os.environ.get("KG_CSV_RECONCILE") or shutil.which("csv-reconcile")
WD = "http://www.wikidata.org/entity/"


@pytest.fixture
def service(tmp_path):
    """The address of a server over three names."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    (tmp_path / "names.tsv").write_text(f"item\tname\n{WD}Q1\tOstra\n{WD}Q2\tRed Front\n{WD}Q3\tSorvia\n", "utf-8")
    manifest = f'{{"identifierSpace": "{WD}", "schemaSpace": "http://www.wikidata.org/prop/direct/"}}'
    (tmp_path / "own.cfg").write_text(f'SERVER_NAME = "{where}"\nMANIFEST = {manifest}\n', "utf-8")
    made = [PROGRAM, "init", "--config", "own.cfg", "names.tsv", "item", "name"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    with subprocess.Popen(
        [PROGRAM, "serve"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            for _ in range(100):
                try:
                    with urlopen(f"http://{where}/reconcile"):
                        break
                except URLError:
                    time.sleep(0.2)
            yield f"http://{where}/reconcile"
        finally:
            run.terminate()


@pytest.mark.long
@pytest.mark.skipif(PROGRAM is None, reason="csv-reconcile is not installed (pipx install csv-reconcile)")
def test_another_server_of_the_api_is_a_source(service, tmp_path, monkeypatch):
    """Its candidates become a dataset, and links that wait: it tells names and no classes; offline the same again."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    with open_store(":memory:", mode="write") as store:
        put(
            store,
            "a",
            "A bomb exploded in Ostra.",
            Told("Bombing", "exploded", {"place": "Ostra"}),
            published="2024-05-14",
        )
        source = from_service(store, service, "theirs")
        merge(source, store)
        assert [(link.target, link.status) for link in read_links(store).values()] == [(f"{WD}Q1", "candidate")]
        assert from_service(store, service, "theirs", Asking(offline=True)) == source
