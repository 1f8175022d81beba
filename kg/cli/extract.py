"""``kg extract``: what articles say, printed and not stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from kg.cli.inputs import (
    MAX_CHARS,
    LanguageOption,
    MaxCharsOption,
    PathsArgument,
    ProcessesOption,
    PublishedOption,
    PublisherOption,
    TitleOption,
    Undated,
    added,
    inputs,
)
from kg.cli.options import (
    BaseOption,
    CautiousOption,
    EagerOption,
    KeepCaseOption,
    ModelOption,
    OntologyOption,
    OutputOption,
    care_of,
)
from kg.cli.output import open_output, say
from kg.core.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.articles import SkippedInput
    from kg.core.model import Article, Extraction
    from kg.pipeline.prepared import Reader

EXAMPLES = (
    "kg extract seeds/in_amenas.txt",
    "kg extract seeds/in_amenas.txt --trace",
    "kg extract seeds/ --format jsonl --output seeds.jsonl",
    "echo 'Rebels attacked the town of Kirra on Monday.' | kg extract - --published 2024-05-08",
)

FORMATS = ("turtle", "jsonl", "ntriples")
FormatOption = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="|".join(FORMATS), help="How to write it; default: by --output's ending."),
]
TraceOption = Annotated[
    bool,
    typer.Option("--trace", help="Say sentence by sentence what was found, by which rule, what was dropped and why."),
]


def command(
    paths: PathsArgument,
    format_name: FormatOption = None,
    output: OutputOption = None,
    published: PublishedOption = None,
    publisher: PublisherOption = None,
    title: TitleOption = None,
    language: LanguageOption = None,
    processes: ProcessesOption = 1,
    max_chars: MaxCharsOption = MAX_CHARS,
    model: ModelOption = None,
    ontology: OntologyOption = None,
    base: BaseOption = None,
    trace: TraceOption = False,
    keep_case: KeepCaseOption = False,
    cautious: CautiousOption = False,
    eager: EagerOption = False,
) -> None:
    """Print what articles say, as Turtle or as JSON lines (one object for each article); nothing is stored."""
    from kg.articles import SkippedInput
    from kg.pipeline.load import extract
    from kg.pipeline.prepared import Reader, Settings
    from kg.store.engine import checked_base

    minted_under = checked_base(base)
    written_as = _format(format_name, output)
    settings = Settings(model or "default", added(ontology), keep_case=keep_case, care=care_of(cautious, eager))
    articles = inputs(paths, published, publisher, title, language, max_chars)
    reader = Reader(settings)
    read = skipped = 0
    undated = Undated()
    if trace:
        _trace(articles, reader, output)
        return
    with open_output(output) as file:
        for found in extract(articles, settings, processes=processes):
            if isinstance(found, SkippedInput):
                skipped += 1
                say(f"kg: skipped {found.where}: {found.reason}")
            else:
                read += 1
                if found.article.published is None:
                    undated.say(found.article.id)
                _write(found, written_as, reader, minted_under, file)
    undated.say_rest()
    if not read:
        raise KgError(f"nothing to extract in {' '.join(paths)}: give articles as files, folders or '-'")
    if skipped:
        raise typer.Exit(1)


def _format(name: str | None, output: Path | None) -> str:
    from kg.store.formats import ENDINGS

    ending = output.suffix.lower() if output else ""
    chosen = name or {"": "turtle", ".jsonl": "jsonl", **ENDINGS}.get(ending)
    if chosen is None:
        raise KgError(f"{output}: no format goes by {ending}: name one with --format ({', '.join(FORMATS)})")
    if chosen not in FORMATS:
        raise KgError(f"--format {chosen}: extract writes {', '.join(FORMATS)}")
    return chosen


def _write(extraction: Extraction, written_as: str, reader: Reader, base: str, file: BinaryIO) -> None:
    if written_as == "jsonl":
        from kg.graph.jsonview import to_record

        file.write(json.dumps(to_record(extraction, base), ensure_ascii=False).encode() + b"\n")
    else:
        from kg.graph.triples import to_graph, to_ntriples, to_turtle

        graph = to_graph(extraction, reader.ontology, reader.reading, base)
        file.write(to_turtle(graph, base) if written_as == "turtle" else to_ntriples(graph))
    file.flush()


def _trace(articles: Iterable[Article | SkippedInput], reader: Reader, output: Path | None) -> None:
    """Print the trace of each article; skipped inputs are named and make the exit status 1."""
    from kg.articles import SkippedInput

    skipped = 0
    with open_output(output) as file:
        for article in articles:
            if isinstance(article, SkippedInput):
                skipped += 1
                say(f"kg: skipped {article.where}: {article.reason}")
                continue
            for sentence in reader.trace(article):
                lines = [f"{article.id} {sentence.start}–{sentence.end}: {sentence.text}"]
                lines += [f"    {note.text}" for note in sentence.notes]
                file.write(("\n".join(lines) + "\n").encode())
    if skipped:
        raise typer.Exit(1)
