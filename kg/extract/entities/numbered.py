"""What a name is, and names that their form shows: "No. 10", "Mine No. 4", "WHO". A document in, such names out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.extract.entities.spelling import is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.extract.entities.nouns import EntityWords


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: tokens [start, end), its entity type, and the name it stands for where that is another word.

    ``demonym`` marks the adjective of a country ("Kenyan"): ``stands_for`` is then the country. ``part`` marks a part
    of a country ("northern Kenya"): its first word says which.
    """

    start: int
    end: int
    type: str
    stands_for: str | None = None
    demonym: bool = False
    part: bool = False


def numbered_names(doc: Doc, words: EntityWords) -> Iterator[Name]:
    """Yield the names with a number behind "No.": what the lexicon knows so, or the capitalised noun before it."""
    for token in doc:
        end = number_end(token)
        if end is None:
            continue
        folded = fold(doc[token.i : end].text)
        start = token.i
        while start > 0 and doc[start - 1].text[:1].isupper() and doc[start - 1].text.isalpha():
            start -= 1
        if start < token.i:
            kind = words.noun_type([doc[token.i - 1].lower_]) or "Facility"
            yield Name(start, end, kind)
        elif folded in words.names:
            yield Name(token.i, end, words.names[folded])


def number_end(word: Token) -> int | None:
    """Return the end of "No. 10" or "No 10" that begins at a word, None for any other "no"."""
    doc, i = word.doc, word.i
    if word.text not in ("No", "No.", "Nos", "Nos.", "Number"):
        return None
    at = i + 2 if doc[i + 1 : i + 2].text == "." else i + 1
    return at + 1 if at < len(doc) and doc[at].text.isdigit() else None


def acronym_names(doc: Doc, words: EntityWords) -> Iterator[Name]:
    """Yield acronyms that are words too ("WHO", "ICE"): known ones, and those of a body that the text names."""
    bodies = [ent.text for ent in doc.ents if ent.label_ == "ORG"]
    for token in doc:
        if token.ent_type_ or token.pos_ == "PROPN" or not (token.is_upper and token.is_alpha and len(token) > 1):
            continue
        if not any(t.is_lower and len(t) > 3 for t in token.sent):
            continue  # a line in capitals
        kind = words.names.get(fold(token.text))
        if kind is None and any(is_acronym(token.text, body) for body in bodies):
            kind = "Organization"
        if kind is not None:
            yield Name(token.i, token.i + 1, kind)
