"""How well a branch knows events: `python -m training.measure_events --corpora DIR --model FOLDER RUN`.

The documents are the one in sixteen of our annotation from which no event was learned (training/event_corpus.py); from
others of their topics some were, and of GMB's and GUM's texts the trunk knows trees and names. Windows are cut as in
training. Triggers by word, with and without their type; of annotated triggers the status, who takes part (each role at
a threshold), and which pairs tell one event.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import torch

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import Branch, Trunk, load_branch
from training.event_corpus import ANNOTATION, event_sentences
from training.windows import Maker, Window, tensors

#: Probability from which a word takes part.
THRESHOLD = 0.4
BATCH = 8


def measure(trunk: Trunk, branch: Branch, windows: list[Window]) -> dict[str, Counter[str]]:
    """Return for each measure how many were right, predicted and in the annotation."""
    counts: dict[str, Counter[str]] = {}

    def add(name: str, right: int, predicted: int, gold: int) -> None:
        counts.setdefault(name, Counter()).update(right=right, predicted=predicted, gold=gold)

    for at in range(0, len(windows), BATCH):
        data = tensors(windows[at : at + BATCH])
        with torch.inference_mode():
            out = branch(data, trunk)
        for row, window in enumerate(windows[at : at + BATCH]):
            size = len(window.first)
            said = out["event"][row, :size].argmax(-1)
            first, second = data["event"][row, :size], data["event2"][row, :size]
            typed = (said > 0) & ((said == first) | (said == second))
            add("trigger words, typed", int(typed.sum()), int((said > 0).sum()), int((first > 0).sum()))
            told = (said > 0) & (first > 0)
            add("trigger words", int(told.sum()), int((said > 0).sum()), int((first > 0).sum()))
            for event in window.events:
                status = int(out["status"][row, event.word].argmax())
                add("status", int(status == event.status), 1, 1)
                pairs = torch.relu(out["role_event"][row, event.word] + out["role_word"][row, :size])
                likely = torch.sigmoid(branch.role_out(pairs)) > THRESHOLD
                for k, role in enumerate(branch.labels.roles):
                    gold = {word for r, word in event.roles if r == k}
                    found = set(likely[:, k].nonzero().flatten().tolist())
                    add(role, len(gold & found), len(found), len(gold))
            for i, one in enumerate(window.events):
                for other in window.events[:i]:
                    vectors = out["same"][row, one.word][None], out["same"][row, other.word][None]
                    said_same, same = bool(branch.same_scores(*vectors)[0] > 0), one.event == other.event
                    add("pairs of one event", int(said_same and same), int(said_same), int(same))
    return counts


def main() -> None:
    """Print a row for each measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="checkpoints of training.branch: labels.json, branch.pt")
    parser.add_argument("--model", type=Path, required=True, help="folder of the packaged model that it was trained on")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--events", type=Path, default=ANNOTATION)
    args = parser.parse_args()
    trunk, branch = load_branch(args.model, args.run)
    sentences = list(event_sentences(args.corpora, blank_english().tokenizer, args.events, dev=True))
    maker = Maker(WordPieces(args.model / "vocab.txt"), branch.labels, noise=False)
    print(f"{len({s.doc for s in sentences})} documents, {sum(len(s.events) for s in sentences)} event mentions")
    print("| measure | P | R | F1 | annotated |\n|---|---|---|---|---|")
    for name, c in measure(trunk, branch, list(maker.windows(sentences))).items():
        p, r = c["right"] / max(c["predicted"], 1), c["right"] / max(c["gold"], 1)
        print(f"| {name} | {p:.3f} | {r:.3f} | {2 * p * r / max(p + r, 1e-9):.3f} | {c['gold']} |")


if __name__ == "__main__":
    main()
