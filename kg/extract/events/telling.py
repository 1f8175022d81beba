"""Which words tell an event, and of which type: what lexicon, network and article say of each word and type, by name.

Candidates are the types under which the lexicon lists a word, those that it lists as possible, and those that the
network thinks likely. What is known of each is weighed (``kg/core/data/reading/triggers.json``, numbers by name,
learned on annotated documents: ``python -m training.weigh_triggers``). Nothing in it knows a type of event: one that
only a user's Turtle has is weighed by the same things. Where the network has not learned a type, weights of their own
leave out what it says of types.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.odds import odds
from kg.extract.grammar.triggers import TriggerMatch
from kg.ontology.values import Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from spacy.tokens import Doc, Token

    from kg.extract.grammar.triggers import Found, Listed, TriggerFinder
    from kg.extract.language.scores import EventScores

#: A word in which the network sees less of any event, or of a type, is proposed for none but the lexicon's.
POSSIBLE, POSSIBLE_TYPE = 0.1, 0.03
#: What only a network tells that has learned the type.
OF_TYPE = ("type to the network", "its share", "likeliest type", "ahead", "type in the article", "type elsewhere")
_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}
_OBJECTS = ("object", "subject:pass", "indirect-object")


@dataclass(frozen=True, slots=True)
class TriggerWeights:
    """What each thing known adds to the odds that a word tells an event of a type, and from which chance on it does."""

    learned: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    unlearned: Mapping[str, float]  # the same of types that the network has not learned
    least: float  # of a word for which it gives none, and lists the type as possible or under other conditions
    other: float  # of a word that it does not list, and of a grave act that it does not give
    instead: float  # of another type than it gives

    def of(self, kind: str, scores: EventScores) -> Mapping[str, float]:
        """The weights for a type, by whether the network has learned it."""
        return self.learned if scores.knows(kind) else self.unlearned


@cache
def shipped_trigger_weights() -> TriggerWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("triggers.json").read_text("utf-8"))
    return TriggerWeights(**found)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word or phrase, a type that it may tell an event of, and what is known of that by name: numbers of -8 to 8."""

    match: TriggerMatch
    known: Mapping[str, float]


class Telling:
    """What is known of the words of one document as triggers.

    Args:
        doc: the document.
        finder: finds what the lexicon lists.
        scores: what the network says of its words.
        found: the lexicon's triggers by head token.

    """

    def __init__(self, doc: Doc, finder: TriggerFinder, scores: EventScores, found: Found) -> None:
        self.doc, self.finder, self.scores, self.found = doc, finder, scores, found
        self._types = finder.ontology.event_types
        self._column = {name: k for k, name in enumerate(scores.types) if name in self._types}
        self._above = {name: set(self._types[name].types[:-1]) for name in self._column}
        self._event = 1 - scores.kinds[:, 0]
        self._inside = {i for ms in found.values() for m in ms for i in m.tokens if i != m.head}
        self._like: dict[str, list[int]] = defaultdict(list)
        for token in doc:
            if token.pos_ in _POS:
                self._like[token.lemma_.lower()].append(token.i)

    @cached_property
    def _told(self) -> NDArray[np.float32]:
        """How many words tell an event of each type, by the network's chances."""
        told: NDArray[np.float32] = self.scores.kinds.sum(0)
        return told

    def proposed(self, token: Token) -> list[Candidate]:
        """Each type that a word may tell an event of."""
        pos = _POS.get(token.pos_)
        listed = [one for one in self.finder.listed(token) if not self.finder.nonevents.issuperset(one.tokens)]
        event = float(self._event[token.i])
        if token.i in self.finder.nonevents or (event < POSSIBLE and token.i not in self.found):
            listed = [one for one in listed if token.i in self.found]
        types = dict.fromkeys(one.trigger.type for one in listed)
        possible = self.finder.ontology.possible.get((token.lemma_.lower(), pos), ()) if pos else ()
        by_name = token.pos_ == "PROPN" and bool(token.ent_type_)
        if event >= POSSIBLE and pos and not by_name and token.i not in self.finder.nonevents:
            row = self.scores.kinds[token.i]
            types |= dict.fromkeys(name for name, k in self._column.items() if row[k] >= POSSIBLE_TYPE)
            types |= dict.fromkeys(possible)
        if not types:
            return []
        of_word = self._of_word(token)
        return [self._candidate(token, kind, listed, possible, of_word) for kind in types]

    def unlearned(self, candidate: Candidate) -> Candidate:
        """The same as if the network had not learned the type: what it thinks to be of it were no event to it."""
        of_network = self._of_network(candidate.match, candidate.match.type, hidden=True)
        return Candidate(candidate.match, {n: v for n, v in candidate.known.items() if n not in OF_TYPE} | of_network)

    def _candidate(
        self, token: Token, kind: str, listed: list[Listed], possible: tuple[str, ...], of_word: dict[str, float]
    ) -> Candidate:
        given = next((m for m in self.found.get(token.i, ()) if m.type == kind), None)
        mine = [one for one in listed if one.trigger.type == kind]
        held = [one for one in mine if one.holds]
        if given is not None:
            match, fit = given, self.finder.fit(token, kind, given.trigger.pos, given.trigger.slots)
        else:
            pos = _POS.get(token.pos_) or "noun"
            best = max(held or mine, key=lambda one: (one.holds, one.trigger.weight + one.fit), default=None)
            trigger = best.trigger if best else Trigger((token.lemma_.lower(),), pos, kind)
            tokens = best.tokens if best and best.holds else (token.i,)
            if not (best and best.holds):
                trigger = Trigger((token.lemma_.lower(),), pos, kind)
            fit = best.fit if best else self.finder.fit(token, kind, pos)
            match = TriggerMatch(token.i, tokens, kind, trigger, self.finder.arguments_of(token), 0.0, not held)
        known = dict(of_word)
        known |= self._of_lexicon(kind, given, mine, listed, possible)
        known |= self._of_network(match, kind)
        known["participants fit"] = max(0.0, fit)
        known["participants do not fit"] = max(0.0, -fit)
        return Candidate(match, known)

    # -- what is known -------------------------------------------------------------------------------------------------

    def _of_lexicon(
        self, kind: str, given: TriggerMatch | None, mine: list[Listed], listed: list[Listed], possible: tuple[str, ...]
    ) -> dict[str, float]:
        held = [one.trigger for one in mine if one.holds]
        others = [one.trigger for one in listed if one.trigger.type != kind and one.holds]
        open_ = [one.trigger for one in listed if one.trigger.type != kind and not one.holds]
        plain, exact = (any(_is_plain(t) for t in some) for some in (held, others))
        of_it = {
            "listed plainly": float(plain),
            "its conditions hold": float(any(t.when and not t.others for t in held)),
            "a phrase of it": float(any(t.others for t in held)),
            "in doubt": max(0.0, 1 - max((t.weight for t in held), default=1.0)),
            "its conditions do not hold": float(bool(mine) and not held),
            "the lexicon's choice": float(given is not None),
            "possible": float(kind in possible and not mine),
        }
        of_others = {
            "another listed plainly": float(exact),
            "conditions of another hold": float(any(t.when and not t.others for t in others)),
            "a phrase of another": float(any(t.others for t in others)),
            "conditions of another do not hold": float(bool(open_) and not held),
            "another possible": float(bool(possible) and kind not in possible and not mine),
            "in no lexicon": float(not listed and not possible),
        }
        known = of_it | of_others
        return {name: value for name, value in known.items() if value}

    def _of_network(self, match: TriggerMatch, kind: str, *, hidden: bool = False) -> dict[str, float]:
        """What the network says; of a type that it has not learned, or that is ``hidden`` from it, only of others."""
        column, kinds = self._column.get(kind), self.scores.kinds[list(match.tokens)]
        nothing = kinds[:, 0] + kinds[:, column] if hidden and column is not None else kinds[:, 0]
        event = max(1e-6, float(1 - nothing.min()))
        row = kinds[int(nothing.argmin())].tolist()
        above = set(self._types[kind].types[1:-1])
        kin = sum(row[k] for name, k in self._column.items() if name != kind and above & self._above[name])
        rival = max((row[k] for name, k in self._column.items() if name != kind), default=0.0)
        known = {"event to the network": odds(event), "of its kind": kin / event}
        known["another type to the network"] = odds(rival)
        alike = [i for i in self._like[self.doc[match.head].lemma_.lower()] if i not in match.tokens]
        elsewhere = self.scores.kinds[alike] if alike else None
        if elsewhere is not None:
            seen = float(self._event[alike].mean())
            if hidden and column is not None:
                seen -= float(elsewhere[:, column].mean())
            known |= {"same word elsewhere": 1.0, "event elsewhere": odds(seen)}
        if hidden or column is None:
            return known
        mine = row[column]
        known["type to the network"] = odds(mine)
        known["its share"] = mine / event
        known["likeliest type"] = float(mine >= rival)
        known["ahead"] = odds(mine / max(1e-6, mine + rival))
        known["type in the article"] = math.log1p(float(self._told[column]) - mine)
        if elsewhere is not None:
            known["type elsewhere"] = odds(float(elsewhere[:, column].mean()))
        return known

    def _of_word(self, token: Token) -> dict[str, float]:
        known = _of_form(token) | _of_clause(token) | self._of_arguments(token)
        return {name: value for name, value in known.items() if value}

    def _of_arguments(self, token: Token) -> dict[str, float]:
        slots = [a.slot for a in self.finder.arguments_of(token)]
        return {
            "of a light verb": float(any(s.startswith("light:") for s in slots)),
            "with a subject": float("subject" in slots or "by" in slots),
            "with an object": float(any(s in slots for s in _OBJECTS)),
            "with arguments": math.log1p(len(slots)),
            "inside a phrase": float(token.i in self._inside),
            "open to the network": float(1 - self.scores.status[token.i, 0]),
        }


def _of_form(token: Token) -> dict[str, float]:
    """What a word's form and determiner say."""
    small = {c.lower_ for c in token.children if c.dep_ in ("det", "nmod:poss", "case")}
    known = {
        f"a {_POS.get(token.pos_, 'word')}": 1.0,
        "a proper noun": float(token.pos_ == "PROPN"),
        "in a name": float(bool(token.ent_type_)),
        "many": float(token.tag_ in ("NNS", "NNPS")),
        "without determiner": float(token.pos_ == "NOUN" and not small),
        "indefinite": float(not small.isdisjoint(("a", "an", "any", "no"))),
    }
    return known | {
        "-ing": float(token.tag_ == "VBG"),
        "infinitive": float(token.tag_ == "VB"),
        "present": float(token.tag_ in ("VBZ", "VBP")),
    }


def _of_clause(token: Token) -> dict[str, float]:
    """What a word's place in its clause says."""
    known = {
        "before a noun": float(token.dep_ == "compound"),
        "an attribute": float(token.dep_ == "amod"),
        "one of several": float(token.dep_ == "conj"),
        "subject of a clause": float(token.dep_.startswith("nsubj")),
        "object of a verb": float(token.dep_ == "obj"),
    }
    return known | {
        "in an oblique": float(token.dep_ == "obl"),
        "of a noun": float(token.dep_ == "nmod"),
        "in a clause beside": float(token.dep_ in ("advcl", "acl")),
        "in a relative clause": float(token.dep_ == "acl:relcl"),
    }


def _is_plain(trigger: Trigger) -> bool:
    return not (trigger.others or trigger.when)
