"""English is what is read: what is declared decides, and short texts are judged by their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.articles.language import declared_english, not_english

CASES = Path(__file__).parents[1] / "cases" / "language"
ENGLISH = (CASES / "english.txt").read_text("utf-8").splitlines()
OTHERS = [line.split("\t") for line in (CASES / "others.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("words", ENGLISH)
def test_short_english_is_read(words):
    """Headlines, lower case, capitals and sentences full of foreign names are English."""
    assert not_english(words) is None


@pytest.mark.parametrize(("language", "words"), OTHERS)
def test_short_texts_of_other_languages_are_refused(language, words):
    """English names and loan words in a sentence do not make it English."""
    assert "not in English" in (not_english(words) or "")


@pytest.mark.parametrize(
    ("declared", "english"),
    [
        ("en", True),
        ("EN-gb", True),
        ("en_US.UTF-8", True),
        ("eng", True),
        ("English", True),
        ("en, fr", True),
        ("fr", False),
        ("pt-BR", False),
        ("deu", False),
        ("French", False),
        ("", None),
        (None, None),
        ("und", None),
        ("mul", None),
        ("*", None),
    ],
)
def test_a_declared_language_is_told_in_whatever_form_it_comes(declared, english):
    """Tags, codes and names decide; "undetermined" and nothing do not."""
    assert declared_english(declared) is english
