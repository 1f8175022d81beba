"""Kept documents with one slip of the network in each, and articles of other days: in what they are read otherwise.

No parser is always right, so no rule may count on the tree being as a person would draw it. In each document one word
has the labels of another one, or hangs on the head of its head, a name or a score is another, words stand further
apart, or a word is another one, in the tree of the first. Which it is goes by the words of the text. What is told is
only in what the reading differs from that of the document as it is.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

from kg.core.model import Article
from kg.extract.reading import extract_doc
from kg.ontology.load import load_ontology
from tests import kept
from tests.readings import CASES, PUBLISHED, texts
from tests.told import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc

#: So many files share the work, each with the texts that fall to it by their words.
FILES = 12
#: So many texts are joined to one article.
TOGETHER = 3
DAYS = (None, "2024-02-29", "2024-01-01", "2023-12-31", "2024-05-06", "2024-05-12", "2024-10-31")
NAMES = ("PERSON", "ORG", "GPE", "NORP", "FAC", "DATE", "CARDINAL")


def _drawn(text: str, what: str, choices: int) -> int:
    """A number below ``choices`` that goes by the text."""
    return crc32(f"{what} {text}".encode()) % choices


def label(text: str, values: dict[str, Any]) -> str:
    """One word has the part of speech and the relation of another word of the text; its head stays."""
    labels = {name: values[name].split(" ") for name in ("pos", "tag", "dep")}
    able = [n for n, dep in enumerate(labels["dep"]) if dep not in ("ROOT", "punct")]
    if len(able) < 2:
        return ""
    one = able[_drawn(text, "one", len(able))]
    others = [n for n in able if labels["dep"][n] != labels["dep"][one]]
    if not others:
        return ""
    other = others[_drawn(text, "other", len(others))]
    for name, found in labels.items():
        found[one] = found[other]
        values[name] = " ".join(found)
    return f"“{values['words'][one]}” is {labels['pos'][one]} and {labels['dep'][one]}"


def relation(text: str, values: dict[str, Any]) -> str:
    """One word has another relation to its head, one of those that parsers take for each other."""
    dep = values["dep"].split(" ")
    able = [n for n, found in enumerate(dep) if any(found in group for group in _ALIKE)]
    if not able:
        return ""
    one = able[_drawn(text, "relation", len(able))]
    others = [name for group in _ALIKE if dep[one] in group for name in group if name != dep[one]]
    dep[one] = others[_drawn(text, "which", len(others))]
    values["dep"] = " ".join(dep)
    return f"“{values['words'][one]}” is {dep[one]}"


_ALIKE = (
    ("nsubj", "nsubj:pass", "obj", "obl", "iobj"),
    ("nmod", "obl", "appos", "compound", "amod"),
    ("ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "conj"),
    ("advmod", "amod", "det", "nummod", "mark"),
)


def tree(text: str, values: dict[str, Any]) -> str:
    """One word hangs on the head of its head."""
    heads, dep = values["heads"], values["dep"].split(" ")
    able = [n for n in range(len(heads)) if heads[n] and heads[n + heads[n]] and dep[n] != "punct"]
    if not able:
        return ""
    one = able[_drawn(text, "tree", len(able))]
    values["heads"] = [*heads[:one], heads[one] + heads[one + heads[one]], *heads[one + 1 :]]
    return f"“{values['words'][one]}” hangs on “{values['words'][one + values['heads'][one]]}”"


def name(text: str, values: dict[str, Any]) -> str:
    """One name is none, or of another kind."""
    if not values["names"]:
        return ""
    one = _drawn(text, "name", len(values["names"]))
    start, end, _ = values["names"][one]
    kind = (*NAMES, "")[_drawn(text, "kind", len(NAMES) + 1)]
    values["names"] = [
        *values["names"][:one],
        *([(start, end, kind)] if kind else []),
        *values["names"][one + 1 :],
    ]
    return f"“{' '.join(values['words'][start:end])}” is {kind or 'no name'}"


def score(text: str, values: dict[str, Any]) -> str:
    """One word that tells an event is less sure, or another status is likely."""
    able = [n for n, row in enumerate(values.get("kinds", ())) if row[:2] != [0, 100]]
    if not able:
        return ""
    one = able[_drawn(text, "score", len(able))]
    if _drawn(text, "half", 2):
        part = (30, 60)[_drawn(text, "part", 2)]
        row = values["kinds"][one]
        values["kinds"][one] = [row[0], row[1] * part // 100]
        return f"“{values['words'][one]}” tells {part} % of it"
    status = _drawn(text, "status", 4)
    values["status"][one] = [status, 90]
    return f"“{values['words'][one]}” has status {status}"


def stretch(text: str, values: dict[str, Any]) -> str:
    """Some more adjectives stand before a noun: what is near is further away."""
    able = [n for n, pos in enumerate(values["pos"].split(" ")) if pos in ("NOUN", "PROPN")]
    if not able:
        return ""
    at, more = able[_drawn(text, "stretch", len(able))], _MORE[_drawn(text, "more", len(_MORE))]
    new = _empty(more, values)
    new |= {"words": [MORE] * more, "pos": "ADJ " * more, "tag": "JJ " * more, "dep": "amod " * more}
    new["heads"] = list(range(more, 0, -1))
    _insert(values, at, new)
    return f"{more} more words before “{values['words'][at + more]}”"


MORE = "big"
_MORE = (1, 2, 3, 4, 6, 8, 11)


def _empty(size: int, values: dict[str, Any]) -> dict[str, Any]:
    scored = {"kinds": [[0, 100]] * size, "status": [[0, 100]] * size} if "kinds" in values else {}
    return {"spaces": "1" * size, "lemmas": [""] * size, **scored}


def _insert(values: dict[str, Any], at: int, new: dict[str, Any]) -> None:
    """Put words into a document before the one at a place."""
    more = len(new["words"])

    def now(place: int) -> int:
        return place + more if place >= at else place

    heads = [now(n + head) - now(n) for n, head in enumerate(values["heads"])]
    values["heads"] = heads
    for field in ("words", "lemmas", "heads", "kinds", "status", "spaces"):
        if field in values:
            values[field] = values[field][:at] + new[field] + values[field][at:]
    for field in ("pos", "tag", "dep"):
        labels = values[field].split(" ")
        values[field] = " ".join([*labels[:at], *new[field].split(), *labels[at:]])
    values["names"] = [
        (now(start), now(end - 1) + 1, kind) for start, end, kind in values["names"] if not start < at < end
    ]
    if "roles" in values:
        values["roles"] = [(now(t), *([now(row[0]), *row[1:]] for row in rows)) for t, *rows in values["roles"]]
        values["same"] = [(now(one), now(other), p) for one, other, p in values["same"]]


def word(text: str, values: dict[str, Any]) -> str:
    """One word is another one, of those that rules look for, in the same form."""
    pos, tags = values["pos"].split(" "), values["tag"].split(" ")
    able = [n for n, one in enumerate(pos) if _STANDS_FOR.get(one)]
    if not able:
        return ""
    one = able[_drawn(text, "word", len(able))]
    choices = WORDS[_STANDS_FOR[pos[one]]].split()
    lemma = choices[_drawn(text, "by", len(choices))]
    new = f"{lemma.removesuffix('e')}{_ENDINGS[tags[one]]}" if tags[one] in _ENDINGS else lemma
    was = values["words"][one]
    values["words"][one] = new.capitalize() if was[:1].isupper() else new
    values["lemmas"][one] = lemma
    return f"“{was}” is “{new}”"


WORDS = tomllib.loads((CASES / "slips.toml").read_text(encoding="utf-8"))
_FUNCTION = ("DET", "ADV", "ADP", "SCONJ", "CCONJ", "AUX", "PART", "PRON")
_STANDS_FOR = {**dict.fromkeys(_FUNCTION, "function"), "NUM": "number", "VERB": "verb", "NOUN": "noun"}
_ENDINGS = {"VBD": "ed", "VBN": "ed", "VBG": "ing", "VBZ": "es", "NNS": "s"}


def other_word(text: str, values: dict[str, Any]) -> str:
    """Another one, likewise: the words are drawn anew."""
    return word(f"{text} ", values)


def day(text: str, _: dict[str, Any]) -> str:
    """The article is of another day, or has none."""
    return f"published {_day(text)}"


def _day(text: str) -> str | None:
    return DAYS[_drawn(text, "day", len(DAYS))]


SLIPS: tuple[tuple[Callable[[str, dict[str, Any]], str], ...], ...] = (
    (word,),
    (other_word,),
    (label, relation),
    (tree, stretch),
    (name, score, day),
)


def _read(doc: Doc, published: str | None) -> Counter[str]:
    """What a document tells, line by line, without numbers of entities and events and the words of ``stretch``."""
    found = told(extract_doc(Article("text", doc.text, published), doc, load_ontology()))
    return Counter(_NUMBER.sub("", line.replace(f"{MORE} ", "")).strip() for line in found.splitlines())


@cache
def _usual(text: str) -> Counter[str]:
    return _read(kept.doc_of(text), PUBLISHED)


def _differences(usual: Counter[str], found: Counter[str]) -> list[str]:
    return [*(f"no {line}" for line in usual - found), *(f"also {line}" for line in found - usual)]


#: Numbers of entities, events and claims differ with those before them.
_NUMBER = re.compile(r" ?\(?\b[ceqnr]\d+\b\)?")


def _otherwise(text: str) -> Iterator[str]:
    """A block for each slip with which something is read otherwise."""
    for number, slips in enumerate(SLIPS):
        slip = slips[_drawn(text, f"slip {number}", len(slips))]
        values = copy.deepcopy(kept.kept()[text])
        what = slip(text, values)
        if what:
            found = _read(kept.unpacked(values, kept.labels()), _day(text) if slip is day else PUBLISHED)
            if lines := _differences(_usual(text), found):
                yield "\n".join([what, *lines, ""])


def joined(several: Sequence[str]) -> str:
    """What some texts tell as one article that they do not tell each by itself."""
    alone = sum(map(_usual, several), Counter[str]())
    values = copy.deepcopy(kept.kept()[several[0]])
    for text in several[1:]:
        more = copy.deepcopy(kept.kept()[text])
        if ("kinds" in values) != ("kinds" in more):
            return ""
        size = len(values["words"])
        values["spaces"] = f"{values['spaces'][:-1]}1"
        for field in ("words", "lemmas", "heads", "kinds", "status", "spaces"):
            if field in values:
                values[field] += more[field]
        for field in ("pos", "tag", "dep"):
            values[field] += f" {more[field]}"
        values["names"] += [(start + size, end + size, kind) for start, end, kind in more["names"]]
        if "roles" in values:
            values["roles"] += [(t + size, *([r[0] + size, *r[1:]] for r in rows)) for t, *rows in more["roles"]]
            values["same"] += [(one + size, other + size, p) for one, other, p in more["same"]]
    lines = _differences(alone, _read(kept.unpacked(values, kept.labels()), PUBLISHED))
    return "\n".join([*(f"## {text}" for text in several), *lines, ""]) if lines else ""


@cache
def files() -> dict[str, Callable[[], str]]:
    """Every approved file of slips, and of texts joined to one article: its name → what makes its content."""
    known = set(kept.kept_texts())
    every = [text for named in texts().values() for text in named.values() if text in known]
    by_chance = sorted(every, key=lambda text: crc32(text.encode()))

    def content(number: int) -> str:
        mine = {text: "\n".join(_otherwise(text)) for text in every if _drawn(text, "file", FILES) == number}
        return "\n".join(f"## {text}\n{told}" for text, told in mine.items() if told)

    def articles(number: int) -> str:
        groups = (by_chance[start : start + TOGETHER] for start in range(0, len(by_chance), TOGETHER))
        return "\n".join(filter(None, (joined(g) for n, g in enumerate(groups) if n % (FILES // 3) == number)))

    found = {f"slips/{number + 1}.txt": partial(content, number) for number in range(FILES)}
    return found | {f"slips/joined-{number + 1}.txt": partial(articles, number) for number in range(FILES // 3)}
