"""IRIs: deterministic, readable, made of what the article says. Strings only, nothing to import.

    B/article/ID                    an article, and the named graph of the same IRI
    B/article/HOST:WORDS-DIGEST     one whose id is a web address: short enough for a table
    B/article/ID#char=506,512       a mention (RFC 5147)
    B/article/ID#killing-506        an event: its type and where its first trigger begins
    B/article/ID#militants-485      an entity of this article only
    B/article/ID#claim=148-152      a claim and where its cue stands; likewise #count=…, #time=…, #relation=…
    B/person/NAME, B/place/NAME …   organisations, places, norps, and persons with a full name: articles meet in them

Two things of one article that would get one fragment get a suffix, in the order of the extraction.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from kg.core.model import Claim, Count, Entity, Event, Extraction, Mention, Relation, TimeSpan

#: Kinds of entities that articles meet in: class and the folder of their IRIs.
_GLOBAL = {"Organization": "organization", "Place": "place", "Norp": "norp"}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 80  # characters of a slug in a fragment: entity names can be whole phrases


def graph_iri(article_id: str, base: str) -> str:
    """The IRI of an article and of its named graph: different ids never share one.

    A web address is shortened to its host, the last words of its path and a digest of the whole; the colon between
    them stands in no other id's IRI.
    """
    if address := _ADDRESS.match(article_id):
        return f"{base}article/{_short(article_id, address[1], address[2])}"
    parts = (_DOTS.get(part) or quote(part, safe="", errors="surrogatepass") for part in article_id.split("/"))
    return f"{base}article/{'/'.join(parts)}"


def _short(address: str, host: str, path: str) -> str:
    host = _NOT_HOST.sub("", host.lower().rpartition("@")[2]).removeprefix("www.")[-_LONGEST_HOST:].strip(".-")
    last = next((part for part in reversed(path.split("/")) if part), "")
    words = _NOT_WORD.sub("-", last.lower().partition(".")[0]).strip("-")[:_LONGEST_WORDS].rstrip("-")
    digest = blake2b(address.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{host}:{words}-{digest}" if words else f"{host}:{digest}"


_ADDRESS = re.compile(r"https?://([^/?#]+)([^?#]*)", re.IGNORECASE)
_NOT_HOST, _NOT_WORD = re.compile(r"[^a-z0-9.-]"), re.compile(r"[^a-z0-9]+")
_LONGEST_HOST, _LONGEST_WORDS = 24, 20  # characters: with the digest, half a line of a terminal

_DOTS = {".": "%2E", "..": "%2E%2E"}  # or else resolving the IRI would climb out of its folder


def slug(name: str) -> str:
    """A name as the end of an IRI: lower case, words joined by hyphens; "" where nothing can be kept.

    Letters, digits and marks of every script are kept, symbols ("&", "+") are percent-encoded, quotation marks and
    apostrophes dropped, everything else separates words. Accents are kept: different names never meet.
    """
    kept = []
    for char in unicodedata.normalize("NFC", name).lower():
        category = unicodedata.category(char)
        if category[0] in "LNM":
            kept.append(char)
        elif category[0] == "S" or char in "&@#%*":
            kept.append(quote(char, errors="surrogatepass"))
        elif char not in "'’‘\"“”`´":
            kept.append(" ")
    return "-".join("".join(kept).split())


def kebab(type_name: str) -> str:
    """The local name of a class as a slug: ``AirStrike`` becomes ``air-strike``."""
    return slug(_CAMEL.sub("-", type_name)) or "thing"


def global_iri(entity: Entity, base: str) -> str | None:
    """The IRI in which articles meet, or None for an entity that is scoped to its article."""
    if not entity.named:
        return None
    name = slug(entity.name)
    if not name:
        return None
    for kind, folder in _GLOBAL.items():
        if kind in entity.types:
            return f"{base}{folder}/{name}"
    full = "Person" in entity.types and len(name.split("-")) > 1
    return f"{base}person/{name}" if full and len(entity.name.split()) > 1 else None


class Minter:
    """The IRIs of one extraction, by the ids of its parts."""

    def __init__(self, extraction: Extraction, base: str) -> None:
        self.article = graph_iri(extraction.article.id, base)
        self.reading = f"{self.article}#reading"
        self._taken = {"reading", "claim"}
        self._times: dict[TimeSpan, str] = {}
        self._entities = {e.id: global_iri(e, base) or self._local(e) for e in extraction.entities}
        self._events = {e.id: self._event(e) for e in extraction.events}
        self._counts = {c.id: self._shown("count", c.mention) for e in extraction.events for c in e.counts}
        self._claims = {c.id: self._claim(c) for c in extraction.claims}
        self._relations = {r.id: self._shown("relation", r.mention) for r in extraction.relations}
        for event in extraction.events:
            if event.time is not None:
                self._mint_time(event.time, event)

    def mention(self, mention: Mention) -> str:
        """A stretch of the article's text."""
        return f"{self.article}#char={mention.start},{mention.end}"

    def entity(self, entity_id: str) -> str:
        """An entity of the extraction; KeyError for an id that is none."""
        return self._entities[entity_id]

    def event(self, event_id: str) -> str:
        """An event of the extraction; KeyError for an id that is none."""
        return self._events[event_id]

    def is_event(self, some_id: str) -> bool:
        """Whether an id is an event's."""
        return some_id in self._events

    def count(self, count: Count) -> str:
        """A count of one of the extraction's events."""
        return self._counts[count.id]

    def claim(self, claim_id: str) -> str:
        """A claim of the extraction."""
        return self._claims[claim_id]

    @property
    def own_voice(self) -> str:
        """The claim of the article itself."""
        return f"{self.article}#claim"

    def relation(self, relation: Relation) -> str:
        """The statement node of a relation."""
        return self._relations[relation.id]

    def time(self, time: TimeSpan) -> str:
        """A time of one of the extraction's events: events with the same words and bounds share one."""
        return self._times[_without_id(time)]

    def _mint_time(self, time: TimeSpan, event: Event) -> None:
        key = _without_id(time)
        if key not in self._times:
            words = time.mention or time.evidence
            name = f"time-{kebab(event.type)}-{event.triggers[0].start}"
            if words is None:
                self._times[key] = self._taking(name)
            else:
                self._times[key] = self._shown("time" if time.mention and not time.inferred else name, words)

    def _local(self, entity: Entity) -> str:
        return self._fragment(slug(entity.name)[:_LONGEST].strip("-%") or kebab(entity.type), entity.mentions[0].start)

    def _event(self, event: Event) -> str:
        return self._fragment(kebab(event.type), event.triggers[0].start)

    def _claim(self, claim: Claim) -> str:
        if claim.cue is None:
            return self.own_voice if claim.source is None else self._fragment("claim", 0)
        return self._shown("claim", claim.cue)

    def _fragment(self, name: str, start: int) -> str:
        return self._taking(f"{name}-{start}")

    def _shown(self, name: str, words: Mention) -> str:
        """Of what is shown by one stretch of the text: which, is said by its IRI (``kg.core.iris.mention_of``)."""
        return self._taking(name, f"={words.start}-{words.end}")

    def _taking(self, name: str, end: str = "") -> str:
        fragment, number = f"{name}{end}", 1
        while fragment in self._taken:
            number += 1
            fragment = f"{name}-{number}{end}"
        self._taken.add(fragment)
        return f"{self.article}#{fragment}"


def _without_id(time: TimeSpan) -> TimeSpan:
    return replace(time, id="")
