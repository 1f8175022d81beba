"""Inputs made to hurt: each is read or named in a sentence, within its budget, and the others go on."""

from __future__ import annotations

import io
import json
import logging
import os
import random
import resource
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.articles import SkippedInput, read_articles
from kg.core.model import Article

NEWS = "<p>Rebels attacked the town of Arden on Monday and killed two guards, the interior ministry said.</p>"
ITEM = (
    "<item><title>t</title><link>https://x.example/%d</link><description>Rebels attacked the town.</description></item>"
)

PAGES = {
    "nested deeply": "<div class='related'>" * 20_000 + NEWS,
    "many line breaks": "<html>" + "Rebels attacked the town.<br>" * 11_000,
    "many links": "<html>" + "<a href=x>" * 8_000 + "text",
    "many elements": "<html>" + NEWS * 60_000,
    "a long class": "<html><p class='" + "a " * 500_000 + "'>x</p>" + NEWS,
    "references that are no characters": "<html>" + "&#xD800;&#0;&#x110000;" * 20_000 + NEWS,
    "open brackets": "<html>" + "<" * 1_000_000,
    "JSON-LD nested deeply": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>" + NEWS,
    "a base that is no address": "<base href='http://[::1'><link rel=canonical href='//[x'>" + NEWS,
    "a frameset": "<html><frameset>" * 5_000,
    "live entries without end": "<html>" + ("<time datetime=2024-05-08>8 May</time>" + NEWS) * 1_000,
    "NUL characters": "<html>" + "\0" * 1_000_000 + NEWS,
}
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
FEEDS = {
    "entities that multiply": f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]><rss version="2.0"><channel><item>'
    "<description>&h;&h; Rebels attacked.</description></item></channel></rss>",
    "many namespaces": "<rss version='2.0'><channel>" + "".join(f"<a{i}:b xmlns:a{i}='x{i}'/>" for i in range(9_000)),
    "many attributes": "<rss version='2.0'><channel><item " + 'a="b" ' * 200_000 + "/></channel></rss>",
    "nested deeply": "<rss version='2.0'><channel><item><description>" + "<a>" * 30_000,
    "escaped again and again": "<rss version='2.0'><channel><item><description>" + "&amp;amp;amp;lt;p&gt;" * 50_000,
    "nothing but brackets": "<rss version='2.0'>" + "<" * 200_000,
    "dates without end": "<rss version='2.0'><channel><item>" + "<pubDate>" + "1" * 500_000 + "</pubDate></item>",
    "nothing but spaces": "<rss" + " " * 2_000_000,
}
MARKDOWN = {
    "open brackets": "![ " * 200_000,
    "emphasis that never ends": "*a " * 40_000,
    "quotes in quotes": "> " * 200_000 + "x",
    "lists in lists": "".join(" " * depth + "- a\n" for depth in range(500)),
    "front matter without end": "---\n" + "a: b\n" * 20_000,
}
OTHERS = {
    "a word of a million letters": "Rebels attacked " + "a" * 1_000_000,
    "a page of spaces": "Rebels" + " " * 500_000 + "attacked",
    "a header that never ends": "Title:" + " " * 500_000 + "x",
    "many header lines": "Title: x\n" * 100_000,
    "JSON nested deeply": '{"text": ' + "[" * 100_000,
    "a number of a million digits": '{"text": "The fair is open.", "id": ' + "1" * 1_000_000 + "}",
    "half a surrogate pair": '{"text": "The fair is open.", "title": "\\ud800"}',
}


@pytest.mark.parametrize("raw", [*PAGES.values(), *FEEDS.values(), *OTHERS.values()], ids=[*PAGES, *FEEDS, *OTHERS])
def test_a_hostile_input_is_read_or_named_and_never_a_mistake_of_ours(raw):
    """It costs seconds of processor at the most, and no reader trips."""
    before = time.process_time()
    for found in read_articles(["-"], stdin=io.BytesIO(raw.encode("utf-8", "surrogatepass"))):
        assert isinstance(found, Article) or _is_a_reason(found)
    assert time.process_time() - before < 5


@pytest.mark.parametrize("raw", MARKDOWN.values(), ids=MARKDOWN)
def test_hostile_markdown_is_read_or_named(raw, tmp_path):
    """Brackets, quotes and lists without end cost seconds of processor at the most."""
    before = time.process_time()
    _read(tmp_path / "a.md", raw.encode())
    assert time.process_time() - before < 5


def test_one_entry_that_cannot_be_read_costs_no_other(tmp_path):
    """Half a surrogate pair, a frameset and an unreadable date leave the entries beside them as they are."""
    bad = "<item><description>&#xD800; &lt;html&gt;&lt;frameset&gt;</description><pubDate>&#xDFFF;</pubDate></item>"
    feed = f"<rss version='2.0'><channel>{ITEM % 1}{bad}{ITEM % 2}</channel></rss>"
    (tmp_path / "a.rss").write_text(feed)
    (tmp_path / "b.txt").write_text("The fair was opened.")
    found = list(read_articles([tmp_path]))
    assert [a.id for a in found if isinstance(a, Article)] == ["https://x.example/1", "https://x.example/2", "b"]


def _is_a_reason(found):
    return isinstance(found, SkippedInput) and found.reason and not found.reason.startswith("cannot be read (")


CASES = Path(__file__).parents[1] / "cases" / "grammars"
GRAMMARS = {
    "page.html": "page",
    "feed.rss": "feed",
    "lines.jsonl": "lines",
    "text.txt": "text",
    "text.md": "text",
}
"""What each format is made of: files of fragments, which are joined, cut and damaged at random."""

SHARES = {"page.html": 3, "feed.rss": 2, "lines.jsonl": 2, "text.txt": 2, "text.md": 1}  # of a fuzzing run, in tenths


def _fragments(name):
    return json.loads((CASES / f"{GRAMMARS[name]}.json").read_text("utf-8"))


def _read(path, raw):
    path.write_bytes(raw)
    for found in read_articles([path]):
        assert isinstance(found, Article) or _is_a_reason(found), (raw, found)


@pytest.mark.parametrize("name", GRAMMARS)
def test_whatever_is_made_of_a_format_is_read_or_named(name, tmp_path_factory):
    """No sequence of a format's own fragments trips its reader."""
    path = tmp_path_factory.mktemp("fuzz") / name

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(_fragments(name)), max_size=25))
    def check(fragments):
        _read(path, "".join(fragments).encode("utf-8", "surrogatepass"))

    check()


@pytest.fixture
def quiet():
    """No log of the libraries that read: pytest would keep what they say of each input."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.long
@pytest.mark.parametrize("name", GRAMMARS)
def test_a_million_inputs_are_read_or_named(name, tmp_path, record_property, quiet):
    """None takes ten seconds of processor or a gigabyte; KG_FUZZ sets their number, the seed is fixed."""
    number = int(os.environ.get("KG_FUZZ", "1000000")) * SHARES[name] // 10
    dice, path, slowest = random.Random(name), tmp_path / name, 0.0  # noqa: S311 - the same inputs every time
    fragments = _fragments(name)
    for _ in range(number):
        raw = "".join(dice.choices(fragments, k=dice.randint(1, 40))).encode("utf-8", "surrogatepass")
        if dice.random() < 0.3:  # damage: a few bytes changed, the end cut off
            damaged = bytearray(raw)
            for _ in range(dice.randint(1, 5)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            raw = bytes(damaged[: dice.randint(1, len(damaged))])
        before = time.process_time()
        _read(path, raw)
        slowest = max(slowest, time.process_time() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    record_property("inputs", number)
    record_property("slowest", slowest)
    assert slowest < 10
    assert peak < 2**30
