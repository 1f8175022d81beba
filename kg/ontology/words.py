"""Lists of words that rules look up: ontology/words-en.ttl in; a tuple for each name out.

Read once for all, when a module that needs a list is imported; a rule's list stands there and nowhere in Python.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kg.core import resources
from kg.core.errors import OntologyError
from kg.core.vocab import ONTOLOGY
from kg.ontology.turtle import local_name, read_statements

if TYPE_CHECKING:
    from collections.abc import Mapping


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, tuple[str, ...]]:
    said = read_statements(tuple(resources.word_files()))
    return {local_name(s): _parted(said.kg(s, "listed")) for s in said.of_type(f"{ONTOLOGY}WordList")}


def _parted(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for text in texts for word in text.split(",") if word.strip())


def words(name: str) -> tuple[str, ...]:
    """Return the words of a list of ontology/words-en.ttl in its order; OntologyError where none has that name."""
    try:
        return _lists()[name]
    except KeyError:
        raise OntologyError(f"no kg:{name} a kg:WordList in ontology/words-*.ttl: restore the folder") from None


def numbered(name: str) -> dict[str, int]:
    """Return a list whose words end in a number as a mapping: "dozen 12" gives ``{"dozen": 12}``."""
    parted = (word.rpartition(" ") for word in words(name))
    return {word: int(number) for word, _, number in parted}


def paired(name: str) -> dict[str, str]:
    """Return a list whose words end in a second one as a mapping: "minute hour" gives ``{"minute": "hour"}``."""
    parted = (word.rpartition(" ") for word in words(name))
    return {word: other for word, _, other in parted}
