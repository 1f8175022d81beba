"""Events in the making: triggers, chains, times and scopes of one document in; a draft for each trigger out.

This is where the findings meet: roles become entity ids, counts find their role, scopes their event.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from kg.core.model import Count, Mention
from kg.extract.amounts.tolls import find_tolls
from kg.extract.entities.members import closure, members_of
from kg.extract.events.drafts import Draft
from kg.extract.events.tolls import add_tolls
from kg.extract.grammar.factuality import status_in, status_of, told_as_known
from kg.extract.grammar.generic import is_avoided, is_disposition, is_habit, is_of_a_kind, is_recurrent
from kg.extract.grammar.innocence import elsewhere, innocents
from kg.extract.grammar.plans import onlookers, verb_phrase
from kg.extract.grammar.pretence import why_unreal
from kg.extract.grammar.roles import fill_roles, stated_causes
from kg.extract.grammar.triggers import parts_of_speech, trigger_span
from kg.extract.saying import scopes as attribution
from kg.extract.saying.speakers import is_unsaid
from kg.extract.syntax.slots import children
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Token

    from kg.core.model import Status
    from kg.extract.events.findings import Findings
    from kg.extract.saying.scopes import Scope

_COLLECTIVE = ("agent", "patient", "recipient")  # roles that the members of a group share with it
_PROMISING = frozenset({"promise", "pledge", "vow", "commit"})
_WAYS = words("ways")
_SURE_OF_STATUS = 0.8  # the model's probability of a status where the rules see plain assertion
_FORESEEING, _ESCAPING = frozenset(words("foreseeing")), frozenset(words("escaping"))
_UNMARKED = ("no marker", "told as known")  # reasons for an assertion that the model may still doubt


def build_drafts(findings: Findings) -> tuple[Draft, ...]:
    """Return a draft for each trigger that tells an event, with what stands around it, in text order."""
    event_heads = {m.head: m.type for m in findings.matches}
    in_times = {i for t in findings.times for i in range(t.start, t.end)}
    sentence_of = {t.i: n for n, s in enumerate(findings.doc.sents) for t in s}
    speech = speech_scopes(findings)
    members = members_of(findings.doc, findings.class_of, findings.ontology)
    drafts: list[Draft] = []
    given = {toll.noun for toll in find_tolls(findings.doc) if toll.speaker is not None}
    for match in findings.matches:
        start, end = trigger_span(findings.doc, match, partial(_tells, kind=match.type, findings=findings))
        draft = Draft(match, match.type, Mention(start, end, findings.text[start:end]), sentence_of[match.head])
        draft = _filled(draft, findings, event_heads, in_times, members)
        draft = replace(draft, told=frozenset(draft.fillers))
        draft = _with_causes(draft, findings, event_heads)
        known = told_as_known(findings.doc[match.head], findings.cues.factuality)
        known = known and match.head not in given  # "the ministry put the death toll at nine": it says so
        scopes = _scopes_around(match.head, [*findings.scopes, *speech])
        if known:  # "confirmed the arrest", "called the raid a crime": it is not who confirms or calls that tells it
            above = findings.doc[match.head].head.i
            scopes = [s for s in scopes if not s.cue[0] <= above < s.cue[1]]
        draft = replace(draft, known=known, scopes=tuple(scopes), source=_source(scopes, findings))
        status, reason = _status(draft, findings)
        draft = replace(draft, status=status, status_reason=reason)
        unreal = why_unreal(match, findings.doc[match.head], findings.ontology)
        if unreal is not None:
            findings.log(match.head, f"{match.type} “{draft.mention.text}”: {unreal}, no event")
            continue
        if _is_general(draft, findings):
            findings.log(match.head, f"{match.type} “{draft.mention.text}”: told in general, no event")
            continue
        findings.log(
            match.head,
            f"{match.type} “{draft.mention.text}” by {match.found_by}, {draft.status} ({draft.status_reason})",
        )
        drafts.append(_with_lives(draft, findings))
    return add_tolls(drafts, findings)


def _tells(token: int, kind: str, findings: Findings) -> float:
    """How surely a word alone tells an event of a type: to the model, else whether the lexicon lists it plainly."""
    if findings.scores is not None and findings.scores.knows(kind):
        return findings.scores.kind([token], [kind])
    word = findings.doc[token]
    listed = (
        t for pos in parts_of_speech(word) for t in findings.ontology.triggers.get((word.lemma_.lower(), pos), ())
    )
    return float(any(t.type == kind and not (t.others or t.when) for t in listed))


def _is_general(draft: Draft, findings: Findings) -> bool:
    """Whether the words tell of no one event but of what is done, or may be done, in general."""
    token = findings.doc[draft.match.head]
    if is_disposition(token, findings.cues.dispositions):
        return draft.status != "negated" or draft.status_reason.startswith("governed")  # not "did not fire any shots"
    dated = _is_dated(token, findings)
    if is_avoided(token) and not dated and draft.status in ("negated", "planned") and not draft.counts:
        return not any(r == "place" for r, _ in draft.fillers)
    if draft.status != "asserted" and not (draft.status_reason.startswith("so to") and is_recurrent(token)):
        return False
    if is_of_a_kind(token) and not dated:
        return True
    if is_recurrent(token):
        return True
    if findings.ontology.is_a(draft.type, "speech") or not is_habit(token):
        return False
    return not dated


def _is_dated(token: Token, findings: Findings) -> bool:
    """Whether the sentence names a time."""
    start, end = token.sent.start, token.sent.end
    return any(start <= t.start < end and t.value is not None for t in findings.times)


def _filled(
    draft: Draft,
    findings: Findings,
    event_heads: dict[int, str],
    in_times: set[int],
    members: Mapping[int, list[int]],
) -> Draft:
    """Return the draft with the roles that its grammar fills, and the counts of who fills them."""
    doc = findings.doc
    head = doc[draft.match.head]
    outside = {"agent": onlookers(head) | innocents(head), "place": elsewhere(head), "recipient": elsewhere(head)}
    barred = {(role, findings.entity_of(i)) for role, heads in outside.items() for i in heads}
    draft = replace(draft, barred=frozenset((role, e) for role, e in barred if e is not None))
    for filled in fill_roles(draft.match, doc, findings.ontology, findings.class_of, event_heads, in_times):
        if filled.is_event:
            draft = replace(draft, event_fillers=(*draft.event_fillers, (filled.role, filled.head)))
        elif filled.role == "cause":
            clause = sorted(t.i for t in doc[filled.head].subtree)
            words_of_it = findings.mention(clause[0], clause[-1] + 1)
            draft = replace(draft, cause_words=(*draft.cause_words, words_of_it))
        else:
            entity = findings.entity_of(filled.head)
            if entity is None or (filled.role, entity) in draft.fillers:
                continue
            if (filled.role, entity) in draft.barred:
                findings.log(
                    draft.match.head, f"  {filled.role}: not {doc[filled.head].text}, who stops or tells of it"
                )
                continue
            if filled.role == "agent" and _is_who_wants_it(doc[filled.head], entity, findings):
                draft = replace(draft, barred=draft.barred | {("agent", entity)})
                continue  # "the mayor called for him to resign": somebody else
            if _is_of_both(filled.role, entity, doc[filled.head], draft):
                continue
            draft = _counting(draft.filled(filled.role, entity), filled.role, entity, filled.head, findings)
            if filled.role == "place" and not (filled.rule.split(" ")[0] in _WAYS and _leads(draft, findings)):
                draft = replace(draft, sites=(*draft.sites, entity))
            if filled.role in _COLLECTIVE:
                for member in closure(filled.head, members):
                    draft = _with_member(draft, filled.role, member, findings)
        findings.log(draft.match.head, f"  {filled.role}: {doc[filled.head].text} by {filled.rule}")
    return draft


def _is_of_both(role: str, entity: str, word: Token, draft: Draft) -> bool:
    """Whether a pronoun would make one both doer and victim: "they shouted they would kill them", "was sued by him"."""
    other = {"patient": "agent", "agent": "patient"}.get(role, "")
    themselves = word.lower_.endswith(("self", "selves"))
    return word.pos_ == "PRON" and entity in draft.of(other) and (role == "patient" or not themselves)


def _is_who_wants_it(word: Token, entity: str, findings: Findings) -> bool:
    """Whether a pronoun that is no subject was taken for the subject of its own verb."""
    subjects = children(word.head, "nsubj") if word.pos_ == "PRON" and word.dep_ in ("obj", "iobj", "obl") else []
    return any(findings.entity_of(c.i) == entity for c in subjects) and not word.lower_.endswith(("self", "selves"))


def _with_member(draft: Draft, role: str, member: int, findings: Findings) -> Draft:
    """Return the draft with one of a group beside the group: "three people, including two children"."""
    entity = findings.entity_of(member)
    if entity is None or (role, entity) in draft.fillers:
        return draft
    findings.log(draft.match.head, f"  {role}: one of the group")
    return _counting(draft.filled(role, entity), role, entity, member, findings)


def _with_lives(draft: Draft, findings: Findings) -> Draft:
    """Return the draft with the people whom its own words count: "claimed 12 lives"."""
    for q in findings.quantities:
        entity = findings.entity_of(q.counted)
        if q.counted in draft.match.tokens and q.counted != draft.match.head and entity is not None:
            known = {c.mention for c in draft.counts}
            counts = [c for c in _counts("patient", entity, q.counted, findings) if c.mention not in known]
            draft = replace(draft.filled("patient", entity), counts=(*draft.counts, *counts))
    return draft


def _leads(draft: Draft, findings: Findings) -> bool:
    return findings.ontology.is_a(draft.type, "leads")


def _with_causes(draft: Draft, findings: Findings, event_heads: dict[int, str]) -> Draft:
    """Return the draft with what the text makes its cause: another event, or words where they name none."""
    for head in stated_causes(findings.doc[draft.match.head], findings.cues.causes, findings.cues.causing):
        above = findings.doc[head].head.i if findings.doc[head].dep_ == "nmod" else head
        if head in event_heads or above in event_heads:  # "the killing of a clerk that sparked riots"
            cause = ("cause", head if head in event_heads else above)
            draft = replace(draft, event_fillers=(*draft.event_fillers, cause))
        elif findings.ontology.fits(findings.class_of(head) or "", ("Agent", "Weapon")):
            continue  # who or what did it is no cause: "the fire was caused by a tenant"
        else:
            phrase = sorted(t.i for t in findings.doc[head].subtree)
            draft = replace(draft, cause_words=(*draft.cause_words, findings.mention(phrase[0], phrase[-1] + 1)))
        findings.log(draft.match.head, f"  cause: {findings.doc[head].text}")
    return draft


def _counting(draft: Draft, role: str, entity: str, head: int, findings: Findings) -> Draft:
    """Return the draft with the counts that the words give of who fills a role."""
    counts = _counts(role, entity, head, findings)
    return replace(draft, counts=(*draft.counts, *counts)) if counts else draft


def _counts(role: str, entity: str, head: int, findings: Findings) -> list[Count]:
    return [
        Count(
            "",
            role,
            entity,
            q.quantity.minimum,
            q.quantity.maximum,
            q.quantity.approximate,
            findings.mention(q.start, q.end),
            findings.names.get(entity, "") if q.start <= q.counted < q.end else findings.doc[q.counted].text,
        )
        for q in findings.quantities
        if q.counted == head
        or (q.start <= head < q.end and findings.entity_of(q.counted) == entity)  # "as many as 300", "left 30 dead"
        or (q.start <= head < q.end and findings.doc[q.counted].head.i == head)  # "hundreds of men"
    ]


def speech_scopes(findings: Findings) -> list[Scope]:
    """Threats and accusations hold what is threatened or alleged: the speaker is its source."""
    scopes: list[Scope] = []
    for match in findings.matches:
        if not findings.ontology.is_a(match.type, "holdsClaim"):
            continue
        token = findings.doc[match.head]
        if is_unsaid(token):  # "no group has claimed responsibility"
            continue
        speaker = next(
            (a.head for a in match.arguments if a.slot in ("subject", "by", "possessor", "light:subject")), None
        )
        content = {
            t.i for c in token.children if c.dep_ in ("ccomp", "xcomp", "obl", "obj", "acl", "nmod") for t in c.subtree
        }
        if speaker is not None and content:
            content -= {speaker, match.head} | attribution.asides(findings.doc, content)
            scopes.append(
                attribution.Scope(speaker, (token.i, token.i + 1), frozenset(content), "speech", None, match.type)
            )
    return scopes


def _scopes_around(head: int, scopes: Sequence[Scope]) -> list[Scope]:
    around = [s for s in scopes if head in s.content and not s.cue[0] <= head < s.cue[1]]
    return sorted(around, key=lambda s: (len(s.content), s.cue))


def _source(scopes: Sequence[Scope], findings: Findings) -> str | None:
    """The innermost speaker, of acts of saying from within."""
    for scope in scopes:
        if scope.speaker is None or scope.kind == "cited":
            continue
        entity = findings.entity_of(scope.speaker)
        if entity is not None and (scope.kind != "quoted" or _is_agent(entity, findings)):
            return entity  # the video that is quoted is what its speaker speaks in
    return None


def _is_agent(entity: str, findings: Findings) -> bool:
    return findings.ontology.is_a(findings.entity_classes[entity], "Agent")


def _status(draft: Draft, findings: Findings) -> tuple[Status, str]:
    head = findings.doc[draft.match.head]
    status, reason = status_of(head, findings.cues.factuality)
    said = findings.ontology.is_a(draft.type, "speechAct") or (  # "he denied the charge": it was brought
        head.pos_ == "NOUN" and findings.ontology.is_a(draft.type, "proceeding")
    )
    of_words = status_in([findings.doc[i] for i in draft.match.tokens], head, findings.cues.factuality)
    if of_words and status == "asserted" and not said:
        return of_words, "its own words"
    if status != "asserted" and said and (draft.known or _is_denied(head, findings)):
        return "asserted", "the words were said, whatever becomes of them"  # "denied these allegations"
    if status == "asserted" and findings.ontology.is_a(draft.type, "promised") and head.lemma_ in _PROMISING:
        return "planned", "what is promised is to come"
    doubted = bool(draft.scopes) and draft.scopes[0].kind == "doubt" and not draft.known
    if status == "asserted" and doubted:
        return "possible", f"said with doubt: {findings.doc[draft.scopes[0].cue[0]].text}"
    if status == "planned" and _is_foreseen(draft, head, findings):
        return "possible", "foreseen, planned by nobody"
    if status == "negated" and _is_survived(draft, head, findings):
        return "asserted", f"what is escaped happened: {head.head.lemma_}"
    unmarked = status == "asserted" and (reason in _UNMARKED or reason.startswith("governed"))
    scores = findings.scores if unmarked else None
    if scores is not None and scores.knows(draft.type):
        row = scores.status[draft.match.head]
        best = int(row.argmax())
        if row[best] > _SURE_OF_STATUS and scores.statuses[best] != status:
            return cast("Status", scores.statuses[best]), f"so to the model ({row[best]:.2f})"
    return status, reason


def _is_foreseen(draft: Draft, head: Token, findings: Findings) -> bool:
    """Whether violence or a disaster is what somebody expects of others or of nature: "expects heavy casualties"."""
    verb = head.head
    direct = head.dep_ in ("obj", "nsubj:pass") and head.pos_ == "NOUN"
    return (
        direct and verb.lemma_ in _FORESEEING and findings.ontology.fits(draft.type, ("deliberate", "mishap", "harm"))
    )


def _is_survived(draft: Draft, head: Token, findings: Findings) -> bool:
    """Whether violence or a disaster is what somebody comes out of alive: "escaped unhurt from a bombing"."""
    above = head.head
    if head.dep_ not in ("obj", "obl", "nmod") or verb_phrase(above) not in _ESCAPING:
        return False
    unharmed = not any(c.lower_ in ("not", "never", "n't") for c in above.children)
    fits = findings.ontology.fits
    return unharmed and fits(draft.type, ("violent", "mishap")) and not fits(draft.type, ("harm",))


def _is_denied(noun: Token, findings: Findings) -> bool:
    return noun.pos_ == "NOUN" and any(
        m.head == noun.head.i and findings.ontology.is_a(m.type, "denies") for m in findings.matches
    )
