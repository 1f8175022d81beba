"""kg: news articles in, linked data out.

What stands in ``__all__`` is the public interface, for programs and notebooks; every other name may change. Names are
imported when they are first used, so that ``import kg`` costs nothing.

Examples:
    >>> import kg
    >>> extraction = kg.extract_text("Rebels attacked the town of Arden on Monday.", published="2024-05-08")
    >>> [event.type for event in extraction.events]
    ['Attack']

"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kg.core.version import VERSION

if TYPE_CHECKING:
    from kg.articles import SkippedInput, read_articles
    from kg.core.errors import (
        ArticleError,
        FederationError,
        KgError,
        ModelError,
        OntologyError,
        QueryError,
        StoreError,
        StoreInUseError,
    )
    from kg.core.model import Article, Extraction, ValidationReport
    from kg.interface.checking import validate_file
    from kg.interface.explanations import Explanations
    from kg.interface.reading import extract_articles, extract_text, to_record
    from kg.interface.solutions import Iri, Solutions
    from kg.interface.stores import Loaded, OpenStore, open_store
    from kg.linking.merge import Merged
    from kg.query.evidence import Explanation
    from kg.query.prepare import NamedQuery, named_queries

__version__ = VERSION

__all__ = [
    "Article",
    "ArticleError",
    "Explanation",
    "Explanations",
    "Extraction",
    "FederationError",
    "Iri",
    "KgError",
    "Loaded",
    "Merged",
    "ModelError",
    "NamedQuery",
    "OntologyError",
    "OpenStore",
    "QueryError",
    "SkippedInput",
    "Solutions",
    "StoreError",
    "StoreInUseError",
    "ValidationReport",
    "extract_articles",
    "extract_text",
    "named_queries",
    "open_store",
    "read_articles",
    "to_record",
    "validate_file",
]

_HOMES = {
    "kg.articles": "SkippedInput read_articles",
    "kg.core.errors": "ArticleError FederationError KgError ModelError OntologyError QueryError StoreError "
    "StoreInUseError",
    "kg.core.model": "Article Extraction ValidationReport",
    "kg.interface.checking": "validate_file",
    "kg.interface.explanations": "Explanations",
    "kg.interface.reading": "extract_articles extract_text to_record",
    "kg.interface.solutions": "Iri Solutions",
    "kg.interface.stores": "Loaded OpenStore open_store",
    "kg.linking.merge": "Merged",
    "kg.query.evidence": "Explanation",
    "kg.query.prepare": "NamedQuery named_queries",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A public name, imported when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}: its public names are {', '.join(__all__)}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
