"""When the passage is: for events without time words of their own, the time that any reader fills in.

In this order: the time of the clause above, that of the event that caused it or that it took place in, that of its
sentence, the time that the passage is telling. None where a reader would not commit: plans, what is said or decided,
the perfect tenses, what is general.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.events.drafts import Drafts
from kg.extract.events.spans import span_of
from kg.extract.syntax.slots import children, conjuncts, preposition
from kg.extract.syntax.tense import APART, clause_of, in_headline, is_background, is_side_clause, is_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

    from kg.core.model import TimeSpan
    from kg.extract.events.drafts import Draft, Key
    from kg.extract.events.findings import Findings

_STORY_WINDOW = 6  # sentences over which the time of the story is carried on
_SHORT_WINDOW = 2  # for what is said, decided or traded: only right after another of its kind
_HEADLINE_WINDOW = 4  # sentences in which the story of a headline begins
_STORY_GRAINS = ("day", "hour", "minute", "week")
_GRAINS = (*_STORY_GRAINS, "month", "year")
_SEQUENCE = frozenset({"after", "before", "until", "till"})
_REASONS = frozenset({"for", "of", "about", "over", "against", "if", "unless"})
_DURING = frozenset({None, "of", "in", "during", "amid", "by", "from", "at", "on"})
_TRYING = frozenset({"try", "attempt", "fail", "manage"})
_CLAUSES = ("conj", "advcl", "xcomp", "acl", "acl:relcl", "parataxis", "ccomp", "dep")
_NOMINAL = ("obj", "nsubj", "nsubj:pass", "obl", "nmod", "conj", "appos", "compound")
_STEPS = 6  # words on the way up to a time


def infer_times(drafts: Iterable[Draft], findings: Findings, *, weighed: bool = False) -> tuple[Draft, ...]:
    """Return the events without time words with the time that their passage is telling; drafts in text order.

    Where the time words of sentences were ``weighed`` already (``kg.extract.events.timing``) that of a clause above is
    not taken over once more: what was not likely stays out.
    """
    passage = _Passage(drafts, findings, weighed=weighed)
    undated = [d.key for d in passage.now.all() if d.time is None]
    for key in undated:
        passage.look_around(key)
    passage.follow_story()
    for key in undated:
        passage.look_around(key)
    return passage.now.all()


@dataclass(frozen=True, slots=True)
class _Story:
    """The time that the passage tells of, and the sentence that last told of it."""

    time: TimeSpan
    sentence: int


class _Passage:
    """Answers where an event's time may come from, and keeps the events with the times that they got."""

    def __init__(self, drafts: Iterable[Draft], findings: Findings, *, weighed: bool) -> None:
        self.now, self.findings, self.weighed = Drafts(drafts), findings, weighed
        self.key_at = {h: d.key for d in reversed(self.now.all()) for h in d.heads}
        self.told: dict[int, TimeSpan] = {}  # the word that a time expression belongs to → the time
        self.inside: dict[int, TimeSpan] = {}  # tokens of time expressions → the time
        for time in findings.times:
            if time.kind in ("point", "range"):
                span = span_of(time, time.bounds, findings)
                self.inside.update(dict.fromkeys(range(time.start, time.end), span))
                if time.governor is not None:
                    self.told.setdefault(time.governor, span)
        self.named_in = self._times_by_sentence()

    def _times_by_sentence(self) -> dict[int, list[TimeSpan]]:
        """Sentence → the times that its main clauses name, without those of acts of saying and of the law."""
        at = {t.i: n for n, s in enumerate(self.findings.doc.sents) for t in s} if self.told else {}
        named: dict[int, list[TimeSpan]] = defaultdict(list)
        for head, time in self.told.items():
            verb = clause_of(self.findings.doc[head])
            if not is_side_clause(verb) and not self._says(verb) and not self._proceeds(verb):
                named[at[head]].append(time)
        return named

    def event_at(self, token: Token) -> Draft | None:
        """The event that a word tells, as it is now."""
        key = self.key_at.get(token.i)
        return self.now[key] if key is not None else None

    def give(self, key: Key, time: TimeSpan | None, why: str) -> None:
        """Give an event a time, where it has none."""
        draft = self.now[key]
        if draft.time is None and time is not None and time.value is not None:
            given = replace(time, mention=None, evidence=time.mention or time.evidence, inferred=True)
            self.now.put(replace(draft, time=given))
            self.findings.log(draft.match.head, f"  time: {given.value} {why}")

    def look_around(self, key: Key) -> None:
        """Give an event the time of a clause that tells of it, or of what brought it about."""
        draft = self.now[key]
        if draft.time is not None:
            return
        for telling in draft.tellings:
            if not self.weighed:
                self.give(key, self.of_clause(telling, draft), "of its clause")
            self.give(key, self.of_cause(telling, draft), "of what it took place in")

    def _is_a(self, draft: Draft, *types: str) -> bool:
        return self.findings.ontology.fits(draft.type, types)

    # -- the clause above ---------------------------------------------------------------------------------------------

    def of_clause(self, telling: Draft, draft: Draft) -> TimeSpan | None:
        """The time that the clauses above an event's word name, as far up as they tell of the same time."""
        token = self.findings.doc[telling.match.head]
        if token.dep_ == "amod" or any(c.lower_ == "never" for c in children(token, "advmod")):
            return None
        if draft.status == "planned" and not (token.tag_ == "VB" and token.head.lemma_ in _TRYING):
            return None
        for _ in range(_STEPS):
            found = self.told.get(token.i) or self.inside.get(token.i)  # one that is not resolved ends the way, too
            event = self.event_at(token)
            if found is None and event is not None and event.key != draft.key:
                found = event.time
            if found is not None:
                return found
            above = self._above(token)
            if above.i == token.i or not self._same_time(token, above, draft):
                return None
            token = above
        return None

    def _above(self, token: Token) -> Token:
        """What a word stands under; in "after the guests left, the hall burned, he said" left stands under burned."""
        head = token.head
        if token.dep_ == "advcl" and head.i > token.i and self._says(head):
            return next((c for c in children(head, "ccomp", "parataxis") if token.i < c.i < head.i), head)
        return head

    def _same_time(self, token: Token, above: Token, draft: Draft) -> bool:
        """Whether what a word stands under tells of the same time as the word itself."""
        dep = token.dep_
        if self._says(above) or preposition(token) in APART or not self._marked_alike(token, above):
            return False
        if self._proceeds(above) and self._sphere(draft) == "scene":
            return False
        if token.pos_ in ("VERB", "AUX"):
            if is_background(token):
                return False
            if self._is_a(draft, "speech"):  # a participle may be hung on the last noun before it
                loose = dep == "acl" and token.tag_ == "VBG" and above.i < token.i - 1
                return loose or dep in ("conj", "xcomp", "advcl")
            return dep in _CLAUSES
        if dep in ("obl", "nmod"):
            return preposition(token) in _DURING
        return dep in _NOMINAL or dep in ("ccomp", "parataxis")

    def _marked_alike(self, clause: Token, above: Token) -> bool:
        """Whether the conjunction of a clause leaves it at the time of what it stands under.

        What happened after or before something of one scene happened the same day; an arrest comes when it comes.
        """
        marks = {c.lower_ for c in children(clause, "mark")}
        if not marks.isdisjoint(_REASONS):
            return False
        event = self.event_at(above)
        together = not marks.isdisjoint(_SEQUENCE) and (event is None or self._is_a(event, "atOnce"))
        return together or marks.isdisjoint(APART)

    def _says(self, token: Token) -> bool:
        """Whether a word reports or is an act of speech: its time is not that of what is said."""
        event = self.event_at(token)
        if event is not None and self._is_a(event, "speech"):
            return True
        return token.pos_ == "VERB" and (token.lemma_.lower(), "verb") in self.findings.cues.reporting

    def _proceeds(self, token: Token) -> bool:
        """Whether a word tells of a case at law: its time is not that of what the case is about."""
        event = self.event_at(token)
        return event is not None and self._is_a(event, "proceeding")

    # -- what brought it about ----------------------------------------------------------------------------------------

    def of_cause(self, telling: Draft, draft: Draft) -> TimeSpan | None:
        """The time of the event that caused it, or in which it took place ("died in the blast")."""
        if draft.status == "planned" or not self._is_a(draft, "effect"):
            return None
        heads: list[int] = []
        for verb in conjuncts(self.findings.doc[telling.match.head]):  # "two died and six were hurt in the blast"
            event = telling if verb.i == telling.match.head else self.event_at(verb) or telling
            heads.extend(h for role, h in event.event_fillers if role == "cause")
            heads.extend(c.i for c in children(verb, "obl", "nmod") if preposition(c) in _DURING)
        keys = (self.key_at[h] for h in heads if h in self.key_at)
        causes = [self.now[key] for key in keys if key != draft.key]
        return next((c.time for c in causes if c.time is not None and self._is_a(c, "scene")), None)

    # -- the story ----------------------------------------------------------------------------------------------------

    def follow_story(self) -> None:
        """Carry the time of the story on from event to event, that of what happens apart from that of what is said."""
        stories: dict[str, _Story] = {}
        first: TimeSpan | None = None
        for told, key in sorted(self._tellings(), key=lambda pair: pair[0].match.head):
            draft = self.now[key]
            sphere = self._sphere(draft)
            token = self.findings.doc[told.match.head]
            in_story = is_told(token) and draft.status != "planned"
            # "threats of a kidnapping", "accused of smothering four patients"
            feared = draft.status == "possible" and (token.pos_ == "NOUN" or token.tag_ == "VBG")
            if draft.time is None and in_story and not feared:
                story = self._take_over(key, told.sentence, stories.get(sphere), sphere)
                if story is not None:
                    stories[sphere] = story
            time = self.now[key].time
            if time is None or time.inferred or draft.status != "asserted" or time.bounds.grain not in _STORY_GRAINS:
                continue
            if (told.key == key or in_story) and not self._is_aside(token):
                stories[sphere] = _Story(time, told.sentence)
                if sphere == "scene" and first is None and told.sentence <= _HEADLINE_WINDOW:
                    first = time
        head = [d for d in self.now.all() if d.sentence == 0 and in_headline(self.findings.doc[d.match.head])]
        for draft in head:
            if draft.status != "planned" and self._sphere(draft) == "scene":
                self.give(draft.key, first, "of the story under the headline")

    def _tellings(self) -> Iterator[tuple[Draft, Key]]:
        """Each telling of an event and the event's key."""
        return ((telling, draft.key) for draft in self.now.all() for telling in draft.tellings)

    def _take_over(self, key: Key, sentence: int, story: _Story | None, sphere: str) -> _Story | None:
        """Give an event the one time that its sentence names, else that of the story where it goes on; return that."""
        named = self.named_in.get(sentence, [])
        values = {t.value for t in named}
        if sphere == "scene" and len(values) == 1 and named[0].bounds.grain in _GRAINS:
            self.give(key, named[0], "of its sentence")
        draft = self.now[key]
        if story is None or draft.time is not None:
            return story
        window = _STORY_WINDOW if sphere == "scene" else _SHORT_WINDOW
        if sentence - story.sentence > window or (named and story.time.value not in values):
            return story
        if story.time.bounds.grain != "week" or self._is_a(draft, "sudden"):  # arrests may take longer
            self.give(key, story.time, "inferred from the passage")
            return replace(story, sentence=sentence)
        return story

    def _sphere(self, draft: Draft) -> str:
        """What the event's time goes with: what happens on the spot is one story, each other branch its own."""
        types = self.findings.ontology.event_types[draft.type].types
        return "scene" if self._is_a(draft, "scene") else types[-2:][0]

    def _is_aside(self, token: Token) -> bool:
        """Whether a word stands in a clause that dates or explains an event of the clause above it."""
        verb = clause_of(token)
        above = clause_of(verb.head)
        return is_side_clause(verb) and (above.i in self.key_at or above.i in self.told)
