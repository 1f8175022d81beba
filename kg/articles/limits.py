"""What of a text nobody can read: sentences without an end, more words than any article has.

Such texts are no news, and the language model takes seconds to hours for them. Each test is linear in the text.
"""

from __future__ import annotations

import re

from kg.core.budgets import SENTENCE, WORDS, Budget

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?\r\n\u2028\u2029]+")


def beyond_reading(text: str) -> str | None:
    """Why a text is not read, in words; None where it may be."""
    longest = max(map(_length, _SENTENCE.finditer(text)), default=0)
    if longest > SENTENCE.value:
        return _over(f"{longest:,} characters without the end of a sentence or a line", SENTENCE)
    if len(text) > WORDS.value:
        number = sum(1 for _ in _WORD.finditer(text))
        if number > WORDS.value:
            return _over(f"{number:,} words and signs", WORDS)
    return None


def _length(match: re.Match[str]) -> int:
    return match.end() - match.start()


def _over(what: str, budget: Budget) -> str:
    return f"{what}, above the budget of {budget.value:,}: no news text; {budget.hint()}"
