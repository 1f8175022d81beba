"""Triggers that the language model judges: what the lexicon found is kept, retyped or dropped, what it lacks is added.

The ontology stays in charge: only its types are given, and one that the model has not learned is left to the lexicon.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.grammar.triggers import TriggerMatch, lemmas, parts_of_speech
from kg.ontology.values import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.extract.grammar.triggers import Found, TriggerFinder
    from kg.extract.language.scores import EventScores

#: Below this probability of any event a plain word of the lexicon tells none.
DROP = 0.05
#: The same for a verb under conditions whose weight says that the lexicon itself is in doubt (below the next).
DROP_DOUBTFUL = 0.4
_IN_DOUBT = 0.7
#: Above this probability a word tells an event whose type the lexicon lists for it under other conditions; above the
#: next, any other word.
LISTED, ADD = 0.8, 0.87
#: An added word's type must be so likely.
TYPED = 0.5
#: The model's type replaces the lexicon's where it is so likely, and the lexicon's so unlikely.
SURE, UNLIKELY = 0.95, 0.2
#: The same where the lexicon knows just what is told: a phrase, a word under conditions.
SURER, UNLIKELIER = 0.97, 0.05
#: And where the lexicon lists the model's type as well: it need only be likelier than not.
UNLIKELIEST = 0.03
#: So sure must it be to call deliberate what the lexicon does not: a blast a bombing, a death a killing.
SURE_OF_GUILT = 0.97
#: Words that surely tell two events are not parts of one trigger.
TWO = 0.15
_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}
#: Relations between the words of one trigger: "took … into custody", "death toll".
_PARTS = frozenset(
    "obj obl compound compound:prt xcomp advmod amod nmod case nsubj:pass nsubj advcl acl fixed flat".split()
)
_ADJACENT = 3
_NEAR = 4  # tokens from one such word to the other, at most


def judge_triggers(found: Found, doc: Doc, finder: TriggerFinder, scores: EventScores) -> Found:
    """Return the triggers by head token: those of the lexicon as the model sees them, and its own."""
    kept: Found = {}
    for head, matches in found.items():
        judged = [m for m in (_judged(match, doc, finder, scores) for match in matches) if m is not None]
        if len(judged) == 1:
            judged = [_retyped(judged[0], doc, finder, scores)]  # "shot dead" tells two events
        if judged:
            kept[head] = judged
    kept |= _second_events(kept, doc, finder, scores)
    inside = {i for matches in kept.values() for m in matches for i in m.tokens} | finder.nonevents
    for i in range(len(doc)):
        if i not in inside and 1 - scores.kinds[i, 0] > LISTED:
            added = _added(doc[i], finder, scores)
            if added is not None and 1 - scores.kinds[i, 0] > (LISTED if _is_listed(added, doc, finder) else ADD):
                kept[i] = [added]
                finder.log(i, f"{added.type} {doc[i].text}: the model sees an event ({added.score:.2f})")
    finder.apart |= _told_apart(kept, doc, scores)
    return _joined(doc, kept, finder, scores)


def _is_exact(match: TriggerMatch) -> bool:
    """Whether the lexicon knows just what a trigger tells: a phrase, a word under conditions."""
    return bool(match.trigger.others or match.trigger.when)


def _judged(match: TriggerMatch, doc: Doc, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    """Return a trigger of the lexicon in which the model sees an event, else None; unjudged if it was not learned."""
    if not scores.knows(match.type):
        return match
    event = scores.event(match.tokens)
    doubtful = match.trigger.weight < _IN_DOUBT and match.trigger.pos == "verb" and bool(match.trigger.when)
    least = DROP_DOUBTFUL if doubtful else 0.0 if _is_exact(match) else DROP
    if event < least:
        finder.log(match.head, f"{match.type} {doc[match.head].text}: the model sees no event ({event:.2f})")
        return None
    return match if least == 0.0 else replace(match, found_by=f"the lexicon and the model ({event:.2f})")


def _retyped(match: TriggerMatch, doc: Doc, finder: TriggerFinder, scores: EventScores) -> TriggerMatch:
    """Return the match with the model's type, where that is another one and sure, or the same told more exactly."""
    ontology = finder.ontology
    if not scores.knows(match.type):
        return match
    best, likely = max((scores.best(i, ontology.event_types) for i in match.tokens), key=lambda pair: pair[1])
    exact = _is_exact(match)
    grave = any(ontology.fits(kind, ("violent", "deliberate")) for kind in (best, match.type))
    listed = exact and not (match.trigger.others or grave) and _is_listed(replace(match, type=best), doc, finder)
    if likely < (TYPED if listed else SURER if exact else SURE) or best == match.type:
        return match
    guilt = ontology.when_done.get(match.type) == best or (
        ontology.is_a(best, "attack") and ontology.is_a(match.type, "mishap")
    )
    if guilt and (exact or likely < SURE_OF_GUILT):
        return match
    if exact and ontology.is_a(match.type, "violent") and not ontology.is_a(best, "violent"):
        return match  # "the rebels captured the mayor": who does it tells that it is no arrest
    covered = [t for t in ontology.event_types if ontology.is_a(t, match.type)]
    left = scores.kind(match.tokens, covered)
    if best not in covered and left > (UNLIKELIEST if likely < SURER and exact else UNLIKELIER if exact else UNLIKELY):
        return match
    finder.log(match.head, f"{match.type} {doc[match.head].text}: {best} to the model ({likely:.2f})")
    found_by = f"the model ({likely:.2f}) for the lexicon's {match.type}"
    return replace(match, type=best, trigger=replace(match.trigger, type=best, slots=()), found_by=found_by)


def _added(token: Token, finder: TriggerFinder, scores: EventScores) -> TriggerMatch | None:
    pos = _POS.get(token.pos_)
    best, likely = scores.best(token.i, finder.ontology.event_types)
    if pos is None or likely < TYPED or (token.pos_ == "PROPN" and token.ent_type_):
        return None
    trigger = Trigger((token.lemma_.lower(),), pos, best)
    return TriggerMatch(
        token.i, (token.i,), best, trigger, finder.arguments_of(token), likely, True, f"the model ({likely:.2f})"
    )


def _is_listed(match: TriggerMatch, doc: Doc, finder: TriggerFinder) -> bool:
    """Whether the lexicon lists a word for the type, if under conditions that do not hold here."""
    token, listed = doc[match.head], finder.ontology.triggers
    return any(
        trigger.type == match.type and not trigger.others
        for pos in parts_of_speech(token)
        for lemma in lemmas(token, pos)
        for trigger in listed.get((lemma, pos), ())
    )


def _second_events(kept: Found, doc: Doc, finder: TriggerFinder, scores: EventScores) -> Found:
    """Words of a phrase that surely tell an event of another kind: "succumbed to his burn injuries"."""
    found: Found = {}
    for head, matches in list(kept.items()):
        match = matches[0]
        if len(matches) > 1 or not match.trigger.others:
            continue
        for i in match.tokens:
            best, likely = scores.best(i, finder.ontology.event_types)
            other = _added(doc[i], finder, scores) if i != head and likely > ADD else None
            if other is None or finder.ontology.is_a(best, match.type) or finder.ontology.is_a(match.type, best):
                continue
            if _is_listed(other, doc, finder) and scores.best(head, finder.ontology.event_types)[0] != best:
                found[i] = [other]
                match = replace(match, tokens=tuple(t for t in match.tokens if t != i))
                kept[head] = [match]
                finder.log(i, f"{best} {doc[i].text}: an event of its own in “{' '.join(match.trigger.words)}”")
    return found


def _told_apart(kept: Found, doc: Doc, scores: EventScores) -> set[int]:
    """Nouns before another that surely tell an event, of another type: "the earthquake damage", "the flood victims"."""
    return {
        i
        for i, matches in kept.items()
        if doc[i].dep_ == "compound"
        and all(m.type != matches[0].type for m in kept.get(doc[i].head.i, ()))
        and scores.kind([i], [matches[0].type]) > LISTED
    }


def _tells_alone(one: Token, other: Token, kind: str, finder: TriggerFinder, scores: EventScores) -> bool:
    """Whether the verb of the two is no light verb ("made an offer") and tells the event by itself."""
    verb = one if one.pos_ == "VERB" else other
    return verb.pos_ == "VERB" and verb.lemma_ not in finder.light_verbs and scores.kind([verb.i], [kind]) > TYPED


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
        if abs(i - above) > _ADJACENT and _tells_alone(doc[i], doc[above], one.type, finder, scores):
            continue  # "shelved the city's plan": two words for it, each of which tells it
        noun_leads = doc[i].pos_ == "NOUN" and doc[above].pos_ == "VERB"
        lead, part = (one, other) if noun_leads else (other, one)
        result[lead.head] = [replace(lead, tokens=tuple(sorted({*lead.tokens, *part.tokens})))]
        del result[part.head]
        finder.log(part.head, f"{part.type} {doc[part.head].text}: part of “{doc[lead.head].text}”")
    return result
