"""A graph as rows of the bundle's tables; ``back`` makes the graph of them again, and nothing is lost.

What no other row says stands in the table of others, and so does what rows would say that the graph does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from kg.core.iris import local_name
from kg.core.vocab import ONTOLOGY as KG
from kg.ontology.sentences import sentence_around
from kg.ontology.values import Ontology
from kg.store.exporters.back import BODY, OF_LINK, OF_TIME, Above, Row, Rows, derived, lines_of, link_lines
from kg.store.exporters.columns import LINKS, OTHER
from kg.store.exporters.facts import ArticleFacts, ClaimFact, CountFact, EntityFact, EventFact, Span
from kg.store.exporters.lines import bare, split
from kg.store.exporters.places import NOWHERE, Elsewhere


def term_rows(ontology: Ontology) -> Iterator[Row]:
    """The table of terms."""
    for name, above in sorted(ontology.superclasses.items()):
        for up in above:
            yield {"term": ontology.iris[name], "above": ontology.iris[up], "kind": "class", "name": up}
    for name, role in sorted(ontology.roles.items()):
        for up in role.types:
            yield {"term": ontology.iris[name], "above": ontology.roles[up].iri, "kind": "role", "name": up}


# ------------------------------------------------------------------------------------------------- from a graph to rows


def article_rows(
    facts: ArticleFacts, ntriples: bytes, above: Above, known: Mapping[str, Elsewhere], *, text: bool = True
) -> Rows:
    """The rows of one article's graph."""
    plain = _plain_rows(facts, known, text=text)
    rows = {
        table: [{name: cell or None for name, cell in row.items()} for row in found] for table, found in plain.items()
    }
    said = {one for one in ntriples.decode().split("\n") if one}
    if not text:
        said = {one for one in said if f" <{BODY}> " not in one}
    holding = [name for name, lines in derived(rows, above).items() if lines and lines <= said]
    rows["articles"][0]["form"] = " ".join(holding)
    rebuilt = lines_of(rows, above)
    rows[OTHER] = [*_others(facts.iri, said - rebuilt, "true"), *_others(facts.iri, rebuilt - said, "false")]
    return rows


def graph_rows(graph: str, ntriples: bytes, *, links: bool = False) -> Rows:
    """The rows of a graph that is no article's; of that of links with the links as rows of their own."""
    said = {one for one in ntriples.decode().split("\n") if one}
    rows: Rows = {LINKS: _link_rows(said) if links else [], OTHER: []}
    rebuilt = {one for row in rows[LINKS] for one in link_lines(row)}
    rows[OTHER] = [*_others(graph, said - rebuilt, "true"), *_others(graph, rebuilt - said, "false")]
    return rows


def _others(graph: str, lines: Iterable[str], holds: str) -> Iterator[Row]:
    for one in sorted(lines):
        subject, predicate, value = split(one)
        yield {"graph": graph, "subject": subject, "predicate": predicate, "object": value, "holds": holds}


def _plain_rows(facts: ArticleFacts, known: Mapping[str, Elsewhere], *, text: bool) -> Rows:
    node = facts.iri
    rows: Rows = {
        "articles": [
            {
                "article": node,
                "title": facts.title,
                "author": facts.author,
                "publisher": facts.publisher,
                "published": facts.published,
                "url": facts.url,
                "text": facts.text if text else None,
                "digest": facts.digest,
                "reading": facts.reading,
                "program": facts.program,
                "model": facts.model,
                "ontology": facts.ontology,
            }
        ],
        "entities": [_entity_row(node, entity, known.get(entity.iri, NOWHERE)) for entity in facts.entities],
        "events": [_event_row(facts, event, text=text) for event in facts.events],
        "times": [
            {
                "article": node,
                "time": time.iri,
                "words": time.words or None,
                "dates": time.dates,
                "grain": time.grain,
                "inferred": _truth(time.inferred),
                **{name: getattr(time, name) for name in OF_TIME},
            }
            for time in facts.times
        ],
        "counts": [_count_row(node, count) for event in facts.events for count in event.counts],
        "claims": [row for claim in facts.claims for row in _claim_rows(facts, claim)],
        "relations": [
            {
                "article": node,
                "relation": one.iri,
                "subject": one.subject,
                "subject_name": facts.name(one.subject),
                "predicate": local_name(one.predicate),
                "property": one.predicate,
                "object": one.object,
                "object_name": one.object if one.literal else facts.name(one.object),
                "literal": _truth(one.literal),
            }
            for one in facts.relations
        ],
        "roles": [
            {
                "article": node,
                "event": event.iri,
                "role": role.role,
                "property": role.role_iri,
                "filler": role.filler,
                "kind": role.kind,
                "name": role.words or facts.name(role.filler),
            }
            for event in facts.events
            for role in event.roles
        ],
    }
    rows["mentions"] = list(_mention_rows(facts))
    return rows


def _entity_row(article: str, entity: EntityFact, where: Elsewhere) -> Row:
    return {
        "article": article,
        "entity": entity.iri,
        "type": entity.type,
        "class": entity.type_iri,
        "name": entity.name,
        "aliases": json.dumps(list(entity.aliases), ensure_ascii=False) if entity.aliases else None,
        "source_type": entity.source_type,
        "same_as": " ".join(where.same) or None,
        "longitude": repr(where.point.longitude) if where.point else None,
        "latitude": repr(where.point.latitude) if where.point else None,
    }


def _event_row(facts: ArticleFacts, event: EventFact, *, text: bool) -> Row:
    time = event.time
    return {
        "article": facts.iri,
        "event": event.iri,
        "type": event.type,
        "class": event.type_iri,
        "status": event.status,
        "label": event.label,
        "time": time.iri if time else None,
        "begin": time.earliest_begin if time else None,
        "end": time.latest_end if time else None,
        "dates": time.dates if time else None,
        "sentence": sentence_of(facts, event.mentions[0]) if text and event.mentions else None,
    }


def sentence_of(facts: ArticleFacts, span: Span) -> str | None:
    """The sentence around a stretch of the article's text, None without a text."""
    if facts.text is None:
        return None
    return sentence_around(facts.text, span.begin)


def _count_row(article: str, count: CountFact) -> Row:
    return {
        "article": article,
        "count": count.iri,
        "event": count.event,
        "role": count.role,
        "property": count.role_iri,
        "counted": count.counted,
        "min": None if count.minimum is None else str(count.minimum),
        "max": None if count.maximum is None else str(count.maximum),
        "approximate": _truth(count.approximate),
        "words": count.words or None,
    }


def _claim_rows(facts: ArticleFacts, claim: ClaimFact) -> Iterator[Row]:
    events = {event.iri for event in facts.events}
    for claimed in claim.claims:
        yield {
            "article": facts.iri,
            "claim": claim.iri,
            "source": claim.source,
            "source_name": facts.name(claim.source) if claim.source else None,
            "cue": claim.cue.iri if claim.cue else None,
            "cue_words": claim.cue.words or None if claim.cue else None,
            "medium": claim.medium,
            "reported_in": claim.reported_in,
            "claimed": claimed,
            "kind": "event" if claimed in events else "count",
        }


def _mention_rows(facts: ArticleFacts) -> Iterator[Row]:
    counts = [count for event in facts.events for count in event.counts]
    spans = [
        *(("entity", one.iri, span) for one in facts.entities for span in one.mentions),
        *(("event", one.iri, span) for one in facts.events for span in one.mentions),
        *(("time", one.iri, span) for one in facts.times for span in one.mentions),
        *(("count", one.iri, span) for one in {count.iri: count for count in counts}.values() for span in one.mentions),
        *(("relation", one.iri, span) for one in facts.relations for span in one.mentions),
        *(("claim", one.iri, one.cue) for one in facts.claims if one.cue),
    ]
    for kind, thing, span in spans:
        yield _mention_row(facts.iri, kind, thing, span)
    for event in facts.events:
        for filler in dict.fromkeys(role.filler for role in event.roles if role.kind == "words"):
            words = next(role.words for role in event.roles if role.filler == filler)
            begin, _, end = filler.rpartition("=")[2].partition(",")
            if begin.isdecimal() and end.isdecimal():
                yield _mention_row(facts.iri, "role", event.iri, Span(int(begin), int(end), words, filler))


def _mention_row(article: str, kind: str, thing: str, span: Span) -> Row:
    return {
        "article": article,
        "of": thing,
        "kind": kind,
        "mention": span.iri,
        "begin": str(span.begin),
        "end": str(span.end),
        "words": span.words or None,
    }


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _link_rows(said: set[str]) -> list[Row]:
    found: dict[str, dict[str, list[str]]] = {}
    for one in sorted(said):
        subject, predicate, value = split(one)
        found.setdefault(bare(subject), {}).setdefault(bare(predicate), []).append(bare(value))

    def row(link: str, values: Mapping[str, list[str]]) -> Row:
        first = {name: values.get(KG + term, [None])[0] for name, term in OF_LINK.items()}
        status, score = values.get(f"{KG}linkStatus", [""])[0] or "", values.get(f"{KG}score", [None])[0]
        reasons = values.get(f"{KG}reason", [])
        return {
            "link": link,
            **first,
            "method": values.get(f"{KG}linkMethod", [None])[0],
            "score": number(score),
            "status": local_name(status) or None,
            "reasons": json.dumps(reasons, ensure_ascii=False) if reasons else None,
        }

    return [row(link, values) for link, values in sorted(found.items()) if f"{KG}linkSubject" in values]


def number(text: str | None) -> str | None:
    """A decimal without needless zeros, as the store writes it; None for none and for what is no number."""
    try:
        return f"{Decimal(text).normalize():f}" if text is not None else None
    except InvalidOperation:
        return None
