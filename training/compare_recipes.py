"""What each choice of the branch's recipe brings: `python -m training.compare_recipes --corpora DIR --model FOLDER`.

Every recipe is trained on the same documents for as many epochs and measured on the held-out ones of the older
annotation; a row gives F1 and, against the recipe that it changes, the difference with its 95 % interval. A run that is
kept under --checkpoints is not made again.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import onnx
import torch

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import Recipe, event_labels, load_branch, train
from training.event_corpus import ANNOTATION, event_sentences
from training.frozen import Trunk
from training.measure_events import Counts, documents, interval, measure, scores
from training.windows import Maker

#: Name: (the recipe that it changes, what it changes). The documents are a share, drawn by their ids.
_SMALL = Recipe(share=0.3, epochs=3, batch=512, rate=2e-4, variants=3)
CHOICES: dict[str, tuple[str, Recipe]] = {
    "512": ("", _SMALL),
    "512, rate 5e-4": ("512", replace(_SMALL, rate=5e-4)),
    "256, rate 3e-4": ("512", replace(_SMALL, batch=256, rate=3e-4)),
    "128, rate 3e-4": ("256, rate 3e-4", replace(_SMALL, batch=128, rate=3e-4)),
    "256, from MiniLM": ("256, rate 3e-4", replace(_SMALL, batch=256, rate=3e-4, start="encoder")),
    "256, four own layers": ("256, rate 3e-4", replace(_SMALL, batch=256, rate=3e-4, shared=2)),
    "256, float": ("256, rate 3e-4", replace(_SMALL, batch=256, rate=3e-4, bfloat=False)),
}
SHOWN = ("trigger words, typed", "agent", "patient", "place", "time", "source", "pairs of one event")


def main() -> None:
    """Print a row for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the packaged model that learns events")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/recipes"))
    parser.add_argument("--events", type=Path, default=ANNOTATION)
    parser.add_argument("--choices", nargs="*", default=list(CHOICES), metavar="NAME", help=", ".join(CHOICES))
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer, vocabulary = blank_english().tokenizer, args.model / "vocab.txt"
    older = [s for s in event_sentences(args.corpora, tokenizer, args.events) if not s.doc.startswith("news:")]
    held_out = [s for s in event_sentences(args.corpora, tokenizer, args.events, dev=True)
                if not s.doc.startswith("news:")]  # fmt: skip
    labels, trunk = event_labels(older), Trunk(onnx.load(args.model / "model.onnx").graph)
    maker = Maker(WordPieces(vocabulary), labels, noise=False)
    found: dict[str, Counts] = {}
    print(f"| recipe | minutes | {' | '.join(SHOWN)} |\n|---|---|{'---|' * len(SHOWN)}")
    for name in args.choices:
        against, recipe = CHOICES[name]
        folder, since = args.checkpoints / name.replace(", ", "-").replace(" ", "_"), time.time()
        if not (folder / "done").exists():
            train(trunk, older, labels, vocabulary, recipe, folder, args.checkpoints / "cache")
            (folder / "done").write_text(f"{(time.time() - since) / 60:.1f}")
        branch = load_branch(args.model, folder)[1]
        counts = found[name] = measure(branch, documents(held_out, maker, trunk, branch.shared))
        cells = []
        for measured in SHOWN:
            cell = f"{scores(counts, counts, measured)[2]:.3f}"
            if against in found:
                by, low, high = interval(found[against], counts, sorted(counts), measured)
                cell += f" ({by:+.3f}, {low:+.3f} to {high:+.3f})"
            cells.append(cell)
        print(f"| {name} | {(folder / 'done').read_text()} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
