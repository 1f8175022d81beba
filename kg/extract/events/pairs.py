"""One event or two: two tellings in, the odds that they are of one event out, all that is known of them weighed.

The network's chance, the words, their articles, who takes part, numbers, times, status, where they stand. The weights
(``kg/core/data/reading/pairs.json``) were learned on annotated documents (``python -m training.weigh_pairs``); no type
of event is among them. They hold where the network knows both types: elsewhere rules decide
(``kg.extract.events.same``).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.odds import odds
from kg.extract.syntax.phrases import is_definite
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.language.scores import EventScores

#: The network learned little of two words further apart (sentences).
_REACH = 4
_LATER, _ONE_IN_PLURAL = frozenset(words("later")), frozenset(words("oneInPlural"))
_PLURAL, _SINGULAR = ("NNS", "NNPS"), ("NN", "NNP")
_ROLES = ("agent", "patient")
_STEM = 4  # letters that kindred words of one type begin with
_SLOTS = {"nsubj": "subject", "obj": "object", "obl": "oblique", "conj": "conjunct"}


@dataclass(frozen=True, slots=True)
class PairWeights:
    """What each thing known adds to the odds that two tellings are of one event, and from which mean on they are."""

    weights: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    least: float  # the mean of the odds (natural logarithm) of a telling with those of an event


@cache
def shipped_pair_weights() -> PairWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("pairs.json").read_text("utf-8"))
    return PairWeights(found["weights"], found["least"])


class Pairs:
    """The tellings of one document, two by two."""

    def __init__(self, drafts: Sequence[Draft], findings: Findings, scores: EventScores, by: PairWeights) -> None:
        """Take the drafts in text order, and what the network says of the document that they are of."""
        self.drafts, self.scores, self.by = tuple(drafts), scores, by
        self.doc, self.ontology = findings.doc, findings.ontology
        self._surely_two, self._classes = findings.surely_two, findings.entity_classes
        self._weighed: dict[tuple[int, int], float | None] = {}
        self._number = {d.key: n for n, d in enumerate(self.drafts)}

    def mean(self, draft: Draft, event: Draft) -> float | None:
        """The mean odds (natural logarithm) of a telling with each one of an event; None where that was not learned.

        Rounded, so that no decision hangs on the last digit.
        """
        found = [self._odds(self._number[telling.key], self._number[draft.key]) for telling in event.tellings]
        sure = [value for value in found if value is not None]
        return round(sum(sure) / len(sure), 3) if len(sure) == len(found) else None

    def _odds(self, one: int, other: int) -> float | None:
        first, last = sorted((one, other))
        if (first, last) not in self._weighed:
            known, weights = self.known(first, last), self.by.weights
            self._weighed[first, last] = (
                None
                if known is None
                else weights.get("", 0.0) + sum(weights.get(name, 0.0) * value for name, value in known.items())
            )
        return self._weighed[first, last]

    def known(self, first: int, last: int) -> dict[str, float] | None:
        """What is known of two drafts, by number in text order; None where nothing was learned of their types."""
        a, b = self.drafts[first], self.drafts[last]
        types = self._types(a, b)
        if types is None or not (self.scores.knows(a.type) and self.scores.knows(b.type)):
            return None
        one, other = self.doc[a.match.head], self.doc[b.match.head]
        how = "near" if b.sentence - a.sentence <= _REACH else "far"
        return {
            f"{how} by": 1.0,
            f"one to the model, {how} by": odds(self.scores.one_event(one.i, other.i)),
            "sentences between": math.log1p(b.sentence - a.sentence),
            **types, **_of_words(one, other), **_of_status(a, b), **self._of_roles(a, b),
            "from the first sentence": float(a.sentence == 0),
            "another between": float(any(d.type in (a.type, b.type) for d in self.drafts[first + 1 : last])),
        }  # fmt: skip

    def are_others(self, a: Draft, b: Draft) -> bool:
        """Whether other people or bodies did the one than the other, or were befallen by it; of places nobody knows."""
        return any(
            self._differ(a, b, role)
            and all(self.ontology.is_a(self._classes[e], "Agent") for e in a.of(role) | b.of(role))
            for role in _ROLES
        )

    def is_of_things(self, draft: Draft) -> bool:
        """Whether nobody is among those whom it is told to have been done to."""
        return not any(self.ontology.is_a(self._classes[e], "Agent") for e in draft.of("patient"))

    def _differ(self, a: Draft, b: Draft, role: str) -> bool:
        here, there = a.of(role), b.of(role)
        apart = bool(here and there) and here.isdisjoint(there)
        return apart and all(self._surely_two(x, y) for x in here for y in there)

    def _types(self, a: Draft, b: Draft) -> dict[str, float] | None:
        if a.type == b.type:
            return {}
        if self.ontology.is_a(a.type, b.type):
            return {"later is broader": 1.0}
        if self.ontology.is_a(b.type, a.type):
            return {"earlier is broader": 1.0}
        return None

    def _of_roles(self, a: Draft, b: Draft) -> dict[str, float]:
        """Who takes part, how many, when."""
        known: dict[str, float] = {}
        for role in _ROLES:
            if a.of(role) & b.of(role):
                known[f"{role} shared"] = 1.0
            elif self._differ(a, b, role):
                known[f"{role} surely another"] = 1.0
        for role in {c.role for c in a.counts} & {c.role for c in b.counts}:
            here_, there_ = ({(c.minimum, c.maximum) for c in d.counts if c.role == role} for d in (a, b))
            known["same number" if here_ & there_ else "other number"] = 1.0
        when, then = (d.time.value if d.time is not None else None for d in (a, b))
        if when is not None and then is not None:
            known["same time" if when == then else "other time"] = 1.0
        return known


def _of_words(a: Token, b: Token) -> dict[str, float]:
    one, other = a.lemma_.lower(), b.lemma_.lower()
    noun = b.pos_ in ("NOUN", "PROPN")
    definite, single = noun and is_definite(b), b.tag_ in _SINGULAR or b.lower_ in _ONE_IN_PLURAL
    known = {
        "same word": one == other,
        "kindred word": one != other and len(one) >= _STEM and one[:_STEM] == other[:_STEM],
        "definite noun": definite and single,
        "brings in": noun and introduces(b),
        "bare plural": noun and not definite and b.tag_ in _PLURAL,
        "plural after singular": b.tag_ in _PLURAL and a.tag_ in _SINGULAR,
        "singular after plural": a.tag_ in _PLURAL and b.tag_ in _SINGULAR,
        "same sentence": a.sent.start == b.sent.start,
    }
    for low, high in ((a, b), (b, a)):
        slot = _SLOTS.get(low.dep_.split(":")[0])
        if low.head == high and slot is not None:
            known[f"{slot} of the other"] = True
    return {name: float(so) for name, so in known.items()}


def _of_status(a: Draft, b: Draft) -> dict[str, float]:
    return {"other status": float(a.status != b.status), "both possible": float(a.status == b.status == "possible")}


def introduces(token: Token) -> bool:
    """Whether the words bring in something new: "another attack", "an attack", "two attacks"."""
    return is_another(token) or any(
        c.dep_ == "nummod" or (c.dep_ == "det" and c.lower_ in ("a", "an")) for c in token.children
    )


def is_another(token: Token) -> bool:
    """Whether the words set something apart from what was told: "another attack", "a second blast"."""
    return any(c.dep_ in ("amod", "det") and c.lower_ in _LATER for c in token.children)
