"""Texts annotated with events: the corpora's words in, documents with triggers, participants and sources out.

The annotation (`training/events.jsonl.gz`) is ours and holds no text, only positions: one object a line for each
document, `{"id", "sents": [[begin, end]…], "events": […]}`, offsets half-open in characters of the text that
`texts` makes of the corpus. An event mention is `[begin, end, type, event, status, roles, source]`; a role is
`[role, begin, end]`, or `[role, event]` where another event fills it. How it was made: MODEL_CARD.md.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.corpora import Sentence, open_text, read_conllu, text_and_offsets

if TYPE_CHECKING:
    from collections.abc import Iterator

ANNOTATION = Path(__file__).parent / "events.jsonl.gz"
SOURCE = "events"
#: What a word may be to a trigger. "time" is an expression that dates it, "source" who says it.
ROLES = ("", "agent", "patient", "instrument", "recipient", "place", "time", "source")
STATUSES = ("asserted", "negated", "possible", "planned")
_LETTERS = dict(zip("APIRLT", ROLES[1:], strict=False))
_STATUS = dict(zip("anpl", STATUSES, strict=True))
#: Words of a trigger or phrase that carry nothing.
_FUNCTION = frozenset("a an the of to in on at for by from with into up out off over and his her their its".split())
_LINKS = frozenset("of in on at for from with by near to who which that".split())


@dataclass(frozen=True)
class EventMention:
    """One trigger in a sentence: its words, type, number of the event in the document, and who takes part.

    Positions are (sentence of the document, word of the sentence).
    """

    words: tuple[int, ...]
    type: str
    event: str
    status: str
    roles: tuple[tuple[str, tuple[int, int]], ...]


@dataclass(frozen=True)
class EventSentence(Sentence):
    """A sentence with its event mentions and its number in the document."""

    number: int = 0
    events: tuple[EventMention, ...] = field(default_factory=tuple)


def joined(tokens: list[str]) -> str:
    """Return tokens that were cut apart as running text: quotes, brackets, points and hyphens closed up."""
    text = " ".join(tokens)
    text = re.sub(r"``\s*", '"', text)
    text = re.sub(r"\s*''", '"', text)
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m|’s)\b", r"\1", text)
    text = re.sub(r"(\w) ([’']) (s|t|re|ve|ll|d|m)\b", r"\1\2\3", text)
    text = re.sub(r" ([,.;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[$£€]) ", r"\1", text)
    text = re.sub(r"(\d),\s(\d{3})\b", r"\1,\2", text)
    text = re.sub(r"(\d)\. (\d)", r"\1.\2", text)
    text = re.sub(r"(\w) - (\w)", r"\1-\2", text)
    text = text.replace("“ ", "“").replace(" ”", "”").replace("‘ ", "‘")
    text = re.sub(r"\b([A-Z])\. ([A-Z])\.", r"\1.\2.", text)
    text = re.sub(r"\b([A-Z]\.[A-Z]\.) ([A-Z])\.", r"\1\2.", text)
    return re.sub(r"\s+", " ", _quotes_closed(text)).strip()


def _quotes_closed(text: str) -> str:
    parts: list[str] = []
    is_open = False
    for part in re.split(r'(")', text):
        if part != '"':
            parts.append(part.lstrip() if is_open and parts and parts[-1] == '"' else part)
            continue
        if is_open and parts:
            parts[-1] = parts[-1].rstrip(" ")
        parts.append(part)
        is_open = not is_open
    return "".join(parts)


def texts(corpora: Path) -> dict[str, str]:
    """Return the text of every document that may be annotated, by its id (`corpus:document`)."""
    found: dict[str, str] = {}
    for corpus, folder in (("ecb", "ecbplus"), ("wiki", "wikievents")):
        for line in open_text(corpora / folder / "train.jsonl"):
            record = json.loads(line)
            tokens = record["tokens"].split(" ")
            parts = [joined(tokens[a:b]) for _, a, b in record["sents"]] if corpus == "ecb" else [joined(tokens)]
            found[f"{corpus}:{record['doc']}"] = " ".join(part for part in parts if part)
    gum: dict[str, list[str]] = {}
    for sentence in read_conllu(corpora / "ud/train.conllu"):
        if sentence.doc.startswith("GUM_news"):
            gum.setdefault(sentence.doc, []).append(text_and_offsets(sentence)[0].strip())
    found |= {f"gum:{doc}": " ".join(parts) for doc, parts in gum.items()}
    wire: list[tuple[str, str]] = []
    for line in open_text(corpora / "ner/train.jsonl"):
        record = json.loads(line)
        if record["src"] == "GMB":
            words = zip(record["tokens"].split(" "), record["sp"], strict=True)
            wire.append((record["id"], "".join(w + " " * (s == "1") for w, s in words).strip()))
    for i, (name, _) in enumerate(wire):
        found[f"gmb:{name}"] = " ".join(text for _, text in wire[i : i + RUN])
    for file in sorted((corpora / "news").glob("*.jsonl.gz")):
        for record in map(json.loads, open_text(file)):
            found[f"news:{file.name.removesuffix('.jsonl.gz')}:{record['id']}"] = record["text"]
    return found


_HELD_OUT = 16
#: Of the annotated texts of `corpora/news`, which bring what the others lack, one in so many is held out.
_NEWS_HELD_OUT = 10
#: Sentences of GMB, which has no documents, that are taken as one.
RUN = 12


def part_of(doc: str) -> str:
    """Return which part a document belongs to, by the checksum of its id, for good.

    "train"; or held out: to "choose" by, to "report" on, or, of the news only, to score "once".
    """
    number = zlib.crc32(doc.encode())
    if doc.startswith("news:"):
        rest, held = number // _NEWS_HELD_OUT, number % _NEWS_HELD_OUT == 0
        return ("choose", "report", "once")[rest % 3] if held else "train"
    return ("choose", "report")[number // _HELD_OUT % 2] if number % _HELD_OUT == 0 else "train"


def event_sentences(
    corpora: Path, tokenizer: Any, annotation: Path = ANNOTATION, *, dev: bool = False
) -> Iterator[EventSentence]:
    """Yield the annotated sentences, cut into words by the run-time tokenizer, in the documents' order.

    The `dev` ones are those held out (`part_of`).
    """
    text_of = texts(corpora)
    with gzip.open(annotation, "rt", encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            if (part_of(record["id"]) != "train") == dev:
                yield from _document(record, text_of[record["id"]], tokenizer)


def _document(record: dict[str, Any], text: str, tokenizer: Any) -> Iterator[EventSentence]:
    bounds = record["sents"]
    cut: list[list[Any]] = [[t for t in tokenizer(text[a:b]) if not t.is_space] for a, b in bounds]
    starts = [a for a, _ in bounds]

    def covered(begin: int, end: int) -> tuple[int, list[int]]:
        sentence = max(0, bisect_right(starts, begin) - 1)
        base = starts[sentence]
        return sentence, [
            i for i, t in enumerate(cut[sentence]) if t.idx + base < end and begin < t.idx + base + len(t)
        ]

    held: list[list[EventMention]] = [[] for _ in bounds]
    first_of: dict[str, tuple[int, int]] = {}
    for begin, end, _, event, *_ in record["events"]:
        sentence, words = covered(begin, end)
        if words:
            first_of.setdefault(event, (sentence, words[0]))
    for begin, end, kind, event, status, roles, source in record["events"]:
        sentence, words = covered(begin, end)
        strong = [i for i in words if cut[sentence][i].lower_ not in _FUNCTION and cut[sentence][i].is_alpha]
        words = strong or words
        if not words:
            continue
        fillers = []
        for role, *at in roles if source is None else [*roles, ["S", *source]]:
            name = "source" if role == "S" else _LETTERS[role]
            if len(at) == 1:
                if at[0] in first_of:
                    fillers.append((name, first_of[at[0]]))
                continue
            where, phrase = covered(*at)
            if phrase:
                fillers.append((name, (where, _core(phrase, cut[where], whole=name == "time"))))
        held[sentence].append(EventMention(tuple(words), kind, event, _STATUS[status], tuple(dict.fromkeys(fillers))))
    for number, (tokens, events) in enumerate(zip(cut, held, strict=True)):
        if tokens:
            spaces = [bool(t.whitespace_) for t in tokens[:-1]] + [True]
            yield EventSentence(
                f"{record['id']}-{number}", SOURCE, record["id"], [t.text for t in tokens], spaces,
                number=number, events=tuple(events),
            )  # fmt: skip


def _core(phrase: list[int], tokens: list[Any], *, whole: bool) -> int:
    """Return the last word of a phrase before its first preposition or clause: what stands for the phrase."""
    last = phrase[-1]
    if not whole:
        for i in phrase[1:]:
            if tokens[i].lower_ in _LINKS:
                last = i - 1
                break
    while last > phrase[0] and not tokens[last].text[0].isalnum():
        last -= 1
    return last
