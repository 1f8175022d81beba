"""A store behind the SPARQL 1.1 Protocol: Oxigraph's server, Virtuoso, Jena Fuseki, GraphDB, QLever, Neptune.

HTTP itself is `kg.core.http`'s. Environment: ``KG_STORE_USER`` and ``KG_STORE_PASSWORD`` (Basic, or Digest
where the server asks for it) or ``KG_STORE_TOKEN`` (Bearer); ``KG_STORE_UPDATE`` where updates go to a URL that cannot
be told from the query URL. No secret is ever printed: a user in the URL is taken out of it at once.

An endpoint cannot roll back, so each graph is replaced by one request (SPARQL 1.1 Update §2.2: a request should be
atomic). Requests that may be sent twice without harm are retried; everything here may, except a person's own update.
"""

from __future__ import annotations

import base64
import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import quote, unquote, urlencode, urlsplit

import pyoxigraph as ox

from kg.core.budgets import ANSWER_BYTES, ANSWER_SECONDS
from kg.core.errors import QueryError, StoreError
from kg.core.http import Answer, Client, HttpError, Limits, MovedError, OversizedError, SilentError, StatusError
from kg.core.secrets import hidden, secret_of
from kg.core.vocab import ONTOLOGY
from kg.store.engine import (
    EngineStore,
    ParsedTriples,
    Results,
    canonical_triples,
    checked_base,
    graph_name,
    replacement,
    same_base,
)
from kg.store.plain import PlainStore
from kg.store.sparql.request import Sparql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TIMEOUT = 300.0  # seconds without a byte
_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_A_TRIPLE = "{ SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1 }"


class EndpointStore(PlainStore):
    """A dataset behind HTTP; see ``kg.store.Store`` for what each method does."""

    remote = True

    def __init__(self, location: str, base: str | None = None) -> None:
        self._http = _Http(location)
        self.location = self._http.shown
        self._union: dict[str, str] | None = None  # request parameters that make the default graph the union
        asked = None if base is None else checked_base(base)
        remembered = self._remembered_base()
        self.base = checked_base(asked) if remembered is None else same_base(self.location, remembered, asked)

    def replace(self, graph: str, ntriples: bytes) -> None:
        """Put ``ntriples`` in the place of what ``graph`` holds, in one request."""
        self._http.update(replacement(graph, ntriples), repeatable=True)

    def replace_many(self, graphs: Mapping[str, bytes], *, later: bool = False) -> None:  # noqa: ARG002
        """Replace several graphs, one request each."""
        for graph, ntriples in graphs.items():
            self.replace(graph, ntriples)

    def bulk(self, nquads: bytes) -> bool:
        """Add quads (lines, sorted or not) as a file, where the server is one of Oxigraph; False for any other."""
        return self._http.post_file(nquads, "application/n-quads")

    def drop(self, graph: str) -> bool:
        """Drop a graph; False where there was none."""
        there = self._ask(f"ASK {{ GRAPH <{graph_name(graph).value}> {{ ?s ?p ?o }} }}")
        self._http.update(f"DROP SILENT GRAPH <{graph}>", repeatable=True)
        return there

    def graphs(self) -> list[str]:
        """The graphs below the base, sorted: what else the endpoint holds is not this store's."""
        below = f'FILTER(STRSTARTS(STR(?g), "{self.base}"))'
        rows = self._rows(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {below} }}")
        return sorted(row["g"].value for row in rows)

    def graph_bytes(self, graph: str) -> bytes:
        """One graph as sorted canonical N-Triples; empty where there is no such graph."""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph_name(graph).value}> {{ ?s ?p ?o }} }}"
        with self._http.query(query, _TRIPLES, {}) as answer:
            return canonical_triples(answer.read(), graph)

    def dump(self, output: BinaryIO) -> None:
        """Write all graphs below the base as N-Quads, one request each."""
        for graph in self.graphs():
            name = f" <{graph}> .\n".encode()
            output.writelines(line[:-3] + name for line in self.graph_bytes(graph).splitlines(keepends=True))

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Results:
        """Run a query over the union of the graphs; the answer is fetched whole (to disk where large), then read."""
        query = _with_prefixes(sparql, prefixes)
        parameters = {} if _names_dataset(sparql) else self._union_parameters()
        if query.form in ("CONSTRUCT", "DESCRIBE"):
            answer = self._http.query(query.text, _TRIPLES, parameters, timeout)
            return ParsedTriples(ox.parse(answer, ox.RdfFormat.N_TRIPLES))
        results = self._results(self._http.query(query.text, _RESULTS, parameters, timeout))
        if query.form == "ASK" and isinstance(results, ox.QuerySolutions):  # Virtuoso's ASK: one row for yes
            return _boolean(next(results, None) is not None)
        return results

    def update(self, sparql: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update in one request; sent again only where the server cannot have begun it."""
        self._http.update(_with_prefixes(sparql, prefixes).text, repeatable=False)

    def copy(self) -> EngineStore:
        """All graphs below the base, fetched into memory."""
        copy = EngineStore(ox.Store(), f"a copy of {self.location}", self.base)
        with tempfile.TemporaryFile() as file:
            self.dump(file)
            file.seek(0)
            copy.fill(ox.parse(file, ox.RdfFormat.N_QUADS))
        return copy

    def _remembered_base(self) -> str | None:
        """The base of the articles that are there: no metadata graph, which a union of graphs would show."""
        rows = self._rows(f"SELECT ?g WHERE {{ GRAPH ?g {{ ?g a <{ONTOLOGY}Article> }} }} LIMIT 1")
        for row in rows:
            iri: str = row["g"].value
            head, found, _ = iri.partition("/article/")
            return head + "/" if found else None
        return None

    def _union_parameters(self) -> dict[str, str] | list[tuple[str, str]]:
        """What to send along so that the default graph is the union of the named ones, found out by asking."""
        if self._union is None:
            probe = f"ASK {{ {_A_TRIPLE} ?s ?p ?o }}"
            for parameters in ({}, {"union-default-graph": "true"}):  # Virtuoso, GraphDB and kin; Oxigraph's server
                if self._ask(probe, parameters):
                    self._union = parameters
                    return parameters
            # The standard's way, for every other server: name all graphs (SPARQL 1.1 Protocol §2.1.4).
            graphs = [row["g"].value for row in self._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")]
            return [(key, graph) for graph in graphs for key in ("default-graph-uri", "named-graph-uri")]
        return self._union

    def _ask(self, query: str, parameters: dict[str, str] | None = None) -> bool:
        with self._http.query(query, _RESULTS, parameters or {}) as answer, self._told():
            results = self._results(answer)
            return next(results, None) is not None if isinstance(results, ox.QuerySolutions) else bool(results)

    def _rows(self, query: str) -> list[ox.QuerySolution]:
        with self._http.query(query, _RESULTS, {}) as answer, self._told():
            results = self._results(answer)
            return [*results] if isinstance(results, ox.QuerySolutions) else []

    def _results(self, answer: BinaryIO) -> ox.QuerySolutions | ox.QueryBoolean:
        with self._told():
            return ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever an answer is that cannot be read, as a StoreError."""
        try:
            yield
        except (SyntaxError, ValueError, OSError, MemoryError) as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> StoreError:
        """What is wrong with an answer that cannot be read, or only half of it."""
        what = " ".join(str(error).split())[:200]
        return StoreError(
            f"the answer of endpoint {self.location} cannot be read ({what}): is it one of SPARQL? Try again"
        )


def _names_dataset(sparql: str) -> bool:
    """Whether a query says itself what its dataset is (FROM, SPARQL 1.1 §13.2): then nothing is added to it."""
    if "from" not in sparql.lower():
        return False
    try:
        return any(token.keyword == "FROM" for token in Sparql(sparql).tokens)
    except QueryError:
        return False  # the endpoint will say what is wrong


def _with_prefixes(sparql: str, prefixes: Mapping[str, str] | None) -> Sparql:
    return Sparql(sparql).declaring(prefixes) if prefixes else Sparql(sparql)


def _boolean(answer: bool) -> ox.QueryBoolean:
    text = f'{{"head": {{}}, "boolean": {str(answer).lower()}}}'
    return cast("ox.QueryBoolean", ox.parse_query_results(text, ox.QueryResultsFormat.JSON))


class _Http:
    """Requests to one endpoint, with credentials, retries, and errors that say what to do."""

    def __init__(self, location: str) -> None:
        try:
            parts = urlsplit(location)
        except ValueError as error:
            raise StoreError(f"{hidden(location)} is no URL of an endpoint ({error}): correct it") from error
        host = parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        try:
            self.host = f"{host}:{parts.port}" if parts.port else host
        except ValueError as error:
            # Not shown: behind a forgotten @ it is a password.
            raise StoreError("the port of the endpoint's URL is no number up to 65535: correct it") from error
        path = parts.path
        if path in ("", "/"):  # a bare server: Oxigraph's paths
            path = "/query"
        query_string = f"?{parts.query}" if parts.query else ""
        root = f"{parts.scheme}://{self.host}"
        self.shown = root + parts.path
        self._query_url = root + path + query_string
        try:
            custom = urlsplit(os.environ.get("KG_STORE_UPDATE", ""))
        except ValueError as error:
            raise StoreError(f"KG_STORE_UPDATE is no URL ({error}): correct it") from error
        custom = custom._replace(netloc=custom.netloc.rpartition("@")[2])  # no secret in what errors may quote
        self._update_url = custom.geturl() or root + _update_path(path) + query_string
        user = os.environ.get("KG_STORE_USER") or unquote(parts.username or "")
        password = secret_of("KG_STORE_PASSWORD") or unquote(parts.password or "")
        token = secret_of("KG_STORE_TOKEN")
        self._secrets = [secret for secret in (password, token) if secret]
        if user and not token:
            self._secrets.append(base64.b64encode(f"{user}:{password}".encode()).decode())
        self._client = Client(f"endpoint {self.shown}", token or "", user, password)

    def query(
        self,
        query: str,
        accept: str,
        parameters: Mapping[str, str] | list[tuple[str, str]],
        timeout: float | None = None,
    ) -> BinaryIO:
        """Send a query; its whole answer as a file, of the media type asked for."""
        pairs = list(parameters.items()) if not isinstance(parameters, list) else parameters
        form = urlencode([("query", query), *pairs], quote_via=quote).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self._send(self._query_url, form, headers, repeatable=True, timeout=timeout)

    def update(self, update: str, *, repeatable: bool) -> None:
        """Send an update; ``repeatable`` says that doing it twice is as good as once."""
        headers = {"Content-Type": "application/sparql-update; charset=utf-8", "Accept": "*/*"}
        self._send(self._update_url, update.encode(), headers, repeatable=repeatable).close()

    def post_file(self, content: bytes, media: str) -> bool:
        """Give a file to Oxigraph's own loader; False where the server has none at its place."""
        head, _, last = urlsplit(self._query_url).path.rpartition("/")
        if last != "query":
            return False
        url = urlsplit(self._query_url)._replace(path=f"{head}/store", query="no_transaction").geturl()
        try:
            limits = Limits(_TIMEOUT, ANSWER_SECONDS.value, ANSWER_BYTES.value)
            self._client.send(url, content, {"Content-Type": media}, limits, repeatable=True).body.close()
        except StatusError as error:
            if error.status in (404, 405, 415, 501):
                return False
            raise self._refusal(error) from error
        except HttpError as error:
            why = self._without_secrets(str(error))
            raise StoreError(f"endpoint {self.shown} cannot be reached, or broke off ({why}): run it again") from error
        return True

    def _send(
        self, url: str, body: bytes, headers: dict[str, str], *, repeatable: bool, timeout: float | None = None
    ) -> BinaryIO:
        limits = Limits(timeout or _TIMEOUT, timeout or ANSWER_SECONDS.value, ANSWER_BYTES.value)
        try:
            answer = self._client.send(url, body, headers, limits, repeatable=repeatable)
        except SilentError as error:
            raise StoreError(
                f"endpoint {self.shown} was silent for {limits.silence:g} s: ask for less, or later"
                if timeout or "whole" not in str(error)
                else f"endpoint {self.shown} was silent, {error}: ask for less; {ANSWER_SECONDS.hint()}"
            ) from error
        except MovedError as error:
            raise StoreError(f"the endpoint has moved to {_bare(str(error))}: give that URL with --store") from error
        except OversizedError as error:
            raise StoreError(f"endpoint {self.shown} answers with {error}; {ANSWER_BYTES.hint()}") from error
        except StatusError as error:
            raise self._refusal(error) from error
        except HttpError as error:
            why = self._without_secrets(str(error))
            raise StoreError(
                f"endpoint {self.shown} cannot be reached, or broke off ({why}): check that it runs, then run the "
                "command again; what it has confirmed is stored and is not done twice"
            ) from error
        return self._usable(answer, headers["Accept"])

    def _usable(self, answer: Answer, accept: str) -> BinaryIO:
        """The body of an answer; StoreError where it is not what was asked for or not all of it."""
        if accept != "*/*" and answer.media not in (accept, "application/json", "text/plain"):
            media = answer.media[:100] or "no content type"
            raise StoreError(f"endpoint {self.shown} answered with {media}, not {accept}: is it a SPARQL endpoint?")
        limit = answer.headers.get("x-sparql-maxrows")  # Virtuoso cuts answers and says so only here
        if limit is not None:
            raise StoreError(
                f"endpoint {self.shown} cut its answer at {limit[:20]} rows: ask for less, or raise its "
                "limit (ResultSetMaxRows)"
            )
        if accept not in ("*/*", _TRIPLES) and not answer.body.read(1):
            raise StoreError(f"endpoint {self.shown} answered with nothing: is it a SPARQL endpoint?")
        answer.body.seek(0)
        return answer.body

    def _without_secrets(self, words: str) -> str:
        for secret in self._secrets:  # a server may repeat what it was sent
            words = words.replace(secret, "***")
        return words

    def _refusal(self, error: StatusError) -> StoreError | QueryError:
        said = self._without_secrets(error.said)[:300]
        if error.status in (401, 403):
            return StoreError(
                f"endpoint {self.shown} does not let us in (HTTP {error.status}): set KG_STORE_USER and "
                "KG_STORE_PASSWORD, or KG_STORE_TOKEN"
            )
        if error.status == 400:
            return QueryError(f"endpoint {self.shown} does not accept the request: {said}")
        return StoreError(f"endpoint {self.shown} failed with HTTP {error.status}: {said or error.reason}")


def _bare(url: str) -> str:
    """A URL as it may be shown: no user, no query, no fragment."""
    try:
        return hidden(urlsplit(url)._replace(query="", fragment="").geturl())
    except ValueError:
        return "another address"


def _update_path(path: str) -> str:
    """Where updates go, by the customs of the servers."""
    head, slash, last = path.rpartition("/")
    if last in ("query", "sparql") and slash:
        return f"{head}/update" if last == "query" else path  # Oxigraph, Fuseki; Virtuoso, Neptune
    if "/repositories/" in path:  # GraphDB, RDF4J
        return f"{path.rstrip('/')}/statements"
    return path
