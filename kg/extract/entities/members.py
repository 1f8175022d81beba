"""Groups and those whom the text counts among them: the group's head token in, the head tokens of its members out.

"Three pilgrims, namely Ana Cruz and Sam Oki", "five people, including a nurse", "the dead, among them two guards",
"the victims were named as …": what befalls the group befalls them. Tokens are indices into the ``Doc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children, conjuncts, preposition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spacy.tokens import Doc, Token

    from kg.ontology.values import Ontology

_NAMING = frozenset({"identify", "name"})
_REACH = 8  # tokens between "among them" and the first member
_PEOPLE = ("Person", "Group", "Norp")


def members_of(doc: Doc, class_of: Callable[[int], str | None], ontology: Ontology) -> Mapping[int, list[int]]:
    """Group → members, for every group of people in the document that has any told of; members may be groups too."""
    classes = [class_of(i) or "" for i in range(len(doc))]
    kinds = {name: ontology.fits(name, _PEOPLE) for name in set(classes)}
    people = [i for i, name in enumerate(classes) if kinds[name]]
    of_people = frozenset(people)
    found: dict[int, list[int]] = {}
    for token in doc:
        for group, members in _told_at(token, people):
            known = found.setdefault(group.i, [])
            fit = (m.i for m in members if m.i in of_people or not classes[m.i])
            known.extend(i for i in fit if i not in known and i != group.i)
    return {group: members for group, members in found.items() if members}


def closure(head: int, members: Mapping[int, list[int]]) -> Iterator[int]:
    """The members of a group, and theirs, each once."""
    queue, seen = [head], {head}
    while queue:
        for member in members.get(queue.pop(0), ()):
            if member not in seen:
                seen.add(member)
                queue.append(member)
                yield member


def _told_at(token: Token, people: list[int]) -> Iterator[tuple[Token, list[Token]]]:
    """The groups that the text takes apart at a token, with the heads of what it names."""
    lower = token.lower_
    if token.dep_ == "appos" and token.head.tag_ in ("NNS", "NNPS", "CD"):
        yield token.head, list(conjuncts(token))
    elif lower == "including" and token.dep_ == "case":
        group = _group_before(token, people)
        if group is not None:
            first = token.head
            yield group, [*conjuncts(first), *(m for a in children(first, "appos") for m in conjuncts(a))]
    elif lower == "them" and preposition(token) in ("among", "amongst"):
        group = _group_before(token, people)
        after = [i for i in people if token.i < i <= token.i + _REACH]
        number = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
        if number.pos_ == "NUM" and number.head.i > number.i and number.head.pos_ == "NOUN":
            after.insert(0, number.head.i)  # "among them 12 deckhands", whatever they are
        if group is not None and after:
            yield group, list(conjuncts(token.doc[after[0]]))
    elif token.lemma_ in _NAMING and token.pos_ == "VERB":
        for group in children(token, "nsubj:pass", "obj"):
            for named in token.children:
                if named.dep_ in ("obl", "xcomp") and preposition(named) == "as":
                    yield group, [t for t in conjuncts(named) if t.pos_ == "PROPN"]


def _group_before(token: Token, people: list[int]) -> Token | None:
    """The last group of people that the sentence tells of before a token."""
    start = token.sent.start
    before = [i for i in people if start <= i < token.i and _is_group(token.doc[i])]
    return token.doc[before[-1]] if before else None


def _is_group(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS", "CD") or token.lower_ in ("those", "people", "others") or token.pos_ == "ADJ"
