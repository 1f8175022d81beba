"""``kg types``: what the ontology can recognise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import FormatOption, OntologyOption, OutputOption
from kg.cli.output import print_rows
from kg.core.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.ontology.values import EntityType, EventType, Ontology

EXAMPLES = (
    "kg types",
    "kg types Killing",
    "kg types Strike --possible",
    "kg types --entities",
    "kg types --ontology my-events.ttl --format csv",
)

NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[TYPE]...", help="Only these types and those below.")
]
EntitiesOption = Annotated[bool, typer.Option("--entities", help="The classes of entities instead of events.")]

PossibleOption = Annotated[
    bool, typer.Option("--possible", help="Also the words that may tell a type where the language model sees an event.")
]


def command(
    names: NamesArgument = None,
    entities: EntitiesOption = False,
    possible: PossibleOption = False,
    ontology: OntologyOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the event types: where each stands in the hierarchy, what it means, and which words show it."""
    from kg.core import resources
    from kg.ontology.load import load_ontology

    loaded = load_ontology([*resources.ontology_files(), *added(ontology)])
    known: Mapping[str, EntityType | EventType] = loaded.entity_types if entities else loaded.event_types
    for name in names or ():
        if name not in known:
            raise KgError(f"no type {name}: `kg types{' --entities' if entities else ''}` lists them")
    wanted = [t for t in known.values() if not names or not set(names).isdisjoint(t.types)]
    columns: list[tuple[str, Callable[[EntityType | EventType], str]]] = [
        ("type", lambda t: t.name),
        ("within", lambda t: " < ".join(t.types[1:])),
        ("meaning", lambda t: getattr(t, "definition", "")),
        ("words", lambda t: ", ".join(_words(loaded, t))),
    ]
    if possible:
        columns.append(("possible", lambda t: ", ".join(_possible(loaded, t))))
    rows = [tuple(cell(t) for _, cell in columns) for t in sorted(wanted, key=lambda t: t.types[::-1])]
    print_rows(tuple(name for name, _ in columns), rows, format_name=format_name, output=output)


def _words(ontology: Ontology, wanted: EntityType | EventType) -> list[str]:
    """The words that show a type, in lemmas."""
    nouns = getattr(wanted, "nouns", None)
    if nouns is not None:
        return sorted(nouns)
    return sorted({" ".join(t.words) for group in ontology.triggers.values() for t in group if t.type == wanted.name})


def _possible(ontology: Ontology, wanted: EntityType | EventType) -> list[str]:
    """The words that may tell a type, in lemmas; none of a class of entities."""
    return sorted({word for (word, _), types in ontology.possible.items() if wanted.name in types})
