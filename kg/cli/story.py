"""``kg story``: happenings that several articles tell of, as one story each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption
from kg.cli.output import open_output, print_rows, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.pipeline.stories.story import Happening, Story

EXAMPLES = (
    "kg story",
    "kg story Nairobi --store news",
    "kg story --format json --output stories.json",
)


def command(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Only stories with these words or this IRI.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Tell what several articles report as one: reports, tolls over time, what they agree on and what they contradict.

    Events are linked when articles are loaded; `kg links --events` shows the links, and takes decisions on them.
    --format json has everything, table and csv one row a story. Exit status 1 where no story is found.
    """
    from kg.core.errors import KgError
    from kg.pipeline.stories.story import read_stories
    from kg.store.opening import open_store

    if format_name not in (None, "text", "json", "table", "csv"):
        raise KgError(f"--format {format_name}: one of text, json, table, csv")
    with open_store(store, mode="read") as opened:
        found = [story for story in read_stories(opened) if _has(story, words or [])]
    if format_name == "json":
        _print_json(found, output)
    elif format_name in ("table", "csv"):
        rows = [(len(s.reports), s.days, ", ".join(s.places), s.label, s.happenings[0].events[0]) for s in found]
        print_rows(("reports", "day", "places", "what", "event"), rows, format_name=format_name, output=output)
    elif found:
        with open_output(output) as file:
            file.write("\n\n".join("\n".join(_told(story)) for story in found).encode() + b"\n")
    if not found:
        say("no story that two reports or more tell" + (f" with {' '.join(words)}" if words else ""))
        raise typer.Exit(1)


def _has(story: Story, words: list[str]) -> bool:
    events = {iri for happening in story.happenings for iri in happening.events}
    texts = [story.label, *story.places, *(report.title for report in story.reports)]
    texts += [happening.label for happening in story.happenings]
    whole = " ".join(texts).casefold()
    return all(word.strip("<>") in events or word.casefold() in whole for word in words)


def _print_json(found: list[Story], output: Path | None) -> None:
    import json
    from dataclasses import asdict

    with open_output(output) as file:
        file.write(json.dumps([asdict(story) for story in found], ensure_ascii=False, indent=1).encode() + b"\n")


def _told(story: Story) -> Iterator[str]:
    yield " · ".join(part for part in (story.label, story.days) if part)
    yield f"  {len(story.reports)} reports"
    for report in story.reports:
        again = f" (repeated in {len(report.repeated_in)} more)" if report.repeated_in else ""
        yield f"    {report.published or 'undated'}  {report.publisher or report.article}: {report.title}{again}"
    for happening in story.happenings:
        yield f"  {happening.label}: {_number(happening.reports, 'report')}, {_number(len(happening.events), 'time')}"
        yield from _figures(happening)
        for what, value, number in happening.agreed:
            yield f"    agreed by {number}: {what} {value}"
    for one in story.contradicted:
        yield (
            f"  {'changed' if one.verdict == 'update' else 'contradicted'}: {one.one} ({one.by}, {one.published})"
            f" / {one.other} ({one.other_by}, {one.other_published})"
        )


def _figures(happening: Happening) -> Iterator[str]:
    for toll in happening.tolls:
        by = ", ".join(dict.fromkeys([*toll.by, *filter(None, [toll.publisher])]))
        yield f"    {toll.published or 'undated'}  {toll.figure} ({by})"


def _number(many: int, what: str) -> str:
    return f"{many} {what}" if many == 1 else f"{many} {what}s"
