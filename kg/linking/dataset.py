"""The named things of another dataset: its triples in; names, classes of ours and surroundings out.

Known are the ways of Wikidata, DBpedia, GeoNames, schema.org (http and https), FOAF, ORG, vCard and SKOS. What their
classes mean here stands in ontology/linked-types.ttl.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from kg.core import resources
from kg.core.names import fold
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, OWL, RDF, RDFS, SCHEMA, SKOS
from kg.linking.names import is_acronym
from kg.linking.nearest import nearest
from kg.linking.stems import stem, stems
from kg.linking.things import Known, Named
from kg.ontology.values import Ontology
from kg.ontology.words import paired, words
from kg.store.files import parse_triples
from kg.store.opening import NamedNode, RdfLiteral, Triple

LARGE = 20_000
"""Things of a dataset from which on only those are looked at whose names are near to ours."""
_DESCRIPTION = 300  # characters of a description that say what a thing is; what follows tells its life
_DBO, _DBR, _FOAF, _GN, _WDT = (COMMON_PREFIXES[prefix] for prefix in ("dbo", "dbr", "foaf", "gn", "wdt"))
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_HTTP_SCHEMA = "http://schema.org/"

PREFERRED = (RDFS + "label", SKOS + "prefLabel", SCHEMA + "name", _GN + "name", _FOAF + "name", _VCARD + "fn")
_ALTERNATIVE = (
    SKOS + "altLabel",
    *(SCHEMA + name for name in ("alternateName", "legalName")),
    *(_GN + name for name in ("alternateName", "officialName", "shortName")),
    *(_DBO + name for name in ("longName", "alias", "birthName")),
    *(_FOAF + name for name in ("nick",)),
    *(_VCARD + name for name in ("organization-name",)),
)
NAMES = (*PREFERRED, *_ALTERNATIVE)
DESCRIPTIONS = (SCHEMA + "description", "http://purl.org/dc/terms/description", RDFS + "comment", _DBO + "abstract")
_OCCUPATIONS = (
    _WDT + "P106",
    _WDT + "P39",
    SCHEMA + "jobTitle",
    SCHEMA + "hasOccupation",
    _DBO + "occupation",
    _VCARD + "title",
)
_BEGUN = (*(_WDT + name for name in ("P569", "P571")), *(SCHEMA + name for name in ("birthDate", "foundingDate")))
_BEGUN += (*(_DBO + name for name in ("birthDate", "birthYear", "foundingDate", "foundingYear", "formationDate")),)
_ENDED = (*(_WDT + name for name in ("P570", "P576")), *(SCHEMA + name for name in ("deathDate", "dissolutionDate")))
_ENDED += (
    *(_DBO + name for name in ("deathDate", "deathYear", "extinctionDate", "extinctionYear", "dissolutionDate")),
)
_WGS84 = COMMON_PREFIXES["wgs84"]
_LATITUDE, _LONGITUDE = (_WGS84 + "lat", SCHEMA + "latitude"), (_WGS84 + "long", SCHEMA + "longitude")
_POINT = (_WDT + "P625", "http://www.opengis.net/ont/geosparql#asWKT", "http://www.georss.org/georss/point")
_PEOPLE = (_WDT + "P1082", _GN + "population", _DBO + "populationTotal", SCHEMA + "population")
_GEONAMES = _WDT + "P1566"
_GEO = SCHEMA + "geo"
_GIVEN = (SCHEMA + "givenName", _FOAF + "givenName", _FOAF + "firstName", _VCARD + "given-name")
_FAMILY = (SCHEMA + "familyName", _FOAF + "familyName", _FOAF + "lastName", _VCARD + "family-name")
TYPES = (RDF + "type", _WDT + "P31", _GN + "featureCode", _GN + "featureClass")
_BROADER = (RDFS + "subClassOf", _WDT + "P279", SKOS + "broader")
_ALIGNED = (RDFS + "subClassOf", OWL + "equivalentClass", SKOS + "closeMatch", SKOS + "exactMatch")
_SAME = (OWL + "sameAs", SCHEMA + "sameAs", SKOS + "exactMatch", _DBO + "wikiPageRedirects")
_ADDRESS = (SCHEMA + "address", _VCARD + "hasAddress")
PLACES = frozenset(
    [
        *(_WDT + name for name in ("P17", "P27", "P131", "P159", "P276")),
        *(_GN + name for name in ("countryCode", "parentCountry", "parentFeature", "parentADM1", "parentADM2")),
        *(
            SCHEMA + name
            for name in (
                "addressCountry addressRegion addressLocality nationality containedInPlace containedIn location".split()
            )
        ),
        *(
            _DBO + name
            for name in (
                "country nationality citizenship isPartOf state region province location city locationCountry "
                "locationCity headquarter stateOfOrigin"
            ).split()
        ),
        *(_VCARD + name for name in ("country-name", "region", "locality")),
        _FOAF + "based_near",
        *_ADDRESS,
    ]
)


@lru_cache(maxsize=1)
def aligned_types() -> Mapping[str, frozenset[str]]:
    """Classes of other vocabularies with those of ours that the ontology files align with them."""
    aligned: dict[str, set[str]] = defaultdict(set)
    for path in resources.ontology_files():
        for triple in parse_triples(path, ONTOLOGY):
            subject, target = _iri(triple.subject), _iri(triple.object)
            if triple.predicate.value in _ALIGNED and subject.startswith(ONTOLOGY) and not target.startswith(ONTOLOGY):
                aligned[target].add(subject.removeprefix(ONTOLOGY))
    return {target: frozenset(classes) for target, classes in aligned.items()}


class Names:
    """Names of places in the one form that they are compared in: a country's other names, people and code as well."""

    def __init__(
        self, ontology: Ontology, places_named: Callable[[str], tuple[int, int] | None] = lambda _: None
    ) -> None:
        codes = paired("countryCodes")
        self.codes = {code: fold(country) for country, code in codes.items()}
        self._countries = {
            fold(name): fold(country.name)
            for country in ontology.countries
            for name in (country.name, *country.aliases, *country.demonyms)
        }
        self.known = Known(
            countries=frozenset(self.codes.values()),
            shared=frozenset(map(fold, words("sharedPlaceNames"))),
            generic=frozenset(map(fold, words("genericNameWords"))),
            unique=frozenset((fold(name), owner) for name, owner in ontology.entity_names.items()),
            common=frozenset(map(fold, words("commonNames"))),
            peoples=frozenset(
                part
                for country in ontology.countries
                for name in (country.name, *country.aliases, *country.demonyms)
                for part in (fold(name), stem(fold(name)))
            ),
            places_named=places_named,
        )

    def place(self, name: str) -> str:
        """A place's name in normal form; of a country the usual one, for "Algerian" and for "DZ" too."""
        folded = fold(name)
        return self.codes.get(name.strip()) or self._countries.get(folded, folded)


def things(
    triples: Iterable[Triple],
    names: Names,
    specific: Callable[[Iterable[str]], frozenset[str]],
    wanted: Sequence[str] = (),
) -> dict[str, Named]:
    """The dataset's things that have a name, by IRI; ``specific`` keeps the most specific of classes.

    Of a dataset of more than ``LARGE`` things only those with a name near to one of the ``wanted`` (ours).
    """
    parts = _Parts()
    for triple in triples:
        parts.add(triple)
    aligned = aligned_types()
    found = {}
    iris = sorted(parts.names.keys() | (parts.given.keys() & parts.family.keys()))
    for iri in iris if not wanted or len(iris) <= LARGE else _near(iris, parts, wanted):
        own = parts.names_of(iri)
        types = (ours for t in _closure(parts.types[iri], parts.broader) for ours in aligned.get(t, _own(t)))
        places = parts.around(iri, parts.places, names.place)
        related = parts.around(iri, parts.related, names.place)
        here = {names.place(name) for name in own}
        found[iri] = Named(
            iri,
            own,
            specific(types),
            places=frozenset(places - here),
            related=frozenset(related - here),
            same=frozenset(parts.same[iri]),
            called=stems(" ".join(parts.called_of(iri))) - stems(" ".join(own)),
            years=(min(parts.begun.get(iri, ()), default=None), max(parts.ended.get(iri, ()), default=None)),
            at=parts.point(iri),
            people=max(parts.people.get(iri, ()), default=None),
            identifiers=frozenset(parts.identifiers[iri]),
            words=tuple(fold(" ".join(parts.called_of(iri))).split()),
        )
    return found


def _near(iris: Iterable[str], parts: _Parts, wanted: Sequence[str]) -> list[str]:
    """Things with a name that is written nearly like one of the wanted, or is short for one, or the other way round."""
    short = {fold(name) for name in wanted if is_acronym(name)}
    long = {_initials(name) for name in wanted}
    labels = [(iri, name) for iri in iris for name in parts.names_of(iri)]
    found = {labels[near.label][0] for near in nearest(wanted, (name for _, name in labels))}
    found |= {iri for iri, name in labels if _initials(name) in short or (is_acronym(name) and fold(name) in long)}
    return sorted(found)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()).casefold()


_LONGEST = 1_000  # characters: what is longer is a text, and no name


class _Parts:
    """What a dataset says of its things, gathered triple by triple."""

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.given: dict[str, str] = {}
        self.family: dict[str, str] = {}
        self.types: dict[str, set[str]] = defaultdict(set)
        self.broader: dict[str, set[str]] = defaultdict(set)
        self.same: dict[str, set[str]] = defaultdict(set)
        self.places: dict[str, list[NamedNode | str]] = defaultdict(list)
        self.occupations: dict[str, list[NamedNode | str]] = defaultdict(list)
        self.called: dict[str, list[str]] = defaultdict(list)
        self.begun: dict[str, list[int]] = defaultdict(list)
        self.ended: dict[str, list[int]] = defaultdict(list)
        self.people: dict[str, list[int]] = defaultdict(list)
        self.identifiers: dict[str, set[str]] = defaultdict(set)
        self._degrees: dict[str, dict[str, float]] = defaultdict(dict)
        self._geo: dict[str, str] = {}
        self.related: dict[str, list[NamedNode | str]] = defaultdict(list)

    def add(self, triple: Triple) -> None:
        subject, predicate = _iri(triple.subject), https(triple.predicate.value)
        thing = triple.object
        if isinstance(thing, RdfLiteral):
            if len(thing.value) > _LONGEST:
                return
            if predicate in NAMES:
                english = 0 if (thing.language or "en").split("-")[0] in ("en", "mul") else 1
                self.names[subject].append((english + 2 * (predicate not in PREFERRED), thing.value))
            elif predicate in _GIVEN:
                self.given[subject] = thing.value
            elif predicate in _FAMILY:
                self.family[subject] = thing.value
            elif predicate in PLACES:
                self.places[subject].append(thing.value)
            else:
                self._literal(subject, predicate, thing.value)
        elif isinstance(thing, NamedNode):
            if predicate in TYPES:
                self.types[subject].add(https(thing.value))
            elif predicate in _BROADER:
                self.broader[subject].add(https(thing.value))
            elif predicate in _SAME:
                self.same[subject].add(thing.value)
                self.same[thing.value].add(subject)
                self.identifiers[subject].add(thing.value)
            elif predicate in PLACES:
                self.places[subject].append(thing)
            elif predicate in _OCCUPATIONS:
                self.occupations[subject].append(thing)
            elif predicate == _GEO:
                self._geo[subject] = thing.value
            else:
                self.related[subject].append(thing)

    def _literal(self, subject: str, predicate: str, value: str) -> None:
        """What is neither a name nor a place: words, years, degrees, numbers of people, identifiers."""
        if predicate in DESCRIPTIONS:
            self.called[subject].append(value[:_DESCRIPTION])
        elif predicate in _OCCUPATIONS:
            self.called[subject].append(value)
        elif predicate in _BEGUN:
            self.begun[subject] += _year(value)
        elif predicate in _ENDED:
            self.ended[subject] += _year(value)
        elif predicate in _PEOPLE:
            self.people[subject] += [int(found) for found in re.findall(r"^\+?(\d{1,12})(?:\.0*)?$", value)]
        elif predicate == _GEONAMES:
            self.identifiers[subject].add(f"{COMMON_PREFIXES['geonames']}{value}/")
        elif predicate in (*_LATITUDE, *_LONGITUDE):
            if (degrees := _number(value)) is not None:
                self._degrees[subject]["lat" if predicate in _LATITUDE else "long"] = degrees
        elif predicate in _POINT:
            found = re.findall(r"-?\d{1,3}(?:\.\d+)?", value)
            if len(found) == 2:
                turned = "point" in value.casefold()  # WKT has the longitude first
                self._degrees[subject] = dict(
                    zip(("long", "lat") if turned else ("lat", "long"), map(float, found), strict=True)
                )

    def called_of(self, iri: str) -> list[str]:
        """What a thing is called by those who describe it, in no order that matters."""
        return [*self.called.get(iri, ()), *sorted(self.around(iri, self.occupations, str))]

    def point(self, iri: str) -> tuple[float, float] | None:
        """Where a thing is, its own latitude and longitude or those of its schema.org geo; None where not stated."""
        found = self._degrees.get(iri) or self._degrees.get(self._geo.get(iri, ""), {})
        return (found["lat"], found["long"]) if len(found) == 2 else None

    def names_of(self, iri: str) -> tuple[str, ...]:
        """A thing's names, the preferred one first; of a person with no whole name, both parts."""
        whole = [name for _, name in sorted(self.names.get(iri, ()))]
        if not whole and iri in self.given and iri in self.family:
            whole = [f"{self.given[iri]} {self.family[iri]}"]
        return tuple(dict.fromkeys(whole))

    def around(
        self, iri: str, stated: Mapping[str, list[NamedNode | str]], form: Callable[[str], str], *, deep: bool = True
    ) -> set[str]:
        """The names of what is stated around a thing, and the places of its address."""
        found: set[str] = set()
        for value in stated.get(iri, ()):
            if isinstance(value, str):
                found.add(form(value))
                continue
            named = self.names_of(value.value)
            if not named and value.value.startswith(_DBR):
                named = (re.sub("_", " ", value.value.removeprefix(_DBR)),)
            found.update(map(form, named))
            if deep and not named:
                found |= self.around(value.value, self.places, form, deep=False)
        return found - {""}


def _year(value: str) -> list[int]:
    """The year of a date or year, of our era only."""
    found = re.match(r"\+?(\d{4})(?:-|$)", value.strip())
    return [int(found[1])] if found else []


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _own(iri: str) -> tuple[str, ...]:
    """The class that an IRI of our own ontology names: what another store of kg gives as a type."""
    return (iri.removeprefix(ONTOLOGY),) if iri.startswith(ONTOLOGY) else ()


def _iri(term: object) -> str:
    """The IRI of a term that is one: blank nodes were named before; a literal or triple gives no IRI of a class."""
    return term.value if isinstance(term, NamedNode) else ""


def https(iri: str) -> str:
    """Terms of schema.org in the one form that is known here: both are in use."""
    return SCHEMA + iri.removeprefix(_HTTP_SCHEMA) if iri.startswith(_HTTP_SCHEMA) else iri


def _closure(start: set[str], broader: Mapping[str, set[str]]) -> set[str]:
    reached, rest = set(start), list(start)
    while rest:
        new = broader.get(rest.pop(), set()) - reached
        reached |= new
        rest += new
    return reached
