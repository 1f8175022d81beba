"""Who says it: what grammar, quotes and the model tell of it, weighed together; drafts in, with their speaker, out.

Acts of saying (``kg.extract.saying``) propose their speakers, the model proposes others: who speaks on in a sentence
without "said", whom the parse has lost. The weights (``kg/core/data/reading/sources.json``) were learned on annotated
documents (``python -m training.weigh_sources``), telling by telling; no type of event is among them. Where none of
the proposed is likely enough the article speaks in its own voice.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.extract.events.build import speech_scopes
from kg.extract.events.odds import chance, odds
from kg.extract.saying.quotes import quoted_ranges
from kg.extract.saying.scopes import Scope
from kg.extract.saying.speakers import is_unsaid
from kg.extract.syntax.phrases import sentence_numbers
from kg.extract.syntax.slots import subject_of
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from spacy.tokens import Token

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.extract.events.judge import Judge

#: What the model thinks less likely is not weighed.
_POSSIBLE = 0.05
#: Nothing was learned of an entity so far away.
_OUT_OF_REACH = 0.02
_UNSPOKEN = frozenset(words("unspoken"))
_KINDS = ("Person", "Group", "Organization", "Place", "Document")


@dataclass(frozen=True, slots=True)
class SourceWeights:
    """What each thing known adds to the odds that somebody says it, and the chance from which on it is said."""

    weights: Mapping[str, float]  # name of what is known → weight (natural logarithm); "" is what is added always
    least: float
    keep: float  # the chance from which on it stays with whom the words give as the innermost speaker


@cache
def shipped_source_weights() -> SourceWeights:
    """The weights that come with the program."""
    found = json.loads(resources.files("kg.core.data.reading").joinpath("sources.json").read_text("utf-8"))
    return SourceWeights(found["weights"], found["least"], found["keep"])


class Speakers:
    """Who may say what in one document, with what is known of it."""

    def __init__(self, findings: Findings, judge: Judge) -> None:
        self.findings, self.judge = findings, judge
        self._sentence = sentence_numbers(findings.doc)
        self._accusing = speech_scopes(findings)
        self._quotes = quoted_ranges(findings.doc)
        self._speaking: dict[int, set[str]] = {}  # sentence → who speaks in it
        for scope in findings.scopes:
            entity = findings.entity_of(scope.speaker) if scope.speaker is not None else None
            if entity is not None:
                self._speaking.setdefault(self._sentence[scope.cue[0]], set()).add(entity)

    def proposed(self, draft: Draft) -> Iterator[tuple[str, dict[str, float]]]:
        """Each entity that may say what a trigger tells, with what is known of it by name: numbers of -5 to 5."""
        says, agents = (self.judge.of_role([draft.match.head], role) for role in ("source", "agent"))
        holds: dict[str, Scope] = {}
        for scope in draft.scopes:
            entity = self.findings.entity_of(scope.speaker) if scope.speaker is not None else None
            if entity is not None:
                holds.setdefault(entity, scope)
        best = max(says.values(), default=0.0)
        for entity in self.judge.entities:
            likely = says.get(entity, 0.0) > _POSSIBLE and not self._is_no_speaker(draft, entity)
            if entity in holds or likely:
                known = self._of_event(draft) | self._of_entity(draft, entity)
                known["source to the model"] = odds(says.get(entity, _OUT_OF_REACH))
                known["agent to the model"] = odds(agents.get(entity, _OUT_OF_REACH))
                known["likeliest to the model"] = float(says.get(entity, 0.0) == best)
                known |= self._of_scope(draft, entity, holds)
                yield entity, known

    def _is_no_speaker(self, draft: Draft, entity: str) -> bool:
        """Whether the words show that somebody whom no act of saying around a trigger gives does not say it.

        Who speaks only later on; whose own description it is in ("a clerk close to the investigation said"); who speaks
        on the occasion of it ("told a meeting of miners"); who thinks it, hears or sees it; who accuses or denies, of
        what is told beside that ("suspect the virus, which has killed 30 people").
        """
        head, doc = draft.match.head, self.findings.doc
        spans = self.findings.spans_of[entity]
        if all(self._sentence[m.head] > self._sentence[head] for m in spans):
            return True
        near = doc[min(spans, key=lambda m: abs(m.head - head)).head]
        verb = near.head
        above = list(doc[head].ancestors)
        if near in above or (near.dep_ in ("nsubj", "nsubj:pass") and verb in above and verb.lemma_ in _UNSPOKEN):
            return True
        clause = next((t for t in above if t.pos_ in ("VERB", "AUX")), None)
        if any(is_unsaid(t) and self._says(t, entity) for t in above if t.pos_ == "VERB"):
            return True
        if self._only_asks(draft, entity):
            return True
        occasion = clause is not None and (clause.lemma_, "verb") in self.findings.cues.reporting
        if occasion and clause == verb and doc[head].pos_ in ("NOUN", "PROPN") and near.dep_ == "nsubj":
            return True
        return any(
            scope.kind in ("doubt", "denial", "speech") and doc[scope.cue[0]] in above
            for scope in (*self.findings.scopes, *self._accusing)
            if scope.speaker is not None and self.findings.entity_of(scope.speaker) == entity
        )

    def _says(self, verb: Token, entity: str) -> bool:
        """Whether somebody is the subject of a verb."""
        found = subject_of(verb)
        return found is not None and self.findings.entity_of(found[0].i) == entity

    def _only_asks(self, draft: Draft, entity: str) -> bool:
        """Whether the words of somebody in the sentence only ask for something, and what is told is not that.

        "Crowds marched to demand that she step down, and police detained 14": the crowds say nothing of the police.
        """
        here, doc = self._sentence[draft.match.head], self.findings.doc
        acts = [s for s in self.findings.scopes if self._sentence[s.cue[0]] == here]
        theirs = [s for s in acts if s.speaker is not None and self.findings.entity_of(s.speaker) == entity]
        asks = self.findings.cues.factuality
        return bool(theirs) and all(
            draft.match.head not in s.content and asks.get((doc[s.cue[0]].lemma_, "verb")) == "planned" for s in theirs
        )

    def _of_event(self, draft: Draft) -> dict[str, float]:
        word = self.findings.doc[draft.match.head]
        return {
            "taken for granted": float(draft.known),
            "an act of speech": float(self.findings.ontology.is_a(draft.type, "speech")),
            "a noun": float(word.pos_ in ("NOUN", "PROPN")),
            "status open": float(draft.status != "asserted"),
        }

    def _of_scope(self, draft: Draft, entity: str, holds: Mapping[str, Scope]) -> dict[str, float]:
        """How the acts of saying around a trigger and near it bear on somebody."""
        here = self._sentence[draft.match.head]
        quoted = any(start <= draft.match.head < end for start, end in self._quotes)
        scope = holds.get(entity)
        known = {
            "in quotes": float(quoted),
            "innermost speaker": float(entity == draft.source),
            "another is innermost": float(draft.source not in (None, entity)),
        }
        if scope is None:
            known["speaks in the sentence"] = float(entity in self._speaking.get(here, ()))
            known["speaks in the sentence before"] = float(entity in self._speaking.get(here - 1, ()))
            return known
        way = "quote" if "quote" in scope.rule else scope.rule.split(" ")[0]
        return known | {
            "speaks": 1.0,
            "speaks, in quotes": float(quoted),
            "speaks, taken for granted": float(draft.known),
            f"speaks: {scope.kind}": 1.0,
            f"speaks by {way}": 1.0,
        }

    def _of_entity(self, draft: Draft, entity: str) -> dict[str, float]:
        """What somebody is, and how near."""
        head, within = draft.match.head, self.findings.ontology
        kind = self.findings.entity_classes[entity]
        near = min(self.findings.spans_of[entity], key=lambda m: abs(m.head - head))
        known = {f"is {name}": 1.0 for name in _KINDS if within.is_a(kind, name)}
        return known | {
            "takes part": float(any(e == entity for _, e in draft.fillers)),
            "does it": float(("agent", entity) in draft.fillers),
            "words between": math.log1p(abs(near.head - head)) / 2,
            "another sentence": float(self._sentence[near.head] != self._sentence[head]),
            "pronoun is nearest": float(near.pronoun),
        }


def attribute(drafts: Iterable[Draft], findings: Findings, judge: Judge, by: SourceWeights) -> tuple[Draft, ...]:
    """Return each trigger with who says it, all weighed, and the acts of saying that are theirs or hold theirs."""
    speakers, told, result = Speakers(findings, judge), set[str](), []
    for draft in drafts:
        result.append(_attributed(draft, speakers, by, told))
        if not draft.scopes:
            told.add(draft.type)
    return tuple(result)


def _attributed(draft: Draft, speakers: Speakers, by: SourceWeights, told: Container[str]) -> Draft:
    """Return a trigger with who says it; what is taken for granted and ``told`` by the article before is its own."""
    findings = speakers.findings
    if (draft.known and draft.type in told) or _is_settled(draft, findings):
        return draft
    chances = {entity: chance(known, by.weights) for entity, known in speakers.proposed(draft)}
    entity = max(chances, key=lambda e: chances[e], default=None)
    sure = chances[entity] if entity is not None else 0.0
    if sure < by.least and not draft.known and draft.source is not None:
        entity, sure = draft.source, chances.get(draft.source, 0.0)
    if entity is None or sure < (by.keep if entity == draft.source and not draft.known else by.least):
        if draft.source is not None:
            findings.log(draft.match.head, f"  said by the article itself, all weighed ({1 - sure:.2f})")
        return replace(draft, source=None, known=True)
    if entity != draft.source or draft.known:
        findings.log(draft.match.head, f"  said by “{findings.names.get(entity, entity)}”, all weighed ({sure:.2f})")
    if entity == draft.source:  # with whom they cite: "the army said, citing a report"
        return replace(draft, known=False)
    theirs = next((n for n, s in enumerate(draft.scopes) if _speaks(s, entity, findings)), None)
    if theirs is not None:
        return replace(draft, source=entity, known=False, scopes=draft.scopes[theirs:])
    scope = _new_scope(draft, entity, findings)
    return replace(draft, source=entity, known=False, scopes=(scope, *(s for s in draft.scopes if s.speaker is None)))


def _is_settled(draft: Draft, findings: Findings) -> bool:
    """Whether grammar alone tells who says it: who denies a thing, and who gives a toll."""
    theirs = [s for s in draft.scopes if draft.source is not None and _speaks(s, draft.source, findings)]
    return not draft.known and any(s.kind == "denial" or s.rule.endswith(" a toll") for s in theirs)


def _speaks(scope: Scope, entity: str, findings: Findings) -> bool:
    return scope.speaker is not None and findings.entity_of(scope.speaker) == entity


def _new_scope(draft: Draft, entity: str, findings: Findings) -> Scope:
    """The act of saying that somebody goes on with, else a new one, shown by the verb that they stand under."""
    head = draft.match.head
    content = frozenset(t.i for t in findings.doc[head].subtree) | {head}
    known = [s for s in findings.scopes if _speaks(s, entity, findings)]
    if known:
        near = min(known, key=lambda s: abs(s.cue[0] - head))
        return replace(near, content=content, rule="goes on, to the model")
    mention = min(findings.spans_of[entity], key=lambda m: (m.pronoun, abs(m.head - head)))
    above = findings.doc[mention.head].head
    cue = above.i if above.pos_ == "VERB" and above.i != head else mention.head
    return Scope(mention.head, (cue, cue + 1), content - {cue, mention.head} or frozenset({head}), "statement", None,
                 "to the model")  # fmt: skip
