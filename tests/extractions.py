"""A small extraction made by hand, for the tests of everything that comes after the reading."""

from __future__ import annotations

from dataclasses import replace

from kg.core.model import (
    Article,
    Bounds,
    Claim,
    Count,
    Entity,
    Event,
    Extraction,
    Mention,
    Reading,
    Relation,
    RoleFiller,
    TimeSpan,
)

TEXT = (
    "At least 12 miners and a guard were killed on Monday when gunmen raided a quarry near Lodwar, a witness said. "
    "Ada Okoro, the mines minister, said on Tuesday that police had not arrested anyone, citing a report. "
    "Troops will search the hills, which the army has done since May 2019."
)
RELATED_WORDS = "quarry near Lodwar"
READING = Reading(program="kg 0", model="none", ontology="0")


def at(words: str, nth: int = 0) -> Mention:
    """The nth occurrence of some words in TEXT."""
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Mention(start, start + len(words), words)


def _entity(number: int, types: str, *mentions: Mention, named: bool = False, source: str | None = None) -> Entity:
    chain = tuple(types.split())
    name = mentions[0].text
    return Entity(f"n{number}", chain[0], chain, name, named, mentions, source_type=source)


MINERS = _entity(1, "Group Agent Entity", at("miners"))
GUARD = _entity(2, "Person Agent Entity", at("guard"))
GUNMEN = _entity(3, "Group Agent Entity", at("gunmen"))
QUARRY = _entity(4, "Facility Place Entity", at("quarry"))
LODWAR = _entity(5, "Settlement GPE Place Entity", at("Lodwar"), named=True)
WITNESS = _entity(6, "Person Agent Entity", at("witness"), source="witness")
MINISTER = _entity(7, "Person Agent Entity", at("Ada Okoro"), at("the mines minister"), named=True)
POLICE = _entity(8, "Police Organization Agent Entity", at("police"))
REPORT = _entity(9, "Document Entity", at("report"))
TROOPS = _entity(10, "MilitaryForce Organization Agent Entity", at("Troops"), at("army"))
HILLS = _entity(11, "NaturalPlace Place Entity", at("hills"))

MONDAY = TimeSpan("t1", at("Monday"), Bounds("2024-05-06", "2024-05-06", "2024-05-06", "2024-05-06", "day"))
SINCE = TimeSpan("t2", at("since May 2019"), Bounds("2019-05", "2019-05", None, None, "month"))
TOLD = replace(MONDAY, id="t3", mention=None, inferred=True, evidence=at("Monday"))

KILLING = Event(
    "e1",
    "Killing",
    ("Killing", "Death", "Violence", "Event"),
    (at("killed"),),
    (
        RoleFiller("agent", "n3"),
        RoleFiller("patient", "n1"),
        RoleFiller("patient", "n2"),
        RoleFiller("place", "n4"),
        RoleFiller("cause", "e2"),
    ),
    MONDAY,
    (Count("q1", "patient", "n1", 12, None, False, at("At least 12"), "miners"),),
    source="n6",
)
RAID = Event(
    "e2",
    "Attack",
    ("Attack", "Violence", "Event"),
    (at("raided"),),
    (RoleFiller("agent", "n3"), RoleFiller("patient", "n4"), RoleFiller("place", "n5")),
    TOLD,
    source="n6",
)
ARREST = Event(
    "e3",
    "Arrest",
    ("Arrest", "Law", "Event"),
    (at("arrested"),),
    (RoleFiller("agent", "n8"),),
    status="negated",
    source="n7",
)
SEARCH = Event(
    "e4",
    "Search",
    ("Search", "Law", "Event"),
    (at("search"),),
    (RoleFiller("agent", "n10"), RoleFiller("place", "n11"), RoleFiller("cause", at("which the army has done"))),
    SINCE,
    status="planned",
)
CLAIMS = (
    Claim("c1", "n6", at("said"), ("e1", "e2"), ("q1",)),
    Claim("c2", "n7", at("said", 1), ("e3",), (), medium="n9"),
    Claim("c3", "n9", at("citing"), ("e3",), (), reported_in="c2"),
)
EXTRACTION = Extraction(
    Article("quarry", TEXT, "2024-05-08", "The Lodwar Courier", "Raid on a quarry", "https://courier.example/quarry"),
    (MINERS, GUARD, GUNMEN, QUARRY, LODWAR, WITNESS, MINISTER, POLICE, REPORT, TROOPS, HILLS),
    (KILLING, RAID, ARREST, SEARCH),
    CLAIMS,
    (
        Relation("r1", "n7", "position", "mines minister", at("the mines minister"), literal=True),
        Relation("r2", "n4", "locatedIn", "n5", at(RELATED_WORDS)),
    ),
)
