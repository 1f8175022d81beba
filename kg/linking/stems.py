"""The telling words of a text as stems: by which what a thing is called meets what is said of it."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

from kg.core.names import fold
from kg.ontology.words import words

_SHORT = 3  # letters: words up to this say little ("of", "the", "new")
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in normal form: "politician" and "politicians" are one."""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> frozenset[str]:
    """The stems of a text's telling words: "former president of Liberia" is presid, liberia."""
    return frozenset(stem(word) for word in fold(text).split() if len(word) > _SHORT and word not in _saying_little())


@lru_cache(maxsize=1)
def _saying_little() -> frozenset[str]:
    return frozenset(map(fold, words("wordsOfDescriptions")))
