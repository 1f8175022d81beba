"""Figures of a store: graphs, articles, classes, properties, events by type and by month, versions that read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.core.errors import KgError
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, RDF
from kg.query.prepare import known_prefixes
from kg.query.results import Namer
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Store


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its section, what is counted, how many."""

    section: str
    item: str
    number: int


_MENTIONS = f"""SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{
  {{ ?y kg:mention|kg:time|kg:count ?m }} UNION {{ ?m kg:source|<{RDF}subject> ?y }}
  BIND(REPLACE(STRAFTER(STRAFTER(STR(?m), "#"), "="), "-", ",") AS ?span)
  BIND(CONCAT(STRBEFORE(STR(?m), "#"), " ", ?span) AS ?x) FILTER(?span != "") }}"""
# Figures count what is distinct in the union of the graphs.
_QUERIES = {
    "store": (
        ("articles", "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x a kg:Article }"),
        ("graphs", "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"),
        ("triples", "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"),
        ("events", "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x kg:eventType ?t }"),
        ("entities", "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x skos:prefLabel ?l ; kg:mention ?m }"),
        ("claims", "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x kg:claims ?c }"),
        ("mentions", _MENTIONS),
        ("links", "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x a kg:Link }"),
    )
}
_SECTIONS = {
    "events by type": "SELECT ?x (COUNT(DISTINCT ?e) AS ?n) WHERE { ?e kg:eventType ?x } GROUP BY ?x",
    "events by factuality": "SELECT ?x (COUNT(DISTINCT ?e) AS ?n) WHERE { ?e kg:factuality ?x } GROUP BY ?x",
    "events by month": (
        "SELECT ?x (COUNT(DISTINCT ?e) AS ?n) WHERE { ?e kg:time/kg:earliestBegin ?d "
        "BIND(SUBSTR(STR(?d), 1, 7) AS ?x) } GROUP BY ?x"
    ),
    "instances by class": "SELECT ?x (COUNT(DISTINCT ?i) AS ?n) WHERE { ?i a ?x } GROUP BY ?x",
    "statements by property": "SELECT ?x (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?x ?o } } GROUP BY ?x",
    "articles by what read them": (
        "SELECT ?x (COUNT(DISTINCT ?a) AS ?n) WHERE { ?a prov:wasGeneratedBy ?r . ?r kg:program ?p ; kg:model ?m "
        'BIND(CONCAT(STR(?p), ", model ", STR(?m)) AS ?x) } GROUP BY ?x'
    ),
}
_LONG = ("instances by class", "statements by property", "events by month")
_LARGEST = 10  # event types that are shown where all are not asked for
_BY_NAME = frozenset({"events by month", "articles by what read them"})


def read_figures(store: Store) -> list[Figure]:
    """All figures: sections in a fixed order, months in the order of time, the rest by number, largest first."""
    namer = Namer(known_prefixes(store.base))
    figures = [Figure("store", item, _ask(store, query, namer)[0][1]) for item, query in _QUERIES["store"]]
    for section, query in _SECTIONS.items():
        rows = _ask(store, query, namer)
        rows.sort(key=_by_item if section in _BY_NAME else _by_number)
        figures += [Figure(section, item, number) for item, number in rows]
    return figures


def in_short(figures: list[Figure]) -> list[Figure]:
    """The figures that a person looks at first: no list of classes, properties and months, the largest types only."""
    shown = [figure for figure in figures if figure.section not in _LONG]
    types = [figure for figure in shown if figure.section == "events by type"]
    rest = types[_LARGEST:]
    if len(rest) < 2:
        return shown
    more = Figure("events by type", f"({len(rest)} more types: --all)", sum(figure.number for figure in rest))
    last = shown.index(rest[-1])
    return [figure for figure in [*shown[: last + 1], more, *shown[last + 1 :]] if figure not in rest]


def _by_item(row: tuple[str, int]) -> tuple[object, ...]:
    return (row[0],)


def _by_number(row: tuple[str, int]) -> tuple[object, ...]:
    return (-row[1], row[0])


def _ask(store: Store, query: str, namer: Namer) -> list[tuple[str, int]]:
    known = {"kg": ONTOLOGY, **{name: COMMON_PREFIXES[name] for name in ("prov", "skos")}}
    head = "".join(f"PREFIX {name}: <{iri}> " for name, iri in known.items())
    results = store.query(head + query)
    assert isinstance(results, QuerySolutions)  # noqa: S101 # only SELECTs are asked here
    rows = []
    for solution in results:
        number = solution["n"]
        item = solution["x"] if "GROUP BY" in query else None
        assert isinstance(number, RdfLiteral)  # noqa: S101 # a COUNT is a literal
        rows.append((namer.iri(item.value) if isinstance(item, NamedNode) else namer.term(item), int(number.value)))
    return rows


def draw_figures(figures: list[Figure], path: Path) -> None:
    """A picture of events by type and by month, as SVG, PNG or PDF by the file's ending.

    KgError where matplotlib is not installed or the ending is unknown. The same figures give the same SVG.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise KgError("--plot needs matplotlib: pip install 'newskg[plot]', or leave --plot out") from error
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "kg"  # element ids that do not change from run to run
    from matplotlib import pyplot as plt

    types = [f for f in figures if f.section == "events by type"][:20][::-1]
    months = [f for f in figures if f.section == "events by month"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, max(3, 0.3 * len(types) + 1)), layout="constrained")
    left.barh([f.item for f in types], [f.number for f in types], color="#4477aa")
    left.set_title("events by type")
    right.bar([f.item for f in months], [f.number for f in months], color="#cc6677")
    right.set_title("events by month")
    right.tick_params(axis="x", rotation=60)
    save: Callable[..., None] = figure.savefig
    try:
        save(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    except (ValueError, OSError) as error:
        raise KgError(f"cannot draw to {path}: {error}; name a file ending in .svg, .png or .pdf") from error
    finally:
        plt.close(figure)
