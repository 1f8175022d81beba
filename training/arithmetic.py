"""How a packaged model computes: `python -m training.arithmetic FOLDER OUTPUT --products float` (or `8-bit`).

The encoder's weights are stored in 8 bits, blocks of which share a scale. "float" restores them when the model is
loaded and multiplies in single precision: processors then differ in the last digit only. "8-bit" rounds what they are
multiplied with, too: faster where a processor has instructions for it (VNNI, AMX), slower elsewhere, and unequal
between them (docs/decisions/arithmetic.md). What ships is float; the other is for comparing.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: Weights that share a scale, and what is added to those of the 8-bit product, which are stored unsigned.
BLOCK, OFFSET = 128, 128
#: "accuracy_level" of the 8-bit product: its other side in 8 bits too.
_INT8 = 4

Arrays = dict[str, "np.ndarray[Any, Any]"]


def to_float(model: onnx.ModelProto) -> None:
    """Turn 8-bit products into products of floats whose weights are restored from 8 bits when the model is loaded."""
    graph = model.graph
    arrays = _arrays(graph)
    nodes, gone = [], set()
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        name = node.input[1].removesuffix("_Q8")
        packed, scales = arrays[node.input[1]], arrays[node.input[2]]  # [out, block, BLOCK], [out * block]
        whole = (packed.astype(np.int16) - OFFSET).astype(np.int8).transpose(1, 2, 0)
        by_block = scales.reshape(packed.shape[:2]).T[:, None]
        _add(graph, f"{name}.int8", whole)
        _add(graph, f"{name}.scale", by_block.astype(np.float32))
        _add(graph, f"{name}.shape", np.array([-1, len(packed)], dtype=np.int64))
        gone |= {node.input[1], node.input[2]}
        steps = [("Cast", f"{name}.int8", {"to": TensorProto.FLOAT}), ("Mul", f"{name}.scale", {}),
                 ("Reshape", f"{name}.shape", {})]  # fmt: skip
        last = ""
        for op, value, attributes in steps:
            ends = [value] if op == "Cast" else [last, value]
            last = f"{name}.{op}"
            nodes.append(helper.make_node(op, ends, [last], name=last, **attributes))
        nodes.append(helper.make_node("MatMul", [node.input[0], last], [node.output[0]], name=f"{name}.product"))
    _replace(graph, nodes, gone)


def to_8_bit(model: onnx.ModelProto) -> None:
    """Turn products of floats whose weights are stored in 8 bits into 8-bit products: `to_float` undone."""
    graph = model.graph
    arrays = _arrays(graph)
    nodes, gone = [], set()
    for node in graph.node:
        name, _, step = node.name.rpartition(".")
        if f"{name}.int8" not in arrays or f"{name}.shape" not in arrays:
            nodes.append(node)
            continue
        if step != "product":
            continue
        whole, scales = arrays[f"{name}.int8"], arrays[f"{name}.scale"]  # [block, BLOCK, out], [block, 1, out]
        _add(graph, f"{name}_Q8", (whole.astype(np.int16) + OFFSET).astype(np.uint8).transpose(2, 0, 1))
        _add(graph, f"{name}_scales", scales[:, 0].T.reshape(-1))
        gone |= {f"{name}.{part}" for part in ("int8", "scale", "shape")}
        inner, out = whole.shape[0] * whole.shape[1], whole.shape[2]
        nodes.append(helper.make_node(
            "MatMulNBits", [node.input[0], f"{name}_Q8", f"{name}_scales"], [node.output[0]], name=f"{name}_Q8",
            domain="com.microsoft", K=inner, N=out, bits=8, block_size=whole.shape[1], accuracy_level=_INT8,
        ))  # fmt: skip
    _replace(graph, nodes, gone)


def stored_weight(arrays: Arrays, name: str) -> np.ndarray[Any, Any]:
    """Return the [out, in] matrix that a packaged graph's layer computes with, however it is stored."""
    if f"{name}.int8" in arrays:
        whole = arrays[f"{name}.int8"] * arrays[f"{name}.scale"]
        return np.asarray(whole.reshape(-1, whole.shape[-1]).T)
    packed, scales = arrays[f"{name}_Q8"], arrays[f"{name}_scales"]
    blocks = packed.astype(np.float32) - OFFSET
    return np.asarray((blocks * scales.reshape(*blocks.shape[:2], 1)).reshape(len(packed), -1))


def _arrays(graph: onnx.GraphProto) -> Arrays:
    return {i.name: numpy_helper.to_array(i) for i in graph.initializer}


def _add(graph: onnx.GraphProto, name: str, value: np.ndarray[Any, Any]) -> None:
    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))


def _replace(graph: onnx.GraphProto, nodes: list[onnx.NodeProto], gone: set[str]) -> None:
    kept = [i for i in graph.initializer if i.name not in gone]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.node[:]
    graph.node.extend(nodes)


def main() -> None:
    """Write a packaged model that computes the other way."""
    from training.export import write_meta

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of the packaged model")
    parser.add_argument("output", type=Path, help="folder of the packaged model to write; may be the same")
    parser.add_argument("--products", choices=("float", "8-bit"), required=True)
    args = parser.parse_args()
    model = onnx.load(args.model / "model.onnx")
    (to_float if args.products == "float" else to_8_bit)(model)
    if args.output.resolve() != args.model.resolve():
        shutil.copytree(args.model, args.output)
    onnx.save(model, args.output / "model.onnx")
    meta = json.loads((args.model / "meta.json").read_text(encoding="utf8"))
    write_meta(args.output, meta["name"], meta["version"])


if __name__ == "__main__":
    main()
