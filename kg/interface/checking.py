"""Graphs checked against the shapes, each with one report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.model import ValidationReport
from kg.interface.reading import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.interface.reading import Files


def validate_file(path: str | Path, *, shapes: Files = (), ontology: Files = ()) -> ValidationReport:
    """Check an RDF file against the shipped shapes and those added; KgError for a file that is none.

    Examples:
        >>> store.export("harbour.ttl") > 100
        True
        >>> kg.validate_file("harbour.ttl").conforms
        True

    """
    from kg.pipeline.check_store import Checker

    settings = settings_of("default", ontology, shapes)
    return Checker(settings.ontology, settings.shapes).check_file(Path(path))


def joined(reports: Iterable[ValidationReport]) -> ValidationReport:
    """Several reports as one: it conforms where all do."""
    every = list(reports)
    violations = tuple(violation for report in every for violation in report.violations)
    return ValidationReport(all(report.conforms for report in every), violations)
