"""What a store of many articles costs: loaded in bulk, asked; ``python -m benchmarks.scale 1000 10000``.

The articles are made on the fly from the graph of one (read once, from ``seeds/``): each under an id of its own, its
people, places and organisations under names that every fiftieth article shares. So a question for a name is selective.
Seconds are of the processor; memory is the most that the process had.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import kg
from kg.pipeline.prepared import Settings
from kg.pipeline.shards import ARTICLES, Folder, Listed, Manifest, Shard, ontology_files

SHARING = 50  # articles that share a name, at least
QUERIES = {
    "timeline of a place": ("timeline", {"place": "Algeria 0"}),
    "what happened to somebody": ("what-happened-to", {"name": "In Amenas natural gas plant 0"}),
    "what somebody did": ("done-by", {"name": "Mokhtar Belmokhtar 0"}),
    "the dead and hurt of a place": ("casualties", {"place": "In Amenas natural gas plant 0"}),
    "the words behind an event": ("evidence", {"event": kg.Iri("https://news.example/article/copy/0#siege-88")}),
}


def main(numbers: list[int]) -> None:
    """For each number of articles a row: each in a process of its own, so that memory is its own."""
    if len(numbers) == 1:
        print(json.dumps(measured(numbers[0])))
        return
    rows = []
    for number in numbers:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.scale", str(number)], capture_output=True, text=True, check=True
        )
        rows.append(json.loads(done.stdout))
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(f"{row[name]:,}" for name in names) + " |")


def measured(number: int) -> dict[str, float]:
    """Shards of so many articles, a store of them, and questions to it."""
    graph, seed = _seed()
    with tempfile.TemporaryDirectory() as place:
        shards, store = Path(place, "shards"), Path(place, "store")
        _write(shards, graph, seed, number)
        quads = number * seed.count(b"\n")
        started = time.process_time()
        subprocess.run(
            [sys.executable, "-m", "kg", "bulk", str(shards), "--store", str(store)], check=True, capture_output=True
        )
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = used.ru_utime + used.ru_stime
        row: dict[str, float] = {
            "articles": number,
            "quads": quads,
            "shards, MB": _size(shards),
            "bulk load, s": round(seconds),
            "quads a second": round(quads / seconds),
            "at most, MB": round(used.ru_maxrss / 1024),
            "store, MB": _size(store),
        }
        with kg.open_store(store, mode="read") as opened:
            for title, (name, bind) in QUERIES.items():
                text = kg.named_queries()[name].text
                opened.query(text, bind=bind)
                started = time.process_time()
                rows = len(opened.query(text, bind=bind))
                row[f"{title}, ms"] = round(1000 * (time.process_time() - started), 1)
                if not rows:
                    raise SystemExit(f"{name} found nothing: the question is none")
        return row


def _seed() -> tuple[str, bytes]:
    with kg.open_store(":memory:") as store:
        store.load("seeds/in_amenas.txt")
        lines = store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH article:in_amenas { ?s ?p ?o } }")
        return f"{store.base}article/in_amenas", lines.encode()


def _write(folder: Path, graph: str, seed: bytes, number: int) -> None:
    shards = Folder(str(folder))
    shards.begin("https://news.example/", ontology_files(Settings()))
    for start in range(0, number, ARTICLES):
        lines, listed = [], []
        for one in range(start, min(start + ARTICLES, number)):
            name = f"{graph.rpartition('/')[0]}/copy/{one}"
            lines += list(_copy(graph, seed, name, one % max(1, number // SHARING)))
            listed.append(Listed(f"copy/{one}", name, str(one), 30))
        content = gzip.compress(b"".join(sorted(lines)), compresslevel=1, mtime=0)
        digest = hashlib.sha256(content).hexdigest()
        manifest = Manifest(digest, len(lines), "kg", "copied", "0", tuple(listed))
        shards.put(f"{start // ARTICLES:05}", Shard(content, manifest))


def _copy(graph: str, seed: bytes, name: str, group: int) -> Iterator[bytes]:
    """The lines of the seed's graph under another name, those whom articles share under names of a group."""
    text = seed.decode().replace(f"<{graph}", f"<{name}")
    text = re.sub(r"<(https://news\.example/(?:person|place|organization|norp)/[^>]*)>", rf"<\1-{group}>", text)
    text = re.sub(r'(core#(?:pref|alt)Label> ")([^"]*)"', rf'\1\2 {group}"', text)
    end = f" <{name}> .\n"
    return (f"{line[:-2]}{end}".encode() for line in text.split("\n") if line)


def _size(folder: Path) -> int:
    """Megabytes on the disk, files that share their blocks counted once."""
    seen = {
        (found.st_dev, found.st_ino): found.st_blocks * 512 for path in folder.rglob("*") if (found := path.lstat())
    }
    return round(sum(seen.values()) / 1e6)


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [1000, 10000])
