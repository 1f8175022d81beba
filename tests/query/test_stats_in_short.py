"""The figures that are shown first: the largest types, what is left in one line."""

from __future__ import annotations

import pytest

from kg.query.stats import Figure, in_short

MONTHS = [Figure("events by month", "2024-05", 9)]


@pytest.mark.parametrize(("types", "shown", "left"), [(3, 3, None), (11, 11, None), (12, 10, 2), (30, 10, 20)])
def test_types_beyond_the_tenth_are_one_line_unless_they_are_one(types, shown, left):
    """A line that says "1 more type" would be as long as that type's own."""
    by_type = [Figure("events by type", f"kg:T{number:02}", 100 - number) for number in range(types)]
    store, others = [Figure("store", "articles", 2)], [Figure("events by factuality", "kg:asserted", 7)]
    found = in_short([*store, *by_type, *others, *MONTHS])
    total = sum(figure.number for figure in by_type[shown:])
    more = [] if left is None else [Figure("events by type", f"({left} more types: --all)", total)]
    assert found == [*store, *by_type[:shown], *more, *others]
