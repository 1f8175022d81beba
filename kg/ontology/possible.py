"""Words that may tell an event where the language model sees one in them, and never by themselves.

Statements and the classes of events in, (lemma, part of speech) → types out, the likeliest first. "The hartal emptied
the town": the model sees an event in a word that it was never taught, and the list says that a hartal is a Strike.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.core.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.ontology.turtle import Statements
    from kg.ontology.values import EventType

_WORDS = {"possibleVerb": "verb", "possibleNoun": "noun", "possibleAdjective": "adjective"}
#: The properties that may stand on an event type and on nothing else.
POSSIBLE = (*_WORDS, "possible")


def possible_words(said: Statements, events: Iterable[EventType]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(Lemma, part of speech) → types of event that it may tell: by weight, then the narrower class, then by name."""
    weights: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    depth: dict[str, int] = {}
    for event in events:
        depth[event.name] = len(event.types)
        for word, pos, weight in _of_type(said, event.iri):
            kinds = weights[word, pos]
            kinds[event.name] = max(weight, kinds.get(event.name, weight))
    return {key: _ordered(kinds, depth) for key, kinds in sorted(weights.items())}


def _ordered(weights: Mapping[str, float], depth: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(weights, key=lambda name: (-weights[name], -depth[name], name)))


def _of_type(said: Statements, iri: str) -> Iterator[tuple[str, str, float]]:
    """Word, part of speech and weight of each word that may tell of a type."""
    for name, pos in _WORDS.items():
        for word in _parted(said, iri, name, said.kg(iri, name)):
            yield word, pos, 1.0
    for term in said.terms(iri, f"{ONTOLOGY}possible"):
        node = term.text
        if term.kind == "literal":
            said.fail(iri, f"kg:possible {node!r} must be a node in brackets")
        pos = said.text(node, f"{ONTOLOGY}pos")
        if pos not in _WORDS.values():
            said.fail(node, f"the kg:pos of kg:possible is {pos!r}: it must be one of {', '.join(_WORDS.values())}")
        weight = said.number(node, "weight", 1.0)
        for word in _parted(said, node, "words", said.kg(node, "words")):
            yield word, pos, weight


def _parted(said: Statements, subject: str, name: str, texts: Iterable[str]) -> Iterator[str]:
    """The words of lists with commas between them; each is one lemma in lower case."""
    found = [word.strip() for text in texts for word in text.split(",")]
    if name == "words" and not found:
        said.fail(subject, "a kg:possible without kg:words")
    for word in found:
        if not word or word.split() != [word] or word != word.lower():
            said.fail(subject, f"kg:{name}: {word!r} is not one lemma in lower case")
        yield word
