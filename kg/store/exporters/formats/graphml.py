"""``graphml``: the network as one file of GraphML, for Gephi, networkx, igraph, yEd."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from kg.store.export import Exported
from kg.store.exporters.json_parts import first_of_each
from kg.store.exporters.network import Edge, Node, edges, nodes
from kg.store.exporters.run import Exporter, Opener, Source

_NODE = ("label", "kind", "type", "status", "begin", "end")
_EDGE = ("kind", "label", "article", "sentence")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
    + "".join(f'<key id="n-{name}" for="node" attr.name="{name}" attr.type="string"/>\n' for name in _NODE)
    + "".join(f'<key id="e-{name}" for="edge" attr.name="{name}" attr.type="string"/>\n' for name in _EDGE)
    + '<graph id="news" edgedefault="directed">\n'
)


def _write(source: Source, opened: Opener, _form: str) -> Exported:
    count = 0
    with opened(None) as file:
        file.write(_HEAD.encode())
        for part in first_of_each((node.iri, _node(node)) for facts, _ in source.articles() for node in nodes(facts)):
            file.write(part + b"\n")
            count += 1
        text = source.text
        found = ((e.key, _edge(e)) for facts, _ in source.articles() for e in edges(facts, text=text))
        for part in first_of_each(found):
            file.write(part + b"\n")
            count += 1
        file.write(b"</graph>\n</graphml>\n")
    return Exported(count, source.credit)


def _node(node: Node) -> bytes:
    return f"<node id={quoteattr(node.iri)}>{_data('n', _NODE, node)}</node>".encode()


def _edge(edge: Edge) -> bytes:
    ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
    return f"<edge id={quoteattr(edge.key)} {ends}>{_data('e', _EDGE, edge)}</edge>".encode()


def _data(letter: str, names: tuple[str, ...], thing: Node | Edge) -> str:
    values = ((name, " ".join(_NO_XML.sub("\ufffd", getattr(thing, name)).split())) for name in names)
    return "".join(f'<data key="{letter}-{name}">{escape(value)}</data>' for name, value in values if value)


EXPORTER = Exporter(
    about="the network of entities and events, for Gephi, networkx, igraph",
    write=_write,
    formats={"graphml": ".graphml"},
)
