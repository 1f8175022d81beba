"""What ``load`` and ``extract`` share: the arguments that name articles, and how skipped inputs are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg.articles import KNOWN, MAX_CHARS, SkippedInput, count_articles, read_articles
from kg.cli.output import say
from kg.core.errors import KgError
from kg.core.model import Article

PathsArgument = Annotated[
    list[str], typer.Argument(metavar="FILE|FOLDER|-", help="Text, Markdown, HTML, RSS, Atom, JSON lines; '-': stdin.")
]
PublishedOption = Annotated[
    str | None,
    typer.Option("--published", metavar="DATE", help="Publication date of articles that carry none (YYYY-MM-DD)."),
]
PublisherOption = Annotated[
    str | None, typer.Option("--publisher", metavar="NAME", help="Publisher of articles that carry none.")
]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="WORDS", help="Title of articles that carry none.")]
LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language", metavar="CODE", help="Their language, whatever they declare or look like (en: read all)."
    ),
]
MaxCharsOption = Annotated[
    int, typer.Option("--max-chars", metavar="N", min=1, help="Skip texts that are longer, in characters.")
]
"""Use with the default ``MAX_CHARS``."""
ProcessesOption = Annotated[
    int, typer.Option("--processes", "-j", metavar="N", min=1, help="Processes that read articles; same result.")
]

_TOLD = 10  # articles without a date that are named one by one

__all__ = ["KNOWN", "MAX_CHARS", "count_articles"]


def inputs(
    paths: list[str],
    published: str | None,
    publisher: str | None,
    title: str | None,
    language: str | None,
    max_chars: int,
) -> Iterator[Article | SkippedInput]:
    """The articles that the arguments name."""
    return read_articles(
        paths, published=published, publisher=publisher, title=title, language=language, max_chars=max_chars
    )


def added(paths: list[Path] | None) -> tuple[Path, ...]:
    """The files and folders of a repeatable option; KgError for one that is not there."""
    for path in paths or ():
        if not path.exists():
            raise KgError(f"{path}: no such file or folder")
    return tuple(paths or ())


class Undated:
    """Says which articles have no publication date: the first ones by name, the rest by their number."""

    def __init__(self) -> None:
        self._number = 0

    def say(self, where: str) -> None:
        """Say it of one article."""
        self._number += 1
        if self._number <= _TOLD:
            say(f"kg: {where} has no publication date, so 'yesterday' stays open: give --published or a Date: line")

    def say_rest(self) -> None:
        """Say how many more there were, at the end."""
        if self._number > _TOLD:
            say(f"kg: {self._number - _TOLD} more have no publication date")
