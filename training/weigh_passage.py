"""Learn which day of an article an event without time words was on: `kg/core/data/reading/passage.json` comes out.

    python -m training.weigh_passage --corpora DIR [--write]

Examples are the times that a reading proposes for an event that has none of its own (`kg.extract.story.passage`), in
the articles to choose by (`training.article_corpus`). One is right where the annotated event has that time. The chances
from which a day is said, one for those that the rules give and one for others, are the highest for others whose F1 of
all times of these articles, each weighed by what was learned on the others, is as good as the best but for `SLACK`.
The articles to report on choose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.reading import dated, find, undated
from kg.extract.story.passage import Passage
from kg.extract.story.times import infer_times
from kg.pipeline.prepared import Reader, Settings
from training.article_corpus import AnnotatedArticle, articles
from training.measure_articles import of_type, same_time, touch, types_of
from training.weigh_roles import FOLDS, asked, fold_of, weights_of

if TYPE_CHECKING:
    from kg.core.model import TimeSpan

OUT = Path(__file__).parents[1] / "kg/core/data/reading/passage.json"
#: Chances from which a day that the rules give, and another one, is said.
KEEP, ADD = (0.0, 0.1, 0.2, 0.3, 0.4), (0.3, 0.35, 0.4, 0.45, 0.5)
#: A false day is worse than none: so much of F1 is given for precision.
SLACK = 0.011

Known = Mapping[str, float]


@dataclass(frozen=True)
class Found:
    """An event of a reading: of which article, whether it is annotated with a time, and what the reading says."""

    article: str
    wanted: bool
    annotated: bool  # whether there is such an event
    own: bool | None  # whether the time of its own words is right, where it has one
    proposed: tuple[tuple[Known, bool], ...] = ()
    given: int | None = None  # which of the proposed the rules give


def events(reader: Reader, gold: Sequence[AnnotatedArticle]) -> Iterator[Found]:
    """The events of some articles."""
    known = types_of(gold, reader.ontology)
    for one in gold:
        (doc,) = reader.read([one.article])
        findings, _ = find(one.article, doc, reader.ontology)
        if findings.scores is None:
            continue
        judge = Judge(findings, findings.scores)
        drafts = dated(undated(findings, judge), findings, judge)
        passage = Passage(drafts, infer_times(drafts, findings, weighed=True), findings)
        for draft in drafts:
            spans = [(t.mention.start, t.mention.end) for t in draft.tellings]
            types = (draft.type, *reader.ontology.event_types[draft.type].types)
            right = [e.time for e in one.events if of_type(e, types, known) and touch(spans, e.triggers)]
            wanted = [time for time in right if time]
            name, there = one.article.id, bool(right)
            if draft.time is not None and draft.time.value is not None:
                value = draft.time.value
                yield Found(name, bool(wanted), there, any(same_time(value, w) for w in wanted))
            else:
                pairs = list(passage.proposed(draft))
                yield Found(
                    name, bool(wanted), there, None,
                    tuple((k, any(same_time(t.value, w) for w in wanted)) for t, k in pairs),
                    _at(passage.ruled(draft), pairs),
                )  # fmt: skip


def _at(given: TimeSpan | None, pairs: Iterable[tuple[TimeSpan, Known]]) -> int | None:
    return next((i for i, (t, _) in enumerate(pairs) if given is not None and t.value == given.value), None)


def learned(some: Iterable[Found]) -> dict[str, float]:
    """The weight of each thing known, by name; what is no event of its type tells nothing of days."""
    return weights_of([pair for found in some if found.annotated for pair in found.proposed])


def figures(
    some: Sequence[Found], weights: Callable[[Found], Known], keep: float, add: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 of all times of the events found, those of their own words among them."""
    said = [found.own for found in some if found.own is not None]
    for found in some:
        chances = [(chance(known, weights(found)), right) for known, right in found.proposed]
        best = max(chances, default=(0.0, False))
        if best[0] >= add:
            said.append(best[1])
        elif found.given is not None and chances[found.given][0] >= keep:
            said.append(chances[found.given][1])
    p, r = sum(said) / max(1, len(said)), sum(said) / max(1, sum(found.wanted for found in some))
    return p, r, 2 * p * r / max(1e-9, p + r)


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader = Reader(Settings())
    choose, others = (list(events(reader, list(articles(arguments.corpora, p)))) for p in ("choose", "report"))
    report(choose, others, write=arguments.write)


def report(choose: Sequence[Found], others: Sequence[Found], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""

    def fold(found: Found) -> int:
        return fold_of(found.article)

    by_fold = [learned(f for f in choose if fold(f) != n) for n in range(FOLDS)]
    weights = learned(choose)
    never: tuple[float, float] = (2.0, 2.0)
    steps = {
        step: (figures(choose, lambda f: by_fold[fold(f)], *step), figures(others, lambda _: weights, *step))
        for step in [never, (0.0, 2.0), *((keep, add) for add in ADD for keep in KEEP)]
    }
    most = max(one[2] for one, _ in steps.values())
    add = max(s[1] for s, (one, _) in steps.items() if one[2] >= most - SLACK)
    keep = max(KEEP, key=lambda k: steps[k, add][0][2])
    print(
        "| rules from, others from | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|"
    )
    names = {never: "own words alone", (0.0, 2.0): "rules alone"}
    for step, (one, other) in steps.items():
        cells = [f"{value:.3f}" for value in (*one, *other)]
        print(f"| {names.get(step, f'{step[0]:.2f}, {step[1]:.2f}')} | {' | '.join(cells)} |")
    print(
        f"{keep}, {add}; {sum(f.wanted for f in choose)} and {sum(f.wanted for f in others)} events found have a time"
    )
    if write:
        found = {"keep": keep, "add": add, "weights": weights}
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
