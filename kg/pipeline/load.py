"""The line, as code: inputs are read, extracted, written as graphs, validated, and stored, one graph an article.

    input ─ articles → Article ─ extract → Extraction ─ rdf → graph ─ validate → report ─ store → dataset

Articles travel in small batches: memory stays flat, and who reads the store meanwhile sees it grow. A batch is
prepared here or in other processes (``kg.core.parallel``) with the same result; only this process stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Literal, cast

from kg.articles import SkippedInput
from kg.core.model import Article, Extraction, Reading, ValidationReport
from kg.core.parallel import in_order
from kg.core.vocab import ONTOLOGY, PROV
from kg.linking.splits import as_split
from kg.pipeline.added import check_given, digests
from kg.pipeline.prepared import Prepared, Reader, Settings

if TYPE_CHECKING:
    from kg.pipeline.corrected import Unfit
    from kg.query.corrections import Correction
    from kg.store.opening import QuerySolutions, Store

BATCH = 16
"""Articles that are read, stored and published together."""

_COLUMNS = ("digest", "program", "model", "ontology")
_PREFIXES = {"kg": ONTOLOGY, "prov": PROV}

_CHANGED = "`kg update` changed its graph since it was read, and a new reading would undo that: --undo-updates does it"

Input = Article | SkippedInput
Kind = Literal["stored", "unchanged", "refused", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input; ``where`` is the article's id, or the place of a skipped input."""

    where: str
    kind: Kind
    reason: str = ""  # also of an unchanged one that would have been read
    events: int = 0
    dated: bool = True
    report: ValidationReport | None = None  # of a stored or refused article
    replaced: bool = False  # the store held other content under this id
    unfit: tuple[Unfit, ...] = ()  # people's corrections that the reading has no place for


def load(
    inputs: Iterable[Input],
    store: Store,
    settings: Settings,
    *,
    refresh: bool = False,
    processes: int = 1,
    forget_added: bool = False,
    undo_updates: bool = False,
) -> Iterator[Outcome]:
    """Read articles into the store; yields what became of each input, in order, once its batch is stored.

    An article whose content, program, model and ontology are those of the graph in the store is not read again, unless
    ``refresh``. One whose graph has a violation is refused, and an older graph of it stays; warnings are in its report
    only. One that an update has changed since is left as it is and told, unless ``undo_updates``. StoreError where the
    store was read with files of a person that are missing now, unless ``forget_added``.
    """
    given = digests(settings.ontology, settings.shapes)
    if not forget_added:
        check_given(store, given)
    reading = Reader(settings).reading
    beside: dict[str, bytes] | None = None
    todo = (_sort_out(batch, store, reading, refresh=refresh, undo=undo_updates) for batch in batches(inputs))
    for (items, _), prepared in in_order(partial(_Preparing, settings, store.base), todo, processes):
        results = iter(prepared)
        stored = {p.graph: p.ntriples for p in prepared if isinstance(p, Prepared) and p.report.acceptable}
        before = _known(store, stored)
        outcomes = [_outcome(next(results) if isinstance(item, Article) else item, before) for item in items]
        if stored:
            store.remember_added(given)
            beside = _vocabulary_graph(store, settings) if beside is None else {}
            store.replace_many({**beside, **as_split(stored, store)}, later=True)
        yield from outcomes
    store.settle()


def _vocabulary_graph(store: Store, settings: Settings) -> dict[str, bytes]:
    """The graph of the ontology, where the store does not hold it as it is now: with it classes know those above."""
    from kg.ontology.graph import vocabulary

    graph, triples = f"{store.base}graph/ontology", vocabulary(Reader(settings).ontology.files)
    return {} if store.graph_bytes(graph) == triples else {graph: triples}


def extract(inputs: Iterable[Input], settings: Settings, *, processes: int = 1) -> Iterator[Extraction | SkippedInput]:
    """What each article says, in order of the inputs; nothing is stored."""
    for items, extracted in in_order(partial(_Extracting, settings), batches(inputs), processes):
        results = iter(extracted)
        for item in items:
            yield item if isinstance(item, SkippedInput) else next(results)


def batches(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    """The inputs in lists of ``BATCH``, read lazily."""
    rest = iter(inputs)
    while batch := list(islice(rest, BATCH)):
        yield batch


_Batch = tuple[list[Input | Outcome], list["Correction"]]
"""Inputs, those that are not to be read replaced by what became of them, and the corrections of the others."""


class _Preparing:
    """A process's work while loading: a batch's articles become validated graphs."""

    def __init__(self, settings: Settings, base: str) -> None:
        self._reader, self._base = Reader(settings), base

    def __call__(self, batch: _Batch) -> list[Prepared | SkippedInput]:
        items, corrections = batch
        return self._reader.prepare([item for item in items if isinstance(item, Article)], self._base, corrections)


class _Extracting:
    """A process's work while extracting: a batch's articles become extractions."""

    def __init__(self, settings: Settings) -> None:
        self._reader = Reader(settings)

    def __call__(self, items: list[Input]) -> list[Extraction | SkippedInput]:
        return list(self._reader.extract([item for item in items if isinstance(item, Article)]))


_KNOWN = """SELECT ?graph ?digest ?program ?model ?ontology WHERE { VALUES ?graph { %s } GRAPH ?graph {
    ?graph kg:digest ?digest ; prov:wasGeneratedBy ?reading .
    ?reading kg:program ?program ; kg:model ?model ; kg:ontologyDigest ?ontology } }"""


def _known(store: Store, graphs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Digest of the article, program, model and ontology of each of some graphs that the store holds."""
    values = " ".join(f"<{graph}>" for graph in graphs)
    rows = cast("QuerySolutions", store.query(_KNOWN % values, prefixes=_PREFIXES)) if values else ()
    return {row["graph"].value: tuple(row[name].value for name in _COLUMNS) for row in rows}


def _sort_out(batch: list[Input], store: Store, reading: Reading, *, refresh: bool, undo: bool) -> _Batch:
    """The batch, with an outcome in the place of each article that is not to be read.

    That is one that the store has already read like this, unless ``refresh``, and one that an update has changed since,
    unless ``undo``.
    """
    from kg.graph.mint import graph_iri
    from kg.graph.triples import article_digest
    from kg.query.corrections import read_corrections

    graphs = {item.id: graph_iri(item.id, store.base) for item in batch if isinstance(item, Article)}
    known = {} if refresh else _known(store, graphs.values())
    changed = set() if undo else {graph for graph in store.changed_by_hand(graphs.values()) if store.graph_bytes(graph)}
    read_as = (reading.program, reading.model, reading.ontology)

    def sorted_out(item: Input) -> Input | Outcome:
        if isinstance(item, SkippedInput):
            return item
        if known.get(graphs[item.id]) == (article_digest(item), *read_as):
            return Outcome(item.id, "unchanged", dated=item.published is not None)
        return Outcome(item.id, "unchanged", _CHANGED) if graphs[item.id] in changed else item

    items = [sorted_out(item) for item in batch]
    read = [graphs[item.id] for item in items if isinstance(item, Article)]
    return items, list(read_corrections(store, read).values()) if read else []


def _outcome(item: Outcome | Prepared | SkippedInput, before: Mapping[str, tuple[str, ...]]) -> Outcome:
    from kg.graph.triples import article_digest

    match item:
        case Prepared(article=article, report=report):
            kind: Kind = "stored" if report.acceptable else "refused"
            replaced = report.acceptable and item.graph in before and before[item.graph][0] != article_digest(article)
            return Outcome(
                article.id, kind, "", item.events, article.published is not None, report, replaced, item.unfit
            )
        case SkippedInput(where=where, reason=reason):
            return Outcome(where, "skipped", reason)
        case _:
            return item
