"""Conflicts that are conflicts: figures, denials, blame; what only looks like one; and no order matters."""

from __future__ import annotations

from pathlib import Path
from tomllib import loads

import harbour
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query.conflicts import Figure, Telling, conflicts
from kg.query.disagreements import disagreements, moved, read_happenings
from kg.store.opening import open_store

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
        near, moved = part.startswith("about:"), part.startswith("rose:")
        role, what, bounds = part.removeprefix("about:").removeprefix("rose:").split(":")
        least, most = (int(bound) if bound else None for bound in bounds.split("-"))
        figures.append(Figure(part, role, what, least, most, near, moved=moved))
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
        kind in ("Killing", "Death"),
        *(frozenset(filter(None, given.get(key, "").split("+"))) for key in ("named", "around")),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_a_conflict_and_what_is_none(case):
    """Each pair of tellings has the conflicts that its case names, and no other."""
    tellings = [telling(number, text) for number, text in enumerate(case["tellings"])]
    same = {tellings[n].iri: number for number, group in enumerate(case.get("same", [])) for n in group}
    assert [f"{c.kind}: {c.verdict}" for c in conflicts(tellings, same)] == case.get("found", [])


def test_there_are_sixty_cases():
    """Sixty cases; half of what differs is no conflict that anybody should look at."""
    assert len(CASES) >= 60
    assert 20 <= sum("disjoint" not in " ".join(case.get("found", [])) for case in CASES) <= 45


ANY = [
    telling(n, text) for n, text in enumerate(text for case in CASES for text in case["tellings"] if "id=" not in text)
]


@given(st.permutations(ANY[::4]))
def test_the_order_of_tellings_does_not_matter(tellings):
    """The same tellings in any order give the same conflicts."""
    assert conflicts(tellings) == conflicts(ANY[::4])


def test_the_order_of_loading_does_not_matter():
    """The same articles loaded in the other order give the same conflicts, sentences and all."""
    both = harbour.graphs()
    found = []
    for names in (list(both), list(both)[::-1]):
        with open_store(":memory:", mode="write") as store:
            for name in names:
                store.replace(name, both[name])
            found.append(disagreements(store))
    assert found[0] == found[1] != []


def test_conflicts_of_a_store():
    """Two articles: the tolls that exclude each other, and the arrest that one tells and one denies, once each."""
    found = disagreements(harbour.in_memory())
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
    toll = next(c for c in found if c.kind == "count" and c.verdict == "disjoint")
    assert "[about 15]" in toll.sentence or "[about 15 dock workers]" in toll.sentence
    assert toll.sentence.endswith("had died in Port Senna on Monday.")


LINK = """<urn:l{n}> <{o}linkStatus> <{o}{status}> .
<urn:l{n}> <{o}linkSubject> <{a}> .
<urn:l{n}> <{o}linkTarget> <{b}> .
"""


def test_linked_events_are_one_happening():
    """Events that accepted links tie, also by way of a third, have one number; a candidate ties nothing."""
    ontology = "https://kg.example/ontology#"
    events = [f"urn:e{n}" for n in range(5)]
    lines = "".join(f"<{e}> <{ontology}eventType> <{ontology}Attack> .\n" for e in events)
    for n, (one, other, status) in enumerate([(0, 1, "accepted"), (2, 1, "accepted"), (3, 4, "candidate")]):
        lines += LINK.format(n=n, o=ontology, a=events[one], b=events[other], status=status)
    with open_store(":memory:", mode="write") as store:
        store.replace("https://news.example/graph/links", lines.encode())
        numbers = read_happenings(store)
    assert set(numbers) == set(events[:3])
    assert len(set(numbers.values())) == 1


def test_a_figure_that_rose_takes_the_place_of_another():
    """The words before a figure say so: "rose to at least 20" is one, "20" alone is not."""
    text = "The toll rose to at least 20 miners. Then 30 miners came."
    ontology, article = "https://kg.example/ontology#", "https://news.example/article/x"
    begin = {"rose": text.index("20"), "plain": text.index("30")}
    lines = [f'<{article}> <https://schema.org/articleBody> "{text}" .']
    lines += [f"<{article}#{name}> <{ontology}mention> <{article}#char={at},{at + 2}> ." for name, at in begin.items()]
    with open_store(":memory:", mode="write") as store:
        store.replace(article, "\n".join(lines).encode() + b"\n")
        assert moved(store, [f"{article}#{name}" for name in begin]) == {f"{article}#rose"}
