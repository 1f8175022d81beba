"""The ontology's words for entities, arranged for looking up by the words of a noun phrase. Built once an ontology."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.core.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.ontology.values import Ontology

_INDEXES: dict[str, EntityWords] = {}  # by digest of the ontology
_KEPT = 4


@dataclass(frozen=True, slots=True)
class EntityWords:
    """Looked up in lower-case lemmas (nouns) or folded names; types are local names of entity classes."""

    nouns: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]  # head → (words before it, type), longest first
    names: Mapping[str, str]  # folded name → type
    long_names: Mapping[str, tuple[tuple[str, ...], ...]]  # first word → names of several words, longest first
    countries: Mapping[str, str]  # folded name or alias → usual name
    demonyms: Mapping[str, str]  # folded adjective or inhabitant → country
    namesakes: Mapping[str, tuple[str, ...]]  # last word of a country's name → countries whose names end in it, if many
    longest_demonym: int  # in words
    parents: Mapping[str, tuple[str, ...]]  # type → itself and its superclasses
    traits: Mapping[str, frozenset[str]]  # type → what the ontology says that rules may know of it

    def noun_type(self, words: Sequence[str]) -> str | None:
        """Return the type of a phrase of lemmas whose last one is the head: "police station" before "station"."""
        found = self._entry(words)
        return None if found is None else found[1]

    def fixed_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the words before the head that make one noun with it: "police" of "lake police station"."""
        found = self._entry(words)
        return () if found is None else found[0]

    def _entry(self, words: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
        before = tuple(words[:-1])
        for others, kind in self.nouns.get(words[-1], ()):
            if not others or before[-len(others) :] == others:
                return others, kind
        return None

    def is_styled(self, country: str, word: str) -> bool:
        """Whether a longer name of a country holds a word: "kingdom", "republic"."""
        return any(name == country and word in alias.split() for alias, name in self.countries.items())

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether a type is the other one or below it, or has that trait."""
        return ancestor in self.parents.get(kind, (kind,)) or ancestor in self.traits.get(kind, ())

    def types(self, kind: str) -> tuple[str, ...]:
        """Return a type and its superclasses up to Entity, most specific first."""
        return self.parents.get(kind, (kind,))


def entity_words(ontology: Ontology) -> EntityWords:
    """Return the index of an ontology's nouns, names, countries and demonyms."""
    found = _INDEXES.get(ontology.digest)
    if found is None:
        if len(_INDEXES) >= _KEPT:
            _INDEXES.clear()
        found = _INDEXES[ontology.digest] = _index(ontology)
    return found


def _index(ontology: Ontology) -> EntityWords:
    nouns: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for phrase, kind in ontology.entity_nouns.items():
        words = tuple(phrase.lower().replace("-", " ").split())
        nouns[words[-1]].append((words[:-1], kind))
    countries = {
        fold(name): country.name for country in ontology.countries for name in (country.name, *country.aliases)
    }
    demonyms = {fold(word): country.name for country in ontology.countries for word in country.demonyms}
    names = {fold(name): kind for name, kind in ontology.entity_names.items()}
    long_names: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        if " " in name:
            long_names[name.split()[0]].append(tuple(name.split()))
    return EntityWords(
        nouns={head: tuple(sorted(found, key=lambda f: (-len(f[0]), f))) for head, found in nouns.items()},
        names=names,
        long_names={first: tuple(sorted(found, key=lambda n: (-len(n), n))) for first, found in long_names.items()},
        countries=countries,
        demonyms=demonyms,
        namesakes=_namesakes(ontology),
        longest_demonym=max((len(word.split()) for word in demonyms), default=1),
        parents={name: kind.types for name, kind in ontology.entity_types.items()},
        traits=ontology.traits,
    )


def _namesakes(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    """Countries that share the last word of their names ("Congo", "Korea"), by that word."""
    found: dict[str, set[str]] = defaultdict(set)
    for country in ontology.countries:
        found[fold(country.name).split()[-1]].add(country.name)
    return {word: tuple(sorted(names)) for word, names in found.items() if len(names) > 1}
