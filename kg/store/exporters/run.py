"""The formats by name, and a store written through one: article after article, in flat memory, the same bytes.

A module of ``formats`` holds one ``EXPORTER``. Articles come in the order of their IRIs. What has to be sorted (the
lines of RDF, a network's nodes) is sorted outside memory.
"""

from __future__ import annotations

import pkgutil
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from kg.core.bounded import written, written_folder
from kg.core.errors import StoreError
from kg.core.vocab import ONTOLOGY
from kg.ontology.values import Ontology
from kg.store.export import Exported, export
from kg.store.exporters.facts import ArticleFacts
from kg.store.exporters.places import NOWHERE, Elsewhere, elsewhere
from kg.store.exporters.reading import read_facts
from kg.store.formats import BY_NAME
from kg.store.opening import Store
from kg.store.quads import ordered_lines

_FORMATS = Path(__file__).parent / "formats"  # found as files: these modules import this one


@dataclass(frozen=True, slots=True)
class Around:
    """What an exporter may ask beside an article's facts."""

    base: str
    ontology: Ontology
    known: Mapping[str, Elsewhere] = field(default_factory=dict)
    text: bool = True

    def of(self, entity: str) -> Elsewhere:
        """What linked datasets say of an entity."""
        return self.known.get(entity, NOWHERE)


Opener = Callable[[str | None], AbstractContextManager[BinaryIO]]
"""Opens the output: a file, or with a name that file of a folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A store to be exported: its articles in order, each with what is known around it."""

    store: Store
    ontology: Ontology
    article: str | None = None  # only this one
    text: bool = True
    credits: set[str] = field(default_factory=set)  # words that the data read so far ask for

    def known(self, facts: ArticleFacts) -> Mapping[str, Elsewhere]:
        """What links say of an article's entities."""
        found = elsewhere(self.store, (entity.iri for entity in facts.entities), facts.iri)
        self.credits.update(one.credit for one in found.values() if one.credit)
        return found

    @property
    def credit(self) -> str | None:
        """The attribution that the data read so far ask for."""
        return "; ".join(sorted(self.credits)) or None

    def graphs(self) -> list[str]:
        """The graphs of articles, sorted; StoreError where the one asked for is not there."""
        start = f"{self.store.base}article/"
        found = [graph for graph in self.store.graphs() if graph.startswith(start)]
        if self.article is None:
            return found
        if self.article not in found:
            raise StoreError(f"store {self.store.location} has no article <{self.article}>: `kg stats` counts them")
        return [self.article]

    def articles(self) -> Iterator[tuple[ArticleFacts, Around]]:
        """Each article's facts; a graph that says nothing of its article is passed over."""
        for graph in self.graphs():
            facts = read_facts(graph, self.store.graph_bytes(graph), self.ontology)
            if facts is not None:
                yield facts, Around(self.store.base, self.ontology, self.known(facts), self.text)


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: what ``--as`` calls it in a line of help, its own formats (the first is the default), its writer."""

    about: str
    write: Callable[[Source, Opener, str], Exported]
    formats: Mapping[str, str]  # --format → ending of its file, "" for a folder of files
    nothing: str = "the store has no such events"  # why there may be nothing to write

    @property
    def default(self) -> str:
        """The format where none is asked for."""
        return next(iter(self.formats))


def names() -> list[str]:
    """Every format's name, found without importing any."""
    return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules([str(_FORMATS)]))


def exporter(name: str) -> Exporter:
    """A format by its name (``schema.org`` is ``schema-org``); StoreError for an unknown one."""
    module = re.sub(r"[^a-z0-9]+", "_", name.lower())
    if module.replace("_", "-") not in names():
        raise StoreError(f"no format {name!r} to export as: choose {', '.join(names())}")
    found: Exporter = import_module(f"{__package__}.formats.{module}").EXPORTER
    return found


def chosen_format(name: str, found: Exporter, path: Path | None, asked: str | None) -> str:
    """The exporter's own format: the one asked for, else that of the file's ending, else its first; StoreError."""
    if asked is not None and asked not in found.formats:
        raise StoreError(f"--as {name} has no format {asked!r}: choose {', '.join(found.formats)}")
    by_ending = {ending: form for form, ending in reversed([*found.formats.items()])}
    ending = path.suffix.lower() if path is not None else ""
    chosen = asked or by_ending.get(ending) or found.default
    if found.formats[chosen] == "" and path is None:
        raise StoreError(f"--as {name} writes several files: name a new folder with --output")
    return chosen


def write_to(path: Path, found: Exporter, source: Source, form: str) -> Exported:
    """Write an export to a file, or into a new folder, which take their names when all is written."""
    if found.formats[form]:
        return found.write(source, lambda _: written(path), form)
    with written_folder(path) as folder:
        return found.write(source, lambda name: (folder / (name or "data")).open("wb"), form)


# ------------------------------------------------------------------------------------ the ways of writing a store out


def streamed(
    article: Callable[[ArticleFacts, Around], Iterable[bytes]],
    *,
    head: bytes = b"",
    between: bytes = b"",
    tail: bytes | Callable[[Source], bytes] = b"",
) -> Callable[[Source, Opener, str], Exported]:
    """A file of parts, one after the other, ``between`` them what separates two; ``tail`` may tell of all of it."""

    def write(source: Source, opened: Opener, _form: str) -> Exported:
        count = 0
        with opened(None) as file:
            file.write(head)
            for facts, around in source.articles():
                for part in article(facts, around):
                    file.write(between + part if count else part)
                    count += 1
            file.write(tail(source) if callable(tail) else tail)
        return Exported(count, source.credit)

    return write


RDF_FORMATS = {form.name: form.endings[0] for form in BY_NAME.values()}
"""What an exporter that writes RDF can write."""


def as_rdf(
    article: Callable[[ArticleFacts, Around], Iterable[str]], whole: Callable[[Around], Iterable[str]] | None = None
) -> Callable[[Source, Opener, str], Exported]:
    """RDF in any format: ``article`` gives lines of N-Triples or N-Quads, ``whole`` what stands once beside them."""

    def write(source: Source, opened: Opener, form: str) -> Exported:
        def fill(file: BinaryIO) -> None:
            if whole is not None:
                once = whole(Around(source.store.base, source.ontology))
                file.write("".join(once).encode())
            file.writelines("".join(article(facts, around)).encode() for facts, around in source.articles())

        with opened(None) as output:
            return export(fill, output, form, base=source.store.base, own=source.article, text=source.text)

    return write


def each_once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in the order of their bytes, each once, sorted outside memory; none may hold a line end within."""
    with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        yield from ordered_lines(lines, Path(folder))


def term(name: str) -> str:
    """The IRI of a term of the ontology."""
    return ONTOLOGY + name
