"""Triggers, decided: what lexicon and network propose is weighed, and the likeliest type of a word is said.

What is known of each word and type, and the weights, stand in ``telling.py``. The ontology stays in charge: only its
types are given. Two things are no matter of weights: what nobody has done is not made a deed for a little more
likelihood, and words that make one trigger are put together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.events.odds import chance
from kg.extract.events.telling import Candidate, Telling
from kg.extract.grammar.cues import cues_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from kg.extract.events.telling import TriggerWeights
    from kg.extract.grammar.triggers import Found, TriggerFinder, TriggerMatch
    from kg.extract.language.scores import EventScores

#: So sure must the network be to call deliberate what the lexicon does not: a blast a bombing, a death a killing.
SURE_OF_GUILT = 0.97
#: Below this chance of any event to the network a plain word of the lexicon tells none.
DROP = 0.05
#: The same for a verb under conditions whose weight says that the lexicon itself is in doubt (below the next).
DROP_DOUBTFUL = 0.4
_IN_DOUBT = 0.7
#: Above this chance of any event a word tells one of a type that the lexicon lists for it under other conditions; above
#: the next any other word.
LISTED, ADD = 0.8, 0.87
#: The type must then be so likely; the lexicon's so unlikely where another that it lists takes its place.
TYPED, UNLIKELY = 0.5, 0.03
#: Where the lexicon knows just what is told, a phrase or a word under conditions, another type must be so likely.
SURE_OF_EXACT = 0.97
_NEVER = 2.0
#: So sure to call nobody's deed what it calls one.
SURE = 0.95
#: What is proposed with a lower chance is not worth a note.
_NOTED = 0.1
#: So surely does a noun before another tell an event by itself.
_ALONE = 0.8
#: Words that surely tell two events are not parts of one trigger.
TWO = 0.15
#: Relations between the words of one trigger: "took … into custody", "death toll".
_PARTS = frozenset(
    "obj obl compound compound:prt xcomp advmod amod nmod case nsubj:pass nsubj advcl acl fixed flat".split()
)
_ADJACENT = 3
_NEAR = 4  # tokens from one such word to the other, at most


def judge_triggers(found: Found, doc: Doc, finder: TriggerFinder, scores: EventScores, by: TriggerWeights) -> Found:
    """Return the triggers by head token, of those that the lexicon finds and those that the network proposes."""
    telling = Telling(doc, finder, scores, found)
    kept: Found = {}
    for token in doc:
        decided = _decided(token, telling, by)
        if decided:
            kept[token.i] = decided
    kept = _in_phrases(kept, doc, telling)
    finder.apart |= _told_apart(kept, doc, scores)
    return _joined(doc, kept, finder, scores)


def _decided(token: Token, telling: Telling, by: TriggerWeights) -> list[TriggerMatch]:
    """The triggers that a word heads: one, none, or the two that a phrase of the lexicon tells ("shot dead")."""
    given = telling.found.get(token.i, [])
    proposed = _weighed(telling.proposed(token), given, telling, by)
    likely = [(sure, c) for sure, c in proposed if sure >= _least(c, given, telling, by)]
    own = sorted(((sure, c) for sure, c in likely if c.match in given), key=lambda pair: given.index(pair[1].match))
    unlearned = [(sure, c) for sure, c in own if not telling.scores.knows(c.match.type)]
    said = unlearned or (own if len(own) > 1 else likely[:1])
    _note(token, proposed, [c for _, c in said], telling)
    found = [_as_found(c, given, sure, telling) for sure, c in said]
    return [_retyped(found[0], telling)] if len(found) == 1 and said[0][1].match in given else found


def _retyped(match: TriggerMatch, telling: Telling) -> TriggerMatch:
    """The match with another type that the lexicon lists for the word, where the network sees that and not its own.

    "Jailed for 12 years in 2010" is the arrest to it and no sentence.
    """
    ontology, scores = telling.finder.ontology, telling.scores
    if not scores.knows(match.type) or match.trigger.others or not match.trigger.when:
        return match
    best, likely = max((scores.best(i, ontology.event_types) for i in match.tokens), key=lambda pair: pair[1])
    if best == match.type or any(ontology.fits(kind, ("violent", "deliberate")) for kind in (best, match.type)):
        return match
    listed = {one.trigger.type for one in telling.finder.listed(telling.doc[match.head]) if not one.trigger.others}
    if best not in listed or likely < TYPED or scores.kind(match.tokens, [match.type]) > UNLIKELY:
        return match
    telling.finder.log(match.head, f"{match.type} {telling.doc[match.head].text}: {best} to the model ({likely:.2f})")
    found_by = f"the model ({likely:.2f}) for the lexicon's {match.type}"
    return replace(match, type=best, trigger=replace(match.trigger, type=best, slots=()), found_by=found_by)


def _least(candidate: Candidate, given: Sequence[TriggerMatch], telling: Telling, by: TriggerWeights) -> float:
    """The chance from which on a candidate is said."""
    match = candidate.match
    if match in given:
        return 0.0 if _is_seen(match, telling.scores) else _NEVER
    if given:
        return _least_instead(candidate, given, by)
    if _is_surely_seen(candidate, telling.scores):
        return 0.0
    token = telling.doc[match.head]
    if (token.lemma_.lower(), match.trigger.pos) in cues_of(telling.finder.ontology).factuality or _is_done_to(
        token, match, telling
    ):
        return _NEVER
    unheard = "in no lexicon" in candidate.known or telling.finder.ontology.is_a(match.type, "grave")
    return by.other if unheard else by.least


def _least_instead(candidate: Candidate, given: Sequence[TriggerMatch], by: TriggerWeights) -> float:
    """The chance from which on another type comes than the lexicon gives: where that is exact, it is to be listed."""
    is_listed = "its conditions do not hold" in candidate.known or "its conditions hold" in candidate.known
    is_open = is_listed and not any(m.trigger.others for m in given)
    return by.instead if is_open or not any(map(_is_exact, given)) else SURE_OF_EXACT


def _is_done_to(token: Token, match: TriggerMatch, telling: Telling) -> bool:
    """Whether a word is the object of one that tells an event of that type: "approved the budget" has a patient."""
    above = token.head.i
    return token.dep_ == "obj" and telling.scores.kind([above], [match.type]) > TYPED


def _is_surely_seen(candidate: Candidate, scores: EventScores) -> bool:
    """Whether the network is nearly sure of an event, and the type is likelier than not."""
    event = scores.event(candidate.match.tokens)
    is_listed = "its conditions do not hold" in candidate.known
    return (
        event > (LISTED if is_listed else ADD) and scores.kind(candidate.match.tokens, [candidate.match.type]) > TYPED
    )


def _is_seen(match: TriggerMatch, scores: EventScores) -> bool:
    """Whether the network sees an event where the lexicon gives one; true of a type that it has not learned."""
    if not scores.knows(match.type):
        return True
    trigger = match.trigger
    doubtful = trigger.weight < _IN_DOUBT and trigger.pos == "verb" and bool(trigger.when)
    return scores.event(match.tokens) >= (DROP_DOUBTFUL if doubtful else 0.0 if _is_exact(match) else DROP)


def _is_exact(match: TriggerMatch) -> bool:
    """Whether the lexicon knows just what a trigger tells: a phrase, a word under conditions."""
    return bool(match.trigger.others or match.trigger.when)


def _weighed(
    candidates: Sequence[Candidate], given: Sequence[TriggerMatch], telling: Telling, by: TriggerWeights
) -> list[tuple[float, Candidate]]:
    """The candidates with their chances, the likeliest first; what may not stand in the lexicon's place speaks for it.

    "The explosion that killed 34" is a Killing to the network and a Death to the lexicon: an event it is.
    """
    sure = {c.match.type: chance(c.known, by.of(c.match.type, telling.scores)) for c in candidates}
    barred = {c.match.type for c in candidates if not _is_allowed(c, given, telling)}
    if given:
        others = [c for c in candidates if c.match not in given]
        barred |= {c.match.type for c in others if sure[c.match.type] < _least_instead(c, given, by)}
    instead = max((sure[kind] for kind in barred), default=0.0)
    left = [c for c in candidates if c.match.type not in barred]
    found = [(max(sure[c.match.type], instead) if c.match in given else sure[c.match.type], c) for c in left]
    return sorted(found, key=lambda pair: (-round(pair[0], 6), pair[1].match.type))


def _as_found(candidate: Candidate, given: Sequence[TriggerMatch], sure: float, telling: Telling) -> TriggerMatch:
    """The match with who found it: the lexicon alone, lexicon and model, or the model, all weighed."""
    match = candidate.match
    if match not in given:
        instead = f" for the lexicon's {given[0].type}" if given else ""
        return replace(match, score=sure, found_by=f"the model{instead}, all weighed ({sure:.2f})")
    if _is_exact(match) or not telling.scores.knows(match.type):
        return match
    return replace(match, found_by=f"the lexicon and the model ({telling.scores.event(match.tokens):.2f})")


def _note(token: Token, proposed: Sequence[tuple[float, Candidate]], said: list[Candidate], telling: Telling) -> None:
    likely = [f"{c.match.type} {sure:.2f}" for sure, c in proposed if sure >= _NOTED and c not in said]
    dropped = telling.found.get(token.i, []) if not said else []
    if said and likely:
        telling.finder.log(token.i, f"  also weighed: {', '.join(likely)}")
    elif dropped:
        event = telling.scores.event(dropped[0].tokens)
        telling.finder.log(token.i, f"{dropped[0].type} {token.text}: the model sees no event ({event:.2f})")
    elif likely:
        sure, best = proposed[0]
        telling.finder.log(token.i, f"{best.match.type} {token.text}: no event, all weighed ({sure:.2f})")


def _is_allowed(candidate: Candidate, given: Sequence[TriggerMatch], telling: Telling) -> bool:
    """Whether a type may stand in place of the lexicon's: nobody is made guilty, nor violence something else, lightly.

    "The blast" is no bombing for a little more likelihood. "The rebels captured the mayor": who does it tells that
    it is no arrest.
    """
    kind, ontology = candidate.match.type, telling.finder.ontology
    if not given or any(m.type == kind for m in given):
        return True
    for match in given:
        exact = _is_exact(match)
        blast = ontology.is_a(kind, "attack") and ontology.is_a(match.type, "mishap")
        harmless = ontology.is_a(kind, "grave") and not ontology.is_a(match.type, "grave")
        guilt = kind in ontology.when_done.values() or blast or harmless
        excused = ontology.when_done.get(kind) == match.type  # "the crash … killing two" is a death
        sure = telling.scores.kind(candidate.match.tokens, [kind])
        if (guilt and (exact or sure < SURE_OF_GUILT)) or (excused and (exact or sure < SURE)):
            return False
        if exact and ontology.is_a(match.type, "violent") and not ontology.is_a(kind, "violent"):
            return False
    return True


def _in_phrases(kept: Found, doc: Doc, telling: Telling) -> Found:
    """Leave the words of a phrase to it, but for those that tell an event of another kind.

    "Succumbed to his burn injuries": the injuries are an event of their own.
    """
    ontology, scores = telling.finder.ontology, telling.scores
    result = dict(kept)
    for head, matches in kept.items():
        for i in matches[0].tokens if head in result else ():
            if i == head or i not in result:
                continue
            match, other = result[head][0], result[i][0]
            of_one = ontology.is_a(other.type, match.type) or ontology.is_a(match.type, other.type)
            sure = scores.kind([i], [other.type]) > ADD
            if not sure or len(matches) > 1 or of_one or scores.best(head, ontology.event_types)[0] == other.type:
                del result[i]
                continue
            result[head] = [replace(match, tokens=tuple(t for t in match.tokens if t != i))]
            phrase = " ".join(match.trigger.words)
            telling.finder.log(i, f"{other.type} {doc[i].text}: an event of its own in “{phrase}”")
    return result


def _told_apart(kept: Found, doc: Doc, scores: EventScores) -> set[int]:
    """Nouns before another that surely tell an event, of another type: "the earthquake damage", "the flood victims"."""
    return {
        i
        for i, matches in kept.items()
        if doc[i].dep_ == "compound"
        and all(m.type != matches[0].type for m in kept.get(doc[i].head.i, ()))
        and scores.kind([i], [matches[0].type]) > _ALONE
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
