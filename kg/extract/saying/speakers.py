"""Who speaks: a reporting verb in, the head of who says it and the place of what is said out.

Where the parse joins a verb and its speaker, the parse decides. Newspapers put them at the end of long sentences
("…, a spokesman for the ministry said on Monday"), where parsers often lose them: there the commas decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.extract.syntax.phrases import is_yet_to
from kg.extract.syntax.slots import children, is_passive, preposition, subject_of
from kg.ontology.words import words

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

CITING = frozenset({"cite", "quote"})
_NOT = frozenset({"not", "n't", "n’t", "never"})
_NOBODY = frozenset({"no", "none", "nobody", "neither"})
_IN_VAIN = frozenset(words("inVain"))
_NAMING = ("NOUN", "PROPN", "PRON")
_BEGINNING = (*_NAMING, "DET", "ADJ", "NUM")  # parts of speech that a noun phrase begins with
_EMPTY = frozenset({"it", "there", "what", "which"})


class Tail(NamedTuple):
    """The end of a sentence that says who says the rest of it."""

    start: int  # index of the comma before it
    speaker: Token | None


def is_unsaid(verb: Token) -> bool:
    """Whether the words deny that anything was said: "would not say how many", "none of them could tell whether".

    "Refused to say whether", "was unable to confirm", "would neither confirm nor deny that".
    """
    subjects = children(verb, "nsubj")
    return (
        any(c.lower_ in _NOT or c.lower_ in ("neither", "nor") for c in verb.children)
        or (verb.dep_ in ("xcomp", "acl") and verb.tag_ == "VB" and verb.head.lemma_.lower() in _IN_VAIN)
        or is_yet_to(verb)
        or any(c.lower_ in _NOBODY for s in subjects for c in (s, *children(s, "det")))
    )


def tail_of(verb: Token) -> Tail | None:
    """The tail of a sentence around a reporting verb; None where what is said stands behind the verb.

    "…, two elders said.", "…, said officials.", "…, a spokesman for the mayor, Ali Haddad, said on Monday."
    """
    behind = {c.dep_ for c in verb.rights}
    told = behind & {"ccomp", "xcomp", "parataxis", "conj"} or ("obj" in behind and verb.lemma_ != "tell")
    relative = verb.dep_ == "acl:relcl" and not any(c.tag_ in ("WDT", "WP") for c in verb.subtree)
    if told or not (relative or verb.dep_ in ("ROOT", "root", "parataxis")):
        return None
    if is_passive(verb) and any(c.dep_ == "nsubj:pass" and c.lower_ not in _EMPTY for c in verb.children):
        return None  # "the blast, which killed twelve, was claimed by …"
    doc, sentence = verb.doc, verb.sent
    commas = [i for i in range(sentence.start + 1, verb.i) if doc[i].text == ","]
    if not commas or doc[commas[-1] + 1].pos_ in ("CCONJ", "SCONJ"):
        return None
    if relative and doc[commas[-1] + 1].pos_ not in _BEGINNING:
        return None
    if commas[-1] < verb.i - 1:
        return Tail(commas[-1], _outermost(doc[commas[-1] + 1 : verb.i]))
    inverted = verb.lemma_ != "tell" and verb.i + 1 < sentence.end and doc[verb.i + 1].pos_ in _BEGINNING
    if inverted:
        stop = next((i for i in range(verb.i + 1, sentence.end) if doc[i].is_punct), sentence.end)
        return Tail(commas[-1], _outermost(doc[verb.i + 1 : stop]))
    if len(commas) > 2 and (
        doc[commas[-2] + 1].tag_ in ("WP", "WP$", "WDT") or not any(t.pos_ == "VERB" for t in doc[commas[-3] : verb.i])
    ):  # "a nurse, who would not give her name, told …"
        return Tail(commas[-3], _outermost(doc[commas[-3] + 1 : commas[-2]]))
    return Tail(commas[-1], None)


def _outermost(tokens: Span) -> Token | None:
    """The first noun of a stretch that depends on nothing in it."""
    inside = {t.i for t in tokens}
    return next((t for t in tokens if t.pos_ in _NAMING and (t.head.i not in inside or t.head.i == t.i)), None)


def speaker_of(verb: Token) -> Token | None:
    """The head token of who says what ``verb`` reports; None where the sentence names nobody."""
    if is_passive(verb):
        for child in verb.children:
            if child.dep_ == "obl:agent" or (child.dep_ == "obl" and preposition(child) == "by"):
                return child
        return next(iter(children(verb, "nsubj:pass", "nsubj")), None) if verb.lemma_ in CITING else None
    before = verb.nbor(-1) if verb.i > 0 else verb
    if verb.tag_ == "VBG" and any(c.lower_ == "with" for c in children(before, "case")):  # "with photos showing …"
        return before
    subjects = [c for c in verb.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")]
    if len(subjects) > 1:  # what is said has lost its subject to the verb: the speaker stands beside the verb
        return min(subjects, key=lambda c: min(abs(t.i - verb.i) for t in c.subtree))
    tail = tail_of(verb)
    if verb.dep_ == "conj" and is_passive(verb.head) and verb.head.dep_ == "ccomp" and not subjects:
        verb = verb.head.head  # "said A was hit and denied B was"
    found = subject_of(verb)
    if found is None or (found[0].lower_ in _EMPTY and (found[0].lower_ != "it" or children(verb, "expl"))):
        return tail.speaker if tail is not None else _between_commas(verb)
    if tail is None or tail.start < found[0].i < verb.i:
        return found[0]
    return tail.speaker or found[0]  # the subject of what is said, taken for that of the verb


def _between_commas(verb: Token) -> Token | None:
    """In "Rebels, officials said, shelled the town" the noun between the comma and the verb."""
    doc, sentence = verb.doc, verb.sent
    if verb.i + 1 >= sentence.end or doc[verb.i + 1].text != ",":
        return None
    comma = next((i for i in range(verb.i - 1, sentence.start, -1) if doc[i].text == ","), None)
    return _outermost(doc[comma + 1 : verb.i]) if comma is not None else None
