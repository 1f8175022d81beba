"""Triggers that the language model judges: what the lexicon found is kept, retyped or dropped, what it lacks is added.

The ontology stays in charge: only its types are given, and one that the model has not learned is left to the lexicon.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.grammar.triggers import TriggerMatch
from kg.ontology.values import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.extract.grammar.triggers import Found, TriggerFinder
    from kg.extract.language.scores import EventScores

#: Below this probability of any event a word of the lexicon tells none; above the next, any other word tells one.
DROP, ADD = 0.03, 0.9
#: An added word's type must be so likely.
TYPED = 0.5
#: The model's type replaces the lexicon's where it is so likely, and the lexicon's so unlikely.
SURE, UNLIKELY = 0.95, 0.2
#: Words that surely tell two events are not parts of one trigger.
TWO = 0.15
_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}
#: Relations between the words of one trigger: "took … into custody", "death toll".
_PARTS = frozenset(
    "obj obl compound compound:prt xcomp advmod amod nmod case nsubj:pass nsubj advcl acl fixed flat".split()
)
_NEAR = 4  # tokens from one such word to the other, at most


def judge_triggers(found: Found, doc: Doc, finder: TriggerFinder, scores: EventScores) -> Found:
    """Return the triggers by head token: those of the lexicon as the model sees them, and its own."""
    kept: Found = {}
    for head, matches in found.items():
        match = matches[0]
        if len(matches) > 1 or match.trigger.others or match.trigger.when:
            kept[head] = matches  # a phrase, or a word under conditions: the lexicon knows just what it tells
            continue
        judged = _judged(match, doc, finder, scores)
        if judged is not None:
            kept[head] = [judged]
    inside = {i for matches in kept.values() for m in matches for i in m.tokens} | finder.nonevents
    for i in range(len(doc)):
        if i not in inside and 1 - scores.kinds[i, 0] > ADD:
            added = _added(doc[i], finder, scores)
            if added is not None:
                kept[i] = [added]
    return _joined(doc, kept, finder, scores)


def _judged(match: TriggerMatch, doc: Doc, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    """Return a trigger of the lexicon as the model sees it, None where it sees no event; unjudged if not learned."""
    if not scores.knows(match.type):
        return match
    event = scores.event(match.tokens)
    if event < DROP:
        finder.log(match.head, f"{match.type} {doc[match.head].text}: the model sees no event ({event:.2f})")
        return None
    return _retyped(replace(match, found_by=f"the lexicon and the model ({event:.2f})"), doc, finder, scores)


def _retyped(match: TriggerMatch, doc: Doc, finder: TriggerFinder, scores: EventScores) -> TriggerMatch:
    """Return the match with the model's type, where that is another one and sure, or the same told more exactly."""
    ontology = finder.ontology
    best, likely = max((scores.best(i, ontology.event_types) for i in match.tokens), key=lambda pair: pair[1])
    if likely < SURE or best == match.type:
        return match
    covered = [t for t in ontology.event_types if ontology.is_a(t, match.type)]
    if best not in covered and scores.kind(match.tokens, covered) > UNLIKELY:
        return match
    finder.log(match.head, f"{match.type} {doc[match.head].text}: {best} to the model ({likely:.2f})")
    found_by = f"the model ({likely:.2f}) for the lexicon's {match.type}"
    return replace(match, type=best, trigger=replace(match.trigger, type=best, slots=()), found_by=found_by)


def _added(token: Token, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    pos = _POS.get(token.pos_)
    best, likely = scores.best(token.i, finder.ontology.event_types)
    if pos is None or likely < TYPED or (token.pos_ == "PROPN" and token.ent_type_):
        return None
    finder.log(token.i, f"{best} {token.text}: the model sees an event ({likely:.2f})")
    trigger = Trigger((token.lemma_.lower(),), pos, best)
    return TriggerMatch(
        token.i, (token.i,), best, trigger, finder.arguments_of(token), likely, True, f"the model ({likely:.2f})"
    )


def _joined(doc: Doc, kept: Found, finder: TriggerFinder, scores: EventScores) -> Found:
    """Put words that make one trigger together: of one type, one hanging on the other, near by."""
    result = dict(sorted(kept.items()))
    for i in sorted(kept):
        above = doc[i].head.i
        if above == i or len(result.get(i, ())) != 1 or len(result.get(above, ())) != 1:
            continue
        (one,), (other,) = result[i], result[above]
        if doc[i].dep_ not in _PARTS or one.type != other.type or abs(i - above) > _NEAR:
            continue
        if not (one.learned or other.learned) or scores.one_event(i, above) < TWO:
            continue
        noun_leads = doc[i].pos_ == "NOUN" and doc[above].pos_ == "VERB"
        lead, part = (one, other) if noun_leads else (other, one)
        result[lead.head] = [replace(lead, tokens=tuple(sorted({*lead.tokens, *part.tokens})))]
        del result[part.head]
        finder.log(part.head, f"{part.type} {doc[part.head].text}: part of “{doc[lead.head].text}”")
    return result
