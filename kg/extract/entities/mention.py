"""What a mention of an entity is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntityMention:
    """One mention: tokens [start, end) of the phrase, and the tokens that stand for it in the tree.

    ``heads`` begins with the phrase's own head; others are words that only count it or repeat it ("hundreds" of
    "hundreds of workers"). ``name`` is what to call it: the phrase, or the country of an adjective.
    """

    start: int
    end: int
    heads: tuple[int, ...]
    type: str
    name: str
    named: bool = False
    demonym: bool = False
    pronoun: bool = False
    number: str = "sing"  # "sing" or "plur"
    gender: str = ""  # "m", "f", "n"; "" where nothing tells it
    definite: bool = False
    numeral: str | None = None  # the number word before it, in lower case

    @property
    def head(self) -> int:
        """The token that heads the phrase."""
        return self.heads[0]
