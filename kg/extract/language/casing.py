"""Sentences in capitals, as news agencies' wires and headlines have them, brought to the usual case after parsing.

The network hardly minds capitals; the rules do, to whom a capital marks a name. What it read decides: words that it
tagged as names or saw in one keep a capital, abbreviations in brackets and points keep all, the rest gets small
letters. "THE ARMY OF NORVIA ARRESTED 12 NFF MEMBERS" is read as "The army of Norvia arrested 12 NFF members", where NFF
is explained somewhere.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Span, Token

#: Words of a sentence in capitals, at least: "BREAKING NEWS:" says little.
_FEWEST = 5
#: The share of its letters that are capitals, at least.
_MOSTLY = 0.8
_NAMES = frozenset({"NNP", "NNPS"})
#: Labels of names; a date and a number are none.
_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT"})
_LITTLE = frozenset({"DT", "IN", "CC", "TO", "POS"})
_LONGEST_SHORT = 6
_VOWELS = frozenset("AEIOUY")
_OPENING, _CLOSING = ("(", "["), (")", "]")


def with_usual_case(doc: Doc) -> Doc:
    """Return the parsed document with its sentences in capitals in the usual case; the same one where it has none.

    Words keep their places and lengths, and whatever was said of them; offsets stay those of the text.
    """
    sentences = list(doc.sents)
    everywhere = _share(doc) >= _MOSTLY
    loud = [s for s in sentences if everywhere or (_words(s) >= _FEWEST and _share(s) >= _MOSTLY)]
    if not loud:
        return doc
    words = [token.text for token in doc]
    short = _abbreviations(doc, loud)
    names = _names(doc, loud, short)
    for sentence in loud:
        for token in sentence:
            words[token.i] = _cased(token, names, short, first=token.i == _first(sentence))
    return _with_words(doc, words)


def _words(sentence: Span) -> int:
    return sum(token.text[:1].isalpha() and len(token) > 1 for token in sentence)


def _share(tokens: Iterable[Token]) -> float:
    """The share of capitals among the letters of some words; 0 where there are no letters."""
    letters = [c for token in tokens for c in token.text if c.isalpha()]
    return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0


def _first(sentence: Span) -> int:
    return next((t.i for t in sentence if t.text[:1].isalpha()), sentence.start)


def _abbreviations(doc: Doc, loud: Iterable[Span]) -> set[str]:
    """Words that the text brackets behind, or before, what they abbreviate: "(FMLN)", "ERP [PEOPLE'S …]"."""
    found: set[str] = set()
    for sentence in loud:
        for token in sentence:
            before, after = doc[token.i - 1].text if token.i else "", doc[token.i + 1 : token.i + 2].text
            if (
                token.tag_ in _NAMES
                and token.ent_type_ == "ORG"
                and not _VOWELS.intersection(token.text)
                and len(token) > 1
            ):
                found.add(token.text)  # "FMLN": no word
            alone = before in _OPENING and after in _CLOSING and token.tag_ in _NAMES
            explained = after in _OPENING and token.tag_ in _NAMES and token.ent_type_ == "ORG"
            if (alone or explained) and token.is_alpha and 1 < len(token) <= _LONGEST_SHORT:
                initials = "".join(t.text[0] for t in doc[token.i + 2 : token.i + 2 + 2 * len(token)])
                if alone or set(token.text) <= set(initials):
                    found.add(token.text)
    return found


def _spelled_out(doc: Doc, short: Token) -> set[int]:
    """The words right before a bracketed abbreviation that begin with its letters: "PEOPLE'S FREEDOM FRONT (PFF)"."""
    found: set[int] = set()
    letters, at = list(short.text), short.i - 2
    while letters and at >= 0 and short.i - at <= 2 * _LONGEST_SHORT:
        if doc[at].text[0] == letters[-1] and doc[at].tag_ not in _LITTLE:
            found.add(at)
            letters.pop()
        elif doc[at].tag_ not in _LITTLE:
            break
        at -= 1
    return set() if letters else found


def _names(doc: Doc, loud: Iterable[Span], short: set[str]) -> set[int]:
    """Words that belong to names: tagged so, or seen in one, here or mostly so in the rest of the text."""
    votes: dict[str, Counter[bool]] = {}
    found: set[int] = set()
    inside = {t.i for ent in doc.ents if ent.label_ in _LABELS for t in ent}
    for sentence in loud:
        for token in sentence:
            name = token.tag_ in _NAMES or (token.i in inside and token.tag_ not in _LITTLE)
            votes.setdefault(token.text, Counter())[name] += 1
            if name:
                found.add(token.i)
            if token.text in short:
                found.update(_spelled_out(doc, token))
    for sentence in loud:
        for token in sentence:
            seen = votes[token.text]
            if token.i not in found and token.pos_ in ("NOUN", "PROPN") and seen[True] > 2 * seen[False]:
                found.add(token.i)
    return found


def _cased(token: Token, names: set[int], short: set[str], *, first: bool) -> str:
    text = token.text
    if text in short or ("." in text and len(text) > 1 and token.i in names and text.count(".") > 1):
        return text
    low = text.lower()
    if token.i in names or first or text == "I":
        low = "".join(c.upper() if i == 0 or (not low[i - 1].isalnum() and low[i - 1] not in "'’") else c
                      for i, c in enumerate(low))  # fmt: skip
    return low if len(low) == len(text) else text


def _with_words(doc: Doc, words: list[str]) -> Doc:
    """Return a copy of the document with other words, letter for letter as long."""
    result = Doc(doc.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc])
    attributes: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE"]
    table: Any = doc.to_array(attributes)
    result.from_array(attributes, table)
    result.user_data.update(doc.user_data)
    for token, was in zip(result, doc, strict=True):
        if token.text != was.text and not token.text.islower() and token.tag_ in _NAMES:
            token.lemma_ = token.text
    return result
