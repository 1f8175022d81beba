"""Small sets of things beside each other, rivals among links, and weights at their bounds: what the tables hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING

from kg.linking import agreement, match, nearest, weighing
from kg.linking.evidence import Part
from kg.linking.match import Link
from kg.linking.things import Named
from kg.store.opening import NamedNode, RdfLiteral, Triple
from tests.pairs import KNOWN, is_a

if TYPE_CHECKING:
    from collections.abc import Iterator

EX = "http://x.example/"


def _named(iri: str, names: str, kind: str = "", **more: str) -> Named:
    sets = {field: frozenset(words.split("; ")) for field, words in more.items()}
    return Named(f"{EX}{iri}", tuple(names.split("; ")), frozenset(kind.split()), **sets)  # type: ignore[arg-type]


OURS = (
    _named("our/kirra", "Kirra", "GPE", places="norvia"),
    _named("our/hale", "Viktor Hale; Hale", "Person", called="president"),
    _named("our/front", "Red Front", "Organization"),
    _named("our/rf", "RF", "Organization"),
    _named("our/norvia", "Norvia", "Country"),
    _named("our/moor", "Karl Moor", "Person"),
    _named("our/moor-2", "Karl Moor", "Person", related="kirra"),
)
THEIRS = (
    _named("their/kirra", "Kirra", "Town", places="norvia"),
    _named("their/kirra-2", "Kirra", "Town", places="ostania"),
    _named("their/kirra-river", "Kirra", "Firm"),
    _named("their/hale", "Viktor Hale", "Person", called="president"),
    _named("their/hale-2", "Viktor Hale; V. Hale", "Person", called="doctor"),
    _named("their/hale-same", "Viktor Hale", "Person", same=f"{EX}their/hale"),
    _named("their/front", "Red Front; RF", "Firm"),
    _named("their/front-2", "The Red Front", ""),
    _named("their/norvia", "Norvia; Norvien", "Country"),
    _named("their/moor", "Moor, Karl", "Person", related="kirra"),
    _named("their/nobody", "Somebody Else", "Person"),
)
TRIPLES = tuple(
    Triple(NamedNode(f"{EX}{subject}"), NamedNode(predicate), value)
    for subject, predicate, value in (
        ("their/kirra", f"{EX}people", RdfLiteral("4000")),
        ("their/kirra", f"{EX}capital", NamedNode(f"{EX}c/7")),
        ("their/norvia", "http://www.w3.org/2000/01/rdf-schema#label", RdfLiteral("Norvia")),
        ("their/norvia", f"{EX}people", RdfLiteral("9")),
        ("their/nobody", f"{EX}people", RdfLiteral("1")),
        ("people", "http://www.w3.org/2000/01/rdf-schema#label", RdfLiteral("Leute", language="de")),
        ("people", "http://www.w3.org/2000/01/rdf-schema#label", RdfLiteral("inhabitants", language="en-GB")),
        ("c/7", "http://www.w3.org/2000/01/rdf-schema#label", RdfLiteral("Arden")),
    )
)


def _line(link: Link) -> str:
    why = "; ".join(link.reasons)
    said = f"{'rivals ' * link.has_rivals}{'grounded ' * link.is_grounded}"
    return f"{link.subject} {link.target} {link.score} {link.status} {said}({why})".replace(EX, "")


def matches() -> Iterator[str]:
    """Links between ours and each few of theirs, and what those that are accepted say of ours."""
    sets = [THEIRS, (), *((one,) for one in THEIRS), *combinations(THEIRS, 2)]
    for theirs in sets:
        links = match.find_links(OURS, theirs, is_a, KNOWN)
        yield f"## {', '.join(one.iri for one in theirs)}".replace(EX, "")
        if len(theirs) != 2 or len(links) > 1:
            yield from map(_line, links)
    sure = [replace(link, status="accepted") for link in match.find_links(OURS, THEIRS, is_a, KNOWN)]
    for links in (sure, sure[:4], sure[4:], []):
        ours, theirs = ({one.iri: one for one in some} for some in (OURS, THEIRS))
        facts = agreement.compared(links, ours, theirs, TRIPLES, KNOWN, is_a)
        yield from (str(fact).replace(EX, "") for fact in facts)
        names = agreement.names_of(TRIPLES, [f"{EX}people", f"{EX}c/7", "http://www.wikidata.org/prop/direct/P36"])
        yield f"{names}"
        yield from agreement.summary(facts, names)
        yield from agreement.summary(facts)


def rivals() -> Iterator[str]:
    """Two and three links that may exclude each other, with each score and status."""
    low, least, high = (f"{match.accept() + step:.2f}" for step in (Decimal("-0.01"), Decimal(0), Decimal("0.02")))
    for (one, other), scores in product((("a", "a"), ("a", "b")), product((low, least, high), repeat=3)):
        pairs = (("a", "x"), (one, "y"), (other, "x"))
        links = [
            Link(our, their, "", Decimal(score), "candidate", ()).proposed()
            for (our, their), score in zip(pairs, scores, strict=True)
        ]
        yield f"{pairs} {scores}"
        yield from (f"  {_line(link)}" for link in match._one_to_one(links))
    link = Link("a", "x", "m", match.accept(), "rejected", ("same name",), ("g",))
    for one in (link, replace(link, contested=()), replace(link, contested=(), score=Decimal("0.99"))):
        yield f"{one.proposed().status} {one.lowered('a rival').score} {one.lowered('a rival').reasons}"


def weights() -> Iterator[str]:
    """Odds, chances and reasons of measures at their bounds."""
    by = weighing.Weights({"a": 2.0, "b": -0.5, "c": -0.25, "d": 100.0, "e": -100.0}, -1.0, Decimal("0.9"))
    parts = [Part(name, much, words) for name in "abcdef" for much, words in ((1.0, f"says {name}"), (0.5, ""))]
    for some in (*((one,) for one in parts), *combinations(parts, 2), parts):
        said = " ".join(f"{one.name}{one.much}" for one in some)
        yield f"{said} = {weighing.odds(some, by):.6g} {weighing.reasons(some, by)}"
    for own, others in product((0.0, 0.5, 3.0), ((), (0.0,), (1.0, 2.5))):
        yield f"{own} beside {others} = {weighing.chance(own, others):.4f}"


def near() -> Iterator[str]:
    """Which of some labels are near to which names."""
    names = ["Muammar Gaddafi", "Mali", "Jose Ruelo", "Kirra", "A", "", "Red Front Party", "United Nations"]
    labels = [
        *("Moammar Kaddafi", "Muammar al-Gaddafi", "Bali", "mali", "Ruelo, Jose", "José Ruelo", "Kira", "Kirra ", "B"),
        *("Party of the Red Front", "Front Red Party", "Nations United", "United Nation", "", "Untied Nations"),
    ]
    for block in (200_000, 4):
        nearest.BLOCK, usual = block, nearest.BLOCK
        yield from (
            f"{names[one.name]} / {labels[one.label]} {one.ratio:.1f}" for one in nearest.nearest(names, labels)
        )
        nearest.BLOCK = usual


TABLES = {"matches": matches, "rivals": rivals, "weights": weights, "near-names": near}
