"""Who gives a toll: "the ministry put the death toll at nine" is said by the ministry. Tolls in, acts of saying out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.amounts.tolls import find_tolls
from kg.extract.saying.scopes import Scope
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_ASIDE = ("parataxis", "conj", "advcl")
_REPORTING = frozenset(words("tollReporting"))


def toll_scopes(doc: Doc) -> Iterator[Scope]:
    """One act of saying for each toll that somebody gives."""
    for toll in find_tolls(doc):
        verb = doc[toll.verb]
        if toll.speaker is None or verb.lemma_ not in _REPORTING:
            continue
        own = {t.i for t in doc[toll.speaker].subtree} | {verb.i}
        aside = {t.i for c in verb.children if c.dep_ in _ASIDE and c.pos_ == "VERB" for t in c.subtree}
        content = frozenset(t.i for t in verb.subtree if t.i not in own | aside)
        yield Scope(toll.speaker, (verb.i, verb.i + 1), content, "statement", None, f"{verb.lemma_} a toll")
