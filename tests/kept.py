"""What the shipped network said of our own texts, kept in ``approved/network.xz``: documents without the network.

A kept document has the words, tags, trees, names and sentences that the network gave, and its scores of events in
rounded numbers. Reading it needs no runtime and comes out the same on every processor. ``python -m tests.approve
--network`` asks the network anew.
"""

from __future__ import annotations

import json
import lzma
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from spacy.lang.en import English
from spacy.tokens import Doc, Span

from kg.extract.language import models
from kg.extract.language.scores import STEPS, EventScores, keep_scores, scores_of
from kg.pipeline import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = Path(__file__).parent / "approved" / "network.xz"
VOCAB = English().vocab
#: Probabilities are kept in steps of a hundredth, the smallest ones not at all.
STEP = 100
#: Of words that tell an event with less than this probability no participants are kept, unless a reading asked.
TELLS = 0.02
#: The score of what is impossible.
NEVER = 30.0


def doc_of(text: str) -> Doc:
    """Return the kept document of a text, made anew for each caller; KeyError where none is kept."""
    said = _said()
    return unpacked(said["texts"][text], said["labels"])


def kept_texts() -> list[str]:
    """The texts of which a document is kept, in order."""
    return list(_said()["texts"])


def kept() -> dict[str, Any]:
    """Each text with its document as plain values."""
    return dict(_said()["texts"])


def labels() -> dict[str, list[str]]:
    """The names of types, roles and statuses in the order of the kept scores."""
    return dict(_said()["labels"])


@cache
def _said() -> dict[str, Any]:
    return json.loads(lzma.decompress(FILE.read_bytes()))


@dataclass(frozen=True)
class Asked:
    """A document, the triggers whose participants a reading of it asked for, and the pairs that it compared."""

    doc: Doc
    triggers: set[int]
    pairs: set[tuple[int, int]]


def again(one: Asked) -> Doc:
    """The document as it would come back."""
    return unpacked(packed(one), _labels(one.doc))


def write(texts: Iterable[str], known: dict[str, Any], new: dict[str, Asked], model: str) -> None:
    """Keep the documents of texts, in their order: as they were known, or new."""
    values = {text: packed(new[text]) if text in new else known.get(text) for text in texts}
    labels = next((found for one in new.values() if (found := _labels(one.doc))), None) or _said()["labels"]
    said = {"model": model, "labels": labels, "texts": {text: value for text, value in values.items() if value}}
    packed_all = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    FILE.write_bytes(lzma.compress(packed_all, preset=9 | lzma.PRESET_EXTREME))
    _said.cache_clear()


def _labels(doc: Doc) -> dict[str, list[str]]:
    scores = scores_of(doc)
    if scores is None:
        return {}
    return {"types": scores.types, "roles": scores.role_names, "statuses": scores.statuses}


def packed(one: Asked) -> dict[str, Any]:
    """A document as plain values."""
    doc = one.doc
    values: dict[str, Any] = {
        "words": [t.text for t in doc],
        "spaces": "".join("01"[bool(t.whitespace_)] for t in doc),
        "lemmas": ["" if t.lemma_ == t.text else t.lemma_ for t in doc],
        **{name: " ".join(getattr(t, f"{name}_") or "-" for t in doc) for name in ("pos", "tag", "dep")},
        "heads": [t.head.i - t.i for t in doc],
        "names": [(s.start, s.end, s.label_) for s in doc.ents],
    }
    scores = scores_of(doc)
    if scores is not None:
        likely = {int(i) for i in np.flatnonzero(1 - scores.kinds[:, 0] >= TELLS)}
        values["kinds"] = [_sparse(row) for row in scores.kinds]
        values["status"] = [_sparse(row) for row in scores.status]
        values["roles"] = [(t, *_matrix(*scores.roles(t))) for t in sorted(likely | one.triggers)]
        close = {(a, b) for a in likely for b in likely if a < b} | {(min(p), max(p)) for p in one.pairs}
        values["same"] = [(a, b, p) for a, b in sorted(close) if (p := round(STEP * scores.one_event(a, b)))]
    return values


def _sparse(row: Any) -> list[int]:
    """Index and hundredths, one after another, of what is not nought."""
    return [int(x) for n, p in enumerate(row) if (step := round(STEP * float(p))) for x in (n, step)]


def _matrix(first: int, table: Any) -> list[list[int]]:
    """[word, role, hundredths, …] of what is not nought."""
    return [[first + n, *row] for n, found in enumerate(table) if (row := _sparse(found))]


def unpacked(values: dict[str, Any], labels: dict[str, list[str]]) -> Doc:
    """The document that ``packed`` made values of."""
    words = values["words"]
    tags = {name: [x if x != "-" else "" for x in values[name].split(" ")] for name in ("pos", "tag", "dep")}
    doc = Doc(
        VOCAB,
        words=words,
        spaces=[space == "1" for space in values["spaces"]],
        lemmas=[lemma or word for lemma, word in zip(values["lemmas"], words, strict=True)],
        pos=tags["pos"],
        tags=tags["tag"],
        deps=tags["dep"],
        heads=[n + head for n, head in enumerate(values["heads"])],
    )
    doc.set_ents([Span(doc, start, end, label=label) for start, end, label in values["names"]])
    if "kinds" in values:
        keep_scores(doc, _scores(values, labels, [n for n, s in enumerate(doc.sents) for _ in s]))
    return doc


def _scores(values: dict[str, Any], labels: dict[str, list[str]], sentence: list[int]) -> EventScores:
    """Layers whose answers are the kept numbers: each trigger and each pair has a place in the vectors of its own."""
    size, roles = len(sentence), len(labels["roles"])
    places = len(values["roles"]) * roles
    of_trigger = np.full((size, places), -1e4, np.float32)  # far below what another's word could lift it to
    of_word = np.zeros((size, places), np.float32)
    for k, (trigger, *rows) in enumerate(values["roles"]):
        of_trigger[trigger, k * roles : (k + 1) * roles] = 0
        for word, *pairs in rows:
            for role, p in _pairs(pairs):
                of_word[word, k * roles + role] = NEVER + _logit(p)
    same = np.zeros((size, len(values["same"])), np.float32)
    for k, (one, other, p) in enumerate(values["same"]):
        score = NEVER + _logit(p)
        same[one, k], same[other, k] = (1, score) if one != other else (sqrt(score), sqrt(score))
    return EventScores(
        types=labels["types"],
        role_names=labels["roles"],
        statuses=labels["statuses"],
        role_weight=np.tile(np.eye(roles, dtype=np.float32), (len(values["roles"]), 1)),
        role_bias=np.full(roles, -NEVER, np.float32),
        role_near=np.zeros((STEPS, places), np.float32),
        same_weight=np.concatenate([np.ones(same.shape[1]), np.zeros(same.shape[1])]).astype(np.float32),
        same_bias=-NEVER,
        kinds=_table(values["kinds"], len(labels["types"])),
        status=_table(values["status"], len(labels["statuses"])),
        role_event=of_trigger,
        role_word=of_word,
        same=same,
        sentence=np.array(sentence),
    )


def _pairs(flat: list[int]) -> Iterator[tuple[int, int]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _table(rows: list[list[int]], width: int) -> Any:
    table = np.zeros((len(rows), width), np.float32)
    for row, flat in zip(table, rows, strict=True):
        for column, step in _pairs(flat):
            row[column] = step / STEP
    return table


def _logit(hundredths: int) -> float:
    p = min(hundredths, STEP - 0.5) / STEP
    return log(p / (1 - p))


@contextmanager
def asked() -> Iterator[tuple[set[int], set[tuple[int, int]]]]:
    """Which triggers' participants and which pairs are asked for meanwhile."""
    triggers: set[int] = set()
    pairs: set[tuple[int, int]] = set()
    roles, one_event = EventScores.roles, EventScores.one_event
    EventScores.roles = lambda self, t: (triggers.add(t), roles(self, t))[1]  # type: ignore[method-assign]
    EventScores.one_event = lambda self, a, b: (pairs.add((a, b)), one_event(self, a, b))[1]  # type: ignore[method-assign]
    try:
        yield triggers, pairs
    finally:
        EventScores.roles, EventScores.one_event = roles, one_event  # type: ignore[method-assign]


@contextmanager
def instead_of_the_network() -> Iterator[None]:
    """Whatever reads articles meanwhile reads kept documents, and no model is loaded."""

    def read_docs(_: object, texts: Iterable[str], batch_size: int = 0) -> Iterator[Doc]:
        del batch_size
        return map(doc_of, texts)

    with patch.object(models, "read_docs", read_docs), patch.object(prepared, "_model", lambda _: None):
        yield
