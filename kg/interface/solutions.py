"""The answer of a SELECT as Python values: rows by name, a table, a data frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from kg.core.errors import KgError
from kg.core.notebook import as_table
from kg.core.numbers import number_of
from kg.core.table import draw_table
from kg.core.vocab import XSD
from kg.query.results import Namer
from kg.store.opening import NamedNode, RdfLiteral

if TYPE_CHECKING:
    import pandas as pd

    from kg.store.opening import QuerySolutions, Term

SHOWN = 60
"""Rows that a notebook shows."""
_WIDTH = 120  # columns of the table that ``str`` gives


class Iri(str):
    """An IRI in an answer, or to bind a variable to: a string, but not one of words."""

    __slots__ = ()

    def __repr__(self) -> str:
        """As it is made: ``Iri('https://…')``."""
        return f"Iri({str.__repr__(self)})"


Value = Iri | str | bool | int | float | Decimal | date | datetime
"""What a term becomes in Python: an IRI, words, a truth value, a number, a day or a point in time."""


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_READERS: dict[str, Callable[[str], Value]] = {
    XSD + "boolean": _truth,
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}


def value_of(term: Term | None) -> Value | None:
    """A term as Python has it; a literal of another type, or one that Python cannot hold, is its text."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Iri(term.value)
    if not isinstance(term, RdfLiteral):
        return str(term)
    number = number_of(term.value, term.datatype.value)
    if number is not None:
        return number
    try:
        return _READERS.get(term.datatype.value, str)(term.value)
    except (ValueError, KeyError, ArithmeticError):  # ill-typed, or a day before the year 1
        return term.value


@dataclass(frozen=True, slots=True)
class Solutions(Sequence[dict[str, "Value | None"]]):
    """All rows of an answer: a sequence of ``{variable: value}``, None where a variable is unbound.

    IRIs are ``Iri``; literals are int, float, Decimal, bool, date, datetime by their datatype, all else is str.

    Examples:
        >>> found = store.query("SELECT * { [] a kg:Arrest ; kg:eventType ?type ; kg:patient/skos:prefLabel ?who }")
        >>> found.variables
        ('type', 'who')
        >>> found[0]
        {'type': Iri('https://kg.example/ontology#Arrest'), 'who': 'men'}
        >>> found.column("who")
        ['men']
        >>> print(found)
        type       who
        ─────────  ───
        kg:Arrest  men

    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, solutions: QuerySolutions, prefixes: Mapping[str, str]) -> Solutions:
        """The engine's solutions, read to their end; ``prefixes`` shorten IRIs where they are shown."""
        variables = tuple(variable.value for variable in solutions.variables)
        return cls(variables, tuple(tuple(map(value_of, solution)) for solution in solutions), prefixes)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value | None]]:
        return (dict(zip(self.variables, row, strict=True)) for row in self.rows)

    @overload
    def __getitem__(self, place: int) -> dict[str, Value | None]: ...
    @overload
    def __getitem__(self, place: slice) -> Solutions: ...
    def __getitem__(self, place: int | slice) -> dict[str, Value | None] | Solutions:
        if isinstance(place, slice):
            return Solutions(self.variables, self.rows[place], self.prefixes)
        return dict(zip(self.variables, self.rows[place], strict=True))

    def column(self, variable: str) -> list[Value | None]:
        """The values of one variable, row by row; KgError for one that the answer does not have."""
        if variable not in self.variables:
            raise KgError(f"the answer has no variable {variable!r}: it has {', '.join(self.variables)}")
        place = self.variables.index(variable)
        return [row[place] for row in self.rows]

    def to_frame(self) -> pd.DataFrame:
        """A pandas data frame with a column for each variable; KgError where pandas is not installed.

        Whole numbers become Int64, other numbers float64, truth values boolean, days and points in time datetime64 (in
        seconds: it holds every year; times with a zone in UTC); a column of several kinds stays as it is.

        Examples:
            >>> store.query("SELECT ?day { ?e a kg:Bombing ; kg:time/kg:earliestBegin ?day }").to_frame()
                     day
            0 2024-05-06

        """
        try:
            from kg.interface.frames import frame
        except ImportError as error:
            raise KgError("to_frame() needs pandas: pip install 'newskg[pandas]'") from error
        return frame({name: self.column(name) for name in self.variables})

    def __str__(self) -> str:
        """A table, as ``kg query`` draws it."""
        return "\n".join(draw_table(self.variables, self._texts(), _WIDTH))

    def _repr_html_(self) -> str:
        return as_table(self.variables, self._texts()[:SHOWN], f"{len(self)} rows" if len(self) > SHOWN else "")

    def _texts(self) -> list[list[str]]:
        namer = Namer(self.prefixes)
        return [
            ["" if value is None else namer.iri(value) if isinstance(value, Iri) else str(value) for value in row]
            for row in self.rows
        ]
