"""How sure it is that somebody takes part in an event: what grammar, model and passage tell of it, weighed together.

Grammar, lexicon and passage give participants, the model proposes others. The weights
(``kg/core/data/reading/roles.json``) are numbers that anybody can read: for each role one for each thing known.
They were learned on annotated documents (``python -m training.weigh_roles``); nothing in them knows a type of
event. It is the reader's choice (``Care``) what comes of them. For a cautious one, who did a grave act or whom it
befell is left open where that is unsure: saying nothing is better than saying a false thing of somebody. For an
eager one, participants that are likely, all weighed, are added. As a rule neither is done.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

from kg.extract.events.odds import chance, odds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.extract.entities.mention import EntityMention
    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.events.judge import Judge

Care = Literal["cautious", "usual", "eager"]
CARES: tuple[Care, ...] = get_args(Care)
ROLES = ("agent", "patient", "instrument", "recipient", "place")
#: What the model thinks less likely is not weighed.
POSSIBLE = 0.1
#: Nothing was learned of an entity so far away.
_OUT_OF_REACH = 0.02
_KINDS = ("Person", "Group", "Organization", "Place", "Product")
_SLOTS = {
    "nsubj": "subject", "nsubj:pass": "passive subject", "obj": "object", "obl": "oblique", "obl:agent": "by",
    "nmod": "of a noun", "nmod:poss": "owner", "compound": "before a noun", "conj": "one of several",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing known adds to the odds (natural logarithm) of a role, and from which chance on it is said."""

    roles: Mapping[str, Mapping[str, float]]  # role → name of what is known → weight; "" is what is added always
    add: float  # the chance from which on a participant that was not given comes
    guarded: Mapping[str, Mapping[str, float]]  # as ``roles``, for who is given as doer or victim
    least: float  # the chance by those from which on a grave act's doer or victim is said


@cache
def shipped_weights() -> Weights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("roles.json").read_text("utf-8"))
    return Weights(found["roles"], found["add"], found["guarded"], found["least"])


def weighed(
    drafts: Iterable[Draft], findings: Findings, judge: Judge | None, care: Care, by: Weights
) -> tuple[Draft, ...]:
    """Return the drafts with the participants that this care wants; as they are where no model read the text."""
    if judge is None or care == "usual":
        return tuple(drafts)
    step = _sure_enough if care == "cautious" else _likely_too
    return tuple(step(draft, findings, judge, by) for draft in drafts)


def _sure_enough(draft: Draft, findings: Findings, judge: Judge, by: Weights) -> Draft:
    """A grave act without a doer or victim that is unsure; who is counted stays, since the count is told of them."""
    if not findings.ontology.is_a(draft.type, "grave"):
        return draft
    counted = {(c.role, c.entity) for c in draft.counts}
    kept = draft
    for role, entity in draft.fillers:
        if role not in by.guarded or (role, entity) in counted:
            continue
        sure = chance(what_is_known(draft, role, entity, findings, judge), by.guarded[role])
        if sure < by.least:
            kept = kept.without(role, entity)
            _say(findings, draft, f"{role}: not", entity, sure)
    return kept


def _likely_too(draft: Draft, findings: Findings, judge: Judge, by: Weights) -> Draft:
    """An event with the participants that the model proposes and all weighed makes likely, each in one role."""
    if findings.scores is None or not findings.scores.knows(draft.type):
        return draft
    likely = [
        (chance(what_is_known(draft, role, entity, findings, judge), by.roles[role]), role, entity)
        for role, entity in candidates(draft, findings, judge)
    ]
    kept = draft
    for sure, role, entity in sorted(likely, key=lambda found: (-found[0], found[1:])):
        if sure >= by.add and (role == "place" or all(e != entity for _, e in kept.fillers)):
            kept = kept.filled(role, entity)
            _say(findings, draft, f"{role}:", entity, sure)
    return kept


def _say(findings: Findings, draft: Draft, what: str, entity: str, sure: float) -> None:
    who = findings.names.get(entity, entity)
    findings.log(draft.match.head, f"  {what} “{who}”, all weighed ({sure:.2f})")


def what_is_known(draft: Draft, role: str, entity: str, findings: Findings, judge: Judge) -> dict[str, float]:
    """What is known of an entity in a role of an event, by name: numbers from about -4 to 4."""
    chances = judge.chances(draft, entity)
    spans = findings.spans_of.get(entity, ())
    told = {f for t in draft.tellings for f in t.told}
    known = {f"is {kind}": 1.0 for kind in _KINDS if findings.ontology.is_a(findings.entity_classes[entity], kind)}
    known["given"] = float((role, entity) in draft.fillers)
    known["told by grammar"] = float((role, entity) in told)
    known["told of another"] = float((role, entity) not in told and any(r == role for r, _ in told))
    known["in another role too"] = float(any(e == entity and r != role for r, e in draft.fillers))
    known["others beside it"] = min(3.0, len(draft.of(role) - {entity}))
    known["status open"] = float(draft.status != "asserted")
    known["several tellings"] = float(len(draft.members) > 0)
    known["said by somebody"] = float(draft.source is not None)
    known["is the source"] = float(draft.source == entity)
    known["event to the model"] = odds(findings.scores.event(draft.heads)) if findings.scores else 0.0
    known["type to the model"] = odds(findings.scores.kind(draft.heads, [draft.type])) if findings.scores else 0.0
    known["type unknown to the model"] = float(findings.scores is None or not findings.scores.knows(draft.type))
    known["out of reach"] = float(not chances)
    likely = chances.get(role, _OUT_OF_REACH)
    rival = max((p for r, p in chances.items() if r != role), default=_OUT_OF_REACH)
    known["role to the model"] = odds(likely)
    known["told, role to the model"] = known["told by grammar"] * odds(likely)
    known["other role to the model"] = odds(rival)
    if spans:
        known |= _where(draft, spans, findings)
    return known


def candidates(draft: Draft, findings: Findings, judge: Judge) -> Iterator[tuple[str, str]]:
    """Participants that the event was not given and that the model thinks possible, as (role, entity)."""
    within = findings.ontology
    for entity in judge.entities:
        for role, p in judge.chances(draft, entity).items():
            if role not in ROLES or p < POSSIBLE or (role, entity) in draft.fillers or (role, entity) in draft.excluded:
                continue
            if within.may_fill(findings.entity_classes.get(entity, "Other"), role, draft.type):
                yield role, entity


def _where(draft: Draft, spans: Iterable[EntityMention], findings: Findings) -> dict[str, float]:
    """How near the nearest mention is, and how it stands in its sentence."""
    doc = findings.doc
    apart, near = min(((abs(m.head - h), m) for m in spans for h in draft.heads), key=lambda pair: pair[0])
    here = [doc[h].sent.start <= near.head < doc[h].sent.end for h in draft.heads]
    known = {
        "words between": math.log1p(apart) / 2,
        "another sentence": float(not any(here)),
        "only a pronoun": float(all(m.pronoun for m in spans)),
        "pronoun is nearest": float(near.pronoun),
        "has a name": float(any(m.named for m in spans)),
        "behind the event": float(all(near.head > h for h in draft.heads)),
    }
    slot = _SLOTS.get(doc[near.head].dep_, "elsewhere")
    known[f"nearest is {slot}"] = 1.0
    if any(here) and doc[near.head].head.i in draft.heads:
        known[f"{slot} of the event"] = 1.0
    return known
