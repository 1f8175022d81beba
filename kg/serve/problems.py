"""What goes wrong, as RFC 9457 problem details: a status, a kind, and one line that says what to do next."""

from __future__ import annotations

import json

from kg.core.errors import FederationError, KgError, QueryError, StoreInUseError
from kg.core.secrets import hidden

MEDIA = "application/problem+json"

KINDS = {
    "bad-request": (400, "The request is not one that this address takes"),
    "bad-query": (400, "The query or update cannot be run"),
    "bad-data": (400, "The RDF cannot be read"),
    "token": (401, "A token is asked for"),
    "forbidden": (403, "This is not allowed here"),
    "read-only": (403, "This server only reads: start it with --write to change the store"),
    "not-found": (404, "There is no such thing here"),
    "method": (405, "This address does not take this method"),
    "not-acceptable": (406, "No format that was asked for fits the answer"),
    "too-large": (413, "The request is larger than this server takes"),
    "media-type": (415, "This address does not take this media type"),
    "misdirected": (421, "The request names a host that this server is not"),
    "answer-too-large": (422, "The answer is larger than this server gives"),
    "failed": (500, "The server failed"),
    "busy": (503, "The server is busy"),
    "in-use": (503, "Another process writes the store"),
    "timeout": (504, "There was no answer in time"),
}
"""Every kind of problem: its status and title; ``type`` is the address of its row on the page /problems."""


class Problem(KgError):  # noqa: N818 # the word of RFC 9457
    """Something that a client is told."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind

    @property
    def status(self) -> int:
        """The status of the answer."""
        return KINDS[self.kind][0]

    def body(self) -> bytes:
        """The answer as JSON."""
        status, title = KINDS[self.kind]
        told = {"type": f"/problems#{self.kind}", "title": title, "status": status, "detail": hidden(str(self))}
        return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def problem_of(error: KgError) -> Problem:
    """An error of ours as a problem."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreInUseError):
        return Problem("in-use", str(error))
    if isinstance(error, FederationError):
        return Problem("forbidden", str(error))
    return Problem("bad-query" if isinstance(error, QueryError) else "failed", str(error))
