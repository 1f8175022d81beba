"""What the language model says of events: for each word whether it tells one, of which type, who takes part in it.

A pipeline that has learned events leaves its scores with the Doc; where there are none (any other spaCy pipeline) the
rules decide alone. The scores judge and add; types and the classes that may fill a role stay the ontology's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

_KEY = "kg_event_scores"
#: Further apart than so many sentences nothing was learned of two words.
REACH = 4
#: In how many steps two words' distance is told: the same word, 1, 2 to 3, 4 to 7, … 64 and more on each side.
STEPS = 15


@dataclass(frozen=True, slots=True)
class EventScores:
    """Scores of one Doc, by token index, and the small layers that compare the vectors of two words.

    White space tells no event and takes part in none. The first type is "", no event.
    """

    types: list[str]
    role_names: list[str]
    statuses: list[str]
    role_weight: NDArray[np.float32]  # [vector, role]
    role_bias: NDArray[np.float32]
    role_near: NDArray[np.float32]  # [distance step, vector]
    same_weight: NDArray[np.float32]  # [two vectors]
    same_bias: float
    kinds: NDArray[np.float32]  # [token, type], probabilities
    status: NDArray[np.float32]  # [token, status], probabilities
    role_event: NDArray[np.float32]  # [token, vector] of a token as trigger
    role_word: NDArray[np.float32]  # [token, vector] of a token as participant
    same: NDArray[np.float32]  # [token, vector] for telling whether two triggers are of one event
    sentence: NDArray[np.int64]  # [token]

    def event(self, tokens: Iterable[int]) -> float:
        """The probability that one of the tokens tells an event."""
        return float(1 - self.kinds[list(tokens), 0].min())

    def kind(self, tokens: Iterable[int], names: Sequence[str]) -> float:
        """The probability that one of the tokens tells an event of one of these types."""
        known = [self.types.index(name) for name in names if name in self.types]
        return float(self.kinds[np.ix_(list(tokens), known)].sum(1).max()) if known else 0.0

    def best(self, token: int, among: Container[str]) -> tuple[str, float]:
        """The likeliest type of event among some that a token tells, and its probability; ("", 0.0) where none is."""
        pairs = zip(self.kinds[token].tolist(), self.types, strict=True)
        p, name = max(((p, name) for p, name in pairs if name in among), default=(0.0, ""))
        return name, p

    def knows(self, name: str) -> bool:
        """Whether this type was learned, itself and not a broader one: of a user's own kind of attack nothing was."""
        return name in self.types

    def roles(self, trigger: int) -> tuple[int, NDArray[np.float32]]:
        """The probabilities [token, role] that the tokens in reach take part in a trigger's event, and the first."""
        here = self.sentence[trigger]
        begin, end = np.searchsorted(self.sentence, [here - REACH, here + REACH + 1])
        near = self.role_near[distance_step(np.arange(begin, end) - trigger)]
        pairs = np.maximum(self.role_event[trigger] + self.role_word[begin:end] + near, 0)
        return int(begin), _sigmoid(pairs @ self.role_weight + self.role_bias)

    def one_event(self, trigger: int, other: int) -> float:
        """The probability that two triggers tell of one event."""
        one, two = self.same[trigger], self.same[other]
        features = np.concatenate([one * two, np.abs(one - two)])
        return float(_sigmoid(np.asarray(features @ self.same_weight + self.same_bias)))


def distance_step(words: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the step (0 to STEPS - 1) of distances in words, negative before: the middle one is no distance."""
    size = np.minimum(np.frexp(np.abs(words).astype(np.float64))[1], STEPS // 2)
    return np.asarray(STEPS // 2 + np.sign(words) * size, dtype=np.int64)


_NAMES = tuple(f.name for f in fields(EventScores))


def keep_scores(doc: Doc, scores: EventScores) -> None:
    """Leave scores with the Doc that they are of, as arrays and lists, which survive its serialisation."""
    doc.user_data[_KEY] = {name: getattr(scores, name) for name in _NAMES}


def scores_of(doc: Doc) -> EventScores | None:
    """Return what the pipeline learned of the Doc's events, None where it has not learned any."""
    kept = doc.user_data.get(_KEY)
    return EventScores(**kept) if kept is not None else None


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of scores along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    result: NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
    return result


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)
    return result
