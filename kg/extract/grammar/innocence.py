"""Who is said to have had no part in it: a word of a parsed document in, who is not the doer of what it tells out.

"Had nothing to do with the kidnapping", "ruled out that Lanza took part in the murder", "is no longer a suspect in it":
the crime stays a crime, and nobody named beside it in those words did it. Neither did those who are placed elsewhere
at the time: "she was in Madrid when he was shot".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.grammar.truth import is_denied
from kg.extract.syntax.slots import OBLIQUES, children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from spacy.tokens import Token

_INVOLVEMENT = frozenset(words("involvement"))
_TYING = frozenset(words("tying"))
_EXCLUDING = frozenset({*words("dismissing"), *words("clearing"), "rule out", "exclude"})
_WHEN = frozenset({"when", "while", "as"})
_OVERTURNING, _VERDICTS = frozenset(words("overturning")), frozenset({"conviction", "sentence", "verdict", "ruling"})
_TIMES = frozenset(words("adverbialNouns"))
_SEEING = frozenset(words("perceiving"))
_AWAY = frozenset({"abroad", "away", "elsewhere", "home", "overseas"})
_TO_IT = frozenset({"in", "to", "with", "of", "for", "behind"})
_UP = frozenset({"obj", "obl", "xcomp", "ccomp", "acl", "nmod", "nsubj", "nsubj:pass", "advcl"})
_STEPS = 6


def innocents(deed: Token) -> set[int]:
    """Tokens around an event's word that are not who did it, by what the words say; the deed's own phrase excepted."""
    undone = _undone_verdict(deed)
    if undone is not None:
        return _beside(undone, deed) | {c.i for c in deed.subtree if c.tag_ == "PRP$"}
    top = denied_tie(deed)
    if deed.dep_ == "acl:relcl" and children(deed.head, "cop") and is_denied(deed.head):
        return _beside(deed.head, deed)  # "it was not the rebels who attacked the bus"
    uncommitted = [c for c in children(deed, "acl:relcl") if is_denied(c)]
    if uncommitted:  # "a murder that he did not commit"
        return {t.i for c in uncommitted for s in children(c, "nsubj") for t in s.subtree}
    if top is None:
        return elsewhere(deed)
    if top == deed:  # "was not behind the attack"
        return {t.i for subject in children(deed, "nsubj") for t in subject.subtree}
    return _beside(top, deed)


def _undone_verdict(deed: Token) -> Token | None:
    """The word that undoes a verdict over a deed: "overturned his conviction for the murder", "quashed"."""
    low = deed
    for _ in range(_STEPS):
        head = low.head
        if head.i == low.i or low.dep_ in ("conj", "parataxis", "acl:relcl", "ccomp"):
            return None
        verdicts = [c for c in (low, *children(head, "obj", "nsubj:pass")) if c.lemma_.lower() in _VERDICTS]
        if head.lemma_ in _OVERTURNING and verdicts and not is_denied(head):
            return head
        low = head
    return None


def elsewhere(deed: Token) -> set[int]:
    """Tokens of a clause that says where somebody was at the time of a deed: "was in Madrid when Sol was shot"."""
    clause = next((c for c in _clauses_at(deed) if _places(c)), None)
    return _beside(clause, deed) if clause is not None else set()


def _beside(clause: Token, deed: Token) -> set[int]:
    own = {t.i for t in deed.subtree}
    return {t.i for t in clause.subtree if t.i not in own}


def denied_tie(deed: Token) -> Token | None:
    """The word above a deed under which a tie to it is denied; None where none is.

    "Took no part in the raid", "no evidence linking him to the blast", "was not behind the attack".
    """
    tie = _tie(deed)
    if tie is None:
        return None
    current = tie
    for _ in range(_STEPS):
        if is_denied(current) or current.lower_ == "nothing" or _none_of(current):
            return current
        head = current.head
        if head.i == current.i or current.dep_ not in _UP:
            return None
        if _excludes(head) and current.dep_ != "nsubj":
            return head
        current = head
    return None


def _tie(deed: Token) -> Token | None:
    """The word that ties somebody to a deed: "part", "suspect", "link", "responsible", "take (part)"."""
    link = preposition(deed)
    if link == "behind" and children(deed, "cop"):
        return deed
    head = deed.head
    if deed.dep_ not in ("nmod", "advcl", "acl", *OBLIQUES):
        return None
    links = {link, *(c.lower_ for c in children(deed, "mark", "case"))}
    if links.isdisjoint(_TO_IT):
        return None
    if head.lemma_.lower() in _INVOLVEMENT | _TYING:
        return head
    if head.lemma_ == "take" and any(c.lemma_ in _INVOLVEMENT for c in children(head, "obj")):
        return head
    return head if head.lemma_ == "do" and head.head.lower_ == "nothing" else None


def _none_of(word: Token) -> bool:
    """Whether a word has a negative before it: "no part", "without any role", "took no part", "no longer suspect"."""
    own = [c for c in word.children if c.i < word.i and c.dep_ in ("det", "case", "advmod", "nsubj", "cc:preconj")]
    objects = [c for o in children(word, "obj") for c in children(o, "det")]
    return any(c.lower_ in ("no", "without", "nobody", "never", "neither") for c in (*own, *objects)) or any(
        c.lower_ == "no" for w in own for c in w.children
    )


def _excludes(verb: Token) -> bool:
    """Whether a verb takes back what stands below it: "ruled out", "denied", "cleared of"."""
    particles = [c.lower_ for c in children(verb, "compound:prt", "advmod")]
    phrases = (verb.lemma_, *(f"{verb.lemma_} {p}" for p in particles))
    return any(p in _EXCLUDING for p in phrases) and not is_denied(verb)


def _clauses_at(deed: Token) -> Iterator[Token]:
    """The clause that tells what was at the time of a deed."""
    if deed.dep_ == "advcl" and any(c.lower_ in _WHEN for c in deed.children):
        yield deed.head
    moment = deed.head
    if deed.dep_ in ("acl:relcl", "acl", "nmod") and moment.lemma_ in _TIMES and moment.dep_ in (*OBLIQUES, "nmod"):
        yield moment.head
        if moment.head.dep_ in OBLIQUES:  # "saw him in a bar at the time of the killing"
            yield moment.head.head


def _places(clause: Token) -> bool:
    """Whether a clause says where somebody was, or that he was seen somewhere."""
    if children(clause, "cop") and not is_denied(clause):
        if clause.pos_ == "NUM" or clause.ent_type_ in ("DATE", "TIME") or clause.lemma_ in _TIMES:
            return False  # "the last time was in 2007, when …"
        return preposition(clause) is not None or clause.lower_ in _AWAY
    if clause.lemma_ in _SEEING and not is_denied(clause):
        return any(preposition(c) in ("in", "at", "on", "near") for c in _phrases_of(clause))
    return False


def _phrases_of(clause: Token) -> Collection[Token]:
    return [*children(clause, *OBLIQUES), *(n for o in children(clause, "obj") for n in children(o, "nmod"))]
