"""Following the news: each article once, servers asked politely, over restarts; on a server and by a clock of ours."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.articles import SkippedInput
from kg.core.errors import KgError
from kg.pipeline.following.memory import Memory
from kg.pipeline.following.watch import Watch, Watching
from tests.servers import free_port

HOUR = 3600


class Site:
    """A web server whose pages are set by the test: path → (status, headers, body); ``asked`` is what it was asked."""

    def __init__(self):
        self.pages, self.asked = {}, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, dict(self.headers)))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def asked_for(self, path):
        """What it was asked for this page: the headers of each request."""
        return [headers for asked, headers in self.asked if asked == path]


@pytest.fixture
def site():
    """A server, ended with the test."""
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


class Clock:
    """A clock that the test turns."""

    def __init__(self):
        self.time = 1_000_000_000.0

    def __call__(self):
        """The time, in seconds since 1970."""
        return self.time


def feed(*entries, etag='"1"'):
    """A feed of these (link, text), with an ETag."""
    items = "".join(
        f"<item><title>{link}</title><link>http://paper.example/{link}</link><description>{text}</description></item>"
        for link, text in entries
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
    return 200, {"ETag": etag, "Content-Type": "application/rss+xml"}, body.encode()


ARREST = "Police arrested two men in the town of Arden on Monday."
FLOOD = "A flood hit the valley near the town of Arden on Sunday."


@contextmanager
def watching(tmp_path, *sources, clock=None, **options):
    """A watch with its memory in a file; what it takes stands in the list beside it."""
    taken = []
    tmp_path.mkdir(exist_ok=True)
    with Memory(tmp_path / "memory") as memory:
        yield (
            Watch(Watching(sources, every=HOUR, **options), memory, taken.extend, clock or Clock()),
            taken,
        )


def look(watch):
    """One round: how many were new at each source, and what went wrong."""
    return [(looked.new, looked.problem) for looked in watch.round()]


def test_an_entry_is_taken_once(site, tmp_path):
    """New ones as they come, old ones never again, though the feed still has them."""
    clock = Clock()
    site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, taken):
        assert look(watch) == [(1, "")]
        site.pages["/feed"] = feed(("a", ARREST), ("b", FLOOD), etag='"2"')
        clock.time += HOUR
        assert look(watch) == [(1, "")]
        assert [article.id for article in taken] == ["https://paper.example/a", "https://paper.example/b"]


def test_a_server_is_asked_only_what_changed_and_not_too_early(site, tmp_path):
    """ETag and Last-Modified go back to it; between two looks lies the pause; robots.txt is asked once."""
    clock = Clock()
    status, headers, body = feed(("a", ARREST))
    site.pages["/feed"] = status, {**headers, "Last-Modified": "Mon, 06 May 2024 10:00:00 GMT"}, body
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, taken):
        assert watch.pause() == 0, "it was never looked at"
        look(watch)
        assert look(watch) == [], "it is not due"
        assert watch.pause() == HOUR
        clock.time += HOUR
        assert look(watch) == [(0, "")]
    first, second = site.asked_for("/feed")
    assert "If-None-Match" not in first
    assert (second["If-None-Match"], second["If-Modified-Since"]) == ('"1"', "Mon, 06 May 2024 10:00:00 GMT")
    assert len(site.asked_for("/robots.txt")) == 1
    assert len(taken) == 1


def test_a_watch_survives_its_restart(site, tmp_path):
    """What was taken, and how the feed stood, is remembered; what was not stored is taken again."""
    clock = Clock()
    site.pages["/feed"] = feed(("a", ARREST))
    with Memory(tmp_path / "memory") as memory:

        def fails(new):
            raise KgError("the store is full")

        with pytest.raises(KgError):
            list(Watch(Watching((f"{site.url}/feed",), every=HOUR), memory, fails, clock).round())
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, taken):
        assert look(watch) == [(1, "")]
        assert len(taken) == 1
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, taken):
        assert look(watch) == []
        clock.time += HOUR
        assert look(watch) == [(0, "")]
        assert site.asked_for("/feed")[-1]["If-None-Match"] == '"1"'
        assert taken == []


def test_robots_are_obeyed(site, tmp_path):
    """What is not allowed is not asked for, and the delay that they ask for is kept."""
    site.pages["/robots.txt"] = 200, {}, b"User-agent: *\nDisallow: /private\nCrawl-delay: 7200\n"
    site.pages["/private/feed"] = site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/private/feed", f"{site.url}/feed") as (watch, taken):
        (refused, taken_one) = look(watch)
        assert refused == (0, "its robots.txt does not allow it: ask who publishes it")
        assert taken_one == (1, "")
        assert watch.pause() == 2 * HOUR
    assert site.asked_for("/private/feed") == []
    assert len(taken) == 1


def test_a_server_without_rules_to_be_had_is_left_alone(site, tmp_path):
    """A robots.txt that fails allows nothing (RFC 9309)."""
    site.pages["/robots.txt"] = 500, {}, b""
    site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/feed") as (watch, _):
        assert look(watch)[0][1].startswith("its robots.txt cannot be had: HTTP 500")


def test_rules_are_followed_where_they_have_moved(site, tmp_path):
    """A robots.txt on another address holds; one that moves for ever allows nothing."""
    site.pages["/robots.txt"] = 301, {"Location": "/rules"}, b""
    site.pages["/rules"] = 200, {}, b"User-agent: *\nDisallow: /private\n"
    site.pages["/private"] = site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/private", f"{site.url}/feed") as (watch, _):
        assert [new for new, _ in look(watch)] == [0, 1]
    site.pages["/rules"] = 302, {"Location": "/robots.txt"}, b""
    with watching(tmp_path / "other", f"{site.url}/feed") as (watch, _):
        assert "it has moved to" in look(watch)[0][1]


def test_no_pause_is_longer_than_a_day(site, tmp_path):
    """Whatever robots.txt asks for; and a clock that goes back does not silence a feed."""
    clock = Clock()
    site.pages["/robots.txt"] = 200, {}, b"User-agent: *\nCrawl-delay: 999999999\n"
    site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, _):
        look(watch)
        assert watch.pause() == 24 * HOUR
        clock.time -= 365 * 24 * HOUR
        assert watch.pause() == 0
        assert look(watch) == [(0, "")]


def test_an_entry_of_two_feeds_is_taken_once(site, tmp_path):
    """By its page's address."""
    site.pages["/one"], site.pages["/two"] = feed(("a", ARREST)), feed(("a", ARREST), ("b", FLOOD))
    with watching(tmp_path, f"{site.url}/one", f"{site.url}/two") as (watch, taken):
        assert [new for new, _ in look(watch)] == [1, 1]
    assert [article.id for article in taken] == ["https://paper.example/a", "https://paper.example/b"]


@pytest.mark.parametrize(
    "body", [f"<html lang=en><body><p>{ARREST * 9}</p></body></html>", ARREST * 9], ids=["page", "text"]
)
def test_a_page_in_the_place_of_a_feed_is_no_article(site, tmp_path, body):
    """Such as one that asks to log in; the feed is asked again."""
    clock = Clock()
    site.pages["/feed"] = 200, {"ETag": '"x"'}, body.encode()
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, taken):
        assert look(watch) == [(0, "no feed is there, but a page or a text")]
        site.pages["/feed"] = feed(("a", ARREST))
        clock.time += HOUR
        assert look(watch) == [(1, "")]
    assert len(taken) == 1


def test_an_etag_that_no_header_can_hold_is_not_sent(site, tmp_path):
    """The feed is asked whole then."""
    clock = Clock()
    site.pages["/feed"] = feed(("a", ARREST), etag='"h\xe9"')
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, _):
        assert look(watch) == [(1, "")]
        clock.time += HOUR
        assert look(watch) == [(0, "")]


def test_one_watch_at_a_time_remembers_in_a_file(tmp_path):
    """A second one is told; afterwards it may."""
    with Memory(tmp_path / "memory"), pytest.raises(KgError, match="in use: another watch"):
        Memory(tmp_path / "memory")
    with Memory(tmp_path / "memory") as memory:
        assert not memory.has("a")


def test_no_password_becomes_part_of_a_name(site, tmp_path):
    """An entry without address and id is known by the feed's address and its words."""
    body = f"<rss version='2.0'><channel><item><description>{ARREST}</description></item></channel></rss>"
    site.pages["/feed"] = 200, {}, body.encode()
    with watching(tmp_path, f"{site.url}/feed".replace("//", "//ana:secret@")) as (watch, taken):
        assert [new for new, _ in look(watch)] == [1]
    assert "secret" not in taken[0].id
    assert taken[0].id.startswith(f"{site.url}/feed#")


def test_who_fails_is_asked_later_and_later(site, tmp_path):
    """The pause doubles, Retry-After is kept, and a success begins anew."""
    clock = Clock()
    site.pages["/feed"] = 503, {}, b""
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, _):
        pauses = []
        for _ in range(3):
            assert "HTTP 503" in look(watch)[0][1]
            pauses.append(watch.pause())
            clock.time += watch.pause()
        assert pauses == [2 * HOUR, 4 * HOUR, 8 * HOUR]
        site.pages["/feed"] = 429, {"Retry-After": str(23 * HOUR)}, b""
        look(watch)
        assert watch.pause() == 23 * HOUR
        clock.time += watch.pause()
        site.pages["/feed"] = feed(("a", ARREST))
        assert look(watch) == [(1, "")]
        assert watch.pause() == HOUR
        clock.time += HOUR
        site.pages["/feed"] = 410, {}, b""
        look(watch)
        assert watch.pause() == 24 * HOUR, "gone for good: once a day"
    assert len(site.asked_for("/feed")) == 6


def test_a_move_is_followed(site, tmp_path):
    """To where the server says, within what robots allow."""
    site.pages["/old"] = 301, {"Location": "/feed"}, b""
    site.pages["/feed"] = feed(("a", ARREST))
    with watching(tmp_path, f"{site.url}/old") as (watch, taken):
        assert look(watch) == [(1, "")]
        assert len(taken) == 1


def test_pages_of_entries_are_fetched_where_asked(site, tmp_path):
    """The longer text is read; a page that cannot be had leaves the entry as the feed has it."""
    story = " ".join([ARREST] * 8)
    body = f"<article><p>{story}</p><p>{FLOOD}</p></article>"
    html = f"<html lang=en><head><title>x</title></head><body>{body}</body></html>"
    site.pages["/a"] = 200, {"Content-Type": "text/html"}, html.encode()
    status, headers, body = feed(("a", ARREST), ("b", FLOOD))
    site.pages["/feed"] = status, headers, body.replace(b"http://paper.example", site.url.encode())
    with watching(tmp_path, f"{site.url}/feed", pages=True) as (watch, taken):
        look(watch)
    assert [len(article.text) > 300 for article in taken] == [True, False]
    assert len(site.asked_for("/b")) == 1


def test_what_is_no_feed_is_told_and_asked_again(site, tmp_path):
    """A broken answer marks nothing as taken."""
    clock = Clock()
    site.pages["/feed"] = 200, {"ETag": '"x"'}, b"<rss version='2.0'><channel>"
    with watching(tmp_path, f"{site.url}/feed", clock=clock) as (watch, _):
        ((new, problem),) = look(watch)
        assert (new, bool(problem)) == (0, True)
        site.pages["/feed"] = feed(("a", ARREST))
        clock.time += HOUR
        assert look(watch) == [(1, "")]
        assert "If-None-Match" not in site.asked_for("/feed")[-1]


def test_files_are_taken_as_they_come(tmp_path):
    """New ones and changed ones once, under the ids that `kg load` gives; one that is still being written waits."""
    inbox, clock = tmp_path / "inbox", Clock()
    (inbox / "may").mkdir(parents=True)
    with watching(tmp_path, str(inbox), clock=clock) as (watch, taken):
        assert look(watch) == [(0, "")]
        story = inbox / "may" / "a.txt"
        story.write_text(ARREST)
        clock.time = story.stat().st_mtime + 1
        assert look(watch) == [(0, "")], "it may not be whole yet"
        assert look(watch) == [(1, "")]
        assert look(watch) == [(0, "")]
        story.write_text(ARREST + " " + FLOOD)
        clock.time = story.stat().st_mtime + 60
        assert look(watch) == [(1, "")]
        (inbox / "b.txt").write_bytes(b"\xff\xfe\xfd")
        clock.time += 60
        assert look(watch) == [(1, "")]
        assert look(watch) == [(0, "")]
    assert [item.id for item in taken[:2]] == ["may/a", "may/a"]
    assert isinstance(taken[2], SkippedInput)
    with watching(tmp_path, str(inbox), clock=clock) as (watch, taken):
        assert look(watch) == [(0, "")]


def test_files_that_wait_are_told(run_kg, tmp_path):
    """How many may still be being written, and from when on they are taken."""
    (tmp_path / "inbox").mkdir()
    for name in ("a", "b"):
        (tmp_path / "inbox" / f"{name}.txt").write_text(ARREST)
        os.utime(tmp_path / "inbox" / f"{name}.txt", (time.time() + 60, time.time() + 60))
    arguments = ("load", "--watch", tmp_path / "inbox", "--store", tmp_path / "store", "--rounds", "1")
    status, _, err = run_kg(*arguments)
    assert status == 0
    said = r".*inbox: 2 files wait, may still be being written: a look after ..:..:.. takes them\n"
    assert re.fullmatch(said, err), err


def test_what_is_skipped_makes_the_status_of_the_last_round(run_kg, tmp_path):
    """As a plain load does; told once, and not tried again until it changes."""
    (tmp_path / "inbox").mkdir()
    broken = tmp_path / "inbox" / "a.txt"
    broken.write_bytes(b"\xff\xfe\xfd")
    os.utime(broken, (1, 1))
    arguments = ("load", "--watch", tmp_path / "inbox", "--store", tmp_path / "store", "--rounds", "1")
    status, _, err = run_kg(*arguments)
    assert (status, "1 skipped" in err) == (1, True), err
    assert run_kg(*arguments)[::2] == (0, "nothing new in 1 round\n"), "there is no store yet, and was none before"


@pytest.mark.model
def test_a_store_that_is_gone_or_another_gets_all_again(run_kg, tmp_path):
    """The memory lies beside the store and outlives it."""
    (tmp_path / "inbox").mkdir()
    story = tmp_path / "inbox" / "a.txt"
    story.write_text(ARREST)
    os.utime(story, (1, 1))
    store = tmp_path / "store"
    arguments = ("load", "--watch", tmp_path / "inbox", "--store", store, "--rounds", "1", "--published", "2024-05-08")
    assert "1 stored" in run_kg(*arguments)[2]
    run_kg("load", story, "--store", store, "--published", "2024-05-08", "--refresh")
    assert run_kg(*arguments)[2] == "nothing new in 1 round\n", "others may write to it"
    shutil.rmtree(store)
    err = run_kg(*arguments)[2]
    assert ("is gone or another one" in err, "1 stored" in err) == (True, True), err
    shutil.rmtree(store)
    run_kg("load", tmp_path / "inbox", "--store", store, "--published", "2024-05-08")
    err = run_kg(*arguments)[2]
    assert ("is gone or another one" in err, "1 unchanged" in err) == (True, True), err
    assert run_kg(*arguments)[2] == "nothing new in 1 round\n"


def test_a_memory_of_before_is_that_of_the_store_that_is_there(tmp_path):
    """It names none; where there is no store either, nothing of what it says is true any more."""
    with Memory(tmp_path / "memory") as memory:
        assert memory.is_of("")
        memory.mark("inbox", [("a", "1")])
        assert (memory.is_of("x"), memory.is_of("")) == (True, False)
        memory.set_store("x")
        assert (memory.is_of("x"), memory.is_of("y")) == (True, False)
        memory.forget()
        assert memory.state("inbox", "a") is None
        assert memory.is_of("y")


def test_a_server_that_is_not_there_is_told_as_that(run_kg, tmp_path):
    """And asked again later; where nothing could be looked at the status says so."""
    nobody = f"http://127.0.0.1:{free_port()}/feed"
    (tmp_path / "inbox").mkdir()
    arguments = ("load", "--store", tmp_path / "store", "--rounds", "1", "--watch")
    status, _, err = run_kg(*arguments, nobody)
    assert (status, "cannot be reached" in err, "refused" in err) == (1, True, True), err
    assert "nothing new in 1 round" in err
    status, _, err = run_kg(*arguments, nobody)
    assert (status, "no source is to be asked for" in err) == (0, True), err
    status, _, err = run_kg(*arguments, tmp_path / "inbox", nobody)
    assert (status, err) == (0, "nothing new in 1 round\n"), err


@pytest.mark.model
def test_load_watch_fills_a_store(site, run_kg, tmp_path):
    """The command: two rounds with a feed that changes between them, and one after a restart."""
    store = tmp_path / "store"
    site.pages["/feed"] = feed(("a", ARREST))
    arguments = ("load", "--watch", f"{site.url}/feed", "--store", store, "--every", "1", "--published", "2024-05-08")
    status, _, err = run_kg(*arguments, "--rounds", "1")
    assert (status, "1 stored" in err) == (0, True), err
    with Memory(tmp_path / "store.watch") as memory:
        feed_now = memory.feed(f"{site.url}/feed")
        memory.set_feed(f"{site.url}/feed", type(feed_now)(feed_now.etag, "", 0, 0))
    site.pages["/feed"] = feed(("a", ARREST), ("b", FLOOD), etag='"2"')
    status, _, err = run_kg(*arguments, "--rounds", "1")
    assert (status, "1 stored" in err) == (0, True), err
    status, out, _ = run_kg("query", "--store", store, "SELECT ?a { ?a a kg:Article } ORDER BY ?a")
    assert len(out.splitlines()) == 3
    status, _, err = run_kg("load", "--watch", "-", "--store", store, "--rounds", "1")
    assert (status, "cannot be watched" in err) == (2, True)
    status, _, err = run_kg("load", "--watch", tmp_path, "--store", ":memory:", "--rounds", "1")
    assert (status, "name one with --state" in err) == (2, True)
