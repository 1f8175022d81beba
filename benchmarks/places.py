"""How often a mention of a place is linked to the right place of GeoNames, against mentions resolved by hand.

    python benchmarks/places.py --corpora FOLDER [--part N] [--by first|second|geonames] [--mistakes]
    python benchmarks/places.py --agreement

Reads the texts of tests/cases/places/mentions.tsv from the corpora, as `kg load` does, resolves their places with the
index of `kg places --build`, and writes the table of docs/quality.md: exact (the right place, or none where there is
none), wrong (another place), beside the baseline "the most populous place of that name". What is right is what holds
after both annotators' differences were gone through, or what one of them said. --agreement tells how often they agree.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.articles import SkippedInput
from kg.core.model import Article, Extraction
from kg.graph.mint import global_iri
from kg.linking.gazetteer import fits
from kg.linking.places.index import Gazetteer, open_gazetteer
from kg.linking.places.resolve import Resolver, Told
from kg.linking.places.surroundings import CountryWords, Source, country_words
from kg.ontology.load import load_ontology
from kg.pipeline.load import extract
from kg.pipeline.prepared import Settings

MENTIONS = Path(__file__).parent.parent / "tests/cases/places/mentions.tsv"


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention by position, with the numbers that are right; none where the data have no such place."""

    part: int
    file: str
    line: int
    begin: int
    end: int
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answered:
    """A mention with what was linked, and what the baseline says; None for nothing."""

    mention: Mention
    words: str
    linked: int | None
    largest: int | None


def mentions(path: Path = MENTIONS, by: str = "geonames") -> list[Mention]:
    """The mentions that were resolved by hand; ``by`` is the column of who said what is right."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Mention(
            int(row["part"]),
            row["file"],
            int(row["line"]),
            int(row["begin"]),
            int(row["end"]),
            frozenset(int(number) for number in row[by].split() if number != "-"),
        )
        for row in csv.DictReader(lines, delimiter="\t")
    ]


def agreement() -> tuple[int, int, int]:
    """How many mentions two annotators resolved, alike to the last number, and with a number (or none) in common."""
    pairs = [(a.right, b.right) for a, b in zip(mentions(by="first"), mentions(by="second"), strict=True)]
    return len(pairs), sum(a == b for a, b in pairs), sum(a == b or bool(a & b) for a, b in pairs)


def articles(corpora: Path, wanted: Iterable[Mention]) -> dict[tuple[str, int], Article]:
    """The texts of some mentions, by file and line."""
    lines: dict[str, set[int]] = defaultdict(set)
    for mention in wanted:
        lines[mention.file].add(mention.line)
    found = {}
    for name, numbers in sorted(lines.items()):
        with gzip.open(corpora / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                if number in numbers:
                    found[name, number] = article(f"{name}-{number}", json.loads(line))
    return found


def article(article_id: str, said: Mapping[str, object]) -> Article:
    """A line of a corpus as an article."""
    tokens = said.get("tokens")
    text = said.get("text") or (" ".join(tokens) if isinstance(tokens, list) else tokens)
    published, publisher, url = (said.get(name) for name in ("published", "publisher", "url"))
    return Article(
        article_id,
        str(text),
        published=str(published)[:10] if published else None,
        publisher=str(publisher) if publisher else None,
        url=str(url) if url else None,
    )


def places_of(found: Extraction) -> list[Told]:
    """The places of an extraction that have an IRI beyond their article, as they stand in the graph."""
    ontology = load_ontology()
    by_iri: dict[str, list[Told]] = defaultdict(list)
    for entity in found.entities:
        iri = global_iri(entity, "") if ontology.is_a(entity.type, "Place") else None
        if iri is not None:
            spans = tuple((m.start, m.end) for m in entity.mentions)
            by_iri[iri].append(Told(iri, (entity.name, *entity.aliases), frozenset([entity.type]), spans))
    return [
        Told(
            iri,
            tuple(dict.fromkeys(name for one in same for name in one.names)),
            frozenset(t for one in same for t in one.types),
            tuple(sorted({span for one in same for span in one.mentions})),
        )
        for iri, same in by_iri.items()
    ]


def answers(corpora: Path, gazetteer: Gazetteer, wanted: list[Mention]) -> list[Answered]:
    """Every mention with its answer, by text."""
    known = country_words(load_ontology())
    resolver = Resolver(gazetteer, known, fits)
    texts = articles(corpora, wanted)
    by_text: dict[tuple[str, int], list[Mention]] = defaultdict(list)
    for mention in wanted:
        by_text[mention.file, mention.line].append(mention)
    read = extract([texts[key] for key in sorted(texts)], Settings())
    found = []
    for key, extraction in zip(sorted(texts), read, strict=True):
        if isinstance(extraction, SkippedInput):
            sys.exit(f"{key}: {extraction.reason}")
        told = places_of(extraction)
        article = extraction.article
        source = Source(article.text, article.publisher or "", article.url or "")
        meant = {m.iri: m.place.number for m in resolver.meanings(source, told) if m.accepted}
        for mention in by_text[key]:
            place = next((one.iri for one in told if (mention.begin, mention.end) in one.mentions), None)
            words = article.text[mention.begin : mention.end]
            largest = _largest(words, gazetteer, known) if place else None
            found.append(Answered(mention, words, meant.get(place or ""), largest))
    return found


def _largest(name: str, gazetteer: Gazetteer, known: CountryWords) -> int | None:
    """The baseline: the most populous place of a name."""
    from kg.linking.places.place import form

    places = [one.place for one in gazetteer.named(name)]
    places += [country for code in known.names.get(form(name), ()) if (country := gazetteer.country(code))]
    return max(places, key=lambda place: (place.population, -place.number)).number if places else None


def figures(found: list[Answered]) -> tuple[int, float, float, float, float]:
    """Mentions; exact and wrong as shares of them; the same of the baseline."""

    def shares(answer: str) -> tuple[float, float]:
        pairs = [(getattr(one, answer), one.mention.right) for one in found]
        exact = sum(number in right if right else number is None for number, right in pairs)
        wrong = sum(number is not None and number not in right for number, right in pairs)
        return exact / len(found), wrong / len(found)

    return len(found), *shares("linked"), *shares("largest")


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--part", type=int)
    parser.add_argument("--by", choices=("first", "second", "geonames"), default="geonames")
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--mistakes", action="store_true")
    asked = parser.parse_args()
    if asked.agreement:
        number, alike, common = agreement()
        print(f"{number} mentions: {alike} resolved alike, {common} with an answer in common")
    if asked.corpora is None:
        return
    gazetteer = open_gazetteer()
    if gazetteer is None:
        sys.exit("no index of places: kg places --build")
    wanted = [one for one in mentions(by=asked.by) if asked.part in (None, one.part)]
    with gazetteer:
        found = answers(asked.corpora, gazetteer, wanted)
    print("| part | mentions | exact | wrong | largest: exact | wrong |\n|---|---|---|---|---|---|")
    for part in sorted({one.mention.part for one in found} | {0}):
        its = [one for one in found if part in (0, one.mention.part)]
        number, *shares = figures(its)
        print(f"| {part or 'all'} | {number} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    if asked.mistakes:
        for one in found:
            if (one.linked not in one.mention.right) if one.mention.right else one.linked:
                print(one.words, one.linked, sorted(one.mention.right), one.mention.file, one.mention.line, sep="\t")


if __name__ == "__main__":
    main()
