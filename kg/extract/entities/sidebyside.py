"""Mentions that stand side by side and are one: titles, appositions, copulas, acronyms in brackets, "the town of".

The tree says so where the parse is right; where words touch ("minister Ana Cruz", "the capital, Nairobi") the order of
the words says so by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.entities.spelling import is_acronym
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Token

    from kg.extract.entities.chains import Board, Chain
    from kg.extract.entities.mention import EntityMention

_CALLING = frozenset({"call", "dub", "know", "name", "nickname", "style"})
_NOT_IDENTITY = frozenset(words("notIdentity"))


_BRACKETS = frozenset({("(", ")"), ("[", "]")})


def join_acronyms(board: Board) -> None:
    """Join an acronym in brackets to the phrase before it whose first letters it is: "State Power Agency (SPA)".

    And the other way round: "a member of the SPA [State Power Agency]".
    """
    by_end = {m.end: m for m in board.mentions if not m.pronoun and not m.demonym}
    for i in range(1, len(board.doc) - 2):
        short = board.doc[i + 1]
        if (board.doc[i].text, board.doc[i + 2].text) not in _BRACKETS or not short.text[:2].isupper():
            _explained(board, i)
            continue
        long, acronym = by_end.get(i), board.at.get(short.i)
        if long is None or acronym is None or acronym is long:
            continue
        start = max(0, i - len(short.text) - 2)
        spelled = any(is_acronym(short.text, board.doc[k:i].text) for k in range(start, i - 1))
        if spelled or (long.named and board.words.is_a(long.type, "Organization") and _of_another_tongue(short, long)):
            board.join_acronym(long, acronym)


def _of_another_tongue(short: Token, long: EntityMention) -> bool:
    """Whether a body's acronym may be that of its name at home: "Kurdistan Workers' Party (PKK)"."""
    if not short.is_upper or not short.is_alpha or not 2 <= len(short) <= 6:
        return False
    initials = {word[0].upper() for word in long.name.split() if word[:1].isupper()}
    return len(initials) > 1 and 2 * sum(letter in initials for letter in short.text) > len(short)


def _explained(board: Board, at: int) -> None:
    """Join an acronym before a bracket to the name in it, where the name fills the bracket."""
    doc, short = board.doc, board.doc[at - 1]
    if doc[at].text not in ("(", "[") or not short.text[:2].isupper():
        return
    acronym, end = board.at.get(short.i), at + 1
    while end < min(len(doc), at + 12) and doc[end].text not in (")", "]"):
        end += 1
    if end < len(doc) and acronym is not None and is_acronym(short.text, doc[at + 1 : end].text):
        inside = [m for m in board.mentions if m.named and at < m.start <= at + 2 and m.end == end]
        if inside and inside[0] is not acronym:
            board.join_acronym(inside[0], acronym)


def join_neighbours(board: Board) -> None:
    """Join a noun phrase and a name side by side: "minister Ana Cruz", "the capital, Nairobi", "town of Kisumu"."""
    nominals = [m for m in board.mentions if not m.named and not m.pronoun]
    by_end = {m.end: m for m in nominals}
    for name in board.mentions:
        if not name.named or name.demonym or name.number == "plur":
            continue
        before = _before(board, name, by_end)
        if before is not None:
            _unite(board, before, name)
    names_by_end = {m.end: m for m in board.mentions if m.named and not m.demonym}
    for noun in nominals:
        left = _left_edge(board, noun)
        found = names_by_end.get(left - 1) if left and board.doc[left - 1].text == "," else None
        if found is not None and left < noun.start and _closed(board, noun.end):
            _unite(board, noun, found)


def _before(board: Board, name: EntityMention, by_end: Mapping[int, EntityMention]) -> EntityMention | None:
    """Return the noun phrase right before a name that it may rename."""
    if name.start == 0:
        return None
    found = by_end.get(name.start)
    if found is not None:
        return found
    word = board.doc[name.start - 1]
    if word.text == ")" and word.i >= 2 and board.doc[word.i - 2].text == "(":  # "Works Officer (WO) Ana Cruz"
        return by_end.get(word.i - 2)
    found = by_end.get(word.i)
    if found is None or (word.lower_ == "of" and not board.words.is_a(found.type, "kindOfPlace")):
        return None
    if word.lower_ == "of":
        return found
    return found if word.text == "," and found.definite and _closed(board, name.end) else None


def _left_edge(board: Board, noun: EntityMention) -> int:
    """Return where a noun phrase begins with its article or possessor, up to six words before the mention."""
    left = noun.start
    while left > max(0, noun.start - 6) and board.doc[left - 1].text != ",":
        token = board.doc[left - 1]
        if token.pos_ not in ("DET", "PRON", "PROPN", "NOUN", "PART", "NUM", "ADV", "ADJ") or token.is_space:
            return noun.start
        left -= 1
    first = board.doc[left]
    opens = first.pos_ in ("DET", "PRON") or any(t.tag_ == "POS" for t in board.doc[left : noun.start])
    return left if opens else noun.start


def _closed(board: Board, end: int) -> bool:
    """Whether a comma, a stop, a bracket or a relative clause follows."""
    if end >= len(board.doc):
        return True
    after = board.doc[end]
    return after.is_punct or after.is_space or after.tag_ in ("WP", "WDT", "VBG", "IN")


def _unite(board: Board, noun: EntityMention, name: EntityMention) -> None:
    one, two = board.chain_of[noun.head], board.chain_of[name.head]
    if one is two or noun.number == "plur" or one.named:
        return
    kinds = {board.broad(one.type), board.broad(two.type)}
    if kinds == {"Place"} and not _same_kind_of_place(board, one.type, two.type):
        return
    telling = kinds == {"Person", "Organization"} and not board.words.is_a(noun.type, "saysKind")
    if noun.type != "Other" and (
        len(kinds) == 1 or (telling and noun.end < name.start) or (telling and noun.start > name.end)
    ):
        board.join(one, two)


def join_by_grammar(board: Board) -> None:
    """Join what apposition, title, copula or "town of" says is one."""
    for mention in board.mentions:
        token = board.doc[mention.head]
        for other in _same_by_grammar(board, token):
            found = board.at.get(other.i)
            if found is None or found is mention or found.pronoun or mention.pronoun:
                continue
            one, two = board.chain_of[mention.head], board.chain_of[found.head]
            if one is not two and _may_be_one(board, mention, found, one, two):
                board.join(one, two)


def _same_by_grammar(board: Board, token: Token) -> Iterable[Token]:
    """Yield the tokens that apposition, title, copula or "town of" make one with a token."""
    if (
        token.dep_ in ("appos", "nmod:desc")
        and not _is_listed(token)
        and not _is_ruled_out(token)
        and not _renames_place(board, token)
    ):
        yield token.head
    if token.dep_ == "compound" and token.head.i > token.i and token.pos_ == "NOUN":
        name = board.at.get(token.head.i)
        if name is not None and name.named and name.start > token.i:
            yield token.head  # a title that the parser took for a compound
    if (
        token.dep_ == "nmod"
        and token.pos_ == "PROPN"
        and any(c.dep_ == "case" and c.lower_ == "of" for c in token.children)
    ):
        noun = board.at.get(token.head.i)
        mine = board.at.get(token.i)
        if noun is not None and not noun.named and mine is not None and board.words.is_a(noun.type, "kindOfPlace"):
            yield token.head
    if token.dep_ in ("obj", "xcomp", "obl") and token.head.lemma_ in _CALLING and token.head.dep_ == "acl":
        themselves = any(c.lower_ in ("itself", "themselves", "himself", "herself") for c in token.head.children)
        if themselves or token.head.tag_ == "VBN":  # "a group calling itself …", "a man known as …"
            yield token.head.head
    if token.pos_ in ("NOUN", "PROPN") and any(c.dep_ == "cop" and c.lemma_ == "be" for c in token.children):
        said = board.at.get(token.i)
        if said is None or said.type == "Other":
            return
        if any(c.lower_ in _NOT_IDENTITY or c.dep_ in ("case", "mark") for c in token.children):
            return
        for child in token.children:
            if child.dep_ in ("nsubj", "nsubj:outer"):
                yield token.head if child.tag_ in ("WP", "WDT") and token.dep_ == "acl:relcl" else child


def _renames_place(board: Board, name: Token) -> bool:
    """Whether the words right before a name's comma are a kind of place: "a court in the capital, Brennick"."""
    mention = board.at.get(name.i)
    start = mention.start if mention is not None else name.i
    before = board.at.get(start - 2) if start > 1 and board.doc[start - 1].text == "," else None
    if before is None or before.named or before.head == name.head.i:
        return False
    return before.definite and board.words.is_a(before.type, "kindOfPlace")


def _is_ruled_out(token: Token) -> bool:
    """Whether an apposition says who it is not: "the mayor's brother, not the mayor"."""
    return any(child.lower_ in ("not", "never") and child.i < token.i for child in token.children)


def _is_listed(token: Token) -> bool:
    """Whether an apposition is one of several in a list rather than another name of its head."""
    return any(c.dep_ == "conj" for c in token.children) and token.head.tag_ not in ("NNS", "NNPS")


def _may_be_one(board: Board, mention: EntityMention, other: EntityMention, one: Chain, two: Chain) -> bool:
    if mention.demonym or other.demonym or one.number != two.number:
        return False
    if one.named and two.named:
        return board.names_agree(one, two) or _bracketed(board, mention, other)
    kinds = {board.broad(one.type), board.broad(two.type)}
    if kinds == {"Place"}:
        return _same_kind_of_place(board, one.type, two.type)
    if len(kinds) == 1:
        return True
    rides = any(board.words.is_a(c.type, "vehicle") for c in (one, two))
    if one.named != two.named and rides and kinds <= {"Product", "Organization", "Person"}:
        return True  # "the ferry, Azure", labelled as a body
    if kinds == {"Group", "Organization"} and one.named != two.named:
        return True  # "a group calling itself the Tide"
    full_name = any(c.type == "Person" and c.named and " " in c.name for c in (one, two))
    return kinds <= {"Person", "Organization"} and (one.named or two.named) and not (full_name and len(kinds) > 1)


def _same_kind_of_place(board: Board, one: str, two: str) -> bool:
    """Whether two classes of places may name one place: a town is no building; a label may call an island a GPE."""
    if board.words.is_a(one, two) or board.words.is_a(two, one):
        return True
    if any(a == "GPE" and board.words.is_a(b, "natural") for a, b in ((one, two), (two, one))):
        return True
    return board.words.is_a(one, "GPE") and board.words.is_a(two, "GPE")


def _bracketed(board: Board, mention: EntityMention, other: EntityMention) -> bool:
    """Whether the second of two names stands in brackets right behind the first, and may be its acronym."""
    first, second = sorted((mention, other), key=lambda m: m.start)
    between = board.doc[first.end : second.start].text.strip()
    return between == "(" and len(second.name.split()) == 1 and second.name.isupper()
