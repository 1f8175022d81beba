"""Which accounts are worth comparing: found by an index, so that many articles stay feasible; never all with all.

Two accounts are a candidate pair where they share a word or a class (not the most general ones), something that tells
the matter (a name in the sentence, one of the article's most telling words), and lie within a few weeks of each other.
One that no day is known of is compared at any time. Whether two are a pair depends on nothing but the two: so an index
of articles by what tells their matter, fortnight by fortnight, finds all that a new article can pair with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

from kg.pipeline.stories.accounts import Account, Text, day_number

_GENERAL = frozenset({"Event", "Eventuality"})
_TELLING = 10  # words of an article
_SPAN = 14  # days: accounts of one span, or of two that meet, may be a pair
_APART = 7  # days between two known days of events: more, and they are no pair
ANY_SPAN = -1
"""The span of an account that no day is known of."""


def pairs_between(
    some: Sequence[Account], text: Text, others: Sequence[Account], their_text: Text
) -> Iterator[tuple[Account, Account]]:
    """The candidate pairs of the accounts of two articles, or of one with itself; the lesser IRI first."""
    here = [(account, _what(account), _about(account, text), span_of(account)) for account in some]
    there = [(account, _what(account), _about(account, their_text), span_of(account)) for account in others]
    within = some is others
    for at, (one, what, about, span) in enumerate(here):
        for other, their_what, their_about, their_span in there[at + 1 :] if within else there:
            if (
                not what.isdisjoint(their_what)
                and not about.isdisjoint(their_about)
                and (ANY_SPAN in (span, their_span) or abs(span - their_span) <= 1)
                and not _far(one, other)
            ):
                yield (one, other) if one.iri < other.iri else (other, one)


def index_keys(accounts: Sequence[Account], text: Text) -> set[tuple[int, int]]:
    """By what an article is found: digests of what tells its matter, each with the spans of its accounts."""
    return {(crc32(word.encode()), span_of(one)) for one in accounts for word in _about(one, text)}


def spans_near(span: int) -> tuple[int, ...]:
    """The spans whose accounts may pair with those of one span; none where all may."""
    return () if span == ANY_SPAN else (span - 1, span, span + 1, ANY_SPAN)


def span_of(account: Account) -> int:
    """The fortnight of an account: of the event where its day is known, else of the article."""
    event = day_number(account.begin)
    day = event if event is not None else day_number(account.published)
    return ANY_SPAN if day is None else day // _SPAN


def _what(account: Account) -> frozenset[str]:
    return frozenset({f"word {word}" for word in account.trigger} | (account.kinds - _GENERAL))


def _about(account: Account, text: Text) -> frozenset[str]:
    names = (f"name {name}" for name in (*account.names, *account.who.get("place", ())))
    return frozenset({*_telling(tuple(text.words.items())), *names})


@lru_cache(maxsize=2_000)
def _telling(words: tuple[tuple[str, float], ...]) -> tuple[str, ...]:
    return tuple(word for word, _ in sorted(words, key=lambda pair: (-pair[1], pair[0]))[:_TELLING])


def _far(one: Account, other: Account) -> bool:
    """Whether the days of both events are known and lie far apart."""
    if not one.begin or not other.begin or one.article == other.article:
        return False
    first, second = sorted((one, other), key=lambda account: account.begin)
    end, begin = day_number(first.end or first.begin), day_number(second.begin)
    return end is not None and begin is not None and begin - end > _APART
