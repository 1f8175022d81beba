"""``tables``: a folder of CSV or Parquet files with a Frictionless data package; nothing is lost.

Text in UTF-8, lines end as RFC 4180 has them, nothing stands for nothing. Parquet is written by pyarrow, an extra.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from kg.core.errors import StoreError
from kg.store.export import Exported
from kg.store.exporters.back import Row, Rows, above_of
from kg.store.exporters.columns import TABLES, TERMS, Table, package
from kg.store.exporters.reading import read_facts
from kg.store.exporters.rows import article_rows, graph_rows, term_rows
from kg.store.exporters.run import Exporter, Opener, Source

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP = 50_000  # rows of a group of Parquet


class _Writer(Protocol):
    def write(self, rows: list[Row]) -> None: ...
    def close(self) -> None: ...


def _write(source: Source, opened: Opener, form: str) -> Exported:
    count = 0
    with ExitStack() as stack:
        writers: dict[str, _Writer] = {}
        for table in TABLES:
            file = stack.enter_context(opened(f"{table.name}.{form}"))
            writers[table.name] = _Csv(table, file) if form == "csv" else _Parquet(table, file)
        for rows in _rows(source):
            for name, found in rows.items():
                writers[name].write(found)
                count += len(found)
        for writer in writers.values():
            writer.close()
        with opened("datapackage.json") as file:
            described = package(form, source.store.base, text=source.text)
            if source.credit:
                described["sources"] = [{"title": source.credit, "path": "https://www.geonames.org"}]
            file.write(json.dumps(described, indent=2, ensure_ascii=False).encode() + b"\n")
    return Exported(count, source.credit)


def _rows(source: Source) -> Iterator[Rows]:
    """The rows of each graph, articles first."""
    terms = list(term_rows(source.ontology))
    above = above_of(terms)
    yield {TERMS: terms}
    store, articles = source.store, source.graphs()
    for graph in articles:
        content = store.graph_bytes(graph)
        facts = read_facts(graph, content, source.ontology)
        if facts is None:
            yield graph_rows(graph, content)
            continue
        yield article_rows(facts, content, above, source.known(facts), text=source.text)
    if source.article is None:
        for graph in sorted(set(store.graphs()) - set(articles)):
            yield graph_rows(graph, store.graph_bytes(graph), links=graph == f"{store.base}graph/links")


class _Csv:
    def __init__(self, table: Table, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", errors="surrogatepass", newline="", write_through=True)
        self._names = table.names
        self._csv = csv.writer(self._text, lineterminator="\r\n")
        self._csv.writerow(self._names)

    def write(self, rows: list[Row]) -> None:
        self._csv.writerows([row.get(name) for name in self._names] for row in rows)

    def close(self) -> None:
        self._text.detach()


class _Parquet:
    """Rows in groups of a fixed size, so that the same rows give the same bytes."""

    def __init__(self, table: Table, file: BinaryIO) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise StoreError("Parquet is written by pyarrow: pip install 'newskg[parquet]', or --format csv") from error
        kinds = {"string": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32()}
        kinds["number"] = pa.float64()
        self._table, self._rows = table, list[Row]()
        self._schema: pa.Schema = pa.schema([(name, kinds[table.type_of(name)]) for name in table.names])
        self._file: Any = pq.ParquetWriter(file, self._schema, compression="zstd", store_schema=False)
        self._make = pa.Table.from_pydict

    def write(self, rows: list[Row]) -> None:
        self._rows += rows
        while len(self._rows) >= _GROUP:
            self._flush(self._rows[:_GROUP])
            del self._rows[:_GROUP]

    def _flush(self, rows: list[Row]) -> None:
        columns = {
            name: [_value(row.get(name), self._table.type_of(name)) for row in rows] for name in self._table.names
        }
        self._file.write_table(self._make(columns, schema=self._schema))

    def close(self) -> None:
        if self._rows:
            self._flush(self._rows)
        self._file.close()


def _value(text: str | None, kind: str) -> object:
    """A cell as Python has it."""
    if text is None:
        return None
    makers: Mapping[str, Any] = {"integer": int, "boolean": "true".__eq__, "date": date.fromisoformat, "number": float}
    return makers[kind](text) if kind in makers else text


EXPORTER = Exporter(
    about="CSV or Parquet files with a Frictionless data package; loses nothing",
    write=_write,
    formats={"csv": "", "parquet": ""},
)
