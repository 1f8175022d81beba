"""One happening: what each report of it says side by side, its tolls over time by source, and the words."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kg.core.iris import local_name
from kg.serve.asking import iri, rows
from kg.serve.described import Described, described
from kg.serve.drawing import (
    LINE,
    QUIET,
    SERIES,
    circle,
    day_number,
    line,
    link,
    picture,
    shortened,
    standalone,
    text,
    ticks,
)
from kg.serve.page import Export, Page, Params
from kg.serve.problems import Problem
from kg.serve.shown import article_name, thing
from kg.serve.told import Piece, Told, pieces, sentence, told
from kg.store.opening import Store

_REPORTS = 40
_WIDTH, _HEIGHT = 900, 260


@dataclass(frozen=True, slots=True)
class Report:
    """One article's telling of it: the event, its sentence, and how sure it is that it is the same happening."""

    article: str
    title: str
    publisher: str
    published: str
    told: Told
    sentence: tuple[Piece, ...]
    status: str  # of the link: "" for the event asked for, else accepted or candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Toll:
    """A figure of one report."""

    published: str
    publisher: str
    source: str
    words: str
    least: int | None
    most: int | None
    counted: str
    event: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """A happening as it is shown: the reports, oldest first, the one asked for among them."""

    iri: str
    asked: Report
    reports: tuple[Report, ...]
    tolls: tuple[Toll, ...]
    svg: Markup | None
    agreed: tuple[tuple[str, str, int], ...]  # what, its value, in how many reports
    differing: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    causes: tuple[tuple[str, str, str], ...]  # how, IRI, label


def show(store: Store, params: Params) -> EventPage:
    """An event with the other reports of it; Problem where there is none."""
    reports, asked = _reports(store, params)
    tolls = _tolls(reports)
    return EventPage(
        iri=asked.told.iri,
        asked=asked,
        reports=tuple(reports),
        tolls=tuple(tolls),
        svg=drawn(tolls) if len(tolls) > 1 else None,
        agreed=tuple(_agreed(reports)),
        differing=tuple(_differing(reports)),
        causes=tuple(_causes(store, asked.told.iri)),
    )


def _reports(store: Store, params: Params) -> tuple[list[Report], Report]:
    event = params.get("iri", "")
    found = {event: ("", "")} | _same(store, event)
    graphs: dict[str, Described] = {}
    reports = []
    for one, (status, reason) in list(found.items())[:_REPORTS]:
        article = one.partition("#")[0]
        if article not in graphs:
            graphs[article] = described(store, article)
        graph = graphs[article]
        if "kg:eventType" in graph.said.get(one, {}):
            reports.append(_report(graph, one, status, reason))
    asked = next((report for report in reports if report.told.iri == event), None)
    if asked is None:
        raise Problem("not-found", f"no event {event[:200]} in the store")
    return sorted(reports, key=lambda report: (report.published, report.article, report.told.iri)), asked


def _same(store: Store, event: str) -> dict[str, tuple[str, str]]:
    """Events that are linked to it, by any number of accepted links; candidates next to it."""
    found: dict[str, tuple[str, str]] = {}
    rest = [event]
    while rest and len(found) < _REPORTS:
        node = iri(rest.pop(0))
        query = (
            f"SELECT DISTINCT ?o ?f ?r {{ {{ ?l kg:linkSubject {node} ; kg:linkTarget ?o }} UNION "
            f"{{ ?l kg:linkTarget {node} ; kg:linkSubject ?o }} ?l kg:linkStatus ?f . ?o kg:eventType ?t "
            "OPTIONAL { ?l kg:reason ?r } } ORDER BY ?f ?o"
        )
        for row in rows(store, query):
            status, other = local_name(row["f"]), row["o"]
            if other == event or status == "rejected" or other in found:
                continue
            if status == "accepted":
                rest.append(other)
            elif node != iri(event):
                continue
            found[other] = (status, row.get("r", ""))
    return found


def _report(graph: Described, event: str, status: str, reason: str) -> Report:
    known = told(graph, event)
    first, last = sentence(graph.text, known.spans[0][0]) if known.spans else (0, 0)
    marks = [(begin, end, "event", "") for begin, end in known.spans]
    marks += [(begin, end, part.kind, "") for part in known.parts for begin, end in part.spans]
    marks += [(begin, end, "count", "") for count in known.counts for begin, end in count.spans]
    shifted = [(b - first, e - first, kind, fact) for b, e, kind, fact in marks if b >= first and e <= last]
    return Report(
        article=graph.article,
        title=graph.one(graph.article, "schema:headline") or article_name(graph.article),
        publisher=graph.one(graph.article, "schema:publisher"),
        published=graph.one(graph.article, "schema:datePublished"),
        told=known,
        sentence=tuple(pieces(graph.text[first:last], shifted)),
        status=status,
        reason=reason,
    )


def _tolls(reports: Sequence[Report]) -> list[Toll]:
    return [
        Toll(
            report.published,
            report.publisher or report.title,
            ", ".join(dict.fromkeys(voice.name for voice in report.told.voices)),
            count.words,
            count.least,
            count.most,
            count.counted,
            report.told.iri,
        )
        for report in reports
        if report.status != "candidate"
        for count in report.told.counts
    ]


def _values(report: Report) -> list[tuple[str, str]]:
    told_ = report.told
    found = [("type", told_.kind), ("status", told_.status), *(("time", told_.dates),) * bool(told_.dates)]
    return [*found, *((part.role, part.name) for part in told_.parts)]


def _agreed(reports: Sequence[Report]) -> list[tuple[str, str, int]]:
    """What two or more reports say alike."""
    sure = [report for report in reports if report.status != "candidate"]
    counts: dict[tuple[str, str], int] = {}
    for report in sure:
        for pair in dict.fromkeys(_values(report)):
            counts[pair] = counts.get(pair, 0) + 1
    return [(what, value, number) for (what, value), number in counts.items() if number > 1]


def _differing(reports: Sequence[Report]) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """Figures, days and status on which reports differ."""
    sure = [report for report in reports if report.status != "candidate"]
    found: dict[str, dict[str, int]] = {"status": {}, "time": {}, "figure": {}}
    for report in sure:
        said = [("status", report.told.status), ("time", report.told.dates)]
        said += [("figure", f"{_range(count.least, count.most)} {count.counted}") for count in report.told.counts]
        for what, value in dict.fromkeys(said):
            if value:
                found[what][value] = found[what].get(value, 0) + 1
    return [(what, tuple(values.items())) for what, values in found.items() if len(values) > 1]


def _range(least: int | None, most: int | None) -> str:
    if least == most and least is not None:
        return str(least)
    return f"at least {least}" if most is None else f"at most {most}" if least is None else f"{least} to {most}"


def _causes(store: Store, event: str) -> list[tuple[str, str, str]]:
    node = iri(event)
    query = (
        f"SELECT DISTINCT ?way ?e ?l {{ {{ {node} kg:cause ?e BIND('because of' AS ?way) }} UNION "
        f"{{ ?e kg:cause {node} BIND('cause of' AS ?way) }} ?e rdfs:label ?l ; kg:eventType ?t }} ORDER BY ?way ?e"
    )
    return [(row["way"], row["e"], row["l"]) for row in rows(store, query)]


def drawn(tolls: Sequence[Toll]) -> Markup:
    """Figures over the days on which they were published, a colour for each publisher; bars from least to most."""
    if not tolls:
        return picture(_WIDTH, _HEIGHT, label="no figures")
    days = [day_number(toll.published) or 0.0 for toll in tolls]
    first, last = min(days) - 0.5, max(days) + 0.5
    highest = max([toll.most or toll.least or 0 for toll in tolls] or [1]) or 1
    names = list(dict.fromkeys(toll.publisher for toll in tolls))

    def x(day: float) -> float:
        return 50 + (_WIDTH - 260) * (day - first) / (last - first)

    def y(figure: float) -> float:
        return _HEIGHT - 30 - (_HEIGHT - 60) * figure / highest

    parts = [line(50, y(0), _WIDTH - 200, y(0))]
    for figure in dict.fromkeys((0, round(highest / 2), highest)):
        parts += [text(44, y(figure) + 4, str(figure), text_anchor="end", fill=QUIET)]
        parts += [line(50, y(figure), _WIDTH - 200, y(figure), stroke=LINE, stroke_width=0.4)]
    for at, words in ticks(first, last, 6):
        parts.append(text(x(at), _HEIGHT - 10, words, text_anchor="middle", fill=QUIET))
    for number, (toll, day) in enumerate(zip(tolls, days, strict=True)):
        colour = SERIES[names.index(toll.publisher) % len(SERIES)]
        low, high = toll.least or 0, toll.most or toll.least or 0
        at = x(day) + (number % 5 - 2) * 6
        shape = [line(at, y(low), at, y(high), stroke=colour, stroke_width=4)] if high != low else []
        if toll.most is None:  # at least: an arrow upwards
            shape.append(line(at, y(low), at, y(low) - 14, stroke=colour, stroke_width=2, stroke_dasharray="2 2"))
        label = f"{toll.publisher}, {toll.published}: {toll.words}"
        parts.append(link(thing(toll.event), *shape, circle(at, y(low), 5, fill=colour), label=label))
    for number, name in enumerate(names[:12]):
        row = 30 + 18 * number
        parts += [circle(_WIDTH - 185, row - 4, 5, fill=SERIES[number % len(SERIES)])]
        parts += [text(_WIDTH - 174, row, shortened(name, 26))]
    return picture(_WIDTH, _HEIGHT, *parts, label=f"{len(tolls)} figures by the day of their report")


def _csv(store: Store, params: Params) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("published", "publisher", "source", "words", "min", "max", "counted", "event"))
    for toll in _tolls(_reports(store, params)[0]):
        row = (toll.published, toll.publisher, toll.source, toll.words, toll.least, toll.most, toll.counted, toll.event)
        writer.writerow("" if value is None else value for value in row)
    return file.getvalue().encode()


PAGE = Page(
    "/event",
    "Event",
    "event.html",
    show,
    menu=False,
    exports=(
        Export("csv", "text/csv; charset=utf-8", _csv),
        Export("svg", "image/svg+xml", lambda store, params: standalone(drawn(_tolls(_reports(store, params)[0])))),
    ),
)
