"""The W3C Reconciliation API 0.2 at /reconcile (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

The manifest, batches of queries, suggestions of entities, types and properties, previews, and data extension, for
OpenRefine and every other client. Entities are those that articles meet in; their ids are their IRIs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from kg.core.names import fold
from kg.core.vocab import ONTOLOGY
from kg.query.prepare import known_prefixes
from kg.serve.asking import iri
from kg.serve.extending import extended, properties_of
from kg.serve.kinds import above, words
from kg.serve.known import Everybody, Known, everybody
from kg.serve.problems import Problem
from kg.serve.protocol import FORM, content_type, decoded, fields_of, one
from kg.serve.reconciling import Asked, Candidate, candidates

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.following import View
    from kg.serve.site import Site

_BATCH = 200  # queries at once
_MOST = 100  # answers to one
_SUGGESTED = 20
_PREVIEW = (420, 220)
Json = dict[str, Any]


async def reconcile(request: Request) -> Response:
    """The manifest, a batch of queries, or a data extension: by the fields of the request."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    if request.method == "POST":
        if content_type(request) != FORM:
            raise Problem("media-type", f"POST {FORM}, with queries= or extend=")
        fields = {**fields, **fields_of(decoded(await request.body()))}
    if (queries := one(fields, "queries")) is not None:
        return await _answered(site, lambda view: _batch(view, _object(queries, "queries")))
    if (extend := one(fields, "extend")) is not None:
        return await _answered(site, lambda view: _extended(view, _object(extend, "extend")))
    return JSONResponse(manifest(f"{request.url.scheme}://{request.url.netloc}", site))


async def suggest(request: Request) -> Response:
    """Entities, types or properties whose names begin like ``prefix``."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    prefix, cursor = one(fields, "prefix") or "", one(fields, "cursor") or "0"
    suggested = _SUGGESTIONS.get(request.path_params["what"])
    if suggested is None:
        raise Problem("not-found", f"suggest one of {', '.join(_SUGGESTIONS)}")
    skip = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0
    return await _answered(site, lambda view: {"result": suggested(view, fold(prefix))[skip : skip + _SUGGESTED]})


async def propose(request: Request) -> Response:
    """The properties that entities of a type have."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    kind, limit = one(fields, "type") or f"{ONTOLOGY}Entity", one(fields, "limit") or str(_MOST)
    most = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 10 else _MOST

    def proposed(view: View) -> Json:
        found = view.once(("properties", _iri(view, kind)), lambda store: properties_of(store, _iri(view, kind)))
        return {"type": kind, "limit": most, "properties": _named(found)[:most]}

    return await _answered(site, proposed)


async def preview(request: Request) -> Response:
    """A few words about an entity, for a small frame."""
    site: Site = request.app.state.site
    wanted = one(fields_of(request.url.query), "id") or ""

    def found() -> Known | None:
        with site.follower.reading() as view:
            return _all(view).by_iri.get(wanted)

    entity = await run_in_threadpool(found)
    if entity is None:
        raise Problem("not-found", f"no entity {wanted[:200]}")
    text = site.templates.get_template("preview.html").render(entity=entity)
    return Response(text, media_type="text/html; charset=utf-8")


def manifest(root: str, site: Site) -> Json:
    """What the service is and can do."""
    here = f"{root}/reconcile"
    service = {"service_url": root}
    kinds = ("Person", "Organization", "Place", "Entity")
    return {
        "versions": ["0.2"],
        "name": f"kg: {site.shown_store}",
        "identifierSpace": site.follower.base,
        "schemaSpace": ONTOLOGY,
        "view": {"url": f"{root}/thing?iri={{{{id}}}}"},
        "defaultTypes": [_type(ONTOLOGY + kind) for kind in kinds],
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": _PREVIEW[0], "height": _PREVIEW[1]},
        "suggest": {what: {**service, "service_path": f"/reconcile/suggest/{what}"} for what in _SUGGESTIONS},
        "extend": {
            "propose_properties": {**service, "service_path": "/reconcile/properties"},
            "property_settings": [
                {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": "Most values; 0: all"}
            ],
        },
    }


async def _answered(site: Site, answer: Callable[[View], Json]) -> Response:
    def found() -> Json:
        with site.follower.reading() as view:
            return answer(view)

    return JSONResponse(await run_in_threadpool(found))


def _all(view: View) -> Everybody:
    return view.once("everybody", everybody)


def _object(text: str, field: str) -> Json:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("bad-request", f"{field} is no JSON ({error})") from error
    if not isinstance(value, dict):
        raise Problem("bad-request", f"{field}: an object is wanted")
    return value


def _batch(view: View, queries: Json) -> Json:
    if len(queries) > _BATCH:
        raise Problem("too-large", f"{len(queries)} queries at once: send at most {_BATCH}")
    return {name: {"result": _results(view, _asked(view, name, query))} for name, query in queries.items()}


def _results(view: View, asked: Asked) -> list[Json]:
    return [_result(candidate) for candidate in candidates(view.store, _all(view), asked)]


def _result(found: Candidate) -> Json:
    entity = found.entity
    return {
        "id": entity.iri,
        "name": entity.name,
        "description": _description(entity),
        "type": [_type(kind) for kind in entity.types],
        "score": found.score,
        "match": found.match,
        "features": [
            {"id": "type_match", "value": found.right_type},
            {"id": "values_that_fit", "value": found.right_values},
            {"id": "values_that_differ", "value": found.wrong_values},
            {"id": "articles", "value": entity.articles},
        ],
    }


def _asked(view: View, name: str, query: object) -> Asked:
    """A query of a batch; Problem for what is none."""
    if not isinstance(query, dict):
        raise Problem("bad-request", f"queries: {name} is no object")
    kinds, text = query.get("type", []), query.get("query", "")
    properties, limit = query.get("properties", []), query.get("limit", 10)
    types = [kinds] if isinstance(kinds, str) else kinds
    if not (isinstance(text, str) and isinstance(properties, list) and isinstance(types, list)):
        raise Problem("bad-request", f"queries: {name} needs a text in `query`, lists in `type` and `properties`")
    if not text.strip() and not properties:
        raise Problem("bad-request", f"queries: {name} has neither `query` nor `properties`")
    if not (isinstance(limit, int) and limit > 0):
        raise Problem("bad-request", f"queries: the limit of {name} is no whole number above 0")
    return Asked(
        name=text.strip(),
        types=tuple(_iri(view, kind.get("id", "") if isinstance(kind, dict) else str(kind)) for kind in types if kind),
        strict=query.get("type_strict") in ("any", "all"),
        properties=tuple(_property(view, name, part) for part in properties),
        limit=min(limit, _MOST),
    )


def _property(view: View, name: str, part: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(part, dict) or not isinstance(part.get("pid"), str) or "v" not in part:
        raise Problem("bad-request", f"queries: a property of {name} needs `pid` and `v`")
    values = part["v"] if isinstance(part["v"], list) else [part["v"]]
    plain = (value.get("id", "") if isinstance(value, dict) else value for value in values)
    return _iri(view, part["pid"]), tuple(str(value) for value in plain)


def _iri(view: View, name: str) -> str:
    """A class or property by its IRI, its prefixed name, or its name in our ontology; Problem for what is none."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return ONTOLOGY + "".join(char for char in name if char.isalnum() or char in "_-")
    found = known_prefixes(view.store.base).get(prefix, f"{prefix}:") + local
    iri(found)
    return found


def _type(kind: str) -> Json:
    return {"id": kind, "name": words(kind)}


def _description(entity: Known) -> str:
    number = "1 article" if entity.articles == 1 else f"{entity.articles:,} articles"
    return f"{', '.join(map(words, entity.types))}; in {number}"


def _suggest_entities(view: View, prefix: str) -> list[Json]:
    found = {one.iri: one for name, one in _all(view).folded if name.startswith(prefix)}
    found |= {one.iri: one for name, one in _all(view).folded if prefix and f" {prefix}" in f" {name}"}
    ordered = sorted(found.values(), key=lambda one: (not fold(one.name).startswith(prefix), -one.articles, one.iri))
    return [
        {"id": o.iri, "name": o.name, "description": _description(o), "notable": [_type(k) for k in o.types]}
        for o in ordered
    ]


def _suggest_types(view: View, prefix: str) -> list[Json]:
    kinds = {kind for one in _all(view).entities for own in one.types for kind in above(own)}
    return [_type(kind) for kind in sorted(kinds) if words(kind).startswith(prefix) or prefix in fold(words(kind))]


def _suggest_properties(view: View, prefix: str) -> list[Json]:
    kind = f"{ONTOLOGY}Entity"
    found = view.once(("properties", kind), lambda store: properties_of(store, kind))
    return [one for one in _named(found) if prefix in fold(one["name"])]


_SUGGESTIONS: Mapping[str, Callable[[View, str], list[Json]]] = {
    "entity": _suggest_entities,
    "type": _suggest_types,
    "property": _suggest_properties,
}


def _named(properties: Sequence[str]) -> list[Json]:
    return [{"id": name, "name": words(name)} for name in properties]


def _extended(view: View, asked: Json) -> Json:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(i, str) for i in ids):
        raise Problem("bad-request", "extend: lists `ids` and `properties` are wanted")
    wanted: dict[str, int] = {}
    for part in properties:
        if not isinstance(part, dict) or not isinstance(part.get("id"), str):
            raise Problem("bad-request", "extend: a property needs an `id`")
        limit = str((part.get("settings") or {}).get("limit", "0"))
        wanted[part["id"]] = int(limit) if limit.isascii() and limit.isdigit() else 0
    iris = {name: _iri(view, name) for name in wanted}
    found = extended(view.store, ids, iris.values())
    rows = {
        thing: {name: found.get((thing, iris[name]), [])[: limit or None] for name, limit in wanted.items()}
        for thing in ids
    }
    return {"meta": [{"id": name, "name": words(iris[name])} for name in wanted], "rows": rows}
