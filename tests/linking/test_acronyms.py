"""What may stand for many things: a few capitals, or two letters."""

from __future__ import annotations

import pytest

from kg.linking.names import is_acronym


@pytest.mark.parametrize(
    ("name", "found"),
    [("IBM", True), ("NAACP", True), ("Eu", True), ("U.N.", True), ("UNESCO", False), ("Ibm", False), ("A B", False)],
)
def test_few_capitals_or_two_letters_are_an_acronym(name, found):
    """Five capitals are, six are a word; three letters in small ones are a name."""
    assert is_acronym(name) is found
