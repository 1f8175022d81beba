"""Who takes part and when, as the language model sees it: what it doubts is taken from an event, what it knows is added.

It looks at every mention of an entity near any word that tells of the event; the ontology's ranges hold as ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.learned import REACH
from kg.extract.storytime import span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kg.extract.drafts import Draft
    from kg.extract.events import Strands
    from kg.extract.learned import EventScores

ROLES = ("agent", "patient", "instrument", "recipient", "place")
#: Below these probabilities a filler goes: one that grammar gave, one that was inferred. Above the next, one is added.
DOUBTED, UNSURE, SURE = 0.04, 0.25, 0.5
#: Above this probability a time expression dates an event without time words; below the next, an inferred time goes.
DATED, UNDATED = 0.5, 0.08


def judge_roles(drafts: list[Draft], strands: Strands, scores: EventScores) -> None:
    """Drop and add participants of events that the model knows."""
    heads = {e: [(m.start, m.end) for m in spans if not m.demonym] for e, spans in strands.spans_of.items()}
    entities = [e for e, spans in heads.items() if spans]
    words = sorted({i for e in entities for a, b in heads[e] for i in range(a, b)})
    if not words:
        return
    place = {word: k for k, word in enumerate(words)}
    rows = [sorted({place[i] for a, b in heads[e] for i in range(a, b)}) for e in entities]
    columns = {role: scores.heads.roles.index(role) for role in ROLES}
    for draft in drafts:
        if not scores.knows(strands.ontology.event_types[draft.type].types):
            continue
        table = np.max([scores.roles(h, words) for h in draft.heads], axis=0)
        likely = {e: table[row].max(0) for e, row in zip(entities, rows, strict=True)}
        _drop(draft, likely, columns, strands)
        _add(draft, likely, columns, strands)


def judge_times(drafts: list[Draft], strands: Strands, scores: EventScores) -> None:
    """Give events without time words the time expression that the model takes to date them."""
    spans = [t for t in strands.times if t.kind in ("point", "range") and t.value is not None]
    column = scores.heads.roles.index("time")
    for draft in drafts:
        if draft.time is not None or not scores.knows(strands.ontology.event_types[draft.type].types):
            continue
        found = [(_likely(draft, range(t.start, t.end), column, scores), -t.start, t) for t in spans]
        if found and (best := max(found, key=lambda f: f[:2]))[0] > DATED:
            time = span_of(best[2], best[2].bounds, strands)
            draft.time = replace(time, mention=None, evidence=time.mention, inferred=True)
            strands.log(draft.match.head, f"  time: “{best[2].text}” to the model ({best[0]:.2f})")


def doubt_times(drafts: list[Draft], strands: Strands, scores: EventScores) -> None:
    """Take back inferred times whose words the model does not see to date the event."""
    tokens = {t.idx: t.i for t in strands.doc}
    column = scores.heads.roles.index("time")
    for draft in drafts:
        if draft.time is None or not draft.time.inferred or draft.time.evidence is None:
            continue
        if not scores.knows(strands.ontology.event_types[draft.type].types):
            continue
        words = [i for at, i in tokens.items() if draft.time.evidence.start <= at < draft.time.evidence.end]
        near = abs(scores.sentence[words[0]] - scores.sentence[draft.match.head]) <= REACH if words else False
        if near and (p := _likely(draft, words, column, scores)) < UNDATED:
            strands.log(draft.match.head, f"  time: not “{draft.time.evidence.text}” to the model ({p:.2f})")
            draft.time = None


def _likely(draft: Draft, words: Sequence[int], column: int, scores: EventScores) -> float:
    return max(float(scores.roles(h, words)[:, column].max()) for h in draft.heads)


def _drop(draft: Draft, likely: dict[str, NDArray[np.float32]], columns: dict[str, int], strands: Strands) -> None:
    kept = []
    for role, entity in draft.fillers:
        p = float(likely[entity][columns[role]]) if entity in likely and role in columns else 1.0
        if p < (DOUBTED if (role, entity) in draft.told else UNSURE):
            strands.log(draft.match.head, f"  {role}: not “{strands.names.get(entity, entity)}” to the model ({p:.2f})")
            draft.counts = [c for c in draft.counts if (c.role, c.entity) != (role, entity)]
        else:
            kept.append((role, entity))
    draft.fillers = kept


def _add(draft: Draft, likely: dict[str, NDArray[np.float32]], columns: dict[str, int], strands: Strands) -> None:
    for p, role, entity in sorted(_sure(likely, columns), reverse=True):
        taken = {e for _, e in draft.fillers}
        if (role, entity) in draft.fillers or (role != "place" and entity in taken):
            continue
        if not strands.ontology.may_fill(strands.entity_classes.get(entity, "Other"), role, draft.type):
            continue
        draft.fillers.append((role, entity))
        strands.log(draft.match.head, f"  {role}: “{strands.names.get(entity, entity)}” to the model ({p:.2f})")


def _sure(likely: dict[str, NDArray[np.float32]], columns: dict[str, int]) -> Iterator[tuple[float, str, str]]:
    for entity, row in likely.items():
        for role, column in columns.items():
            if row[column] > SURE:
                yield float(row[column]), role, entity
