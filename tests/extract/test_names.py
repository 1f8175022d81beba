"""Names as strings: when two of them may name one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.names import fold
from kg.extract.entities.spelling import (
    is_acronym,
    is_short_form,
    is_short_person,
    keys,
    same_spelling,
    sounds_alike,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("al-Nur", "Al Nur"),
        ("U.S.", "US"),
        ("The Hill Post", "Hill Post"),
        ("Córdoba's", "Cordoba"),
        ("O’Neill", "O'Neill"),
    ],
)
def test_names_fold_alike(one, other):
    """Articles, possessives, hyphens, accents, curly quotes and the dots of acronyms make no other name."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize("name", ["", "'", "-", "the", "…", "’s", "عمر", "東京"])
def test_no_name_folds_to_nothing_but_nothing(name):
    """A name without Latin letters keeps something to be compared by."""
    assert bool(fold(name)) == bool(fold(name).strip())
    assert fold(name) or not name.strip("'’s…- ")


@given(st.text(max_size=40))
def test_folding_is_stable(name):
    """Folding what is folded changes nothing that comparing would see twice."""
    assert fold(fold(name)) == fold(fold(fold(name)))


@pytest.mark.parametrize(
    ("short", "long", "holds"),
    [
        ("SPA", "State Power Agency", True),
        ("UN", "United Nations", True),
        ("USPS", "US Power Service", True),
        ("SPA", "State Water Agency", False),
        ("spa", "State Power Agency", False),
        ("SPA", "Spain", False),
    ],
)
def test_an_acronym_is_made_of_first_letters(short, long, holds):
    """An acronym stands for a longer name only where its letters begin the words."""
    assert is_acronym(short, long) is holds


@pytest.mark.parametrize(
    ("short", "long", "holds"),
    [
        ("Cruz", "Ana Maria Cruz", True),
        ("Ana Cruz", "Ana Maria Cruz", True),
        ("Mr Cruz", "Ana Cruz", True),
        ("Cruz Ana", "Ana Cruz", False),
        ("Ana Vega", "Ana Cruz", False),
        ("Ana Cruz", "Ana Cruz", False),
        ("al", "Omar al Nur", False),
    ],
)
def test_a_surname_may_stand_for_a_full_name(short, long, holds):
    """A short name fits a full one whose words hold it in order; two full names never fit each other."""
    assert is_short_person(short, long) is holds


def test_a_company_may_drop_its_last_words():
    """The beginning of a body's name names it; a small word alone does not."""
    assert is_short_form("Acme", "Acme Mining Company")
    assert not is_short_form("The", "The Acme")
    assert not is_short_form("Mining", "Acme Mining Company")


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("In Salah", "Ain Salah", True),
        ("In Salah", "In-Salah", True),
        ("Port Sudan", "Port Soudan", True),
        ("North Darfur", "South Darfur", False),
        ("District 9", "District 7", False),
        ("Gulu", "Lulu", False),
        ("Al Nur", "Alnur", True),
    ],
)
def test_spellings_share_words(one, other, holds):
    """Two spellings of a place share a word and nearly all letters; compass points and numbers set places apart."""
    assert same_spelling(one, other) is holds


NAMES = st.lists(
    st.sampled_from(
        "the The Gaddafi Qadhafi al-Nur Acme Ltd. US U.S. Mr J. Maria of State Bank In Salah Ain SPA".split()
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
RULES = (is_acronym, is_short_form, is_short_person, same_spelling, sounds_alike)


@given(NAMES, NAMES)
def test_what_may_be_forms_of_one_name_share_a_key(one, other):
    """So only names that share one need to be compared: not every name of an article with every other."""
    if any(rule(a, b) for rule in RULES for a, b in ((one, other), (other, one))):
        assert keys(one) & keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gaddafi", "Muammar Qadhafi"), ("USGS", "US Geological Survey"), ("Ain Sefra", "Aïn Sefra"), ("Innes", "In nes")],
)
def test_forms_without_a_word_in_common_share_a_key(one, other):
    """The sound, the letters or the first letters bring them together."""
    assert keys(one) & keys(other)


def test_names_of_others_share_no_key():
    """Else all would be compared."""
    assert not keys("Maria Lopez") & keys("Acme Mining Company")
