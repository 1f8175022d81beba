"""Which entity of another dataset is which of ours: by name, type and surroundings, with a chance and the reasons.

    ours, theirs ─ names meet (kg.linking.names) ─ evidence → odds ─ beside rivals → chance ─ one to one → links

Pure functions over names, types and what stands around them; reading and writing are ``kg.linking.merge``'s. The score
of a link is the chance that it is right, by weights that were learned from labelled pairs (``kg.linking.weighing``).
From ``accept()`` on a link is accepted by itself, unless a rival contests it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kg.linking.evidence import GROUNDS, Met, Part, elsewhere, evidence
from kg.linking.names import Key, Kind, is_acronym, keys, keys_of, meet
from kg.linking.things import NOTHING_KNOWN, IsA, Known, Named
from kg.linking.weighing import Weights, chance, odds, reasons, weights

LinkStatus = Literal["candidate", "accepted", "rejected"]
LinkKind = Literal["Link", "EventLink", "CopyLink"]
"""Of entities, of events that are one happening, of articles that are one report."""

METHOD = "name, type and surroundings"
DECIDED = "decision"
"""The method of a link that a person decided: it outlives every merge."""

_RIVALS = "things of that name fit"


def accept() -> Decimal:
    """The chance from which on a link is accepted by itself (measured: docs/linking.md)."""
    return weights().accepted


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal or decision that ``subject`` (ours) and ``target`` are the same; ``score`` from 0 to 1.

    ``contested`` are graphs of other datasets that show several things of the name: a link stays a candidate for it.
    """

    subject: str
    target: str
    method: str
    score: Decimal
    status: LinkStatus
    reasons: tuple[str, ...]
    contested: tuple[str, ...] = ()
    dataset: str = ""  # the graph of the dataset that the target is from; none where a person said so of two of ours
    kind: LinkKind = "Link"

    @property
    def has_rivals(self) -> bool:
        """Whether its dataset shows other things of the name that may be ours."""
        return any(reason.endswith(_RIVALS) for reason in self.reasons)

    @property
    def is_grounded(self) -> bool:
        """Whether more than names and types speaks for it."""
        return any(reason.startswith(GROUNDS) for reason in self.reasons)

    def proposed(self) -> Link:
        """The link as it stands where nobody decides: accepted by its score, unless contested."""
        accepted = self.score >= accept() and not self.contested
        return replace(self, method=METHOD, status="accepted" if accepted else "candidate")

    def lowered(self, reason: str) -> Link:
        """The link as a candidate for one more reason, whatever its score was."""
        return replace(self, score=min(self.score, accept() - _STEP), reasons=(*self.reasons, reason)).proposed()


_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that may be one: how their names meet, and what speaks for and against it."""

    our: Named
    their: Named
    met: Met
    parts: tuple[Part, ...]
    rivals: int  # others of theirs that fit ours by name as well, and are not said to be the same as this one


def find_links(ours: Iterable[Named], theirs: Iterable[Named], is_a: IsA, known: Known = NOTHING_KNOWN) -> list[Link]:
    """The links between two sets of things, sorted; ``is_a`` tells whether a class is another or below it.

    A pair with a name in common is linked unless their types exclude each other. At most one target is accepted for
    each of ours, and at most one of ours for each target; what is left open says so.
    """
    pairs = find_pairs(ours, theirs, is_a, known)
    links = _weighed(pairs, weights())
    return sorted(_one_to_one(links), key=lambda link: (link.subject, link.target))


def find_pairs(ours: Iterable[Named], theirs: Iterable[Named], is_a: IsA, known: Known = NOTHING_KNOWN) -> list[Pair]:
    """Every pair whose names meet and whose types do not exclude each other, with its evidence."""
    by_key: dict[Key, list[Named]] = defaultdict(list)
    for their in theirs:
        for key in keys(their.names):
            by_key[key].append(their)
    return [pair for our in ours for pair in _pairs_of(our, by_key, is_a, known)]


def _pairs_of(our: Named, by_key: Mapping[Key, list[Named]], is_a: IsA, known: Known) -> Iterator[Pair]:
    ours = {key: name for name in reversed(our.names) for key in keys_of(name)}
    if any(kind is Kind.EXACT and text in known.shared for kind, text in ours) and any(
        is_a(t, "GPE") for t in our.types
    ):
        our = replace(our, types=frozenset({"GPE"}))  # which kind of place it is was read from the name
    found = {their.iri: their for key in ours for their in by_key.get(key, ())}
    fitting = [
        (their, met)
        for their in found.values()
        if _fit(our.types, their.types, is_a) is not False and (met := _met(ours, their))
    ]
    open_ones = [(their, met) for their, met in fitting if not elsewhere(our, their, known)]
    for their, met in fitting:
        rivals = sum(
            one.iri != their.iri and one.iri not in their.same and how.kind <= met.kind for one, how in open_ones
        )
        yield Pair(our, their, met, tuple(evidence(our, their, met, is_a, known)), rivals)


def _met(ours: Mapping[Key, str], their: Named) -> Met | None:
    """The surest way in which the names meet; a whole name before an acronym."""
    ways = [
        Met(key[0], ours[key], name)
        for name in their.names
        for key in sorted(keys_of(name))
        if key in ours and meet(key[0], ours[key], name)
    ]
    return min(ways, key=lambda met: (met.kind, met.kind is Kind.EXACT and is_acronym(met.their_name)), default=None)


def chances(pairs: Iterable[Pair], by: Weights) -> list[float]:
    """The chance of each pair: its odds beside those of every other target of ours, and every other of ours for it.

    Targets that their own dataset says are one thing share no chance: they are right together.
    """
    known = list(pairs)
    own = [odds(pair.parts, by) for pair in known]
    of_ours: dict[str, list[int]] = defaultdict(list)
    of_theirs: dict[str, list[int]] = defaultdict(list)
    for number, pair in enumerate(known):
        of_ours[pair.our.iri].append(number)
        of_theirs[pair.their.iri].append(number)
    found = []
    for number, pair in enumerate(known):
        rivals = [n for n in of_ours[pair.our.iri] if n != number and known[n].their.iri not in pair.their.same]
        rivals += [n for n in of_theirs[pair.their.iri] if n != number]
        found.append(chance(own[number], (own[n] for n in sorted(rivals))))
    return found


def _weighed(pairs: list[Pair], by: Weights) -> list[Link]:
    links = []
    for pair, value in zip(pairs, chances(pairs, by), strict=True):
        said = list(reasons(pair.parts, by))
        if pair.rivals:
            said.append(f"{pair.rivals + 1} {_RIVALS}")
        score = Decimal(f"{min(max(value, 0.01), 0.99):.2f}")
        links.append(Link(pair.our.iri, pair.their.iri, METHOD, score, "candidate", tuple(said)).proposed())
    return links


def _one_to_one(links: list[Link]) -> list[Link]:
    """No two links accepted for one of ours or one of theirs: the best stays where it is better, else none."""
    for side, reason in (("subject", "another target fits as well"), ("target", "another entity of ours fits as well")):
        accepted: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            if link.status == "accepted":
                accepted[getattr(link, side)].append(link)
        losing = {
            (link.subject, link.target)
            for rivals in accepted.values()
            if len(rivals) > 1
            for link in rivals
            if link.score < max(r.score for r in rivals) or sum(r.score == link.score for r in rivals) > 1
        }
        links = [link.lowered(reason) if (link.subject, link.target) in losing else link for link in links]
    return links


def _fit(ours: frozenset[str], theirs: frozenset[str], is_a: IsA) -> bool | None:
    """Whether two things may be one by their types: True, False, or None where theirs is not known."""
    if not theirs:
        return None
    return any(is_a(a, b) or is_a(b, a) for a in ours for b in theirs)
