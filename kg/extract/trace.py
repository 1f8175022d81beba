"""What found what: notes taken while an article is read, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.core.model import Entity
    from kg.extract.events.findings import Findings


@dataclass(frozen=True, slots=True)
class Note:
    """One finding in words, and the character of the article's text where its word begins."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class TracedSentence:
    """One sentence with what was found in it, by which rule or model, and what was dropped and why."""

    start: int  # half-open, characters of the article's text
    end: int
    text: str
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Trace:
    """Notes of one reading: (token index, message), in order of the work.

    What was found before events are made (entities, times, counts, acts of saying) stands apart from what was decided
    of each event, whose notes bear the head token of its trigger; a detail of an event is indented.
    """

    found: list[tuple[int, str]] = field(default_factory=list)
    decided: list[tuple[int, str]] = field(default_factory=list)

    def find(self, token: int, message: str) -> None:
        """Note something found at a token, before events are made."""
        self.found.append((token, message))

    def log(self, token: int, message: str) -> None:
        """Note a decision about the event whose trigger's head is the token; a detail of it begins with two spaces."""
        self.decided.append((token, message))

    def sentences(self, doc: Doc) -> list[TracedSentence]:
        """The notes sentence by sentence: first what was found, then each event with its details under it."""
        at = {t.i: n for n, s in enumerate(doc.sents) for t in s}
        notes: dict[int, list[Note]] = {}
        by_event = sorted(self.decided, key=lambda note: (note[0], note[1].startswith("  ")))  # the rest as it came
        for token, message in (*self.found, *by_event):
            notes.setdefault(at[token], []).append(Note(doc[token].idx, message))
        return [
            TracedSentence(s.start_char, s.end_char, s.text.strip(), tuple(dict.fromkeys(notes.get(n, ()))))
            for n, s in enumerate(doc.sents)
            if s.text.strip()
        ]


def note_findings(findings: Findings, entities: Sequence[Entity], trace: Trace) -> None:
    """Note what was found before events are put together: entities, times, counts, acts of saying."""
    doc = findings.doc
    at_char = {t.idx: t.i for t in doc}
    for entity in entities:
        for mention in entity.mentions:
            called = "" if mention.text == entity.name else f" = {entity.name}"
            token = at_char.get(mention.start, 0)
            by = f"model label {doc[token].ent_type_}" if doc[token].ent_type_ else "noun phrase"
            trace.find(token, f"entity {entity.id} {entity.type} “{mention.text}”{called} ({by})")
    for time in findings.times:
        trace.find(time.start, f"time “{time.text}” = {time.value or 'unresolved'} ({time.kind})")
    for counted in findings.quantities:
        q = counted.quantity
        bounds = "–".join("…" if bound is None else str(bound) for bound in (q.minimum, q.maximum))
        trace.find(counted.start, f"count {bounds} of “{doc[counted.counted].text}”")
    for scope in findings.scopes:
        speaker = "nobody named" if scope.speaker is None else f"“{doc[scope.speaker].text}”"
        words = doc[min(scope.content) : max(scope.content) + 1].text
        trace.find(scope.cue[0], f"{speaker} says “{words[:60]}{'…' if len(words) > 60 else ''}” ({scope.rule})")
