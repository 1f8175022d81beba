"""What a noun phrase stands for: its words in, an entity class of the ontology out, by its nouns or by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.entities.names import PEOPLE_ENDINGS
from kg.extract.syntax.phrases import acts, is_located, start_of
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Doc, Token

    from kg.extract.entities.nouns import EntityWords
    from kg.extract.entities.numbered import Name

#: Nouns for people that are as often no people: a head, justice.
_BODY_OR_OFFICE = frozenset(words("bodyOrOffice"))


class Kinds:
    """The classes of the noun phrases of one document; ``inside`` has the name that each token of a name is in."""

    def __init__(self, doc: Doc, words: EntityWords, inside: Mapping[int, Name]) -> None:
        self.doc = doc
        self.words = words
        self.inside = inside

    def of(self, start: int, head: Token) -> str | None:
        """Return the class of the phrase from a token to its head, by the ontology's nouns; None for unknown ones."""
        lemmas = [t.lemma_.lower() for t in self.doc[start : head.i + 1] if not t.is_punct]
        if not lemmas:
            return None
        found = self.words.noun_type(lemmas) or self.words.noun_type([*lemmas[:-1], head.lower_])
        if found == "Person" and lemmas[-1] in _BODY_OR_OFFICE and not self._is_office(head, lemmas):
            return None
        return self.in_use(found, head) if found in ("Institution", "Facility") else found

    def in_use(self, kind: str, head: Token) -> str:
        """Return what a house is here: a body where it acts ("the hospital said"), a place where things are at it."""
        if acts(head):
            return "Institution"
        return "Facility" if is_located(head) else kind

    def _is_office(self, head: Token, lemmas: list[str]) -> bool:
        """Whether "head", "justice" and the like are people here: of something, capitalised, compound or speaking."""
        if head.text[:1].isupper() and not head.is_sent_start:
            return True
        owned = any(c.dep_ == "nmod" and c.i > head.i for c in head.children)
        return (owned and lemmas[-1] == "head" and head.dep_ != "obl") or len(lemmas) > 1 or acts(head)

    def by_context(self, head: Token, plural: bool) -> str:
        """Guess the type of an unknown noun: a title or one that speaks or whom "who" describes is a person."""
        before = self.inside.get(head.i + 1)
        if before is not None and before.start == head.i + 1 and before.type == "Person":
            return "Person"
        for child in head.children:
            if child.dep_ == "acl:relcl" and any(c.lower_ in ("who", "whom") for c in child.children):
                return "Person"
        word = head.lemma_.lower()
        if plural and head.text[:1].isupper() and head.i > head.sent.start and word.endswith(PEOPLE_ENDINGS):
            return "Norp" if start_of(head) == head.i else "Group"
        if word.endswith(("woman", "man", "men", "women")) and len(word) > 5:
            return "Person"
        return "Other"
