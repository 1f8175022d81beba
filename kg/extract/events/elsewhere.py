"""What stands near an event and is of another one: an event in, those of its participants and places out.

"A court in Nairobi jailed a man for killing a tourist in Mombasa": he was jailed in Nairobi and killed in Mombasa.
"Colonel Idris shot General Barre. He died": not who shot. "'Soto killed my brother,' said Ramos. He was jailed": not
who says so. "Was not among the executives charged with fraud": not she.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.grammar.truth import is_denied
from kg.extract.syntax.slots import children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft, Drafts, Key
    from kg.extract.events.findings import Findings

_HOLDING = frozenset(words("holding"))
_REASONS = frozenset({"for", "over", "of"})
_STEPS = 4
_NEAR = 2  # sentences


def of_others(draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> Iterator[tuple[str, str]]:
    """Participants and places, as (role, entity id), that the words put elsewhere."""
    yield from _places_of_others(draft, now, key_at, findings)
    yield from _not_among(draft, findings)
    yield from _other_man(draft, now.all(), findings)
    yield from _by_others(draft, findings)


# -- where it was, and where it was tried ------------------------------------------------------------------------------


def _places_of_others(
    draft: Draft, now: Drafts, key_at: Mapping[int, Key], findings: Findings
) -> Iterator[tuple[str, str]]:
    """Places of a deed that are those of the sentence or arrest over it, and the other way round."""
    doc = findings.doc
    if len(draft.heads) > 1:
        return
    word = doc[draft.match.head]
    above = _law_above(word, now, key_at, findings)
    if above is not None:
        own = {t.i for t in _reason_below(word, above).subtree}
        yield from (("place", e) for e in draft.of("place") if not _stands_in(e, own, word, findings, within=True))
    if _is_law(draft, findings):
        for deed in (now[k] for h, k in key_at.items() if k != draft.key and word in doc[h].ancestors):
            if _law_above(doc[deed.match.head], now, key_at, findings) == word:
                theirs = {t.i for t in _reason_below(doc[deed.match.head], word).subtree}
                for e in draft.of("place"):
                    if _stands_in(e, theirs, word, findings, within=False):
                        yield "place", e


def _is_law(event: Draft, findings: Findings) -> bool:
    within = findings.ontology
    return within.is_a(event.type, "proceeding") or findings.doc[event.match.head].lemma_ in _HOLDING


def _law_above(word: Token, now: Drafts, key_at: Mapping[int, Key], findings: Findings) -> Token | None:
    """The word of the sentence, charge or arrest that a deed is told as the reason of."""
    low = word
    for _ in range(_STEPS):
        links = {c.lower_ for c in children(low, "case", "mark")}
        head = low.head
        if head.i == low.i or low.dep_ in ("conj", "parataxis", "acl:relcl", "ccomp"):
            return None
        if not links.isdisjoint(_REASONS):
            for above in (head, *head.ancestors):
                if above.i in key_at and _is_law(now[key_at[above.i]], findings):
                    return above
                if above.pos_ in ("VERB", "AUX"):
                    return None
        low = head
    return None


def _reason_below(word: Token, above: Token) -> Token:
    """The outermost word of the phrase that gives the reason and that a deed stands in."""
    low = word
    while low.head != above and low.head.i != low.i:
        if {c.lower_ for c in children(low, "case", "mark")} & _REASONS:
            return low
        low = low.head
    return low


def _stands_in(entity: str, tokens: set[int], word: Token, findings: Findings, *, within: bool) -> bool:
    """Whether a place of the sentence is named in some words: anywhere in them (``within``), or in them alone.

    What the sentence does not name is in no other phrase of it.
    """
    sentence = word.sent
    heads = [m.head for m in findings.spans_of.get(entity, ()) if sentence.start <= m.head < sentence.end]
    return (not heads or any(h in tokens for h in heads)) if within else bool(heads) and tokens.issuperset(heads)


# -- who it was not ----------------------------------------------------------------------------------------------------


def _not_among(draft: Draft, findings: Findings) -> Iterator[tuple[str, str]]:
    """Who is said not to be one of those of whom an event is told: "was not among the executives charged"."""
    for noun in findings.doc[draft.match.head].ancestors:
        if children(noun, "cop") and is_denied(noun):
            outside = {t.i for subject in children(noun, "nsubj") for t in subject.subtree}
            for role, entity in draft.fillers:
                if any(m.head in outside for m in findings.spans_of.get(entity, ())):
                    yield role, entity


def _other_man(draft: Draft, others: Iterable[Draft], findings: Findings) -> Iterator[tuple[str, str]]:
    """Whom only "he" or "she" names, and whom the sentences before show as who did it, or as who accuses another."""
    harmed, held = findings.ontology.is_a(draft.type, "harm"), _is_law(draft, findings)
    for entity in draft.of("patient") if harmed or held else ():
        if not _only_a_pronoun(entity, draft, findings):
            continue
        for other in others:
            if not 0 < draft.sentence - other.sentence <= _NEAR or not findings.ontology.is_a(other.type, "grave"):
                continue
            doers, victims = other.of("agent"), other.of("patient")
            did_it = harmed and entity in doers and _people(victims - doers, findings)
            accuses = held and other.source == entity and bool(doers) and entity not in doers
            if did_it or accuses:
                yield "patient", entity


def _by_others(draft: Draft, findings: Findings) -> Iterator[tuple[str, str]]:
    """Who does only what another word tells: "condemned the killing of a judge by militants and visited his widow"."""
    doc, told = findings.doc, {f for t in draft.tellings for f in t.told}
    for entity in draft.of("agent"):
        heads = [doc[m.head] for m in findings.spans_of.get(entity, ())]
        heads = [h for h in heads if any(doc[own].sent == h.sent for own in draft.heads)]
        theirs = [{h.head.i, *(c.i for c in children(h.head, "obj", "nsubj:pass", "nmod"))} for h in heads]
        if ("agent", entity) in told or not heads or not all(preposition(h) == "by" for h in heads):
            continue
        own = {t.i for h in draft.heads for t in (doc[h], *doc[h].children)}
        if all(own.isdisjoint(some) for some in theirs):
            yield "agent", entity


def _only_a_pronoun(entity: str, draft: Draft, findings: Findings) -> bool:
    sentences = [findings.doc[h].sent for h in draft.heads]
    here = [m for m in findings.spans_of.get(entity, ()) if any(s.start <= m.head < s.end for s in sentences)]
    return bool(here) and all(m.pronoun for m in here)


def _people(entities: Iterable[str], findings: Findings) -> bool:
    return any(findings.ontology.is_a(findings.entity_classes[e], "Person") for e in entities)
