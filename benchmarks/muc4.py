"""Who did what to whom with what, on MUC-4's texts in capitals: a file of its form in, CEAF-REE out, rivals beside it.

    python -m benchmarks.muc4 FILE [--extracted FILE] [--keep-case] [--misses N]

FILE has a document a line: ``docid``, ``docdate`` (ISO or null), ``raw`` (the text in capitals with its dateline), and
``roles``: for each of PerpInd, PerpOrg, Target, Victim, Weapon a list of entities, each a list of strings; gzipped or
not. Texts are read by ``kg`` itself; what its events say is put into the five slots by ``slots`` below and by nothing
else. Strings are compared without case, punctuation and articles; a predicted entity is right where each of its
strings is one of the gold entity's; predictions and gold are aligned one to one so that most are right. Intervals:
documents drawn again 1,000 times. ``--extracted`` keeps what was read, or takes it from there.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.core.model import Article
from training.corpora import open_text

ROLES = ("agent", "patient", "instrument", "recipient", "place")
SLOTS = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
#: Micro F1 of others on the test part, by the same measure (their own published outputs, scored again; 1992's are the
#: official response templates of MUC-4, pooled): year, F1, and F1 of each slot.
RIVALS = {
    "IterX BART-large, trained": (2023, 57.4, 46.2, 34.5, 62.7, 75.0, 68.2),
    "GTT BERT-base, trained": (2021, 56.0, 51.4, 51.5, 51.8, 64.6, 66.7),
    "GRIT BERT-base, trained": (2021, 54.5, 49.5, 51.9, 49.0, 67.8, 59.1),
    "GE, rules by hand": (1992, 52.3, 41.0, 51.9, 50.0, 61.2, 71.5),
    "GE-CMU": (1992, 44.6, 31.5, 40.9, 41.5, 53.7, 70.7),
    "UMass (CIRCUS, AutoSlog)": (1992, 42.6, 33.8, 49.3, 41.7, 38.2, 60.5),
    "SRI (FASTUS)": (1992, 42.5, 36.1, 38.3, 46.3, 43.9, 53.6),
    "NYU (PROTEUS)": (1992, 33.4, 27.0, 47.1, 23.7, 42.3, 36.6),
}
DRAWS = 1000

_DATELINE = 600  # characters: "[TEXT]" further on is no end of a dateline

View = Mapping[str, Any]
Slots = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of MUC-4: what is read, and what is in its slots by hand."""

    article: Article
    roles: Slots


def documents(path: Path) -> list[Document]:
    """The documents of a file, each with its text as paragraphs, without the dateline."""
    records = [json.loads(line) for line in open_text(path) if line.strip()]
    return [Document(Article(r["docid"], body(r["raw"]), r.get("docdate")), r["roles"]) for r in records]


def body(raw: str) -> str:
    """The text behind the dateline ("LIMA, 10 JAN 90 (EFE) -- [TEXT] …"), its paragraphs on one line each."""
    head, mark, rest = raw.partition("[TEXT]")
    text = rest if mark and len(head) < _DATELINE else raw
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def extracted(docs: Iterable[Document], kept: Path | None, *, keep_case: bool) -> dict[str, View]:
    """What is read in each document, in the JSON view by the document's id."""
    if kept is not None and kept.exists():
        return {view["doc"]: view for view in map(json.loads, kept.read_text("utf-8").splitlines())}
    from kg.core.model import Extraction
    from kg.core.vocab import DEFAULT_BASE
    from kg.graph.jsonview import to_record
    from kg.pipeline.load import extract
    from kg.pipeline.prepared import Settings

    found = extract([doc.article for doc in docs], Settings(keep_case=keep_case))
    views = [to_record(one, DEFAULT_BASE) for one in found if isinstance(one, Extraction)]
    if kept is not None:
        kept.write_text("".join(json.dumps(view) + "\n" for view in views), "utf-8")
    return {view["doc"]: view for view in views}


def plain(text: str) -> str:
    """A string as it is compared: small letters, no punctuation, no articles."""
    text = text.lower().translate(str.maketrans("", "", string.punctuation))
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", text).split())


#: What MUC-4 asks for: attacks, bombings, kidnappings, arson, robberies, and what they do to people and things.
_INCIDENTS = frozenset({"Attack", "Explosion", "HostageTaking", "Killing", "Destruction", "Theft", "Death", "Injury"})
_UNREAL = ("negated", "planned")
_NO_DOERS = frozenset({"Country", "Government", "Police", "GPE", "NewsMedium", "Court", "Place"})
_NO_TARGETS = frozenset({"Group", "GPE", "MilitaryForce", "Police", "ArmedGroup"})
_SOLID = frozenset({"Facility", "Vehicle", "Organization"})
_ATTACKS = frozenset({"Attack", "Explosion", "Destruction", "Fire", "Theft"})
_FORCES = frozenset({"army", "forces", "military", "government", "force"})
_VAGUE = frozenset("group groups organization organizations unit units member members people one".split())
#: Ways and parts of buildings, which annotators of the training part do not take for targets.
_NO_SITES = frozenset(
    "street streets road roads highway corner intersection window windows wall walls body area areas position"
    " positions".split()
)
_REBELS = frozenset("guerrillas guerrilla rebels rebel terrorists terrorist insurgents insurgent".split())
_PARTITIVES = frozenset(
    "group groups members member band bands number column squad team gang unit units one some two three".split()
)
_BELONGING = re.compile(r"\s(?:of|from)\s(?:the\s)?", re.IGNORECASE)
_NO_PART = re.compile(r"^(?:(?:a|an|the|alleged|suspected)\s+)+", re.IGNORECASE)


def slots(view: View, text: str) -> Slots:
    """The five slots of a document, as its events fill them: entities, each as one string of the text.

    MUC-4 asks for incidents, not for violence in general: an event counts where it has a time, a place, two
    participants or a victim with a name; who did it counts where it is told to whom or with what; states, courts and
    media do not. Who claims an incident did it, so far as MUC-4 goes, the body that is accused of one, and the body
    whose members did; where rebels did it and the text names one armed body, it was that one.
    """
    entities = {entity["id"]: entity for entity in view["entities"]}
    found: dict[str, dict[str, str]] = {slot: {} for slot in SLOTS}

    def put(slot: str | None, entity: str, event: View) -> None:
        if slot is not None:
            found[slot].setdefault(entity, _string(entities[entity], event, entities, text))

    for event in view["events"]:
        fillers = {role: [f for f in event[role] if f in entities] for role in ROLES}
        if event["status"] in _UNREAL:
            continue
        for filler in _answerable(event, fillers):
            slot = _doer(entities[filler])
            put(slot if slot == "PerpOrg" or event["type"] != "Accusation" else None, filler, event)
        if _INCIDENTS.isdisjoint(event["types"]) or not _is_incident(event, fillers, entities):
            continue
        if sum(len(fillers[role]) for role in ("agent", "patient", "instrument")) > 1:
            for filler in fillers["agent"]:
                put(_doer(entities[filler]), filler, event)
                for body in _bodies(entities[filler], entities, text):
                    put("PerpOrg", body, event)
        for filler in fillers["instrument"]:
            put("Weapon", filler, event)
        for filler in fillers["patient"]:
            put(_undergone(entities[filler], event), filler, event)
        for filler in fillers["place"]:
            if _is_site(entities[filler], event):
                put("Target", filler, event)
    armed = [e["id"] for e in view["entities"] if e["named"] and "ArmedGroup" in e["types"]]
    rebels = any(_REBELS & set(words.lower().split()) for words in found["PerpInd"].values())
    if rebels and len(armed) == 1:
        found["PerpOrg"].setdefault(armed[0], entities[armed[0]]["name"])
    return {slot: [[s] for s in dict.fromkeys(filter(None, by_entity.values()))] for slot, by_entity in found.items()}


def _answerable(event: View, fillers: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Who claims or is accused of what was done."""
    if event["type"] == "ClaimOfResponsibility":
        return fillers["agent"]
    return fillers["recipient"] if event["type"] == "Accusation" else ()


def _is_incident(event: View, fillers: Mapping[str, Sequence[str]], entities: Mapping[str, View]) -> bool:
    """Whether an event is told as one that happened somewhere, some day, to somebody."""
    named = any(entities[filler]["named"] for filler in fillers["patient"])
    sides = sum(len(fillers[role]) for role in ("agent", "patient", "instrument"))
    return bool(event["time"] or event["place"] or named or sides > 1)


def _doer(entity: View) -> str | None:
    """The slot of who did it: people and unnamed bands of them, or a body; states, police and media are none."""
    kinds = set(entity["types"])
    if kinds & _NO_DOERS:
        return None
    if kinds & {"Person", "Group"}:
        return "PerpInd"
    if "Organization" not in kinds:
        return "PerpOrg" if "Norp" in kinds else None
    is_body = entity["named"] or entity["name"].lower().split()[-1] in _FORCES
    return "PerpOrg" if is_body else "PerpInd"


def _bodies(entity: View, entities: Mapping[str, View], text: str) -> Iterator[str]:
    """Named bodies that some people are told to belong to: "FMLN guerrillas", "members of the FMLN"."""
    for other in entities.values():
        if other is entity or not other["named"] or "Organization" not in other["types"]:
            continue
        for one, two in ((m, n) for m in entity["mentions"] for n in other["mentions"]):
            inside = one["start"] <= two["start"] and two["end"] <= one["end"]
            behind = text[one["end"] : two["start"]] if one["end"] < two["start"] <= one["end"] + 10 else ""
            if inside or _BELONGING.fullmatch(behind):
                yield other["id"]
                break


def _undergone(entity: View, event: View) -> str | None:
    """The slot of what an incident befell: a person by name, or a thing that is no food, force or sum of money."""
    kinds = set(entity["types"])
    if "Person" in kinds:
        return "Victim" if entity["named"] else None
    if (
        kinds & _NO_TARGETS
        or entity["name"].lower().split()[-1] in _NO_SITES
        or kinds <= {"Other", "Entity"}
        or {"Death", "Injury"} & set(event["types"])
    ):
        return None
    return "Target" if "Theft" not in event["types"] or kinds & _SOLID else None


def _is_site(entity: View, event: View) -> bool:
    """Whether the place of an attack is what it was made on: an unnamed building."""
    where = entity["name"].lower().split()[-1]
    return (
        "Facility" in entity["types"]
        and not entity["named"]
        and where not in _NO_SITES
        and bool(_ATTACKS & set(event["types"]))
    )


def _string(entity: View, event: View, entities: Mapping[str, View], text: str) -> str:
    """How the entity is called: its name, or the phrase nearest to the event, with what it is a group of."""
    if entity["named"]:
        return str(entity["name"])
    at = event["triggers"][0]["start"]
    near = min(entity["mentions"], key=lambda m: (m["text"].lower() in _PRONOUNS, abs(m["start"] - at)))
    if near["text"].lower() in _PRONOUNS:
        return ""
    phrase, end = near["text"], near["end"]
    if phrase.lower().split()[-1] in _PARTITIVES and text[end : end + 4].lower() == " of ":
        inner = [m["end"] for e in entities.values() for m in e["mentions"] if end + 4 <= m["start"] <= end + 9]
        phrase = text[near["start"] : max(inner, default=end)]
    phrase = _NO_PART.sub("", phrase)
    return "" if phrase.lower() in _VAGUE else phrase


_PRONOUNS = frozenset(
    "he she it they him her them his its their we us our i me my you who which that this these those".split()
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Right, predicted and annotated, of one slot."""

    right: int = 0
    said: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.said + other.said, self.gold + other.gold)

    @property
    def scores(self) -> tuple[float, float, float]:
        """Precision, recall and F1, from 0 to 1."""
        p, r = self.right / max(1, self.said), self.right / max(1, self.gold)
        return p, r, 2 * p * r / max(p + r, 1e-9)


def aligned(gold: Sequence[Sequence[str]], said: Sequence[Sequence[str]]) -> Tally:
    """The most predictions that can be right at once, and how many there are of each."""
    wanted = [{plain(s) for s in entity} for entity in gold if entity]
    offered = [{plain(s) for s in entity} for entity in said if entity]
    owner: dict[int, int] = {}

    def placed(i: int, seen: set[int]) -> bool:
        for j, entity in enumerate(wanted):
            if j in seen or not offered[i] <= entity:
                continue
            seen.add(j)
            if j not in owner or placed(owner[j], seen):
                owner[j] = i
                return True
        return False

    return Tally(sum(placed(i, set()) for i in range(len(offered))), len(offered), len(wanted))


def tallies(docs: Iterable[Document], views: Mapping[str, View]) -> list[dict[str, Tally]]:
    """What each document got right, slot by slot; one that was not read says nothing."""
    result = []
    for doc in docs:
        view = views.get(doc.article.id, {"entities": [], "events": []})
        said = slots(view, doc.article.text)
        result.append({slot: aligned(doc.roles.get(slot, ()), said[slot]) for slot in SLOTS})
    return result


def pooled(each: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The tallies of several documents as one, and of all slots as "micro"."""
    result = dict.fromkeys((*SLOTS, "micro"), Tally())
    for one in each:
        for slot in SLOTS:
            result[slot] += one[slot]
            result["micro"] += one[slot]
    return result


def interval(each: Sequence[Mapping[str, Tally]]) -> tuple[float, float]:
    """The 95 % interval of micro F1, documents drawn again."""
    draws = random.Random(0)  # noqa: S311  no secret
    found = sorted(pooled(draws.choices(each, k=len(each)))["micro"].scores[2] for _ in range(DRAWS))
    return found[DRAWS // 40], found[-DRAWS // 40 - 1]


def misses(docs: Iterable[Document], views: Mapping[str, View]) -> Iterator[str]:
    """A line for each filler that was missed or is none, for those who mend the reading."""
    for doc in docs:
        view = views.get(doc.article.id, {"entities": [], "events": []})
        said = slots(view, doc.article.text)
        for slot in SLOTS:
            gold = doc.roles.get(slot, ())
            strings = {plain(s) for entity in gold for s in entity}
            offered = {plain(s) for entity in said[slot] for s in entity}
            for entity in gold:
                if offered.isdisjoint(map(plain, entity)):
                    yield f"{doc.article.id} {slot} missed: {' / '.join(entity)}"
            for string_ in sorted(offered - strings):
                yield f"{doc.article.id} {slot} none: {string_}"


def main() -> None:
    """Read, fill, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--extracted", type=Path, help="the output of `kg extract` is kept here, and taken from here")
    parser.add_argument("--keep-case", action="store_true", help="read the capitals as they stand")
    parser.add_argument("--misses", type=int, default=0, help="show so many fillers that were missed or are none")
    arguments = parser.parse_args()
    docs = documents(arguments.file)
    views = extracted(docs, arguments.extracted, keep_case=arguments.keep_case)
    each = tallies(docs, views)
    total, (low, high) = pooled(each), interval(each)
    print(f"{len(docs)} documents; CEAF-REE\n\n| slot | P | R | F1 | said | annotated |\n|---|---|---|---|---|---|")
    for slot, tally in total.items():
        p, r, f1 = (100 * x for x in tally.scores)
        print(f"| {slot} | {p:.1f} | {r:.1f} | {f1:.1f} | {tally.said} | {tally.gold} |")
    print(f"\nmicro F1 95 %: {100 * low:.1f} to {100 * high:.1f}\n\nOthers, on the test part:\n")
    print(f"| system | year | micro | {' | '.join(SLOTS)} |\n|---|---|---|{'---|' * len(SLOTS)}")
    ours = [100 * total[slot].scores[2] for slot in ("micro", *SLOTS)]
    for name, (year, *scores) in {"kg, on this file": ("", *ours), **RIVALS}.items():
        print(f"| {name} | {year} | {' | '.join(f'{x:.1f}' for x in scores)} |")
    for line, _ in zip(misses(docs, views), range(arguments.misses), strict=False):
        print(line)


if __name__ == "__main__":
    main()
