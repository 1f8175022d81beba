"""The day of the passage, all weighed: which of an article's days an event without time words of its own happened on.

The rules (``times.py``) propose one; the days of other events and those that sentences name are proposed beside it. The
weights (``kg/core/data/reading/passage.json``) were learned on articles whose events were annotated with the day that
a reader fills in (``python -m training.weigh_passage``); no type of event is among what they know.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.brought import is_aside
from kg.extract.events.odds import chance
from kg.extract.events.spans import is_future, span_of
from kg.extract.syntax.phrases import described, sentence_numbers
from kg.extract.syntax.slots import children
from kg.extract.syntax.tense import clause_of, is_background, is_told
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.core.model import Bounds, TimeSpan
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_DAYS = ("day", "hour", "minute")
_CASE = ("proceeding",)
_REASONS = frozenset({"for", "over", "of", "with", "in"})
_HOLDING = frozenset(words("holding"))
_TALKING = ("speech", *_CASE)


@dataclass(frozen=True, slots=True)
class PassageWeights:
    """What each thing known adds to the odds that an event was on a day, and the chances from which that is said."""

    weights: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    keep: float  # of a day that the rules give
    add: float  # of another


@cache
def shipped_passage_weights() -> PassageWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("passage.json").read_text("utf-8"))
    return PassageWeights(found["weights"], found["keep"], found["add"])


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A word that has a day: an event's trigger, or the word to which a time expression belongs."""

    head: int
    sentence: int
    time: TimeSpan
    event: Draft | None


class Passage:
    """What is known of the days of one document as days of its undated events.

    Args:
        dated: the events with the times that their own words give, in text order.
        ruled: the same events with the times that the rules fill in.
        findings: what was found in the document.

    """

    def __init__(self, dated: Iterable[Draft], ruled: Iterable[Draft], findings: Findings) -> None:
        dated, self.findings = tuple(dated), findings
        self._paragraph = _paragraphs(findings)
        self._ruled = {d.key: d.time for d in ruled if d.time is not None and d.time.value is not None}
        self._anchors = sorted(_anchors(dated, findings), key=lambda a: (a.head, str(a.time.value)))
        self._with: dict[object, list[_Anchor]] = defaultdict(list)  # value of a time → the words that have it
        self._in: dict[int, set[object]] = defaultdict(set)  # sentence → the values that its words have
        for anchor in self._anchors:
            self._with[anchor.time.value].append(anchor)
            self._in[anchor.sentence].add(anchor.time.value)
        self._at = {h: d for d in dated for h in d.heads}
        self._first = next((a.time.value for a in self._anchors if a.time.bounds.grain in _DAYS), None)

    def ruled(self, draft: Draft) -> TimeSpan | None:
        """The time that the rules give to an event that has none of its own."""
        return self._ruled.get(draft.key)

    def proposed(self, draft: Draft) -> Iterator[tuple[TimeSpan, dict[str, float]]]:
        """Each time that an event without one may have, with what is known of it by name: numbers of 0 to 5."""
        given, of_event = self.ruled(draft), self._of_event(draft)
        for value, anchors in self._with.items():
            by_rule = given is not None and given.value == value
            if self._is_after_its_case(draft, anchors[0].time):
                continue
            if not by_rule and (
                self._is_later(draft, anchors) or self._is_excluded(draft, self._nearest(draft, anchors))
            ):
                continue
            known = of_event | self._of_day(draft, value, anchors) | self._of_pair(draft, anchors)
            known["by rule"] = float(by_rule)
            known["another by rule"] = float(given is not None and not by_rule)
            yield (given if given is not None and by_rule else self._nearest(draft, anchors).time), known
        if given is not None and given.value not in self._with and not self._is_after_its_case(draft, given):
            yield given, of_event | {"by rule": 1.0, "by rule alone": 1.0}

    def _is_later(self, draft: Draft, anchors: Sequence[_Anchor]) -> bool:
        """Whether a day is only told in later sentences, of something else: of another type with others in it."""
        if anchors[0].sentence <= draft.last_sentence:
            return False
        who = {entity for role, entity in draft.fillers if role != "place"}
        events = [a.event for a in anchors if a.event is not None]
        if not self._is_of_the_law(draft):  # "stabbed a waiter. He was arrested on Friday": not of that day
            events = [e for e in events if not self._is_of_the_law(e)]
        return not any(e.type == draft.type or who & {entity for _, entity in e.fillers} for e in events)

    def _is_after_its_case(self, draft: Draft, time: TimeSpan) -> bool:
        """Whether a day is that of the sentence or charge that a deed is told as the reason of, or comes after it.

        "Was jailed in 2015 for killing a nurse", "was sentenced on Monday for taking bribes".
        """
        for event in (self._at.get(h) for h in self._reasoned(draft)):
            held = event is not None and event.key != draft.key and self._is_of_the_law(event)
            case = event.time if held and event is not None else None
            if case is not None and not _is_before(time.bounds, case.bounds):
                return True
        return False

    def _is_of_the_law(self, event: Draft) -> bool:
        """Whether an event is what is done to somebody over a deed: a sentence, a charge, an arrest."""
        return self._is(event, _CASE) or self.findings.doc[event.match.head].lemma_ in _HOLDING

    def _reasoned(self, draft: Draft) -> Iterator[int]:
        """The words that an event's word is the reason of by grammar: "jailed for killing", "for a raid in which …"."""
        token = self.findings.doc[draft.match.head]
        while token.head.i != token.i and token.dep_ not in ("parataxis", "conj", "ccomp"):
            small = {c.lower_ for c in children(token, "case", "mark")}
            if token.dep_ in ("advcl", "obl", "nmod", "acl") and not small.isdisjoint(_REASONS):
                yield token.head.i
            token = token.head

    def _is_excluded(self, draft: Draft, near: _Anchor) -> bool:
        """Whether an event cannot be of a day.

        What is feared or alleged in a noun has none ("threats of a kidnapping"), what happened is of no day to come,
        what is said is not of the day that it is about, neither "they had left" nor what "he had said" is of the day
        of another sentence, two killings of two people are not of one year, a deed is not of the day of the charge in
        its sentence, nor what only describes somebody of the day of what is told of him.
        """
        word, here = self.findings.doc[draft.match.head], near.sentence == draft.sentence
        if draft.status == "possible" and (word.pos_ == "NOUN" or word.tag_ == "VBG"):
            return True
        if draft.status != "planned" and is_future(near.time, self.findings.published):
            return True
        if not here and self._is(draft, ("speech",)) and near.event is not None and self._is(near.event, ("scene",)):
            return True
        if near.event is not None and near.time.bounds.grain not in _DAYS and _others(draft, near.event):
            return True
        if not here:
            return any(c.lower_ == "had" for verb in (word, *word.ancestors) for c in children(verb, "aux"))
        if near.event is not None and self._is(near.event, _CASE) and not self._is(draft, _CASE):
            return True
        aside = described(word)
        return aside is not None and near.head not in {t.i for t in aside[1].subtree}

    def _of_event(self, draft: Draft) -> dict[str, float]:
        word = self.findings.doc[draft.match.head]
        is_verb = word.pos_ in ("VERB", "AUX")
        tense = {
            "told in the past": float(is_told(word)),
            "perfect": float(is_verb and is_background(clause_of(word))),
            "present": float(is_verb and word.tag_ in ("VBZ", "VBP")),
            "infinitive": float(is_verb and word.tag_ == "VB"),
            "noun": float(not is_verb),
        }
        return tense | {
            "possible": float(draft.status == "possible"),
            "planned": float(draft.status == "planned"),
            "first sentence": float(draft.sentence == 0),
            "several tellings": float(bool(draft.members)),
            "is proceeding": float(self._is(draft, _CASE)),
        }

    def _of_day(self, draft: Draft, value: object, anchors: Sequence[_Anchor]) -> dict[str, float]:
        near = self._nearest(draft, anchors)
        ahead, planned = is_future(near.time, self.findings.published), draft.status == "planned"
        here = {v for t in draft.tellings for v in self._in[t.sentence]}
        return {
            "another day in its sentence": float(bool(here - {value})),
            "a week": float(near.time.bounds.grain == "week"),
            "planned, not ahead": float(planned and not ahead),
            "the first day of the article": float(value == self._first),
            "the only time of the article": float(len(self._with) == 1),
        } | self._of_place(draft, anchors)

    def _of_place(self, draft: Draft, anchors: Sequence[_Anchor]) -> dict[str, float]:
        near, paragraph = self._nearest(draft, anchors), self._paragraph[draft.match.head]
        return {
            "sentences away": math.log1p(_apart(draft, near)),
            "told before": float(anchors[0].head <= draft.match.head),
            "same paragraph": float(any(self._paragraph[a.head] == paragraph for a in anchors)),
            "of an event": float(near.event is not None),
        }

    def _of_pair(self, draft: Draft, anchors: Sequence[_Anchor]) -> dict[str, float]:
        """How an event stands to those that have the day: of one scene, both talk, of one type, told by one speaker."""
        events = [a.event for a in anchors if a.event is not None]
        near = self._nearest(draft, anchors).event
        scene, talk = self._is(draft, ("scene",)), self._is(draft, _TALKING)
        return {
            "both on the scene": float(scene and near is not None and any(self._is(e, ("scene",)) for e in events)),
            "both talk": float(talk and any(self._is(e, _TALKING) for e in events)),
            "talk, the day of the scene": float(talk and near is not None and self._is(near, ("scene",))),
            "of the scene, the day of talk": float(scene and near is not None and self._is(near, _TALKING)),
            "same type": float(any(e.type == draft.type and not _others(draft, e) for e in events)),
            "same type, others": float(any(e.type == draft.type and _others(draft, e) for e in events)),
            "same speaker": float(draft.source is not None and any(e.source == draft.source for e in events)),
        }

    def _is(self, draft: Draft, traits: tuple[str, ...]) -> bool:
        return self.findings.ontology.fits(draft.type, traits)

    @staticmethod
    def _nearest(draft: Draft, anchors: Sequence[_Anchor]) -> _Anchor:
        return min(anchors, key=lambda a: (_apart(draft, a), a.head))


def weigh_passage(
    dated: Iterable[Draft], ruled: Iterable[Draft], findings: Findings, by: PassageWeights
) -> tuple[Draft, ...]:
    """Return the events with their own times, and of the days of the passage with those that are likely, all weighed.

    Args:
        dated: the events with the times that their own words give, in text order.
        ruled: the same events with the times that the rules fill in.
        findings: what was found in the document.
        by: the weights.

    """
    dated, ruled = tuple(dated), tuple(ruled)
    passage = Passage(dated, ruled, findings)
    now = {d.key: d for d in ruled}
    dateless = {d.key for d in dated if d.time is not None or is_aside(d, findings)}
    return tuple(d if d.key in dateless else _dated(d, now[d.key], passage, by) for d in dated)


def _dated(draft: Draft, ruled: Draft, passage: Passage, by: PassageWeights) -> Draft:
    found = [(chance(known, by.weights), str(time.value), time) for time, known in passage.proposed(draft)]
    sure, _, time = max(found, key=lambda f: f[:2], default=(0.0, "", None))
    log, head = passage.findings.log, draft.match.head
    given = passage.ruled(draft)
    if time is not None and sure >= by.add and (given is None or time.value != given.value):
        log(head, f"  time: {time.value} of the passage, all weighed ({sure:.2f})")
        return replace(draft, time=replace(time, mention=None, evidence=time.mention or time.evidence, inferred=True))
    of_given = next((likely for likely, _, t in found if given is not None and t.value == given.value), 0.0)
    if given is not None and of_given < by.keep:
        log(head, f"  time: not {given.value}, all weighed ({of_given:.2f})")
        return draft
    return ruled


def _anchors(dated: Iterable[Draft], findings: Findings) -> Iterator[_Anchor]:
    """The words that have a time: triggers of dated events, and what other time expressions belong to."""
    taken: set[int] = set()
    for draft in dated:
        if draft.time is not None and draft.time.value is not None:
            taken.update([draft.time.mention.start] if draft.time.mention is not None else [])
            yield from (_Anchor(t.match.head, t.sentence, draft.time, draft) for t in draft.tellings)
    sentence = sentence_numbers(findings.doc)
    for said in findings.times:
        if said.kind in ("point", "range") and said.governor is not None and said.start_char not in taken:
            time = span_of(said, said.bounds, findings)
            if time.value is not None:
                yield _Anchor(said.governor, sentence[said.governor], time, None)


def _is_before(one: Bounds, other: Bounds) -> bool:
    """Whether a time may begin before another; within the coarser grain of the two it may, on one day it does not."""
    begin, end = one.earliest_begin, other.earliest_begin
    if begin is None or end is None or begin == end:
        return begin is None or end is None
    return begin[: len(end)] <= end[: len(begin)]


def _others(one: Draft, other: Draft) -> bool:
    """Whether two events befell others: "Anna Berg was murdered in 2010. Peter Lund was murdered near the port."."""
    here, there = one.of("patient"), other.of("patient")
    return bool(here and there) and here.isdisjoint(there)


def _apart(draft: Draft, anchor: _Anchor) -> int:
    return min(abs(t.sentence - anchor.sentence) for t in draft.tellings)


def _paragraphs(findings: Findings) -> list[int]:
    """The number of the paragraph of each token."""
    number, result = 0, []
    for token in findings.doc:
        result.append(number)
        number += token.is_space and token.text.count("\n") > 1
    return result
