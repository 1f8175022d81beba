"""What Dask costs beside the reading: one worker and two, each article asleep for as long as one is read.

``python -m benchmarks.spread``. Asleep, so that two workers are twice as fast as one on a crowded machine too, but for
what spreading costs; ``--real 200`` has so many articles read by the model (on a machine that does nothing else).
Seconds are by the clock; those of the processor are of this process (client and scheduler).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from functools import partial

from kg.core.model import Article, Reading, ValidationReport
from kg.graph.mint import graph_iri
from kg.pipeline.prepared import Prepared, Settings
from kg.pipeline.shards import Folder
from kg.pipeline.spread import cluster, load_spread

ARTICLES, SHARD, READING = 400, 20, 0.05  # articles, articles of a shard, seconds for one
TEXT = "Police arrested two men in Norvia on Tuesday."


class Asleep:
    """A reader that sleeps, and finds one line."""

    def __init__(self, settings: Settings) -> None:  # noqa: ARG002 - it needs none
        self.reading = Reading("kg", "asleep", "0")

    def prepare(self, articles: Sequence[Article], base: str) -> list[Prepared]:
        """A graph of one line for each."""
        found = []
        for article in articles:
            time.sleep(READING)
            graph = graph_iri(article.id, base)
            line = f'<{graph}> <https://schema.org/articleBody> "{article.text}" .\n'.encode()
            found.append(Prepared(article, graph, line, ValidationReport(conforms=True, violations=()), 1))
        return found


def main() -> None:
    """A line for one worker, and one for two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=int, metavar="ARTICLES", help="so many articles, read by the model instead")
    real: int | None = parser.parse_args().real
    number, read = real or ARTICLES, partial(load_spread) if real else partial(load_spread, read=Asleep)  # type: ignore[arg-type]
    inputs = [Article(f"a/{one}", f"{TEXT} {one} were hurt.", "2024-05-08", "Courier", None) for one in range(number)]
    alone = 0.0
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as place, cluster("local", workers) as client:
            for folder, some in (("warm", inputs[:SHARD]), ("shards", inputs)):  # the first starts the readers
                begun, used = time.perf_counter(), time.process_time()
                list(read(some, Folder(f"{place}/{folder}"), Settings(), "https://x.example/", client, size=SHARD // 2))
                elapsed, used = time.perf_counter() - begun, time.process_time() - used
        alone = alone or elapsed
        over = "" if real else f"{1000 * (elapsed * workers / number - READING):.1f} ms an article beside its reading, "
        print(
            f"{workers} workers: {elapsed:.1f} s for {number} articles, {alone / elapsed:.2f} times as fast as one; "
            f"{over}{1000 * used / number:.2f} ms of processor in the client"
        )


if __name__ == "__main__":
    main()
