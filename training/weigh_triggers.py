"""Learn how sure it is that a word tells an event of a type: `kg/core/data/reading/triggers.json` comes out.

    python -m training.weigh_triggers --corpora DIR [--write]

Examples are the types that are proposed for a word (`kg.extract.events.telling`), in the documents held out to choose
by and in the articles to choose by that were annotated whole (`training.article_corpus`); of neither the network has
learned an event. One is right where one of its words overlaps an annotated trigger of that type (a killing may be
annotated as a death). What is known of types that the network has not learned is learned from the same examples, of
words that the lexicon lists, with what it says of the type hidden from it. The chances from which on a word tells an
event (`LEAST`) stand above the best by F1 alone, which is printed: they were chosen by whole readings, see there. The
documents and articles to report on choose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.events.odds import chance
from kg.extract.events.telling import Telling
from kg.extract.language.scores import scores_of
from kg.extract.reading import entity_mentions, trigger_finder
from kg.extract.syntax.frames import frame_tokens
from kg.pipeline.prepared import Reader, Settings
from training.article_corpus import articles
from training.measure_articles import of_type, touch, types_of
from training.measure_reading import Gold, article_of, dates_of, held_out, overlap
from training.weigh_roles import FOLDS, asked, fold_of, weights_of
from training.weigh_sources import f1

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Doc

    from kg.extract.grammar.triggers import Found
    from kg.ontology.values import Ontology
    from training.article_corpus import AnnotatedArticle, Span

OUT = Path(__file__).parents[1] / "kg/core/data/reading/triggers.json"
STEPS = tuple(n / 50 for n in range(10, 31))
#: From .40 on, .55 and .65 the mean of six measures of 111 articles to choose by was the best (.542; .520 by the rules
#: before); these give .537, and leave the project's own sentences as they are, but for words that annotators mark too.
LEAST = {"least": 0.5, "other": 0.6, "instead": 0.7}

#: The words of a candidate and its type in, which of the annotated triggers it is out.
Which = Callable[[Sequence["Span"], str], frozenset[int]]


@dataclass(frozen=True)
class Proposed:
    """A type that a word may tell an event of: what is known, and of which annotated triggers it is right."""

    word: int
    known: Mapping[str, float]
    hidden: Mapping[str, float] | None  # the same with the type hidden from the network, where a lexicon lists it
    right: frozenset[int]


@dataclass(frozen=True)
class Words:
    """What is proposed for the words of a document, and how many triggers are annotated."""

    doc: str
    whole: bool  # whether annotated as a reader of the whole article takes it
    annotated: int
    proposed: tuple[Proposed, ...]


def proposed(doc: Doc, ontology: Ontology, which: Which, covers: Callable[[Span], bool]) -> Iterator[Proposed]:
    """What is proposed for the words of a document that stand in what was annotated."""
    scores, framed = scores_of(doc), frame_tokens(doc)
    if scores is None:
        return
    finder, tellings = trigger_finder(entity_mentions(doc, ontology), ontology), []

    def judge(found: Found) -> Found:
        tellings.append(Telling(doc, finder, scores, found))
        return found

    finder.find(doc, judge)

    def span(token: int) -> Span:
        return doc[token].idx, doc[token].idx + len(doc[token])

    for token in doc:
        if token.i in framed or not covers(span(token.i)):
            continue
        for candidate in tellings[0].proposed(token):
            right = which([span(i) for i in candidate.match.tokens], candidate.match.type)
            listed = "in no lexicon" not in candidate.known
            hidden = tellings[0].unlearned(candidate).known if listed else None
            yield Proposed(token.i, candidate.known, hidden, right)


def by_words(gold: Gold, ontology: Ontology) -> Which:
    """The triggers of a document that was annotated near its events."""

    def which(spans: Sequence[Span], kind: str) -> frozenset[int]:
        kinds = ontology.event_types[kind].types[:-1]
        return frozenset(
            n for n, m in enumerate(gold.mentions) if m[1] in kinds and any(overlap(m[0], s) for s in spans)
        )

    return which


def by_readers(gold: AnnotatedArticle, ontology: Ontology, known: frozenset[str]) -> Which:
    """The triggers of an article that was annotated whole."""
    triggers = [(span, event) for event in gold.events for span in event.triggers]

    def which(spans: Sequence[Span], kind: str) -> frozenset[int]:
        types = (kind, *ontology.event_types[kind].types)
        return frozenset(n for n, (t, e) in enumerate(triggers) if touch(spans, [t]) and of_type(e, types, known))

    return which


def of_part(reader: Reader, corpora: Path, part: str) -> Iterator[Words]:
    """The words of both annotations' documents of a part."""
    ontology, dates = reader.ontology, dates_of(corpora)
    for record, text in held_out(corpora, [part]):
        (doc,) = reader.read([article_of(record["id"], text, dates)])
        gold = Gold(record)
        found = tuple(proposed(doc, ontology, by_words(gold, ontology), gold.covers))
        yield Words(record["id"], whole=False, annotated=len(gold.mentions), proposed=found)
    annotated = list(articles(corpora, part))
    known = types_of(annotated, ontology)
    for one in annotated:
        (doc,) = reader.read([one.article])
        found = tuple(proposed(doc, ontology, by_readers(one, ontology, known), lambda _: True))
        number = sum(len(e.triggers) for e in one.events)
        yield Words(one.article.id, whole=True, annotated=number, proposed=found)


def learned(some: Iterable[Words]) -> dict[str, float]:
    """The weight of each thing known, by name."""
    return weights_of([(p.known, bool(p.right)) for words in some for p in words.proposed])


def learned_hidden(some: Iterable[Words]) -> dict[str, float]:
    """The same of types that the network has not learned."""
    found = (p for words in some for p in words.proposed)
    return weights_of([(p.hidden, bool(p.right)) for p in found if p.hidden is not None])


Chances = Sequence[tuple[Words, Sequence[tuple[Proposed, float]]]]


def chances(some: Iterable[Words], by: Callable[[Words], Mapping[str, float]], *, hidden: bool = False) -> Chances:
    """Each document's proposals with their chances."""

    def of(words: Words) -> list[tuple[Proposed, float]]:
        weights = by(words)
        known = [(p, p.hidden if hidden else p.known) for p in words.proposed]
        return [(p, chance(k, weights)) for p, k in known if k is not None]

    return [(words, of(words)) for words in some]


def figures(some: Chances, least: float) -> tuple[float, float]:
    """Precision and recall of triggers, where each word tells an event of its likeliest type from a chance on."""
    said = right = found = 0
    for _, of_words in some:
        best: dict[int, tuple[float, Proposed]] = {}
        for p, sure in of_words:
            if sure >= least and sure > best.get(p.word, (0.0,))[0]:
                best[p.word] = sure, p
        said, right = said + len(best), right + sum(bool(p.right) for _, p in best.values())
        found += len(frozenset((n,) for _, p in best.values() for n in p.right))
    return right / max(1, said), found / max(1, sum(words.annotated for words, _ in some))


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader = Reader(Settings())
    choose, others = (list(of_part(reader, arguments.corpora, part)) for part in ("choose", "report"))
    report(choose, others, write=arguments.write)


def report(choose: Sequence[Words], others: Sequence[Words], *, write: bool) -> None:
    """Print the figures of both parts, and write what was learned on the first where that is asked for."""
    weights, hidden = learned(choose), learned_hidden(choose)
    crossed: Chances = _crossed(choose, hidden=False)
    steps = {step: f1(figures([c for c in crossed if c[0].whole], step)) for step in STEPS}
    best = max(steps, key=lambda step: (steps[step], step))
    for name, whole in (("whole articles", True), ("what stands near", False)):
        one: Chances = [c for c in crossed if c[0].whole == whole]
        other = chances((w for w in others if w.whole == whole), lambda _: weights)
        print(f"\n| {name}, from | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|")
        for step in STEPS[::2]:
            _show(step, figures(one, step), figures(other, step))
    print("\n| types hidden, from | chosen by: P | R | F1 | reported on: P | R | F1 |\n|---|---|---|---|---|---|---|")
    one, other = _crossed(choose, hidden=True), chances(others, lambda _: hidden, hidden=True)
    for step in STEPS[::2]:
        _show(step, figures(one, step), figures(other, step))
    print("\n| chance said | right | how many |\n|---|---|---|")
    for mean, right, number in tenths((sure, bool(p.right)) for _, of_words in crossed for p, sure in of_words):
        print(f"| {mean:.2f} | {right:.2f} | {number} |")
    print(f"\nthe best by F1 alone: from {best}")
    if write:
        found = {**LEAST, "learned": weights, "unlearned": hidden}
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")


def _crossed(some: Sequence[Words], *, hidden: bool) -> Chances:
    """The documents' proposals, each weighed by what was learned on the other folds."""
    learn = learned_hidden if hidden else learned
    by_fold = [learn(w for w in some if fold_of(w.doc) != n) for n in range(FOLDS)]
    return chances(some, lambda w: by_fold[fold_of(w.doc)], hidden=hidden)


def tenths(some: Iterable[tuple[float, bool]]) -> Iterator[tuple[float, float, int]]:
    """For each tenth of chance: the mean chance, the share that is right, how many."""
    by_tenth: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in some:
        by_tenth.setdefault(min(9, int(sure * 10)), []).append((sure, right))
    for _, mine in sorted(by_tenth.items()):
        yield sum(sure for sure, _ in mine) / len(mine), sum(right for _, right in mine) / len(mine), len(mine)


def _show(step: float, *both: tuple[float, float]) -> None:
    cells = [f"{pair[0]:.3f} | {pair[1]:.3f} | {f1(pair):.3f}" for pair in both]
    print(f"| {step:.2f} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
