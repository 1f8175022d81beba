"""Ways of reading with one finished model: context, one label for a name in a document, letter case.

What training.compare calls; nothing is trained. All rows read given words in given sentences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from training.corpora import Sentence, read_conllu, read_entities, training_sentences
from training.evaluate import PLACES, SIX, Span, documents, entity_scores, given_spans, tree_scores

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spacy.language import Language

COLUMNS = ("UPOS dev", "LAS dev", "UNER dev", "UPOS test", "LAS test", "UNER test", "re3d")


class TrueCase:
    """The usual case of words in the training text, away from sentence starts; unknown words get a capital."""

    def __init__(self, corpora: Path) -> None:
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in (s for group in training_sentences(corpora).values() for s in group):
            if sum(word.isupper() and len(word) > 1 for word in sentence.words) < len(sentence.words) / 2:
                for word in sentence.words[1:]:
                    seen[word.lower()][word] += 1
        self._usual = {low: forms.most_common(1)[0][0] for low, forms in seen.items()}

    def restored(self, words: list[str]) -> list[str]:
        """Return the words in their usual case, the first with a capital."""
        usual = [self._usual.get(word.lower(), word.capitalize()) for word in words]
        usual = [new if len(new) == len(old) else old for new, old in zip(usual, words, strict=True)]
        return [usual[0][:1].upper() + usual[0][1:], *usual[1:]] if usual else usual


def one_label(sentences: list[Sentence], said: list[list[Span]]) -> list[list[Span]]:
    """Return the entities with each name given the label that it bears most in its document."""
    result: list[list[Span]] = []
    at = 0
    for group in documents(sentences):
        own = said[at : at + len(group)]
        at += len(group)
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for s, found in zip(group, own, strict=True):
            for a, b, label in found:
                votes[" ".join(s.words[a:b])][label] += 1
        for s, found in zip(group, own, strict=True):
            result.append([(a, b, votes[" ".join(s.words[a:b])].most_common(1)[0][0]) for a, b, _ in found])
    return result


def print_reading(nlp: Language, corpora: Path) -> None:
    """Print the table of the ways of reading."""
    dev = [s for s in read_entities(corpora / "ner/dev.jsonl") if s.source == "UNER-EWT"]
    tests = {
        "UNER dev": (dev, PLACES),
        "UNER test": (list(read_entities(corpora / "ner/test/uner_ewt_test.jsonl")), PLACES),
        "re3d": (list(read_entities(corpora / "ner/test/re3d_open.jsonl")), SIX),
    }
    trees = {name: list(read_conllu(corpora / f"ud/{name}.conllu")) for name in ("dev", "test")}
    case = TrueCase(corpora)

    def upper(words: list[str]) -> list[str]:
        return [word.upper() for word in words]

    def lower(words: list[str]) -> list[str]:
        return [word.lower() for word in words]

    def show(name: str, change: Callable[[list[str]], list[str]], *, context: bool, consistent: bool = False) -> None:
        scores: dict[str, float] = {}
        for column, (sentences, labels) in tests.items():
            read = [replace(s, words=change(s.words)) for s in sentences]
            said = given_spans(nlp, read, context=context)
            said = one_label(sentences, said) if consistent else said
            scores[column] = entity_scores(sentences, said, labels)["ALL"]
        for split, sentences in trees.items() if not consistent else ():
            read = [replace(s, words=change(s.words), doc=s.doc if context else f"{s.doc} {i}")
                    for i, s in enumerate(sentences)]  # fmt: skip
            given = tree_scores(nlp, read, given_only=True)
            scores |= {f"UPOS {split}": given["UPOS"], f"LAS {split}": given["LAS"]}
        cells = (f"{scores[c]:.1f}" if c in scores else "" for c in COLUMNS)
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)

    print(f"\n| way of reading | {' | '.join(COLUMNS)} |\n" + "|---" * (len(COLUMNS) + 1) + "|")
    show("one sentence at a time", list, context=False)
    show("windows of the document", list, context=True)
    show("the same, one label for a name in a document", list, context=True, consistent=True)
    show("ALL CAPS", upper, context=True)
    show("ALL CAPS, case restored by a word list", lambda words: case.restored(upper(words)), context=True)
    show("lower case", lower, context=True)
    show("lower case, case restored by a word list", lambda words: case.restored(lower(words)), context=True)
