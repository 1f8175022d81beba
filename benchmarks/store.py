"""What storing and writing out costs: batches of articles, opening, exports of a million triples.

    python benchmarks/store.py [--folder FOLDER] [--triples N]

Writes a table for docs/benchmarks.md to standard output. Exports run as commands, compared with the engine's own dump
of the same store.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from query import BASE, articles, make_store

from kg.store.export import FORMATS
from kg.store.opening import DefaultGraph, RdfFormat, open_store, parse, serialize

RUNS = 7


def graphs(number: int) -> Iterator[tuple[str, bytes]]:
    """Some articles, changed, as graph and N-Triples."""
    for index, quads in enumerate(islice(articles(10**9), number)):
        triples = (quad.triple for quad in parse(quads.replace(b"workers", b"miners"), RdfFormat.N_QUADS))
        yield f"{BASE}article/a{index}", serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def measure_writing(location: str) -> Iterator[tuple[str, str]]:
    """Opening, and replacing a batch with its publication to readers."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        open_store(location, mode="read").close()
        times.append(time.perf_counter() - begun)
    yield "open for reading", f"{median(times) * 1000:.0f} ms"
    begun = time.perf_counter()
    with open_store(location, mode="write") as store:
        yield "open for writing", f"{(time.perf_counter() - begun) * 1000:.0f} ms"
        for size in (1, 16):
            batch = dict(graphs(size))
            times = []
            for _ in range(RUNS):
                begun = time.perf_counter()
                store.replace_many(batch)
                times.append(time.perf_counter() - begun)
            triples = sum(lines.count(b"\n") for lines in batch.values())
            yield f"replace and publish {size} articles ({triples} triples)", f"{median(times) * 1000:.0f} ms"


def own_dump(location: str, file: Path) -> float:
    """The seconds that the engine's own dump takes."""
    with open_store(location, mode="read") as store:
        begun = time.perf_counter()
        store.database.dump(file, RdfFormat.TURTLE, from_graph=DefaultGraph())  # type: ignore[attr-defined]
        return time.perf_counter() - begun


def measure_exports(kg: str, location: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Each format to a file, beside the engine's own dump of its default graph to Turtle."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        own = apart.submit(own_dump, location, folder / "own.ttl").result()
    yield "the engine's own dump of the default graph to Turtle", f"{own:.1f} s"
    for name in FORMATS:
        begun = time.perf_counter()
        arguments = [kg, "export", "--format", name, "--output", str(folder / "out"), "--store", location]
        with subprocess.Popen(arguments) as run:
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = status
        took = time.perf_counter() - begun
        yield (
            f"kg export --format {name}",
            f"{took:.1f} s ({took / own:.1f} ×), {usage.ru_maxrss / 1024:.0f} MB at most",
        )


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path)
    options.add_argument("--triples", type=int, default=1_000_000)
    chosen = options.parse_args()
    kg = str(Path(sys.executable).parent / "kg")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        # In a process of its own: a command's largest memory counts what its parent had when it was started.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            location = apart.submit(make_store, Path(name), chosen.triples).result()
        print(f"| {chosen.triples:,} triples | measured |\n| --- | --- |")
        for rows in (measure_writing(location), measure_exports(kg, location, Path(name))):
            for what, figure in rows:
                print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
