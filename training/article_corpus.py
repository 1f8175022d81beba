"""Whole articles, annotated as a reader takes them: entities, events with everything known of them; by position alone.

`training/articles.jsonl.gz` holds one object a line for each article, without its text:

    {"id", "entities": {ID: [type, named, [[begin, end]…]]}, "events": [{"id", "type", "status", "triggers", "roles",
     "time", "words", "counts", "source"}…]}

Offsets are half-open, in characters of the text in `corpora/news`. Unlike `events.jsonl.gz`, which marks what stands
near a trigger, an event here is one for the whole article, and has the place and the day that a reader takes from
anywhere in it: `time` is a date (`YYYY-MM-DD`, `YYYY-MM`, `YYYY`), a pair of them, or null where a reader would not
commit; `words` are those that tell it, null where the passage does. How it was made: ANNOTATION.md.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.core.model import Article

ANNOTATION = Path(__file__).parent / "articles.jsonl.gz"
#: Of so many articles one only reports: nothing is chosen by it.
_REPORTED = 4

Span = tuple[int, int]
Time = str | tuple[str | None, str | None] | None


@dataclass(frozen=True)
class AnnotatedEvent:
    """One event of an article; `roles`, `source` name entities or other events by id."""

    id: str
    type: str
    status: str
    triggers: tuple[Span, ...]
    roles: Mapping[str, tuple[str, ...]]
    time: Time
    words: Span | None
    counts: tuple[tuple[str, int | None, int | None], ...]  # role, least, most
    source: str | None


@dataclass(frozen=True)
class AnnotatedArticle:
    """An article with its events, and where each entity is mentioned."""

    article: Article
    mentions: Mapping[str, tuple[Span, ...]]
    events: tuple[AnnotatedEvent, ...]

    def spans(self, filler: str) -> tuple[Span, ...]:
        """Where an entity is mentioned or an event told."""
        told = {event.id: event.triggers for event in self.events}
        return self.mentions.get(filler) or told.get(filler, ())


def articles(corpora: Path, part: str, annotation: Path = ANNOTATION) -> Iterator[AnnotatedArticle]:
    """The annotated articles of a part ("choose", "report" or "all"), in the annotation's order, with their texts."""
    with gzip.open(annotation, "rt", encoding="utf8") as lines:
        records = [json.loads(line) for line in lines]
    wanted = {r["id"] for r in records if part in ("all", part_of(r["id"]))}
    found = _texts(corpora, wanted)
    return (_annotated(r, found[r["id"]]) for r in records if r["id"] in wanted)


def part_of(article: str) -> str:
    """Whether an article is there to choose by or to report on, by the checksum of its id, for good."""
    return "report" if zlib.crc32(article.encode()) % _REPORTED == 0 else "choose"


def _texts(corpora: Path, wanted: set[str]) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for source in sorted({name.split(":")[1] for name in wanted}):
        with gzip.open(corpora / "news" / f"{source}.jsonl.gz", "rt", encoding="utf8") as lines:
            for record in map(json.loads, lines):
                name = f"news:{source}:{record['id']}"
                if name in wanted:
                    found[name] = Article(name, record["text"], record["published"])
    return found


def _annotated(record: dict[str, Any], article: Article) -> AnnotatedArticle:
    return AnnotatedArticle(
        article,
        {name: tuple(map(_span, spans)) for name, (_, _, spans) in record["entities"].items()},
        tuple(map(_event, record["events"])),
    )


def _event(record: dict[str, Any]) -> AnnotatedEvent:
    time = record["time"]
    return AnnotatedEvent(
        record["id"], record["type"], record["status"], tuple(map(_span, record["triggers"])),
        {role: tuple(fillers) for role, fillers in record["roles"].items()},
        (time[0], time[1]) if isinstance(time, list) else time,
        _span(record["words"]) if record["words"] else None,
        tuple((role, least, most) for role, least, most in record["counts"]),
        record["source"],
    )  # fmt: skip


def _span(ends: list[int]) -> Span:
    return ends[0], ends[1]
