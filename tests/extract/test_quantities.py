"""Counts: which bounds a number phrase has, and what it counts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.extract.amounts.quantities import find_quantities, read_quantity
from tests.parsed import ENGLISH as NLP

CASES = Path(__file__).parents[1] / "cases" / "quantities.tsv"


def rows() -> list[list[str]]:
    """Read the table of cases."""
    lines = CASES.read_text(encoding="utf8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def parsed(*rows: tuple[str, int, str, str]) -> Doc:
    """A document from (word, head index, relation, part of speech)."""
    words, heads, deps, pos = zip(*rows, strict=True)
    return Doc(NLP.vocab, words=list(words), heads=list(heads), deps=list(deps), pos=list(pos))


def test_table_is_large_enough():
    """The table holds the word table of the annotation rules and what must not be counted."""
    assert len(rows()) >= 90


@pytest.mark.parametrize(("text", "phrase", "low", "high", "about"), [pytest.param(*row, id=row[0]) for row in rows()])
def test_read_quantity_gives_the_bounds_of_the_words(text, phrase, low, high, about):
    """A number phrase has the bounds that its words have, and no others."""
    words = [token.text for token in NLP.tokenizer(text)]
    quantity = read_quantity(words)
    if phrase == "-":
        assert quantity is None
        return
    assert quantity is not None
    bounds = ["-" if bound is None else str(bound) for bound in (quantity.minimum, quantity.maximum)]
    assert bounds == [low, high]
    assert quantity.approximate == (about == "yes")
    assert " ".join(words[quantity.start : quantity.end]) == phrase


@given(st.integers(0, 999_999_999))
def test_figures_read_back(number):
    """A number in figures, with or without commas, reads as itself."""
    if not 1500 <= number < 2100:  # a bare year
        assert read_quantity(str(number)).minimum == number
    assert read_quantity(f"{number:,} people").maximum == number


@given(
    st.lists(
        st.sampled_from(
            "at least more than up to about some 32 1,200 twenty - three dozen dozens hundreds of a half million "
            "and between 20 or fewer in both , . % $ May several couple".split()
        ),
        max_size=12,
    )
)
def test_any_row_of_words_is_read_without_error(words):
    """Any row of number words gives nothing, or bounds in order inside the words."""
    quantity = read_quantity(words)
    if quantity is not None:
        assert 0 <= quantity.start < quantity.end <= len(words)
        if quantity.minimum is not None and quantity.maximum is not None:
            assert 0 <= quantity.minimum <= quantity.maximum


def test_numeral_counts_its_noun():
    """A numeral before a noun counts that noun, over the adjectives between them."""
    doc = parsed(
        ("at", 1, "case", "ADP"), ("least", 2, "advmod", "ADV"), ("32", 4, "nummod", "NUM"),
        ("armed", 4, "amod", "ADJ"), ("miners", 5, "nsubj", "NOUN"), ("came", 5, "ROOT", "VERB"),
    )  # fmt: skip
    [found] = find_quantities(doc)
    assert (found.start, found.end, doc[found.counted].text) == (0, 3, "miners")
    assert found.quantity.minimum == 32
    assert found.quantity.maximum is None


def test_partitive_counts_the_noun_after_of():
    """A vague plural ("dozens of divers") counts the noun after "of"."""
    doc = parsed(
        ("dozens", 3, "nsubj", "NOUN"), ("of", 2, "case", "ADP"), ("divers", 0, "nmod", "NOUN"),
        ("left", 3, "ROOT", "VERB"),
    )  # fmt: skip
    [found] = find_quantities(doc)
    assert doc[found.counted].text == "divers"


def test_numeral_without_noun_counts_itself():
    """In "five had left" the numeral stands for what is counted."""
    doc = parsed(("five", 2, "nsubj", "NUM"), ("had", 2, "aux", "AUX"), ("left", 2, "ROOT", "VERB"))
    [found] = find_quantities(doc)
    assert found.counted == 0


@pytest.mark.parametrize(
    "rows",
    [
        [("Flight", 2, "nsubj", "PROPN"), ("370", 0, "nummod", "NUM"), ("vanished", 2, "ROOT", "VERB")],
        [("Ann", 2, "nsubj", "PROPN"), ("42", 0, "nummod", "NUM"), ("left", 2, "ROOT", "VERB")],
        [("one", 2, "nsubj", "NUM"), ("who", 2, "nsubj", "PRON"), ("left", 2, "ROOT", "VERB")],
        [("she", 2, "nsubj", "PRON"), ("was", 2, "cop", "AUX"), ("22", 2, "ROOT", "NUM")],
        [("two", 2, "nummod", "NUM"), ("more", 2, "amod", "ADJ"), ("weeks", 2, "ROOT", "NOUN")],
    ],
    ids=lambda rows: " ".join(row[0] for row in rows),
)  # fmt: skip
def test_names_ages_pronouns_and_durations_are_no_counts(rows):
    """The number of a name, an age, the pronoun "one" and a span of time count nothing."""
    assert find_quantities(parsed(*rows)) == []


def test_preposition_is_no_limit():
    """In "worried about two men" the word "about" says nothing on the number."""
    doc = parsed(
        ("worried", 0, "ROOT", "VERB"), ("about", 3, "case", "ADP"), ("two", 3, "nummod", "NUM"),
        ("men", 0, "obl", "NOUN"),
    )  # fmt: skip
    [found] = find_quantities(doc)
    assert not found.quantity.approximate


def test_limit_reaches_over_a_conjunction():
    """In "at least 32 miners and 23 guards" both numbers are lower bounds."""
    doc = parsed(
        ("at", 1, "case", "ADP"), ("least", 2, "advmod", "ADV"), ("32", 3, "nummod", "NUM"),
        ("miners", 7, "nsubj", "NOUN"), ("and", 6, "cc", "CCONJ"), ("23", 6, "nummod", "NUM"),
        ("guards", 3, "conj", "NOUN"), ("came", 7, "ROOT", "VERB"),
    )  # fmt: skip
    bounds = [(found.quantity.minimum, found.quantity.maximum) for found in find_quantities(doc)]
    assert bounds == [(32, None), (23, None)]
