"""The accounts of a store: what its articles say of events, by which these are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from kg.core.iris import span_of
from kg.core.vocab import ONTOLOGY, SCHEMA, SKOS
from kg.pipeline.stories.accounts import Account, Figure, Text, Wording, is_name, name_words
from kg.pipeline.stories.wording import WordTable

if TYPE_CHECKING:
    from kg.ontology.values import Ontology
    from kg.store.opening import QuerySolutions, Store

_PREFIXES = {"kg": ONTOLOGY, "schema": SCHEMA, "skos": SKOS}
_COMPARED = ("agent", "patient", "recipient", "place")

_EVENTS = """SELECT ?e ?type ?status ?begin ?end { ?e kg:eventType ?type ; kg:factuality ?status .
  OPTIONAL { ?e kg:time ?time OPTIONAL { ?time kg:earliestBegin ?begin } OPTIONAL { ?time kg:latestEnd ?end } } }"""
_TRIGGERS = "SELECT ?e ?m { ?e kg:eventType ?type ; kg:mention ?m }"
_WHO = f"""SELECT ?e ?role ?name {{ VALUES ?role {{ {" ".join("kg:" + role for role in _COMPARED)} }}
  ?e kg:eventType ?type ; ?role ?x . ?x skos:prefLabel ?name }}"""
_FIGURES = """SELECT ?e ?c ?role ?min ?max { ?e kg:count ?c . ?c kg:countedRole ?role .
  OPTIONAL { ?c kg:min ?min } OPTIONAL { ?c kg:max ?max } }"""
_NAMES = "SELECT ?m ?name { ?x skos:prefLabel ?name ; kg:mention ?m }"
_TEXTS = (
    """SELECT ?a ?text ?published { ?a schema:articleBody ?text OPTIONAL { ?a schema:datePublished ?published } }"""
)


def read_accounts(store: Store, ontology: Ontology, table: WordTable) -> tuple[list[Account], dict[str, Text]]:
    """Every event of a store as an account, sorted by its IRI, and the words of the articles by theirs."""
    triggers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in _rows(store, _TRIGGERS):
        if span := span_of(row["m"]):
            triggers[row["e"]].append(span)
    names: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(store, _NAMES):
        if is_name(row["name"]) and (place := span_of(row["m"])):
            names[_article(row["m"])].append((place[0], row["name"]))
    who: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(store, _WHO):
        who[row["e"]][_local(row["role"])].append(row["name"])
    figures: dict[str, set[tuple[str, str, int | None, int | None]]] = defaultdict(set)
    for row in _rows(store, _FIGURES):
        least, most = (int(row[key]) if key in row else None for key in ("min", "max"))
        figures[row["e"]].add((row["c"], _local(row["role"]), least, most))
    articles = {row["a"]: (row["text"], row.get("published", "")) for row in _rows(store, _TEXTS)}
    wordings = {article: Wording(text, table) for article, (text, _) in sorted(articles.items())}
    texts = {a: wording.whole(name for _, name in names[a]) for a, wording in wordings.items()}
    found: dict[str, Account] = {}
    for row in _rows(store, _EVENTS):
        iri, article = row["e"], _article(row["e"])
        if iri in found or article not in wordings or not triggers[iri]:
            continue
        wording, (first, last) = wordings[article], min(triggers[iri])
        number, begin, end = wording.sentence(first)
        here = [name for at, name in names[article] if begin <= at < end]
        kind = _local(row["type"])
        found[iri] = Account(
            iri=iri,
            article=article,
            type=kind,
            kinds=frozenset(ontology.superclasses.get(kind, (kind,))),
            status=_local(row["status"]),
            trigger=wording.trigger(articles[article][0][a:b] for a, b in sorted(triggers[iri])),
            sentence=wording.words(number),
            near=wording.around(first, last),
            names=name_words(here),
            name_bag=wording.weighed_names(here),
            who={role: name_words(called) for role, called in sorted(who[iri].items())},
            named={role: name_words(filter(is_name, called)) for role, called in sorted(who[iri].items())},
            begin=row.get("begin", ""),
            end=row.get("end", ""),
            figures=tuple(Figure(role, least, most) for _, role, least, most in sorted(figures[iri], key=str)),
            published=articles[article][1],
            place_in_text=(number, first),
        )
    return [found[iri] for iri in sorted(found)], texts


def _article(iri: str) -> str:
    return iri.partition("#")[0]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _rows(store: Store, query: str) -> Iterator[Mapping[str, str]]:
    solutions = cast("QuerySolutions", store.query(query, prefixes=_PREFIXES))
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        terms = [(name, solution[name]) for name in names]
        yield {name: str(getattr(term, "value", term)) for name, term in terms if term is not None}
