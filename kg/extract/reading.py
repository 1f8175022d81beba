"""From a parsed document to an extraction.

``extract_doc`` is the order of the work: mentions, triggers, chains, times and counts, acts of saying, events,
relations. Each step is a function of its own file; none calls another step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.extract.claims import find_scopes
from kg.extract.coref import build_entities
from kg.extract.cues import cues_of
from kg.extract.entities import MentionFinder
from kg.extract.events import Strands, find_events
from kg.extract.quantities import find_quantities
from kg.extract.relations import find_relations
from kg.extract.times import find_times
from kg.extract.triggers import TriggerFinder
from kg.model import Extraction

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.model import Article
    from kg.ontology import Ontology


@dataclass(slots=True)
class Trace:
    """What was found, by which rule, and what was dropped and why: (token index, message), in order of the work."""

    notes: list[tuple[int, str]] = field(default_factory=list)

    def log(self, token: int, message: str) -> None:
        """Note one finding at a token."""
        self.notes.append((token, message))


def _silent(token: int, message: str) -> None:  # noqa: ARG001  the shape of Trace.log
    """Take no notes."""


def extract_doc(article: Article, doc: Doc, ontology: Ontology, trace: Trace | None = None) -> Extraction:
    """Read one article from its parsed document.

    Args:
        article: the article; ``doc.text`` is its text, character for character.
        doc: the document in Universal Dependencies (``kg.extract.nlp.read_docs``).
        ontology: event types, entity types and lexicon.
        trace: takes notes of what was found and dropped, where given.

    """
    log = trace.log if trace is not None else _silent
    cues = cues_of(ontology)
    finder = MentionFinder(doc, ontology)
    matches = TriggerFinder(ontology, finder.class_of, cues.light_verbs, log).find(doc)
    scopes = find_scopes(doc, cues.reporting, cues.phrases)
    asked = {a.head for m in matches for a in m.arguments}
    asked |= {h for s in scopes for h in (s.speaker, s.medium) if h is not None}
    event_heads = {m.head for m in matches}
    chains = build_entities(article, doc, finder.mentions(asked - event_heads, event_heads), ontology)
    strands = Strands(
        doc=doc,
        ontology=ontology,
        cues=cues,
        matches=matches,
        scopes=scopes,
        times=find_times(doc, article.published),
        quantities=find_quantities(doc),
        class_of=finder.class_of,
        entity_of=chains.entity_of,
        published=article.published,
        log=log,
    )
    events, claims = find_events(strands)
    return Extraction(article, chains.entities, events, claims, find_relations(doc, chains, ontology))
