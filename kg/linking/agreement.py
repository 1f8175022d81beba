"""What a dataset brings to our things that it is linked with: facts that are new, that agree, that contradict ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.core.iris import local_name
from kg.core.names import fold
from kg.linking.dataset import NAMES, TYPES, https
from kg.linking.match import Link
from kg.linking.things import Known, Named
from kg.store.opening import NamedNode, Triple

Verdict = Literal["new", "agreeing", "contradicting"]


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One thing that theirs says of something of ours, beside what ours says; ``ours`` is empty where it is new."""

    verdict: Verdict
    thing: str
    target: str
    what: str  # name, type, country, place; of a new one the predicate's IRI
    ours: str
    theirs: str


def compared(
    links: Iterable[Link],
    ours: Mapping[str, Named],
    theirs: Mapping[str, Named],
    triples: Iterable[Triple],
    known: Known,
    is_a: Callable[[str, str], bool],
) -> list[Fact]:
    """What the targets of accepted links say, sorted: names, classes and places against ours, all else as new."""
    accepted = {link.target: link.subject for link in links if link.status == "accepted"}
    found = []
    for target, thing in accepted.items():
        if thing in ours and target in theirs:
            for verdict, what, one, other in _said(ours[thing], theirs[target], known, is_a):
                found.append(Fact(verdict, thing, target, what, one, other))
    plain = {*NAMES, *TYPES}
    for triple in triples:
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        if subject in accepted and https(triple.predicate.value) not in plain:
            value = triple.object.value if not isinstance(triple.object, Triple) else ""
            found.append(Fact("new", accepted[subject], subject, triple.predicate.value, "", value))
    return sorted(set(found))


def _said(
    our: Named, their: Named, known: Known, is_a: Callable[[str, str], bool]
) -> Iterable[tuple[Verdict, str, str, str]]:
    names = {fold(name) for name in our.names}
    if same := [name for name in their.names if fold(name) in names]:
        yield "agreeing", "name", our.names[0], same[0]
    if our.types and their.types:
        fit = any(is_a(a, b) or is_a(b, a) for a in our.types for b in their.types)
        yield "agreeing" if fit else "contradicting", "type", _listed(our.types), _listed(their.types)
    here, there = our.places & known.countries, their.places & known.countries
    if here and there:
        yield "agreeing" if here & there else "contradicting", "country", _listed(here), _listed(there)
    for place in sorted((our.places & their.places) - known.countries):
        yield "agreeing", "place", place, place


def _listed(values: Collection[str]) -> str:
    return ", ".join(sorted(values))


def summary(facts: Iterable[Fact]) -> list[str]:
    """Counts with the most frequent kinds and an example, one line for each verdict that there is."""
    by_verdict: dict[str, list[Fact]] = {}
    for fact in facts:
        by_verdict.setdefault(fact.verdict, []).append(fact)
    lines = []
    for verdict in ("new", "agreeing", "contradicting"):
        some = by_verdict.get(verdict, [])
        if some:
            kinds = Counter(local_name(fact.what) for fact in some)
            often = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items(), key=lambda kn: (-kn[1], kn[0]))[:4])
            first = some[0]
            told = f"ours {first.ours}, theirs {first.theirs}" if first.ours else first.theirs
            lines.append(f"{len(some)} {verdict}: {often}; such as {local_name(first.thing)}: {told}")
    return lines
