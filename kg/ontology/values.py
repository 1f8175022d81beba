"""What the ontology says, as values: event types, entity types, roles, word classes, and the words that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: Parts of speech that words of the lexicon have; "phrase" is words in this order, as written.
PARTS_OF_SPEECH = ("verb", "noun", "adjective", "adverb", "phrase")

#: Grammatical slots beside the prepositions: the seam between the parse (extract/syntax/slots.py) and the roles.
#: ``subject:pass`` is what a passive's subject is; ``modifier`` a compound or adjective before a noun; ``clause`` a
#: complement clause, ``that`` and ``xcomp`` its two kinds; ``because`` and ``when`` clauses of reason and time;
#: ``predicate-of`` what a predicate noun or adjective is said of; ``particle`` and ``adverb`` serve conditions only.
GRAMMATICAL_SLOTS = frozenset(
    {
        *("subject", "object", "indirect-object", "subject:pass", "possessor", "modifier"),
        *("particle", "adverb", "clause", "that", "xcomp", "because", "when", "predicate-of"),
    }
)

#: Prepositions that are slots of their own, under their own words.
PREPOSITIONS = frozenset(
    (
        "aboard,about,above,according to,across,after,against,ahead of,along,alongside,amid,among,amongst,around,as,"
        "as a result of,at,away from,because of,before,behind,below,beneath,beside,besides,between,beyond,by,"
        "by means of,close to,despite,down,due to,during,except,following,for,from,in,in connection with,in front of,"
        "in response to,including,inside,instead of,into,involving,like,near,next to,of,off,on,on behalf of,onto,out,"
        "out of,outside,over,past,per,regarding,since,than,thanks to,through,throughout,to,together with,toward,"
        "towards,under,until,up,up to,upon,using,via,with,within,without"
    ).split(",")
)

#: Every slot there is: ``light:SLOT`` is a slot of the light verb that carries an event noun ("carry out an attack"),
#: ``governor`` (for conditions) the word that the trigger depends on.
SLOTS = GRAMMATICAL_SLOTS | PREPOSITIONS | {"governor"} | {f"light:{slot}" for slot in GRAMMATICAL_SLOTS | PREPOSITIONS}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a trigger demands of one slot: filled by one of the alternatives, or filled at all where there are none.

    An alternative that begins with a capital is the local name of an entity or event class, any other one a lemma.
    """

    slot: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase in lemmas that evokes an event type, or belongs to a word class.

    ``head`` is the first word of verbs, adjectives and adverbs, the last word of nouns; phrases start at the first.
    """

    words: tuple[str, ...]
    pos: str
    type: str
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    weight: float = 1.0
    slots: tuple[tuple[str, tuple[str, ...]], ...] = ()  # slot → roles, before those of its event type

    @property
    def head(self) -> str:
        """The word under which the trigger is looked up."""
        return self.words[-1] if self.pos == "noun" else self.words[0]

    @property
    def others(self) -> tuple[str, ...]:
        """The words beside the head: they must stand among its dependents."""
        return self.words[:-1] if self.pos == "noun" else self.words[1:]


@dataclass(frozen=True, slots=True)
class Role:
    """A role property: ``range`` and ``slots`` hold where an event type says nothing else. ``types``: itself upward."""

    name: str
    iri: str
    types: tuple[str, ...]
    label: str
    range: tuple[str, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventType:
    """A class of events: ``slots`` and ``ranges`` are merged from the roles, its ancestors and itself."""

    name: str
    iri: str
    types: tuple[str, ...]  # from its own class upward, to Event
    label: str
    definition: str
    comment: str
    examples: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]  # slot → roles, in the order of the roles
    ranges: Mapping[str, tuple[str, ...]]  # role → classes that may fill it
    told: str = ""  # the verb of its sentences, in the past, before an object or behind it: "clashed with"
    told_alone: str = ""  # the same where nobody suffers it: "clashed"
    told_of: str = ""  # the role that stands behind the verb before any other


@dataclass(frozen=True, slots=True)
class EntityType:
    """A class of entities with its common nouns and telling names."""

    name: str
    iri: str
    types: tuple[str, ...]  # from its own class upward, to Entity
    label: str
    nouns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordClass:
    """A class of words that names no event: reporting cues, light verbs, factuality cues. ``slots``: as EventType's."""

    name: str
    iri: str
    types: tuple[str, ...]  # from its own class upward
    label: str
    slots: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its usual name, with its other names, the adjectives made of it and the words for its people."""

    name: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ontology:
    """Everything that the program knows about kinds of events, entities and the words for them.

    ``triggers`` and ``cues`` are looked up by (head, part of speech); the first of several is the one with the highest
    weight, then with most words, then with most conditions. ``digest`` identifies the files, by content alone.
    """

    event_types: Mapping[str, EventType]
    entity_types: Mapping[str, EntityType]
    roles: Mapping[str, Role]
    word_classes: Mapping[str, WordClass]  # factuality concepts (possible, planned, negated) stand here too
    triggers: Mapping[tuple[str, str], tuple[Trigger, ...]]
    cues: Mapping[tuple[str, str], tuple[Trigger, ...]]  # Trigger.type is the word class
    possible: Mapping[tuple[str, str], tuple[str, ...]]  # where the model sees an event: its types
    entity_nouns: Mapping[str, str]  # lemma phrase → entity type
    entity_names: Mapping[str, str]  # name → entity type
    countries: tuple[Country, ...]
    superclasses: Mapping[str, tuple[str, ...]]  # every class of the vocabulary, itself first
    traits: Mapping[str, frozenset[str]]  # class → its traits and those of the classes above it
    when_done: Mapping[str, str]  # event type → what it is where somebody did it
    iris: Mapping[str, str]  # local name → IRI, of classes, roles and concepts
    files: tuple[Path, ...]
    digest: str

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether the class ``name`` is ``ancestor`` or below it, or has that trait; False for what is no class."""
        return ancestor in self.superclasses.get(name, ()) or ancestor in self.traits.get(name, ())

    def fits(self, name: str, classes: Sequence[str]) -> bool:
        """Whether the class ``name`` is one of these classes or below one, or has one of these traits."""
        return any(self.is_a(name, known) for known in classes)

    def may_fill(self, entity_type: str, role: str, event_type: str) -> bool:
        """Whether something of this class may fill the role of an event of this type."""
        return self.fits(entity_type, self.event_types[event_type].ranges.get(role, ()))

    def words_of(self, word_class: str) -> Iterator[Trigger]:
        """Every word of a word class and of the classes below it, each once, in a fixed order."""
        for triggers in self.cues.values():
            yield from (trigger for trigger in triggers if self.is_cue(trigger, word_class))

    def is_cue(self, trigger: Trigger, word_class: str) -> bool:
        """Whether a cue belongs to the word class or to one below it."""
        return trigger.type in self.word_classes and word_class in self.word_classes[trigger.type].types
