"""How well whole articles are read: `python -m training.measure_articles --corpora DIR [--part choose|report|all]`.

The articles are those of `training/article_corpus.py`, annotated as a reader takes them: no event of them was learned
by the network. A trigger is right where it overlaps an annotated one of its type (a killing may be annotated as a
death, a bombing as an attack). Events are matched by their triggers, several of ours may tell one of theirs; a
participant is right where one of its mentions overlaps one of an annotated participant of that role; a time where it
is the same date, words or no words; a count where both bounds are the same; who says it as a participant. "where found"
asks the same of events that were found. Intervals: articles drawn again 1,000 times.
"""

from __future__ import annotations

import argparse
import operator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.model import Event, Extraction
from kg.pipeline.prepared import Reader, Settings
from training.article_corpus import ANNOTATION, AnnotatedArticle, AnnotatedEvent, articles
from training.measure_reading import Counts, overlap, scores, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.ontology.values import Ontology
    from training.article_corpus import Span, Time

ROLES = ("agent", "patient", "instrument", "recipient", "place")
HEADLINE = ("triggers", "arguments", "times", "counts", "sources", "status")
_FOUND = ("arguments where found", "times where found", "sources where found")
MEASURES = ("triggers", "pairs", *ROLES, "arguments", "times", "counts", "sources", "status", *_FOUND)
#: A type that may be annotated as another.
_WIDER = {"Killing": "Death", "Bombing": "Attack", "AirStrike": "Attack", "Shooting": "Attack"}


def touch(some: Iterable[Span], others: Sequence[Span]) -> bool:
    """Whether any of some ranges overlaps any of the others."""
    return any(overlap(a, b) for a in some for b in others)


def triggers_of(event: Event) -> list[Span]:
    """Where an event of ours is told."""
    return [(t.start, t.end) for t in event.triggers]


def of_type(theirs: AnnotatedEvent, types: Sequence[str], known: frozenset[str]) -> bool:
    """Whether an event of ours, by its type and those above it, may be theirs; `known` are the types of annotation."""
    named = next((t for t in types if t in known), "")
    return theirs.type in (named, _WIDER.get(named))


class Reading:
    """One article as annotated and as read, matched event by event."""

    def __init__(self, gold: AnnotatedArticle, found: Extraction, known: frozenset[str]) -> None:
        self.gold, self.found = gold, found
        self._spans = {x.id: [(m.start, m.end) for m in x.mentions] for x in found.entities}
        self._spans |= {e.id: triggers_of(e) for e in found.events}
        self.theirs: dict[str, AnnotatedEvent] = {}  # of an event of ours
        self.ours: dict[str, list[Event]] = {e.id: [] for e in gold.events}
        self._known = known
        for event in found.events:
            best = max(gold.events, key=lambda g: self._shared(g, event), default=None)
            if best is not None and self._shared(best, event):
                self.theirs[event.id] = best
                self.ours[best.id].append(event)

    def fits(self, theirs: AnnotatedEvent, event: Event) -> bool:
        """Whether the types of two events agree."""
        return of_type(theirs, (event.type, *event.types), self._known)

    def _shared(self, theirs: AnnotatedEvent, event: Event) -> int:
        if not self.fits(theirs, event):
            return 0
        return sum(overlap(a, b) for a in theirs.triggers for b in triggers_of(event))

    def one(self, theirs: str, ours: object) -> bool:
        """Whether a participant of theirs and one of ours are the same."""
        return isinstance(ours, str) and touch(self.gold.spans(theirs), self._spans.get(ours, []))

    def tally(self) -> Counts:
        """What is right of it."""
        counts = Counts()
        self._tally_triggers(counts)
        for role in ROLES:
            for names in ((role,), ("arguments", "arguments where found")):
                self._compare(counts, names, partial(_fillers, role), partial(_participants, role), self.one)
        self._compare(counts, ("times", "times where found"), _time_of, _day_of, same_time)
        self._compare(counts, ("counts",), lambda theirs: theirs.counts, _counts_of, operator.eq)
        self._compare(counts, ("sources", "sources where found"), _source_of, _source_of, self.one)
        self._compare(counts, ("status",), _open_status, _open_status, operator.eq)
        return counts

    def _compare(
        self,
        counts: Counts,
        names: Sequence[str],
        of_theirs: Callable[[AnnotatedEvent], Iterable[object]],
        of_ours: Callable[[Event], Iterable[object]],
        same: Callable[..., bool],
    ) -> None:
        for name in names:
            if not name.endswith("where found"):
                for event in self.found.events:
                    theirs = self.theirs.get(event.id)
                    for x in of_ours(event):
                        right = theirs is not None and any(same(w, x) for w in of_theirs(theirs))
                        counts[name, "said"] += 1
                        counts[name, "right"] += right
            for gold in self.gold.events:
                mine = self.ours[gold.id]
                for w in of_theirs(gold):
                    found = any(same(w, x) for event in mine for x in of_ours(event))
                    if mine or not name.endswith("where found"):
                        counts[name, "gold"] += 1
                        counts[name, "found"] += found
                    if mine and name.endswith("where found"):
                        counts[name, "said"] += 1
                        counts[name, "right"] += found

    def _tally_triggers(self, counts: Counts) -> None:
        theirs = [(span, g) for g in self.gold.events for span in g.triggers]
        ours = [(span, e) for e in self.found.events for span in triggers_of(e)]
        for span, event in ours:
            counts["triggers", "said"] += 1
            counts["triggers", "right"] += any(overlap(span, s) and self.fits(g, event) for s, g in theirs)
        for span, gold in theirs:
            counts["triggers", "gold"] += 1
            counts["triggers", "found"] += any(overlap(span, s) and self.fits(gold, e) for s, e in ours)
        said = [p for e in self.found.events for p in _pairs(triggers_of(e))]
        gold_pairs = [p for g in self.gold.events for p in _pairs(list(g.triggers))]
        for some, others, names in ((said, gold_pairs, ("said", "right")), (gold_pairs, said, ("gold", "found"))):
            for a, b in some:
                counts["pairs", names[0]] += 1
                counts["pairs", names[1]] += any(overlap(a, c) and overlap(b, d) for c, d in others)


def _pairs(spans: list[Span]) -> list[tuple[Span, Span]]:
    spans = sorted(spans)
    return [(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :]]


def _fillers(role: str, event: AnnotatedEvent) -> Iterable[object]:
    return event.roles.get(role, ())


def _participants(role: str, event: Event) -> Iterable[object]:
    return event.fillers(role)


def _day_of(event: Event) -> list[Time]:
    return [event.time.value] if event.time is not None and event.time.value is not None else []


def _counts_of(event: Event) -> list[tuple[str, int | None, int | None]]:
    return [(c.role, c.minimum, c.maximum) for c in event.counts]


def _source_of(event: Event | AnnotatedEvent) -> list[str]:
    return [event.source] if event.source else []


def _open_status(event: Event | AnnotatedEvent) -> list[str]:
    return [event.status] if event.status != "asserted" else []


def _time_of(event: AnnotatedEvent) -> list[Time]:
    return [event.time] if event.time else []


def same_time(one: Time, other: Time) -> bool:
    """Whether two times are the same: dates of one grain, or both ends."""
    return _range(one) == _range(other)


def _range(time: Time) -> tuple[str | None, str | None]:
    return (time, time) if isinstance(time, str) or time is None else (time[0], time[1])


def types_of(gold: Iterable[AnnotatedArticle], ontology: Ontology) -> frozenset[str]:
    """The types that annotation knows: those of its events, and of ours those that may stand for one of them."""
    return frozenset({e.type for a in gold for e in a.events} | {t for t in _WIDER if t in ontology.event_types})


def headline(counts: Counts) -> float:
    """The mean F1 of triggers, arguments, times, counts, sources, status."""
    return sum(scores(counts, name)[2] for name in HEADLINE) / len(HEADLINE)


def main() -> None:
    """Print a row for each measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--part", default="report", choices=("choose", "report", "all"))
    parser.add_argument("--annotation", type=Path, default=ANNOTATION)
    arguments = parser.parse_args()
    reader = Reader(Settings())
    gold = list(articles(arguments.corpora, arguments.part, arguments.annotation))
    known = types_of(gold, reader.ontology)
    found = reader.extract([a.article for a in gold])
    each = [Reading(a, x, known).tally() for a, x in zip(gold, found, strict=True) if isinstance(x, Extraction)]
    show(each, MEASURES, "headline", headline)


if __name__ == "__main__":
    main()
