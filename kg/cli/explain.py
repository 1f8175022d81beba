"""kg explain: why something is in the graph."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import DEFAULT_STORE, ModelOption, OntologyOption, OutputOption, StoreOption
from kg.cli.output import open_output
from kg.core.errors import KgError
from kg.core.table import plain

EXAMPLES = (
    "kg explain 'Ana Ruelo'",
    "kg explain article:harbour/monday#killing-506",
    "kg explain article:harbour/monday#killing-506 --trace",
    "kg explain '?' kg:place place:port-senna",
    "kg explain 'Coast Courier' --format json",
)


def command(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT | SUBJECT PREDICATE OBJECT",
            help="A name or an IRI of an entity or event; or a triple pattern, '?' for anything.",
        ),
    ],
    store: StoreOption = DEFAULT_STORE,
    format_name: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="text or json.")] = "text",
    trace: Annotated[
        bool,
        typer.Option(
            "--trace", help="Read the articles again, and say at each sentence which rule or model found what."
        ),
    ] = False,
    model: ModelOption = None,
    ontology: OntologyOption = None,
    output: OutputOption = None,
) -> None:
    """Show the sentences behind an entity, an event or a triple, who says so, how certain, and its links.

    Which rules and model found it is not stored. With --trace the articles are read again, which loads the language
    model: some seconds, and half a second for each article; it is said where kg, model or ontology have changed since.
    """
    from kg.query.evidence import as_text
    from kg.query.explain import Explainer
    from kg.query.prepare import known_prefixes
    from kg.query.results import Namer
    from kg.store.opening import open_store

    if len(what) not in (1, 3):
        raise KgError("explain takes one name or IRI, or three parts of a triple pattern; put quotes around a name")
    if format_name not in ("text", "json"):
        raise KgError(f"unknown format {format_name!r}: explain knows text and json")
    with open_store(store, mode="read") as opened:
        prefixes = known_prefixes(opened.base)
        explainer = Explainer(opened, prefixes)
        found = explainer.explain(what[0]) if len(what) == 1 else explainer.explain_pattern(*what)
        if trace:
            from kg.pipeline.prepared import Reader, Settings
            from kg.pipeline.retrace import with_reasons

            found = with_reasons(found, explainer.article, Reader(Settings(model or "default", added(ontology))))
        with open_output(output) as file:
            if format_name == "json":
                records = [dataclasses.asdict(thing) for thing in found]
                file.write(json.dumps(records, ensure_ascii=False, indent=2).encode() + b"\n")
            else:
                file.writelines(plain(line).encode() + b"\n" for line in as_text(found, Namer(prefixes)))
