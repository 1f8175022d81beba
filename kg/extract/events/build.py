"""Events in the making: triggers, chains, times and scopes of one document in; a draft for each trigger out.

This is where the strands meet: roles become entity ids, counts find their role, scopes their event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kg.core.model import Mention
from kg.extract.entities.members import closure, members_of
from kg.extract.events.drafts import CountDraft, Draft
from kg.extract.grammar.factuality import is_disposition, is_habit, is_recurrent, status_in, status_of, told_as_known
from kg.extract.grammar.roles import fill_roles, stated_causes
from kg.extract.grammar.triggers import trigger_span
from kg.extract.saying import scopes as attribution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Token

    from kg.core.model import Status
    from kg.extract.events.findings import Strands
    from kg.extract.saying.scopes import Scope

_COLLECTIVE = ("agent", "patient", "recipient")  # roles that the members of a group share with it
_PROMISING = frozenset({"promise", "pledge", "vow", "commit"})
_SPEAKING = ("Threat", "Accusation", "ClaimOfResponsibility")  # acts of speech hold claims too
_WAYS = ("to", "into", "from", "onto", "toward", "towards", "out", "for", "through", "via", "past", "object")
_SURE_OF_STATUS = 0.8  # the model's probability of a status where the rules see plain assertion
_ACTS_OF_SPEECH = (*_SPEAKING, "Demand", "Denial")


def build_drafts(strands: Strands) -> list[Draft]:
    """Return a draft for each trigger that tells an event, with what stands around it, in text order."""
    event_heads = {m.head: m.type for m in strands.matches}
    in_times = {i for t in strands.times for i in range(t.start, t.end)}
    sentence_of = {t.i: n for n, s in enumerate(strands.doc.sents) for t in s}
    speech = _speech_scopes(strands)
    members = members_of(strands.doc, strands.class_of, strands.ontology)
    drafts: list[Draft] = []
    for match in strands.matches:
        start, end = trigger_span(strands.doc, match)
        draft = Draft(match, match.type, Mention(start, end, strands.text[start:end]), sentence_of[match.head])
        _fill(draft, strands, event_heads, in_times, members)
        _add_causes(draft, strands, event_heads)
        draft.known = told_as_known(strands.doc[match.head], strands.cues.factuality)
        draft.scopes = tuple(_scopes_around(match.head, [*strands.scopes, *speech]))
        if (
            draft.known
        ):  # "confirmed the arrest", "called the raid a crime": it is not who confirms or calls that tells it
            above = strands.doc[match.head].head.i
            draft.scopes = tuple(s for s in draft.scopes if not s.cue[0] <= above < s.cue[1])
        draft.source = _source(draft, strands)
        draft.status, draft.status_reason = _status(draft, strands)
        if _is_general(draft, strands):
            strands.log(match.head, f"{match.type} “{draft.mention.text}”: told in general, no event")
            continue
        strands.log(
            match.head,
            f"{match.type} “{draft.mention.text}” by the {'model' if match.learned else 'lexicon'}, "
            f"{draft.status} ({draft.status_reason})",
        )
        drafts.append(draft)
    return drafts


def _is_general(draft: Draft, strands: Strands) -> bool:
    """Whether the words tell of no one event but of what is done, or may be done, in general."""
    token = strands.doc[draft.match.head]
    if is_disposition(token, strands.cues.dispositions):
        return draft.status != "negated" or draft.status_reason.startswith("governed")  # not "did not fire any shots"
    if draft.status != "asserted":
        return False
    if is_recurrent(token):
        return True
    if strands.ontology.is_a(draft.type, "Communication") or not is_habit(token):
        return False
    start, end = token.sent.start, token.sent.end
    return not any(start <= t.start < end and t.value is not None for t in strands.times)


def _fill(
    draft: Draft,
    strands: Strands,
    event_heads: dict[int, str],
    in_times: set[int],
    members: Mapping[int, list[int]],
) -> None:
    doc = strands.doc
    for filled in fill_roles(draft.match, doc, strands.ontology, strands.class_of, event_heads, in_times):
        if filled.is_event:
            draft.event_fillers.append((filled.role, filled.head))
        elif filled.role == "cause":
            clause = sorted(t.i for t in doc[filled.head].subtree)
            draft.cause_words.append(strands.mention(clause[0], clause[-1] + 1))
        else:
            entity = strands.entity_of(filled.head)
            if entity is None or (filled.role, entity) in draft.fillers:
                continue
            if filled.role == "patient" and entity in draft.of("agent") and doc[filled.head].pos_ == "PRON":
                continue  # "they shouted they would kill them": somebody else
            draft.fillers.append((filled.role, entity))
            if filled.role == "place" and not (filled.rule.split(" ")[0] in _WAYS and _leads(draft, strands)):
                draft.sites.append(entity)
            draft.counts.extend(_counts(filled.role, entity, filled.head, strands))
            if filled.role in _COLLECTIVE:
                for member in closure(filled.head, members):
                    _add_member(draft, filled.role, strands.entity_of(member), strands)
        strands.log(draft.match.head, f"  {filled.role}: {doc[filled.head].text} by {filled.rule}")


def _add_member(draft: Draft, role: str, entity: str | None, strands: Strands) -> None:
    if entity is not None and (role, entity) not in draft.fillers:
        draft.fillers.append((role, entity))
        strands.log(draft.match.head, f"  {role}: one of the group")


def _leads(draft: Draft, strands: Strands) -> bool:
    return strands.ontology.fits(draft.type, ("Movement", "Rescue", "Release"))


def _add_causes(draft: Draft, strands: Strands, event_heads: dict[int, str]) -> None:
    """What the text makes the cause of the event: another event, or words where they name none."""
    for head in stated_causes(strands.doc[draft.match.head], strands.cues.causes, strands.cues.causing):
        above = strands.doc[head].head.i if strands.doc[head].dep_ == "nmod" else head
        if head in event_heads or above in event_heads:  # "the killing of a clerk that sparked riots"
            draft.event_fillers.append(("cause", head if head in event_heads else above))
        elif strands.ontology.fits(strands.class_of(head) or "", ("Agent", "Weapon")):
            continue  # who or what did it is no cause: "the fire was caused by a tenant"
        else:
            phrase = sorted(t.i for t in strands.doc[head].subtree)
            draft.cause_words.append(strands.mention(phrase[0], phrase[-1] + 1))
        strands.log(draft.match.head, f"  cause: {strands.doc[head].text}")


def _counts(role: str, entity: str, head: int, strands: Strands) -> list[CountDraft]:
    return [
        CountDraft(
            role,
            entity,
            q.quantity.minimum,
            q.quantity.maximum,
            q.quantity.approximate,
            strands.mention(q.start, q.end),
            strands.doc[q.counted].text,
        )
        for q in strands.quantities
        if q.counted == head or (q.start <= head < q.end and strands.doc[q.counted].head.i == head)  # "hundreds of men"
    ]


def _speech_scopes(strands: Strands) -> list[Scope]:
    """Threats and accusations hold what is threatened or alleged: the speaker is its source."""
    scopes: list[Scope] = []
    for match in strands.matches:
        if match.type not in _SPEAKING:
            continue
        token = strands.doc[match.head]
        speaker = next(
            (a.head for a in match.arguments if a.slot in ("subject", "by", "possessor", "light:subject")), None
        )
        content = {
            t.i for c in token.children if c.dep_ in ("ccomp", "xcomp", "obl", "obj", "acl", "nmod") for t in c.subtree
        }
        if speaker is not None and content:
            content -= {speaker, match.head}
            scopes.append(
                attribution.Scope(speaker, (token.i, token.i + 1), frozenset(content), "speech", None, match.type)
            )
    return scopes


def _scopes_around(head: int, scopes: Sequence[Scope]) -> list[Scope]:
    around = [s for s in scopes if head in s.content and not s.cue[0] <= head < s.cue[1]]
    return sorted(around, key=lambda s: (len(s.content), s.cue))


def _source(draft: Draft, strands: Strands) -> str | None:
    for scope in draft.scopes:
        if scope.speaker is None or scope.kind == "cited":
            continue
        entity = strands.entity_of(scope.speaker)
        if entity is not None and (scope.kind != "quoted" or _is_agent(entity, strands)):
            return entity  # the video that is quoted is what its speaker speaks in
    return None


def _is_agent(entity: str, strands: Strands) -> bool:
    return strands.ontology.is_a(strands.entity_classes[entity], "Agent")


def _status(draft: Draft, strands: Strands) -> tuple[Status, str]:
    head = strands.doc[draft.match.head]
    status, reason = status_of(head, strands.cues.factuality)
    of_words = status_in([strands.doc[i] for i in draft.match.tokens], head, strands.cues.factuality)
    if of_words and status == "asserted" and draft.type not in _ACTS_OF_SPEECH:
        return of_words, "its own words"
    if status != "asserted" and draft.type in _ACTS_OF_SPEECH and (draft.known or _is_denied(head, strands)):
        return "asserted", "the words were said, whatever becomes of them"  # "denied these allegations"
    if status == "asserted" and draft.type == "Funding" and head.lemma_ in _PROMISING:
        return "planned", "what is promised is to come"
    doubted = bool(draft.scopes) and draft.scopes[0].kind == "doubt" and not draft.known
    if status == "asserted" and doubted:
        return "possible", f"said with doubt: {strands.doc[draft.scopes[0].cue[0]].text}"
    scores = strands.scores if status == "asserted" else None
    if scores is not None and scores.knows(draft.type):
        row = scores.status[draft.match.head]
        best = int(row.argmax())
        if row[best] > _SURE_OF_STATUS and scores.statuses[best] != status:
            return cast("Status", scores.statuses[best]), f"so to the model ({row[best]:.2f})"
    return status, reason


def _is_denied(noun: Token, strands: Strands) -> bool:
    return noun.pos_ == "NOUN" and any(m.head == noun.head.i and m.type == "Denial" for m in strands.matches)
