"""Chains in the making: what a chain is, when two agree, how they become one. The rules stand in other files.

The board holds the mentions of one document and the chain that each is in; rules ask it and tell it to join. A chain is
a value: two that are joined give a third.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.core.names import fold
from kg.extract.entities.spelling import is_acronym, is_short_form, is_short_person, same_spelling, sounds_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Doc

    from kg.extract.entities.mention import EntityMention
    from kg.extract.entities.nouns import EntityWords

_BROAD = frozenset({"Person", "Group", "Norp", "Organization", "Place", "Product", "Money", "Document"})
#: Of no known class: agrees with every one.
OPEN = frozenset({"Other"})
#: One house may be told of as a place and as a body.
_HOUSES = frozenset({"Facility", "Institution"})


_GENERAL_SITES = frozenset({"site", "complex", "facility", "compound", "plant"})


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain in the making."""

    mentions: tuple[EntityMention, ...]
    type: str
    order: int  # head of the first mention: no other chain has it
    names: tuple[str, ...] = ()
    gender: str = ""
    number: str = "sing"
    numerals: frozenset[str] = frozenset()

    @property
    def named(self) -> bool:
        """Whether any mention is a name."""
        return bool(self.names)

    @property
    def name(self) -> str:
        """The fullest name, or the words of the first noun phrase."""
        if self.names:
            counts = Counter(self.names)
            return max(counts, key=lambda n: (len(fold(n).split()), not n.isupper(), counts[n], len(n), n))
        nominal = next((m for m in self.mentions if not m.pronoun), self.mentions[0])
        return nominal.name


class Board:
    """The mentions of one document and their chains."""

    def __init__(
        self, doc: Doc, mentions: list[EntityMention], words: EntityWords, speakers: Mapping[int, int]
    ) -> None:
        self.doc = doc
        self.words = words
        self.mentions = sorted(mentions, key=lambda m: m.head)
        self.place = {m.head: i for i, m in enumerate(self.mentions)}  # head → index in mentions
        self.sentence = _sentence_numbers(doc)
        self.speaker_of = speakers.get
        self.inside_names = {i for m in mentions if m.named and not m.demonym for i in range(m.start, m.end)}
        self.chain_of: dict[int, Chain] = {}  # by head of mention
        self.refers: dict[int, int] = {}  # relative pronoun → head of what it refers to
        self.at: dict[int, EntityMention] = {}  # every head token of a mention
        for mention in mentions:
            names = (mention.name,) if mention.named else ()
            numerals = frozenset((mention.numeral,) if mention.numeral else ())
            gender = mention.gender if mention.gender != "n" else ""
            self.chain_of[mention.head] = Chain(
                (mention,), mention.type, mention.head, names, gender, mention.number, numerals
            )
            for head in mention.heads:
                self.at.setdefault(head, mention)

    def earlier(self, mention: EntityMention, reach: int) -> Iterator[EntityMention]:
        """Yield the mentions before one, the nearest first, up to so many sentences back."""
        here = self.sentence[mention.head]
        for other in reversed(self.mentions[: self.place[mention.head]]):
            if here - self.sentence[other.head] > reach:
                return
            if other.end <= mention.start or other.head < mention.start:
                yield other

    def heads(self, chain: Chain) -> frozenset[str]:
        """Return the lemmas that a chain's names and noun phrases are headed by."""
        return frozenset(self.doc[m.head].lemma_.lower() for m in chain.mentions if not m.pronoun)

    def join(self, one: Chain, other: Chain) -> None:
        """Make two chains one, under the more telling type; a pronoun adds only its gender."""
        if one is other:
            return
        if one.order > other.order:
            one, other = other, one
        told = one
        if all(m.pronoun for m in one.mentions):  # "we", before its speaker is named
            told = replace(one, type=other.type, number=other.number, names=other.names, numerals=other.numerals)
        elif not all(m.pronoun for m in other.mentions):
            kind = self.more_telling(one, other)
            told = replace(one, type=kind, names=one.names + other.names, numerals=one.numerals | other.numerals)
        mentions = tuple(sorted((*one.mentions, *other.mentions), key=lambda m: m.head))
        self._put(replace(told, gender=one.gender or other.gender, mentions=mentions))

    def join_acronym(self, long: EntityMention, acronym: EntityMention) -> None:
        """Make the chain of a phrase and that of its acronym one, of the phrase's type; the phrase becomes a name."""
        kind = self.chain_of[long.head].type
        self._put(replace(self.chain_of[acronym.head], type=kind))
        if kind == "Person":  # the acronym of an office is nobody's name
            self._put(replace(self.chain_of[acronym.head], names=()))
        elif not self.chain_of[long.head].named and long.name[:1].isupper():
            self._put(replace(self.chain_of[long.head], names=(long.name,)))
        self.join(self.chain_of[long.head], self.chain_of[acronym.head])

    def now(self, chain: Chain) -> Chain:
        """Return what has become of a chain that others may have joined; as it was, where it has joined an earlier."""
        current = self.chain_of[chain.order]
        return current if current.order == chain.order else chain

    def _put(self, chain: Chain) -> None:
        """Let a chain be that of all its mentions."""
        for mention in chain.mentions:
            self.chain_of[mention.head] = chain

    def more_telling(self, one: Chain, other: Chain) -> str:
        """Return the type of two joined chains: the more specific one, else the one with the fuller evidence."""
        if {one.type, other.type} == _HOUSES:
            return "Institution"
        if one.type in OPEN or self.words.is_a(other.type, one.type):
            return other.type
        if other.type in OPEN or self.words.is_a(one.type, other.type):
            return one.type
        if {self.broad(one.type), self.broad(other.type)} == {"Group", "Organization"} and one.named != other.named:
            return one.type if self.broad(one.type) == "Organization" else other.type  # "a group calling itself …"
        if one.named != other.named and self.broad(one.type) != self.broad(other.type):
            return other.type if one.named else one.type  # a noun in apposition knows better than a labelled name
        return one.type if one.named or not other.named else other.type

    def broad(self, kind: str) -> str:
        """Return the broad class of a type, or the type itself."""
        return next((above for above in self.words.types(kind) if above in _BROAD), kind)

    def agree(self, one: Chain, other: Chain) -> bool:
        """Whether nothing speaks against two chains being one: class, number, gender, how many, what name."""
        if not self._same_kind(one, other):
            return False
        if one.gender and other.gender and one.gender != other.gender:
            return False
        if one.numerals and other.numerals and one.numerals != other.numerals:
            return False
        return not (one.named and other.named) or self.names_agree(one, other)

    def _same_kind(self, one: Chain, other: Chain) -> bool:
        if one.type in OPEN or other.type in OPEN or self.broad(one.type) == self.broad(other.type):
            return True
        return {one.type, other.type} <= _HOUSES

    def names_agree(self, one: Chain, other: Chain) -> bool:
        """Whether a name of one chain may be a form of a name of the other."""
        return any(self.variant(a, b, one.type) for a in one.names for b in other.names)

    def variant(self, short: str, long: str, kind: str) -> bool:
        """Whether one name may be another's short form, acronym or spelling, for things of this kind."""
        if fold(short) == fold(long):
            return True
        if self.words.is_a(kind, "Person"):
            return is_short_person(short, long) or is_short_person(long, short) or sounds_alike(short, long)
        if self.words.is_a(kind, "Organization"):
            return is_acronym(short, long) or is_acronym(long, short) or self._short_organisation(short, long)
        if self.words.is_a(kind, "Place"):
            if fold(short) in self.words.countries or fold(long) in self.words.countries:
                return False
            return same_spelling(short, long) or self._place_with_kind(short, long) or _called_site(short, long)
        return is_acronym(short, long)

    def _short_organisation(self, short: str, long: str) -> bool:
        if len(short) > len(long):
            short, long = long, short
        if fold(short) in self.words.countries or fold(short) in self.words.demonyms:
            return False
        if same_spelling(short, long):
            return True
        end = len(short.split()) > 1 and fold(long).endswith(fold(short))  # "State Department" of "US State Department"
        return is_short_form(short, long) and (end or fold(long).startswith(fold(short)))

    def _place_with_kind(self, short: str, long: str) -> bool:
        """Whether the longer name is the shorter one and the word for what it is ("Hill", "Hill district")."""
        few, many = sorted((fold(short).split(), fold(long).split()), key=len)
        rest = many[len(few) :]
        return (
            few == many[: len(few)]
            and len(rest) == 1
            and self.words.is_a(self.words.noun_type(rest) or "", "kindOfPlace")
        )


def _called_site(short: str, long: str) -> bool:
    """Whether one name is the other's place with a general word for a works: "Kisumu site", "Kisumu cement factory"."""
    few, many = sorted((fold(short).split(), fold(long).split()), key=len)
    if len(few) < 2 or few[-1] not in _GENERAL_SITES or len(many) <= len(few) - 1:
        return False
    place = few[:-1]
    return place == many[: len(place)] or (
        len(place) > 1 and same_spelling(" ".join(place), " ".join(many[: len(place)]))
    )


def _sentence_numbers(doc: Doc) -> list[int]:
    """Return the number of its sentence for each token; stray quotes and fragments count with what is before them."""
    numbers, number = [0] * len(doc), 0
    for sentence in doc.sents:
        number += sum(t.is_alpha for t in sentence) > 2
        for i in range(sentence.start, sentence.end):
            numbers[i] = number
    return numbers
