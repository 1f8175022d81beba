"""Which accounts are worth comparing: found by an index, so that many articles stay feasible; never all with all.

Two accounts are a candidate pair where they share a word or a class (not the most general ones), something that tells
the matter (a name in the sentence, one of the article's most telling words), and lie within a few weeks of each other.
One that no day is known of is compared at any time. Whether two are a pair depends on nothing but the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from kg.pipeline.stories.accounts import Account, Text, day_number

_GENERAL = frozenset({"Event", "Eventuality"})
_TELLING = 10  # words of an article
_SPAN = 14  # days: accounts of one span, or of two that meet, may be a pair
_APART = 7  # days between two known days of events: more, and they are no pair


def candidate_pairs(
    accounts: Iterable[Account], texts: Mapping[str, Text], among: AbstractSet[str] | None = None
) -> Iterator[tuple[Account, Account]]:
    """Each candidate pair once, in a fixed order; with ``among`` only pairs that have one of these articles."""
    known = sorted(accounts, key=lambda account: account.iri)
    days = [_day(account) for account in known]
    index: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    anywhen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, account in enumerate(known):
        span = None if days[number] is None else (days[number] or 0) // _SPAN
        keys = _keys(account, texts[account.article])
        found: set[int] = set()
        for key in keys:
            if span is None:
                found.update(anywhen[key])
            else:
                for near in (span - 1, span, span + 1, None):
                    found.update(index[*key, near])
        for key in keys:
            index[*key, span].append(number)
            anywhen[key].append(number)
        for other in sorted(found):
            pair = known[other], account
            if (among is None or account.article in among or pair[0].article in among) and not _far(*pair):
                yield pair


def _keys(account: Account, text: Text) -> list[tuple[str, str]]:
    words = sorted(text.words, key=lambda word: (-text.words[word], word))[:_TELLING]
    about = {*words, *(f"name {name}" for name in (*account.names, *account.who.get("place", ())))}
    what = {f"word {word}" for word in account.trigger} | (account.kinds - _GENERAL)
    return [(one, other) for one in sorted(what) for other in sorted(about)]


def _day(account: Account) -> int | None:
    """The day of an account as a number: of the event where that is known, else of the article."""
    event = day_number(account.begin)
    return event if event is not None else day_number(account.published)


def _far(one: Account, other: Account) -> bool:
    """Whether the days of both events are known and lie far apart."""
    if not one.begin or not other.begin or one.article == other.article:
        return False
    first, second = sorted((one, other), key=lambda account: account.begin)
    end, begin = day_number(first.end or first.begin), day_number(second.begin)
    return end is not None and begin is not None and begin - end > _APART
