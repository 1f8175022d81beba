"""An open store with the verbs that a program needs: load, ask, explain, validate, merge, export, forget."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from kg.core.bounded import written
from kg.core.counted import counted
from kg.core.errors import QueryError
from kg.core.notebook import as_table
from kg.core.numbers import written as as_xsd
from kg.core.vocab import XSD
from kg.interface.reading import Files, Source, articles_of, settings_of
from kg.interface.solutions import Iri, Solutions, Value
from kg.query.prepare import Prepared, answered, find_named, known_prefixes, named_queries, parse_term, prepare
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Triples
from kg.store.opening import open_store as _open
from kg.store.sparql.federation import policy_from_settings

if TYPE_CHECKING:
    from kg.core.model import ValidationReport
    from kg.extract.events.weigh import Care
    from kg.interface.explanations import Explanations
    from kg.linking.merge import Merged
    from kg.pipeline.load import Outcome
    from kg.pipeline.prepared import Settings
    from kg.store.opening import Results, Store, Term

Bindings = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of each input of a load, in order: stored, unchanged, refused (with its report) or skipped."""

    outcomes: tuple[Outcome, ...]

    def count(self, kind: Literal["stored", "unchanged", "refused", "skipped"]) -> int:
        """How many inputs ended like this."""
        return sum(outcome.kind == kind for outcome in self.outcomes)

    @property
    def events(self) -> int:
        """Events in the graphs that were stored."""
        return sum(outcome.events for outcome in self.outcomes if outcome.kind == "stored")

    def __str__(self) -> str:
        """The line that ``kg load`` ends with."""
        done = Counter(outcome.kind for outcome in self.outcomes)
        return (
            f"{done['stored']} stored ({counted(self.events, 'event')}), {done['unchanged']} unchanged, "
            f"{done['refused']} refused, {done['skipped']} skipped"
        )

    def _repr_html_(self) -> str:
        rows = [[o.where, o.kind, str(o.events) if o.kind == "stored" else "", o.reason] for o in self.outcomes]
        return as_table(("article", "became", "events", "reason"), rows, str(self))


def open_store(
    location: str | Path | None = None,
    *,
    mode: Literal["read", "write"] = "write",
    base: str | None = None,
    wait: float = 0,
    model: str = "default",
    ontology: Files = (),
    shapes: Files = (),
    queries: Files = (),
    allow_service: Sequence[str] = (),
    keep_case: bool = False,
    care: Care = "usual",
) -> OpenStore:
    """Open a store: a folder, ``:memory:``, or the address of a SPARQL endpoint; else ``$KG_STORE``, else ``kg-store``.

    ``write`` makes a folder that is not there and keeps other writers out (StoreInUseError after ``wait`` seconds);
    ``read`` sees the last published state, beside any writer. ``model``, ``ontology``, ``shapes`` and ``queries``
    (folders of named queries), ``keep_case`` and ``care`` ("cautious", "eager") are what the verbs' flags are, and hold
    as long as the store is open.

    Examples:
        >>> with kg.open_store(":memory:") as memory:
        ...     print(memory.load(kg.Article("note", "Police arrested two men in Arden.")))
        1 stored (1 event), 0 unchanged, 0 refused, 0 skipped

    """
    where = str(location or os.environ.get("KG_STORE", "kg-store"))
    settings = settings_of(model, ontology, shapes, keep_case=keep_case, care=care)
    folders = [Path(folder) for folder in queries]
    return OpenStore(_open(where, mode=mode, base=base, wait=wait), settings, folders, allow_service)


class OpenStore(AbstractContextManager["OpenStore"]):
    """A store that is open, made by ``open_store``; a context manager that closes it."""

    def __init__(
        self, store: Store, settings: Settings, folders: Sequence[Path] = (), allow_service: Sequence[str] = ()
    ) -> None:
        self._store, self._settings, self._folders = store, settings, folders
        self._policy = policy_from_settings(list(allow_service))

    @property
    def location(self) -> str:
        """Where it is: a folder, ``:memory:``, or an endpoint's address."""
        return self._store.location

    @property
    def base(self) -> str:
        """The start of the IRIs of its data."""
        return self._store.base

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that need no declaring in a query, by name."""
        return known_prefixes(self._store.base)

    def load(
        self,
        *sources: Source,
        published: str | None = None,
        publisher: str | None = None,
        title: str | None = None,
        language: str | None = None,
        refresh: bool = False,
        processes: int = 1,
        forget_added: bool = False,
        undo_updates: bool = False,
        places: bool = True,
        stories: bool = True,
    ) -> Loaded:
        """Read articles into the store, each as a graph of its own; what has not changed is not read again.

        Sources are files, folders, and articles of your own. What cannot be read is skipped, a graph that breaks a
        shape is refused; both are said in the result and hinder nothing else. ``forget_added`` does without ontology
        and shapes that the store was read with and that are not given now, else StoreError; ``undo_updates`` reads
        articles anew that an update has changed. Where there is an index of places (``kg places``), their places are
        linked to GeoNames, unless ``places`` is false.
        Events that several articles tell of are linked at the end, unless the store is behind an endpoint or
        ``stories`` is false.

        Examples:
            >>> loaded = store.load("harbour.txt")
            >>> loaded.count("unchanged")
            1

        """
        from kg.pipeline.load import load
        from kg.pipeline.stories.links import relate

        inputs = articles_of(sources, published=published, publisher=publisher, title=title, language=language)
        outcomes = load(
            inputs,
            self._store,
            self._settings,
            refresh=refresh,
            processes=processes,
            forget_added=forget_added,
            undo_updates=undo_updates,
        )
        loaded = Loaded(tuple(outcomes))
        if places:
            from kg.linking.gazetteer import link_loaded

            ids = {kind: [o.where for o in loaded.outcomes if o.kind == kind] for kind in ("stored", "unchanged")}
            link_loaded(self._store, ids["stored"], ids["unchanged"])
        if stories and not self._store.remote and loaded.count("stored"):
            relate(self._store)
        return loaded

    def query(
        self, sparql: str, *, bind: Bindings | None = None, limit: int | None = None, timeout: float | None = None
    ) -> Solutions:
        """The answer of a SELECT over the merge of all graphs, read to its end; known prefixes need no declaring.

        ``bind`` gives variables their values: ``Iri("place:kirra")`` is a thing, a ``str`` is words, numbers and days
        are such literals. QueryError for what cannot be run, and for another form of query.

        Examples:
            >>> query = "SELECT ?type { ?e a kg:Bombing ; kg:place ?p ; kg:eventType ?type }"
            >>> store.query(query, bind={"p": kg.Iri("place:kirra")}).column("type")
            [Iri('https://kg.example/ontology#Bombing')]

        """
        prepared = self._prepared(sparql, bind, "SELECT", limit)
        with ExitStack() as stack:
            results = self._answer(stack, prepared, timeout)
            assert isinstance(results, QuerySolutions)  # noqa: S101 # a SELECT gives nothing else
            return Solutions.of(results, prepared.prefixes)

    def ask(self, sparql: str, *, bind: Bindings | None = None, timeout: float | None = None) -> bool:
        """The answer of an ASK; QueryError as for ``query``.

        Examples:
            >>> store.ask("ASK { ?e a kg:Arrest }")
            True

        """
        with ExitStack() as stack:
            return bool(self._answer(stack, self._prepared(sparql, bind, "ASK"), timeout))

    def construct(self, sparql: str, *, bind: Bindings | None = None, timeout: float | None = None) -> str:
        """The graph of a CONSTRUCT or DESCRIBE as N-Triples, sorted; QueryError as for ``query``.

        Examples:
            >>> print(store.construct("CONSTRUCT { ?e kg:was ?t } WHERE { ?e a kg:Bombing ; kg:eventType ?t }"), end="")
            <https://news.example/article/harbour#...> <https://kg.example/ontology#was> <https://...#Bombing> .

        """
        from kg.store.files import to_ntriples

        with ExitStack() as stack:
            results = self._answer(stack, self._prepared(sparql, bind, "CONSTRUCT"), timeout)
            assert isinstance(results, Triples)  # noqa: S101 # nothing else
            return to_ntriples(results).decode()

    def named(self, name: str, *, limit: int | None = None, **bind: Value) -> Solutions:
        """The answer of a named query, its parameters bound by name; ``kg.named_queries()`` has them all.

        Examples:
            >>> {row["who"] for row in store.named("casualties")}
            {'at least three fishermen'}

        """
        return self.query(find_named(name, named_queries(self._folders)).text, bind=bind, limit=limit)

    def explain(self, *what: str, trace: bool = False) -> Explanations:
        """Why something is in the graph: the sentences behind it, who says so, how certain.

        One name or IRI of an entity or event, or three parts of a triple, ``?`` for anything. With ``trace`` the
        articles are read again, to say which rule or model found what. QueryError where nothing is found.

        Examples:
            >>> store.explain("Kirra")[0].types[:1]
            ('kg:Entity',)

        """
        from kg.interface.explanations import Explanations
        from kg.query.explain import Explainer

        if len(what) not in (1, 3):
            raise QueryError("explain takes one name or IRI, or the three parts of a triple")
        explainer = Explainer(self._store, self.prefixes)
        found = explainer.explain(what[0]) if len(what) == 1 else explainer.explain_pattern(*what)
        if trace:
            from kg.pipeline.prepared import Reader
            from kg.pipeline.retrace import with_reasons

            found = with_reasons(found, explainer.article, Reader(self._settings))
        return Explanations(tuple(found), self.prefixes)

    def validate(self) -> ValidationReport:
        """Check every article, and the links, against the shapes.

        Examples:
            >>> store.validate().conforms
            True

        """
        from kg.interface.checking import joined
        from kg.pipeline.check_store import Checker

        checker = Checker(self._settings.ontology, self._settings.shapes)
        return joined(report for _, report in checker.check_store(self._store))

    def merge(self, path: str | Path, *, dataset: str | None = None) -> Merged:
        """Bring an RDF file in as a graph of its own (by default of the file's name) and link its things to ours.

        Examples:
            >>> with kg.open_store(":memory:") as memory:
            ...     memory.merge("seeds/linked/wikidata-slice.ttl", dataset="wikidata").graph
            'https://news.example/graph/dataset/wikidata'

        """
        from kg.linking.merge import merge

        return merge(Path(path), self._store, dataset)

    def export(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002 # the flag's name
        text: bool = True,
        as_: str | None = None,
    ) -> int:
        """Write the whole store to a file, the same bytes for the same data; gives the number of statements or parts.

        ``format`` is turtle, trig, ntriples, nquads, jsonld or rdfxml, by default by the file's ending. ``text=False``
        leaves the articles' texts out. ``as_`` writes for other tools, as ``kg export --as`` does: tables (into a new
        folder), geojson, timeline, graphml, nodes-edges, plover, schema-org, sem, nanopub, aif, prov.

        Examples:
            >>> store.export("network.graphml", as_="graphml") > 0
            True

        """
        from kg.store.export import export, format_of

        path = Path(path)
        if as_ is not None:
            return self._export_as(as_, path, format, text=text)
        chosen = format_of(path, format, "trig")
        with written(path) as file:
            done = export(self._store.dump, file, chosen, base=self.base, text=text)
        return done.count

    def _export_as(self, name: str, path: Path, form: str | None, *, text: bool) -> int:
        from kg.core import resources
        from kg.ontology.load import load_ontology
        from kg.store.exporters.run import Source, chosen_format, exporter, write_to

        found = exporter(name)
        known = load_ontology([*resources.ontology_files(), *self._settings.ontology])
        chosen = chosen_format(name, found, path, form)
        return write_to(path, found, Source(self._store, known, text=text), chosen).count

    def forget(self, article: str) -> bool:
        """Drop what was read from an article, by its id or IRI; False where there was none.

        Links of entities that no article names any more go with it.
        """
        from kg.linking.links import prune_links
        from kg.pipeline.stories.links import relate_again
        from kg.query.update import forget

        gone = not forget(self._store, [article])
        prune_links(self._store)
        relate_again(self._store)
        return gone

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<kg store {self.location}>"

    def _prepared(self, sparql: str, bind: Bindings | None, form: str, limit: int | None = None) -> Prepared:
        prefixes = self.prefixes
        bindings = {name: _term(value, prefixes) for name, value in (bind or {}).items()}
        prepared = prepare(sparql, prefixes=prefixes, bindings=bindings, limit=limit)
        found = "CONSTRUCT" if prepared.written.form == "DESCRIBE" else prepared.written.form
        if found != form:
            method = {"SELECT": "query", "ASK": "ask", "CONSTRUCT": "construct"}.get(found, "query")
            raise QueryError(f"this is a query of the form {prepared.written.form}: run it with {method}()")
        return prepared

    def _answer(self, stack: ExitStack, prepared: Prepared, timeout: float | None) -> Results:
        return stack.enter_context(answered(self._store, prepared, policy=self._policy, timeout=timeout))


def _term(value: Value, prefixes: Mapping[str, str]) -> Term:
    """A Python value as a term of a query."""
    match value:
        case Iri():
            return _thing(value, prefixes)
        case bool():
            return _literal(str(value).lower(), "boolean")
        case int():
            return _literal(str(value), "integer")
        case float():
            return _literal(as_xsd(value), "double")
        case Decimal():
            return _literal(f"{value:f}", "decimal")
        case datetime():
            return _literal(value.isoformat(), "dateTime")
        case date():
            return _literal(value.isoformat(), "date")
        case _:
            return RdfLiteral(str(value))


def _thing(iri: str, prefixes: Mapping[str, str]) -> NamedNode:
    """An IRI, whole or by a known prefix; QueryError for what is none."""
    named = parse_term(iri, prefixes)
    try:
        return named if isinstance(named, NamedNode) else NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri!r} is no IRI ({error}): give one like 'https://…' or 'place:norvia'") from error


def _literal(text: str, datatype: str) -> RdfLiteral:
    return RdfLiteral(text, datatype=NamedNode(XSD + datatype))
