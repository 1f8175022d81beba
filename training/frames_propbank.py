"""How far syntax alone goes: the slots of ``kg.extract.syntax.slots`` against PropBank's gold roles on EWT.

    python -m training.frames_propbank --corpora DIR [--split dev]

Gold trees, verbs only. A slot counts as right for the numbered role that it usually means: subject → ARG0 (ARG1 where
the verb has no ARG0), object and subject:pass → ARG1, clause → ARG1/ARG2, prepositional slots → ARGM-LOC for places.
An argument is right when its head token lies inside the gold span. The scores are printed as a Markdown table.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
from spacy.tokens import Doc

from kg.extract.syntax.slots import verb_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator


def trees(path: Path) -> Iterator[tuple[str, Doc]]:
    """(sentence id, Doc with gold layers) for each sentence of a gzipped CoNLL-U file."""
    vocab = spacy.blank("en").vocab
    sent_id, rows = "", []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id = "):
                sent_id = line.strip().removeprefix("# sent_id = ")
            elif line[:1].isdigit():
                row = line.rstrip("\n").split("\t")
                if row[0].isdigit():
                    rows.append(row)
            elif not line.strip() and rows:
                heads = [int(r[6]) - 1 if r[6] != "0" else i for i, r in enumerate(rows)]
                yield (
                    sent_id,
                    Doc(
                        vocab,
                        words=[r[1] for r in rows],
                        pos=[r[3] for r in rows],
                        tags=[r[4] for r in rows],
                        lemmas=[r[2] for r in rows],
                        heads=heads,
                        deps=["ROOT" if r[6] == "0" else r[7] for r in rows],
                    ),
                )
                rows = []


def score(corpora: Path, split: str) -> dict[str, Counter[str]]:
    """Right, predicted and gold arguments for each role on one split."""
    docs: dict[str, Doc] = {}
    for name in ("train", "dev", "test", "ewt_test"):
        if (corpora / "ud" / f"{name}.conllu.gz").exists():
            docs.update(trees(corpora / "ud" / f"{name}.conllu.gz"))
    tally: dict[str, Counter[str]] = {r: Counter() for r in ("ARG0", "ARG1", "ARGM-LOC")}
    with gzip.open(corpora / "propbank_ewt" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            doc = docs.get(record["sent_id"])
            if doc is None or len(doc) != len(record["tokens"].split(" ")):
                continue
            for pred in record["preds"]:
                if doc[pred["i"]].pos_ == "VERB":
                    _tally(tally, doc, pred)
    return tally


def _tally(tally: dict[str, Counter[str]], doc: Doc, pred: dict[str, Any]) -> None:
    gold: dict[str, list[tuple[int, int]]] = {}
    for start, end, label in pred["args"]:
        gold.setdefault(label.removeprefix("R-").removeprefix("C-"), []).append((start, end))
    found = verb_arguments(doc[pred["i"]])
    subject_role = "ARG0" if "ARG0" in gold or "ARG1" not in gold else "ARG1"
    has_object = any(a.slot in ("object", "subject:pass") for a in found)
    for argument in found:
        if argument.via.endswith("+conj"):
            continue
        role = {"object": "ARG1", "subject:pass": "ARG1", "clause": "ARG1", "by": "ARG0"}.get(argument.slot)
        if argument.slot == "subject":
            role = "ARG0" if has_object else subject_role
        if role is None:  # times and topics stand with the same prepositions as places: only recall is measured there
            continue
        tally[role]["predicted"] += 1
        tally[role]["right"] += any(s <= argument.head < e for s, e in gold.get(role, []))
    for role, tallied in tally.items():
        tallied["gold"] += role in gold
        tallied["found"] += role in gold and any(s <= a.head < e for a in found for s, e in gold[role])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--split", default="dev", choices=("train", "dev", "test"))
    options = parser.parse_args()
    print("| role | precision | recall | gold |\n|---|---|---|---|")
    for role, tallied in score(options.corpora, options.split).items():
        precision = f"{tallied['right'] / tallied['predicted']:.3f}" if tallied["predicted"] else "–"
        recall = tallied["found"] / max(1, tallied["gold"])
        print(f"| {role} | {precision} | {recall:.3f} | {tallied['gold']} |")


if __name__ == "__main__":
    main()
