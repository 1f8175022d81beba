"""Learn how sure it is who says a thing: annotated documents in, `kg/core/data/reading/sources.json` out.

    python -m training.weigh_sources --corpora DIR [--write]

Examples are those whom a reading proposes as the speaker of what a trigger tells (`kg.extract.events.sources`), in the
documents held out to choose by (no event of them was learned by the network, so that its probabilities are what they
are on a new text). One is right where the annotation of an event of that type at that trigger has it as its source. The
chances from which on somebody is said to speak, and from which on the innermost speaker stays, are chosen for the best
F1 on these documents, each weighed by what was learned on the others. The documents held out to report on choose
nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.model import Article
from kg.extract.events.build import build_drafts
from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.events.sources import Speakers
from kg.extract.reading import find
from kg.pipeline.prepared import Reader, Settings
from training.measure_reading import Gold, held_out, overlap
from training.weigh_roles import FOLDS, asked, fold_of, weights_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.ontology.values import Ontology

OUT = Path(__file__).parents[1] / "kg/core/data/reading/sources.json"
#: Chances from which on somebody new is said to say it, and those from which on the innermost speaker stays.
STEPS = tuple(n / 20 for n in range(5, 16))
KEPT = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)


@dataclass(frozen=True)
class Telling:
    """What a trigger tells: of which document, whether somebody says it, and who is proposed: known, right."""

    doc: str
    said: bool
    before: tuple[bool, bool]  # whether acts of saying alone give somebody, and rightly
    proposed: tuple[tuple[Mapping[str, float], bool], ...]


def tellings(name: str, article: Article, doc: Doc, gold: Gold, ontology: Ontology) -> Iterator[Telling]:
    """Return the triggers of a document that are annotated with their type."""
    findings, _ = find(article, doc, ontology)
    if findings.scores is None:
        return
    speakers = Speakers(findings, Judge(findings, findings.scores))
    for draft in build_drafts(findings):
        kinds = ontology.event_types[draft.type].types[:-1]
        right = [m for m in gold.at([(draft.mention.start, draft.mention.end)]) if m[1] in kinds]
        sources = [m[5] for m in right if m[5]]

        def told(entity: str, sources: Sequence[tuple[int, int]] = tuple(sources)) -> bool:
            spans = (findings.mention(m.start, m.end) for m in findings.spans_of.get(entity, ()))
            return any(overlap((s.start, s.end), source) for s in spans for source in sources)

        if right:
            before = draft.source is not None and not draft.known
            yield Telling(
                name, bool(sources), (before, before and draft.source is not None and told(draft.source)),
                tuple((known, told(entity)) for entity, known in speakers.proposed(draft)),
            )  # fmt: skip


def learned(some: Iterable[Telling]) -> dict[str, float]:
    """The weight of each thing known, by name."""
    return weights_of([pair for telling in some for pair in telling.proposed])


def figures(
    some: Sequence[Telling], weights: Callable[[Telling], Mapping[str, float]], least: float, keep: float
) -> tuple[float, float]:
    """Precision and recall of who says what triggers tell, where the likeliest is said from a chance on."""
    said = [right for t in some if (right := _right(t, weights(t), least, keep)) is not None]
    return sum(said) / max(1, len(said)), sum(said) / max(1, sum(t.said for t in some))


def _right(telling: Telling, weights: Mapping[str, float], least: float, keep: float) -> bool | None:
    """Whether who is said to say it does; None where nobody is."""
    found = [(chance(known, weights), right, known) for known, right in telling.proposed]
    sure, right, _ = max(found, key=lambda f: f[0], default=(0.0, False, {}))
    if sure >= least:
        return right
    own = (f for f in found if f[2]["innermost speaker"] and not f[2]["taken for granted"] and f[0] >= keep)
    return next((right for _, right, _ in own), None)


def f1(both: tuple[float, float]) -> float:
    """The harmonic mean of precision and recall."""
    p, r = both
    return 2 * p * r / max(1e-9, p + r)


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader = Reader(Settings())

    def of(part: str) -> list[Telling]:
        found: list[Telling] = []
        for record, text in held_out(arguments.corpora, [part]):
            article = Article(record["id"], text)
            (doc,) = reader.read([article])
            found.extend(tellings(record["id"], article, doc, Gold(record), reader.ontology))
        return found

    report(of("choose"), of("report"), write=arguments.write)


def report(choose: Sequence[Telling], others: Sequence[Telling], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""

    def fold(telling: Telling) -> int:
        return fold_of(telling.doc)

    by_fold = [learned(t for t in choose if fold(t) != n) for n in range(FOLDS)]
    weights = learned(choose)
    steps = {(a, b): figures(choose, lambda t: by_fold[fold(t)], a, b) for a in STEPS for b in KEPT if b <= a}
    least, keep = max(steps, key=lambda step: f1(steps[step]))
    print("| said from the chance | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|")
    rows = [("acts of saying alone", _alone(choose), _alone(others))]
    shown = [step for step in steps if step[1] == keep]
    rows += [(f"{step[0]:.2f}", steps[step], figures(others, lambda _: weights, *step)) for step in shown]
    for name, *both in rows:
        cells = [f"{pair[0]:.3f} | {pair[1]:.3f} | {f1(pair):.3f}" for pair in both]
        print(f"| {name} | {' | '.join(cells)} |")
    print(
        f"said from {least}, kept from {keep}; somebody says {sum(t.said for t in choose)} and "
        f"{sum(t.said for t in others)} of them"
    )
    if write:
        OUT.write_text(json.dumps({"least": least, "keep": keep, "weights": weights}, indent=1) + "\n", encoding="utf8")


def _alone(some: Sequence[Telling]) -> tuple[float, float]:
    said, right = sum(t.before[0] for t in some), sum(t.before[1] for t in some)
    return right / max(1, said), right / max(1, sum(t.said for t in some))


if __name__ == "__main__":
    main()
