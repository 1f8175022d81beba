"""The embedded stores' default graph: the merge of all named graphs, each triple once, kept with every change.

The engine's own union of graphs finds a triple once for each graph that holds it, so that what articles share is
counted more often than it is said. So the merge is stored, and changes in the transaction that changes a graph: what
only the graph held is lifted out first, what it holds afterwards is added. An update request must not write to the
merge: its default graph is a named one, ``BASE graph/default``. See docs/decisions/union-graph.md.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

MANY = 50  # graphs: from here on the whole merge is looked through
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")

_SETTLE_ALL = """\
DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } } ;
INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"""
_CLEAR_NAMED = "DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{own}>) }}"


def merged(quads: Iterable[ox.Quad], own: str) -> Iterator[ox.Quad]:
    """Quads for an empty dataset, each with its triple in the merge; those of no graph are put into ``own``."""
    default = ox.NamedNode(own)
    for quad in quads:
        graph = default if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def around(operations: str, graphs: Collection[str]) -> str:
    """One request that runs operations which write to no other graphs than these (IRIs), and keeps the merge."""
    return " ;\n".join([_lift(graphs), operations, _add(graphs)])


def _lift(graphs: Collection[str]) -> str:
    """What takes the triples that only these graphs hold out of the merge."""
    names = [f"<{graph}>" for graph in sorted(graphs)]
    return (
        f"DELETE {{ ?s ?p ?o }} WHERE {{ VALUES ?g {{ {' '.join(names)} }} GRAPH ?g {{ ?s ?p ?o }} FILTER NOT EXISTS "
        f"{{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other NOT IN ({', '.join(names)})) }} }}"
    )


def _add(graphs: Collection[str]) -> str:
    """What adds the triples of these graphs to the merge."""
    return " ;\n".join(f"ADD SILENT GRAPH <{graph}> TO DEFAULT" for graph in sorted(graphs))


def kept(update: str, own: str, prefixes: Mapping[str, str]) -> str:
    """A person's update request so written that ``own`` is its default graph and the merge is kept.

    QueryError where it cannot be read. Where it may write to any graph the whole merge is looked through: some ten
    seconds for a million triples, in flat memory.
    """
    sparql = Sparql(update)
    if not sparql.tokens:
        return update
    translation = _Translation(sparql, own, prefixes)
    graphs = translation.graphs
    if graphs is None or len(graphs) > MANY:
        return translation.text(after=_SETTLE_ALL)
    return translation.text(_lift(graphs), _add(graphs)) if graphs else translation.text()


def written_graphs(update: str, own: str, prefixes: Mapping[str, str]) -> set[str] | None:
    """The graphs (IRIs) that a person's update request may write to, None for any; QueryError as for ``kept``."""
    sparql = Sparql(update)
    return _Translation(sparql, own, prefixes).graphs if sparql.tokens else set()


class _Translation:
    """One update request: what to write in its place, and the graphs it may write to (None: any)."""

    def __init__(self, sparql: Sparql, own: str, prefixes: Mapping[str, str]) -> None:
        self._sparql = sparql
        self._own = own
        self._namespaces = dict(prefixes)
        self._edits: list[tuple[int, int, str]] = []
        self._begin: int | None = None  # behind the prologue, which the engine takes only at the beginning
        self.graphs: set[str] | None = set()
        for operation in _operations(sparql.tokens):
            if rest := self._after_prologue(operation):
                self._begin = rest[0].start if self._begin is None else self._begin
                self._translate(rest)

    def text(self, before: str = "", after: str = "") -> str:
        """The request with operations in front of its first and behind its last."""
        text = self._sparql.text
        last = self._sparql.tokens[-1]
        if last.text == ";":
            text = text[: last.start]
        elif "#" in text[last.end :]:  # a comment would swallow what follows
            text = text[: last.end]
        for start, end, replacement in sorted(self._edits, reverse=True):
            text = text[:start] + replacement + text[end:]
        if before:
            text = f"{text[: self._begin]}{before} ;\n{text[self._begin :]}"
        return f"{text} ;\n{after}" if after else text

    def _after_prologue(self, tokens: list[Token]) -> list[Token]:
        while tokens and tokens[0].keyword in ("PREFIX", "BASE", "VERSION"):
            if tokens[0].keyword == "PREFIX" and len(tokens) > 2:
                self._namespaces[tokens[1].text.partition(":")[0]] = tokens[2].text[1:-1]
            tokens = tokens[3 if tokens[0].keyword == "PREFIX" else 2 :]
        return tokens

    def _translate(self, tokens: list[Token]) -> None:
        """One operation (SPARQL 1.1 Update, section 3)."""
        first, last = tokens[0], tokens[-1]
        second = tokens[1].keyword if len(tokens) > 1 else ""
        match first.keyword:
            case "LOAD" if all(token.keyword != "INTO" for token in tokens):
                self._insert(last.end, f" INTO GRAPH <{self._own}>")
                self._writes_own()
            case "LOAD" | "CREATE":
                self._writes(last)
            case "CLEAR" | "DROP" if last.keyword == "NAMED":
                self._edits.append((first.start, last.end, _CLEAR_NAMED.format(own=self._own)))
                self.graphs = None
            case "CLEAR" | "DROP" | "ADD" | "MOVE" | "COPY":
                for token in tokens[1:]:
                    if token.keyword == "DEFAULT":
                        self._edits.append((token.start, token.end, f"GRAPH <{self._own}>"))
                        self._writes_own()
                    elif token.kind in ("iri", "name") or token.keyword == "ALL":
                        self._writes(token)
                if second != "SILENT" and any(token.keyword == "DEFAULT" for token in tokens):
                    self._insert(first.end, " SILENT")  # the default graph is always there
            case "INSERT" | "DELETE" if second in ("DATA", "WHERE"):
                self._wrap(tokens)
                self._writes_named(tokens)
            case "WITH" | "INSERT" | "DELETE":
                if first.keyword == "WITH" and len(tokens) > 1:
                    self._writes(tokens[1])
                else:
                    self._insert(first.start, f"WITH <{self._own}> ")
                    self._writes_own()
                self._writes_named(_templates(tokens))

    def _wrap(self, tokens: list[Token]) -> None:
        """Put the triples that stand in no GRAPH of a block of quads into one."""
        depth, inside_graph, is_open = 0, 0, False
        for token in tokens:
            if token.text == "}" and token.kind == "mark":
                if inside_graph == depth:
                    inside_graph = 0
                depth -= 1
                closes = depth == 0
            else:
                closes = token.keyword == "GRAPH" and not inside_graph
            if closes and is_open:
                self._insert(token.start, "} ")
                is_open = False
            if token.keyword == "GRAPH" and not inside_graph:
                inside_graph = depth + 1
            elif depth == 1 and not inside_graph and not is_open and token.text not in (".", "}"):
                self._insert(token.start, f"GRAPH <{self._own}> {{ ")
                self._writes_own()
                is_open = True
            if token.text == "{" and token.kind == "mark":
                depth += 1

    def _writes_named(self, tokens: list[Token]) -> None:
        for before, token in pairwise(tokens):
            if before.keyword == "GRAPH":
                self._writes(token)

    def _writes_own(self) -> None:
        if self.graphs is not None:
            self.graphs.add(self._own)

    def _writes(self, token: Token) -> None:
        """Note a graph that is written to; any, where its name is a variable or not surely what the engine reads."""
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            iri = self._namespaces.get(prefix, "") + local
        else:
            iri = token.text[1:-1] if token.kind == "iri" else ""
        if not _ABSOLUTE.match(iri) or "\\" in iri or "/." in iri:
            self.graphs = None
        elif self.graphs is not None:
            self.graphs.add(iri)

    def _insert(self, position: int, text: str) -> None:
        self._edits.append((position, position, text))


def _operations(tokens: tuple[Token, ...]) -> Iterator[list[Token]]:
    """The tokens of each operation with the prologue before it."""
    depth = 0
    operation: list[Token] = []
    for token in tokens:
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        if token.text == ";" and depth == 0:
            yield operation
            operation = []
        else:
            operation.append(token)
    yield operation


def _templates(tokens: list[Token]) -> list[Token]:
    """What stands before the pattern of an operation."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        elif depth == 0 and token.keyword in ("USING", "WHERE"):
            return tokens[:index]
    return tokens
