"""Triggers and arguments on WikiEvents, news that the lexicon was not written on: a file of its form in, F1 out.

    python -m benchmarks.wikievents FILE [--model default]

FILE has a document a line: ``doc``, ``tokens``, ``sents``, ``events`` ({type, trig, args}); gzipped or not. A
predicted trigger is right where it overlaps a gold one whose KAIROS type maps to its type; predicted events of types
that no KAIROS type maps to, and gold events of unmapped types, are left out. Arguments are counted where the trigger
is right: the role as mapped, any mention of the filler overlapping the gold argument's tokens. Places of ours that
WikiEvents does not annotate with every event count as extras, so the precision of arguments is a lower bound. No
other system is known to have been scored through this table of types. Intervals: documents drawn again
1,000 times.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from kg.core.model import Article, Extraction
from kg.pipeline.prepared import Reader, Settings
from training.corpora import open_text

DRAWS = 1000
TYPES = {
    "Conflict.Attack": "Attack Bombing AirStrike Shooting ArmedClash Explosion HostageTaking Siege",
    "Life.Die": "Death Killing",
    "Life.Injure": "Injury",
    "Movement.Transportation": "Movement Deployment Rescue",
    "Justice.ArrestJailDetain": "Arrest",
    "Justice.ReleaseParole": "Release",
    "Justice.ChargeIndict": "LegalAction",
    "Justice.TrialHearing": "LegalAction",
    "Justice.Convict": "Sentence",
    "Justice.Sentence": "Sentence",
    "Justice.Acquit": "Sentence",
    "Justice.InvestigateCrime": "Investigation Search",
    "ArtifactExistence.DamageDestroyDisableDismantle": "Destruction Explosion",
    "GenericCrime.GenericCrime": "Crime Theft Attack",
    "Transaction.ExchangeBuySell": "Transaction",
    "Transaction.Donation": "Funding",
    "Contact.RequestCommand": "Demand",
    "Contact.ThreatenCoerce": "Threat",
    "Conflict.Demonstrate": "Protest",
    "Disaster.DiseaseOutbreak": "Outbreak",
    "Life.Infect": "Outbreak",
    "Disaster.Crash": "Accident",
    "Personnel.StartPosition": "Appointment",
    "Personnel.EndPosition": "Resignation",
}
ROLES = {
    **dict.fromkeys(("Attacker", "Killer", "Injurer", "Jailer", "Destroyer", "Perpetrator", "Giver"), ("agent",)),
    **dict.fromkeys(("Communicator", "Demonstrator", "Investigator", "Prosecutor", "JudgeCourt"), ("agent",)),
    "Transporter": ("agent",),
    "PassengerArtifact": ("patient", "agent"),
    "Recipient": ("recipient", "agent"),
    **dict.fromkeys(("Target", "Victim", "Detainee", "Defendant", "Artifact", "AcquiredEntity"), ("patient",)),
    **dict.fromkeys(("Instrument", "ExplosiveDevice", "Vehicle"), ("instrument",)),
    **dict.fromkeys(("Place", "Origin", "Destination"), ("place",)),
}
MAPPED = frozenset(name for names in TYPES.values() for name in names.split())
Span = tuple[int, int]
#: The roles of ours that an argument may have, and its characters.
Argument = tuple[tuple[str, ...], Span]


def article_of(record: dict[str, Any]) -> tuple[Article, list[Span]]:
    """The record as an article (sentences on lines), and the characters of each of its tokens."""
    tokens = record["tokens"].split(" ") if isinstance(record["tokens"], str) else record["tokens"]
    ends = {end for _, end in record["sents"]}
    text, spans = "", []
    for i, token in enumerate(tokens):
        spans.append((len(text), len(text) + len(token)))
        text += token + ("\n" if i + 1 in ends else " ")
    return Article(record["doc"], text), spans


def overlap(one: Span, other: Span) -> bool:
    """Whether two half-open ranges share a character."""
    return one[0] < other[1] and other[0] < one[1]


def tally(record: dict[str, Any], spans: list[Span], found: Extraction, counts: Counter[str]) -> None:
    """Add what one document got right."""

    def chars(start: int, end: int) -> Span:
        return spans[start][0], spans[end - 1][1]

    def fits(wanted: Argument, filler: tuple[str, list[Span]]) -> bool:
        return filler[0] in wanted[0] and any(overlap(mention, wanted[1]) for mention in filler[1])

    gold = [(chars(*e["trig"]), TYPES[e["type"]].split(), e) for e in record["events"] if e["type"] in TYPES]
    mentions = {x.id: [(m.start, m.end) for m in x.mentions] for x in found.entities}
    said = [((t.start, t.end), e) for e in found.events if e.type in MAPPED for t in e.triggers]
    counts["said"] += len(said)
    counts["gold"] += len(gold)
    for span, types, event in gold:
        right = [e for s, e in said if overlap(s, span) and not set(types).isdisjoint(e.types)]
        counts["found"] += bool(right)
        if not right:
            continue
        fillers = [(r.role, mentions[r.filler]) for e in right for r in e.roles if r.filler in mentions]
        wanted = [(ROLES[a["role"]], chars(a["start"], a["end"])) for a in event["args"] if a["role"] in ROLES]
        counts["arguments said"] += len(fillers)
        counts["arguments gold"] += len(wanted)
        counts["arguments right"] += sum(any(fits(w, f) for w in wanted) for f in fillers)
        counts["arguments found"] += sum(any(fits(w, f) for f in fillers) for w in wanted)
    counts["right"] += sum(
        any(overlap(s, span) and not set(types).isdisjoint(e.types) for span, types, _ in gold) for s, e in said
    )


def table(counts: Counter[str]) -> dict[str, tuple[int, int, int, int]]:
    """Of each measure: right and said (precision), found and annotated (recall)."""
    names = {"triggers": "", "arguments, trigger right": "arguments "}
    return {name: tuple(counts[f"{key}{x}"] for x in ("right", "said", "found", "gold")) for name, key in names.items()}  # type: ignore[misc]


def f1(right: int, said: int, found: int, gold: int) -> float:
    """F1 of precision and recall, from 0 to 1."""
    p, r = right / max(1, said), found / max(1, gold)
    return 2 * p * r / max(1e-9, p + r)


def interval(each: list[Counter[str]], name: str) -> tuple[float, float]:
    """The 95 % interval of a measure's F1, documents drawn again."""
    draws = random.Random(0)  # noqa: S311  no secret
    found = []
    for _ in range(DRAWS):
        total = Counter[str]()
        for one in draws.choices(each, k=len(each)):
            total.update(one)
        found.append(f1(*table(total)[name]))
    found.sort()
    return found[DRAWS // 40], found[-DRAWS // 40 - 1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default="default")
    options = parser.parse_args()
    records = [json.loads(line) for line in open_text(options.file) if line.strip()]
    prepared = [article_of(record) for record in records]
    each = []
    read = Reader(Settings(options.model)).extract([article for article, _ in prepared])
    for record, (article, spans), found in zip(records, prepared, read, strict=True):
        counts = Counter[str]()
        tally(record, spans, found if isinstance(found, Extraction) else Extraction(article), counts)
        each.append(counts)
    total = sum(each, Counter[str]())
    print(
        f"{len(records)} documents\n\n| measure | P | R | F1 | 95 % | said | annotated |\n|---|---|---|---|---|---|---|"
    )
    for name, (right, said, known, gold) in table(total).items():
        low, high = interval(each, name)
        p, r = right / max(1, said), known / max(1, gold)
        row = f"{p:.3f} | {r:.3f} | {f1(right, said, known, gold):.3f} | {low:.3f} to {high:.3f}"
        print(f"| {name} | {row} | {said} | {gold} |")


if __name__ == "__main__":
    main()
