"""Correcting: what a person says becomes corrections, and their articles are read again with them.

A correction is kept only where the article, read again with it, passes the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.articles import SkippedInput
from kg.articles.urls import page_id
from kg.core.errors import KgError
from kg.core.iris import local_name
from kg.core.model import Article, text_digest
from kg.graph.mint import graph_iri
from kg.linking.splits import as_split
from kg.pipeline.corrected import STATUSES, is_dates
from kg.query.corrections import Change, Correction, Place, add_correction, read_corrections
from kg.store.exporters.facts import ArticleFacts, EventFact, Span
from kg.store.exporters.reading import read_facts

if TYPE_CHECKING:
    from kg.pipeline.prepared import Prepared, Reader
    from kg.store.opening import Store


_NAMING = frozenset({"NOUN", "PROPN", "PRON", "NUM", "VERB", "X"})
"""Parts of speech of which a phrase that fills a role has one at least (Universal Dependencies)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of an event: the kind of change, its value, and the words of who or what else it is about."""

    change: Change
    value: str = ""
    words: str | None = None  # words of the text, or BEGIN,END


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction with how it stands to the graph as it is: holds, or why it does not."""

    iri: str
    correction: Correction
    holds: bool
    reason: str


def facts_of(store: Store, article: str, reader: Reader) -> ArticleFacts:
    """What the store says of an article (an IRI); KgError where it is not there, or without its text."""
    facts = read_facts(article, store.graph_bytes(article), reader.ontology)
    if facts is None or facts.text is None:
        raise KgError(f"store {store.location} has no article <{article}> with its text: `kg query --name articles`")
    return facts


def event_in(facts: ArticleFacts, iri: str) -> EventFact:
    """An event of an article by its IRI; KgError where there is none, with those that stand at its place."""
    for event in facts.events:
        if event.iri == iri:
            return event
    begin = iri.rpartition("-")[2]  # what a corrected type leaves of an event's name
    there = [local_name(event.iri) for event in facts.events if event.iri.rpartition("-")[2] == begin]
    have = f"there is {', '.join(there)}" if there else "`kg query --name timeline` and `kg explain` have their names"
    raise KgError(f"<{iri}> is no event of its article: {have}")


def correct(
    store: Store, event: str, said: Sequence[Said], by: str, why: str, reader: Reader
) -> list[tuple[str, Correction]]:
    """Correct an event (an IRI) in some ways, all or none, and read its article again; the corrections with their IRIs.

    KgError where that fails.
    """
    facts = facts_of(store, event.partition("#")[0], reader)
    found = event_in(facts, event)
    if not found.mentions:
        raise KgError(f"<{event}> has no words that tell of it: nothing to correct it by")
    span = found.mentions[0]
    digest, place = text_digest(facts.text or ""), Place(span.begin, span.end, span.words)
    made = []
    for each in said:
        one = Correction(0, facts.iri, digest, place, found.type, each.change, each.value, None, by, why)
        one = _with_other(one, facts, each, found, store, reader)
        _check(one, reader)
        made.append(one)
    return _keep(store, facts, made, reader)


def missed(
    store: Store, article: str, kind: str, words: str, by: str, why: str, reader: Reader
) -> tuple[str, Correction]:
    """Add an event of a type that words of an article (an IRI) tell of, and read it again."""
    facts = facts_of(store, article, reader)
    place = place_of(facts, words, 0)
    one = Correction(0, article, text_digest(facts.text or ""), place, kind, "missed", "", None, by, why)
    _check(one, reader)
    if seen := next((event for event in _at(facts, place) if event.type == kind), None):
        raise KgError(f"it was not missed: {local_name(seen.iri)} is read at “{place.words}”")
    (kept,) = _keep(store, facts, [one], reader)
    return kept


def place_of(facts: ArticleFacts, words: str, near: int) -> Place:
    """Words of the text as a place: ``BEGIN,END``, or the occurrence nearest to a position; KgError for none.

    Whole words before parts of others: "men" is not looked for in "women".
    """
    text = facts.text or ""
    begin, _, end = words.partition(",")
    if begin.isdecimal() and end.isdecimal() and int(begin) < int(end) <= len(text):
        return Place(int(begin), int(end), text[int(begin) : int(end)])
    starts = [start for start in range(len(text)) if words and text.startswith(words, start)]
    if not starts:
        raise KgError(f"{words!r} does not stand in the text of <{facts.iri}>: give its words, or BEGIN,END")
    inside = {start: _cuts(text, start) or _cuts(text, start + len(words)) for start in starts}
    begins = min(starts, key=lambda start: (inside[start], abs(start - near), start))
    return Place(begins, begins + len(words), words)


def _cuts(text: str, position: int) -> bool:
    """Whether a position lies within a word."""
    return text[max(0, position - 1) : position].isalnum() and text[position : position + 1].isalnum()


def _with_other(
    one: Correction, facts: ArticleFacts, said: Said, event: EventFact, store: Store, reader: Reader
) -> Correction:
    """The correction with the place of who or what else it is about."""
    if said.words is None:
        return one
    if said.change == "same":
        other = event_in(facts_of(store, said.words.partition("#")[0], reader), said.words)
        if said.words.partition("#")[0] != facts.iri:
            raise KgError("two events are made one inside an article: those of two articles are linked, not merged")
        if other.iri == event.iri:
            raise KgError(f"--same {local_name(other.iri)}: it is the event itself")
        mention = other.mentions[0]
        return replace(one, value=other.type, other=Place(mention.begin, mention.end, mention.words))
    place = place_of(facts, said.words, one.place.begin)
    if said.change == "fills":
        _check_filler(place, facts, store, reader)
    return replace(one, other=place)


def _check_filler(place: Place, facts: ArticleFacts, store: Store, reader: Reader) -> None:
    """KgError for words that name nobody and nothing, such as “the”; a deed that fills a role is told by a verb."""
    (doc,) = reader.read([_article(store, facts)])
    words = [token.pos_ for token in doc if token.idx < place.end and place.begin < token.idx + len(token)]
    if not _NAMING.intersection(words):
        raise KgError(f"“{place.words}” names nobody and nothing that could fill a role: give a name, noun or pronoun")


def _check(one: Correction, reader: Reader) -> None:
    """KgError for a type, status, role or dates that there are none of."""
    kinds, roles = reader.ontology.event_types, reader.ontology.roles
    for name in [one.type] * (one.change == "missed") + [one.value] * (one.change == "type"):
        if name not in kinds:
            meant = get_close_matches(name, kinds, n=1)
            raise KgError(
                f"{name} is no event type: " + (f"did you mean {meant[0]}?" if meant else "`kg types` lists them")
            )
    if one.change == "status" and one.value not in STATUSES:
        raise KgError(f"--status {one.value}: one of {', '.join(STATUSES)}")
    if one.change in ("fills", "fills-not") and one.value not in roles:
        raise KgError(f"{one.value} is no role: one of {', '.join(roles)}")
    if one.change == "time" and not is_dates(one.value):
        raise KgError(f"--time {one.value}: a date such as 2024-05-06, 2024-05 or 2024, two joined by '..', or none")


def _keep(
    store: Store, facts: ArticleFacts, made: Sequence[Correction], reader: Reader
) -> list[tuple[str, Correction]]:
    if store.changed_by_hand([facts.iri]):
        raise KgError(
            f"`kg update` changed the graph of <{facts.iri}> since it was read, and reading it again would undo that: "
            "say this by an update too, or load the article with --undo-updates first"
        )
    known = list(read_corrections(store, [facts.iri]).values())
    first = 1 + max((other.order for other in known), default=0)
    last = [replace(one, order=first + number) for number, one in enumerate(made)]
    prepared = reread(store, facts, [*known, *last], reader)
    mine = [unfit for unfit in prepared.unfit if unfit.correction in last]
    if mine:
        raise KgError(f"the correction has no place in the reading: {mine[0].reason}")
    if not prepared.report.acceptable:
        broken = next(result for result in prepared.report.violations if result.severity == "Violation")
        raise KgError(f"the graph would break the shapes with it, nothing was changed: {broken.message}")
    iris = [add_correction(store, one) for one in made]
    store.replace_many(as_split({prepared.graph: prepared.ntriples}, store))
    kept = read_corrections(store, [facts.iri])
    return [(iri, kept[iri]) for iri in iris]


def reread(store: Store, facts: ArticleFacts, corrections: Sequence[Correction], reader: Reader) -> Prepared:
    """An article of the store read again with corrections; KgError where that fails."""
    article = _article(store, facts)
    (prepared,) = reader.prepare([article], store.base, corrections)
    if isinstance(prepared, SkippedInput):
        raise KgError(f"{prepared.where}: {prepared.reason}")
    return prepared


def _article(store: Store, facts: ArticleFacts) -> Article:
    """The article as it was given, under an id that leads to the same IRI."""
    path = unquote(facts.iri.removeprefix(f"{store.base}article/"))
    ids = (path, page_id(facts.url or ""), facts.url or "")
    name = next((one for one in ids if one and graph_iri(one, store.base) == facts.iri), None)
    if name is None:
        raise KgError(f"the id that <{facts.iri}> was loaded under cannot be told from the store: load it again")
    return Article(name, facts.text or "", facts.published, facts.publisher, facts.title, facts.url, facts.author)


# -------------------------------------------------------------------------------------------------- how they stand now


def standings(store: Store, reader: Reader) -> list[Standing]:
    """Every correction in the order in which they were made, with whether it holds in the graph as it is."""
    known = read_corrections(store)
    facts: dict[str, ArticleFacts | None] = {}
    for one in known.values():
        if one.article not in facts:
            facts[one.article] = read_facts(one.article, store.graph_bytes(one.article), reader.ontology)
    return [_standing(iri, one, facts[one.article], known) for iri, one in known.items()]


def _standing(iri: str, one: Correction, facts: ArticleFacts | None, known: Mapping[str, Correction]) -> Standing:
    if facts is None or facts.text is None:
        return Standing(iri, one, False, "its article is not in the store")
    if facts.text[one.place.begin : one.place.end] != one.place.words:
        return Standing(iri, one, False, "the article's text is another one now")
    later = [other for other in known.values() if other.order > one.order and other.article == one.article]
    if _holds(facts, one, later):
        return Standing(iri, one, True, "")
    if any(_about_the_same(one, other) for other in later):
        return Standing(iri, one, True, "a later correction says more")
    kind = _called(one.value if one.change == "type" else one.type, one.place, later)
    there = any(event.type == kind for event in _at(facts, one.place))
    reason = "the graph says otherwise" if there else f"no {kind} is read at “{one.place.words}” any more"
    return Standing(iri, one, False, f"{reason}: `kg load --refresh` applies it, or take it back")


def _about_the_same(one: Correction, other: Correction) -> bool:
    overlap = one.place.begin < other.place.end and other.place.begin < one.place.end
    if {one.change, other.change} == {"fills", "fills-not"}:
        return overlap and (one.value, one.other) == (other.value, other.other)
    return overlap and (other.change in (one.change, "is-none", "same") or one.change == "missed")


def _called(kind: str, place: Place, later: Sequence[Correction]) -> str:
    """What an event of a type is called after later corrections of its type."""
    for other in later:
        if (
            other.change == "type"
            and other.type == kind
            and other.place.begin < place.end
            and place.begin < other.place.end
        ):
            kind = other.value
    return kind


def _at(facts: ArticleFacts, place: Place) -> list[EventFact]:
    return [event for event in facts.events if any(_overlap(span, place) for span in event.mentions)]


def _overlap(span: Span, place: Place | None) -> bool:
    return place is not None and span.begin < place.end and place.begin < span.end


def _holds(facts: ArticleFacts, one: Correction, later: Sequence[Correction]) -> bool:
    kind = _called(one.value if one.change == "type" else one.type, one.place, later)
    event = next((event for event in _at(facts, one.place) if event.type == kind), None)
    if one.change == "is-none" or event is None:
        return (event is None) == (one.change == "is-none")
    entities = {e.iri for e in facts.entities if any(_overlap(span, one.other) for span in e.mentions)}
    match one.change:
        case "status":
            return event.status == one.value
        case "time":
            begin = one.value.partition("..")[0]
            return event.time is None if begin == "none" else _begins(event, begin)
        case "source":
            told = {claim.source for claim in facts.claims_of(event.iri)}
            return bool(told & entities) if one.other else told == {facts.iri}
        case "fills":
            return bool({role.filler for role in event.fillers(one.value)} & entities)
        case "fills-not":
            return not ({role.filler for role in event.fillers(one.value)} & entities)
        case "same":
            return any(_overlap(span, one.other) for span in event.mentions)
        case _:
            return True


def _begins(event: EventFact, begin: str) -> bool:
    return event.time is not None and (event.time.earliest_begin or "").startswith(begin)


def as_training(correction: Correction) -> dict[str, object]:
    """A correction as training data: by position in a text that its digest names, without the text."""
    place, other = correction.place, correction.other
    return {
        "article": correction.article,
        "text_sha256": correction.text,
        "start": place.begin,
        "end": place.end,
        "read": correction.type if correction.change != "missed" else None,
        "change": correction.change,
        "value": correction.type if correction.change == "missed" else correction.value or None,
        "other_start": other.begin if other else None,
        "other_end": other.end if other else None,
        "by": correction.by,
        "why": correction.why,
    }
