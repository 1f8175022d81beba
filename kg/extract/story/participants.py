"""Participants that any reader fills in: drafts of one document in, the drafts with what other events tell of them.

"Gunmen attacked the market, killing five": the gunmen killed, in the attack. "Police arrested two men on
Monday. A third was detained a day later": by the police. Only what an event itself leaves open is filled in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.events.drafts import Drafts
from kg.extract.syntax.slots import children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings

#: Relations between the predicates of one happening, the harm and what did it.
_TIES = frozenset({"advcl", "conj", "obl", "xcomp", "parataxis", "acl", "nmod", "obl:agent"})
_STEPS = 3
_PASSAGE = 4  # sentences


def infer_participants(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Fill open roles of harm from what did it; then who arrests, searches, kills and shoots wherever it is one."""
    now = Drafts(drafts)
    key_at = {h: d.key for d in reversed(now.all()) for h in d.heads}
    harms = [d.key for d in now.all() if findings.ontology.is_a(d.type, "harm")]
    for harm in harms:
        for source in list(_done_by(now[harm], now, key_at, findings)):
            now.put(_tied(now[harm], source, findings))
    for harm in harms:
        _share_cause(now[harm], now, key_at, findings)
    for key in [d.key for d in now.all()]:
        if not now[key].of("agent"):
            now.put(_agent_of_purpose(now[key], now, key_at, findings))
        if not now[key].of("agent") and findings.ontology.is_a(now[key].type, "oneHand"):
            now.put(_continue_agent(now[key], now.all(), findings))
    return now.all()


def add_speakers(drafts: Iterable[Draft], findings: Findings) -> tuple[Draft, ...]:
    """Make who speaks the doer of what the words themselves do: "Skippers are urged to stay", in a statement."""
    now = Drafts(drafts)
    for draft in now.all():
        token = findings.doc[draft.match.head]
        present = token.tag_ == "VBN" and any(c.lower_ in ("is", "are", "am") for c in children(token, "aux:pass"))
        demand = findings.ontology.is_a(draft.type, "speechAct") and not findings.ontology.is_a(
            draft.type, "holdsClaim"
        )
        if not (present and demand) or draft.source is None or draft.of("agent"):
            continue
        if findings.ontology.may_fill(findings.entity_classes[draft.source], "agent", draft.type):
            now.put(draft.filled("agent", draft.source))
            findings.log(token.i, "  agent: who says so")
    return now.all()


def _share_cause(harm: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> None:
    """Who died and who was hurt in one breath died and was hurt of the same: "killed nine and injured ten"."""
    token = findings.doc[harm.match.head]
    if token.dep_ != "conj" or token.head.i not in key_at or key_at[token.head.i] == harm.key:
        return
    other = now[key_at[token.head.i]]
    if not findings.ontology.is_a(other.type, "harm") or other.status != harm.status:
        return
    for one, two in ((harm, other), (other, harm)):
        causes = tuple(f for f in two.event_fillers if f[0] == "cause" and f[1] not in one.heads)
        if causes and not any(r == "cause" for r, _ in one.event_fillers):
            now.put(replace(one, event_fillers=(*one.event_fillers, *causes)))


def _agent_of_purpose(draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> Draft:
    """Who acts to bring something about is who brings it about: "a raid to free them", "the raid was meant to …"."""
    token = findings.doc[draft.match.head]
    if token.tag_ != "VB" or token.dep_ not in ("acl", "advcl", "xcomp"):
        return draft
    above = [token.head, *children(token.head, "nsubj:pass", "nsubj")]
    for other in [now[key_at[t.i]] for t in above if t.i in key_at]:
        draft = _filled(draft, "agent", other.of("agent") - draft.of("patient"), other, findings)
    return draft


def _continue_agent(draft: Draft, drafts: Iterable[Draft], findings: Findings) -> Draft:
    """The one force that the article tells to arrest, search or shoot did so wherever it does not say who did."""
    told = [d for d in drafts if d.key != draft.key and d.type == draft.type and d.of("agent")]
    agents = {frozenset(d.of("agent")) for d in told}
    if len(agents) == 1 and told[0].sentence <= draft.sentence <= told[0].sentence + _PASSAGE:
        return _filled(draft, "agent", told[0].of("agent") - draft.of("patient"), told[0], findings)
    return draft


def _done_by(harm: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> Iterator[Draft]:
    """The events that did a harm: its causes, what is told with the same words, what its clause hangs on."""
    told = [key_at[h] for role, h in harm.event_fillers if role == "cause" and h in key_at]
    told += [d.key for d in now.all() if d.match.head == harm.match.head]
    told += [key_at[i] for h in harm.heads for i in _around(findings.doc[h], key_at)]
    for draft in map(now.__getitem__, dict.fromkeys(told)):
        if draft.key != harm.key and findings.ontology.is_a(draft.type, "befalls"):
            yield draft


def _around(token: Token, key_at: Mapping[int, Key]) -> Iterator[int]:
    """Events whose predicates stand above or below a predicate in the same happening."""
    up = token
    for _ in range(_STEPS):
        if up.dep_ not in _TIES or up.head.i == up.i:
            break
        up = up.head
        if up.i in key_at:
            yield up.i
    below = [c for c in token.children if c.dep_ in _TIES]
    for child in below:
        if child.i in key_at:
            yield child.i


def _tied(harm: Draft, source: Draft, findings: Findings) -> Draft:
    """Return a harm with its cause and who did it; not the other way round: a raid need not be aimed at its dead."""
    log = findings.log
    head = harm.match.head
    if (
        source.match.head != head
        and not any(r == "cause" for r, _ in harm.event_fillers)
        and harm.status == source.status
    ):
        harm = replace(harm, event_fillers=(*harm.event_fillers, ("cause", source.match.head)))
        log(head, f"  cause: “{source.mention.text}”, told together")
    if not findings.ontology.is_a(source.type, "violent"):
        return harm
    victims = harm.of("patient")
    if harm.status == "asserted" != source.status:  # "accused the army of a raid, which killed four"
        return harm
    if harm.type not in findings.ontology.when_done and not harm.of(
        "agent"
    ):  # one who "died" of it was killed by nobody in particular
        return _filled(harm, "agent", source.of("agent") - victims, source, findings)
    return harm


def _filled(draft: Draft, role: str, entities: set[str], other: Draft, findings: Findings) -> Draft:
    """Return the draft with a role filled as in another event, by whom the ontology's ranges allow."""
    for entity in sorted(entities):
        if findings.ontology.may_fill(findings.entity_classes.get(entity, "Other"), role, draft.type):
            draft = draft.filled(role, entity)
            findings.log(draft.match.head, f"  {role}: that of “{other.mention.text}”")
    return draft
