"""Pairs of things, of accounts, of tellings that differ in little: what the approved tables hold of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from kg.linking import evidence as likeness
from kg.linking.names import Kind
from kg.linking.things import Known, Named
from kg.pipeline.stories import comparing
from kg.pipeline.stories.accounts import Account, Text
from kg.pipeline.stories.accounts import Figure as Number
from kg.pipeline.stories.wording import WordTable
from kg.query.conflicts import Figure, Telling, conflicts

if TYPE_CHECKING:
    from collections.abc import Iterator

ABOVE = {
    "Town": {"GPE", "Place"},
    "Country": {"GPE", "Place", "country"},
    "Army": {"Organization", "commonName"},
    "Firm": {"Organization"},
}
KNOWN = Known(
    countries=frozenset({"norvia", "ostania"}),
    shared=frozenset({"norvia"}),
    generic=frozenset({"court", "supreme", "army"}),
    unique=frozenset({("red front", "Firm"), ("supreme court", "Firm")}),
    common=frozenset({"viktor", "hale"}),
    peoples=frozenset({"norvia", "norvian", "ostania"}),
    places_named={"Kirra": (1, 5000), "Arden": (8, 100_000)}.get,
)


def is_a(kind: str, above: str) -> bool:
    """Whether a class is another one or below it."""
    return kind == above or above in ABOVE.get(kind, ())


def _thing(names: str, kind: str = "", **more: object) -> Named:
    sets = {key: frozenset(value.split()) if isinstance(value, str) else value for key, value in more.items()}
    return Named("x", tuple(names.split("; ")), frozenset(kind.split()), **sets)  # type: ignore[arg-type]


def _things() -> Iterator[tuple[Named, Named, Kind]]:
    """Two things and how their names meet, each row at a border of one measure."""
    hale, kirra, arden = _thing("Viktor Hale", "Person"), _thing("Kirra", "Town"), _thing("Arden", "Town")
    for kind in Kind:
        yield hale, _thing("Viktor Hale; VH", "Person"), kind
    for name in ("Hale", "Viktor Hale", "Viktor T. Hale", "Olan Brisk", "VH"):
        yield _thing(name, "Person"), _thing(f"Vik; {name}", "Person"), Kind.EXACT
    for people in (None, 0, 1, 9, 4999, 5000, 99_999, 100_000, 10_000_000, 90_000_000):
        for town in (kirra, arden, _thing("Melk", "Town")):
            yield town, replace(town, people=people), Kind.EXACT
    for name in ("Norvia", "Ostania"):
        yield _thing(name, "GPE"), _thing(name, "Country"), Kind.EXACT
        yield _thing(name, "GPE Firm"), _thing(name, "Country"), Kind.EXACT
    for name in ("Red Front", "Supreme Court", "Supreme Court of Norvia", "Norvian Army", "Tandora", "Tandora Lines",
                 "Tandora Lines Ltd", "The Court"):  # fmt: skip
        for kind in ("Firm", "Army", ""):
            yield _thing(name, "Firm"), _thing(name, kind), Kind.EXACT
            yield _thing(name, "Firm"), _thing(f"{name} of Ostania; {name}", kind), Kind.EXACT
            yield _thing(name, "Firm"), _thing(f"Provisional {name}", kind), Kind.ALIKE
    for ours in ("", "norvia", "ostania", "norvia tolm", "tolm"):
        for theirs in ("", "norvia", "tolm", "norvia ostania"):
            for beside in ("", "norvia", "norvia ostania kisla", "kisla"):
                yield (
                    replace(kirra, places=frozenset(ours.split()), beside=frozenset(beside.split())),
                    replace(kirra, places=frozenset(theirs.split()), related=frozenset({"kisla"})),
                    Kind.EXACT,
                )
    for related in ("kisla", "melk", "kisla melk"):
        yield replace(hale, related=frozenset(related.split())), replace(hale, related=frozenset({"kisla"})), Kind.EXACT
    for called in ("", "senat", "senat lawyer", "norvian", "doctor"):
        for said in ("", "senat", "senat lawyer poet", "doctor"):
            yield (
                replace(hale, called=frozenset(called.split()), said=frozenset(said.split())),
                replace(
                    hale,
                    called=frozenset({"senat", "lawyer", "poet", "norvian"}),
                    words=("senator", "lawyers", "senators"),
                ),
                Kind.EXACT,
            )
    for years in ((None, None), (2000, None), (2000, 2010), (2010, 2012)):
        for span in ((None, None), (1950, None), (1950, 1998), (1950, 1997), (None, 2008), (None, 1900), (2010, None),
                     (2011, None), (1996, None), (1995, None), (1985, None)):  # fmt: skip
            for one in (hale, kirra):
                yield replace(one, years=years), replace(one, years=span), Kind.EXACT
    for at in ((0.0, 0.0), (0.0, 0.2248), (0.0, 0.2249), (0.0, 1.348), (0.0, 1.35), (89.9, 10.0), (-90.0, 180.0)):
        yield replace(kirra, at=(0.0, 0.0)), replace(kirra, at=at), Kind.EXACT
    for own in ("http://x/a/1", "http://x/a/2", "http://x/b/1", "http://x/a/1/"):
        yield (
            replace(kirra, identifiers=frozenset({"http://x/a/1"})),
            replace(kirra, identifiers=frozenset({own})),
            Kind.EXACT,
        )


def things() -> Iterator[str]:
    """What speaks for two things being one and against it."""
    for our, their, kind in _things():
        met = likeness.Met(kind, our.names[0], their.names[-1])
        parts = likeness.evidence(our, their, met, is_a, KNOWN)
        given = "; ".join(f"{_fields(one)}" for one in (our, their))
        yield f"{kind.name} {given} = " + ", ".join(
            f"{p.name} {p.much:.3f}{f' “{p.words}”' if p.words else ''}" for p in parts
        )


def _fields(one: object) -> str:
    """What is said of a value, without what is empty, and sets in order."""
    said = ((name, getattr(one, name)) for name in one.__dataclass_fields__)  # type: ignore[attr-defined]
    told = ((name, sorted(value, key=repr) if isinstance(value, frozenset) else value) for name, value in said)
    return " ".join(f"{name}={value}" for name, value in told if value not in ((), [], {}, "", None, "x", (None, None)))


TABLE = WordTable(
    {"bomb": 0.4, "blast": 0.5, "die": 0.1, "kill": 0.2},
    {"bomb": 0, "blast": 1, "die": 2, "kill": 3},
    np.array([[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]], np.float32),
    np.array([[0.5, -0.5], [0.25, -0.25]]),
)


def _accounts() -> Iterator[tuple[Account, Account]]:
    """Two accounts, each row at a border of one measure."""
    usual = Account(
        "e1", "a", "Bombing", frozenset({"Bombing", "Attack"}), "asserted", frozenset({"bomb"}), {"bomb": 1.0},
        {"bomb": 1.0}, frozenset(), {},
    )  # fmt: skip
    other = replace(usual, iri="e2", article="b")
    yield usual, replace(usual, iri="e2", place_in_text=(0, 9))
    yield usual, replace(usual, iri="e2", place_in_text=(1, 9))
    yield usual, replace(other, article="c")
    for words in ("bomb", "blast", "die", "kill", "bombs", "bombed", "bombe", "explos", "blast die", "zzz", "nominee"):
        yield usual, replace(other, trigger=frozenset(words.split()))
        yield replace(usual, trigger=frozenset({"nomination"})), replace(other, trigger=frozenset(words.split()))
    for kind, kinds in (("", ""), ("Attack", "Attack"), ("Killing", "Killing Attack"), ("Fire", "Fire")):
        yield usual, replace(other, type=kind, kinds=frozenset(kinds.split()), trigger=frozenset({"kill"}))
        yield usual, replace(other, type=kind, kinds=frozenset(kinds.split()))
    for near in ({"bomb": 1.0}, {"bomb": 0.6, "die": 0.8}, {"die": 1.0}, {}):
        yield usual, replace(other, near=near, sentence=near, name_bag=near)
    for names in ("", "hale", "hale moor", "moor"):
        one, who = replace(usual, names=frozenset({"hale"})), {"patient": frozenset(names.split())}
        yield one, replace(other, names=frozenset(names.split()))
        for role in ("agent", "patient", "place", "cause"):
            there = {role: frozenset(names.split())}
            here = replace(usual, who={role: frozenset({"hale"})})
            yield here, replace(other, who=there)
            yield replace(here, named=here.who), replace(other, who=there, named=there)
        yield replace(one, people=frozenset({"hale"})), replace(other, people=frozenset(names.split()))
        for least in (None, 1, 2):
            yield replace(one, named=who, who=who), replace(other, figures=(Number("patient", least, None),))
    for begin, end in (("", ""), ("2024-05-08", "2024-05-08"), ("2024-05-09", ""), ("2024-05-07", "2024-05-08"),
                       ("2024-05-01", "2024-05-07"), ("2024-05-08", "")):  # fmt: skip
        yield replace(usual, begin="2024-05-08", end="2024-05-08"), replace(other, begin=begin, end=end)
    yield usual, replace(other, status="negated")
    for least, most in ((None, None), (1, 4), (1, 5), (5, 5), (9, 9), (10, 12), (None, 4), (10, None), (9, None)):
        for role in ("patient", "agent"):
            one = replace(usual, figures=(Number("patient", 5, 9),))
            yield one, replace(other, figures=(Number(role, least, most),))


def accounts() -> Iterator[str]:
    """What speaks for two accounts being of one happening and against it, in both orders."""
    texts = {
        "a": Text({"bomb": 0.6, "war": 0.8}, {"hale": 1.0}),
        "b": Text({"bomb": 1.0}, {"hale": 0.6, "moor": 0.8}),
        "c": Text({"fish": 0.98, "bomb": 0.199}, {}),
    }
    background = comparing.Background(
        texts, {("bomb", "bomb"): (3, 9), ("blast", "bomb"): (1, 1), ("bomb", "kill"): (0, 4)}
    )
    by = comparing.weights()
    for one, other in _accounts():
        found = comparing.evidence(one, other, background, TABLE)
        again = comparing.evidence(other, one, background, TABLE)
        assert {k: round(v, 6) for k, v in found.items()} == {k: round(v, 6) for k, v in again.items()}
        said = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
        told = "comparable" if comparing.comparable(one, other, TABLE) else "not comparable"
        ground, bar = comparing.grounds(found) or "no grounds", comparing.accepted_from(found, by)
        yield f"{_differences(one, other)} = {told}, {ground}, from {bar}: {said}"


def _differences(one: object, other: object) -> str:
    """The fields in which two values differ."""
    names = [n for n in one.__dataclass_fields__ if getattr(one, n) != getattr(other, n)]  # type: ignore[attr-defined]
    return "; ".join(f"{n}: {_sorted(getattr(one, n))} and {_sorted(getattr(other, n))}" for n in names)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(one) for key, one in value.items()}
    return sorted(value) if isinstance(value, frozenset) else value


def _tellings() -> Iterator[Telling]:
    """Tellings of one happening that differ in little; each is compared with all others."""
    usual = Telling(
        "e", "Killing", "asserted", "killed", "a", "2024-05-08", "2024-05-07", "2024-05-07", frozenset({"deaths"}),
        who={"agent": frozenset({"rebels"}), "patient": frozenset({"paul oder"}), "place": frozenset({"kirra"})},
        sources=("police",), once=True, named=frozenset({"paul oder", "kirra", "arden", "melk"}),
    )  # fmt: skip
    yield usual
    yield replace(usual, who={**usual.who, "agent": frozenset({"army"})}, sources=("doctors",))
    yield replace(usual, who={**usual.who, "agent": frozenset({"army"})}, published="2024-05-09")
    yield replace(usual, who={**usual.who, "place": frozenset({"arden"})})
    yield replace(usual, who={**usual.who, "place": frozenset({"a station"})})
    yield replace(usual, who={**usual.who, "place": frozenset({"melk"})}, around=frozenset({"kirra"}))
    yield replace(usual, begin="2024-05-08", end="2024-05-08")
    yield replace(usual, begin="2024-05-06", end="")
    yield replace(usual, begin="", end="")
    yield replace(usual, status="negated")
    yield replace(usual, status="negated", who={"patient": frozenset({"paul oder"})})
    yield replace(usual, status="possible")
    yield replace(usual, type="Bombing", once=False)
    for least, most, more in (
        (9, 9, {}), (10, 10, {}), (10, 10, {"approximate": True}), (100, 100, {"approximate": True}), (91, 91, {}),
        (90, 90, {}), (89, 89, {}), (12, None, {}), (None, 8, {}), (20, 20, {"moved": True}), (9, 9, {"role": "agent"}),
        (9, 9, {"sources": ("doctors",)}), (14, 14, {"sources": ("police",)}),
    ):  # fmt: skip
        figure = Figure(**{"words": "n", "role": "patient", "what": "", "least": least, "most": most, **more})  # type: ignore[arg-type]
        for published in ("2024-05-08", "2024-05-09"):
            yield replace(usual, figures=(figure,), published=published)
    accused = {"recipient": frozenset({"army"}), "patient": frozenset({"e00"})}
    yield replace(usual, type="Accusation", act="blame", who=accused, once=False)
    yield replace(
        usual,
        type="Denial",
        act="denial",
        who={"agent": frozenset({"army"}), "patient": frozenset({"e00"})},
        once=False,
    )
    yield replace(usual, type="Denial", act="denial", who={"agent": frozenset({"army"})}, once=False, article="b")


def disagreements() -> Iterator[str]:
    """In what each two tellings disagree, told to be one and not."""
    known = [replace(telling, iri=f"e{number:02}") for number, telling in enumerate(_tellings())]
    for one, other in combinations(known, 2):
        for happening in ({}, {one.iri: 1, other.iri: 1}):
            found = conflicts([other, one], happening)
            if found or not happening:
                told = "; ".join(f"{c.kind} {c.verdict} {c.event} {c.other_event}" for c in found) or "none"
                yield f"{one.iri} {other.iri}{' one' if happening else ''} = {told}"


TABLES = {"things": things, "accounts": accounts, "disagreements": disagreements}
