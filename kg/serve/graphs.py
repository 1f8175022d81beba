"""The SPARQL 1.1 Graph Store HTTP Protocol at /graphs (https://www.w3.org/TR/sparql11-http-rdf-update/).

``?graph=IRI`` names a graph, ``?default`` the default graph: read, the merge of all; written, the graph
``BASE graph/default``, as for updates; neither, with POST: a new graph. Writing needs a server that may write.
"""

from __future__ import annotations

import hashlib
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, cast

from starlette.responses import Response

from kg.serve.dataset import checked
from kg.serve.negotiate import GRAPHS
from kg.serve.problems import Problem
from kg.serve.protocol import content_type, done, fields_of, one
from kg.serve.shown import address

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.site import Site

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")


async def graphs(request: Request) -> Response:
    """Read, replace, add to or drop one graph."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    named = one(fields, "graph")
    if request.method == "POST" and named is None and "default" not in fields:
        return await _create(request, site)
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
    asked = {"graph": graph, "parts": await _parts(request), "add": request.method == "POST"}
    return await done(request, "write_graph", asked)


async def _create(request: Request, site: Site) -> Response:
    """A new graph, named by what it holds; ``Location`` says where it is read (section 5.5)."""
    site.check_writable()
    parts = await _parts(request)
    digest = hashlib.sha256(b"".join(form.encode() + body for form, body in parts)).hexdigest()[:16]
    graph = f"{site.follower.base}graph/posted/{digest}"
    answer = await done(request, "write_graph", {"graph": graph, "parts": parts, "add": False})
    answer.headers["Location"] = address(f"{request.url.scheme}://{request.url.netloc}/graphs", graph=graph)
    return answer


async def _parts(request: Request) -> list[tuple[str, bytes]]:
    """What a request brings, as format and content: its body, or the files of a form (section 5.5)."""
    body = await request.body()
    if content_type(request) != "multipart/form-data":
        return [(_format(content_type(request)), body)]
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    files = [part for part in message.iter_parts() if not part.is_multipart()] if message.is_multipart() else []
    if not files:
        raise Problem("bad-request", "the form holds no files: send one part for each")
    return [(_format(part.get_content_type()), cast("bytes", part.get_payload(decode=True))) for part in files]


def _format(media: str) -> str:
    """The name of a format by its media type; Turtle where a request does not say."""
    form = next((one.name for one in GRAPHS if (media or "text/turtle") in (one.media, *one.also)), None)
    if form is None:
        raise Problem("media-type", f"{media}: send one of {', '.join(offer.media for offer in GRAPHS)}")
    return form
