"""Results in any format: the engine's own writers where there are some, so that a million rows stream in flat memory.

Solutions and truth values: table, csv, tsv, json, xml (the W3C formats), jsonl (one object a line, plain values),
markdown. Graphs: turtle, ntriples, nquads, trig, jsonld, rdfxml. Plain rows of other verbs: table, csv, tsv, json,
jsonl, markdown.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Generic, TypeVar, cast

from kg.core.errors import QueryError
from kg.core.iris import Shortener
from kg.core.numbers import number_of, written
from kg.core.table import draw_table, plain
from kg.core.vocab import XSD
from kg.store.formats import BY_NAME
from kg.store.formats import ENDINGS as RDF_ENDINGS
from kg.store.opening import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfLiteral,
    Results,
    Term,
    Triple,
    Triples,
    open_store,
    parse_query_results,
    serialize,
)
from kg.store.writable import writable

SOLUTION_FORMATS = ("table", "csv", "tsv", "json", "xml", "jsonl", "markdown")
GRAPH_FORMATS = tuple(BY_NAME)
FORMATS = SOLUTION_FORMATS + GRAPH_FORMATS
ENDINGS = {
    **RDF_ENDINGS,
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".srj": "json",
    ".xml": "xml",
    ".srx": "xml",
    ".jsonl": "jsonl",
    ".md": "markdown",
    ".txt": "table",
}
"""File name endings that choose a format."""

_NATIVE = {
    "csv": QueryResultsFormat.CSV,  # of yes and no: in rows the engine quotes no IRI that has a comma
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_QUOTE = '"'
_QUOTED = re.compile('[",\r\n]')
_IN_MEMORY = 1 << 24  # bytes of an answer that is read twice; more of it lies on the disk
_SAMPLE = 5000  # triples looked at to declare only the prefixes that are used

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many rows or triples (None where the engine wrote them uncounted), and whether any.

    ``blank`` has for the columns that were watched in how many rows they are unbound, where they are in any.
    """

    count: int | None
    found: bool
    unit: str  # "row", "triple", "answer"
    blank: Mapping[str, int] = field(default_factory=dict)


class Namer(Shortener):
    """Shows terms to people, with names that are short where a prefix is known."""

    def term(self, term: Term | None) -> str:
        """A term as a person reads it in a table: names short, literals without their quotes."""
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if isinstance(term, RdfLiteral):
            return "INF" if term.value == "+INF" and number_of("+INF", term.datatype.value) else term.value
        return str(term)

    def used(self, triples: Iterable[Triple]) -> set[str]:
        """The namespaces that the triples' IRIs begin with."""
        found: set[str] = set()
        for triple in triples:
            for term in (triple.subject, triple.predicate, triple.object):
                iri = term.datatype.value if isinstance(term, RdfLiteral) else getattr(term, "value", "")
                for namespace, _ in self.namespaces:
                    if iri.startswith(namespace):
                        found.add(namespace)
                        break
        return found


def format_for(path: Path | None, asked: str | None) -> str | None:
    """The format by name or by the file's ending; None where neither says. QueryError for an unknown one."""
    if asked is not None:
        if asked not in FORMATS:
            raise QueryError(f"unknown format {asked!r}: one of {', '.join(FORMATS)}")
        return asked
    if path is None or str(path) == "-":
        return None
    if path.suffix.lower() not in ENDINGS:
        raise QueryError(
            f"{path}: no format goes by {path.suffix or 'a name without an ending'}; name one with --format"
        )
    return ENDINGS[path.suffix.lower()]


def write_results(
    results: Results,
    output: BinaryIO,
    format_name: str | None,
    *,
    prefixes: Mapping[str, str],
    width: int | None = None,
    watched: Collection[str] = (),
) -> Written:
    """Write the results of a query; streams, whatever their number. Of ``watched`` columns blank cells are counted.

    ``width`` is the terminal's in columns, None for a pipe or a file: it chooses the format where none is named
    (table or CSV, Turtle for graphs). QueryError where the format does not suit the results.
    """
    if isinstance(results, QuerySolutions):
        name = _suited(format_name, "csv" if width is None else "table", SOLUTION_FORMATS, "rows")
        return _write_solutions(results, output, name, prefixes, width or 100, watched)
    if isinstance(results, QueryBoolean):
        name = _suited(format_name, "csv" if width is None else "table", SOLUTION_FORMATS, "yes or no")
        _write_boolean(results, output, name)
        return Written(1, bool(results), "answer")
    name = _suited(format_name, "turtle", GRAPH_FORMATS, "a graph")
    return _write_triples(results, output, name, prefixes)


def _suited(asked: str | None, default: str, possible: Sequence[str], what: str) -> str:
    name = asked or default
    if name not in possible:
        raise QueryError(f"the answer is {what}, which {name} cannot hold: choose --format {', '.join(possible)}")
    return name


def _write_solutions(
    solutions: QuerySolutions,
    output: BinaryIO,
    name: str,
    prefixes: Mapping[str, str],
    width: int,
    watched: Collection[str],
) -> Written:
    variables = [variable.value for variable in solutions.variables]
    blank: Counter[str] = Counter()
    watched = [name for name in watched if name in variables]
    native = name in _NATIVE and name != "csv"
    if native and watched:
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as held:  # the engine's writers tell nothing of what they write
            solutions.serialize(cast("IO[bytes]", held), QueryResultsFormat.JSON)
            for _ in _watching(_read_again(held), watched, blank):
                pass
            written = _write_solutions(_read_again(held), output, name, prefixes, width, ())
        return replace(written, blank=blank)
    if native:
        tally = _Tally(output)
        solutions.serialize(cast("IO[bytes]", tally), _NATIVE[name])
        if name in ("json", "xml"):
            output.write(b"\n")
        return Written(None, tally.written > _size_without_rows(variables, name), "row")
    namer = Namer(prefixes)
    counted = _Counted(_watching(solutions, watched, blank))
    if name == "jsonl":
        for solution in counted:
            record = {variable: _plain_value(solution[variable]) for variable in variables}
            output.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    elif name == "csv":
        lines = chain([variables], ([_bare(term) for term in solution] for solution in counted))
        output.writelines((",".join(map(_quoted, line)) + "\r\n").encode() for line in lines)
    else:
        rows = ([namer.term(term) for term in solution] for solution in counted)
        _write_text_rows(variables, rows, output, name, width)
    return Written(counted.count, counted.count > 0, "row", blank)


def _bare(term: Term | None) -> str:
    """A term in CSV (SPARQL 1.1 Query Results CSV §3): an IRI or a literal's words as they are."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | RdfLiteral) else str(term)


def _quoted(cell: str) -> str:
    """A cell of CSV (RFC 4180): in quotes where it has to be."""
    return f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _QUOTED.search(cell) else cell


def _watching(solutions: QuerySolutions, watched: Collection[str], blank: Counter[str]) -> Iterator[QuerySolution]:
    """The solutions; those of the watched columns that they leave unbound are counted as they go by."""
    for solution in solutions:
        blank.update(name for name in watched if solution[name] is None)
        yield solution


def _read_again(held: SpooledTemporaryFile[bytes]) -> QuerySolutions:
    held.seek(0)
    return cast("QuerySolutions", parse_query_results(cast("IO[bytes]", held), QueryResultsFormat.JSON))


def _size_without_rows(variables: list[str], name: str) -> int:
    """Bytes that the engine writes for the same variables and no solutions."""
    projection = " ".join(f"?{variable}" for variable in variables) or "*"
    with open_store(":memory:", mode="read") as empty:
        nothing = empty.query(f"SELECT {projection} {{ FILTER(false) }}")
    assert isinstance(nothing, QuerySolutions)  # noqa: S101 # a SELECT gives nothing else
    return len(nothing.serialize(format=_NATIVE[name]) or b"")


def _write_boolean(answer: QueryBoolean, output: BinaryIO, name: str) -> None:
    if name in ("table", "markdown"):
        output.write(b"yes\n" if answer else b"no\n")
    elif name == "jsonl":
        output.write(json.dumps({"boolean": bool(answer)}).encode() + b"\n")
    else:
        output.write((answer.serialize(format=_NATIVE[name]) or b"").rstrip() + b"\n")


def _write_triples(triples: Triples, output: BinaryIO, name: str, prefixes: Mapping[str, str]) -> Written:
    counted = _Counted(writable(triples, name))
    iterator = iter(counted)
    sample = list(islice(iterator, _SAMPLE))
    used = Namer(prefixes).used(sample)
    whole = len(sample) < _SAMPLE
    declared = {prefix: iri for prefix, iri in sorted(prefixes.items()) if not whole or iri in used}
    serialize(chain(sample, iterator), output, BY_NAME[name].engine, prefixes=declared)
    if name in ("jsonld", "rdfxml"):
        output.write(b"\n")
    return Written(counted.count, counted.count > 0, "triple")


def write_plain_rows(
    columns: Sequence[str], rows: Iterable[Sequence[object]], output: BinaryIO, format_name: str, *, width: int = 100
) -> None:
    """Write rows of plain values: None is an empty cell. QueryError for a format that rows do not have."""
    if format_name == "jsonl":
        output.writelines(
            json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False).encode() + b"\n" for row in rows
        )
    elif format_name == "json":
        whole = [dict(zip(columns, row, strict=True)) for row in rows]
        output.write(json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n")
    elif format_name in ("table", "markdown", "csv", "tsv"):
        text = (["" if cell is None else str(cell) for cell in row] for row in rows)
        _write_text_rows(columns, text, output, format_name, width)
    else:
        raise QueryError(f"rows cannot be written as {format_name}: one of table, csv, tsv, json, jsonl, markdown")


def _write_text_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], output: BinaryIO, name: str, width: int
) -> None:
    if name == "table":
        output.writelines(line.encode() + b"\n" for line in draw_table(columns, rows, width))
    elif name == "markdown":
        output.write(("| " + " | ".join(columns) + " |\n" + "|" + " --- |" * len(columns) + "\n").encode())
        for row in rows:
            cells = (" ".join(plain(cell).split()).replace("\\", "\\\\").replace("|", "\\|") for cell in row)
            output.write(("| " + " | ".join(cells) + " |\n").encode())
    else:
        buffer = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
        if name == "csv":
            csv.writer(buffer).writerows(chain([columns], rows))
        else:
            tab = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
            buffer.writelines("\t".join(cell.translate(tab) for cell in row) + "\n" for row in chain([columns], rows))
        buffer.detach()


def _plain_value(term: Term | None) -> str | int | float | bool | None:
    """A term as JSON has it: numbers and truth values as such where that loses nothing, all else as text."""
    if term is None:
        return None
    if isinstance(term, RdfLiteral):
        kind = term.datatype.value
        number = number_of(term.value, kind)
        if number is not None:
            return _number(number, term.value)
        return (
            {"true": True, "1": True, "false": False, "0": False}.get(term.value)
            if kind == XSD + "boolean"
            else term.value
        )
    return term.value if isinstance(term, NamedNode) else str(term)


def _number(number: float | Decimal, text: str) -> str | int | float:
    """A number as JSON has it: infinity and what is no number in words, as XSD writes them."""
    if isinstance(number, Decimal):
        return float(number) if math.isfinite(float(number)) else text
    return number if isinstance(number, int) or math.isfinite(number) else written(number)


class _Counted(Generic[T]):
    """An iterable that knows how many went by."""

    def __init__(self, source: Iterable[T]) -> None:
        self._source = source
        self.count = 0

    def __iter__(self) -> Iterator[T]:
        for item in self._source:
            self.count += 1
            yield item


class _Tally(io.RawIOBase):
    """An output that knows how many bytes went by."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self.written = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Pass on and count."""
        self._output.write(data)
        self.written += len(data)
        return len(data)
