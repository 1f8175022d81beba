"""The shipped model as one spaCy component: word pieces in, tags, lemmas, trees, sentences and entities out.

The network (training/network.py) runs in onnxruntime, one window of consecutive sentences at a time and never padded
or batched with others: a text gets the same annotations alone and among thousands. A window begins at a sentence
start and ends before the last sentence that might go on beyond it, which the next window reads again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime as ort
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.extract.language import decode
from kg.extract.language.abbreviations import begins_behind
from kg.extract.language.features import BLANK_LINE, GLUED, INSIDE, SPACE, WordPieces, gap_of, word_shape
from kg.extract.language.lemmas import lemma_of
from kg.extract.language.measures import measure_spans
from kg.extract.language.scores import STEPS, EventScores, keep_scores, softmax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

#: Word pieces of a window, and of one with a sentence that is longer (positions end at 512, two are taken).
WINDOW, LONGEST = 160, 500
#: Words that must follow a sentence start for it to end a window: a start seen without its sentence is a guess.
_SEEN = 4
#: Marks that belong to the sentence after them where they stand after a space and before a glued word.
_OPENING = frozenset({'"', "'", "“", "‘", "``", "(", "["})
_CLOSING = frozenset({'"', "'", "”", "’", "''"})
_OUTPUTS = ("xpos", "upos", "rules", "start", "ner", "arcs", "label_dep", "label_head")
#: Outputs of a model that has learned events.
_EVENT_OUTPUTS = ("event", "status", "role_event", "role_word", "same")

_FAR_BELOW = -1e4  # a word vector that no trigger's lifts above zero: white space takes part in nothing

_ATTRIBUTES: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD"]

Scores = dict[str, "NDArray[np.float32]"]


@dataclass(frozen=True)
class Words:
    """The words of a text without its white space tokens: their pieces, shapes, gaps before, and given sentences."""

    tokens: list[int]  # index of the token in the Doc
    pieces: list[tuple[int, ...]]
    shapes: list[int]
    gaps: list[int]
    forms: list[str]
    starts: list[bool] | None  # sentence starts where the Doc brings them


@dataclass
class Annotation:
    """What the network says of each word; heads are word indices, the root's its own."""

    tags: list[str]
    parts: list[str]
    lemmas: list[str]
    heads: list[int]
    labels: list[str]
    starts: list[bool]
    entities: list[tuple[int, int, str]]
    events: list[Scores]  # window by window, for its settled words


@Language.factory("kg_encoder", default_config={"threads": 1})
def make_encoder(nlp: Language, name: str, threads: int) -> Encoder:
    """Make an empty component; `from_disk` gives it a model."""
    del nlp
    return Encoder(name, threads)


class Encoder:
    """spaCy component that sets tag, pos, lemma, head, dep, sentence starts and entities of a Doc."""

    def __init__(self, name: str, threads: int = 1) -> None:
        self.name, self.threads = name, threads
        self._pieces: WordPieces
        self._session: ort.InferenceSession
        self._labels: dict[str, list[str]] = {}

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Encoder:
        """Load model.onnx, vocab.txt, labels.json, labels.npz and lemmas.json from a folder."""
        del exclude
        folder = Path(path)
        self._pieces = WordPieces(folder / "vocab.txt")
        self._labels = json.loads((folder / "labels.json").read_text(encoding="utf8"))
        self._table: dict[str, str] = json.loads((folder / "lemmas.json").read_text(encoding="utf8"))
        with np.load(folder / "labels.npz") as arrays:
            self._label_weight, self._label_bias = arrays["weight"].T.copy(), arrays["bias"]
            self._pairs = _pair_layers(arrays, self._labels) if "role_weight" in arrays else None
        self._moves = decode.transitions(self._labels["ner"])
        self._outputs = _OUTPUTS if self._pairs is None else (*_OUTPUTS, *_EVENT_OUTPUTS)
        self._firsts = self._moves[self._labels["ner"].index("O")]
        options = ort.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place; sentence starts that it already has are kept."""
        words = self._words(doc)
        if words.tokens:
            said = self._annotate(words, doc)
            _write(doc, words, said)
            if self._pairs is not None:
                keep_scores(doc, _event_scores(doc, words, said.events, self._pairs))
        elif len(doc):
            _write_spaces_only(doc)
        return doc

    def _words(self, doc: Doc) -> Words:
        """Collect what the network sees of the Doc's words."""
        text = doc.text
        given = doc.has_annotation("SENT_START")
        words = Words([], [], [], [], [], [] if given else None)
        end = 0
        for token in doc:
            if token.is_space:
                continue
            words.tokens.append(token.i)
            words.pieces.append(self._pieces.of(token.text))
            words.shapes.append(word_shape(token.text))
            words.gaps.append(gap_of(text[end : token.idx]) if end else BLANK_LINE)
            words.forms.append(token.text)
            if words.starts is not None:
                words.starts.append(bool(token.is_sent_start))
            end = token.idx + len(token)
        return words

    def _annotate(self, words: Words, doc: Doc) -> Annotation:
        """Run the network over the words, window by window."""
        result = Annotation([], [], [], [], [], [], [], [])
        begin, size = 0, len(words.tokens)
        while begin < size:
            limit = WINDOW
            while True:
                end = _window_end(words, begin, limit)
                scores = self._run(words, begin, end)
                starts = sentence_starts(words, scores, begin, end)
                if words.starts is None:
                    starts = self._behind_abbreviations(words, scores, starts, begin)
                cut = _cut(words, starts, begin, end)
                if cut or limit == LONGEST:
                    break
                limit = LONGEST
            cut = cut or end - begin
            self._decode(words, doc, scores, starts[:cut], begin, result)
            begin += cut
        return result

    def _behind_abbreviations(self, words: Words, scores: Scores, starts: list[bool], begin: int) -> list[bool]:
        """Return the starts with those behind an abbreviation that ends a sentence."""
        size = len(starts)
        forms = words.forms[begin : begin + size]
        tags = [self._labels["xpos"][k] for k in scores["xpos"][:size].argmax(1)]
        first = 0
        for i in range(1, size):
            if not starts[i] and begins_behind(forms, tags, i, first):
                starts[i] = True
            first = i if starts[i] else first
        return starts

    def _run(self, words: Words, begin: int, end: int) -> Scores:
        """Return the network's scores for the words from begin to end."""
        pieces, shapes, gaps, first = [self._pieces.first], [0], [GLUED], []
        for i in range(begin, end):
            own = words.pieces[i]
            first.append(len(pieces))
            pieces.extend(own)
            shapes.extend([words.shapes[i]] * len(own))
            gaps.append(words.gaps[i])
            gaps.extend([INSIDE] * (len(own) - 1))
        pieces.append(self._pieces.last)
        shapes.append(0)
        gaps.append(GLUED)
        feed = {
            "pieces": np.array(pieces), "positions": np.arange(len(pieces)), "shapes": np.array(shapes),
            "gaps": np.array(gaps), "first": np.array(first),
        }  # fmt: skip
        return dict(zip(self._outputs, self._session.run(self._outputs, feed), strict=True))

    def _decode(self, words: Words, doc: Doc, scores: Scores, starts: list[bool], begin: int, out: Annotation) -> None:
        """Append the annotation of the window's first len(starts) words."""
        size = len(starts)
        forms = [doc[words.tokens[begin + i]].text for i in range(size)]
        chosen = {
            name: [self._labels[name][k] for k in scores[name][:size].argmax(1)] for name in ("xpos", "upos", "rules")
        }
        out.tags += chosen["xpos"]
        out.parts += chosen["upos"]
        out.lemmas += [
            lemma_of(form, tag, rule, self._table)
            for form, tag, rule in zip(forms, chosen["xpos"], chosen["rules"], strict=True)
        ]
        out.starts += starts
        out.events.append({name: scores[name][:size] for name in _EVENT_OUTPUTS if name in scores})
        root = scores["arcs"].shape[1] - 1
        heads: list[int] = []
        bounds = [i for i, start in enumerate(starts) if start] + [size]
        for left, right in pairwise(bounds):
            arcs = scores["arcs"][left:right, [*range(left, right), root]]
            heads += [head + left if head >= 0 else -1 for head in decode.tree(arcs)]
        pairs = scores["label_dep"][:size] + scores["label_head"][[head if head >= 0 else root for head in heads]]
        labels = _gelu(pairs) @ self._label_weight + self._label_bias
        is_root = np.array(heads) < 0
        root_label = self._labels["deps"].index("root")
        labels[~is_root, root_label] = -np.inf
        names = [self._labels["deps"][k] for k in labels.argmax(1)]
        out.heads += [begin + (head if head >= 0 else i) for i, head in enumerate(heads)]
        out.labels += ["ROOT" if head < 0 else name for head, name in zip(heads, names, strict=True)]
        tags = decode.viterbi(scores["ner"][:size], self._moves, self._firsts)
        spans = decode.spans([self._labels["ner"][k] for k in tags])
        out.entities += [(begin + left, begin + right, label) for left, right, label in spans]


def _pair_layers(arrays: Mapping[str, NDArray[np.float32]], labels: dict[str, list[str]]) -> dict[str, Any]:
    """Return the labels of events and the layers that compare two words, as the model's files hold them."""
    return {
        "types": labels["events"],
        "role_names": labels["roles"],
        "statuses": labels["statuses"],
        "role_weight": arrays["role_weight"].T.copy(),
        "role_bias": arrays["role_bias"],
        "role_near": arrays.get("role_near", np.zeros((STEPS, 1), np.float32)),
        "same_weight": arrays["same_weight"][0],
        "same_bias": float(arrays["same_bias"][0]),
    }


def _event_scores(doc: Doc, words: Words, parts: list[Scores], pair_layers: dict[str, Any]) -> EventScores:
    """Return the event scores of the windows as those of the Doc's tokens."""

    def by_token(name: str, blank: float = 0.0) -> NDArray[np.float32]:
        rows = np.concatenate([part[name] for part in parts])
        result = np.full((len(doc), rows.shape[1]), blank, dtype=np.float32)
        result[words.tokens] = softmax(rows) if name in ("event", "status") else rows
        return result

    kinds = by_token("event")
    kinds[[t.i for t in doc if t.is_space], 0] = 1
    return EventScores(
        **pair_layers,
        kinds=kinds,
        status=by_token("status"),
        role_event=by_token("role_event"),
        role_word=by_token("role_word", _FAR_BELOW),
        same=by_token("same"),
        sentence=np.array([n for n, s in enumerate(doc.sents) for _ in s]),
    )


def _window_end(words: Words, begin: int, limit: int) -> int:
    """Return where a window that begins here ends: full, or before that at what looks like a sentence's end."""
    size, end = 0, begin
    while end < len(words.tokens) and (end == begin or size + len(words.pieces[end]) <= limit):
        size += len(words.pieces[end])
        end += 1
    if end == len(words.tokens):
        return end
    for cut in range(end, begin + (end - begin) // 2, -1):
        if words.gaps[cut] == BLANK_LINE or (words.starts is not None and words.starts[cut]):
            return cut
    return end


def sentence_starts(words: Words, scores: Scores, begin: int, end: int) -> list[bool]:
    """Return which of the window's words begin a sentence: given ones, else predicted ones and those after a gap."""
    if words.starts is not None:
        starts = words.starts[begin:end]
    else:
        predicted = scores["start"][:, 1] > scores["start"][:, 0]
        starts = [bool(said) or words.gaps[begin + i] == BLANK_LINE for i, said in enumerate(predicted)]
        for i in range(1, len(starts)):
            if starts[i]:
                starts[i - 1] |= _opened(words, begin + i)
                starts[i] = not _opened(words, begin + i) and not _quoted(words, begin + i)
    return [True, *starts[1:]]


def _opened(words: Words, at: int) -> bool:
    """Whether the word is glued to a mark that opens its sentence, which then begins with the mark."""
    return words.gaps[at] == GLUED and words.gaps[at - 1] != GLUED and words.forms[at - 1] in _OPENING


def _quoted(words: Words, at: int) -> bool:
    """Whether the word goes on after a quotation that ends in a comma: that the sentence does not end there is sure."""
    closed = words.gaps[at] == SPACE and words.forms[at - 1] in _CLOSING and words.gaps[at - 1] == GLUED
    return closed and at > 1 and words.forms[at - 2] == ","


def _cut(words: Words, starts: list[bool], begin: int, end: int) -> int:
    """Return how many of the window's words are settled; 0 where its first sentence may go on beyond it."""
    if end == len(words.tokens) or words.gaps[end] == BLANK_LINE or (words.starts is not None and words.starts[end]):
        return end - begin
    return next((i for i in range(len(starts) - _SEEN, 0, -1) if starts[i]), 0)


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Gaussian error linear unit of x (erf by Abramowitz and Stegun 7.1.26, error below 2e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - series * np.exp(-z * z))
    result: NDArray[np.float32] = (x * 0.5 * (1 + erf)).astype(np.float32)
    return result


def _write(doc: Doc, words: Words, said: Annotation) -> None:
    """Set the annotation on the Doc; white space hangs on the word before it (or the first word)."""
    add: Callable[[str], int] = doc.vocab.strings.add
    values = np.zeros((len(doc), 5), dtype=np.int64)
    strings = np.zeros((len(doc), 4), dtype=np.uint64)
    owner = words.tokens[0]
    row_of = dict(zip(words.tokens, range(len(words.tokens)), strict=True))
    for i in range(len(doc)):
        word = row_of.get(i)
        if word is None:
            values[i, 0] = owner - i
            strings[i] = [add("_SP"), add("SPACE"), add(doc[i].text), add("dep")]
            continue
        owner = i
        values[i, 0] = words.tokens[said.heads[word]] - i
        strings[i] = [add(said.tags[word]), add(said.parts[word]), add(said.lemmas[word]), add(said.labels[word])]
    array: Any = np.column_stack([strings, values[:, 0].astype(np.uint64)])
    doc.from_array(_ATTRIBUTES, array)
    spans = [(words.tokens[left], words.tokens[right - 1] + 1, label) for left, right, label in said.entities]
    taken = {i for left, right, _ in spans for i in range(left, right)}
    spans += [span for span in measure_spans(doc) if not taken.intersection(range(span[0], span[1]))]
    doc.set_ents([Span(doc, left, right, label=label) for left, right, label in spans])


def _write_spaces_only(doc: Doc) -> None:
    """Annotate a text of nothing but white space: one sentence whose first token is the root."""
    add: Any = doc.vocab.strings.add
    rows = [[add("_SP"), add("SPACE"), add(token.text), add("dep" if token.i else "ROOT"), 0] for token in doc]
    array: Any = np.array(rows, dtype=np.uint64)
    array[:, 4] = (-np.arange(len(doc))).astype(np.int64).astype(np.uint64)
    doc.from_array(_ATTRIBUTES, array)
