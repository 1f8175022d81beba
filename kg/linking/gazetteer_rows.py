"""The rows of linked places as RDF, in GeoNames' own vocabulary, with the word that its licence asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.core.version import VERSION
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROV, RDF, RDFS, XSD
from kg.store.export import ATTRIBUTION
from kg.store.files import from_ntriples
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.linking.places.index import Gazetteer
    from kg.linking.places.place import Place
    from kg.store.opening import Store

_GN, _WGS84, _DCTERMS = (COMMON_PREFIXES[prefix] for prefix in ("gn", "wgs84", "dcterms"))
_IRI = COMMON_PREFIXES["geonames"]
_PARENTS = {"parentCountry", "parentADM1", "parentADM2"}
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def geonames_iri(number: int) -> str:
    """GeoNames' IRI of a place."""
    return f"{_IRI}{number}/"


def rows(store: Store, gazetteer: Gazetteer | None, graph: str, targets: Iterable[str]) -> set[Triple]:
    """The triples of the places with these IRIs and of what they lie in, and of the dataset itself.

    What no gazetteer knows (any more) stands as it stood.
    """
    old: dict[str, set[Triple]] = defaultdict(set)
    for triple in from_ntriples(store.graph_bytes(graph)):
        if isinstance(triple.subject, NamedNode):
            old[triple.subject.value].add(triple)
    found: set[Triple] = set(_dataset(graph, gazetteer)) if gazetteer else old[graph] | old[f"{graph}#linking"]
    done: set[str] = set()
    rest = sorted(targets)
    while rest:
        iri = rest.pop()
        if iri in done or not iri.startswith(_IRI):
            continue
        done.add(iri)
        place = gazetteer.place(int(iri.removeprefix(_IRI).strip("/"))) if gazetteer else None
        its = set(_place(place, gazetteer)) if gazetteer and place else old[iri]
        found |= its
        rest += [t.object.value for t in its if isinstance(t.object, NamedNode) and t.predicate.value in _UP]
    return found


_UP = {f"{_GN}{name}" for name in _PARENTS} | {f"{ONTOLOGY}coordinatesOf"}


def _dataset(graph: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    node = NamedNode(graph)
    activity = NamedNode(f"{graph}#linking")
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(PROV + "Entity"))
    yield Triple(node, NamedNode(_DCTERMS + "rights"), RdfLiteral(ATTRIBUTION))
    yield Triple(node, NamedNode(_DCTERMS + "license"), NamedNode(_LICENCE))
    yield Triple(node, NamedNode(_DCTERMS + "source"), NamedNode("https://www.geonames.org/"))
    yield Triple(node, NamedNode(PROV + "wasGeneratedBy"), activity)
    yield Triple(activity, NamedNode(RDF + "type"), NamedNode(PROV + "Activity"))
    yield Triple(activity, NamedNode(ONTOLOGY + "program"), RdfLiteral(f"kg {VERSION}"))
    for made_of in gazetteer.made_of:
        yield Triple(node, NamedNode(_DCTERMS + "provenance"), RdfLiteral(made_of))


def _place(place: Place, gazetteer: Gazetteer) -> Iterator[Triple]:
    node = NamedNode(geonames_iri(place.number))

    def said(predicate: str, value: NamedNode | RdfLiteral) -> Triple:
        return Triple(node, NamedNode(predicate), value)

    yield said(RDF + "type", NamedNode(_GN + "Feature"))
    yield said(RDFS + "label", RdfLiteral(place.name))
    yield said(_GN + "name", RdfLiteral(place.name))
    yield said(_GN + "featureCode", NamedNode(_GN + place.code))
    yield said(_GN + "featureClass", NamedNode(_GN + place.code[:1]))
    if place.population and (place.seat is None or place.is_country):  # an area's is a sum of ours
        yield said(_GN + "population", RdfLiteral(str(place.population), datatype=NamedNode(XSD + "integer")))
    if place.lat is not None and place.lon is not None:
        yield said(_WGS84 + "lat", RdfLiteral(_degrees(place.lat), datatype=NamedNode(XSD + "decimal")))
        yield said(_WGS84 + "long", RdfLiteral(_degrees(place.lon), datatype=NamedNode(XSD + "decimal")))
    if place.seat is not None:
        yield said(ONTOLOGY + "coordinatesOf", NamedNode(geonames_iri(place.seat)))
    if place.country:
        yield said(_GN + "countryCode", RdfLiteral(place.country))
        country = gazetteer.country(place.country)
        if country is not None and country.number != place.number:
            yield said(_GN + "parentCountry", NamedNode(geonames_iri(country.number)))
    for name, number in (("parentADM1", place.admin1), ("parentADM2", place.admin2)):
        if number is not None and gazetteer.place(number) is not None:
            yield said(_GN + name, NamedNode(geonames_iri(number)))


def _degrees(value: float) -> str:
    """A number of degrees as a decimal that comes back from every store as it was written: no zeros at its end."""
    text = f"{value:.6f}".rstrip("0")
    return text.rstrip(".") if text.endswith(".") else text
