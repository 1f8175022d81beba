"""How quick the pages of ``kg serve`` are, how many readers at once they bear, and whether memory stays flat.

    python -m benchmarks.serve [--articles 5000] [--requests 10000] [--store FOLDER]

Makes a store of so many articles (ten events each, without reading), starts the server on it, and asks: each page 40
times with different parameters, one after the other; then 50 readers at once; then many requests more, of all pages,
with the memory of the server and of its processes. Prints a Markdown table and, below it, what else was counted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx

from tests.serve import made

BASE, KG = made.BASE, "https://kg.example/ontology#"
READERS = 50


def addresses(page: str, chance: random.Random) -> str:
    """An address of a page, other each time."""
    n, place, who = chance.randrange(1500), chance.randrange(300), chance.randrange(2000)
    kind = KG + chance.choice(made.TYPES)
    since = made.day(n).value
    fields: dict[str, dict[str, object]] = {
        "/": {},
        "/search": {"q": f"Person {who}"},
        "/timeline": {"type": kind, "since": since},
        "/map": {"type": kind, "until": since},
        "/network": {"type": kind, "place": f"{BASE}place/Place-{place}"},
        "/article": {"iri": f"{BASE}article/a{n}"},
        "/entity": {"iri": f"{BASE}person/Person-{who}"},
        "/event": {"iri": f"{BASE}article/a{n}#event-{n % 10}"},
        "/links": {"at": n},
        "/sparql": {"query": f"SELECT ?e {{ ?e kg:agent <{BASE}person/Person-{who}> }}"},
        "/reconcile": {"queries": f'{{"q": {{"query": "Person {who}"}}}}'},
    }
    return f"{page}?{urlencode(fields[page])}" if fields[page] else page


PAGES = (
    "/",
    "/search",
    "/timeline",
    "/map",
    "/network",
    "/article",
    "/entity",
    "/event",
    "/links",
    "/sparql",
    "/reconcile",
)


async def timed(client: httpx.AsyncClient, path: str) -> tuple[float, int]:
    """Seconds until all of an answer is there, and its status."""
    started = time.perf_counter()
    answer = await client.get(path, headers={"accept": "text/html" if not path.startswith("/sparql") else "text/csv"})
    return time.perf_counter() - started, answer.status_code


async def measure(url: str, process: int, times: int, each: int, requests: int) -> None:
    """Ask, and print."""
    chance = random.Random(1)  # noqa: S311 - the same questions every time
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        print("| page | median | 95th percentile | median of processor | 95th percentile |\n|---|---|---|---|---|")
        for page in PAGES:
            await timed(client, addresses(page, chance))  # what is read once for each state of the store
            seconds, works = [], []
            for _ in range(times):
                before = processor(process)
                took, status = await timed(client, addresses(page, chance))
                if status != 200:
                    sys.exit(f"{page}: status {status}")
                seconds.append(took)
                works.append(processor(process) - before)
            cells = (f"{number:.3f} s" for found in (seconds, works) for number in middle_and_late(found))
            print(f"| `{page}` | {' | '.join(cells)} |", flush=True)

        async def reader() -> list[int]:
            return [(await timed(client, addresses(chance.choice(PAGES), chance)))[1] for _ in range(each)]

        started = time.perf_counter()
        statuses = [status for found in await asyncio.gather(*(reader() for _ in range(READERS))) for status in found]
        bad = sum(status != 200 for status in statuses)
        took_all = time.perf_counter() - started
        print(f"\n{READERS} readers at once: {len(statuses)} answers in {took_all:.0f} s, {bad} errors")
        held = memory(process)
        print(f"before: {held} MB, and {memory_of_children(process)} MB in the processes that answer SPARQL")
        for part in range(4):
            for _ in range(requests // 4):
                _, status = await timed(client, addresses(chance.choice(PAGES), chance))
                if status != 200:
                    sys.exit(f"status {status} after {part * requests // 4:,} requests")
            held = f"{memory(process)} MB, {memory_of_children(process)} MB"
            print(f"after {(part + 1) * (requests // 4):,} more: {held}", flush=True)


def middle_and_late(found: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(found), sorted(found)[int(len(found) * 0.95)]


def processor(process: int) -> float:
    """Seconds of processor that the server and its processes have taken (Linux)."""
    tasks = [task for one in (process, *children(process)) for task in Path(f"/proc/{one}/task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def children(process: int) -> list[int]:
    """The processes that it has started (Linux)."""
    threads = Path(f"/proc/{process}/task").iterdir()  # each knows those that it started
    return [int(child) for one in threads for child in (one / "children").read_text().split()]


def memory(process: int) -> int:
    """Megabytes that a process holds (Linux)."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[0]) // 1024


def memory_of_children(process: int) -> int:
    """Megabytes that its children hold together (Linux)."""
    return sum(map(memory, children(process)))


def main() -> None:
    """Make the store where there is none, serve it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--times", type=int, default=40, help="requests for each page")
    parser.add_argument("--each", type=int, default=10, help="requests of each of the readers at once")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--store", help="a store that is there (made by this before)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        location = options.store or f"{folder}/store"
        if not options.store:
            made.fill(location, options.articles)
        command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", "0", "--store", location]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
            told = server.stderr.readline() if server.stderr else ""
            found = re.search(r"http://\S+:\d+", told)
            if found is None:
                sys.exit(f"the server did not start: {told}")
            try:
                asyncio.run(measure(found[0], server.pid, options.times, options.each, options.requests))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
