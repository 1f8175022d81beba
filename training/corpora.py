"""Reads the corpora into sentences of one kind, each with the layers its corpus has.

Two families: CoNLL-U (tags, lemmas, trees) and entity JSON lines (see CORPORA.md: tokens, sp, tags). Where both
annotate the same sentence (EWT, GUM) they are joined. Entity-only corpora are cut again by the run-time tokenizer.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract.language.tokens import blank_english

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Entity labels in the order of the model's outputs.
LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE", "TIME", "EVENT", "PRODUCT")
UNKNOWN = "-"


@dataclass(frozen=True)
class Sentence:
    """One sentence. Empty layers are not annotated; heads are indices in the sentence, -1 for the root."""

    id: str
    source: str
    doc: str
    words: list[str]
    spaces: list[bool]
    xpos: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    ner: list[str] = field(default_factory=list)


def open_text(path: Path) -> Iterator[str]:
    """Yield the lines of a text file, gzipped or not; the name may leave ".gz" out."""
    path = path if path.exists() else Path(f"{path}.gz")
    with gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8") as lines:
        yield from lines


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file; multiword tokens give way to their words."""
    rows: list[list[str]] = []
    glued: dict[int, bool] = {}  # word number -> SpaceAfter=No, taken from the multiword token where there is one
    last_of_group, names = 0, {"doc": "", "sent_id": "", "source": ""}
    for raw in open_text(path):
        line = raw.rstrip("\n")
        if line.startswith("#"):
            key, _, value = line[1:].strip().partition(" = ")
            names[{"newdoc id": "doc"}.get(key, key)] = value
        elif line:
            row = line.split("\t")
            if "-" in row[0]:
                first, last_of_group = (int(number) for number in row[0].split("-"))
                glued.update(dict.fromkeys(range(first, last_of_group), True))
                glued[last_of_group] = "SpaceAfter=No" in row[9]
            elif row[0].isdigit():
                rows.append(row)
                if int(row[0]) > last_of_group:
                    glued[int(row[0])] = "SpaceAfter=No" in row[9]
        elif rows:
            yield Sentence(
                id=names["sent_id"], source=names["source"].split(";")[0], doc=names["doc"],
                words=[row[1] for row in rows], spaces=[not glued[int(row[0])] for row in rows],
                xpos=[row[4] for row in rows], upos=[row[3] for row in rows],
                lemmas=[row[2] for row in rows], heads=[int(row[6]) - 1 for row in rows], deps=[row[7] for row in rows],
            )  # fmt: skip
            rows, glued, last_of_group = [], {}, 0


def read_entities(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of an entity file. UNER places of undecided kind become B-PLACE/I-PLACE."""
    for line in open_text(path):
        record: dict[str, Any] = json.loads(line)
        tags = record["tags"].split(" ")
        for i, raw in enumerate(record.get("raw", "").split(" ") if record["src"] == "UNER-EWT" else ()):
            if tags[i] == UNKNOWN and raw.endswith("-LOC"):
                tags[i] = raw[:2] + "PLACE"
        yield Sentence(
            id=record["id"], source=record["src"].split("/")[0], doc=record.get("doc", record["src"]),
            words=record["tokens"].split(" "), spaces=[flag == "1" for flag in record["sp"]], ner=tags,
        )  # fmt: skip


def text_and_offsets(sentence: Sentence) -> tuple[str, list[int]]:
    """Return the sentence's text and the begin of each word in it (in characters)."""
    parts, offsets, position = [], [], 0
    for word, space in zip(sentence.words, sentence.spaces, strict=True):
        offsets.append(position)
        parts.append(word + " " * space)
        position += len(parts[-1])
    return "".join(parts), offsets


def retokenize(sentence: Sentence, tokenizer: Any) -> Sentence:
    """Return an entity-only sentence cut by the run-time tokenizer, its tags carried over."""
    text, offsets = text_and_offsets(sentence)
    owner = {
        offset + step: index
        for index, (offset, word) in enumerate(zip(offsets, sentence.words, strict=True))
        for step in range(len(word))
    }
    words, spaces, tags = [], [], []
    for token in tokenizer(text):
        if token.is_space:
            continue
        old = sorted({owner[at] for at in range(token.idx, token.idx + len(token)) if at in owner})
        tag = sentence.ner[old[0]]
        if len({sentence.ner[index][2:] for index in old}) > 1:
            tag = UNKNOWN
        elif tag.startswith("B-") and token.idx != offsets[old[0]]:
            tag = "I-" + tag[2:]
        words.append(token.text)
        spaces.append(bool(token.whitespace_))
        tags.append(tag)
    return replace(sentence, words=words, spaces=spaces, ner=tags)


def training_sentences(corpora: Path, split: str = "train") -> dict[str, list[Sentence]]:
    """Return the sentences of a split ("train" or "dev") by source: EWT, GUM, GMB, wikigold, CrossNER-politics."""
    tokenizer = blank_english().tokenizer
    groups: dict[str, list[Sentence]] = {}
    entities: dict[str, list[str]] = {}
    for sentence in read_entities(corpora / "ner" / f"{split}.jsonl"):
        if sentence.source in {"UNER-EWT", "GUM"}:
            entities[sentence.id.split("-", 1)[1]] = sentence.ner
        else:
            groups.setdefault(sentence.source, []).append(retokenize(sentence, tokenizer))
    for sentence in read_conllu(corpora / "ud" / f"{split}.conllu"):
        tags = entities.get(sentence.id, [])
        joined = replace(sentence, ner=tags) if len(tags) == len(sentence.words) else sentence
        groups.setdefault(sentence.source, []).append(joined)
    return groups
