"""Which place each name of one article means: scores, reasons, at most one place a name and one name a place.

    names, classes, mentions ─ candidates (index) ─ surroundings ─ scores ─ chances ─ one to one ─ Meaning

The score of a candidate adds up its name, what kind of place it is, how many people live there, and what the article
tells of its country, of the area it lies in, of what stands behind the name. Chances are the scores' exponentials,
beside that of "none of these". Pure: the same article and index give the same meanings.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from kg.linking.places.index import Candidate, Gazetteer
from kg.linking.places.place import Place, form
from kg.linking.places.scores import Scored, Weights, chances, kind_said, lies_in, one_spot, related, shares
from kg.linking.places.surroundings import CountryWords, Source, dateline, holder, home, short_areas
from kg.ontology.words import words

_ARTICLES = frozenset(words("arabicArticles"))

Fits = Callable[[frozenset[str], str], bool | None]
"""Whether something of these classes of ours may be of this feature code; None where it may, but not exactly."""

ACCEPT = 0.85
"""A meaning of this chance or more is accepted (measured: docs/quality.md)."""
_OPEN = 0.5  # the most that a candidate gets whose name means several places of the text
_NEAR = 200  # characters
KEPT = 3  # candidates of a name that are told where none is accepted
_LEAST = 0.05  # chance of a candidate that is told


@dataclass(frozen=True, slots=True)
class Told:
    """A place that an article tells of: its IRI, its names, classes of ours, where it is mentioned (half-open)."""

    iri: str
    names: tuple[str, ...]
    types: frozenset[str]
    mentions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """That a place of an article is a place of GeoNames, with the chance that it is right, and the reasons."""

    iri: str
    place: Place
    chance: float
    reasons: tuple[str, ...]
    accepted: bool


_Part = tuple[float, str]
"""What one thing adds to a score, and the reason in words; "" where it is not worth a word."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a text says a place lies in: the words, and the areas (numbers) and countries (codes) they may mean.

    With ``holds`` the other way round: the words lie in it, and the areas are which of its candidates they may lie in.
    """

    words: str
    areas: frozenset[int | str]
    holds: bool = False


@dataclass(frozen=True, slots=True)
class _Country:
    """What the article tells of countries: how much of it each has, and where."""

    share: Mapping[str, float] = field(default_factory=dict)
    places: Sequence[tuple[int, str]] = ()


class Resolver:
    """Resolves the places of articles with one index."""

    def __init__(self, gazetteer: Gazetteer, known: CountryWords, fits: Fits, weights: Weights | None = None) -> None:
        self._index, self._known, self._fits, self._weights = gazetteer, known, fits, weights or Weights()
        self._area_words = frozenset(map(form, words("areaWords")))
        self._town_words = frozenset(map(form, words("townWords")))

    def meanings(self, source: Source, places: Iterable[Told]) -> list[Meaning]:
        """What the places of an article mean: the accepted one, else the likeliest; none for what no index has."""
        told = sorted(places, key=lambda one: one.iri)
        found = {one.iri: self._candidates(one, source.text) for one in told}
        held = self._holders(source.text, told, found)
        where = self._countries(source)
        scored: dict[str, list[Scored]] = {}
        meant: dict[str, Place] = {}
        for _ in range(3):
            scored = {}
            for one in told:
                others = {iri: place for iri, place in meant.items() if iri != one.iri}  # nothing speaks for itself
                around = _with_meant(where, others, told)
                scored[one.iri] = self._scored(
                    one, found[one.iri], held[one.iri], around, list(others.values()), source.text
                )
            meant = self._meant(scored)
        torn = {one.iri for one in told if _torn(found[one.iri], held[one.iri])}
        return list(_one_to_one(told, scored, torn, self._weights.none))

    def _candidates(self, one: Told, text: str) -> list[Candidate]:
        """The places that bear one of the names, each once."""
        found: dict[int, Candidate] = {}
        spoken = [text[begin:end] for begin, end in one.mentions]
        names = list(dict.fromkeys([*one.names, *(name for name in spoken if name[:1].isupper())]))
        if one.mentions and all(re.search(r"[,(] ?$", text[max(0, begin - 2) : begin]) for begin, _ in one.mentions):
            names = [short_areas().get(name) or short_areas().get(f"{name}.") or name for name in names]  # "Rome, Ga."
        names = self._longer(one, text) or names
        for name in names:
            self._add(found, self._named(name))
        if not found:
            for name in names:
                self._add(found, self._without_kind(name))
                self._add(found, self._index.named(form(name).replace(" ", "")))  # "Pétion-Ville", "Pétionville"
        return list(found.values())

    def _longer(self, one: Told, text: str) -> list[str]:
        """The names of which the mentions are a part, where an index has them: "In Amenas" of Amenas.

        Reading may leave out a word: "the town of In Amenas", "Western Australia", "People's Republic of China".
        """
        longer = []
        for begin, end in one.mentions:
            if not text[begin : begin + 1].isupper():  # "the desert town": no name
                continue
            before = re.search(r"\b([A-Z][\w'’-]* )$", text[max(0, begin - 30) : begin])
            behind = re.match(r" [A-Z][\w'’-]*", text[end : end + 30])
            words_ = text[begin:end]
            ways = [before[1] + words_ if before else "", words_ + behind[0] if behind else ""]
            found = next((way for way in ways if way and any(one.main for one in self._named(way))), None)
            if found is None:
                return []
            longer.append(found)
        return list(dict.fromkeys(longer))

    @staticmethod
    def _add(found: dict[int, Candidate], more: Iterable[Candidate]) -> None:
        for candidate in more:
            number = candidate.place.number
            if number not in found or (candidate.main and not found[number].main):
                found[number] = candidate

    def _named(self, name: str) -> Iterator[Candidate]:
        for code in self._known.names.get(form(name), ()):
            if country := self._index.country(code):
                yield Candidate(country, main=True)
        yield from self._index.named(name)

    def _without_kind(self, name: str) -> Iterator[Candidate]:
        """Places of a name that says its kind, or has an Arabic article: "Helmand province", "al-Bab"."""
        plain = form(name).split()
        if len(plain) > 1 and plain[0] in _ARTICLES:
            yield from self._index.named(" ".join(plain[1:]))
        for kind, rest in ((plain[-1:], plain[:-1]), (plain[:1], plain[2:] if plain[1:2] == ["of"] else [])):
            if rest and set(kind) <= self._area_words:
                yield from (one for one in self._index.named(" ".join(rest)) if one.place.is_area)
            elif rest and set(kind) <= self._town_words:
                yield from (one for one in self._index.named(" ".join(rest)) if one.place.code.startswith("P."))

    def _holders(self, text: str, told: Sequence[Told], found: Mapping[str, list[Candidate]]) -> dict[str, list[_Held]]:
        """For each place, what its mentions are said to lie in, or to have in it.

        A country and a second country ("Georgia, Russia and Ukraine") are a list and no such thing.
        """
        held: dict[str, list[_Held]] = defaultdict(list)
        by_begin = {begin: one for one in told for begin, _ in one.mentions}
        for one in told:
            candidates = found[one.iri]
            for begin, end in one.mentions:
                if holding := self._holding(text, begin, by_begin, candidates):
                    held[one.iri].append(holding)
                larger = holder(text, begin, end)
                if larger is None or (larger.listed and any(c.place.is_country for c in candidates)):
                    continue
                areas = self._areas(larger.words)
                inside = [c.place for c in candidates if lies_in(c.place, areas)]
                if not inside:
                    continue
                held[one.iri].append(_Held(larger.words, areas))
                other = by_begin.get(larger.begin)
                if other is not None and other is not one:
                    real = frozenset(a for a in areas if any(lies_in(p, frozenset([a])) for p in inside))
                    held[other.iri].append(_Held(text[begin:end], real, holds=True))
        return held

    def _holding(
        self, text: str, begin: int, told: Mapping[int, Told], candidates: Sequence[Candidate]
    ) -> _Held | None:
        """Which of the candidates hold what stands before them and is no place of the article: "Alma, Quebec"."""
        before = _BEFORE.search(text[max(0, begin - 50) : begin])
        if before is None or begin - len(before[0]) in told:
            return None
        within = [one.place for one in self._index.named(before[1]) if one.main]
        larger = {c.place.country if c.place.is_country else c.place.number: c.place for c in candidates}
        holding = frozenset(
            key
            for key, place in larger.items()
            if (place.is_area or place.is_country) and any(lies_in(p, frozenset([key])) for p in within)
        )
        return _Held(before[1], holding, holds=True) if holding else None

    def _areas(self, words_: str) -> frozenset[int | str]:
        """Countries (by code) and areas (by number) that words may mean as a larger place."""
        name = short_areas().get(words_, words_)
        candidates = [*self._named(name), *self._without_kind(name)]
        if re.fullmatch(r"[A-Z]{2}", words_) and words_ not in self._known.told:
            candidates = [Candidate(p, main=True) for p in [self._index.country(f"US.{words_}")] if p]
        return frozenset(
            p.country if p.is_country else p.number for p in (c.place for c in candidates) if p.is_country or p.is_area
        )

    def _countries(self, source: Source) -> _Country:
        """The countries that the article tells of, by its words for them, its dateline and its publisher."""
        spoken = self._known.in_text(source.text)
        counts: dict[str, float] = defaultdict(float)
        for _, code in spoken:
            counts[code] += 1
        if code := home(source, self._known):
            counts[code] += self._weights.home
        if dated := dateline(source.text):
            town, larger = dated
            areas = self._areas(larger) if larger else frozenset[int | str]()
            places = [c.place for c in self._named(town) if not larger or lies_in(c.place, areas)]
            if (places and places[0].population > 100_000) or (places and larger):
                counts[places[0].country] += 1 + self._weights.home
        return _Country(shares(counts), spoken)

    def _meant(self, scored: Mapping[str, list[Scored]]) -> dict[str, Place]:
        """What each name means rather than anything else."""
        ranked = {iri: chances(candidates, self._weights.none) for iri, candidates in scored.items()}
        return {iri: best[0][0].place for iri, best in ranked.items() if best and best[0][1] > 0.5}

    def _scored(
        self,
        one: Told,
        candidates: Sequence[Candidate],
        held: Sequence[_Held],
        where: _Country,
        others: Sequence[Place],
        text: str,
    ) -> list[Scored]:
        found = []
        for candidate in candidates:
            if self._fits(one.types, candidate.place.code) is False and "Facility" in one.types:
                continue  # a bridge is no town; but what reading calls hills may be Beverly Hills
            parts = [
                *self._of_itself(one, candidate, candidates),
                *self._of_words(one, candidate.place, text),
                *self._of_surroundings(one, candidate.place, where, others, alone=len(candidates) == 1),
                *self._of_holders(candidate.place, held),
            ]
            found.append(Scored(candidate.place, sum(p for p, _ in parts), [reason for _, reason in parts if reason]))
        return found

    def _of_itself(self, one: Told, candidate: Candidate, candidates: Sequence[Candidate]) -> Iterator[_Part]:
        """What the name, the kind and the people of a place say."""
        w, place = self._weights, candidate.place
        # of "In Amenas" the data have the district, and not the town in it
        townless = place.is_area and not any(
            c.place.code.startswith("P.") and c.place.country == place.country for c in candidates
        )
        seats = {c.place.number: c.place.population for c in candidates if c.place.code.startswith("P.")}
        people = min(place.population, seats.get(place.seat or 0, place.population))  # "Basra" is the town first
        yield w.people * math.log10(max(people, 300)), ""
        if candidate.main:
            yield 0, "main name"
        else:  # of a country all names are well known
            yield 0 if place.is_country else w.other_name, f"another name of {place.name}"
        if place.is_country:
            yield w.country, "a country"
        elif place.code == "P.PPLC":
            yield w.capital, "a capital"
        elif place.is_area and not townless:
            yield w.area if place.code == "A.ADM1" else w.district, ""
            capitals = (c.place for c in candidates if c.place.code == "P.PPLC" and c.place.country == place.country)
            if any(not one_spot(place, capital) for capital in capitals):  # "Washington" is not the state
                yield -w.capital, ""
        else:
            yield w.town, ""
        fits, kinds = self._fits(one.types, place.code), ", ".join(sorted(one.types))
        if fits:
            yield w.fits, f"types fit: {kinds} and gn:{place.code}"
        elif fits is False and not place.is_country:
            yield w.fits_not / 3 if townless else w.fits_not, f"types do not fit: {kinds} and gn:{place.code}"

    def _of_words(self, one: Told, place: Place, text: str) -> Iterator[_Part]:
        """What the words right before and behind the mentions say of the kind of place."""
        w = self._weights
        after_article = any(text[max(0, b - 4) : b] in ("the ", "The ") for b, _ in one.mentions)
        plural = one.names[0].endswith("s")  # "the Cayman Islands"
        if after_article and not plural and not place.is_country and not place.name.startswith("The "):
            yield w.article, 'with "the"'
        if kind := kind_said(text, one.mentions, self._area_words, self._town_words):
            same = place.is_area if kind == "area" else place.code.startswith("P.")
            yield w.kind if same else -w.kind, f"the text calls it a {kind}" if same else ""

    def _of_surroundings(
        self, one: Told, place: Place, where: _Country, others: Sequence[Place], *, alone: bool
    ) -> Iterator[_Part]:
        """What is told of beside it: its country, what it lies in, what lies in it."""
        w = self._weights
        if not place.is_country and (share := where.share.get(place.country, 0)):
            yield w.told * (1 + share) / 2, f"both of {self._country_name(place.country)}"
            near = (at - begin for begin, _ in one.mentions for at, code in where.places if code == place.country)
            if any(0 < abs(distance) < _NEAR for distance in near):
                yield w.near, ""
            if alone:
                yield w.only, "no other place has the name"
        if beside := [other.name for other in others if related(place, other)]:
            yield w.around, f"told of beside {', '.join(beside[:2])}"

    def _of_holders(self, place: Place, held: Sequence[_Held]) -> Iterator[_Part]:
        """What the text says it lies in, or has in it."""
        w = self._weights
        for one in held:
            inside = lies_in(place, one.areas)
            if one.holds:
                inside = (place.country if place.is_country else place.number) in one.areas
            said = f"the text has {one.words} in it" if one.holds else f"the text has it in {one.words}"
            yield (w.held, said) if inside else (w.elsewhere, "")

    def _country_name(self, code: str) -> str:
        country = self._index.country(code)
        return country.name if country else code


_BEFORE = re.compile(r"\b([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}) ?, $")


def _torn(candidates: Sequence[Candidate], held: Sequence[_Held]) -> bool:
    """Whether a text says of one name that it lies here and there: "Tripoli, Lebanon, … Tripoli, Libya"."""
    ways = [{c.place.number for c in candidates if lies_in(c.place, one.areas)} for one in held if not one.holds]
    return len(ways) > 1 and not set.intersection(*ways)


def _with_meant(where: _Country, meant: Mapping[str, Place], told: Sequence[Told]) -> _Country:
    """The countries told of, with those of the towns and areas that are meant."""
    counts: dict[str, float] = defaultdict(float)
    for code, share in where.share.items():
        counts[code] += share * max(1, len(where.places))
    spoken = list(where.places)
    for one in told:
        place = meant.get(one.iri)
        if place is not None and not place.is_country and place.country:
            counts[place.country] += 1
            spoken += [(begin, place.country) for begin, _ in one.mentions]
    return _Country(shares(counts), spoken)


def _one_to_one(
    told: Sequence[Told], scored: Mapping[str, list[Scored]], torn: AbstractSet[str], none: float
) -> Iterator[Meaning]:
    """The meanings, the surest first taking its place; what is then left of it is another's no more."""
    rest = {one.iri: scored[one.iri] for one in told}
    taken: dict[int, str] = {}
    while rest:
        ranked = {iri: chances(candidates, none) for iri, candidates in rest.items()}
        iri = min(rest, key=lambda i: (-ranked[i][0][1] if ranked[i] else 0, i))
        its = ranked[iri]
        del rest[iri]
        if not its:
            continue
        best, chance = its[0]
        if chance >= ACCEPT and iri not in torn:
            taken[best.place.number] = iri
            yield Meaning(iri, best.place, chance, tuple(best.reasons), accepted=True)
            rest = {
                other: [one for one in left if one.place.number != best.place.number] for other, left in rest.items()
            }
        else:
            for one, its_chance in its[:KEPT]:
                if its_chance >= _LEAST:
                    reasons = (*one.reasons, "the text has several of the name") if iri in torn else one.reasons
                    chance = min(its_chance, _OPEN) if iri in torn else its_chance
                    yield Meaning(iri, one.place, chance, tuple(reasons), accepted=False)
