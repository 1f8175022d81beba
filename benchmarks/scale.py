"""What a store of many articles costs: loaded in bulk, asked; ``python -m benchmarks.scale --short 1000 10000 100000``.

The articles are made on the fly from the graph of one (read once, from ``seeds/``; with ``--short`` one of fifty
words): each under an id of its own, its people, places and organisations under names that fifty
articles share. So a question for a name is selective. Seconds are of the processor; memory is the most that the process
had; ``--keep FOLDER`` leaves the last store there. A load of 1,000 is over in two seconds, which say little: the
smallest number is measured ``--repeat`` times, half of them before the others and half after, and the medians count.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kg
from kg.pipeline.prepared import Settings
from kg.pipeline.shards import ARTICLES, Folder, Listed, Manifest, Shard, ontology_files

SHARING = 50  # articles that share a name, at least
SHORT = """\
A bomb exploded in the harbour of Kirra on Monday and killed at least three fishermen, a police spokesman said.
Police arrested two men in Norvia on Tuesday. Ana Ruelo accused the two men of the bombing of the harbour of Kirra.
"""
_SPEED = "quads a second"
ASKED = 5  # times; the fastest counts
_NAME, _GROUP = b"urn:its-name", b"(its-group)"  # characters that no IRI of ours and no name has
QUERIES = {  # title: name of the query, what is bound; of a short article, of the whole one
    "timeline of a place": ("timeline", "place", "Kirra 0", "Algeria 0"),
    "what happened to somebody": ("what-happened-to", "name", "men 0", "In Amenas natural gas plant 0"),
    "what somebody did": ("done-by", "name", "Ana Ruelo 0", "Mokhtar Belmokhtar 0"),
    "the dead and hurt of a place": ("casualties", "place", "Kirra 0", "In Amenas natural gas plant 0"),
    "the words behind an event": ("evidence", "event", "bombing-7", "siege-88"),
}


def main() -> None:
    """For each number of articles a row: each in a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[1000, 10000], metavar="ARTICLES")
    parser.add_argument("--short", action="store_true", help="articles of a hundred words in the place of five hundred")
    parser.add_argument("--repeat", type=int, default=5, help="how often the smallest number is measured")
    parser.add_argument("--keep", type=Path, help="leave shards and store in this folder, which must not be there yet")
    told = parser.parse_args()
    if len(told.numbers) == 1:
        print(json.dumps(measured(told.numbers[0], _seed(short=told.short), told.keep)))
        return
    smallest, *others = sorted(told.numbers)
    before = (told.repeat + 1) // 2
    runs: dict[int, list[dict[str, float]]] = {}
    for number in (*[smallest] * before, *others, *[smallest] * (told.repeat - before)):
        command = [sys.executable, "-m", "benchmarks.scale", str(number), *(["--short"] if told.short else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs.setdefault(number, []).append(json.loads(done.stdout))
        print(done.stdout, end="", file=sys.stderr, flush=True)
    rows = [{name: statistics.median(run[name] for run in found) for name in found[0]} for found in runs.values()]
    speeds = {number: [run[_SPEED] for run in found] for number, found in runs.items()}
    for number, found in speeds.items():
        ratio = statistics.median(found) / statistics.median(speeds[smallest])
        each = ", ".join(f"{speed:,.0f}" for speed in sorted(found))
        print(f"{number:,} articles: {each} quads a second of the processor, {ratio:.3f} of the speed at {smallest:,}")
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(f"{row[name]:,}" for name in names) + " |")


def measured(number: int, seed: Seed, keep: Path | None) -> dict[str, float]:
    """Shards of so many articles, a store of them, and questions to it."""
    with tempfile.TemporaryDirectory() as temporary:
        place = keep or Path(temporary)
        shards, store = place / "shards", place / "store"
        write_shards(shards, seed, number)
        quads = number * len(seed.lines)
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "kg", "bulk", str(shards), "--store", str(store)], check=True, capture_output=True
        )
        elapsed = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = used.ru_utime + used.ru_stime
        row: dict[str, float] = {
            "articles": number,
            "quads": quads,
            "shards, MB": _size(shards),
            "bulk load, s": round(seconds),
            "by the clock, s": round(elapsed),
            _SPEED: round(quads / seconds),
            "at most, MB": round(used.ru_maxrss / 1024),
            "store, MB": _size(store),
        }
        with kg.open_store(store, mode="read") as opened:
            for title, (name, variable, *asked) in QUERIES.items():
                text, value = kg.named_queries()[name].text, asked[0 if seed.short else 1]
                bind = {variable: kg.Iri(f"{seed.name(0)}#{value}") if variable == "event" else value}
                rows = len(opened.query(text, bind=bind))
                if not rows:
                    raise SystemExit(f"{name} found nothing: the question is none")
                row[f"{title}, ms"] = min(_asked(opened, text, bind) for _ in range(ASKED))
        return row


def _asked(store: kg.Store, text: str, bind: Mapping[str, Any]) -> float:
    """Milliseconds of the processor for one answer."""
    started = time.process_time()
    store.query(text, bind=bind)
    return round(1000 * (time.process_time() - started), 1)


@dataclass(frozen=True, slots=True)
class Seed:
    """The lines of one article's graph, with a mark where its own name stands, and one where a group's number does."""

    base: str
    short: bool
    lines: tuple[bytes, ...]

    def copy(self, number: int, group: int) -> Iterator[bytes]:
        """The N-Quads of a copy."""
        name, end = self.name(number).encode(), f" <{self.name(number)}> .\n".encode()
        for line in self.lines:
            yield line.replace(_NAME, name).replace(_GROUP, b"%d" % group) + end

    def name(self, number: int) -> str:
        """The graph of a copy."""
        return f"{self.base}article/copy/{number}"


def _seed(*, short: bool) -> Seed:
    text = SHORT if short else Path("seeds/in_amenas.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place, kg.open_store(":memory:") as store:
        article = Path(place, "seed.txt")
        article.write_text(text, encoding="utf-8")
        store.load(article, published="2013-01-20")
        found = store.construct("CONSTRUCT { ?s ?p ?o } { GRAPH article:seed { ?s ?p ?o } }")
        base = store.base
    group = _GROUP.decode()
    found = found.replace(f"<{base}article/seed", f"<{_NAME.decode()}")
    found = re.sub(rf"<({base}(?:person|place|organization|norp)/[^>]*)>", rf"<\1-{group}>", found)
    found = re.sub(r'(core#(?:pref|alt)Label> ")([^"]*)"', rf'\1\2 {group}"', found)
    return Seed(base, short, tuple(line[:-2].encode() for line in found.split("\n") if line))


def write_shards(folder: Path, seed: Seed, number: int) -> None:
    """Shards of so many copies."""
    shards = Folder(str(folder))
    shards.begin(seed.base, ontology_files(Settings()))
    groups = max(1, number // SHARING)
    for start in range(0, number, ARTICLES):
        ids = range(start, min(start + ARTICLES, number))
        lines = [line for one in ids for line in seed.copy(one, one % groups)]
        content = gzip.compress(b"".join(sorted(lines)), compresslevel=1, mtime=0)
        listed = tuple(Listed(f"copy/{one}", seed.name(one), str(one), 30) for one in ids)
        digest = hashlib.sha256(content).hexdigest()
        shards.put(f"{start // ARTICLES:05}", Shard(content, Manifest(digest, len(lines), "kg", "copied", "0", listed)))


def _size(folder: Path) -> int:
    """Megabytes on the disk, files that share their blocks counted once."""
    seen = {
        (found.st_dev, found.st_ino): found.st_blocks * 512 for path in folder.rglob("*") if (found := path.lstat())
    }
    return round(sum(seen.values()) / 1e6)


if __name__ == "__main__":
    main()
