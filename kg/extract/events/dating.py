"""When: the time words of a document to the events that they tell the time of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.model import Bounds
from kg.extract.events.spans import is_future, span_of
from kg.extract.syntax.slots import carrier, children
from kg.extract.times.calendar import UNRESOLVED
from kg.extract.times.mentions import resolve_relative

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc, Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.times.mentions import TimeMention

_LABEL_END = re.compile(r"[\])*]{0,3}\s*(?::|\s[–—-])\s+\S")
_ENDING = frozenset({"end", "finish", "conclude", "lift", "stop", "halt"})


def attach_times(drafts: list[Draft], findings: Findings) -> None:
    """Give each event the time words of its own clause; times counted from another event come last."""
    doc = findings.doc
    by_head = {d.match.head: d for d in drafts}
    told = [t for t in findings.times if t.kind in ("point", "range")]
    own = {t.governor for t in told}
    for time in sorted(told, key=lambda t: t.anchor is not None):
        for head in _events_of(time, doc, by_head):
            draft = by_head[head]
            shared = time.governor != head and head in own  # "were jailed in March and freed in May"
            if draft.time is None and not shared:
                draft.time = span_of(time, _bounds(time, by_head), findings)
                findings.log(head, f"  time: “{time.text}” stands with it")
                if draft.status == "asserted" and is_future(draft.time, findings.published):
                    draft.status, draft.status_reason = "planned", "its time lies ahead"
                    findings.log(head, "  planned: its time lies after the article's date")
    _reach_back(drafts, findings)
    _by_label(drafts, findings)


def _by_label(drafts: list[Draft], findings: Findings) -> None:
    """Give the events of a line that begins with a date and a colon or dash ("12 March: …") that date."""
    for time in findings.times:
        if time.kind != "point" or time.value is None:
            continue
        start = findings.text.rfind("\n", 0, time.start_char) + 1
        end = findings.text.find("\n", time.start_char)
        line_end = end if end >= 0 else len(findings.text)
        after = findings.text[time.end_char : line_end]
        if findings.text[start : time.start_char].strip(" \t*-•·–[(") or not _LABEL_END.match(after):
            continue
        for draft in drafts:
            head = findings.doc[draft.match.head]
            if draft.time is None and time.start_char < head.idx < line_end:
                draft.time = span_of(time, time.bounds, findings)
                findings.log(draft.match.head, f"  time: “{time.text}” heads its line")


def count_from_events(drafts: list[Draft], findings: Findings) -> None:
    """Resolve "two days after the arrest" by the arrest's time, known since its tellings were put together."""
    counted = {t.start_char: t for t in findings.times if t.anchor is not None and t.value is None}
    if not counted:
        return
    by_head = {head: d for d in drafts for head in d.heads}
    for draft in drafts:
        if draft.time is None or draft.time.value is not None or draft.time.mention is None:
            continue
        time = counted.get(draft.time.mention.start)
        bounds = _bounds(time, by_head) if time is not None else UNRESOLVED
        if time is not None and bounds.grain is not None:
            draft.time = span_of(time, bounds, findings)
            findings.log(draft.match.head, f"  time: “{time.text}” counts from the time of another event")


def _reach_back(drafts: list[Draft], findings: Findings) -> None:
    """Let what "ended on Friday, three days after they walked out" have begun three days before."""
    counted = {t.governor: t for t in findings.times if t.counted and t.grain == "day"}
    for draft in drafts if counted else ():
        verb = carrier(findings.doc[draft.match.head])
        if verb is None or verb.lemma_ not in _ENDING or draft.time is None or draft.time.bounds.grain != "day":
            continue
        begin = next((counted[c.i].earliest_begin for c in children(verb, "advcl") if c.i in counted), None)
        end = draft.time.bounds.latest_end
        if begin and end and begin < end:
            draft.time = replace(draft.time, bounds=Bounds(begin, begin, end, end, "span"))
            findings.log(draft.match.head, f"  time: it began {begin} and ended {end}")


def _bounds(time: TimeMention, by_head: Mapping[int, Draft]) -> Bounds:
    """The bounds of a time expression, counted from the event that it names where it names one."""
    anchor = time.anchor
    if anchor is None or time.value is not None or anchor.head is None or anchor.head not in by_head:
        return time.bounds
    base = by_head[anchor.head].time
    if base is None:
        return time.bounds
    return resolve_relative(anchor, base.bounds)


def _events_of(time: TimeMention, doc: Doc, by_head: Mapping[int, Draft]) -> list[int]:
    """The triggers whose clause a time expression stands in."""
    token: Token = doc[time.governor] if time.governor is not None else doc[time.start : time.end].root
    for _ in range(6):
        if token.i in by_head:
            subjects = [c.i for c in children(token, "nsubj", "nsubj:pass") if c.i in by_head]  # "the quake struck"
            return [token.i, *subjects, *_sharing(token, by_head)]
        if token.pos_ in ("VERB", "AUX"):
            carried = _carried_by(token, by_head)
            above = token.dep_ == "xcomp" or (token.dep_ in ("acl", "acl:relcl") and token.head.i in by_head)
            if carried or not above:  # "the meeting, set to take place on May 16"
                return carried
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
            if child.dep_ == "conj" and (children(child, "mark", "case") or _never(child)):
                continue
            found.append(child.i)
    return found


def _never(verb: Token) -> bool:
    return any(c.lower_ == "never" for c in children(verb, "advmod"))


def _carried_by(verb: Token, by_head: Mapping[int, Draft]) -> list[int]:
    """Event nouns that a verb without event of its own carries ("talks were held on Monday")."""
    found = [h for h in by_head if h != verb.i and carrier(verb.doc[h]) == verb]
    found.extend(h for h in _sharing(verb, by_head) if h not in found)
    return found
