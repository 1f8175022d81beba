"""Words, numbers and times by themselves, without a tree: what the approved tables hold of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.amounts.quantities import read_quantity
from kg.extract.language import decode
from kg.extract.language.abbreviations import begins_behind
from kg.extract.language.features import GAPS, SHAPES, gap_of, word_shape
from kg.extract.language.lemmas import apply_rule, lemma_of, rule_for
from kg.extract.language.measures import measure_spans
from kg.extract.language.tokens import blank_english
from kg.extract.times.mentions import find_times
from tests import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

    from kg.core.model import Bounds

CASES = Path(__file__).parent / "cases"
FORMS = "cities ties dies aftershocks glass virus crisis police Kirras UNITED NATO ran boxes news gases leaves".split()
RULES = ("0+", "1+", "3+y", "^1+", "^0+", "9+", "9+x", "2+e")
SHOWN = ("police", "POLICE", "Police", "P", "McKay", "iPhone", "5", "5th", "A5", "-", "U.S.", "u.s.", "Å", "mA")
CUT = (
    *(
        "U.S.-led forces",
        "pro-government",
        "Anti-tank",
        "a well-known man",
        "2019-2023",
        "10-year-old",
        "and/or",
        "don't",
    ),
    *(
        "he said--she said",
        "5km",
        "$5m",
        "the UN's",
        "Mr. Hale",
        "a–b",
        "3–4",
        "x*y",
        "2*3",
        "A.-led",
        "co-operate",
        "e-mail",
    ),
)
#: A leap day (a Thursday), the last and the first day of a year (a Sunday, a Monday), a Saturday, the first of a month.
BORDERS = ("2024-02-29", "2023-12-31", "2024-01-01", "2022-07-30", "2023-03-01")
SENTENCES = (
    *(
        "He flew to the U.S. Troops were sent home",
        "He said U.S. Marines attacked",
        "They met at 5 p.m. The talks failed",
    ),
    *(
        "She works for Tolm Inc. The firm closed",
        "She works for Tolm Inc. Chairman Bo",
        "Back in the U.K. He resigned at once",
    ),
    *(
        "It was done by Bo Jr. They left",
        "At p.m. He left",
        "They came to the E.U. Big old grey ships sank",
        "to U.N. Envoys met",
    ),
)
TAGS = {
    **dict.fromkeys("flew said met works closed failed resigned left came sank was sent".split(), "VBD"),
    **dict.fromkeys(("to", "in", "at", "for", "by", "At", "Back"), "IN"),
    **dict.fromkeys(("He", "They", "She", "It"), "PRP"),
    **dict.fromkeys(("The", "the"), "DT"),
    **dict.fromkeys(("Troops", "Marines", "Envoys", "ships"), "NNS"),
    **dict.fromkeys(("Big", "old", "grey"), "JJ"),
}


def _rows(name: str) -> Iterator[list[str]]:
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


def times() -> Iterator[str]:
    """Each expression of time of the cases with its bounds, and without a date of publication."""
    nlp = blank_english()
    for published, marked, *_ in _rows("times.tsv"):
        text = marked.replace("[", "").replace("]", "")
        for day in dict.fromkeys((None if published == "-" else published, None)):
            found = find_times(nlp(text), day)
            told = "; ".join(f"“{t.text}” {_bounds(t.bounds)} {t.grain} {t.kind}" for t in found)
            yield f"{day}: {text} = {told}"


def times_around() -> Iterator[str]:
    """Each expression of the list as it would be read on days where months, years and weeks end or begin."""
    nlp = blank_english()
    for (words,) in _rows("times-around.txt"):
        for day in BORDERS:
            past, future = (
                _behind(nlp, before, words, day) for before in ("Storms came on Wednesday. It rained", "It will rain")
            )
            yield f"{day} {words}: {past}{f' | ahead: {future}' if future != past else ''}"


def _behind(nlp: Language, before: str, words: str, day: str) -> str:
    """The times of a text's last words."""
    times = find_times(nlp(f"{before} {words}."), day)
    return ", ".join(f"“{t.text}” {_short(t.bounds)} {t.kind}" for t in times if t.start_char > len(before))


def _short(bounds: Bounds) -> str:
    """The four bounds, those that are the same once, and the grain."""
    return f"{' '.join(dict.fromkeys(_bounds(bounds).split(' ')))} {bounds.grain}"


def _bounds(bounds: object) -> str:
    names = ("earliest_begin", "latest_begin", "earliest_end", "latest_end")
    return " ".join(str(getattr(bounds, name) or "-") for name in names)


def quantities() -> Iterator[str]:
    """Each phrase with a number of the cases, and the amounts that the pipeline marks."""
    nlp = blank_english()
    for text, *_ in _rows("quantities.tsv"):
        for words in (text, f"{text} or so", f"at most {text}"):
            yield f"{words} = {read_quantity([token.text for token in nlp.tokenizer(words)])}"
    for text in kept.kept_texts():
        if any(c.isdigit() or c in "$€£" for c in text):
            doc = kept.doc_of(text)
            yield f"{text[:80]!r}: {[(doc[a:b].text, label) for a, b, label in measure_spans(doc)]}"


def forms() -> Iterator[str]:
    """How text is cut, what words look like, their lemmas, and where a sentence begins behind an abbreviation."""
    nlp = blank_english()
    yield from (f"{text} = {[token.text for token in nlp.tokenizer(text)]}" for text in CUT)
    yield from (f"shape {form} = {SHAPES[word_shape(form)]}" for form in SHOWN)
    yield from (
        f"gap {gap!r} = {GAPS[gap_of(gap)]}" for gap in ("", " ", "\n", "\r\n", "\n\n", " \n \n ", "\u2029", "\t")
    )
    yield from (f"{form} by {rule} = {apply_rule(rule, form)}" for form in ("Cities", "ran", "a") for rule in RULES)
    for form in FORMS:
        yield from (f"{form}/{tag} = {lemma_of(form, tag, '0+', {'ran|VB*': 'run', 'leaves|NNS': 'leaf'})}"
                    for tag in ("NNS", "NN", "NNP", "VBD", "VBZ"))  # fmt: skip
    pairs = (("cities", "city"), ("Kirra", "Kirra"), ("Cities", "city"), ("ran", "run"), ("a", "b"), ("Men", "man"))
    yield from (f"rule {form} {lemma} = {rule_for(form, lemma)}" for form, lemma in pairs)
    for sentence in SENTENCES:
        words = sentence.split()
        tags = [TAGS.get(word, "NNP" if word.istitle() else "NN") for word in words]
        yield f"{sentence} = {[words[at] for at in range(1, len(words)) if begins_behind(words, tags, at, 0)]}"
    for size in (1, 2, 3, 5):
        table = np.cos(np.arange(size * (size + 1)) * 1.7).reshape(size, size + 1) * 4  # numbers in no order
        yield f"tree {size} = {decode.tree(table)}"
