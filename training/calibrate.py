"""Makes a trained branch as sure as it is right: `python -m training.calibrate [RUN…] --corpora DIR …`.

A network that has read its texts often is surer than it should be. Of the runs' weights the mean is taken (of several
epochs, or runs that went on from each other; one run stays as it is), and the scores of each head are divided by the
number under which the documents to choose by are likeliest. Which type is likeliest, and on which side of one half a
role lies, stays the same. Without runs this is done to the heads that the package has.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch.nn import functional as F

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import Branch, load_branch, packaged_branch
from training.event_corpus import ANNOTATION, event_sentences, part_of
from training.frozen import Read, batch_of
from training.graft import graft
from training.measure_events import documents
from training.windows import Maker

HEADS = ("event", "status", "role_out", "same_out")
_STEPS = [1 + k / 20 for k in range(-8, 41)]
_BATCH = 8


@torch.inference_mode()
def losses(branch: Branch, reads: list[Read]) -> dict[str, list[float]]:
    """Return for each head the summed loss under each of _STEPS."""
    sums = {head: [0.0] * len(_STEPS) for head in HEADS}
    for at in range(0, len(reads), _BATCH):
        data = batch_of(reads[at : at + _BATCH])
        out = branch(data)
        known, told = data["event"] >= 0, data["told"]
        found: dict[str, tuple[torch.Tensor, torch.Tensor]] = {"event": (out["event"][known], data["event"][known])}
        if len(told):
            row, word, status = told.unbind(1)
            found["status"] = out["status"][row, word], status
            roles = branch.role_scores(out, row, word)
            there = data["sentence"][row] >= 0
            found["role_out"] = roles[there], data["told_roles"][there]
            one, other = torch.triu_indices(len(told), len(told), 1)
            near = row[one] == row[other]
            one, other, vectors = one[near], other[near], out["same"][row, word]
            same = (data["told_event"][one] == data["told_event"][other]).float()
            found["same_out"] = branch.same_scores(vectors[one], vectors[other]), same
        for head, (logits, gold) in found.items():
            loss = F.binary_cross_entropy_with_logits if gold.is_floating_point() else F.cross_entropy
            for k, step in enumerate(_STEPS):
                sums[head][k] += float(loss(logits / step, gold, reduction="sum"))
    return sums


@torch.no_grad()
def cool(branch: Branch, reads: list[Read]) -> dict[str, float]:
    """Divide each head's scores by the number that suits the windows best; return the numbers."""
    chosen = {}
    for head, sums in losses(branch, reads).items():
        chosen[head] = _STEPS[sums.index(min(sums))]
        layer = getattr(branch, head)
        layer.weight /= chosen[head]
        layer.bias /= chosen[head]
    return chosen


def mean_of(model: Path, runs: list[Path]) -> Branch:
    """Return the branch whose weights are the mean of the runs'."""
    branch = load_branch(model, runs[0])[1]
    states = [torch.load(run / "branch.pt", weights_only=True) for run in runs]
    branch.load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    return branch


def main() -> None:
    """Write the model with the calibrated branch and print by how much each head was too sure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="*", help="checkpoints of training.branch: labels.json, branch.pt")
    parser.add_argument(
        "--model", type=Path, required=True, help="folder of the packaged model that they were trained on"
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder of the packaged model to write")
    parser.add_argument("--events", type=Path, default=ANNOTATION)
    args = parser.parse_args()
    torch.set_num_threads(1)
    trunk, branch = packaged_branch(args.model) if not args.runs else load_branch(args.model, args.runs[0])
    branch = mean_of(args.model, args.runs) if args.runs else branch
    tokenizer = blank_english().tokenizer
    held_out = event_sentences(args.corpora, tokenizer, args.events, dev=True)
    sentences = [s for s in held_out if part_of(s.doc) == "choose"]
    maker = Maker(WordPieces(args.model / "vocab.txt"), branch.labels, noise=False)
    reads = [one for of in documents(sentences, maker, trunk, branch.shared).values() for one in of]
    print(" ".join(f"{head} {by:.2f}" for head, by in cool(branch, reads).items()))
    graft(branch, args.model, args.output)


if __name__ == "__main__":
    main()
