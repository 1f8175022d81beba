"""The lexicon's cues, ready to look up: reporting verbs and phrases, factuality words, light verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.core.model import Status
    from kg.ontology.values import Ontology

_KINDS = (("doubt", "DoubtCue"), ("finding", "FindingCue"), ("denial", "DenialCue"))
_STATUSES = ("asserted", "negated", "possible", "planned")


@dataclass(frozen=True, slots=True)
class Cues:
    """Indices over the word classes of one ontology."""

    reporting: Mapping[tuple[str, str], str]  # (lemma, part of speech) → "statement", "finding", "doubt" or "denial"
    phrases: Mapping[str, str]  # "according to" → kind
    factuality: Mapping[tuple[str, str], Status]  # (phrase in lemmas, part of speech) → the status of what it governs
    light_verbs: Mapping[str, str]  # lemma, particles included → its word class
    causes: frozenset[str]  # nouns that tie an event to its cause
    causing: frozenset[str]  # verbs that tie a cause, their subject, to the event: "trigger", "lead to"
    dispositions: frozenset[str]  # words after which events are told in general ("the ability to …")


_INDEXED: dict[str, Cues] = {}  # by the ontology's digest


def cues_of(ontology: Ontology) -> Cues:
    """The cues of an ontology, indexed once."""
    if ontology.digest not in _INDEXED:
        _INDEXED[ontology.digest] = _index(ontology)
    return _INDEXED[ontology.digest]


def _index(ontology: Ontology) -> Cues:
    reporting: dict[tuple[str, str], str] = {}
    phrases: dict[str, str] = {}
    factuality: dict[tuple[str, str], Status] = {}
    light: dict[str, str] = {}
    causes: set[str] = set()
    causing: set[str] = set()
    dispositions: set[str] = set()
    for (head, pos), triggers in ontology.cues.items():
        for trigger in triggers:
            if ontology.is_cue(trigger, "ReportingCue"):
                kind = next((k for k, name in _KINDS if ontology.is_cue(trigger, name)), "statement")
                if pos == "phrase":
                    phrases.setdefault(" ".join(trigger.words), kind)
                elif not trigger.others:
                    reporting.setdefault((head, pos), kind)
            elif trigger.type in _STATUSES:
                factuality.setdefault((" ".join(trigger.words), pos), cast("Status", trigger.type))
            elif ontology.is_cue(trigger, "LightVerb"):
                light.setdefault(" ".join(trigger.words), trigger.type)
            elif trigger.type == "CauseCue":
                (causing if pos == "verb" else causes).add(" ".join(trigger.words))
            elif trigger.type == "Disposition":
                dispositions.add(head)
    return Cues(reporting, phrases, factuality, light, frozenset(causes), frozenset(causing), frozenset(dispositions))
