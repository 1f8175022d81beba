"""What storing costs, and whether it stays what it was: ``python -m benchmarks.storing [TEXT…] --articles 200 1000``.

Articles of so many words are made of the sentences of some texts (``benchmarks.load``), read once, and their graphs
stored again and again under other ids by ``kg load``'s own code: asked for what is known, stored in batches, published,
put in order at the end. Each copy has a text of its own (its number is added), and those whom articles share have names
that so many copies share (``--sharing``; 0: all). Seconds are of the processor unless said otherwise.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import kg.pipeline.load as pipeline
from benchmarks.load import SHIPPED, articles
from kg.articles import SkippedInput
from kg.core.model import Article
from kg.core.vocab import DEFAULT_BASE
from kg.pipeline.prepared import Prepared, Reader, Settings
from kg.store.opening import open_store

_SHARED = re.compile(r"<(https://news\.example/(?:person|place|organization|norp)/[^>]*)>")
_NAMES = re.compile(r'(core#(?:pref|alt)Label> ")([^"]*)"')


class Copies:
    """Graphs read once, given out again under other ids: stands where ``kg load`` prepares a batch."""

    def __init__(self, texts: list[str], words: int, sharing: int, total: int) -> None:
        reader = Reader(Settings())
        self._originals = reader.prepare(list(articles(texts, len(texts), words)), DEFAULT_BASE)
        self._groups = max(1, total // sharing) if sharing else 0

    def __call__(self, batch: tuple[Sequence[object], object]) -> list[Prepared | SkippedInput]:
        """The graphs of a batch's articles."""
        return [self.copy(item) for item in batch[0] if isinstance(item, Article)]

    def copy(self, article: Article) -> Prepared:
        """The graph of an article whose id is its number."""
        number = int(article.id)
        one = self._originals[number % len(self._originals)]
        if not isinstance(one, Prepared):
            raise SystemExit(f"an article of the benchmark cannot be read: {one.reason}")
        text = json.dumps(one.article.text, ensure_ascii=False)[1:-1]
        old, new = (hashlib.sha256(t.encode()).hexdigest() for t in (one.article.text, _numbered(one, number)))
        graph = one.graph.rpartition("/")[0] + f"/copy/{number}"
        lines = one.ntriples.decode().replace(f"<{one.graph}", f"<{graph}").replace(old, new)
        lines = lines.replace(text, f"{text} {number}")
        if self._groups:
            group = number % self._groups
            lines = _NAMES.sub(rf'\1\2 {group}"', _SHARED.sub(rf"<\1-{group}>", lines))
        ntriples = "".join(sorted(lines.splitlines(keepends=True))).encode()
        return Prepared(article, graph, ntriples, one.report, one.events)


def _numbered(one: Prepared, number: int) -> str:
    return f"{one.article.text} {number}"


def stored(number: int, texts: list[str], words: int, sharing: int, location: str) -> dict[str, float]:
    """What it takes to store so many, all together and at the end."""
    copies = Copies(texts, words, sharing, number)
    pipeline._Preparing = lambda *_: copies  # type: ignore[assignment,misc]  # noqa: SLF001
    made = [0.0]
    plain = copies.copy

    def timed(article: Article) -> Prepared:
        begun = time.process_time()
        done = plain(article)
        made[0] += time.process_time() - begun
        return done

    copies.copy = timed  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()
    marks: list[tuple[int, float]] = []
    begun, clock = time.process_time(), time.perf_counter()
    with open_store(location, mode="write") as store:
        inputs = (Article(str(n), f"Text {n}", None, None, None) for n in range(number))
        for count, _ in enumerate(pipeline.load(inputs, store, Settings()), start=1):
            if count == number or count % max(1, number // 10) == 0:
                marks.append((count, time.process_time() - begun - made[0]))
    spent, wall = time.process_time() - begun - made[0], time.perf_counter() - clock
    last = marks[-1][1] - marks[-2][1]
    return {
        "articles": number,
        "ms an article": round(1000 * spent / number, 1),
        "of them before the end": round(1000 * marks[-1][1] / number, 1),
        "the last tenth, ms an article": round(1000 * last / (marks[-1][0] - marks[-2][0]), 1),
        "ms of the clock": round(1000 * (wall - made[0]) / number, 1),
        "MB an article": round(size(Path(location)) / 1e6 / number, 3),
    }


def size(folder: Path) -> int:
    """Bytes on the disk, files that share their blocks counted once."""
    seen = {(s.st_dev, s.st_ino): s.st_blocks * 512 for path in folder.rglob("*") if (s := path.lstat())}
    return sum(seen.values())


def main() -> None:
    """For each number of articles a row: each in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("texts", nargs="*", type=Path, default=[SHIPPED], help="text files, or JSON with a `text`")
    options.add_argument("--articles", type=int, nargs="+", default=[200, 1000])
    options.add_argument("--words", type=int, default=600)
    options.add_argument("--sharing", type=int, default=0)
    options.add_argument("--folder", type=Path)
    options.add_argument("--keep", type=Path, help="where the store is to stay")
    chosen = options.parse_args()
    if len(chosen.articles) == 1:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
            where = str(chosen.keep or Path(place, "store"))
            print(
                json.dumps(stored(chosen.articles[0], list(_texts(chosen.texts)), chosen.words, chosen.sharing, where))
            )
        return
    rows = []
    for number in chosen.articles:
        arguments = [*map(str, chosen.texts), "--articles", str(number), "--sharing", str(chosen.sharing)]
        arguments += ["--words", str(chosen.words)]
        arguments += ["--folder", str(chosen.folder)] if chosen.folder else []
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.storing", *arguments], stdout=subprocess.PIPE, check=True
        )
        rows.append(json.loads(done.stdout))
        print(rows[-1], file=sys.stderr, flush=True)
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(f"{row[name]:,}" for name in names) + " |")


def _texts(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        text = file.read_text(encoding="utf-8")
        yield json.loads(text)["text"] if file.suffix == ".json" else text


if __name__ == "__main__":
    main()
