"""``timeline``: events with a day, as iCalendar (RFC 5545, written by icalendar, an extra) or as JSON for vis-timeline.

Calendar entries are of whole days; their stamp is the article's date, since nothing here knows a clock. What is
negated is CANCELLED, what is possible or planned TENTATIVE.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from kg.core.errors import StoreError
from kg.store.export import Exported
from kg.store.exporters.facts import ArticleFacts, EventFact
from kg.store.exporters.json_parts import about, as_json, credit, names, sentence, sources
from kg.store.exporters.run import Around, Exporter, Opener, Source, streamed

_STATUS = {"asserted": "CONFIRMED", "negated": "CANCELLED", "possible": "TENTATIVE", "planned": "TENTATIVE"}
_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//kg//news events//EN\r\nCALSCALE:GREGORIAN\r\n"
_LAST = date.max - timedelta(days=1)


def _write(source: Source, opened: Opener, form: str) -> Exported:
    if form == "json":
        return streamed(
            _items, head=b'{"items":[\n', between=b",\n", tail=lambda whole: b"\n]" + credit(whole.credit) + b"}\n"
        )(source, opened, form)
    return streamed(_entries, head=_HEAD, tail=b"END:VCALENDAR\r\n")(source, opened, form)


def _items(facts: ArticleFacts, around: Around) -> Iterable[bytes]:
    """Items of vis-timeline: id, content, start, end, type, group, and the rest beside them."""
    for event in facts.events:
        time = event.time
        start = (time.earliest_begin or time.latest_end) if time else None
        if time is None or start is None:
            continue
        end = time.latest_end if time.latest_end != start else None
        told = about(facts, event, text=around.text)
        shape = {"type": "range", "end": end} if end else {"type": "point" if time.is_day else "box"}
        item = {"id": event.iri, "content": event.label, "start": start, **shape, "group": event.type}
        yield as_json({**item, "className": event.status, "kg": told})


def _entries(facts: ArticleFacts, around: Around) -> Iterable[bytes]:
    try:
        from icalendar import Event
    except ImportError as error:
        raise StoreError(
            "iCalendar is written by icalendar: pip install 'newskg[calendar]', or --format json"
        ) from error
    for event in facts.events:
        begin, end = _days(event)
        if begin is None:
            continue
        entry = Event()
        entry.add("uid", event.iri)
        entry.add("dtstamp", _stamp(facts, begin))
        entry.add("dtstart", begin)
        if end is not None and end >= begin:
            entry.add("dtend", min(end, _LAST) + timedelta(days=1))  # RFC 5545: the day after the last
        entry.add("summary", event.label)
        entry.add("status", _STATUS.get(event.status, "TENTATIVE"))
        entry.add("categories", [event.type])
        words = [sentence(facts, event)] if around.text else []
        if told := sources(facts, event):
            words.append(f"Source: {', '.join(told)}")
        if event.time and event.time.dates:
            words.append(f"When: {event.time.dates}")
        entry.add("description", "\n".join(filter(None, words)))
        if places := names(facts, event, "place"):
            entry.add("location", ", ".join(places))
        known = (around.of(filler.filler) for filler in event.fillers("place"))
        if (place := next((one for one in known if one.point), None)) and place.point:
            entry.add("geo", (place.point.latitude, place.point.longitude))
            if place.credit:
                entry.add("x-kg-attribution", place.credit)
        if facts.url:
            entry.add("url", facts.url)
        yield entry.to_ical()


def _days(event: EventFact) -> tuple[date | None, date | None]:
    time = event.time
    first = (time.earliest_begin or time.latest_end) if time else None
    try:
        return (
            date.fromisoformat(first) if first else None,
            date.fromisoformat(time.latest_end) if time and time.latest_end else None,
        )
    except ValueError:  # a year that no calendar of this world writes
        return None, None


def _stamp(facts: ArticleFacts, begin: date) -> datetime:
    try:
        day = date.fromisoformat(facts.published or "")
    except ValueError:
        day = begin
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


EXPORTER = Exporter(
    about="events with a day, as iCalendar or as JSON for vis-timeline",
    write=_write,
    formats={"ics": ".ics", "json": ".json"},
)
