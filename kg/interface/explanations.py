"""Explanations as a sequence that reads as text and shows in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from kg.core.notebook import as_lines
from kg.query.evidence import Explanation, as_text
from kg.query.results import Namer


@dataclass(frozen=True, slots=True)
class Explanations(Sequence[Explanation]):
    """What a name, an IRI or a pattern stands for, each thing explained; ``print`` shows what ``kg explain`` shows."""

    things: tuple[Explanation, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.things)

    def __iter__(self) -> Iterator[Explanation]:
        return iter(self.things)

    @overload
    def __getitem__(self, place: int) -> Explanation: ...
    @overload
    def __getitem__(self, place: slice) -> Explanations: ...
    def __getitem__(self, place: int | slice) -> Explanation | Explanations:
        return Explanations(self.things[place], self.prefixes) if isinstance(place, slice) else self.things[place]

    def __str__(self) -> str:
        return "\n".join(as_text(self.things, Namer(self.prefixes)))

    def _repr_html_(self) -> str:
        return as_lines(str(self).splitlines())
