"""A load of prepared graphs without the language model: what the concurrency tests start, watch and kill.

    python prepared_load.py STORE FIRST LAST BATCH

For each generation from FIRST to LAST replaces all graphs by that generation's content, BATCH graphs at a time, and
prints a line when a batch is stored.
"""

from __future__ import annotations

import sys

from kg.store import open_store

BASE = "https://news.example/"
GRAPHS = 12
TRIPLES = 150
SAYS = "https://kg.example/ontology#exact"


def graph(number: int) -> str:
    """The name of one graph."""
    return f"{BASE}article/a{number}"


def content(number: int, generation: int) -> bytes:
    """One generation of one graph, sorted."""
    lines = [f'<{graph(number)}#t{i:03}> <{SAYS}> "generation {generation}" .\n' for i in range(TRIPLES)]
    return "".join(lines).encode()


def load(location: str, first: int, last: int, batch: int) -> None:
    """Load the generations, telling of each batch."""
    with open_store(location, mode="write", wait=10) as store:
        print("open", flush=True)  # noqa: T201 - the test reads it
        for generation in range(first, last + 1):
            for start in range(0, GRAPHS, batch):
                numbers = range(start, min(start + batch, GRAPHS))
                store.replace_many({graph(number): content(number, generation) for number in numbers})
                print(generation, start, flush=True)  # noqa: T201


if __name__ == "__main__":
    load(sys.argv[1], *(int(argument) for argument in sys.argv[2:5]))
