"""An entity: names, classes, relations, links with what the other side adds, and what it did and what befell it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kg.core.iris import local_name, span_of
from kg.core.vocab import ONTOLOGY
from kg.serve.asking import iri, iris, pairs, rows
from kg.serve.chosen import Choice
from kg.serve.drawing import standalone
from kg.serve.kinds import most_specific, roles, words
from kg.serve.links_of import Linked, links_of
from kg.serve.page import Export, Page, Params
from kg.serve.pages.happenings import Happening, Named, dated
from kg.serve.pages.happenings import described as happenings
from kg.serve.pages.timeline import drawn, table
from kg.serve.problems import Problem
from kg.serve.shown import article_name
from kg.serve.told import sentence
from kg.store.opening import Store

_EVENTS, _DRAWN, _ARTICLES, _QUOTED = 300, 60, 200, 8
_NO_RELATION = frozenset({"mention", "sourceType", "prefLabel", "altLabel", "label", "type", "sameAs"})


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that names it, cut around the name."""

    article: Named
    published: str
    before: str
    name: str
    after: str


@dataclass(frozen=True, slots=True)
class EntityPage:
    """An entity as it is shown."""

    iri: str
    name: str
    others: tuple[str, ...]
    types: tuple[tuple[str, str], ...]  # IRI, words
    relations: tuple[tuple[str, str, str], ...]  # words, IRI of the other (or nothing), its name
    links: tuple[Linked, ...]
    acts: tuple[tuple[str, tuple[Happening, ...]], ...]  # by role
    says: tuple[Happening, ...]
    svg: Markup | None
    articles: int
    quotes: tuple[Quote, ...]


def show(store: Store, params: Params) -> EntityPage:
    """An entity; Problem where the store does not know it."""
    thing = params.get("iri", "")
    node = iri(thing)
    names = [
        row["n"] for row in rows(store, f"SELECT DISTINCT ?n {{ {node} skos:prefLabel|rdfs:label ?n }} ORDER BY ?n")
    ]
    others = [row["n"] for row in rows(store, f"SELECT DISTINCT ?n {{ {node} skos:altLabel ?n }} ORDER BY ?n")]
    kinds = {row["t"] for row in rows(store, f"SELECT DISTINCT ?t {{ {node} a ?t }}")}
    if not names and not kinds:
        raise Problem("not-found", f"the store says nothing about {thing[:200]}")
    drawn_events = dated(store, Choice(who=thing), _DRAWN)
    counted = rows(store, f"SELECT (COUNT(DISTINCT ?g) AS ?n) {{ GRAPH ?g {{ {node} kg:mention ?m }} }}")
    return EntityPage(
        iri=thing,
        name=names[0] if names else local_name(thing),
        others=tuple(dict.fromkeys([*names[1:], *others])),
        types=tuple((kind, words(kind)) for kind in most_specific(kinds)),
        relations=tuple(_relations(store, node)),
        links=tuple(links_of(store, thing)),
        acts=tuple(_acts(store, node)),
        says=tuple(_says(store, node)),
        svg=drawn(drawn_events) if drawn_events else None,
        articles=int(next(counted)["n"]),
        quotes=tuple(_quotes(store, thing)),
    )


def _relations(store: Store, node: str) -> list[tuple[str, str, str]]:
    """What it is to others and others to it, of our own properties that are no roles."""
    query = (
        f"SELECT DISTINCT ?way ?p ?o ?l {{ {{ {node} ?p ?o BIND('' AS ?way) }} UNION "
        f"{{ ?o ?p {node} . ?o skos:prefLabel ?any BIND(' of' AS ?way) }} "
        f'FILTER(STRSTARTS(STR(?p), "{ONTOLOGY}")) OPTIONAL {{ ?o skos:prefLabel ?l }} }} '
        "ORDER BY ?way ?p ?l ?o LIMIT 200"
    )
    taken = _NO_RELATION | {local_name(role) for role in roles()}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in rows(store, query):
        if local_name(row["p"]) not in taken:
            iri_ = row["o"] if "l" in row else ""
            told = _turned(words(row["p"])) if row["way"] else words(row["p"])
            found.setdefault((row["p"] + row["way"], row["o"]), (told, iri_, row.get("l", row["o"])))
    return list(found.values())


def _turned(what: str) -> str:
    """A relation from its other end: "nationality" is told as "nationality of", "part of" as "part"."""
    return what.removesuffix(" of") if what.endswith(" of") else f"{what} of"


def _acts(store: Store, node: str) -> list[tuple[str, tuple[Happening, ...]]]:
    found = []
    for role in roles():
        query = f"SELECT DISTINCT ?e {{ ?e <{role}> {node} ; kg:eventType ?t }} ORDER BY ?e LIMIT {_EVENTS}"
        if events := happenings(store, [row["e"] for row in rows(store, query)]):
            ordered = sorted(events, key=lambda event: (not event.earliest_begin, event.earliest_begin, event.iri))
            found.append((words(role), tuple(ordered)))
    return found


def _says(store: Store, node: str) -> list[Happening]:
    query = (
        f"SELECT DISTINCT ?e {{ ?c kg:source {node} ; kg:claims ?e . ?e kg:eventType ?t }} ORDER BY ?e LIMIT {_EVENTS}"
    )
    return happenings(store, [row["e"] for row in rows(store, query)])


def _quotes(store: Store, thing: str) -> list[Quote]:
    """The first sentence that names it in each of the newest articles."""
    query = (
        f"SELECT DISTINCT ?g ?d ?h {{ GRAPH ?g {{ {iri(thing)} kg:mention ?m }} ?g a kg:Article "
        f"OPTIONAL {{ ?g schema:datePublished ?d }} OPTIONAL {{ ?g schema:headline ?h }} }} "
        f"ORDER BY DESC(?d) ?g LIMIT {_QUOTED}"
    )
    newest = list(rows(store, query))
    graphs = f"VALUES ?g {{ {iris(row['g'] for row in newest)} }}"
    texts = dict(pairs(store, f"SELECT ?g ?b {{ {graphs} ?g schema:articleBody ?b }}"))
    spans: dict[str, list[tuple[int, int]]] = {}
    for article, mention in pairs(store, f"SELECT ?g ?m {{ {graphs} GRAPH ?g {{ {iri(thing)} kg:mention ?m }} }}"):
        if span := span_of(mention):
            spans.setdefault(article, []).append(span)
    found = []
    for row in newest:
        if (text := texts.get(row["g"])) and row["g"] in spans:
            begin, end = min(spans[row["g"]])
            first, last = sentence(text, begin)
            named = Named(row["g"], row.get("h") or article_name(row["g"]))
            found.append(Quote(named, row.get("d", ""), text[first:begin], text[begin:end], text[end:last]))
    return found


def _csv(store: Store, params: Params) -> bytes:
    values = " ".join(f"<{role}>" for role in roles())
    query = f"SELECT DISTINCT ?e {{ VALUES ?r {{ {values} }} ?e ?r {iri(params.get('iri', ''))} }}"
    return table(happenings(store, [row["e"] for row in rows(store, f"{query} ORDER BY ?e")]))


def _svg(store: Store, params: Params) -> bytes:
    return standalone(drawn(dated(store, Choice(who=iri(params.get("iri", ""))[1:-1]), _DRAWN)))


PAGE = Page(
    "/entity",
    "Entity",
    "entity.html",
    show,
    menu=False,
    exports=(Export("csv", "text/csv; charset=utf-8", _csv), Export("svg", "image/svg+xml", _svg)),
)
