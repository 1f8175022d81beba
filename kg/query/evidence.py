"""An explanation as values, its sentences, and how it reads as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.ontology.sentences import sentence_bounds
from kg.query.results import Namer


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Marked words of a sentence: half-open, in characters of the article's text; what they are."""

    begin: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article with its marks; ``begin`` is where it starts in the article's text."""

    begin: int
    text: str
    marks: tuple[Mark, ...]
    reasons: tuple[str, ...] = ()  # what was found at the marked words, by which rule or model, where read again

    def marked(self) -> str:
        """The sentence with ``[words|part]`` in the place of each mark; of marks that overlap the first stands."""
        parts: list[str] = []
        position = 0
        for mark in self.marks:
            begin, end = mark.begin - self.begin, mark.end - self.begin
            if begin >= position:
                parts += [self.text[position:begin], f"[{self.text[begin:end]}|{mark.part}]"]
                position = end
        return " ".join("".join([*parts, self.text[position:]]).split())


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: a name, its kind, the cue, the medium, and the claim that reports this one."""

    name: str
    kind: str | None
    cue: str | None
    medium: str | None
    reported_by: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One article's words for a thing."""

    article: str
    headline: str | None
    publisher: str | None
    published: str | None
    reading: str | None  # program and model that read it
    ontology: str | None  # digest of the ontology that it was read with
    sentences: tuple[Sentence, ...]
    reread: str | None = None  # by what it was read again for its reasons, or why not


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing explained: an entity, an event, or a statement."""

    iri: str
    kind: str  # entity, event, statement
    name: str
    types: tuple[str, ...]
    status: str | None = None
    facts: tuple[tuple[str, str], ...] = ()  # role or property, value
    sources: tuple[Source, ...] = ()
    links: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()  # what people said of it, who and why
    evidence: tuple[Evidence, ...] = ()


def sentences_with(text: str | None, marks: set[Mark], around: str | None) -> tuple[Sentence, ...]:
    """The sentences that hold marks; with ``around`` those with a mark of that part, and what they leave unshown."""
    if text is None:
        return ()
    bounds = sentence_bounds(text)
    sentences = []
    for begin, end in pairwise(bounds):
        inside = sorted(mark for mark in marks if begin <= mark.begin and mark.end <= end)
        if inside:
            sentences.append(Sentence(begin, text[begin:end].rstrip(), tuple(inside)))
    if around is None:
        return tuple(sentences)
    chosen = [s for s in sentences if any(mark.part == around for mark in s.marks)]
    shown = {mark.part for s in chosen for mark in s.marks}
    for sentence in reversed(sentences):  # the nearest sentence before, for a part that stands elsewhere
        missing = {mark.part for mark in sentence.marks} - shown
        if missing - {"subject", "object"} and chosen and sentence.begin < chosen[0].begin:
            chosen.append(sentence)
            shown |= missing
    return tuple(sorted(chosen or sentences, key=lambda s: s.begin))


def as_text(explanations: Sequence[Explanation], namer: Namer) -> Iterator[str]:
    """The lines of the explanations for a person."""
    for number, thing in enumerate(explanations):
        if number:
            yield ""
        title = [thing.name] if thing.kind == "statement" else [thing.name, namer.iri(thing.iri), " ".join(thing.types)]
        yield "  ".join(filter(None, [*title, thing.status]))
        width = max((len(name) for name, _ in thing.facts), default=0)
        yield from (f"  {name:<{width}}  {value}" for name, value in thing.facts)
        for source in thing.sources:
            details = [source.kind, f"“{source.cue}”" if source.cue else None]
            details += [f"citing {source.medium}" if source.medium else None]
            details += [f"as reported by {source.reported_by}" if source.reported_by else None]
            extra = ", ".join(filter(None, details))
            yield f"  said by {source.name}{f' ({extra})' if extra else ''}"
        yield from (f"  same as {link}" for link in thing.links)
        yield from (f"  corrected: {correction}" for correction in thing.corrections)
        for evidence in thing.evidence:
            where = ", ".join(filter(None, [evidence.headline, evidence.publisher, evidence.published]))
            yield f"  in {namer.iri(evidence.article)}{f'  {where}' if where else ''}"
            for sentence in evidence.sentences:
                yield f"    {sentence.begin}: {sentence.marked()}"
                yield from (f"        {reason}" for reason in sentence.reasons)
            if not evidence.sentences:
                yield "    (the article's text is not in the store)"
            if evidence.reading:
                yield f"    read by {evidence.reading}{'' if evidence.reread else '; --trace names the rules'}"
            if evidence.reread:
                yield f"    {evidence.reread}"
