"""What a dataset brings to our things that it is linked with: facts that are new, that agree, that contradict ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from kg.core.iris import local_name
from kg.core.names import fold
from kg.core.vocab import COMMON_PREFIXES
from kg.linking.dataset import NAMES, PREFERRED, TYPES, https
from kg.linking.match import Link
from kg.linking.things import Known, Named
from kg.ontology.words import paired
from kg.store.opening import NamedNode, RdfLiteral, Triple

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


_BLANK = "#blank-"  # in the IRI of what the dataset gives no name
_PROPERTY, _ITEM = COMMON_PREFIXES["wdt"], COMMON_PREFIXES["wd"]


@lru_cache(maxsize=1)
def _known_names() -> Mapping[str, str]:
    return {f"{_PROPERTY}{number}": name for name, number in paired("propertyNames").items()}


def names_of(triples: Iterable[Triple], wanted: Collection[str]) -> dict[str, str]:
    """What some properties and things are called: by the dataset itself (an English name before others), or known here.

    Wikidata names a property at the item of its number: what it says of ``wd:P36`` is the name of ``wdt:P36``.
    """
    asked = {iri.replace(_PROPERTY, _ITEM, 1) if iri.startswith(_PROPERTY) else iri: iri for iri in wanted}
    asked |= {iri: iri for iri in wanted}
    told: dict[str, list[tuple[bool, str]]] = {}
    for triple in triples:
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        if subject in asked and triple.predicate.value in PREFERRED and isinstance(triple.object, RdfLiteral):
            foreign = (triple.object.language or "en").partition("-")[0] != "en"
            told.setdefault(asked[subject], []).append((foreign, triple.object.value))
    return {iri: name for iri, name in _known_names().items() if iri in wanted} | {
        iri: min(names)[1] for iri, names in told.items()
    }


def _told(fact: Fact, called: Callable[[str], str], names: Mapping[str, str]) -> str:
    """A new fact in words: "capital Algiers"."""
    return f"{called(fact.what)} {names.get(fact.theirs, fact.theirs)}"


def summary(facts: Iterable[Fact], names: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Counts with the most frequent kinds and an example, one line for each verdict that there is.

    ``names`` of properties and things stand in the place of the ends of their IRIs: "capital 5", not "P36 5".
    """

    def called(iri: str) -> str:
        return names.get(iri) or local_name(iri)

    by_verdict: dict[str, list[Fact]] = {}
    for fact in facts:
        by_verdict.setdefault(fact.verdict, []).append(fact)
    lines = []
    for verdict in ("new", "agreeing", "contradicting"):
        some = by_verdict.get(verdict, [])
        if some:
            kinds = Counter(called(fact.what) for fact in some)
            often = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items(), key=lambda kn: (-kn[1], kn[0]))[:4])
            first = next((fact for fact in some if _BLANK not in fact.theirs), some[0])  # a name that says something
            told = f"ours {first.ours}, theirs {first.theirs}" if first.ours else _told(first, called, names)
            lines.append(f"{len(some)} {verdict}: {often}; such as {local_name(first.thing)}: {told}")
    return lines
