"""The end of a reading: drafts of events in; events with their ids, and the claims that hold them, out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.model import Claim, Event, RoleFiller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.saying.scopes import Scope


def finish(drafts: Sequence[Draft], findings: Findings) -> tuple[tuple[Event, ...], tuple[Claim, ...]]:
    """Return the events of the drafts, numbered in text order, and the claims: one for each act of saying."""
    ids = {(d.match.head, d.type): f"e{n}" for n, d in enumerate(drafts, 1)}  # "shot dead": two events on one head
    by_head = {h: ids[d.match.head, d.type] for d in reversed(drafts) for h in d.heads}
    events: list[Event] = []
    counter = 0
    for draft in drafts:
        event_id = ids[draft.match.head, draft.type]
        roles = [RoleFiller(role, entity) for role, entity in draft.fillers]
        for role, head in draft.event_fillers:
            other = by_head.get(head)
            if other is not None and other != event_id and RoleFiller(role, other) not in roles:
                roles.append(RoleFiller(role, other))
        roles.extend(RoleFiller("cause", words) for words in dict.fromkeys(draft.cause_words))
        counts = []
        for c in draft.counts:
            counter += 1
            counts.append(replace(c, id=f"c{counter}"))
        own_voice = draft.known or any(d.source is None for d in draft.tellings)
        events.append(
            Event(
                id=event_id,
                type=draft.type,
                types=findings.ontology.event_types[draft.type].types,
                triggers=tuple(sorted({t.mention for t in draft.tellings})),
                roles=tuple(roles),
                time=replace(draft.time, id=f"t{event_id[1:]}") if draft.time is not None else None,
                counts=tuple(counts),
                status=draft.status,
                source=None if own_voice else draft.source,
            )
        )
    return tuple(events), _claims(drafts, ids, events, findings)


def _claims(
    drafts: Sequence[Draft], ids: dict[tuple[int, str], str], events: list[Event], findings: Findings
) -> tuple[Claim, ...]:
    """One claim for each act of saying that holds an event, and one for the article's own voice."""
    held: dict[tuple[int, int], tuple[Scope, list[str]]] = {}
    own: list[str] = []
    for draft in drafts:
        for member in draft.tellings:
            if not member.scopes or all(s.speaker is None for s in member.scopes):
                own.append(ids[draft.match.head, draft.type])
            for scope in member.scopes:
                _, content = held.setdefault(scope.cue, (scope, []))
                content.append(ids[draft.match.head, draft.type])
    ordered = sorted(held.values(), key=lambda h: h[0].cue)
    claim_ids = {scope.cue: f"q{n}" for n, (scope, _) in enumerate(ordered, 1)}
    said_in = _innermost(ordered, events, findings)
    counts_of = {e.id: tuple(c.id for c in e.counts) for e in events}
    claims: list[Claim] = []
    for scope, content in ordered:
        outer = [s for s, _ in ordered if s.cue != scope.cue and scope.cue[0] in s.content]
        reported_in = min(outer, key=lambda s: len(s.content)).cue if outer else None
        medium = findings.entity_of(scope.medium) if scope.medium is not None else None
        event_ids = tuple(dict.fromkeys(content))
        claims.append(
            Claim(
                id=claim_ids[scope.cue],
                source=findings.entity_of(scope.speaker) if scope.speaker is not None else None,
                cue=findings.mention(*scope.cue),
                events=event_ids,
                counts=tuple(c for e in event_ids for c in counts_of[e] if said_in.get(c, scope.cue) == scope.cue),
                medium=medium,
                reported_in=claim_ids.get(reported_in) if reported_in is not None else None,
            )
        )
    if own:
        event_ids = tuple(dict.fromkeys(own))
        counts = tuple(c for e in event_ids for c in counts_of[e] if c not in said_in)
        claims.append(Claim(f"q{len(claims) + 1}", None, None, event_ids, counts))
    return tuple(claims)


def _innermost(
    ordered: Sequence[tuple[Scope, list[str]]], events: Sequence[Event], findings: Findings
) -> dict[str, tuple[int, int]]:
    """Count → cue of the innermost act of saying whose words hold it; without those that no act of saying holds."""
    at_char = {t.idx: t.i for t in findings.doc}
    found: dict[str, tuple[int, int]] = {}
    for count in (c for e in events for c in e.counts):
        token = at_char.get(count.mention.start)
        around = [s for s, _ in ordered if token in s.content]
        if around:
            found[count.id] = min(around, key=lambda s: len(s.content)).cue
    return found
