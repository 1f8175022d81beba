"""Who is named nowhere near what happened: an event in, those out whom no sentence that tells of it names.

"The army denied that rebels had attacked General Sami. Gunfire was heard near the barracks": nobody says that he was
shot. Of harm and violence that is not filled in from the passage, however likely it is; who arrests and searches all
through an article is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_HARM = ("violent", "harm")
_ROLES = ("agent", "patient")


def unnamed(draft: Draft, findings: Findings) -> Iterator[tuple[str, str]]:
    """Doers and victims that neither grammar gives nor a sentence of the event names, as (role, entity id)."""
    if not findings.ontology.fits(draft.type, _HARM):
        return
    told = {filler for telling in draft.tellings for filler in telling.told}
    for role, entity in draft.fillers:
        if role in _ROLES and (role, entity) not in told and not _is_named(entity, draft, findings):
            yield role, entity


def _is_named(entity: str, draft: Draft, findings: Findings) -> bool:
    """Whether a sentence of an event names somebody, or something; the owner of a place, "near his house", is not."""
    doc = findings.doc
    sentences = [doc[head].sent for head in draft.heads]
    heads = [m.head for m in findings.spans_of.get(entity, ()) if not (m.pronoun and doc[m.head].dep_ == "nmod:poss")]
    return any(s.start <= head < s.end for s in sentences for head in heads)
