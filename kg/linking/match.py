"""Which entity of another dataset is which of ours: by name, type and surroundings, with a score and the reasons.

Pure functions over names, types and what stands around them; reading and writing are ``kg.linking.merge``'s. A name
counts in its normal form, and in other spellings (``kg.linking.names``).

The score adds up what speaks for a link and takes off what speaks against it (``_score``). A name alone, however rare
in the other file, never reaches ``ACCEPT``: something must identify the thing as well (its country, what it is said to
belong to, a name that nothing else bears). The weights are set by hand, not learned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kg.core.names import fold
from kg.linking.names import Key, Kind, is_acronym, keys, keys_of, meet, spelling

LinkStatus = Literal["candidate", "accepted", "rejected"]
LinkKind = Literal["Link", "EventLink", "CopyLink"]
"""Of entities, of events that are one happening, of articles that are one report."""

METHOD = "name, type and surroundings"
DECIDED = "decision"
"""The method of a link that a person decided: it outlives every merge."""

ACCEPT = Decimal("0.90")
"""A link of this score or more is accepted by itself, unless a rival contests it."""
_BEFORE = Decimal("0.85")  # the most that a link gets to which there are rivals
_RIVALS = "things of that name fit"
_GROUNDS = ("both of ", "both have to do with ")


@dataclass(frozen=True, slots=True)
class Named:
    """One thing by its IRI, names (the preferred one first), classes of ours, and what stands around it.

    ``types`` are local names, the most specific ones; empty where not known. ``places`` are the countries and other
    places it lies in or belongs to, ``related`` what it has to do with, ``beside`` what is told of in the same articles
    (of ours only): all names in normal form, countries by the one name that ``Known`` gives them.
    """

    iri: str
    names: tuple[str, ...]
    types: frozenset[str]
    places: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()  # IRIs of its own dataset that this says are the same thing


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of names before any dataset: countries, names of many, names of one. All in normal form."""

    countries: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()  # names of countries that other places bear
    generic: frozenset[str] = frozenset()  # words of names that many bodies share
    unique: frozenset[tuple[str, str]] = frozenset()  # names that all news uses for one thing, with its class


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal or decision that ``subject`` (ours) and ``target`` are the same; ``score`` from 0 to 1.

    ``contested`` are graphs of other datasets that show several things of the name: a link stays a candidate for it.
    """

    subject: str
    target: str
    method: str
    score: Decimal
    status: LinkStatus
    reasons: tuple[str, ...]
    contested: tuple[str, ...] = ()
    dataset: str = ""  # the graph of the dataset that the target is from; none where a person said so of two of ours
    kind: LinkKind = "Link"

    @property
    def has_rivals(self) -> bool:
        """Whether its dataset shows other things of the name that may be ours."""
        return any(reason.endswith(_RIVALS) for reason in self.reasons)

    @property
    def is_grounded(self) -> bool:
        """Whether more than names and types speaks for it."""
        return any(reason.startswith(_GROUNDS) for reason in self.reasons)

    def proposed(self) -> Link:
        """The link as it stands where nobody decides: accepted by its score, unless contested."""
        accepted = self.score >= ACCEPT and not self.contested
        return replace(self, method=METHOD, status="accepted" if accepted else "candidate")

    def lowered(self, reason: str) -> Link:
        """The link as a candidate for one more reason, whatever its score was."""
        return replace(self, score=min(self.score, _BEFORE), reasons=(*self.reasons, reason)).proposed()


IsA = Callable[[str, str], bool]


def find_links(ours: Iterable[Named], theirs: Iterable[Named], is_a: IsA, known: Known = Known()) -> list[Link]:
    """The links between two sets of things, sorted; ``is_a`` tells whether a class is another or below it.

    A pair with a name in common is linked unless their types exclude each other. At most one target is accepted for
    each of ours, and at most one of ours for each target.
    """
    by_key: dict[Key, list[Named]] = defaultdict(list)
    for their in theirs:
        for key in keys(their.names):
            by_key[key].append(their)
    links = [link for our in ours for link in _links_of(our, by_key, is_a, known)]
    return sorted(_one_to_one(links), key=lambda link: (link.subject, link.target))


@dataclass(frozen=True, slots=True)
class _Met:
    """How the names of two things meet, in the surest way: ours and theirs that do."""

    kind: Kind
    our_name: str
    their_name: str


def _links_of(our: Named, by_key: Mapping[Key, list[Named]], is_a: IsA, known: Known) -> Iterator[Link]:
    ours = {key: name for name in reversed(our.names) for key in keys_of(name)}
    if any(kind is Kind.EXACT and text in known.shared for kind, text in ours) and any(
        is_a(t, "GPE") for t in our.types
    ):
        our = replace(our, types=frozenset({"GPE"}))  # which kind of place it is was read from the name
    found = {their.iri: their for key in ours for their in by_key.get(key, ())}
    fitting = [
        (their, met)
        for their in found.values()
        if _fit(our.types, their.types, is_a) is not False and (met := _met(ours, their))
    ]
    open_ones = [(their, met) for their, met in fitting if not _elsewhere(our, their, known)]
    for their, met in fitting:
        rivals = sum(
            one.iri != their.iri and one.iri not in their.same and how.kind <= met.kind for one, how in open_ones
        )
        yield _scored(our, their, met, rivals, is_a, known)


def _met(ours: Mapping[Key, str], their: Named) -> _Met | None:
    """The surest way in which the names meet; a whole name before an acronym."""
    ways = [
        _Met(key[0], ours[key], name)
        for name in their.names
        for key in sorted(keys_of(name))
        if key in ours and meet(key[0], ours[key], name)
    ]
    return min(ways, key=lambda met: (met.kind, met.kind is Kind.EXACT and is_acronym(met.their_name)), default=None)


def _scored(our: Named, their: Named, met: _Met, rivals: int, is_a: IsA, known: Known) -> Link:
    """The link of a pair that has a name in common and types that may fit."""
    pairs = [_name(our, their, met), _type(our, their), *_distinct(our, their, met, is_a, known)]
    pairs += _around(our, their, known)
    score = sum((weight for weight, _ in pairs), Decimal(0))
    if not their.types:
        score = min(score, _BEFORE)
    if rivals:
        pairs.append((Decimal(0), f"{rivals + 1} {_RIVALS}"))
        score = min(score - Decimal("0.30"), _BEFORE)
    score = min(max(score, Decimal("0.01")), Decimal("0.99")).quantize(Decimal("0.01"))
    reasons = tuple(reason for _, reason in pairs if reason)
    return Link(our.iri, their.iri, METHOD, score, "candidate", reasons).proposed()


_Weight = tuple[Decimal, str]


def _name(our: Named, their: Named, met: _Met) -> _Weight:
    both = f"{met.our_name} and {met.their_name}"
    if met.kind is Kind.SPELLING:
        return Decimal("0.60"), f"the same but for spelling, title or legal form: {both}"
    if met.kind is Kind.ALIKE:
        return Decimal("0.45"), f"written alike: {both}"
    if met.kind is Kind.ACRONYM:
        return Decimal("0.40"), f"one may be short for the other: {both}"
    preferred = fold(our.names[0]) == fold(their.names[0])
    if is_acronym(met.their_name):
        if preferred:
            return Decimal("0.50"), "same preferred name, an acronym"
        return Decimal("0.40"), f"only an acronym in common: {met.their_name}"
    if preferred:
        return Decimal("0.62"), "same preferred name"
    return Decimal("0.60"), f"name in common: {met.their_name}"


def _type(our: Named, their: Named) -> _Weight:
    if not their.types:
        return Decimal("-0.10"), "type of the target not known"
    return Decimal("0.10"), f"types fit: {', '.join(sorted(our.types))} and {', '.join(sorted(their.types))}"


def _distinct(our: Named, their: Named, met: _Met, is_a: IsA, known: Known) -> Iterator[_Weight]:
    """What the names themselves tell: whether many things may bear them."""
    types = our.types | their.types
    name = fold(met.our_name)
    words = spelling(met.their_name).split()
    if any(is_a(t, "Person") for t in types):
        yield Decimal(0), "many people share a name"
    elif met.kind > Kind.SPELLING:
        return
    elif any(is_a(t, "country") for t in their.types) and all(is_a(t, "GPE") for t in our.types):
        if name in known.shared or fold(met.their_name) in known.shared:
            yield Decimal(0), "a name of a country that other places bear too"
        else:
            yield Decimal("0.20"), "a country's name"
    elif any(is_a(t, "Organization") for t in types):
        if any(is_a(t, "commonName") for t in types):
            yield Decimal(0), "many bodies have such a name"
        elif any((name, t) in known.unique for t in our.types) and met.kind is Kind.EXACT:
            yield Decimal("0.20"), "a name known everywhere"
        elif set(words) & known.generic:
            yield Decimal(0), "many bodies have such a name"
        elif len(words) > 1:
            yield Decimal("0.20") if len(words) > 2 else Decimal("0.10"), f"a name of {len(words)} words"


def _around(our: Named, their: Named, known: Known) -> Iterator[_Weight]:
    """What stands around both: places first, then what they have to do with, then what is told beside ours."""
    if _elsewhere(our, their, known):
        here, there = (", ".join(sorted(places & known.countries)) for places in (our.places, their.places))
        yield Decimal("-0.40"), f"ours is of {here}, theirs of {there}"
        return
    if places := our.places & their.places:
        yield Decimal("0.20"), f"{_GROUNDS[0]}{', '.join(sorted(places))}"
        return
    around = their.related | their.places
    if related := our.related & around:
        yield Decimal("0.20"), f"{_GROUNDS[1]}{', '.join(sorted(related)[:3])}"
        return
    if beside := our.beside & around:
        person = "Person" in our.types | their.types
        countries = our.beside & known.countries
        only = not person and len(countries) == 1 and countries <= their.places
        weight = "0.20" if only else "0.15" if len(beside) > 1 else "0.10"
        words = ", the only country" if only else ""
        yield Decimal(weight), f"told of beside {', '.join(sorted(beside)[:3])}{words}"


def _elsewhere(our: Named, their: Named, known: Known) -> bool:
    """Whether both sides' countries are known, and none is the same."""
    here, there = our.places & known.countries, their.places & known.countries
    return bool(here and there and not here & there)


def _one_to_one(links: list[Link]) -> list[Link]:
    """No two links accepted for one of ours or one of theirs: the best stays where it is better, else none."""
    for side, reason in (("subject", "another target fits as well"), ("target", "another entity of ours fits as well")):
        accepted: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            if link.status == "accepted":
                accepted[getattr(link, side)].append(link)
        losing = {
            (link.subject, link.target)
            for rivals in accepted.values()
            if len(rivals) > 1
            for link in rivals
            if link.score < max(r.score for r in rivals) or sum(r.score == link.score for r in rivals) > 1
        }
        links = [link.lowered(reason) if (link.subject, link.target) in losing else link for link in links]
    return links


def _fit(ours: frozenset[str], theirs: frozenset[str], is_a: IsA) -> bool | None:
    """Whether two things may be one by their types: True, False, or None where theirs is not known."""
    if not theirs:
        return None
    return any(is_a(a, b) or is_a(b, a) for a in ours for b in theirs)
