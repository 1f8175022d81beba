"""Which format an answer is written in: by ``?format=``, else by the header Accept (RFC 9110 section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.serve.problems import Problem


@dataclass(frozen=True, slots=True)
class Offer:
    """A format by its name for ``kg query``, its media type first and others under which it is asked for."""

    name: str
    media: str
    also: tuple[str, ...] = ()


SOLUTIONS = (
    Offer("json", "application/sparql-results+json", ("application/json",)),
    Offer("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
    Offer("jsonl", "application/x-ndjson", ("application/jsonl", "application/jsonlines")),
    Offer("markdown", "text/markdown"),
    Offer("table", "text/plain"),
)
GRAPHS = (
    Offer("turtle", "text/turtle", ("application/x-turtle", "text/plain")),
    Offer("ntriples", "application/n-triples"),
    Offer("jsonld", "application/ld+json", ("application/json",)),
    Offer("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
    Offer("nquads", "application/n-quads", ("text/x-nquads",)),
    Offer("trig", "application/trig", ("application/x-trig",)),
)
"""In the order in which they are preferred where a client does not say."""


def chosen(accept: str | None, offers: Sequence[Offer], asked: str | None = None) -> Offer:
    """The offer that a client likes best; Problem where it likes none."""
    if asked:
        for offer in offers:
            if asked in (offer.name, offer.media, *offer.also):
                return offer
        raise Problem("not-acceptable", f"format={asked}: one of {', '.join(offer.name for offer in offers)}")
    wanted = _wanted(accept)
    best, liking = offers[0], 0.0
    for offer in offers:
        named = [quality for media, quality in wanted if media in offer.also]  # a range means the first name alone
        quality = max([_quality(offer.media, wanted), *named])
        if quality > liking:
            best, liking = offer, quality
    if not liking:
        raise Problem("not-acceptable", f"Accept: one of {', '.join(offer.media for offer in offers)}")
    return best


def prefers_html(accept: str | None) -> bool:
    """Whether a browser asks, which likes a page better than data."""
    wanted = _wanted(accept)
    html = _quality("text/html", wanted)
    return bool(accept) and "html" in (accept or "") and html >= max(_quality(o.media, wanted) for o in GRAPHS)


def _wanted(accept: str | None) -> list[tuple[str, float]]:
    found = []
    for part in (accept or "*/*").split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = min(1.0, max(0.0, float(parameter[2:])))
                except ValueError:
                    quality = 0.0
        if media:
            found.append((media, quality))
    return found or [("*/*", 1.0)]


def _quality(media: str, wanted: Sequence[tuple[str, float]]) -> float:
    """How much a media type is liked: by the most specific range that holds it."""
    for ranges in ((media,), (f"{media.partition('/')[0]}/*",), ("*/*", "*")):
        found = [quality for asked, quality in wanted if asked in ranges]
        if found:
            return max(found)
    return 0.0
