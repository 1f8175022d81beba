"""The one table of RDF formats: their names, media types' parsers, endings, and which of them name graphs.

Reading and writing verbs (``merge``, ``validate``, ``diff``, ``export``, ``query``) all go by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for ``--format``, the engine's, its endings (the first is for writing), and its kind."""

    name: str
    engine: ox.RdfFormat
    endings: tuple[str, ...]
    graphs: bool = False  # can name graphs
    lines: bool = False  # one statement a line: any size is read in flat memory


ALL = (
    Format("turtle", ox.RdfFormat.TURTLE, (".ttl",)),
    Format("trig", ox.RdfFormat.TRIG, (".trig",), graphs=True),
    Format("ntriples", ox.RdfFormat.N_TRIPLES, (".nt",), lines=True),
    Format("nquads", ox.RdfFormat.N_QUADS, (".nq",), graphs=True, lines=True),
    Format("jsonld", ox.RdfFormat.JSON_LD, (".jsonld", ".json"), graphs=True),
    Format("rdfxml", ox.RdfFormat.RDF_XML, (".rdf", ".owl", ".xml")),
)
BY_NAME = {form.name: form for form in ALL}
BY_ENDING = {ending: form for form in ALL for ending in form.endings}
ENDINGS = {ending: form.name for ending, form in BY_ENDING.items()}
"""The name of the format of each ending."""


def of_file(path: Path) -> Format | None:
    """The format that a file's ending tells, None where it tells none."""
    return BY_ENDING.get(path.suffix.lower())
