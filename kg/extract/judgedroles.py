"""Who takes part, when and who says so, as the language model sees it.

What the rules gave an event and the model doubts is taken away, what it is sure of is added. It looks at every mention
of an entity in reach of a word that tells of the event; the ontology's ranges hold as ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.claims import SPEAKERS, Scope
from kg.extract.storytime import is_future, span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.extract.drafts import Draft
    from kg.extract.events import Strands
    from kg.extract.learned import EventScores

ROLES = ("agent", "patient", "instrument", "recipient", "place")
#: Below these probabilities a filler goes: one that grammar gave, one that was inferred. Above the next, one is added.
DOUBTED, UNSURE, SURE = 0.04, 0.25, 0.5
#: Above this probability a time expression dates an event without time words; below the next, an inferred time goes.
DATED, UNDATED = 0.5, 0.08
#: Below this probability a speaker does not say it; above the next, somebody does whom the rules do not hear.
UNHEARD, HEARD = 0.1, 0.6
#: What is said of an entity with no mention in reach: nothing was learned of it.
_UNKNOWN = -1.0


class Judge:
    """What the model says of the participants, times and speakers of one document."""

    def __init__(self, strands: Strands, scores: EventScores) -> None:
        self.strands, self.scores = strands, scores
        words_of = {e: sorted({i for m in ms for i in range(m.start, m.end)}) for e, ms in strands.spans_of.items()}
        self.entities = [e for e, words in words_of.items() if words]
        self._row = {e: k for k, e in enumerate(self.entities)}
        self._words = np.array([i for e in self.entities for i in words_of[e]], dtype=np.int64)
        self._starts = np.cumsum([0, *(len(words_of[e]) for e in self.entities)])[:-1]
        self._column = {role: k for k, role in enumerate(scores.role_names)}
        fits = strands.ontology.fits
        self._speak = np.array([fits(strands.entity_classes.get(e, ""), SPEAKERS) for e in self.entities], dtype=bool)

    def knows(self, draft: Draft) -> bool:
        """Whether the model has learned events of this type."""
        return self.scores.knows(self.strands.ontology.event_types[draft.type].types)

    def _likely(self, heads: Sequence[int]) -> NDArray[np.float32]:
        """The probabilities [entity, role] that an entity takes part in what the triggers tell; else _UNKNOWN."""
        result = np.full((len(self.entities), len(self._column)), _UNKNOWN, dtype=np.float32)
        for head in heads:
            first, found = self.scores.roles(head)
            near = (self._words >= first) & (self._words < first + len(found))
            table = np.full((len(self._words), len(self._column)), _UNKNOWN, dtype=np.float32)
            table[near] = found[self._words[near] - first]
            result = np.maximum(result, np.maximum.reduceat(table, self._starts, axis=0))
        return result

    def participants(self, draft: Draft) -> None:
        """Drop and add fillers of an event's roles."""
        if not self.entities or not self.knows(draft):
            return
        likely = self._likely(draft.heads)
        kept = []
        for role, entity in draft.fillers:
            known = entity in self._row and role in self._column
            p = float(likely[self._row[entity], self._column[role]]) if known else _UNKNOWN
            if _UNKNOWN < p < (DOUBTED if (role, entity) in draft.told else UNSURE):
                self._say(draft, f"{role}: not", entity, p)
                draft.counts = [c for c in draft.counts if (c.role, c.entity) != (role, entity)]
            else:
                kept.append((role, entity))
        draft.fillers = kept
        sure = [(float(row[self._column[role]]), role, e)
                for row, e in zip(likely, self.entities, strict=True) for role in ROLES
                if row[self._column[role]] > SURE]  # fmt: skip
        for p, role, entity in sorted(sure, reverse=True):
            if (role, entity) in draft.fillers or (role != "place" and entity in {e for _, e in draft.fillers}):
                continue
            if self.strands.ontology.may_fill(self.strands.entity_classes.get(entity, "Other"), role, draft.type):
                draft.fillers.append((role, entity))
                self._say(draft, f"{role}:", entity, p)

    def date(self, draft: Draft) -> None:
        """Give an event without time words the time expression that the model takes to date it."""
        if draft.time is not None or not self.knows(draft):
            return
        spans = [t for t in self.strands.times if t.kind in ("point", "range") and t.value is not None]
        found = [(self._dates(draft, t.start, t.end), -t.start, t) for t in spans]
        best = max(found, key=lambda f: f[:2], default=None)
        if best is None or best[0] <= DATED:
            return
        time = span_of(best[2], best[2].bounds, self.strands)
        if time.value is None or (is_future(time, self.strands.published) and draft.status == "asserted"):
            return
        draft.time = replace(time, mention=None, evidence=time.mention, inferred=True)
        self.strands.log(draft.match.head, f"  time: “{best[2].text}” to the model ({best[0]:.2f})")

    def doubt_date(self, draft: Draft) -> None:
        """Take back an inferred time whose words the model does not see to date the event."""
        time = draft.time
        if time is None or not time.inferred or time.evidence is None or not self.knows(draft):
            return
        words = self.strands.doc.char_span(time.evidence.start, time.evidence.end)
        if words is not None and _UNKNOWN < (p := self._dates(draft, words.start, words.end)) < UNDATED:
            self.strands.log(draft.match.head, f"  time: not “{time.evidence.text}” to the model ({p:.2f})")
            draft.time = None

    def _dates(self, draft: Draft, start: int, end: int) -> float:
        """The probability that the words of a token range date the event; _UNKNOWN where they are out of reach."""
        result = _UNKNOWN
        for head in draft.heads:
            first, found = self.scores.roles(head)
            rows = found[max(start - first, 0) : max(end - first, 0), self._column["time"]]
            result = max(result, float(rows.max(initial=_UNKNOWN)))
        return result

    def speakers(self, draft: Draft) -> tuple[Scope, ...]:
        """Return the acts of saying around an event: without speakers that the model does not hear, with one it does.

        What it alone hears has no cue of its own: the speaker's mention is the words that show it.
        """
        strands, head = self.strands, draft.match.head
        if not self.entities or not self.knows(draft):
            return draft.scopes
        heard = self._likely([head])[:, self._column["source"]]
        kept = []
        for scope in draft.scopes:
            row = self._row.get(strands.entity_of(scope.speaker) or "") if scope.speaker is not None else None
            if row is not None and _UNKNOWN < heard[row] < UNHEARD:
                self._say(draft, "not said by", self.entities[row], float(heard[row]))
            else:
                kept.append(scope)
        heard = np.where(self._speak, heard, _UNKNOWN)
        best = int(heard.argmax())
        if all(s.speaker is None for s in kept) and heard[best] > HEARD:
            speaker, p = self.entities[best], float(heard[best])
            near = min(strands.spans_of[speaker], key=lambda m: abs(m.head - head))
            rule, content = f"so to the model ({p:.2f})", frozenset(draft.match.tokens)
            kept.insert(0, Scope(near.head, (near.start, near.end), content, "heard", None, rule))
            self._say(draft, "said by", speaker, p)
        return tuple(kept)

    def _say(self, draft: Draft, what: str, entity: str, p: float) -> None:
        self.strands.log(
            draft.match.head, f"  {what} “{self.strands.names.get(entity, entity)}” to the model ({p:.2f})"
        )
