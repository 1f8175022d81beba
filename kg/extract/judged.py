"""Triggers that the language model judges: what the lexicon found is kept, retyped or dropped, what it lacks is added.

The ontology stays in charge: only its types are given, and one that the model has not learned is left to the lexicon.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.triggers import TriggerMatch
from kg.ontology import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.extract.learned import EventScores
    from kg.extract.triggers import Found, TriggerFinder

#: Below this probability of any event a word of the lexicon tells none; above the next, any other word tells one.
DROP, ADD = 0.15, 0.5
#: The model's type replaces the lexicon's where it is so likely, and the lexicon's so unlikely.
SURE, UNLIKELY = 0.5, 0.2
_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}
#: Relations between the words of one trigger: "took … into custody", "death toll".
_PARTS = frozenset(
    "obj obl compound compound:prt xcomp advmod amod nmod case nsubj:pass nsubj advcl acl fixed flat".split()
)
_NEAR = 4  # tokens between them, at most


def judge_triggers(found: Found, doc: Doc, finder: TriggerFinder, scores: EventScores) -> Found:
    """Return the triggers by head token: those of the lexicon as the model sees them, and its own."""
    kept: Found = {}
    for head, matches in found.items():
        judged = [m for match in matches if (m := _judged(match, doc, finder, scores)) is not None]
        if judged:
            kept[head] = judged
    inside = {i for matches in kept.values() for m in matches for i in m.tokens}
    for i in range(len(doc)):
        if i not in inside and 1 - scores.kinds[i, 0] > ADD:
            added = _added(doc[i], finder, scores)
            if added is not None:
                kept[i] = [added]
    return _joined(doc, kept, finder)


def _learned(name: str, finder: TriggerFinder, scores: EventScores) -> tuple[str, ...]:
    """The types that the model may have for an ontology's type: it and its ancestors, the nearest first."""
    types = finder.ontology.event_types[name].types
    return tuple(t for t in types if scores.knows((t,)))


def _judged(match: TriggerMatch, doc: Doc, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    learned = _learned(match.type, finder, scores)
    if not learned:
        return match
    word = doc[match.head].text
    event = scores.event(match.tokens)
    if event < DROP:
        finder.log(match.head, f"{match.type} {word}: the model sees no event ({event:.2f})")
        return None
    best, likely = max((scores.best(i) for i in match.tokens), key=lambda pair: pair[1])
    below = [t for t in finder.ontology.event_types if finder.ontology.is_a(t, learned[0])]
    if best in below and best != match.type and learned[0] == match.type and likely > SURE:
        pass  # the model knows the type more exactly
    elif likely < SURE or best == learned[0] or scores.kind(match.tokens, below) > UNLIKELY:
        return match
    if best not in finder.ontology.event_types:
        return match
    finder.log(match.head, f"{match.type} {word}: a {best} to the model ({likely:.2f})")
    return replace(match, type=best, trigger=replace(match.trigger, type=best, slots=()))


def _added(token: Token, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    pos = _POS.get(token.pos_)
    best, likely = scores.best(token.i)
    if pos is None or best not in finder.ontology.event_types or (token.pos_ == "PROPN" and token.ent_type_):
        return None
    finder.log(token.i, f"{best} {token.text}: the model sees an event ({likely:.2f})")
    trigger = Trigger((token.lemma_.lower(),), pos, best)
    return TriggerMatch(token.i, (token.i,), best, trigger, finder.arguments_of(token), likely, learned=True)


def _joined(doc: Doc, kept: Found, finder: TriggerFinder) -> Found:
    """Put words that make one trigger together: of one type, one hanging on the other, side by side."""
    result = dict(sorted(kept.items()))
    for i in sorted(kept):
        above = doc[i].head.i
        if i not in result or above not in result or above == i:
            continue
        one, other = result[i][0], result[above][0]
        if doc[i].dep_ not in _PARTS or one.type != other.type or abs(i - above) > _NEAR:
            continue
        if not (one.learned or other.learned):
            continue
        noun_leads = doc[i].pos_ == "NOUN" and doc[above].pos_ == "VERB" and len(result[i]) == 1
        lead, part = (one, other) if noun_leads else (other, one)
        result[lead.head] = [replace(lead, tokens=tuple(sorted({*lead.tokens, *part.tokens})))]
        del result[part.head]
        finder.log(part.head, f"{part.type} {doc[part.head].text}: part of “{doc[lead.head].text}”")
    return result
