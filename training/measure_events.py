"""How well a branch knows events: `python -m training.measure_events --corpora DIR kg/models/default [OTHER]`.

The documents are those of our annotation from which no event was learned (training/event_corpus.py), in parts by their
ids: one to choose by, one to report on. From others of their topics events were learned, and of GMB's and GUM's texts
the trunk knows trees and names. Windows are cut as in training. Triggers by word, with and without their type; of
annotated triggers the status, who takes part (each role at a threshold), and which pairs tell one event; the recall of
trigger words by how often the word stands with its type in what is trained on today. Of two models the difference is
shown with its 95 % interval (documents drawn again 2,000 times).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import Branch, packaged_branch
from training.event_corpus import ANNOTATION, ROLES, EventSentence, event_sentences, part_of
from training.frozen import Read, Trunk, batch_of, read
from training.windows import Maker

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Probability from which a word takes part.
THRESHOLD = 0.4
BATCH = 8
DRAWS = 2000
#: How often a word was seen, at least: the groups whose recall is told.
SEEN = (20, 5, 1, 0)

#: Of each document, of each measure: right, predicted, in the annotation (and for "loss": sum, words, words).
Counts = dict[str, dict[str, Counter[str]]]


def documents(sentences: Iterable[EventSentence], maker: Maker, trunk: Trunk, shared: int) -> dict[str, list[Read]]:
    """Return the windows of each document, as the trunk reads them."""
    found, windows = [], []
    for doc, group in groupby(sentences, key=lambda s: s.doc):
        own = list(maker.windows(group))
        found += [doc] * len(own)
        windows += own
    result: dict[str, list[Read]] = defaultdict(list)
    for doc, one in zip(found, read(trunk, windows, shared, bfloat=False), strict=True):
        result[doc].append(one)
    return result


Seen = Counter[tuple[tuple[int, ...], int]]


def seen_words(sentences: Iterable[EventSentence], pieces: WordPieces, types: list[str]) -> Seen:
    """Return how often each word (its pieces) tells each type (its number) in the sentences."""
    return Counter((pieces.of(s.words[i].lower()), types.index(e.type))
                   for s in sentences for e in s.events for i in e.words if e.type in types)  # fmt: skip


def measure(branch: Branch, documents: dict[str, list[Read]], seen: Seen | None = None) -> Counts:
    """Return for each document and measure how many were right, predicted and in the annotation."""
    return {doc: _measured(branch, reads, seen) for doc, reads in documents.items()}


@torch.inference_mode()
def _measured(branch: Branch, reads: list[Read], seen: Seen | None) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)

    def add(name: str, right: float, predicted: float, gold: float) -> None:
        counts[name].update(right=right, predicted=predicted, gold=gold)  # type: ignore[call-overload]

    for at in range(0, len(reads), BATCH):
        data = batch_of(reads[at : at + BATCH])
        out = branch(data)
        for row, one in enumerate(reads[at : at + BATCH]):
            window = one.window
            size = len(window.first)
            said = out["event"][row, :size].argmax(-1)
            first, second = data["event"][row, :size], data["event2"][row, :size]
            known = first >= 0
            typed = (said > 0) & ((said == first) | (said == second))
            add("trigger words, typed", int(typed.sum()), int((said > 0)[known].sum()), int((first > 0).sum()))
            told = (said > 0) & (first > 0)
            add("trigger words", int(told.sum()), int((said > 0)[known].sum()), int((first > 0).sum()))
            if seen is not None:
                ends = [*window.first[1:], len(window.pieces) - 1]
                for i in (first > 0).nonzero().flatten().tolist():
                    word = tuple(window.pieces[window.first[i] : ends[i]])
                    often = seen[word, int(first[i])]
                    add(f"seen {next(n for n in SEEN if often >= n)}", int(typed[i]), 1, 1)
            log = out["event"][row, :size].log_softmax(-1)[known]
            add("loss", float(-log.gather(1, first[known][:, None]).sum()), int(known.sum()), int(known.sum()))
            for event in window.events:
                status = int(out["status"][row, event.word].argmax())
                add("status", int(status == event.status), 1, 1)
                near = branch.near(torch.tensor([event.word]), size)[0]
                pairs = torch.relu(out["role_event"][row, event.word] + out["role_word"][row, :size] + near)
                likely = torch.sigmoid(branch.role_out(pairs)) > THRESHOLD
                for k, role in enumerate(branch.labels.roles):
                    gold = {word for r, word in event.roles if r == k}
                    found = set(likely[:, k].nonzero().flatten().tolist())
                    add(role, len(gold & found), len(found), len(gold))
            for i, event in enumerate(window.events):
                for other in window.events[:i]:
                    vectors = out["same"][row, event.word][None], out["same"][row, other.word][None]
                    said_same, same = bool(branch.same_scores(*vectors)[0] > 0), event.event == other.event
                    add("pairs of one event", int(said_same and same), int(said_same), int(same))
    return counts


MEASURES = ("trigger words, typed", "trigger words", "status", *ROLES[1:], "pairs of one event")


def scores(counts: Counts, docs: Iterable[str], name: str) -> tuple[float, float, float, int]:
    """Return precision, recall, F1 and the number annotated, of one measure over documents."""
    c: Counter[str] = Counter()
    for doc in docs:
        c.update(counts[doc].get(name, Counter()))
    p, r = c["right"] / max(c["predicted"], 1), c["right"] / max(c["gold"], 1)
    return p, r, 2 * p * r / max(p + r, 1e-9), int(c["gold"])


def interval(one: Counts, other: Counts, docs: list[str], name: str) -> tuple[float, float, float]:
    """Return by how much F1 of `other` is above that of `one`, and the ends of its 95 % interval."""
    table = np.array([[[c[d].get(name, Counter())[k] for k in ("right", "predicted", "gold")] for d in docs]
                      for c in (one, other)], dtype=float)  # fmt: skip
    drawn = np.random.default_rng(1).integers(0, len(docs), (DRAWS, len(docs)))
    sums = table[:, drawn].sum(2)
    f1 = 2 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1e-9)
    whole = table.sum(1)
    now = 2 * whole[:, 0] / np.maximum(whole[:, 1] + whole[:, 2], 1e-9)
    low, high = np.quantile(f1[1] - f1[0], [0.025, 0.975])
    return float(now[1] - now[0]), float(low), float(high)


def measured_package(model: Path, sentences: list[EventSentence], trained: list[EventSentence]) -> Counts:
    """Return the counts of a packaged model on the sentences' documents; `trained` tells how often words were seen."""
    trunk, branch = packaged_branch(model)
    pieces = WordPieces(model / "vocab.txt")
    maker = Maker(pieces, branch.labels, noise=False)
    seen = seen_words(trained, pieces, branch.labels.events)
    return measure(branch, documents(sentences, maker, trunk, branch.shared), seen)


def main() -> None:
    """Print a row for each measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+", help="packaged models with events; the first is compared with")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--events", type=Path, default=ANNOTATION)
    parser.add_argument("--part", choices=("all", "choose", "report", "once"), default="report")
    parser.add_argument("--only", choices=("old", "news"), help="of the news annotation alone, or of the rest alone")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = blank_english().tokenizer
    held_out = event_sentences(args.corpora, tokenizer, args.events, dev=True)
    sentences = [
        s for s in held_out if part_of(s.doc) == args.part or (args.part == "all" and part_of(s.doc) != "once")
    ]
    sentences = [s for s in sentences if args.only is None or (args.only == "news") == s.doc.startswith("news:")]
    trained = list(event_sentences(args.corpora, tokenizer, args.events))
    found = [measured_package(model, sentences, trained) for model in args.models]
    docs = sorted(found[0])
    print(f"{len(docs)} documents, {sum(len(s.events) for s in sentences)} event mentions")
    for model, counts in zip(args.models, found, strict=True):
        head = "" if counts is found[0] else f" difference to {args.models[0]}, 95 % |"
        print(f"\n{model}\n\n| measure | P | R | F1 | annotated |{head}\n|---|---|---|---|---|{'---|' if head else ''}")
        for name in MEASURES:
            p, r, f1, gold = scores(counts, docs, name)
            row = f"| {name} | {p:.3f} | {r:.3f} | {f1:.3f} | {gold} |"
            if head:
                by, low, high = interval(found[0], counts, docs, name)
                row += f" {by:+.3f} ({low:+.3f} to {high:+.3f}) |"
            print(row)
        words = sum(counts[d]["loss"]["gold"] for d in docs)
        groups = [(n, *scores(counts, docs, f"seen {n}")[1:4:2]) for n in SEEN]
        print("\nrecall by type of words seen so often or more: " +
              ", ".join(f"{n}: {recall:.3f} ({gold})" for n, recall, gold in groups))  # fmt: skip
        print(f"\nmean loss of a word's type {sum(counts[d]['loss']['right'] for d in docs) / words:.4f}")


if __name__ == "__main__":
    main()
