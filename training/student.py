"""Teaches one network what a packaged model with a branch knows: tags, trees, names and events out of the same layers.

    python -m training.student --corpora DIR --model FOLDER --output DIR

The packaged model is the teacher and the start: the student begins with the trunk's weights, its upper layers drawn
towards the branch's, which once were copies of them. A step learns from a batch of annotated events, every second one
from one of trees and names too: by their own annotation and by the teacher's judgement (training.taught).
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from kg.extract.language.features import WordPieces
from kg.extract.language.tokens import blank_english
from training.branch import Branch, Mean, packaged_branch
from training.corpora import training_sentences
from training.event_corpus import ANNOTATION, RUN, event_sentences
from training.export import build, quantize
from training.frozen import Trunk, encoder_weights, floats, words
from training.graft import graft
from training.network import Network, Sizes
from training.taught import Taught, Teacher, apart, batch_of, kept
from training.train import LOSS_WEIGHT, SILVER
from training.windows import Inventory, Maker, batches, event_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.corpora import Sentence

SOURCES = ("CrossNER-politics", "EWT", "GMB", "GUM", "wikigold")


@dataclass(frozen=True)
class Recipe:
    """What a student is trained with."""

    before: int = 1  # layers before the last: there the event heads read a first time, the second time after the last
    frozen: bool = True  # whether the layers that the teacher's trunk and branch share stay as they are
    towards: float = 0.7  # share of the branch's weights in the upper layers' start
    batch: int = 256  # word pieces of events in a step
    other: int = 192  # and of trees and names
    every: int = 2  # in every so many steps
    steps: int = 10500
    variants: int = 2
    rate: float = 2e-4
    head_rate: float = 5e-4
    decay: float = 0.01
    warm: float = 0.05
    keeps: float = 0.12
    teach: float = 1.0  # weight of the teacher's judgement on tags, trees and names
    told: float = 0.5  # weight of its events on texts that have none annotated
    back: float = 0.1  # share of the teacher's weights that tags, trees and names are drawn back to at last
    silver: float = 0.3  # share of GMB in an epoch
    weights: dict[str, float] = field(default_factory=lambda: {"event": 4.0, "status": 0.5, "roles": 0.2, "same": 1.0})
    share: float = 1.0  # of the event documents and of the other sentences
    seed: int = 1


class Student(nn.Module):
    """A network and event heads that read it."""

    def __init__(self, network: Network, branch: Branch, frozen: int = 0) -> None:
        super().__init__()
        self.network, self.branch, self.frozen = network, branch, frozen
        network.word.weight.requires_grad_(requires_grad=False)
        if frozen:
            for part in (network.position, network.shape, network.gap, network.norm, *network.layers[:frozen]):
                part.requires_grad_(requires_grad=False)

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
        """Return what is said of tags, trees and names, and what of events."""
        inner, last = (words(x, batch) for x in self.network.encoded(batch, self.branch.shared, self.frozen))
        return self.network.judged(last, batch), self.branch.judged(torch.cat([inner.to(last.dtype), last], -1))


def packaged_network(model: Path) -> Network:
    """Return the network of a packaged model with its heads, and the habits of sources as far as they can be told."""
    arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(model / "model.onnx").graph.initializer}
    known = json.loads((model / "labels.json").read_text(encoding="utf8"))
    labels = Inventory(known["xpos"], known["upos"], known["rules"], known["deps"], list(SOURCES))
    depth = sum(name.startswith("layer") and name.endswith("norm2.bias") for name in arrays)
    network = Network(labels, Sizes(layers=depth))
    state = encoder_weights(arrays, depth)
    for name in ("tag_hidden", "xpos", "upos", "rules", "start", "ner_hidden", "arc_dep", "arc_head", "arc_bilinear",
                 "arc_bias", "label_dep", "label_head"):  # fmt: skip
        state[f"{name}.weight"] = arrays[f"head.{name}.weight"].T
        if f"head.{name}.bias" in arrays:
            state[f"{name}.bias"] = arrays[f"head.{name}.bias"]
    state |= {f"{name}_root": arrays[f"head.{name}_root"].reshape(-1) for name in ("arc", "label")}
    state |= {"ner.weight": arrays["head.ner_names.weight"].T, "ner.bias": arrays["head.ner_names.bias"]}
    names, others = (arrays[f"head.habit_{name}"] for name in ("names", "others"))
    rest = 2 * others - names  # the mean of GUM's and GMB's: `others` is half EWT's
    of = {"EWT": names, "GUM": rest, "GMB": rest}
    state["ner_source.weight"] = np.stack([of.get(source, others) for source in SOURCES])
    with np.load(model / "labels.npz") as packed:
        state |= {f"label_out.{side}": packed[side] for side in ("weight", "bias")}
    network.load_state_dict(floats(state))
    return network.eval()


def teacher_of(model: Path) -> Teacher:
    """Return a packaged model as the teacher, without a branch where it has not learned events."""
    graph = onnx.load(model / "model.onnx").graph
    branch = packaged_branch(model)[1] if any(node.name.startswith("branch.") for node in graph.node) else None
    return Teacher(packaged_network(model), Trunk(graph), branch)


def beginner(network: Network, branch: Branch | None, types: list[str], recipe: Recipe) -> Student:
    """Return the student before it learns: the teacher's network, its upper layers drawn towards the branch's if any.

    `types` are those of the events that it is to learn.
    """
    labels = network.labels = replace(network.labels, events=types)
    heads = Branch(network, labels, max(0, network.sizes.layers - recipe.before), own=False)
    if branch is None:
        return Student(network, heads)
    state = {name: value for name, value in branch.state_dict().items() if not name.startswith("layers.")}
    size = network.sizes.hidden
    for name in ("hidden", "role_event", "role_word", "same"):  # both ends of the branch are now the last layer
        both = state[f"{name}.weight"]
        state[f"{name}.weight"] = torch.cat([torch.zeros_like(both[:, :size]), both[:, :size] + both[:, size:]], 1)
    heads.load_state_dict(state)
    for mine, theirs in zip(network.layers[branch.shared :], branch.layers, strict=True):
        other = theirs.state_dict()
        mine.load_state_dict({n: v.lerp(other[n], recipe.towards) for n, v in mine.state_dict().items()})
    return Student(network, heads, branch.shared if recipe.frozen else 0)


def other_sentences(corpora: Path, held_out: set[str], recipe: Recipe) -> list[Sentence]:
    """Return the sentences of trees and names: the gold ones, and runs of the silver corpus without their labels.

    Texts of the annotated documents that are held out to measure events by are left out.
    """
    found: list[Sentence] = []
    draw = random.Random(recipe.seed)  # noqa: S311
    for source, sentences in training_sentences(corpora).items():
        silver = source == SILVER
        share = recipe.share * (recipe.silver if silver else 1)
        hidden = {at + k for at, s in enumerate(sentences) if f"gmb:{s.id}" in held_out for k in range(RUN)}
        for begin in range(0, len(sentences), RUN):
            part = range(begin, min(begin + RUN, len(sentences)))
            if draw.random() < share and hidden.isdisjoint(part):
                chosen = [sentences[i] for i in part if f"gum:{sentences[i].doc}" not in held_out]
                found += [replace(s, ner=[]) for s in chosen] if silver else chosen
    return found


def optimizer_for(student: Student, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW: layers at one rate, heads at another, no decay of norms and biases."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, p in student.named_parameters():
        if p.requires_grad:
            own = name.startswith(("network.layers.", "network.norm.", "network.position."))
            groups.setdefault((own, p.dim() > 1), []).append(p)
    return torch.optim.AdamW(
        [{"params": of, "lr": recipe.rate if own else recipe.head_rate, "weight_decay": recipe.decay if wide else 0.0}
         for (own, wide), of in groups.items()], betas=(0.9, 0.98), fused=True,
    )  # fmt: skip


def plan_of(told: list[list[Taught]], other: list[list[Taught]], recipe: Recipe) -> list[list[list[Taught]]]:
    """Return the batches of all steps: one of events in each, one of the others in every so many."""
    events, others = _endless(told, recipe.batch, recipe.seed), _endless(other, recipe.other, recipe.seed)
    return [[next(events)] + [next(others)] * (step % recipe.every == 0) for step in range(recipe.steps)]


def _endless(variants: list[list[Taught]], size: int, seed: int) -> Iterator[list[Taught]]:
    for turn in itertools.count():
        yield from batches(variants[turn % len(variants)], size, seed * 100 + turn)


def loss_of(student: Student, teacher: Teacher, batch: list[Taught], recipe: Recipe) -> dict[str, torch.Tensor]:
    """Return the weighted losses of a batch by its annotation and by the teacher."""
    data = batch_of(batch, shared=bool(student.frozen))
    said, events = student(data)
    taught = teacher.judged(data)
    by_teacher = apart(student.network, teacher.network, said, taught, data)
    result = {f"t_{name}": value * LOSS_WEIGHT[name] * recipe.teach for name, value in by_teacher.items()}
    ones = torch.ones(len(student.network.labels.sources))
    result |= {name: value * LOSS_WEIGHT[name] for name, value in student.network.losses_of(said, data, ones).items()}
    result |= teacher.events(student.branch, events, taught, data, recipe)
    return result


def fit(student: Student, teacher: Teacher, plan: list[list[list[Taught]]], recipe: Recipe, folder: Path) -> None:
    """Train the student, or go on after the last state that `folder` holds; it ends as the weights' mean."""
    optimizer = optimizer_for(student, recipe)
    total = len(plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (recipe.warm * total + 1), max(0.02, 1 - step / total))
    )
    mean, state_file = Mean(student, recipe.keeps * total), folder / "state.pt"
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        student.load_state_dict(state["student"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        mean.values, mean.steps = state["mean"], state["steps"]
    since, first, sums = time.time(), mean.steps, dict[str, float]()
    student.train()
    torch.manual_seed(recipe.seed + mean.steps)
    for step in plan[mean.steps :]:
        for batch in step:
            with torch.autocast("cpu", torch.bfloat16):
                losses = loss_of(student, teacher, batch, recipe)
                loss = torch.stack([value.float() for value in losses.values()]).sum()
            loss.backward()
            for name, value in losses.items():
                sums[name] = 0.99 * sums.get(name, value.item()) + 0.01 * value.item()
        nn.utils.clip_grad_norm_([p for p in student.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        mean.update()
        if mean.steps % 50 == 0:
            shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
            each = (time.time() - since) / (mean.steps - first)
            print(f"step {mean.steps} of {total}, {each:.3f} s each: {shown}", flush=True)
        if mean.steps % 500 == 0 or mean.steps == total:
            state = {"student": student.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(
                {**state, "schedule": schedule.state_dict(), "mean": mean.values, "steps": mean.steps}, state_file
            )
    student.load_state_dict({**student.state_dict(), **mean.values})
    student.eval()


def package(student: Student, model: Path, output: Path) -> None:
    """Write the student as a packaged model; what is no weight is the teacher's."""
    output.mkdir(parents=True, exist_ok=True)
    for file in ("labels.json", "lemmas.json", "vocab.txt", "meta.json"):
        if model.resolve() != output.resolve():
            shutil.copy(model / file, output / file)
    quantize(build(student.network), output / "model.onnx")
    out = student.network.label_out
    np.savez(output / "labels.npz", weight=out.weight.detach().float().numpy(), bias=out.bias.detach().float().numpy())
    graft(student.branch, output, output)


def main() -> None:
    """Train a student and write it as a packaged model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the packaged model that teaches")
    parser.add_argument("--output", type=Path, required=True, help="folder of the packaged model to write")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/student"), help="where weights are kept")
    parser.add_argument("--events", type=Path, default=ANNOTATION)
    for name in ("before", "batch", "other", "every", "steps", "variants", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Recipe(), name))
    for name in ("rate", "head_rate", "towards", "teach", "told", "back", "silver", "share"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(Recipe(), name))
    parser.add_argument("--first", type=Path, help="go on from the weights that an earlier run's checkpoints hold")
    args = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(**{k: v for k, v in vars(args).items() if k in Recipe.__dataclass_fields__})
    args.checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    tokenizer, pieces = blank_english().tokenizer, WordPieces(args.model / "vocab.txt")
    told = list(event_sentences(args.corpora, tokenizer, args.events))
    teacher = teacher_of(args.model)
    types = teacher.branch.labels.events if teacher.branch else event_types(told)
    student = beginner(packaged_network(args.model), teacher.branch, types, recipe)
    if args.first:
        state = torch.load(args.first / "state.pt", weights_only=True)
        student.load_state_dict({**state["student"], **state["mean"]})
    labels, draw = student.network.labels, random.Random(recipe.seed)  # noqa: S311
    docs = {doc for doc in dict.fromkeys(s.doc for s in told) if draw.random() < recipe.share}
    told = [s for s in told if s.doc in docs]
    cache, seeds = args.checkpoints.parent / "cache", range(recipe.variants)
    events = [kept(teacher, list(Maker(pieces, labels, seed).windows(told)), cache, branch=False) for seed in seeds]
    held_out = {s.doc for s in event_sentences(args.corpora, tokenizer, args.events, dev=True)}
    rest = other_sentences(args.corpora, held_out, recipe)
    others = [kept(teacher, list(Maker(pieces, labels).windows(rest)), cache)]
    fit(student, teacher, plan_of(events, others, recipe), recipe, args.checkpoints)
    own = teacher.network.state_dict()
    student.network.load_state_dict({n: v.lerp(own[n], recipe.back) for n, v in student.network.state_dict().items()})
    package(student, args.model, args.output)


if __name__ == "__main__":
    main()
