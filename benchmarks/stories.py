"""What a load of ten articles costs in a store of many, for their stories alone: new ones against what is kept.

    python -m benchmarks.stories [--articles N …] [--a-day N]

Articles are made by a fixed seed, as many each day: happenings in many towns, each told by two or three papers, with a
notice below every article. They are put into a store as graphs, related once, then ten more come and are related.
Writes processor seconds and the bytes kept.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from kg.core.vocab import ONTOLOGY, PROV
from kg.pipeline.stories.kept import FILE
from kg.pipeline.stories.links import relate
from kg.pipeline.stories.wording import word_table
from kg.store.opening import Store, open_store
from tests.reports import BASE, Told, graph

SYLLABLES = "ar bel cor dun el far gar hal is jor kar lor mar nor os per ros sal tor ul ver wes".split()
THINGS = ("market", "school", "harbour", "bridge", "station", "mine", "factory", "hotel", "court", "farm")
KINDS = (("Bombing", "bombing"), ("Attack", "attack"), ("Arrest", "arrest"), ("Accident", "crash"))


def made(number: int, a_day: int) -> bytes:
    """The graph of an article: its happening is that of one or two others of nearly the same number."""
    rng = random.Random(number // 3)  # noqa: S311 - a sample, no secret
    town = "".join(rng.choices(SYLLABLES, k=3)).title()
    thing, (kind, word) = rng.choice(THINGS), rng.choice(KINDS)
    day = (date(2024, 1, 1) + timedelta(days=number // 3 * 3 // a_day + rng.randrange(3))).isoformat()
    paper = number % 3
    text = (
        f"The {word} at a {thing} in {town} was the first in years, a spokesman said.",
        f"Officials in {town} spoke of the {word} at the {thing} on Monday. Nobody was named. Trade went on elsewhere.",
        f"After the {word} in {town} the {thing} stayed closed; the mayor asked for calm.",
    )[paper]
    text += f" {_rest(number)} Copyright by Paper {paper}. All rights are reserved; no part may be printed elsewhere."
    told = Told(kind, word, {"place": town, "patient": thing}, day)
    about = {"published": day, "publisher": f"Paper {paper}"}
    return graph(f"n{number}", text, told, **about) + _read_by(f"{BASE}article/n{number}", text)


def _rest(number: int) -> str:
    """What else an article tells, in words of its own: sixty of some thousands, some often and most seldom."""
    rng = random.Random(f"rest {number}")  # noqa: S311 - a sample, no secret
    stems = sorted(word_table().rarity)
    return " ".join(stems[min(int(rng.paretovariate(0.5)), len(stems) - 1) - 1] for _ in range(60)) + "."


def _read_by(article: str, text: str) -> bytes:
    """How an article was read, as `kg load` says: by this a later load knows that it is as it was."""
    reading = f"{article}#reading"
    lines = [(article, PROV + "wasGeneratedBy", f"<{reading}>"), (article, ONTOLOGY + "digest", f'"{hash_of(text)}"')]
    lines += [(reading, ONTOLOGY + what, '"made"') for what in ("program", "model", "ontologyDigest")]
    return "".join(f"<{s}> <{p}> {o} .\n" for s, p, o in lines).encode()


def hash_of(text: str) -> str:
    """A digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def put(store: Store, numbers: range, a_day: int) -> None:
    """Put articles into a store, all at once."""
    store.replace_many({f"{BASE}article/n{number}": made(number, a_day) for number in numbers})


def main() -> None:
    """Make, relate, add, relate, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--a-day", type=int, default=20)
    asked = parser.parse_args()
    print("| articles | all related | ten more | links | kept |\n|---|---|---|---|---|")
    for number in asked.articles:
        with tempfile.TemporaryDirectory() as folder:
            where = Path(folder) / "store"
            with open_store(str(where), mode="write") as store:
                put(store, range(number), asked.a_day)
                start = time.process_time()
                relate(store)
                whole = time.process_time() - start
                put(store, range(number, number + 10), asked.a_day)
                start = time.process_time()
                done = relate(store)
                more = time.process_time() - start
            kept = (where / FILE).stat().st_size
        links = done.accepted + done.candidates
        print(f"| {number:,} | {whole:.1f} s | {more:.2f} s | {links:,} | {kept / 1e6:.1f} MB |", flush=True)


if __name__ == "__main__":
    main()
