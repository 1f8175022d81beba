"""Running SPARQL queries: prefixes, bindings, named queries, guarded endpoints, errors that a person can act on.

Text in, the store's results out. Nothing here prints; formats are in ``kg.query.results``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import cast

from kg.core.bounded import read_text
from kg.core.budgets import QUERY_CHARS
from kg.core.errors import QueryError, StoreError
from kg.core.resources import query_files
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROJECT_PREFIXES, RDFS, base_prefixes
from kg.query.selective import Lookup, selective
from kg.store.engine import is_damage
from kg.store.folder import damaged
from kg.store.opening import (
    BlankNode,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    RdfLiteral,
    Results,
    Store,
    Term,
    parse,
)
from kg.store.sparql.aggregates import concatenating
from kg.store.sparql.federation import ServicePolicy, check_sent, routed
from kg.store.sparql.mistakes import find_mistake
from kg.store.sparql.request import Sparql
from kg.store.sparql.subclasses import FRESH, Below, with_subclasses
from kg.store.sparql.tokens import syntax_error

_POSITION = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
_NAME = re.compile(r"^([A-Za-z][\w-]*):([^\s<>\"{}|^`\\]*)$")
_ENGINE_WORDS = {
    "variable that is unbound": "SELECT has a variable that is neither in GROUP BY nor within an aggregate",
    "already defined": "AS names a variable that has a value already: choose a new name",
    "already in scope": "AS names a variable that has a value already: choose a new name",
}
_PARAMETER = re.compile(r"^\?(\w+): +(.+)$")


def known_prefixes(base: str) -> dict[str, str]:
    """The prefixes that need no declaring: the project's, those of the data under ``base``, the common ones."""
    return {**COMMON_PREFIXES, **base_prefixes(base), **PROJECT_PREFIXES}


def parse_term(text: str, prefixes: Mapping[str, str]) -> NamedNode | RdfLiteral:
    """One term in Turtle syntax (``kg:Killing``, ``<https://…>``, ``"word"@en``, ``5``), else the text as a string.

    Whatever the text holds, the result is one term: it can be put into a query without changing its meaning.
    QueryError for bytes that are no UTF-8, and for a prefixed name that gives no IRI.
    """
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise QueryError(f"{text!r} holds bytes that are no UTF-8: write it in UTF-8")
    if (name := _NAME.match(text)) and name[1] in prefixes:
        try:  # as tables show it: also article:x#killing-5, no name in Turtle
            return NamedNode(prefixes[name[1]] + name[2])
        except ValueError as error:
            raise QueryError(f"{text} is no IRI ({error}): quote a text, as in '\"{text}\"'") from error
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    try:
        quads = list(parse(f"{head}<x:s> <x:p> {text}\n.", RdfFormat.TURTLE))
    except SyntaxError:
        return RdfLiteral(text)
    if len(quads) == 1 and quads[0].subject == NamedNode("x:s") and quads[0].predicate == NamedNode("x:p"):
        term = quads[0].object
        if isinstance(term, (NamedNode, RdfLiteral)):
            return term
    return RdfLiteral(text)


def parse_bindings(arguments: Sequence[str], prefixes: Mapping[str, str]) -> dict[str, Term]:
    """``name=TERM`` arguments as terms by variable name; QueryError for one without a name or given twice."""
    bindings: dict[str, Term] = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        name = name.strip().lstrip("?$")
        if not equals or not name.isidentifier():
            raise QueryError(f"--bind {argument}: write NAME=TERM, for example --bind place='Port Senna'")
        if name in bindings:
            raise QueryError(f"--bind {name} is given twice: bind a variable once")
        bindings[name] = parse_term(text, prefixes)
    return bindings


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query as written and as the engine gets it."""

    written: Sparql
    run: Sparql
    known: Mapping[str, str]
    bindings: Mapping[str, Term] = field(default_factory=dict)
    lookup: Lookup | None = None  # what to look up of a name first
    ready: Callable[[Sparql], Sparql] | None = None  # makes the query for what was found ready likewise

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes for names in its results: the query's own before the known ones."""
        return {**self.known, **self.written.declarations()}


def prepare(
    text: str,
    *,
    prefixes: Mapping[str, str],
    bindings: Mapping[str, Term] | None = None,
    limit: int | None = None,
) -> Prepared:
    """A query made ready: known prefixes declared, variables bound, its solutions limited.

    QueryError for an update, an unknown prefix or word, or a binding whose variable the query does not have.
    """
    written = Sparql(text)
    if written.form == "UPDATE":
        raise QueryError("this is an update, not a query: run it with `kg update`")
    for name in bindings or {}:
        if name not in written.variables:
            meant = get_close_matches(name, sorted(written.variables), n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"it has {_listed(written.variables)}"
            raise QueryError(f"--bind {name}: the query has no variable ?{name}; {hint}")
    terms = {name: _rendered(name, term) for name, term in (bindings or {}).items()}

    def ready(sparql: Sparql) -> Sparql:
        bound = sparql.bound({name: term for name, term in terms.items() if name in sparql.variables})
        limited = bound if limit is None or written.form == "ASK" else bound.limited(limit)  # yes is yes, however often
        return limited.declaring(prefixes).disambiguated()

    lookup = selective(written, bindings) if bindings else None
    return Prepared(written, ready(written), prefixes, dict(bindings or {}), lookup, ready)


def _rendered(name: str, term: Term) -> str:
    if isinstance(term, (NamedNode, RdfLiteral)):
        return str(term)
    what = "a blank node" if isinstance(term, BlankNode) else "a triple"
    raise QueryError(f"--bind {name}: {what} names nothing in the store; bind an IRI or a literal")


def _listed(variables: frozenset[str]) -> str:
    return ", ".join(f"?{name}" for name in sorted(variables)) or "none"


@contextmanager
def answered(
    store: Store, query: Prepared, *, policy: ServicePolicy, timeout: float | None = None
) -> Iterator[Results]:
    """The results of a query; read them within the block.

    QueryError with the line and a caret where the engine cannot parse it, FederationError for endpoints that are not
    allowed or fail, StoreError for a store that cannot be read.
    """
    run = _narrowed(store, query)
    if store.remote:
        check_sent(run, policy)
        try:
            widened = with_subclasses(run, partial(_below, store))  # Virtuoso loses rows by paths among alternatives
            yield store.query(concatenating(widened).text, timeout=timeout)
        except (SyntaxError, MemoryError) as error:  # an answer that breaks off while it is read
            raise StoreError(
                f"the answer of {store.location} cannot be read to its end ({error}): try again"
            ) from error
        return
    with routed(run, policy) as sparql:
        try:
            asked, results = _asked(store, sparql, timeout)
            if isinstance(results, QuerySolutions):  # the engine sorts the columns of SELECT * by name
                names = (variable.value for variable in results.variables)
                ordered = asked.projecting({name for name in names if not name.startswith(FRESH)})
                results = results if ordered is asked else store.query(ordered.text, timeout=timeout)
            yield results
        except QueryError as error:
            raise readable_error(query, error) from error
        except (RuntimeError, OSError) as error:  # the engine's words for what it cannot evaluate, or read
            if is_damage(error):
                raise damaged(store.location, " ".join(str(error).split())[:200]) from error
            if type(error) is not RuntimeError:  # a caller's own way to leave the block
                raise
            raise QueryError(f"the query cannot be run: {error}") from error


def _narrowed(store: Store, query: Prepared) -> Sparql:
    """The query for the things that bear the name it asks for, where an index finds them; else as it is."""
    if query.lookup is None or query.ready is None:
        return query.run
    found = query.lookup.found(store)
    return query.run if found is None else query.ready(Sparql(query.lookup.narrowed(found)))


def _asked(store: Store, sparql: Sparql, timeout: float | None) -> tuple[Sparql, Results]:
    """What was run, and its results; a query that cannot be read is told of as it was written."""
    rewritten = concatenating(with_subclasses(sparql, partial(_below, store)))
    try:
        return rewritten, store.query(rewritten.text, timeout=timeout)
    except QueryError:
        if rewritten is sparql:
            raise
        return sparql, store.query(sparql.text, timeout=timeout)


def _below(store: Store, classes: Sequence[str]) -> dict[str, Below]:
    """Of some classes those that have any below them, as the store's graph of the ontology has it."""
    below, above = (
        list(cast("QuerySolutions", store.query(_related(classes, path))))
        for path in (f"?class <{RDFS}subClassOf>+ <%s>", f"<%s> <{RDFS}subClassOf>* ?class")
    )
    # an event is in one class; an entity may be in several, an article is in two
    events = {row["of"].value for row in above if row["class"].value == f"{ONTOLOGY}Event"}
    found: dict[str, list[str]] = {}
    for row in below:
        found.setdefault(row["of"].value, [row["of"].value]).append(row["class"].value)
    return {iri: Below(tuple(iris), iri not in events) for iri, iris in found.items()}


def _related(classes: Sequence[str], path: str) -> str:
    """The classes along a path from or to some; one by one, since Virtuoso's paths begin at no variable."""
    each = " UNION ".join(f"{{ {path % iri} BIND(<{iri}> AS ?of) }}" for iri in classes)
    return f"SELECT DISTINCT ?of ?class {{ {each} }} ORDER BY ?class"


def readable_error(query: Prepared, error: QueryError) -> QueryError:
    """The engine's complaint about a query, placed in the text as the person wrote it, with what is known about why."""
    if not isinstance(error.__cause__, SyntaxError):
        return error
    if unbalanced := query.written.unbalanced():
        position, words = unbalanced
        return syntax_error(query.written.text, position, words)
    if mistake := find_mistake(query.written):
        position, words = mistake
        return syntax_error(query.written.text, position, words)
    match = _POSITION.match(str(error))
    if match is None:
        return QueryError(str(error))
    for sign, words in _ENGINE_WORDS.items():
        if sign in match[3]:
            return QueryError(f"the query cannot be run: {words}")
    return _placed(query, int(match[1]), int(match[2]), match[3])


def _placed(query: Prepared, line: int, column: int, complaint: str) -> QueryError:
    """The engine's complaint where it stopped reading, which is at the mistake or a word behind it."""
    text = query.written.text
    if line == 1:
        column = max(1, column - (len(query.run.text) - len(text)))
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    position = min(starts[min(line, len(starts)) - 1] + column - 1, len(text))
    before = [token for token in query.written.tokens if token.start < position]
    place = before[-1].start if before else position
    a_list_of_everything = 100  # characters: helps nobody
    expected = complaint.strip().rstrip(".") if len(complaint) < a_list_of_everything else "this cannot stand here"
    return syntax_error(text, place, f"near here the query is no SPARQL ({expected})")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question that is ready: a file whose head comment is its help."""

    name: str
    text: str
    summary: str  # the first line of the head comment
    details: str  # the rest of it
    parameters: Mapping[str, str]  # variable → what to bind it to


def read_named_query(path: Path) -> NamedQuery:
    """A ``.rq`` file: ``#`` lines at its head are summary, details, and ``?name: what it is`` for each parameter."""
    try:
        text = read_text(path, QUERY_CHARS)
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"query {path} cannot be read: {error}") from error
    head = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        head.append(line.lstrip("#").strip())
    parameters = {match[1]: match[2] for line in head if (match := _PARAMETER.match(line))}
    prose = [line for line in head if not _PARAMETER.match(line)]
    summary = prose[0] if prose else "(no help: its file begins with no comment)"
    return NamedQuery(path.stem, text, summary, "\n".join(prose[1:]).strip(), parameters)


def named_queries(folders: Sequence[Path] = ()) -> dict[str, NamedQuery]:
    """The shipped queries and those of the folders, by name; a folder's query hides a shipped one of its name."""
    found: dict[str, NamedQuery] = {}
    files = list(query_files())
    for folder in folders:
        if not folder.is_dir():
            raise QueryError(f"no folder {folder} with queries: name one that holds .rq files")
        files += sorted(folder.glob("*.rq"))
    for path in files:
        query = read_named_query(path)
        found[query.name] = query
    return dict(sorted(found.items()))


def check_bindings(query: NamedQuery, bindings: Mapping[str, Term]) -> None:
    """QueryError for a binding that a named query does not take, with those that it takes.

    And for what is bound to a parameter that wants a day ("a day as …") and is none: no row would have it.
    """
    for name, term in bindings.items():
        if name not in query.parameters and name not in Sparql(query.text).variables:
            takes = ", ".join(f"{one} ({what})" for one, what in query.parameters.items()) or "none"
            meant = get_close_matches(name, query.parameters, n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"it takes {takes}"
            raise QueryError(f"--bind {name}: {query.name} has no such parameter; {hint}")
        if not query.parameters.get(name, "").startswith("a day"):
            continue
        text = term.value if isinstance(term, (RdfLiteral, NamedNode)) else str(term)
        try:
            date.fromisoformat(text if len(text) == len("2024-03-04") else "")
        except ValueError:
            raise QueryError(
                f"--bind {name}={text}: that is no day; write year, month and day, as in 2024-03-04"
            ) from None


def find_named(name: str, queries: Mapping[str, NamedQuery]) -> NamedQuery:
    """The query of this name; QueryError with the nearest one."""
    if name in queries:
        return queries[name]
    if "conflict" in name:  # more than SPARQL can tell: an update over time, who may be whom
        raise QueryError(f"no query is named {name!r}: `kg conflicts` tells what sources disagree on")
    meant = get_close_matches(name, list(queries), n=1)
    hint = f"did you mean {meant[0]}?" if meant else "`kg query --list` has them all"
    raise QueryError(f"no query is named {name!r}; {hint}")
