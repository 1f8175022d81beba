"""When, all weighed: which time expression dates an event, or none; drafts in, with their time, out.

Grammar gives an event the time words of its clause (``dating.py``), the model proposes others. The weights
(``kg/core/data/reading/times.json``) were learned on annotated documents (``python -m training.weigh_times``). The day
that only the passage tells is not their matter (``kg.extract.story.times``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.brought import is_aside
from kg.extract.events.odds import chance, odds
from kg.extract.events.spans import is_future, span_of
from kg.extract.syntax.phrases import described, sentence_numbers
from kg.extract.syntax.slots import children
from kg.extract.syntax.tense import clause_of, is_background
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Token

    from kg.core.model import TimeSpan
    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings
    from kg.extract.events.judge import Judge
    from kg.extract.times.mentions import TimeMention

#: What the model thinks less likely is not weighed.
_POSSIBLE = 0.05
#: Nothing was learned of words so far away.
_OUT_OF_REACH = 0.01
_HOLDING = frozenset(words("holding"))
_PEOPLE = ("Person", "Group")
_SPHERES = ("speech", "proceeding")


@dataclass(frozen=True, slots=True)
class TimeWeights:
    """What each thing known adds to the odds that an expression dates an event, and the chance from which it does."""

    weights: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    least: float


@cache
def shipped_time_weights() -> TimeWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("times.json").read_text("utf-8"))
    return TimeWeights(found["weights"], found["least"])


class Timer:
    """What is known of the time expressions of one document as the times of its events."""

    def __init__(self, drafts: Iterable[Draft], findings: Findings, judge: Judge) -> None:
        self.findings, self.judge = findings, judge
        self._sentence = sentence_numbers(findings.doc)
        self._times = [t for t in findings.times if t.kind in ("point", "range")]
        self._legal: dict[int, set[int]] = {}  # the same → the words of steps of the law that it stands with
        self._standing: dict[int, list[Key]] = {}  # character at which an expression begins → the events it stands with
        for draft in drafts:
            if draft.time is not None and draft.time.mention is not None:
                self._standing.setdefault(draft.time.mention.start, []).append(draft.key)
                if _is_of_the_law(draft, findings):
                    self._legal.setdefault(draft.time.mention.start, set()).add(draft.match.head)

    def proposed(self, draft: Draft) -> Iterator[tuple[TimeMention, dict[str, float]]]:
        """Each expression that may date an event, with what is known of it by name: numbers of -5 to 5."""
        for time in self._times:
            likely = self.judge.dates(draft, time.start, time.end)
            stands = _stands(draft, time)
            if stands or (likely > _POSSIBLE and not self._is_no_time(draft, time)):
                known = self._known(draft, time)
                known["time to the model"] = odds(likely if likely > 0 else _OUT_OF_REACH)
                known["stands with it"] = float(stands)
                yield time, known

    def _is_no_time(self, draft: Draft, time: TimeMention) -> bool:
        """Whether words that do not stand with an event cannot date it.

        A day that is only named further on is that of what comes then, "since 2019" tells what was not since then, and
        what the police have done meanwhile, or what is only suspected, was not on the day of another sentence, nor what
        stands in a sentence with a day of its own ("was jailed in 2021 for the murder of a judge").
        """
        doc = self.findings.doc
        if is_aside(draft, self.findings):
            return True
        above = self._legal.get(time.start_char, set())
        if above and any(not above.isdisjoint(t.i for t in doc[h].ancestors) for h in draft.heads):
            return True  # "was convicted of the murder in 2022"
        here = [h for h in draft.heads if self._sentence[h] == self._sentence[time.start]]
        if here and self._standing.get(time.start_char) and all(_is_told_outside(doc[h], time) for h in here):
            return True
        if here and self._standing.get(time.start_char) and self._is_of_somebody(time, here):
            return True
        heads = [h for h in draft.heads if self._sentence[h] >= self._sentence[time.start]]
        if not heads or doc[time.start].lower_ == "since" or time.counted:
            return True
        if any(self._sentence[h] == self._sentence[time.start] for h in heads):
            return False
        named = {self._sentence[t.start] for t in self._times}
        if all(self._sentence[h] in named for h in heads):
            return True
        return draft.status == "possible" or all(is_background(clause_of(doc[h])) for h in heads)

    def _is_of_somebody(self, time: TimeMention, heads: list[int]) -> bool:
        """Whether a time stands in a clause that describes somebody: "a man who robbed a bank in 2018 was shot"."""
        found = described(self.findings.doc[time.start])
        if found is None or not self.findings.ontology.fits(self.findings.class_of(found[1].i) or "", _PEOPLE):
            return False
        clause = {t.i for t in found[1].subtree}
        return clause.isdisjoint(heads)

    def _known(self, draft: Draft, time: TimeMention) -> dict[str, float]:
        head = min(draft.heads, key=lambda h: abs(h - time.start))
        word, there = self.findings.doc[head], self._sentence[time.start] - self._sentence[head]
        above = clause_of(self.findings.doc[time.governor]) if time.governor is not None else None
        return (
            self._of_time(draft, time)
            | self._of_event(draft, time)
            | {
                "same sentence": float(there == 0),
                "later sentence": float(there > 0),
                "same clause": float(there == 0 and above is not None and above == clause_of(word)),
                "of a noun": float(word.dep_ in ("nmod", "compound")),
            }
        )

    def _of_time(self, draft: Draft, time: TimeMention) -> dict[str, float]:
        here = self._sentence[time.start]
        return {
            "stands with another": float(any(k != draft.key for k in self._standing.get(time.start_char, ()))),
            "not resolved": float(time.value is None),
            "a day": float(time.value is not None and time.bounds.grain in ("day", "hour", "minute")),
            "the first of the article": float(time is self._times[0]),
            "the only one of its sentence": float(sum(self._sentence[t.start] == here for t in self._times) == 1),
        }

    def _of_event(self, draft: Draft, time: TimeMention) -> dict[str, float]:
        ahead = time.value is not None and is_future(self._span(time), self.findings.published)
        within = self.findings.ontology
        return {f"is {sphere}": float(within.fits(draft.type, (sphere,))) for sphere in _SPHERES} | {
            "another stands with it": float(draft.time is not None and not _stands(draft, time)),
            "asserted, yet ahead": float(ahead and draft.status == "asserted"),
            "planned, yet not ahead": float(not ahead and draft.status == "planned"),
            "status open": float(draft.status != "asserted"),
            "said by somebody": float(draft.source is not None),
        }

    def _span(self, time: TimeMention) -> TimeSpan:
        return span_of(time, time.bounds, self.findings)


def weigh_times(drafts: Iterable[Draft], findings: Findings, judge: Judge, by: TimeWeights) -> tuple[Draft, ...]:
    """Return the events with the time expression that dates them, all weighed; without one where none is likely."""
    drafts = tuple(drafts)
    timer = Timer(drafts, findings, judge)
    return tuple(_timed(draft, timer, by) for draft in drafts)


def _timed(draft: Draft, timer: Timer, by: TimeWeights) -> Draft:
    findings = timer.findings
    found = [(chance(known, by.weights), -time.start, time) for time, known in timer.proposed(draft)]
    sure, _, time = max(found, key=lambda f: f[:2], default=(0.0, 0, None))
    own = next(((likely, words) for likely, _, words in found if _stands(draft, words)), None)
    if own is not None and (own[0] >= by.least or own[1].anchor is not None):
        return draft
    if time is None or sure < by.least:
        if own is None:
            return draft
        findings.log(draft.match.head, f"  time: not “{own[1].text}”, all weighed ({own[0]:.2f})")
        return replace(draft, time=None)
    span = span_of(time, time.bounds, findings)
    if draft.time is not None and span.value == draft.time.value:
        return draft
    if span.value is None or (draft.status == "asserted" and is_future(span, findings.published)):
        return draft
    if draft.time is None and any(c.lower_ == "had" for c in children(findings.doc[draft.match.head], "aux")):
        return draft  # "they had left": before what the passage tells
    findings.log(draft.match.head, f"  time: “{time.text}”, all weighed ({sure:.2f})")
    return replace(draft, time=replace(span, mention=None, evidence=span.mention, inferred=True))


def _is_told_outside(word: Token, time: TimeMention) -> bool:
    """Whether a word's clause only describes somebody, and a time is told of what they did else.

    "A nurse who was accused of smothering four patients walked free on Tuesday".
    """
    found = described(word)
    return found is not None and not any(time.start <= t.i < time.end for t in found[1].subtree)


def _is_of_the_law(draft: Draft, findings: Findings) -> bool:
    """Whether an event is what is done over another: its own day is not that of the deed."""
    lemma = findings.doc[draft.match.head].lemma_
    return findings.ontology.is_a(draft.type, "proceeding") or lemma in _HOLDING


def _stands(draft: Draft, time: TimeMention) -> bool:
    words = draft.time.mention if draft.time is not None else None
    return words is not None and words.start == time.start_char
