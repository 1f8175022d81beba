"""Cleans the silver entities of GMB with a network trained on the gold corpora alone.

Where both agree the tag stays; where the gold-trained network is sure of another span or label, its own is taken; where
neither is to be trusted a name that nearly always bears one label in the corpus keeps that, and other words become
unknown ("-"): they teach nothing. Dates, times and demonyms stay as GMB has them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from kg.extract.language.decode import spans, transitions, viterbi
from kg.extract.language.features import WordPieces
from training.corpora import UNKNOWN, Sentence
from training.network import Network, load_network
from training.train import encoder_folder
from training.windows import BIO, Maker, Window, tensors

if TYPE_CHECKING:
    from pathlib import Path

#: Probability above which the network's own span, label or "no entity" is believed over the silver one.
SURE, SOME = 0.9, 0.35
KEPT = {"DATE", "TIME", "NORP"}


def probabilities(model: Network, windows: list[Window], source: str) -> list[np.ndarray]:
    """Return [word, label] probabilities for each window, tagged after the habits of `source`."""
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].pieces))
    result: list[np.ndarray] = [np.empty(0)] * len(windows)
    habit = model.labels.sources.index(source)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 48):
            chosen = order[at : at + 48]
            data = tensors([windows[i] for i in chosen])
            data["source"] = torch.full_like(data["source"], habit)
            scores = model(data)["ner"].float().softmax(-1).numpy()
            for row, i in enumerate(chosen):
                result[i] = scores[row, : len(windows[i].first)]
    return result


def usual_labels(sentences: list[Sentence]) -> dict[tuple[str, ...], str]:
    """Return the label of every name that bears one label in at least four fifths of its ten or more occurrences."""
    seen: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for begin, end, label in spans([tag if tag != UNKNOWN else "O" for tag in sentence.ner]):
            seen[tuple(sentence.words[begin:end])][label] += 1
    best = {name: labels.most_common(1)[0] for name, labels in seen.items() if labels.total() >= 10}
    return {name: label for name, (label, count) in best.items() if count >= 0.8 * seen[name].total()}


def cleaned(
    words: list[str], tags: list[str], probability: np.ndarray, usual: dict[tuple[str, ...], str], counts: Counter[str]
) -> list[str]:
    """Return the silver tags of a sentence corrected by the network's [word, label] probabilities."""
    moves = transitions(list(BIO))
    said = spans([BIO[k] for k in viterbi(np.log(probability + 1e-9), moves, moves[0])])
    by_type = {label: probability[:, [k for k, t in enumerate(BIO) if t[2:] == label]].sum(1)
               for label in {label for _, _, label in said}}  # fmt: skip
    silver = spans([tag if tag != UNKNOWN else "O" for tag in tags])
    result = list(tags)

    def put(begin: int, end: int, label: str) -> None:
        result[begin:end] = (
            [UNKNOWN] * (end - begin) if label == UNKNOWN else ["B-" + label] + ["I-" + label] * (end - begin - 1)
        )

    for begin, end, label in said:
        sure = float(by_type[label][begin:end].min())
        met = [span for span in silver if span[0] < end and span[1] > begin]
        if label in {"DATE", "TIME"} or any(span[2] in KEPT for span in met) or (begin, end, label) in met:
            counts["kept"] += 1
        elif not met:
            if sure > SOME:
                put(begin, end, label if sure > SURE else UNKNOWN)
                counts["added" if sure > SURE else "doubted: missing"] += 1
        else:
            for old_begin, old_end, _ in met:
                put(old_begin, old_end, "-")
            put(begin, end, label if sure > SURE else UNKNOWN)
            usually = usual.get(tuple(words[met[0][0] : met[0][1]])) if len(met) == 1 else None
            if sure <= SURE and usually:
                put(met[0][0], met[0][1], usually)
                counts["by majority"] += 1
                continue
            if sure > SURE:  # what the old span had beyond the new one is outside
                for old_begin, old_end, _ in met:
                    for i in range(old_begin, old_end):
                        if not begin <= i < end:
                            result[i] = UNKNOWN
            counts["relabelled" if sure > SURE else "doubted: differs"] += 1
    for begin, end, label in silver:
        if label not in KEPT and not any(a < end and b > begin for a, b, _ in said):
            if float(probability[begin:end, 0].min()) > SURE:
                put(begin, end, UNKNOWN)
                counts["doubted: no entity"] += 1
            else:
                counts["kept"] += 1
    return result


def clean(sentences: list[Sentence], checkpoints: Path) -> list[Sentence]:
    """Return the silver sentences cleaned by the network of a run on the gold sources; prints how often what."""
    model = load_network(checkpoints)
    maker = Maker(WordPieces(encoder_folder() / "vocab.txt"), model.labels, noise=False)
    rows = np.concatenate(probabilities(model, list(maker.windows(sentences)), "EWT"))
    counts: Counter[str] = Counter()
    result: list[Sentence] = []
    at, usual = 0, usual_labels(sentences)
    for sentence in sentences:
        size = len(sentence.words)
        tags = cleaned(sentence.words, sentence.ner, rows[at : at + size], usual, counts)
        result.append(replace(sentence, ner=tags))
        at += size
    print(f"silver entities: {dict(counts)}")
    return result
