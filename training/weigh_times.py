"""Learn how sure it is which words date an event: annotated documents in, `kg/core/data/reading/times.json` out.

    python -m training.weigh_times --corpora DIR [--write]

Examples are the time expressions that a reading proposes for an event (`kg.extract.events.timing`), in the documents
held out to choose by. One is right where the annotation of an event of that type at one of its triggers has these
words as its time. The chance from which on an expression dates an event is chosen for the best F1 on these documents,
each weighed by what was learned on the others. The documents held out to report on choose nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.events.timing import Timer
from kg.extract.reading import find, undated
from kg.pipeline.prepared import Reader, Settings
from training.measure_reading import Gold, article_of, dates_of, held_out, overlap
from training.weigh_roles import FOLDS, asked, fold_of, weights_of
from training.weigh_sources import f1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.core.model import Article
    from kg.ontology.values import Ontology

OUT = Path(__file__).parents[1] / "kg/core/data/reading/times.json"
#: Chances from which on an expression dates an event.
STEPS = tuple(n / 20 for n in range(4, 15))


@dataclass(frozen=True)
class Dating:
    """An event: of which document, whether it is annotated with a time, and what is proposed: known, right."""

    doc: str
    dated: bool
    before: bool | None  # whether grammar alone is right, where it gives a time
    proposed: tuple[tuple[Mapping[str, float], bool], ...]


def datings(name: str, article: Article, doc: Doc, gold: Gold, ontology: Ontology) -> Iterator[Dating]:
    """Return the events of a document that are annotated with their type."""
    findings, _ = find(article, doc, ontology)
    if findings.scores is None:
        return
    judge = Judge(findings, findings.scores)
    drafts = undated(findings, judge)
    timer = Timer(drafts, findings, judge)
    for draft in drafts:
        kinds = ontology.event_types[draft.type].types[:-1]
        triggers = [(t.mention.start, t.mention.end) for t in draft.tellings]
        right = gold.of_events(m for m in gold.at(triggers) if m[1] in kinds)
        words = [span for m in right for role, span in m[4] if role == "T"]
        if not right:
            continue

        def told(begin: int, end: int, words: Sequence[tuple[int, int]] = tuple(words)) -> bool:
            return any(overlap((begin, end), word) for word in words)

        own = draft.time.mention if draft.time is not None else None
        yield Dating(
            name, bool(words), told(own.start, own.end) if own is not None else None,
            tuple((known, told(t.start_char, t.end_char)) for t, known in timer.proposed(draft)),
        )  # fmt: skip


def learned(some: Iterable[Dating]) -> dict[str, float]:
    """The weight of each thing known, by name."""
    return weights_of([pair for dating in some for pair in dating.proposed])


def figures(
    some: Sequence[Dating], weights: Callable[[Dating], Mapping[str, float]], least: float
) -> tuple[float, float]:
    """Precision and recall of the times of events, where the likeliest is said from a chance on."""
    best = [
        max(((chance(known, weights(d)), right) for known, right in d.proposed), default=(0.0, False)) for d in some
    ]
    return _both([right for sure, right in best if sure >= least], some)


def _both(said: Sequence[bool], some: Sequence[Dating]) -> tuple[float, float]:
    return sum(said) / max(1, len(said)), sum(said) / max(1, sum(d.dated for d in some))


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader, dates = Reader(Settings()), dates_of(arguments.corpora)

    def of(part: str) -> list[Dating]:
        found: list[Dating] = []
        for record, text in held_out(arguments.corpora, [part]):
            article = article_of(record["id"], text, dates)
            (doc,) = reader.read([article])
            found.extend(datings(record["id"], article, doc, Gold(record), reader.ontology))
        return found

    report(of("choose"), of("report"), write=arguments.write)


def report(choose: Sequence[Dating], others: Sequence[Dating], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""

    def fold(dating: Dating) -> int:
        return fold_of(dating.doc)

    by_fold = [learned(d for d in choose if fold(d) != n) for n in range(FOLDS)]
    weights = learned(choose)
    steps = {least: figures(choose, lambda d: by_fold[fold(d)], least) for least in STEPS}
    least = max(steps, key=lambda step: f1(steps[step]))
    alone = [_both([d.before for d in some if d.before is not None], some) for some in (choose, others)]
    rows = [("grammar alone", alone[0], alone[1])]
    rows += [(f"{s:.2f}", found, figures(others, lambda _: weights, s)) for s, found in steps.items()]
    print("| said from the chance | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|")
    for name, one, other in rows:
        cells = [f"{pair[0]:.3f} | {pair[1]:.3f} | {f1(pair):.3f}" for pair in (one, other)]
        print(f"| {name} | {' | '.join(cells)} |")
    print(f"said from {least}; {sum(d.dated for d in choose)} and {sum(d.dated for d in others)} events have a time")
    if write:
        OUT.write_text(json.dumps({"least": least, "weights": weights}, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
