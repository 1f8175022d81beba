"""Turns sentences into training windows: consecutive sentences of a document, noised, as padded tensors."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import torch

from kg.extract.language.features import BLANK_LINE, GLUED, INSIDE, NEWLINE, SPACE, WordPieces, word_shape
from kg.extract.language.lemmas import rule_for
from training.corpora import LABELS, Sentence
from training.event_corpus import ROLES, STATUSES, EventSentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Word pieces of a training window, at most (one longer sentence may exceed it); of one whose events are annotated.
WINDOW, EVENT_WINDOW = 128, 190
IGNORE = -100
#: What is said of single words; two events may stand on one.
WORD_LABELS = ("xpos", "upos", "rules", "deps", "start", "event", "event2")
BIO = ("O", *(f"{side}-{label}" for label in LABELS for side in "BI"))
#: Which outputs a tag allows; an unknown tag allows all and so costs nothing.
_ALLOWED = {tag: [i] for i, tag in enumerate(BIO)}
_ALLOWED["-"] = list(range(len(BIO)))
for _side in "BI":
    _ALLOWED[f"{_side}-PLACE"] = [BIO.index(f"{_side}-{label}") for label in ("GPE", "LOC", "FAC")]


@dataclass(frozen=True)
class Inventory:
    """The label sets of the model, in the order of its outputs."""

    xpos: list[str]
    upos: list[str]
    rules: list[str]
    deps: list[str]
    sources: list[str]
    ner: tuple[str, ...] = BIO
    events: list[str] = field(default_factory=lambda: [""])  # event types; the first is none
    roles: tuple[str, ...] = ROLES[1:]
    statuses: tuple[str, ...] = STATUSES


def inventory(groups: dict[str, list[Sentence]], least: int = 2) -> Inventory:
    """Return the labels seen in the sentences; lemma rules seen fewer than `least` times are left out."""
    sets: dict[str, dict[str, int]] = {"xpos": {}, "upos": {}, "rules": {}, "deps": {}}
    for sentence in (sentence for group in groups.values() for sentence in group if sentence.heads):
        rules = [rule_for(form, lemma) for form, lemma in zip(sentence.words, sentence.lemmas, strict=True)]
        for name, values in (
            ("xpos", sentence.xpos), ("upos", sentence.upos), ("deps", sentence.deps), ("rules", rules),
        ):  # fmt: skip
            for value in values:
                sets[name][value] = sets[name].get(value, 0) + 1
    kept = {name: sorted(value for value, count in counts.items() if name != "rules" or count >= least)
            for name, counts in sets.items()}  # fmt: skip
    return Inventory(kept["xpos"], kept["upos"], kept["rules"], kept["deps"], sorted(groups))


def event_types(sentences: Iterable[Sentence]) -> list[str]:
    """Return the event types that the sentences tell of, after "" for none."""
    return ["", *sorted({e.type for s in sentences if isinstance(s, EventSentence) for e in s.events})]


@dataclass
class Window:
    """One training example; word-level label lists hold IGNORE where a layer is missing."""

    source: int
    pieces: list[int]
    shapes: list[int]
    gaps: list[int]
    first: list[int]  # index of each word's first piece
    sentence: list[int]  # number of the sentence of each word
    labels: dict[str, list[int]]
    heads: list[int]  # index of the head word, len(words) for the root, IGNORE where unknown
    ner: list[list[int]]  # allowed outputs
    events: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A trigger word of a window: its word, status, number of its event, and (role, word) of who takes part in it."""

    word: int
    status: int
    event: str
    roles: list[tuple[int, int]]


class Maker:
    """Makes windows of sentences; the random noise comes from the given generator alone."""

    def __init__(self, pieces: WordPieces, labels: Inventory, seed: int = 0, *, noise: bool = True) -> None:
        self.pieces, self.labels, self.noise = pieces, labels, noise
        self.random = random.Random(seed)  # noqa: S311  training noise
        self._ids = {
            name: {value: i for i, value in enumerate(values)}
            for name, values in (("xpos", labels.xpos), ("upos", labels.upos), ("rules", labels.rules),
                                 ("deps", labels.deps), ("sources", labels.sources), ("events", labels.events))
        }  # fmt: skip

    def windows(self, sentences: Iterable[Sentence]) -> Iterator[Window]:
        """Yield windows of consecutive sentences, broken at documents and when full; lengths vary at random."""
        held: list[Sentence] = []
        size, limit, doc = 0, 0, None
        for sentence in sentences:
            length = sum(len(self.pieces.of(word)) for word in sentence.words)
            full = EVENT_WINDOW if isinstance(sentence, EventSentence) else WINDOW
            limit = limit or full
            if held and (size + length > limit or sentence.doc != doc):
                yield self._window(held)
                held, size = [], 0
                limit = full if self.random.random() < 0.7 else self.random.randint(20, full)
            held.append(sentence)
            size, doc = size + length, sentence.doc
        if held:
            yield self._window(held)

    def _case(self) -> str:
        draw = self.random.random() if self.noise else 1.0
        return "upper" if draw < 0.03 else "lower" if draw < 0.06 else "title" if draw < 0.08 else ""

    def _window(self, sentences: list[Sentence]) -> Window:
        style = self.random.choices(("plain", "paragraphs", "wrapped"), (45, 42, 13))[0] if self.noise else "plain"
        source = self._ids["sources"].get(sentences[0].source, 0)  # without entities it does not matter
        labels: dict[str, list[int]] = {name: [] for name in WORD_LABELS}
        window = Window(source, [self.pieces.first], [0], [GLUED], [], [], labels, [], [])
        column, wrap, bases = 0, self.random.randint(8, 16), list[int]()
        gap, whole_case = BLANK_LINE, self._case() if self.random.random() < 0.5 else None
        for number, sentence in enumerate(sentences):
            stop = len(sentence.words)
            ends = bool(sentence.words) and sentence.words[-1] in {".", "!", "?", '"', "”", ":", "'"}
            if number:
                chance = 0.25 if ends else 0.75
                if style != "plain" and self.random.random() < chance:
                    gap = NEWLINE if self.random.random() < 0.4 and style == "paragraphs" else BLANK_LINE
            if self.noise and ends and style != "plain" and self.random.random() < 0.08 and self._bare_stop(sentence):
                stop -= 1
            base = len(window.first)
            bases.append(base)
            case = whole_case if whole_case is not None else self._case()
            for i in range(stop):
                word = sentence.words[i]
                if case == "upper":
                    word = word.upper()
                elif case == "lower":
                    word = word.lower()
                elif case == "title" and len(word) > 3:
                    word = word[0].upper() + word[1:]
                column += 1
                if style == "wrapped" and gap == SPACE and column >= wrap:
                    gap, column = NEWLINE, 0
                self._add_word(window, word, gap)
                gap = SPACE if sentence.spaces[i] else GLUED
                window.sentence.append(number)
                window.labels["start"].append(int(i == 0))
            gap = SPACE if stop < len(sentence.words) else gap
            self._add_labels(window, sentence, stop, base)
        window.heads = [head if head != -1 else len(window.first) for head in window.heads]
        window.events = _told(sentences, bases, len(window.first))
        window.pieces.append(self.pieces.last)
        window.shapes.append(0)
        window.gaps.append(GLUED)
        return window

    @staticmethod
    def _bare_stop(sentence: Sentence) -> bool:
        return sentence.words[-1] == "." and len(sentence.words) - 1 not in sentence.heads and len(sentence.words) > 2

    def _add_word(self, window: Window, word: str, gap: int) -> None:
        pieces = self.pieces.of(word)
        window.first.append(len(window.pieces))
        window.pieces.extend(pieces)
        window.shapes.extend([word_shape(word)] * len(pieces))
        window.gaps.extend([gap] + [INSIDE] * (len(pieces) - 1))

    def _add_labels(self, window: Window, sentence: Sentence, stop: int, base: int) -> None:
        known = bool(sentence.heads)
        for name, values in (("xpos", sentence.xpos), ("upos", sentence.upos), ("deps", sentence.deps)):
            ids = self._ids[name]
            window.labels[name] += [ids.get(v, IGNORE) for v in values[:stop]] if known else [IGNORE] * stop
        rules = self._ids["rules"]
        window.labels["rules"] += (
            [rules.get(rule_for(f, x), IGNORE) for f, x in zip(sentence.words[:stop], sentence.lemmas, strict=False)]
            if known else [IGNORE] * stop
        )  # fmt: skip
        window.heads += [base + h if h >= 0 else -1 for h in sentence.heads[:stop]] if known else [IGNORE] * stop
        told = isinstance(sentence, EventSentence)
        first, second = [0 if told else IGNORE] * stop, [IGNORE] * stop
        for event in sentence.events if isinstance(sentence, EventSentence) else ():
            for i in event.words:
                if i < stop:
                    (second if first[i] else first)[i] = self._ids["events"][event.type]
        window.labels["event"] += first
        window.labels["event2"] += second
        tags = sentence.ner[:stop] or ["-"] * stop
        window.ner += [_ALLOWED.get(tag, _ALLOWED["-"]) for tag in tags]


def _told(sentences: list[Sentence], bases: list[int], size: int) -> list[Told]:
    """Return the triggers of a window's sentences; who takes part outside the window is left out."""
    base_of = {s.number: base for s, base in zip(sentences, bases, strict=True) if isinstance(s, EventSentence)}
    if not base_of:
        return []
    stops = dict(zip(base_of.values(), [*list(base_of.values())[1:], size], strict=True))
    result = []
    for sentence, base in zip(sentences, bases, strict=True):
        for event in sentence.events if isinstance(sentence, EventSentence) else ():
            roles = []
            for role, (number, word) in event.roles:
                at = base_of.get(number)
                if at is not None and at + word < stops[at]:
                    roles.append((ROLES.index(role) - 1, at + word))
            status = STATUSES.index(event.status)
            result += [Told(base + i, status, event.event, roles) for i in event.words if base + i < stops[base]]
    return result


class Pieced(Protocol):
    """What has word pieces: a window, or one with what a trunk says of it."""

    @property
    def pieces(self) -> list[int]:
        """The ids of the pieces."""


Item = TypeVar("Item", bound=Pieced)


def batches(windows: list[Item], pieces: int, seed: int) -> Iterator[list[Item]]:
    """Yield batches of windows of like length, each of about `pieces` word pieces, in random order."""
    shuffle = random.Random(seed)  # noqa: S311
    ordered = sorted(windows, key=lambda w: len(w.pieces) + shuffle.random() * 12)
    groups: list[list[Item]] = [[]]
    for window in ordered:
        if groups[-1] and (len(groups[-1]) + 1) * len(window.pieces) > pieces:
            groups.append([])
        groups[-1].append(window)
    shuffle.shuffle(groups)
    yield from groups


def tensors(batch: list[Window]) -> dict[str, torch.Tensor]:
    """Return the batch as padded tensors: pieces, shapes, gaps, mask, first, sentence, word labels, ner (allowed)."""
    longest = max(len(w.pieces) for w in batch)
    words = max(len(w.first) for w in batch)
    size = len(batch)
    out = {name: np.zeros((size, longest), dtype=np.int64) for name in ("pieces", "shapes", "gaps")}
    mask = np.zeros((size, longest), dtype=bool)
    first, sentence = np.zeros((size, words), dtype=np.int64), np.full((size, words), -1, dtype=np.int64)
    labels = {name: np.full((size, words), IGNORE, dtype=np.int64) for name in (*batch[0].labels, "heads")}
    ner = np.ones((size, words, len(BIO)), dtype=bool)
    for row, window in enumerate(batch):
        mask[row, : len(window.pieces)] = True
        for name in ("pieces", "shapes", "gaps"):
            out[name][row, : len(window.pieces)] = getattr(window, name)
        count = len(window.first)
        first[row, :count], sentence[row, :count] = window.first, window.sentence
        for name, values in window.labels.items():
            labels[name][row, :count] = values
        heads = np.array(window.heads)
        labels["heads"][row, :count] = np.where(heads == count, words, heads)  # the root's column stands last
        for i, allowed in enumerate(window.ner):
            if len(allowed) < len(BIO):
                ner[row, i] = False
                ner[row, i, allowed] = True
    told = [(row, each) for row, window in enumerate(batch) for each in window.events]
    parts = np.zeros((len(told), words, len(ROLES) - 1), dtype=np.float32)
    for k, (_, each) in enumerate(told):
        for role, word in each.roles:
            parts[k, word, role] = 1
    names = [f"{row} {each.event}" for row, each in told]
    labels["told"] = np.array([(row, each.word, each.status) for row, each in told], dtype=np.int64).reshape(-1, 3)
    labels["told_event"] = np.array([names.index(name) for name in names], dtype=np.int64)
    arrays = {**out, "told_roles": parts, "mask": mask, "first": first, "sentence": sentence, **labels, "ner": ner,
              "source": np.array([w.source for w in batch])}  # fmt: skip
    return {name: torch.from_numpy(values) for name, values in arrays.items()}
