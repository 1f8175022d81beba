"""``kg load``: articles into the store."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.inputs import (
    KNOWN,
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
    count_articles,
    inputs,
)
from kg.cli.options import (
    DEFAULT_STORE,
    BaseOption,
    CautiousOption,
    EagerOption,
    KeepCaseOption,
    ModelOption,
    OntologyOption,
    ShapesOption,
    StoreOption,
    WaitOption,
    care_of,
)
from kg.cli.output import say
from kg.cli.places import in_words
from kg.core.counted import counted
from kg.core.errors import KgError
from kg.core.vocab import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.articles import SkippedInput
    from kg.core.model import Article
    from kg.pipeline.load import Outcome
    from kg.pipeline.prepared import Settings
    from kg.pipeline.shards import Told
    from kg.store.opening import Store

EXAMPLES = (
    "kg load seeds/",
    "kg load report.txt --published 2013-01-20 --publisher Reuters --store news",
    "curl -s https://paper.example/feed.rss | kg load - --base https://data.paper.example/",
    "kg load archive/ --shards shards --processes 8",
    "kg load archive/ --shards /shared/shards --dask tcp://scheduler:8786",
    "kg load --watch inbox/ https://paper.example/feed.rss --every 600 --store news",
)

RefreshOption = Annotated[bool, typer.Option("--refresh", help="Read articles again that have not changed.")]


def command(
    paths: PathsArgument,
    store: StoreOption = DEFAULT_STORE,
    published: PublishedOption = None,
    publisher: PublisherOption = None,
    title: TitleOption = None,
    language: LanguageOption = None,
    refresh: RefreshOption = False,
    processes: ProcessesOption = 1,
    max_chars: MaxCharsOption = MAX_CHARS,
    model: ModelOption = None,
    ontology: OntologyOption = None,
    shapes: ShapesOption = None,
    base: BaseOption = None,
    keep_case: KeepCaseOption = False,
    cautious: CautiousOption = False,
    eager: EagerOption = False,
    wait: WaitOption = 0,
    sync: Annotated[
        bool, typer.Option("--sync", help="Wait until each batch is on the disk: safe from a power cut too.")
    ] = False,
    undo_updates: Annotated[
        bool, typer.Option("--undo-updates", help="Also read articles anew that `kg update` has changed.")
    ] = False,
    no_stories: Annotated[
        bool, typer.Option("--no-stories", help="Do not link events of several articles (`kg links --relate` does).")
    ] = False,
    forget_added: Annotated[
        bool, typer.Option("--forget-added", help="Do without the ontology and shapes files the store was read with.")
    ] = False,
    shards: Annotated[
        str | None,
        typer.Option("--shards", metavar="FOLDER", help="Write compressed N-Quads there for `kg bulk`, and no store."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS|local", help="With --shards: read on the workers of a Dask scheduler."),
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", metavar="gz|zst", help="With --shards: how files are packed (gz at first).")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: look at folders and addresses of feeds again and again.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=1, help="With --watch: between two looks at a source.")
    ] = 900,
    rounds: Annotated[
        int | None, typer.Option("--rounds", metavar="N", min=1, help="With --watch: end after so many rounds.")
    ] = None,
    pages: Annotated[
        bool, typer.Option("--pages", help="With --watch: fetch the page of each entry, where robots.txt allows it.")
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="With --watch: what was taken; default: STORE.watch, beside it."),
    ] = None,
    no_places: Annotated[
        bool, typer.Option("--no-places", help="Link no places to GeoNames, though there is an index (`kg places`).")
    ] = False,
) -> None:
    """Read articles and store what they say, one named graph for each.

    An article that has not changed is not read again; one that has replaces its graph. A text's date, title and
    publisher stand in header lines at its top (Date: 2013-01-20) or beside it in NAME.meta.json. A store remembers the
    files given with --ontology and --shapes, and says when they are missing. An article whose graph `kg update` has
    changed is left as it is, and told. Where there is an index of places (`kg places --build`), places are linked to
    GeoNames. At the end events that several articles tell of are linked (see `kg story`); in a store behind an endpoint
    `kg links --relate` does that when asked.

    With --shards, graphs go into a folder (or an address that fsspec reaches) in files of some hundred articles, each
    with a manifest; what a manifest has is not read again. `kg bulk` puts them into a store.

    With --watch, folders and feeds (http addresses) are followed: each new or changed file and each new entry is taken
    once, over restarts too; all of them again where the store is gone or another by now. Servers are asked politely:
    only what changed, what robots.txt allows, later where they say so or fail. With --rounds the status is 1 where
    something was skipped or refused, as it is without --watch.
    """
    from kg.pipeline.prepared import Settings

    settings = Settings(model or "default", added(ontology), added(shapes), keep_case, care_of(cautious, eager))
    how = _How(
        store, base, wait, sync, settings, refresh, processes, forget_added, undo_updates, not no_places, not no_stories
    )
    if watch:
        from kg.cli.watching import Watching, follow, state_of

        watching = Watching(tuple(paths), every, pages, published, publisher, title, language, max_chars)

        def load(new: Iterable[Article | SkippedInput]) -> tuple[str, bool]:
            done = _stored(new, how, [])
            return _summary(done), not _is_partial(done)

        follow(watching, state_of(store, state), store, load, rounds)
        return
    if dask is not None and shards is None:
        raise KgError("--dask writes shards, which all workers reach: name a folder with --shards")
    if shards is not None:
        if pack not in (None, "gz", "zst"):
            raise KgError(f"--pack {pack}: one of gz, zst")
        packing = None if pack is None else f".{pack}"
        _shards(inputs(paths, published, publisher, title, language, max_chars), shards, how, paths, dask, packing)
        return
    done = _stored(inputs(paths, published, publisher, title, language, max_chars), how, paths)
    say(_summary(done))
    if not done["stored"] + done["unchanged"] + done["refused"]:
        raise KgError(f"nothing to load in {' '.join(paths)}: give files or folders with {' '.join(KNOWN)}")
    if _is_partial(done):
        raise typer.Exit(1)


def _is_partial(done: Counter[str]) -> bool:
    """Whether something that was given is not in the store as it was given."""
    return bool(done["refused"] or done["skipped"] or done["left"])


def _shards(
    articles: Iterable[Article | SkippedInput],
    folder: str,
    how: _How,
    paths: list[str],
    dask: str | None,
    packing: str | None,
) -> None:
    """Read articles into shards, here or on Dask's workers, and tell what became of them."""
    from kg.pipeline.shards import Folder, load_shards

    base = how.base or Folder(folder).base() or DEFAULT_BASE
    if dask is None:
        told = load_shards(articles, Folder(folder), how.settings, base, processes=how.processes, packing=packing)
        done = _told(told, paths)
    else:
        from kg.pipeline.spread import cluster, load_spread

        with cluster(dask, how.processes) as client:
            say(f"kg: Dask's dashboard: {client.dashboard_link}")
            done = _told(load_spread(articles, Folder(folder), how.settings, base, client, packing=packing), paths)
    say(_summary(done))
    if not done.total():
        raise KgError(f"nothing to load in {' '.join(paths)}: give files or folders with {' '.join(KNOWN)}")
    if done["skipped"]:
        raise typer.Exit(1)


def _told(shards: Iterable[Told], paths: list[str]) -> Counter[str]:
    """Count what became of articles, and tell what was left out; on a terminal how far it is."""
    terminal, done = sys.stderr.isatty(), Counter[str]()
    total = count_articles(paths) if terminal else None
    for told in shards:
        done.update(stored=told.stored, events=told.events, unchanged=told.unchanged, skipped=len(told.left))
        for where, why in told.left:
            say(f"kg: left out {where}: {why}")
        if terminal:
            number = done["stored"] + done["unchanged"] + done["skipped"]
            sys.stderr.write(f"\r\033[K{number:,}{f' of {total:,}' if total else ''} articles")
            sys.stderr.flush()
    if terminal:
        sys.stderr.write("\r\033[K")
    return done


@dataclass(frozen=True, slots=True)
class _How:
    """How articles are stored: what the flags say of the store and of the reading."""

    store: str
    base: str | None
    wait: float
    sync: bool
    settings: Settings
    refresh: bool
    processes: int
    forget_added: bool
    undo_updates: bool
    places: bool  # whether they are linked
    stories: bool


def _stored(articles: Iterable[Article | SkippedInput], how: _How, paths: list[str]) -> Counter[str]:
    """Read articles into the store, tell of each what a person should know, and count what became of them."""
    from kg.linking.gazetteer import link_loaded
    from kg.pipeline.load import load
    from kg.store.opening import open_store

    read: dict[str, list[str]] = {"stored": [], "unchanged": []}
    done, replaced, undated = Counter[str](), "", Undated()
    with open_store(how.store, mode="write", base=how.base, wait=how.wait, sync=how.sync) as opened:
        first = opened.base == DEFAULT_BASE and how.base is None and not opened.graphs()
        try:
            outcomes = load(
                articles,
                opened,
                how.settings,
                refresh=how.refresh,
                processes=how.processes,
                forget_added=how.forget_added,
                undo_updates=how.undo_updates,
            )
            for outcome in _shown(outcomes, paths):
                read.get(outcome.kind, []).append(outcome.where)
                done[outcome.kind] += 1
                done["events"] += outcome.events if outcome.kind == "stored" else 0
                done["replaced"] += outcome.replaced
                done["left"] += outcome.kind == "unchanged" and bool(outcome.reason)
                replaced = replaced or (outcome.where if outcome.replaced else "")
                _tell(outcome, undated)
            linked = link_loaded(opened, read["stored"], read["unchanged"]) if how.places else None
            if done["stored"] and how.stories and not opened.remote:
                _relate(opened)
        finally:
            opened.unmake()
    undated.say_rest()
    if linked:
        say(in_words(linked.links.get("accepted", 0), linked.links.get("candidate", 0), linked.articles))
    if first and done["stored"]:
        say(f"kg: IRIs are minted under {DEFAULT_BASE}, a reserved domain: give --base for data to publish")
    if replaced:
        say(
            f"kg: {done['replaced']} replaced other content stored under the same id (first: {replaced}): "
            "if they are other articles, give them ids of their own"
        )
    return done


def _summary(done: Counter[str]) -> str:
    return (
        f"{done['stored']} stored ({counted(done['events'], 'event')}), {done['unchanged']} unchanged, "
        f"{done['refused']} refused, {done['skipped']} skipped"
    )


def _relate(store: Store) -> None:
    """Link the events that are one happening, and tell a person where there are any."""
    from kg.pipeline.stories.links import relate

    done = relate(store)
    if done.happenings:
        are = "happening is" if done.happenings == 1 else "happenings are"
        say(f"{done.happenings:,} {are} told by several articles: `kg story` shows them")
    if done.copies:
        repeats = "article repeats" if done.copies == 1 else "articles repeat"
        say(f"{done.copies:,} {repeats} another one, and counts as one report with it")


def _tell(outcome: Outcome, undated: Undated) -> None:
    """What a person should know of one input: nothing where all went well."""
    if outcome.kind == "unchanged" and outcome.reason:
        say(f"kg: left {outcome.where} as it is: {outcome.reason}")
    elif outcome.kind == "skipped":
        say(f"kg: skipped {outcome.where}: {outcome.reason}")
    elif outcome.kind == "refused" and outcome.report is not None:
        broken = sum(result.severity == "Violation" for result in outcome.report.violations)
        times = "one violation" if broken == 1 else f"{broken} violations"
        say(f"kg: refused {outcome.where}: its graph has {times} of the shapes; what was stored before stays")
    if outcome.report is not None:
        for result in outcome.report.violations:
            what = "" if result.severity == "Violation" else f"{result.severity.lower()}: "
            say(f"  {outcome.where}: {what}{result.focus}: {result.message}")
    for unfit in outcome.unfit:
        one = unfit.correction
        said = f"“{one.place.words}”: {one.says}"
        say(f"kg: {outcome.where}: a correction by {one.by} ({said}) has no place in this reading: {unfit.reason}")
    if outcome.kind not in ("skipped", "refused") and not outcome.dated:
        undated.say(outcome.where)


def _shown(outcomes: Iterable[Outcome], paths: list[str]) -> Iterator[Outcome]:
    """The outcomes, counted on a terminal while they come, against all that the arguments hold where that is known."""
    terminal = sys.stderr.isatty()
    total = count_articles(paths) if terminal else None
    for number, outcome in enumerate(outcomes, start=1):
        if terminal:
            sys.stderr.write("\r\033[K")
        yield outcome
        if terminal:
            known = f" of {total:,}" if total is not None and number <= total else ""
            sys.stderr.write(f"\r{number:,}{known} articles")
            sys.stderr.flush()
    if terminal:
        sys.stderr.write("\r\033[K")
