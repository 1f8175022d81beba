"""How many of what: the number phrases of a parsed document (Universal Dependencies) and the noun that each counts.

``countwords`` reads the words; here the parse says whether "about" and "over" are limits or prepositions, and which
noun is counted. Nothing is decided about the role that the counted noun fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.extract.amounts.countwords import NOT_COUNTED_AFTER, Quantity, bounded, quantities_in, read_quantity
from kg.extract.amounts.tolls import find_tolls
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

__all__ = ["CountedQuantity", "Quantity", "find_quantities", "read_quantity"]


class CountedQuantity(NamedTuple):
    """A quantity in a document: tokens [start, end), its bounds, and the index of the token that is counted.

    ``counted`` is the numeral itself where the text leaves the noun out ("five had been captured").
    """

    start: int
    end: int
    quantity: Quantity
    counted: int


def find_quantities(doc: Doc) -> list[CountedQuantity]:
    """Return the quantities of a parsed document with what each counts, in text order."""
    words = [token.text for token in doc]
    tolls = {toll.number for toll in find_tolls(doc)}
    found: list[CountedQuantity] = []
    for quantity in quantities_in(words, lambda index: not _is_preposition(doc[index])):
        counted = next((i for i in range(quantity.start, quantity.end) if i in tolls), None) or _counted(doc, quantity)
        if counted is not None and doc[counted].lower_ == "strong":
            counted = doc[counted].head.i  # "a 5,000-strong brigade"
        if counted is not None and doc[counted].lower_ not in NOT_COUNTED_AFTER:
            quantity = _shared_limit(doc, quantity, counted, found)  # noqa: PLW2901
            found.append(CountedQuantity(quantity.start, quantity.end, quantity, counted))
    return found


_SHARED = {"least": "min", "fewer": "min", "minimum": "min", "up": "max", "most": "max", "maximum": "max"}


def _shared_limit(doc: Doc, quantity: Quantity, counted: int, before: Sequence[CountedQuantity]) -> Quantity:
    """Let "at least" reach over "and": in "at least 32 miners and 23 guards" the 23 are a lower bound too."""
    token = doc[counted]
    if token.dep_ != "conj" or quantity.minimum is None or quantity.minimum != quantity.maximum:
        return quantity
    for other in before:
        if other.counted in {token.head.i, counted} and quantity.start - other.counted <= _NEAR:
            words = {word.lower_ for word in doc[other.start : other.end]}
            kinds = [kind for word, kind in _SHARED.items() if word in words]
            return bounded(quantity, kinds[0]) if kinds else quantity
    return quantity


#: Tokens between the noun before "and" and the number after it, over which a limit reaches.
_NEAR = 3


def _is_preposition(token: Token) -> bool:
    """Whether the parse takes "over", "about", "around" as a preposition ("talks about two men") and not as a limit."""
    if token.dep_ == "case":
        return token.head.i > token.i and not token.head.like_num
    return token.lower_ == "some" and token.head.pos_ not in {"NUM", "NOUN", ""}


def _counted(doc: Doc, quantity: Quantity) -> int | None:
    """Return the index of the token counted, None where the number counts nothing (a name's number, a bare year)."""
    tokens = doc[quantity.start : quantity.end]
    if any(token.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT"} for token in tokens):
        return None
    numerals = [
        t for t in tokens if t.like_num or t.lower_ in _NUMERAL_NOUNS or t.pos_ == "NUM" or t.text[:1].isdigit()
    ]
    if not numerals:
        return None
    after = doc[quantity.end : quantity.end + 1]
    if after and after[0].lower_ in _FATES:  # "30 dead and 200 injured"
        return int(after[0].i)
    head = next((t for t in numerals if not quantity.start <= t.head.i < quantity.end or t.head.i == t.i), numerals[-1])
    if tokens[0].lower_ == "between":  # the parse may hang the first number anywhere
        return _noun_after(doc, quantity.end) or int(numerals[-1].i)
    outer = head.head
    if outer.i != head.i and quantity.start <= outer.i < quantity.end and outer.dep_ in _BARE:
        return int(head.i)  # "as many as 300 were wounded"
    if head.lower_ in {"one", "ones"} and head.dep_ not in {"nummod", "compound"} and not _of(head):
        return None  # the pronoun: "the one who", "one should"
    if head.lower_ == "both" and head.dep_ in {"cc", "cc:preconj", "advmod"}:
        return None
    of = _of(head)
    if of is not None and of.lower_ in _FATES and any(c.dep_ == "det" for c in of.children):
        return int(head.i)  # "two of the wounded died"
    if of is not None:
        return int(of.i)
    governor = head.head
    if (head.dep_ in _BEFORE_NOUN or governor.lower_ == "more") and governor.i != head.i:
        if governor.i >= quantity.end:
            return int(governor.i)
        return None if governor.pos_ in {"NOUN", "PROPN", "SYM", "X"} else int(head.i)  # "Flight 370", "Azizi, 25,"
    return _bare(head, quantity)


def _is_numeral(token: Token) -> bool:
    return token.like_num or token.lower_ in _NUMERAL_NOUNS or token.pos_ == "NUM" or token.text[:1].isdigit()


def _noun_after(doc: Doc, at: int) -> int | None:
    """Return the noun that heads the phrase beginning at a token, None where a verb or the end comes first."""
    found = None
    for token in doc[at : at + _PHRASE]:
        if token.pos_ in ("NOUN", "PROPN"):
            found = int(token.i)
        elif token.pos_ not in ("ADJ", "PUNCT") or found is not None:
            break
    return found


def _bare(head: Token, quantity: Quantity) -> int | None:
    """Return the index counted by a numeral without a noun: itself, or the noun of the numeral it is joined to."""
    if head.doc[quantity.start - 1].text in {"(", "["} and quantity.start:
        return None
    if head.pos_ == "NOUN" or not head.doc.has_annotation("DEP"):
        return int(head.i)  # "hundreds were hurt"
    if any(t.dep_ == "cop" for t in head.lefts) and any(
        t.dep_ == "nsubj" and (t.pos_ == "PROPN" or t.lower_ in {"he", "she", "who", "i"}) for t in head.lefts
    ):
        return None  # "he was 22"
    first = head.head
    if head.dep_ == "conj":
        if first.dep_ in _BEFORE_NOUN and first.head.i > head.i:
            return int(first.head.i)  # "between 70 and, some say, 110 farmers"
        return int(head.i) if first.dep_ in _BARE or first.pos_ in {"NOUN", "VERB"} else None
    if head.dep_ == "obl" and any(t.dep_ == "case" and t.lower_ in {"to", "by"} for t in head.lefts):
        return int(head.i)  # "rose to 32", "attended by 300"
    return int(head.i) if head.dep_ in _BARE else None


_BEFORE_NOUN = frozenset({"nummod", "compound", "amod", "det", "det:predet", "nmod", "nummod:gov"})
_BARE = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "ROOT", "root", "obl:agent", "ccomp", "xcomp", "parataxis"})
_FATES = frozenset({"dead", "injured", "wounded", "missing"})
_PHRASE = 4  # words of a noun phrase behind its number
_NUMERAL_NOUNS = frozenset(words("numeralNouns"))


def _of(numeral: Token) -> Token | None:
    """Return the noun of "dozens of people", "five of the men"."""
    for child in numeral.rights:
        if child.dep_ in {"nmod", "obl"} and any(t.dep_ == "case" and t.lower_ == "of" for t in child.lefts):
            return child
    return None
