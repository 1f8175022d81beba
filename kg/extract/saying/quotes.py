"""Quotes and who stands beside them: a document in; stretches between quotation marks, and their speakers, out.

"She disagreed: “…”", a statement whose quotes follow its colon in paragraphs of their own, “…” — a name behind a dash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.extract.syntax.slots import is_passive, subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from spacy.tokens import Doc, Token

_OPEN = frozenset("“‘«„")
_CLOSE = frozenset("”’»")
_PLAIN = frozenset({'"', "``", "''"})
_DASHES = frozenset({"-", "–", "—", "--"})
_SHORTEST = 3  # tokens of a quote: single words in quotes ("hits") are no speech
_NAME = 8  # tokens between a dash and the name of who is quoted, at most


class Quoted(NamedTuple):
    """A quote with the head token of who says it, the token that shows it, and by what."""

    speaker: int
    cue: int
    start: int
    end: int
    rule: str


def quoted_ranges(doc: Doc) -> list[tuple[int, int]]:
    """Half-open token ranges between quotation marks, the marks excluded.

    A quote left open ends with its paragraph (a paragraph break is a newline token); one that runs on in the next
    paragraph is opened again there by convention. Single words in quotes ("hits") are no speech and are left out.
    """
    found: list[tuple[int, int]] = []
    start: int | None = None
    for token in doc:
        text = token.text
        if "\n" in text:
            if start is not None and token.i - start >= _SHORTEST:
                found.append((start, token.i))
            start = None
        elif text in _OPEN or (text in _PLAIN and start is None):
            start = token.i + 1
        elif start is not None and _closes(text, doc[start - 1].text):
            if token.i - start >= _SHORTEST:
                found.append((start, token.i))
            start = None
    if start is not None and len(doc) - start >= _SHORTEST:
        found.append((start, len(doc)))
    return found


def _closes(text: str, opened_by: str) -> bool:
    """Whether ``text`` ends a quote: an apostrophe closes only what a single quotation mark opened."""
    return text in _PLAIN or (text in _CLOSE and (text != "’" or opened_by == "‘"))


def introduced(doc: Doc, quotes: Sequence[tuple[int, int]], covered: Collection[int]) -> Iterator[Quoted]:
    """Quotes that no cue covers, with who is named before their colon or behind their dash."""
    for start, end in quotes:
        if is_said(range(start, end), covered):
            continue
        before = _before(doc, start - 1)
        if before is not None and before.text == ":":
            speaker = _subject_before(before)
            if speaker is not None:
                yield Quoted(speaker.i, before.i, start, end, "quote behind a colon")
                continue
        dash = _after(doc, end)
        if dash is not None and dash.text in _DASHES:
            named = _named_behind(dash)
            if named is not None:
                yield Quoted(named.i, dash.i, start, end, "name behind a dash")


def is_said(quote: range, covered: Collection[int]) -> bool:
    """Whether acts of saying hold most of a quote; one within it ("urged them to stay") says nothing of the rest."""
    return 2 * sum(i in covered for i in quote) >= len(quote)


def _before(doc: Doc, at: int) -> Token | None:
    """The last token before a quotation mark that is no white space."""
    return next((doc[i] for i in range(at - 1, -1, -1) if not doc[i].is_space), None)


def _after(doc: Doc, end: int) -> Token | None:
    """The first token behind a quotation mark that is no white space."""
    return next((doc[i] for i in range(end + 1, min(end + 4, len(doc))) if not doc[i].is_space), None)


def _subject_before(colon: Token) -> Token | None:
    """Who does what the clause before a colon tells: "her deputy disagreed:", "the guard put out a statement:"."""
    doc, i = colon.doc, colon.i - 1
    first = max((t.i + 1 for t in doc[: colon.i] if "\n" in t.text or t.text in ".!?"), default=0)
    verbs = [t for t in doc[first : colon.i] if t.pos_ == "VERB" and t.dep_ not in ("acl", "acl:relcl", "amod")]
    while i >= first and verbs:
        verb = verbs.pop()
        if is_passive(verb):
            continue
        found = subject_of(verb)
        if found is not None and first <= found[0].i < verb.i:
            return found[0]
    return None


def _named_behind(dash: Token) -> Token | None:
    """The name behind a dash that ends its paragraph, with no verb of its own: "— Ada Moor, mine manager"."""
    rest: list[Token] = []
    for token in dash.doc[dash.i + 1 :]:
        if "\n" in token.text or len(rest) > _NAME:
            break
        rest.append(token)
    names = [t for t in rest if t.pos_ == "PROPN" or t.ent_type_ in ("PERSON", "ORG")]
    if not names or len(rest) > _NAME or any(t.pos_ in ("VERB", "AUX") for t in rest):
        return None
    inside = {t.i for t in names}
    return next((t for t in names if t.head.i not in inside or t.head.i == t.i), names[0])
