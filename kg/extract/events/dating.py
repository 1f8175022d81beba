"""When: the time words of a document to the events that they tell the time of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.model import Bounds
from kg.extract.events.drafts import Drafts
from kg.extract.events.spans import is_future, span_of
from kg.extract.syntax.slots import carrier, children, gerund_slot
from kg.extract.times.calendar import UNRESOLVED
from kg.extract.times.mentions import resolve_relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Doc, Token

    from kg.core.model import TimeSpan
    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings
    from kg.extract.times.mentions import TimeMention

_LABEL_END = re.compile(r"[\])*]{0,3}\s*(?::|\s[–—-])\s+\S")
_ENDING = frozenset({"end", "finish", "conclude", "lift", "stop", "halt"})


def attach_times(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the events with the time words of their own clauses; times counted from another event come last."""
    doc = findings.doc
    now = Drafts(drafts)
    key_at = {d.match.head: d.key for d in now.all()}
    told = [t for t in findings.times if t.kind in ("point", "range")]
    own = {t.governor for t in told}
    for time in sorted(told, key=lambda t: t.anchor is not None):
        for head in _events_of(time, doc, key_at):
            draft = now[key_at[head]]
            shared = time.governor != head and head in own  # "were jailed in March and freed in May"
            if draft.time is None and not shared:
                now.put(_dated(draft, time, _base(time, now, key_at), findings))
    return _by_label(_reach_back(now.all(), findings), findings)


def _dated(draft: Draft, time: TimeMention, base: TimeSpan | None, findings: Findings) -> Draft:
    """Return the event with the time of an expression, which may count from the time of another; then it may be ahead.

    "The talks will resume on Friday" and, in the paper of Wednesday, "the talks resume on Friday": both are planned.
    """
    head = draft.match.head
    span = span_of(time, _bounds(time, base), findings)
    findings.log(head, f"  time: “{time.text}” stands with it")
    if draft.status == "asserted" and is_future(span, findings.published):
        findings.log(head, "  planned: its time lies after the article's date")
        return replace(draft, time=span, status="planned", status_reason="its time lies ahead")
    return replace(draft, time=span)


def _by_label(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the events of a line that begins with a date and a colon or dash ("12 March: …") with that date."""
    now = Drafts(drafts)
    for time in findings.times:
        if time.kind != "point" or time.value is None:
            continue
        start = findings.text.rfind("\n", 0, time.start_char) + 1
        end = findings.text.find("\n", time.start_char)
        line_end = end if end >= 0 else len(findings.text)
        after = findings.text[time.end_char : line_end]
        if findings.text[start : time.start_char].strip(" \t*-•·–[(") or not _LABEL_END.match(after):
            continue
        for draft in now.all():
            head = findings.doc[draft.match.head]
            if draft.time is None and time.start_char < head.idx < line_end:
                now.put(replace(draft, time=span_of(time, time.bounds, findings)))
                findings.log(draft.match.head, f"  time: “{time.text}” heads its line")
    return now.all()


def count_from_events(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Resolve "two days after the arrest" by the arrest's time, known since its tellings were put together."""
    now = Drafts(drafts)
    counted = {t.start_char: t for t in findings.times if t.anchor is not None and t.value is None}
    key_at = {head: d.key for d in now.all() for head in d.heads} if counted else {}
    for draft in now.all() if counted else ():
        if draft.time is None or draft.time.value is not None or draft.time.mention is None:
            continue
        time = counted.get(draft.time.mention.start)
        bounds = _bounds(time, _base(time, now, key_at)) if time is not None else UNRESOLVED
        if time is not None and bounds.grain is not None:
            now.put(replace(draft, time=span_of(time, bounds, findings)))
            findings.log(draft.match.head, f"  time: “{time.text}” counts from the time of another event")
    return now.all()


def _reach_back(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Let what "ended on Friday, three days after they walked out" have begun three days before."""
    now = Drafts(drafts)
    counted = {t.governor: t for t in findings.times if t.counted and t.grain == "day"}
    for draft in now.all() if counted else ():
        verb = carrier(findings.doc[draft.match.head])
        if verb is None or verb.lemma_ not in _ENDING or draft.time is None or draft.time.bounds.grain != "day":
            continue
        begin = next((counted[c.i].earliest_begin for c in children(verb, "advcl") if c.i in counted), None)
        end = draft.time.bounds.latest_end
        if begin and end and begin < end:
            now.put(replace(draft, time=replace(draft.time, bounds=Bounds(begin, begin, end, end, "span"))))
            findings.log(draft.match.head, f"  time: it began {begin} and ended {end}")
    return now.all()


def _base(time: TimeMention, now: Drafts, key_at: Mapping[int, Key]) -> TimeSpan | None:
    """The time of the event that an expression counts from, where it names one."""
    head = time.anchor.head if time.anchor is not None else None
    return now[key_at[head]].time if head is not None and head in key_at else None


def _bounds(time: TimeMention, base: TimeSpan | None) -> Bounds:
    """The bounds of a time expression, counted from the time of the event that it names where it names one."""
    if time.anchor is None or time.value is not None or base is None:
        return time.bounds
    return resolve_relative(time.anchor, base.bounds)


def _events_of(time: TimeMention, doc: Doc, key_at: Mapping[int, Key]) -> list[int]:
    """The triggers whose clause a time expression stands in."""
    token: Token = doc[time.governor] if time.governor is not None else doc[time.start : time.end].root
    for _ in range(6):
        if token.i in key_at:
            subjects = [c.i for c in children(token, "nsubj", "nsubj:pass") if c.i in key_at]  # "the quake struck"
            return [token.i, *subjects, *_sharing(token, key_at)]
        if token.pos_ in ("VERB", "AUX"):
            carried = _carried_by(token, key_at)
            above = token.dep_ == "xcomp" or (token.dep_ in ("acl", "acl:relcl") and token.head.i in key_at)
            if carried or not above:  # "the meeting, set to take place on May 16"
                return carried
        if token.head.i == token.i:
            break
        token = token.head
    return []


def _sharing(verb: Token, key_at: Mapping[int, Key]) -> list[int]:
    """Further predicates of the same clause: conjuncts to the right, open complements, participles."""
    found: list[int] = []
    for child in verb.children:
        if child.dep_ in ("conj", "xcomp", "advcl") and child.i in key_at and child.i > verb.i:
            if child.dep_ == "advcl" and (child.tag_ not in ("VBG", "VBN") or gerund_slot(child) is not None):
                continue  # "were charged on Thursday with beating a student"
            if child.dep_ == "conj" and (children(child, "mark", "case") or _never(child)):
                continue
            found.append(child.i)
    return found


def _never(verb: Token) -> bool:
    return any(c.lower_ == "never" for c in children(verb, "advmod"))


def _carried_by(verb: Token, key_at: Mapping[int, Key]) -> list[int]:
    """Event nouns that a verb without event of its own carries ("talks were held on Monday")."""
    found = [h for h in key_at if h != verb.i and carrier(verb.doc[h]) == verb]
    found.extend(h for h in _sharing(verb, key_at) if h not in found)
    return found
