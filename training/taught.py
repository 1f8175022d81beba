"""What a packaged model says of windows, kept, and the losses of a student that is to say the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from training.export import NAME_HABITS, OTHER_HABITS
from training.frozen import attention_mask, padded, words
from training.windows import IGNORE, Window, tensors

if TYPE_CHECKING:
    from pathlib import Path

    from training.branch import Branch
    from training.frozen import Trunk
    from training.network import Network
    from training.student import Recipe

Tensors = dict[str, torch.Tensor]
_ROWS = 12
_TAGS = ("xpos", "upos", "rules", "start")
#: Triggers of a batch, at most, whose participants a student learns from its teacher.
_MOST = 24


@dataclass
class Taught:
    """A window and the teacher's vectors of it, in half precision."""

    window: Window
    shared: torch.Tensor | None  # [piece, vector], where trunk and branch part
    last: torch.Tensor  # [word, vector], of the trunk
    branch: torch.Tensor | None  # [word, vector], of the branch

    @property
    def pieces(self) -> list[int]:
        """The window's word pieces (what `windows.batches` sorts by)."""
        return self.window.pieces


def batch_of(items: list[Taught], *, shared: bool) -> Tensors:
    """Return the windows' tensors, padded, and the teacher's vectors."""
    data = tensors([one.window for one in items])
    names = [("last", "first")] + [("shared", "pieces")] * shared
    names += [("branch", "first")] * all(one.branch is not None for one in items)
    for name, like in names:
        data[name] = padded([getattr(one, name) for one in items], data[like])
    return data


class Teacher:
    """A packaged model, with a branch or without; its vectors are kept, its heads judge by them."""

    def __init__(self, network: Network, trunk: Trunk, branch: Branch | None) -> None:
        self.network, self.trunk, self.branch = network.eval(), trunk, branch

    @torch.no_grad()
    def read(self, windows: list[Window], *, branch: bool) -> list[Taught]:
        """Return the windows with the teacher's vectors, with those of its branch if asked."""
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].pieces))
        done: dict[int, Taught] = {}
        for at in range(0, len(order), _ROWS):
            rows = order[at : at + _ROWS]
            data = tensors([windows[i] for i in rows])
            with torch.autocast("cpu", torch.bfloat16):
                shared, last = self.trunk(data, self.branch.shared if self.branch else 0)
                x, mask = shared, attention_mask(data)
                for layer in self.branch.layers if self.branch and branch else ():
                    x = layer(x, mask)
                x = words(x, data)
            for row, i in enumerate(rows):
                window = windows[i]
                size = len(window.first)
                done[i] = Taught(window, shared[row, : len(window.pieces)].half().clone() if self.branch else None,
                                 last[row, :size].half().clone(),
                                 x[row, :size].half().clone() if self.branch and branch else None)  # fmt: skip
        return [done[i] for i in range(len(windows))]

    @torch.no_grad()
    def judged(self, data: Tensors) -> Tensors:
        """Return what the teacher's heads say of a batch, those of events too."""
        said = self.network.judged(data["last"], data)
        if self.branch and "branch" in data:
            said |= self.branch.judged(torch.cat([data["branch"], data["last"]], -1))
        return said

    def events(self, branch: Branch, said: Tensors, taught: Tensors, data: Tensors, recipe: Recipe) -> Tensors:
        """Return the weighted losses of events by the annotation, or where there is none by the teacher."""
        if (data["event"] != IGNORE).any():
            return {name: value * recipe.weights[name] for name, value in branch.losses_of(said, data).items()}
        if not self.branch:
            return {}
        there = data["sentence"] >= 0
        result = {"t_event": soft(said["event"], taught["event"], there) * recipe.weights["event"] * recipe.told}
        row, word = ((taught["event"].argmax(-1) > 0) & there).nonzero().unbind(1)
        row, word = row[:_MOST], word[:_MOST]
        if len(row):
            with torch.no_grad():
                likely = torch.sigmoid(self.branch.role_scores(taught, row, word))
            scores = branch.role_scores(said, row, word)
            wrong = F.binary_cross_entropy_with_logits(scores, likely, reduction="none").sum(-1) * there[row]
            result["t_roles"] = wrong.sum() / len(row) * recipe.weights["roles"] * recipe.told
            status = soft(said["status"][row, word], taught["status"][row, word])
            result["t_status"] = status * recipe.weights["status"] * recipe.told
        return result


def kept(teacher: Teacher, windows: list[Window], folder: Path, *, branch: bool = True) -> list[Taught]:
    """Return `Teacher.read`, from the folder where the same windows were read before."""
    digest = hashlib.sha256(repr([w.pieces for w in windows]).encode())
    digest.update(str((branch, float(teacher.trunk.layers[-1].norm2.weight.sum()))).encode())
    file = folder / f"taught-{digest.hexdigest()[:16]}.pt"
    if file.exists():
        return [Taught(w, *both) for w, both in zip(windows, torch.load(file, weights_only=True), strict=True)]
    found = teacher.read(windows, branch=branch)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save([(one.shared, one.last, one.branch) for one in found], file)
    return found


def soft(said: torch.Tensor, taught: torch.Tensor, known: torch.Tensor | None = None) -> torch.Tensor:
    """Return the mean cross entropy of scores to the teacher's scores, less its own entropy (0 where both agree)."""
    wanted = taught.float().log_softmax(-1)
    far = (wanted.exp() * (wanted - said.float().log_softmax(-1))).sum(-1)
    result: torch.Tensor = (far if known is None else far[known]).mean()
    return result


def apart(network: Network, teacher: Network, said: Tensors, taught: Tensors, data: Tensors) -> Tensors:
    """Return how far the student's tags, names, arcs and labels are from the teacher's, by head."""
    there = data["sentence"] >= 0
    result = {name: soft(said[name], taught[name], there) for name in _TAGS}
    result["ner"] = sum(
        (soft(_entities(network, said["words"], of), _entities(teacher, taught["words"], of), there)
         for of in (NAME_HABITS, OTHER_HABITS)), start=torch.zeros(())
    ) / 2  # fmt: skip
    same = data["sentence"][:, :, None] == data["sentence"][:, None, :]
    allowed = torch.cat([same, torch.ones_like(same[:, :, :1])], 2)
    arcs, wanted = (out["arcs"].float().masked_fill(~allowed, -1e4) for out in (said, taught))
    result["arcs"] = soft(arcs, wanted, there)
    heads = wanted.argmax(-1)
    with torch.no_grad():
        labels = teacher.label_scores(taught, heads)
    result["deps"] = soft(network.label_scores(said, heads), labels, there)
    return result


def _entities(network: Network, x: torch.Tensor, sources: tuple[str, ...]) -> torch.Tensor:
    habit = network.ner_source.weight[[network.labels.sources.index(source) for source in sources]].mean(0)
    scores: torch.Tensor = network.ner(network.head_drop(F.gelu(network.ner_hidden(x) + habit)))
    return scores
