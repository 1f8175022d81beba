"""``kg load``: articles into the store."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
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
    ModelOption,
    OntologyOption,
    ShapesOption,
    StoreOption,
    WaitOption,
)
from kg.cli.output import say
from kg.core.errors import KgError
from kg.core.vocab import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.pipeline.load import Outcome

EXAMPLES = (
    "kg load seeds/",
    "kg load report.txt --published 2013-01-20 --publisher Reuters --store news",
    "curl -s https://paper.example/feed.rss | kg load - --base https://data.paper.example/",
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
    wait: WaitOption = 0,
    sync: Annotated[
        bool, typer.Option("--sync", help="Wait until each batch is on the disk: safe from a power cut too.")
    ] = False,
    undo_updates: Annotated[
        bool, typer.Option("--undo-updates", help="Also read articles anew that `kg update` has changed.")
    ] = False,
    forget_added: Annotated[
        bool, typer.Option("--forget-added", help="Do without the ontology and shapes files the store was read with.")
    ] = False,
) -> None:
    """Read articles and store what they say, one named graph for each.

    An article that has not changed is not read again; one that has replaces its graph. A text's date, title and
    publisher stand in header lines at its top (Date: 2013-01-20) or beside it in NAME.meta.json. A store remembers the
    files given with --ontology and --shapes, and says when they are missing. An article whose graph `kg update` has
    changed is left as it is, and told.
    """
    from kg.pipeline.load import load
    from kg.pipeline.prepared import Settings
    from kg.store.opening import open_store

    settings = Settings(model or "default", added(ontology), added(shapes))
    articles = inputs(paths, published, publisher, title, language, max_chars)
    done, replaced, undated = Counter[str](), "", Undated()
    with open_store(store, mode="write", base=base, wait=wait, sync=sync) as opened:
        first = opened.base == DEFAULT_BASE and base is None and not opened.graphs()
        outcomes = load(
            articles,
            opened,
            settings,
            refresh=refresh,
            processes=processes,
            forget_added=forget_added,
            undo_updates=undo_updates,
        )
        try:
            for outcome in _shown(outcomes, paths):
                done[outcome.kind] += 1
                done["events"] += outcome.events if outcome.kind == "stored" else 0
                done["replaced"] += outcome.replaced
                done["left"] += outcome.kind == "unchanged" and bool(outcome.reason)
                replaced = replaced or (outcome.where if outcome.replaced else "")
                _tell(outcome, undated)
        finally:
            opened.unmake()
    undated.say_rest()
    read = done["stored"] + done["unchanged"] + done["refused"]
    if first and done["stored"]:
        say(f"kg: IRIs are minted under {DEFAULT_BASE}, a reserved domain: give --base for data to publish")
    say(
        f"{done['stored']} stored ({done['events']} events), {done['unchanged']} unchanged, "
        f"{done['refused']} refused, {done['skipped']} skipped"
    )
    if replaced:
        say(
            f"kg: {done['replaced']} replaced other content stored under the same id (first: {replaced}): "
            "if they are other articles, give them ids of their own"
        )
    if not read:
        raise KgError(f"nothing to load in {' '.join(paths)}: give files or folders with {' '.join(KNOWN)}")
    if done["refused"] or done["skipped"] or done["left"]:
        raise typer.Exit(1)


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
