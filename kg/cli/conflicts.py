"""kg conflicts: what the sources disagree on."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption
from kg.cli.output import for_a_reader, print_rows, say

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
    """Show where sources disagree: figures, doers, places and days that cannot both be, what is told and denied.

    One row for two statements, the earlier first, with who says so, when it was published, and (in CSV and JSON) the
    sentences; a terminal, --format table and --format markdown show six columns, a pipe gets CSV with all.
    Exit status 0, also when there is none, which is told; 1 with --fail-on, by what is found, shown or not.
    """
    from kg.core.errors import KgError
    from kg.core.iris import Shortener
    from kg.query.conflicts import Conflict
    from kg.query.disagreements import disagreements
    from kg.query.prepare import known_prefixes
    from kg.store.opening import open_store

    if fail_on not in (None, "disjoint", "any"):
        raise KgError(f"--fail-on {fail_on}: disjoint or any")
    with open_store(store, mode="read") as opened:
        found, short = disagreements(opened), Shortener(known_prefixes(opened.base))
    meant = [c for c in found if not factuality or c.kind.endswith("denied")]
    shown = [c for c in meant if every or c.verdict == "disjoint"]
    rows = [tuple(short.short(cell) or cell if "#" in cell else cell for cell in astuple(c)) for c in shown]
    columns = [f.name for f in fields(Conflict)]
    if for_a_reader(format_name, output):
        columns = ["kind", "verdict", "one", "by", "other", "other_by"]  # what fits a screen
        said = [
            (f"{c.by}, {c.published}".rstrip(", "), f"{c.other_by}, {c.other_published}".rstrip(", ")) for c in shown
        ]
        rows = [(c.kind, c.verdict, c.one, by, c.other, other) for c, (by, other) in zip(shown, said, strict=True)]
    if rows or output or format_name == "json":
        print_rows(columns, rows, format_name=format_name, output=output)
    less = f", {len(meant) - len(shown)} more with --all" if len(shown) < len(meant) else ""
    say(f"{len(shown) or 'no'} conflict{'s' * (len(shown) != 1)}{less}")
    if fail_on and any(fail_on == "any" or c.verdict == "disjoint" for c in meant):
        raise typer.Exit(1)
