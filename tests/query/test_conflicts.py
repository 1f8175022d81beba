"""Conflicts that are conflicts: figures, denials, blame; what only looks like one; and no order matters."""

from __future__ import annotations

from pathlib import Path
from tomllib import loads

import harbour
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query.conflicts import Figure, Telling, conflicts, read_tellings

CASES = loads((Path(__file__).parents[1] / "cases" / "conflicts.toml").read_text(encoding="utf-8"))["case"]
_KINDS = {"Killing": {"Death"}, "Death": {"Death"}, "Injury": {"Injury"}, "Arrest": {"Arrest"}, "Attack": {"Attack"}}
_ACTS = {"Accusation": "blame", "Denial": "denial"}


def telling(number: int, text: str) -> Telling:
    """A telling of ``key=value`` words: names joined by "+", a figure as role:what:least-most."""
    kind, *rest = text.split()
    given = dict(part.split("=", 1) for part in rest)
    roles = ("agent", "patient", "recipient", "place")
    who = {role: frozenset(given[role].split("+")) for role in roles if role in given}
    figures = []
    for part in filter(None, given.get("figure", "").split("+")):
        near, (role, what, bounds) = part.startswith("about:"), part.removeprefix("about:").split(":")
        least, most = (int(bound) if bound else None for bound in bounds.split("-"))
        figures.append(Figure(part, role, what, least, most, near))
    day = given.get("day", "")
    return Telling(
        given.get("id", f"e{number}"),
        kind,
        given.get("status", "asserted"),
        text,
        given.get("in", "a"),
        given.get("published", "2024-05-08"),
        day.split("..")[0],
        day.split("..")[-1],
        frozenset(_KINDS.get(kind, set())),
        _ACTS.get(kind, ""),
        who,
        tuple(given.get("by", "paper").split("+")),
        tuple(figures),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_a_conflict_and_what_is_none(case):
    """Each pair of tellings has the conflicts that its case names, and no other."""
    tellings = [telling(number, text) for number, text in enumerate(case["tellings"])]
    assert [f"{c.kind}: {c.verdict}" for c in conflicts(tellings)] == case.get("found", [])


ANY = [
    telling(n, text) for n, text in enumerate(text for case in CASES for text in case["tellings"] if "id=" not in text)
]


@given(st.permutations(ANY[:25]))
def test_the_order_of_loading_does_not_matter(tellings):
    """The same tellings in any order give the same conflicts."""
    assert conflicts(tellings) == conflicts(ANY[:25])


def test_conflicts_of_a_store():
    """Two articles: the tolls that exclude each other, and the arrest that one tells and one denies, once each."""
    found = conflicts(read_tellings(harbour.in_memory()))
    disjoint = [(c.kind, c.one, c.by, c.other, c.other_by) for c in found if c.verdict == "disjoint"]
    assert disjoint == [
        ("count", "about 15 dock workers", "hospital doctor", "At least 20 dock workers", "Red Lantern"),
        (
            "told and denied",
            "not so: soldiers arrested residents",
            "Coast Courier, army",
            "soldiers arrested residents",
            "Red Lantern",
        ),
    ]
    assert len([c for c in found if c.verdict == "compatible"]) == 2
