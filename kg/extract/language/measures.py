"""MONEY, QUANTITY and CARDINAL spans by rule: no open corpus marks them, and their form gives them away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SYMBOLS = frozenset("$ € £ ¥ ₹ ₽ ₺ ₩ ₦ ₪ US$ A$ C$ HK$ S$ NZ$ R$".split())
_CURRENCIES = frozenset(words("currencies"))
_UNITS = frozenset(words("units"))
_NUMBER = re.compile(r"[+-]?(\d[\d,.]*|\.\d+)(bn|m|k|tn)?$", re.IGNORECASE)
_SCALES = frozenset(words("amountScales"))
#: Words that number words look like but that mostly are not counts.
_NOT_COUNTS = frozenset({"one"})


def _numeric(token: Token) -> bool:
    return bool(_NUMBER.match(token.text)) or token.lower_ in _SCALES or (token.tag_ == "CD" and token.text.isalpha())


def measure_spans(doc: Doc) -> list[tuple[int, int, str]]:
    """Return (first, past last, label) token spans of amounts of money, measures and bare numbers; needs tags."""
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(doc):
        if not _numeric(doc[i]):
            i += 1
            continue
        end = i + 1
        while end < len(doc) and (_numeric(doc[end]) or (doc[end].text == "-" and end + 1 < len(doc)
                                  and doc[end + 1].lower_ in _SCALES)):  # fmt: skip
            end += 1
        begin, free = i, found[-1][1] if found else 0
        after = doc[end] if end < len(doc) else None
        unit = after.lemma_.lower() if after is not None else ""
        if begin > free and doc[begin - 1].text in _SYMBOLS:
            found.append((begin - 1, end, "MONEY"))
        elif after is not None and (unit in _CURRENCIES or after.text in _SYMBOLS) and unit not in _UNITS:
            found.append((begin, end + 1, "MONEY"))
        elif after is not None and (unit in _UNITS or after.text in _UNITS):
            found.append((begin, end + 1, "QUANTITY"))
        elif not (end - begin == 1 and doc[begin].lower_ in _NOT_COUNTS and doc[begin].pos_ != "NUM"):
            found.append((begin, end, "CARDINAL"))
        i = max(end, found[-1][1] if found else 0)
    return found
