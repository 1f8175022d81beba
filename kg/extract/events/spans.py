"""Time spans of events: the bounds of a time expression, with the words that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.model import TimeSpan
from kg.extract.times.calendar import UNRESOLVED

if TYPE_CHECKING:
    from kg.core.model import Bounds
    from kg.extract.events.findings import Findings
    from kg.extract.times.mentions import TimeMention


def is_future(time: TimeSpan, published: str | None) -> bool:
    """Whether a time begins after the article was published; dates compare at the coarser grain of the two."""
    begin = time.bounds.earliest_begin
    return published is not None and begin is not None and begin > published[: len(begin)]


def span_of(time: TimeMention, bounds: Bounds, findings: Findings) -> TimeSpan:
    """The time span of an expression; one that ends before it begins ("since 2014", told in 2010) is unresolved."""
    begin, end = bounds.earliest_begin or bounds.latest_begin, bounds.latest_end or bounds.earliest_end
    if begin and end and begin[: len(end)] > end[: len(begin)]:
        bounds = UNRESOLVED
    return TimeSpan("", findings.mention(time.start, time.end), bounds)
