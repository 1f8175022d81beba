"""Event coreference within an article: drafts in, drafts merged where they tell of one event.

"The siege", "the stand-off" and the verb that told of it are one event; two killings with different victims, days or
counts stay two. A merge needs the same type, or one that tells it less exactly. Where the network learned the types, it
needs nothing that excludes it and good odds, all weighed (``pairs.py``), in the mean of the tellings that are put
together already. Elsewhere rules decide: no conflict in any role, time, status or count, and a reason: the same word or
number, an anaphoric noun ("the attack", "this raid"), the same patient.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.events.brought import brings_in, strikes_another
from kg.extract.events.drafts import Drafts, joined
from kg.extract.events.pairs import introduces, is_another
from kg.extract.syntax.phrases import is_definite
from kg.extract.syntax.slots import preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from spacy.tokens import Doc, Token

    from kg.core.model import Bounds, TimeSpan
    from kg.extract.events.drafts import Draft
    from kg.extract.events.pairs import Pairs
    from kg.ontology.values import Ontology

_DECIDING, _ONE_IN_PLURAL = frozenset(words("deciding")), frozenset(words("oneInPlural"))
_ANY = "Event"  # nouns like "the incident"
_CAUSING = ("subject", "by", "in", "from", "of")
_PLURAL, _SINGULAR = ("NNS", "NNPS"), ("NN", "NNP")
_TAKING_PART = ("nsubj", "nsubj:pass", "obj")
_STEM = 4  # letters that kindred words of one type begin with
_WINDOW = 12  # sentences: an anaphor reaches no further back
_NEAR = 4  # sentences in which the same word alone tells the same event


def merge_drafts(
    drafts: Iterable[Draft],
    doc: Doc,
    ontology: Ontology,
    surely_two: Callable[[str, str], bool],
    log: Callable[[int, str], None],
    pairs: Pairs | None = None,
) -> tuple[Draft, ...]:
    """Put the drafts of one event together; the first mention in the text leads. Text order is kept.

    ``pairs`` weighs those whose types the network learned; of the others, and without it, rules decide.
    """
    merged = Drafts(())
    for draft in drafts:
        target = _likeliest(draft, merged.all(), doc, pairs) if pairs is not None else None
        target = target or _antecedent(draft, merged.all(), doc, ontology, surely_two, pairs)
        if target is None:
            if draft.type != _ANY:
                merged.put(draft)
            else:
                log(draft.match.head, f"“{draft.mention.text}” points to no event told before")
            continue
        leader, reason = target
        log(draft.match.head, f"{draft.type} “{draft.mention.text}” is the event of “{leader.mention.text}”: {reason}")
        merged.put(_absorbed(leader, draft, ontology, done=_carried_out(draft, leader, doc)))
    return merged.all()


def _likeliest(draft: Draft, earlier: Sequence[Draft], doc: Doc, pairs: Pairs) -> tuple[Draft, str] | None:
    """The event told before that this is likeliest to be, all weighed; of two as likely the later one."""
    means = [(pairs.mean(draft, event), n) for n, event in enumerate(earlier)]
    likely = sorted(((mean, n) for mean, n in means if mean is not None and mean >= pairs.by.least), reverse=True)
    for mean, n in likely:
        if not _excluded(draft, earlier[n], doc, pairs):
            return earlier[n], f"all weighed ({1 / (1 + math.exp(-mean)):.2f})"
    return None


def _antecedent(
    draft: Draft,
    earlier: Sequence[Draft],
    doc: Doc,
    ontology: Ontology,
    surely_two: Callable[[str, str], bool],
    pairs: Pairs | None,
) -> tuple[Draft, str] | None:
    """The event told before that this is by rules, the latest told with the same word before all others.

    Of what was weighed only that counts which grammar alone gives.
    """
    lemma = doc[draft.match.head].lemma_.lower()
    latest_first = list(reversed(earlier))
    same_word = [d for d in latest_first if any(doc[h].lemma_.lower() == lemma for h in d.heads)]
    if draft.type == _ANY:
        same_word, latest_first = [], [d for d in latest_first if ontology.is_a(d.type, "pointedTo")]
    for candidate in [*same_word, *(d for d in latest_first if d not in same_word)]:
        if draft.sentence - candidate.last_sentence > _WINDOW and not _shares_core(draft, candidate):
            continue
        if not _types_meet(draft, candidate, doc, ontology):
            continue
        if _is_purpose(draft, candidate, doc):
            return candidate, "what it was for"
        if _conflict(draft, candidate, doc, surely_two):
            continue
        was_weighed = pairs is not None and pairs.mean(draft, candidate) is not None
        reason = (_given if was_weighed else _reason)(draft, candidate, doc)
        if reason:
            return candidate, reason
    return None


def _types_meet(draft: Draft, candidate: Draft, doc: Doc, ontology: Ontology) -> bool:
    """Whether one type is the other, or the other told less exactly: by a noun, or who died was killed."""
    if draft.type == candidate.type:
        return True
    undone = next((d for d in (draft, candidate) if d.type in ontology.when_done), None)
    if undone is not None:
        death, done = undone, candidate if undone is draft else draft
        return ontology.when_done[death.type] == done.type and (
            _shares_core(draft, candidate) or doc[death.match.head].lemma_.lower() == "death"
        )
    general, exact = (draft, candidate) if ontology.is_a(candidate.type, draft.type) else (candidate, draft)
    return ontology.is_a(exact.type, general.type) and doc[general.match.head].pos_ in ("NOUN", "PROPN")


def refine_types(
    drafts: Iterable[Draft], doc: Doc, ontology: Ontology, log: Callable[[int, str], None]
) -> tuple[Draft, ...]:
    """Make a mishap deliberate where the rest of the article says so.

    "The blast" is a bombing where the article tells of one: the lexicon lists the word plainly for a disaster and,
    under conditions that another sentence meets, for violence. Who died by an attack was killed.
    """
    now = Drafts(drafts)
    deliberate = {d.type for d in now.all() if ontology.is_a(d.type, "deliberate")}
    key_at = {d.match.head: d.key for d in now.all()}
    for draft in now.all():
        trigger = draft.match.trigger
        if ontology.is_a(draft.type, "mishap") and not trigger.when and not trigger.others:
            readings = ontology.triggers.get((trigger.head, trigger.pos), ())
            other = next((t.type for t in readings if t.when and not t.others and t.type in deliberate), None)
            if other is not None:
                log(draft.match.head, f"{draft.type} “{draft.mention.text}” is a {other}: the article tells of one")
                now.put(replace(draft, type=other))
    kinds = {t for t in deliberate if ontology.is_a(t, "attack") and not _is_plain(t, ontology)}
    if len(kinds) == 1:
        (kind,) = kinds
        for draft in now.all():
            if (
                ontology.is_a(draft.type, "attack")
                and _is_plain(draft.type, ontology)
                and draft.match.tokens == (draft.match.head,)
                and draft.match.trigger.pos == "noun"
                and is_definite(doc[draft.match.head])
            ):
                log(
                    draft.match.head,
                    f"{draft.type} “{draft.mention.text}” is a {kind}: the only kind that the article tells",
                )
                now.put(replace(draft, type=kind))
    for draft in now.all():
        causes = {h for role, h in draft.event_fillers if role == "cause"} | {
            a.head for a in draft.match.arguments if a.slot in _CAUSING
        }
        done = ontology.when_done.get(draft.type)
        if done is not None and any(h in key_at and ontology.is_a(now[key_at[h]].type, "attack") for h in causes):
            log(draft.match.head, f"{draft.type} “{draft.mention.text}” is a {done}: an attack caused it")
            now.put(replace(draft, type=done))
    return now.all()


def _is_plain(kind: str, ontology: Ontology) -> bool:
    """Whether a type is the most general one of its traits: an attack of no kind in particular."""
    above = ontology.event_types[kind].types[1:]
    return not any(ontology.is_a(name, "attack") for name in above)


def _conflict(a: Draft, b: Draft, doc: Doc, surely_two: Callable[[str, str], bool]) -> bool:
    """Whether anything the two say excludes that they are one event.

    With the same word, only names part the participants: what "the infant" is here may be "the girl" there.
    """
    if a.status != b.status and "possible" not in (a.status, b.status) and not _carried_out(a, b, doc):
        return True
    word, other = doc[a.match.head], doc[b.match.head]
    if introduces(word) or (word.tag_ in _PLURAL and other.tag_ in _SINGULAR):
        return True
    if a.time is not None and b.time is not None:
        va, vb = a.time.value, b.time.value
        if va is not None and vb is not None and va != vb:
            return True
    if _contradict(a, b):
        return True
    if _counts_of(a) & _counts_of(b):
        return False
    same_word = a.type != b.type or _same_word(word, b, doc)
    for role in ("patient", "agent", "recipient"):
        fa, fb = a.of(role), b.of(role)
        if fa and fb and fa.isdisjoint(fb) and (not same_word or all(surely_two(x, y) for x in fa for y in fb)):
            return True
    return bool(a.counts and b.counts)


def _excluded(a: Draft, b: Draft, doc: Doc, pairs: Pairs) -> bool:
    """Whether two tellings cannot be of one event, however likely it is.

    One is denied; "another attack", "a second bomb exploded"; two days; others who did it or whom it befell; two
    numbers; two speakers who name different doers; what one decided to do and another did. What else differs is
    weighed: "will meet on Monday" and "the talks" may well be one.
    """
    if "negated" in (a.status, b.status) and a.status != b.status and "possible" not in (a.status, b.status):
        return True
    if a.status == "negated" and any(t.status == "asserted" for t in b.members):
        return True
    word = doc[a.match.head]
    if _contradict(a, b) or is_another(word) or any(c.dep_ in _TAKING_PART and is_another(c) for c in word.children):
        return True
    if a.time is not None and b.time is not None and _apart(a.time.bounds, b.time.bounds):
        return True
    if pairs.ontology.is_a(a.type, "grave") and pairs.is_of_things(a) and brings_in(a, b, doc):
        return True
    if strikes_another(a, b, doc):
        return True
    if pairs.are_others(a, b) or (a.status != b.status and _have_other_doers(a, b)):
        return True
    return bool(a.counts and b.counts) and not _counts_of(a) & _counts_of(b)


def _apart(one: Bounds, other: Bounds) -> bool:
    """Whether one time ends before the other begins, by the coarser grain of the two."""
    for first, then in ((one, other), (other, one)):
        end, begin = first.latest_end, then.earliest_begin
        if end and begin and end[: len(begin)] < begin[: len(end)]:
            return True
    return False


def _is_purpose(draft: Draft, candidate: Draft, doc: Doc) -> bool:
    """Whether an event is what another of its type was for: "met to discuss water rights", "met for talks"."""
    token = doc[draft.match.head]
    return (
        draft.type == candidate.type
        and token.head.i == candidate.match.head
        and (
            (token.dep_ in ("advcl", "xcomp") and token.tag_ == "VB")
            or (token.dep_ == "obl" and preposition(token) == "for")
        )
    )


def _carried_out(told: Draft, planned: Draft, doc: Doc) -> bool:
    """Whether what somebody decided to do is told as done further on: "decided to step down. He quit"."""
    if planned.status != "planned" or told.status != "asserted" or told.type != planned.type:
        return False
    word = doc[planned.match.head]
    shared = any(told.of(role) & planned.of(role) for role in ("agent", "patient"))
    return (
        shared and word.tag_ == "VB" and word.head.lemma_ in _DECIDING and doc[told.match.head].tag_ in ("VBD", "VBN")
    )


def _contradict(a: Draft, b: Draft) -> bool:
    """Whether two speakers name different doers: what each of them says stays an event of its own."""
    return a.source is not None and b.source is not None and a.source != b.source and _have_other_doers(a, b)


def _have_other_doers(a: Draft, b: Draft) -> bool:
    return bool(a.of("agent")) and bool(b.of("agent")) and a.of("agent").isdisjoint(b.of("agent"))


def _counts_of(draft: Draft) -> set[tuple[str, int | None, int | None]]:
    return {(c.role, c.minimum, c.maximum) for c in draft.counts}


def _same_word(token: Token, candidate: Draft, doc: Doc) -> bool:
    """Whether an event was told with this word or a kindred one ("exploded", "the explosion")."""
    lemma = token.lemma_.lower()
    told = (doc[h].lemma_.lower() for h in candidate.heads)
    return any(lemma == other or (lemma[:_STEM] == other[:_STEM] and len(lemma) >= _STEM) for other in told)


def _shares_core(a: Draft, b: Draft) -> bool:
    return bool(a.of("patient") & b.of("patient"))


def _given(draft: Draft, candidate: Draft, doc: Doc) -> str | None:
    """Why grammar makes two tellings one, whatever else is known."""
    if any(a.slot in ("subject", "by") and a.head in candidate.heads for a in draft.match.arguments):
        return "it is its subject"
    if draft.status != candidate.status and _carried_out(draft, candidate, doc):
        return "what was decided is done"
    return None


def _reason(draft: Draft, candidate: Draft, doc: Doc) -> str | None:
    """Why two tellings are one by rules."""
    token = doc[draft.match.head]
    definite = token.pos_ in ("NOUN", "PROPN") and is_definite(token)
    near = draft.sentence - candidate.last_sentence <= _NEAR
    if _same_word(token, candidate, doc) and (near or definite):
        return "same word"
    given = _given(draft, candidate, doc)
    if given:
        return given
    if _counts_of(draft) & _counts_of(candidate):
        return "same number"
    if draft.sentence == candidate.sentence:
        return None
    if definite and (token.tag_ in _SINGULAR or token.lower_ in _ONE_IN_PLURAL):
        return "definite noun"
    if _shares_core(draft, candidate):
        return "same patient"
    return None


def _absorbed(leader: Draft, draft: Draft, ontology: Ontology, *, done: bool) -> Draft:
    """Return the event with one more telling, and with what that adds; ``done`` where it was decided before."""
    shared = {role for role, _ in leader.fillers if not leader.of(role).isdisjoint(draft.of(role))}
    known_roles = {role for role, _ in leader.fillers} - shared - {"place"}  # "the infant" adds nothing to "the girl"
    fillers = (f for f in draft.fillers if f not in leader.fillers and f[0] not in known_roles)
    event_fillers = (f for f in draft.event_fillers if f not in leader.event_fillers)
    known = _counts_of(leader)
    counts = (c for c in draft.counts if (c.role, c.minimum, c.maximum) not in known)
    status, chances = (draft.status, draft.chances) if done else joined(leader, draft)
    return replace(
        leader,
        status=status,
        status_reason=draft.status_reason if done else leader.status_reason,
        chances=chances,
        type=draft.type if ontology.is_a(draft.type, leader.type) else leader.type,
        fillers=(*leader.fillers, *fillers),
        event_fillers=(*leader.event_fillers, *event_fillers),
        cause_words=(*leader.cause_words, *draft.cause_words),
        counts=(*leader.counts, *counts),
        time=draft.time if _certainty(draft.time) > _certainty(leader.time) else leader.time,
        members=(*leader.members, draft),
    )


def _certainty(time: TimeSpan | None) -> int:
    """How much a time says of when: nothing, words alone ("previously"), a date."""
    if time is None:
        return 0
    return 1 if time.value is None else 2
