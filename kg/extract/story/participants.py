"""Participants that any reader fills in: drafts of one document in, the drafts with what other events tell of them.

"Gunmen attacked the market, killing five": the gunmen killed, in the attack. "Police arrested two men on
Monday. A third was detained a day later": by the police. Only what an event itself leaves open is filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

#: Relations between the predicates of one happening, the harm and what did it.
_TIES = frozenset({"advcl", "conj", "obl", "xcomp", "parataxis", "acl", "nmod", "obl:agent"})
_STEPS = 3
_PASSAGE = 4  # sentences


def infer_participants(drafts: list[Draft], findings: Findings) -> None:
    """Fill open roles of harm from what did it; then who arrests, searches, kills and shoots wherever it is one."""
    by_head = {h: d for d in reversed(drafts) for h in d.heads}
    for harm in drafts:
        if not findings.ontology.is_a(harm.type, "harm"):
            continue
        for source in _done_by(harm, drafts, by_head, findings):
            _tie(harm, source, findings)
    for harm in drafts:
        if findings.ontology.is_a(harm.type, "harm"):
            _share_cause(harm, by_head, findings)
    for draft in drafts:
        if not draft.of("agent"):
            _agent_of_purpose(draft, by_head, findings)
        if not draft.of("agent") and findings.ontology.is_a(draft.type, "oneHand"):
            _continue_agent(draft, drafts, findings)


def add_speakers(drafts: list[Draft], findings: Findings) -> None:
    """Make who speaks the doer of what the words themselves do: "Skippers are urged to stay", in a statement."""
    for draft in drafts:
        token = findings.doc[draft.match.head]
        present = token.tag_ == "VBN" and any(c.lower_ in ("is", "are", "am") for c in children(token, "aux:pass"))
        demand = findings.ontology.is_a(draft.type, "speechAct") and not findings.ontology.is_a(
            draft.type, "holdsClaim"
        )
        if not (present and demand) or draft.source is None or draft.of("agent"):
            continue
        if findings.ontology.may_fill(findings.entity_classes[draft.source], "agent", draft.type):
            draft.fillers.append(("agent", draft.source))
            findings.log(token.i, "  agent: who says so")


def _share_cause(harm: Draft, by_head: dict[int, Draft], findings: Findings) -> None:
    """Who died and who was hurt in one breath died and was hurt of the same: "killed nine and injured ten"."""
    token = findings.doc[harm.match.head]
    other = by_head.get(token.head.i) if token.dep_ == "conj" else None
    if other is None or other is harm or not findings.ontology.is_a(other.type, "harm") or other.status != harm.status:
        return
    for one, two in ((harm, other), (other, harm)):
        if not any(r == "cause" for r, _ in one.event_fillers):
            one.event_fillers.extend(f for f in two.event_fillers if f[0] == "cause" and f[1] not in one.heads)


def _agent_of_purpose(draft: Draft, by_head: dict[int, Draft], findings: Findings) -> None:
    """Who acts to bring something about is who brings it about: "a raid to free them", "the raid was meant to …"."""
    token = findings.doc[draft.match.head]
    if token.tag_ != "VB" or token.dep_ not in ("acl", "advcl", "xcomp"):
        return
    above = [token.head, *children(token.head, "nsubj:pass", "nsubj")]
    for other in (by_head[t.i] for t in above if t.i in by_head):
        _fill(draft, "agent", other.of("agent") - draft.of("patient"), other, findings)


def _continue_agent(draft: Draft, drafts: list[Draft], findings: Findings) -> None:
    """The one force that the article tells to arrest, search or shoot did so wherever it does not say who did."""
    told = [d for d in drafts if d is not draft and d.type == draft.type and d.of("agent")]
    agents = {frozenset(d.of("agent")) for d in told}
    if len(agents) == 1 and told[0].sentence <= draft.sentence <= told[0].sentence + _PASSAGE:
        _fill(draft, "agent", told[0].of("agent") - draft.of("patient"), told[0], findings)


def _done_by(harm: Draft, drafts: list[Draft], by_head: dict[int, Draft], findings: Findings) -> Iterator[Draft]:
    """The events that did a harm: its causes, what is told with the same words, what its clause hangs on."""
    seen = {harm}
    told = [by_head[h] for role, h in harm.event_fillers if role == "cause" and h in by_head]
    told += [d for d in drafts if d.match.head == harm.match.head]
    told += [d for h in harm.heads for d in _tied(findings.doc[h], by_head)]
    for draft in told:
        if draft not in seen and findings.ontology.is_a(draft.type, "befalls"):
            seen.add(draft)
            yield draft


def _tied(token: Token, by_head: dict[int, Draft]) -> Iterator[Draft]:
    """Events whose predicates stand above or below a predicate in the same happening."""
    up = token
    for _ in range(_STEPS):
        if up.dep_ not in _TIES or up.head.i == up.i:
            break
        up = up.head
        if up.i in by_head:
            yield by_head[up.i]
    below = [c for c in token.children if c.dep_ in _TIES]
    for child in below:
        if child.i in by_head:
            yield by_head[child.i]


def _tie(harm: Draft, source: Draft, findings: Findings) -> None:
    """Give a harm its cause and who did it; not the other way round: a raid need not be aimed at those it kills."""
    log = findings.log
    head = harm.match.head
    if (
        source.match.head != head
        and not any(r == "cause" for r, _ in harm.event_fillers)
        and harm.status == source.status
    ):
        harm.event_fillers.append(("cause", source.match.head))
        log(head, f"  cause: “{source.mention.text}”, told together")
    if not findings.ontology.is_a(source.type, "violent"):
        return
    victims = harm.of("patient")
    if harm.status == "asserted" != source.status:  # "accused the army of a raid, which killed four"
        return
    if harm.type not in findings.ontology.when_done and not harm.of(
        "agent"
    ):  # one who "died" of it was killed by nobody in particular
        _fill(harm, "agent", source.of("agent") - victims, source, findings)


def _fill(draft: Draft, role: str, entities: set[str], other: Draft, findings: Findings) -> None:
    for entity in sorted(entities):
        if findings.ontology.may_fill(findings.entity_classes.get(entity, "Other"), role, draft.type):
            draft.fillers.append((role, entity))
            findings.log(draft.match.head, f"  {role}: that of “{other.mention.text}”")
