"""From a parsed document to an extraction.

``extract_doc`` is the order of the work: mentions, triggers, chains, times and counts, acts of saying, events,
relations. Each step is a function of its own file; none calls another step.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kg.core.model import Extraction
from kg.extract.amounts.quantities import find_quantities
from kg.extract.entities.coref import build_entities
from kg.extract.entities.mentions import find_mentions
from kg.extract.entities.relations import find_relations
from kg.extract.events.build import build_drafts
from kg.extract.events.dating import attach_times, count_from_events
from kg.extract.events.decide import judge_triggers
from kg.extract.events.excluded import drop_excluded
from kg.extract.events.findings import Findings
from kg.extract.events.finish import finish
from kg.extract.events.judge import Judge
from kg.extract.events.pairs import Pairs, shipped_pair_weights
from kg.extract.events.same import merge_drafts, refine_types
from kg.extract.events.sources import attribute, shipped_source_weights
from kg.extract.events.statuses import shipped_status_weights, weigh_statuses
from kg.extract.events.telling import shipped_trigger_weights
from kg.extract.events.timing import shipped_time_weights, weigh_times
from kg.extract.events.weigh import shipped_weights, weighed
from kg.extract.grammar.cues import cues_of
from kg.extract.grammar.triggers import TriggerFinder
from kg.extract.language.scores import scores_of
from kg.extract.saying.givers import toll_scopes
from kg.extract.saying.scopes import find_scopes, with_speakers
from kg.extract.story.participants import add_speakers, infer_participants
from kg.extract.story.passage import shipped_passage_weights, weigh_passage
from kg.extract.story.places import infer_places
from kg.extract.story.times import infer_times
from kg.extract.story.wheres import shipped_place_weights, weigh_places
from kg.extract.syntax.frames import frame_tokens
from kg.extract.times.mentions import find_times
from kg.extract.trace import note_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.core.model import Article, Claim, Entity, Event, Relation, RoleFiller
    from kg.extract.entities.coref import Chains
    from kg.extract.entities.mention import EntityMention
    from kg.extract.events.drafts import Draft
    from kg.extract.events.weigh import Care
    from kg.extract.saying.scopes import Scope
    from kg.extract.trace import Trace
    from kg.ontology.values import Ontology


_SPEAKERS = ("Agent", "GPE", "Document", "Facility")  # embassies and hospitals speak too


def _are_people(mention: EntityMention, doc: Doc) -> bool:
    """Whether an adjective that tells of an event stands for the people whom it befell: "the wounded"."""
    return mention.type == "Group" and doc[mention.head].tag_ not in ("NNS", "NNPS")


def _silent(token: int, message: str) -> None:
    """Take no notes."""


def extract_doc(
    article: Article, doc: Doc, ontology: Ontology, trace: Trace | None = None, care: Care = "usual"
) -> Extraction:
    """Read one article from its parsed document.

    Args:
        article: the article; ``doc.text`` is its text, character for character.
        doc: the document in Universal Dependencies (``kg.extract.language.models.read_docs``).
        ontology: event types, entity types and lexicon.
        trace: takes notes of what was found and dropped, where given.
        care: how sure it must be who did a grave act and whom it befell; see ``kg.extract.events.weigh``.

    """
    findings, chains = find(article, doc, ontology, trace.log if trace is not None else _silent)
    if trace is not None:
        note_findings(findings, chains.entities, trace)
    events, claims = find_events(findings, care)
    events = _in_range(events, chains.entities, ontology)
    relations = find_relations(doc, chains, ontology, trace.find if trace is not None else None)
    return Extraction(article, _worth_keeping(chains.entities, events, claims, relations), events, claims, relations)


def find(
    article: Article, doc: Doc, ontology: Ontology, log: Callable[[int, str], None] = _silent
) -> tuple[Findings, Chains]:
    """What is found in a parsed document before events are put together, and the chains of its entities."""
    cues = cues_of(ontology)
    mentions = entity_mentions(doc, ontology)
    classes, scores = _classes(mentions), scores_of(doc)
    finder = trigger_finder(mentions, ontology, log)
    by = shipped_trigger_weights()
    judge = partial(judge_triggers, doc=doc, finder=finder, scores=scores, by=by) if scores is not None else None
    framed = frame_tokens(doc)
    matches = [m for m in finder.find(doc, judge) if m.head not in framed]
    event_heads = {m.head for m in matches}
    mentions = [m for m in mentions if m.named or m.pronoun or m.head not in event_heads or _are_people(m, doc)]
    scopes = with_speakers(
        [*find_scopes(doc, cues.reporting, cues.phrases), *toll_scopes(doc)], doc, _can_speak(classes, ontology)
    )
    chains = build_entities(article, doc, mentions, ontology, _speakers(scopes))
    classes = _classes(mentions) | chains.classes
    return Findings(
        doc=doc,
        text=article.text,
        ontology=ontology,
        cues=cues,
        matches=matches,
        scopes=scopes,
        times=find_times(doc, article.published),
        quantities=find_quantities(doc),
        class_of=classes.get,
        entity_of=chains.entity_of,
        entity_classes={e.id: e.type for e in chains.entities},
        names={e.id: e.name for e in chains.entities},
        surely_two=_surely_two(chains),
        published=article.published,
        scores=scores,
        spans_of=_spans(mentions, chains.entity_of),
        log=log,
    ), chains


def entity_mentions(doc: Doc, ontology: Ontology) -> list[EntityMention]:
    """The mentions of a document, without those of a page's frame."""
    framed = frame_tokens(doc)
    return [m for m in find_mentions(doc, ontology) if m.head not in framed]


def trigger_finder(
    mentions: Sequence[EntityMention], ontology: Ontology, log: Callable[[int, str], None] = _silent
) -> TriggerFinder:
    """What finds triggers in the document of some mentions."""
    return TriggerFinder(ontology, _classes(mentions).get, cues_of(ontology).light_verbs, log)


def find_events(findings: Findings, care: Care = "usual") -> tuple[tuple[Event, ...], tuple[Claim, ...]]:
    """Events with their roles, times, counts, status and source, and the claims that hold them, in text order."""
    judge = Judge(findings, findings.scores) if findings.scores is not None else None
    drafts = decided(findings, judge)
    if care != "usual":
        drafts = drop_excluded(weighed(drafts, findings, judge, care, shipped_weights()), findings)
    return finish(drafts, findings)


def undated(findings: Findings, judge: Judge | None) -> tuple[Draft, ...]:
    """The events of a document with the times that stand with them, tellings of one event put together."""
    drafts = build_drafts(findings)
    if judge is not None:
        drafts = attribute(drafts, findings, judge, shipped_source_weights())
    drafts = attach_times(drafts, findings)
    if judge is not None:
        drafts = weigh_statuses(drafts, findings, shipped_status_weights())
    drafts = refine_types(drafts, findings.doc, findings.ontology, findings.log)
    pairs = Pairs(drafts, findings, findings.scores, shipped_pair_weights()) if findings.scores is not None else None
    drafts = merge_drafts(drafts, findings.doc, findings.ontology, findings.surely_two, findings.log, pairs)
    return count_from_events(infer_participants(drafts, findings), findings)


def dated(drafts: tuple[Draft, ...], findings: Findings, judge: Judge) -> tuple[Draft, ...]:
    """The events with the times that words of their own or near by give them, all weighed."""
    return count_from_events(weigh_times(drafts, findings, judge, shipped_time_weights()), findings)


def decided(findings: Findings, judge: Judge | None) -> tuple[Draft, ...]:
    """The events of a document as grammar, model and passage make them, before their participants are weighed."""
    drafts = found_before_places(findings, judge)
    if judge is not None:
        drafts = weigh_places(drafts, findings, judge, shipped_place_weights())
    return drop_excluded(add_speakers(drafts, findings), findings)


def found_before_places(findings: Findings, judge: Judge | None) -> tuple[Draft, ...]:
    """The same before it is weighed where they are."""
    # Counted before times are inferred and after: the passage goes on at a day that is counted from a known one ("Two
    # days after the arrest rebels attacked. Three farmers were killed."), and others count from an inferred one.
    drafts = undated(findings, judge)
    if judge is not None:
        drafts = dated(drafts, findings, judge)
        ruled = infer_times(drafts, findings, weighed=True)
        drafts = weigh_passage(drafts, ruled, findings, shipped_passage_weights())
    else:
        drafts = infer_times(drafts, findings)
    drafts = count_from_events(drafts, findings)
    drafts = infer_places(drafts, findings)
    return drafts if judge is None else tuple(map(judge.participants, drafts))


def _can_speak(classes: Mapping[int, str], ontology: Ontology) -> Callable[[int], bool | None]:
    """Whether the phrase headed by a token can say something: people, bodies, countries, documents can."""

    def able(head: int) -> bool | None:
        if head not in classes:
            return None
        return ontology.fits(classes[head], _SPEAKERS) and not ontology.is_a(classes[head], "speechless")

    return able


def _speakers(scopes: Sequence[Scope]) -> dict[int, int]:
    """Token → head token of who says it, by the innermost act of saying."""
    outermost_first = sorted(scopes, key=lambda s: -len(s.content))
    return {i: s.speaker for s in outermost_first if s.speaker is not None for i in s.content}


def _classes(mentions: Sequence[EntityMention]) -> dict[int, str]:
    """Head token → entity class, where it is known: nothing is known of "it" and "they", nor of unknown nouns."""
    return {
        head: m.type
        for m in mentions
        if m.type != "Other" and not (m.pronoun and m.type == "Group")
        for head in m.heads
    }


def _surely_two(chains: Chains) -> Callable[[str, str], bool]:
    """Whether two chains cannot be one thing after all.

    "The infant" may be "the girl"; two names are two, and so are "a man" and "a woman".
    """
    entity = {e.id: e for e in chains.entities}

    def gender(chain: str) -> set[str]:
        return {m.gender for m in chains.mentions.get(chain, ()) if m.gender in ("m", "f") and not m.pronoun}

    def surely_two(a: str, b: str) -> bool:
        x, y = entity[a], entity[b]
        unlike = {*gender(a), *gender(b)} == {"m", "f"} and len(gender(a)) == len(gender(b)) == 1
        return (x.named and y.named) or x.type != y.type or x.type == "Group" or unlike

    return surely_two


def _in_range(events: Sequence[Event], entities: Sequence[Entity], ontology: Ontology) -> tuple[Event, ...]:
    """The events without the fillers that the ontology's ranges exclude, now that every chain has its class.

    A phrase of unknown class may fill a role while its sentence is read; the shapes would refuse the article for it.
    """
    class_of = {e.id: e.type for e in entities} | {e.id: e.type for e in events}

    def fits(role: RoleFiller, event: Event) -> bool:
        found = class_of.get(role.filler) if isinstance(role.filler, str) else None
        return found is None or ontology.may_fill(found, role.role, event.type)

    return tuple(replace(event, roles=tuple(r for r in event.roles if fits(r, event))) for event in events)


def _spans(mentions: Sequence[EntityMention], entity_of: Callable[[int], str | None]) -> dict[str, list[EntityMention]]:
    """Entity id → its mentions."""
    spans: dict[str, list[EntityMention]] = {}
    for mention in mentions:
        entity = entity_of(mention.head)
        if entity is not None:
            spans.setdefault(entity, []).append(mention)
    return spans


def _worth_keeping(
    entities: Sequence[Entity], events: Sequence[Event], claims: Sequence[Claim], relations: Sequence[Relation]
) -> tuple[Entity, ...]:
    """Entities with a name or a class of the ontology, and whatever else takes part in something."""
    used: set[object] = {r.filler for e in events for r in e.roles} | {c.entity for e in events for c in e.counts}
    used |= {e.source for e in events}
    used |= {x for c in claims for x in (c.source, c.medium)} | {x for r in relations for x in (r.subject, r.object)}
    return tuple(e for e in entities if e.named or e.type != "Other" or e.id in used)
