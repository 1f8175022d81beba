"""kg stats: how much is in the store, and of what."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, BaseOption, FormatOption, OutputOption, StoreOption
from kg.cli.output import print_rows, say

EXAMPLES = (
    "kg stats",
    "kg stats --check",
    "kg stats --format markdown --output figures.md",
    "kg stats --plot events.svg",
)


def command(
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot", metavar="FILE", help="Also draw events by type and month (.svg, .png, .pdf; extra `plot`)."
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also all classes, properties, months and event types.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Read every file of the store instead, and tell which are damaged.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend a damaged store from what is whole in it; nothing is deleted.")
    ] = False,
    base: BaseOption = None,
) -> None:
    """Count what the store holds: articles, events by type and factuality, versions; with --all everything.

    Exit status 1: --check found damage.
    """
    from kg.query.stats import draw_figures, in_short, read_figures
    from kg.store.opening import open_store

    if check or repair:
        _check(store, base, mend=repair)
        return
    with open_store(store, mode="read") as opened:
        figures = read_figures(opened)
    if plot is not None:
        draw_figures(figures, plot)
        say(f"drew {plot}")
    figures = figures if every else in_short(figures)
    rows = [(figure.section, figure.item, figure.number) for figure in figures]
    print_rows(("section", "item", "number"), rows, format_name=format_name, output=output)


def _check(store: str, base: str | None, *, mend: bool) -> None:
    """Say what is wrong with a store and, where asked, mend it; exit status 1 where something stays wrong."""
    from kg.store.repair import check, repair

    health, done = repair(store, base) if mend else (check(store), [])
    for line in health.wrong:
        say(f"kg: damaged: {line}")
    for line in done:
        say(f"kg: {line}")
    if not health.wrong:
        say(f"kg: store {store} is whole")
    elif mend:
        say(f"kg: store {store} is mended: look whether anything is missing (`kg stats`)")
    else:
        say(f"kg: nothing was changed; `kg stats --repair --store {shlex.quote(store)}` mends what can be mended")
        raise typer.Exit(1)
