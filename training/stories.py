"""Learns how much each measure on two accounts says (``kg/core/data/stories/weights.json``), from ECB+.

    python -m training.stories ECBPLUS/train.jsonl.gz [--extracted FILE]

Logistic regression over all pairs of a topic, every fourth topic left out in turn to choose from which score on
accounts are joined. Nothing of the dev or test
topics is looked at.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.coreference import accounts, documents, extracted, gold_groups, scores_of, texts_of
from kg.pipeline.stories.accounts import Account, Text
from kg.pipeline.stories.comparing import Weights, Words, comparable, evidence, score, words_of_pair
from kg.pipeline.stories.grouping import groups
from kg.pipeline.stories.joining import background_of
from kg.pipeline.stories.wording import word_table

OUTPUT = Path(__file__).parent.parent / "kg/core/data/stories/weights.json"
FOLDS, RIDGE, STEPS = 4, 2.0, 7
LEAST_SEEN = 2  # pairs
POWER = 1.3  # of scores, before their mean is taken: sure pairs count more (the dev topics were looked at for it)
AS_GOOD = 0.0035  # of F1: of thresholds that differ by less the lowest is taken, which joins most (dev does best so)
THRESHOLDS = tuple(step / 50 for step in range(12, 18))

#: What is known before: of these the texts of ECB+ have too few, without dates and all of few matters. A measure of
#: these is held to its weight as if so many pairs had shown it.
KNOWN = {
    "days differ": -4.0,
    "named place differs": -2.5,
    "named patient differs": -2.0,
    "named agent differs": -1.0,
    "one patient and many": -5.0,
}
HELD = 1000.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of some topics: what was measured, and whether they are one."""

    keys: list[tuple[str, str]]
    measured: list[dict[str, float]]
    one: list[bool]


Shares = Mapping[Words, tuple[int, int]]


def shares_of(
    found: Sequence[Account], texts: Mapping[str, Text], gold: Mapping[str, object]
) -> dict[Words, list[int]]:
    """How many pairs of one matter, by their words, are one, of how many."""
    background = background_of(found, texts_of(found, texts), {})
    shares: dict[Words, list[int]] = defaultdict(lambda: [0, 0])
    for one, other in combinations(sorted(found, key=lambda account: account.iri), 2):
        if background.matter[one.article] == background.matter[other.article]:
            for words in words_of_pair(one, other):
                shares[words][0] += gold[one.iri] == gold[other.iri]
                shares[words][1] += 1
    return shares


def summed(parts: Iterable[Mapping[Words, Sequence[int]]]) -> dict[Words, tuple[int, int]]:
    """Shares of several topics together; of pairs of two words only those that were one at least once."""
    total: dict[Words, list[int]] = defaultdict(lambda: [0, 0])
    for part in parts:
        for words, (joined, number) in part.items():
            total[words][0] += joined
            total[words][1] += number
    return {w: (joined, number) for w, (joined, number) in sorted(total.items()) if joined or w[0] == w[1]}


def pairs_of(found: Sequence[Account], texts: Mapping[str, Text], gold: Mapping[str, object], shares: Shares) -> Pairs:
    """All pairs of accounts of one topic that may be one."""
    table, background = word_table(), background_of(found, texts_of(found, texts), shares)
    known = sorted(found, key=lambda account: account.iri)
    both = [pair for pair in combinations(known, 2) if comparable(*pair, table)]
    return Pairs(
        [(a.iri, b.iri) for a, b in both],
        [evidence(a, b, background, table) for a, b in both],
        [gold[a.iri] == gold[b.iri] for a, b in both],
    )


def fitted(pairs: Sequence[Pairs]) -> tuple[dict[str, float], float]:
    """Weights and constant of a logistic regression (Newton's method, ridge)."""
    measured = [one for part in pairs for one in part.measured]
    names = sorted({name for one in measured for name in one})
    column = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(measured), len(names) + 1))
    x[:, -1] = 1.0
    for row, one in enumerate(measured):
        for name, value in one.items():
            x[row, column[name]] = value
    y = np.array([same for part in pairs for same in part.one], float)
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[-1] = 0.0
    before = np.zeros(x.shape[1])
    for name, weight in KNOWN.items():
        if name in column:
            ridge[column[name]], before[column[name]] = HELD, weight
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (y - p) - ridge * (w - before)
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge + 1e-9), gradient)
    learned = {name: round(float(w[i]), 3) for name, i in column.items()}
    return {**KNOWN, **learned}, round(float(w[-1]), 3)


def main() -> None:
    """Read, measure, learn, choose, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--extracted", type=Path)
    arguments = parser.parse_args()
    docs = documents(arguments.file)
    found, texts = accounts(docs, extracted(docs, arguments.extracted))
    gold = {mention: target for doc in docs for mention, _, target in doc.mentions}
    topics = {doc.id: doc.topic for doc in docs}
    by_topic: dict[str, list[Account]] = defaultdict(list)
    for account in found:
        by_topic[topics[account.article]].append(account)
    names = sorted(by_topic)
    shares = {topic: shares_of(by_topic[topic], texts, gold) for topic in names}
    # what a topic shows of its own words is not known when it is judged
    others = {topic: summed(part for t, part in shares.items() if t != topic) for topic in names}
    pairs = {topic: pairs_of(by_topic[topic], texts, gold, others[topic]) for topic in names}
    known = summed(shares.values())
    kept = [(w, counts) for w, counts in known.items() if counts[1] >= LEAST_SEEN]
    rows = "".join(f"{one} {other} {joined} {number}\n" for (one, other), (joined, number) in kept)
    OUTPUT.with_name("shares.txt").write_text(rows, "utf-8")
    scores: dict[str, dict[tuple[str, str], float]] = {}
    for fold in range(FOLDS):
        weight, constant = fitted([pairs[t] for i, t in enumerate(names) if i % FOLDS != fold])
        by = Weights(weight, constant, 0.0, 0.0, 0.0, POWER)
        for topic in names[fold::FOLDS]:
            scores[topic] = {k: score(m, by) for k, m in zip(pairs[topic].keys, pairs[topic].measured, strict=True)}
    gold_by_topic = {t: gold_groups([doc for doc in docs if doc.topic == t]) for t in names}
    tried: list[tuple[float, float]] = []
    for threshold in THRESHOLDS:
        value = 0.0
        for topic in names:
            raised = {pair: value**POWER for pair, value in scores[topic].items()}
            joined = groups((a.iri for a in by_topic[topic]), raised, threshold**POWER)
            f1 = scores_of(gold_by_topic[topic], [set(group) for group in joined])["CoNLL"][2]
            value += f1 * len(by_topic[topic]) / len(found)
        print(f"joined from {threshold:.2f}: {100 * value:.2f}", flush=True)
        tried.append((threshold, value))
    best = max(value for _, value in tried)
    joined_from = min(threshold for threshold, value in tried if value >= best - AS_GOOD)
    weight, constant = fitted(list(pairs.values()))
    said = {"constant": constant, "joined": joined_from, "power": POWER, "shown": 0.1, "weights": weight}
    OUTPUT.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
