"""What was found in one document before events are put together: the value that the steps of a reading share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.core.model import Mention

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.extract.amounts.quantities import CountedQuantity
    from kg.extract.entities.mention import EntityMention
    from kg.extract.grammar.cues import Cues
    from kg.extract.grammar.triggers import TriggerMatch
    from kg.extract.language.scores import EventScores
    from kg.extract.saying.scopes import Scope
    from kg.extract.times.mentions import TimeMention
    from kg.ontology.values import Ontology


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in one document before events are put together. Token indices throughout."""

    doc: Doc
    text: str  # of the article: a Doc makes its own anew each time it is asked
    ontology: Ontology
    cues: Cues
    matches: Sequence[TriggerMatch]
    scopes: Sequence[Scope]
    times: Sequence[TimeMention]
    quantities: Sequence[CountedQuantity]
    class_of: Callable[[int], str | None]
    entity_of: Callable[[int], str | None]  # head token → entity id
    entity_classes: Mapping[str, str]  # entity id → class
    names: Mapping[str, str]  # entity id → name
    surely_two: Callable[[str, str], bool]  # whether two entity ids cannot stand for one thing after all
    published: str | None
    scores: EventScores | None  # what the language model says of events, where it has learned them
    spans_of: Mapping[str, Sequence[EntityMention]]  # entity id → its mentions
    log: Callable[[int, str], None] = field(repr=False)

    def mention(self, start: int, end: int) -> Mention:
        """The mention of a half-open token range."""
        first, last = self.doc[start], self.doc[end - 1]
        stop = last.idx + len(last.text)
        return Mention(first.idx, stop, self.text[first.idx : stop])
