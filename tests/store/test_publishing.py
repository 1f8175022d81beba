"""When readers get to see what a load has written: as soon as it is much of what there is, or a minute has gone by."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kg.store import disk


@pytest.mark.parametrize(
    ("waiting", "published", "since", "took", "due"),
    [
        (1, 0, 0, 0, True),  # the first graph of all
        (100, 300, 1, 0, True),  # a third is new
        (99, 300, 1, 0, False),
        (1, 300, 59, 0, False),
        (1, 300, 61, 0, True),
        (1, 300, 61, 30, False),  # what takes long is done seldom
    ],
)
def test_what_waits_is_published_when_it_is_much_or_old(monkeypatch, waiting, published, since, took, due):
    """Either is enough."""
    monkeypatch.setattr(disk.time, "monotonic", lambda: 1000.0 + since)
    store = SimpleNamespace(_waiting=waiting, _published=published, _published_at=1000.0, _publishing=took)
    assert disk.DiskWriter._is_due(store) is due
