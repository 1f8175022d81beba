"""Learn how sure it is that a thing happened: annotated texts in, `kg/core/data/reading/status.json` out.

    python -m training.weigh_status --corpora DIR [--write]

Examples are the tellings of a reading (`kg.extract.events.statuses`) that are annotated with their type, in the
documents held out to choose by and in the articles to choose by that were annotated whole: a telling of these has the
status of its event. One logistic regression for each status. The chances from which on something that rules leave
open is asserted, and a grave act, and from which on it is left open otherwise than by rules, are the best by F1 of
what is not asserted, event by event in the whole articles (a mean of its tellings), each weighed by what was learned
on the others, of those by which no more is asserted falsely than by rules, of grave acts and of all. What is to report
on chooses nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg.core.model import Status
from kg.extract.events.build import build_drafts
from kg.extract.events.dating import attach_times
from kg.extract.events.drafts import STATUSES, likeliest
from kg.extract.events.judge import Judge
from kg.extract.events.sources import attribute, shipped_source_weights
from kg.extract.events.statuses import Statuses, StatusWeights, given, guarded, is_settled, weighed
from kg.extract.reading import find
from kg.pipeline.prepared import Reader, Settings
from training.article_corpus import articles
from training.measure_articles import of_type, touch, types_of
from training.measure_reading import Gold, article_of, dates_of, held_out
from training.weigh_roles import FOLDS, asked, fold_of, weights_of
from training.weigh_sources import f1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.core.model import Article
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.ontology.values import Ontology
    from training.article_corpus import AnnotatedArticle

OUT = Path(__file__).parents[1] / "kg/core/data/reading/status.json"
#: Chances from which on what is open may be asserted, a grave act, and something be left open otherwise than by rules.
#: Low ones are not tried: what is asserted falsely is worse than what is left open.
STEPS = [(a, b, c) for a in (0.9, 0.95) for b in (0.9, 0.95) if b >= a for c in (0.5, 0.6, 0.7)]
#: In how many documents something must be known to have a weight.
_OFTEN = 5


@dataclass(frozen=True)
class Told:
    """A telling: of which document and event, the annotated status, what is known, and what rules make of it."""

    doc: str
    event: str  # "" where each telling has a status of its own
    status: Status
    known: Mapping[str, float]
    draft: Draft
    grave: bool


def tellings(article: Article, doc: Doc, ontology: Ontology) -> tuple[Findings, tuple[Draft, ...]]:
    """What is told in a document, as it is before statuses are weighed."""
    findings, _ = find(article, doc, ontology)
    drafts = build_drafts(findings)
    if findings.scores is not None:
        drafts = attribute(drafts, findings, Judge(findings, findings.scores), shipped_source_weights())
    return findings, attach_times(drafts, findings)


def told(
    article: Article, doc: Doc, ontology: Ontology, annotated: Callable[[Draft], tuple[str, Status] | None]
) -> Iterator[Told]:
    """The tellings of a document that are annotated, each with its event and status."""
    findings, drafts = tellings(article, doc, ontology)
    statuses = Statuses(drafts, findings)
    for draft in drafts:
        found = annotated(draft)
        if found is not None:
            grave = ontology.is_a(draft.type, "grave")
            yield Told(article.id, found[0], found[1], statuses.known(draft), draft, grave)


def by_words(gold: Gold, ontology: Ontology) -> Callable[[Draft], tuple[str, Status] | None]:
    """The status of the annotated mention of that type at a trigger."""

    def annotated(draft: Draft) -> tuple[str, Status] | None:
        kinds = ontology.event_types[draft.type].types[:-1]
        return next((("", m[3]) for m in gold.at([_span(draft)]) if m[1] in kinds), None)

    return annotated


def by_readers(
    gold: AnnotatedArticle, ontology: Ontology, known: frozenset[str]
) -> Callable[[Draft], tuple[str, Status] | None]:
    """The event of that type that a trigger tells, and its status."""

    def annotated(draft: Draft) -> tuple[str, Status] | None:
        types = (draft.type, *ontology.event_types[draft.type].types)
        mine = (e for e in gold.events if of_type(e, types, known) and touch([_span(draft)], e.triggers))
        return next(((e.id, cast("Status", e.status)) for e in mine), None)

    return annotated


def _span(draft: Draft) -> tuple[int, int]:
    return draft.mention.start, draft.mention.end


def learned(some: Sequence[Told]) -> dict[str, dict[str, float]]:
    """The weights of each status, by name."""
    seen: dict[str, set[str]] = defaultdict(set)
    for one in some:
        for name in one.known:
            seen[name].add(one.doc)
    often = {name for name, docs in seen.items() if len(docs) >= _OFTEN}
    known = [{name: value for name, value in one.known.items() if name in often} for one in some]
    return {s: weights_of([(k, one.status == s) for k, one in zip(known, some, strict=True)]) for s in STATUSES}


def chances(one: Told, by: StatusWeights) -> tuple[float, ...]:
    """The chances of each status of a telling, as a reading has them."""
    if is_settled(one.draft):
        return given(one.draft)
    return guarded(one.draft, weighed(one.known, by.weights), by, grave=one.grave)


def by_rules(one: Told) -> tuple[float, ...]:
    """The same where rules decide alone."""
    return given(one.draft)


def events_of(some: Iterable[Told]) -> list[list[Told]]:
    """Tellings put together where one event is annotated with several."""
    groups: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for n, one in enumerate(some):
        groups[one.doc, one.event or str(n)].append(one)
    return list(groups.values())


def figures(some: Sequence[Told], by: Callable[[Told], tuple[float, ...]]) -> tuple[float, float]:
    """Precision and recall of what is not asserted, event by event."""
    said = annotated = right = 0
    for event in events_of(some):
        each = [by(one) for one in event]
        status = likeliest([sum(column) for column in zip(*each, strict=True)])
        said += status != "asserted"
        annotated += event[0].status != "asserted"
        right += status == event[0].status != "asserted"
    return right / max(1, said), right / max(1, annotated)


def falsely_asserted(some: Iterable[Told], by: Callable[[Told], tuple[float, ...]]) -> tuple[int, int]:
    """How many tellings are asserted and are not so: all, and those of grave acts."""
    wrong = [one.grave for one in some if one.status != "asserted" == likeliest(by(one))]
    return len(wrong), sum(wrong)


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader = Reader(Settings())
    choose, others = (list(of_part(reader, arguments.corpora, part)) for part in ("choose", "report"))
    report(choose, others, write=arguments.write)


def of_part(reader: Reader, corpora: Path, part: str) -> Iterator[Told]:
    """The tellings of both annotations' documents of a part."""
    dates = dates_of(corpora)
    for record, text in held_out(corpora, [part]):
        article = article_of(record["id"], text, dates)
        (doc,) = reader.read([article])
        yield from told(article, doc, reader.ontology, by_words(Gold(record), reader.ontology))
    annotated = list(articles(corpora, part))
    known = types_of(annotated, reader.ontology)
    for gold in annotated:
        (doc,) = reader.read([gold.article])
        yield from told(gold.article, doc, reader.ontology, by_readers(gold, reader.ontology, known))


def report(choose: Sequence[Told], others: Sequence[Told], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""
    by_fold = [learned([t for t in choose if fold_of(t.doc) != n]) for n in range(FOLDS)]
    weights = learned(choose)

    def crossed(step: tuple[float, float, float]) -> Callable[[Told], tuple[float, ...]]:
        by = [StatusWeights(found, *step) for found in by_fold]
        return lambda one: chances(one, by[fold_of(one.doc)])

    whole, near = ([t for t in choose if bool(t.event) == so] for so in (True, False))
    most = falsely_asserted(choose, by_rules)
    steps = {}
    for step in STEPS:
        wrong = falsely_asserted(choose, crossed(step))
        if all(found <= bound for found, bound in zip(wrong, most, strict=True)):
            steps[step] = round(f1(figures(whole, crossed(step))), 3)
    step = max(steps, key=lambda found: (steps[found], found))
    shipped = StatusWeights(weights, *step)
    print("| not asserted | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|")
    other_whole, other_near = ([t for t in others if bool(t.event) == so] for so in (True, False))
    for name, mine, theirs in (("whole articles", whole, other_whole), ("what stands near", near, other_near)):
        for how, one, other in (
            ("rules", by_rules, by_rules),
            ("weighed", crossed(step), lambda t: chances(t, shipped)),
        ):
            both = [figures(mine, one), figures(theirs, other)]
            print(f"| {name}, {how} | " + " | ".join(f"{p:.3f} | {r:.3f} | {f1((p, r)):.3f}" for p, r in both) + " |")
    untrue = [falsely_asserted(choose, crossed(step)), falsely_asserted(others, lambda t: chances(t, shipped))]
    print(
        f"\nasserted falsely, all and grave: {most} by rules, {untrue[0]} weighed; to report on "
        f"{falsely_asserted(others, by_rules)} by rules, {untrue[1]} weighed"
    )
    print(f"what is open is asserted from {step[0]}, grave acts from {step[1]}; left open otherwise from {step[2]}")
    if write:
        found = {"least": step[0], "grave": step[1], "moved": step[2], "weights": weights}
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
