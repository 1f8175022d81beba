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
import random
import re
import time
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from kg.extract.language.features import WordPieces
from kg.extract.language.scores import STEPS, distance_step
from kg.extract.language.tokens import blank_english
from training.event_corpus import ANNOTATION, event_sentences
from training.frozen import Read, Trunk, attention_mask, batch_of, kept, layer_weights, words
from training.network import Dropout, Network
from training.train import encoder_folder
from training.windows import IGNORE, Inventory, Maker, batches, event_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.event_corpus import EventSentence

VECTOR = 192


@dataclass(frozen=True)
class Recipe:
    """What a branch is trained with."""

    shared: int = 3  # layers of the trunk that it shares; a shallow trunk leaves it two of its own
    start: str = "trunk"  # whose upper layers it starts from: the trunk's, or the "encoder"'s before it learned trees
    batch: int = 256  # word pieces
    epochs: int = 8
    variants: int = 2  # noised variants of the texts, which the epochs take in turn
    rate: float = 3e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm: float = 0.09  # share of the steps in which the rate rises
    keeps: float = 0.15  # share of the steps over which the running mean of the weights goes
    bfloat: bool = True
    drop: float = 0.25  # of the heads
    weights: dict[str, float] = field(default_factory=lambda: {"event": 4.0, "status": 0.5, "roles": 0.2, "same": 1.0})
    share: float = 1.0  # of the documents
    noise: bool = True
    seed: int = 1


class Branch(nn.Module):
    """The layers that learn events, and their heads.

    A branch without layers of its own reads the trunk's vectors after the `shared` ones: events are then learned by the
    trunk itself (training.student).
    """

    def __init__(
        self, trunk: Trunk | Network, labels: Inventory, shared: int = 3, drop: float = 0.25, *, own: bool = True
    ) -> None:
        super().__init__()
        s = self.sizes = trunk.sizes
        self.labels = labels
        self.shared = max(0, min(shared, s.layers - 2)) if own else shared
        copied = list(trunk.layers)[self.shared :] if own else []
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in copied)
        self.layers.requires_grad_(requires_grad=True)
        self.drop = Dropout(drop)
        both = 2 * s.hidden
        self.hidden = nn.Linear(both, s.head)
        self.event = nn.Linear(s.head, len(labels.events))
        self.status = nn.Linear(s.head, len(labels.statuses))
        self.role_event = nn.Linear(both, VECTOR)
        self.role_word = nn.Linear(both, VECTOR)
        self.role_out = nn.Linear(VECTOR, len(labels.roles))
        nn.init.constant_(self.role_out.bias, -5.0)  # of all words hardly any takes part
        self.role_near = nn.Embedding(STEPS, VECTOR)
        nn.init.zeros_(self.role_near.weight)
        self.same = nn.Linear(both, VECTOR)
        self.same_out = nn.Linear(2 * VECTOR, 1)

    def start_from_encoder(self) -> None:
        """Take the layers from the encoder as its makers left it, not from the trunk, which was taught trees."""
        network = Network(Inventory([], [], [], [], [""]), self.sizes)
        network.load_encoder(encoder_folder() / "model.safetensors")
        for layer, fresh in zip(self.layers, list(network.layers)[self.shared :], strict=True):
            layer.load_state_dict(fresh.state_dict())

    def forward(self, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return scores of types and status [batch, word, label], and the vectors that are compared.

        The batch holds what the trunk said of it (frozen.batch_of).
        """
        x, mask = batch["shared"], attention_mask(batch)
        for layer in self.layers:
            x = layer(x, mask)
        return self.judged(torch.cat([words(x, batch), batch["last"].to(x.dtype)], -1))

    def judged(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return what the heads say of words, each given by the vectors of both ends."""
        x = self.drop(x)
        events = self.drop(F.gelu(self.hidden(x)))
        return {"event": self.event(events), "status": self.status(events), "role_event": self.role_event(x),
                "role_word": self.role_word(x), "same": self.same(x)}  # fmt: skip

    def losses(self, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return the losses of triggers, of their status, of who takes part in them, and of which tell one event."""
        return self.losses_of(self(batch), batch)

    def losses_of(self, out: dict[str, torch.Tensor], batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return `losses` of what the heads said."""
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
        roles = self.role_scores(out, row, word)
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

    def role_scores(self, out: dict[str, torch.Tensor], row: torch.Tensor, word: torch.Tensor) -> torch.Tensor:
        """Return the scores of every word of a trigger's window for every role: [trigger, word, role]."""
        pairs = out["role_event"][row, word][:, None] + out["role_word"].index_select(0, row)
        scores: torch.Tensor = self.role_out(self.drop(F.relu(pairs + self.near(word, pairs.shape[1])))).float()
        return scores

    def near(self, triggers: torch.Tensor, size: int) -> torch.Tensor:
        """Return the vectors of how far the words 0 … size are from each trigger, and on which side."""
        words = np.arange(size)[None] - triggers.numpy()[:, None]
        vectors: torch.Tensor = self.role_near(torch.from_numpy(distance_step(words)))
        return vectors

    def same_scores(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return how likely pairs of triggers tell one event, as logits."""
        scores: torch.Tensor = self.same_out(torch.cat([one * other, (one - other).abs()], -1)).float().squeeze(-1)
        return scores


class Mean:
    """Running mean of the weights that learn: less of the last batches' chance than the weights themselves."""

    def __init__(self, model: nn.Module, steps: float) -> None:
        self._learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.values = {name: p.detach().clone() for name, p in self._learning.items()}
        self.keeps, self.steps = 1 - 1 / max(steps, 2.0), 0

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step; the first steps count for more, so that the start is soon forgotten."""
        self.steps += 1
        keeps = min(self.keeps, self.steps / (self.steps + 9))
        torch._foreach_lerp_(list(self.values.values()), list(self._learning.values()), 1 - keeps)


def optimizer_for(branch: Branch, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW: layers at one rate, heads at another, no decay of norms and biases."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, p in branch.named_parameters():
        groups.setdefault((name.startswith("layers."), p.dim() > 1), []).append(p)
    return torch.optim.AdamW(
        [{"params": of, "lr": recipe.rate if own else recipe.head_rate, "weight_decay": recipe.decay if wide else 0.0}
         for (own, wide), of in groups.items()], betas=(0.9, 0.98), fused=True,
    )  # fmt: skip


def fit(branch: Branch, variants: Sequence[list[Read]], recipe: Recipe, folder: Path) -> None:
    """Train the branch, or go on after the last finished epoch that `folder` holds; it ends as the weights' mean."""
    torch.manual_seed(recipe.seed)
    optimizer = optimizer_for(branch, recipe)
    order = [list(batches(variants[e % len(variants)], recipe.batch, recipe.seed * 100 + e))
             for e in range(recipe.epochs)]  # fmt: skip
    total = sum(len(epoch) for epoch in order)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (recipe.warm * total + 1), max(0.02, 1 - step / total))
    )
    mean = Mean(branch, recipe.keeps * total)
    state_file, done = folder / "state.pt", 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        branch.load_state_dict(state["branch"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        mean.values, mean.steps, done = state["mean"], state["steps"], state["epoch"]
    since, first_step, sums = time.time(), mean.steps, dict[str, float]()
    for epoch in range(done, recipe.epochs):
        torch.manual_seed(recipe.seed * 1000 + epoch)
        branch.train()
        for batch in order[epoch]:
            data = batch_of(batch)
            with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat):
                losses = branch.losses(data)
                loss = torch.stack([recipe.weights[name] * value.float() for name, value in losses.items()]).sum()
            loss.backward()
            nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            mean.update()
            step = mean.steps
            for name, value in losses.items():
                sums[name] = 0.99 * sums.get(name, value.item()) + 0.01 * value.item()
            if step % 100 == 0:
                shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                each = (time.time() - since) / (step - first_step)
                print(f"epoch {epoch} step {step} of {total}, {each:.3f} s each: {shown}", flush=True)
        state = {"branch": branch.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save({**state, "mean": mean.values, "steps": mean.steps, "epoch": epoch + 1}, state_file)
        torch.save(mean.values, folder / "branch.pt")
    branch.load_state_dict(mean.values)
    branch.eval()


def train(
    trunk: Trunk, sentences: list[EventSentence], labels: Inventory, vocabulary: Path, recipe: Recipe, folder: Path,
    cache: Path, first: Path | None = None,
) -> Branch:  # fmt: skip
    """Return a branch of the trunk trained by the recipe on (a share of) the sentences' documents; kept in `folder`.

    It goes on from the weights that another run ended with in the folder `first`, if there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.json").write_text(json.dumps(labels.__dict__))
    torch.manual_seed(recipe.seed)
    branch = Branch(trunk, labels, recipe.shared, recipe.drop)
    if recipe.start == "encoder":
        branch.start_from_encoder()
    if first is not None:
        branch.load_state_dict(torch.load(first / "branch.pt", weights_only=True))
    pieces = WordPieces(vocabulary)
    chosen = [s for s in sentences if _draw(s.doc) < recipe.share]
    variants = [
        kept(trunk, list(Maker(pieces, labels, seed, noise=recipe.noise).windows(chosen)), branch.shared, cache,
             bfloat=recipe.bfloat)
        for seed in range(min(recipe.variants, recipe.epochs))
    ]  # fmt: skip
    fit(branch, variants, recipe, folder)
    return branch


def _draw(doc: str) -> float:
    """Return a number from 0 to 1 that a document always has."""
    return random.Random(zlib.crc32(doc.encode())).random()  # noqa: S311  a draw of documents


def load_branch(model: Path, folder: Path) -> tuple[Trunk, Branch]:
    """Return the trunk of a packaged model and the branch that a run in `folder` trained on it."""
    trunk = Trunk(onnx.load(model / "model.onnx").graph)
    labels = Inventory(**json.loads((folder / "labels.json").read_text(encoding="utf8")))
    state = torch.load(folder / "branch.pt", weights_only=True)
    own = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    branch = Branch(trunk, labels, trunk.sizes.layers - own)
    branch.load_state_dict(state)
    return trunk, branch.eval()


def packaged_branch(model: Path) -> tuple[Trunk, Branch]:
    """Return the trunk and the branch of a packaged model, with the 8-bit weights that it computes with."""
    graph = onnx.load(model / "model.onnx").graph
    trunk = Trunk(graph)
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    known = json.loads((model / "labels.json").read_text(encoding="utf8"))
    labels = replace(Inventory([], [], [], [], [""]), events=known["events"], roles=tuple(known["roles"]),
                     statuses=tuple(known["statuses"]))  # fmt: skip
    own = sum(name.startswith("branch.layer") and name.endswith("norm2.bias") for name in arrays)
    branch = Branch(trunk, labels, begin_of(graph), own=bool(own))
    state = {}
    for i in range(own):
        found = layer_weights(arrays, f"branch.layer{i}")
        for name, value in found.items():
            state[f"layers.{i}.{name}"] = value
    for name in ("hidden", "event", "status", "role_event", "role_word", "same"):
        state[f"{name}.weight"] = arrays[f"branch.{name}.weight"].T
        state[f"{name}.bias"] = arrays[f"branch.{name}.bias"]
    with np.load(model / "labels.npz") as packed:
        state["role_near.weight"] = packed["role_near"] if "role_near" in packed else np.zeros((STEPS, VECTOR))
        for name in ("role", "same"):
            for side in ("weight", "bias"):
                state[f"{name}_out.{side}"] = packed[f"{name}_{side}"]
    branch.load_state_dict({name: torch.from_numpy(np.array(value)).float() for name, value in state.items()})
    return trunk, branch.eval()


def begin_of(graph: onnx.GraphProto) -> int:
    """Return after how many of the trunk's layers the branch of a packaged graph begins."""
    ends = {node.output[0]: int(found[1]) + 1 for node in graph.node for name in node.input
            if (found := re.fullmatch(r"layer(\d+)\.norm2\.weight", name))}  # fmt: skip
    return next((ends[name] for node in graph.node if node.name.startswith("branch.")
                 for name in node.input if name in ends), 0)  # fmt: skip


def event_labels(sentences: list[EventSentence]) -> Inventory:
    """Return the labels that a branch learns from the sentences."""
    return replace(Inventory([], [], [], [], [""]), events=event_types(sentences))


def main() -> None:
    """Train a branch and write the model with it."""
    from training.graft import graft

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the packaged model that learns events")
    parser.add_argument("--output", type=Path, required=True, help="folder of the packaged model with them")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/branch"), help="where weights are kept")
    parser.add_argument("--events", type=Path, default=ANNOTATION, help="which words of the corpora tell events")
    parser.add_argument("--start", type=Path, help="go on from the weights that an earlier run's checkpoints hold")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--rate", type=float, default=Recipe.rate, help="learning rate of the layers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    sentences = list(event_sentences(args.corpora, blank_english().tokenizer, args.events))
    trunk = Trunk(onnx.load(args.model / "model.onnx").graph)
    recipe = replace(Recipe(), epochs=args.epochs, seed=args.seed, rate=args.rate)
    branch = train(
        trunk, sentences, event_labels(sentences), args.model / "vocab.txt", recipe, args.checkpoints,
        args.checkpoints.parent / "cache", args.start,
    )  # fmt: skip
    graft(branch, args.model, args.output)


if __name__ == "__main__":
    main()
