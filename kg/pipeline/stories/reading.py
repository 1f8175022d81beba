"""The accounts of an article: what its graph says of events, by which these are compared with those of others.

Only the article's own graph is read, so that an article has the same accounts whatever else the store holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.core.iris import span_of
from kg.core.vocab import ONTOLOGY, RDF, SCHEMA, SKOS
from kg.pipeline.stories.accounts import Account, Figure, Text, Wording, is_name, name_words
from kg.pipeline.stories.copies import Source
from kg.pipeline.stories.wording import WordTable
from kg.store.files import from_ntriples
from kg.store.opening import NamedNode

if TYPE_CHECKING:
    from kg.ontology.values import Ontology

_COMPARED = ("agent", "patient", "recipient", "place")
_LABEL, _MENTION, _TYPE = SKOS + "prefLabel", ONTOLOGY + "mention", ONTOLOGY + "eventType"

Values = Mapping[str, Sequence[str]]
"""The objects of one subject by predicate, as strings, sorted."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article as stories are looked for in it: where it is from, its words, its accounts sorted by IRI."""

    source: Source
    text: Text
    accounts: tuple[Account, ...]


def read_article(ntriples: bytes, article: str, ontology: Ontology, table: WordTable) -> Read | None:
    """An article's graph (N-Triples) as accounts; None for a graph without a text."""
    said = _by_subject(ntriples)
    about = said.get(article, {})
    if not about.get(SCHEMA + "articleBody"):
        return None
    body = about[SCHEMA + "articleBody"][0]
    url, published, publisher = (
        next(iter(about.get(SCHEMA + name, ())), "") for name in ("url", "datePublished", "publisher")
    )
    wording = Wording(body, table)
    names = sorted(
        (span[0], name)
        for values in said.values()
        for name in values.get(_LABEL, ())
        if is_name(name)
        for mention in values.get(_MENTION, ())
        if (span := span_of(mention))
    )
    found = [
        account
        for iri in sorted(said)
        if (account := _account(iri, article, published, body, said, wording, names, ontology)) is not None
    ]
    return Read(
        Source(article, body, url, published, publisher), wording.whole(name for _, name in names), tuple(found)
    )


def _account(
    iri: str,
    article: str,
    published: str,
    body: str,
    said: Mapping[str, Values],
    wording: Wording,
    names: Iterable[tuple[int, str]],
    ontology: Ontology,
) -> Account | None:
    values = said[iri]
    spans = sorted(span for mention in values.get(_MENTION, ()) if (span := span_of(mention)))
    if not values.get(_TYPE) or not values.get(ONTOLOGY + "factuality") or not spans:
        return None
    first, last = spans[0]
    number, begin, end = wording.sentence(first)
    here = [name for at, name in names if begin <= at < end]
    kind = _local(values[_TYPE][0])
    called = {
        role: [name for thing in values.get(ONTOLOGY + role, ()) for name in said.get(thing, {}).get(_LABEL, ())]
        for role in _COMPARED
    }
    times = [said.get(time, {}) for time in values.get(ONTOLOGY + "time", ())]
    return Account(
        iri=iri,
        article=article,
        type=kind,
        kinds=frozenset(ontology.superclasses.get(kind, (kind,))),
        status=_local(values[ONTOLOGY + "factuality"][0]),
        trigger=wording.trigger(body[a:b] for a, b in spans),
        sentence=wording.words(number),
        near=wording.around(first, last),
        names=name_words(here),
        name_bag=wording.weighed_names(here),
        who={role: name_words(names) for role, names in called.items() if names},
        named={role: name_words(filter(is_name, names)) for role, names in called.items() if names},
        people=name_words(
            name
            for thing in values.get(ONTOLOGY + "patient", ())
            if ONTOLOGY + "Person" in said.get(thing, {}).get(RDF + "type", ())
            for name in said[thing].get(_LABEL, ())
            if is_name(name)
        ),
        begin=next((day for time in times for day in time.get(ONTOLOGY + "earliestBegin", ())), ""),
        end=next((day for time in times for day in time.get(ONTOLOGY + "latestEnd", ())), ""),
        figures=tuple(_figures(said.get(count, {}) for count in values.get(ONTOLOGY + "count", ()))),
        published=published,
        place_in_text=(number, first),
        words=" ".join(body[first:last].lower().split()),
    )


def _figures(counts: Iterable[Values]) -> list[Figure]:
    found = set()
    for values in counts:
        least, most = (next((int(v) for v in values.get(ONTOLOGY + name, ())), None) for name in ("min", "max"))
        found |= {(_local(role), least, most) for role in values.get(ONTOLOGY + "countedRole", ())}
    return [Figure(*one) for one in sorted(found, key=str)]


def _by_subject(ntriples: bytes) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in from_ntriples(ntriples):
        if isinstance(triple.subject, NamedNode):
            found[triple.subject.value][triple.predicate.value].append(str(getattr(triple.object, "value", "")))
    return {subject: {what: sorted(values) for what, values in its.items()} for subject, its in found.items()}


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
