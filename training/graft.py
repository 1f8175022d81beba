"""Joins a branch that has learned events to the packaged model that it was trained on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.export import Graph, encoder_layer, quantize, write_meta

if TYPE_CHECKING:
    from pathlib import Path

    from training.branch import Branch

VERSION = "1.2.0"
OUTPUTS = ("event", "status", "role_event", "role_word", "same")


def graft(branch: Branch, model: Path, output: Path) -> None:
    """Write the model of the folder `model` with the branch's layers and outputs; all else in it stays as it is.

    A branch that it has already gives way.
    """
    graph = onnx.load(model / "model.onnx")
    _prune(graph.graph)
    shared, words = _ends(graph.graph, branch.shared)
    g = Graph("branch.")
    x = shared
    for i, layer in enumerate(branch.layers):
        x = encoder_layer(g, x, f"branch.layer{i}", layer, branch.sizes)
    x = g.add("Concat", g.add("Gather", x, "first"), words, axis=-1)
    events = g.gelu(g.linear(x, "branch.hidden", branch.hidden))
    for name in OUTPUTS:
        source = events if name in ("event", "status") else x
        g.linear(source, f"branch.{name}", getattr(branch, name), output=name)
    graph.graph.node.extend(g.nodes)
    graph.graph.initializer.extend(g.weights)
    graph.graph.output.extend(helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, None]) for n in OUTPUTS)
    output.mkdir(parents=True, exist_ok=True)
    labels = json.loads((model / "labels.json").read_text(encoding="utf8"))
    learned = {name: list(getattr(branch.labels, name)) for name in ("events", "roles", "statuses")}
    with np.load(model / "labels.npz") as old:
        arrays = dict(old)
    for part in ("role", "same"):
        for side in ("weight", "bias"):
            arrays[f"{part}_{side}"] = getattr(getattr(branch, f"{part}_out"), side).detach().float().numpy()
    arrays["role_near"] = branch.role_near.weight.detach().float().numpy()
    for file in ("lemmas.json", "vocab.txt"):
        if model.resolve() != output.resolve():
            shutil.copy(model / file, output / file)
    quantize(graph, output / "model.onnx")
    np.savez(output / "labels.npz", allow_pickle=False, **arrays)
    (output / "labels.json").write_text(json.dumps({**labels, **learned}, ensure_ascii=False, indent=0) + "\n")
    write_meta(output, json.loads((model / "meta.json").read_text(encoding="utf8"))["name"], VERSION)


def _prune(graph: onnx.GraphProto) -> None:
    """Take a branch out of a graph: its nodes and weights bear its name."""
    for kept in (graph.node, graph.initializer):
        old = [item for item in kept if not item.name.startswith("branch.") and item.name not in OUTPUTS]
        del kept[:]
        kept.extend(old)
    outputs = [item for item in graph.output if item.name not in OUTPUTS]
    del graph.output[:]
    graph.output.extend(outputs)


def _ends(graph: onnx.GraphProto, shared: int) -> tuple[str, str]:
    """Return where the branch begins, behind the shared layers, and the trunk's vectors of words."""
    weight = f"layer{shared - 1}.norm2.weight" if shared else "norm.weight"
    begin = next(node.output[0] for node in graph.node if weight in node.input)
    words = next(node.output[0] for node in graph.node if node.op_type == "Gather" and node.input[1] == "first")
    return begin, words
