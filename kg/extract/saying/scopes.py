"""Attribution: a document and its reporting cues in, who says which stretch of it out.

A *scope* is one act of saying: the speaker's head token, the cue, and the tokens of what is said. Scopes nest: "X said,
citing Y", "the minister said, according to the agency"; the innermost scope around an event is its source.
After PDTB's source–cue–content and PARC's attribution relations, over the dependency tree and the quotes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.saying.quotes import introduced, is_said, quoted_ranges
from kg.extract.saying.speakers import CITING, is_unsaid, speaker_of, tail_of
from kg.extract.syntax.slots import arguments, children, preposition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spacy.tokens import Doc, Span, Token

_MEDIUM_PREPOSITIONS = frozenset({"in", "on", "via", "through", "during", "at"})
_KINDS = {"cite": "cited", "quote": "quoted"}
_COLON_NAME = 4  # tokens at most of a speaker before or behind a colon
_PLACES = frozenset({"GPE", "LOC"})
_SHORTEST = 5  # tokens of a quote that goes on
_TELLING = frozenset({"tell", "inform", "assure", "remind", "warn"})
_NEAR = 5  # tokens between a cue and its speaker where the parse does not join them


@dataclass(frozen=True, slots=True)
class Scope:
    """One act of saying. Token indices of the ``Doc``; ``content`` holds what is said, cue and speaker excluded."""

    speaker: int | None  # head token of who says it; None where nobody is named ("it was reported")
    cue: tuple[int, int]  # half-open token range
    content: frozenset[int]
    kind: (
        str  # "statement", "finding" ("find that"), "doubt" where the truth is left open ("allege"), "denial" ("deny")
    )
    medium: int | None = None
    rule: str = ""


def find_scopes(doc: Doc, cues: Mapping[tuple[str, str], str], phrases: Mapping[str, str]) -> list[Scope]:
    """All acts of saying in ``doc``, in text order of their cues.

    Args:
        doc: a parsed document (Universal Dependencies).
        cues: (lemma, part of speech) of a reporting word → kind.
        phrases: fixed prepositional cue ("according to") → kind.

    """
    quotes = quoted_ranges(doc)
    scopes: list[Scope] = []
    for token in doc:
        lemma = token.lemma_.lower()
        if token.pos_ == "VERB" and (kind := cues.get((lemma, "verb"))):
            scopes.extend(_verb_scopes(token, kind, quotes))
        elif (case := _phrase_case(token, phrases)) is not None:
            scopes.extend(_phrase_scopes(token, case, phrases[_fixed(case)]))
        elif token.pos_ == "NOUN" and (kind := cues.get((lemma, "noun"))):
            scopes.extend(_noun_scopes(token, kind, denied=cues.get((token.head.lemma_.lower(), "verb")) == "denial"))
    covered = {i for scope in scopes if scope.speaker is not None for i in scope.content}
    for quoted in introduced(doc, quotes, covered):
        content = frozenset(range(quoted.start, quoted.end)) - {quoted.speaker}
        cue = (quoted.cue, quoted.cue + 1)
        scopes.append(Scope(quoted.speaker, cue, content, "statement", None, quoted.rule))
    scopes.extend(_continued_quotes(doc, quotes, sorted(scopes, key=lambda s: s.cue)))
    for sentence in doc.sents:
        scopes.extend(_colon_scopes(sentence))
    return sorted((s for s in scopes if s.content), key=lambda s: (s.cue, len(s.content)))


def with_speakers(scopes: list[Scope], doc: Doc, can_speak: Callable[[int], bool | None]) -> list[Scope]:
    """The scopes with somebody who can speak as speaker.

    ``can_speak`` tells it of the phrase headed by a token; None where its class is unknown. Where the parse made a
    bullet or an unknown word the speaker, the nearest speaker before the cue, or after it, in the sentence takes its
    place; a thing that is known to be no speaker and has no one near is dropped.
    """
    return [_with_speaker(scope, doc, can_speak) for scope in scopes]


def _with_speaker(scope: Scope, doc: Doc, can_speak: Callable[[int], bool | None]) -> Scope:
    if scope.speaker is None or doc[scope.speaker].pos_ == "PRON":
        return scope
    able = can_speak(scope.speaker)
    if able or (able is None and doc[scope.speaker].pos_ in ("NOUN", "PROPN") and scope.kind != "colon"):
        return scope
    if scope.kind == "colon":
        return replace(scope, speaker=None)
    cue = scope.cue[0]
    sentence = doc[cue].sent
    near = [*range(cue - 1, max(sentence.start, cue - _NEAR) - 1, -1), *range(cue + 1, min(sentence.end, cue + _NEAR))]
    found = next((i for i in near if can_speak(i) and i not in scope.content), None)
    if found is None:
        return scope if able is None else replace(scope, speaker=None)
    return replace(scope, speaker=found, rule=f"{scope.rule}, nearest speaker")


def _subtree(token: Token) -> set[int]:
    return {t.i for t in token.subtree}


def _verb_scopes(verb: Token, kind: str, quotes: list[tuple[int, int]]) -> Iterator[Scope]:
    if verb.dep_ in ("aux", "cop", "amod") or (verb.lemma_ in CITING and verb.tag_ == "VBG") or is_unsaid(verb):
        return
    if children(verb, "compound:prt"):  # "called off the visit", "ruled out that he had fled": no word of saying
        return
    content: set[int] = set()
    rule = ""
    adjective = verb.tag_ == "VBN" and verb.dep_ == "acl"  # "suspected rebels": what follows is no object
    takes_object = kind != "finding" and not adjective
    told = bool(children(verb, "ccomp"))  # "told a meeting that …": to whom, not what
    for child in verb.children:
        if child.dep_ in ("ccomp", "csubj", "csubj:pass"):
            content |= _subtree(child)
            rule = rule or f"complement of {verb.lemma_}"
        elif takes_object and child.dep_ in ("xcomp", "obj", "nsubj:pass") and child.i > verb.i:
            if told and child.dep_ == "obj" and verb.lemma_ in _TELLING:
                continue
            content |= _subtree(child)
            rule = rule or f"object of {verb.lemma_}"
        elif child.dep_ == "parataxis" and (child.i > verb.i or _in_quote(child.i, quotes)) and not _is_apart(child):
            content |= _subtree(child)
            rule = rule or f"quote beside {verb.lemma_}"
        elif child.dep_ == "obl" and preposition(child) == "as" and child.i > verb.i:
            content |= _subtree(child)  # "described the raid as a shootout"
            rule = rule or f"{verb.lemma_} as"
    if verb.dep_ == "parataxis" and verb.head.i < verb.i and not _is_apart(verb):  # "…, a security source said"
        own = _subtree(verb)
        content |= {t.i for t in verb.head.subtree} - own
        rule = rule or f"clause before {verb.lemma_}"
    sentence = verb.sent
    tail = tail_of(verb)
    if tail is not None and not any(start < tail.start and sentence.start < end for start, end in quotes):
        content |= set(range(sentence.start, tail.start))
        rule = rule or f"sentence before {verb.lemma_}"
    for start, end in quotes:  # the quote in the cue's sentence, whatever the parse made of it
        if start < sentence.end and sentence.start < end and not start <= verb.i < end:
            content |= set(range(start, end))
            rule = rule or f"quote in the sentence of {verb.lemma_}"
    speaker = speaker_of(verb)
    own = _cue_tokens(verb)
    if speaker is not None:
        own |= _subtree(speaker) if verb.i not in _subtree(speaker) else {speaker.i}
    cited = _cited(verb, speaker)
    if cited is not None:
        own |= _subtree(cited[0])
    content -= own
    if content and cited is not None:  # "X said, citing Y": what Y says reaches us through X
        kind_of = _KINDS[cited[0].lemma_]
        yield Scope(cited[1].i, (cited[0].i, cited[0].i + 1), frozenset(content), kind_of, None, "citing")
        content.add(cited[0].i)
    if kind in ("doubt", "denial"):
        content -= asides(verb.doc, content)
    if content:
        yield Scope(
            speaker.i if speaker is not None else None,
            (verb.i, verb.i + 1),
            frozenset(content),
            kind,
            _medium(verb),
            rule,
        )


def asides(doc: Doc, content: set[int]) -> set[int]:
    """Relative clauses behind a comma in what is doubted or denied: they are told beside it, and are in no doubt."""
    found: set[int] = set()
    for i in content:
        if doc[i].dep_ == "acl:relcl":
            start = doc[i].left_edge.i
            if start > 0 and (doc[start].text == "," or doc[start - 1].text == ","):
                found |= _subtree(doc[i])
    return found


def _is_apart(clause: Token) -> bool:
    """Whether a clause stands behind a semicolon, as a sentence of its own: "one says twenty; another says forty"."""
    before = clause.left_edge.i - 1
    return before >= 0 and ";" in (clause.doc[before].text, clause.left_edge.text)


def _in_quote(token: int, quotes: list[tuple[int, int]]) -> bool:
    return any(start <= token < end for start, end in quotes)


def _cue_tokens(verb: Token) -> set[int]:
    own = {verb.i}
    for child in verb.children:
        if child.dep_ in ("aux", "aux:pass", "advmod", "mark", "obl:unmarked", "obl:tmod", "obl:npmod"):
            own |= _subtree(child)
        elif child.dep_ == "obl" and preposition(child) in _MEDIUM_PREPOSITIONS:
            own |= _subtree(child)
    return own


def _medium(verb: Token) -> int | None:
    """The head of what the words stand in: "said in a statement", "told a radio station", "citing a video"."""
    cited = _cited(verb, None)
    if cited is not None:
        return cited[1].i
    for child in verb.children:
        if child.dep_ == "obl" and preposition(child) in _MEDIUM_PREPOSITIONS and child.pos_ in ("NOUN", "PROPN"):
            return child.i
    return None


def _cited(verb: Token, speaker: Token | None) -> tuple[Token, Token] | None:
    """The word "citing" that belongs to a speaker or reporting verb, wherever the parse hung it, and what is cited."""
    theirs = children(speaker, "acl") if speaker is not None else []
    for token in (*theirs, *(t for t in verb.sent if t.i > verb.i)):
        if token.lemma_ in CITING and token.tag_ == "VBG":
            objects = children(token, "obj")
            if objects:
                return token, objects[0]
    return None


def _noun_scopes(noun: Token, kind: str, *, denied: bool) -> Iterator[Scope]:
    """Nouns with a clause: "reports that …", "the claim by X that …"; of what is ``denied`` it is the denier's word."""
    content: set[int] = set()
    for child in noun.children:
        if child.dep_ in ("acl", "ccomp") and any(c.lower_ == "that" for c in child.children if c.dep_ == "mark"):
            content |= _subtree(child)
    if not content:
        return
    beside = (a.head for a in arguments(noun) if a.slot in ("possessor", "by", "from", "of", "modifier"))
    speaker = next((head for head in beside if head not in content and not denied), None)
    if speaker is None and noun.head.pos_ == "VERB" and noun.dep_ in ("obj", "obl", "nsubj:pass"):
        # "said in a statement that …", "claims that … were dismissed by …"
        found = speaker_of(noun.head)
        speaker = found.i if found is not None else None
    yield Scope(speaker, (noun.i, noun.i + 1), frozenset(content), kind, None, f"clause of the noun {noun.lemma_}")


def _fixed(case: Token) -> str:
    return " ".join([case.lower_, *(c.lower_ for c in case.children if c.dep_ == "fixed")])


def _phrase_case(token: Token, phrases: Mapping[str, str]) -> Token | None:
    """The first word of a phrase like "according to" before ``token``, which is who says it."""
    for child in token.children:
        if child.dep_ == "case" and child.i < token.i and _fixed(child) in phrases:
            return child
    return None


def _phrase_scopes(token: Token, case: Token, kind: str) -> Iterator[Scope]:
    """Phrases like "according to X": what the phrase stands with is said, the phrase itself is not.

    At the head of a sentence it holds for all of it, behind a comma at its end for all that stands before; elsewhere
    for what the parse hangs it on.
    """
    sentence = token.sent
    comma = next((t.i for t in sentence if t.i > case.i and t.text == ","), sentence.end)
    speaker = token if token.i < comma else _first_phrase(token, case, comma)
    phrase = {i for i in _subtree(speaker) | _subtree(token) if i >= case.i}
    first = case.i == sentence.start or (case.i == sentence.start + 1 and sentence[0].pos_ in ("ADV", "CCONJ", "PUNCT"))
    if first:
        content = set(range(sentence.start, sentence.end)) - phrase - set(range(sentence.start, case.i + 2))
    elif sentence[case.i - 1 - sentence.start].text == "," and max(phrase) >= sentence.end - 3:
        content = set(range(sentence.start, case.i))
    else:
        content = _subtree(token.head) - phrase
    if not content:
        return
    cue = (case.i, case.i + 1 + len(list(case.children)))
    for word in children(speaker, "acl"):
        if word.lemma_ in CITING and word.tag_ == "VBG":  # "according to the radio, quoting a minister, …"
            for said_by in children(word, "obj"):
                yield Scope(said_by.i, (word.i, word.i + 1), frozenset(content), _KINDS[word.lemma_], None, "citing")
                content.add(word.i)
    yield Scope(speaker.i, cue, frozenset(content), kind, None, f"{_fixed(case)} {speaker.text}")


def _first_phrase(token: Token, case: Token, comma: int) -> Token:
    """Who is named right behind "according to", where the parse has hung the words on what stands behind a comma."""
    named = [t for t in token.doc[case.i + 1 : comma] if t.pos_ in ("NOUN", "PROPN")]
    return next((t for t in named if not case.i < t.head.i < comma), token)


def _colon_scopes(sentence: Span) -> Iterator[Scope]:
    """A speaker parted from what is said by a colon alone, as in headlines ("Two held after blast: police")."""
    words = [t for t in sentence if not t.is_space]
    colons = [n for n, t in enumerate(words) if t.text == ":"]
    if len(colons) != 1:
        return
    before, after = words[: colons[0]], words[colons[0] + 1 :]
    for name, said in ((before, after), (after, before)):
        named = [t for t in name if t.pos_ in ("NOUN", "PROPN")]
        if len(name) <= _COLON_NAME < len(said) and named and not any(t.pos_ in ("VERB", "AUX", "NUM") for t in name):
            inside = {t.i for t in name}
            head = next((t for t in named if t.head.i not in inside or t.head.i == t.i), named[-1])
            if head.ent_type_ in _PLACES:  # "Peru: two held after blast" says where
                return
            content = frozenset(t.i for t in said)
            yield Scope(head.i, (words[colons[0]].i, words[colons[0]].i + 1), content, "colon", None, "colon")
            return


def _continued_quotes(doc: Doc, quotes: list[tuple[int, int]], scopes: list[Scope]) -> Iterator[Scope]:
    """Quotes without a cue of their own continue the speech of the scope before them ("… he said. “We will …”")."""
    covered = {i for scope in scopes if scope.speaker is not None for i in scope.content}
    for start, end in quotes:
        if is_said(range(start, end), covered) or end - start < _SHORTEST:
            continue
        before = [s for s in scopes if s.cue[0] < start and s.speaker is not None]
        last = max(before[-1].cue[1] - 1, *(i for i in before[-1].content if i < start), 0) if before else 0
        if not before or _paragraphs_between(doc, last, start) > 1:
            continue
        sentence = doc[before[-1].cue[0]].sent
        together = [s for s in before if sentence.start <= s.cue[0] < sentence.end]
        content = frozenset(range(start, end))
        for said in sorted(together, key=lambda s: len(s.content)):  # the innermost speaker goes on, within the others
            yield Scope(said.speaker, said.cue, content, "statement", None, "quote continued")
            content |= {said.cue[0]}


def _paragraphs_between(doc: Doc, start: int, end: int) -> int:
    return sum("\n" in doc[i].text for i in range(start, end))
