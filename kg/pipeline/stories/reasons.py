"""Why two accounts are of one happening, or are not, in words that a person can check against both texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.pipeline.stories.accounts import Account, Figure

_MOST = 3  # names told
_ROLES = {"agent": "done by", "patient": "of", "recipient": "towards"}


def reasons(one: Account, other: Account, likeness: float) -> tuple[str, ...]:
    """What speaks for two accounts being of one happening, then what speaks against it.

    ``likeness`` is how alike the words of both articles are, from 0 to 1.
    """
    parts = list(_said(one, other, likeness))
    return (
        *(words for for_it, words in parts if for_it),
        *(f"against: {words}" for for_it, words in parts if not for_it),
    )


def _said(one: Account, other: Account, likeness: float) -> Iterator[tuple[bool, str]]:
    if one.trigger & other.trigger:
        words = one.words if one.words == other.words else f"{one.words}, {other.words}"
        yield True, f"the same word: {words}"
    else:
        yield True, f"told by {one.words} and {other.words}"
    if one.type and other.type and one.type != other.type:
        above = one.type in other.kinds or other.type in one.kinds
        yield above, f"a {one.type} and a {other.type}"
    yield from _days(one, other)
    yield from _places(one, other)
    for role, words in _ROLES.items():
        if shared := one.who.get(role, frozenset()) & other.who.get(role, frozenset()):
            named = shared <= one.named.get(role, frozenset()) | other.named.get(role, frozenset())
            yield True, f"both {words} {_listed(shared, named=named)}"
        elif one.named.get(role) and other.named.get(role):
            here, there = (_listed(account.named[role], named=True) for account in (one, other))
            yield False, f"{words} {here}, {words} {there}"
    yield from _figures(one.figures, other.figures)
    if names := one.names & other.names:
        yield True, f"both sentences name {_listed(names, named=True)}"
    if one.status != other.status:
        yield False, f"one {one.status}, one {other.status}"
    if one.article != other.article:
        yield likeness >= 0.1, f"articles {100 * likeness:.0f} % alike"


def _days(one: Account, other: Account) -> Iterator[tuple[bool, str]]:
    if not one.begin or not other.begin:
        return
    if one.begin > (other.end or "9") or other.begin > (one.end or "9"):
        yield False, f"on {_span(one)} and on {_span(other)}"
    elif one.begin == one.end == other.begin == other.end:
        yield True, f"the same day: {one.begin}"
    else:
        yield True, f"days that meet: {_span(one)} and {_span(other)}"


def _span(account: Account) -> str:
    if account.begin == account.end:
        return account.begin
    return f"{account.begin} to {account.end}" if account.end else f"{account.begin} or later"


def _places(one: Account, other: Account) -> Iterator[tuple[bool, str]]:
    if shared := one.who.get("place", frozenset()) & other.who.get("place", frozenset()):
        yield True, f"the same place: {_listed(shared, named=shared <= one.named.get('place', frozenset()))}"
    elif one.named.get("place") and other.named.get("place"):
        here, there = (_listed(account.named["place"], named=True) for account in (one, other))
        yield False, f"in {here} and in {there}"


def _figures(some: Iterable[Figure], others: Iterable[Figure]) -> Iterator[tuple[bool, str]]:
    for role in ("patient", "agent"):
        here, there = ({_number(f) for f in figures if f.role == role} for figures in (some, others))
        if both := here & there:
            yield True, f"both say {min(both)}"
        elif here and there:
            yield False, f"one says {min(here)}, one {min(there)}"


def _number(figure: Figure) -> str:
    least, most = figure.least, figure.most
    if least is not None and most is not None:
        return str(least) if least == most else f"{least} to {most}"
    return f"at least {least}" if least is not None else f"at most {most}"


def _listed(words: Iterable[str], *, named: bool = False) -> str:
    """Some words in their order; those of names, which are compared in small letters, with a capital again."""
    return ", ".join(word.capitalize() if named else word for word in sorted(words)[:_MOST])
