"""The options that several verbs share, each spelt once: one flag, one meaning, on every verb."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.core.errors import KgError

if TYPE_CHECKING:
    from kg.extract.events.weigh import Care

DEFAULT_STORE = "kg-store"


def care_of(cautious: bool, eager: bool) -> Care:
    """The care that the two flags ask for; KgError for both."""
    if cautious and eager:
        raise KgError("--cautious and --eager exclude each other: give one of them")
    return "cautious" if cautious else "eager" if eager else "usual"


StoreOption = Annotated[
    str,
    typer.Option(
        "--store", "-s", envvar="KG_STORE", metavar="STORE", help="A folder, :memory:, or the URL of a SPARQL endpoint."
    ),
]
"""Use with the default ``DEFAULT_STORE``."""

ModelOption = Annotated[
    str | None,
    typer.Option("--model", envvar="KG_MODEL", metavar="NAME", help="The language model; default: the shipped one."),
]
KeepCaseOption = Annotated[
    bool, typer.Option("--keep-case", help="Read sentences in capitals as they stand, not in the usual case.")
]
CautiousOption = Annotated[
    bool, typer.Option("--cautious", help="Say who did a violent or criminal act, and to whom, only where it is sure.")
]
EagerOption = Annotated[
    bool,
    typer.Option("--eager", help="Also say who takes part where the model thinks it likely and no grammar gives it."),
]
AllowServiceOption = Annotated[
    list[str] | None,
    typer.Option("--allow-service", metavar="URL", help="An endpoint that SERVICE may reach; also KG_ALLOW_SERVICE."),
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Let no query reach any other endpoint.")]
OntologyOption = Annotated[
    list[Path] | None,
    typer.Option("--ontology", metavar="FILE|FOLDER", help="Turtle to add to the shipped ontology; repeatable."),
]
ShapesOption = Annotated[
    list[Path] | None,
    typer.Option("--shapes", metavar="FILE|FOLDER", help="Turtle to add to the shipped shapes; repeatable."),
]
BaseOption = Annotated[
    str | None,
    typer.Option(
        "--base", envvar="KG_BASE", metavar="IRI", help="Start of the IRIs of the data; default: a reserved domain."
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output."),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="How to write the answer; default: by --output's ending, else a table on a terminal.",
    ),
]
"""The general one: a verb with its own list of formats declares its own option under the same flag."""

SameOption = Annotated[
    bool, typer.Option("--same", help="Things that accepted links say are the same count as one, under our IRI.")
]
WaitOption = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", min=0, help="Wait this long for a store that another process holds."),
]
"""Use with the default 0."""
