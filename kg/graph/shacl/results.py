"""One result of validation: whose, of which path and value, by which shape."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A result; its parts are terms as N-Triples text, its messages plain text."""

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: str
    messages: tuple[str, ...]


class IncomparableError(Exception):
    """Values that sh:lessThan cannot compare: pySHACL gives up on the graph then."""
