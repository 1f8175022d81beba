"""The application: every address in one place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.core.errors import KgError
from kg.serve import ask, graphs, reconcile, review, why
from kg.serve.asking import kind_of
from kg.serve.description import description
from kg.serve.following import Follower
from kg.serve.guard import COOKIE, Guard
from kg.serve.kinds import warm
from kg.serve.negotiate import prefers_html
from kg.serve.pages import PAGES, search
from kg.serve.problems import KINDS, MEDIA, Problem, problem_of
from kg.serve.protocol import decoded, fields_of, one, sparql
from kg.serve.shown import Fields, address, with_fields
from kg.serve.site import HERE, Site, templates
from kg.serve.workers import Workers

if TYPE_CHECKING:
    from kg.serve.page import Export, Page
    from kg.serve.settings import Settings

Handler = Callable[[Request], Awaitable[Response]]
_PAUSE = 1.0  # seconds after a wrong token
_LOOK = 1.0  # seconds between two looks for a newer copy


def create_app(settings: Settings) -> Starlette:
    """The application for one server; it opens the store at once and starts its processes when it starts."""
    follower = Follower(settings.store, search.hold)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workers = Workers(settings.store, settings.policy, settings.workers, settings.timeout, settings.queries)
        menu = [(page.path, page.title) for page in PAGES if page.menu] + [("/ask", "SPARQL"), ("/links", "Links")]
        known = templates(menu=menu, write=settings.write, address=address, with_fields=with_fields)
        app.state.site = Site(settings, follower, workers, known)
        known.globals["store"] = app.state.site.shown_store
        loop = asyncio.get_running_loop()
        warming = [loop.run_in_executor(None, prepare) for prepare in (workers.warm, warm, follower.make_ready)]
        following = loop.create_task(_follow(follower))
        try:
            yield
        finally:
            following.cancel()
            follower.close()
            await asyncio.gather(*warming)
            workers.close()

    return Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers={KgError: _problem, HTTPException: _http_problem, Exception: _unforeseen},
        lifespan=lifespan,
    )


async def _follow(follower: Follower) -> None:
    """Look for newer copies though nobody asks: who then asks sees the newest at once."""
    while True:
        await asyncio.sleep(_LOOK)
        with suppress(KgError):  # told to who asks
            await run_in_threadpool(follower.look)


def _routes() -> list[Route | Mount]:
    routes: list[Route | Mount] = [
        Route("/sparql", sparql, methods=["GET", "HEAD", "POST"]),
        Route("/graphs", graphs.graphs, methods=list(graphs.METHODS)),
        Route("/.well-known/void", description),
        Route("/reconcile", reconcile.reconcile, methods=["GET", "POST"]),
        Route("/reconcile/suggest/{what}", reconcile.suggest),
        Route("/reconcile/properties", reconcile.propose),
        Route("/reconcile/preview", reconcile.preview),
        Route("/thing", _thing),
        Route("/ask", ask.ask),
        Route("/editor", ask.editor),
        Route("/vocabulary.json", ask.vocabulary),
        Route("/links", review.links),
        Route("/links/decide", review.decide, methods=["POST"]),
        Route("/why", why.why),
        Route("/token", _token, methods=["GET", "POST"]),
        Route("/problems", _problems),
        Mount("/assets", StaticFiles(directory=HERE / "assets")),
    ]
    for page in PAGES:
        routes.append(Route(page.path, _handler(page)))
        name = "/overview" if page.path == "/" else page.path
        routes += [Route(f"{name}.{export.ending}", _export_handler(page, export)) for export in page.exports]
    return routes


def _handler(page: Page) -> Handler:
    async def handle(request: Request) -> Response:
        if page.path == "/" and not prefers_html(request.headers.get("accept")):
            return await description(request)
        return await run_in_threadpool(_shown, request.app.state.site, page, dict(request.query_params))

    return handle


def _shown(site: Site, page: Page, params: dict[str, str]) -> Response:
    with site.follower.reading() as view:
        data = view.once((page.path, *sorted(params.items())), partial(_apply, page.show, params))
    return _html(site, page.template, page=page, data=data, params=Fields(params))


def _export_handler(page: Page, export: Export) -> Handler:
    def written(site: Site, params: dict[str, str]) -> Response:
        with site.follower.reading() as view:
            content = export.write(view.store, params)
        name = f"{page.title.lower().replace(' ', '-')}.{export.ending}"
        return Response(content, media_type=export.media, headers={"Content-Disposition": f'inline; filename="{name}"'})

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(written, request.app.state.site, dict(request.query_params))

    return handle


def _apply(function: Callable[..., Any], params: dict[str, str], store: Any) -> Any:  # noqa: ANN401 - any page's data
    return function(store, params)


def _html(site: Site, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - any page's data
    text = site.templates.get_template(template).render(**values)
    return Response(text, status, media_type="text/html; charset=utf-8")


async def _thing(request: Request) -> Response:
    """The page about something, whatever it is."""
    site: Site = request.app.state.site
    iri = one(fields_of(request.url.query), "iri")
    if not iri:
        raise Problem("bad-request", "say what: /thing?iri=…")

    def found() -> str:
        with site.follower.reading() as view:
            return kind_of(view.store, iri)

    return RedirectResponse(address(f"/{await run_in_threadpool(found)}", iri=iri), 303)


async def _problems(request: Request) -> Response:
    return _html(request.app.state.site, "problems.html", kinds=KINDS)


async def _token(request: Request) -> Response:
    """The form that asks for the token, and what it sends."""
    site: Site = request.app.state.site
    wrong = False
    if request.method == "POST":
        given = one(fields_of(decoded(await request.body())), "token") or ""
        token = site.settings.token
        if token is None or given.strip() == token:
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, request.scope["state"]["cookie"], httponly=True, samesite="strict")
            return answer
        await asyncio.sleep(_PAUSE)
        wrong = True
    return _html(site, "token.html", 401 if wrong else 200, wrong=wrong)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)  # noqa: S101 # registered for these
    return _told(request, problem_of(error))


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 # registered for these
    kind = {404: "not-found", 405: "method"}.get(error.status_code, "bad-request")
    told = _told(request, Problem(kind, f"{request.method} {request.url.path}: {error.detail}"))
    for name, value in (error.headers or {}).items():
        told.headers[name] = value
    return told


async def _unforeseen(request: Request, error: Exception) -> Response:
    words = " ".join(str(error).split())[:300]
    return _told(request, Problem("failed", f"this was not foreseen ({type(error).__name__}: {words})"))


def _told(request: Request, problem: Problem) -> Response:
    if prefers_html(request.headers.get("accept")) and not request.url.path.startswith(("/sparql", "/graphs")):
        title = KINDS[problem.kind][1]
        return _html(request.app.state.site, "problem.html", problem.status, title=title, detail=str(problem))
    return Response(problem.body(), problem.status, media_type=MEDIA)
