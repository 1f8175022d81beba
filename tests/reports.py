"""Articles as graphs, written by hand: what the tests of stories compare, with no language model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.core.names import fold
from kg.core.vocab import ONTOLOGY, RDF, RDFS, SCHEMA, SKOS, XSD
from kg.graph.mint import kebab
from kg.store.opening import Store

BASE = "https://news.example/"


@dataclass(frozen=True)
class Told:
    """An event by its trigger's words; who by role: capitalised names are everybody's, others the article's own."""

    type: str
    trigger: str
    who: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    figure: tuple[str, int, int] | None = None  # role, least, most
    status: str = "asserted"
    cause: str = ""  # trigger of another one


def put(store: Store, name: str, text: str, *events: Told, **about: str) -> None:
    """Put an article with these events into a store; ``about``: published, publisher, url."""
    store.replace(f"{BASE}article/{name}", graph(name, text, *events, **about))


def graph(name: str, text: str, *events: Told, published: str = "", publisher: str = "", url: str = "") -> bytes:
    """An article with these events as N-Triples."""
    article = f"{BASE}article/{name}"
    lines = [(article, RDF + "type", f"<{SCHEMA}NewsArticle>"), (article, SCHEMA + "articleBody", _literal(text))]
    for predicate, value in (("datePublished", published), ("publisher", publisher), ("url", url)):
        if value:
            kind = "date" if predicate == "datePublished" else ""
            lines.append((article, SCHEMA + predicate, _literal(value, kind)))
    iris = {told.trigger: f"{article}#{kebab(told.type)}-{text.index(told.trigger)}" for told in events}
    for told in events:
        iri = iris[told.trigger]
        lines += [
            (iri, RDF + "type", f"<{ONTOLOGY}{told.type}>"),
            (iri, RDFS + "label", _literal(f"{told.type} {told.trigger}")),
            (iri, ONTOLOGY + "eventType", f"<{ONTOLOGY}{told.type}>"),
            (iri, ONTOLOGY + "factuality", f"<{ONTOLOGY}{told.status}>"),
            (f"{article}#claim", ONTOLOGY + "claims", f"<{iri}>"),
            *_mention(article, iri, text, told.trigger),
        ]
        if told.cause:
            lines.append((iri, ONTOLOGY + "cause", f"<{iris[told.cause]}>"))
        for role, called in told.who.items():
            place = "place" if role == "place" else "organization"
            shared = f"{BASE}{place}/{fold(called).replace(' ', '-')}"
            thing = shared if called[0].isupper() else f"{article}#{fold(called).replace(' ', '-')}"
            lines += [(iri, ONTOLOGY + role, f"<{thing}>"), (thing, SKOS + "prefLabel", _literal(called))]
            lines += [(thing, RDF + "type", f"<{ONTOLOGY}Entity>"), *_mention(article, thing, text, called)]
            if role == "patient" and called.istitle() and " " in called:
                lines.append((thing, RDF + "type", f"<{ONTOLOGY}Person>"))
        if told.day:
            time = f"{article}#time-{told.day}"
            lines += [(iri, ONTOLOGY + "time", f"<{time}>"), (time, ONTOLOGY + "dates", _literal(told.day))]
            for bound in ("earliestBegin", "latestEnd"):
                lines.append((time, ONTOLOGY + bound, _literal(told.day, "date")))
        if told.figure:
            role, least, most = told.figure
            count, counted = f"{iri}-count", f"{article}#{fold(told.who.get(role, 'people'))}"
            lines += [(iri, ONTOLOGY + "count", f"<{count}>"), (count, RDFS + "label", _literal(f"{least}"))]
            lines += [
                (count, ONTOLOGY + "countedRole", f"<{ONTOLOGY}{role}>"),
                (count, ONTOLOGY + "counted", f"<{counted}>"),
                (count, ONTOLOGY + "min", _literal(str(least), "integer")),
                (count, ONTOLOGY + "max", _literal(str(most), "integer")),
                (f"{article}#claim", ONTOLOGY + "claims", f"<{count}>"),
                (counted, SKOS + "prefLabel", _literal("people")),
            ]
    lines.append((f"{article}#claim", ONTOLOGY + "source", f"<{article}>"))
    return "".join(sorted({f"<{s}> <{p}> {o} .\n" for s, p, o in lines})).encode()


def _mention(article: str, thing: str, text: str, words: str) -> list[tuple[str, str, str]]:
    begin = text.find(words)
    if begin < 0:
        return []
    mention = f"{article}#char={begin},{begin + len(words)}"
    return [
        (thing, ONTOLOGY + "mention", f"<{mention}>"),
        (mention, ONTOLOGY + "article", f"<{article}>"),
        (mention, ONTOLOGY + "begin", _literal(str(begin), "integer")),
        (mention, ONTOLOGY + "end", _literal(str(begin + len(words)), "integer")),
    ]


def _literal(text: str, kind: str = "") -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"' + (f"^^<{XSD}{kind}>" if kind else "")
