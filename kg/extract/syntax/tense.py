"""What the words around a trigger say of its place in the story: a token in, its clause, tense and standing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Words that set what follows them apart from the time of the clause above.
APART = frozenset(words("apart"))
_TOPICS = frozenset({"for", "over", "about", "against", "with", "to"})  # "charged with", "a ban on", "reacted to"
_BACKGROUND = frozenset({"previously", "earlier", "since", "historically", "formerly", "once", "ago", "recently"})
_HAVING = frozenset({"has", "have", "'ve", "’ve", "had"})
_MAY = frozenset({"may", "might", "could", "must"})
_PAST = frozenset({"was", "were", "did", "got"})
_TIMELESS = frozenset({"been", "being", "be", "to", "getting"})
_STOPS = (".", "”", '"', "!", "?")


def clause_of(token: Token) -> Token:
    """The verb whose clause a word stands in, or the topmost word above it where there is none."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def is_side_clause(verb: Token) -> bool:
    """Whether a clause dates, explains or describes what another one tells; "what led him there" is no such clause."""
    return verb.dep_ in ("advcl", "acl", "acl:relcl") and verb.head.tag_ != "WP"


def is_background(verb: Token) -> bool:
    """Whether a verb tells what was before the story: a perfect tense ("may have left" is none), "previously"."""
    auxiliaries = {c.lower_ for c in children(verb, "aux", "aux:pass")}
    if not auxiliaries.isdisjoint(_HAVING) and auxiliaries.isdisjoint(_MAY):
        return True
    return any(c.lower_ in _BACKGROUND for c in children(verb, "advmod"))


def is_told(token: Token) -> bool:
    """Whether a word tells of something in the simple past, as part of a story.

    Not before a noun ("the arrested men"), not set apart ("after the raid"), not as something general ("called for an
    end to attacks").
    """
    if token.dep_ == "amod" or _set_apart(token):
        return False
    plural = token.tag_ in ("NNS", "NNPS") and not children(token, "det", "nummod", "nmod:poss")
    if plural and (token.dep_ not in ("obj", "nsubj", "nsubj:pass") or token.head.tag_ == "VB"):
        return False
    return _in_the_past(token)


def in_headline(token: Token) -> bool:
    """Whether a word stands in a headline: a first line without a full stop."""
    sentence = token.sent
    return bool(sentence.start == 0 and not sentence.text.rstrip().endswith(_STOPS))


def _set_apart(token: Token) -> bool:
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        if preposition(token) in APART or preposition(token) in _TOPICS:
            return True
        token = token.head
    return False


def _in_the_past(token: Token) -> bool:
    """Whether the first finite verb above a word is in the simple past: "managed to leave", "wounding four"."""
    for _ in range(6):
        if any(c.lower_ in APART for c in children(token, "mark")):
            return False
        if token.pos_ in ("VERB", "AUX"):
            auxiliaries = {c.lower_ for c in children(token, "aux", "aux:pass", "cop")}
            if is_background(token) or (token.tag_ == "VB" and token.head.lemma_ == "go"):  # "was going to leave"
                return False
            if token.tag_ == "VBD" or auxiliaries & _PAST or (auxiliaries & _MAY and auxiliaries & _HAVING):
                return True
            if token.tag_ in ("VBZ", "VBP", "MD") or auxiliaries - _TIMELESS:
                return False
            if token.tag_ == "VBN" and token.dep_ == "acl":
                return True
        if token.head.i == token.i:
            return False
        token = token.head
    return False
