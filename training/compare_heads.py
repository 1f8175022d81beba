"""Entity heads trained on a frozen encoder: a linear layer, a linear-chain CRF, gazetteer features; and self-training.

What training.compare calls. The encoder reads every word once; the heads learn from the stored vectors, each for the
same epochs with the same seed, and are scored with the same habit (the mean of EWT's, GUM's and GMB's).
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from kg.extract.language.decode import spans, transitions, viterbi
from kg.extract.language.features import WordPieces
from kg.extract.language.models import load_model
from kg.ontology.load import load_ontology
from training.corpora import UNKNOWN, Sentence, open_text, retokenize
from training.evaluate import entity_scores
from training.network import Network, load_network
from training.train import SELF, SILVER, Groups, encoder_folder
from training.windows import BIO, Maker, Window, tensors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EPOCHS, BATCH, SILVER_PART = 3, 32, 0.15
HABITS = ("EWT", "EWT", "GUM", "GMB")
#: Below this probability of its label a word of unlabelled text teaches nothing.
SURE = 0.8
_GLUED = frozenset({",", ".", ";", ":", "!", "?", ")", "%", "'s", "’s", "n't", "''", "”"})
_FILES = ("noun.person", "noun.group", "noun.location", "noun.object", "noun.artifact", "noun.event", "noun.time")
_NEVER = -1e4


def self_trained(corpora: Path, base: Path) -> list[Sentence]:
    """Return the sentences of ECB+ and WikiEvents (train), their entities marked by the package in `base`/model."""
    nlp = load_model(str(base / "model"))
    tagger: Any = nlp.get_pipe("kg_encoder")
    names = json.loads((base / "model/labels.json").read_text())["ner"]
    moves = transitions(names)
    result = []
    for sentence in _unlabelled(corpora):
        cut = retokenize(sentence, nlp.tokenizer)
        doc = nlp.tokenizer("".join(w + " " * s for w, s in zip(cut.words, cut.spaces, strict=True)))
        words = tagger._words(doc)  # noqa: SLF001  the scores, which the component does not give out
        if len(words.tokens) != len(cut.words) or len(words.tokens) > 150:
            continue
        scores = tagger._run(words, 0, len(words.tokens))["ner"]  # noqa: SLF001
        best = viterbi(scores, moves, moves[names.index("O")])
        sure = np.exp(scores[np.arange(len(best)), best]) > SURE
        tags = [names[k] if known else UNKNOWN for k, known in zip(best, sure, strict=True)]
        result.append(Sentence(cut.id, SELF, cut.doc, cut.words, cut.spaces, ner=tags))
    return result


def _unlabelled(corpora: Path) -> Iterator[Sentence]:
    for file in ("ecbplus/train.jsonl", "wikievents/train.jsonl"):
        for line in open_text(corpora / file):
            record = json.loads(line)
            tokens = record["tokens"].split(" ")
            bounds = [tuple(s[-2:]) for s in record["sents"]] or list(_sentences(tokens))
            for begin, end in bounds:
                words = tokens[begin:end]
                if words:
                    spaces = [after not in _GLUED and word not in {"(", "``", "“", "$"}
                              for word, after in zip(words, [*words[1:], ""], strict=True)]  # fmt: skip
                    yield Sentence("", SELF, record["doc"], words, spaces, ner=["O"] * len(words))


def _sentences(tokens: list[str]) -> Iterator[tuple[int, int]]:
    begin = 0
    for i, token in enumerate(tokens, 1):
        if token in {".", "?", "!"} or i == len(tokens):
            yield begin, i
            begin = i


@dataclass
class Encoded:
    """Windows as the frozen encoder sees them: [word, hidden] vectors, allowed labels, source, gazetteer features."""

    vectors: list[torch.Tensor]
    allowed: list[torch.Tensor]
    sources: list[int]
    features: list[torch.Tensor]


class Gazetteer:
    """Names of WordNet by lexicographer file, and of the ontology's countries, as features of words."""

    def __init__(self, corpora: Path) -> None:
        self._classes: dict[tuple[str, ...], set[int]] = {}
        with gzip.open(corpora / "lexicons/wordnet30_verb_noun.tsv.gz", "rt", encoding="utf8") as lines:
            for line in lines:
                row = line.split("\t")
                if row[1] == "n" and row[4] in _FILES:
                    self._add(row[0].split("_"), _FILES.index(row[4]))
        for country in load_ontology().countries:
            for name in (country.name, *country.aliases):
                self._add(name.lower().split(), len(_FILES))
        self.size = 2 * (len(_FILES) + 1)

    def _add(self, words: list[str], kind: int) -> None:
        self._classes.setdefault(tuple(words), set()).add(kind)

    def of(self, words: list[str]) -> torch.Tensor:
        """Return [word, feature]: begins or goes on a phrase of a class, in words that begin with a capital."""
        result = torch.zeros(len(words), self.size)
        low, i = [word.lower() for word in words], 0
        while i < len(words):
            size = next((n for n in range(5, 0, -1) if words[i][:1].isupper() and tuple(low[i : i + n]) in self._classes
                         and words[i + n - 1 : i + n] and words[i + n - 1][:1].isupper()), 0)  # fmt: skip
            for kind in self._classes[tuple(low[i : i + size])] if size else ():
                result[i, 2 * kind] = 1
                result[i + 1 : i + size, 2 * kind + 1] = 1
            i += max(size, 1)
        return result


def encode(model: Network, windows: list[Window], words: list[list[str]], gazetteer: Gazetteer) -> Encoded:
    """Return what the heads learn from, in the windows' order."""
    held: list[torch.Tensor] = []
    hook = model.ner_hidden.register_forward_pre_hook(lambda _, x: held.append(x[0]))
    vectors: list[torch.Tensor] = [torch.empty(0)] * len(windows)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].pieces))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 32):
            chosen = order[at : at + 32]
            model(tensors([windows[i] for i in chosen]))
            rows = held.pop()
            for row, i in enumerate(chosen):
                vectors[i] = rows[row, : len(windows[i].first)].bfloat16().clone()
    hook.remove()
    allowed = []
    for window in windows:
        mask = torch.zeros(len(window.ner), len(BIO), dtype=torch.bool)
        for i, labels in enumerate(window.ner):
            mask[i, labels] = True
        allowed.append(mask)
    return Encoded(vectors, allowed, [w.source for w in windows], [gazetteer.of(each) for each in words])


class Head(nn.Module):
    """The network's entity head, alone; with `features` it sees them too, with `crf` it learns transitions."""

    def __init__(self, sources: int, features: int, *, crf: bool) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(384, 256), nn.Linear(256, len(BIO))
        self.source, self.features = nn.Embedding(sources, 256), nn.Linear(features, 256) if features else None
        nn.init.zeros_(self.source.weight)
        self.moves = nn.Parameter(torch.zeros(len(BIO), len(BIO))) if crf else None
        self.drop = nn.Dropout(0.25)

    def forward(self, x: torch.Tensor, habit: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Return [window, word, label] scores."""
        hidden = self.hidden(x) + habit[:, None]
        hidden = hidden + self.features(features) if self.features is not None else hidden
        scores: torch.Tensor = self.out(self.drop(F.gelu(hidden)))
        return scores

    def loss(self, scores: torch.Tensor, allowed: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return minus the log probability of the allowed labels, for each window."""
        if self.moves is None:
            log = scores.log_softmax(-1).masked_fill(~allowed, _NEVER).logsumexp(-1)
            return -(log * mask).sum(1)
        legal = torch.from_numpy(transitions(list(BIO))).clamp(min=_NEVER)
        moves = self.moves + legal
        return _total(scores, moves, mask) - _total(scores.masked_fill(~allowed, _NEVER), moves, mask)


def _total(scores: torch.Tensor, moves: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the log sum of the scores of all label sequences of each window."""
    best = scores[:, 0] + moves[0]
    for i in range(1, scores.shape[1]):
        step = (best[:, :, None] + moves).logsumexp(1) + scores[:, i]
        best = torch.where(mask[:, i, None], step, best)
    return best.logsumexp(-1)


def train_head(data: Encoded, sources: list[str], features: int, *, crf: bool) -> Head:
    """Return a head trained on the stored vectors for EPOCHS."""
    torch.manual_seed(1)
    head = Head(len(sources), features, crf=crf)
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.01)
    informative = [i for i, allowed in enumerate(data.allowed) if not allowed.all()]
    steps = EPOCHS * (len(informative) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.02, 1 - step / steps))
    silver = torch.tensor([0.6 if source in {SILVER, SELF} else 1.0 for source in sources])
    for epoch in range(EPOCHS):
        draw = torch.Generator().manual_seed(epoch)
        order = sorted(informative, key=lambda i: len(data.vectors[i]))
        groups = [order[at : at + BATCH] for at in range(0, len(order) - BATCH, BATCH)]
        for at in torch.randperm(len(groups), generator=draw).tolist():
            x, allowed, mask, features_ = _padded(data, groups[at])
            source = torch.tensor([data.sources[i] for i in groups[at]])
            losses = head.loss(head(x, head.source(source), features_), allowed, mask)
            (losses * silver[source]).sum().div(mask.sum()).backward()
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
    return head.eval()


def _padded(data: Encoded, chosen: list[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    pad = nn.utils.rnn.pad_sequence
    mask = pad([torch.ones(len(data.vectors[i]), dtype=torch.bool) for i in chosen], batch_first=True)
    allowed = pad([data.allowed[i] for i in chosen], batch_first=True, padding_value=True)
    x = pad([data.vectors[i].float() for i in chosen], batch_first=True)
    return x, allowed, mask, pad([data.features[i] for i in chosen], batch_first=True)


@torch.inference_mode()
def predictions(head: Head, data: Encoded, sources: list[str]) -> list[list[tuple[int, int, str]]]:
    """Return the entities of each window, by Viterbi, with the habit HABITS."""
    habit = head.source.weight[[sources.index(name) for name in HABITS]].mean(0)[None]
    moves = transitions(list(BIO))
    if head.moves is not None:
        moves = moves + head.moves.numpy()
    result = []
    for i in range(len(data.vectors)):
        scores = head(data.vectors[i].float()[None], habit, data.features[i][None])[0].log_softmax(-1).numpy()
        result.append(spans([BIO[k] for k in viterbi(scores, moves, moves[0])]))
    return result


def head_rows(
    groups: Groups, folder: Path, corpora: Path, columns: dict[str, tuple[list[Sentence], dict[str, str]]]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield (row, scores) of each head, trained on `groups` over the encoder of the network in `folder`."""
    model = load_network(folder)
    names = model.labels
    maker = Maker(WordPieces(encoder_folder() / "vocab.txt"), names, noise=False)
    gazetteer = Gazetteer(corpora)

    def encoded(sentences: list[Sentence], *, alone: bool) -> Encoded:
        parts = [[s] for s in sentences] if alone else [sentences]
        windows = [window for part in parts for window in maker.windows(part)]
        words = [word for s in sentences for word in s.words]
        at, cut = 0, []
        for window in windows:
            cut.append(words[at : at + len(window.first)])
            at += len(window.first)
        return encode(model, windows, cut, gazetteer)

    chosen = [s for source, group in sorted(groups.items())
              for s in (group[: int(len(group) * SILVER_PART)] if source == SILVER else group)]  # fmt: skip
    train = encoded(chosen, alone=False)
    known = {"UNER-EWT": "EWT"}
    tests = {}
    for name, (sentences, labels) in columns.items():
        as_known = [Sentence(s.id, known.get(s.source, "GMB"), s.doc, s.words, s.spaces, ner=s.ner) for s in sentences]
        tests[name] = (sentences, labels, encoded(as_known, alone=True))
    for row, features, crf in (("head: linear, Viterbi", 0, False), ("head: CRF", 0, True),
                               ("head: linear with gazetteer", gazetteer.size, False)):  # fmt: skip
        head = train_head(train, names.sources, features, crf=crf)
        yield (
            row,
            {
                name: entity_scores(sentences, predictions(head, data, names.sources), labels)["ALL"]
                for name, (sentences, labels, data) in tests.items()
            },
        )
