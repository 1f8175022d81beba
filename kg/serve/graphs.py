"""The SPARQL 1.1 Graph Store HTTP Protocol at /graphs (https://www.w3.org/TR/sparql11-http-rdf-update/).

``?graph=IRI`` names a graph, ``?default`` the default graph: read, the merge of all; written, the graph
``BASE graph/default``, as for updates. Writing needs a server that may write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from kg.serve.dataset import checked
from kg.serve.negotiate import GRAPHS
from kg.serve.problems import Problem
from kg.serve.protocol import content_type, done, fields_of, one

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.site import Site

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")


async def graphs(request: Request) -> Response:
    """Read, replace, add to or drop one graph."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    named = one(fields, "graph")
    if (named is None) == ("default" not in fields):
        raise Problem("bad-request", "say which graph: ?graph=IRI or ?default")
    graph = checked([named])[0] if named is not None else None
    if request.method in ("GET", "HEAD"):
        accept = request.headers.get("accept")
        wanted = {"graph": graph, "accept": accept, "format": one(fields, "format")}
        return await done(request, "read_graph", wanted)
    site.check_writable()
    if request.method == "DELETE":
        return await done(request, "drop_graph", {"graph": graph})
    media = content_type(request) or "text/turtle"
    form = next((offer.name for offer in GRAPHS if media in (offer.media, *offer.also)), None)
    if form is None:
        raise Problem("media-type", f"{media}: send one of {', '.join(offer.media for offer in GRAPHS)}")
    asked = {"graph": graph, "format": form, "body": await request.body(), "add": request.method == "POST"}
    return await done(request, "write_graph", asked)
