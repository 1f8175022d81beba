"""What speaks for and against two things being one: measured on a pair, each by a name and in words for a reader.

    two things, how their names meet ─ evidence → parts (name, 0 to 1, words) ─ kg.linking.weighing → chance

What a measure is worth is not said here: the weights stand in ``kg/core/data/linking/weights.json`` and were learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, log2, log10, radians, sin, sqrt

from kg.core.names import fold
from kg.linking.names import Kind, is_acronym, spelling
from kg.linking.stems import stem
from kg.linking.things import IsA, Known, Named
from kg.ontology.words import words

BOTH_OF, BOTH_WITH, BY_IDENTIFIER = "both of ", "both have to do with ", "both have the identifier "
GROUNDS = (BOTH_OF, BOTH_WITH, BY_IDENTIFIER)
"""Beginnings of the reasons that more than a name and a class speaks for a pair."""

_SPOT, _FAR = 25.0, 150.0  # kilometres: one place, two places
_MANY_PLACES, _MANY_PEOPLE = 6.0, 7.0  # powers of two and of ten that count as one
_ADULT = 15  # years: younger ones are seldom in the news
_LINGERS = 2  # years after the end of something in which news still tells of it as there
_LONG = 50.0  # years
_SMALL = frozenset(words("smallWords"))


@dataclass(frozen=True, slots=True)
class Met:
    """How the names of two things meet, in the surest way: ours and theirs that do."""

    kind: Kind
    our_name: str
    their_name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One measure on a pair: its name among the weights, how much from 0 to 1, the reason in words ("" for none)."""

    name: str
    much: float
    words: str = ""


def evidence(our: Named, their: Named, met: Met, is_a: IsA, known: Known) -> list[Part]:
    """What was measured on a pair whose names meet and whose types do not exclude each other."""
    kind = _kind(our, their, is_a)
    parts = [
        Part(f"a {kind}", 1.0),
        *_name(our, their, met),
        *_how_common(our, their, met, kind, is_a, known),
        *_type(our, their),
        *_country(our, their, kind, known),
        *_neighbours(our, their, known),
        *_words(our, their, kind, known),
        *_time(our, their, kind),
        *_spot(our, their),
    ]
    return [part for part in parts if part.much]


def _kind(our: Named, their: Named, is_a: IsA) -> str:
    """What sort of thing a pair is of; by our class, for theirs may not be known."""
    types = our.types | their.types
    if any(is_a(t, "Person") for t in types):
        return "person"
    if any(is_a(t, "country") for t in their.types) and all(is_a(t, "GPE") for t in our.types):
        return "country"
    return "body" if any(is_a(t, "Organization") for t in types) else "place"


def _name(our: Named, their: Named, met: Met) -> Iterator[Part]:
    both = f"{met.our_name} and {met.their_name}"
    if met.kind is Kind.SPELLING:
        yield Part("the same but for spelling", 1.0, f"the same but for spelling, title or legal form: {both}")
    elif met.kind is Kind.ALIKE:
        yield Part("written alike", 1.0, f"written alike: {both}")
    elif met.kind is Kind.ACRONYM:
        yield Part("one short for the other", 1.0, f"one may be short for the other: {both}")
    else:
        preferred = fold(our.names[0]) == fold(their.names[0])
        short = is_acronym(met.their_name)
        if preferred:
            yield Part(
                "same preferred name, an acronym" if short else "same preferred name",
                1.0,
                "same preferred name, an acronym" if short else "same preferred name",
            )
        elif short:
            yield Part("only an acronym in common", 1.0, f"only an acronym in common: {met.their_name}")
        else:
            yield Part("another name in common", 1.0, f"name in common: {met.their_name}")


def _how_common(our: Named, their: Named, met: Met, kind: str, is_a: IsA, known: Known) -> Iterator[Part]:
    """What the names themselves tell: whether many things may bear them."""
    name = fold(met.our_name)
    words = spelling(met.their_name).split()
    if kind == "person":
        usual = sum(word in known.common for word in words)
        yield Part("a name of three words or more, person", float(len(words) > 2), f"a name of {len(words)} words")
        yield Part("a name of one word, person", float(len(words) < 2), "a name of one word")
        yield Part("names that very many people have", min(usual, 2) / 2, "very many people have such a name")
    elif kind == "country":
        shared = name in known.shared or fold(met.their_name) in known.shared
        yield Part(
            "a country's name that other places bear", float(shared), "a name of a country that other places bear"
        )
        yield Part("a country's name", float(not shared), "a country's name")
    elif kind == "body":
        yield from _body_name(our, their, met, words, is_a, known)
    else:
        yield from _place_name(their, known.places_named(met.their_name))


def _place_name(their: Named, named: tuple[int, int] | None) -> Iterator[Part]:
    """How many places have the name, and whether theirs is the one that most people live in."""
    people = their.people
    if named is None:
        yield Part("how many places have the name is not known", 1.0)
    else:
        number, largest = named
        said = f"{number} places of GeoNames have the name" if number > 1 else ""
        yield Part("places of the name", min(log2(max(number, 1)) / _MANY_PLACES, 1.0), said)
        yield Part("no second place has the name", float(number == 1), "one place of GeoNames has the name")
        if people and number > 1:
            words = (
                "the largest place of the name"
                if people >= largest
                else f"{largest} people live in another of the name"
            )
            yield Part("smaller than the largest of the name", min(max(log10(largest / people), 0.0) / 3, 1.0), words)
            yield Part("the largest of the name", float(people >= largest), words)
    yield Part("how many live there is not known", float(people is None))
    if people:
        yield Part("people who live there", min(log10(people) / _MANY_PEOPLE, 1.0))
        yield Part("a hundred thousand people or more", float(people >= 100_000))


def _body_name(our: Named, their: Named, met: Met, words: list[str], is_a: IsA, known: Known) -> Iterator[Part]:
    types = our.types | their.types
    unique = any((fold(met.our_name), t) in known.unique for t in our.types) and met.kind is Kind.EXACT
    everywhere = unique and not set(words) <= known.generic  # "Supreme Court" is known, and there are many
    common = bool(set(words) & known.generic) or any(is_a(t, "commonName") for t in types)
    country = any(" ".join(words[a:b]) in known.peoples for a in range(len(words)) for b in range(a + 1, a + 4))
    if everywhere:
        yield Part("a name known everywhere", 1.0, "a name known everywhere")
    elif common and country:
        yield Part("a common name that says its country", 1.0, "many bodies have such a name, and it says the country")
    elif common:
        yield Part("many bodies have such a name", 1.0, "many bodies have such a name")
    else:
        many = min(len(words), 3)
        yield Part(f"a body's name of {('one word', 'two words', 'three words or more')[many - 1]}", 1.0)
    whole = spelling(their.names[0]).split()
    if common and not everywhere and set(words) < set(whole):
        rest = " ".join(word for word in whole if word not in words and word not in _SMALL)
        more = "its country" if rest in known.peoples else "more"  # "Court of Norvia", "Provisional Army"
        yield Part(f"its whole name says {more}, body", 1.0, f"its whole name says {more}: {rest}")


def _type(our: Named, their: Named) -> Iterator[Part]:
    ours, theirs = (", ".join(sorted(thing.types)) for thing in (our, their))
    if not their.types:
        yield Part("type not known", 1.0, "type of the target not known")
    else:
        exact = bool(our.types & their.types)
        yield Part("same type" if exact else "types fit", 1.0, f"types fit: {ours} and {theirs}")


def elsewhere(our: Named, their: Named, known: Known) -> bool:
    """Whether both sides' countries are known, and none is the same."""
    here, there = our.places & known.countries, their.places & known.countries
    return bool(here and there and not here & there)


def _country(our: Named, their: Named, kind: str, known: Known) -> Iterator[Part]:
    """Which countries and other places both are of; where ours is not known, of which its articles tell."""
    here, there = our.places & known.countries, their.places & known.countries
    if elsewhere(our, their, known):
        words = f"ours is of {_listed(here)}, theirs of {_listed(there)}"
        yield Part(f"of different countries, {kind}", 1.0, words)
    elif places := our.places & their.places:
        one = "country" if places & known.countries else "place"
        yield Part(f"of one {one}, {kind}", 1.0, f"{BOTH_OF}{_listed(places)}")
    elif there and kind != "country":
        told = our.beside & known.countries
        if both := told & there:
            only = ", the only country" if len(told) == 1 else ""
            words = f"told of beside {_listed(both)}{only}"
            yield Part(f"told of beside its country, {kind}", 1.0, words)
            yield Part(f"its country's share of those told of, {kind}", len(both) / len(told))
        elif told:
            yield Part(f"its country is not told of, {kind}", 1.0, f"its articles do not tell of {_listed(there)}")
    elif not there and kind != "country":
        yield Part(f"country not known, {kind}", 1.0)


def _neighbours(our: Named, their: Named, known: Known) -> Iterator[Part]:
    around = their.related | their.places
    if related := our.related & around:
        yield Part("both have to do with one thing", 1.0, f"{BOTH_WITH}{_listed(related)}")
    if beside := (our.beside - known.countries) & around:
        yield Part(
            "told of beside what it has to do with", min(len(beside), 3) / 3, f"told of beside {_listed(beside)}"
        )


def _words(our: Named, their: Named, kind: str, known: Known) -> Iterator[Part]:
    """What both are called, and whether what theirs is called stands in the sentences about ours."""
    told = their.called - known.peoples
    if not told or not our.said:
        return
    called = told & our.called
    said = (told & our.said) - called
    if called:
        yield Part(f"called the same, {kind}", min(len(called), 2) / 2, f"both are called {_written(called, their)}")
    if said:
        yield Part(
            f"called so in the sentence, {kind}",
            min(len(said), 3) / 3,
            f"a sentence about ours has {_written(said, their)}",
        )
    if not called and not said:
        yield Part(f"nothing of what it is called is told, {kind}", 1.0, "no sentence about ours says what theirs is")


def _written(found: Iterable[str], their: Named) -> str:
    """Stems as the words that theirs has of them: "senator" of senat."""
    words = {stem(word): word for word in reversed(their.words)}
    return _listed(words.get(one, one) for one in found)


def _time(our: Named, their: Named, kind: str) -> Iterator[Part]:
    (first, last), (begun, ended) = our.years, their.years
    if first is None or last is None or (begun is None and ended is None):
        return
    if ended is not None and first - ended > _LINGERS:
        yield Part("gone by then", 1.0, f"theirs ended in {ended}, ours is in the news of {first}")
        yield Part("gone for long", min((first - ended) / _LONG, 1.0))
    elif begun is not None and begun > last:
        yield Part("not there yet", 1.0, f"theirs began in {begun}, ours is in the news of {last}")
    elif kind == "person" and begun is not None and last - begun < _ADULT:
        yield Part("a child then", 1.0, f"theirs was born in {begun}, ours is in the news of {last}")
    else:
        yield Part("there at the time", 1.0)


def _spot(our: Named, their: Named) -> Iterator[Part]:
    if shared := our.identifiers & their.identifiers:
        yield Part("one identifier", 1.0, f"{BY_IDENTIFIER}{min(shared)}")
    elif any(_kin(one, other) for one in our.identifiers for other in their.identifiers):
        yield Part("another identifier", 1.0, "theirs has another identifier of the same register")
    if our.at and their.at:
        apart = kilometres(our.at, their.at)
        if apart <= _SPOT:
            yield Part("one spot", 1.0, f"{BOTH_OF}one spot, {apart:.0f} km apart")
        elif apart >= _FAR:
            yield Part("far apart", 1.0, f"{apart:.0f} km apart")


def _kin(one: str, other: str) -> bool:
    """Whether two identifiers are of one register, by what stands before the last part."""
    return one.rstrip("/").rpartition("/")[0] == other.rstrip("/").rpartition("/")[0]


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two points (latitude, longitude in degrees) lie apart on the earth."""
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (one, other))
    inner = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6371.0 * asin(min(1.0, sqrt(inner)))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)[:3])
