"""Which entity of another dataset is which of ours: by name and type, with a score and the reasons.

Pure functions over names and types; reading and writing are ``kg.linking.merge``'s. A name counts in its normal form:
no case, accents, punctuation or leading article. Nothing is ever rewritten: a link says what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kg.core.names import fold

LinkStatus = Literal["candidate", "accepted", "rejected"]

METHOD = "label and type"
_SHORT = 3  # letters: an alternative name as short as this is an acronym of many things


@dataclass(frozen=True, slots=True)
class Named:
    """One thing by its IRI, names (the preferred one first) and most specific classes (local names of ours)."""

    iri: str
    names: tuple[str, ...]
    types: frozenset[str]  # empty: not known


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal or decision that ``subject`` (ours) and ``target`` are the same; ``score`` from 0 to 1."""

    subject: str
    target: str
    method: str
    score: Decimal
    status: LinkStatus
    reasons: tuple[str, ...]


def find_links(ours: Iterable[Named], theirs: Iterable[Named], is_a: Callable[[str, str], bool]) -> list[Link]:
    """The links between two sets of things, sorted; ``is_a`` tells whether a class is another or below it.

    A pair with a name in common is linked unless their types exclude each other. It is accepted where the types fit,
    no other target fits, and the name is more than an acronym given as an alternative; else it is a candidate.
    """
    by_name: dict[str, list[Named]] = defaultdict(list)
    for their in theirs:
        for name in {_compared(name) for name in their.names} - {""}:
            by_name[name].append(their)
    return sorted(
        (link for our in ours for link in _links_of(our, by_name, is_a)), key=lambda link: (link.subject, link.target)
    )


def _compared(name: str) -> str:
    """The normal form of a name; nothing for one of no letters, which names nobody."""
    form = fold(name)
    return form if any(map(str.isalnum, form)) else ""


def _links_of(our: Named, by_name: dict[str, list[Named]], is_a: Callable[[str, str], bool]) -> Iterator[Link]:
    names = list(dict.fromkeys(name for name in map(_compared, our.names) if name))
    found = {their.iri: their for name in names for their in by_name.get(name, ())}
    fits = {iri: _fit(our.types, their.types, is_a) for iri, their in found.items()}
    rivals = sum(fit is not False for fit in fits.values())
    for iri, their in found.items():
        if fits[iri] is False:
            continue
        shared = [name for name in map(_compared, their.names) if name in names]
        preferred = names[0] == _compared(their.names[0])
        acronym = not preferred and max(map(len, shared)) <= _SHORT
        reasons = [
            "same preferred name" if preferred else f"name in common: {shared[0]}",
            _type_reason(our.types, their.types, known=fits[iri] is True),
        ]
        reasons += [f"{rivals} things of that name fit"] if rivals > 1 else []
        reasons += ["only an acronym in common"] if acronym else []
        score = Decimal("1.0") if preferred else Decimal("0.9")
        score -= Decimal("0.3") if fits[iri] is None else 0
        score -= Decimal("0.2") if rivals > 1 else 0
        score -= Decimal("0.2") if acronym else 0
        accepted = fits[iri] is True and rivals == 1 and not acronym
        yield Link(our.iri, iri, METHOD, score, "accepted" if accepted else "candidate", tuple(reasons))


def _fit(ours: frozenset[str], theirs: frozenset[str], is_a: Callable[[str, str], bool]) -> bool | None:
    """Whether two things may be one by their types: True, False, or None where theirs is not known."""
    if not theirs:
        return None
    return any(is_a(a, b) or is_a(b, a) for a in ours for b in theirs)


def _type_reason(ours: frozenset[str], theirs: frozenset[str], *, known: bool) -> str:
    if not known:
        return "type of the target not known"
    return f"types fit: {', '.join(sorted(ours))} and {', '.join(sorted(theirs))}"
