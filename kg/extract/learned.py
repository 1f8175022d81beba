"""What the language model says of events: for each word whether it tells one, of which type, who takes part in it.

A pipeline that has learned events leaves its scores with the Doc; where there are none (any other spaCy pipeline) the
rules decide alone. The scores judge and add; types and the classes that may fill a role stay the ontology's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

_KEY = "kg_event_scores"
#: Further apart than so many sentences nothing was learned of two words.
REACH = 4


@dataclass(frozen=True, slots=True)
class Heads:
    """The small layers that compare two words; the encoder's vectors go in. `types` begins with "", for no event."""

    types: tuple[str, ...]
    roles: tuple[str, ...]
    statuses: tuple[str, ...]
    role_weight: NDArray[np.float32]  # [vector, role]
    role_bias: NDArray[np.float32]
    same_weight: NDArray[np.float32]  # [two vectors]
    same_bias: float


@dataclass(frozen=True, slots=True)
class EventScores:
    """Scores of one Doc, by token index; white space has none."""

    heads: Heads
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
        known = [self.heads.types.index(name) for name in names if name in self.heads.types]
        return float(self.kinds[np.ix_(list(tokens), known)].sum(1).max()) if known else 0.0

    def best(self, token: int) -> tuple[str, float]:
        """The likeliest type of event that a token tells, and its probability."""
        k = 1 + int(self.kinds[token, 1:].argmax())
        return self.heads.types[k], float(self.kinds[token, k])

    def knows(self, names: Sequence[str]) -> bool:
        """Whether one of these types was learned."""
        return any(name in self.heads.types for name in names)

    def roles(self, trigger: int, words: Sequence[int]) -> NDArray[np.float32]:
        """The probabilities [word, role] that words take part in the event of a trigger; 0 where they are too far."""
        pairs = np.maximum(self.role_event[trigger] + self.role_word[list(words)], 0)
        found = _sigmoid(pairs @ self.heads.role_weight + self.heads.role_bias)
        found[np.abs(self.sentence[list(words)] - self.sentence[trigger]) > REACH] = 0
        return found

    def one_event(self, trigger: int, other: int) -> float:
        """The probability that two triggers tell of one event."""
        one, two = self.same[trigger], self.same[other]
        features = np.concatenate([one * two, np.abs(one - two)])
        return float(_sigmoid(np.asarray(features @ self.heads.same_weight + self.heads.same_bias)))


def keep_scores(doc: Doc, scores: EventScores) -> None:
    """Leave scores with the Doc that they are of."""
    doc.user_data[_KEY] = scores


def scores_of(doc: Doc) -> EventScores | None:
    """Return what the pipeline learned of the Doc's events, None where it has not learned any."""
    return cast("EventScores | None", doc.user_data.get(_KEY))


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of scores along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    result: NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
    return result


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)
    return result
