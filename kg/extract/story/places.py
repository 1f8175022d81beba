"""Where the passage is: for events without a place of their own, the place that any reader fills in.

In this order: what the event is done to where that is a place, the place of what caused it, of the nearest event of the
same sentence and time, a place that the sentence names, the place of the story so far.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.syntax.slots import preposition
from kg.extract.syntax.tense import clause_of
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.core.model import TimeSpan
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_PLACE_WINDOW = 2  # sentences over which the place of the story is carried on
_LOCATIVES = frozenset(words("sceneLocatives"))
_POINTERS = frozenset(words("scenePointers"))
_BEFORE_POINTERS = frozenset({"the", "that", "this", "same", "several", "other"})


@dataclass(slots=True)
class _Story:
    """Where the passage is, when, and which sentence told so last."""

    places: list[str]
    time: TimeSpan | None
    sentence: int


def infer_places(drafts: list[Draft], findings: Findings) -> None:
    """Give events without a place of their own the place that any reader fills in."""
    story: _Story | None = None
    tellings = [(telling, draft) for draft in drafts for telling in (draft, *draft.members)]
    beside: dict[int, list[tuple[Draft, Draft]]] = defaultdict(list)  # sentence → its tellings, each with its event
    for telling, draft in tellings:
        beside[telling.sentence].append((telling, draft))
    for telling, draft in sorted(tellings, key=lambda pair: pair[0].match.head):
        if not draft.of("place") and findings.ontology.is_a(draft.type, "scene"):
            candidates = _candidates(telling, draft, beside[telling.sentence], story, findings)
            telling.sites, why = next((found for found in candidates if found[0]), ([], ""))
            draft.fillers.extend(("place", e) for e in telling.sites)
            if telling.sites:
                findings.log(draft.match.head, f"  place: {why}")
        sites = _lasting(telling, findings)
        if sites and draft.status == "asserted" and findings.ontology.is_a(draft.type, "scene"):
            story = _Story(sites, draft.time, telling.sentence)


def _candidates(
    telling: Draft, draft: Draft, beside: list[tuple[Draft, Draft]], story: _Story | None, findings: Findings
) -> Iterator[tuple[list[str], str]]:
    """Places that an event may have where it is told, the surest first, and why."""
    ontology, classes = findings.ontology, findings.entity_classes
    done_to = [e for r, e in draft.fillers if r == "patient" and ontology.is_a(classes.get(e, ""), "Place")]
    yield done_to, "what it is done to"
    head = telling.match.head
    local = [(t, d) for t, d in beside if d is not draft and findings.ontology.is_a(d.type, "scene")]
    others = [(t, d) for t, d in local if _at_once(draft.time, d.time)]
    nearest = sorted(others, key=lambda pair: abs(pair[0].match.head - head))
    for other, _ in nearest:
        yield _lasting(other, findings), f"that of “{other.mention.text}”, same sentence"
    for other, event in nearest:  # told to be there elsewhere
        sites = (_lasting(t, findings) for t in (event, *event.members))
        yield next(filter(None, sites), []), f"that of “{other.mention.text}”, known from elsewhere"
    if draft.status == "planned":
        return
    named = [t for t in findings.doc[head].sent if _locative(t, findings) and _tells_of(t, findings.doc[head])]
    if named:
        token = min(named, key=lambda t: abs(t.i - head))
        entity = findings.entity_of(token.i)
        yield (
            [entity] if entity is not None and not _points_back(entity, findings) else [],
            f"“{token.text}” in the same sentence",
        )
    if story is None or draft.status != "asserted" or findings.ontology.is_a(draft.type, "journey"):
        return
    if telling.sentence - story.sentence <= _PLACE_WINDOW and _at_once(story.time, draft.time):
        yield story.places, "the place of the story"


def _at_once(one: TimeSpan | None, other: TimeSpan | None) -> bool:
    """Whether two times may be one: days, months or years that differ may not."""
    if one is None or other is None or isinstance(one.value, tuple) or isinstance(other.value, tuple):
        return True
    return one.value == other.value or None in (one.value, other.value)


def _lasting(telling: Draft, findings: Findings) -> list[str]:
    """Where a telling puts its event, but for words that only point back ("at the scene")."""
    return [e for e in telling.sites if not _points_back(e, findings)]


def _points_back(entity: str, findings: Findings) -> bool:
    return set(findings.names.get(entity, "").lower().split()) <= _POINTERS | _BEFORE_POINTERS


def _tells_of(place: Token, event: Token) -> bool:
    """Whether a place may be that of an event: not where "and" stands between their clauses."""
    clause, other = clause_of(place), clause_of(event)
    added = (clause.dep_ == "conj" and clause.head.i == other.i) or (other.dep_ == "conj" and other.head.i == clause.i)
    return not added


def _locative(token: Token, findings: Findings) -> bool:
    """Whether a token heads a place that its sentence says something happens at."""
    found = findings.class_of(token.i)
    if found is None or not findings.ontology.is_a(found, "Place"):
        return False
    return token.dep_ in ("obl", "nmod") and preposition(token) in _LOCATIVES
