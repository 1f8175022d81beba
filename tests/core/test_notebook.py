"""Texts in a notebook: marks stand where their words are, and of those that overlap one does."""

from __future__ import annotations

import re

from kg.core.notebook import LONGEST, as_text


def marked(text, *marks):
    """The marked words of a text, each with what it is."""
    return re.findall(r"<mark title='(.*?)'.*?>(.*?)</mark>", as_text("A title", "", text, marks))


def test_of_marks_that_overlap_the_first_and_longest_stands():
    """Two that begin together show the longer one, of two that cross the first; each word is shown once."""
    long, short, across = (0, 9, "whole", "entity"), (0, 4, "part", "entity"), (5, 14, "across", "trigger")
    for marks in ((long, short, across), (across, short, long)):
        assert marked("Acme Bank fell.", *marks) == [("whole", "Acme Bank")]
    assert marked("Acme Bank fell.", short, across) == [("part", "Acme"), ("across", "Bank fell")]
    assert marked("Acme Bank fell.", short, (4, 9, "rest", "entity")) == [("part", "Acme"), ("rest", " Bank")]


def test_a_long_text_is_cut_and_nothing_is_marked_beyond():
    """The beginning is shown, with a sign that there is more; a mark across the cut is none."""
    text = "x" * (LONGEST - 1) + "yz"
    assert marked(text, (LONGEST - 1, LONGEST + 1, "cut", "entity")) == []
    assert "xy…<" in as_text("A title", "", text)
    assert "…" not in as_text("A title", "", text[:LONGEST])
    assert "&lt;b&gt;" in as_text("<b>", "", "a")
