"""Violence that is none: a trigger in, whether it is played, rehearsed or a figure of speech out.

"The striker shot wide", "in the film, rebels bomb a palace", "troops attacked a mock village". The words are the
lexicon's; a sentence that also holds a word of the real thing ("police", "wounded") means what it says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.extract.syntax.slots import children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span, Token

    from kg.extract.grammar.triggers import TriggerMatch
    from kg.ontology.values import Ontology

_FICTION = frozenset(words("fiction"))
_DRILLS = frozenset(words("drills"))
_MOCK_WORDS = frozenset(words("mockWords"))
_FIGURE_ACTORS = frozenset(words("figureActors"))
_FIGURE_OBJECTS = frozenset(words("figureObjects"))
_FIGURE_SETTINGS = frozenset(words("figureSettings"))
_LITERAL_WORDS = frozenset(words("literalWords"))
_LITERAL_VERBS = frozenset(words("literalVerbs"))
_DOERS = ("subject", "by", "light:subject")
_DONE_TO = ("object", "subject:pass", "light:object", "on", "at", "of", "in", "against")
_SCORE = re.compile(r"\d{1,3}[-–]\d{1,3}$")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_IN_A_DRILL = frozenset({"in", "during", "as part of", "at", "throughout"})
_BELOW = ("ccomp", "parataxis", "acl", "advcl", "conj", "obj", "xcomp", "amod")
_STEPS = 5


def why_unreal(match: TriggerMatch, token: Token, ontology: Ontology) -> str | None:
    """Why a trigger tells of nothing that happens, in a few words; None where it is meant.

    Args:
        match: the trigger with its arguments.
        token: its head.
        ontology: tells violence and disaster from other events.

    """
    return _played(match, token, ontology) or _figure(match, token, ontology)


# -- played ------------------------------------------------------------------------------------------------------------


def _played(match: TriggerMatch, token: Token, ontology: Ontology) -> str | None:
    around = [token, *(token.doc[a.head] for a in match.arguments if a.slot in ("subject", "object", "subject:pass"))]
    for word in around:
        for child in children(word, "amod", "compound"):
            if child.lower_ in _MOCK_WORDS:
                return f"a pretence: {child.lower_}"
    rehearsed = not ontology.fits(match.type, ("harm", "mishap"))
    current = token
    for _ in range(_STEPS):
        for child in current.children:
            kind = _kind_of_play(child)
            if kind is None or child.i == token.i:
                continue
            where = preposition(child)
            if child.dep_ in ("obl", "nmod") and (
                (kind == "fiction" and where == "in") or (kind == "drill" and where in _IN_A_DRILL and rehearsed)
            ):
                return f"only in the {child.lower_}"
            told_below = current.i != token.i and child.dep_ == "nsubj"
            if told_below and (kind == "fiction" or rehearsed):
                return f"only in the {child.lower_}"
        if current.head.i == current.i or current.dep_ not in _BELOW:
            return None
        current = current.head
    return None


def _kind_of_play(word: Token) -> str | None:
    if word.pos_ not in ("NOUN", "PROPN"):
        return None
    phrases = set(_phrases(word))
    return "fiction" if phrases & _FICTION else "drill" if phrases & _DRILLS else None


def _phrases(noun: Token) -> Iterator[str]:
    """A noun in its lemma, alone and with the word before it."""
    lemma = noun.lemma_.lower()
    yield lemma
    if noun.i:
        before = noun.nbor(-1)
        yield f"{before.lower_} {lemma}"
        if before.text == "-" and noun.i > 1:
            yield f"{noun.nbor(-2).lower_} {lemma}"
            yield f"{noun.nbor(-2).lower_}-{lemma}"


# -- figures of speech -------------------------------------------------------------------------------------------------


def _figure(match: TriggerMatch, token: Token, ontology: Ontology) -> str | None:
    if not ontology.is_a(match.type, "figured") or _is_literal(token):
        return None
    for argument in match.arguments:
        head = token.doc[argument.head]
        if head.pos_ not in ("NOUN", "PROPN") or head.ent_type_ == "PERSON":
            continue
        for slots, figured in ((_DOERS, _FIGURE_ACTORS), (_DONE_TO, _FIGURE_OBJECTS)):
            if argument.slot in slots and not figured.isdisjoint(_phrases(head)):
                return f"a figure of speech with {head.lower_}"
    after = token.nbor() if token.i + 1 < len(token.doc) else token
    if token.pos_ == "VERB" and after.pos_ == "NOUN" and not _FIGURE_OBJECTS.isdisjoint(_phrases(after)):
        return f"a figure of speech with {after.lower_}"  # "the row killed talks", whatever the parse makes of it
    setting = _setting(token.sent)
    return f"a figure of speech in the setting of {setting}" if setting else None


def _is_literal(trigger: Token) -> bool:
    """Whether another word of the sentence is of the real thing."""
    for token in trigger.sent:
        literal = _LITERAL_VERBS if token.pos_ == "VERB" else _LITERAL_WORDS
        if token.i != trigger.i and (token.lemma_.lower() in literal or token.lower_ in _LITERAL_WORDS):
            return True
    return False


def _setting(sentence: Span) -> str | None:
    """The word of play, stage or trade in a sentence: "box office", "a second goal", "7-0", "in the 80th minute"."""
    for token in sentence:
        if token.pos_ == "NOUN" and any(phrase in _FIGURE_SETTINGS for phrase in _phrases(token)):
            return token.lower_
        if _SCORE.match(token.text) and token.ent_type_ != "DATE":
            return token.text
        if token.lower_ == "minute" and any(_ORDINAL.match(c.text) for c in token.children):
            return "minute"
    return None
