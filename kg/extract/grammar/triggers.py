"""Triggers: a parsed document in, the words that carry an event out, each with the best fitting type.

Candidates come from the ontology's lexicon by lemma and part of speech; the words of a phrase must stand among the
head's dependents ("take … into custody") or, for nouns, directly before it ("air strike"). Between the readings of one
word the trigger's conditions decide, then how well the participants fit the type's ranges, then the lexicon's weight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.extract.syntax.slots import Argument, arguments, preposition
from kg.ontology.values import PREPOSITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from spacy.tokens import Doc, Token

    from kg.ontology.values import Condition, Ontology, Trigger

_HYPHENS = frozenset({"-", "‐", "‑", "–"})
_MISFIT = 1.5  # a filler of the wrong class weighs more than one of the right class
_FIT = 0.5
_MAX_SPAN = 40  # characters: a trigger that would be longer is cut down to its head
_SLOT_KIN = {  # what a condition's slot covers: the deep argument, whatever construction shows it
    "object": ("object", "subject:pass", "light:object", "indirect-object"),
    "subject": ("subject", "light:subject", "by"),
    "clause": ("clause", "purpose"),
}
_NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT"})


@dataclass(frozen=True, slots=True)
class TriggerMatch:
    """A word or phrase that carries an event: its head token, the tokens of the phrase, its type and its arguments."""

    head: int
    tokens: tuple[int, ...]  # all matched tokens, sorted
    type: str
    trigger: Trigger
    arguments: tuple[Argument, ...]
    score: float
    learned: bool = False  # whether the language model alone saw it
    found_by: str = "the lexicon"  # who found and judged it, in words for the trace


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the lexicon whose words stand in the text: whether its conditions hold, how well participants fit."""

    trigger: Trigger
    tokens: tuple[int, ...]
    holds: bool
    fit: float


#: Head token → the triggers that it heads.
Found = dict[int, list[TriggerMatch]]


@dataclass(slots=True)
class TriggerFinder:
    """Finds triggers in one document.

    ``class_of`` tells the entity class of the phrase headed by a token, None where it is unknown; ``log`` takes what
    was considered and dropped, and why.
    """

    ontology: Ontology
    class_of: Callable[[int], str | None]
    light_verbs: Mapping[str, str]
    log: Callable[[int, str], None]
    nonevents: set[int] = field(default_factory=set)  # tokens of phrases that the lexicon lists as no event
    apart: set[int] = field(default_factory=set)  # nouns that tell an event of their own before that of another noun
    _arguments: dict[int, tuple[Argument, ...]] = field(default_factory=dict)
    _listed: dict[int, tuple[Listed, ...]] = field(default_factory=dict)  # asked for when found, when weighed

    def find(self, doc: Doc, judge: Callable[[Found], Found] | None = None) -> list[TriggerMatch]:
        """All triggers of ``doc`` in text order; two types on one head only where the ontology lists both phrases.

        ``judge`` is given what the lexicon finds, by head token, and returns what to make of it.
        """
        self.nonevents = self._nonevents(doc)
        found: Found = {}
        for token in doc:
            matches = self._readings(token)
            if matches:
                found[token.i] = matches
        return self._without_carriers(doc, judge(found) if judge is not None else found)

    def arguments_of(self, token: Token) -> tuple[Argument, ...]:
        """The arguments of a predicate token, computed once."""
        if token.i not in self._arguments:
            self._arguments[token.i] = tuple(arguments(token, self.light_verbs))
        return self._arguments[token.i]

    def _nonevents(self, doc: Doc) -> set[int]:
        covered: set[int] = set()
        for token in doc:
            for pos in parts_of_speech(token):
                for trigger in self.ontology.cues.get((token.lemma_.lower(), pos), ()):
                    if trigger.type == "NonEvent":
                        tokens = matched_tokens(trigger, token)
                        if tokens and self._conditions(trigger, token):
                            covered.update(tokens)
        return covered

    def listed(self, token: Token) -> tuple[Listed, ...]:
        """What the lexicon lists under a word whose other words stand beside it, whether or not it holds here."""
        if token.i not in self._listed:
            self._listed[token.i] = tuple(self._looked_up(token))
        return self._listed[token.i]

    def _looked_up(self, token: Token) -> Iterator[Listed]:
        if token.ent_type_ in _NAMED and token.pos_ == "PROPN":
            return  # "Ban Ki-moon", "Non-Proliferation Treaty": part of a name
        for pos in parts_of_speech(token):
            for lemma in lemmas(token, pos):
                for trigger in self.ontology.triggers.get((lemma, pos), ()):
                    tokens = matched_tokens(trigger, token)
                    if tokens:
                        fit = self.fit(token, trigger.type, pos, trigger.slots)
                        yield Listed(trigger, tokens, holds=self._conditions(trigger, token), fit=fit)

    def _readings(self, token: Token) -> list[TriggerMatch]:
        readings: list[TriggerMatch] = []
        listed = self.listed(token)
        for one in listed:
            trigger, tokens, fit = one.trigger, one.tokens, one.fit
            if self.nonevents.issuperset(_core(token, tokens)):
                self.log(token.i, f"{token.text}: part of a phrase that is no event")
                continue
            if not one.holds:
                self.log(token.i, f"{trigger.type} {' '.join(trigger.words)}: its conditions do not hold")
                continue
            if fit < 0:
                doubtful = self._is_of_several(trigger)
                kept = fit > (-_MISFIT if doubtful else -2 * _MISFIT)
                how = "fit badly" if kept else "do not fit"
                self.log(token.i, f"{trigger.type} {' '.join(trigger.words)}: participants {how} ({fit:+.1f})")
                if not kept:
                    continue
            score = trigger.weight + fit + 0.6 * (len(tokens) - 1) + 0.1 * len(trigger.when)
            readings.append(TriggerMatch(token.i, tokens, trigger.type, trigger, self.arguments_of(token), score))
        return self._best(token, readings)

    def _is_of_several(self, trigger: Trigger) -> bool:
        """Whether the word under which an entry stands is listed for several types."""
        return len({t.type for t in self.ontology.triggers.get((trigger.head, trigger.pos), ())}) > 1

    def _best(self, token: Token, readings: list[TriggerMatch]) -> list[TriggerMatch]:
        if not readings:
            return []
        readings.sort(key=lambda r: (-r.score, -len(r.tokens), r.type))
        best = readings[0]
        kept = [best]
        for other in readings[1:]:
            same_phrase = (other.trigger.words, other.trigger.when) == (best.trigger.words, best.trigger.when)
            phrase_of_both = same_phrase and len(other.trigger.words) > 1
            if phrase_of_both and other.type != best.type and other.score >= best.score - _FIT:
                kept.append(other)  # "shot dead" is a shooting and a killing
            elif other.type != best.type:
                self.log(token.i, f"{other.type} ({other.score:.1f}): {best.type} ({best.score:.1f}) fits better")
        return kept[:2]

    def _conditions(self, trigger: Trigger, token: Token) -> bool:
        return all(self._holds(c, token) for c in trigger.when) and not any(
            self._holds(c, token) for c in trigger.unless
        )

    def _holds(self, condition: Condition, token: Token) -> bool:
        heads = list(self._slot(condition.slot, token))
        if not condition.alternatives:
            return bool(heads)
        for head in heads:
            whole = f"{head.nbor(-1).lower_}-{head.lemma_.lower()}" if head.i else ""  # "heart-attack", "car-bomb"
            for alternative in condition.alternatives:
                if alternative[0].isupper():
                    if self._is_class(head, alternative):
                        return True
                elif alternative in (head.lemma_.lower(), head.lower_, whole):
                    return True
        return False

    def _is_class(self, head: Token, name: str) -> bool:
        """Whether a filler is of a class: of entities, or of events where its word evokes one."""
        if name in self.ontology.event_types:
            evoked = (
                t for pos in parts_of_speech(head) for t in self.ontology.triggers.get((head.lemma_.lower(), pos), ())
            )
            return any(not t.others and self.ontology.is_a(t.type, name) for t in evoked)
        found = self.class_of(head.i)
        return found is not None and self.ontology.is_a(found, name)

    def _slot(self, slot: str, token: Token) -> Iterator[Token]:
        if slot == "governor":
            yield from (token.head,) if token.head.i != token.i else ()
            return
        if slot == "xcomp":
            yield from (c for c in token.children if c.tag_ == "VB" and any(m.lower_ == "to" for m in c.children))
            return
        if slot == "adverb":
            yield from (c for c in token.children if c.dep_ == "advmod")
            return
        names = _SLOT_KIN.get(slot, (slot,))
        for argument in self.arguments_of(token):
            if argument.slot in names:
                yield token.doc[argument.head]
            elif slot in PREPOSITIONS and argument.slot in _SLOT_KIN["object"]:  # "pulled two men from the rubble"
                yield from (c for c in token.doc[argument.head].children if c.dep_ == "nmod" and preposition(c) == slot)
        if slot not in ("subject", "object", "modifier", "possessor", "clause"):  # a bare particle or preposition
            yield from (c for c in token.children if c.lower_ == slot and c.dep_ in ("compound:prt", "advmod", "case"))

    def fit(self, token: Token, kind: str, pos: str, own: Iterable[tuple[str, tuple[str, ...]]] = ()) -> float:
        """How well the known participants fit a type: fits count up, misfits of core slots count down.

        ``own`` are slots that an entry of the lexicon names, before those of the type.
        """
        event_type = self.ontology.event_types[kind]
        slots = {**event_type.slots, **dict(own)}
        total = 0.0
        for argument in self.arguments_of(token):
            roles = slots.get(argument.slot)
            if not roles:
                continue
            found = self.class_of(argument.head)
            if found is None:
                continue
            if any(self.ontology.may_fill(found, role, event_type.name) for role in roles):
                total += _FIT / 2 if argument.slot in ("in", "at", "on") else _FIT
            elif pos != "noun" and argument.slot in ("subject", "object", "subject:pass"):
                total -= _MISFIT
        return total

    def _without_carriers(self, doc: Doc, found: dict[int, list[TriggerMatch]]) -> list[TriggerMatch]:
        """Words inside a longer trigger do not stand alone, nor do nouns that only modify another noun."""
        phrases = [m for matches in found.values() for m in matches if len(m.tokens) > 1]
        inside = {i: m for m in sorted(phrases, key=lambda m: len(m.tokens)) for i in m.tokens if i != m.head}
        kept: list[TriggerMatch] = []
        for i, matches in sorted(found.items()):
            token = doc[i]
            outer = inside.get(i)
            if outer is not None:
                self.log(i, f"{matches[0].type} {token.text}: part of “{' '.join(outer.trigger.words)}”")
                continue
            if self._only_modifies(token, found):
                self.log(i, f"{matches[0].type} {token.text}: only modifies “{token.head.text}”")
                continue
            kept.extend(matches)
        return kept

    def _only_modifies(self, token: Token, found: Mapping[int, list[TriggerMatch]]) -> bool:
        if token.dep_ != "compound" or token.pos_ not in ("NOUN", "PROPN") or token.head.pos_ not in ("NOUN", "PROPN"):
            return False
        if token.ent_type_ in _NAMED:
            return True
        if token.i in self.apart:
            return False
        if token.head.i in found:
            return True
        found_class = self.class_of(token.head.i)
        return found_class is not None and self.ontology.fits(found_class, ("Agent", "Place", "Product", "Document"))


def parts_of_speech(token: Token) -> tuple[str, ...]:
    """The lexicon's parts of speech under which a token may be looked up, the likeliest first."""
    if token.pos_ in ("VERB", "AUX"):
        return ("verb", "adjective") if token.tag_ in ("VBN", "VBG") else ("verb",)
    if token.pos_ in ("NOUN", "PROPN") or _ends_compound(token):
        return ("noun",)
    if token.pos_ == "ADJ":
        return ("adjective", "noun") if token.dep_ != "amod" else ("adjective",)
    if token.pos_ == "ADV":
        return ("adverb",)
    return ()


def _core(head: Token, tokens: tuple[int, ...]) -> Iterator[int]:
    """The tokens of a trigger without its prepositions and particles: "the recipe calls for", as "calls" alone."""
    return (i for i in tokens if i == head.i or head.doc[i].pos_ != "ADP")


def _ends_compound(token: Token) -> bool:
    """Whether a preposition is the last part of a noun ("stand-off", "shoot-out")."""
    return token.pos_ in ("ADP", "ADV") and token.i > 0 and token.nbor(-1).text in _HYPHENS


def lemmas(token: Token, pos: str) -> tuple[str, ...]:
    """The forms under which a token is looked up: its lemma, and the word itself for participles and plural nouns."""
    lemma, lower = token.lemma_.lower(), token.lower_
    return (lemma,) if pos == "verb" or lemma == lower else (lemma, lower)


def matched_tokens(trigger: Trigger, head: Token) -> tuple[int, ...]:
    """The tokens of a trigger phrase whose head is ``head``, sorted; empty where its other words are missing."""
    if not trigger.others:
        return (head.i,)
    if trigger.pos == "noun":
        before = _words_before(head, trigger.others)
        return (*before, head.i) if before else ()
    found: list[int] = [head.i]
    for word in trigger.others:
        index = _dependent(head, word, found, trigger.others)
        if index is None:
            return ()
        found.append(index)
    after = [i for i in found[1:] if i > head.i]
    if after != sorted(after):  # "took on a life of its own" is no "take own life"
        return ()
    return tuple(sorted(found))


def _words_before(head: Token, words: tuple[str, ...]) -> tuple[int, ...]:
    """The tokens directly before ``head`` that spell ``words``, hyphens passed over."""
    found: list[int] = []
    i = head.i - 1
    for word in reversed(words):
        while i >= 0 and head.doc[i].text in _HYPHENS:
            i -= 1
        if i < 0 or word not in (head.doc[i].lower_, head.doc[i].lemma_.lower()):
            return ()
        found.append(i)
        i -= 1
    return tuple(reversed(found))


def _dependent(head: Token, word: str, taken: list[int], words: tuple[str, ...]) -> int | None:
    """The dependent of ``head`` that is ``word``: a child, or a preposition or word one step below it.

    Behind a preposition that the phrase lacks, it is another phrase: "hit by rain on the road" is no "hit road".
    """
    near: list[Token] = []
    for child in head.children:
        if child.dep_ in ("conj", "parataxis", "punct", "acl:relcl", "advcl", "nsubj"):
            continue
        near.append(child)
        near.extend(
            g for g in child.children if g.dep_ in ("case", "mark", "fixed", "amod", "compound", "nmod", "advmod")
        )
        if child.dep_ == "obj":  # "took hundreds of workers hostage": the parse may hang the last word on an object
            near.extend(g for g in child.subtree if g.i > child.i and g.pos_ in ("NOUN", "ADJ") and g.dep_ != "conj")
    if head.dep_ in ("acl", "acl:relcl"):  # "responsibility claimed by …"
        near.append(head.head)
    for token in near:
        if token.i not in taken and word in (token.lower_, token.lemma_.lower()):
            before = preposition(token) if token.dep_ in ("obl", "nmod") else None
            if before is None or before in words or not set(before.split()).isdisjoint(words):
                return token.i
    return None


def trigger_span(doc: Doc, match: TriggerMatch, telling: Callable[[int], float] | None = None) -> tuple[int, int]:
    """Character offsets of a trigger: the whole phrase where its words stand together, else the word that tells it.

    ``telling`` says how surely one word alone tells an event of that type: in "handed in her resignation" it is the
    noun, in "left a miner dead" the adjective. Without it, or where none does, it is the head.
    """
    first, last = doc[match.tokens[0]], doc[match.tokens[-1]]
    end = last.idx + len(last.text)
    gap = match.tokens[-1] - match.tokens[0] + 1 - len(match.tokens)
    if gap > 2 or end - first.idx > _MAX_SPAN:
        word = doc[max(match.tokens, key=lambda i: (telling(i), i == match.head)) if telling else match.head]
        return word.idx, word.idx + len(word.text)
    return first.idx, end
