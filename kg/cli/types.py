"""``kg types``: what the ontology can recognise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import FormatOption, OntologyOption, OutputOption
from kg.cli.output import print_rows

if TYPE_CHECKING:
    from kg.ontology import EventType, Ontology

EXAMPLES = ("kg types", "kg types Killing", "kg types --entities", "kg types --ontology my-events.ttl --format csv")

NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="[TYPE]...", help="Only these types and those below.")]
EntitiesOption = Annotated[bool, typer.Option("--entities", help="The classes of entities instead of events.")]


def command(
    names: NamesArgument = None,
    entities: EntitiesOption = False,
    ontology: OntologyOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the event types: where each stands in the hierarchy, what it means, and which words show it."""
    from kg import resources
    from kg.ontology import load_ontology

    loaded = load_ontology([*resources.ontology_files(), *added(ontology)])
    known = loaded.entity_types if entities else loaded.event_types
    unknown = [name for name in names or () if name not in known]
    if unknown:
        from kg.errors import KgError

        raise KgError(f"no type {unknown[0]}: `kg types{' --entities' if entities else ''}` lists them")
    wanted = [t for t in known.values() if not names or not set(names).isdisjoint(t.types)]
    wanted.sort(key=lambda t: t.types[::-1])
    if entities:
        columns = ("type", "within", "words")
        rows = [(t.name, " < ".join(t.types[1:]), ", ".join(sorted(getattr(t, "nouns", ())))) for t in wanted]
    else:
        columns = ("type", "within", "meaning", "words")
        rows = [(t.name, " < ".join(t.types[1:]), t.definition, _words(loaded, t.name)) for t in wanted]
    print_rows(columns, rows, format_name=format_name, output=output)


def _words(ontology: Ontology, name: str) -> str:
    triggers = {t for group in ontology.triggers.values() for t in group if name in (t.type, *t.also)}
    return ", ".join(sorted({" ".join(t.words) for t in triggers}))
