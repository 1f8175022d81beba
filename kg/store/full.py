"""The full form of a graph, for tools that reason and count no characters: what follows from it is said beside it.

Added are classes above a thing's own and properties above a role, by the store's graph of the ontology; types of
mentions (NIF 2.0 and ours), times, counts, claims, relations and readings; begin, end and words of each mention; and
what is not stated because it is no other than something else (docs/decisions/lean-graph.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, cast

from kg.core.iris import article_of, is_mention, mention_of, span_of
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROV, RDF, RDFS, SCHEMA, XSD
from kg.store.opening import NamedNode, RdfFormat, RdfLiteral, Triple, parse, serialize

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

_NIF = COMMON_PREFIXES["nif"]
_TYPE = NamedNode(f"{RDF}type")
_BELOW = f"SELECT DISTINCT ?a ?b {{ ?a <{RDFS}subClassOf>+|<{RDFS}subPropertyOf>+ ?b }}"
_KINDS = {"time": "TimeSpan", "count": "Count"}
_OF_SUBJECT = {f"{ONTOLOGY}claims": (f"{ONTOLOGY}Claim",), f"{RDF}subject": (f"{ONTOLOGY}Relation", f"{RDF}Statement")}


def full_graphs(store: Store, only: str | None = None) -> Callable[[BinaryIO], object]:
    """What writes the N-Quads of a store's graphs, or of one, each in its full form."""
    above: dict[str, set[str]] = defaultdict(set)
    for row in cast("QuerySolutions", store.query(_BELOW)):
        above[row["a"].value].add(row["b"].value)

    def fill(output: BinaryIO) -> None:
        for graph in store.graphs() if only is None else [only]:
            name = f" <{graph}> .\n".encode()
            lines = store.graph_bytes(graph).splitlines(keepends=True)
            if graph.startswith(f"{store.base}article/"):
                lines += following(b"".join(lines), above)
            output.writelines(line[:-3] + name for line in dict.fromkeys(lines))

    return fill


def following(ntriples: bytes, above: Mapping[str, set[str]]) -> list[bytes]:
    """What follows from an article's graph, as lines of N-Triples; ``above`` has for a class or property all above."""
    said = [quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES)]
    found = {triple for part in (_terms(said, above), _spans(said), _days(said)) for triple in part}
    return (serialize(found - {*said}, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)


def _kg(name: str) -> NamedNode:
    return NamedNode(ONTOLOGY + name)


def _terms(said: list[Triple], above: Mapping[str, set[str]]) -> Iterator[Triple]:
    """Classes above, properties above, and what a property says that its subject or object is."""
    for triple in said:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if predicate == _TYPE and isinstance(value, NamedNode):
            yield from (Triple(subject, _TYPE, NamedNode(iri)) for iri in above.get(value.value, ()))
        elif predicate.value in above:
            yield from (Triple(subject, NamedNode(iri), value) for iri in above[predicate.value])
        for kind in _OF_SUBJECT.get(predicate.value, ()):
            yield Triple(subject, _TYPE, NamedNode(kind))
            if kind == f"{ONTOLOGY}Claim" and isinstance(subject, NamedNode):
                yield Triple(subject, _kg("article"), NamedNode(article_of(subject.value)))
        kind = _KINDS.get(predicate.value.removeprefix(ONTOLOGY), "")
        if kind and isinstance(value, NamedNode):
            yield Triple(value, _TYPE, _kg(kind))
        if predicate.value == f"{PROV}wasGeneratedBy" and isinstance(value, NamedNode):
            yield Triple(value, _TYPE, NamedNode(f"{PROV}Activity"))


def _spans(said: list[Triple]) -> Iterator[Triple]:
    """Mentions, and the text that they are stretches of (NIF's context)."""
    texts = {t.subject: t.object for t in said if t.predicate.value == f"{SCHEMA}articleBody"}
    whole = {article: _whole(article, text) for article, text in texts.items()}
    for article, context in whole.items():
        for kind in ("Context", "RFC5147String"):
            yield Triple(context, _TYPE, NamedNode(_NIF + kind))
        yield Triple(context, NamedNode(f"{_NIF}isString"), texts[article])
    shown = {*_shown(said)}
    yield from shown
    mentions = {t.object for t in (*said, *shown) if isinstance(t.object, NamedNode) and is_mention(t.object.value)}
    for mention in mentions:
        article, span = NamedNode(article_of(mention.value)), span_of(mention.value)
        if article not in texts or span is None:
            continue
        begin, end = span
        words = RdfLiteral(cast("RdfLiteral", texts[article]).value[begin:end])
        for kind in (ONTOLOGY + "Mention", f"{_NIF}Phrase", f"{_NIF}RFC5147String"):
            yield Triple(mention, _TYPE, NamedNode(kind))
        for ours, theirs, value in (("begin", "beginIndex", begin), ("end", "endIndex", end)):
            yield Triple(mention, _kg(ours), RdfLiteral(value))
            number = NamedNode(f"{XSD}nonNegativeInteger")
            yield Triple(mention, NamedNode(_NIF + theirs), RdfLiteral(str(value), datatype=number))
        yield Triple(mention, _kg("exact"), words)
        yield Triple(mention, NamedNode(f"{_NIF}anchorOf"), words)
        yield Triple(mention, _kg("article"), article)
        yield Triple(mention, NamedNode(f"{_NIF}referenceContext"), whole[article])


def _shown(said: list[Triple]) -> Iterator[Triple]:
    """What the IRI of a time, count, relation or claim says: the mention that shows it."""
    things = [(t.object if t.predicate in (_kg("time"), _kg("count")) else t.subject, t.predicate) for t in said]
    shows = {_kg(name): _kg("mention") for name in ("time", "count")}
    shows |= {NamedNode(f"{RDF}subject"): _kg("mention"), _kg("claims"): _kg("cue")}
    for thing, predicate in things:
        if predicate in shows and isinstance(thing, NamedNode) and (mention := mention_of(thing.value)):
            yield Triple(thing, shows[predicate], NamedNode(mention))


def _whole(article: object, text: object) -> NamedNode:
    return NamedNode(f"{cast('NamedNode', article).value}#char=0,{len(cast('RdfLiteral', text).value)}")


def _days(said: list[Triple]) -> Iterator[Triple]:
    """Of times and counts what is not stated because it follows."""
    known: dict[str, dict[object, object]] = defaultdict(dict)
    for triple in said:
        known[triple.predicate.value.removeprefix(ONTOLOGY)][triple.subject] = triple.object
    texts = known[f"{SCHEMA}articleBody"]
    for time in cast("set[NamedNode]", {*known["time"].values()}):
        for name, other in (("latestBegin", "latestEnd"), ("earliestEnd", "earliestBegin")):
            if time not in known[name] and time in known[other]:
                yield Triple(time, _kg(name), cast("RdfLiteral", known[other][time]))
        if time not in known["inferred"]:
            yield Triple(time, _kg("inferred"), RdfLiteral(False))
        if span := span_of(time.value):
            text = texts.get(NamedNode(article_of(time.value)))
            if isinstance(text, RdfLiteral):
                yield Triple(time, NamedNode(f"{RDFS}label"), RdfLiteral(text.value[span[0] : span[1]]))
    for count in cast("set[NamedNode]", {t.object for t in said if t.predicate == _kg("count")}):
        if count not in known["approximate"]:
            yield Triple(count, _kg("approximate"), RdfLiteral(False))
