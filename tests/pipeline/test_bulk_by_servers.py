"""Servers that load shards by themselves: the commands that `kg bulk --commands` prints, run as they are."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from kg.core.packing import pack, unpack
from kg.graph.mint import graph_iri
from kg.pipeline.bulk import commands
from kg.pipeline.prepared import Settings
from kg.pipeline.shards import Folder, Listed, Manifest, Shard, ontology_files
from tests import servers

BASE = "https://news.example/"
ARTICLES = 5
COUNT = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{BASE}')) }}"


def shards(folder: Path, packing: str) -> tuple[Folder, int]:
    """Two shards of some articles, with letters and signs of all kinds; and how many quads they have."""
    if packing == ".zst":
        pytest.importorskip("zstandard")
    found = Folder(str(folder))
    found.begin(BASE, ontology_files(Settings()), packing)
    for number in range(2):
        graphs = [graph_iri(f"a/{number}/{one}", BASE) for one in range(ARTICLES)]
        said = r'"Zoë said \"no\",\n\tthen left: 5 °C \\ 日本"'
        lines = [f"<{graph}> <urn:x:said> {said} <{graph}> .\n".encode() for graph in graphs]
        lines += [f"<{graph}#e> <urn:x:of> <{BASE}place/arden> <{graph}> .\n".encode() for graph in graphs]
        listed = tuple(Listed(graph, graph, "0", 1) for graph in graphs)
        content = pack(b"".join(sorted(lines)), packing)
        found.put(f"{number:05}", Shard(content, Manifest("0", len(lines), "kg", "by hand", "0", listed)))
    return found, 2 * 2 * ARTICLES + len(found.vocabulary().splitlines())


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_oxigraph_loads_by_its_own_command(tmp_path, packing):
    """Every quad is in the folder that its server serves then."""
    binary = servers.oxigraph_binary()
    if binary is None or shutil.which("bash") is None:
        pytest.skip("no oxigraph beside this Python, or no bash")
    if packing == ".zst" and shutil.which("zstdcat") is None:
        pytest.skip("no zstdcat on the path")
    folder, quads = shards(tmp_path / "my shards", packing)
    path = f"{Path(binary).parent}{os.pathsep}{os.environ['PATH']}"
    for line in commands(folder, "oxigraph"):
        subprocess.run(["bash", "-ec", line], check=True, cwd=tmp_path, env={**os.environ, "PATH": path})
    asked = [binary, "query", "--location", tmp_path / "news", "--query", COUNT, "--results-format", "csv"]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["n", str(quads)]


@pytest.mark.long
def test_virtuoso_loads_by_its_own_command(tmp_path):
    """Debian calls its isql isql-vt; the folder is one that it may read."""
    isql = shutil.which("isql-vt")
    if servers.virtuoso_binary() is None or isql is None or shutil.which("bash") is None:
        pytest.skip("Virtuoso is not installed (Debian: apt-get install virtuoso-opensource-7-bin)")
    folder, quads = shards(tmp_path / "shards", ".gz")
    server = servers.virtuoso(tmp_path)
    try:
        port = re.search(r"ServerPort = 127\.0\.0\.1:(\d+)", (tmp_path / "virtuoso.ini").read_text())[1]
        for line in commands(folder, "virtuoso"):
            ours = line.replace("isql 1111", f"{shlex.quote(isql)} {port}")
            subprocess.run(["bash", "-ec", ours], check=True, cwd=tmp_path, capture_output=True)
        query = urllib.parse.urlencode({"query": COUNT, "format": "application/sparql-results+json"})
        with urllib.request.urlopen(f"{server.url}?{query}", timeout=60) as answer:  # noqa: S310 - our own server
            (row,) = json.load(answer)["results"]["bindings"]
        assert int(row["n"]["value"]) == quads
    finally:
        server.kill()


def test_virtuoso_gets_shards_in_zstd_as_gzip(tmp_path):
    """Its loader reads no zstd: the first command packs them anew."""
    if shutil.which("bash") is None or shutil.which("zstdcat") is None:
        pytest.skip("no bash or no zstdcat on the path")
    folder, _ = shards(tmp_path / "my shards", ".zst")
    subprocess.run(["bash", "-ec", commands(folder, "virtuoso")[0]], check=True, cwd=tmp_path)
    packed = (tmp_path / "my shards" / "00000.nq.gz").read_bytes()
    assert unpack(packed, ".gz", "x") == unpack(folder.read("00000.nq.zst"), ".zst", "x")
