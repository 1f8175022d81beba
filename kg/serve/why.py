"""Why something is in the graph: its articles read again with tracing, as ``kg explain --trace`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.serve.protocol import fields_of, one

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.site import Site


async def why(request: Request) -> Response:
    """What found a thing, sentence by sentence; it takes some seconds."""
    site: Site = request.app.state.site
    iri = one(fields_of(request.url.query), "iri") or ""
    done = await site.do("trace", {"iri": iri})
    assert done.file is not None  # noqa: S101 # it writes something
    with done.file as file:
        text = (await run_in_threadpool(file.read)).decode()
    content = site.templates.get_template("why.html").render(iri=iri, text=text, page={"path": "/why", "title": "Why"})
    return Response(content, media_type="text/html; charset=utf-8")
