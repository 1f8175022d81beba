"""What a telling brings in: two tellings in, whether the later one is of a thing that the earlier was not about, out.

"A robbery at a bank … fled in a stolen car": the car is another theft. "The theft of a bicycle … the theft of a boat".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.phrases import is_definite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings

_DONE_TO = frozenset({"object", "subject:pass", "of", "on", "against"})


def brings_in(later: Draft, event: Draft, doc: Doc) -> bool:
    """Whether a participle or noun tells of a thing that its words bring in, and that no telling of an event is about.

    Of people it says nothing: "the teacher" may be "a man".
    """
    word = doc[later.match.head]
    if not names_no_doer(word) and not (word.pos_ == "NOUN" and any(a.slot == "of" for a in later.match.arguments)):
        return False
    things = list(_things(later, doc))
    if not things or any(is_definite(t) for t in things):
        return False
    others = {t.lemma_.lower() for telling in event.tellings for t in _things(telling, doc)}
    return others.isdisjoint(t.lemma_.lower() for t in things) and (bool(others) or word.dep_ == "amod")


def strikes_another(later: Draft, event: Draft, doc: Doc) -> bool:
    """Whether somebody tells of a deed of his own against another thing than an event was against.

    "Missiles struck an apartment block. The ministry said it had struck a depot": of the block it says nothing.
    """
    if later.source is None or later.source not in later.of("agent") or later.source == event.source:
        return False
    things = {t.lemma_.lower() for t in _things(later, doc)}
    others = {t.lemma_.lower() for telling in event.tellings for t in _things(telling, doc)}
    return bool(things and others) and things.isdisjoint(others)


def names_no_doer(word: Token) -> bool:
    """Whether a participle before a noun only says what was done to it: "fled in a stolen car"."""
    return word.dep_ == "amod" and word.tag_ in ("VBN", "VBD")


def is_aside(draft: Draft, findings: Findings) -> bool:
    """Whether participles before nouns are all that tells of a grave act: its day is not that of what is told of them.

    "The detained journalist, freed last week"; not of harm: "the injured men were flown out on Monday".
    """
    return findings.ontology.is_a(draft.type, "grave") and all(names_no_doer(findings.doc[h]) for h in draft.heads)


def _things(draft: Draft, doc: Doc) -> Iterator[Token]:
    """What grammar says that an event was done to, in common nouns."""
    for argument in draft.match.arguments:
        if argument.slot in _DONE_TO and doc[argument.head].pos_ == "NOUN":
            yield doc[argument.head]
