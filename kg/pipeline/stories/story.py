"""Stories as a person reads them: what happened, in which reports, tolls over time, what is agreed and what not.

A happening is a group of events that are linked as one; a story is happenings that hang together as cause and effect
(a bombing and those it killed). Articles that repeat another one are no reports of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from kg.core.vocab import ONTOLOGY, SCHEMA, SKOS
from kg.pipeline.stories.grouping import components
from kg.pipeline.stories.links import story_links
from kg.query.conflicts import Conflict, Telling, conflicts
from kg.query.disagreements import read_tellings

if TYPE_CHECKING:
    from kg.linking.match import Link
    from kg.store.opening import QuerySolutions, Store


@dataclass(frozen=True, slots=True)
class Report:
    """An article that tells of it, with the articles that repeat it."""

    article: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    repeated_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Toll:
    """How many, in the words of one report, by whose word."""

    published: str
    figure: str
    least: int | None
    most: int | None
    by: tuple[str, ...]
    publisher: str
    event: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One happening: its events in every article, and what they say of it."""

    type: str
    label: str
    events: tuple[str, ...]
    reports: int
    tolls: tuple[Toll, ...]
    agreed: tuple[tuple[str, str, int], ...]  # what, its value, in how many reports; where two or more say it


@dataclass(frozen=True, slots=True)
class Story:
    """Happenings that hang together, the one told in most reports first."""

    label: str
    days: str
    places: tuple[str, ...]
    reports: tuple[Report, ...]
    happenings: tuple[Happening, ...]
    contradicted: tuple[Conflict, ...]


def read_stories(store: Store) -> list[Story]:
    """Every story of a store that two reports or more tell, the most told first."""
    prefixes = {"kg": ONTOLOGY, "schema": SCHEMA, "skos": SKOS}
    about: dict[str, Report] = {}
    for row in cast("QuerySolutions", store.query(_ABOUT, prefixes=prefixes)):
        title, publisher, published = (getattr(row[name], "value", "") for name in ("title", "publisher", "published"))
        about.setdefault(row["a"].value, Report(row["a"].value, title, publisher, published))
    causes = [
        (row["e"].value, row["c"].value) for row in cast("QuerySolutions", store.query(_CAUSES, prefixes=prefixes))
    ]
    names = {
        row["name"].value.casefold(): row["name"].value
        for row in cast("QuerySolutions", store.query(_NAMES, prefixes=prefixes))
    }
    return stories(read_tellings(store), story_links(store).values(), causes, about, names)


_ABOUT = """SELECT ?a ?title ?publisher ?published { ?a a schema:NewsArticle OPTIONAL { ?a schema:headline ?title }
  OPTIONAL { ?a schema:publisher ?publisher } OPTIONAL { ?a schema:datePublished ?published } }"""
_NAMES = """SELECT DISTINCT ?name { VALUES ?role { kg:agent kg:patient kg:recipient kg:place }
  ?e kg:eventType ?t ; ?role ?x . ?x skos:prefLabel ?name } ORDER BY ?name"""
_CAUSES = "SELECT ?e ?c { ?e kg:cause ?c . ?c kg:eventType ?t }"


def stories(
    tellings: Iterable[Telling],
    links: Iterable[Link],
    causes: Iterable[tuple[str, str]],
    articles: Mapping[str, Report],
    names: Mapping[str, str],
) -> list[Story]:
    """The stories of tellings that links join; the same in any order. ``names`` has those of tellings as written."""
    known: dict[str, Telling] = {}
    for telling in sorted(tellings, key=lambda telling: telling.iri):
        known.setdefault(telling.iri, telling)
    accepted = [link for link in links if link.status == "accepted"]
    copy_of = {link.subject: link.target for link in accepted if link.kind == "CopyLink"}
    happenings = components(known, [(k.subject, k.target) for k in accepted if k.kind == "EventLink"])
    home = {iri: number for number, group in enumerate(happenings) for iri in group}
    between = [(str(home[one]), str(home[other])) for one, other in causes if one in home and other in home]
    found = []
    for group in components([str(number) for number in range(len(happenings))], between):
        events = [known[iri] for number in group for iri in happenings[int(number)]]
        reports = {copy_of.get(event.article, event.article) for event in events}
        if len(reports) > 1:
            parts = [[known[iri] for iri in happenings[int(number)]] for number in group]
            found.append(_story(parts, _Known(articles, names, copy_of, home)))
    return sorted(found, key=lambda story: (-len(story.reports), story.days or "9", story.happenings[0].events))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside tellings: articles, names as written, which article repeats which, happenings by number."""

    articles: Mapping[str, Report]
    names: Mapping[str, str]
    copy_of: Mapping[str, str]
    home: Mapping[str, int]

    def report(self, event: Telling) -> str:
        """The article that an event is told in, or the one that this repeats."""
        return self.copy_of.get(event.article, event.article)

    def is_repeated(self, event: Telling) -> bool:
        """Whether the article of an event repeats another one."""
        return event.article in self.copy_of


def _story(parts: Sequence[Sequence[Telling]], known: _Known) -> Story:
    happenings = [_happening(part, known) for part in parts]
    happenings.sort(key=lambda happening: (-happening.reports, happening.events))
    events = [event for part in parts for event in part]
    repeated: dict[str, list[str]] = defaultdict(list)
    for article in sorted({event.article for event in events}):
        repeated[known.copy_of.get(article, article)] += [article] * (article in known.copy_of)
    reports = [
        replace(known.articles.get(article, Report(article)), repeated_in=tuple(again))
        for article, again in repeated.items()
    ]
    own = [
        replace(event, kinds=frozenset({str(known.home[event.iri])}))  # figures of one happening, whatever its type
        for event in events
        if not known.is_repeated(event)
    ]
    first = happenings[0]
    main = [event for event in events if event.iri in first.events]
    return Story(
        first.label,
        _days(main) or _days(events),
        tuple(place for place, _ in _by_reports(main, "place", known)),
        tuple(sorted(reports, key=lambda report: (report.published or "9", report.article))),
        tuple(happenings),
        tuple(c for c in conflicts(own, known.home) if c.verdict != "compatible"),
    )


def _happening(events: Sequence[Telling], known: _Known) -> Happening:
    own = [event for event in events if not known.is_repeated(event)] or list(events)
    said = [
        Toll(
            event.published,
            figure.words,
            figure.least,
            figure.most,
            figure.sources or event.sources,
            known.articles.get(event.article, Report(event.article)).publisher,
            event.iri,
        )
        for event in own
        for figure in event.figures
    ]
    kinds = Counter(event.type for event in events)
    labels = Counter(event.label for event in events)
    agreed = [
        (role, value, number)
        for role in ("agent", "patient", "recipient", "place")
        for value, number in _by_reports(events, role, known)
        if number > 1
    ]
    days: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.begin:
            days[_day(event)].add(known.report(event))
    agreed += sorted(("day", day, len(told)) for day, told in days.items() if len(told) > 1)
    return Happening(
        min(kinds, key=lambda kind: (-kinds[kind], kind)),
        min(labels, key=lambda label: (-labels[label], label)),
        tuple(event.iri for event in events),
        len({known.report(event) for event in events}),
        tuple(sorted(set(said), key=_toll_order)),
        tuple(agreed),
    )


def _toll_order(toll: Toll) -> tuple[str, int, str, str]:
    return (toll.published or "9", toll.least or 0, toll.figure, toll.event)


def _by_reports(events: Iterable[Telling], role: str, known: _Known) -> list[tuple[str, int]]:
    """The values of a role with the number of reports that have them, the most told first."""
    said: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for value in event.names(role):
            if "#" not in value:
                said[known.names.get(value, value)].add(known.report(event))
    return sorted(((value, len(told)) for value, told in said.items()), key=lambda pair: (-pair[1], pair[0]))


def _day(event: Telling) -> str:
    return event.begin if event.end in ("", event.begin) else f"{event.begin} to {event.end}"


def _days(events: Collection[Telling]) -> str:
    """The day that most events have; "" where none has one."""
    days = Counter(_day(event) for event in events if event.begin)
    return min(days, key=lambda day: (-days[day], len(day), day), default="")
