"""Compares choices at equal, small budgets: `python -m training.compare --corpora DIR --checkpoints DIR`.

Prints Markdown tables, dev and test figures side by side: networks trained for --steps steps each (seed 1, the
schedule of training.train), entity heads trained on the frozen encoder of the run of --model (training.compare_heads),
the weights that this run left after each epoch (its learning curve), and ways of reading with a finished model
(training.compare_reading). --checkpoints is the folder of a run of training.train, whose cleaned silver it takes; its
own networks are kept there under compare/ and not trained twice.
"""

from __future__ import annotations

import argparse
import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kg.extract.language.models import load_model
from training.compare_heads import head_rows, self_trained
from training.compare_reading import print_reading
from training.corpora import Sentence, read_conllu, read_entities, training_sentences
from training.evaluate import PLACES, SIX, TEN, entity_scores, given_spans, sentence_f1, tree_scores
from training.export import export
from training.train import SELF, SILVER, Groups, Run, fit
from training.windows import inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

COLUMNS = ("LAS dev", "UNER dev", "GUM dev", "GMB dev", "LAS test", "UNER test", "re3d", "sentence F1, newslike")
#: Rows that are trained networks, in the order in which they are made.
TRAINED = ("base", "silver not cleaned", "silver weighs 1.0", "self-training")

PARTS = ("trained", "heads", "reading", "curve")


def entity_columns(corpora: Path) -> dict[str, tuple[list[Sentence], dict[str, str]]]:
    """Return the sentences and labels that each entity column of the table counts."""
    dev = list(read_entities(corpora / "ner/dev.jsonl"))
    parts = {name: [s for s in dev if s.source == name] for name in ("UNER-EWT", "GUM", "GMB")}
    return {
        "UNER dev": (parts["UNER-EWT"], PLACES),
        "GUM dev": (parts["GUM"], TEN),
        "GMB dev": (parts["GMB"], TEN),
        "UNER test": (list(read_entities(corpora / "ner/test/uner_ewt_test.jsonl")), PLACES),
        "re3d": (list(read_entities(corpora / "ner/test/re3d_open.jsonl")), SIX),
    }


def scored(nlp: Language, corpora: Path) -> dict[str, float]:
    """Return all columns of the table for a pipeline, entities on given words."""
    result = {
        name: entity_scores(sentences, given_spans(nlp, sentences, context=False), labels)["ALL"]
        for name, (sentences, labels) in entity_columns(corpora).items()
    }
    for name, file in (("LAS dev", "dev"), ("LAS test", "test")):
        trees = list(read_conllu(corpora / f"ud/{file}.conllu"))
        result[name] = tree_scores(nlp, trees, given_only=True)["LAS"]
    newslike = list(read_conllu(corpora / "ud/newslike_test.conllu"))
    return result | {"sentence F1, newslike": sentence_f1(nlp, newslike, breaks=False)}


def groups_for(row: str, corpora: Path, checkpoints: Path) -> Groups:
    """Return the training sentences of a trained row."""
    groups = training_sentences(corpora)
    if row != "silver not cleaned":
        groups[SILVER] = pickle.loads((checkpoints / "silver.pkl").read_bytes())  # noqa: S301  our own file
    if row == "self-training":
        groups[SELF] = self_trained(corpora, checkpoints / "compare" / "base")
    return groups


def trained_row(row: str, corpora: Path, checkpoints: Path, steps: int) -> dict[str, float]:
    """Return the scores of a trained row, training it if it is not there."""
    folder = checkpoints / "compare" / row.replace(" ", "_")
    if not (folder / "scores.json").exists():
        groups = groups_for(row, corpora, checkpoints)
        run = Run(folder, epochs=99, rate=1.5e-4, silver_share=0.4, steps=steps)
        fit(groups, inventory(groups), replace(run, silver_weight=1.0) if row == "silver weighs 1.0" else run)
        export(folder, corpora, folder / "model")
        scores = scored(load_model(str(folder / "model")), corpora)
        (folder / "scores.json").write_text(json.dumps(scores))
    result: dict[str, float] = json.loads((folder / "scores.json").read_text())
    return result


def curve_rows(run: Path, corpora: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield (row, scores) of the weights that a run kept after each epoch, packaged as the model is."""
    for weights in sorted(run.glob("model_e*.pt"), key=lambda path: int(path.stem.removeprefix("model_e"))):
        folder = run / "curve" / weights.stem
        if not (folder / "scores.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(run / "labels.json", folder)
            (folder / "model.pt").symlink_to(weights.resolve())
            export(folder, corpora, folder / "model")
            (folder / "scores.json").write_text(json.dumps(scored(load_model(str(folder / "model")), corpora)))
        yield f"epoch {weights.stem.removeprefix('model_e')}", json.loads((folder / "scores.json").read_text())


def line(name: str, scores: dict[str, float]) -> str:
    """Return one row of the table."""
    return f"| {name} | " + " | ".join(f"{scores[c]:.1f}" if c in scores else "" for c in COLUMNS) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rows", nargs="*", default=TRAINED, choices=TRAINED, help="trained rows to make and print")
    parser.add_argument("--model", default="default", help="pipeline that the ways of reading are compared with")
    parser.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"| {args.steps} steps, seed 1 | {' | '.join(COLUMNS)} |\n" + "|---" * (len(COLUMNS) + 1) + "|")
    for row in args.rows if "trained" in args.parts else ():
        print(line(row, trained_row(row, args.corpora, args.checkpoints, args.steps)), flush=True)
    if "heads" in args.parts:
        groups = groups_for("base", args.corpora, args.checkpoints)
        for row, scores in head_rows(groups, args.checkpoints / args.model, args.corpora, entity_columns(args.corpora)):
            print(line(row, scores), flush=True)
    if "curve" in args.parts:
        for row, scores in curve_rows(args.checkpoints / args.model, args.corpora):
            print(line(row, scores), flush=True)
    if "reading" in args.parts:
        print_reading(load_model(args.model), args.corpora)


if __name__ == "__main__":
    main()
