"""Where the passage is: for events without a place of their own, the place that any reader fills in.

In this order: what the event is done to where that is a place, the place of what caused it, of the nearest event of the
same sentence and time, a place that the sentence names, the place of the story so far.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.events.drafts import Drafts
from kg.extract.syntax.slots import children, preposition
from kg.extract.syntax.tense import clause_of
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Token

    from kg.core.model import TimeSpan
    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings

_PLACE_WINDOW = 2  # sentences over which the place of the story is carried on
_LOCATIVES = frozenset(words("sceneLocatives"))
_POINTERS = frozenset(words("scenePointers"))
_STAYING = frozenset({"remain", "stay", "reel", "mourn", "brace", "lie"})
_BEFORE_POINTERS = frozenset({"the", "that", "this", "same", "several", "other"})


@dataclass(frozen=True, slots=True)
class _Story:
    """Where the passage is, when, and which sentence told so last."""

    places: Sequence[str]
    time: TimeSpan | None
    sentence: int


def infer_places(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the events without a place of their own with the place that any reader fills in."""
    now = Drafts(drafts)
    story: _Story | None = None
    tellings = [(telling, draft.key) for draft in now.all() for telling in draft.tellings]
    sites: dict[Key, Sequence[str]] = {t.key: t.sites for t, _ in tellings}  # where each puts its event, so far
    beside: dict[int, list[tuple[Draft, Draft]]] = defaultdict(list)  # sentence → its tellings, each with its event
    for telling, key in tellings:
        beside[telling.sentence].append((telling, now[key]))
    settings = _settings(findings)
    for telling, key in sorted(tellings, key=lambda pair: pair[0].match.head):
        draft = now[key]
        told = [n for n in settings if n <= telling.sentence and (story is None or n > story.sentence)]
        if told:
            story = _Story((settings[told[-1]],), None, told[-1])
        scene = findings.ontology.is_a(draft.type, "scene")
        if scene and not draft.of("place"):
            candidates = _candidates(telling, draft, beside[telling.sentence], story, sites, findings)
            found, why = next((found for found in candidates if found[0]), ((), ""))
            sites[telling.key] = found
            now.put(replace(draft, fillers=(*draft.fillers, *(("place", e) for e in found))))
            if found:
                findings.log(draft.match.head, f"  place: {why}")
        lasting = _lasting(sites[telling.key], findings)
        if lasting and scene and draft.status == "asserted":
            story = _Story(lasting, draft.time, telling.sentence)
    return now.all()


def _settings(findings: Findings) -> dict[int, str]:
    """Sentence → the place that it tells the state of, which the next sentences go on from: "Maranda is calm again"."""
    found: dict[int, str] = {}
    for number, sentence in enumerate(findings.doc.sents):
        root = sentence.root
        state = children(root, "cop") if root.pos_ in ("ADJ", "ADP", "NOUN", "ADV") else root.lemma_ in _STAYING
        for subject in children(root, "nsubj") if state else ():
            kind, entity = findings.class_of(subject.i), findings.entity_of(subject.i)
            if kind is not None and entity is not None and findings.ontology.is_a(kind, "GPE"):
                found[number] = entity
    return found


def _candidates(
    telling: Draft,
    draft: Draft,
    beside: Iterable[tuple[Draft, Draft]],
    story: _Story | None,
    sites: Mapping[Key, Sequence[str]],
    findings: Findings,
) -> Iterator[tuple[Sequence[str], str]]:
    """Places that an event may have where it is told, the surest first, and why."""
    ontology, classes = findings.ontology, findings.entity_classes
    done_to = [e for r, e in draft.fillers if r == "patient" and ontology.is_a(classes.get(e, ""), "Place")]
    yield done_to, "what it is done to"
    head = telling.match.head
    local = [(t, d) for t, d in beside if d.key != draft.key and findings.ontology.is_a(d.type, "scene")]
    others = [(t, d) for t, d in local if at_once(draft.time, d.time)]
    nearest = sorted(others, key=lambda pair: abs(pair[0].match.head - head))
    for other, _ in nearest:
        yield _lasting(sites[other.key], findings), f"that of “{other.mention.text}”, same sentence"
    once: dict[Key, tuple[Draft, Draft]] = {}  # what is told of an event elsewhere does not depend on where one asks
    for other, event in nearest:
        once.setdefault(event.key, (other, event))
    for other, event in once.values():  # told to be there elsewhere
        places = (_lasting(sites[t.key], findings) for t in event.tellings)
        yield next(filter(None, places), []), f"that of “{other.mention.text}”, known from elsewhere"
    if draft.status == "planned":
        return
    named = [
        t for t in findings.doc[head].sent if _locative(t, findings) and _tells_of(t, findings.doc[head], findings)
    ]
    if named:
        token = min(named, key=lambda t: abs(t.i - head))
        entity = findings.entity_of(token.i)
        yield (
            [entity] if entity is not None and not points_back(entity, findings) else [],
            f"“{token.text}” in the same sentence",
        )
    if story is None or draft.status != "asserted" or findings.ontology.is_a(draft.type, "journey"):
        return
    if telling.sentence - story.sentence <= _PLACE_WINDOW and at_once(story.time, draft.time):
        yield story.places, "the place of the story"


def at_once(one: TimeSpan | None, other: TimeSpan | None) -> bool:
    """Whether two times may be one: days, months or years that differ may not."""
    if one is None or other is None or isinstance(one.value, tuple) or isinstance(other.value, tuple):
        return True
    return one.value == other.value or None in (one.value, other.value)


def _lasting(sites: Iterable[str], findings: Findings) -> list[str]:
    """Where a telling puts its event, but for words that only point back ("at the scene")."""
    return [e for e in sites if not points_back(e, findings)]


def points_back(entity: str, findings: Findings) -> bool:
    """Whether the words for a place only point back: "at the scene"."""
    return set(findings.names.get(entity, "").lower().split()) <= _POINTERS | _BEFORE_POINTERS


def is_of_speaker(place: Token, event: Token, findings: Findings) -> bool:
    """Whether a place tells of who speaks of an event: "was killed, a doctor at the town's hospital said"."""
    speakers = {scope.speaker for scope in findings.scopes}
    speaker = next((t for t in place.ancestors if t.i in speakers), None)
    return speaker is not None and event not in speaker.subtree


def _tells_of(place: Token, event: Token, findings: Findings) -> bool:
    """Whether a place may be that of an event: not where "and" stands between their clauses, nor of who speaks."""
    if is_of_speaker(place, event, findings):
        return False
    clause, other = clause_of(place), clause_of(event)
    added = (clause.dep_ == "conj" and clause.head.i == other.i) or (other.dep_ == "conj" and other.head.i == clause.i)
    return not added


def _locative(token: Token, findings: Findings) -> bool:
    """Whether a token heads a place that its sentence says something happens at."""
    found = findings.class_of(token.i)
    if found is None or not findings.ontology.is_a(found, "Place"):
        return False
    return token.dep_ in ("obl", "nmod") and preposition(token) in _LOCATIVES
