"""Noun phrases in a Universal Dependencies tree: where they begin, what they count, how they stand in the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MODIFIERS = frozenset(
    "amod compound flat goeswith nmod:unmarked obl:npmod obl:unmarked nmod:npmod advmod punct conj cc fixed acl "
    "obl".split()
)
#: Words at the left edge that count or compare and do not describe.
EDGE_WORDS = frozenset(words("edgeWords"))
_LOCATIVE = frozenset(words("locatives"))
_ACTS = frozenset(words("bodyActs"))
#: The definite article and the demonstratives.
DEFINITE = frozenset({"the", "this", "that", "these", "those"})


def start_of(head: Token) -> int:
    """Return where the phrase of a noun begins: its articles, numbers and possessors left out."""
    doc, start, first = head.doc, head.i, head.sent.start
    while start > first:
        token = doc[start - 1]
        if token.dep_ not in _MODIFIERS or token.is_space or not start <= token.head.i <= head.i:
            break
        if token.is_punct and token.text not in ("-", "–", "/", "&"):
            break
        if (token.dep_ == "acl") != (token.head.i == head.i) and token.dep_ in ("acl", "obl", "conj", "cc", "advmod"):
            break
        start -= 1
    while start < head.i and (
        doc[start].lower_ in EDGE_WORDS or doc[start].is_punct or doc[start].dep_ in ("cc", "nummod", "det")
    ):
        start += 1
    while start < head.i and doc[start].text[:1].isdigit() and doc[start].text[-1:] in ("k", "m"):  # "40k protesters"
        start += 1
    while start < head.i and doc[start - 1].text in ("-", "–") and start > first:  # the rest of "14-year-old"
        start += 1
    return start


def counted(head: Token) -> Token | None:
    """Return the noun of an "of" phrase below a counting word ("hundreds of workers"), None where there is none."""
    for child in head.children:
        if (
            child.dep_ == "nmod"
            and child.i > head.i
            and child.pos_ in ("NOUN", "PROPN", "PRON", "ADJ")
            and any(c.dep_ == "case" and c.lower_ in ("of", "among") for c in child.children)
        ):
            return child
    return None


def is_plural(token: Token) -> bool:
    """Whether a noun is a plural in form: "police" is none."""
    return token.tag_ in ("NNS", "NNPS") and token.lemma_.lower() != token.lower_


def is_definite(head: Token) -> bool:
    """Whether a noun has a definite article, a demonstrative or a possessor."""
    return any((c.dep_ == "det" and c.lower_ in DEFINITE) or c.dep_ == "nmod:poss" for c in head.children)


def sentence_numbers(doc: Doc) -> list[int]:
    """The number of the sentence of each token."""
    return [n for n, sentence in enumerate(doc.sents) for _ in sentence]


def described(word: Token) -> tuple[Token, Token] | None:
    """The nearest and the outermost noun that a word's clause tells about; None for what tells of itself.

    "Lund, the widow of a policeman killed in the bombing": the policeman, and Lund.
    """
    nouns: list[Token] = []
    for token in (word, *word.ancestors):
        hung = token.dep_ in ("acl", "acl:relcl", "appos") and token.head.pos_ in ("NOUN", "PROPN", "PRON")
        lost = token.dep_ == "parataxis" and token.head.pos_ in ("NOUN", "PROPN")  # a participle taken for a past tense
        before = token.nbor(-1) if token.i else token
        if (hung or lost) and token.tag_ in ("VBD", "VBN") and before.pos_ == "NOUN":
            nouns.append(before)
        if hung or (lost and nouns):
            nouns.append(token.head)
        elif token.dep_ in ("ccomp", "parataxis", "conj"):
            break
    return (nouns[0], nouns[-1]) if nouns else None


def is_yet_to(verb: Token) -> bool:
    """Whether a verb tells what has not been done: "have yet to arrest anyone", "the culprits are yet to be found"."""
    i = verb.i - 1
    while i > 1 and verb.doc[i].pos_ in ("AUX", "ADV"):
        i -= 1
    return i > 0 and verb.doc[i].lower_ == "to" and verb.doc[i - 1].lower_ == "yet"


def is_numbered(word: Token) -> bool:
    """Whether "No" stands for "number": "No. 10", "Mine No 4"."""
    after = word.doc[word.i + 1 : word.i + 3]
    return (word.lower_ in ("no", "no.") and any(t.like_num for t in after[:1])) or (
        word.lower_ == "no" and len(after) == 2 and after[0].text == "." and after[1].like_num
    )


def is_located(head: Token) -> bool:
    """Whether a noun stands after a preposition of place: "at the hospital"."""
    return any(c.dep_ == "case" and c.lower_ in _LOCATIVE for c in head.children)


def acts(head: Token) -> bool:
    """Whether a noun is the subject of a verb for what people and bodies do: "the hospital said"."""
    return head.dep_ in ("nsubj", "nsubj:outer") and head.head.lemma_ in _ACTS
