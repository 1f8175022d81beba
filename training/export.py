"""Packages a trained network: int8 ONNX for onnxruntime, labels, lemma table, vocabulary, meta data.

The graph is written node by node for one window without padding ([piece, ...] tensors, no batch axis), so that a
window's result depends on nothing beside it. Matrix products of the encoder run in int8; the heads stay in float.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from training.arithmetic import BLOCK, to_float
from training.corpora import Sentence, training_sentences
from training.network import Network, Sizes, load_network
from training.wordforms import complete, known_forms

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUTS = ("pieces", "positions", "shapes", "gaps", "first")
OUTPUTS = ("xpos", "upos", "rules", "start", "ner", "arcs", "label_dep", "label_head")
#: Sources whose tagging habits the entity head follows at run time (the mean of their vectors): for names, and for the
#: labels that EWT does not mark. Chosen on the dev sets.
NAME_HABITS, OTHER_HABITS = ("EWT",), ("EWT", "EWT", "GUM", "GMB")
OTHERS = ("DATE", "TIME", "EVENT", "PRODUCT")


class Graph:
    """Collects nodes and weights; every method returns the name of its output. The prefix sets its names apart."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._count = 0

    def add(self, op: str, *inputs: str, domain: str = "", output: str | None = None, **attributes: Any) -> str:
        """Add a node."""
        self._count += 1
        name = output or f"{self.prefix}{op}_{self._count}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def weight(self, name: str, value: torch.Tensor | NDArray[np.generic]) -> str:
        """Add a weight."""
        array = value.detach().float().numpy() if isinstance(value, torch.Tensor) else value
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def linear(self, x: str, name: str, module: Any, output: str | None = None) -> str:
        """Add a linear layer."""
        product = self.add("MatMul", x, self.weight(f"{name}.weight", module.weight.T),
                           output=None if module.bias is not None else output)  # fmt: skip
        if module.bias is None:
            return product
        return self.add("Add", product, self.weight(f"{name}.bias", module.bias), output=output)

    def norm(self, x: str, name: str, module: Any) -> str:
        """Add a layer normalisation."""
        return self.add("LayerNormalization", x, self.weight(f"{name}.weight", module.weight),
                        self.weight(f"{name}.bias", module.bias), axis=-1, epsilon=module.eps)  # fmt: skip

    def gelu(self, x: str) -> str:
        """Add a Gaussian error linear unit."""
        return self.add("Gelu", x, domain="com.microsoft")

    def table(self, name: str, values: torch.Tensor, index: str) -> str:
        """Look up rows of an int8 table with one scale a row."""
        rows = values.detach().float().numpy()
        scale = np.maximum(np.abs(rows).max(1, keepdims=True), 1e-8) / 127
        self.weight(f"{name}.int8", np.round(rows / scale).astype(np.int8))
        self.weight(f"{name}.scale", scale.astype(np.float32))
        row = self.add("Cast", self.add("Gather", f"{name}.int8", index), to=TensorProto.FLOAT)
        return self.add("Mul", row, self.add("Gather", f"{name}.scale", index))


def _entities(g: Graph, x: str, model: Network) -> None:
    """Add the entity output: log probabilities of the OTHERS by their habit, of the rest by the names' habit."""
    hidden = g.linear(x, "head.ner_hidden", model.ner_hidden)
    other = np.array([label[2:] in OTHERS for label in model.labels.ner])
    g.weight("head.is_other", other)
    scores = []
    for name, sources in (("names", NAME_HABITS), ("others", OTHER_HABITS)):
        habit = model.ner_source.weight[[model.labels.sources.index(source) for source in sources]].mean(0)
        inner = g.gelu(g.add("Add", hidden, g.weight(f"head.habit_{name}", habit)))
        scores.append(g.linear(inner, f"head.ner_{name}", model.ner))
    hide = g.weight("head.hide_other", np.where(other, -1e9, 0).astype(np.float32))
    names = g.add("LogSoftmax", g.add("Add", scores[0], hide), axis=-1)
    others = g.add("LogSoftmax", scores[1], axis=-1)
    rest = g.add("ReduceLogSumExp", g.add("Add", others, hide), axes=[-1], keepdims=1)
    g.add("Where", "head.is_other", others, g.add("Add", names, rest), output="ner")


def encoder_layer(g: Graph, x: str, name: str, layer: Any, sizes: Sizes) -> str:
    """Add one transformer layer, its weights under `name`; "axis0" is the graph's."""
    qkv = g.add("Unsqueeze", g.linear(x, f"{name}.qkv", layer.qkv), "axis0")
    parts = [f"{name}.{part}" for part in "qkv"]
    split = g.weight(f"{name}.split", np.array([sizes.hidden] * 3, dtype=np.int64))
    g.nodes.append(helper.make_node("Split", [qkv, split], parts, axis=-1, name=f"{name}.split_"))
    mixed = g.add("MultiHeadAttention", *parts, domain="com.microsoft", num_heads=sizes.attention)
    mixed = g.linear(g.add("Squeeze", mixed, "axis0"), f"{name}.out", layer.out)
    x = g.norm(g.add("Add", x, mixed), f"{name}.norm1", layer.norm1)
    inner = g.linear(g.gelu(g.linear(x, f"{name}.up", layer.up)), f"{name}.down", layer.down)
    return g.norm(g.add("Add", x, inner), f"{name}.norm2", layer.norm2)


def build(model: Network) -> onnx.ModelProto:
    """Return the float ONNX model of the network."""
    g, s = Graph(), model.sizes
    x = g.table("word", model.word.weight, "pieces")
    for name, index, table in (("position", "positions", model.position), ("shape", "shapes", model.shape),
                               ("gap", "gaps", model.gap)):  # fmt: skip
        x = g.add("Add", x, g.add("Gather", g.weight(name, table.weight), index))
    x = g.norm(x, "norm", model.norm)
    g.weight("axis0", np.array([0], dtype=np.int64))
    for i, layer in enumerate(model.layers):
        x = encoder_layer(g, x, f"layer{i}", layer, s)
    x = g.add("Gather", x, "first")
    tags = g.gelu(g.linear(x, "head.tag_hidden", model.tag_hidden))
    for name in ("xpos", "upos", "rules", "start"):
        g.linear(tags, f"head.{name}", getattr(model, name), output=name)
    _entities(g, x, model)
    dep = g.gelu(g.linear(x, "head.arc_dep", model.arc_dep))
    head = g.gelu(g.linear(x, "head.arc_head", model.arc_head))
    head = g.add("Concat", head, g.weight("head.arc_root", model.arc_root[None]), axis=0)
    scores = g.add("MatMul", g.linear(dep, "head.arc_bilinear", model.arc_bilinear),
                   g.add("Transpose", head, perm=[1, 0]))  # fmt: skip
    scores = g.add("Mul", scores, g.weight("arc_scale", np.array(s.arc**-0.5, dtype=np.float32)))
    g.add("Add", scores, g.add("Transpose", g.linear(head, "head.arc_bias", model.arc_bias), perm=[1, 0]),
          output="arcs")  # fmt: skip
    g.linear(x, "head.label_dep", model.label_dep, output="label_dep")
    label_head = g.linear(x, "head.label_head", model.label_head)
    g.add("Concat", label_head, g.weight("head.label_root", model.label_root[None]),
          axis=0, output="label_head")  # fmt: skip
    graph = helper.make_graph(
        g.nodes, "kg",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["W" if n == "first" else "P"]) for n in INPUTS],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, None]) for n in OUTPUTS],
        initializer=g.weights,
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def quantize(model: onnx.ModelProto, path: Path) -> None:
    """Write the model with the encoder's weights in 8 bits, blocks of which share a scale; it computes in float.

    Why not in 8 bits: docs/decisions/arithmetic.md.
    """
    encoder = ("layer", "branch.layer")
    heads = [n.name for n in model.graph.node if n.op_type == "MatMul" and not n.input[1].startswith(encoder)]
    logging.getLogger("onnxruntime.quantization").setLevel(logging.WARNING)
    work = MatMulNBitsQuantizer(
        model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4, nodes_to_exclude=heads
    )
    work.process()
    to_float(work.model.model)
    onnx.save(work.model.model, path)


def lemma_table(groups: dict[str, list[Sentence]]) -> dict[str, str]:
    """Return the lemma of every "form|tag" (and "form|VB*") that is not its own lemma and has but one."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in (s for group in groups.values() for s in group if s.heads):
        for form, tag, lemma in zip(sentence.words, sentence.xpos, sentence.lemmas, strict=True):
            if tag not in {"NNP", "NNPS"}:
                seen[form.lower(), tag][lemma] += 1
                if tag.startswith("VB"):
                    seen[form.lower(), "VB*"][lemma] += 1
    table = {}
    for (form, tag), lemmas in sorted(seen.items()):
        lemma, count = lemmas.most_common(1)[0]
        if count >= 0.9 * lemmas.total() and lemma != form:
            table[f"{form}|{tag}"] = lemma
    return table


def export(checkpoints: Path, corpora: Path, output: Path, version: str = "1.0.0") -> None:
    """Write the packaged model of a training run into `output`."""
    from training.train import encoder_folder

    model = load_network(checkpoints)
    labels = model.labels
    output.mkdir(parents=True, exist_ok=True)
    quantize(build(model), output / "model.onnx")
    shutil.copy(encoder_folder() / "vocab.txt", output / "vocab.txt")
    arrays = {name: getattr(model.label_out, name).detach().float().numpy() for name in ("weight", "bias")}
    np.savez(output / "labels.npz", **arrays)
    known = {name: getattr(labels, name) for name in ("xpos", "upos", "rules", "deps", "ner")}
    (output / "labels.json").write_text(json.dumps(known, ensure_ascii=False, indent=0) + "\n")
    forms = known_forms(corpora / "lexicons/wordnet30_verb_noun.tsv.gz")
    table = complete(lemma_table(training_sentences(corpora)), forms)
    (output / "lemmas.json").write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n")
    write_meta(output, output.name, version)


def write_meta(folder: Path, name: str, version: str) -> None:
    """Write meta.json: what the model is called, and the hash of its files."""
    digest = hashlib.sha256()
    for file in ("labels.json", "labels.npz", "lemmas.json", "model.onnx", "vocab.txt"):
        digest.update((folder / file).read_bytes())
    meta = {"name": name, "version": version, "kind": "encoder", "hash": digest.hexdigest()[:12]}
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n")


if __name__ == "__main__":
    import sys

    export(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
