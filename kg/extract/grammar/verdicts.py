"""What is found of a deed by those who judge it: a word of a parsed document in, its status out.

"Acquitted of taking bribes", "not guilty of murder", "wrongly convicted of robbing a shop": nobody did it, as far as
these words go. "Failed to prove that …", "has not ruled out that …": it stays open. Which words judge is the lexicon's;
how they reach the deed is grammar and stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.grammar.truth import in_vain, is_denied
from kg.extract.syntax.slots import ACTED_ON, NOMINALS, OBLIQUES
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.extract.grammar.truth import Verdict

_CLEARING = frozenset(words("clearing"))
_JUDGING = frozenset(words("judging"))
_PROVING = frozenset(words("proving"))
_SUSPECTING = frozenset(words("suspecting"))
_WRONGLY = frozenset(words("wrongly"))
_LINKS = frozenset({"of", "for", "with", "from"})


def verdict_of(deed: Token, head: Token, dep: str) -> Verdict | None:
    """What a judging word above a deed says of it.

    Args:
        deed: the word of the deed.
        head: the word it hangs on.
        dep: how it hangs on it.

    Returns:
        the status and a few words for the trace; None where nothing judges it.

    """
    if dep == "ccomp" and head.lemma_ in _PROVING and (is_denied(head) or in_vain(head)):
        return "possible", f"not {head.lemma_}"
    if dep in ("ccomp", "xcomp") and head.lemma_ in ("rule", "deny") and is_denied(head) and deed.pos_ == "VERB":
        return "possible", f"not {head.lemma_}"  # "has not ruled out that the guard killed him"
    links = {c.lower_ for c in deed.children if c.dep_ in ("case", "mark")} & _LINKS
    if not links:
        return None
    if dep in ("nmod", "acl") and head.dep_ in ACTED_ON:  # "cleared the officers of beating a man": hung on its object
        head = head.head
    if dep == "acl" and head.dep_ in OBLIQUES:  # "acquitted last year of bribing": hung on the year
        head = head.head
    if head.lemma_ in _CLEARING and not links.isdisjoint({"of", "from"}):
        return ("possible", f"not {head.lemma_}") if is_denied(head) else ("negated", f"{head.lemma_} of")
    if head.lower_ == "guilty" and is_denied(head):
        return "negated", "not guilty of"
    wrongly = any(c.lower_ in _WRONGLY for c in head.children)
    if (
        wrongly and head.lemma_ in _JUDGING and deed.pos_ not in NOMINALS
    ):  # but a crash happened, whoever is blamed for it
        return "negated", f"wrongly {head.lemma_}"
    if head.lemma_ in _SUSPECTING and "for" in links and deed.tag_ == "VBG":  # not of nouns: the bombing happened
        return "possible", f"{head.lemma_} for"
    return None
