"""``kg validate``: the store, or RDF files, against the shapes."""

from __future__ import annotations

from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import DEFAULT_STORE, FormatOption, OntologyOption, OutputOption, ShapesOption, StoreOption
from kg.cli.output import print_rows, say
from kg.core.model import Violation

EXAMPLES = ("kg validate", "kg validate export.ttl", "kg validate --shapes house-rules.ttl --format csv")

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE]...", help="RDF files to check instead of the store.")
]


def command(
    files: FilesArgument = None,
    store: StoreOption = DEFAULT_STORE,
    shapes: ShapesOption = None,
    ontology: OntologyOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Check every article in the store, or RDF files, against the shapes; violations go to standard output.

    Exit status 0: all conform; 1: violations; 2: could not check.
    """
    from kg.pipeline.check_store import Checker
    from kg.store.opening import open_store

    if files:
        checker = Checker(added(ontology), added(shapes))
        reports = [(1, checker.check_file(file)) for file in files]
        what = "file"
    else:
        with open_store(store, mode="read") as opened:  # before the shapes: a missing store is told at once
            reports = list(Checker(added(ontology), added(shapes)).check_store(opened))
        what = "article"
    violations = [violation for _, report in reports for violation in report.violations]
    checked = sum(number for number, _ in reports)
    if violations:
        print_rows(
            [field.name for field in fields(Violation)],
            [astuple(violation) for violation in violations],
            format_name=format_name,
            output=output,
        )
    say(f"{checked} {what}{'s' * (checked != 1)} checked, {len(violations)} violations")
    if not all(report.conforms for _, report in reports):
        raise typer.Exit(1)
