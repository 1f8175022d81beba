"""When: the time expressions of a document against its publication date, as bounds no more precise than the words.

``find_times`` takes a spaCy document (a Universal Dependencies parse helps, none is needed) and gives ``TimeMention``s
in text order. The parse says which verb an expression belongs to, its tense (last Friday or the next one), and from
which event "four days after X" counts. Without a publication date relative expressions stay unresolved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.core.model import Bounds
from kg.extract.syntax.frames import frame_tokens
from kg.extract.times import calendar as dates
from kg.extract.times.calendar import UNRESOLVED, Tense, Unit
from kg.extract.times.pieces import Kind, Reference
from kg.extract.times.scan import Expression, find_expressions
from kg.ontology.words import words

if TYPE_CHECKING:
    from typing import Literal

    from spacy.tokens import Doc, Span, Token

    from kg.core.model import Grain


@dataclass(frozen=True, slots=True)
class Anchor:
    """The time that an expression counts from, and how far: 4 days from the event at token ``head``.

    ``to`` is "event" (``head`` is its token, None where the parse shows none) or "passage": the day being told of.
    """

    amount: int
    unit: Unit
    to: Literal["event", "passage"]
    head: int | None = None


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression: doc.text[start_char:end_char], tokens [start, end), and what it says.

    ``governor`` is the token that the expression tells the time of: a verb, or the noun that it stands at. Durations
    and frequencies have no bounds; unresolved expressions neither (``value`` is None), and their words stay.
    """

    start_char: int
    end_char: int
    start: int
    end: int
    text: str
    kind: Kind
    bounds: Bounds
    governor: int | None = None
    anchor: Anchor | None = None
    counted: bool = False  # of a side clause only: "four days after" in "ended yesterday, four days after they came"

    @property
    def earliest_begin(self) -> str | None:
        """ISO date of the words' grain, None where open."""
        return self.bounds.earliest_begin

    @property
    def latest_begin(self) -> str | None:
        """ISO date of the words' grain, None where open."""
        return self.bounds.latest_begin

    @property
    def earliest_end(self) -> str | None:
        """ISO date of the words' grain, None where open."""
        return self.bounds.earliest_end

    @property
    def latest_end(self) -> str | None:
        """ISO date of the words' grain, None where open."""
        return self.bounds.latest_end

    @property
    def grain(self) -> Grain | None:
        """The grain of the words, None where unresolved."""
        return self.bounds.grain

    @property
    def value(self) -> str | tuple[str | None, str | None] | None:
        """One date, a pair (earliest begin, latest end), or None where unresolved."""
        return self.bounds.value


def find_times(doc: Doc, published: str | None) -> list[TimeMention]:
    """Return the time expressions of a document in text order, resolved against its ISO publication date."""
    grammar = _Grammar(doc)
    reference = Reference(dates.read_date(published), grammar.tense)
    expressions = find_expressions(grammar.text, reference, grammar.is_name, grammar.is_attribute)
    mentions = [mention for expression in expressions if (mention := grammar.mention(expression)) is not None]
    inside = {index for mention in mentions for index in range(mention.start, mention.end)}
    if grammar.parsed:
        mentions = [replace(mention, governor=_governor(doc, mention, inside)) for mention in mentions]
        framed = frame_tokens(doc)
        mentions = [_of_another(doc, m) for m in mentions if m.start not in framed]
    counted = _counted_from_main_clause(grammar.text, _by_day_beside(grammar, mentions))
    return _counted_from_dates(grammar.text, counted)


def resolve_relative(anchor: Anchor, base: Bounds) -> Bounds:
    """Return the time that lies ``anchor.amount`` units from another; unresolved where that is coarser than the unit.

    From the day of a seizure "four days after" is a day; from its month it is nothing, but "a year after" is a year.
    """
    if base.value is None or isinstance(base.value, tuple):
        return UNRESOLVED
    fine = {"day": {"hour", "day", "week", "month", "quarter", "year", "decade"}, "month": {"month", "quarter", "year"}}
    if anchor.unit not in fine.get(base.grain or "", {"year", "decade"}):
        return UNRESOLVED
    return dates.shifted(dates.first_day(base.value), anchor.amount, anchor.unit)


# -- the parse --------------------------------------------------------------------------------------------------------

_FUTURE_AUX = frozenset("will 'll ’ll wo shall would".split())
_OPEN_AUX = frozenset({"may", "might"})  # "may rule on Friday", but "may have fled on Friday"
_PLANNED, _PLANNED_NOW = frozenset(words("plannedWords")), frozenset(words("plannedNow"))
_MEETINGS = frozenset(words("meetings"))
_PERCEIVED = frozenset({*words("perceiving"), "hear", "see", "feel", "smell", "reach", "contact", "find"})
_NOT = frozenset(words("negations"))
_NAMES = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "WORK_OF_ART", "LAW"})
_LEFT_OF_NOUN = frozenset({"compound", "nmod:poss", "amod", "nummod", "nmod", "nmod:desc", "nmod:unmarked", "det"})


class _Grammar:
    """Answers what the patterns cannot know, from a document's parse and entities where it has them."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = doc.text
        self.parsed = doc.has_annotation("DEP")

    def is_name(self, start: int, end: int) -> bool:
        """Whether the characters are part of a longer name ("Sunday Star"), or a person's ("April")."""
        span = self._span(start, end)
        if span is None:
            return False
        for token in span:
            if token.ent_type_ not in _NAMES:
                continue
            longer = any(
                0 <= index < len(self.doc) and self.doc[index].ent_type_ == token.ent_type_
                for index in (span.start - 1, span.end)
            )
            if longer or token.ent_type_ == "PERSON":
                return True
        return False

    def is_attribute(self, start: int, end: int) -> bool:
        """Whether the characters modify a noun that follows ("the Friday attack", "the 2012 vote")."""
        span = self._span(start, end)
        if span is None or not self.parsed:
            return False
        root = span.root
        return root.dep_ in _LEFT_OF_NOUN and root.head.i >= span.end

    def tense(self, at: int) -> Tense | None:
        """Whether the words around a character tell of the past or the future; None where they do not say."""
        span = self._span(at, at + 1)
        if span is None:
            return None
        if not self.parsed:
            sentence = self.doc[max(0, span.start - 25) : span.end + 25]
            return "future" if any(token.lower_ in _FUTURE_AUX for token in sentence) else "past"
        return _tense_of(span.root)

    def same_sentence(self, one: TimeMention, other: TimeMention) -> bool:
        """Whether two expressions stand in one sentence (by full stops and line ends where there is no parse)."""
        if self.parsed:
            return bool(self.doc[one.start].sent.start == self.doc[other.start].sent.start)
        between = self.text[min(one.end_char, other.end_char) : max(one.start_char, other.start_char)]
        return ". " not in between and "\n" not in between

    def mention(self, expression: Expression) -> TimeMention | None:
        """Return the expression on the document's tokens; None where it covers none."""
        span = self._span(expression.start, expression.end)
        if span is None:
            return None
        meaning, offset, anchor = expression.meaning, expression.meaning.offset, None
        if offset is not None:
            head = _event_after(span) if offset.to == "event" and self.parsed else None
            anchor = Anchor(offset.amount, offset.unit, offset.to, head)
        at = (expression.start, expression.end)
        return TimeMention(
            *at, span.start, span.end, self.text[slice(*at)], meaning.kind, meaning.bounds, anchor=anchor
        )

    def _span(self, start: int, end: int) -> Span | None:
        return self.doc.char_span(start, end, alignment_mode="expand")


def _tense_of(token: Token) -> Tense | None:
    """Return the tense of the clause that a token stands in, from the verbs and plans above it."""
    through_noun = False
    for above in [token, *token.ancestors]:
        if above.lower_ in _PLANNED or (above.pos_ in {"VERB", "ADJ"} and _is_plan(above)):
            return "future"
        if above.pos_ == "NOUN" and any(child.dep_ == "amod" and child.lower_ in _PLANNED for child in above.children):
            return "future"  # "a planned strike on Thursday"
        if above.pos_ == "NOUN" and _is_due(above):
            return "future"  # "is due to vote in April", the verb taken for a noun
        helped = any(child.dep_ in {"aux", "cop", "aux:pass"} for child in above.children)
        if above.pos_ in {"VERB", "AUX"} or helped:
            tense = _verb_tense(above)
            return "past" if tense == "future" and through_noun else tense
        if above.pos_ in {"NOUN", "PROPN"} and above.i != token.i and above.lemma_.lower() not in _MEETINGS:
            through_noun = True
    return None


def _is_due(noun: Token) -> bool:
    """Whether a noun stands for a verb that the parse has not seen: "is due to vote in April"."""
    due = next((child for child in noun.children if child.lower_ == "due" and child.i < noun.i), None)
    return due is not None and any(child.lower_ in {"is", "are"} for child in (*noun.children, *due.children))


def _is_plan(word: Token) -> bool:
    """Whether a word says that something lies ahead: "planned to", "goes to court on Monday"; not "went on strike"."""
    return word.lemma_ in _PLANNED or (word.lemma_ in _PLANNED_NOW and word.tag_ not in {"VBD", "VBN"})


def _verb_tense(verb: Token) -> Tense | None:
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "aux:pass", "cop"}}
    if helpers & _FUTURE_AUX or (helpers & _OPEN_AUX and "have" not in helpers) or _could_be(verb, helpers):
        return "future"
    if verb.tag_ == "VBG" and helpers & {"is", "are", "'s", "'re", "’s", "’re", "am"}:
        return None
    if any(child.lower_ == "to" and child.dep_ in {"mark", "aux"} for child in verb.children):
        above = verb.head
        if _is_plan(above) or above.lower_ in _PLANNED or above.lower_ in {"is", "are", "'s", "’s", "'re"}:
            return "future"
        return _verb_tense(above) if above.i != verb.i and above.pos_ in {"VERB", "AUX"} else None
    if verb.tag_ == "VB" and verb.dep_ == "conj" and not helpers and verb.head.pos_ in {"VERB", "AUX"}:
        return _verb_tense(verb.head)  # "will land and meet them on Thursday"
    if verb.tag_ in {"VBD", "VBN"} or helpers & {"was", "were", "had", "did", "has", "have"}:
        return "past"
    return None


def _could_be(verb: Token, helpers: set[str]) -> bool:
    """Whether something may yet be done: "could be held in June", but "smoke could be seen on Friday"."""
    seen = verb.lemma_ in _PERCEIVED or any(c.dep_ == "advmod" and c.lower_ in _NOT for c in verb.children)
    return {"could", "be"} <= helpers and "have" not in helpers and verb.tag_ == "VBN" and not seen


def _event_after(span: Span) -> int | None:
    """Return the token of the event that "after", "before" or "since" at the span's end introduces."""
    relation = span[-1]
    while relation.dep_ in {"fixed", "flat"} and relation.i > span.start:
        relation = relation.head
    head = relation.head
    if relation.dep_ in {"case", "mark", "advmod"} and head.i >= span.end:
        return int(head.i)
    return None


def _governor(doc: Doc, mention: TimeMention, inside: set[int]) -> int | None:
    """Return the nearest word above the expression that is itself no part of a time expression."""
    event = mention.anchor.head if mention.anchor else None
    token = doc[mention.start : mention.end].root
    while (token.i in inside or token.i == event) and token.head.i != token.i:
        token = token.head
    if token.i in inside or token.i == event:
        return None
    return int(_uncrossed(doc, mention, token).i)


def _of_another(doc: Doc, mention: TimeMention) -> TimeMention:
    """Give "since 2019" behind a superlative to what happened then: "the deadliest since 2019, when gunmen killed …".

    It says how long nothing was so bad, and not when this was; without what happened then it dates nothing.
    """
    if mention.kind != "range" or not mention.text.lower().startswith("since ") or mention.governor is None:
        return mention
    governor = doc[mention.governor]
    if not any(t.tag_ in ("JJS", "RBS") for t in (governor, *governor.children)):
        return mention
    begin = mention.bounds.earliest_begin
    when = next((t for t in doc[mention.end : mention.end + 3] if t.lower_ == "when"), None)
    grain: Grain | None = {4: "year", 7: "month", 10: "day"}.get(len(begin or ""))  # type: ignore[assignment]
    if when is None or begin is None or grain is None:
        return replace(mention, kind="duration", governor=None)
    return replace(
        mention, kind="point", bounds=Bounds(begin, begin, begin, begin, grain), governor=when.head.i, counted=True
    )


def _uncrossed(doc: Doc, mention: TimeMention, governor: Token) -> Token:
    """Return the word that an expression belongs to where the parse hung it on a clause that another one closes off.

    "Arrested four after a bomb exploded last week, injuring ten": what follows belongs to the bomb, so the week does.
    "A court on Monday sentenced ...": what stands between a subject and its verb tells the time of the verb.
    """
    if governor.dep_ in ("nsubj", "nsubj:pass") and governor.i < mention.start and mention.end <= governor.head.i:
        return governor.head
    after = next((t for t in doc[mention.end : doc[mention.start].sent.end] if not t.is_punct), None)
    while after is not None and after.head.i != after.i and governor.i < mention.start:
        after = after.head
        if governor.i < after.i < mention.start and after.pos_ == "VERB":
            return after
    return governor


# -- times that other times decide ------------------------------------------------------------------------------------


def _by_day_beside(grammar: _Grammar, mentions: list[TimeMention]) -> list[TimeMention]:
    """Read "overnight" on the day that its sentence names ("an overnight raid, police said on Monday")."""
    result = []
    for mention in mentions:
        if mention.text.lower() == "overnight":
            for other in mentions:
                if other.grain == "day" and other.kind == "point" and grammar.same_sentence(mention, other):
                    mention = replace(mention, bounds=other.bounds)  # noqa: PLW2901
                    break
        result.append(mention)
    return result


def _counted_from_main_clause(whole: str, mentions: list[TimeMention]) -> list[TimeMention]:
    """Give "it ended yesterday, four days after they seized it" its meaning: the seizure was yesterday less four days.

    The offset then tells the time of the event after it, which becomes its governor.
    """
    result: list[TimeMention] = []
    for index, mention in enumerate(mentions):
        anchor = mention.anchor
        known = None
        if anchor is not None and anchor.to == "event":
            beside = mentions[index - 1] if index else None
            for other in mentions:
                same = other.governor is not None and other.governor == mention.governor
                touching = other is beside and whole[other.end_char : mention.start_char].strip() in ("", ",")
                if other is not mention and other.kind == "point" and other.grain == "day" and (same or touching):
                    known = other
        if anchor is None or known is None or anchor.head is None:
            result.append(mention)
            continue
        backwards = replace(anchor, amount=-anchor.amount)
        bounds = resolve_relative(backwards, known.bounds)
        result.append(replace(mention, bounds=bounds, governor=anchor.head, anchor=None, counted=True))
    return result


def _counted_from_dates(whole: str, mentions: list[TimeMention]) -> list[TimeMention]:
    """Read "two days after July 24" as one expression."""
    result: list[TimeMention] = []
    for mention in mentions:
        last = result[-1] if result else None
        gap = whole[last.end_char : mention.start_char] if last else ""
        if last and last.anchor and last.anchor.to == "event" and gap.isspace() and mention.value is not None:
            result[-1] = replace(
                last,
                end_char=mention.end_char,
                end=mention.end,
                text=whole[last.start_char : mention.end_char],
                bounds=resolve_relative(last.anchor, mention.bounds),
                anchor=None,
            )
        else:
            result.append(mention)
    return result
