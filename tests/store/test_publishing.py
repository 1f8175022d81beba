"""What a load has written: when readers get to see it, and by which way it goes to a server."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kg.store import disk, endpoint


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


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("http://store.example/query", "http://store.example/store?no_transaction"),
        ("http://store.example/sparql/query", "http://store.example/sparql/store?no_transaction"),
        ("http://store.example/sparql", None),
    ],
)
def test_whole_files_go_to_an_oxigraph_server_alone(address, sent):
    """It is known by the end of its address; any other server gets graphs as ever."""
    asked = []

    def send(url, *_, **__):
        asked.append(url)
        return SimpleNamespace(body=SimpleNamespace(close=lambda: None))

    store = SimpleNamespace(_query_url=address, _client=SimpleNamespace(send=send))
    assert endpoint._Http.post_file(store, b"", "text/turtle") is (sent is not None)
    assert asked == ([sent] if sent else [])
