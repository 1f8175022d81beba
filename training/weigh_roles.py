"""Learn how sure a participant is: annotated documents in, `kg/core/data/reading/roles.json` out.

    python -m training.weigh_roles --corpora DIR [--write]

Examples are the participants that a reading gives to events and those that the network thinks possible, in the
documents held out to choose by (no event of them was learned by the network, so that its probabilities are what
they are on a new text). One is right where the annotation has it in that role of an event of that type at that
trigger. A logistic regression for each role, its squares held down (`RIDGE`). From which chance on a participant is
added is chosen for the best F1 of these documents, each weighed by what was learned on the others. Who is given as
doer or victim is weighed once more by weights of its own, for which an event of a like kind will do (an attack for
a killing): to a cautious reader it is said from the step where precision on these documents
(`training.measure_reading`, "harm") reaches `WANTED`. That curve is printed for these and for the documents held
out to report on, which choose nothing.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.core.model import Article, Mention
from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.events.weigh import ROLES as WEIGHED
from kg.extract.events.weigh import candidates, what_is_known
from kg.extract.reading import decided, find
from kg.pipeline.prepared import Reader, Settings
from training.measure_reading import ROLES, Gold, harms, held_out, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Roles of grave acts that stay open where they are unsure.
GUARDED = ("agent", "patient")
OUT = Path(__file__).parents[1] / "kg/core/data/reading/roles.json"
RIDGE = 4.0
FOLDS = 5
#: The precision on which a cautious reader insists, on the documents to choose by, each weighed by the others.
WANTED = 0.81
STEPS = (0.0, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True)
class Example:
    """A participant of an event: of which document, what is known, whether it is right."""

    doc: str
    role: str
    known: Mapping[str, float]
    right: bool  # in that role of an event of that type
    near: bool  # or of a like one: an attack for a killing
    grave: bool
    given: bool
    counted: bool


def examples(reader: Reader, corpora: Path, part: str) -> Iterator[Example]:
    """The agents and patients of the events of a part's documents."""
    grave = harms(reader)
    for record, text in held_out(corpora, [part]):
        article, gold = Article(record["id"], text), Gold(record)
        (doc,) = reader.read([article])
        findings, _ = find(article, doc, reader.ontology)
        judge = Judge(findings, findings.scores) if findings.scores is not None else None
        if judge is None:
            continue
        for draft in decided(findings, judge):
            triggers = [(t.mention.start, t.mention.end) for t in draft.tellings]
            if not any(map(gold.covers, triggers)):
                continue
            kinds = reader.ontology.event_types[draft.type].types[:-1]
            own = gold.of_events(m for m in gold.at(triggers) if m[1] in kinds)
            like = gold.of_events(m for m in gold.at(triggers) if m[1] in grave) if draft.type in grave else own
            more = candidates(draft, findings, judge) if judge.scores.knows(draft.type) else ()
            for role, entity, given in [*((*f, True) for f in draft.fillers), *((*f, False) for f in more)]:
                if role not in WEIGHED:
                    continue
                spans = [findings.mention(m.start, m.end) for m in findings.spans_of.get(entity, ())]

                def told(mentions: Iterable[Any], role: str = role, spans: Sequence[Mention] = tuple(spans)) -> bool:
                    there = [s for m in mentions for r, s in m[4] if ROLES.get(r) == role]
                    return any(overlap((s.start, s.end), w) for s in spans for w in there)

                yield Example(
                    record["id"], role, what_is_known(draft, role, entity, findings, judge), told(own), told(like),
                    draft.type in grave, given, any((c.role, c.entity) == (role, entity) for c in draft.counts),
                )  # fmt: skip


def fitted(table: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of a logistic regression by Newton's method; the first column is added always and not held down."""
    weights = np.zeros(table.shape[1])
    ridge = np.full(table.shape[1], RIDGE)
    ridge[0] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-table @ weights))
        bend = (table.T * (p * (1 - p))) @ table + np.diag(ridge)
        weights -= np.linalg.solve(bend, table.T @ (p - truth) + ridge * weights)
    return weights


def asked(what: str | None) -> argparse.Namespace:
    """What a command that learns weights was called with: `corpora`, and whether to `write` them."""
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def fold_of(document: str) -> int:
    """Which of the `FOLDS` a document belongs to, by the checksum of its id."""
    return zlib.crc32(document.encode()) % FOLDS


def weights_of(examples: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """The weight of each thing known, by name, "" for what is added always; examples are what is known and if so."""
    names = sorted({name for known, _ in examples for name in known})
    table = np.array([[1.0, *(known.get(n, 0.0) for n in names)] for known, _ in examples])
    weights = fitted(table, np.array([so for _, so in examples], dtype=float))
    return {n: round(float(w), 3) for n, w in zip(("", *names), weights, strict=True)}


def learned(some: Iterable[Example], *, guard: bool) -> dict[str, dict[str, float]]:
    """The weights of each role by name: of all that is weighed, or of the doers and victims that are given."""
    by_role: dict[str, list[Example]] = {role: [] for role in (GUARDED if guard else WEIGHED)}
    for example in some:
        if example.role in by_role and (example.given or not guard):
            by_role[example.role].append(example)
    return {role: weights_of([(e.known, e.near if guard else e.right) for e in mine]) for role, mine in by_role.items()}


def crossed(some: Sequence[Example], *, guard: bool) -> list[tuple[Example, float]]:
    """Each example with the chance that the documents of the other folds give it."""
    fold = {doc: i % FOLDS for i, doc in enumerate(sorted({e.doc for e in some}))}
    result = []
    for k in range(FOLDS):
        by = learned((e for e in some if fold[e.doc] != k), guard=guard)
        result += scored((e for e in some if fold[e.doc] == k), by)
    return result


def scored(some: Iterable[Example], by: Mapping[str, Mapping[str, float]]) -> list[tuple[Example, float]]:
    """Each example with its chance, where its role has weights."""
    return [(e, chance(e.known, by[e.role])) for e in some if e.role in by]


def _guarded(some: Sequence[tuple[Example, float]]) -> list[tuple[bool, float]]:
    """Who is given as doer or victim of grave acts: whether right, and the chance; who is counted is always said."""
    return [(e.near, 1.0 if e.counted else p) for e, p in some if e.grave and e.given]


def best_addition(some: Sequence[tuple[Example, float]], annotated: int) -> float:
    """From which chance on participants are added, for the best F1."""

    def f1(add: float) -> float:
        said = [e.right for e, p in some if e.given or p >= add]
        return 2 * sum(said) / (len(said) + annotated)

    return max((step / 20 for step in range(5, 20)), key=f1)


def curve(some: Sequence[tuple[Example, float]]) -> list[tuple[float, float, float, int]]:
    """Of grave acts, for each least chance: precision, share of the right ones kept, how many are said."""
    grave = _guarded(some)
    all_right = sum(right for right, _ in grave)
    rows = []
    for least in STEPS:
        kept = [right for right, p in grave if p >= least]
        rows.append((least, sum(kept) / max(1, len(kept)), sum(kept) / max(1, all_right), len(kept)))
    return rows


def least_for(some: Sequence[tuple[Example, float]], wanted: float) -> float:
    """The lowest of the steps from which on those said are right so often; 1 where none is."""
    return next((least for least, precision, *_ in curve(some) if precision >= wanted), 1.0)


def reliability(some: Sequence[tuple[Example, float]]) -> list[tuple[float, float, int]]:
    """For each tenth of chance: the mean chance, the share that is right, how many."""
    rows = []
    for k in range(10):
        mine = [(e.right, p) for e, p in some if k / 10 <= p < (k + 1) / 10 or (k == 9 and p == 1)]
        if mine:
            rows.append((sum(p for _, p in mine) / len(mine), sum(r for r, _ in mine) / len(mine), len(mine)))
    return rows


def main() -> None:
    """Fit, choose, print the curves, write."""
    arguments = asked(__doc__)
    reader = Reader(Settings())
    chosen = list(examples(reader, arguments.corpora, "choose"))
    report = list(examples(reader, arguments.corpora, "report"))
    annotated = sum(
        len({(event, role, span) for _, _, event, _, roles, _ in Gold(record).mentions for role, span in roles})
        for record, _ in held_out(arguments.corpora, ["choose"])
    )
    add = best_addition(crossed(chosen, guard=False), annotated)
    roles, guarded, known = learned(chosen, guard=False), learned(chosen, guard=True), crossed(chosen, guard=True)
    least = least_for(known, WANTED)
    print("| least | chosen by: P | kept | said | reported on: P | kept | said |\n|---|---|---|---|---|---|---|")
    for (at, *one), (_, *two) in zip(curve(known), curve(scored(report, guarded)), strict=True):
        row = " | ".join(f"{p:.3f} | {kept:.3f} | {said}" for p, kept, said in (one, two))
        print(f"| {at:.2f} | {row} |")
    print(f"\nadded for eager readers from {add}, said to cautious ones from {least}\n")
    print("| chance said | right, of those to report on | how many |\n|---|---|---|")
    new = scored(report, roles)
    for mean, right, count in reliability(new):
        print(f"| {mean:.2f} | {right:.2f} | {count} |")
    if arguments.write:
        found = {"add": add, "least": least, "guarded": guarded, "roles": roles}
        OUT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
