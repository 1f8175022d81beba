"""What another arithmetic changes: `python -m training.compare_arithmetic --corpora DIR FOLDER OTHER…`.

Reads the held-out documents of our annotation with each packaged model through onnxruntime, as `kg` does: words a
second of one core's own time (the best of three rounds, the models in turn), triggers by type, and how far
probabilities lie from the first model's.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime as ort

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import event_labels
from training.event_corpus import event_sentences, part_of
from training.windows import Maker, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTPUTS = ("event", "xpos")
ROUNDS = 3

Scores = list["NDArray[np.float32]"]


def session(folder: Path) -> Any:
    """Return the model's session, one thread, as `kg` makes it."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])


def feed(window: Window) -> dict[str, NDArray[np.int64]]:
    """Return what the graph takes of a window."""
    arrays = {name: np.array(getattr(window, name)) for name in ("pieces", "shapes", "gaps", "first")}
    return {**arrays, "positions": np.arange(len(window.pieces))}


def probabilities(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the scores as probabilities along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def typed_f1(windows: list[Window], said: Scores) -> float:
    """Return F1 of trigger words by type."""
    right = predicted = gold = 0
    for window, scores in zip(windows, said, strict=True):
        best, first, second = scores.argmax(-1), np.array(window.labels["event"]), np.array(window.labels["event2"])
        right += int(((best > 0) & ((best == first) | (best == second))).sum())
        predicted, gold = predicted + int((best > 0).sum()), gold + int((first > 0).sum())
    return 2 * right / max(predicted + gold, 1)


def main() -> None:
    """Print a row for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--windows", type=int, default=10**6, help="no more than so many")
    args = parser.parse_args()
    tokenizer = blank_english().tokenizer
    sentences = [s for s in event_sentences(args.corpora, tokenizer, dev=True) if part_of(s.doc) != "once"]
    labels = event_labels(list(event_sentences(args.corpora, tokenizer)))
    pieces = WordPieces(args.models[0] / "vocab.txt")
    windows = list(Maker(pieces, labels, noise=False).windows(sentences))[: args.windows]
    feeds, words = [feed(w) for w in windows], sum(len(w.first) for w in windows)
    sessions, best = [session(model) for model in args.models], [float("inf")] * len(args.models)
    read: list[list[Any]] = [[] for _ in sessions]
    for _ in range(ROUNDS):
        for i, one in enumerate(sessions):
            since = time.process_time()
            read[i] = [one.run(OUTPUTS, f) for f in feeds]
            best[i] = min(best[i], time.process_time() - since)
    print("| model | words/s | triggers by type | differs by at most | on average | other type | other tag |")
    print("|---|---|---|---|---|---|---|")
    for model, spent, found in zip(args.models, best, read, strict=True):
        apart = np.concatenate([np.abs(probabilities(a[0]) - probabilities(b[0])).max(-1)
                                for a, b in zip(found, read[0], strict=True)])  # fmt: skip
        other = [sum(int((a[k].argmax(-1) != b[k].argmax(-1)).sum()) for a, b in zip(found, read[0], strict=True))
                 for k in range(len(OUTPUTS))]  # fmt: skip
        f1 = typed_f1(windows, [a[0] for a in found])
        print(f"| {model} | {words / spent:,.0f} | {f1:.3f} | {apart.max():.1e} | {apart.mean():.1e} |"
              f" {other[0]} | {other[1]} of {words:,} |")  # fmt: skip


if __name__ == "__main__":
    main()
