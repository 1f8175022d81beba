"""The network: MiniLM's encoder with shape and gap embeddings at its input, and one head for each layer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from kg.extract.language.features import GAPS, SHAPES
from training.windows import BIO, IGNORE, Inventory

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Sizes:
    """Dimensions; the first five are MiniLM-L6's."""

    vocabulary: int = 30522
    hidden: int = 384
    inner: int = 1536
    layers: int = 6
    attention: int = 12
    arc: int = 256
    label: int = 192
    head: int = 256


class Dropout(nn.Module):
    """Dropout whose mask is made of random bytes, in a tenth of the time that a processor needs for torch's own."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.cut = round(share * 256)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x with a share of its values zeroed and the rest scaled up, in training; else x."""
        if not self.training:
            return x
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), 2**63 - 1)
        kept = (words.view(torch.uint8)[: x.numel()] >= self.cut).view(x.shape)
        return x * kept.to(x.dtype).mul_(256 / (256 - self.cut))


class Layer(nn.Module):
    """One transformer layer (post-norm, as BERT)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.attention
        self.qkv = nn.Linear(sizes.hidden, 3 * sizes.hidden)
        self.out = nn.Linear(sizes.hidden, sizes.hidden)
        self.norm1 = nn.LayerNorm(sizes.hidden, eps=1e-12)
        self.up = nn.Linear(sizes.hidden, sizes.inner)
        self.down = nn.Linear(sizes.inner, sizes.hidden)
        self.norm2 = nn.LayerNorm(sizes.hidden, eps=1e-12)
        self.drop = Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the layer's output for [batch, piece, hidden]; the mask is added to scores: 0 where a piece is."""
        batch, length, hidden = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.qkv(x).split(hidden, dim=-1)
        )
        # Plain products: the fused attention's backward pass is many times slower on a processor.
        scores = (q * (hidden // self.heads) ** -0.5) @ k.transpose(2, 3)
        mixed = (scores + mask).softmax(-1).to(v.dtype) @ v
        x = self.norm1(x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, length, hidden))))
        result: torch.Tensor = self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))
        return result


class Network(nn.Module):
    """Encoder and heads. Word vectors are those of each word's first piece."""

    def __init__(self, labels: Inventory, sizes: Sizes | None = None) -> None:
        super().__init__()
        s = self.sizes = sizes or Sizes()
        self.labels = labels
        self.word = nn.Embedding(s.vocabulary, s.hidden)
        self.position = nn.Embedding(512, s.hidden)
        self.shape = nn.Embedding(len(SHAPES), s.hidden)
        self.gap = nn.Embedding(len(GAPS), s.hidden)
        nn.init.normal_(self.shape.weight, std=0.02)
        nn.init.normal_(self.gap.weight, std=0.02)
        self.norm = nn.LayerNorm(s.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.drop = Dropout(0.1)
        self.head_drop = Dropout(0.25)
        self.tag_hidden = nn.Linear(s.hidden, s.head)
        self.xpos = nn.Linear(s.head, len(labels.xpos))
        self.upos = nn.Linear(s.head, len(labels.upos))
        self.rules = nn.Linear(s.head, len(labels.rules))
        self.start = nn.Linear(s.head, 2)
        self.ner_hidden = nn.Linear(s.hidden, s.head)
        self.ner_source = nn.Embedding(len(labels.sources), s.head)
        nn.init.zeros_(self.ner_source.weight)
        self.ner = nn.Linear(s.head, len(BIO))
        self.arc_dep = nn.Linear(s.hidden, s.arc)
        self.arc_head = nn.Linear(s.hidden, s.arc)
        self.arc_bilinear = nn.Linear(s.arc, s.arc, bias=False)
        self.arc_bias = nn.Linear(s.arc, 1, bias=False)
        self.arc_root = nn.Parameter(torch.randn(s.arc) * 0.05)
        self.label_dep = nn.Linear(s.hidden, s.label)
        self.label_head = nn.Linear(s.hidden, s.label)
        self.label_root = nn.Parameter(torch.randn(s.label) * 0.05)
        self.label_out = nn.Linear(s.label, len(labels.deps))

    def load_encoder(self, path: Path) -> None:
        """Take the encoder's weights from a BERT checkpoint in safetensors format."""
        from safetensors.torch import load_file

        old = {name.removeprefix("bert."): value for name, value in load_file(path).items()}
        new = {"word.weight": old["embeddings.word_embeddings.weight"],
               "position.weight": old["embeddings.position_embeddings.weight"]
               + old["embeddings.token_type_embeddings.weight"][0]}  # fmt: skip
        for side in ("weight", "bias"):
            new[f"norm.{side}"] = old[f"embeddings.LayerNorm.{side}"]
            depth = sum(name.startswith("encoder.layer.") and name.endswith("output.dense.bias") for name in old) // 2
            for i in range(
                self.sizes.layers
            ):  # a shallower network takes layers at even distances, the last among them
                was, now = f"encoder.layer.{(i + 1) * depth // self.sizes.layers - 1}.", f"layers.{i}."
                new[f"{now}qkv.{side}"] = torch.cat(
                    [old[f"{was}attention.self.{name}.{side}"] for name in ("query", "key", "value")]
                )
                for mine, theirs in (
                    ("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm"),
                ):  # fmt: skip
                    new[f"{now}{mine}.{side}"] = old[f"{was}{theirs}.{side}"]
        missing, unexpected = self.load_state_dict(new, strict=False)
        if unexpected or any(name.startswith("layers.") for name in missing):
            raise ValueError(f"not the expected encoder: {unexpected} {missing}")

    def forward(self, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return scores by layer: [batch, word, label]; arcs [batch, word, word + 1], the last column the root."""
        x = self.encoded(batch, len(self.layers))[1]
        return self.judged(x.gather(1, batch["first"][:, :, None].expand(-1, -1, x.shape[-1])), batch)

    def encoded(self, batch: dict[str, torch.Tensor], shared: int, known: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the vectors of pieces after the first `shared` layers, and after the last.

        The batch may hold those after the first `known` layers as "shared".
        """
        length = batch["pieces"].shape[1]
        if known:
            x = inner = batch["shared"]
        else:
            x = self.word(batch["pieces"]) + self.position.weight[:length]
            x = inner = self.drop(self.norm(x + self.shape(batch["shapes"]) + self.gap(batch["gaps"])))
        mask = ((~batch["mask"]).to(x.dtype) * -1e4)[:, None, None, :]
        mask = mask.bfloat16() if torch.is_autocast_enabled("cpu") else mask
        for i, layer in enumerate(self.layers[known:], known + 1):
            x = layer(x, mask)
            inner = x if i == shared else inner
        return inner, x

    def judged(self, x: torch.Tensor, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return what the heads say of words whose vectors are given, and "words", what they read."""
        x = self.head_drop(x)
        tags = self.head_drop(F.gelu(self.tag_hidden(x)))
        entities = self.head_drop(F.gelu(self.ner_hidden(x) + self.ner_source(batch["source"])[:, None]))
        dep, head = F.gelu(self.arc_dep(x)), F.gelu(self.arc_head(x))
        root = self.arc_root.expand(head.shape[0], 1, -1).to(head.dtype)
        head = self.head_drop(torch.cat([head, root], 1))
        arcs = self.arc_bilinear(self.head_drop(dep)) @ head.transpose(1, 2) * self.sizes.arc**-0.5
        arcs = arcs + self.arc_bias(head).transpose(1, 2)
        label_heads = torch.cat([self.label_head(x), self.label_root.expand(x.shape[0], 1, -1).to(x.dtype)], 1)
        return {
            "xpos": self.xpos(tags), "upos": self.upos(tags), "rules": self.rules(tags), "start": self.start(tags),
            "ner": self.ner(entities), "arcs": arcs, "label_dep": self.label_dep(x), "label_head": label_heads,
            "words": x,
        }  # fmt: skip

    def label_scores(self, out: dict[str, torch.Tensor], heads: torch.Tensor) -> torch.Tensor:
        """Return the label scores of each word for its given head (index of the word, or of the root column)."""
        size = out["label_head"].shape[-1]
        chosen = out["label_head"].gather(1, heads[:, :, None].expand(-1, -1, size))
        scores: torch.Tensor = self.label_out(self.head_drop(F.gelu(out["label_dep"] + chosen)))
        return scores

    def losses(self, batch: dict[str, torch.Tensor], weights: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the loss of each layer, a mean over the words that have it; `weights` holds one for each source."""
        return self.losses_of(self(batch), batch, weights)

    def losses_of(
        self, said: dict[str, torch.Tensor], batch: dict[str, torch.Tensor], weights: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Return `losses` of what the heads said."""
        out = {name: value.float() if name in {"arcs", "ner"} else value for name, value in said.items()}
        result = {
            name: F.cross_entropy(out[name].float().flatten(0, 1), batch[name].flatten(), ignore_index=IGNORE)
            for name in ("xpos", "upos", "rules", "start")
            if (batch[name] != IGNORE).any()
        }
        known = batch["heads"] != IGNORE
        if known.any():
            same = batch["sentence"][:, :, None] == batch["sentence"][:, None, :]
            allowed = torch.cat([same, torch.ones_like(same[:, :, :1])], 2)
            arcs = out["arcs"].masked_fill(~allowed, -1e4)
            result["arcs"] = F.cross_entropy(arcs[known], batch["heads"][known])
            labels = self.label_scores(out, batch["heads"].clamp(min=0))
            result["deps"] = F.cross_entropy(labels.float()[known], batch["deps"][known], ignore_index=IGNORE)
        informative = ~batch["ner"].all(-1)
        if informative.any():
            log = out["ner"].log_softmax(-1).masked_fill(~batch["ner"], -1e9).logsumexp(-1)
            weight = weights[batch["source"]][:, None].expand(-1, log.shape[1])[informative]
            result["ner"] = -(log[informative] * weight).sum() / weight.sum()
        return result


def load_network(checkpoints: Path) -> Network:
    """Return the network of a training run's folder (labels.json, model.pt), ready to predict."""
    labels = Inventory(**json.loads((checkpoints / "labels.json").read_text(encoding="utf8")))
    state = torch.load(checkpoints / "model.pt", weights_only=True)
    depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    model = Network(labels, Sizes(layers=depth))
    model.load_state_dict(state)
    return model.eval()
