"""Sentences that end with an abbreviation: forms and tags of words in, whether one begins a sentence behind it, out.

"The soldiers fled to the U.S. Rebels attacked the base": the network often reads on. No model of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTRIES = frozenset({"U.S.", "U.K.", "U.N.", "U.A.E.", "E.U."})
_TIMES = frozenset({"p.m.", "a.m."})
_FIRMS = frozenset({"Inc.", "Ltd.", "Corp.", "Co.", "Jr.", "Sr.", "etc."})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_PREPOSITIONS = frozenset({"IN", "TO"})
_BEHIND = 3  # words between the first word of a sentence and its verb, at most


def begins_behind(forms: Sequence[str], tags: Sequence[str], at: int, first: int) -> bool:
    """Whether the word at an index begins a sentence because the one before it, an abbreviation, ends the last one.

    Args:
        forms: the words.
        tags: their Penn tags.
        at: index of the word.
        first: where the sentence before it begins.

    """
    short = forms[at - 1]
    if short not in _COUNTRIES | _TIMES | _FIRMS or not forms[at].istitle():
        return False
    if not any(tag in _FINITE for tag in tags[first : at - 1]) or not _is_clause(tags, at):
        return False
    if short in _TIMES:
        return at > 1 and forms[at - 2][:1].isdigit()
    if short in _FIRMS:
        return tags[at].endswith("S") or tags[at] in ("DT", "PRP")
    before = at - 3 if at > 2 and forms[at - 2] == "the" else at - 2
    return before > first and tags[before] in _PREPOSITIONS  # "to the U.S."; not "said U.S. Marines attacked"


def _is_clause(tags: Sequence[str], at: int) -> bool:
    """Whether a finite verb follows soon, with nothing but a noun phrase before it."""
    for tag in tags[at + 1 : at + 1 + _BEHIND]:
        if tag in _FINITE:
            return True
        if not tag.startswith(("NN", "JJ", "RB", "CD")):
            return False
    return False
