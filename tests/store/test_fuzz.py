"""Random inputs for every reader of RDF, SPARQL and budgets: an answer or words, never another error, never long."""

from __future__ import annotations

import json
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kg.core.errors import KgError
from kg.core.nesting import check_json, check_turtle, check_xml
from kg.query.prepare import known_prefixes, parse_term, prepare
from kg.query.update import prepare_update
from kg.store.apart import _check
from kg.store.diff import differences
from kg.store.files import read_triples
from kg.store.formats import BY_ENDING
from kg.store.opening import open_store, parse
from kg.store.sparql.federation import ServicePolicy, check_calls, normal
from kg.store.sparql.request import Sparql

SEED = int(os.environ.get("KG_FUZZ_SEED", "1"))
LONG = int(os.environ.get("KG_FUZZ", "200000"))
"""Inputs for each reader in the long run."""
SLOWEST = 10.0  # seconds of processor for one input

PIECES: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "cases/fuzz/pieces.json").read_text("utf-8"))
VALID: dict[str, list[str]] = PIECES.pop("valid")  # type: ignore[assignment]
"""What inputs are made of, by the ending of a format; "sparql" for queries and updates."""
RDF = {ending: pieces for ending, pieces in PIECES.items() if ending.startswith(".")}
ODD = [0, 9, 10, 34, 39, 60, 92, 123, 127, 0xE9, 0xFFFE, 0x1F600]  # characters that are put in anywhere


def some(chance: random.Random, kind: str, most: int) -> str:
    """A valid text with pieces put in or taken out, or pieces in a random order; some characters turned."""
    pieces = PIECES[kind]
    if chance.random() < 0.6:
        text = chance.choice(VALID[kind])
        for _ in range(chance.randrange(4)):
            start = chance.randrange(len(text) + 1)
            text = (
                text[:start] + chance.choice(["", chance.choice(pieces)]) + text[start + chance.choice((0, 0, 1, 9)) :]
            )
    else:
        words = [chance.choice(pieces) for _ in range(chance.randrange(1, most))]
        if chance.random() < 0.3:
            words[chance.randrange(len(words))] *= chance.randrange(2, 400)
        text = (" " if chance.random() < 0.7 else "").join(words)
    for _ in range(chance.choice((0, 0, 1, 2)) if text else 0):
        at = chance.randrange(len(text))
        text = text[:at] + chr(chance.choice([*ODD, chance.randrange(32, 127)])) + text[at + 1 :]
    return text


def in_process(ending: str) -> Callable[[random.Random], None]:
    """What the child of a reader does with a text, here: looking for nesting, then the engine's parser."""
    form = BY_ENDING[ending]

    def read(chance: random.Random) -> None:
        text = some(chance, ending, 60).encode("utf-8", "replace")
        _check(form.name, text)
        for _ in parse(text, form.engine, base_iri="http://x.example/"):
            pass

    return read


def whole(folder: Path) -> Callable[[random.Random], None]:
    """A file, read as ``merge``, ``validate`` and ``diff`` do, in a process of its own."""

    def read(chance: random.Random) -> None:
        ending = chance.choice([*RDF])
        path = folder / f"a{ending}"
        path.write_bytes(some(chance, ending, 60).encode("utf-8", "replace"))
        if chance.random() < 0.5:
            read_triples(path, "http://x.example/g")
        else:
            with differences(path, path) as found:
                assert not list(found)

    return read


def sparql(chance: random.Random) -> None:
    """A query or an update from its text to what the engine says; the store is empty."""
    text = some(chance, "sparql", 40)
    Sparql(text).unbalanced()
    check_calls(Sparql(text), ServicePolicy())
    prefixes = known_prefixes("https://news.example/")
    with open_store(":memory:", mode="write") as store:
        if Sparql(text).form == "UPDATE":
            store.update(prepare_update(store, text).run.text)
        else:
            bindings = {"s": parse_term("kg:x", prefixes)} if chance.random() < 0.2 else {}
            store.query(prepare(text, prefixes=prefixes, bindings=bindings, limit=3).run.text)


def small(chance: random.Random) -> None:
    """Terms, addresses, and the scans for nesting on whatever bytes."""
    text = some(chance, chance.choice([*PIECES]), 8) + chance.choice(
        ("", "http://h/a/%2e%2e/", "%", "\ud800", "[::1", "@")
    )
    normal(text)
    raw = text.encode("utf-8", "replace")
    for scan in (check_json, check_turtle, check_xml):
        with suppress(KgError):
            scan(raw)
    parse_term(text, known_prefixes("https://news.example/"))


def readers(folder: Path) -> dict[str, tuple[Callable[[random.Random], None], float]]:
    """Each reader with its share of the inputs."""
    found = {f"rdf{ending}": (in_process(ending), 1.0) for ending in RDF}
    return {**found, "files": (whole(folder), 0.005), "sparql": (sparql, 0.5), "small": (small, 1.0)}


def fuzz(folder: Path, number: int) -> Counter[str]:
    """Try inputs on each reader; how many were read and refused. Any other error stops it, with its seed."""
    counts: Counter[str] = Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of all tests of this process so far
    for name, (read, share) in readers(folder).items():
        for turn in range(max(2, int(number * share))):
            chance = random.Random(f"{SEED} {name} {turn}")  # noqa: S311 - inputs, not secrets
            started = time.process_time()
            try:
                read(chance)
                counts[f"{name}: read"] += 1
            except KgError:
                counts[f"{name}: refused"] += 1
            except (SyntaxError, ValueError) as error:  # the parser's own, told by whoever calls it
                if not name.startswith("rdf."):
                    raise AssertionError(f"{name}, seed {SEED}, turn {turn}") from error
                counts[f"{name}: refused"] += 1
            except BaseException as error:
                raise AssertionError(f"{name}, seed {SEED}, turn {turn}") from error
            assert time.process_time() - started < SLOWEST, f"{name}, seed {SEED}, turn {turn} took too long"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20, "more than 1 GB"
    return counts


def test_readers_take_whatever_comes(tmp_path: Path) -> None:
    """Some hundred random inputs for each reader."""
    assert fuzz(tmp_path, 150).total() > 1000


@pytest.mark.long
def test_readers_take_a_million_of_whatever_comes(tmp_path: Path) -> None:
    """A million and a half random inputs: none above ten seconds of processor or a gigabyte or with another error."""
    counts = fuzz(tmp_path, LONG)
    print(f"\n{counts.total():,} inputs", *sorted(f"{name} {number:,}" for name, number in counts.items()), sep="\n")  # noqa: T201
