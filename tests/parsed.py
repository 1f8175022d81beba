"""Documents with trees from files: what the tests of the extraction read where no language model is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.tokens import Doc, Span

from kg.extract.language.tokens import blank_english

if TYPE_CHECKING:
    from pathlib import Path


ENGLISH = blank_english()  # the tokenizer alone, made once: it takes a tenth of a second
VOCAB = ENGLISH.vocab


def read_cases(path: Path) -> dict[str, Doc]:
    """Return the documents of a CoNLL-U file by their "# case" names; entities stand in MISC as ``Ent=B-ORG``."""
    cases: dict[str, list[list[list[str]]]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# case = "):
            name = line.removeprefix("# case = ")
            cases[name] = [[]]
        elif line.startswith("#"):
            continue
        elif line:
            cases[name][-1].append(line.split("\t"))
        elif name and cases[name][-1]:
            cases[name].append([])
    return {case: _doc([rows for rows in sentences if rows]) for case, sentences in cases.items()}


def drawn(*sentences: str) -> Doc:
    """Return a document whose trees are drawn by hand: each word as ``form/TAG/head/relation``, or with ``/lemma``.

    Heads are the numbers of words from 1 on in their sentence, 0 for the root; the part of speech follows from the tag.
    """
    rows = []
    for sentence in sentences:
        words = [word.split("/") for word in sentence.split()]
        rows.append([[str(n), w[0], (w[4:] or [w[0].lower()])[0], _POS.get(w[1], w[1]), w[1], "_", w[2], w[3], "_", "_"]
                     for n, w in enumerate(words, 1)])  # fmt: skip
    return _doc(rows)


_POS = {
    **dict.fromkeys(("NN", "NNS"), "NOUN"),
    **dict.fromkeys(("NNP", "NNPS"), "PROPN"),
    **dict.fromkeys(("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"), "VERB"),
    **dict.fromkeys(("PRP", "WP", "WDT", "WP$"), "PRON"),
    "IN": "ADP",
    "TO": "PART",
    "DT": "DET",
    "JJ": "ADJ",
    "JJS": "ADJ",
    "CC": "CCONJ",
    "CD": "NUM",
    "RB": "ADV",
    "WRB": "ADV",
    "PRP$": "PRON",
    ".": "PUNCT",
    ",": "PUNCT",
    ":": "PUNCT",
}


def _doc(sentences: list[list[list[str]]]) -> Doc:
    rows, heads, starts = [], [], []
    for sentence in sentences:
        first = len(rows)
        starts += [True, *[False] * (len(sentence) - 1)]
        heads += [first + int(row[6]) - 1 if int(row[6]) else first + i for i, row in enumerate(sentence)]
        rows += sentence
    doc = Doc(
        VOCAB,
        words=[row[1] for row in rows],
        spaces=["SpaceAfter=No" not in row[9] for row in rows],
        lemmas=[row[2] for row in rows],
        pos=[row[3] for row in rows],
        tags=[row[4] for row in rows],
        deps=["ROOT" if row[7] == "root" else row[7] for row in rows],
        heads=heads,
    )
    tags = [next((m[4:] for m in row[9].split("|") if m.startswith("Ent=")), "O") for row in rows]
    spans = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            end = next((k for k in range(i + 1, len(tags)) if not tags[k].startswith("I-")), len(tags))
            spans.append(Span(doc, i, end, label=tag[2:]))
    doc.set_ents(spans)
    return doc
