"""What sources disagree on: figures, doers, places and days that cannot both be, what is told and denied.

``kg.query.disagreements`` asks a store, ``conflicts`` compares, and knows no store. Two tellings meet where nothing
keeps them apart: the same kind of event, a participant they share and none they differ in, places and days that may be
the same; or where they are known to be one happening. Where they differ in one thing, and all else makes them one (who
was hurt and on which day, or a death of one named person, who dies once), that is a conflict too.

A verdict is *disjoint* (both cannot be so), *compatible* (bounds differ, and both may hold: "at least 12" beside "20")
or *update* (a later report of the same source, a figure that "rose to" another, or what nobody had done before).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Verdict = Literal["disjoint", "compatible", "update"]
Kind = Literal["count", "agent", "place", "time", "told and denied", "blamed and denied"]

NONE: Mapping[str, int] = MappingProxyType({})

_NEAR = 0.1  # an approximate figure is the same as one this near


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """How many of whom in which role, in the article's words."""

    words: str
    role: str
    what: str
    least: int | None
    most: int | None
    approximate: bool = False
    sources: tuple[str, ...] = ()
    iri: str = ""
    moved: bool = False  # "rose to 20": it is in the place of an earlier one


@dataclass(frozen=True, slots=True)
class Telling:
    """One event as one article has it; names in lower case, ``who`` by role, events among them by IRI."""

    iri: str
    type: str
    status: str
    label: str
    article: str
    published: str = ""
    begin: str = ""
    end: str = ""
    kinds: frozenset[str] = frozenset()  # what its figures count
    act: str = ""  # "blame" or "denial"
    who: dict[str, frozenset[str]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    once: bool = False  # happens to one once: a death
    named: frozenset[str] = frozenset()  # those of its names that mean the same in every article
    around: frozenset[str] = frozenset()  # the places that its places are in

    def names(self, role: str) -> frozenset[str]:
        """Who fills a role."""
        return self.who.get(role, frozenset())


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two statements that disagree, the earlier first: the words, who says so, when it was published, the event."""

    kind: Kind
    verdict: Verdict
    one: str
    by: str
    published: str
    other: str
    other_by: str
    other_published: str
    event: str
    other_event: str
    shown: str = ""  # what the words are of: the event, or its count
    other_shown: str = ""
    sentence: str = ""  # where they stand, in square brackets (``kg.query.disagreements``)
    other_sentence: str = ""


def conflicts(tellings: Iterable[Telling], happening: Mapping[str, int] = NONE) -> list[Conflict]:
    """All conflicts, sorted: the same tellings in any order give the same list.

    ``happening`` numbers events that are known to be one: these are compared whoever takes part, on whichever day.
    """
    known = sorted(tellings, key=lambda telling: (telling.published, telling.iri))

    def one(first: Telling, second: Telling) -> bool:
        return first.iri in happening and happening[first.iri] == happening.get(second.iri)

    blamed = list(_blamed(known))
    settled = {(c.event, c.other_event) for c in blamed}
    others = [*_counts(known, one), *_denied(known, one), *_differing(known, one)]
    return sorted({*blamed, *(c for c in others if (c.event, c.other_event) not in settled)})


def _counts(known: Sequence[Telling], one_happening: Callable[[Telling, Telling], bool]) -> Iterator[Conflict]:
    groups: dict[tuple[str, str, str], list[tuple[Telling, Figure]]] = defaultdict(list)
    for telling in known:
        for figure in sorted(telling.figures):
            for kind in telling.kinds if telling.status == "asserted" else ():
                groups[kind, figure.role, figure.what].append((telling, figure))
    for pairs in groups.values():
        for (first, one), (second, other) in combinations(pairs, 2):
            dated = bool(first.begin and second.begin)
            same = first.iri == second.iri or one_happening(first, second) or (dated and _together(first, second))
            if not same and first.status == second.status == "asserted":
                agree, differ = _compared(first, second)
                same = len(differ) == 1 and _is_one_but_for(min(differ), first, second, agree)
            if same and (one.least, one.most) != (other.least, other.most):
                yield _conflict("count", _verdict(first, one, second, other), first, second, one, other)


def _verdict(first: Telling, one: Figure, second: Telling, other: Figure) -> Verdict:
    low, high = (one, other) if _below(one, other) else (other, one)
    if not _below(low, high):
        return "compatible"
    if (one.approximate or other.approximate) and (low.most or 0) >= (high.least or 0) * (1 - _NEAR):
        return "compatible"
    if (other.moved and first.published <= second.published) or (one.moved and second.published <= first.published):
        return "update"
    said = set(one.sources or first.sources) & set(other.sources or second.sources)
    return "update" if _later(first, second) and said else "disjoint"


def _later(first: Telling, second: Telling) -> bool:
    return bool(first.published and second.published and first.published < second.published)


def _below(one: Figure, other: Figure) -> bool:
    return one.most is not None and other.least is not None and one.most < other.least


def _denied(known: Sequence[Telling], one_happening: Callable[[Telling, Telling], bool]) -> Iterator[Conflict]:
    by_type: dict[str, list[Telling]] = defaultdict(list)
    for telling in known:
        by_type[telling.type].append(telling)
    for told_and_denied in by_type.values():
        for first, second in combinations(told_and_denied, 2):
            together = _together(first, second) or one_happening(first, second)
            if together and {first.status, second.status} == {"asserted", "negated"}:
                open_ended = first.status == "negated" and not first.names("agent")  # "nobody has claimed it" so far
                yield _conflict("told and denied", "update" if open_ended else "disjoint", first, second)


def _differing(known: Sequence[Telling], one_happening: Callable[[Telling, Telling], bool]) -> Iterator[Conflict]:
    """Two tellings of one happening that differ in one thing: who did it, where it was, or when."""
    groups: dict[str, list[Telling]] = defaultdict(list)
    for telling in known:
        if telling.status == "asserted":
            groups["one in life" if telling.once else telling.type].append(telling)
    for group in groups.values():
        for first, second in combinations(group, 2):
            agree, differ = _compared(first, second)
            for aspect in sorted(differ & {"agent", "place", "time"}):
                alone = differ == {aspect} and _is_one_but_for(aspect, first, second, agree)
                one = _one_death(first, second) or one_happening(first, second)
                named = aspect != "place" or _places_named(first, second)  # "at a station" is in any town
                if alone or (one and named):
                    said = set(first.sources) & set(second.sources)
                    verdict: Verdict = "update" if _later(first, second) and said else "disjoint"
                    yield _conflict(cast("Kind", aspect), verdict, first, second)


def _one_death(first: Telling, second: Telling) -> bool:
    """Whether one named person dies in both, who dies once: on one day, in one place, by one hand."""
    victim = first.names("patient") & second.names("patient")
    return first.once and second.once and bool(victim & first.named & second.named)


def _places_named(first: Telling, second: Telling) -> bool:
    return all(telling.names("place") & telling.named for telling in (first, second))


def _is_one_but_for(aspect: str, first: Telling, second: Telling, agree: set[str]) -> bool:
    """Whether two tellings that differ in one thing only are of one happening for all else that is known.

    "Rebels killed the guards on Monday" and "soldiers killed the guards on Monday", of two sources, are; "police
    arrested two men on Monday" and "… on Tuesday" are not; a named person dies on one day and in one place.
    """
    same_day = first.begin == first.end == second.begin == second.end != ""
    victim = first.names("patient") & second.names("patient")
    person = bool(victim & first.named & second.named)
    if aspect == "agent":
        return bool(victim) and same_day and set(first.sources).isdisjoint(second.sources)
    if aspect == "place":
        return _places_named(first, second) and person and (first.once or same_day or agree >= {"agent", "time"})
    return _one_death(first, second)


def _compared(first: Telling, second: Telling) -> tuple[set[str], set[str]]:
    """In what two tellings agree and in what they differ, of all that both know."""
    agree: set[str] = set()
    differ: set[str] = set()
    for role in ("agent", "patient", "recipient"):
        here, there = first.names(role), second.names(role)
        if here and there:
            (differ if here.isdisjoint(there) else agree).add(role)
    here, there = first.names("place"), second.names("place")
    if here and there:
        within = here & (there | second.around) or there & (here | first.around)
        (agree if within else differ).add("place")
    if first.begin and second.begin:
        apart = first.begin > (second.end or "9") or second.begin > (first.end or "9")
        (differ if apart else agree).add("time")
    return agree, differ


def _blamed(known: Sequence[Telling]) -> Iterator[Conflict]:
    """An accusation, or what somebody is said to have done, beside the denial of whom it is about: one conflict."""
    asserted = [telling for telling in known if telling.status == "asserted"]
    by_iri = {telling.iri: telling for telling in asserted}
    accusations = [telling for telling in asserted if telling.act == "blame"]
    for denial in (telling for telling in asserted if telling.act == "denial"):
        denied, deniers = denial.names("patient"), denial.names("agent")
        acts = [by_iri[iri] for iri in sorted(denied) if iri in by_iri]
        of_them = [a for a in accusations if deniers & (a.names("recipient") | a.names("patient"))]
        meant = [a for a in of_them if a.iri in denied or not acts or not a.names("patient").isdisjoint(denied)]
        for telling in meant or [act for act in acts if not set(act.sources) <= deniers]:
            if telling.iri != denial.iri and (telling.article == denial.article or telling.iri in denied):
                yield _conflict("blamed and denied", "disjoint", telling, denial)


def _together(first: Telling, second: Telling) -> bool:
    """Whether two tellings may be of one happening: nothing keeps them apart, and a participant joins them."""
    agree, differ = _compared(first, second)
    return not differ and not agree.isdisjoint({"agent", "patient", "recipient"})


def _conflict(
    kind: Kind,
    verdict: Verdict,
    first: Telling,
    second: Telling,
    one: Figure | None = None,
    other: Figure | None = None,
) -> Conflict:
    sides = []
    for telling, figure in ((first, one), (second, other)):
        sources = figure.sources if figure is not None and figure.sources else telling.sources
        words = telling.label if figure is None else figure.words
        shown = telling.iri if figure is None else figure.iri or telling.iri
        if kind == "place":
            words = ", ".join([words, *(p for p in sorted(telling.names("place")) if p not in words.casefold())])
        elif kind == "time":
            words = ", ".join([words, " to ".join(dict.fromkeys(filter(None, (telling.begin, telling.end))))])
        sides.append((telling.published, words, ", ".join(sorted(sources)), telling.iri, shown))
    (published, words, by, event, shown), (other_published, other_words, other_by, other_event, there) = sorted(sides)
    told, denied = (words, by, published), (other_words, other_by, other_published)
    return Conflict(kind, verdict, *told, *denied, event, other_event, shown, there)
