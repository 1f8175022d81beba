"""Tolls: a parsed document in; the nouns for how many there are, with the number that each is said to be, out.

"The death toll rose to 12", "the ministry put the number at 40", "bringing the toll to eight". Which event a toll is of
is decided where events are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_TOLLS = frozenset(words("tollNouns"))
_MOVING = frozenset(words("tollMoving"))
_SETTING = frozenset(words("tollSetting"))
_LINKS = frozenset({"to", "at", "as"})
_DIRECT = frozenset({"stand", "reach", "hit", "pass", "top", "exceed", "be", "total"})


class Toll(NamedTuple):
    """A toll: the token of its noun, of the number, and of the verb that gives it; who gives it, where it is said."""

    noun: int
    number: int
    verb: int
    speaker: int | None


def find_tolls(doc: Doc) -> list[Toll]:
    """Return the tolls of a parsed document in text order; none where it has no parse."""
    if not doc.has_annotation("DEP"):
        return []
    return [toll for token in doc if token.lemma_.lower() in _TOLLS for toll in _told(token)]


def _told(noun: Token) -> Iterator[Toll]:
    verb = noun.head
    if verb.pos_ not in ("VERB", "AUX"):
        return
    if noun.dep_ == "obj" and verb.lemma_ in _SETTING:
        yield from _of(noun, verb)
        yield from _beside(verb)
    moved = noun.dep_ == "nsubj" and verb.lemma_ in _MOVING
    passive = noun.dep_ == "nsubj:pass" and verb.lemma_ in _SETTING
    if not (moved or passive or (noun.dep_ == "obj" and verb.lemma_ in _SETTING)):
        return
    number = _number_of(noun, verb, direct=moved and verb.lemma_ in _DIRECT)
    if number is not None:
        yield Toll(noun.i, number.i, verb.i, _speaker(verb, passive=passive) if not moved else None)


def _of(noun: Token, verb: Token) -> Iterator[Toll]:
    """The number that stands in the phrase of the noun: "gave a toll of six dead"."""
    if noun.lemma_.lower() != "toll":
        return
    for child in noun.children:
        if child.dep_ == "nmod" and noun.nbor().lower_ == "of":
            number = child if _is_number(child) else next((c for c in child.children if c.dep_ == "nummod"), None)
            if number is not None:
                yield Toll(noun.i, number.i, verb.i, _speaker(verb, passive=False))


def _beside(verb: Token) -> Iterator[Toll]:
    """A second number, whose noun stands where a verb would: "put the dead at 17 and the injured at 60"."""
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ not in ("VERB", "AUX"):
            number = _number_of(child, child, direct=False) or next(
                (c for c in child.children if _is_number(c) and c.dep_ in ("obl", "nmod")), None
            )
            if number is not None:
                yield Toll(child.i, number.i, verb.i, _speaker(verb, passive=False))


def _number_of(noun: Token, verb: Token, *, direct: bool) -> Token | None:
    """The number that a toll is said to be: behind "to" or "at", or the object of "reached"; the last of several."""
    inside = {t.i for t in noun.subtree} if noun is not verb else set()
    inside.update(t.i for c in verb.children if c.dep_ == "conj" for t in c.subtree)
    found: Token | None = None
    for token in (t for t in verb.subtree if t.i not in inside and _is_number(t)):
        case = next((c.lower_ for c in token.children if c.dep_ == "case" and c.i < token.i), None)
        linked = case in _LINKS and token.dep_ in ("obl", "nmod", "obj", "xcomp", "advcl")
        if linked or (direct and token.dep_ in ("obj", "xcomp") and token.head.i == verb.i):
            found = token
    return found


def _is_number(token: Token) -> bool:
    return token.pos_ == "NUM" or token.like_num


def _speaker(verb: Token, *, passive: bool) -> int | None:
    if passive:
        return next((c.i for c in verb.children if c.dep_ == "obl:agent"), None)
    subject = next((c.i for c in verb.children if c.dep_ == "nsubj"), None)
    return subject if verb.dep_ != "advcl" else None  # "bringing the toll to eight": the article says so
