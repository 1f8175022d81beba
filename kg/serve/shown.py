"""How values are written on a page: addresses of our own pages, links that may be followed, words for numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from kg.core.counted import counted
from kg.core.iris import local_name
from kg.serve.kinds import words


def address(path: str, **fields: object) -> str:
    """An address of ours with fields, the empty ones left out."""
    kept = {name: str(value) for name, value in fields.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def with_fields(params: Mapping[str, str], path: str, **changed: object) -> str:
    """The address of a page with the same fields, but for those that are changed (None takes one away)."""
    return address(path, **{**params, **changed})


def followable(iri: str) -> str:
    """An address that a person may follow to another site: http and https alone, nothing for any other."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return ""
    return iri if parts.scheme in ("http", "https") and parts.netloc else ""


class Fields(dict[str, str]):
    """The fields of an address, for a template: what is not there is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def article_name(iri: str) -> str:
    """What an article without a title is called: the end of its IRI."""
    return iri.partition("/article/")[2] or iri


def thing(iri: str) -> str:
    """The address of our page about something."""
    return address("/thing", iri=iri)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "followable": followable,
    "local": local_name,
    "plural": counted,
    "thing": thing,
    "words": words,
}
