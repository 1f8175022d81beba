"""Where the passage is: for events without a place of their own, the place that any reader fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.frames import preposition

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.extract.drafts import Draft
    from kg.extract.events import Strands

_PLACE_WINDOW = 2  # sentences over which the place of the story is carried on
_LOCAL = ("Violence", "Law", "Disaster", "Movement", "Protest")
_LOCATIVES = frozenset({"in", "at", "near", "outside", "inside", "on", "around", "across", "off"})


def infer_places(drafts: list[Draft], strands: Strands) -> None:
    """Give events without a place of their own the place that any reader fills in.

    In this order: what the event is done to where that is a place, the place of the nearest event in the same
    sentence, a place that the sentence names, the place of the story so far (only for what is told to have happened).
    """
    story: list[str] = []
    since = -99
    for draft in drafts:
        own = sorted(draft.of("place"))
        found, why = own, ""
        if not own and _local(draft, strands):
            found, why = _place_of(draft, drafts, strands)
            if not found and draft.status == "asserted" and draft.sentence - since <= _PLACE_WINDOW:
                found, why = story, "the place of the story"
        if found and not own:
            draft.fillers.extend(("place", e) for e in found)
            strands.log(draft.match.head, f"  place: {why}")
        if found and draft.status == "asserted":
            story, since = found, draft.sentence


def _local(draft: Draft, strands: Strands) -> bool:
    """Whether events of this type happen on the spot: what is said, decided or traded may be told from anywhere."""
    return any(strands.ontology.is_a(draft.type, branch) for branch in _LOCAL)


def _place_of(draft: Draft, drafts: list[Draft], strands: Strands) -> tuple[list[str], str]:
    classes = strands.entity_classes
    patients = [e for r, e in draft.fillers if r == "patient" and strands.ontology.is_a(classes.get(e, ""), "Place")]
    if patients:
        return patients, "what it is done to"
    head = draft.match.head
    near = sorted(
        (
            m
            for d in drafts
            if d is not draft
            for m in (d, *d.members)
            if m.sentence == draft.sentence and m.of("place")
        ),
        key=lambda m: abs(m.match.head - head),
    )
    if near:
        return [e for r, e in near[0].fillers if r == "place"], f"taken from “{near[0].mention.text}”, same sentence"
    named = [t for t in strands.doc[head].sent if _locative(t, strands)]
    if named:
        nearest = min(named, key=lambda t: abs(t.i - head))
        entity = strands.entity_of(nearest.i)
        if entity is not None:
            return [entity], f"“{nearest.text}” in the same sentence"
    return [], ""


def _locative(token: Token, strands: Strands) -> bool:
    """Whether a token heads a place that its sentence says something happens at."""
    found = strands.class_of(token.i)
    if found is None or not strands.ontology.is_a(found, "Place"):
        return False
    return token.dep_ in ("obl", "nmod") and preposition(token) in _LOCATIVES
