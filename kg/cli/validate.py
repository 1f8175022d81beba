"""``kg validate``: the store, or RDF files, against the shapes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import DEFAULT_STORE, ModelOption, OntologyOption, OutputOption, ShapesOption, StoreOption
from kg.cli.output import open_output, print_rows, say
from kg.core.counted import counted
from kg.core.errors import KgError
from kg.core.model import ValidationReport, Violation
from kg.core.vocab import DEFAULT_BASE

EXAMPLES = (
    "kg validate",
    "kg validate export.ttl",
    "kg validate --shapes house-rules.ttl --severity warning --format csv",
    "kg validate --format junit --output report.xml",
    "kg validate --trace --max 5",
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
            help="text, table, csv, tsv, json, jsonl, markdown; turtle (a sh:ValidationReport), junit, sarif; "
            "default: text on a terminal, csv in a pipe.",
        ),
    ] = None,
    trace: Annotated[
        bool,
        typer.Option("--trace", help="Read the articles again, and say which rule or model found what is at fault."),
    ] = False,
    model: ModelOption = None,
    output: OutputOption = None,
) -> None:
    """Check every article in the store, or RDF files, against the shapes; the results go to standard output.

    A result shows the sentence that it comes from, the words at fault in square brackets. What found them is not
    stored: --trace reads the articles shown again, which loads the language model.

    Exit status 0: no violation (warnings and infos are shown, and do no harm); 1: violations; 2: could not check. What
    is shown may be less than what is found; the status goes by all.
    """
    from kg.pipeline.added import digests, missing
    from kg.pipeline.check_store import Checker
    from kg.store.opening import open_store

    if files:
        checker = Checker(added(ontology), added(shapes))
        reports = [(1, checker.check_file(file)) for file in files]
        checked, everything = _joined(reports)
        results = _chosen(everything, severity, focus, shape)[:most]
        if trace:
            whole = b"".join(checker.ntriples(file) for file in files)
            results = _traced(results, lambda _: whole, model, ontology)
        what, base = "file", DEFAULT_BASE
    else:
        with open_store(store, mode="read") as opened:  # before the shapes: a missing store is told at once
            for lost in missing(opened, digests(added(ontology), added(shapes))):
                say(f"kg: the store was read with {lost}, which is not given here")
            checked, everything = _joined(Checker(added(ontology), added(shapes)).check_store(opened))
            results = _chosen(everything, severity, focus, shape)[:most]
            if trace:
                results = _traced(results, opened.graph_bytes, model, ontology)
            base = opened.base
        what = "article"
    _write(results, checked, format_name, output, base)
    found = Counter(result.severity for result in everything)
    others = [counted(n, kind.lower()) for kind, n in sorted(found.items()) if kind != "Violation"]
    less = [f"{len(results)} shown"] if len(results) < len(everything) else []
    counts = ", ".join([counted(found["Violation"], "violation"), *others, *less])
    say(f"{counted(checked, what)} checked, {counts}")
    if found["Violation"]:
        raise typer.Exit(1)


def _joined(reports: Iterable[tuple[int, ValidationReport]]) -> tuple[int, list[Violation]]:
    """How many were checked, and every result; nothing else of the reports is kept."""
    checked = 0
    results: list[Violation] = []
    for number, report in reports:
        checked += number
        results += report.violations
    return checked, results


def _traced(
    results: list[Violation], graph: Callable[[str], bytes], model: str | None, ontology: list[Path] | None
) -> list[Violation]:
    """The results with the rule or model that found what they are about."""
    from kg.pipeline.finders import with_finders
    from kg.pipeline.prepared import Reader, Settings

    return list(with_finders(results, graph, Reader(Settings(model or "default", added(ontology)))))


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


def _write(results: list[Violation], checked: int, format_name: str | None, output: Path | None, base: str) -> None:
    """Rows in any format of rows, where there are some; a report for programs in any case."""
    from kg.graph.reports import to_junit, to_sarif, to_text, to_turtle

    if format_name is None and output is None and sys.stdout.isatty():
        format_name = "text"
    reports = {
        "text": lambda: to_text(results, base),
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
