"""``nodes-edges``: the network as two CSV files, as Gephi's spreadsheet import or neo4j-admin's import takes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from kg.store.export import Exported
from kg.store.exporters.json_parts import first_of_each
from kg.store.exporters.network import Edge, Node, edges, nodes
from kg.store.exporters.run import Exporter, Opener, Source

_HEADS = {
    "gephi": (
        ("Id", "Label", "kind", "type", "status", "begin", "end"),
        ("Source", "Target", "Type", "kind", "Label", "article", "sentence"),
    ),
    "neo4j": (
        ("iri:ID", "label", ":LABEL", "type", "status", "begin", "end"),
        (":START_ID", ":END_ID", ":TYPE", "kind", "label", "article", "sentence"),
    ),
}


def _write(source: Source, opened: Opener, form: str) -> Exported:
    head_of_nodes, head_of_edges = _HEADS[form]
    found = ((node.iri, _node(node, form)) for facts, _ in source.articles() for node in nodes(facts))
    count = _file(opened, "nodes.csv", head_of_nodes, found)
    text = source.text
    ends = ((edge.key, _edge(edge, form)) for facts, _ in source.articles() for edge in edges(facts, text=text))
    return Exported(count + _file(opened, "edges.csv", head_of_edges, ends), source.credit)


def _file(opened: Opener, name: str, head: Iterable[str], parts: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    with opened(name) as file:
        file.write(_line(head) + b"\r\n")
        for part in first_of_each(parts):
            file.write(part + b"\r\n")
            count += 1
    return count


def _node(node: Node, form: str) -> bytes:
    kind = node.kind.capitalize() if form == "neo4j" else node.kind
    return _line((node.iri, node.label, kind, node.type, node.status, node.begin, node.end))


def _edge(edge: Edge, form: str) -> bytes:
    kind = edge.label.upper() if form == "neo4j" else "Directed"
    return _line((edge.source, edge.target, kind, edge.kind, edge.label, edge.article, edge.sentence))


def _line(cells: Iterable[str]) -> bytes:
    """A row of CSV without its end, on one line."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([" ".join(cell.split()) for cell in cells])
    return text.getvalue()[:-2].encode("utf-8", "surrogatepass")


EXPORTER = Exporter(
    about="the network as two CSV files, for Gephi or Neo4j's import", write=_write, formats={"gephi": "", "neo4j": ""}
)
