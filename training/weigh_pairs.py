"""Learn how sure two tellings are of one event: annotated documents in, `kg/core/data/reading/pairs.json` out.

    python -m training.weigh_pairs --corpora DIR [--write]

Examples are pairs of triggers that a reading finds in one document, of types that may be one event, in texts whose
events the network did not learn: the documents held out to choose by, and those of ECB+'s training part that are not
annotated by us (there only the sentences that ECB+ annotates). A pair is right where the annotation has both triggers
in one event. A telling is put to an event from even odds on, in the mean (`LEAST`): the best F1 of pairs lies lower,
but a wrong join mixes up two events' participants and speakers. The table shows it for other steps, on the documents to
choose by each weighed by what was learned on the others. The documents held out to report on choose nothing.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.coreference import documents
from kg.core.model import Article
from kg.extract.events.build import build_drafts
from kg.extract.events.dating import attach_times
from kg.extract.events.judge import Judge
from kg.extract.events.pairs import Pairs, PairWeights
from kg.extract.events.same import merge_drafts, refine_types
from kg.extract.events.sources import attribute, shipped_source_weights
from kg.extract.reading import find
from kg.pipeline.prepared import Reader, Settings
from training.event_corpus import ANNOTATION
from training.measure_reading import Gold, article_of, dates_of, held_out, overlap
from training.weigh_roles import FOLDS, asked, fold_of, weights_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.extract.events.drafts import Draft
    from kg.extract.events.findings import Findings
    from kg.ontology.values import Ontology

OUT = Path(__file__).parents[1] / "kg/core/data/reading/pairs.json"
STEPS = tuple(n / 4 for n in range(-6, 3))
#: Even odds (natural logarithm).
LEAST = 0.0
#: Where something is annotated, and of which event it is.
Told = tuple[tuple[int, int], "Hashable"]


@dataclass(frozen=True)
class Read:
    """One document before its tellings are put together, and of which event each is by hand (None: unknown)."""

    name: str
    findings: Findings
    drafts: tuple[Draft, ...]
    event: tuple[Hashable | None, ...]
    annotated: int  # pairs of triggers of one event by hand

    def pairs(self, by: PairWeights | None = None) -> Pairs:
        """The pairs of its tellings."""
        assert self.findings.scores is not None
        return Pairs(self.drafts, self.findings, self.findings.scores, by or PairWeights({}, 0.0))

    def examples(self) -> Iterator[tuple[Mapping[str, float], bool]]:
        """What is known of each pair that is annotated, and whether the two are one event."""
        pairs = self.pairs()
        for last, event in enumerate(self.event):
            for first in range(last):
                known = pairs.known(first, last)
                if known is not None and event is not None and self.event[first] is not None:
                    yield known, event == self.event[first]

    def joined(self, by: PairWeights | None) -> tuple[int, int]:
        """How many annotated pairs are put together, all weighed or by rules alone, and how many of them rightly."""
        found, f = self.pairs(by) if by is not None else None, self.findings
        merged = merge_drafts(self.drafts, f.doc, f.ontology, f.surely_two, f.log, found)
        of = {t.key: n for n, event in enumerate(merged) for t in event.tellings}
        known = [(of.get(d.key), e) for d, e in zip(self.drafts, self.event, strict=True) if e is not None]
        same = [a[1] == b[1] for n, b in enumerate(known) for a in known[:n] if a[0] == b[0] is not None]
        return len(same), sum(same)


def read(name: str, article: Article, doc: Doc, ontology: Ontology, told: Sequence[Told]) -> Read:
    """Return a document as it is read up to where tellings are put together."""
    findings, _ = find(article, doc, ontology)
    assert findings.scores is not None, "a model that knows events"
    drafts = attribute(build_drafts(findings), findings, Judge(findings, findings.scores), shipped_source_weights())
    drafts = refine_types(attach_times(drafts, findings), doc, ontology, findings.log)
    events = tuple(
        next((e for span, e in told if overlap(span, (d.mention.start, d.mention.end))), None) for d in drafts
    )
    return Read(name, findings, drafts, events, sum(n * (n - 1) // 2 for n in Counter(e for _, e in told).values()))


def told_by_us(gold: Gold) -> list[Told]:
    """Where our annotation has triggers, and of which events."""
    return [(mention[0], mention[2]) for mention in gold.mentions]


def learned(some: Iterable[Read]) -> dict[str, float]:
    """The weight of each thing known, by name."""
    return weights_of([example for one in some for example in one.examples()])


def figures(some: Iterable[Read], by: Mapping[int, PairWeights] | PairWeights | None) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs, by weights for all, for each fold, or by rules alone."""
    said = right = annotated = 0
    for one in some:
        joined = one.joined(by[_fold(one)] if isinstance(by, dict) else by)  # type: ignore[arg-type]
        said, right, annotated = said + joined[0], right + joined[1], annotated + one.annotated
    p, r = right / max(1, said), right / max(1, annotated)
    return p, r, 2 * p * r / max(1e-9, p + r)


def _fold(one: Read) -> int:
    return fold_of(one.name)


def unlearned(corpora: Path) -> Iterator[tuple[str, str, list[Told]]]:
    """Return ECB+'s training documents that we did not annotate: name, text, what ECB+ tells of them."""
    with gzip.open(ANNOTATION, "rt", encoding="utf8") as lines:
        ours = {json.loads(line)["id"] for line in lines}
    for doc in documents(corpora / "ecbplus/train.jsonl.gz"):
        if f"ecb:{doc.id}" not in ours:
            yield (
                f"ecb:{doc.id}",
                doc.text,
                [((doc.spans[t[0]][0], doc.spans[t[-1]][1]), e) for _, t, e in doc.mentions],
            )


def main() -> None:
    """Learn, print how well it goes, and write the weights where that is asked for."""
    arguments = asked(__doc__)
    reader, dates = Reader(Settings()), dates_of(arguments.corpora)

    def taken(texts: Iterable[tuple[str, str, list[Told]]]) -> list[Read]:
        articles = [(article_of(name, text, dates), told) for name, text, told in texts]
        docs = reader.read([article for article, _ in articles])
        return [read(a.id, a, doc, reader.ontology, told) for (a, told), doc in zip(articles, docs, strict=True)]

    def of(part: str) -> Iterator[tuple[str, str, list[Told]]]:
        return ((r["id"], text, told_by_us(Gold(r))) for r, text in held_out(arguments.corpora, [part]))

    report(taken(of("choose")), taken(unlearned(arguments.corpora)), taken(of("report")), write=arguments.write)


def report(choose: Sequence[Read], ecb: Sequence[Read], others: Sequence[Read], *, write: bool) -> None:
    """Print the figures of the parts, and write what was learned on the first two where that is asked for."""
    all_of = (*choose, *ecb)
    folds = [learned(one for one in all_of if _fold(one) != n) for n in range(FOLDS)]
    weights = learned(all_of)
    print("| put together from the odds | chosen by: P | R | F1 | ECB+: P | R | F1 |\n|---|---|---|---|---|---|---|")
    _print_row("rules", figures(choose, None), figures(ecb, None))
    for step in STEPS:
        by = {n: PairWeights(some, step) for n, some in enumerate(folds)}
        found = figures(choose, by), figures(ecb, by)
        _print_row(f"{step:.2f}", *found)
    print("\n| reported on | P | R | F1 |\n|---|---|---|---|")
    _print_row("rules", figures(others, None))
    _print_row(f"{LEAST:.2f}", figures(others, PairWeights(weights, LEAST)))
    if write:
        OUT.write_text(json.dumps({"least": LEAST, "weights": weights}, indent=1) + "\n", encoding="utf8")


def _print_row(name: str, *parts: tuple[float, float, float]) -> None:
    print(f"| {name} | {' | '.join(f'{value:.3f}' for part in parts for value in part)} |", flush=True)


if __name__ == "__main__":
    main()
