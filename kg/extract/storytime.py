"""When and where the passage is: time words to their events, and for events without any, the day being told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.dates import UNRESOLVED, Bounds
from kg.extract.frames import carrier, children, preposition
from kg.extract.times import resolve_relative
from kg.model import TimeSpan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc, Token

    from kg.extract.drafts import Draft
    from kg.extract.events import Strands
    from kg.extract.times import TimeMention

_STORY_WINDOW = 6  # sentences over which the day of the story is carried on
_PLACE_WINDOW = 2  # sentences over which the place of the story is carried on
_LOCAL = ("Violence", "Law", "Disaster", "Movement", "Protest")
_LOCATIVES = frozenset({"in", "at", "near", "outside", "inside", "on", "around", "across", "off"})
_APART = frozenset({"after", "before", "following", "since", "until", "till", "from", "ahead of", "because of"})
_SHORT_WINDOW = 4  # for what is said, decided or traded, which need not be of the day
_STORY_GRAINS = ("day", "hour", "minute")
_BACKGROUND = frozenset({"previously", "earlier", "since", "historically", "formerly", "once", "ago"})


def attach_times(drafts: list[Draft], strands: Strands) -> None:
    """Give each event the time words of its own clause; times counted from another event come last."""
    doc = strands.doc
    by_head = {d.match.head: d for d in drafts}
    told = [t for t in strands.times if t.kind in ("point", "range")]
    for time in sorted(told, key=lambda t: t.anchor is not None):
        for head in _events_of(time, doc, by_head):
            draft = by_head[head]
            if draft.time is None:
                draft.time = _span(time, _bounds(time, by_head), strands)
                strands.log(head, f"  time: “{time.text}” stands with it")
                if draft.status == "asserted" and _is_future(draft.time, strands.published):
                    draft.status, draft.status_reason = "planned", "its time lies ahead"
                    strands.log(head, "  planned: its time lies after the article's date")


def _is_future(time: TimeSpan, published: str | None) -> bool:
    """Whether a time begins after the article was published; dates compare at the coarser grain of the two."""
    begin = time.earliest_begin
    return published is not None and begin is not None and begin > published[: len(begin)]


def _bounds(time: TimeMention, by_head: Mapping[int, Draft]) -> Bounds:
    """The bounds of a time expression, counted from the event that it names where it names one."""
    anchor = time.anchor
    if anchor is None or time.value is not None or anchor.head is None or anchor.head not in by_head:
        return time.bounds
    base = by_head[anchor.head].time
    if base is None:
        return time.bounds
    return resolve_relative(
        anchor, Bounds(base.earliest_begin, base.latest_begin, base.earliest_end, base.latest_end, base.grain)
    )


def _span(time: TimeMention, bounds: Bounds, strands: Strands) -> TimeSpan:
    """The time span of an expression; one that ends before it begins ("since 2014", told in 2010) is unresolved."""
    begin, end = bounds.earliest_begin or bounds.latest_begin, bounds.latest_end or bounds.earliest_end
    if begin and end and begin[: len(end)] > end[: len(begin)]:
        bounds = UNRESOLVED
    return TimeSpan(
        "",
        strands.mention(time.start, time.end),
        bounds.earliest_begin,
        bounds.latest_begin,
        bounds.earliest_end,
        bounds.latest_end,
        bounds.grain,
    )


def _events_of(time: TimeMention, doc: Doc, by_head: Mapping[int, Draft]) -> list[int]:
    """The triggers whose clause a time expression stands in."""
    token: Token = doc[time.governor] if time.governor is not None else doc[time.start : time.end].root
    for _ in range(6):
        if token.i in by_head:
            subjects = [c.i for c in children(token, "nsubj", "nsubj:pass") if c.i in by_head]  # "the quake struck"
            return [token.i, *subjects, *_sharing(token, by_head)]
        if token.pos_ in ("VERB", "AUX"):
            return _carried_by(token, by_head)
        if token.head.i == token.i:
            break
        token = token.head
    return []


def _sharing(verb: Token, by_head: Mapping[int, Draft]) -> list[int]:
    """Further predicates of the same clause: conjuncts to the right, open complements, participles."""
    found: list[int] = []
    for child in verb.children:
        if child.dep_ in ("conj", "xcomp", "advcl") and child.i in by_head and child.i > verb.i:
            if child.dep_ == "advcl" and child.tag_ not in ("VBG", "VBN"):
                continue
            found.append(child.i)
    return found


def _carried_by(verb: Token, by_head: Mapping[int, Draft]) -> list[int]:
    """Event nouns that a verb without event of its own carries ("talks were held on Monday")."""
    found = [h for h in by_head if h != verb.i and carrier(verb.doc[h]) == verb]
    found.extend(h for h in _sharing(verb, by_head) if h not in found)
    return found


def infer_times(drafts: list[Draft], strands: Strands) -> None:
    """Give asserted events without time words the day that their passage is telling.

    First the day that another event of the same sentence has, then the day of the story so far.
    """
    story: TimeSpan | None = None
    since = -99
    for draft in drafts:
        if draft.time is not None:
            if (
                draft.status == "asserted"
                and draft.time.grain in _STORY_GRAINS
                and not _subordinate(draft, strands.doc)
            ):
                story, since = draft.time, draft.sentence
            continue
        if draft.status != "asserted" or _is_background(draft, strands.doc):
            continue
        beside = [
            d.time
            for d in drafts
            if d.sentence == draft.sentence and d.time is not None and d.time.grain in _STORY_GRAINS
        ]
        window = _STORY_WINDOW if _local(draft, strands) else _SHORT_WINDOW
        told = beside[0] if beside else story if draft.sentence - since <= window else None
        if told is not None:
            draft.time = replace(told, mention=None, evidence=told.mention or told.evidence, inferred=True)
            strands.log(draft.match.head, f"  time: {draft.time.value} inferred from the passage")


def _subordinate(draft: Draft, doc: Doc) -> bool:
    """Whether an event stands in a clause that only dates or explains another one ("four days after they seized …")."""
    return doc[draft.match.head].dep_ in ("advcl", "acl:relcl")


def _is_background(draft: Draft, doc: Doc) -> bool:
    """Perfect tenses, words like "previously" or "after" take an event out of the day being told."""
    token = doc[draft.match.head]
    if (
        token.dep_ == "amod"
        or preposition(token) in _APART
        or any(c.dep_ == "mark" and c.lower_ in _APART for c in token.children)
    ):
        return True  # "after a siege": of another time than what is told beside it
    verb = token if token.pos_ in ("VERB", "AUX") else carrier(token)
    if verb is None:
        return False
    for child in verb.children:
        if child.dep_ in ("aux", "aux:pass") and child.lower_ in ("has", "have", "'ve", "had"):
            return True
        if child.dep_ == "advmod" and child.lower_ in _BACKGROUND:
            return True
    return False


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
