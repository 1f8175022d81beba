"""GROUP_CONCAT as people mean it: over numbers, dates, IRIs and what is not bound, where engines leave the cell blank.

The recommendation joins texts and leaves the rest open; other engines take ``STR`` of a term and pass over what is
unbound. So each argument is rewritten among the tokens: an item is the separator and its text, or nothing; the items
are joined without a separator, and the first one's is cut off.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import Token


@dataclass(frozen=True, slots=True)
class _Call:
    """One GROUP_CONCAT: where it stands, its argument, whether DISTINCT, its separator as a literal."""

    start: int
    end: int
    argument: str
    distinct: bool
    separator: str

    def rewritten(self) -> str:
        """The same call with an argument that no term makes fail."""
        item = f'COALESCE(CONCAT({self.separator}, STR({self.argument})), "")'
        joined = f'GROUP_CONCAT({"DISTINCT " if self.distinct else ""}{item}; SEPARATOR="")'
        return f"SUBSTR({joined}, STRLEN({self.separator}) + 1)"


def concatenating(sparql: Sparql) -> Sparql:
    """The same with every GROUP_CONCAT over any terms; as it is where it has none, or one that is not complete."""
    text = sparql.text
    for call in reversed(_calls(sparql)):
        text = text[: call.start] + call.rewritten() + text[call.end :]
    return sparql if text == sparql.text else Sparql(text)


def _calls(sparql: Sparql) -> list[_Call]:
    tokens, found = sparql.tokens, []
    for index, token in enumerate(tokens):
        if token.keyword == "GROUP_CONCAT" and (call := _call(sparql.text, tokens[index:])):
            found.append(call)
    starts = [call.start for call in found]
    return [call for call in found if not any(call.start < other < call.end for other in starts)]


def _call(text: str, tokens: tuple[Token, ...]) -> _Call | None:
    """The call that the first token begins; None where its brackets do not close or its separator is none."""
    depth, semicolon = 0, 0
    for index, token in enumerate(tokens):
        if token.kind == "mark":
            depth += (token.text in "([{") - (token.text in ")]}")
            semicolon = index if token.text == ";" and depth == 1 else semicolon
        if index and not depth:
            break
    else:
        return None
    distinct = tokens[2].keyword == "DISTINCT"
    first, last = 3 if distinct else 2, semicolon or index
    if last <= first or any(token.keyword == "AS" for token in tokens[first:last]):
        return None
    separator = '" "'
    if semicolon:
        words = tokens[semicolon + 1 : index]
        if [t.keyword or t.text for t in words[:2]] != ["SEPARATOR", "="] or [t.kind for t in words[2:]] != ["string"]:
            return None
        separator = words[2].text
    argument = text[tokens[first].start : tokens[last - 1].end]
    return _Call(tokens[0].start, token.end, argument, distinct, separator)
