"""Learn how sure it is where an event is: annotated documents in, `kg/core/data/reading/places.json` out.

    python -m training.weigh_places --corpora DIR [--write]

Examples are the places that are proposed for an event (`kg.extract.story.wheres`), in the documents held out to
choose by and in the articles to choose by that were annotated whole (`training.article_corpus`). One is right where
an event of that type at one of its triggers is annotated with it; of an event that is not annotated none is. The
first are annotated with places that stand near a trigger, the others with those that a reader takes from anywhere.
The chances from which on a place comes, and from which on one that was given stays, are the best by F1 of the whole
articles, each weighed by what was learned on the others, of those that are right as often as what was given. The
documents and articles to report on choose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.reading import find, found_before_places
from kg.extract.story.wheres import Wheres, is_settled
from kg.pipeline.prepared import Reader, Settings
from training.article_corpus import articles
from training.measure_articles import of_type, touch, types_of
from training.measure_reading import Gold, article_of, dates_of, held_out
from training.weigh_roles import FOLDS, asked, fold_of, weights_of
from training.weigh_sources import f1

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Doc

    from kg.core.model import Article
    from kg.extract.events.drafts import Draft
    from kg.ontology.values import Ontology
    from training.article_corpus import AnnotatedArticle, Span

OUT = Path(__file__).parents[1] / "kg/core/data/reading/places.json"
#: Chances from which on a place comes, and those from which on a given one stays.
STEPS = tuple(n / 20 for n in range(3, 14))
KEPT = tuple(n / 20 for n in range(5))  # what grammar gives is not dropped for a higher one


#: The triggers of an event and the event in, the mentions of each of its annotated places out; None where nothing was
#: annotated.
Annotated = Callable[[Sequence["Span"], "Draft"], Sequence[Sequence["Span"]] | None]


@dataclass(frozen=True)
class Placed:
    """An event: of which document, how many places are annotated, and what is proposed."""

    doc: str
    whole: bool  # whether annotated as a reader of the whole article takes it
    annotated: int
    proposed: tuple[tuple[Mapping[str, float], frozenset[int], bool], ...]  # known, which of the annotated, if it stays


def places(article: Article, doc: Doc, ontology: Ontology, annotated: Annotated, *, whole: bool) -> Iterator[Placed]:
    """Return the events of a document that stand in what was annotated."""
    findings, _ = find(article, doc, ontology)
    if findings.scores is None:
        return
    judge = Judge(findings, findings.scores)
    drafts = found_before_places(findings, judge)
    wheres = Wheres(drafts, findings, judge)
    for draft in drafts:
        wanted = annotated([(t.mention.start, t.mention.end) for t in draft.tellings], draft)
        if wanted is None:
            continue

        def which(entity: str, wanted: Sequence[Sequence[Span]] = tuple(wanted)) -> frozenset[int]:
            mentions = [findings.mention(m.start, m.end) for m in findings.spans_of.get(entity, ())]
            return frozenset(n for n, w in enumerate(wanted) if touch(((m.start, m.end) for m in mentions), w))

        proposed = [(known, which(entity), is_settled(draft, entity)) for entity, known in wheres.proposed(draft)]
        yield Placed(article.id, whole, len(wanted), tuple(proposed))


def by_words(gold: Gold, ontology: Ontology) -> Annotated:
    """The places that stand near triggers: those of all mentions of the events of that type."""

    def annotated(triggers: Sequence[Span], draft: Draft) -> list[list[Span]] | None:
        if not any(map(gold.covers, triggers)):
            return None
        kinds = ontology.event_types[draft.type].types[:-1]
        mine = gold.of_events(m for m in gold.at(triggers) if m[1] in kinds)
        return [[span] for m in mine for role, span in m[4] if role == "L"]

    return annotated


def by_readers(gold: AnnotatedArticle, ontology: Ontology, known: frozenset[str]) -> Annotated:
    """The places that a reader of the whole article gives to the events of that type."""

    def annotated(triggers: Sequence[Span], draft: Draft) -> list[list[Span]] | None:
        types = (draft.type, *ontology.event_types[draft.type].types)
        mine = [e for e in gold.events if of_type(e, types, known) and touch(triggers, e.triggers)]
        named = dict.fromkeys(place for e in mine for place in e.roles.get("place", ()))
        return [list(gold.spans(place)) for place in named]

    return annotated


def learned(some: Iterable[Placed]) -> dict[str, float]:
    """The weight of each thing known, by name."""
    return weights_of([(known, bool(found)) for placed in some for known, found, _ in placed.proposed])


def figures(
    some: Sequence[Placed], weights: Callable[[Placed], Mapping[str, float]], least: float, keep: float
) -> tuple[float, float]:
    """Precision and recall of places, where those from a chance on are said, and given ones from another."""
    return _both(some, lambda p, known: chance(known, weights(p)) >= (keep if known["given"] else least))


def as_given(some: Sequence[Placed]) -> tuple[float, float]:
    """The same of the places that grammar, passage and model give."""
    return _both(some, lambda _, known: known["given"] > 0)


def _both(some: Sequence[Placed], is_said: Callable[[Placed, Mapping[str, float]], bool]) -> tuple[float, float]:
    said = [[found for known, found, stays in placed.proposed if stays or is_said(placed, known)] for placed in some]
    right, number = sum(bool(found) for of_one in said for found in of_one), sum(map(len, said))
    return right / max(1, number), sum(len(frozenset().union(*of_one)) for of_one in said) / max(
        1, sum(placed.annotated for placed in some)
    )


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader = Reader(Settings())
    choose, others = (list(of_part(reader, arguments.corpora, part)) for part in ("choose", "report"))
    report(choose, others, write=arguments.write)


def of_part(reader: Reader, corpora: Path, part: str) -> Iterator[Placed]:
    """The events of both annotations' documents of a part."""
    dates = dates_of(corpora)
    for record, text in held_out(corpora, [part]):
        article = article_of(record["id"], text, dates)
        (doc,) = reader.read([article])
        yield from places(article, doc, reader.ontology, by_words(Gold(record), reader.ontology), whole=False)
    annotated = list(articles(corpora, part))
    known = types_of(annotated, reader.ontology)
    for gold in annotated:
        (doc,) = reader.read([gold.article])
        yield from places(gold.article, doc, reader.ontology, by_readers(gold, reader.ontology, known), whole=True)


def report(choose: Sequence[Placed], others: Sequence[Placed], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""

    def fold(placed: Placed) -> int:
        return fold_of(placed.doc)

    by_fold = [learned(p for p in choose if fold(p) != n) for n in range(FOLDS)]
    weights = learned(choose)

    def crossed(some: Sequence[Placed], step: tuple[float, float]) -> tuple[float, float]:
        return figures(some, lambda p: by_fold[fold(p)], *step)

    whole = [p for p in choose if p.whole]
    steps = {(a, b): crossed(whole, (a, b)) for a in STEPS for b in KEPT if b <= a}
    least, keep = max((s for s in steps if steps[s][0] >= as_given(whole)[0]), key=lambda s: (f1(steps[s]), s))
    for name, of_whole in (("whole articles", True), ("what stands near", False)):
        one, other = ([p for p in some if p.whole == of_whole] for some in (choose, others))
        print(
            f"\n| {name}, said from | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|"
        )
        rows = [("as given", as_given(one), as_given(other))]
        shown = [(a, keep) for a in STEPS if a >= keep]
        rows += [(f"{s[0]:.2f}", crossed(one, s), figures(other, lambda _: weights, *s)) for s in shown]
        for label, *both in rows:
            cells = [f"{pair[0]:.3f} | {pair[1]:.3f} | {f1(pair):.3f}" for pair in both]
            print(f"| {label} | {' | '.join(cells)} |")
    print(f"\nsaid from {least}, kept from {keep}")
    if write:
        OUT.write_text(json.dumps({"least": least, "keep": keep, "weights": weights}, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
