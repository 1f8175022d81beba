"""Words as they are compared across texts: stems, how rare each is in news, and what it is near to in meaning.

The table is made by ``training/story_words.py`` and holds one row a stem: in how many of 255 steps it is rare, and a
short vector. A stem that it does not have (a name, mostly) is as rare as a stem can be, and near to nothing but itself.
Which of the directions of these vectors matter for two words to tell of one happening, ``training/stories.py`` learns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import snowballstemmer

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_STEMMER = snowballstemmer.stemmer("english")
_STEPS = 255.0


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word, in lower case: "killed", "Killing" and "kills" are ``kill``, "fell" is ``fall``."""
    lower = word.lower()
    return str(_STEMMER.stemWord(_irregular().get(lower, lower)))


@lru_cache(maxsize=1)
def _irregular() -> Mapping[str, str]:
    """Forms of verbs that no rule brings to their lemma."""
    text = resources.files("kg.core.data.stories").joinpath("irregular.txt").read_text("utf-8")
    return dict(line.split() for line in text.splitlines())


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in its order."""
    return _WORD.findall(text)


@dataclass(frozen=True, slots=True)
class WordTable:
    """Rarity from 0 (in every text) to 1, and a vector of length 1, by stem."""

    rarity: Mapping[str, float]
    row: Mapping[str, int]
    vectors: NDArray[np.float32]
    directions: NDArray[np.float64]  # what the first directions of two words say: both far along one, apart on it
    _known: dict[tuple[int, int], float] = field(default_factory=dict)
    _sets: dict[tuple[frozenset[str], frozenset[str]], float] = field(default_factory=dict)
    _meant: dict[tuple[frozenset[str], frozenset[str]], float] = field(default_factory=dict)

    def rare(self, word: str) -> float:
        """How rare a stem is, from 0 to 1; one that the table does not have is as rare as can be."""
        return self.rarity.get(word, 1.0)

    def nearness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """How near two sets of stems are: of their nearest two, or of both as a whole; "drunk driving" and "DUI"."""
        if (one, other) not in self._sets:
            pairs = max((self.akin(first, second) for first in one for second in other), default=0.0)
            whole = 0.0
            if len(one) > 1 or len(other) > 1:
                whole = round(float(self._whole(one) @ self._whole(other)), 3)
            self._sets[one, other] = max(pairs, whole)
        return self._sets[one, other]

    def meant(self, one: frozenset[str], other: frozenset[str]) -> float:
        """What is learned of the directions of vectors says of two sets of stems telling of one happening.

        The more the likelier; in thousandths. "Killed" and "arrested" are near in meaning, but seldom one happening.
        """
        if (one, other) not in self._meant:
            self._meant[one, other] = round(float((self.directions * self.along(one, other)).sum()), 3)
        return self._meant[one, other]

    def along(self, one: frozenset[str], other: frozenset[str]) -> NDArray[np.float64]:
        """How far two sets of stems lie along each of the first directions together, and how far apart on it."""
        here, there = (self._whole(some)[: self.directions.shape[1]].astype(float) for some in (one, other))
        return np.stack([here * there, np.abs(here - there)])

    def _whole(self, stems: frozenset[str]) -> NDArray[np.float32]:
        """The vector of several stems, of length 1; all 0 where the table has none of them."""
        rows = [self.row[word] for word in sorted(stems) if word in self.row]
        total = self.vectors[rows].sum(0)
        length = float(np.linalg.norm(total))
        return np.asarray(total / length if length else total, np.float32)

    def akin(self, one: str, other: str) -> float:
        """How near two stems are in meaning, from -1 to 1 in thousandths; 0 where the table does not have both."""
        here, there = self.row.get(one), self.row.get(other)
        if here is None or there is None:
            return 0.0
        if (here, there) not in self._known:
            self._known[here, there] = round(float(self.vectors[here] @ self.vectors[there]), 3)
        return self._known[here, there]


@lru_cache(maxsize=1)
def word_table() -> WordTable:
    """The shipped table, read once."""
    with resources.files("kg.core.data.stories").joinpath("words.npz").open("rb") as file, np.load(file) as data:
        stems = data["stems"].tobytes().decode().split("\n")
        rarity = {word: float(step) / _STEPS for word, step in zip(stems, data["rarity"], strict=True)}
        vectors = data["vectors"].astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    text = resources.files("kg.core.data.stories").joinpath("directions.txt").read_text("utf-8")
    directions = np.array([line.split() for line in text.splitlines()], float).T
    return WordTable(rarity, {word: row for row, word in enumerate(stems)}, vectors, directions)


Bag = Mapping[str, float]
"""Weights by stem; the vector of all of them has length 1."""


def bag(stems: Iterable[str], table: WordTable, most: int = 80, twice: Container[str] = ()) -> Bag:
    """The most telling stems of a text with their weights: often here and rare in news; some of them count twice."""
    counts = Counter(stems)
    weighed = {
        word: (1.0 + log(count)) * table.rare(word) ** 2 * (2.0 if word in twice else 1.0)
        for word, count in counts.items()
    }
    kept = sorted(weighed, key=lambda word: (-weighed[word], word))[:most]
    length = sqrt(sum(weighed[word] ** 2 for word in kept)) or 1.0
    return {word: weighed[word] / length for word in kept}


def likeness(one: Bag, other: Bag) -> float:
    """The cosine of two bags, from 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)
