"""The page for SPARQL: a form, the named queries with their parameters, the answer in several views; and an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from kg.core.errors import KgError
from kg.query.prepare import find_named, known_prefixes, named_queries
from kg.serve.asked import VIEWS, Answer, answer, view
from kg.serve.asking import rows
from kg.serve.kinds import declared
from kg.serve.problems import Problem
from kg.serve.protocol import fields_of, one
from kg.serve.shown import Fields

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.query.prepare import NamedQuery
    from kg.serve.following import View
    from kg.serve.site import Site
    from kg.store.opening import Store

_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_FIRST = """SELECT ?who ?what ?day WHERE {
  ?event kg:agent ?agent ; rdfs:label ?what ; kg:time/kg:earliestBegin ?day .
  ?agent skos:prefLabel ?who
}
ORDER BY DESC(?day)
LIMIT 100"""


async def ask(request: Request) -> Response:
    """The form, and the answer where something is asked."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    params = Fields({name: values[0] for name, values in fields.items()})
    library = await run_in_threadpool(named_queries, site.settings.queries)
    name, text = one(fields, "name") or "", one(fields, "query")
    how = one(fields, "view") or "table"
    if how not in VIEWS:
        raise Problem("bad-request", f"view={how[:40]}: one of {', '.join(VIEWS)}")
    named: NamedQuery | None = find_named(name, library) if name else None
    bound = [f"{p}={params['b_' + p]}" for p in (named.parameters if named else ()) if params["b_" + p]]
    found: Answer | None = None
    problem = ""
    if named or text:
        asked = {"text": named.text if named else text, "bindings": bound, "named_query": name}
        try:
            found = await _answer(site, asked)
        except KgError as error:
            problem = str(error)

    def shown() -> Response:
        picture = None
        if found is not None and how != "table":
            with site.follower.reading() as view_:
                picture = view(view_.store, found, how)
        content = site.templates.get_template("ask.html").render(
            params=params, library=list(library.values()), named=named, text=text or _FIRST, found=found, view=how,
            views=VIEWS, picture=picture, problem=problem, page={"path": "/ask", "title": "SPARQL"},
        )  # fmt: skip
        return Response(content, 400 if problem else 200, media_type="text/html; charset=utf-8")

    return await run_in_threadpool(shown)


async def _answer(site: Site, asked: dict[str, Any]) -> Answer:
    wanted = {"default": (), "named": (), "accept": _ACCEPT, "format": None, **asked}
    done = await site.do("query", wanted)
    assert done.file is not None  # noqa: S101 # a query writes something
    with done.file as file:
        return await run_in_threadpool(lambda: answer(done.reply.media, file.read()))


async def editor(request: Request) -> Response:
    """YASGUI, asking our own endpoint."""
    site: Site = request.app.state.site
    text = site.templates.get_template("editor.html").render(page={"path": "/ask", "title": "SPARQL"})
    return Response(text, media_type="text/html; charset=utf-8")


async def vocabulary(request: Request) -> Response:
    """What the editor completes: prefixes, classes, properties, named queries."""
    site: Site = request.app.state.site

    def found() -> dict[str, Any]:
        with site.follower.reading() as opened:
            return _vocabulary(opened, site)

    return JSONResponse(await run_in_threadpool(found))


def _vocabulary(opened: View, site: Site) -> dict[str, Any]:
    classes, properties = opened.once("vocabulary", _used)
    return {
        "prefixes": known_prefixes(opened.store.base),
        "classes": classes,
        "properties": properties,
        "queries": [
            {"name": query.name, "summary": query.summary, "text": query.text}
            for query in named_queries(site.settings.queries).values()
        ],
    }


def _used(store: Store) -> tuple[list[str], list[str]]:
    """The classes and properties of our ontology, then those that the store has beyond them."""
    classes = [row["t"] for row in rows(store, "SELECT DISTINCT ?t { ?s a ?t } ORDER BY ?t")]
    properties = [row["p"] for row in rows(store, "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p")]
    ours, terms = declared()
    return sorted({*ours, *classes}), sorted({*terms, *properties})
