"""Learns how much each measure on two things says (``kg/core/data/linking/weights.json``), from labelled pairs.

    python -m training.links --corpora FOLDER [--kept FILE]

The odds of a pair stand beside those of its rivals and of "none of these" (``kg.linking.weighing``), as they do when
`kg merge` weighs: a logistic regression with a choice. The chance from which on a link is accepted is chosen on the
same names, each fold's by the weights of the others, so that people, bodies and places are each right often enough. Of
the names that are kept for the end nothing is looked at.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks.links import Case, Judged, cases, compared, judged, known, quality, reliability
from kg.core.names import fold
from kg.linking.evidence import Part
from kg.linking.match import Pair
from kg.linking.places.index import open_gazetteer
from kg.linking.weighing import Weights, odds

OUTPUT = Path(__file__).parent.parent / "kg/core/data/linking/weights.json"
FOLDS, RIDGE, STEPS = 5, 2.0, 12
PRECISION, SURE = 0.97, 0.005  # of what is accepted, and by how much more on the names chosen on
HIGHEST = 0.99

#: What the labelled pairs do not show (coordinates, identifiers) or show too seldom: held to these weights.
KNOWN = {
    "one identifier": 7.0,
    "another identifier": -7.0,
    "one spot": 3.0,
    "far apart": -6.0,
    "not there yet": -4.0,
    "both have to do with one thing": 1.5,
    "a child then": -1.5,
    "a body's name of one word": 0.0,  # those of the pairs are known all over the world; "Osk" is not
    "a country's name that other places bear": -2.0,
    "called the same, place": 1.5,
    "called so in the sentence, place": 1.0,
    **{f"of one {what}, {kind}": 2.5 for what in ("country", "place") for kind in ("person", "body", "place")},
    **{f"of different countries, {kind}": -4.0 for kind in ("person", "body", "place")},
}
HELD = 15.0

#: What is measured on a body of which nothing but its name and class is known, in a file of one row.
BARE = ("a body", "same preferred name", "a body's name of one word", "same type", "country not known, body")
STEP = 0.01

Examples = Sequence[tuple[Case, list[Pair]]]


def fitted(examples: Examples) -> Weights:
    """The weights (Newton's method, ridge); of each case the chances of its pairs and of none add up to one."""
    names = sorted({part.name for _, pairs in examples for pair in pairs for part in pair.parts} | KNOWN.keys())
    column = {name: i for i, name in enumerate(names)}
    size = len(names) + 1
    rows, right = [], []
    for case, pairs in examples:
        x = np.zeros((len(pairs), size))
        x[:, -1] = 1.0
        for row, pair in enumerate(pairs):
            for part in pair.parts:
                x[row, column[part.name]] += part.much
        rows.append(x)
        hits = np.array([pair.their.iri in case.right for pair in pairs], float)
        right.append(hits / max(hits.sum(), 1.0))
    before, ridge = np.zeros(size), np.full(size, RIDGE)
    ridge[-1] = 0.01
    for name, weight in KNOWN.items():
        before[column[name]], ridge[column[name]] = weight, HELD
    w = before.copy()
    for _ in range(STEPS):
        gradient, hessian = -ridge * (w - before), np.diag(ridge)
        for x, y in zip(rows, right, strict=True):
            total = np.clip(x @ w, -30, 30)
            power = np.exp(total)
            p = power / (1.0 + power.sum())
            gradient += x.T @ (y - p)
            mean = x.T @ p
            hessian += (x * p[:, None]).T @ x - np.outer(mean, mean)
        w = w + np.linalg.solve(hessian, gradient)
    return Weights({name: round(float(w[i]), 2) for name, i in column.items()}, round(float(w[-1]), 2), Decimal(1))


def crossed(examples: Examples) -> list[Judged]:
    """Every pair with the chance that the weights of the other folds' names give it."""
    folds = [crc32(fold(case.our.names[0]).encode()) // 7 % FOLDS for case, _ in examples]
    found: list[Judged] = []
    for number in range(FOLDS):
        by = fitted([one for one, at in zip(examples, folds, strict=True) if at != number])
        found += judged([one for one, at in zip(examples, folds, strict=True) if at == number], by)
    return found


def threshold(found: Sequence[Judged]) -> float:
    """The least chance from which on the precision is what is asked, and so in one step more on either side."""
    steps = [step / 100 for step in range(50, round(100 * HIGHEST) + 1)]
    fine = [step for step in steps if quality(found, step)[2] >= PRECISION + SURE]
    return next((s for s in fine if round(s - 0.01, 2) in fine and round(s + 0.01, 2) in fine), HIGHEST)


def main() -> None:
    """Read, compare, learn, choose, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--kept", type=Path)
    asked = parser.parse_args()
    gazetteer = open_gazetteer()
    if gazetteer is None:
        parser.error("no index of places: kg places --build")
    with gazetteer:
        some = [case for case in cases(asked.corpora, gazetteer, asked.kept) if not case.kept_away]
        examples = list(compared(some, known(gazetteer)))
        # every second place is weighed as where there is no index to ask how many places have its name
        poor = {id(case) for case, _ in examples if case.kind == "place" and crc32(case.our.iri.encode()) % 2}
        without = list(compared([case for case, _ in examples if id(case) in poor], known(None)))
    examples = [one for one in examples if id(one[0]) not in poor] + without
    found = crossed(examples)
    kinds = {one.case.kind for one in found}
    by_kind = {kind: threshold([one for one in found if one.case.kind == kind]) for kind in sorted(kinds)}
    least = max(threshold(found), *by_kind.values())  # so that no kind is accepted more lightly than another
    print(by_kind)
    for kind in by_kind:
        print(kind, *quality([one for one in found if one.case.kind == kind], least))
    number, taken, precision, recall = quality(found, least)
    print(f"{len(examples)} cases, {number} pairs; from {least:.2f}: {taken} accepted")
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    for step in (0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98):
        print(step, *quality(found, step)[1:])
    for row in reliability(found):
        print(*row)
    by = fitted(examples)
    bare = odds([Part(name, 1.0) for name in BARE], by)
    least = max(least, round(bare / (1.0 + bare) + STEP, 2))  # a name alone is no proof, whatever the pairs say
    weight = dict(sorted(by.weight.items(), key=lambda pair: (-pair[1], pair[0])))
    said = {"accepted": least, "constant": by.constant, "weights": weight}
    OUTPUT.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
