"""``kg links``: review the links between our entities and other datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption, WaitOption
from kg.cli.output import for_a_reader, open_output, print_rows, say
from kg.core.counted import counted
from kg.core.errors import KgError

if TYPE_CHECKING:
    from kg.core.iris import Shortener
    from kg.linking.match import Link, LinkStatus
    from kg.linking.review import Reviewed
    from kg.store.opening import Store

EXAMPLES = (
    "kg links",
    "kg links --status candidate --format csv",
    "kg links --accept wd:Q262",
    "kg links --undecide wd:Q262",
    "kg links --format sssom --output links.tsv",
    "kg links --import links.tsv",
    "kg links same person:maria-dolan person:m-dolan",
    "kg links split person:john-smith article:sports/monday",
    "kg links --events",
    "kg links --relate",
)

WordsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[same A B | split A B]",
        help="Say that two of ours, by IRI or name, are one; that two events are two, or that an article means another "
        "thing of that name (split ENTITY ARTICLE; unsplit takes that back).",
    ),
]
EventsOption = Annotated[bool, typer.Option("--events", help="The links of events and repeated articles instead.")]
RelateOption = Annotated[
    bool, typer.Option("--relate", help="Link the events of all articles anew, as `kg load` does at its end.")
]
StatusOption = Annotated[
    str | None, typer.Option("--status", metavar="candidate|accepted|rejected", help="Only links of this status.")
]
AcceptOption = Annotated[
    list[str] | None, typer.Option("--accept", metavar="IRI", help="Accept the link, or all links to this target.")
]
RejectOption = Annotated[
    list[str] | None, typer.Option("--reject", metavar="IRI", help="Reject the link, or all links to this target.")
]
UndecideOption = Annotated[
    list[str] | None,
    typer.Option("--undecide", metavar="IRI", help="Take back what was decided: the link is as it was proposed."),
]
BothOption = Annotated[
    bool, typer.Option("--both", help="Accept although another target, or another of ours, is accepted already.")
]
ImportOption = Annotated[
    Path | None,
    typer.Option("--import", metavar="FILE", help="Decide as an edited file in SSSOM's columns (CSV or TSV) says."),
]


def command(
    words: WordsArgument = None,
    status: StatusOption = None,
    accept: AcceptOption = None,
    reject: RejectOption = None,
    undecide: UndecideOption = None,
    both: BothOption = False,
    import_file: ImportOption = None,
    events: EventsOption = False,
    relate: RelateOption = False,
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """List the links with what both sides say, scores and reasons, or decide on some; decisions outlive every merge.

    A terminal, --format table and --format markdown show six columns; a pipe gets CSV with all of them.
    IRIs may be prefixed names as tables show them. --format sssom writes SSSOM: skos:exactMatch is an accepted link,
    with the modifier Not a rejected one, skos:closeMatch a candidate; edit these and give the file to --import.
    Links of events are decided on by their own IRI, which --events shows; all of them are then made anew.
    """
    from kg.store.opening import open_store

    if status not in (None, "candidate", "accepted", "rejected"):
        raise KgError(f"--status {status}: one of candidate, accepted, rejected")
    if words or accept or reject or undecide or import_file or relate:
        open_store(store, mode="read").close()  # a missing store is not made by deciding
        with open_store(store, mode="write", wait=wait) as opened:
            _decide(opened, words or [], accept or [], reject or [], undecide or [], import_file, both=both)
            if relate:
                _relate(opened)
        return
    with open_store(store, mode="read") as opened:
        _print(opened, status, format_name, output, events=events)


def _relate(store: Store) -> None:
    from kg.pipeline.stories.links import relate

    done = relate(store, anew=True)
    say(
        f"{counted(done.happenings, 'happening')} told by several articles; links of events: {done.accepted} accepted, "
        f"{counted(done.candidates, 'candidate')}; {counted(done.copies, 'article')} repeating another"
    )


def _decide(
    store: Store,
    words: list[str],
    accept: list[str],
    reject: list[str],
    undecide: list[str],
    import_file: Path | None,
    *,
    both: bool,
) -> None:
    from kg.core.iris import Shortener
    from kg.linking.links import decide
    from kg.linking.links import undecide as take_back
    from kg.pipeline.stories.links import decide_events, story_graph
    from kg.query.prepare import known_prefixes

    def iris(chosen: list[str]) -> list[str]:
        return [_iri(store, one) for one in chosen]

    said = _say(store, words) if words else None
    done = [said] if said else []
    for chosen, status in ((iris(reject), "rejected"), (iris(undecide), None), (iris(accept), "accepted")):
        before = len(done)
        of_events = [one for one in chosen if one.startswith(f"{story_graph(store)}#")]
        of_entities = [one for one in chosen if one not in of_events]
        if of_events:
            done += decide_events(store, of_events, cast("LinkStatus | None", status))
        if of_entities:
            decided = cast("LinkStatus", status)
            done += decide(store, of_entities, decided, both=both) if status else take_back(store, of_entities)
        if chosen and len(done) == before:
            raise KgError(f"no link of {', '.join(chosen)}: `kg links` and `kg links --events` show those that are")
    if import_file:
        done += _import(store, import_file, both=both)
    shortener = Shortener(known_prefixes(store.base))
    for link in done:
        say(f"{link.status}: {shortener.iri(link.subject)} and {shortener.iri(link.target)}")


def _say(store: Store, words: list[str]) -> Link | None:
    """What a person says of two of ours: that they are one, or two; of an article, that it means another thing."""
    from kg.linking.links import say_same
    from kg.linking.splits import split, unsplit
    from kg.pipeline.stories.links import are_events, say_one_happening

    if len(words) != 3 or words[0] not in ("same", "split", "unsplit"):
        raise KgError(f"links {' '.join(words)}: it takes `same A B`, `split A B`, `unsplit A ARTICLE`, or no words")
    one, other = _entity(store, words[1]), _entity(store, words[2])
    if words[0] != "unsplit" and are_events(store, one, other):
        return say_one_happening(store, one, other, "accepted" if words[0] == "same" else "rejected")
    if words[0] == "same":
        return say_same(store, one, other)
    if words[0] == "split":
        say(f"split off: {split(store, one, other)}")
    else:
        unsplit(store, one, other)
        say(f"one again: {one}")
    return None


def _iri(store: Store, text: str) -> str:
    """An IRI, with or without brackets, or a prefixed name; anything else stays, and will be no link's."""
    from kg.query.prepare import known_prefixes
    from kg.query.things import term_of
    from kg.store.opening import NamedNode

    term = term_of(text, known_prefixes(store.base))
    return term.value if isinstance(term, NamedNode) else text


def _entity(store: Store, text: str) -> str:
    """One entity of ours by IRI, prefixed name or name; KgError where the name is nobody's or several things'."""
    from kg.query.prepare import known_prefixes
    from kg.query.things import term_of, things_named
    from kg.store.opening import NamedNode

    term = term_of(text, known_prefixes(store.base))
    if isinstance(term, NamedNode):
        return term.value
    found = [thing.value for thing in things_named(store, text) if thing.value.startswith(store.base)]
    if len(found) != 1:
        what = f"{len(found)} things are named" if found else "nothing of ours is named"
        raise KgError(f"{what} {text!r}: give an IRI, as `kg explain {text!r}` shows it")
    return found[0]


def _import(store: Store, path: Path, *, both: bool) -> list[Link]:
    from kg.linking.links import settle
    from kg.linking.review import read_sssom
    from kg.pipeline.stories.links import are_events, settle_events

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(f"{path}: cannot be read as text ({error})") from error
    rows = list(read_sssom(text, str(path), lambda name: _iri(store, name)))
    of_events = [row for row in rows if "#" in row[0] and are_events(store, row[0], row[1])]
    done = settle(store, [row for row in rows if row not in of_events], both=both)
    return [*done, *settle_events(store, of_events)] if of_events else done


def _print(store: Store, status: str | None, format_name: str | None, output: Path | None, *, events: bool) -> None:
    from kg.core.iris import Shortener
    from kg.linking.links import links_graph, read_links
    from kg.linking.review import SSSOM, review, sssom_head, sssom_rows
    from kg.pipeline.stories.links import story_links
    from kg.query.prepare import known_prefixes

    prefixes = known_prefixes(store.base)
    shortener = Shortener(prefixes)
    known = story_links(store) if events else read_links(store)
    links = {iri: link for iri, link in known.items() if status in (None, link.status)}
    reviewed = review(store, links)
    if format_name == "sssom":
        rows = list(sssom_rows(reviewed, lambda iri: shortener.short(iri) or iri))
        as_csv = output is not None and output.suffix == ".csv"
        if not as_csv:
            with open_output(output) as file:
                file.write(sssom_head(prefixes, links_graph(store)).encode())
                file.writelines("\t".join(" ".join(c.split()) for c in row).encode() + b"\n" for row in [SSSOM, *rows])
            return
        print_rows(SSSOM, rows, format_name="csv", output=output)
    elif for_a_reader(format_name, output):
        columns = ("status", "score", "ours", "theirs", "reasons", "sentence")
        print_rows(columns, [_line(one, shortener) for one in reviewed], format_name=format_name, output=output)
    else:
        print_rows(_COLUMNS, [_row(one) for one in reviewed], format_name=format_name, output=output)


_COLUMNS = (
    "subject target status score reasons link decided dataset subject_label subject_types subject_places sentence "
    "target_label target_types target_places target_description target_sentence"
).split()


def _row(one: Reviewed) -> tuple[object, ...]:
    link, ours, theirs = one.link, one.ours, one.theirs
    return (
        link.subject,
        link.target,
        link.status,
        float(link.score),
        "; ".join(one.reasons),
        one.iri,
        one.decided,
        link.dataset or None,
        ours.label,
        ", ".join(ours.types),
        ", ".join(ours.places),
        ours.sentence,
        theirs.label,
        ", ".join(theirs.types),
        ", ".join(theirs.places),
        theirs.description,
        theirs.sentence,
    )


def _line(one: Reviewed, shortener: Shortener) -> tuple[object, ...]:
    def side(iri: str, *parts: str) -> str:
        return " · ".join(part for part in (shortener.short(iri) or iri, *parts) if part)

    link, ours, theirs = one.link, one.ours, one.theirs
    return (
        f"{link.status}, decided" if one.decided else link.status,
        link.score,
        side(link.subject, ours.label, ", ".join(ours.types), ", ".join(ours.places)),
        side(link.target, theirs.label, ", ".join(theirs.types), ", ".join(theirs.places), theirs.description[:200]),
        "; ".join(one.reasons),
        " / ".join(part[:300] for part in (ours.sentence, theirs.sentence) if part),
    )
