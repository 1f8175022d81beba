"""Articles put together by the matter they write about: what several of them call by one word is then likely one thing.

By the words of the whole articles alone, average linkage again; articles are compared that share two of their most
telling words and lie within a few weeks of each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from kg.pipeline.stories.accounts import Text
from kg.pipeline.stories.grouping import Pair, groups
from kg.pipeline.stories.wording import likeness

_TELLING = 15  # words of an article
_SHARED = 2  # of them
_LEAST = 0.05  # likeness: less counts as none
ONE_MATTER = 0.2
"""The mean likeness from which on groups of articles are joined."""


def matters(texts: Mapping[str, Text], days: Mapping[str, int | None], apart: int = 28) -> dict[str, int]:
    """The number of its matter for each article; ``days`` are those of publication, None where not known."""
    index: dict[str, list[str]] = defaultdict(list)
    likenesses: dict[Pair, float] = {}
    for article in sorted(texts):
        text, day = texts[article], days.get(article)
        telling = sorted(text.words, key=lambda word: (-text.words[word], word))[:_TELLING]
        for other, shared in Counter(other for word in telling for other in index[word]).items():
            there = days.get(other)
            if shared >= _SHARED and (day is None or there is None or abs(day - there) <= apart):
                value = round(likeness(text.words, texts[other].words), 4)
                if value >= _LEAST:
                    likenesses[other, article] = value
        for word in telling:
            index[word].append(article)
    return {a: number for number, group in enumerate(groups(texts, likenesses, ONE_MATTER)) for a in group}
