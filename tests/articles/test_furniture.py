"""Lines that stand around the news are told from the news; cases/furniture has both kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles.furniture import author_names, blanked, byline_names, is_furniture

CASES = Path(__file__).parents[1] / "cases" / "furniture"
IS, IS_NOT = ((CASES / name).read_text("utf-8").splitlines() for name in ("is.txt", "not.txt"))


@pytest.mark.parametrize("line", IS)
def test_pointers_offers_notices_and_bylines_are_furniture(line):
    """What a page says of itself and of other articles is no news."""
    assert is_furniture(line)


@pytest.mark.parametrize("line", IS_NOT)
def test_news_that_begins_like_a_notice_is_news(line):
    """A sentence about newsletters, cookies or readers stays one."""
    assert not is_furniture(line)


def test_only_lines_that_stand_alone_are_blanked():
    """A wrapped line inside a paragraph stays, whatever it begins with, and every offset is as it was."""
    wrapped = "The army said in its\nnewsletter, which you\nmay also like, no more."
    text = f"Rebels attacked Kirra.\n\nREAD MORE: Bomb kills 40\n\n{wrapped}"
    read = blanked(text)
    assert len(read) == len(text)
    assert "Bomb" not in read
    assert read.replace(" ", "") == text.replace("READ MORE: Bomb kills 40", "").replace(" ", "")


@given(st.text(max_size=300))
def test_blanking_changes_no_length_and_no_line(words):
    """Whatever the text, what is not blanked is as it was."""
    read = blanked(words)
    assert len(read) == len(words)
    assert all(a in (b, " ") for a, b in zip(read, words, strict=True))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Rowe", "Jane Rowe"),
        ("By Jane Rowe and Paul Tresk in Arden", "Jane Rowe, Paul Tresk"),
        ("By Jane Rowe, Foreign Correspondent", "Jane Rowe"),
        ("By Ludwig van Horn", "Ludwig van Horn"),
        ("By the river", None),
        ("Jane Rowe", None),
    ],
)
def test_a_byline_names_its_authors(line, names):
    """Posts and places are no names."""
    assert byline_names(line) == names


def test_names_of_authors_are_freed_of_posts_and_addresses():
    """What a meta tag or a feed gives as author becomes names joined by commas."""
    assert author_names("by Jane Rowe, Staff Writer | Paul Tresk <p@x.example>; https://x.example/ana") == (
        "Jane Rowe, Paul Tresk"
    )
