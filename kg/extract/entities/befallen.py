"""People called by what befell them: "the wounded", "those arrested", "all who were killed" take up who that was.

One mention in, the earlier mention of the people to whom the text says it happened out, or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.extract.entities.chains import Board
    from kg.extract.entities.mention import EntityMention

#: Words for one fate.
_FATES = (
    frozenset({"dead", "kill", "die", "killed", "deceased", "perish", "slay", "slain"}),
    frozenset({"wounded", "injured", "hurt", "wound", "injure"}),
    frozenset({"arrest", "detain", "arrested", "detained", "nab", "apprehend"}),
)
_UNDERGOES = ("obj", "nsubj:pass")
_NOMINAL = frozenset({"dead", "wounded", "injured", "deceased", "arrested", "detained"})


def befallen_before(board: Board, mention: EntityMention) -> EntityMention | None:
    """Return the nearest earlier group of whom the text tells the fate that a mention is called by."""
    head = board.doc[mention.head]
    fate = _fate_of(head)
    if not fate or (head.lower_ in _NOMINAL and not mention.definite) or mention.numeral:
        return None
    for other in reversed(board.mentions[: board.place[mention.head]]):
        if other.number != "plur" or other.pronoun or other.head == mention.head:
            continue
        if any(_same(fate, word) for word in _suffered(board.doc[other.head])):
            return other
    return None


def _fate_of(head: Token) -> str:
    """The word for what befell the people of a phrase: "wounded", of "those who were killed" "kill"; else ""."""
    if head.lower_ in _NOMINAL:
        return head.lower_
    if head.lower_ != "those":
        return ""
    for clause in children(head, "acl", "acl:relcl", "amod"):
        if clause.tag_ in ("VBN", "JJ", "VBD"):
            return clause.lemma_.lower()
    return ""


def _suffered(head: Token) -> Iterator[str]:
    """The words for what befalls the people of a phrase: the verb whose object they are, the participle beside them."""
    token = head
    while token.dep_ == "conj" and token.head.pos_ in ("NOUN", "PROPN", "NUM"):
        token = token.head
    if token.dep_ in _UNDERGOES or (token.dep_ == "nsubj" and token.head.lemma_ in ("die", "perish")):
        yield token.head.lemma_.lower()
    yield from (c.lemma_.lower() for c in head.children if c.dep_ in ("amod", "acl", "acl:relcl"))


def _same(fate: str, word: str) -> bool:
    return fate == word or any(fate in words and word in words for words in _FATES)
