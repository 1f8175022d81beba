"""Who acts on whom: agents and patients of the chosen events as a network; as GraphML, CSV and SVG."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

import numpy as np
from markupsafe import Markup

from kg.serve.chosen import choice
from kg.serve.drawing import LINE, circle, group, line, link, picture, shortened, standalone, tag, text
from kg.serve.kinds import words
from kg.serve.page import Export, Page, Params, number
from kg.serve.pages.happenings import Named, Offered, names, offered
from kg.serve.selection import ties as strongest
from kg.serve.shown import address
from kg.store.opening import Store

_LIMIT, _MOST = 60, 400  # edges
_SIDE = 900.0
_ROUNDS = 120  # of the layout


@dataclass(frozen=True, slots=True)
class Tie:
    """That one acts on another: in how many events, of which types."""

    agent: Named
    patient: Named
    events: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The strongest ties, and their picture."""

    ties: tuple[Tie, ...]
    svg: Markup
    offered: Offered


def show(store: Store, params: Params) -> Network:
    """The network of the chosen events."""
    found = ties(store, params)
    return Network(tuple(found), drawn(found), offered(store))


def ties(store: Store, params: Params) -> list[Tie]:
    """The ties with most events."""
    limit = number(params, "limit", _LIMIT, _MOST)
    found = strongest(store, choice(params), limit, unnamed=bool(params.get("unnamed")))
    called = names(store, sorted({iri for a, p, *_ in found for iri in (a, p)}))
    return [
        Tie(Named(a, called.get(a, a)), Named(p, called.get(p, p)), n, tuple(sorted(map(words, kinds))))
        for a, p, n, kinds in found
    ]


def drawn(found: Sequence[Tie]) -> Markup:
    """The network as a picture; the same ties give the same one."""
    nodes = list({named.iri: named for tie in found for named in (tie.agent, tie.patient)}.values())
    place = {named.iri: point for named, point in zip(nodes, layout(nodes, found), strict=True)}
    degree = Counter(named.iri for tie in found for named in (tie.agent, tie.patient))
    arrow = tag(
        "marker", tag("path", d="M0 0 8 4 0 8z", fill=LINE), id="arrow", viewBox="0 0 8 8", refX=14, refY=4,
        markerWidth=7, markerHeight=7, orient="auto",
    )  # fmt: skip
    edges = [
        tag(
            "g",
            tag("title", f"{t.agent.name} → {t.patient.name}: {t.events} ({', '.join(t.kinds)})"),
            line(
                *place[t.agent.iri], *place[t.patient.iri], stroke_width=min(6, 0.8 + t.events**0.5),
                marker_end="url(#arrow)",
            ),
        )
        for t in found
    ]  # fmt: skip
    dots = []
    for named in nodes:
        x, y = place[named.iri]
        label = f"{named.name}: {degree[named.iri]} ties"
        dot = circle(x, y, 4 + min(10, degree[named.iri]), fill="#2f6fb5")
        words_beside = text(x + 8, y - 7, shortened(named.name, 28))
        dots.append(link(address("/entity", iri=named.iri), dot, words_beside, label=label))
    label = f"{len(nodes)} who act on each other by {len(found)} ties"
    return picture(_SIDE, _SIDE * 0.7, tag("defs", arrow), group(edges), group(dots), label=label)


def layout(nodes: Sequence[Named], found: Sequence[Tie]) -> list[tuple[float, float]]:
    """Places for the nodes: those that are tied near each other, the others apart (Fruchterman and Reingold 1991)."""
    count = len(nodes)
    if not count:
        return []
    index = {named.iri: number for number, named in enumerate(nodes)}
    angles = np.arange(count) * 2.399963  # a spiral of the golden angle: no two at one place, and no chance in it
    at = np.sqrt((np.arange(count) + 0.5) / count)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ends = np.array([(index[tie.agent.iri], index[tie.patient.iri]) for tie in found])
    ideal, step = 1.5 / np.sqrt(count), 0.2
    for _ in range(_ROUNDS):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        push = (apart * (ideal**2 / distance**2)[:, :, None]).sum(axis=1)
        along = at[ends[:, 0]] - at[ends[:, 1]]
        pull = along * (np.sqrt((along**2).sum(axis=1)) / ideal)[:, None]
        np.add.at(push, ends[:, 0], -pull)
        np.add.at(push, ends[:, 1], pull)
        force = push - at * 0.3  # towards the middle, or parts without ties would drift away
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        at = at + force / length[:, None] * np.minimum(length, step)[:, None]
        step *= 0.97
    low, high = at.min(axis=0), at.max(axis=0)
    spread = np.where(high - low < 1e-6, 1.0, high - low)
    room = np.array([_SIDE - 240, _SIDE * 0.7 - 60])
    placed = 30 + (at - low) / spread * room
    return [(round(float(x), 1), round(float(y), 1)) for x, y in placed]


def graphml(found: Sequence[Tie]) -> bytes:
    """The network as GraphML."""
    nodes = {named.iri: named for tie in found for named in (tie.agent, tie.patient)}
    key = '<key id="{0}" for="{1}" attr.name="{0}" attr.type="{2}"/>'
    keys = [
        key.format("name", "node", "string"),
        key.format("events", "edge", "int"),
        key.format("types", "edge", "string"),
    ]
    written = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *keys,
        '<graph edgedefault="directed">',
        *(f'<node id={quoteattr(n.iri)}><data key="name">{_plain(n.name)}</data></node>' for n in nodes.values()),
        *(
            f"<edge source={quoteattr(t.agent.iri)} target={quoteattr(t.patient.iri)}>"
            f'<data key="events">{t.events}</data><data key="types">{_plain("; ".join(t.kinds))}</data></edge>'
            for t in found
        ),
        "</graph></graphml>",
    ]
    return "\n".join(written).encode() + b"\n"


def _plain(words_: str) -> str:
    """Text as XML may hold it: no control characters."""
    return xml("".join(char for char in words_ if char.isprintable() or char in "\t\n"))


def _csv(store: Store, params: Params) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("agent", "agentName", "patient", "patientName", "events", "types"))
    for t in ties(store, params):
        writer.writerow((t.agent.iri, t.agent.name, t.patient.iri, t.patient.name, t.events, "; ".join(t.kinds)))
    return file.getvalue().encode()


PAGE = Page(
    "/network",
    "Network",
    "network.html",
    show,
    exports=(
        Export("graphml", "application/graphml+xml", lambda store, params: graphml(ties(store, params))),
        Export("csv", "text/csv; charset=utf-8", _csv),
        Export("svg", "image/svg+xml", lambda store, params: standalone(drawn(ties(store, params)))),
    ),
)
