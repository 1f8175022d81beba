"""10,000 of our names against a million labels: how long, how much memory, how many found again.

    python benchmarks/reconcile.py [--labels N] [--names N] [--processes N]

Labels are made of syllables by a fixed seed. Half of the names are labels as they stand; a quarter has one letter
left out, doubled or changed; an eighth its words turned around; an eighth is no label. Writes the table of
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from kg.linking.nearest import BLOCK, Near, nearest

SYLLABLES = (
    "ba be bo da de di do fa fe ga go ha ja ka ki ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si "
    "so ta te ti to va ve vi wa ya za zu al an ar el en er in on or un ash eth ist mar ber nor tan vel kir dun "
    "ton ham burg stan grad ville ford field wick shire mont saint ibn khan son sen ov ova"
).split()


def labels(number: int) -> Iterator[str]:
    """So many labels of two or three words, the same ones each time."""
    rng = random.Random(7)  # noqa: S311 - a sample, no secret
    for _ in range(number):
        yield " ".join(
            "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3, 4)))) for _ in range(rng.choice((2, 2, 3)))
        )


def asked(number: int, total: int) -> list[tuple[str, int | None]]:
    """Names to look up, with the number of the label that each was made of, None for those made of none."""
    rng = random.Random(11)  # noqa: S311 - likewise
    chosen = sorted(rng.sample(range(total), number))
    wanted, rest = [], iter(enumerate(labels(total)))
    for label in chosen:
        text = next(text for at, text in rest if at == label)
        kind = rng.random()
        if kind < 0.5:
            wanted.append((text.title(), label))
        elif kind < 0.75:
            wanted.append((_misspelt(text, rng), label))
        elif kind < 0.875:
            wanted.append((" ".join(reversed(text.split())), label))
        else:
            wanted.append((f"xq{rng.randrange(10**9)} zw{rng.randrange(10**9)}", None))
    return wanted


def _misspelt(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text) - 1)
    return rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], f"{text[:at]}e{text[at + 1 :]}"))


def _part(task: tuple[list[str], int, int, int]) -> list[Near]:
    """One process's share: every so manieth block of the labels."""
    names, total, number, of = task
    found = []
    for start in range(number * BLOCK, total, of * BLOCK):
        block = islice(labels(total), start, min(start + BLOCK, total))
        found += [Near(near.name, start + near.label, near.ratio) for near in nearest(names, block)]
    return found


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    wanted = asked(options.names, options.labels)
    names = [name for name, _ in wanted]
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with ProcessPoolExecutor(options.processes) as pool:
        tasks = [(names, options.labels, number, options.processes) for number in range(options.processes)]
        found = [near for part in pool.map(_part, tasks) for near in part]
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    pairs = {(near.name, near.label) for near in found}
    right = sum((number, label) in pairs for number, (_, label) in enumerate(wanted) if label is not None)
    there = sum(label is not None for _, label in wanted)
    print("| names | labels | seconds | of processor | MB a process | found again | candidates a name |")
    print("|---|---|---|---|---|---|---|")
    processor = after.ru_utime - used.ru_utime
    row = (
        f"{len(names):,}",
        f"{options.labels:,}",
        f"{seconds:.0f}",
        f"{processor:.0f}",
        f"{after.ru_maxrss // 1024}",
        f"{right / there:.3f}",
        f"{len(pairs) / len(names):.1f}",
    )
    print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
