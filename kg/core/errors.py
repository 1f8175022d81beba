"""Everything that ``kg`` raises on purpose.

KgError                     one line: what, where, what to do next; exit status 2
├── ArticleError            an input that cannot be read
├── ModelError              a language model that cannot be loaded
├── OntologyError           a mistake in the ontology, the lexicon or the shapes
├── QueryError              SPARQL that cannot be run
│   └── FederationError     a remote endpoint that is not allowed, or fails
└── StoreError              a store that cannot be opened, read or written
    ├── StoreInUseError     another process holds it
    └── StoreDamagedError   its folder is not whole
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all: its text is one line that says what is wrong, where, and what to do next."""


class ArticleError(KgError):
    """An input that cannot be read as an article."""


class ModelError(KgError):
    """A language model that cannot be found or loaded."""


class OntologyError(KgError):
    """A mistake in the ontology, the lexicon or the shapes; names file and term."""


class QueryError(KgError):
    """SPARQL that cannot be parsed or run."""


class FederationError(QueryError):
    """A remote endpoint that is not allowed, or that failed."""


class StoreError(KgError):
    """A store that cannot be opened, read or written."""


class StoreInUseError(StoreError):
    """Another process holds the store."""


class StoreDamagedError(StoreError):
    """The folder of a store is not whole: ``what`` is missing or broken, and what can be done."""

    def __init__(self, message: str, what: str = "") -> None:
        super().__init__(message)
        self.what = what or message
