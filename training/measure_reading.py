"""How well whole articles are read, on the annotation that no event was learned from: documents in, a table out.

    python -m training.measure_reading --corpora DIR [--part report] [--extracted FILE] [--care usual|cautious|eager]

The documents are those held out of `training/events.jsonl.gz` (training/event_corpus.py). Unlike
`training.measure_events`, which asks the network about given windows, this reads them as `kg extract` does: mentions,
chains, rules, model, and what the story gives. A trigger is right where it overlaps an annotated one of its type. A
participant is right where it stands in the same role of an annotated event whose trigger it shares and one of its
mentions overlaps the annotated words; it is found, mention by mention of the annotation, where such a participant was
said. Times and sources likewise, by their words. "harm" is the precision of who did and whom befell Violence, Arrest,
Crime and Theft: the type may be another one of these ("killed" as an attack), the trigger must be annotated as one.
Intervals: documents drawn again 1,000 times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.model import Article, Event, Extraction
from kg.pipeline.prepared import Reader, Settings
from training.event_corpus import ANNOTATION, part_of, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

ROLES = {"A": "agent", "P": "patient", "I": "instrument", "R": "recipient", "L": "place"}
STATUSES = {"a": "asserted", "n": "negated", "p": "possible", "l": "planned"}
MEASURES = ("triggers", *ROLES.values(), "arguments", "times", "sources", "status", "pairs", "harm")
#: What somebody does to somebody: types whose agents and patients must not be guessed.
HARMS = ("Violence", "Arrest", "Crime", "Theft")
DRAWS = 1000
Span = tuple[int, int]
Counts = Counter[tuple[str, str]]


def held_out(
    corpora: Path, parts: Sequence[str], annotation: Path = ANNOTATION
) -> Iterator[tuple[dict[str, Any], str]]:
    """The annotated documents of some parts, each with its text."""
    text_of = texts(corpora)
    with gzip.open(annotation, "rt", encoding="utf8") as lines:
        for record in map(json.loads, lines):
            if part_of(record["id"]) in parts:
                yield record, text_of[record["id"]]


def dates_of(corpora: Path) -> dict[str, str]:
    """Return when the documents of `corpora/news` were published, by id; the other corpora do not tell."""
    found: dict[str, str] = {}
    for file in sorted((corpora / "news").glob("*.jsonl.gz")):
        name = file.name.removesuffix(".jsonl.gz")
        with gzip.open(file, "rt", encoding="utf8") as lines:
            found |= {f"news:{name}:{record['id']}": record["published"] for record in map(json.loads, lines)}
    return found


def article_of(name: str, text: str, dates: Mapping[str, str]) -> Article:
    """Return a document as an article; where nobody knows its day, of December of the last year that it names.

    Without a day no "on Tuesday" would have a value, and nothing could be taken over from it.
    """
    years = re.findall(r"\b(?:19[5-9]|20[0-2])\d\b", text)
    return Article(name, text, dates.get(name) or f"{max(years, default='2010')}-12-15")


def overlap(one: Span, other: Span) -> bool:
    """Whether two half-open ranges share a character."""
    return one[0] < other[1] and other[0] < one[1]


class Gold:
    """The annotation of one document, by event."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.covered: list[Span] = [tuple(s) for s in record["sents"]]
        self.mentions = [
            (
                (begin, end),
                kind,
                event,
                STATUSES[status],
                [(role, (at[0], at[1])) for role, *at in roles if len(at) == 2],
                tuple(source) if source else None,
            )
            for begin, end, kind, event, status, roles, source in record["events"]
        ]

    def at(self, spans: Iterable[Span]) -> list[Any]:
        """The annotated mentions at some triggers."""
        spans = list(spans)
        return [m for m in self.mentions if any(overlap(m[0], s) for s in spans)]

    def of_events(self, mentions: Iterable[Any]) -> list[Any]:
        """All mentions of the events of some mentions."""
        events = {m[2] for m in mentions}
        return [m for m in self.mentions if m[2] in events]

    def covers(self, span: Span) -> bool:
        """Whether a stretch lies in what was annotated."""
        return any(overlap(span, sentence) for sentence in self.covered)


def tally(record: dict[str, Any], found: Extraction, is_harm: frozenset[str]) -> Counts:
    """What one document got right: ("agent", "said"), ("agent", "right"), ("agent", "gold"), ("agent", "found"), ….

    Each of them with its number.
    """
    gold, counts = Gold(record), Counts()
    spans = {x.id: [(m.start, m.end) for m in x.mentions] for x in found.entities}

    def add(name: str, what: str, value: int = 1) -> None:
        counts[name, what] += value

    matched: list[tuple[Event, list[Any]]] = []
    for event in found.events:
        triggers = [(t.start, t.end) for t in event.triggers if gold.covers((t.start, t.end))]
        if not triggers:
            continue
        right = [m for m in gold.at(triggers) if m[1] in (event.type, *event.types[1:-1])]
        add("triggers", "said", len(triggers))
        add("triggers", "right", sum(any(overlap(t, m[0]) for m in right) for t in triggers))
        whole = gold.of_events(right)
        matched.append((event, right))
        for role in ROLES.values():
            wanted = [s for m in whole for r, s in m[4] if ROLES.get(r) == role]
            for filler in event.fillers(role):
                if not isinstance(filler, str) or filler not in spans:
                    continue
                fits = any(overlap(s, w) for s in spans[filler] for w in wanted)
                for name in (role, "arguments"):
                    add(name, "said")
                    add(name, "right", fits)
                if role in ("agent", "patient") and is_harm.intersection(event.types):
                    near = gold.of_events(m for m in gold.at(triggers) if m[1] in is_harm)
                    there = [s for m in near for r, s in m[4] if ROLES.get(r) == role]
                    add("harm", "said")
                    add("harm", "right", any(overlap(s, w) for s in spans[filler] for w in there))
        if event.time is not None:
            words = event.time.mention or event.time.evidence
            add("times", "said")
            add("times", "right", words is not None and any(
                overlap((words.start, words.end), s) for m in whole for r, s in m[4] if r == "T"))  # fmt: skip
        if event.source is not None:
            add("sources", "said")
            add("sources", "right", any(
                overlap(s, m[5]) for m in whole if m[5] for s in spans.get(event.source, ())))  # fmt: skip
        if event.status != "asserted":
            add("status", "said")
            add("status", "right", any(m[3] == event.status for m in right))
    for m in gold.mentions:
        mine = [e for e, right in matched if m in right]
        add("triggers", "gold")
        add("triggers", "found", bool(mine))
        for letter, span in m[4]:
            if letter in ROLES:
                role = ROLES[letter]
                has = any(overlap(s, span) for e in mine for f in e.fillers(role) if f in spans for s in spans[f])
                names = (role, "arguments", *(["harm"] if m[1] in is_harm and role in ("agent", "patient") else []))
                for name in names:
                    add(name, "gold")
                    add(name, "found", has)
        if any(letter == "T" for letter, _ in m[4]):
            add("times", "gold")
            add("times", "found", any(
                (w := e.time.mention or e.time.evidence) and overlap((w.start, w.end), s)
                for e in mine if e.time for r, s in m[4] if r == "T"))  # fmt: skip
        if m[5]:
            add("sources", "gold")
            add("sources", "found", any(overlap(s, m[5]) for e in mine if e.source for s in spans.get(e.source, ())))
        if m[3] != "asserted":
            add("status", "gold")
            add("status", "found", any(e.status == m[3] for e in mine))
    _pairs(gold, matched, counts)
    return counts


def _pairs(gold: Gold, matched: list[tuple[Event, list[Any]]], counts: Counts) -> None:
    """Pairs of triggers that tell of one event, of what is annotated with its type."""
    said = {(a[0], b[0]) for _, right in matched for a in right for b in right if a[0] < b[0]}
    one = {(a[0], b[0]) for a in gold.mentions for b in gold.mentions if a[0] < b[0] and a[2] == b[2]}
    counts["pairs", "said"] += len(said)
    counts["pairs", "right"] += len(said & one)
    counts["pairs", "gold"] += len(one)
    counts["pairs", "found"] += len(said & one)


def scores(counts: Counts, name: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a measure, from 0 to 1."""
    p = counts[name, "right"] / max(1, counts[name, "said"])
    r = counts[name, "found"] / max(1, counts[name, "gold"])
    return p, r, 2 * p * r / max(1e-9, p + r)


def mean(counts: Counts) -> float:
    """The mean F1 of triggers, arguments, times, sources, status."""
    names = ("triggers", "arguments", "times", "sources", "status")
    return sum(scores(counts, name)[2] for name in names) / len(names)


def summed(each: Iterable[Counts]) -> Counts:
    """The counts of several documents as one."""
    total = Counts()
    for one in each:
        total.update(one)
    return total


def drawn(each: Sequence[Counts]) -> list[Counts]:
    """The counts of as many documents, drawn again and again."""
    draws = random.Random(0)  # noqa: S311  no secret
    return [summed(draws.choices(each, k=len(each))) for _ in range(DRAWS)]


def harms(reader: Reader) -> frozenset[str]:
    """The types whose agents and patients must not be guessed."""
    types = reader.ontology.event_types
    return frozenset(name for name in types if any(reader.ontology.is_a(name, above) for above in HARMS))


def main() -> None:
    """Print a row for each measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--part", nargs="+", default=["report"], choices=("choose", "report", "once"))
    arguments = parser.parse_args()
    reader = Reader(Settings())
    kinds, each, dates = harms(reader), [], dates_of(arguments.corpora)
    for record, text in held_out(arguments.corpora, arguments.part):
        for found in reader.extract([article_of(record["id"], text, dates)]):
            each.append(tally(record, found, kinds) if isinstance(found, Extraction) else Counts())  # noqa: PERF401
    show(each, MEASURES, "mean of five", mean)


def show(each: Sequence[Counts], measures: Sequence[str], middle: str, mean_of: Callable[[Counts], float]) -> None:
    """Print a row for each measure of some documents, and one for the mean of several, with 95 % intervals."""
    total, again = summed(each), drawn(each)
    print(f"{len(each)} documents\n\n| measure | P | R | F1 | 95 % | said | annotated |\n|---|---|---|---|---|---|---|")
    for name in measures:
        p, r, f1 = scores(total, name)
        low, high = _ends(scores(one, name)[2] for one in again)
        said, annotated = total[name, "said"], total[name, "gold"]
        print(f"| {name} | {p:.3f} | {r:.3f} | {f1:.3f} | {low:.3f} to {high:.3f} | {said} | {annotated} |")
    low, high = _ends(map(mean_of, again))
    print(f"| **{middle}** | | | {mean_of(total):.3f} | {low:.3f} to {high:.3f} | | |")


def _ends(values: Iterable[float]) -> tuple[float, float]:
    found = sorted(values)
    return found[DRAWS // 40], found[-DRAWS // 40 - 1]


if __name__ == "__main__":
    main()
