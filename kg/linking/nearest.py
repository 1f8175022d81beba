"""Names among a million labels: which labels are near enough to a name to be looked at.

    labels, block by block ─ same normal form, or three letters in a row that few labels have ─ rapidfuzz ─ near

A label is written nearly like a name where the rarest of the name's trigrams lead to it and its spelling is alike by
rapidfuzz. Everything is arithmetic on arrays of one block, so memory does not grow with the dataset. Who has candidates
scores them with ``kg.linking.match.find_links``: that function, not this one, says what is a link and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from rapidfuzz import fuzz

from kg.core.names import fold

BLOCK = 200_000
"""Labels that are indexed together: some 100 MB."""
ALIKE = 85.0
"""Of 100: rapidfuzz's ratio of two names that may be one, words in any order: Gaddafi, Kaddafi; not Mali, Bali."""
_RAREST = 4  # trigrams of a name that are looked up
_LOOKED_AT = 2_500  # labels that they lead to in a block, after which no further trigram is looked up
_SURVIVORS = 60  # labels, those with most of these trigrams, whose spelling is compared
_OFTEN = 4_000  # labels of a block with a trigram that tells nothing
_LETTERS = 37  # a to z, digits, and everything else as a space
_CODES = np.full(256, 0, dtype=np.int32)
_CODES[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0") : ord("9") + 1] = np.arange(27, 37)


@dataclass(frozen=True, slots=True)
class Near:
    """That a label (by its number) is written like a name (by its number), how much of 100."""

    name: int
    label: int
    ratio: float


def nearest(names: Sequence[str], labels: Iterable[str]) -> Iterator[Near]:
    """For each block of labels, which are near to which names; the same for the same input, in order of the blocks.

    What has the same normal form has 100. Labels are read once.
    """
    forms = [fold(name) for name in names]
    ordered = [_ordered(form) for form in forms]
    by_form: dict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(forms):
        by_form[form].append(number)
    trigrams = [_trigrams(form) for form in forms]
    start, rest = 0, iter(labels)
    while block := [fold(label) for label in islice(rest, BLOCK)]:
        for label, form in enumerate(block):
            for name in by_form.get(form, ()):
                yield Near(name, start + label, 100.0)
        yield from _alike(forms, ordered, trigrams, block, start)
        start += len(block)


def _alike(
    forms: Sequence[str], ordered: Sequence[str], trigrams: Sequence[np.ndarray], block: list[str], start: int
) -> Iterator[Near]:
    offsets, postings = _index(block)
    counts = np.diff(offsets)
    for name, (form, words, own) in enumerate(zip(forms, ordered, trigrams, strict=True)):
        numbers = counts[own]
        known = own[(numbers > 0) & (numbers <= _OFTEN)]
        rarest = known[np.argsort(counts[known], kind="stable")[:_RAREST]]
        few = rarest[: max(1, int(np.searchsorted(np.cumsum(counts[rarest]), _LOOKED_AT)))]
        if not len(few):
            continue
        found = np.concatenate([postings[offsets[gram] : offsets[gram + 1]] for gram in few])
        labels, hits = np.unique(found, return_counts=True)
        if len(labels) > _SURVIVORS:
            labels = np.sort(labels[np.argsort(-hits, kind="stable")[:_SURVIVORS]])
        for label in labels.tolist():
            ratio = fuzz.ratio(words, _ordered(block[label]), score_cutoff=ALIKE)
            if ratio and block[label] != form:
                yield Near(name, start + label, ratio)


def _ordered(form: str) -> str:
    """A normal form with its words in order: "ruelo jose" is "jose ruelo"."""
    return " ".join(sorted(form.split()))


def _index(block: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The labels of each trigram: where they begin in the second array, and the labels (twice where it is twice)."""
    texts = [f" {form} ".encode("ascii", "replace") for form in block]
    codes = _CODES[np.frombuffer(b"".join(texts), dtype=np.uint8)]
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    label = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    grams = _grams(codes)
    within = label[:-2] == label[2:]
    grams, label = grams[within], label[:-2][within]
    order = np.argsort(grams, kind="stable")  # of 16 bits: a radix sort
    offsets = np.concatenate([[0], np.cumsum(np.bincount(grams, minlength=_LETTERS**3))])
    return offsets, label[order]


def _grams(codes: np.ndarray) -> np.ndarray:
    grams: np.ndarray = (codes[:-2] * _LETTERS + codes[1:-1]) * _LETTERS + codes[2:]
    return grams.astype(np.uint16)


def _trigrams(form: str) -> np.ndarray:
    """The trigrams of a name, each once; of a word of one letter with the spaces around it."""
    return np.unique(_grams(_CODES[np.frombuffer(f" {form} ".encode("ascii", "replace"), dtype=np.uint8)]))
