"""Which rule or model found what a violation is about: its article is read again, with tracing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.model import Article
from kg.core.vocab import ONTOLOGY, PROV, SCHEMA
from kg.graph.shacl.data import Data
from kg.graph.shacl.terms import Namespace, iri, text_of

if TYPE_CHECKING:
    from kg.core.model import Violation
    from kg.extract.trace import Note
    from kg.pipeline.prepared import Reader

_KG, _PROV, _SCHEMA = Namespace(ONTOLOGY), Namespace(PROV), Namespace(SCHEMA)


def with_finders(violations: Iterable[Violation], graph: Callable[[str], bytes], reader: Reader) -> Iterable[Violation]:
    """The violations, each with what was noted at its span; each article is read once.

    ``graph`` gives the N-Triples that an article's text and date stand in, by the article's IRI.
    """
    read: dict[str, tuple[list[Note], str]] = {}
    for violation in violations:
        if violation.article is None or violation.begin is None:
            yield violation
            continue
        if violation.article not in read:
            read[violation.article] = _read_again(violation.article, Data.of(graph(violation.article)), reader)
        notes, changed = read[violation.article]
        end = max(violation.begin + 1, violation.end or 0)
        texts = dict.fromkeys(note.text.strip() for note in notes if violation.begin <= note.at < end)
        found = "; ".join(texts) or "nothing: no rule and no model finds it in this sentence"
        yield replace(violation, found_by=f"{found}{changed}")


def _read_again(article: str, data: Data, reader: Reader) -> tuple[list[Note], str]:
    """The notes, and a word where the article was read by another program, model or ontology before."""
    body, day = data.object(iri(article), _SCHEMA.articleBody), data.object(iri(article), _SCHEMA.datePublished)
    if body is None:
        return [], " (its text is not in the graph)"
    traced = reader.trace(Article(article, text_of(body), text_of(day) if day is not None else None))
    reading = data.object(iri(article), _PROV.wasGeneratedBy) or ""
    before = tuple(data.object(reading, p) for p in (_KG.program, _KG.model, _KG.ontologyDigest))
    now = (reader.reading.program, reader.reading.model, reader.reading.ontology)
    same = tuple(text_of(term) for term in before if term is not None) == now
    word = "" if same else f" (read again by {now[0]}, model {now[1]}: it may have been found otherwise)"
    return [note for sentence in traced for note in sentence.notes], word
