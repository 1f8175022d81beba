"""``kg export``: the store, or a part of it, as RDF, or in the form that another tool takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.inputs import added
from kg.cli.options import DEFAULT_STORE, OntologyOption, OutputOption, SameOption, StoreOption
from kg.cli.output import open_output, say
from kg.cli.query import read_argument
from kg.core.counted import counted
from kg.core.errors import KgError, StoreError

if TYPE_CHECKING:
    from kg.store.export import Fill
    from kg.store.opening import Store

EXAMPLES = (
    "kg export --output news.trig",
    "kg export --article reports/monday --format turtle",
    "kg export --entity 'Jane Doe' --output jane-doe.ttl",
    "kg export --construct 'CONSTRUCT WHERE { ?e a kg:Killing ; ?p ?o }' --format ntriples",
    "kg export --full --article reports/monday --output monday.ttl",
    "kg export --no-text --format nquads | gzip > news.nq.gz",
    "kg export --as tables --output tables",
    "kg export --as tables --format parquet --output tables",
    "kg export --as geojson --output map.geojson",
    "kg export --as timeline --article reports/monday --output monday.ics",
    "kg export --list",
)


def command(
    store: StoreOption = DEFAULT_STORE,
    article: Annotated[
        str | None, typer.Option("--article", metavar="ID|IRI", help="Only the graph of this article.")
    ] = None,
    entity: Annotated[
        str | None,
        typer.Option("--entity", metavar="NAME|IRI", help="Only this thing, what it points to and what points to it."),
    ] = None,
    construct: Annotated[
        str | None, typer.Option("--construct", metavar="QUERY|@FILE|-", help="Only the answer of a CONSTRUCT.")
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="turtle, trig, ntriples, nquads, jsonld, rdfxml; default: by --output's ending, else trig for the "
            "store and turtle for a part of it. With --as the format's own, see --list.",
        ),
    ] = None,
    output: OutputOption = None,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the articles' texts out.")] = False,
    as_name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="In the form of other tools: tables, geojson, timeline, … (--list)."),
    ] = None,
    ontology: OntologyOption = None,
    same: SameOption = False,
    listing: Annotated[bool, typer.Option("--list", help="List what --as takes.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Say what follows too: superclasses, NIF's types and offsets, exact words.")
    ] = False,
) -> None:
    """Write the store, or a part of it, as RDF, or in the form of another tool: the same data give the same bytes.

    Formats without graphs (turtle, ntriples, rdfxml) get the union of the articles, each triple once. --as takes the
    whole store or one --article, and puts several files into a new folder --output. What each form keeps and loses is
    told in docs/exports.md. --ontology: files the store was read with, for classes of your own. --full is for tools
    that do not reason: a graph three times the size, of the store or of one --article.
    """
    if listing:
        _list()
        return
    if same and as_name is not None:
        raise KgError("--same writes RDF, and --as writes articles one by one: give one of them")
    if as_name is not None:
        if entity is not None or construct is not None:
            raise KgError("--as writes whole articles: give --article, or neither --entity nor --construct")
        _write_as(as_name, store, article, format_name, output, text=not no_text, ontology=ontology)
        return
    from kg.store.export import export, format_of
    from kg.store.full import full_graphs
    from kg.store.opening import open_store

    if sum(part is not None for part in (article, entity, construct)) > 1:
        raise KgError("--article, --entity and --construct are three different parts: give one of them")
    if full and (entity is not None or construct is not None or no_text):
        raise KgError("--full writes whole graphs with their words: give it with --article or alone")
    with open_store(store, mode="read") as opened:
        part: Store = opened
        if same:
            from kg.query.prepare import known_prefixes
            from kg.store.same import as_one, asked_as_one

            part, instead = as_one(opened)
            if construct is not None:
                _, text = read_argument(construct, files_only=False)
                construct = asked_as_one(text, known_prefixes(opened.base), instead)
        whole, fill, own = _part(part, article, entity, construct)
        if full:
            fill = full_graphs(part, own)
        chosen = format_of(output, format_name, "trig" if whole else "turtle")
        with open_output(output) as file:
            exported = export(fill, file, chosen, base=opened.base, own=own, text=not no_text)
    if exported.attribution:
        say(f"kg: the export {exported.attribution}: keep this word with it")


def _list() -> None:
    """The formats of ``--as``, as a table."""
    from kg.cli.output import print_rows
    from kg.store.exporters.run import exporter, names

    rows = [(name, " ".join(exporter(name).formats), exporter(name).about) for name in names()]
    print_rows(("as", "formats", "what it is"), rows)


def _write_as(
    name: str,
    location: str,
    article: str | None,
    format_name: str | None,
    output: Path | None,
    *,
    text: bool,
    ontology: list[Path] | None,
) -> None:
    from kg.core import resources
    from kg.ontology.load import load_ontology
    from kg.query.update import article_graph
    from kg.store.exporters.run import Source, chosen_format, exporter, write_to
    from kg.store.opening import open_store

    found = exporter(name)
    form = chosen_format(name, found, output, format_name)
    with open_store(location, mode="read") as opened:
        known = load_ontology([*resources.ontology_files(), *added(ontology)])
        graph = article_graph(opened, article) if article is not None else None
        source = Source(opened, known, graph, text)
        source.graphs()  # before anything is written: an article that is not there is told
        if output is None or str(output) == "-":
            exported = found.write(source, lambda _: open_output(None), form)
        else:
            exported = write_to(output, found, source, form)
    entries = counted(exported.count, "entry", "entries")
    say(f"{entries} written" if exported.count else f"kg: nothing to write: {found.nothing}")
    if exported.attribution:
        say(f"kg: the export {exported.attribution}: keep this word with it")


def _part(
    store: Store, article: str | None, entity: str | None, construct: str | None
) -> tuple[bool, Fill, str | None]:
    """Whether it is the whole store, what writes the part, and the article it belongs to."""
    from kg.query.prepare import answered, known_prefixes, prepare
    from kg.query.update import article_graph
    from kg.store.export import constructed, graph_quads, neighbourhood
    from kg.store.sparql.federation import policy_from_settings

    if article is not None:
        graph = article_graph(store, article)
        return False, graph_quads(store, graph), graph
    if entity is not None:
        return False, neighbourhood(store, _thing(store, entity)), None
    if construct is not None:
        _, text = read_argument(construct, files_only=False)
        prepared = prepare(text, prefixes=known_prefixes(store.base))
        with answered(store, prepared, policy=policy_from_settings()) as results:
            return False, constructed(results), None
    return True, store.dump, None


def _thing(store: Store, name: str) -> str:
    """The IRI of a thing given by IRI, prefixed name, or label; StoreError where none or several have the label."""
    from kg.query.prepare import known_prefixes
    from kg.query.things import term_of, things_named
    from kg.store.opening import NamedNode

    term = term_of(name, known_prefixes(store.base))
    if isinstance(term, NamedNode):
        return term.value
    found = [thing.value for thing in things_named(store, term.value)]
    if not found:
        raise StoreError(f"nothing in store {store.location} is called {name!r}: give its IRI, or another of its names")
    if len(found) > 1:
        raise StoreError(f"{len(found)} things are called {name!r}, give one's IRI: {', '.join(found[:10])}")
    return found[0]
