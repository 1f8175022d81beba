"""The trunk that a branch grows from: the encoder of a packaged model, and what it says of windows, kept.

The trunk does not learn, so that its vectors of a window are the same in every epoch: they are computed once for each
of a few noised variants of the texts and then read from memory.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.arithmetic import stored_weight
from training.network import Layer, Sizes
from training.windows import Window, tensors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Windows that the trunk reads at a time.
_ROWS = 12


class Trunk(nn.Module):
    """The encoder of a packaged model, its 8-bit weights as they are computed with."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        super().__init__()
        arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        depth = sum(name.startswith("layer") and name.endswith("norm2.bias") for name in arrays)
        s = self.sizes = Sizes(layers=depth)
        self.word = nn.Embedding(s.vocabulary, s.hidden)
        self.position, self.shape, self.gap = (
            nn.Embedding(len(arrays[name]), s.hidden) for name in ("position", "shape", "gap")
        )
        self.norm = nn.LayerNorm(s.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(s) for _ in range(depth))
        self.load_state_dict(floats(encoder_weights(arrays, depth)))
        self.requires_grad_(requires_grad=False)
        self.eval()

    @torch.no_grad()
    def forward(self, batch: dict[str, torch.Tensor], shared: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the vectors of pieces after the first `shared` layers, and those of words after the last."""
        length = batch["pieces"].shape[1]
        x = self.word(batch["pieces"]) + self.position.weight[:length]
        x = self.norm(x + self.shape(batch["shapes"]) + self.gap(batch["gaps"]))
        mask = attention_mask(batch)
        branches = x
        for i, layer in enumerate(self.layers, 1):
            x = layer(x, mask)
            branches = x if i == shared else branches
        return branches, words(x, batch)


def encoder_weights(arrays: dict[str, np.ndarray[Any, Any]], depth: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return the weights of the encoder of a packaged graph by their names in `Trunk` and `Network`."""
    found = {"word.weight": arrays["word.int8"] * arrays["word.scale"]}
    found |= {f"{name}.weight": arrays[name] for name in ("position", "shape", "gap")}
    found |= {f"norm.{side}": arrays[f"norm.{side}"] for side in ("weight", "bias")}
    for i in range(depth):
        found |= {f"layers.{i}.{name}": value for name, value in layer_weights(arrays, f"layer{i}").items()}
    return found


def floats(arrays: dict[str, np.ndarray[Any, Any]]) -> dict[str, torch.Tensor]:
    """Return arrays as tensors in single precision, for `load_state_dict`."""
    return {name: torch.from_numpy(np.array(value)).float() for name, value in arrays.items()}


def layer_weights(arrays: dict[str, np.ndarray[Any, Any]], prefix: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return the weights of one layer of a packaged graph by their names in `Layer`."""
    found = {}
    for part in ("qkv", "out", "up", "down", "norm1", "norm2"):
        name = f"{prefix}.{part}.weight"
        found[f"{part}.bias"] = arrays[f"{prefix}.{part}.bias"]
        found[f"{part}.weight"] = arrays[name] if name in arrays else stored_weight(arrays, name)
    return found


def attention_mask(batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return what is added to the scores of attention: 0 where a piece stands."""
    mask = (~batch["mask"]).float() * -1e4
    return (mask.bfloat16() if torch.is_autocast_enabled("cpu") else mask)[:, None, None, :]


def words(x: torch.Tensor, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the vectors of words, those of their first pieces."""
    return x.gather(1, batch["first"][:, :, None].expand(-1, -1, x.shape[-1]))


@dataclass
class Read:
    """A window with what the trunk says of it, in half precision."""

    window: Window
    shared: torch.Tensor  # [piece, vector]
    last: torch.Tensor  # [word, vector]

    @property
    def pieces(self) -> list[int]:
        """The window's word pieces (what `windows.batches` sorts by)."""
        return self.window.pieces


def read(trunk: Trunk, windows: list[Window], shared: int, *, bfloat: bool) -> Iterator[Read]:
    """Yield every window with the trunk's vectors of it, in the windows' order."""
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].pieces))
    done: dict[int, Read] = {}
    for at in range(0, len(order), _ROWS):
        rows = order[at : at + _ROWS]
        data = tensors([windows[i] for i in rows])
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat):
            branches, last = trunk(data, shared)
        for row, i in enumerate(rows):
            window = windows[i]
            done[i] = Read(window, branches[row, : len(window.pieces)].half().clone(),
                           last[row, : len(window.first)].half().clone())  # fmt: skip
    for i in range(len(windows)):
        yield done[i]


def kept(trunk: Trunk, windows: list[Window], shared: int, folder: Path, *, bfloat: bool) -> list[Read]:
    """Return `read`, from the folder where the same windows were read before."""
    digest = hashlib.sha256(repr([w.pieces for w in windows]).encode())
    digest.update(str((shared, bfloat, float(trunk.layers[-1].norm2.weight.sum()))).encode())
    file = folder / f"{digest.hexdigest()[:16]}.pt"
    if not file.exists():
        found = list(read(trunk, windows, shared, bfloat=bfloat))
        folder.mkdir(parents=True, exist_ok=True)
        torch.save([(one.shared, one.last) for one in found], file)
        return found
    return [Read(w, *both) for w, both in zip(windows, torch.load(file, weights_only=True), strict=True)]


def batch_of(reads: list[Read]) -> dict[str, torch.Tensor]:
    """Return the windows' tensors, padded, and the trunk's vectors as "shared" and "last"."""
    data = tensors([one.window for one in reads])
    for name, like in (("shared", "pieces"), ("last", "first")):
        data[name] = padded([getattr(one, name) for one in reads], data[like])
    return data


def padded(vectors: list[torch.Tensor], like: torch.Tensor) -> torch.Tensor:
    """Return the vectors of windows [row, piece or word, vector], zeros beyond each one's end; ``like`` is as long."""
    full = torch.zeros(*like.shape, vectors[0].shape[-1])
    for row, one in enumerate(vectors):
        full[row, : len(one)] = one
    return full
