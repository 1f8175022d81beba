"""Teaches a packaged model events.

    python -m training.branch --corpora DIR --model kg/core/data/models/default --output DIR

The model's network is the *trunk* and stays as it is: tags, trees, sentences and names do not change. Events branch off
it: after some of its layers the further ones are copied and fine-tuned on the annotated texts (event_corpus.py), and
heads for event types, status, roles and identity read both ends. Training all in one network was tried first; it cost
two points of LAS (MODEL_CARD.md).
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.event_corpus import ANNOTATION, event_sentences
from training.network import Dropout, Layer, Sizes
from training.train import WeightMean
from training.windows import IGNORE, Inventory, Maker, batches, event_types, tensors

#: Layers of the trunk that the branch shares; a shallow trunk leaves it two of its own.
SHARED = 3
VECTOR = 192
LOSS_WEIGHT = {"event": 4.0, "status": 0.5, "roles": 0.2, "same": 1.0}
BATCH, WARM_STEPS = 2048, 150
RATE, HEAD_RATE = 2e-4, 1e-3


class Trunk(nn.Module):
    """The encoder of a packaged model, its 8-bit weights as they are computed with."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        super().__init__()
        arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        depth = sum(name.startswith("layer") and name.endswith("norm2.bias") for name in arrays)
        s = self.sizes = Sizes(layers=depth)
        self.shared = max(0, min(SHARED, depth - 2))
        self.word = nn.Embedding(s.vocabulary, s.hidden)
        self.position, self.shape, self.gap = (
            nn.Embedding(len(arrays[name]), s.hidden) for name in ("position", "shape", "gap")
        )
        self.norm = nn.LayerNorm(s.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(s) for _ in range(depth))
        state = {"word.weight": arrays["word.int8"] * arrays["word.scale"]}
        state |= {f"{name}.weight": arrays[name] for name in ("position", "shape", "gap")}
        state |= {f"norm.{side}": arrays[f"norm.{side}"] for side in ("weight", "bias")}
        for i in range(depth):
            for part in ("qkv", "out", "up", "down", "norm1", "norm2"):
                state[f"layers.{i}.{part}.bias"] = arrays[f"layer{i}.{part}.bias"]
                name = f"layer{i}.{part}.weight"
                state[f"layers.{i}.{part}.weight"] = arrays[name] if name in arrays else _unpacked(arrays, name)
        self.load_state_dict({name: torch.from_numpy(np.array(value)).float() for name, value in state.items()})
        self.requires_grad_(requires_grad=False)
        self.eval()

    @torch.no_grad()
    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the vectors of pieces after the shared layers, those of words after the last, and the mask."""
        length = batch["pieces"].shape[1]
        x = self.word(batch["pieces"]) + self.position.weight[:length]
        x = self.norm(x + self.shape(batch["shapes"]) + self.gap(batch["gaps"]))
        mask = ((~batch["mask"]).to(x.dtype) * -1e4)[:, None, None, :]
        mask = mask.bfloat16() if torch.is_autocast_enabled("cpu") else mask
        shared = x
        for i, layer in enumerate(self.layers, 1):
            x = layer(x, mask)
            shared = x if i == self.shared else shared
        return shared, _words(x, batch), mask


def _unpacked(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return the [out, in] matrix of 8-bit blocks with a scale each (MatMulNBits, symmetric around 128)."""
    packed, scales = arrays[f"{name}_Q8"], arrays[f"{name}_scales"]
    blocks = packed.astype(np.float32) - 128
    return (blocks * scales.reshape(*blocks.shape[:2], 1)).reshape(len(packed), -1)


def _words(x: torch.Tensor, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    return x.gather(1, batch["first"][:, :, None].expand(-1, -1, x.shape[-1]))


class Branch(nn.Module):
    """The layers that learn events, and their heads."""

    def __init__(self, trunk: Trunk, labels: Inventory) -> None:
        super().__init__()
        s = self.sizes = trunk.sizes
        self.labels = labels
        self.shared = trunk.shared
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in list(trunk.layers)[self.shared :])
        self.layers.requires_grad_(requires_grad=True)
        self.drop = Dropout(0.25)
        both = 2 * s.hidden
        self.hidden = nn.Linear(both, s.head)
        self.event = nn.Linear(s.head, len(labels.events))
        self.status = nn.Linear(s.head, len(labels.statuses))
        self.role_event = nn.Linear(both, VECTOR)
        self.role_word = nn.Linear(both, VECTOR)
        self.role_out = nn.Linear(VECTOR, len(labels.roles))
        nn.init.constant_(self.role_out.bias, -5.0)  # of all words hardly any takes part
        self.same = nn.Linear(both, VECTOR)
        self.same_out = nn.Linear(2 * VECTOR, 1)

    def forward(self, batch: dict[str, torch.Tensor], trunk: Trunk) -> dict[str, torch.Tensor]:
        """Return scores of types and status [batch, word, label], and the vectors that are compared."""
        x, last, mask = trunk(batch)
        for layer in self.layers:
            x = layer(x, mask)
        x = self.drop(torch.cat([_words(x, batch), last], -1))
        events = self.drop(F.gelu(self.hidden(x)))
        return {"event": self.event(events), "status": self.status(events), "role_event": self.role_event(x),
                "role_word": self.role_word(x), "same": self.same(x)}  # fmt: skip

    def losses(self, batch: dict[str, torch.Tensor], trunk: Trunk) -> dict[str, torch.Tensor]:
        """Return the losses of triggers, of their status, of who takes part in them, and of which tell one event."""
        out = self(batch, trunk)
        known, two = batch["event"] != IGNORE, batch["event2"] != IGNORE
        scores = out["event"].float()
        first = F.cross_entropy(scores[known], batch["event"][known], reduction="none")
        loss = (first * torch.where(two[known], 0.5, 1.0)).sum()
        loss = loss + 0.5 * F.cross_entropy(scores[two], batch["event2"][two], reduction="sum")
        result = {"event": loss / known.sum()}
        told = batch["told"]
        if not len(told):
            return result
        row, word, status = told.unbind(1)
        result["status"] = F.cross_entropy(out["status"].float()[row, word], status)
        pairs = F.relu(out["role_event"][row, word][:, None] + out["role_word"].index_select(0, row))
        roles = self.role_out(self.drop(pairs)).float()
        wrong = F.binary_cross_entropy_with_logits(roles, batch["told_roles"], reduction="none").sum(-1)
        result["roles"] = (wrong * (batch["sentence"][row] >= 0)).sum() / len(told)
        vectors = out["same"][row, word]
        one, other = torch.triu_indices(len(told), len(told), 1)
        near = row[one] == row[other]
        one, other = one[near], other[near]
        if len(one):
            same = (batch["told_event"][one] == batch["told_event"][other]).float()
            result["same"] = F.binary_cross_entropy_with_logits(self.same_scores(vectors[one], vectors[other]), same)
        return result

    def same_scores(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return how likely pairs of triggers tell one event, as logits."""
        scores: torch.Tensor = self.same_out(torch.cat([one * other, (one - other).abs()], -1)).float().squeeze(-1)
        return scores


def fit(trunk: Trunk, branch: Branch, windows: Any, epochs: int, folder: Path, seed: int = 1) -> None:
    """Train the branch; `windows` gives an epoch's windows by its number. The running mean of the weights is kept."""
    torch.manual_seed(seed)
    layers, heads = list(branch.layers.parameters()), [p for n, p in branch.named_parameters() if n[:6] != "layers"]
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], betas=(0.9, 0.98), fused=True
    )
    total = epochs * sum(1 for _ in batches(windows(0), BATCH, 0))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARM_STEPS, max(0.02, 1 - step / total))
    )
    mean = WeightMean(branch)
    since, sums = time.time(), dict[str, float]()
    for epoch in range(epochs):
        branch.train()
        for batch in batches(windows(epoch), BATCH, epoch):
            data = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                losses = branch.losses(data, trunk)
                loss = torch.stack([LOSS_WEIGHT[name] * value.float() for name, value in losses.items()]).sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            mean.update()
            step = mean.steps
            for name, value in losses.items():
                sums[name] = 0.98 * sums.get(name, value.item()) + 0.02 * value.item()
            if step % 50 == 0:
                shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                print(
                    f"epoch {epoch} step {step} of {total}, {(time.time() - since) / step:.2f} s each: {shown}",
                    flush=True,
                )
        torch.save(mean.values, folder / "branch.pt")
    branch.load_state_dict(mean.values)


def load_branch(model: Path, folder: Path) -> tuple[Trunk, Branch]:
    """Return the trunk of a packaged model and the branch that a run in `folder` trained on it."""
    trunk = Trunk(onnx.load(model / "model.onnx").graph)
    labels = Inventory(**json.loads((folder / "labels.json").read_text(encoding="utf8")))
    branch = Branch(trunk, labels)
    branch.load_state_dict(torch.load(folder / "branch.pt", weights_only=True))
    return trunk, branch.eval()


def main() -> None:
    """Train a branch and write the model with it."""
    from training.graft import graft

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the packaged model that learns events")
    parser.add_argument("--output", type=Path, required=True, help="folder of the packaged model with them")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/branch"), help="where weights are kept")
    parser.add_argument("--events", type=Path, default=ANNOTATION, help="which words of the corpora tell events")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.checkpoints.mkdir(parents=True, exist_ok=True)
    sentences = list(event_sentences(args.corpora, blank_english().tokenizer, args.events))
    labels = replace(Inventory([], [], [], [], [""]), events=event_types(sentences))
    (args.checkpoints / "labels.json").write_text(json.dumps(labels.__dict__))
    pieces = WordPieces(args.model / "vocab.txt")
    torch.manual_seed(0)
    trunk = Trunk(onnx.load(args.model / "model.onnx").graph)
    branch = Branch(trunk, labels)
    fit(
        trunk,
        branch,
        lambda epoch: list(Maker(pieces, labels, epoch).windows(sentences)),
        args.epochs,
        args.checkpoints,
    )
    graft(branch.eval(), args.model, args.output)


if __name__ == "__main__":
    main()
