"""IRIs made short, and told from other words."""

from __future__ import annotations

import pytest

from kg.core.iris import Shortener, is_address, is_mention, local_name, mention_of, span_of

PREFIXES = {"a": "https://a.example/", "b": "https://a.example/b/", "t": "https://a.example/terms#"}
SHORT = [
    ("https://a.example/x", "a:x"),
    ("https://a.example/b/x", "b:x"),
    ("https://a.example/", "a:"),
    ("https://a.example/terms#Killing", "t:Killing"),
    ("https://a.example/b/in_town#killing-506", "b:in_town#killing-506"),
    ("https://a.example/b/2024/05/08", "b:2024/05/08"),
    ("https://a.example/b/Kraków", "b:Kraków"),
    ("https://a.example/x.", None),
    ("https://a.example/b/two%20words", None),
    ("https://a.example/-x", None),
    ("https://other.example/x", None),
]


@pytest.mark.parametrize(("iri", "short"), SHORT)
def test_an_iri_is_short_where_a_prefix_fits(iri, short):
    """The longest namespace wins; what could not be read back stays whole."""
    assert Shortener(PREFIXES).short(iri) == short
    assert Shortener(PREFIXES).iri(iri) == (short or f"<{iri}>")


def test_the_last_part_of_an_iri_is_its_local_name():
    """Behind a hash or a slash; a word without either is itself."""
    assert [local_name(i) for i in ("https://a.example/terms#Killing", "https://a.example/b/x", "x")] == [
        "Killing",
        "x",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("https://a.example/sparql", True), ("http://a", True), ("news", False), ("httpx", False), ("urn:a:b", False)],
)
def test_an_address_is_told_from_a_folder(text, is_one):
    """Only http and https reach another program."""
    assert is_address(text) is is_one


def test_what_an_iri_says_of_the_text():
    """A mention where it stands; a count, time, claim or relation what shows it; names with digits say nothing."""
    here = "https://a.example/article/x#"
    assert [span_of(here + end) for end in ("char=5,11", "count=5-11", "time-bombing-88=5-11")] == [(5, 11)] * 3
    assert [span_of(here + end) for end in ("killing-5", "claim", "count-5", "a=b=5", "char=5,")] == [None] * 5
    assert mention_of(here + "claim-2=5-11") == here + "char=5,11"
    assert [mention_of(here + end) for end in ("char=5,11", "claim", "killing-5")] == [None] * 3
    assert [is_mention(here + end) for end in ("char=5,11", "count=5-11", "char=5")] == [True, False, False]
