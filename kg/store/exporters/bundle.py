"""A bundle of tables read back: each graph with the bytes that it had, in flat memory.

The files of a bundle are in the order of the articles, so they are read side by side, one article at a time.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from kg.core.errors import StoreError
from kg.store.exporters.back import Row, Rows, above_of, lines_of, link_lines
from kg.store.exporters.columns import BY_NAME, LINKS, OF_ARTICLES, OTHER, TERMS
from kg.store.exporters.lines import joined
from kg.store.folder import check_layout

_LONGEST = (1 << 31) - 1  # characters of a cell: a text is one


def is_bundle(folder: Path) -> bool:
    """Whether a folder holds a bundle."""
    return (folder / "datapackage.json").is_file()


def bundle_base(folder: Path) -> str:
    """The base under which a bundle's IRIs were minted; StoreError where it is none of today's, or has no texts."""
    try:
        described = json.loads((folder / "datapackage.json").read_bytes())
        names = {resource["name"] for resource in described["resources"]}
        base, text, layout = str(described["base"]), bool(described["text"]), described.get("layout")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder}: its datapackage.json is no bundle of `kg export --as tables` ({error!r})"
        ) from error
    check_layout(str(folder), layout)
    if missing := BY_NAME.keys() - names:
        raise StoreError(f"{folder}: the bundle lacks the table {min(missing)}: export it again")
    if not text:
        raise StoreError(f"{folder}: exported with --no-text, it cannot become a store again: export it with its texts")
    return base


def bundle_graphs(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each graph of a bundle with its sorted N-Triples; StoreError for files that are missing or broken."""
    base = bundle_base(folder)
    try:
        with ExitStack() as stack:
            yield from _graphs(folder, f"{base}article/", stack)
    except (OSError, ValueError, KeyError, TypeError, IndexError, csv.Error) as error:
        raise StoreError(f"{folder}: the bundle cannot be read ({error}): export it again") from error


def _graphs(folder: Path, start: str, stack: ExitStack) -> Iterator[tuple[str, bytes]]:
    above = above_of(_table(folder, TERMS, stack))
    parts = {name: _Groups(_table(folder, name, stack), "article") for name in OF_ARTICLES if name != "articles"}
    others = _Groups(_table(folder, OTHER, stack), "graph")
    for article in _table(folder, "articles", stack):
        graph = article["article"] or ""
        while others.name.startswith(start) and others.name < graph:  # a graph that says nothing of its article
            yield _graph(others.name, set(), others.next())
        rows: Rows = {"articles": [article], **{name: part.of(graph) for name, part in parts.items()}}
        yield _graph(graph, lines_of(rows, above), others.of(graph))
    links = list(_table(folder, LINKS, stack))
    link_graph = (links[0]["link"] or "").partition("#")[0] if links else ""
    said = {one for row in links for one in link_lines(row)}
    while others.name:
        graph = others.name
        yield _graph(graph, said if graph == link_graph else set(), others.next())
        link_graph = "" if graph == link_graph else link_graph
    if link_graph:
        yield _graph(link_graph, said, [])


def _graph(name: str, said: set[str], others: list[Row]) -> tuple[str, bytes]:
    for row in others:
        one = f"{row['subject']} {row['predicate']} {row['object']} ."
        (said.add if row["holds"] == "true" else said.discard)(one)
    return name, joined(f"{one}\n" for one in said)


class _Groups:
    """Rows of a table in groups of one value of a column, in the order of the file; ``name`` is the next one's."""

    def __init__(self, rows: Iterable[Row], column: str) -> None:
        self._groups: Iterator[tuple[str, Iterator[Row]]] = groupby(rows, key=lambda row: row[column] or "")
        self.name = ""
        self._rows: Iterator[Row] = iter(())
        self._step()

    def _step(self) -> None:
        none: Iterator[Row] = iter(())
        self.name, self._rows = next(self._groups, ("", none))

    def next(self) -> list[Row]:
        """The next group's rows."""
        rows = list(self._rows)
        self._step()
        return rows

    def of(self, name: str) -> list[Row]:
        """The rows of this group where it is the next one, else none."""
        return self.next() if name == self.name else []


def _table(folder: Path, name: str, stack: ExitStack) -> Iterator[Row]:
    """The rows of a table, from CSV or Parquet."""
    if (folder / f"{name}.parquet").exists():
        return _parquet(folder / f"{name}.parquet")
    file = stack.enter_context((folder / f"{name}.csv").open(encoding="utf-8", errors="surrogatepass", newline=""))
    csv.field_size_limit(_LONGEST)
    return ({column: cell or None for column, cell in row.items()} for row in csv.DictReader(file, strict=True))


def _parquet(path: Path) -> Iterator[Row]:
    """The rows of a Parquet file, a batch at a time."""
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise StoreError("Parquet is read by pyarrow: pip install 'newskg[parquet]'") from error
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=10_000):
            for row in batch.to_pylist():
                yield {name: _as_text(value) for name, value in row.items()}


def _as_text(value: object) -> str | None:
    """A cell of Parquet as CSV has it; nothing for no words, as there."""
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(repr(value)).normalize():f}"
        case _:
            return str(value)
