"""The SPARQL 1.1 Protocol at /sparql (https://www.w3.org/TR/sparql11-protocol/): requests in, answers or problems out.

Query by GET, by a form and by a body of application/sparql-query; update by a form or by a body of
application/sparql-update, where the server may write. Formats are those of ``kg query``, by Accept or ``?format=``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from kg.serve.dataset import based, checked
from kg.serve.description import description
from kg.serve.negotiate import prefers_html
from kg.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.site import Site
    from kg.serve.workers import Done

FORM = "application/x-www-form-urlencoded"
_FIELDS = 2_000  # of a form: graphs of a dataset come one by one
_BLOCK = 1 << 16

Fields = Mapping[str, Sequence[str]]


async def sparql(request: Request) -> Response:
    """One operation of the protocol."""
    site: Site = request.app.state.site
    fields, media = fields_of(request.url.query), content_type(request)
    if request.method == "POST":
        body = await request.body()
        if media == FORM:
            fields = {**fields, **fields_of(decoded(body))}
        elif media in ("application/sparql-query", "application/sparql-update"):
            if "query" in fields or "update" in fields:
                raise Problem("bad-request", "the request has an operation in its body and another in its address")
            fields = {**fields, media.removeprefix("application/sparql-"): [decoded(body)]}
        else:
            raise Problem("media-type", f"POST {FORM}, application/sparql-query or application/sparql-update")
    elif "update" in fields:
        raise Problem("bad-request", "an update is sent by POST")
    operations = [*fields.get("query", ()), *fields.get("update", ())]
    if len(operations) > 1:
        raise Problem("bad-request", f"one operation at a time: this request has {len(operations)}")
    if "update" in fields:
        return await _update(request, site, fields)
    html = request.method in ("GET", "HEAD") and prefers_html(request.headers.get("accept")) and "format" not in fields
    if not operations:
        if request.method == "POST":
            raise Problem("bad-request", "no query= and no update= in the form")
        return RedirectResponse("/ask", 303) if html else await description(request)
    if html:
        return RedirectResponse(f"/ask?{request.url.query}", 303)
    return await _query(request, fields)


async def _query(request: Request, fields: Fields) -> Response:
    _refuse(fields, "using-graph-uri", "using-named-graph-uri")
    asked = {
        "text": based(one(fields, "query") or "", _address(request)),
        "default": checked(fields.get("default-graph-uri", ())),
        "named": checked(fields.get("named-graph-uri", ())),
        "accept": request.headers.get("accept"),
        "format": one(fields, "format"),
    }
    return await done(request, "query", asked)


async def _update(request: Request, site: Site, fields: Fields) -> Response:
    _refuse(fields, "default-graph-uri", "named-graph-uri")
    site.check_writable()
    asked = {
        "text": based(one(fields, "update") or "", _address(request)),
        "default": checked(fields.get("using-graph-uri", ())),
        "named": checked(fields.get("using-named-graph-uri", ())),
    }
    return await done(request, "update", asked)


def _address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/sparql"


async def done(request: Request, name: str, asked: Mapping[str, Any]) -> Response:
    """The answer of a task, which is ended where the client leaves before it is there."""
    site: Site = request.app.state.site
    work = asyncio.ensure_future(site.do(name, asked))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return streamed(await work) if work.done() else Response(status_code=499)  # nobody reads it
    finally:
        gone.cancel()
        work.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def streamed(done: Done) -> Response:
    """What a task gave, as a response that is read from its file."""
    if done.file is None:
        return Response(status_code=done.reply.status)
    media = done.reply.media + ("; charset=utf-8" if done.reply.media.startswith("text/") else "")
    headers = {"Content-Length": str(done.reply.size), "Vary": "Accept", "Content-Type": media}
    return StreamingResponse(_blocks(done), done.reply.status, headers)


async def _blocks(done: Done) -> AsyncIterator[bytes]:
    assert done.file is not None  # noqa: S101 # asked before
    with done.file as file:
        while block := await run_in_threadpool(file.read, _BLOCK):
            yield block


def fields_of(text: str) -> dict[str, list[str]]:
    """The fields of a query string or form, each with its values; Problem where there are too many or no UTF-8."""
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise Problem("bad-request", f"a field is no UTF-8 ({error.reason})") from error
    except ValueError as error:
        raise Problem("bad-request", f"more than {_FIELDS} fields") from error


def one(fields: Fields, name: str) -> str | None:
    """The one value of a field, None where it is missing; Problem for several."""
    values = fields.get(name, ())
    if len(values) > 1:
        raise Problem("bad-request", f"{name} stands {len(values)} times")
    return values[0] if values else None


def decoded(body: bytes) -> str:
    """A body as text; Problem where it is no UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem("bad-request", f"the body is no UTF-8 (byte {error.start})") from error


def content_type(request: Request) -> str:
    """The media type of a request's body without parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse(fields: Fields, *names: str) -> None:
    for name in names:
        if name in fields:
            raise Problem("bad-request", f"{name} belongs to the other kind of operation")


def quoted(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the fields of an address, the empty ones left out."""
    return {name: str(value) for name, value in values.items() if value not in (None, "")}
