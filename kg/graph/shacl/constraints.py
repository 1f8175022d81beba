"""What SHACL Core demands of value nodes, each constraint component as a function over triples.

A maker takes the shapes graph and the values of the component's parameter, and gives a function that says which values
are at fault (None stands for the focus node as a whole). What pySHACL reads in its own way is not made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.graph.shacl.paths import NotCompiledError
from kg.graph.shacl.terms import (
    ANY_URI,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DECIMAL,
    DOUBLE,
    FALSE,
    FLOAT,
    INTEGER,
    LANG_STRING,
    SH,
    STRING,
    TRUE,
    UnsureError,
    compared,
    is_blank,
    is_iri,
    is_literal,
    parts,
    text_of,
    well_formed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.graph.shacl.data import Data

    Find = Callable[[Data, str, Sequence[str]], Iterable[str | None]]
    Test = Callable[[Data, str], bool]

_DATATYPES = {STRING, LANG_STRING, INTEGER, DECIMAL, BOOLEAN, DATE, DATE_TIME, FLOAT, DOUBLE, ANY_URI}
_NODE_KINDS = {
    SH.IRI: "<",
    SH.Literal: '"',
    SH.BlankNode: "_",
    SH.BlankNodeOrIRI: "_<",
    SH.BlankNodeOrLiteral: '_"',
    SH.IRIOrLiteral: '<"',
}
_ONE_WHOLE = (None,)  # a result about the focus node, not about one of its values


def made(shapes: Data, shape: str, name: str, values: Sequence[str], *, property_shape: bool) -> list[Find]:
    """The functions of a component by the name of its parameter; NotCompiledError for what is not made here."""
    maker = _OF_VALUES.get(name)
    if maker is not None:
        return [_each(maker(shapes, shape, value)) for value in values]
    if not property_shape and name in _OF_PROPERTIES:
        raise NotCompiledError(f"sh:{name} on a node shape")
    return [_OF_SETS[name](shapes, shape, value) for value in values]


def _each(test: Test) -> Find:
    return lambda data, _focus, values: [value for value in values if not test(data, value)]


# ------------------------------------------------------------------------------------------------ one value at a time


def _class(_shapes: Data, _shape: str, wanted: str) -> Test:
    if not is_iri(wanted):
        raise NotCompiledError("sh:class with no IRI")
    return lambda data, value: not is_literal(value) and data.is_a(value, wanted)


def _datatype(_shapes: Data, _shape: str, wanted: str) -> Test:
    datatype = wanted[1:-1]
    if datatype not in _DATATYPES:
        raise NotCompiledError(f"sh:datatype {wanted}")

    def test(_data: Data, value: str) -> bool:
        if not is_literal(value):
            return False
        lexical, own, _ = parts(value)
        return own == datatype and well_formed(lexical, datatype)

    return test


def _node_kind(_shapes: Data, _shape: str, wanted: str) -> Test:
    if wanted not in _NODE_KINDS:
        raise NotCompiledError(f"sh:nodeKind {wanted}")
    first = _NODE_KINDS[wanted]
    return lambda _data, value: value[0] in first


def _range(holds: Callable[[int], bool]) -> Callable[[Data, str, str], Test]:
    def maker(_shapes: Data, _shape: str, bound: str) -> Test:
        if not is_literal(bound) or not _is_comparable(bound):
            raise NotCompiledError(f"a bound like {bound}")

        def test(_data: Data, value: str) -> bool:
            if not is_literal(value):
                return False
            order = compared(value, bound)
            return order is not None and holds(order)

        return test

    return maker


def _is_comparable(bound: str) -> bool:
    try:
        return compared(bound, bound) == 0
    except UnsureError:
        return False


def _max_length(_shapes: Data, _shape: str, bound: str) -> Test:
    length = whole(bound)
    return lambda _data, value: not is_blank(value) and len(text_of(value)) <= length


def _min_length(_shapes: Data, _shape: str, bound: str) -> Test:
    length = whole(bound)
    return lambda _data, value: not length or (not is_blank(value) and len(text_of(value)) >= length)


def _pattern(shapes: Data, shape: str, pattern: str) -> Test:
    flags = [text_of(flag).lower() for flag in shapes.objects(shape, SH.flags)]
    if not is_literal(pattern) or len(flags) > 1 or set("".join(flags)) - set("im"):
        raise NotCompiledError("sh:pattern with odd flags")
    letters = "".join(flags)
    try:
        found = re.compile(text_of(pattern), re.IGNORECASE * ("i" in letters) | re.MULTILINE * ("m" in letters)).search
    except re.error as error:
        raise NotCompiledError(f"sh:pattern {pattern}: {error}") from error
    return lambda _data, value: not is_blank(value) and found(text_of(value)) is not None


def _language_in(shapes: Data, _shape: str, head: str) -> Test:
    wanted = {text_of(member).lower() for member in listed(shapes, head)}

    def test(_data: Data, value: str) -> bool:
        language = parts(value)[2] if is_literal(value) else ""
        return bool(language) and ("*" in wanted or language in wanted or language.partition("-")[0] in wanted)

    return test


def _in(shapes: Data, _shape: str, head: str) -> Test:
    allowed = frozenset(_compared_as_text(member) for member in listed(shapes, head))
    return lambda _data, value: value in allowed


def _compared_as_text(term: str) -> str:
    """The term, where nobody writes it in another way."""
    if "\\" in term or is_blank(term) or not term.isprintable():
        raise NotCompiledError(f"comparing with {term}")
    return term


# -------------------------------------------------------------------------------------------------- all values at once


def _min_count(_shapes: Data, _shape: str, bound: str) -> Find:
    least = whole(bound)
    return lambda _data, _focus, values: _ONE_WHOLE if len(values) < least else ()


def _max_count(_shapes: Data, _shape: str, bound: str) -> Find:
    most = whole(bound)
    return lambda _data, _focus, values: _ONE_WHOLE if len(values) > most else ()


def _has_value(_shapes: Data, _shape: str, wanted: str) -> Find:
    term = _compared_as_text(wanted)
    return lambda _data, _focus, values: () if term in values else _ONE_WHOLE


def _unique_lang(_shapes: Data, _shape: str, wanted: str) -> Find:
    if wanted not in (TRUE, FALSE):
        raise NotCompiledError(f"sh:uniqueLang {wanted}")

    def find(_data: Data, _focus: str, values: Sequence[str]) -> Iterable[str | None]:
        languages = [parts(value)[2] for value in values if is_literal(value)] if wanted == TRUE else []
        return [None for language in set(languages) - {""} if languages.count(language) > 1]

    return find


def _equals(_shapes: Data, _shape: str, other: str) -> Find:
    return lambda data, focus, values: set(values) ^ set(data.objects(focus, other))


def _disjoint(_shapes: Data, _shape: str, other: str) -> Find:
    return lambda data, focus, values: set(values) & set(data.objects(focus, other))


def _less(holds: Callable[[int], bool]) -> Callable[[Data, str, str], Find]:
    def maker(_shapes: Data, _shape: str, other: str) -> Find:
        if not is_iri(other):
            raise NotCompiledError("sh:lessThan with no IRI")

        def find(data: Data, focus: str, values: Sequence[str]) -> Iterable[str | None]:
            others = data.objects(focus, other)
            if any(map(is_blank, values)):
                raise UnsureError("blank nodes have no order")
            return [value for value in values if not all(_ordered(value, there, holds) for there in others)]

        return find

    return maker


def _ordered(one: str, other: str, holds: Callable[[int], bool]) -> bool:
    if not (is_literal(one) and is_literal(other)):
        raise UnsureError(f"comparing {one} with {other}")
    order = compared(one, other)
    return order is not None and holds(order)


def whole(literal: str) -> int:
    """The value of a parameter that is a number from 0, written plainly; NotCompiledError for any other."""
    lexical, datatype, _ = parts(literal) if is_literal(literal) else ("", "", "")
    if datatype != INTEGER or not lexical.isdecimal() or not lexical.isascii():
        raise NotCompiledError(f"{literal} as a number")
    return int(lexical)


def listed(shapes: Data, head: str) -> list[str]:
    """The members of a list that a parameter is; NotCompiledError for what is none."""
    members = shapes.items(head)
    if members is None:
        raise NotCompiledError(f"{head} as a list")
    return members


_OF_VALUES: dict[str, Callable[[Data, str, str], Test]] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minInclusive": _range(lambda order: order >= 0),
    "minExclusive": _range(lambda order: order > 0),
    "maxInclusive": _range(lambda order: order <= 0),
    "maxExclusive": _range(lambda order: order < 0),
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
_OF_SETS: dict[str, Callable[[Data, str, str], Find]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "hasValue": _has_value,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less(lambda order: order < 0),
    "lessThanOrEquals": _less(lambda order: order <= 0),
}
_OF_PROPERTIES = {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"}
ONCE = {"datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength", "languageIn", "in", "uniqueLang"}
"""Components whose parameter may be given once: pySHACL's way with several is its own."""
OF_VALUES = frozenset(_OF_VALUES)
"""Components that judge each value by itself."""
NAMES = {*_OF_VALUES, *_OF_SETS}
