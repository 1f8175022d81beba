"""kg conflicts: what the sources disagree on."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption
from kg.cli.output import print_rows, say

EXAMPLES = ("kg conflicts", "kg conflicts --all --format markdown", "kg conflicts --factuality --fail-on disjoint")


def command(
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    factuality: Annotated[
        bool, typer.Option("--factuality", help="Only what one tells and another denies, no figures.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Also figures that differ and may both hold, and updates by later reports.")
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="VERDICT", help="Exit with 1 when there is one: disjoint, or any."),
    ] = None,
) -> None:
    """Show where sources disagree: figures that cannot both hold, what is told and denied, who is blamed and denies it.

    One row for two statements, the earlier first, with who says so and when it was published. Exit status 0, also when
    there is none, which is told; 1 with --fail-on.
    """
    from kg.core.errors import KgError
    from kg.core.iris import Shortener
    from kg.query.conflicts import Conflict, conflicts, read_tellings
    from kg.query.prepare import known_prefixes
    from kg.store.opening import open_store

    if fail_on not in (None, "disjoint", "any"):
        raise KgError(f"--fail-on {fail_on}: disjoint or any")
    with open_store(store, mode="read") as opened:
        found, short = conflicts(read_tellings(opened)), Shortener(known_prefixes(opened.base))
    found = [c for c in found if (every or c.verdict == "disjoint") and not (factuality and c.kind == "count")]
    rows = [tuple(short.short(cell) or cell if "#" in cell else cell for cell in astuple(c)) for c in found]
    if rows or output or format_name == "json":
        print_rows([f.name for f in fields(Conflict)], rows, format_name=format_name, output=output)
    say(f"{len(found) or 'no'} conflict{'s' * (len(found) != 1)}")
    if fail_on and any(fail_on == "any" or c.verdict == "disjoint" for c in found):
        raise typer.Exit(1)
