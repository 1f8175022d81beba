"""Scores any pipeline on the test sets and prints the model card's table.

`python -m training.evaluate --model default --corpora DIR [--entities FILE.jsonl ...] [--trees FILE.conllu ...]`

Trees: on given words and sentences (UPOS, XPOS, lemma, UAS, LAS as the CoNLL 2018 task counts: punctuation included,
label subtypes left out; LAS+ with subtypes), and again with predicted sentences; sentence F1 on raw text whose
sentences are joined by one space, and joined by a line break where one lacks its final stop; of where they
begin alone (starts F1). Entities: strict span
and label F1 on raw text sentence by sentence with the pipeline's own words, on the corpus's words, and on those read
within the document where the file tells it. Speed: words
a second of processor time in one process, and seconds to load.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from kg.extract.language.decode import spans
from kg.extract.language.models import load_model, model_version, read_docs
from kg.extract.language.schemes import scheme_of, to_ud
from training.corpora import UNKNOWN, Sentence, read_conllu, read_entities, text_and_offsets

if TYPE_CHECKING:
    from spacy.language import Language

PLACES = {"GPE": "LOC", "FAC": "LOC", "LOC": "LOC", "PERSON": "PERSON", "ORG": "ORG"}
SIX = {label: label for label in ("PERSON", "ORG", "GPE", "LOC", "NORP", "DATE")}
TEN = {**SIX, **{label: label for label in ("FAC", "TIME", "EVENT", "PRODUCT")}}
#: Entity tests: file, labels counted (and what they count as).
ENTITY_TESTS = (
    ("UNER EWT test, 3 classes", "ner/test/uner_ewt_test.jsonl", PLACES),
    ("re3d, 6 labels", "ner/test/re3d_open.jsonl", SIX),
    ("GMB slice (silver), 10 labels", "ner/test/gmb_test_silver.jsonl", TEN),
)
TREE_TESTS = (
    ("EWT+GUM test", "ud/test.conllu"), ("EWT test (official)", "ud/ewt_test.conllu"),
    ("GUM test (open genres)", "ud/gum_test.conllu"), ("newslike test", "ud/newslike_test.conllu"),
)  # fmt: skip
TREE_COLUMNS = ("UPOS", "XPOS", "lemma", "UAS", "LAS", "LAS+", "LAS, own sentences",
                "sentence F1", "with line breaks", "starts F1")  # fmt: skip
_STOPS = frozenset(".!?\"'”’:)")
Span = tuple[int, int, str]


def f1(right: int, predicted: int, gold: int) -> float:
    """Return the F1 of `right` out of so many predicted and gold things, in per cent."""
    return 200 * right / (predicted + gold) if predicted + gold else 0.0


def documents(sentences: list[Sentence]) -> list[list[Sentence]]:
    """Group neighbouring sentences of one document."""
    return [list(group) for _, group in groupby(sentences, key=lambda s: s.doc)]


def given_doc(nlp: Language, sentences: list[Sentence], *, starts: bool) -> Doc:
    """Return an unannotated Doc with the corpus's words, and its sentence starts if asked."""
    words = [word for s in sentences for word in s.words]
    spaces = [space for s in sentences for space in (*s.spaces[:-1], True)]
    begins: list[bool | int | None] | None = (
        [i == 0 for s in sentences for i in range(len(s.words))] if starts else None
    )
    return Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=begins)


def tree_scores(nlp: Language, sentences: list[Sentence], *, given_only: bool = False) -> dict[str, float]:
    """Return the scores of tags, lemmas, trees and sentences, in per cent; `given_only`: on given sentences alone."""
    right: Counter[str] = Counter()
    scheme, total = scheme_of(nlp), 0
    for group in documents(sentences):
        for starts in (True,) if given_only else (True, False):
            doc = given_doc(nlp, group, starts=starts)
            for _, component in nlp.pipeline:
                doc = component(doc)
            doc = to_ud(doc, scheme)
            at = 0
            for s in group:
                for i in range(len(s.words)):
                    token = doc[at + i]
                    head = -1 if token.head.i == token.i else token.head.i - at
                    label = "root" if token.dep_ == "ROOT" else token.dep_
                    arc = head == s.heads[i]
                    same = label.split(":")[0] == s.deps[i].split(":")[0]
                    if starts:
                        total += 1
                        right["UPOS"] += token.pos_ == s.upos[i]
                        right["XPOS"] += token.tag_ == s.xpos[i]
                        right["lemma"] += token.lemma_ == s.lemmas[i]
                        right["UAS"] += arc
                        right["LAS"] += arc and same
                        right["LAS+"] += arc and label == s.deps[i]
                    else:
                        right["LAS, own sentences"] += arc and same
                at += len(s.words)
    given = {name: 100 * count / total for name, count in right.items()}
    return (
        given
        if given_only
        else given
        | {
            "sentence F1": sentence_f1(nlp, sentences, breaks=False),
            "with line breaks": sentence_f1(nlp, sentences, breaks=True),
            "starts F1": sentence_f1(nlp, sentences, breaks=False, ends=False),
        }
    )


def sentence_f1(nlp: Language, sentences: list[Sentence], *, breaks: bool, ends: bool = True) -> float:
    """Return the F1 of sentence spans on raw text joined by spaces, or by line breaks where there is no final stop.

    Without `ends` only where sentences begin is compared: one start that is missed spoils two spans.
    """
    right = predicted = gold = 0
    for group in documents(sentences):
        texts = [text_and_offsets(s)[0].strip() for s in group]
        begins, whole = set(), ""
        for text in texts:
            begins.add((len(whole), len(whole) + len(text) * ends))
            whole += text + ("\n" if breaks and text[-1:] not in _STOPS else " ")
        said = set()
        for sent in next(read_docs(nlp, [whole])).sents:
            text = sent.text.strip()
            begin = sent.start_char + len(sent.text) - len(sent.text.lstrip())
            said.add((begin, begin + len(text) * ends))
        right, predicted, gold = right + len(said & begins), predicted + len(said), gold + len(begins)
    return f1(right, predicted, gold)


def own_spans(nlp: Language, sentences: list[Sentence]) -> list[list[Span]]:
    """Return the entities of each sentence read as raw text, in the corpus's words; others cannot be right or wrong."""
    result = []
    texts = [text_and_offsets(s) for s in sentences]
    for (_, offsets), s, doc in zip(texts, sentences, read_docs(nlp, (text for text, _ in texts)), strict=True):
        first = {offset: i for i, offset in enumerate(offsets)}
        last = {offset + len(word): i + 1 for i, (offset, word) in enumerate(zip(offsets, s.words, strict=True))}
        result.append([(first[e.start_char], last[e.end_char], e.label_) for e in doc.ents
                       if e.start_char in first and e.end_char in last])  # fmt: skip
    return result


def given_spans(nlp: Language, sentences: list[Sentence], *, context: bool) -> list[list[Span]]:
    """Return the entities of each sentence on the corpus's words, read alone or within its document."""
    result: list[list[Span]] = []
    for group in documents(sentences) if context else [[s] for s in sentences]:
        doc = given_doc(nlp, group, starts=True)
        for _, component in nlp.pipeline:
            doc = component(doc)
        at = 0
        for s in group:
            size = len(s.words)
            inside = [e for e in doc.ents if at <= e.start and e.end <= at + size]
            result.append([(e.start - at, e.end - at, e.label_) for e in inside])
            at += size
    return result


def entity_scores(sentences: list[Sentence], said: list[list[Span]], labels: dict[str, str]) -> dict[str, float]:
    """Return F1 by label and in all ("ALL"); predictions that touch an unknown word do not count."""
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for s, own in zip(sentences, said, strict=True):
        unknown = {i for i, tag in enumerate(s.ner) if tag == UNKNOWN or tag.endswith("PLACE")}
        want = {(a, b, labels[x]) for a, b, x in spans([t if t != UNKNOWN else "O" for t in s.ner]) if x in labels}
        have = {(a, b, labels[x]) for a, b, x in own if x in labels and not unknown.intersection(range(a, b))}
        for counter, found in ((right, want & have), (predicted, have), (gold, want)):
            counter.update(label for _, _, label in found)
    scores = {"ALL": f1(right.total(), predicted.total(), gold.total())}
    return scores | {label: f1(right[label], predicted[label], gold[label]) for label in sorted(gold)}


def speed(nlp: Language, sentences: list[Sentence]) -> float:
    """Return words a second of processor time over the documents' raw texts (after one for warmth)."""
    texts = [" ".join(text_and_offsets(s)[0].strip() for s in group) for group in documents(sentences)]
    words = sum(len(s.words) for s in sentences)
    next(read_docs(nlp, texts[:1]))
    begun = time.process_time()
    for _ in read_docs(nlp, texts):
        pass
    return words / (time.process_time() - begun)


def load_seconds(name: str) -> float:
    """Return the seconds to load the pipeline in a fresh process, after spaCy's import."""
    code = ("import time,spacy,sys; from kg.extract.language.models import load_model; t=time.perf_counter();"
            "load_model(sys.argv[1]); print(time.perf_counter()-t)")  # fmt: skip
    return float(subprocess.run([sys.executable, "-c", code, name], capture_output=True, check=True, text=True).stdout)  # noqa: S603


def tree_row(name: str, scores: dict[str, float]) -> str:
    """Return one row of the table of trees."""
    return f"| {name} | " + " | ".join(f"{scores[column]:.1f}" for column in TREE_COLUMNS) + " |"


def entity_row(nlp: Language, name: str, sentences: list[Sentence], labels: dict[str, str]) -> str:
    """Return one row of the table of entities."""
    own = entity_scores(sentences, own_spans(nlp, sentences), labels)
    alone, within = (
        entity_scores(sentences, given_spans(nlp, sentences, context=context), labels)["ALL"]
        for context in (False, True)
    )
    by_label = ", ".join(f"{label} {score:.1f}" for label, score in own.items() if label != "ALL")
    context = f"{within:.1f}" if len({s.doc for s in sentences}) > 1 else "–"
    return f"| {name} | {own['ALL']:.1f} | {alone:.1f} | {context} | {by_label} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default", help="name, package or folder of a pipeline")
    parser.add_argument("--corpora", type=Path, help="corpora folder; its tests are scored")
    parser.add_argument("--entities", type=Path, nargs="*", default=[], help="further entity files (JSON lines)")
    parser.add_argument("--trees", type=Path, nargs="*", default=[], help="further CoNLL-U files")
    parser.add_argument("--dev", action="store_true", help="the dev sets instead of the tests")
    args = parser.parse_args()
    nlp = load_model(args.model)
    print(f"Model: {model_version(args.model)}\n")
    trees: list[tuple[str, Path]] = [(path.name, path) for path in args.trees]
    entities: list[tuple[str, Path, dict[str, str]]] = [(path.name, path, TEN) for path in args.entities]
    if args.corpora and args.dev:
        trees.insert(0, ("EWT+GUM dev", args.corpora / "ud/dev.conllu"))
        entities.insert(0, ("dev", args.corpora / "ner/dev.jsonl", TEN))
    elif args.corpora:
        trees = [(name, args.corpora / path) for name, path in TREE_TESTS] + trees
        entities = [(name, args.corpora / path, labels) for name, path, labels in ENTITY_TESTS] + entities
    if trees:
        print(f"| trees | {' | '.join(TREE_COLUMNS)} |\n" + "|---" * (len(TREE_COLUMNS) + 1) + "|")
    for name, path in trees:
        print(tree_row(name, tree_scores(nlp, list(read_conllu(path)))), flush=True)
    if entities:
        print(
            "\n| entities | F1, own words | F1, given words | F1, in its document | by label (own words) |\n"
            + "|---" * 5
            + "|"
        )
    for name, path, labels in entities:
        sentences = list(read_entities(path))
        parts: dict[str, list[Sentence]] = {name: sentences}
        if args.dev:
            for s in sentences:
                parts.setdefault(s.source, []).append(s)
        for part, chosen in parts.items():
            print(entity_row(nlp, part, chosen, labels), flush=True)
    if args.corpora:
        timed = list(read_conllu(args.corpora / "ud/newslike_test.conllu"))
        print(f"\n{speed(nlp, timed):,.0f} words/s on one core; loads in {load_seconds(args.model):.2f} s")


if __name__ == "__main__":
    main()
