"""An account: one event as one article tells it, with all by which it is compared with other accounts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from kg.core.names import fold
from kg.ontology.sentences import sentence_bounds
from kg.pipeline.stories.wording import Bag, WordTable, bag, stem, words_of

_NEAR = 6  # words before and after the trigger that say most about it
_SHORT, _GRAMMAR = 4, 0.2  # letters and rarity of words of grammar: "into", "from", "will"; not "killed"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of whom in one role: bounds, None where open."""

    role: str
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says as a whole: its words and the words of the names in it."""

    words: Bag
    names: Bag


@dataclass(frozen=True, slots=True)
class Account:
    """One event as one article tells it. Words are stems, names are single words in normal form."""

    iri: str
    article: str
    type: str  # local name of its class; "" where nothing was read
    kinds: frozenset[str]  # its class and those above it
    status: str
    trigger: frozenset[str]
    sentence: Bag
    near: Bag
    names: frozenset[str]  # words of names in the sentence
    name_bag: Bag  # the same, weighed
    who: Mapping[str, frozenset[str]] = field(default_factory=dict)  # role to words of what they are called
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the same, of names with a capital letter only
    people: frozenset[str] = frozenset()  # words of the names of people to whom it was done
    begin: str = ""
    end: str = ""
    figures: tuple[Figure, ...] = ()
    published: str = ""  # the article's day
    place_in_text: tuple[int, int] = (0, 0)  # sentence and character where it is told
    words: str = ""  # the trigger as it is written, for a reader


class Wording:
    """The sentences of one article, cut and stemmed once for all its accounts."""

    def __init__(self, text: str, table: WordTable) -> None:
        self._text, self._table = text, table
        self._bounds = sentence_bounds(text)
        self._bags: dict[int, Bag] = {}

    def whole(self, names: Iterable[str]) -> Text:
        """The article's words, with the names that were read in it."""
        found = words_of(self._text)
        marked = Counter(stem(word) for word in found if not word[0].islower())  # capitals, and numbers
        counts = Counter(map(stem, found))
        twice = {word for word, count in marked.items() if 2 * count > counts[word]}
        return Text(bag(map(stem, found), self._table, most=120, twice=twice), self.weighed_names(names))

    def weighed_names(self, names: Iterable[str]) -> Bag:
        """The words of names, weighed by how often they stand here and how rare they are."""
        return bag((stem(word) for name in names for word in sorted(name_words([name]))), self._table)

    def sentence(self, begin: int) -> tuple[int, int, int]:
        """Number, begin and end of the sentence that holds a character."""
        number = max(bisect_right(self._bounds, begin, hi=len(self._bounds) - 1) - 1, 0)
        return number, self._bounds[number], self._bounds[number + 1]

    def words(self, number: int) -> Bag:
        """The words of a sentence."""
        if number not in self._bags:
            text = self._text[self._bounds[number] : self._bounds[number + 1]]
            self._bags[number] = bag(map(stem, words_of(text)), self._table)
        return self._bags[number]

    def around(self, begin: int, end: int) -> Bag:
        """The words next to a stretch of a sentence, but for those of grammar."""
        _, first, last = self.sentence(begin)
        before, after = self._telling(self._text[first:begin]), self._telling(self._text[end : max(last, end)])
        return bag([*before[-_NEAR:], *after[:_NEAR]], self._table)

    def trigger(self, texts: Iterable[str]) -> frozenset[str]:
        """The stems of triggers without words of grammar: of "checked into" the verb's; of "has" its own."""
        found = list(texts)
        told = frozenset(chain.from_iterable(map(self._telling, found)))
        return told or frozenset(stem(word) for text in found for word in words_of(text))

    def _telling(self, text: str) -> list[str]:
        found = [(word, stem(word)) for word in words_of(text)]
        return [part for word, part in found if len(word) > _SHORT or self._table.rare(part) >= _GRAMMAR]


def day_number(day: str) -> int | None:
    """An ISO date as a number of days, None for what is none."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return None


def is_name(words: str) -> bool:
    """Whether something is called by a name, and not by a common noun: it has a capital letter."""
    return any(map(str.isupper, words))


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The single words of names in normal form."""
    return frozenset(word for name in names for word in fold(name).split() if len(word) > 1)
