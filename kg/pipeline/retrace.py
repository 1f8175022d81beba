"""Which rule or model found what an explanation shows: its articles are read again, with tracing.

The graph does not hold that: an article's text is in the store and reading it is deterministic, so what is said here is
what happened then, as long as program, model and ontology are the same; where they are not, it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.query.evidence import Evidence, Explanation, Sentence

if TYPE_CHECKING:
    from kg.core.model import Article
    from kg.extract.trace import Note
    from kg.pipeline.prepared import Reader


def with_reasons(
    explanations: Sequence[Explanation], article: Callable[[str], Article | None], reader: Reader
) -> list[Explanation]:
    """The explanations with the reasons of their sentences; each article is read once.

    ``article`` gives the article of an IRI, or None where its text is not known.
    """
    notes: dict[str, list[Note]] = {}

    def reread(evidence: Evidence) -> Evidence:
        if evidence.article not in notes:
            known = article(evidence.article)
            traced = reader.trace(known) if known else []
            notes[evidence.article] = [note for sentence in traced for note in sentence.notes]
        sentences = tuple(_reasoned(sentence, notes[evidence.article]) for sentence in evidence.sentences)
        return replace(evidence, sentences=sentences, reread=_by_what(evidence, reader))

    return [replace(thing, evidence=tuple(map(reread, thing.evidence))) for thing in explanations]


def _reasoned(sentence: Sentence, notes: Sequence[Note]) -> Sentence:
    """The sentence with what was noted at its marked words."""
    found = (note.text.strip() for note in notes if any(mark.begin <= note.at < mark.end for mark in sentence.marks))
    return replace(sentence, reasons=tuple(dict.fromkeys(found)))


def _by_what(evidence: Evidence, reader: Reader) -> str:
    if not evidence.sentences:
        return "not read again"
    now = reader.reading
    by = f"{now.program}, model {now.model}"
    if (evidence.reading, evidence.ontology) == (by, now.ontology):
        return "read again by the same: the rules above found it"
    changed = "with another ontology" if evidence.reading == by else f"by {by}"
    return f"read again {changed}: it may have been found otherwise (kg load --refresh reads all anew)"
