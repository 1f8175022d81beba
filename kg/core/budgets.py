"""How much of the machine one input may take: budgets with names, each with an environment variable that changes it.

What is over a budget is named and skipped, or refused; nothing hangs. ``docs/security.md`` has the table of all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from kg.core.errors import KgError


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget: the variable that changes it, its default, and what it counts."""

    variable: str
    default: int
    what: str

    @property
    def value(self) -> int:
        """The default, or the number in the environment; KgError where that is none."""
        words = os.environ.get(self.variable, "").strip()
        if not words:
            return self.default
        if not (words.isascii() and words.isdigit() and int(words[:12]) > 0 and len(words) <= 12):
            raise KgError(f"{self.variable}={words[:40]}: give a whole number above 0 ({self.what})")
        return int(words)

    def hint(self) -> str:
        """How a person allows more, for the end of a message."""
        return f"set {self.variable} above {self.value} to allow it"


DEPTH = Budget(
    "KG_MAX_DEPTH", 100, "levels of brackets, elements or objects within each other, in RDF, JSON and SPARQL"
)
QUERY_CHARS = Budget("KG_MAX_QUERY_CHARS", 64 * 2**20, "characters of a query or an update")
QUERY_PARTS = Budget("KG_MAX_QUERY_PARTS", 1_000, "operators, filters, bindings and alternatives of a query")
QUERY_JOINS = Budget("KG_MAX_QUERY_JOINS", 150, "patterns of a query that are joined")
RUN = Budget("KG_MAX_RUN", 1_000, "characters of one word, or of one run of spaces or of a repeated sign, in a text")
SENTENCE = Budget("KG_MAX_SENTENCE", 5_000, "characters without a line's or sentence's end, in a text")
WORDS = Budget("KG_MAX_WORDS", 50_000, "words and signs of a text")
ID = Budget("KG_MAX_ID", 1_000, "characters of an id or a URL")
PAGE_BYTES = Budget("KG_MAX_PAGE_BYTES", 8 * 2**20, "bytes of a web page")
PAGE_ELEMENTS = Budget("KG_MAX_PAGE_ELEMENTS", 50_000, "elements of a web page")
PAGE_PARTS = Budget("KG_MAX_PAGE_PARTS", 1_000, "articles or entries of one web page")
FEED_BYTES = Budget("KG_MAX_FEED_BYTES", 8 * 2**20, "bytes of a feed")
FEED_ENTRIES = Budget("KG_MAX_FEED_ENTRIES", 10_000, "entries of a feed")
RDF_BYTES = Budget("KG_MAX_RDF_BYTES", 2**31, "bytes of an RDF file")
ENTITIES = Budget("KG_MAX_ENTITIES", 2**20, "bytes that the entities of an XML file stand for, all uses together")
RDF_SECONDS = Budget("KG_MAX_RDF_SECONDS", 8, "seconds of processor for an RDF file, and one more for each megabyte")
RDF_MEGABYTES = Budget(
    "KG_MAX_RDF_MEGABYTES", 768, "megabytes of memory for an RDF file, and 40 more for each of its own"
)
ANSWER_BYTES = Budget("KG_MAX_ANSWER_BYTES", 2**30, "bytes of one answer of an endpoint that is the store")
ANSWER_SECONDS = Budget("KG_MAX_ANSWER_SECONDS", 3_600, "seconds for one answer of an endpoint that is the store")
SERVICE_BYTES = Budget("KG_MAX_SERVICE_BYTES", 64 * 2**20, "bytes of one answer to SERVICE or LOAD")
SERVE_BODY_BYTES = Budget("KG_MAX_SERVE_BODY_BYTES", 16 * 2**20, "bytes of one request to `kg serve`")
SERVE_ANSWER_BYTES = Budget("KG_MAX_SERVE_ANSWER_BYTES", 2**30, "bytes of one answer in SPARQL of `kg serve`")
SERVE_MEGABYTES = Budget("KG_MAX_SERVE_MEGABYTES", 2048, "megabytes of memory for each process that answers SPARQL")
SERVE_PATIENCE = Budget("KG_MAX_SERVE_PATIENCE", 20, "seconds that a client of `kg serve` may take for the next bytes")
WAIT = Budget("KG_MAX_WAIT", 60, "seconds of waiting for a named pipe that nobody feeds")
PAUSE = Budget("KG_MAX_PAUSE", 20, "seconds of waiting for a server that asks to be asked later")

ALL = (
    DEPTH,
    QUERY_CHARS,
    QUERY_PARTS,
    QUERY_JOINS,
    RUN,
    SENTENCE,
    WORDS,
    ID,
    PAGE_BYTES,
    PAGE_ELEMENTS,
    PAGE_PARTS,
    FEED_BYTES,
    FEED_ENTRIES,
    RDF_BYTES,
    ENTITIES,
    RDF_SECONDS,
    RDF_MEGABYTES,
    ANSWER_BYTES,
    ANSWER_SECONDS,
    SERVICE_BYTES,
    SERVE_BODY_BYTES,
    SERVE_ANSWER_BYTES,
    SERVE_MEGABYTES,
    SERVE_PATIENCE,
    WAIT,
    PAUSE,
)
"""Every budget, in the order of the documents."""
