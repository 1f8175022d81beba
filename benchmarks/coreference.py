"""How well events of several articles are joined: a file in ECB+'s format in, B-cubed, MUC, CEAF-e and CoNLL F1 out.

    python -m benchmarks.coreference FILE [--extracted FILE]

FILE has a document a line: ``doc``, ``topic``, ``tokens`` (joined by spaces), ``sents`` ([number, first token, end]),
``annotated_sentences``, ``mentions`` ({type, tok, coref}); gzipped or not. Mentions of events (types with ACTION,
negated ones too) of the annotated sentences are given, and what ``kg extract`` finds in the documents beside them;
they are joined by ``kg.pipeline.stories``, as events of a store are, within a topic. Mentions without coref are events
of their own, and count. The baseline joins what has the same lemma in one topic. A second table scores what is joined
within each document: there ours are the events that ``kg extract`` itself put together, and the baseline joins what has
the same lemma in one document. A third scores the same of those mentions alone that are read as events: of the others
no decision is taken. ``--extracted`` keeps what was read, or takes it from there.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

from kg.core.model import Article
from kg.pipeline.stories.accounts import Account, Figure, Text, Wording, is_name, name_words
from kg.pipeline.stories.joining import background_of, join
from kg.pipeline.stories.wording import word_table
from training.event_corpus import joined


@dataclass(frozen=True, slots=True)
class Document:
    """A document of ECB+ as running text, with where each token stands in it."""

    id: str
    topic: str
    text: str
    spans: tuple[tuple[int, int], ...]
    mentions: tuple[tuple[str, tuple[int, ...], Hashable], ...]  # id, tokens, and what it is a mention of


def documents(path: Path) -> list[Document]:
    """The documents of a file, with the mentions of events of the annotated sentences."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [_document(json.loads(line)) for line in lines]


def _document(record: Mapping[str, Any]) -> Document:
    tokens = record["tokens"].split(" ")
    text, spans = _running(tokens, record["sents"])
    annotated = {
        token
        for number, first, end in record["sents"]
        if number in record["annotated_sentences"]
        for token in range(first, end)
    }
    mentions = tuple(
        (f"{record['doc']}#{i}", tuple(m["tok"]), (record["topic"], m["coref"]) if "coref" in m else (record["doc"], i))
        for i, m in enumerate(record["mentions"])
        if "ACTION" in m["type"] and m["tok"][0] in annotated
    )
    return Document(record["doc"], str(record["topic"]), text, tuple(spans), mentions)


def _running(tokens: list[str], sentences: Iterable[tuple[int, int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as running text, and where each stands in it."""
    parts = (joined(tokens[first:end]) for _, first, end in sentences)
    text = " ".join(part for part in parts if part)
    spans, at = [], 0
    for token in tokens:
        word = '"' if token in ("``", "''") else token
        while at < len(text) and text[at].isspace():
            at += 1
        begin = at
        for char in word:
            while at < len(text) and text[at].isspace():
                at += 1
            if text[at : at + 1] == char:
                at += 1
        spans.append((begin, max(at, begin)))
    return text, spans


def extracted(docs: list[Document], kept: Path | None) -> dict[str, Mapping[str, Any]]:
    """What is read in each document, in the JSON view by the document's id."""
    if kept is not None and kept.exists():
        views = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
        return {view["doc"]: view for view in views}
    from kg.core.model import Extraction
    from kg.core.vocab import DEFAULT_BASE
    from kg.graph.jsonview import to_record
    from kg.pipeline.load import extract
    from kg.pipeline.prepared import Settings

    found = extract([Article(doc.id, doc.text) for doc in docs], Settings())
    views = [to_record(one, DEFAULT_BASE) for one in found if isinstance(one, Extraction)]
    if kept is not None:
        kept.write_text("".join(json.dumps(view) + "\n" for view in views), "utf-8")
    return {view["doc"]: view for view in views}


def accounts(docs: Iterable[Document], views: Mapping[str, Mapping[str, Any]]) -> tuple[list[Account], dict[str, Text]]:
    """The given mentions as accounts of events, with what was read about them; the documents' words by id."""
    found, texts = [], {}
    for doc in docs:
        view = views.get(doc.id, {"entities": [], "events": []})
        wording = Wording(doc.text, word_table())
        entities = {entity["id"]: entity for entity in view["entities"]}
        named = [(m["start"], e["name"]) for e in view["entities"] if is_name(e["name"]) for m in e["mentions"]]
        texts[doc.id] = wording.whole(name for _, name in named)
        for mention, tokens, _ in doc.mentions:
            begin, end = doc.spans[tokens[0]][0], doc.spans[tokens[-1]][1]
            words = [doc.text[slice(*doc.spans[token])] for token in tokens]
            found.append(
                _account(doc.id, mention, (begin, end), words, wording, _read(view, begin, end), entities, named)
            )
    return found, texts


def _read(view: Mapping[str, Any], begin: int, end: int) -> Mapping[str, Any]:
    """The event that was read at a stretch of text, if there is one."""
    return next((e for e in view["events"] if any(t["start"] < end and begin < t["end"] for t in e["triggers"])), {})


def _account(
    doc: str,
    mention: str,
    span: tuple[int, int],
    words: list[str],
    wording: Wording,
    event: Mapping[str, Any],
    entities: Mapping[str, Mapping[str, Any]],
    named: Iterable[tuple[int, str]],
) -> Account:
    number, first, last = wording.sentence(span[0])
    called = {
        role: [entities[filler]["name"] for filler in event.get(role, ()) if filler in entities]
        for role in ("agent", "patient", "recipient", "place")
    }
    persons = {entity["name"] for entity in entities.values() if entity["named"] and "Person" in entity["types"]}
    here = [name for start, name in named if first <= start < last]
    time = event.get("time")
    begin, until = (time, time) if isinstance(time, str) else time or (None, None)
    return Account(
        iri=mention,
        article=doc,
        type=event.get("type", ""),
        kinds=frozenset(event.get("types", ())),
        status=event.get("status", "asserted"),
        trigger=wording.trigger(words),
        sentence=wording.words(number),
        near=wording.around(*span),
        names=name_words(here),
        name_bag=wording.weighed_names(here),
        who={role: name_words(names) for role, names in called.items()},
        named={role: name_words(filter(is_name, names)) for role, names in called.items()},
        people=name_words(name for name in called["patient"] if name in persons),
        begin=begin or "",
        end=until or "",
        figures=tuple(Figure(c["role"], c["min"], c["max"]) for c in event.get("counts", ())),
        place_in_text=(number, span[0]),
    )


def gold_groups(docs: Iterable[Document]) -> list[set[str]]:
    """The mentions that are of one event by hand."""
    return _grouped((target, mention) for doc in docs for mention, _, target in doc.mentions)


def baseline(docs: Iterable[Document], *, across: bool = True) -> list[set[str]]:
    """The mentions of one lemma (of all their words) in one topic, or in one document."""
    lemmas = json.loads(resources.files("kg.core.data.models.default").joinpath("lemmas.json").read_text("utf-8"))

    def lemma(word: str) -> str:
        known = (lemmas.get(f"{word}|{tag}") for tag in ("VB*", "NNS", "NN", "VBG", "JJ"))
        return next(filter(None, known), word)

    return _grouped(
        (
            (doc.topic if across else doc.id, *(lemma(doc.text[slice(*doc.spans[token])].lower()) for token in tokens)),
            mention,
        )
        for doc in docs
        for mention, tokens, _ in doc.mentions
    )


def _grouped(pairs: Iterable[tuple[Hashable, str]]) -> list[set[str]]:
    found: dict[Hashable, set[str]] = defaultdict(set)
    for key, mention in pairs:
        found[key].add(mention)
    return list(found.values())


def scores_of(gold: list[set[str]], found: list[set[str]]) -> dict[str, tuple[float, float, float]]:
    """Recall, precision and F1 by measure, from 0 to 1; of CoNLL the mean of the three F1 alone, thrice."""
    from scorch.scores import b_cubed, ceaf_e, muc

    by_name = {"MUC": muc(gold, found), "B-cubed": b_cubed(gold, found), "CEAF-e": ceaf_e(gold, found)}
    mean = sum(f1 for _, _, f1 in by_name.values()) / len(by_name)
    return {**by_name, "CoNLL": (mean, mean, mean)}


def joined_by_us(docs: list[Document], views: Mapping[str, Mapping[str, Any]]) -> list[set[str]]:
    """The mentions as ``kg.pipeline.stories`` joins them, topic by topic."""
    found, texts = accounts(docs, views)
    topics = {doc.id: doc.topic for doc in docs}
    by_topic: dict[str, list[Account]] = defaultdict(list)
    for account in found:
        by_topic[topics[account.article]].append(account)
    return [
        set(group)
        for _, some in sorted(by_topic.items())
        for group in join(some, combinations(some, 2), background_of(texts_of(some, texts))).groups
    ]


def joined_within(docs: Iterable[Document], views: Mapping[str, Mapping[str, Any]]) -> list[set[str]]:
    """The mentions as a reading puts them together in each document; what it did not read is by itself."""

    def pairs() -> Iterable[tuple[Hashable, str]]:
        for doc in docs:
            view = views.get(doc.id, {"events": []})
            for mention, tokens, _ in doc.mentions:
                event = _read(view, doc.spans[tokens[0]][0], doc.spans[tokens[-1]][1])
                yield (doc.id, event.get("id", mention)), mention

    return _grouped(pairs())


def of_read(
    groups: Iterable[set[str]], docs: Iterable[Document], views: Mapping[str, Mapping[str, Any]]
) -> list[set[str]]:
    """The groups without the mentions at which no event was read."""
    read = {
        mention
        for doc in docs
        for mention, tokens, _ in doc.mentions
        if _read(views.get(doc.id, {"events": []}), doc.spans[tokens[0]][0], doc.spans[tokens[-1]][1])
    }
    return [kept for group in groups if (kept := group & read)]


def within(docs: Iterable[Document]) -> list[set[str]]:
    """The mentions that are of one event by hand, document by document."""
    return _grouped(((doc.id, target), mention) for doc in docs for mention, _, target in doc.mentions)


def texts_of(some: Iterable[Account], texts: Mapping[str, Text]) -> dict[str, Text]:
    """The texts of the articles that some accounts are of."""
    return {account.article: texts[account.article] for account in some}


def main() -> None:
    """Read, join, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--extracted", type=Path, help="the output of `kg extract` is kept here, and taken from here")
    arguments = parser.parse_args()
    docs = documents(arguments.file)
    views = extracted(docs, arguments.extracted)
    mentions = sum(len(doc.mentions) for doc in docs)
    _print(
        f"{len(docs)} documents, {mentions} mentions; across the documents of a topic",
        gold_groups(docs),
        {
            "one lemma in one document": baseline(docs, across=False),
            "one lemma in one topic (baseline)": baseline(docs),
            "kg": joined_by_us(docs, views),
        },
    )
    rows = {"one lemma in one document (baseline)": baseline(docs, across=False), "kg": joined_within(docs, views)}
    _print("within documents", within(docs), rows)
    read = {name: of_read(groups, docs, views) for name, groups in rows.items()}
    _print("within documents, of mentions that are read as events", of_read(within(docs), docs, views), read)


def _print(title: str, gold: list[set[str]], rows: Mapping[str, list[set[str]]]) -> None:
    print(f"{title}, {len(gold)} events; recall / precision / F1\n")
    print("| joined by | MUC | B-cubed | CEAF-e | CoNLL F1 |\n|---|---|---|---|---|")
    for name, groups in rows.items():
        scores = scores_of(gold, groups)
        cells = [" / ".join(f"{100 * value:.1f}" for value in scores[key]) for key in ("MUC", "B-cubed", "CEAF-e")]
        print(f"| {name} | {' | '.join(cells)} | {100 * scores['CoNLL'][0]:.1f} |")
    print()


if __name__ == "__main__":
    main()
