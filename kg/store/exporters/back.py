"""Rows of the bundle's tables as the lines of the graphs that they came from; ``rows`` is the way there.

What follows from other rows (superclasses, the words of a mention) is named by its rule in an article's ``form`` where
the graph says all of it, so that graphs of every form come back as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

from kg.core.vocab import ONTOLOGY as KG
from kg.core.vocab import PROV, RDF, RDFS, SCHEMA, SKOS
from kg.store.exporters.lines import iri, line, literal

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
Above = Mapping[str, tuple[str, ...]]
"""Each class and role with what stands above it, itself first, as IRIs."""

_TYPE = f"{RDF}type"
BODY = f"{SCHEMA}articleBody"
_LINE_OF_ARTICLE = {
    "title": (f"{SCHEMA}headline", None),
    "author": (f"{SCHEMA}author", None),
    "publisher": (f"{SCHEMA}publisher", None),
    "published": (f"{SCHEMA}datePublished", "date"),
    "url": (f"{SCHEMA}url", "anyURI"),
    "text": (BODY, None),
    "digest": (f"{KG}digest", None),
}
_OF_READING = {"program": "program", "model": "model", "ontology": "ontologyDigest"}
OF_TIME = {"earliest_begin": "earliestBegin", "latest_begin": "latestBegin"} | {
    "earliest_end": "earliestEnd",
    "latest_end": "latestEnd",
}


OF_LINK = {"subject": "linkSubject", "target": "linkTarget", "dataset": "linkDataset"}


_FOLLOWS = {"latest_begin": "latest_end", "earliest_end": "earliest_begin"}
"""Bounds that are not told where they are no other than these."""


def above_of(rows: Iterable[Row]) -> Above:
    """What the table of terms says."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["term"] or "", []).append(row["above"] or "")
    return {term: tuple(above) for term, above in found.items()}


def lines_of(rows: Rows, above: Above) -> set[str]:
    """What the rows of one article say, as lines of N-Triples without their ends; the table of others is left out."""
    said = set(_direct(rows))
    following = derived(rows, above)
    for name in (rows["articles"][0].get("form") or "").split():
        said |= following.get(name, set())
    return said


def _say(subject: str | None, predicate: str | None, value: str | None) -> str:
    return line(subject or "", predicate or "", value or "")[:-1]


def _direct(rows: Rows) -> Iterator[str]:
    """What single columns say."""
    article = rows["articles"][0]
    for name, (predicate, datatype) in _LINE_OF_ARTICLE.items():
        if article[name] is not None:
            yield _say(article["article"], predicate, literal(article[name] or "", datatype))
    if article["reading"]:
        yield _say(article["article"], f"{PROV}wasGeneratedBy", iri(article["reading"]))
        for name, term in _OF_READING.items():
            if article[name] is not None:
                yield _say(article["reading"], KG + term, literal(article[name] or ""))
    for row in rows["entities"]:
        if row["class"]:
            yield _say(row["entity"], _TYPE, iri(row["class"]))
        yield _say(row["entity"], f"{SKOS}prefLabel", literal(row["name"] or ""))
        for alias in json.loads(row["aliases"] or "[]"):
            yield _say(row["entity"], f"{SKOS}altLabel", literal(alias))
        if row["source_type"] is not None:
            yield _say(row["entity"], f"{KG}sourceType", literal(row["source_type"] or ""))
    for row in rows["events"]:
        yield _say(row["event"], f"{KG}eventType", iri(row["class"] or ""))
        yield _say(row["event"], f"{KG}factuality", iri(f"{KG}{row['status']}"))
        yield _say(row["event"], f"{RDFS}label", literal(row["label"] or ""))
        if row["time"]:
            yield _say(row["event"], f"{KG}time", iri(row["time"]))
    for row in rows["roles"]:
        yield _say(row["event"], row["property"], iri(row["filler"] or ""))
    yield from _direct_times(rows)
    yield from _direct_claims(rows)
    for row in rows["mentions"]:
        if row["kind"] in ("entity", "event"):
            yield _say(row["of"], f"{KG}mention", iri(row["mention"] or ""))


def _direct_times(rows: Rows) -> Iterator[str]:
    for row in rows["times"]:
        if row["inferred"] == "true":
            yield _say(row["time"], f"{KG}inferred", literal("true", "boolean"))
        for name in ("dates", "grain"):
            if row[name] is not None:
                yield _say(row["time"], KG + name, literal(row[name] or ""))
        for name, term in OF_TIME.items():
            if row[name] is not None and row[name] != row.get(_FOLLOWS.get(name, "")):
                yield _say(row["time"], KG + term, literal(row[name] or "", "date"))
    for row in rows["counts"]:
        yield _say(row["event"], f"{KG}count", iri(row["count"] or ""))
        if row["approximate"] == "true":
            yield _say(row["count"], f"{KG}approximate", literal("true", "boolean"))
        for name, predicate in (("counted", f"{KG}counted"), ("property", f"{KG}countedRole")):
            if row[name] is not None:
                yield _say(row["count"], predicate, iri(row[name] or ""))
        for name in ("min", "max"):
            if row[name] is not None:
                yield _say(row["count"], KG + name, literal(row[name] or "", "integer"))
        if row["words"] is not None:
            yield _say(row["count"], f"{RDFS}label", literal(row["words"] or ""))


def _direct_claims(rows: Rows) -> Iterator[str]:
    for row in rows["claims"]:
        yield _say(row["claim"], f"{KG}claims", iri(row["claimed"] or ""))
        for name, term in (
            ("source", "source"),
            ("medium", "medium"),
            ("reported_in", "reportedIn"),
        ):
            if row[name] is not None:
                yield _say(row["claim"], KG + term, iri(row[name] or ""))
    for row in rows["relations"]:
        yield _say(row["subject"], row["property"], _object(row))


def _object(row: Row) -> str:
    value = row["object"] or ""
    return literal(value) if row["literal"] == "true" else iri(value)


def derived(rows: Rows, above: Above) -> dict[str, set[str]]:
    """What follows from rows and ontology, by the name of its rule."""
    article = rows["articles"][0]["article"] or ""
    reading = rows["articles"][0]["reading"]
    claims = {row["claim"] for row in rows["claims"]}
    relations, mentions = rows["relations"], {row["mention"]: row for row in rows["mentions"]}
    happened = [row for row in rows["events"] if row["status"] == "asserted"]
    others = [row for row in rows["events"] if row["status"] != "asserted"]

    def typed(things: Iterable[str | None], kind: str) -> set[str]:
        return {_say(thing, _TYPE, iri(kind)) for thing in things}

    def up(term: str | None) -> tuple[str, ...]:
        return above.get(term or "", ())[1:]

    return {
        "article": typed([article], f"{KG}Article"),
        "text-digest": {
            _say(article, f"{KG}textDigest", literal(hashlib.sha256((text or "").encode()).hexdigest()))
            for text in (rows["articles"][0]["text"],)
        },
        "news-article": typed([article], f"{SCHEMA}NewsArticle"),
        "reading": typed([reading], f"{PROV}Activity") if reading else set(),
        "claims": typed(claims, f"{KG}Claim"),
        "counts": typed((row["count"] for row in rows["counts"]), f"{KG}Count"),
        "times": typed((row["time"] for row in rows["times"]), f"{KG}TimeSpan"),
        "relations": typed((row["relation"] for row in relations), f"{KG}Relation"),
        "statements": typed((row["relation"] for row in relations), f"{RDF}Statement"),
        "mentions": typed(mentions, f"{KG}Mention"),
        "events": {_say(row["event"], _TYPE, iri(row["class"] or "")) for row in happened},
        "not-events": typed((row["event"] for row in others), f"{KG}NonFactualEvent"),
        "above-events": {_say(r["event"], _TYPE, iri(one)) for r in happened for one in up(r["class"])},
        "above-not-events": {_say(r["event"], _TYPE, iri(one)) for r in others for one in up(f"{KG}NonFactualEvent")},
        "above-entities": {_say(r["entity"], _TYPE, iri(one)) for r in rows["entities"] for one in up(r["class"])},
        "participants": {_say(row["event"], f"{KG}participant", iri(row["filler"] or "")) for row in rows["roles"]},
        "above-roles": {
            _say(row["event"], one, iri(row["filler"] or "")) for row in rows["roles"] for one in up(row["property"])
        },
        "offsets": {
            _say(mention, KG + name, literal(row[name] or "", "integer"))
            for mention, row in mentions.items()
            for name in ("begin", "end")
        },
        "shown": {
            _say(row["of"], KG + ("cue" if row["kind"] == "claim" else "mention"), iri(row["mention"] or ""))
            for row in rows["mentions"]
            if row["kind"] in ("time", "count", "relation", "claim")
        },
        "words": {_say(mention, f"{KG}exact", literal(row["words"] or "")) for mention, row in mentions.items()},
        "mention-article": {_say(mention, f"{KG}article", iri(article)) for mention in mentions},
        "claim-article": {_say(claim, f"{KG}article", iri(article)) for claim in claims},
        "parts": {_say(row["relation"], f"{RDF}subject", iri(row["subject"] or "")) for row in relations}
        | {_say(row["relation"], f"{RDF}predicate", iri(row["property"] or "")) for row in relations}
        | {_say(row["relation"], f"{RDF}object", _object(row)) for row in relations},
    }


def link_lines(row: Row) -> Iterator[str]:
    """What a row of the links says."""
    link = row["link"]
    yield _say(link, _TYPE, iri(f"{KG}Link"))
    for name, term in OF_LINK.items():
        if row[name]:
            yield _say(link, KG + term, iri(row[name] or ""))
    if row["method"] is not None:
        yield _say(link, f"{KG}linkMethod", literal(row["method"] or ""))
    if row["score"] is not None:
        yield _say(link, f"{KG}score", literal(row["score"] or "", "decimal"))
    if row["status"]:
        yield _say(link, f"{KG}linkStatus", iri(f"{KG}{row['status']}"))
    for reason in json.loads(row["reasons"] or "[]"):
        yield _say(link, f"{KG}reason", literal(reason))
