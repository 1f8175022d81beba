"""What people say of a reading that is wrong: nodes in a graph of their own, with who and why.

A correction names its event by where it stands: the article, the span of the words that tell of it, and its type. So it
holds for every later reading of the same text, by whichever model, until it is taken back. ``kg.pipeline.corrected``
applies them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from kg.core.errors import KgError
from kg.core.iris import local_name
from kg.core.vocab import ONTOLOGY as KG
from kg.core.vocab import RDF, XSD
from kg.store.files import from_ntriples, to_ntriples
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

Change = Literal["type", "status", "time", "source", "fills", "fills-not", "is-none", "same", "missed"]
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Words of an article's text: half-open, in code points."""

    begin: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that is otherwise than it was read.

    ``value`` is, by the kind of change: the new type (local name), the new status, dates (``2024-05-06``, ``2024-05``,
    ``2024-05-06..2024-05-08``, ``none``), a role (fills, fills-not), the other event's type (same), else "". ``other``
    are the words of who fills the role or says so, or those of the other event; None for the article's own voice.
    """

    order: int  # they are applied in the order in which they were made
    article: str  # IRI
    text: str  # digest of the article's text
    place: Place  # the words that tell of the event
    type: str  # the event's type, by local name, before this correction
    change: Change
    value: str
    other: Place | None
    by: str
    why: str

    @property
    def says(self) -> str:
        """The change as a person reads it."""
        other = f"“{self.other.words}”" if self.other else "the article itself"
        match self.change:
            case "type":
                return f"it is {a(self.value)}"
            case "status":
                return f"it is {self.value}"
            case "time":
                return f"its time is {self.value}"
            case "source":
                return f"{other} says so"
            case "fills":
                return f"{other} is its {self.value}"
            case "fills-not":
                return f"{other} is not its {self.value}"
            case "is-none":
                return f"no {self.type} is told of here"
            case "same":
                return f"it is the same as the {self.value} at {other}"
            case _:
                return f"{a(self.type)} is told of here"


def a(noun: str) -> str:
    """A noun with its article, by its first letter."""
    return f"{'an' if noun[:1] in tuple('AEIOUaeiou') else 'a'} {noun}"


def corrections_graph(store: Store) -> str:
    """The IRI of the graph that holds all corrections."""
    return f"{store.base}graph/corrections"


def read_corrections(store: Store, articles: Iterable[str] | None = None) -> dict[str, Correction]:
    """Corrections by IRI in the order in which they were made: all, or those of some articles (IRIs)."""
    wanted = None if articles is None else set(articles)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in from_ntriples(store.graph_bytes(corrections_graph(store))):
        if isinstance(triple.subject, NamedNode):
            value = getattr(triple.object, "value", "")
            said[triple.subject.value][triple.predicate.value.removeprefix(KG)] = value
    found = {iri: _correction(values) for iri, values in said.items() if "change" in values}
    chosen = {iri: one for iri, one in found.items() if wanted is None or one.article in wanted}
    return dict(sorted(chosen.items(), key=lambda pair: (pair[1].order, pair[0])))


def add_correction(store: Store, correction: Correction) -> str:
    """Keep a correction as the last one; its IRI."""
    known = read_corrections(store)
    order = 1 + max((one.order for one in known.values()), default=0)
    numbered = replace(correction, order=order)
    iri = _iri(store, numbered)
    _write(store, {**known, iri: numbered})
    return iri


def remove_corrections(store: Store, chosen: Iterable[str]) -> list[Correction]:
    """Take corrections back, by their IRIs or the ends of these; KgError for what is none."""
    known = read_corrections(store)
    hits = []
    for name in chosen:
        found = [iri for iri in known if iri == name or iri.endswith(f"#{name.rpartition('#')[2]}")]
        if not found:
            raise KgError(f"{name} is no correction: `kg correct --list` has them")
        hits += found
    _write(store, {iri: one for iri, one in known.items() if iri not in hits})
    return [known[iri] for iri in dict.fromkeys(hits)]


def _iri(store: Store, correction: Correction) -> str:
    where = local_name(correction.article)
    return f"{corrections_graph(store)}#{correction.order}-{where}-{correction.place.begin}-{correction.change}"


def _write(store: Store, corrections: Mapping[str, Correction]) -> None:
    triples = [triple for iri, one in corrections.items() for triple in _triples(iri, one)]
    graph = corrections_graph(store)
    if triples:
        store.replace(graph, to_ntriples(triples))
    else:
        store.drop(graph)


def _triples(iri: str, one: Correction) -> Iterable[Triple]:
    node = NamedNode(iri)

    def say(name: str, value: str | int | None, datatype: str = "string") -> Iterable[Triple]:
        if value is not None:
            term = RdfLiteral(str(value), datatype=NamedNode(XSD + datatype))
            yield Triple(node, NamedNode(KG + name), term)

    yield Triple(node, NamedNode(f"{RDF}type"), NamedNode(f"{KG}Correction"))
    yield Triple(node, NamedNode(f"{KG}correctedArticle"), NamedNode(one.article))
    yield from say("order", one.order, "integer")
    yield from say("textDigest", one.text)
    yield from say("begin", one.place.begin, "integer")
    yield from say("end", one.place.end, "integer")
    yield from say("exact", one.place.words)
    yield from say("correctedType", one.type)
    yield from say("change", one.change)
    yield from say("newValue", one.value)
    if one.other is not None:
        yield from say("otherBegin", one.other.begin, "integer")
        yield from say("otherEnd", one.other.end, "integer")
        yield from say("otherExact", one.other.words)
    yield from say("by", one.by)
    yield from say("reason", one.why)


def _correction(values: Mapping[str, str]) -> Correction:
    change = next((known for known in CHANGES if known == values["change"]), None)
    if change is None:
        raise KgError(f"a correction makes a change {values['change']!r} that this version of kg does not know")
    other = None
    if "otherBegin" in values:
        other = Place(int(values["otherBegin"]), int(values["otherEnd"]), values.get("otherExact", ""))
    return Correction(
        order=int(values.get("order", "0")),
        article=values["correctedArticle"],
        text=values.get("textDigest", ""),
        place=Place(int(values["begin"]), int(values["end"]), values.get("exact", "")),
        type=values.get("correctedType", ""),
        change=change,
        value=values.get("newValue", ""),
        other=other,
        by=values.get("by", ""),
        why=values.get("reason", ""),
    )
