"""Where, all weighed: which places are those of an event; drafts in, with their places, out.

Grammar, the passage (``places.py``) and the model give an event places; the article names others: in its sentence, in
the dateline, as the place of the events beside it or of most events. The weights (``kg/core/data/reading/places.json``)
were learned on annotated documents (``python -m training.weigh_places``); no type of event is among them. What an
event's own words say stays, as does what it is done to: the weights only take away what was inferred.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.odds import chance, odds
from kg.extract.story.places import at_once, is_of_speaker, points_back
from kg.extract.syntax.phrases import sentence_numbers
from kg.extract.syntax.slots import preposition
from kg.extract.syntax.tense import clause_of, is_background, is_told
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.extract.entities.mention import EntityMention
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.events.judge import Judge

#: What the model thinks less likely is not weighed for that.
_POSSIBLE = 0.05
#: Nothing was learned of an entity so far away.
_OUT_OF_REACH = 0.01
_LIKELY = 0.5
_BESIDE = 2  # sentences in which the places of other events are looked at
_KINDS = ("country", "settlement", "region", "Facility", "natural", "venue")
_SPHERES = ("scene", "speech", "proceeding", "journey")
_DOING = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl:agent"})
_LOCATIVES = frozenset(words("sceneLocatives"))
_SLOTS = {
    "nsubj": "subject", "nsubj:pass": "subject", "obj": "object", "obl": "oblique", "nmod": "of a noun",
    "nmod:poss": "owner", "compound": "before a noun", "amod": "before a noun", "conj": "one of several",
    "appos": "beside a noun",
}  # fmt: skip

#: What is known of a place tells something else where the event is of some kind, or has no place yet.
_STORY = ("in the first sentence", "share of events", "the most named", "told first")
_BY_KIND = (*_STORY, "of an event beside it", "others given")
_TOGETHER = {
    "is scene": (*_BY_KIND, "another sentence", "given"),
    "is speech": (*_BY_KIND, "another sentence"),
    "is proceeding": (*_BY_KIND, "another sentence", "kind venue"),
}
_SOUGHT = (*_STORY, "the last named before")


@dataclass(frozen=True, slots=True)
class PlaceWeights:
    """What each thing known adds to the odds that an event is at a place, and from which chance on it is said."""

    weights: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    least: float  # the chance from which on a place comes that was not given
    keep: float  # the chance from which on a given one stays


@cache
def shipped_place_weights() -> PlaceWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("places.json").read_text("utf-8"))
    return PlaceWeights(found["weights"], found["least"], found["keep"])


class Wheres:
    """What is known of the places of one document as those of its events."""

    def __init__(self, drafts: Iterable[Draft], findings: Findings, judge: Judge) -> None:
        self.findings, self.judge, self.drafts = findings, judge, tuple(drafts)
        self._sentence = sentence_numbers(findings.doc)
        self._spans = {e: spans for e, spans in findings.spans_of.items() if any(not m.pronoun for m in spans)}
        self._places = [e for e in self._spans if self._is_place(e)]
        self._here: dict[int, list[str]] = {}  # sentence → the places that it names
        for e in self._places:
            for n in sorted({self._sentence[m.head] for m in self._spans[e]}):
                self._here.setdefault(n, []).append(e)
        self._events: dict[int, list[tuple[int, Draft]]] = {}  # sentence → its tellings, each with its event
        for draft in self.drafts:
            for telling in draft.tellings:
                self._events.setdefault(telling.sentence, []).append((telling.match.head, draft))
        self._heads = {h for d in self.drafts for h in d.heads}
        self._held = Counter(e for d in self.drafts for e in d.of("place"))
        self._most = max(self._held.values(), default=0)
        self._opening = self._dateline()
        self._named = Counter({e: sum(m.named for m in self._spans[e]) for e in self._places})
        self._most_named = max(self._named.values(), default=0)
        self._first = min(((m.start, e) for e in self._places for m in self._spans[e]), default=(0, None))[1]

    def _is_place(self, entity: str) -> bool:
        kind = self.findings.entity_classes.get(entity, "Other")
        return self.findings.ontology.fits(kind, ("Place", "venue"))

    def _dateline(self) -> str | None:
        """The place that opens the article."""
        first = [(m.start, e) for e in self._places for m in self._spans[e] if m.named and self._sentence[m.head] == 0]
        start, entity = min(first, default=(1, None))
        doc = self.findings.doc
        return entity if all(t.is_space for t in doc[:start]) else None

    def proposed(self, draft: Draft) -> Iterator[tuple[str, dict[str, float]]]:
        """Each place that an event may be at, with what is known of it by name: numbers of -5 to 5."""
        likely = self.judge.of_role(draft.heads, "place")
        sentences = [self._sentence[h] for h in draft.heads]
        near = {e for n in sentences for e in self._here.get(n, ())}
        near |= {
            e
            for n in sentences
            for k in range(n - _BESIDE, n + _BESIDE + 1)
            for _, other in self._events.get(k, ())
            for e in other.of("place")
        }
        near |= {e for e, count in self._held.items() if count == self._most}
        near |= {e for e, count in self._named.items() if count == self._most_named}
        near |= {e for e in (self._opening, self._first) if e is not None}
        given = draft.of("place")
        for entity in self.findings.spans_of:
            fits = self.findings.ontology.may_fill(
                self.findings.entity_classes.get(entity, "Other"), "place", draft.type
            )
            model = likely.get(entity, 0.0)
            if entity in given or (
                fits
                and ("place", entity) not in draft.excluded
                and ((entity in near and entity in self._spans) or model > _POSSIBLE)
                and not self._is_elsewhere(draft, entity, model)
                and not points_back(entity, self.findings)
            ):
                yield entity, self._known(draft, entity, model)

    def _is_elsewhere(self, draft: Draft, entity: str, model: float) -> bool:
        """Whether the words show that a place which an event was not given is none of it.

        The model is not sure of it, and it is what another phrase is about ("the road to Tolm", "the border with
        Norvia"), it does something or has it done to it ("angered Athens"), or it stands with what the event is about
        ("detained two men over the bombing of a market in Halvard"); or another sentence names it for other events; or
        an adjective says where somebody is from ("a Thai player received a ban"), or it tells of who speaks ("was
        killed in Orl, a doctor at the town's hospital said").
        """
        head, near = self._nearest(draft, self.findings.spans_of[entity])
        if all(m.demonym for m in self.findings.spans_of[entity]):
            return True
        if self._sentence[head] != self._sentence[near.head]:
            return self._is_of_others(draft, entity)
        if near.demonym:
            return True
        doc = self.findings.doc
        place = doc[near.head]
        if is_of_speaker(place, doc[head], self.findings):
            return True
        if model >= _LIKELY:
            return False
        if place.dep_ in _DOING or preposition(place) not in (None, "of", *_LOCATIVES):
            return True
        above = list(place.ancestors)
        between = above[: above.index(doc[head])] if doc[head] in above else above
        return any(t.i in self._heads and t.i not in draft.heads for t in between)

    def _is_of_others(self, draft: Draft, entity: str) -> bool:
        """Whether a place that only other sentences name is none of an event.

        It is told only after it ("Soldiers wounded nine students. Kenya is calm."), it is less than a country and the
        event is somewhere already ("arrested two men in Orl. Six drivers were detained near Besala.") or at law ("A bus
        crashed near Besala. Prosecutors charged the driver."), or all that was there was at another time ("attacked a
        bank in Kirra on Monday. In 2019, robbers killed a cashier.").
        """
        ontology = self.findings.ontology
        if min(m.start for m in self._spans.get(entity, self.findings.spans_of[entity])) > max(draft.heads):
            return True
        within = not ontology.is_a(self.findings.entity_classes.get(entity, "Other"), "country")
        if within and (draft.of("place") or ontology.is_a(draft.type, "atLaw")):
            return True
        there = [d for d in self.drafts if entity in d.of("place")]
        return bool(there) and not any(at_once(draft.time, d.time) for d in there)

    def _known(self, draft: Draft, entity: str, model: float) -> dict[str, float]:
        chances = self.judge.chances(draft, entity)
        told = {f for t in draft.tellings for f in t.told}
        given = ("place", entity) in draft.fillers
        own = ("place", entity) in told
        others = draft.of("place") - {entity}
        known = self._of_event(draft) | self._of_place(entity)
        known["given"] = float(given)
        known["told by grammar"] = float(own)
        known["place to the model"] = odds(model if model > 0 else _OUT_OF_REACH)
        known["given, place to the model"] = float(given) * known["place to the model"]
        known["out of reach"] = float(not chances)
        rival = max((p for r, p in chances.items() if r != "place"), default=_OUT_OF_REACH)
        known["other role to the model"] = odds(rival)
        known["in another role"] = float(any(e == entity and r != "place" for r, e in draft.fillers))
        known["others given"] = min(3.0, len(others))
        known["another told by grammar"] = float(any(r == "place" and e != entity for r, e in told))
        known |= self._of_neighbours(draft, entity)
        known |= self._of_distance(draft, entity)
        known["not given, others given"] = float(not given and bool(others))
        known |= {f"{a}, {b}": known[a] * known.get(b, 0.0) for a, those in _TOGETHER.items() for b in those}
        if not given and not others:
            known |= {"none given": 1.0} | {f"none given, {b}": known.get(b, 0.0) for b in _SOUGHT}
        return known

    def _of_event(self, draft: Draft) -> dict[str, float]:
        word = self.findings.doc[draft.match.head]
        within, scores = self.findings.ontology, self.findings.scores
        known = {f"is {sphere}": float(within.fits(draft.type, (sphere,))) for sphere in _SPHERES}
        told = {
            "status open": float(draft.status in ("possible", "negated")),
            "planned": float(draft.status == "planned"),
            "a noun": float(word.pos_ in ("NOUN", "PROPN")),
            "told as a story": float(is_told(word)),
            "background": float(is_background(clause_of(word))),
            "said by somebody": float(draft.source is not None),
            "several tellings": float(len(draft.members) > 0),
        }
        return (
            known
            | told
            | {
                "event to the model": odds(scores.event(draft.heads)) if scores else 0.0,
                "type to the model": odds(scores.kind(draft.heads, [draft.type])) if scores else 0.0,
            }
        )

    def _of_place(self, entity: str) -> dict[str, float]:
        spans = self.findings.spans_of.get(entity, ())
        kind = self.findings.entity_classes.get(entity, "Other")
        known = {f"kind {name}": float(self.findings.ontology.is_a(kind, name)) for name in _KINDS}
        known |= {
            "has a name": float(any(m.named for m in spans)),
            "only adjectives": float(bool(spans) and all(m.demonym for m in spans)),
            "mentions": math.log1p(len(spans)) / 2,
        }
        return known | {
            "opens the article": float(entity == self._opening),
            "in the first sentence": float(any(self._sentence[m.head] == 0 for m in spans)),
            "the most named": float(self._most_named > 0 and self._named[entity] == self._most_named),
            "told first": float(entity == self._first),
            "share of names": self._named[entity] / max(1, self._named.total()),
            "the only place": float(len(self._places) == 1),
            "share of events": self._held[entity] / max(1, len(self.drafts)),
            "place of most events": float(self._most > 1 and self._held[entity] == self._most),
        }

    def _of_neighbours(self, draft: Draft, entity: str) -> dict[str, float]:
        """Whether the events beside a trigger are told to be there."""
        here, before, after = False, False, False
        for head in draft.heads:
            n = self._sentence[head]
            here |= any(entity in d.of("place") for _, d in self._events.get(n, ()) if d.key != draft.key)
            past = [(h, d) for k in (n - 1, n - 2) for h, d in self._events.get(k, ()) if d.of("place")]
            if past:
                before |= entity in max(past, key=lambda p: p[0])[1].of("place")
            after |= any(entity in d.of("place") for _, d in self._events.get(n + 1, ()))
        return {
            "of an event beside it": float(here),
            "of the event before": float(before),
            "of an event after": float(after),
        }

    def _of_distance(self, draft: Draft, entity: str) -> dict[str, float]:
        """How near the nearest mention is, and how it stands in its sentence."""
        spans, doc = self.findings.spans_of.get(entity, ()), self.findings.doc
        if not spans:
            return {}
        head, near = self._nearest(draft, spans)
        apart = self._sentence[near.head] - self._sentence[head]
        place, word = doc[near.head], doc[head]
        known = {
            "words between": math.log1p(abs(near.head - head)) / 2,
            "another sentence": float(apart != 0),
            "sentences between": min(5.0, abs(apart)) / 2,
            "behind the event": float(near.head > head),
            "adjective is nearest": float(near.demonym),
            "pronoun is nearest": float(near.pronoun),
            "the last named before": float(entity == self._last_before(head)),
        }
        slot = _SLOTS.get(place.dep_, "elsewhere")
        locative = preposition(place) in _LOCATIVES
        known[f"nearest is {slot}"] = 1.0
        known["in or at it"] = float(locative)
        if apart == 0:
            among = [e for e in self._here.get(self._sentence[head], ()) if e != entity]
            between = [m for e in among for m in self._spans[e] if min(head, near.head) < m.head < max(head, near.head)]
            known |= {
                "the only place of the sentence": float(not among),
                "another stands between": float(bool(between)),
                "hangs on the event": float(word in place.ancestors),
                "next above is the event": float(place.head == word),
                "same clause": float(clause_of(place) == clause_of(word)),
                "same clause, in or at it": float(locative and clause_of(place) == clause_of(word)),
                "around a given place": float(self._is_around(draft, near)),
                "opens the sentence": float(near.start - word.sent.start <= 1),
            }
        return known

    def _is_around(self, draft: Draft, near: EntityMention) -> bool:
        """Whether a mention hangs on the mention of a place that the event is given: "a market in Lome"."""
        above, steps = self.findings.doc[near.head], 0
        given = draft.of("place")
        while above.dep_ in ("nmod", "appos", "conj", "flat", "compound") and steps < 4:
            above, steps = above.head, steps + 1
            if self.findings.entity_of(above.i) in given:
                return True
        return False

    def _last_before(self, head: int) -> str | None:
        """The place that was mentioned last before a word."""
        return max(((m.start, e) for e in self._places for m in self._spans[e] if m.start < head), default=(0, None))[1]

    def _nearest(self, draft: Draft, spans: Sequence[EntityMention]) -> tuple[int, EntityMention]:
        return min(
            ((h, m) for h in draft.heads for m in spans),
            key=lambda p: (abs(self._sentence[p[1].head] - self._sentence[p[0]]), abs(p[1].head - p[0]), p[0]),
        )


def weigh_places(drafts: Iterable[Draft], findings: Findings, judge: Judge, by: PlaceWeights) -> tuple[Draft, ...]:
    """Return the events with the places that are likely, all weighed."""
    drafts = tuple(drafts)
    wheres = Wheres(drafts, findings, judge)
    return tuple(_placed(draft, wheres, by) for draft in drafts)


def is_settled(draft: Draft, entity: str) -> bool:
    """Whether the words themselves put an event at a place that it has: by their grammar, or as what it is done to."""
    told = {f for t in draft.tellings for f in t.told}
    return ("place", entity) in draft.fillers and (("place", entity) in told or ("patient", entity) in draft.fillers)


def _placed(draft: Draft, wheres: Wheres, by: PlaceWeights) -> Draft:
    findings, result = wheres.findings, draft
    if findings.scores is None or not findings.scores.knows(draft.type):
        return draft  # of a type that only an ontology brings the model says nothing, neither for a place nor against
    for entity, known in wheres.proposed(draft):
        sure, given = chance(known, by.weights), ("place", entity) in draft.fillers
        if given and sure < by.keep and not is_settled(draft, entity):
            result = result.without("place", entity)
        elif not given and sure >= by.least:
            result = result.filled("place", entity)
        else:
            continue
        what = "place: not" if given else "place:"
        findings.log(draft.match.head, f"  {what} “{findings.names.get(entity, entity)}”, all weighed ({sure:.2f})")
    return result
