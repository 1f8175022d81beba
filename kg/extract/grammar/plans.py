"""Plans and who foils them: a word of a parsed document in; its plan, and who only looks on, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.grammar.truth import in_vain, is_denied
from kg.extract.syntax.slots import NOMINALS, arguments, children
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.core.model import Status


_PLAN_NOUNS = frozenset(words("planNouns"))
_FOILING = frozenset(words("foiling")) | frozenset(words("abandoning"))
_ONLOOKING = frozenset(words("onlooking"))
_TENDING = frozenset(words("tending"))


def verb_phrase(verb: Token) -> str:
    """A verb in its lemma with its particle or bare object: "take place", "brush aside"."""
    parts = [c.lower_ for c in verb.children if c.dep_ == "compound:prt" or (c.dep_ == "obj" and c.lower_ == "place")]
    return " ".join([verb.lemma_.lower(), *parts])


def foiled(token: Token) -> tuple[Status, str] | None:
    """What a plan that is foiled or given up was to do did not happen: "thwarted an attempt to kidnap him"."""
    plan = plan_above(token)
    if plan is None or plan.head.pos_ != "VERB" or plan.dep_ not in ("obj", "nsubj:pass"):
        return None
    verb = plan.head
    if verb_phrase(verb) not in _FOILING or is_denied(verb) or in_vain(verb):
        return None
    return "negated", f"{verb.lemma_} a {plan.lemma_}"


def was_to_have(token: Token) -> bool:
    """Whether what was meant to be done is told in the perfect: "was to have resigned on Friday"; he may not have."""
    around = {c.lower_ for c in children(token, "aux", "mark", "cop")}
    return token.tag_ == "VBN" and {"to", "have"} <= around and not around.isdisjoint({"was", "were"})


def plan_above(token: Token) -> Token | None:
    """The noun for a plan that an event's word is the content of: "a plot to bomb …", "plans for an attack"."""
    current = token
    while (
        current.dep_ in ("conj", "obj", "xcomp") and current.head.pos_ == "VERB" and current.head.tag_ in ("VB", "VBG")
    ):
        current = current.head
    head = current.head
    if current.dep_ not in ("acl", "nmod", "compound") or head.lemma_.lower() not in _PLAN_NOUNS:
        return None
    return head


def onlookers(token: Token) -> set[int]:
    """Head tokens of those who stop, find out or judge what an event's word tells: it is not they who do it.

    "Police foiled a plot to bomb …", "troops averted an attack", "an attempt was thwarted by guards".
    """
    if token.lemma_ in _TENDING and token.pos_ == "VERB":  # "a doctor treated two men for gunshot wounds"
        return {a.head for a in arguments(token) if a.slot in ("subject", "by")}
    noun = plan_above(token) or token
    verb = noun.head
    if noun.pos_ not in NOMINALS or verb.pos_ != "VERB" or not (verb_phrase(verb) in _ONLOOKING or in_vain(verb)):
        return set()
    if noun.dep_ not in ("obj", "nsubj:pass", "obl") or children(noun, "nmod:poss"):  # "resisted their own urge to …"
        return set()
    return {a.head for a in arguments(verb) if a.slot in ("subject", "by")}
