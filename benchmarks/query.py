"""How fast questions are answered: start, a nine-pattern join over a million triples, a million rows to a pipe.

    python benchmarks/query.py [--folder FOLDER] [--triples N]

Writes the table of docs/benchmarks.md to standard output. Compares with the engine called directly, with
``oxigraph query`` (package ``oxigraph``) and with a plain rdflib script.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from kg.query.prepare import answered, known_prefixes, prepare
from kg.query.results import write_results
from kg.store.opening import RdfFormat, open_store, parse
from kg.store.sparql.federation import ServicePolicy

BASE = "https://news.example/"
KG = "https://kg.example/ontology#"
RUNS = 7
NINE = """
SELECT ?who ?whom ?where ?when ?source ?headline WHERE {
  ?event a kg:Killing .
  ?event kg:agent ?agent .
  ?agent skos:prefLabel ?who .
  ?event kg:patient/skos:prefLabel ?whom .
  ?event kg:place <https://news.example/place/town-7> .
  ?event kg:time/kg:earliestBegin ?when .
  ?claim kg:claims ?event .
  ?claim kg:source/skos:prefLabel ?source .
  GRAPH ?article { ?event kg:mention ?mention }
  ?article schema:headline ?headline .
  BIND("town 7" AS ?where)
}
"""
ALL = "{ ?s ?p ?o }"


def articles(triples: int) -> Iterator[bytes]:
    """Invented articles of ten events each, as N-Quads, until there are enough triples."""
    written = number = 0
    prefixes = known_prefixes(BASE)
    rdf, skos, schema, xsd = (prefixes[name] for name in ("rdf", "skos", "schema", "xsd"))
    types = ("Killing", "Arrest", "Bombing", "Meeting", "Release")
    while written < triples:
        graph = f"{BASE}article/a{number}"
        lines = [
            f"<{graph}> <{rdf}type> <{KG}Article>",
            f'<{graph}> <{schema}headline> "Article {number}"',
        ]
        for event in range(10):
            at = event * 100
            e, c, t, m = (f"{graph}#{kind}-{at}" for kind in ("event", "claim", "time", "char"))
            town, person = f"{BASE}place/town-{(number + event) % 211}", f"{BASE}person/p{(number * 7 + event) % 5003}"
            patient, source = f"{graph}#group-{at}", f"{BASE}organization/s{number % 97}"
            lines += [
                f"<{e}> <{rdf}type> <{KG}{types[event % 5]}>",
                f"<{e}> <{KG}agent> <{person}>",
                f"<{e}> <{KG}patient> <{patient}>",
                f"<{e}> <{KG}place> <{town}>",
                f"<{e}> <{KG}time> <{t}>",
                f"<{e}> <{KG}mention> <{m}>",
                f'<{person}> <{skos}prefLabel> "Person {(number * 7 + event) % 5003}"',
                f'<{patient}> <{skos}prefLabel> "workers"',
                f'<{town}> <{skos}prefLabel> "town {(number + event) % 211}"',
                f'<{t}> <{KG}earliestBegin> "2024-{1 + number % 12:02}-{1 + event:02}"^^<{xsd}date>',
                f"<{c}> <{KG}claims> <{e}>",
                f"<{c}> <{KG}source> <{source}>",
                f'<{source}> <{skos}prefLabel> "Source {number % 97}"',
            ]
        written += len(set(lines))
        number += 1
        yield "".join(f"{line} <{graph}> .\n" for line in dict.fromkeys(lines)).encode()


def make_store(folder: Path, triples: int) -> str:
    """A store on disk with so many invented triples."""
    location = str(folder / "store")
    with open_store(location, mode="write") as store:
        store.fill(parse(b"".join(articles(triples)), RdfFormat.N_QUADS))  # type: ignore[attr-defined]
        store.replace(f"{BASE}article/last", b"")  # publishes
    return location


def fastest(actions: list[Callable[[], object]], rounds: int = 40) -> list[float]:
    """The shortest time of each action, in seconds; they take turns, so that other work disturbs them alike."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for action, found in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            found.append(time.perf_counter() - start)
    return list(map(min, times))


_LAUNCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def program(arguments: list[str], location: str = "none", runs: int = RUNS) -> tuple[float, float, float]:
    """Medians of a program's seconds on the clock, seconds of processor, and its largest memory in MB.

    A small process starts it, so that the memory is not that of this one before the program was loaded.
    """
    environment = {**os.environ, "KG_STORE": location}
    figures = []
    for _ in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, *arguments], check=True, capture_output=True, text=True, env=environment
        )
        figures.append([float(figure) for figure in done.stdout.split()])
    clock, processor, memory = (median(column) for column in zip(*figures[1:], strict=True))
    return clock, processor, memory


def start_of(arguments: list[str], location: str = "none") -> str:
    """A program's start in words."""
    clock, processor, _ = program(arguments, location)
    return f"{clock:.3f} s ({processor:.3f} s of processor)"


def measure_start(kg: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Cold starts on a small store, beside ``oxigraph query`` and rdflib."""
    small = folder / "small"
    small.mkdir()
    location = make_store(small, 2000)
    ask = "SELECT ?e WHERE { ?e a <https://kg.example/ontology#Killing> } LIMIT 1"
    yield "python -c pass", start_of([sys.executable, "-c", "pass"])
    yield "kg --help", start_of([kg, "--help"])
    yield "kg query, one row", start_of([kg, "query", ask], location)
    data = small / "data.nt"
    with open_store(location, mode="read") as store, data.open("wb") as file:
        store.dump(file)
        current = Path(location) / "published" / (Path(location) / "current").read_text().strip()
    oxigraph = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if oxigraph:
        other = [oxigraph, "query", "--location", str(current), "--query", ask, "--results-format", "csv"]
        yield "oxigraph query, one row", start_of(other)
    script = (
        f"import rdflib; g = rdflib.Dataset(default_union=True); g.parse({str(data)!r}, format='nquads'); "
        f"list(g.query({ask!r}))"
    )
    yield "rdflib script, 2,000 triples", start_of([sys.executable, "-c", script])


def measure_join(location: str) -> Iterator[tuple[str, str]]:
    """The nine-pattern query, our way and the engine called directly, each with its rows as CSV."""
    with open_store(location, mode="read") as store:
        prefixes = known_prefixes(store.base)
        engine = store.database  # type: ignore[attr-defined]
        rows = 0

        def ours() -> None:
            nonlocal rows
            prepared = prepare(NINE, prefixes=prefixes)
            with answered(store, prepared, policy=ServicePolicy()) as results:
                written = write_results(results, buffer := io.BytesIO(), None, prefixes=prefixes)
                rows = buffer.getvalue().count(b"\n") - 1
                if not written.found:
                    raise SystemExit("the query of the benchmark finds nothing")

        def direct() -> None:
            results = engine.query(NINE, prefixes=prefixes)
            results.serialize(io.BytesIO(), format=_csv())

        mine, engines = fastest([ours, direct])
        yield f"nine patterns, {rows} rows: kg", f"{mine * 1000:.1f} ms"
        yield "nine patterns: pyoxigraph called directly", f"{engines * 1000:.1f} ms"
        yield "ratio", f"{mine / engines:.2f}"


def measure_rows(kg: str, location: str) -> Iterator[tuple[str, str]]:
    """Triples to a pipe, in the end all of them three times: time and the largest memory of the process."""
    thrice = " UNION ".join([ALL] * 3)
    for what, pattern, limit in (
        ("1,000 rows", ALL, "1000"),
        ("100,000 rows", ALL, "100000"),
        ("all triples", ALL, "1000000000"),
        ("all triples three times", thrice, "1000000000"),
    ):
        query = f"SELECT ?s ?p ?o WHERE {{ {pattern} }}"
        clock, processor, memory = program([kg, "query", query, "--limit", limit], location, runs=1)
        yield (
            f"{what} as CSV to a pipe",
            f"{clock:.2f} s ({processor:.2f} s of processor), {memory:.0f} MB at most",
        )


def _csv() -> object:
    from kg.store.opening import QueryResultsFormat

    return QueryResultsFormat.CSV


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path)
    options.add_argument("--triples", type=int, default=1_000_000)
    chosen = options.parse_args()
    kg = str(Path(sys.executable).parent / "kg")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        location = make_store(folder, chosen.triples)
        print("| what | measured |\n| --- | --- |")
        for rows in (measure_start(kg, folder), measure_join(location), measure_rows(kg, location)):
            for what, figure in rows:
                print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
