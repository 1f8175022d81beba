"""Who takes part and when, as the language model sees it.

What the rules gave an event and the model doubts is taken away, what it is sure of is added. It looks at every mention
of an entity in reach of a word that tells of the event; the ontology's ranges hold as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.extract.syntax.slots import ACTED_ON, children
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.language.scores import EventScores

ROLES = ("agent", "patient", "instrument", "recipient", "place")
#: Below this probability a filler goes that its own grammar gives, below the next one that is inferred.
DOUBTED, DOUBTED_INFERRED = 0.01, 0.05
#: Above this probability a filler is added to an empty role, above the next to others.
SURE, SURER = 0.5, 0.8
#: What is said of an entity with no mention in reach: nothing was learned of it.
_UNKNOWN = -1.0

#: Verbs whose object is not said to have done what they name.
_HOLDING = frozenset(words("holding"))


class Judge:
    """What the model says of the participants, times and speakers of one document."""

    def __init__(self, findings: Findings, scores: EventScores) -> None:
        self.findings, self.scores = findings, scores
        words_of = {e: sorted({i for m in ms for i in range(m.start, m.end)}) for e, ms in findings.spans_of.items()}
        self.entities = [e for e, words in words_of.items() if words]
        self._row = {e: k for k, e in enumerate(self.entities)}
        self._words = np.array([i for e in self.entities for i in words_of[e]], dtype=np.int64)
        self._starts = np.cumsum([0, *(len(words_of[e]) for e in self.entities)])[:-1]
        self._column = {role: k for k, role in enumerate(scores.role_names)}
        self._asked: dict[int, tuple[int, NDArray[np.float32]]] = {}  # trigger → its roles: each is asked twice

    def _roles(self, trigger: int) -> tuple[int, NDArray[np.float32]]:
        if trigger not in self._asked:
            self._asked[trigger] = self.scores.roles(trigger)
        return self._asked[trigger]

    def _likely(self, heads: Sequence[int]) -> NDArray[np.float32]:
        """The probabilities [entity, role] that an entity takes part in what the triggers tell; else _UNKNOWN."""
        result = np.full((len(self.entities), len(self._column)), _UNKNOWN, dtype=np.float32)
        for head in heads:
            first, found = self._roles(head)
            near = (self._words >= first) & (self._words < first + len(found))
            table = np.full((len(self._words), len(self._column)), _UNKNOWN, dtype=np.float32)
            table[near] = found[self._words[near] - first]
            result = np.maximum(result, np.maximum.reduceat(table, self._starts, axis=0))
        return result

    def of_role(self, heads: Sequence[int], role: str) -> dict[str, float]:
        """Entity → the probability that it takes a role in what triggers tell; without those out of reach."""
        if not self.entities:
            return {}
        column = self._likely(heads)[:, self._column[role]]
        return {e: float(p) for e, p in zip(self.entities, column, strict=True) if p > _UNKNOWN}

    def chances(self, draft: Draft, entity: str) -> dict[str, float]:
        """The probability of each role of an entity in an event; empty where no mention of it is in reach."""
        row = self._row.get(entity)
        if row is None or not self.entities:
            return {}
        likely = self._likely(draft.heads)[row]
        return {role: float(likely[k]) for role, k in self._column.items() if role and likely[k] > _UNKNOWN}

    def _is_trigger(self, draft: Draft, entity: str) -> bool:
        """Whether an entity is told of by nothing but the words that tell the event."""
        spans = self.findings.spans_of.get(entity, ())
        return bool(spans) and all(set(range(m.start, m.end)) <= set(draft.match.tokens) for m in spans)

    def participants(self, draft: Draft) -> Draft:
        """Return the event with fillers of its roles dropped and added."""
        if not self.entities or not self.scores.knows(draft.type):
            return draft
        likely = self._likely(draft.heads)
        told = {f for t in draft.tellings for f in t.told}
        kept = draft
        for role, entity in draft.fillers:
            known = entity in self._row and role in self._column
            p = float(likely[self._row[entity], self._column[role]]) if known else _UNKNOWN
            if self._is_trigger(draft, entity):
                p = _UNKNOWN  # "the injured": the word that tells the event is annotated as no participant of it
            if _UNKNOWN < p < (DOUBTED if (role, entity) in told else DOUBTED_INFERRED):
                self._say(draft, f"{role}: not", entity, p)
                kept = kept.without(role, entity)
        sure = [(float(row[self._column[role]]), role, e)
                for row, e in zip(likely, self.entities, strict=True) for role in ROLES
                if row[self._column[role]] > SURE]  # fmt: skip
        result, filled = kept, {role for role, _ in kept.fillers}
        for p, role, entity in sorted(sure, reverse=True):
            if role in filled and p < SURER:
                continue
            if (role, entity) in result.fillers or (role != "place" and entity in {e for _, e in result.fillers}):
                continue
            if role == "agent" and draft.status == "asserted" and self._is_only_held(draft, entity):
                continue
            if self.findings.ontology.may_fill(self.findings.entity_classes.get(entity, "Other"), role, draft.type):
                result = result.filled(role, entity)
                self._say(draft, f"{role}:", entity, p)
        return result

    def _is_only_held(self, draft: Draft, entity: str) -> bool:
        """Whether a sentence tells no more of somebody than that he was held or tried over what happened.

        "Police arrested two men over the bombing": that they are those who did it, nobody has said. Of "arrested two
        men who bombed a market" the clause hangs on them, and is heeded.
        """
        for mention in self.findings.spans_of.get(entity, ()):
            held = self.findings.doc[mention.head]
            while held.dep_ == "conj":  # "a man and a woman"
                held = held.head
            verb = held.head
            if held.dep_ not in ACTED_ON or verb.lemma_ not in _HOLDING:
                continue
            own = {t.i for clause in children(held, "acl:relcl") for t in clause.subtree}
            below = {t.i for t in verb.subtree} - own - {verb.i}
            if any(head in below for head in draft.heads):
                return True
        return False

    def dates(self, draft: Draft, start: int, end: int) -> float:
        """The probability that the words of a token range date the event; _UNKNOWN where they are out of reach."""
        result = _UNKNOWN
        for head in draft.heads:
            first, found = self._roles(head)
            rows = found[max(start - first, 0) : max(end - first, 0), self._column["time"]]
            result = max(result, float(rows.max(initial=_UNKNOWN)))
        return result

    def _say(self, draft: Draft, what: str, entity: str, p: float) -> None:
        self.findings.log(
            draft.match.head, f"  {what} “{self.findings.names.get(entity, entity)}” to the model ({p:.2f})"
        )
