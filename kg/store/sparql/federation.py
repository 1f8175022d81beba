"""Other endpoints in a query: SERVICE (SPARQL 1.1 Federated Query) and LOAD, only where a setting allows them.

A query may come from a stranger, and the engine has no switch: it would send what it likes wherever the query says.
So the tokens tell which endpoints a query names, all of them are checked before anything runs, and the engine is
given, in the place of each, the address of a gateway in this process. The gateway forwards to the endpoint with an
honest User-Agent, a time limit, patience with "too many requests", and remembers in words what went wrong.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from kg.core.errors import FederationError
from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import Token, syntax_error, unescape_codepoints


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """Which endpoints a query may reach; ``offline`` forbids them all."""

    allowed: tuple[str, ...] = ()
    offline: bool = False
    timeout: float = 60.0  # seconds for each request

    def permits(self, endpoint: str) -> bool:
        """Whether the endpoint is allowed, or lies below an allowed address on the same host."""
        if self.offline:
            return False
        asked = normal(endpoint)
        for root in filter(None, map(normal, self.allowed)):
            if asked == root:
                return True
            if asked is not None and asked[:-2] == root[:-2] and asked[-2].startswith(root[-2].rstrip("/") + "/"):
                return True
        return False


def normal(url: str) -> tuple[str, str, int, str, str, str] | None:
    """An address as scheme, user, port, host, path and query, in the one form in which addresses are compared.

    Letters of scheme and host are small, a port that goes without saying is named, escapes are resolved however often
    they were applied (RFC 3986 section 6). None where that leaves steps upwards or a backslash in the path, which some
    servers take for another address than is written, and for what is no address.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower(), 0)
    except ValueError:
        return None
    path = parts.path
    while (plain := unquote(path)) != path:
        path = plain
    if any(segment in (".", "..") for segment in path.split("/")) or "\\" in path or not path.isprintable():
        return None
    user = parts.netloc.rpartition("@")[0]
    host = (parts.hostname or "").rstrip(".")
    return parts.scheme.lower(), user, port, host, path or "/", parts.query


def policy_from_settings(
    allowed: list[str] | None = None, *, offline: bool = False, timeout: float | None = None
) -> ServicePolicy:
    """The policy of flags and environment: KG_ALLOW_SERVICE (addresses, by spaces), KG_OFFLINE (anything)."""
    named = tuple(allowed or ()) + tuple(os.environ.get("KG_ALLOW_SERVICE", "").split())
    offline = offline or bool(os.environ.get("KG_OFFLINE"))
    return ServicePolicy(named, offline, timeout or 60.0)


@dataclass(frozen=True, slots=True)
class Call:
    """One SERVICE or LOAD: the address it names, and where its term stands in the text."""

    word: Literal["SERVICE", "LOAD"]
    endpoint: str
    start: int
    end: int


# In the engine's reading a word may begin in the middle of what the standard takes for one prefixed name.
_GLUED_SERVICE = re.compile(r"service(?:silent)?:", re.IGNORECASE)
_GLUED_LOAD = re.compile(r"load(?:silent)?:", re.IGNORECASE)
_BEFORE_GRAPH_NAME = frozenset({"GRAPH", "SERVICE", "SILENT", "FROM", "NAMED", "A"})


def remote_calls(sparql: Sparql) -> tuple[Call, ...]:
    """Every SERVICE and LOAD of a query or update, in order.

    FederationError for an endpoint in a variable, which nobody can check before it runs.
    """
    calls: list[Call] = []
    namespaces: dict[str, str] = {}
    base = ""
    tokens = sparql.tokens
    depth = 0
    for index, token in enumerate(tokens):
        following = tokens[index + 1 : index + 3]
        if token.text in ("{", "}"):
            depth += 1 if token.text == "{" else -1
        elif token.keyword == "PREFIX" and len(following) == 2:
            namespaces[following[0].text.partition(":")[0]] = _absolute(following[1], {}, base)
        elif token.keyword == "BASE" and following:
            base = _absolute(following[0], {}, base)
        elif token.keyword in ("SERVICE", "LOAD"):
            if following and following[0].keyword == "SILENT":
                following = following[1:]
            word: Literal["SERVICE", "LOAD"] = "SERVICE" if token.keyword == "SERVICE" else "LOAD"
            calls.append(_call(sparql, word, following[0] if following else token, namespaces, base))
        elif token.kind == "name":
            _refuse_glued(sparql, token, tokens[index - 1] if index else None, following, depth)
    return tuple(calls)


def _call(sparql: Sparql, word: Literal["SERVICE", "LOAD"], term: Token, namespaces: dict[str, str], base: str) -> Call:
    if term.kind == "variable":
        raise FederationError(
            f"SERVICE {term.text}: an endpoint in a variable cannot be checked before it runs; write its address"
        )
    if term.kind not in ("iri", "name"):
        raise syntax_error(sparql.text, term.end, f"the address of an endpoint belongs behind {word}: <https://…>")
    return Call(word, _absolute(term, namespaces, base), term.start, term.end)


def _absolute(term: Token, namespaces: dict[str, str], base: str) -> str:
    if term.kind == "name":
        prefix, _, local = term.text.partition(":")
        return namespaces.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
    return urljoin(base, unescape_codepoints(term.text[1:-1]))


def _refuse_glued(
    sparql: Sparql, token: Token, previous: Token | None, following: tuple[Token, ...], depth: int
) -> None:
    opens_group = bool(following) and following[0].text == "{"
    named = previous is not None and previous.keyword in _BEFORE_GRAPH_NAME
    if opens_group and not named and _GLUED_SERVICE.search(token.text):
        message = (
            "this could be read as a SERVICE call: end the triple with '.' before '{', or put a space after SERVICE"
        )
        raise syntax_error(sparql.text, token.start, message)
    if depth == 0 and (previous is None or not previous.keyword) and _GLUED_LOAD.search(token.text):
        raise syntax_error(sparql.text, token.start, "this could be read as LOAD: put a space after LOAD")


def check_calls(sparql: Sparql, policy: ServicePolicy) -> tuple[Call, ...]:
    """The calls of a query whose endpoints are all allowed; FederationError for the first that is not."""
    calls = remote_calls(sparql)
    for call in calls:
        if policy.offline:
            raise FederationError(f"{call.word} <{call.endpoint}>: --offline forbids it; leave that flag out")
        if urlsplit(call.endpoint).scheme not in ("http", "https"):
            raise FederationError(f"{call.word} <{call.endpoint}>: only http and https addresses can be reached")
        if not policy.permits(call.endpoint):
            raise FederationError(
                f"{call.word} <{call.endpoint}> is not allowed: a query may come from a stranger; "
                f"if you trust it add --allow-service {call.endpoint} (or set KG_ALLOW_SERVICE)"
            )
    return calls


def check_sent(sparql: Sparql, policy: ServicePolicy) -> None:
    r"""Check a query that an endpoint will read, which then calls the others itself.

    By the standard ``\uXXXX`` is decoded before anything else (SPARQL 1.1 section 19.2): a quotation mark written like
    this ends a string there, and a line end ends a comment. Both readings are checked.
    """
    check_calls(sparql, policy)
    decoded = unescape_codepoints(sparql.text)
    if decoded != sparql.text:
        check_calls(Sparql(decoded), policy)


@contextmanager
def routed(sparql: Sparql, policy: ServicePolicy) -> Iterator[Sparql]:
    """The query to give to the embedded engine, its endpoints replaced by a gateway that lives for the block.

    Results must be read within the block. FederationError before the block for what is not allowed; inside, any
    failure of the engine becomes one when a request through the gateway failed.
    """
    calls = check_calls(sparql, policy)
    if not calls:
        yield sparql
        return
    from kg.store.sparql.gateway import gateway  # only here: a server and a client cost a tenth of the program's start

    with gateway([call.endpoint for call in calls], policy.timeout) as (addresses, failures):
        text = sparql.text
        for call, address in sorted(zip(calls, addresses, strict=True), key=lambda pair: -pair[0].start):
            text = f"{text[: call.start]} <{address}> {text[call.end :]}"
        try:
            yield Sparql(text)
        except Exception as error:
            if failures:
                raise FederationError(failures[0]) from error
            raise
