"""Web pages in the shapes of news sites: cases/pages has the pages, expected.json what each holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.articles.html import read_html
from kg.core.errors import ArticleError

PAGES = Path(__file__).parents[1] / "cases" / "pages"
EXPECTED = json.loads((PAGES / "expected.json").read_text("utf-8"))


def test_every_page_has_an_expectation():
    """No page lies about unread."""
    assert {path.stem for path in PAGES.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_page_gives_its_articles_with_text_title_date_and_author(name):
    """The whole text and nothing around it, the day of publication or none, the authors' names."""
    raw = (PAGES / f"{name}.html").read_bytes()
    want = EXPECTED[name]["articles"]
    if not want:
        with pytest.raises(ArticleError, match="list of headlines"):
            list(read_html(raw))
        return
    got = list(read_html(raw))
    assert [_told(one, expected) for one, expected in zip(got, want, strict=True)] == want


def _told(got, expected):
    """What was read, in the fields that the expectation has."""
    told = {**{key: getattr(got.metadata, key, None) for key in expected}, "text": got.text.split("\n\n")}
    return {key: told[key] for key in expected}


TEASER = (
    "<article><h2>Other news</h2><p class='author'>By Tom Reed</p><time datetime='2020-01-01'>1 Jan</time></article>"
)
STORY = "<p>The river flooded two villages near Arden on Tuesday, and forty people fled their homes.</p>" * 4


def test_date_and_byline_are_those_of_the_part_with_the_heading():
    """A teaser before the article has its own author and day; what marks an author and names none is passed over."""
    page = (
        f"<html><body>{TEASER}<article><h1>River floods villages</h1><span class='author'>12 comments</span>"
        f"<p class='author'>By Ana Lund</p><time datetime='2024-05-08'>8 May</time>{STORY}</article></body></html>"
    )
    (found,) = read_html(page.encode())
    assert (found.metadata.publisher, found.metadata.published) == (None, "2024-05-08")
    assert found.metadata.author == "Ana Lund"


def _page(*parts):
    head = "<head><title>River floods villages</title></head>"
    return f"<html>{head}<body><article>{''.join(parts)}</article></body></html>"


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By <b>Ana</b> Lund", "Ana Lund"),
        ("<i>Words:</i> <span itemprop='name'>Ana Lund</span>, Arden", "Ana Lund"),
    ],
)
def test_a_byline_is_read_whole_unless_a_part_of_it_is_marked_as_the_name(byline, author):
    """Letters in bold are no name of their own."""
    page = _page("<h1>River floods villages</h1>", f"<p class='author'>{byline}</p>", STORY)
    (found,) = read_html(page.encode())
    assert found.metadata.author == author


@pytest.mark.parametrize(("mark", "days"), [("", ["06", "07", "08"]), ("class='updated'", [None])])
def test_the_stamps_of_a_live_blog_make_its_entries(mark, days):
    """Each entry has the day of the time element it begins with; what says when it was updated is no stamp."""
    entries = (
        f"<p><time {mark} datetime='2024-05-{day}'>Day {day}</time> {STORY[3:-4]}</p>" for day in ("06", "07", "08")
    )
    found = list(read_html(_page("<h1>River floods villages</h1>", *entries).encode()))
    assert [one.metadata.published for one in found] == [day and f"2024-05-{day}" for day in days]
