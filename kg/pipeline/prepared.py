"""The stages between an article and its validated graph, with what they need: model, ontology, shapes.

A ``Reader`` is made once in each process that reads; everything heavy is loaded when it is first used.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.articles import SkippedInput
from kg.articles.furniture import blanked
from kg.core import resources
from kg.core.errors import KgError
from kg.core.model import Article, Extraction, Reading, ValidationReport
from kg.core.version import VERSION

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.extract.events.weigh import Care
    from kg.extract.trace import TracedSentence
    from kg.graph.validate import Shapes
    from kg.ontology.values import Ontology
    from kg.pipeline.corrected import Unfit
    from kg.query.corrections import Correction

_log = logging.getLogger("kg")


@dataclass(frozen=True, slots=True)
class Settings:
    """With what articles are read: the model's name, and files or folders added to the shipped ontology and shapes.

    ``keep_case``: sentences in capitals are read as they stand, not in the usual case. ``care``: "cautious", "usual" or
    "eager", how sure it must be who took part (``kg.extract.events.weigh``).
    """

    model: str = "default"
    ontology: tuple[Path, ...] = ()
    shapes: tuple[Path, ...] = ()
    keep_case: bool = False
    care: Care = "usual"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article's graph as sorted N-Triples, ready to be stored where its report conforms."""

    article: Article
    graph: str  # its IRI
    ntriples: bytes
    report: ValidationReport
    events: int
    unfit: tuple[Unfit, ...] = ()  # corrections that this reading has no place for


@dataclass(frozen=True, slots=True)
class _Written:
    """An article's graph before it is checked."""

    article: Article
    events: int
    ntriples: bytes
    unfit: tuple[Unfit, ...] = ()


class Reader:
    """Reads articles: extraction, graph, validation. The same article and settings give the same bytes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def ontology(self) -> Ontology:
        """The shipped ontology with what was added; OntologyError for a mistake in it."""
        from kg.ontology.load import load_ontology

        return load_ontology([*resources.ontology_files(), *self.settings.ontology])

    @cached_property
    def reading(self) -> Reading:
        """Versions of program, model and ontology; the model is not loaded for it. ModelError where there is none."""
        from kg.extract.language.models import model_version

        digest = self.ontology.digest
        flags = [" --keep-case"] if self.settings.keep_case else []
        flags += [f" --{self.settings.care}"] if self.settings.care != "usual" else []
        return Reading(f"kg {VERSION}{''.join(flags)}", model_version(self.settings.model), digest)

    @cached_property
    def _shapes(self) -> Shapes:
        from kg.graph.validate import load_shapes

        return load_shapes([*resources.shape_files(), *self.settings.shapes])

    def extract(self, articles: Sequence[Article]) -> Iterator[Extraction | SkippedInput]:
        """What each article says, in order; one that the model or the extraction stumbles over is skipped."""
        for article, doc in zip(articles, self._docs(articles) if articles else (), strict=True):
            yield self._extract(article, doc)

    def prepare(
        self, articles: Sequence[Article], base: str, corrections: Sequence[Correction] = ()
    ) -> list[Prepared | SkippedInput]:
        """The validated graph of each article, in order, its IRIs minted under ``base``.

        Those of the ``corrections`` that are of an article are applied to what it says.
        """
        from kg.graph.mint import graph_iri
        from kg.graph.validate import validate_together

        written = [self._written(found, base, corrections) for found in self.extract(articles)]
        graphs = [w.ntriples for w in written if isinstance(w, _Written)]
        reports = iter(validate_together(graphs, self._shapes, self.ontology))
        return [
            w
            if isinstance(w, SkippedInput)
            else Prepared(
                article=w.article,
                graph=graph_iri(w.article.id, base),
                ntriples=w.ntriples,
                report=next(reports),
                events=w.events,
                unfit=w.unfit,
            )
            for w in written
        ]

    def trace(self, article: Article) -> list[TracedSentence]:
        """What was found in each sentence of an article, by which rule or model, and what was dropped and why."""
        from kg.extract.reading import extract_doc
        from kg.extract.trace import Trace

        trace = Trace()
        (doc,) = self.read([article])
        extract_doc(article, doc, self.ontology, trace, care=self.settings.care)
        return trace.sentences(doc)

    def _docs(self, articles: Sequence[Article]) -> list[Doc | Exception]:
        """The model's reading of each text; a failure costs the article that caused it and no other."""
        try:
            return [*self.read(articles)]
        except (ValueError, RuntimeError, IndexError, KeyError, MemoryError) as error:
            if len(articles) == 1:
                return [error]
            return [doc for article in articles for doc in self._docs([article])]

    def read(self, articles: Sequence[Article]) -> list[Doc]:
        """Each text as the model parses it, with sentences in capitals in the usual case."""
        from kg.extract.language.casing import with_usual_case
        from kg.extract.language.models import read_docs

        docs = read_docs(_model(self.settings.model), [blanked(article.text) for article in articles])
        return [doc if self.settings.keep_case else with_usual_case(doc) for doc in docs]

    def _extract(self, article: Article, doc: Doc | Exception) -> Extraction | SkippedInput:
        from kg.extract.reading import extract_doc

        if isinstance(doc, Exception):
            return _failed(article, doc)
        try:
            return extract_doc(article, doc, self.ontology, care=self.settings.care)
        except KgError:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours costs one article of a thousand, not the rest
            return _failed(article, error)

    def _written(
        self, found: Extraction | SkippedInput, base: str, corrections: Sequence[Correction]
    ) -> _Written | SkippedInput:
        from kg.graph.triples import graph_iri, to_ntriples, to_triples
        from kg.pipeline.corrected import corrected

        if isinstance(found, SkippedInput):
            return found
        try:
            mine = [one for one in corrections if one.article == graph_iri(found.article.id, base)]
            found, unfit = corrected(found, mine, self.ontology)
            triples = to_triples(found, self.ontology, self.reading, base)
            return _Written(found.article, len(found.events), to_ntriples(triples), unfit)
        except KgError:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours costs one article of a thousand, not the rest
            return _failed(found.article, error)


@lru_cache(maxsize=1)
def _model(name: str) -> Language:
    """The language model: two readers of one process share it."""
    from kg.extract.language.models import load_model

    model = load_model(name)
    # What is loaded by now stays. Without this the collector would look through it again and again while articles are
    # read, for an eighth of all the time.
    gc.freeze()
    return model


def _failed(article: Article, error: Exception) -> SkippedInput:
    _log.debug("reading %s", article.id, exc_info=error)
    what = " ".join(str(error).split())[:200]
    reason = f"reading it failed ({type(error).__name__}: {what}): this was not foreseen, report it"
    return SkippedInput(article.id, reason)
