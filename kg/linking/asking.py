"""Other people's servers as sources: a SPARQL endpoint, and a service of the W3C Reconciliation API.

Asked is only for what could be ours: things that bear a name of our entities, with their names, types, places and
coordinates, in batches; one request after the other, with patience (``kg.core.http``). Answers are kept in the cache
folder: the same question is asked once, and with ``offline`` not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from kg.core.bounded import written
from kg.core.budgets import ANSWER_BYTES
from kg.core.cache import cache_folder
from kg.core.errors import KgError
from kg.core.iris import is_address
from kg.core.vocab import COMMON_PREFIXES, OWL, RDF, RDFS, SKOS
from kg.linking.dataset import DESCRIPTIONS, NAMES, PLACES, TYPES
from kg.linking.entities import our_names
from kg.linking.sources import Origin, Source, batches, digest
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

_NAMES_AT_ONCE, _THINGS_AT_ONCE, _ASKED_AT_ONCE = 40, 80, 20
_MOST = 5  # answers of a service for one name
_SILENCE, _WHOLE = 60.0, 300.0  # seconds
_FORM = "application/x-www-form-urlencoded"
_RESULTS = "application/sparql-results+json"
_WGS84, _WDT, _GN = (COMMON_PREFIXES[prefix] for prefix in ("wgs84", "wdt", "gn"))
_COORDINATES = (_WGS84 + "lat", _WGS84 + "long", _WDT + "P625", "http://www.georss.org/georss/point")
_FACTS = (*_COORDINATES, _WDT + "P1566", _WDT + "P1082", _GN + "population", OWL + "sameAs")
_ABOVE = (_WDT + "P279", RDFS + "subClassOf", SKOS + "broader", RDFS + "label", _GN + "name")


@dataclass(frozen=True, slots=True)
class Asking:
    """How others are asked: from the cache alone (``offline``), and whom to tell how far it is (done, all)."""

    offline: bool = False
    tell: Callable[[int, int], object] = max  # of no consequence


def from_endpoint(store: Store, url: str, name: str | None = None, asking: Asking | None = None) -> Source:
    """What a SPARQL endpoint says of things that bear a name of our entities.

    KgError where it cannot be asked, or answers with something else; and, offline, where the cache has not the answer.
    """
    asking = asking or Asking()
    triples: set[Triple] = set()
    names = our_names(store)
    asked = 0
    things: set[str] = set()
    for batch in batches(names, _NAMES_AT_ONCE):
        values = " ".join(f"{RdfLiteral(one)} {RdfLiteral(one, language='en')}" for one in batch)
        query = (
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?o {{ {values} }} VALUES ?p {{ {_iris(_forms(NAMES))} }} "
            "?s ?p ?o FILTER(isIRI(?s)) }"
        )
        found = _selected(url, query, asking)
        triples |= found
        things |= {triple.subject.value for triple in found if isinstance(triple.subject, NamedNode)}
        asked += len(batch)
        asking.tell(asked, len(names))
    about = _about(url, sorted(things), (*NAMES, *TYPES, *PLACES, *DESCRIPTIONS, *_FACTS), asking)
    around = {
        t.object.value for t in about if isinstance(t.object, NamedNode) and t.predicate.value in {*TYPES, *PLACES}
    }
    triples |= about | _about(url, sorted(around - things), _ABOVE, asking)
    return _source(url, name, triples)


def from_service(store: Store, url: str, name: str | None = None, asking: Asking | None = None) -> Source:
    """What a reconciliation service finds for the names of our entities: names, types and descriptions.

    KgError as for ``from_endpoint``, and where the address is no such service's.
    """
    asking = asking or Asking()
    manifest = _object(_answer(url, None, "application/json", asking), url)
    space = manifest.get("identifierSpace")
    if not isinstance(space, str) or "name" not in manifest:
        raise KgError(f"{url}: no reconciliation service answers there (its manifest has no name and identifierSpace)")
    names = our_names(store)
    triples: set[Triple] = set()
    asked = 0
    for batch in batches(names, _ASKED_AT_ONCE):
        queries = {f"q{number}": {"query": one, "limit": _MOST} for number, one in enumerate(batch)}
        body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode()
        answers = _object(_answer(url, body, "application/json", asking), url)
        for key in queries:
            found = answers.get(key, {})
            for candidate in found.get("result", ()) if isinstance(found, dict) else ():
                triples |= set(_of_candidate(candidate, space))
        asked += len(batch)
        asking.tell(asked, len(names))
    return _source(url, name, triples)


def _source(url: str, name: str | None, triples: set[Triple]) -> Source:
    ordered = sorted(triples, key=str)
    said = "".join(f"{triple} .\n" for triple in ordered).encode()
    return Source(name or urlsplit(url).hostname or "endpoint", {"": ordered}, (Origin(url, digest(said)),))


def _forms(predicates: Iterable[str]) -> list[str]:
    """Predicates, those of schema.org in both of their forms."""
    both = {form for one in predicates for form in (one, one.replace("https://schema.org/", "http://schema.org/"))}
    return sorted(both)


def _iris(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)


def _about(url: str, things: Sequence[str], predicates: Sequence[str], asking: Asking) -> set[Triple]:
    """What an endpoint says of some things by some predicates, in English or no language."""
    found: set[Triple] = set()
    for batch in batches(things, _THINGS_AT_ONCE):
        query = (
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {_iris(batch)} }} VALUES ?p {{ {_iris(_forms(predicates))} }} "
            '?s ?p ?o FILTER(isIRI(?o) || isLiteral(?o) && LANG(?o) IN ("", "en", "mul")) }'
        )
        found |= _selected(url, query, asking)
    return found


def _selected(url: str, query: str, asking: Asking) -> set[Triple]:
    body = urlencode({"query": query}).encode()
    said = _object(_answer(url, body, _RESULTS, asking), url)
    results = said.get("results")
    if not isinstance(results, dict) or not isinstance(results.get("bindings"), list):
        raise KgError(f"{url}: no SPARQL endpoint answers there (no results of a SELECT)")
    rows = ([_term(row.get(name)) for name in "spo"] for row in results["bindings"] if isinstance(row, dict))
    return {
        Triple(s, p, o)
        for s, p, o in rows
        if isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(o, NamedNode | RdfLiteral)
    }


def _term(said: object) -> NamedNode | RdfLiteral | None:
    """A term of SPARQL's JSON results; None for a blank node, which nobody can link to, and for what is none."""
    if not isinstance(said, dict) or not isinstance(value := said.get("value"), str):
        return None
    try:
        if said.get("type") == "uri":
            return NamedNode(value)
        if said.get("type") in ("literal", "typed-literal"):
            language, kind = said.get("xml:lang"), said.get("datatype")
            return RdfLiteral(value, language=language) if language else RdfLiteral(value, datatype=_kind(kind))
    except ValueError:  # no IRI, no language
        return None
    return None


def _kind(iri: object) -> NamedNode | None:
    return NamedNode(iri) if isinstance(iri, str) and iri else None


def _of_candidate(candidate: object, space: str) -> Iterable[Triple]:
    """A candidate of a service as triples; none for one whose id makes no IRI."""
    if not isinstance(candidate, dict) or not isinstance(candidate.get("id"), str):
        return
    thing = _iri(candidate["id"], space)
    if thing is None:
        return
    if isinstance(label := candidate.get("name"), str):
        yield Triple(thing, NamedNode(RDFS + "label"), RdfLiteral(label))
    if isinstance(words := candidate.get("description"), str):
        yield Triple(thing, NamedNode(DESCRIPTIONS[0]), RdfLiteral(words))
    for kind in candidate.get("type") or ():
        told = kind.get("id") if isinstance(kind, dict) else kind
        if isinstance(told, str) and (iri := _iri(told, space)) is not None:
            yield Triple(thing, NamedNode(RDF + "type"), iri)


def _iri(told: str, space: str) -> NamedNode | None:
    try:
        return NamedNode(told if is_address(told) else space + told)
    except ValueError:
        return None


def _object(answer: bytes, url: str) -> Mapping[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError as error:
        raise KgError(f"{url}: its answer is no JSON ({error})") from error
    if not isinstance(said, dict):
        raise KgError(f"{url}: its answer is no JSON object")
    return said


def _answer(url: str, body: bytes | None, accept: str, asking: Asking) -> bytes:
    """The answer to a request, from the cache where it is there."""
    key = hashlib.sha256(b"\n".join([url.encode(), body or b""])).hexdigest()
    kept = cache_folder() / "answers" / f"{key}.json"
    if kept.is_file():
        return kept.read_bytes()
    if asking.offline:
        raise KgError(f"{url}: the cache has not all of its answers: ask once without --offline")
    answer = _asked(url, body, accept)
    _object(answer, url)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with written(kept) as file:
            file.write(answer)
    except (OSError, KgError):  # no cache is no reason not to go on
        return answer
    return answer


def _asked(url: str, body: bytes | None, accept: str) -> bytes:
    from kg.core.http import Client, HttpError, Limits

    limits = Limits(_SILENCE, _WHOLE, ANSWER_BYTES.value)
    headers = {"Accept": accept, **({"Content-Type": _FORM} if body is not None else {})}
    try:
        answer = Client(url).send(url, body, headers, limits, repeatable=True)
    except HttpError as error:
        raise KgError(f"{url}: cannot be asked ({error}); nothing was merged, what it answered is kept") from error
    with answer.body as file:
        return file.read()
