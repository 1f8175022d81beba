"""The newest published copy is read, made ready beside the readers of the one before."""

from __future__ import annotations

import threading

import pytest

from kg.core.errors import StoreError
from kg.serve import following
from kg.serve.following import Follower
from kg.store.opening import open_store
from tests import harbour

ASK = "ASK { <x:s> <x:p> <x:o> }"


@pytest.fixture
def location(tmp_path):
    """A store in a folder."""
    return harbour.in_folder(tmp_path / "store")


def publish(location):
    """Something new."""
    with open_store(location, mode="write") as store:
        store.replace("x:g", b"<x:s> <x:p> <x:o> .\n")


def sees(follower):
    """Whether a reader sees it."""
    with follower.reading() as view:
        return bool(view.store.query(ASK))


def test_what_is_published_is_seen(location):
    """At once, with and without something to prepare."""
    followers = [Follower(location), Follower(location, lambda store: store.query(ASK))]
    assert [sees(one) for one in followers] == [False, False]
    publish(location)
    assert [sees(one) for one in followers] == [True, True]
    for one in followers:
        one.close()


def test_readers_go_on_with_the_copy_before_while_the_next_is_made_ready(location, monkeypatch):
    """Until it is ready, or somebody who wrote wants to see it."""
    monkeypatch.setattr(following, "_SOON", 0.0)
    go, prepared = threading.Event(), []

    def slow(store):
        go.wait(60)
        prepared.append(store)

    follower = Follower(location, slow)
    publish(location)
    assert not sees(follower)
    follower.hurry()
    assert sees(follower)
    go.set()
    follower.close()


def test_a_copy_that_is_ready_takes_the_place_of_the_one_before(location, monkeypatch):
    """Its readers keep the old one open until they are done."""
    monkeypatch.setattr(following, "_SOON", 60.0)
    follower = Follower(location, lambda store: store.query(ASK))
    with follower.reading() as before:
        publish(location)
        assert sees(follower)
        assert not before.store.query(ASK)
    with pytest.raises(StoreError):
        before.store.query(ASK)
    follower.close()


def test_what_cannot_be_prepared_is_read_all_the_same(location, monkeypatch):
    """The mistake is told to who asks for it."""
    monkeypatch.setattr(following, "_SOON", 60.0)

    def broken(store):
        raise StoreError("broken")

    follower = Follower(location, broken)
    follower.make_ready()
    publish(location)
    assert sees(follower)
    follower.close()
