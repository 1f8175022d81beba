"""A load of prepared graphs without the language model: what the concurrency tests start, watch and kill.

    python prepared_load.py STORE FIRST LAST BATCH [DEATH]

For each generation from FIRST to LAST replaces all graphs by that generation's content, BATCH graphs at a time, and
prints a line when a batch is stored. With DEATH the process kills itself at that point: before or after one of its
calls of the engine, or before one of its changes of the folder, counted from 1.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from kg.store.opening import open_store

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


class Mortal:
    """The engine's database, until the process dies at a chosen point."""

    def __init__(self, database: Any, death: int) -> None:
        self._database, self._left = database, death
        sys.addaudithook(lambda event, _: self.point() if event in ("os.rename", "os.mkdir", "shutil.rmtree") else None)

    def point(self) -> None:
        """One step nearer."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._database, name)
        if name not in ("update", "extend", "load", "backup"):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            self.point()
            result = found(*arguments, **options)
            self.point()
            return result

        return call


def load(location: str, first: int, last: int, batch: int, death: int = 0) -> None:
    """Load the generations, telling of each batch."""
    with open_store(location, mode="write", wait=10) as store:
        if death:
            store._database = Mortal(store._database, death)  # type: ignore[attr-defined]
        print("open", flush=True)  # noqa: T201 - the test reads it
        for generation in range(first, last + 1):
            for start in range(0, GRAPHS, batch):
                numbers = range(start, min(start + batch, GRAPHS))
                store.replace_many({graph(number): content(number, generation) for number in numbers})
                print(generation, start, flush=True)  # noqa: T201


if __name__ == "__main__":
    load(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
