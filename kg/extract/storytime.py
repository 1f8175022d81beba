"""When and where the passage is: time words to their events, and for events without any, the day being told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.frames import carrier
from kg.model import TimeSpan

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.extract.drafts import Draft
    from kg.extract.events import Strands
    from kg.extract.times import TimeMention

_STORY_WINDOW = 4  # sentences over which the day of the story is carried on
_BACKGROUND = frozenset({"previously", "earlier", "since", "historically", "formerly", "once", "ago"})


def attach_times(drafts: list[Draft], strands: Strands) -> None:
    """Give each event the time words of its own clause."""
    doc = strands.doc
    by_head = {d.match.head: d for d in drafts}
    for time in strands.times:
        if time.kind not in ("point", "range"):
            continue
        for head in _events_of(time, doc, by_head):
            draft = by_head[head]
            if draft.time is None:
                draft.time = _span(time, strands, by_head)
                strands.log(head, f"  time: “{time.text}” stands with it")


def _span(time: TimeMention, strands: Strands, by_head: dict[int, Draft]) -> TimeSpan:
    mention = strands.mention(time.start, time.end)
    return TimeSpan(
        "",
        mention,
        time.earliest_begin,
        time.latest_begin,
        time.earliest_end,
        time.latest_end,
        time.grain,
    )


def _events_of(time: TimeMention, doc: Doc, by_head: dict[int, Draft]) -> list[int]:
    """The triggers whose clause a time expression stands in."""
    root = doc[time.start : time.end].root
    token: Token = root
    for _ in range(6):
        if token.i in by_head and token.i != root.i:
            return [token.i, *_sharing(token, by_head)]
        if token.pos_ in ("VERB", "AUX") and token.i != root.i:
            return _carried_by(token, by_head)
        if token.head.i == token.i:
            break
        token = token.head
    return []


def _sharing(verb: Token, by_head: dict[int, Draft]) -> list[int]:
    """Further predicates of the same clause: conjuncts to the right, open complements, participles."""
    found: list[int] = []
    for child in verb.children:
        if child.dep_ in ("conj", "xcomp", "advcl") and child.i in by_head and child.i > verb.i:
            if child.dep_ == "advcl" and child.tag_ not in ("VBG", "VBN"):
                continue
            found.append(child.i)
    return found


def _carried_by(verb: Token, by_head: dict[int, Draft]) -> list[int]:
    """Event nouns that a verb without event of its own carries ("talks were held on Monday")."""
    found = [h for h in by_head if h != verb.i and carrier(verb.doc[h]) is verb]
    found.extend(h for h in _sharing(verb, by_head) if h not in found)
    return found


def infer_times(drafts: list[Draft], strands: Strands) -> None:
    """Give asserted events without time words the day that their passage is telling."""
    story: TimeSpan | None = None
    since = -99
    for draft in drafts:
        if draft.time is not None and draft.time.value is not None:
            if draft.status == "asserted" and draft.time.grain in ("day", "hour", "minute"):
                story, since = draft.time, draft.sentence
            continue
        if draft.time is not None or draft.status != "asserted" or story is None:
            continue
        if draft.sentence - since > _STORY_WINDOW or _is_background(draft, strands.doc):
            continue
        draft.time = replace(story, mention=None, evidence=story.mention or story.evidence, inferred=True)
        strands.log(draft.match.head, f"  time: {draft.time.value} inferred from the passage")


def _is_background(draft: Draft, doc: Doc) -> bool:
    """Perfect and present tenses, and words like "previously", take an event out of the day being told."""
    token = doc[draft.match.head]
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
    """Give asserted events without a place the place of the event told in the same sentence."""
    for draft in drafts:
        if draft.of("place") or draft.status != "asserted":
            continue
        for other in drafts:
            if other is not draft and other.sentence == draft.sentence and other.of("place"):
                draft.fillers.extend(("place", e) for r, e in other.fillers if r == "place")
                strands.log(draft.match.head, f"  place: taken from “{other.mention.text}” in the same sentence")
                break
