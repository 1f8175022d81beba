"""Links as a person reviews them: what both sides say for themselves, and SSSOM's columns out and back.

SSSOM (https://w3id.org/sssom) says it in its own words: an accepted link is a ``skos:exactMatch``, a rejected one that
with the modifier ``Not``, a candidate a ``skos:closeMatch``.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kg.core.errors import KgError
from kg.core.iris import article_of, local_name, span_of
from kg.core.vocab import ONTOLOGY, OWL, RDFS, SCHEMA, SKOS
from kg.linking.dataset import DESCRIPTIONS, NAMES, PLACES, TYPES, https
from kg.linking.links import reasons_of
from kg.linking.match import DECIDED, Link, LinkStatus
from kg.ontology.sentences import sentence_around
from kg.store.opening import NamedNode, RdfLiteral

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store, Term

_BATCH = 200  # things asked for at once
_OUR_PLACES = (ONTOLOGY + "locatedIn", ONTOLOGY + "nationality")
_GENERAL = frozenset({"Entity", "Agent", "Thing", "NamedIndividual"})

SSSOM = (
    "subject_id subject_label subject_category predicate_id predicate_modifier object_id object_label object_category "
    "mapping_justification confidence object_source comment"
).split()
"""The columns of SSSOM that are written."""
_EXACT = ("skos:exactMatch", SKOS + "exactMatch", "owl:sameAs", OWL + "sameAs")


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a link says for itself; empty where it says nothing."""

    label: str = ""
    types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # countries, and what else it lies in or belongs to
    description: str = ""
    sentence: str = ""  # of an article, of ours only


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A link with both its sides."""

    iri: str
    link: Link
    ours: Side
    theirs: Side

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for the link and against it."""
        return reasons_of(self.link)

    @property
    def decided(self) -> bool:
        """Whether a person gave it its status."""
        return self.link.method == DECIDED


def review(store: Store, links: Mapping[str, Link]) -> list[Reviewed]:
    """Links (by their IRI) with what the store knows of both sides, in the order given."""
    iris = sorted({iri for link in links.values() for iri in (link.subject, link.target)})
    sides: dict[str, Side] = {}
    for start in range(0, len(iris), _BATCH):
        sides |= _sides(store, iris[start : start + _BATCH])
    empty = Side()
    return [
        Reviewed(iri, link, sides.get(link.subject, empty), sides.get(link.target, empty))
        for iri, link in links.items()
    ]


def sssom_rows(reviewed: Iterable[Reviewed], short: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    """Links in SSSOM's columns (``SSSOM``); ``short`` writes an IRI as a prefixed name where it can."""
    for one in reviewed:
        link = one.link
        yield (
            short(link.subject),
            one.ours.label,
            "|".join(one.ours.types),
            "skos:closeMatch" if link.status == "candidate" else "skos:exactMatch",
            "Not" if link.status == "rejected" else "",
            short(link.target),
            one.theirs.label,
            "|".join(one.theirs.types),
            "semapv:ManualMappingCuration" if one.decided else "semapv:CompositeMatching",
            str(link.score),
            short(link.dataset) if link.dataset else "",
            "; ".join(one.reasons),
        )


def sssom_head(prefixes: Mapping[str, str], mapping_set: str) -> str:
    """The metadata that a mapping set (its IRI) in SSSOM's TSV begins with, as comments."""
    known = {**prefixes, "semapv": "https://w3id.org/semapv/vocab/"}
    lines = ["curie_map:", *(f"  {name}: {iri}" for name, iri in sorted(known.items()))]
    about = [
        f"mapping_set_id: {mapping_set}",
        "license: https://w3id.org/sssom/license/unspecified",
        "mapping_tool: kg",
    ]
    return "".join(f"# {line}\n" for line in [*lines, *about])


def read_sssom(text: str, where: str, iri: Callable[[str], str]) -> list[tuple[str, str, LinkStatus]]:
    """Subject, target and status of each row of SSSOM, as CSV or TSV; ``iri`` expands prefixed names.

    KgError, with the line, for what has not the columns or says nothing that is known.
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    first = lines[head] if head < len(lines) else ""
    rows = csv.DictReader(io.StringIO("".join(lines[head:])), delimiter="\t" if "\t" in first else ",")
    missing = {"subject_id", "object_id", "predicate_id"} - set(rows.fieldnames or ())
    if missing:
        raise KgError(f"{where}: no column {min(missing)}: it takes SSSOM, as `kg links --format sssom` writes it")
    found = []
    for row in rows:
        line = head + rows.line_num
        subject, target, predicate = ((row[name] or "").strip() for name in ("subject_id", "object_id", "predicate_id"))
        if not subject or not target:
            raise KgError(f"{where}: line {line}: subject_id or object_id is empty; nothing was changed")
        status: LinkStatus = "accepted" if predicate in _EXACT else "candidate"
        if (row.get("predicate_modifier") or "").strip().casefold() == "not":
            status = "rejected"
        sides = [iri(side) for side in (subject, target)]
        for side in sides:
            try:
                NamedNode(side)
            except ValueError as error:
                raise KgError(f"{where}: line {line}: {side!r} is no IRI ({error}); nothing was changed") from error
        found.append((sides[0], sides[1], status))
    return found


def _sides(store: Store, iris: list[str]) -> dict[str, Side]:
    predicates = (*NAMES, *TYPES, *PLACES, *DESCRIPTIONS, *_OUR_PLACES)
    both = {p for one in predicates for p in (one, one.replace("https://schema.org/", "http://schema.org/"))}
    query = (
        f"SELECT ?s ?p ?o (MIN(STR(?label)) AS ?l) WHERE {{ VALUES ?s {{ {_values(iris)} }} "
        f"VALUES ?p {{ {_values(sorted(both))} }} "
        f"?s ?p ?o OPTIONAL {{ ?o <{RDFS}label>|<{SKOS}prefLabel>|<{SCHEMA}name>|<http://schema.org/name> ?label "
        'FILTER(LANG(?label) IN ("", "en", "mul")) } } GROUP BY ?s ?p ?o ORDER BY ?s ?p ?o'
    )
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in cast("QuerySolutions", store.query(query)):
        predicate = https(row["p"].value)
        said[row["s"].value][predicate].append(_shown(row["o"], row["l"]))
    sentences = _sentences(store, iris)

    def parts(iri: str, names: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(value for name in names for value in said[iri].get(name, ()) if value))

    return {
        iri: Side(
            label=next(iter(parts(iri, NAMES)), ""),
            types=tuple(t for t in parts(iri, TYPES) if t not in _GENERAL),
            places=tuple(parts(iri, (*_OUR_PLACES, *sorted(PLACES)))),
            description=next(iter(parts(iri, DESCRIPTIONS)), ""),
            sentence=sentences.get(iri, ""),
        )
        for iri in iris
    }


def _shown(value: Term, label: Term | None) -> str:
    if isinstance(value, NamedNode) and value.value.startswith(ONTOLOGY):
        return local_name(value.value)
    if isinstance(label, RdfLiteral):
        return label.value
    if isinstance(value, RdfLiteral):
        return value.value if (value.language or "en").split("-")[0] in ("en", "mul") else ""
    return local_name(value.value) if isinstance(value, NamedNode) else ""


def _sentences(store: Store, iris: list[str]) -> dict[str, str]:
    """A sentence of the first article that names each thing."""
    ours = [iri for iri in iris if iri.startswith(store.base)]
    query = f"SELECT ?s ?m WHERE {{ VALUES ?s {{ {_values(ours)} }} ?s <{ONTOLOGY}mention> ?m }}"
    first: dict[str, tuple[str, int]] = {}
    for row in cast("QuerySolutions", store.query(query)):
        mention = row["m"].value
        if span := span_of(mention):
            place = (article_of(mention), span[0])
            first[row["s"].value] = min(place, first.get(row["s"].value, place))
    articles = sorted({article for article, _ in first.values()})
    query = f"SELECT ?a ?t WHERE {{ VALUES ?a {{ {_values(articles)} }} ?a <{SCHEMA}articleBody> ?t }}"
    texts = {row["a"].value: row["t"].value for row in cast("QuerySolutions", store.query(query))}
    return {iri: sentence_around(texts.get(article, ""), begin) for iri, (article, begin) in first.items()}


def _values(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)
