"""What is told in general: a word of a parsed document in, whether it tells of no one event out.

Habits ("pilgrims arrive in spring"), what recurs ("every two years"), what somebody can or tends to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Collection

    from spacy.tokens import Token

_OFTEN = frozenset(words("often"))
_FREQUENT, _AVOIDING = frozenset(words("frequent")), frozenset(words("avoiding"))
_TAKING = frozenset({"take", "need", "cost", "happen", "occur", "mean", "require"})
_EACH = frozenset({"every", "each"})
_TIMES = frozenset({"obl", "obl:tmod", "obl:npmod", "obl:unmarked", "advmod", "nmod:unmarked"})


def is_habit(token: Token) -> bool:
    """Whether a verb tells what is so in general: a simple present of many or of things of a kind, or with how often.

    "Pilgrims arrive in spring", "the country exports coffee", "the ferry leaves at nine every morning". Headlines,
    which have no full stop, and the story of counted people ("four men drive off") are told in the simple present too.
    """
    if not _simple_present(token):
        return False
    if is_recurrent(token):
        return True
    verb = _first_conjunct(token)
    subjects = children(verb, "nsubj")
    counted = any(children(s, "nummod") or s.tag_ in ("CD", "PRP") for s in subjects)
    # "The board cut": with a singular subject it is a past that the tagger took for a present.
    past = any(s.tag_ in ("NN", "NNP") and not children(s, "conj") for s in subjects)
    general = not counted and not past if token.tag_ == "VBP" else _of_a_kind(token)
    return general and any(t.text == "." for t in list(token.sent)[-3:])


def is_recurrent(token: Token) -> bool:
    """Whether a clause in the simple present says how often its verb or subject is so: "every two years", "rarely"."""
    if token.dep_ == "nsubj" and token.head.pos_ == "VERB":
        if any(c.lower_ == "most" for c in children(token, "amod", "det")):
            return True  # "most accidents happen at home"
        token = token.head
    return _simple_present(token) and any(
        child.lower_ in _OFTEN or (child.dep_ in _TIMES and any(c.lower_ in _EACH for c in child.children))
        for child in token.children
    )


def _first_conjunct(verb: Token) -> Token:
    while verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        verb = verb.head
    return verb


def _simple_present(token: Token) -> bool:
    present = token.tag_ == "VBZ" or (token.tag_ == "VBP" and token.lower_ == token.lemma_)  # no mistagged past
    if token.pos_ != "VERB" or not present:
        return False
    return not children(token, "aux") and not children(_first_conjunct(token), "aux")


def _of_a_kind(verb: Token) -> bool:
    """Whether the object names a kind of things ("sells shoes"), none in particular."""
    objects = children(verb, "obj")
    return bool(objects) and all(
        o.tag_ in ("NN", "NNS") and not children(o, "det", "nummod", "nmod:poss", "amod", "acl:relcl") for o in objects
    )


def is_avoided(token: Token) -> bool:
    """Whether a bare plural names what is to be kept from happening at all: "to avoid bus crashes and injuries"."""
    noun = token
    while noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        noun = noun.head
    return _is_bare(token) and _is_bare(noun) and noun.dep_ == "obj" and noun.head.lemma_ in _AVOIDING


def is_of_a_kind(token: Token) -> bool:
    """Whether a bare plural in the simple present tells how things of its kind are: "landslides are frequent"."""
    verb = token.head
    if not _is_bare(token) or token.dep_ != "nsubj" or children(token, "acl:relcl"):
        return False
    copula = [c for c in children(verb, "cop") if c.tag_ == "VBP"]
    if verb.pos_ == "ADJ":
        return bool(copula) and verb.lemma_.lower() in _FREQUENT
    return _simple_present(verb) and verb.lemma_ in _TAKING and any(t.text == "." for t in list(token.sent)[-3:])


def _is_bare(noun: Token) -> bool:
    return noun.tag_ == "NNS" and not children(noun, "det", "nummod", "nmod:poss")


def is_disposition(token: Token, dispositions: Collection[str]) -> bool:
    """Whether the words tell what somebody can or tends to do, or any event of a kind, and none that happens.

    "The right to strike", "a policy of turning boats away", "the ability to carry out attacks", "any attack".
    """
    if any(c.lower_ == "any" for c in children(token, "det")):
        return True
    verb = token.head if token.pos_ == "NOUN" and token.dep_ == "obj" else token
    if verb.dep_ not in ("acl", "nmod", "xcomp", "advcl") or verb.head.lemma_.lower() not in dispositions:
        return False
    return verb.tag_ in ("VB", "VBG") and verb.head.pos_ in ("NOUN", "ADJ")
