"""How likely two accounts are of one happening: what speaks for it and against it, weighed.

``evidence`` measures, ``score`` weighs. The weights stand in ``kg/core/data/stories/weights.json``, one a line,
learned by ``training/stories.py`` from news whose events people have joined by hand (ECB+, its training topics).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp
from typing import Literal

from kg.linking.names import near
from kg.pipeline.stories.accounts import Account, Figure, Text
from kg.pipeline.stories.wording import WordTable, likeness

_SAME_WORD, _TWO_WORDS = 0.6, 0.1  # the usual share of pairs of one matter that are one
_TRUST = 5  # pairs: as many as this count as much as what is usual
_PREFIX, _SPELT = 5, 0.93  # letters in common; Jaro-Winkler
ONE_MATTER = 0.2
"""The likeness of two articles from which on they are taken to write about one matter."""
_AKIN = 0.25  # of words: farther ones tell of one happening only where their classes meet

Evidence = Mapping[str, float]
"""What was measured on a pair, from 0 to 1 each (words' meaning: from -5 to 5 or so), by the names of the weights; what
is not there is 0.
"""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each measure, the constant, from which score on accounts are joined, or shown; see ``joining``.

    Of accounts that are joined, the links from ``accepted`` on are taken to be right by themselves, those with grounds
    from ``grounded`` and ``dated`` on; the rest wait.
    """

    weight: Mapping[str, float]
    constant: float
    joined: float
    accepted: float
    shown: float
    power: float
    grounded: float = 1.01
    dated: float = 1.01


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights."""
    said = json.loads(resources.files("kg.core.data.stories").joinpath("weights.json").read_text("utf-8"))
    return Weights(
        said["weights"],
        said["constant"],
        said["joined"],
        said["accepted"],
        said["shown"],
        said["power"],
        said["grounded"],
        said["dated"],
    )


def score(measured: Evidence, by: Weights) -> float:
    """The chance that a pair is of one happening, from 0 to 1."""
    total = by.constant + sum(by.weight.get(name, 0.0) * value for name, value in measured.items())
    return 1.0 / (1.0 + exp(-max(min(total, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of whole articles: their words; and of pairs of words how often they told of one."""

    texts: Mapping[str, Text]
    shares: Mapping[Words, tuple[int, int]]


Words = tuple[str, str]
"""Two stems in their order, or one twice."""


@lru_cache(maxsize=1)
def known_shares() -> Mapping[Words, tuple[int, int]]:
    """How many pairs of accounts of one matter told by these words were one in the news learned from, of how many."""
    text = resources.files("kg.core.data.stories").joinpath("shares.txt").read_text("utf-8")
    rows = (line.split() for line in text.splitlines())
    return {(one, other): (int(joined), int(number)) for one, other, joined, number in rows}


def words_of_pair(one: Account, other: Account) -> set[Words]:
    """The pairs of stems by which two accounts may be told alike; of words in common only these."""
    if both := one.trigger & other.trigger:
        return {(word, word) for word in both}
    return {(a, b) if a < b else (b, a) for a in one.trigger for b in other.trigger}


def share(one: Account, other: Account, shares: Mapping[Words, tuple[int, int]]) -> float:
    """How often what is told by these words was one, from 0 to 1; near to what is usual where little is known."""
    pairs = words_of_pair(one, other)
    usual = _SAME_WORD if one.trigger & other.trigger else _TWO_WORDS
    counts = [shares.get(pair, (0, 0)) for pair in pairs]
    return max(((joined + _TRUST * usual) / (number + _TRUST) for joined, number in counts), default=usual)


def evidence(one: Account, other: Account, background: Background, table: WordTable) -> dict[str, float]:
    """What speaks for and against two accounts being of one happening; the same in either order."""
    found: dict[str, float] = {}
    same = bool(one.trigger & other.trigger)
    words = max(map(table.rare, one.trigger & other.trigger if same else one.trigger | other.trigger), default=0.0)
    kin = 1.0 if same else alike(one, other, table)
    found["same word"] = float(same)
    found["this word's share" if same else "these words' share"] = share(one, other, background.shares)
    found["one word's rarity" if same else "two words' rarity"] = words
    if not same:
        found["words akin"] = max(kin - 0.25, 0.0)
        found["words near"] = max(kin - 0.55, 0.0)
        found["words spelt alike"] = float(_spelt_alike(one, other))
        found["words' meaning"] = table.meant(one.trigger, other.trigger)
    first, second = background.texts[one.article], background.texts[other.article]
    article = 1.0 if one.article == other.article else likeness(first.words, second.words)
    measures = {
        "one matter": float(article >= ONE_MATTER),
        "article": article,
        **{f"article above {step}": max(article - step, 0.0) for step in (0.1, 0.2, 0.35)},
        "sentence": likeness(one.sentence, other.sentence),
        "words beside": likeness(one.near, other.near),
        "names": likeness(one.name_bag, other.name_bag),
        "names of articles": 1.0 if one.article == other.article else likeness(first.names, second.names),
    }
    found |= measures
    found |= {f"{name}, same word": value for name, value in measures.items() if same}
    if not same:
        found |= {f"{name}, words akin": value * max(kin, 0.0) for name, value in measures.items()}
    found["one article"] = float(one.article == other.article)
    found["one article, same word"] = float(same and one.article == other.article)
    found["one sentence"] = float(one.article == other.article and one.place_in_text[0] == other.place_in_text[0])
    found |= _types(one, other)
    found |= _who(one, other)
    if one.names and other.names and not one.names & other.names:
        found["names differ"] = 1.0
    if one.begin and other.begin:
        apart = one.begin > (other.end or "9") or other.begin > (one.end or "9")
        found["days differ" if apart else "days meet"] = 1.0
    if one.status != other.status:
        found["certainty differs"] = 1.0
    if one.figures and other.figures:
        found["figures meet" if _figures_meet(one.figures, other.figures) else "figures differ"] = 1.0
    return {name: value for name, value in found.items() if value}


Grounds = Literal["", "grounded", "dated"]
"""How much of day, place and people is known to be the same: too little; a day or place, and people, of what is told by
one word; all three.
"""

_DIFFER = (
    "days differ",
    "named place differs",
    "named patient differs",
    "named agent differs",
    "types differ",
    "other people",
)


def grounds(measured: Evidence) -> Grounds:
    """Whether day or place, and who did it or to whom, are known to be the same, and none is known to differ.

    "A found dead" and "B killed" are often two of one matter, whose people are called alike: two words need all three.
    """
    day, place = "days meet" in measured, "place shared" in measured
    people = "patient shared" in measured or "agent shared" in measured
    if not people or not (day or place) or any(name in measured for name in _DIFFER):
        return ""
    if day and place:
        return "dated"
    return "grounded" if "same word" in measured else ""


def accepted_from(measured: Evidence, by: Weights) -> float:
    """From which score on a link of a group is taken to be right by itself."""
    return {"": by.accepted, "grounded": by.grounded, "dated": by.dated}[grounds(measured)]


def alike(one: Account, other: Account, table: WordTable) -> float:
    """How near the nearest two words are by which two accounts tell their events."""
    return table.nearness(one.trigger, other.trigger)


def comparable(one: Account, other: Account, table: WordTable) -> bool:
    """Whether two accounts may be of one happening at all, by their words and classes."""
    if one.trigger & other.trigger or one.type in other.kinds or other.type in one.kinds:
        return True
    return alike(one, other, table) >= _AKIN or _spelt_alike(one, other)


def _spelt_alike(one: Account, other: Account) -> bool:
    """Whether two words are forms of one or misspelt: "nominee" and "nomination", "arest" and "arrest"."""
    return any(
        a[:_PREFIX] == b[:_PREFIX] or near(a, b) >= _SPELT
        for a in one.trigger
        for b in other.trigger
        if len(a) >= _PREFIX and len(b) >= _PREFIX
    )


def _types(one: Account, other: Account) -> dict[str, float]:
    if not one.type or not other.type:
        return {"type not known": 1.0}
    if one.type == other.type:
        return {"same type": 1.0}
    if one.type in other.kinds or other.type in one.kinds:
        return {"one type above the other": 1.0}
    return {"types differ": 1.0}


def _who(one: Account, other: Account) -> dict[str, float]:
    found = {}
    for role in ("agent", "patient", "place"):
        here, there = one.who.get(role, frozenset()), other.who.get(role, frozenset())
        if here & there:
            found[f"{role} shared"] = 1.0
        elif one.named.get(role) and other.named.get(role):
            found[f"named {role} differs"] = 1.0
        elif here and there:
            found[f"{role} differs"] = 1.0
    if one.people and other.people and not _same_people(one, other):
        found["other people"] = 1.0
    if _one_and_many(one, other) or _one_and_many(other, one):
        found["one patient and many"] = 1.0
    return found


def _same_people(one: Account, other: Account) -> bool:
    """Whether those to whom it was done may be the same: one part of a name in common, or written nearly alike."""
    return any(a == b or near(a, b) >= _SPELT for a in one.people for b in other.people)


def _one_and_many(one: Account, other: Account) -> bool:
    """Whether one tells of somebody by name and the other of a number: "killed Peter Sand", "killing nine people"."""
    many = any(figure.role == "patient" and (figure.least or 0) > 1 for figure in other.figures)
    return many and bool(one.named.get("patient")) and not one.figures and not other.named.get("patient")


def _figures_meet(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    """Whether no two figures of one role exclude each other."""
    return all(
        (a.most is None or b.least is None or a.most >= b.least)
        and (b.most is None or a.least is None or b.most >= a.least)
        for a in one
        for b in other
        if a.role == b.role
    )
