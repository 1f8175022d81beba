"""Chances and odds: how what is known of something adds up to how sure it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def chance(known: Mapping[str, float], by: Mapping[str, float]) -> float:
    """The chance, from 0 to 1, that what is known makes a role true; what has no weight says nothing."""
    odds = by.get("", 0.0) + sum(by.get(name, 0.0) * value for name, value in known.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def odds(p: float) -> float:
    """The logarithm of the odds of a chance, kept between -4 and 4."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return max(-4.0, min(4.0, math.log(p / (1 - p))))
