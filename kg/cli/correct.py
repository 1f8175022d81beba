"""``kg correct``: say what was read wrongly; it lasts over every later reading, and can be taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import (
    DEFAULT_STORE,
    FormatOption,
    ModelOption,
    OntologyOption,
    OutputOption,
    ShapesOption,
    StoreOption,
    WaitOption,
)
from kg.cli.output import open_output, print_rows, say
from kg.core.errors import KgError

if TYPE_CHECKING:
    from kg.pipeline.correcting import Said, Standing
    from kg.pipeline.prepared import Reader
    from kg.store.opening import Store

EXAMPLES = (
    "kg correct article:harbour#attack-24 --type Bombing --by 'Ana Ruelo' --why 'it was a bomb'",
    "kg correct article:harbour#arrest-95 --status negated --by 'Ana Ruelo' --why 'the police deny it'",
    "kg correct article:harbour#arrest-95 --not-role agent=men --role agent=Police --by 'Ana Ruelo' --why 'swapped'",
    "kg correct article:harbour --missed Meeting --at 'talks' --by 'Ana Ruelo' --why 'they met'",
    "kg correct --list",
    "kg correct --undo 1-harbour-24-type",
    "kg correct --export --output corrections.jsonl",
)


def command(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[EVENT|ARTICLE]", help="The event, by IRI; with --missed its article, by id or IRI."),
    ] = None,
    kind: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="It is an event of this type.")] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help="asserted, negated, possible or planned.")
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", metavar="DATES", help="2024-05-06, 2024-05, two joined by '..', or none.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="WORDS", help="Who says so, in the text's words; or 'article'.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE=WORDS", help="Who or what fills a role; repeatable.")
    ] = None,
    not_role: Annotated[
        list[str] | None, typer.Option("--not-role", metavar="ROLE=WORDS", help="Who or what does not; repeatable.")
    ] = None,
    no_event: Annotated[bool, typer.Option("--not-an-event", help="No event is told of there.")] = False,
    same: Annotated[
        str | None, typer.Option("--same", metavar="EVENT", help="It is one with another event of the article.")
    ] = None,
    missed: Annotated[
        str | None, typer.Option("--missed", metavar="TYPE", help="An event of this type was not seen: --at its words.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="WORDS", help="Words of the text, or BEGIN,END.")] = None,
    by: Annotated[str | None, typer.Option("--by", envvar="KG_BY", metavar="NAME", help="Who says so.")] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="WORDS", help="Why.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the corrections, with how they stand.")] = False,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="List only those that do not hold in what was read since.")
    ] = False,
    undo: Annotated[list[str] | None, typer.Option("--undo", metavar="ID", help="Take a correction back.")] = None,
    export: Annotated[
        bool, typer.Option("--export", help="Write them as training data: JSON lines, by position, without the text.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    model: ModelOption = None,
    ontology: OntologyOption = None,
    shapes: ShapesOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """Correct what was read of an event; the article is read again with it, now and at every later load.

    A correction stands in a graph of its own, with who and why; it names its event by article, words and type, and
    holds for any model. What a later reading has no place for is told when loading, and by --conflicts. `kg explain`
    shows the corrections of an event.
    """
    from kg.pipeline.prepared import Reader, Settings
    from kg.store.opening import open_store

    reader = Reader(Settings(model or "default", added(ontology), added(shapes)))
    if listing or conflicts or export:
        with open_store(store, mode="read") as opened:
            _show(opened, reader, format_name, output, conflicts=conflicts, export=export)
        return
    if undo:
        with _opened(store, wait) as opened:
            _undo(opened, undo, reader)
        return
    by, why = (" ".join(words.split()) if words else words for words in (by, why))
    if what is None or not by or not why:
        missing = [name for name, given in (("EVENT", what), ("--by", by), ("--why", why)) if not given]
        raise KgError(
            f"correct lacks {' and '.join(missing)}: who says what of which event, and why (--list shows what was said)"
        )
    said = _said(kind, status, time, source, role or [], not_role or [], same, no_event=no_event)
    if (missed is None) == (not said):
        raise KgError("say what is otherwise: one or more of --type, --status, --time … , or --missed --at")
    if missed is not None and at is None:
        raise KgError("--missed takes --at: the words that tell of the event")
    with _opened(store, wait) as opened:
        _correct(opened, what, said, missed, at or "", by, why, reader)


def _opened(store: str, wait: float) -> Store:
    """The store for writing; one that is missing is not made by correcting."""
    from kg.store.opening import open_store

    open_store(store, mode="read").close()
    return open_store(store, mode="write", wait=wait)


def _said(
    kind: str | None,
    status: str | None,
    time: str | None,
    source: str | None,
    role: list[str],
    not_role: list[str],
    same: str | None,
    *,
    no_event: bool,
) -> list[Said]:
    """What the flags say, in the order in which it is applied: the type last, since the others go by the old one."""
    from kg.pipeline.correcting import Said

    def parted(words: str) -> tuple[str, str]:
        name, joint, filler = words.partition("=")
        if not joint or not filler:
            raise KgError(f"{words!r} is no ROLE=WORDS, such as agent=police")
        return name, filler

    said = [Said("fills-not", name, words) for name, words in map(parted, not_role)]
    said += [Said("fills", name, words) for name, words in map(parted, role)]
    said += [Said("status", status)] if status else []
    said += [Said("time", time)] if time else []
    said += [Said("source", "", None if source == "article" else source)] if source else []
    said += [Said("same", "", same)] if same else []
    said += [Said("is-none")] if no_event else []
    return said + ([Said("type", kind)] if kind else [])


def _correct(
    store: Store, what: str, said: list[Said], missed: str | None, at: str, by: str, why: str, reader: Reader
) -> None:
    from dataclasses import replace

    from kg.core.iris import local_name
    from kg.pipeline.correcting import correct
    from kg.pipeline.correcting import missed as add_missed
    from kg.query.update import article_graph

    if missed is not None:
        found = [add_missed(store, article_graph(store, _iri(store, what)), missed, at, by, why, reader)]
    else:
        event = _event(store, what)
        told = [replace(one, words=_event(store, one.words or "")) if one.change == "same" else one for one in said]
        found = correct(store, event, told, by, why, reader)
    _relate(store)
    for iri, one in found:
        say(f"{local_name(iri)}: “{one.place.words}”: {one.says}")


def _relate(store: Store) -> None:
    """Link events of several articles again, where that was done: links name them, and names go by types."""
    from kg.pipeline.stories.links import relate, story_graph

    if not store.remote and store.graph_bytes(story_graph(store)):
        relate(store)


def _iri(store: Store, text: str) -> str:
    from kg.query.prepare import known_prefixes
    from kg.query.things import term_of
    from kg.store.opening import NamedNode

    term = term_of(text, known_prefixes(store.base))
    return term.value if isinstance(term, NamedNode) else text


def _event(store: Store, text: str) -> str:
    iri = _iri(store, text)
    if ":" not in iri or "#" not in iri:
        raise KgError(f"{text} is no event: give its IRI, such as article:harbour#attack-24")
    return iri


def _undo(store: Store, chosen: list[str], reader: Reader) -> None:
    from kg.linking.splits import as_split
    from kg.pipeline.correcting import facts_of, reread
    from kg.query.corrections import read_corrections, remove_corrections

    for one in remove_corrections(store, chosen):
        say(f"taken back: “{one.place.words}”: {one.says}")
        if store.changed_by_hand([one.article]):
            say(
                f"kg: left <{one.article}> as it is: `kg update` changed its graph since it was read; "
                "`kg load --undo-updates` reads it again"
            )
        elif store.graph_bytes(one.article):
            left = list(read_corrections(store, [one.article]).values())
            prepared = reread(store, facts_of(store, one.article, reader), left, reader)
            if prepared.report.acceptable:
                store.replace_many(as_split({prepared.graph: prepared.ntriples}, store))
    _relate(store)


def _show(
    store: Store, reader: Reader, format_name: str | None, output: object, *, conflicts: bool, export: bool
) -> None:
    from pathlib import Path

    from kg.pipeline.correcting import as_training, standings
    from kg.query.corrections import read_corrections

    path = output if isinstance(output, Path) else None
    if export:
        with open_output(path) as file:
            for one in read_corrections(store).values():
                file.write(json.dumps(as_training(one), ensure_ascii=False).encode() + b"\n")
        return
    rows = [_row(one) for one in standings(store, reader) if not (conflicts and one.holds)]
    columns = ("id", "article", "words", "read as", "correction", "state", "reason", "by", "why")
    print_rows(columns, rows, format_name=format_name, output=path)
    if conflicts and rows:
        raise typer.Exit(1)


def _row(standing: Standing) -> tuple[str, ...]:
    from kg.core.iris import local_name

    one = standing.correction
    state = "holds" if standing.holds else "conflict"
    where = (local_name(standing.iri), local_name(one.article), one.place.words, one.type)
    return (*where, one.says, state, standing.reason, one.by, one.why)
