"""How fast articles are read into a store: each stage's processor time, and ``kg load`` as a command.

    python benchmarks/load.py [TEXT…] [--articles N] [--words N] [--processes N] [--folder FOLDER]

Writes a table of docs/benchmarks.md to standard output. The articles are made of the sentences of some texts, by turns;
without any, of the shipped article's. Seconds of processor hardly change with what else runs on the machine, seconds on
the clock do: measure those on a quiet one.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from kg.core.model import Article
from kg.core.vocab import DEFAULT_BASE
from kg.extract.language.models import load_model, read_docs
from kg.extract.reading import extract_doc
from kg.graph.mint import graph_iri
from kg.graph.triples import to_ntriples, to_triples
from kg.graph.validate import load_shapes, validate_together
from kg.ontology.load import load_ontology
from kg.pipeline.load import BATCH, batches
from kg.pipeline.prepared import Reader, Settings
from kg.store.opening import open_store

SHIPPED = Path(__file__).parent.parent / "seeds" / "in_amenas.txt"


def articles(texts: list[str], number: int, words: int) -> Iterator[Article]:
    """Articles of about so many words: the next sentences of the texts, each article beginning in another text."""
    sentences = [re.split(r"(?<=[.!?])\s+(?=[A-Z“\"])", text) for text in texts]
    turns = [cycle(own) for own in sentences]
    for index in range(number):
        taken: list[str] = []
        turn = index % len(turns)
        while (missing := words - sum(len(s.split()) for s in taken)) > 0:
            own = islice(turns[turn], len(sentences[turn]))
            for sentence in own:
                taken.append(sentence)
                missing -= len(sentence.split())
                if missing <= 0:
                    break
            turn = (turn + 1) % len(turns)
        yield Article(f"a{index}", "\n".join(taken), f"2013-01-{1 + index % 28:02}", "The Courier", f"Article {index}")


def measure_stages(some: list[Article], folder: Path) -> Iterator[tuple[str, str]]:
    """Milliseconds of processor that an article takes in each stage, in one process, after a batch to warm up."""
    model, ontology, shapes, reading = load_model(), load_ontology(), load_shapes(), Reader(Settings()).reading
    gc.freeze()  # as kg.pipeline.prepared does
    spent = dict.fromkeys(("model", "rules", "graph", "validation", "store"), 0.0)

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        spent[name] += time.process_time() - start

    triples = 0
    with open_store(str(folder / "stages"), mode="write") as store:
        for number, batch in enumerate(batches(some)):
            if number == 1:
                spent, triples = dict.fromkeys(spent, 0.0), 0
            with stage("model"):
                docs = list(read_docs(model, [article.text for article in batch]))
            with stage("rules"):
                found = [extract_doc(article, doc, ontology) for article, doc in zip(batch, docs, strict=True)]
            with stage("graph"):
                graphs = [to_triples(one, ontology, reading, DEFAULT_BASE) for one in found]
                data = [to_ntriples(graph) for graph in graphs]
            with stage("validation"):
                reports = validate_together(data, shapes, ontology)
            with stage("store"):
                names = [graph_iri(article.id, DEFAULT_BASE) for article in batch]
                store.replace_many(dict(zip(names, data, strict=True)))
            if not all(report.conforms for report in reports):
                raise SystemExit("a graph of the benchmark breaks a shape: its check is not what a check costs")
            triples += sum(map(len, graphs))
    measured = len(some) - BATCH
    for stage, seconds in spent.items():
        yield f"{stage}, an article", f"{seconds / measured * 1000:.0f} ms of processor"
    yield "rules, as a share of the model's time", f"{spent['rules'] / spent['model']:.2f}"
    rest = spent["graph"] + spent["validation"] + spent["store"]
    yield "graph, validation and store, as a share of model and rules", f"{rest / (sum(spent.values()) - rest):.2f}"
    yield "triples, an article", f"{triples / measured:.0f}"


def measure_load(some: list[Article], folder: Path, processes: int) -> Iterator[tuple[str, str]]:
    """``kg load`` as a command, start included: clock, processor, the largest process."""
    file = folder / "articles.jsonl"
    file.write_text(
        "".join(json.dumps({k: getattr(a, k) for k in ("id", "text", "published", "title")}) + "\n" for a in some),
        encoding="utf-8",
    )
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "kg", "load", str(file), "--store", str(folder / "loaded")]
    subprocess.run([*command, "--processes", str(processes)], check=True, capture_output=True)
    clock = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    words = sum(len(a.text.split()) for a in some) / len(some)
    yield (
        f"`kg load --processes {processes}`, {len(some)} articles of {words:.0f} words",
        f"{clock:.0f} s, {processor:.0f} s of processor, {used.ru_maxrss / 1024:.0f} MB at most in a process",
    )
    yield "articles an hour by the clock", f"{len(some) / clock * 3600:,.0f}"
    busy = len(some) / processor * 3600 * processes
    yield f"articles an hour, were {processes} processors busy all the time", f"{busy:,.0f}"


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("texts", nargs="*", type=Path, default=[SHIPPED])
    options.add_argument("--articles", type=int, default=160)
    options.add_argument("--words", type=int, default=600)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in chosen.texts]
    some = list(articles(texts, chosen.articles, chosen.words))
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        print("| what | measured |\n| --- | --- |")
        load = measure_load(some, Path(name), chosen.processes)
        for rows in (load, measure_stages(some[: 3 * BATCH], Path(name))):
            for what, figure in rows:
                print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
