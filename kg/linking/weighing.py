"""From evidence to the chance that a link is right: weights that were learned, and the chances of rivals together.

The chance of a pair is its odds by the weights beside those of all pairs that it excludes, and of "none of these": two
towns of one name share what one alone would have. ``training/links.py`` learns the weights by just this formula.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from math import exp

from kg.linking.evidence import Part

_AGAINST = -0.25  # of a sum: what takes off less speaks neither for a pair nor against it
_MOST = 30.0  # of a sum of weights: what is beyond changes no chance that is shown


@dataclass(frozen=True, slots=True)
class Weights:
    """What each measure adds to the logarithm of the odds, the constant, and from which chance on it is accepted."""

    weight: Mapping[str, float]
    constant: float
    accepted: Decimal


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights."""
    said = json.loads(resources.files("kg.core.data.linking").joinpath("weights.json").read_text("utf-8"))
    return Weights(said["weights"], said["constant"], Decimal(str(said["accepted"])))


def odds(parts: Iterable[Part], by: Weights) -> float:
    """The odds that a pair alone is right, against that it is not."""
    total = by.constant + sum(by.weight.get(part.name, 0.0) * part.much for part in parts)
    return exp(max(min(total, _MOST), -_MOST))


def chance(own: float, rivals: Iterable[float]) -> float:
    """The chance that a pair is right, from its odds and those of the pairs of which one at most is right with it."""
    return own / (1.0 + own + sum(rivals))


def reasons(parts: Iterable[Part], by: Weights) -> tuple[str, ...]:
    """What was found, in words: what speaks for a pair first, the heaviest first, then what speaks against it."""
    weighed = sorted(
        ((by.weight.get(part.name, 0.0) * part.much, part.words) for part in parts if part.words),
        key=lambda pair: (pair[0] <= _AGAINST, -abs(pair[0]), pair[1]),
    )
    return tuple(words if weight > _AGAINST else f"against: {words}" for weight, words in weighed)
