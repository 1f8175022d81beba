"""Tolls and their events: "the death toll rose to 12", "they put the number at 40"; drafts in, with the counts out.

A toll is of the harm that its own words tell ("death toll", "the number of those killed"), else of the last one with a
count that was told before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.model import Count
from kg.extract.amounts.tolls import find_tolls
from kg.extract.events.drafts import Drafts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.amounts.tolls import Toll
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_REACH = 2  # sentences back to the harm that "the number" is of


def add_tolls(drafts: Sequence[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the drafts with the counts of the tolls that are of them, and without who only gives a toll."""
    now = Drafts(drafts)
    quantities = {i: q for q in findings.quantities for i in range(q.start, q.end)}
    for toll in find_tolls(findings.doc):
        counted = quantities.get(toll.number)
        draft, own = _event_of(toll, now.all(), findings)
        if draft is None or counted is None:
            continue
        draft = _without_giver(toll, draft, findings)
        now.put(draft)
        entity = _whom(toll, draft, findings, own=own) or findings.entity_of(counted.counted)
        if entity is None:
            continue
        words = findings.mention(counted.start, counted.end)
        told = findings.names.get(entity, "people")
        count = Count("", "patient", entity, counted.quantity.minimum, counted.quantity.maximum,
                      counted.quantity.approximate, words, told)  # fmt: skip
        draft = draft.filled("patient", entity)
        now.put(draft if count in draft.counts else replace(draft, counts=(*draft.counts, count)))
        findings.log(draft.match.head, f"  count: “{words.text}”, the {findings.doc[toll.noun].text} given")
    return now.all()


def _event_of(toll: Toll, drafts: Sequence[Draft], findings: Findings) -> tuple[Draft | None, bool]:
    """The harm that a toll is of, and whether its own words tell it."""
    noun = findings.doc[toll.noun]
    inside = {t.i for t in noun.subtree}
    harms = [d for d in drafts if findings.ontology.is_a(d.type, "harm")]
    own = [d for d in harms if toll.noun in d.match.tokens] or [d for d in harms if d.match.head in inside]
    if own:
        return own[0], True
    if noun.lemma_.lower() == "toll":
        return None, False
    here = {t.i for t in noun.sent}
    before = [d for d in harms if d.match.head < toll.noun and any(c.role == "patient" for c in d.counts)]
    near = [d for d in before if d.match.head in here] or before[-1:]
    if not near or noun.sent.start - findings.doc[near[-1].match.head].sent.end > _REACH * 40:
        return None, False
    return near[-1], False


def _whom(toll: Toll, draft: Draft, findings: Findings, *, own: bool) -> str | None:
    """Whom a toll counts: those whom the event befell where that is known, else those whom the number stands for."""
    known = [c.entity for c in draft.counts if c.role == "patient"] or sorted(draft.of("patient"))
    called = findings.entity_of(toll.noun)
    if called in known:
        return called  # "the injured at 60"
    if known and not (own and toll.noun in draft.match.tokens):
        return known[0]
    return findings.entity_of(toll.number) or (known[0] if known else None)


def _without_giver(toll: Toll, draft: Draft, findings: Findings) -> Draft:
    """Return the draft with who gives a toll kept out of its roles: "the ministry put the death toll at nine"."""
    giver = findings.entity_of(toll.speaker) if toll.speaker is not None else None
    if giver is None:
        return draft
    barred = draft.barred | {("agent", giver), ("patient", giver)}
    return replace(draft, barred=barred, fillers=tuple(f for f in draft.fillers if f not in barred))
