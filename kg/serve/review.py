"""The page where links are decided, one by one: both sides with what they say, by click or by key; with ``--write``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from kg.linking.links import read_links
from kg.linking.match import DECIDED
from kg.linking.review import Reviewed, review
from kg.serve.problems import Problem
from kg.serve.protocol import FORM, content_type, decoded, fields_of, one
from kg.serve.shown import Fields, address

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.linking.match import Link
    from kg.serve.following import View
    from kg.serve.site import Site
    from kg.store.opening import Store

STATUSES = ("candidate", "accepted", "rejected")
DECISIONS = ("accept", "reject", "undecide")


@dataclass(frozen=True, slots=True)
class Review:
    """The link that is looked at, among those of its status; how many there are of each, and how many are decided."""

    one: Reviewed | None
    at: int
    number: int
    status: str
    counts: tuple[tuple[str, int], ...]
    decided: int
    total: int
    last: Reviewed | None  # decided just now, and may be taken back


def shown(store: Store, links: dict[str, Link], status: str, at: int, last: str) -> Review:
    """The ``at``-th link of a status, from 0, those with the highest score first."""
    chosen = [(iri, link) for iri, link in links.items() if link.status == status]
    chosen.sort(key=lambda pair: (-pair[1].score, pair[0]))
    place = min(at, max(0, len(chosen) - 1))
    looked_at = dict(chosen[place : place + 1])
    reviewed = {one.iri: one for one in review(store, looked_at | ({last: links[last]} if last in links else {}))}
    return Review(
        one=next((reviewed[iri] for iri in looked_at), None),
        at=place,
        number=len(chosen),
        status=status,
        counts=tuple((name, sum(link.status == name for link in links.values())) for name in STATUSES),
        decided=sum(link.method == DECIDED for link in links.values()),
        total=len(links),
        last=reviewed.get(last),
    )


async def links(request: Request) -> Response:
    """The page."""
    site: Site = request.app.state.site
    fields = fields_of(request.url.query)
    status, last, at = one(fields, "status") or "candidate", one(fields, "last") or "", one(fields, "at") or "0"
    if status not in STATUSES:
        raise Problem("bad-request", f"status={status[:40]}: one of {', '.join(STATUSES)}")
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else 0

    def found() -> Response:
        with site.follower.reading() as view:
            data = shown(view.store, _links(view), status, place, last)
        content = site.templates.get_template("links.html").render(
            data=data, params=Fields(status=status), page={"path": "/links", "title": "Links"}
        )
        return Response(content, media_type="text/html; charset=utf-8")

    return await run_in_threadpool(found)


def _links(view: View) -> dict[str, Link]:
    return view.once("links", read_links)


async def decide(request: Request) -> Response:
    """Decide on a link, and go on to the next."""
    site: Site = request.app.state.site
    site.check_writable()
    if content_type(request) != FORM:
        raise Problem("media-type", f"POST {FORM}")
    fields = fields_of(decoded(await request.body()))
    link, decision = one(fields, "link") or "", one(fields, "decision") or ""
    if decision not in DECISIONS:
        raise Problem("bad-request", f"decision={decision[:40]}: one of {', '.join(DECISIONS)}")
    both = one(fields, "both") is not None
    await site.do("decide", {"link": link, "decision": decision, "both": both})
    back = {"status": one(fields, "status"), "at": one(fields, "at")}
    return RedirectResponse(address("/links", **back, last=None if decision == "undecide" else link), 303)
