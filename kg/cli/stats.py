"""kg stats: how much is in the store, and of what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption
from kg.cli.output import print_rows, say

EXAMPLES = ("kg stats", "kg stats --format markdown --output figures.md", "kg stats --plot events.svg")


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
) -> None:
    """Count what the store holds: graphs, articles, classes, properties, events by type and month, versions."""
    from kg.query.stats import draw_figures, read_figures
    from kg.store.opening import open_store

    with open_store(store, mode="read") as opened:
        figures = read_figures(opened)
    if plot is not None:
        draw_figures(figures, plot)
        say(f"drew {plot}")
    rows = [(figure.section, figure.item, figure.number) for figure in figures]
    print_rows(("section", "item", "number"), rows, format_name=format_name, output=output)
