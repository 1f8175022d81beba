"""Participants that the words exclude: drafts with all their fillers in, those that cannot be taken away.

Who foils a plot is not who would have carried it out; who did what is only asked or denied is nobody that another
sentence tells of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.events.drafts import Drafts
from kg.extract.syntax.slots import children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings

_OPEN = ("possible", "negated")


def drop_excluded(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Return the drafts without agents whom the words exclude, whoever gave them."""
    now = Drafts(drafts)
    key_at = {head: draft.key for draft in now.all() for head in draft.heads}
    for draft in now.all():
        agents = {
            *_from_elsewhere(draft, findings),
            *_of_then(draft, findings),
            *_accused(draft, now, key_at, findings),
        }
        excluded = draft.excluded | {("agent", entity) for entity in agents}
        for role, entity in sorted(excluded & set(draft.fillers)):
            now.put(now[draft.key].without(role, entity))
            findings.log(
                draft.match.head, f"  {role}: not {findings.names.get(entity, entity)}, whom the words exclude"
            )
    return now.all()


def _from_elsewhere(draft: Draft, findings: Findings) -> Iterator[str]:
    """Agents whom no sentence that tells of it names, where it names others, or is denied or left open."""
    told = {e for t in draft.tellings for role, e in t.told if role == "agent"}
    unsure = draft.status in _OPEN and findings.ontology.is_a(draft.type, "deliberate")
    if not told and not unsure:
        return
    sentences = [findings.doc[head].sent for head in draft.heads]
    for entity in draft.of("agent") - told:
        spans = findings.spans_of.get(entity, ())
        acting = [m.head for m in spans if not (m.pronoun and findings.doc[m.head].dep_ == "nmod:poss")]  # "his house"
        if not any(s.start <= head < s.end for s in sentences for head in acting):
            yield entity


def _accused(draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> set[str]:
    """Who is only accused of what did a harm: "accused the army of the shelling, which wounded four"."""
    token = findings.doc[draft.match.head]
    described = [token.head, *children(token.head, "nmod")] if token.dep_ == "acl:relcl" else []
    source = next((now[key_at[t.i]] for t in described if t.i in key_at), None)
    if source is None or source.key == draft.key or draft.status != "asserted" or source.status == "asserted":
        return set()
    return source.of("agent")


def _of_then(draft: Draft, findings: Findings) -> Iterator[str]:
    """Who acted then and not now: "the attack was the deadliest since 2019, when gunmen killed …"."""
    token = findings.doc[draft.match.head]
    if token.dep_ != "nsubj" or not any(t.tag_ in ("JJS", "RBS") for t in (token.head, *token.head.children)):
        return
    then = {t.i for c in children(token.head, "advcl", "acl:relcl") for t in c.subtree}
    for entity in draft.of("agent"):
        spans = [m.head for m in findings.spans_of.get(entity, ()) if token.sent.start <= m.head < token.sent.end]
        if spans and then.issuperset(spans):
            yield entity
