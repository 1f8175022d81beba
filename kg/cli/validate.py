"""``kg validate``: the store, or RDF files, against the shapes."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import DEFAULT_STORE, OntologyOption, OutputOption, ShapesOption, StoreOption
from kg.cli.output import open_output, print_rows, say
from kg.core.errors import KgError
from kg.core.model import Violation

EXAMPLES = (
    "kg validate",
    "kg validate export.ttl",
    "kg validate --shapes house-rules.ttl --severity warning --format csv",
    "kg validate --format junit --output report.xml",
)

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE]...", help="RDF files to check instead of the store.")
]


def command(
    files: FilesArgument = None,
    store: StoreOption = DEFAULT_STORE,
    shapes: ShapesOption = None,
    ontology: OntologyOption = None,
    severity: Annotated[
        str | None, typer.Option("--severity", help="Show nothing milder than this: violation, warning or info.")
    ] = None,
    focus: Annotated[
        str | None, typer.Option("--focus", metavar="TEXT", help="Show results whose focus node has this in its name.")
    ] = None,
    shape: Annotated[
        str | None, typer.Option("--shape", metavar="TEXT", help="Show results of shapes that have this in their name.")
    ] = None,
    most: Annotated[int | None, typer.Option("--max", min=0, help="Show at most this many results.")] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, csv, tsv, json, jsonl, markdown; turtle (a sh:ValidationReport), junit, sarif.",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Check every article in the store, or RDF files, against the shapes; the results go to standard output.

    Exit status 0: no violation (warnings and infos are shown, and do no harm); 1: violations; 2: could not check. What
    is shown may be less than what is found; the status goes by all.
    """
    from kg.pipeline.added import digests, missing
    from kg.pipeline.check_store import Checker
    from kg.store.opening import open_store

    if files:
        checker = Checker(added(ontology), added(shapes))
        reports = [(1, checker.check_file(file)) for file in files]
        what = "file"
    else:
        with open_store(store, mode="read") as opened:  # before the shapes: a missing store is told at once
            for lost in missing(opened, digests(added(ontology), added(shapes))):
                say(f"kg: the store was read with {lost}, which is not given here")
            reports = list(Checker(added(ontology), added(shapes)).check_store(opened))
        what = "article"
    everything = [result for _, report in reports for result in report.violations]
    results = _chosen(everything, severity, focus, shape)[:most]
    checked = sum(number for number, _ in reports)
    _write(results, checked, format_name, output)
    found = Counter(result.severity for result in everything)
    others = [f"{n} {kind.lower()}{'s' * (n != 1)}" for kind, n in sorted(found.items()) if kind != "Violation"]
    less = [f"{len(results)} shown"] if len(results) < len(everything) else []
    counts = ", ".join([f"{found['Violation']} violations", *others, *less])
    say(f"{checked} {what}{'s' * (checked != 1)} checked, {counts}")
    if found["Violation"]:
        raise typer.Exit(1)


def _chosen(results: list[Violation], severity: str | None, focus: str | None, shape: str | None) -> list[Violation]:
    """The results that the flags ask for, in their order."""
    from kg.graph.reports import SEVERITIES

    shown = None
    if severity is not None:
        if severity.capitalize() not in SEVERITIES:
            raise KgError(f"--severity {severity}: one of {', '.join(SEVERITIES).lower()}")
        shown = SEVERITIES[: SEVERITIES.index(severity.capitalize()) + 1]
    return [
        result
        for result in results
        if (shown is None or result.severity in shown)
        and (focus or "") in result.focus
        and (shape or "") in (result.shape or "")
    ]


def _write(results: list[Violation], checked: int, format_name: str | None, output: Path | None) -> None:
    """Rows in any format of rows, where there are some; a report for programs in any case."""
    from kg.graph.reports import to_junit, to_sarif, to_turtle

    reports = {
        "turtle": lambda: to_turtle(results),
        "junit": lambda: to_junit(results, checked),
        "sarif": lambda: to_sarif(results),
    }
    if format_name in reports:
        with open_output(output) as file:
            file.write(reports[format_name]().encode())
    elif results or output or format_name == "json":
        columns = [field.name for field in fields(Violation)]
        print_rows(columns, [astuple(result) for result in results], format_name=format_name, output=output)
