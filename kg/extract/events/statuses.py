"""How sure it is that a thing happened: what rules, tense, time, the model and other tellings say, weighed together.

Rules give each telling a status and a reason for it (``kg.extract.grammar.factuality``). What they deny, ask or set
under a condition stays so. Of all else four chances are weighed, one for each status. The weights
(``kg/core/data/reading/status.json``) were learned on annotated texts (``python -m training.weigh_status``); no type of
event is among them. What the rules leave open is only asserted where that is likely enough, a grave act where it is
likelier still: silence before falsehood. An event that is told more than once has the mean of its tellings' chances.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.drafts import STATUSES, likeliest
from kg.extract.events.odds import chance, odds
from kg.extract.events.spans import is_future
from kg.extract.saying.quotes import quoted_ranges
from kg.extract.syntax.phrases import is_definite
from kg.extract.syntax.slots import NOMINALS, children
from kg.extract.syntax.tense import clause_of, is_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

#: Traits of an event that what is told hangs on, of which something was learned.
_ABOVE = ("proceeding", "speechAct", "holdsClaim", "denies", "faceToFace", "promised")
_AUXILIARIES = {
    word: name
    for name, some in {
        "perfect": "has have had", "will": "will 'll shall", "would": "would should must", "may": "may might could can",
        "be": "is are be", "was": "was were been",
    }.items()
    for word in some.split()
}  # fmt: skip
#: Kinds of reasons that rules give; another one is a word beside the trigger: "planned", "allegedly".
_OF_GRAMMAR = ("governed", "modal", "negation", "condition", "infinitive of", "infinitive after", "is to", "what is")
_REASONS = (*_OF_GRAMMAR, "its own", "its time", "so to", "said with", "told as", "no marker", "the words")
#: Reasons of each status for which nothing else counts: "might have prevented", "asked", "no evidence", "may".
_DENYING = ("no ", "not ", "negation", "condition")
_SETTLED = {
    "asserted": ("governed", "not ", "no ", "the words", "what is"),
    "possible": ("modal", *_DENYING, "asked", "whether", "called off", "foreseen"),
    "planned": ("condition", "not ", "is to", "was to", "what is"),
    "negated": ("",),
}
_KNOWN = "told as known"  # "the attack": left open where that is as likely as of what is open in another way
_STEPS = 4  # words up to the event that a telling hangs on
_OTHER = 0.02  # so much at least another event of the type tells


@dataclass(frozen=True, slots=True)
class StatusWeights:
    """What each thing known adds to the odds of each status, and the chances from which on what is open is asserted."""

    weights: Mapping[str, Mapping[str, float]]  # status → name of what is known → weight; "" is what is added always
    least: float
    grave: float  # the same of grave acts
    moved: float  # the chance from which on what is open, or told as known, is left open in another way than by rules


@cache
def shipped_status_weights() -> StatusWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("status.json").read_text("utf-8"))
    return StatusWeights(found["weights"], found["least"], found["grave"], found["moved"])


def weigh_statuses(drafts: Sequence[Draft], findings: Findings, by: StatusWeights) -> tuple[Draft, ...]:
    """Return each telling with its status, all weighed, and the chances of each status."""
    statuses, scores, result = Statuses(drafts, findings), findings.scores, []
    for draft in drafts:
        chances = given(draft)
        if scores is not None and scores.knows(draft.type) and not is_settled(draft):
            grave = findings.ontology.is_a(draft.type, "grave")
            chances = guarded(draft, weighed(statuses.known(draft), by.weights), by, grave=grave)
        status = likeliest(chances)
        if status != draft.status:
            findings.log(draft.match.head, f"  {status}, all weighed ({max(chances):.2f}); {draft.status} by rules")
        result.append(replace(draft, status=status, chances=chances))
    return tuple(result)


def is_settled(draft: Draft) -> bool:
    """Whether the words themselves deny it, ask it, set it under a condition, or show that it was so."""
    if draft.status == "possible" and " " not in draft.status_reason:
        return True  # "the alleged attack"
    return draft.status_reason.startswith(_SETTLED[draft.status]) and draft.status_reason != "no marker"


def given(draft: Draft) -> tuple[float, ...]:
    """The chances of a telling whose status is certain."""
    return tuple(float(status == draft.status) for status in STATUSES)


def weighed(known: Mapping[str, float], weights: Mapping[str, Mapping[str, float]]) -> tuple[float, ...]:
    """The chance of each status; together they are one. Rounded, so that no decision hangs on the last digit."""
    alone = [chance(known, weights[status]) for status in STATUSES]
    return tuple(round(p / sum(alone), 3) for p in alone)


def guarded(draft: Draft, chances: tuple[float, ...], by: StatusWeights, *, grave: bool) -> tuple[float, ...]:
    """The chances, where they are good enough for another status than rules give to what they leave open."""
    status = likeliest(chances)
    if status == draft.status or (draft.status == "asserted" and draft.status_reason != _KNOWN):
        return chances
    if status != "asserted":
        return chances if max(chances) >= by.moved else given(draft)
    asserted, *others = chances
    if asserted >= (by.grave if grave else by.least):
        return chances
    return (0.0, *(round(p / max(1e-3, sum(others)), 3) for p in others))


class Statuses:
    """What is known of the status of each telling of one document."""

    def __init__(self, drafts: Sequence[Draft], findings: Findings) -> None:
        self.findings, self.drafts = findings, tuple(drafts)
        self._quotes = quoted_ranges(findings.doc)
        self._type_at = {i: d.type for d in self.drafts for i in d.match.tokens}
        day = findings.published or ""
        begins = ((t.start, t.earliest_begin) for t in findings.times if t.earliest_begin and day)
        self._ahead = [start for start, begin in begins if begin > day[: len(begin)]]

    def known(self, draft: Draft) -> dict[str, float]:
        """What is known of a telling, by name: numbers from -4 to 4."""
        word = self.findings.doc[draft.match.head]
        why = next((name for name in _REASONS if draft.status_reason.startswith(name)), "a word")
        known = {f"rules: {draft.status}": 1.0, f"rules: {draft.status}, {why}": 1.0}
        known |= self._to_model(word.i, "")
        known |= _of_word(word) | _of_clause(clause_of(word))
        known |= self._of_telling(draft, word) | self._of_what_is_above(word) | self._of_others(draft)
        return {name: value for name, value in known.items() if value}

    def _to_model(self, token: int, what: str) -> dict[str, float]:
        scores = self.findings.scores
        if scores is None:
            return {}
        found = zip(scores.statuses, scores.status[token].tolist(), strict=True)
        return {f"{what}{status} to the model": odds(p) for status, p in found}

    def _of_telling(self, draft: Draft, word: Token) -> dict[str, float]:
        """Who says it, when it is, who takes part."""
        sentence, time = word.sent, draft.time
        known = {f"in an act of {draft.scopes[0].kind}": 1.0} if draft.scopes else {}
        known |= {
            "counted": float(bool(draft.counts)),
            "in quotes": float(any(start <= word.i < end for start, end in self._quotes)),
            "somebody says it": float(draft.source is not None and not draft.known),
            "taken for granted": float(draft.known),
        }
        return known | {
            "has a day": float(time is not None and time.value is not None),
            "its day lies ahead": float(time is not None and is_future(time, self.findings.published)),
            "a day ahead in the sentence": float(any(sentence.start <= i < sentence.end for i in self._ahead)),
            "first sentence": float(draft.sentence == 0),
            "a question": float(sentence.text.rstrip().endswith("?")),
            "has a doer": float(bool(draft.of("agent"))),
            "befalls somebody": float(bool(draft.of("patient"))),
        }

    def _of_what_is_above(self, word: Token) -> dict[str, float]:
        """The nearest event that a telling hangs on: "was charged with murder", "called for talks"."""
        current = word
        for _ in range(_STEPS):
            if current.head.i == current.i or current.dep_ in ("acl:relcl", "parataxis"):
                return {}
            current = current.head
            kind = self._type_at.get(current.i)
            if kind is not None:
                known = {f"under {name}": 1.0 for name in _ABOVE if self.findings.ontology.is_a(kind, name)}
                return known | {"under another event": 1.0} | self._to_model(current.i, "above: ")
        return {}

    def _of_others(self, draft: Draft) -> dict[str, float]:
        """What rules and model say of other tellings of the type, the more the likelier they are of the same event."""
        scores = self.findings.scores
        others = [d for d in self.drafts if d.key != draft.key and d.type == draft.type]
        if not others or scores is None:
            return {"told once": 1.0}
        likely = [max(_OTHER, scores.one_event(draft.match.head, d.match.head)) for d in others]
        known = dict.fromkeys((f"elsewhere {status}{how}" for status in STATUSES for how in ("", " to the model")), 0.0)
        for p, other in zip(likely, others, strict=True):
            part = p / sum(likely) * max(likely)
            known[f"elsewhere {other.status}"] += part
            for status, q in zip(scores.statuses, scores.status[other.match.head].tolist(), strict=True):
                known[f"elsewhere {status} to the model"] += part * q
        return known


def _of_word(word: Token) -> dict[str, float]:
    """What kind of word tells it, how it stands."""
    determiners = children(word, "det", "nmod:poss", "nummod") if word.pos_ in NOMINALS else []
    return {
        f"tag {word.tag_}": 1.0,
        "definite noun": float(word.pos_ in NOMINALS and is_definite(word)),
        "bare noun": float(word.pos_ in NOMINALS and not determiners),
        "indefinite noun": float(any(c.lower_ in ("a", "an") for c in determiners)),
        "told in the past": float(is_told(word)),
    }


def _of_clause(verb: Token) -> dict[str, float]:
    known = {f"its clause is {verb.tag_}": 1.0}
    known |= {_AUXILIARIES[c.lower_]: 1.0 for c in children(verb, "aux", "aux:pass", "cop") if c.lower_ in _AUXILIARIES}
    to = verb.tag_ == "VB" and any(c.lower_ == "to" for c in children(verb, "mark"))
    return known | {"infinitive": float(to)}
