"""The language model's parts that need no model: features, lemmas, decoding, tokenizer, measures."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spacy.tokens import Doc

from kg.extract.language.decode import spans, transitions, tree, viterbi
from kg.extract.language.encoder import Words, sentence_starts
from kg.extract.language.features import BLANK_LINE, GLUED, NEWLINE, SHAPES, SPACE, gap_of, word_shape
from kg.extract.language.lemmas import apply_rule, lemma_of, rule_for
from kg.extract.language.measures import measure_spans
from tests.parsed import ENGLISH

SCORES = st.integers(1, 6).flatmap(
    lambda size: arrays(np.float32, (size, size + 1), elements=st.integers(-50, 50).map(float), unique=False)
)


def is_tree(heads: list[int]) -> bool:
    """Tell whether every word reaches the one root."""
    if heads.count(-1) != 1:
        return False
    for word in range(len(heads)):
        at, steps = word, 0
        while heads[at] != -1 and steps <= len(heads):
            at, steps = heads[at], steps + 1
        if steps > len(heads):
            return False
    return True


@given(SCORES)
def test_decoded_heads_are_a_tree(scores: np.ndarray) -> None:
    """Whatever the scores, each word has a head and all reach one root."""
    assert is_tree(tree(scores))


@settings(max_examples=60)
@given(st.integers(2, 4).flatmap(lambda n: arrays(np.float32, (n, n), elements=st.integers(-50, 50).map(float))))
def test_the_tree_below_a_sure_root_is_the_best(square: np.ndarray) -> None:
    """With the root beyond doubt, no tree scores higher than the decoded one."""
    size = len(square)
    scores = np.full((size, size + 1), -500.0, dtype=np.float32)
    scores[:, :size] = square
    scores[0] = -900.0
    scores[0, size] = 900.0

    def score(heads: list[int]) -> float:
        return float(sum(scores[word, head] for word, head in enumerate(heads)))

    best = max(
        score(list(heads))
        for heads in product(range(size + 1), repeat=size)
        if all(head != word for word, head in enumerate(heads)) and is_tree([-1 if h == size else h for h in heads])
    )
    decoded = [size if head < 0 else head for head in tree(scores)]
    assert score(decoded) == pytest.approx(best)


LABELS = ["O", "B-ORG", "I-ORG", "B-GPE", "I-GPE"]


@given(st.integers(0, 8).flatmap(lambda n: arrays(np.float32, (n, len(LABELS)), elements=st.floats(-9, 9, width=32))))
def test_viterbi_never_breaks_bio(scores: np.ndarray) -> None:
    """A span never begins with I-, nor changes its label inside."""
    moves = transitions(LABELS)
    tags = [LABELS[k] for k in viterbi(scores, moves, moves[0])]
    assert len(tags) == len(scores)
    for before, tag in zip(["O", *tags], tags, strict=False):
        assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_spans_of_tags() -> None:
    """Neighbouring spans stay apart, and an orphan I- begins a span."""
    assert spans(["B-ORG", "I-ORG", "B-ORG", "O", "I-GPE"]) == [(0, 2, "ORG"), (2, 3, "ORG"), (4, 5, "GPE")]
    assert spans([]) == []


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_lemma_rule_undoes_itself(form: str, lemma: str) -> None:
    """The rule made of a form and its lemma gives that lemma back, but for letters whose lower case is another."""
    if all(c.lower() == c or c.lower().upper() == c for c in form) and lemma.lower() == lemma:
        assert apply_rule(rule_for(form, lemma), form) == lemma


@pytest.mark.parametrize(
    ("form", "tag", "rule", "lemma"),
    [
        ("Cities", "NNS", "3+y", "city"),
        ("Brazil", "NNP", "^0+", "Brazil"),
        ("ISTANBUL", "NNP", "^0+", "Istanbul"),
        ("NATO", "NNP", "^0+", "NATO"),
        ("shot", "VBD", "1+", "shoot"),
        ("a", "DT", "5+", "a"),
        ("collide", "VB", "1+", "collide"),  # what is a base form is its own lemma, whatever the rule
        ("wildfire", "NN", "1+", "wildfire"),
        ("ca", "VB", "0+n", "can"),
        ("re-shot", "VBN", "0+", "re-shoot"),  # as the verb behind the hyphen
        ("re-elect", "VB", "1+", "re-elect"),
        ("launches", "NNS", "1+", "launch"),  # as the verb of that form
        ("avalanches", "NNS", "1+", "avalanche"),
        ("clashes", "NNS", "1+", "clash"),
        ("insurgencies", "NNS", "1+", "insurgency"),
        ("tornadoes", "NNS", "1+", "tornado"),
        ("viruses", "NNS", "1+", "virus"),
        ("houses", "NNS", "1+", "house"),
        ("attacks", "NNS", "0+", "attack"),
    ],
)
def test_lemma_of(form: str, tag: str, rule: str, lemma: str) -> None:
    """Rules change case but for names; the table of verbs overrules them; no lemma is ever empty."""
    table = {"shot|VB*": "shoot", "launches|VB*": "launch", "avalanches|VB*": "avalanche"}
    assert lemma_of(form, tag, rule, table) == lemma


@pytest.mark.parametrize(
    ("word", "shape"),
    [("oil", "lower"), ("Oil", "title"), ("OIL", "upper"), ("X", "initial"), ("McDuff", "mixed"), ("1,200", "digits"),
     ("F16", "alphanumeric"), ("--", "other"), ("", "other"), ("石油", "lower"), ("É", "initial")],
)  # fmt: skip
def test_word_shape(word: str, shape: str) -> None:
    """Case and digits decide a word's shape, in any script."""
    assert SHAPES[word_shape(word)] == shape


@pytest.mark.parametrize(
    ("space", "gap"),
    [("", GLUED), (" ", SPACE), ("\t\u00a0", SPACE), ("\n", NEWLINE), (" \r\n ", NEWLINE), ("\n \n", BLANK_LINE)],
)
def test_gap_of(space: str, gap: int) -> None:
    """Line breaks count however they are written; two are a blank line."""
    assert gap_of(space) == gap


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a Peru-based group", "a Peru - based group"),
        ("the anti-mining rally", "the anti-mining rally"),
        ("an Anti-Mining rally", "an Anti-Mining rally"),
        ("al-Hadi's", "al - Hadi 's"),
        ("they can't", "they ca n't"),
        ("on 2013-01-16", "on 2013-01-16"),
        ("a 40-year-old", "a 40 - year - old"),
        ("Kyoto–Osaka line", "Kyoto – Osaka line"),
        ("U.N.-backed", "U.N. - backed"),
    ],
)
def test_words_are_cut_as_in_the_treebanks(text: str, words: str) -> None:
    """Compounds are split at the hyphen, prefixes and dates are not."""
    assert " ".join(token.text for token in ENGLISH(text)) == words


@given(st.text(max_size=80))
def test_the_tokenizer_keeps_every_character(text: str) -> None:
    """The words and the spaces between them give the text back."""
    assert ENGLISH.make_doc(text).text == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It cost $ 3 million", "$ 3 million MONEY"),
        ("worth 40 euros", "40 euros MONEY"),
        ("some 30 kilometers north", "30 kilometers QUANTITY"),
        ("5 percent", "5 percent QUANTITY"),
        ("at least 12 miners", "12 CARDINAL"),
        ("two hundred homes", "two hundred CARDINAL"),
        ("from $ 3 to $ 5", "$ 3 MONEY|$ 5 MONEY"),
        ("no numbers here", ""),
    ],
)
def test_measures(text: str, found: str) -> None:
    """Currency makes money, a unit makes a quantity, anything else a bare number."""
    words = text.split()
    numbers = {"two", "hundred", "million"}
    lemmas = [word.rstrip("s") for word in words]
    tags = ["CD" if word.isdigit() or word in numbers else "NN" for word in words]
    pos = ["NUM" if tag == "CD" else "NOUN" for tag in tags]
    doc = Doc(ENGLISH.vocab, words=words, tags=tags, pos=pos, lemmas=lemmas)
    assert "|".join(f"{doc[a:b].text} {label}" for a, b, label in measure_spans(doc)) == found


@pytest.mark.parametrize(
    ("text", "said", "starts"),
    [
        ('He left+. "+Wait+!', 4, 3),  # glued to the mark that opens it
        ('He left+.+" Wait+!', 4, 4),
        ('"+Go+,+" he said', 4, 0),  # the comma says that the sentence goes on
        ('"+Go+.+" He left', 4, 4),
        ("He left+. (+Two stayed", 4, 3),
    ],
)
def test_marks_correct_the_network(text: str, said: int, starts: int) -> None:
    """A sentence that the network lets start at one word starts at another, or not; "+" is no space between words."""
    pieces = [piece for word in text.split(" ") for piece in re.split(r"(?=\+)", word)]
    gaps = [GLUED if piece.startswith("+") else SPACE for piece in pieces]
    size = len(pieces)
    words = Words(list(range(size)), [(1,)] * size, [0] * size, gaps, [piece.strip("+") for piece in pieces], None)
    scores = np.zeros((size, 2), dtype=np.float32)
    scores[said, 1] = 1
    expected = [i in {0, starts} for i in range(size)]
    assert sentence_starts(words, {"start": scores}, 0, size) == expected
