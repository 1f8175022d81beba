"""Learns how much each measure on two accounts says (``kg/core/data/stories/weights.json``), from ECB+.

What the directions of words' vectors say is learned with it (``directions.txt``), and which words told of one happening
how often is counted (``shares.txt``).

    python -m training.stories ECBPLUS/train.jsonl.gz [--extracted FILE]

Logistic regression over all pairs of a topic, and over those of different topics that a store would compare, so that
what unlike articles tell of is not joined. Every fourth topic is left out in turn, and all that is chosen (the power of
the mean, from which score on accounts are joined, from which a link is accepted) is chosen on these: the dev and test
topics are not looked at.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.coreference import Document, accounts, documents, extracted, gold_groups, scores_of, texts_of
from kg.pipeline.stories.accounts import Account, Text
from kg.pipeline.stories.candidates import pairs_between
from kg.pipeline.stories.comparing import (
    ONE_MATTER,
    Background,
    Grounds,
    Weights,
    Words,
    comparable,
    evidence,
    grounds,
    score,
    words_of_pair,
)
from kg.pipeline.stories.grouping import spanning
from kg.pipeline.stories.joining import LEAST, background_of, grouped
from kg.pipeline.stories.wording import WordTable, likeness, word_table

OUTPUT = Path(__file__).parent.parent / "kg/core/data/stories/weights.json"
FOLDS, RIDGE, STEPS = 4, 2.0, 7
LEAST_SEEN = 2  # pairs
DIRECTIONS = 48  # of words' vectors, the first ones
POWERS = (1.6, 2.4, 3.2, 4.0)  # of scores, before their mean is taken: sure pairs count more
THRESHOLDS = tuple(step / 25 for step in range(6, 13))
UNLIKE = 6  # of the pairs of different topics that a store would compare one in so many is learned from
PRECISION = 0.97  # of links between articles that are accepted
SURE = 1.01  # no score is: none is accepted by it
ENOUGH = 90  # hundredths of a score: above there may be too few links to tell
LOW = 0.8  # no lower one is taken

#: What is known before: of these the texts of ECB+ have too few, without dates and all of few matters. A measure of
#: these is held to its weight as if so many pairs had shown it.
KNOWN = {
    "days differ": -4.0,
    "named place differs": -2.5,
    "named patient differs": -2.0,
    "named agent differs": -1.0,
    "one patient and many": -5.0,
    "other people": -4.0,
}
HELD = 1000.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of some topics: what was measured, and whether they are one."""

    keys: list[tuple[str, str]]
    measured: list[dict[str, float]]
    along: Floats  # the directions of their words, row by row
    one: list[bool]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a regression has learned: of measures, of directions, and the constant."""

    weight: dict[str, float]
    directions: Floats
    constant: float

    def scores(self, pairs: Pairs) -> list[float]:
        """The scores of pairs."""
        by = Weights({**self.weight, "words' meaning": 1.0}, self.constant, 0.0, 0.0, 0.0, 1.0)
        meanings = (pairs.along @ self.directions.ravel()).tolist()
        return [score({**m, "words' meaning": v}, by) for m, v in zip(pairs.measured, meanings, strict=True)]


Shares = Mapping[Words, tuple[int, int]]


def shares_of(
    found: Sequence[Account], texts: Mapping[str, Text], gold: Mapping[str, object]
) -> dict[Words, list[int]]:
    """How many pairs of one matter, by their words, are one, of how many."""
    background = background_of(texts_of(found, texts), {})
    shares: dict[Words, list[int]] = defaultdict(lambda: [0, 0])
    for one, other in combinations(sorted(found, key=lambda account: account.iri), 2):
        texts_ = (background.texts[account.article].words for account in (one, other))
        if one.article == other.article or likeness(*texts_) >= ONE_MATTER:
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
    table = unlearned()
    known = sorted(found, key=lambda account: account.iri)
    both = [pair for pair in combinations(known, 2) if comparable(*pair, table)]
    return measured(both, background_of(texts_of(found, texts), shares), table, gold)


def measured(
    both: Sequence[tuple[Account, Account]], background: Background, table: WordTable, gold: Mapping[str, object]
) -> Pairs:
    """Pairs of accounts, measured."""
    alone = np.zeros(2 * table.directions.shape[1])
    return Pairs(
        [(a.iri, b.iri) for a, b in both],
        [evidence(a, b, background, table) for a, b in both],
        np.stack(
            [alone if a.trigger & b.trigger else table.along(a.trigger, b.trigger).ravel() for a, b in both] or [alone]
        )[: len(both)],
        [gold[a.iri] == gold[b.iri] for a, b in both],
    )


def unlearned() -> WordTable:
    """The table of words, of whose directions nothing is known."""
    return replace(word_table(), directions=np.zeros((2, DIRECTIONS)), _meant={})


def unlike(
    by_topic: Mapping[str, Sequence[Account]],
    texts: Mapping[str, Text],
    gold: Mapping[str, object],
    shares: Mapping[str, Shares],
) -> dict[tuple[str, str], Pairs]:
    """Pairs of accounts of two topics that a store would compare, by both topics: none of them is one."""
    table, found = unlearned(), {}
    by_article: dict[str, dict[str, list[Account]]] = {topic: defaultdict(list) for topic in by_topic}
    for topic, some in by_topic.items():
        for account in some:
            by_article[topic][account.article].append(account)
    for one, other in combinations(sorted(by_topic), 2):
        background = background_of(texts, shares[one])
        both = [
            pair
            for here, some in sorted(by_article[one].items())
            for there, others in sorted(by_article[other].items())
            if crc32(f"{here} {there}".encode()) % UNLIKE == 0
            for pair in pairs_between(some, texts[here], others, texts[there])
            if comparable(*pair, table)
        ]
        found[one, other] = measured(both, background, table, gold)
    return found


def fitted(pairs: Sequence[Pairs]) -> Learned:
    """A logistic regression (Newton's method, ridge) of what was measured and of the directions of words."""
    rows = [one for part in pairs for one in part.measured]
    names = sorted({name for one in rows for name in one})
    column = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for row, one in enumerate(rows):
        for name, value in one.items():
            x[row, column[name]] = value
    x = np.hstack([x, np.vstack([part.along for part in pairs]), np.ones((len(rows), 1))])
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
    return Learned({**KNOWN, **learned}, w[len(names) : -1].round(2).reshape(2, -1), round(float(w[-1]), 3))


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
    apart = unlike(by_topic, texts, gold, others)
    known = summed(shares.values())
    kept = [(w, counts) for w, counts in known.items() if counts[1] >= LEAST_SEEN]
    rows = "".join(f"{one} {other} {joined} {number}\n" for (one, other), (joined, number) in kept)
    OUTPUT.with_name("shares.txt").write_text(rows, "utf-8")
    folds = {topic: number % FOLDS for number, topic in enumerate(names)}
    scores: dict[str, dict[tuple[str, str], float]] = {}
    across: list[tuple[float, Grounds]] = []
    for fold in range(FOLDS):
        learned = [pairs[t] for t in names if folds[t] != fold]
        learned += [part for (a, b), part in apart.items() if fold not in (folds[a], folds[b])]
        by_others = fitted(learned)
        for topic in (t for t in names if folds[t] == fold):
            rated = zip(pairs[topic].keys, by_others.scores(pairs[topic]), strict=True)
            scores[topic] = {pair: value for pair, value in rated if value >= LEAST}
        left = [part for (a, b), part in apart.items() if folds[a] == folds[b] == fold]
        for part in left:
            across += zip(by_others.scores(part), map(grounds, part.measured), strict=True)
    power, joined_from = _joining(by_topic, scores, docs)
    by = Weights({}, 0.0, joined_from, 0.0, 0.0, power)
    chosen = _accepting(by_topic, pairs, scores, across, gold, by)
    final = fitted([*pairs.values(), *apart.values()])
    said = {**chosen, "joined": joined_from, "power": power, "shown": 0.1}
    said["constant"] = final.constant
    weight = {**final.weight, "words' meaning": 1.0}
    OUTPUT.write_text(json.dumps({**said, "weights": weight}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    rows = "".join(f"{both} {apart_}\n" for both, apart_ in final.directions.T.tolist())
    OUTPUT.with_name("directions.txt").write_text(rows, "utf-8")


def _joining(
    by_topic: Mapping[str, Sequence[Account]],
    scores: Mapping[str, Mapping[tuple[str, str], float]],
    docs: list[Document],
) -> tuple[float, float]:
    """The power and the threshold by which topics that were left out are joined best."""
    gold = {t: gold_groups([doc for doc in docs if doc.topic == t]) for t in by_topic}
    number = sum(map(len, by_topic.values()))
    tried: dict[tuple[float, float], float] = {}
    for power, threshold in product(POWERS, THRESHOLDS):
        by = Weights({}, 0.0, threshold, 0.0, 0.0, power)
        value = 0.0
        for topic, some in by_topic.items():
            joined = grouped((a.iri for a in some), scores[topic], by)
            value += scores_of(gold[topic], [set(group) for group in joined])["CoNLL"][2] * len(some) / number
        print(f"power {power}, joined from {threshold:.2f}: {100 * value:.2f}", flush=True)
        tried[power, threshold] = value
    return max(tried, key=lambda key: (tried[key], key))


def _accepting(
    by_topic: Mapping[str, Sequence[Account]],
    pairs: Mapping[str, Pairs],
    scores: Mapping[str, Mapping[tuple[str, str], float]],
    across: Sequence[tuple[float, Grounds]],
    gold: Mapping[str, object],
    by: Weights,
) -> dict[str, float]:
    """From which score on links between articles of topics that were left out are right as often as is asked.

    Of all (``accepted``), and of those that have grounds.
    """
    links: list[tuple[float, bool, Grounds]] = []
    for topic, some in by_topic.items():
        article = {account.iri: account.article for account in some}
        measured = dict(zip(pairs[topic].keys, pairs[topic].measured, strict=True))
        for group in grouped(article, scores[topic], by):
            for one, other in spanning(group, scores[topic]):
                if article[one] != article[other]:
                    held = grounds(measured.get((one, other), {}))
                    links.append((scores[topic].get((one, other), 0.0), gold[one] == gold[other], held))
    print(f"{len(links)} links, {sum(right for _, right, _ in links)} right; of unlike articles {len(across)} pairs")
    chosen: dict[str, float] = {}
    for name in ("accepted", "grounded", "dated"):
        fine = SURE
        for step in range(99, round(100 * LOW) - 1, -1):
            least = step / 100
            taken = [right for value, right, held in links if value >= least and _counts(held, name)]
            others = sum(value >= least and _counts(held, name) for value, held in across)
            precision = sum(taken) / (len(taken) or 1)
            print(f"{name} from {least:.2f}: {len(taken)}, precision {precision:.3f}; of unlike articles {others}")
            if others or (precision < PRECISION and step < ENOUGH):
                break
            fine = least if precision >= PRECISION else fine
        chosen[name] = fine
    return chosen


def _counts(held: Grounds, name: str) -> bool:
    """Whether a link with these grounds is one of those that a threshold is for, or has more."""
    return name == "accepted" or held in ("dated", name)


if __name__ == "__main__":
    main()
