"""One article's graph, whole, as plain values: what each thing in it says of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from kg.core.iris import local_name, span_of
from kg.core.vocab import COMMON_PREFIXES, PROJECT_PREFIXES
from kg.serve.asking import iri
from kg.serve.kinds import above, roles, words
from kg.store.opening import QuerySolutions, Store

_SPACES = {**COMMON_PREFIXES, **PROJECT_PREFIXES}
KINDS = ("person", "organization", "place", "group", "other")
"""The kinds of entities that are coloured, by the class that is found first above them."""
_COLOURED = {"Person": "person", "Organization": "organization", "Place": "place", "Group": "group", "Norp": "group"}


@dataclass(frozen=True)
class Described:
    """The statements of one article by subject and predicate (``kg:min``, ``rdfs:label``), values as text."""

    article: str
    said: dict[str, dict[str, list[str]]]

    def all(self, subject: str, *predicates: str) -> list[str]:
        """Every value, sorted, of the first predicates first."""
        there = self.said.get(subject, {})
        return [value for predicate in predicates for value in sorted(there.get(predicate, ()))]

    def one(self, subject: str, *predicates: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(subject, *predicates)), "")

    def name(self, thing: str) -> str:
        """A thing's name, or the end of its IRI."""
        return self.one(thing, "skos:prefLabel", "rdfs:label") or self.slice(thing) or local_name(thing)

    @property
    def text(self) -> str:
        """The article's text."""
        return self.one(self.article, "schema:articleBody")

    @cached_property
    def events(self) -> list[str]:
        """The events, in the order of the text."""
        found = [subject for subject, its in self.said.items() if "kg:eventType" in its]
        return sorted(found, key=lambda event: (min(self.spans(event), default=(0, 0)), event))

    @cached_property
    def claims(self) -> list[str]:
        """The claims."""
        return sorted(subject for subject, its in self.said.items() if "kg:claims" in its)

    @cached_property
    def entities(self) -> list[str]:
        """The entities, in the order of the text."""
        found = [subject for subject, its in self.said.items() if "skos:prefLabel" in its and "kg:mention" in its]
        return sorted(found, key=lambda one: (min(self.spans(one), default=(0, 0)), one))

    def span(self, mention: str) -> tuple[int, int] | None:
        """Where a mention begins and ends in the text; None where it does not say."""
        return span_of(mention)

    def spans(self, thing: str) -> list[tuple[int, int]]:
        """Where a thing stands in the text, in order; of a mention, itself."""
        mentions = self.all(thing, "kg:mention") or [thing]
        return sorted(span for mention in mentions if (span := self.span(mention)))

    def slice(self, thing: str) -> str:
        """The first words of a thing."""
        spans = self.spans(thing)
        return self.text[spans[0][0] : spans[0][1]] if spans else ""

    def kind(self, thing: str) -> str:
        """One of ``KINDS``, for colouring."""
        types = [local_name(up) for own in self.all(thing, "rdf:type") for up in above(own)]
        return next((kind for name, kind in _COLOURED.items() if name in types), "other")

    def roles_of(self, event: str) -> Iterator[tuple[str, str]]:
        """Roles in words and their fillers."""
        for role in roles():
            for filler in self.all(event, f"kg:{local_name(role)}"):
                yield words(role), filler


def described(store: Store, article: str) -> Described:
    """An article's graph; nothing is in it where there is none."""
    query = f"SELECT ?s ?p ?o {{ GRAPH {iri(article)} {{ ?s ?p ?o }} }}"
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    short: dict[str, str] = {}
    for row in cast("QuerySolutions", store.query(query)):
        predicate = row["p"].value
        if predicate not in short:
            short[predicate] = _short(predicate)
        said[row["s"].value][short[predicate]].append(row["o"].value)
    return Described(article, {subject: dict(its) for subject, its in said.items()})


def _short(predicate: str) -> str:
    found: Iterable[str] = (
        f"{prefix}:{predicate[len(space) :]}" for prefix, space in _SPACES.items() if predicate.startswith(space)
    )
    return next(iter(found), predicate)
