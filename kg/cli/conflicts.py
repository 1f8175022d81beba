"""kg conflicts: what the sources disagree on."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption
from kg.cli.output import open_output, terminal_width

EXAMPLES = ("kg conflicts", "kg conflicts --all --format markdown", "kg conflicts --factuality")


def command(
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    factuality: Annotated[
        bool, typer.Option("--factuality", help="Events that one source asserts and another denies, instead of counts.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Also counts that differ without contradicting each other.")
    ] = False,
) -> None:
    """Show where sources contradict each other: counts whose bounds cannot both hold, or events told and denied.

    Exit status 0 when there is a conflict, 1 when there is none.
    """
    from kg.query.prepare import answered, find_named, known_prefixes, named_queries, parse_bindings, prepare
    from kg.query.results import format_for, write_results
    from kg.store.opening import open_store
    from kg.store.sparql.federation import ServicePolicy

    query = find_named("fact-conflicts" if factuality else "count-conflicts", named_queries())
    with open_store(store, mode="read") as opened:
        prefixes = known_prefixes(opened.base)
        wanted = () if every or factuality else ('verdict="contradict"',)
        prepared = prepare(query.text, prefixes=prefixes, bindings=parse_bindings(wanted, prefixes))
        width = terminal_width() if output is None else None
        with answered(opened, prepared, policy=ServicePolicy()) as results, open_output(output) as file:
            written = write_results(
                results, file, format_for(output, format_name), prefixes=prepared.prefixes, width=width
            )
    if not written.found:
        raise typer.Exit(1)
