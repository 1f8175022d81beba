"""Which country, or none: names of a document in, the same with countries settled by what the rest of the text says.

"Congolese" is of the Congo that the article names; Georgia with a governor is no country but a state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.extract.entities.nouns import EntityWords
    from kg.extract.entities.numbered import Name

_STATES = frozenset({"georgia"})  # names of a country and of another one's state
_BEFORE = frozenset({"state of", "governor of", "legislature of", "senator from", "senator for"})
_AFTER = frozenset({"governor", "legislature", "lawmakers", "senator", "state"})


def settled(doc: Doc, names: Sequence[Name], words: EntityWords) -> list[Name]:
    """Return the names with countries that share a word told apart, and states that are called like one."""
    told = [(name.start, words.countries.get(_folded(doc, name), "")) for name in names if not name.demonym]
    states = {_folded(doc, name) for name in names if _folded(doc, name) in _STATES and _is_state(doc, name, names)}
    region = words.noun_type(["province"]) or "Place"
    result: list[Name] = []
    for name in names:
        if _folded(doc, name) in states and not name.demonym:
            result.append(replace(name, type=region, stands_for=None))
        elif name.demonym and name.stands_for is not None:
            near = {c for at, c in told if doc[at].sent.start == doc[name.start].sent.start}
            chosen = _namesake(name.stands_for, near, words) or _namesake(name.stands_for, {c for _, c in told}, words)
            result.append(replace(name, stands_for=chosen or name.stands_for))
        else:
            result.append(name)
    return result


def _folded(doc: Doc, name: Name) -> str:
    return fold(doc[name.start : name.end].text)


def _is_state(doc: Doc, name: Name, names: Sequence[Name]) -> bool:
    """Whether the words beside a name say that it is a state: "the state of", "governor", a town before its comma."""
    before = " ".join(t.lower_ for t in doc[max(0, name.start - 2) : name.start])
    after = doc[name.end : name.end + 1].text.lower()
    if before in _BEFORE or after in _AFTER:
        return True
    town = name.start > 1 and doc[name.start - 1].text == "," and after == ","
    return town and any(n.end == name.start - 1 and not n.demonym for n in names)


def _namesake(country: str, told: set[str], words: EntityWords) -> str | None:
    """Return the one of several countries of a name that is among those told of; None where none is, or several."""
    named = told.intersection(words.namesakes.get(fold(country).split()[-1], ()))
    return named.pop() if len(named) == 1 else None
