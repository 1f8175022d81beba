"""Participants that the words exclude: drafts with all their fillers in, those that cannot be taken away.

Who foils a plot is not who would have carried it out; who did what is only asked or denied is nobody that another
sentence tells of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_OPEN = ("possible", "negated")


def drop_excluded(drafts: list[Draft], findings: Findings) -> None:
    """Take away agents whom the words exclude, whoever gave them."""
    by_head = {head: draft for draft in drafts for head in draft.heads}
    for draft in drafts:
        agents = {*_from_elsewhere(draft, findings), *_accused(draft, by_head, findings)}
        excluded = draft.excluded | {("agent", entity) for entity in agents}
        for role, entity in sorted(excluded & set(draft.fillers)):
            draft.fillers.remove((role, entity))
            draft.counts = [c for c in draft.counts if (c.role, c.entity) != (role, entity)]
            findings.log(
                draft.match.head, f"  {role}: not {findings.names.get(entity, entity)}, whom the words exclude"
            )


def _from_elsewhere(draft: Draft, findings: Findings) -> Iterator[str]:
    """Agents of violence that is denied or left open, whom no sentence that tells of it names."""
    if draft.status not in _OPEN or not findings.ontology.is_a(draft.type, "deliberate"):
        return
    sentences = [findings.doc[head].sent for head in draft.heads]
    for entity in draft.of("agent"):
        spans = findings.spans_of.get(entity, ())
        if not any(s.start <= m.head < s.end for s in sentences for m in spans):
            yield entity


def _accused(draft: Draft, by_head: Mapping[int, Draft], findings: Findings) -> set[str]:
    """Who is only accused of what did a harm: "accused the army of the shelling, which wounded four"."""
    token = findings.doc[draft.match.head]
    described = [token.head, *children(token.head, "nmod")] if token.dep_ == "acl:relcl" else []
    source = next((by_head[t.i] for t in described if t.i in by_head), None)
    if source is None or source is draft or draft.status != "asserted" or source.status == "asserted":
        return set()
    return source.of("agent")
