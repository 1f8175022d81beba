"""Articles made on the fly as graphs, any number of them, without reading: what the pages are shown and timed with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kg.store.engine import EngineStore
from kg.store.opening import NamedNode, Quad, RdfFormat, RdfLiteral, Triple, open_store, serialize

BASE = "https://news.example/"
_SPACES = {
    "kg": "https://kg.example/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "https://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
TYPES = ("Killing", "Arrest", "Bombing", "Meeting", "Attack", "Flood", "Accusation", "Deployment")
_FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event to be told: who did it to whom and where, by name, and what it is called."""

    agent: str
    patient: str
    place: str
    label: str
    type: str = "Killing"


def term(name: str) -> NamedNode:
    """``kg:Killing`` as a term; what has none of our prefixes is an IRI."""
    prefix, _, local = name.partition(":")
    return NamedNode(_SPACES[prefix] + local if prefix in _SPACES else name)


def day(number: int) -> RdfLiteral:
    """A day, counted from the first."""
    return RdfLiteral((_FIRST_DAY + timedelta(days=number)).isoformat(), datatype=term("xsd:date"))


def article(number: int, title: str, publisher: str, events: Sequence[Happened], url: str = "") -> tuple[str, bytes]:
    """The graph of one article: its IRI, and N-Triples."""
    here = f"{BASE}article/a{number}"
    triples = [Triple(*parts) for parts in _article(here, number, title, publisher, events, url)]
    return here, serialize(triples, format=RdfFormat.N_TRIPLES) or b""


Parts = tuple[NamedNode, NamedNode, NamedNode | RdfLiteral]


def _article(
    here: str, number: int, title: str, publisher: str, events: Sequence[Happened], url: str
) -> Iterator[Parts]:
    node, text = NamedNode(here), ""
    for order, event in enumerate(events):
        names = {"agent": event.agent, "patient": event.patient, "place": event.place}
        spans = {}
        for role, name in names.items():
            text += {"agent": "", "patient": " killed 3 ", "place": " in "}[role]
            spans[role] = (len(text), len(text) + len(name))
            text += name
        text += ", police said. "
        it = NamedNode(f"{here}#event-{order}")
        yield it, term("kg:eventType"), term(f"kg:{event.type}")
        yield it, term("rdf:type"), term(f"kg:{event.type}")
        yield it, term("kg:factuality"), term("kg:asserted")
        yield it, term("rdfs:label"), RdfLiteral(event.label)
        yield from _mention(it, here, spans["agent"][1] + 1, spans["agent"][1] + 7)
        for role, name in names.items():
            kind, folder = ("Settlement", "place") if role == "place" else ("Person", "person")
            thing = NamedNode(f"{BASE}{folder}/{slug(name)}")
            yield it, term(f"kg:{role}"), thing
            yield thing, term("rdf:type"), term(f"kg:{kind}")
            yield thing, term("skos:prefLabel"), RdfLiteral(name)
            yield from _mention(thing, here, *spans[role])
        time, count, claim = (NamedNode(f"{here}#{what}-{order}") for what in ("time", "count", "claim"))
        yield it, term("kg:time"), time
        for bound in ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd"):
            yield time, term(f"kg:{bound}"), day(number % 1500)
        yield it, term("kg:count"), count
        yield count, term("kg:min"), RdfLiteral(3)
        yield count, term("rdfs:label"), RdfLiteral(f"3 {event.patient}")
        yield count, term("kg:counted"), NamedNode(f"{BASE}person/{slug(event.patient)}")
        yield claim, term("kg:claims"), it
        yield claim, term("kg:source"), node
    yield node, term("rdf:type"), term("kg:Article")
    yield node, term("schema:headline"), RdfLiteral(title)
    yield node, term("schema:publisher"), RdfLiteral(publisher)
    yield node, term("schema:datePublished"), day(number % 1500 + 1)
    yield node, term("schema:articleBody"), RdfLiteral(text)
    if url:
        yield node, term("schema:url"), RdfLiteral(url, datatype=term("xsd:anyURI"))


def _mention(thing: NamedNode, here: str, begin: int, end: int) -> Iterator[Parts]:
    mention = NamedNode(f"{here}#char={begin},{end}")
    yield thing, term("kg:mention"), mention
    yield mention, term("kg:begin"), RdfLiteral(begin)
    yield mention, term("kg:end"), RdfLiteral(end)


def slug(name: str) -> str:
    """What of a name an IRI may hold, more than our own minting would let through."""
    return "".join(char for char in name.replace(" ", "-") if char not in '<>"{}|^`\\[]%#' and ord(char) > 32)


def many(number: int) -> Iterator[Quad]:
    """As many articles, each with ten events among 2,000 people and 300 places."""
    for n in range(number):
        events = [
            Happened(
                f"Person {(n * 7 + k * 13) % 2000}",
                f"Person {(n * 11 + k * 29) % 2000}",
                f"Place {(n * 3 + k) % 300}",
                f"Person {(n * 7 + k * 13) % 2000} acted on Person {(n * 11 + k * 29) % 2000}",
                TYPES[(n + k) % len(TYPES)],
            )
            for k in range(10)
        ]
        here = f"{BASE}article/a{n}"
        graph = NamedNode(here)
        for parts in _article(here, n, f"News number {n}", f"Paper {n % 20}", events, ""):
            yield Quad(*parts, graph)


def fill(location: str, number: int) -> None:
    """Put so many articles into a new store, and coordinates for half of the places."""
    with open_store(location, mode="write") as store:
        assert isinstance(store, EngineStore)
        store.fill(many(number))
        store.replace(f"{BASE}graph/dataset/points", points())


def points() -> bytes:
    """Coordinates of half of the places."""
    triples = []
    for n in range(0, 300, 2):
        place = NamedNode(f"{BASE}place/Place-{n}")
        triples += [Triple(place, term("wgs84:lat"), RdfLiteral(str(-40 + n * 0.3)))]
        triples += [Triple(place, term("wgs84:long"), RdfLiteral(str(-100 + n * 0.9)))]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""
