"""How good the chances of links are: labelled pairs by position, precision and recall of what is accepted by itself.

    python -m benchmarks.links --corpora FOLDER [--kept FILE] [--mistakes]

Mentions of people, bodies and places in the corpora, with the thing of DBpedia (tests/cases/links) or GeoNames
(tests/cases/places) that each means, were resolved by hand. Every mention's text is read as `kg load` does, alone; what
`kg merge` would compare is compared with datasets made of the things that bear its name: all of them, each one alone,
with all that is known of them or only names and classes. Names were split by their letters: of three, two to learn
from and choose by, one kept for the end. ``--part bodies`` are others again: mentions of bodies that share their names
with bodies of other countries. Needs the index of `kg places --build`. ``--kept`` keeps what was read.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks import places
from kg.articles import SkippedInput
from kg.core.model import Article
from kg.core.names import fold
from kg.core.vocab import COMMON_PREFIXES, RDF, RDFS
from kg.linking.dataset import Names, things
from kg.linking.entities import entities
from kg.linking.gazetteer_rows import geonames_iri
from kg.linking.match import Pair, accept, chances, find_pairs
from kg.linking.merge import places_named, specific_of
from kg.linking.names import keys
from kg.linking.places.index import Gazetteer, open_gazetteer
from kg.linking.things import Known, Named
from kg.linking.weighing import Weights, weights
from kg.ontology.load import load_ontology
from kg.ontology.sentences import sentence_bounds
from kg.ontology.values import Ontology
from kg.store.opening import NamedNode, RdfLiteral, Triple, open_store

CASES = Path(__file__).parent.parent / "tests/cases/links"
BODIES = CASES / "bodies"
DBR, DBO, GN = (COMMON_PREFIXES[prefix] for prefix in ("dbr", "dbo", "gn"))
KEPT_AWAY = 3  # one name of so many is kept for the end
PLACES = 12  # of a name, the largest: what a dataset made of GeoNames has
ALONE = 4  # things of a name that are also a dataset each
STEPS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 1.01)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing of ours with a dataset; ``right`` are the IRIs of it that are the same thing, if there are any."""

    our: Named
    theirs: tuple[Named, ...]
    right: frozenset[str]
    kind: str  # person, body, place
    dataset: str  # what the dataset was made of
    kept_away: bool


@dataclass(frozen=True, slots=True)
class _Meant:
    file: str
    line: int
    begin: int
    end: int
    right: frozenset[str]


def cases(corpora: Path, gazetteer: Gazetteer, kept: Path | None) -> list[Case]:
    """All cases, those of one mention together, in a fixed order."""
    found = _named_cases(CASES, corpora, _beside(kept, "named"))
    of_places = []
    for meant, our in _ours(_places(), corpora, _beside(kept, "places"), cut=False):
        named = {c.place.number: c.place for name in our.names for c in gazetteer.named(name)}
        largest = sorted(named.values(), key=lambda place: (-place.population, place.number))[:PLACES]
        numbers = {place.number for place in largest} | {int(iri.split("/")[-2]) for iri in meant.right}
        of_places.append((meant, our, {geonames_iri(number) for number in numbers}))
    every = {int(iri.split("/")[-2]) for _, _, wanted in of_places for iri in wanted}
    rows = things(_geonames(every, gazetteer), Names(load_ontology()), specific_of(load_ontology()))
    for meant, our, wanted in of_places:
        some = [rows[iri] for iri in sorted(wanted) if iri in rows and _meet(our, rows[iri])]
        found += _datasets(our, some, meant.right, "place")
    return found


def bodies(corpora: Path, kept: Path | None) -> list[Case]:
    """The cases of bodies that share their names with others; none of them is learned from or chosen by."""
    return _named_cases(BODIES, corpora, _beside(kept, "bodies"))


def _named_cases(folder: Path, corpora: Path, kept: Path | None) -> list[Case]:
    """The cases of the mentions and things of a folder."""
    theirs = _described(folder)
    found: list[Case] = []
    for meant, our in _ours(_mentions(folder), corpora, kept, cut=True):
        kind = "person" if "Person" in our.types else "body"
        found += _datasets(our, [thing for thing in theirs if _meet(our, thing)], meant.right, kind)
    return found


def _datasets(our: Named, theirs: Sequence[Named], right: frozenset[str], kind: str) -> Iterator[Case]:
    """The datasets that the things of a name make: all, and single ones, rich and poor."""
    if not theirs:
        return
    away = crc32(fold(our.names[0]).encode()) % KEPT_AWAY == 0
    ordered = sorted(theirs, key=lambda thing: (thing.iri not in right, crc32(thing.iri.encode())))
    for rich, form in (("rich", lambda thing: thing), ("poor", _poor)):
        made = [form(thing) for thing in ordered]
        yield Case(our, tuple(made), right, kind, f"{rich}, all of the name", away)
        if len(made) > 1:
            for one in made[:ALONE]:
                yield Case(our, (one,), right & {one.iri}, kind, f"{rich}, one alone", away)


def _poor(thing: Named) -> Named:
    """A thing as a dataset of names and classes has it; every third one without a class."""
    types = frozenset[str]() if crc32(thing.iri.encode()) % 3 == 0 else thing.types
    return Named(thing.iri, thing.names, types, same=thing.same)


def _meet(our: Named, their: Named) -> bool:
    return not keys(our.names).isdisjoint(keys(their.names))


def _described(folder: Path) -> list[Named]:
    """The things of theirs.tsv, by way of triples in DBpedia's shape."""
    triples: list[Triple] = []
    with (folder / "theirs.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
            node = NamedNode(DBR + row["iri"])
            triples.append(Triple(node, NamedNode(RDF + "type"), NamedNode(DBO + row["class"])))
            first, *others = row["names"].split("|")
            triples.append(Triple(node, NamedNode(RDFS + "label"), RdfLiteral(first, language="en")))
            triples += [Triple(node, NamedNode(DBO + "alias"), RdfLiteral(name, language="en")) for name in others]
            person = row["class"] not in _BODIES
            for country in filter(None, row["countries"].split("|")):
                where = NamedNode(DBR + country.replace(" ", "_"))
                triples.append(Triple(node, NamedNode(DBO + ("nationality" if person else "country")), where))
            for what, year in (("birthYear" if person else "foundingYear", row["begun"]), ("deathYear", row["ended"])):
                if year:
                    triples.append(Triple(node, NamedNode(DBO + what), RdfLiteral(year)))
            triples.append(Triple(node, NamedNode(RDFS + "comment"), RdfLiteral(row["description"], language="en")))
    return list(things(triples, Names(load_ontology()), specific_of(load_ontology())).values())


_BODIES = frozenset(
    "Airline Airport BaseballTeam Bank BroadcastNetwork Broadcaster City Company GovernmentAgency Legislature "
    "MilitaryUnit Newspaper Organisation PoliticalParty SoccerClub Town University".split()
)


def _geonames(numbers: Iterable[int], gazetteer: Gazetteer) -> Iterator[Triple]:
    """Places with their names as GeoNames' RDF has them, and the names of what they lie in."""
    rest, done = sorted(numbers), set[int]()
    names = gazetteer.names_of(set(rest))
    while rest:
        number = rest.pop()
        place = gazetteer.place(number)
        if number in done or place is None:
            continue
        done.add(number)
        node = NamedNode(geonames_iri(number))
        yield Triple(node, NamedNode(GN + "name"), RdfLiteral(place.name))
        yield Triple(node, NamedNode(GN + "featureCode"), NamedNode(GN + place.code))
        for name in names.get(number, ()):
            yield Triple(node, NamedNode(GN + "alternateName"), RdfLiteral(name.title()))
        if place.country:
            yield Triple(node, NamedNode(GN + "countryCode"), RdfLiteral(place.country))
        if place.population and (place.seat is None or place.is_country):
            yield Triple(node, NamedNode(GN + "population"), RdfLiteral(str(place.population)))
        for what, area in (("parentADM1", place.admin1), ("parentADM2", place.admin2)):
            if area is not None:
                yield Triple(node, NamedNode(GN + what), NamedNode(geonames_iri(area)))
                rest.append(area)


def _mentions(folder: Path) -> list[_Meant]:
    with (folder / "mentions.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    return [
        _Meant(
            row["file"],
            int(row["line"]),
            int(row["begin"]),
            int(row["end"]),
            frozenset(DBR + iri for iri in row["meant"].split() if iri != "-"),
        )
        for row in rows
    ]


def _places() -> list[_Meant]:
    """The mentions of places in every fourth text: enough, and a quarter of the reading."""
    return [
        _Meant(one.file, one.line, one.begin, one.end, frozenset(map(geonames_iri, one.right)))
        for one in places.mentions()
        if crc32(f"{one.file} {one.line}".encode()) % 4 == 0
    ]


def _beside(kept: Path | None, what: str) -> Path | None:
    return kept.with_suffix(f".{what}.json") if kept else None


def _ours(mentions: Sequence[_Meant], corpora: Path, kept: Path | None, *, cut: bool) -> list[tuple[_Meant, Named]]:
    """Each mention with what `kg load` makes of it; not those that it takes for no thing with an IRI of its own."""
    if kept is None or not kept.exists():
        found = [(asdict(meant), asdict(our)) for meant, our in _read(mentions, corpora, cut=cut)]
        if kept is None:
            return [(_plain(_Meant, meant), _plain(Named, our)) for meant, our in found]
        kept.write_text(json.dumps(found, default=sorted), "utf-8")
    return [(_plain(_Meant, meant), _plain(Named, our)) for meant, our in json.loads(kept.read_text("utf-8"))]


def _plain(made: type[Any], said: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of the class that is given
    """A value as it was before it was written as JSON."""
    sets = {"right", "types", "places", "related", "beside", "same", "called", "said", "identifiers"}
    tuples = {"names", "years", "at"}
    return made(
        **{
            name: frozenset(value) if name in sets else tuple(value) if name in tuples and value is not None else value
            for name, value in said.items()
        }
    )


def _read(mentions: Sequence[_Meant], corpora: Path, *, cut: bool) -> Iterator[tuple[_Meant, Named]]:
    from kg.pipeline.load import extract
    from kg.pipeline.prepared import Settings

    texts, by_text = _articles(corpora, mentions, cut=cut)
    ontology = load_ontology()
    for key, found in zip(sorted(by_text), extract([texts[key] for key in sorted(by_text)], Settings()), strict=True):
        if isinstance(found, SkippedInput):
            continue
        with open_store(":memory:", mode="write") as store:
            graph = f"{store.base}article/{found.article.id}"
            store.replace(graph, _ntriples(found, ontology, store.base))
            named = Names(ontology)
            at = {span: iri for iri, span in _spans(store, graph)}
            wanted = {key for entity in found.entities for key in keys((entity.name, *entity.aliases))}
            ours = {thing.iri: thing for thing in entities(store, named, wanted, specific_of(ontology))}
        for meant in by_text[key]:
            over = [iri for (begin, end), iri in sorted(at.items()) if begin < meant.end and meant.begin < end]
            thing = next((ours[iri] for iri in over if iri in ours), None)
            if thing is not None:
                yield meant, thing


def _ntriples(found: Any, ontology: Ontology, base: str) -> bytes:  # noqa: ANN401 - an Extraction
    from kg.core.model import Reading
    from kg.graph.triples import to_ntriples, to_triples

    return to_ntriples(to_triples(found, ontology, Reading("", "", ""), base))


def _spans(store: Any, graph: str) -> Iterator[tuple[str, tuple[int, int]]]:  # noqa: ANN401 - a Store
    from kg.core.iris import span_of
    from kg.core.vocab import ONTOLOGY

    for row in store.query(f"SELECT ?t ?m {{ GRAPH <{graph}> {{ ?t <{ONTOLOGY}mention> ?m }} }}"):
        if span := span_of(row["m"].value):
            yield row["t"].value, span


_Key = tuple[str, int, int]
"""File, line, and where the article begins in the text."""


def _articles(
    corpora: Path, mentions: Sequence[_Meant], *, cut: bool
) -> tuple[dict[_Key, Article], dict[_Key, list[_Meant]]]:
    """The texts of mentions, and the mentions by text; of people and bodies the paragraph, or so much around them."""
    by_line: dict[str, dict[int, list[_Meant]]] = defaultdict(lambda: defaultdict(list))
    for meant in mentions:
        by_line[meant.file][meant.line].append(meant)
    texts: dict[_Key, Article] = {}
    by_text: dict[_Key, list[_Meant]] = defaultdict(list)
    for name, lines in sorted(by_line.items()):
        with gzip.open(corpora / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                for meant in lines.get(number, ()):
                    whole = places.article(f"{name}-{number}", json.loads(line))
                    begin, end = 0, len(whole.text)
                    if cut:
                        begin, end = _around(whole.text, meant.begin, meant.end)
                    key = (name, number, begin)
                    text = whole.text[begin:end]
                    texts[key] = replace(whole, id=f"{whole.id}-{begin}", text=text)
                    by_text[key].append(replace(meant, begin=meant.begin - begin, end=meant.end - begin))
    return texts, by_text


_AROUND = 500  # characters before and behind a mention


def _around(text: str, begin: int, end: int) -> tuple[int, int]:
    """The paragraph of a mention, or the sentences of it that are near."""
    first, last = text.rfind("\n\n", 0, begin), text.find("\n\n", end)
    first, last = first + 2 if first >= 0 else 0, last if last >= 0 else len(text)
    bounds = [bound for bound in sentence_bounds(text) if bound <= begin - _AROUND]
    until = [bound for bound in sentence_bounds(text) if bound >= end + _AROUND]
    return max([first, *bounds]), min([last, *until])


def known(gazetteer: Gazetteer | None) -> Known:
    """What is known of names, with an index of places to ask or without."""
    return Names(load_ontology(), places_named(gazetteer)).known


def compared(some: Iterable[Case], known_names: Known) -> Iterator[tuple[Case, list[Pair]]]:
    """Each case with the pairs that `kg merge` would compare; those left out that have none."""
    is_a = load_ontology().is_a
    for case in some:
        if pairs := find_pairs([case.our], case.theirs, is_a, known_names):
            yield case, pairs


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with its chance, whether it is right, and whether its case has a right one at all."""

    case: Case
    pair: Pair
    chance: float
    right: bool


def judged(some: Iterable[tuple[Case, list[Pair]]], by: Weights) -> list[Judged]:
    """Every pair with its chance by these weights."""
    return [
        Judged(case, pair, value, pair.their.iri in case.right)
        for case, pairs in some
        for pair, value in zip(pairs, chances(pairs, by), strict=True)
    ]


def quality(found: Sequence[Judged], least: float) -> tuple[int, int, float, float]:
    """Pairs, accepted ones, their precision, and recall of the cases that have a right thing."""
    taken = [one for one in found if round(one.chance, 2) >= least]
    right = sum(one.right for one in taken)
    cases_with = len({id(one.case) for one in found if one.case.right})
    return len(found), len(taken), right / len(taken) if taken else 1.0, right / cases_with if cases_with else 0.0


def reliability(found: Sequence[Judged]) -> list[tuple[str, int, float, float]]:
    """By steps of the chance: pairs, the mean chance, the share that is right."""
    rows = []
    for low, high in pairwise(STEPS):
        some = [one for one in found if low <= one.chance < high]
        if some:
            mean, right = (sum(values) / len(some) for values in ([o.chance for o in some], [o.right for o in some]))
            rows.append((f"{low:.2f} to {min(high, 1.0):.2f}", len(some), mean, right))
    return rows


def main() -> None:
    """Read, compare, weigh, write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--part", choices=("chosen", "kept", "bodies"), default="chosen")
    parser.add_argument("--mistakes", action="store_true")
    asked = parser.parse_args()
    gazetteer = open_gazetteer()
    if gazetteer is None:
        parser.error("no index of places: kg places --build")
    with gazetteer:
        own = asked.part == "bodies"
        some = bodies(asked.corpora, asked.kept) if own else cases(asked.corpora, gazetteer, asked.kept)
        some = [case for case in some if own or case.kept_away == (asked.part == "kept")]
        pairs = list(compared(some, known(gazetteer)))
    found, least = judged(pairs, weights()), float(accept())
    print(f"accepted from {least}\n\n| pairs of | pairs | accepted | precision | recall |\n|---|---|---|---|---|")
    rows: dict[str, list[Judged]] = {"all": found}
    for one in found:
        rows.setdefault(one.case.kind, []).append(one)
        rows.setdefault(one.case.dataset, []).append(one)
    for name, its in rows.items():
        number, taken, precision, recall = quality(its, least)
        print(f"| {name} | {number} | {taken} | {precision:.3f} | {recall:.3f} |")
    print("\n| chance | pairs | mean chance | right |\n|---|---|---|---|")
    for name, number, mean, right in reliability(found):
        print(f"| {name} | {number} | {mean:.3f} | {right:.3f} |")
    if asked.mistakes:
        for one in found:
            if round(one.chance, 2) >= least and not one.right:
                words = "; ".join(part.words for part in one.pair.parts if part.words)
                print(one.case.our.names[0], one.pair.their.iri, one.case.dataset, f"{one.chance:.3f}", words, sep="\t")


if __name__ == "__main__":
    main()
