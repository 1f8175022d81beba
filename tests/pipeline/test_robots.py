"""What a robots.txt allows, by cases of our own for each rule of RFC 9309."""

from __future__ import annotations

import time

import pytest

from kg.pipeline.following.robots import NOTHING, Rules, read_rules

SITE = "https://paper.example"
ALLOWED = [
    ("", "/feed"),
    ("User-agent: *\nDisallow:", "/feed"),
    ("User-agent: *\nDisallow: /\nAllow: /feed", "/feed/today"),
    ("User-agent: *\nAllow: /feed\nDisallow: /feed", "/feed"),
    ("User-agent: *\nDisallow: /\nUser-agent: kg\nDisallow: /private", "/feed"),
    ("User-agent: *\nDisallow: /*.rss$", "/feed.rss?page=1"),
    ("User-agent: other\nDisallow: /", "/feed"),
    ("User-agent: kgx\nDisallow: /", "/feed"),
    ("User-agent: *\nDisallow: / # but\nAllow: /a*c$", "/abcbc"),
    ("Disallow: /", "/feed"),
    ("<html>Disallow: /</html>", "/feed"),
    ("User-agent: *\nDisallow: /", "/robots.txt"),
    ("User-agent: *\nDisallow: /Feed", "/feed"),
]
REFUSED = [
    ("User-agent: *\nDisallow: /", "/feed"),
    ("\ufeffUser-agent: kg\nDisallow: /", "/feed"),
    ("user-AGENT : KG\ndisALLOW : /feed", "/feed.xml"),
    ("User-agent: one\nUser-agent: kg\nDisallow: /feed", "/feed"),
    ("User-agent: kg\nDisallow: /a\n\nUser-agent: x\nDisallow: /x\n\nUser-agent: kg/1.0\nDisallow: /feed", "/feed"),
    ("User-agent: *\nDisallow: /*.rss$", "/news/feed.rss"),
    ("User-agent: *\nDisallow: /*?page=", "/feed?page=2"),
    ("User-agent: *\nAllow: /\nDisallow: /feed", "/feed"),
    ("User-agent: *\nDisallow: /caf\u00e9", "/caf%c3%a9/feed"),
    ("User-agent: *\r\nDisallow: /a*b*c$", "/axbxxbc"),
]


@pytest.mark.parametrize(("text", "path"), ALLOWED)
def test_allowed(text: str, path: str) -> None:
    """No rule, none for us, or a longer one that allows."""
    assert read_rules(text, "kg").allow(SITE + path)


@pytest.mark.parametrize(("text", "path"), REFUSED)
def test_refused(text: str, path: str) -> None:
    """By our groups, all of them, else by those for everybody."""
    assert not read_rules(text, "kg").allow(SITE + path)


def test_nothing_is_nothing() -> None:
    """Where rules cannot be had; where there are none, everything."""
    assert not NOTHING.allow(SITE)
    assert Rules().allow(SITE)


@pytest.mark.parametrize(
    ("said", "seconds"), [("7200", 7200), ("1.5", 1.5), ("soon", 0), ("-5", 0), ("9" * 5000, 0), ("9" * 400, 0)]
)
def test_the_pause_that_is_asked_for(said: str, seconds: float) -> None:
    """A number of seconds, or nothing."""
    assert read_rules(f"User-agent: *\nCrawl-delay: {said}", "kg").delay == seconds


def test_patterns_take_linear_time() -> None:
    """A pattern of many stars is no trap."""
    rules = read_rules("User-agent: *\nDisallow: /" + "*a" * 5000 + "b$", "kg")
    begun = time.process_time()
    assert rules.allow(SITE + "/" + "a" * 20000)
    assert time.process_time() - begun < 1
