"""Statements of Turtle files in, one ``Ontology`` out, and every mistake told with its file and its term."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.core.errors import OntologyError
from kg.core.vocab import ONTOLOGY, OWL, RDF, RDFS, SKOS
from kg.ontology.classes import Classes
from kg.ontology.possible import POSSIBLE, possible_words
from kg.ontology.turtle import RDF_TYPE, Term, local_name, read_statements, shown
from kg.ontology.values import (
    PARTS_OF_SPEECH,
    PREPOSITIONS,
    SLOTS,
    Condition,
    Country,
    EntityType,
    EventType,
    Ontology,
    Role,
    Trigger,
    WordClass,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_SUBCLASS, _SUBPROPERTY = f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"
_LABEL, _COMMENT, _RANGE = f"{RDFS}label", f"{RDFS}comment", f"{RDFS}range"
_DEFINITION, _EXAMPLE = f"{SKOS}definition", f"{SKOS}example"
_CLASS, _UNION = f"{OWL}Class", f"{OWL}unionOf"
DEMANDED = frozenset({"of", "by"})  # prepositions that stand for a subject or an object
_SCHEME = f"{ONTOLOGY}FactualityScheme"


def read_ontology(files: tuple[Path, ...]) -> Ontology:
    """Read Turtle files as one ontology; OntologyError names file and term of the first mistake."""
    if not files:
        raise OntologyError("no ontology files given: name a Turtle file, or a folder that holds some (*.ttl)")
    return _Reader(read_statements(files)).ontology()


class _Reader(Classes):
    """Turns statements into the values of ``kg.ontology``, failing at the first mistake."""

    def ontology(self) -> Ontology:
        self._check_terms()
        roles = {role.name: role for role in self._roles()}
        events = {event.name: event for event in self._event_types(roles)}
        word_classes = {w.name: w for w in self._word_classes(roles)}
        owners = [*((e.iri, e.name) for e in events.values()), *((w.iri, w.name) for w in word_classes.values())]
        self._check_owners({iri for iri, _ in owners})
        triggers = _by_head(t for e in events.values() for t in self._triggers(e.iri, e.name, roles))
        cues = _by_head(t for w in word_classes.values() for t in self._triggers(w.iri, w.name, roles))
        entities = {entity.name: entity for entity in self._entity_types()}
        return Ontology(
            event_types=events,
            entity_types=entities,
            roles=roles,
            word_classes=word_classes,
            triggers=triggers,
            cues=cues,
            possible=possible_words(self.said, events.values()),
            entity_nouns=self._owned({e.name: e.nouns for e in entities.values()}, "kg:entityNoun"),
            entity_names=self._owned({e.name: e.names for e in entities.values()}, "kg:entityName"),
            countries=tuple(sorted(self._countries(), key=lambda country: country.name)),
            superclasses={local_name(c): tuple(map(local_name, up)) for c, up in self.upward.items()},
            traits=self._traits(),
            when_done={local_name(c): local_name(t) for c in self.upward for t in self.said.kg(c, "whenDone")},
            iris={local_name(iri): iri for iri in [*self.upward, *self._concepts(), *(r.iri for r in roles.values())]},
            files=self.said.files,
            digest=self.said.digest,
        )

    # ------------------------------------------------------------------------------------------------- checks

    def _check_terms(self) -> None:
        """Every kg: term that is used is declared: a misspelt one is named, with the nearest there is."""
        declared = {s for s, rest in self.said.values.items() if RDF_TYPE in rest}
        for subject, rest in sorted(self.said.values.items()):
            used = [subject, *rest, *(term.text for terms in rest.values() for term in terms if term.kind == "iri")]
            for iri in used:
                if iri.startswith(ONTOLOGY) and iri not in declared and iri != ONTOLOGY:
                    self.said.fail(subject, f"unknown term {shown(iri)}{_nearest(shown(iri), map(shown, declared))}")
            for parent in self.said.texts(subject, _SUBCLASS):
                if parent not in declared and parent.startswith(_namespace(subject)):
                    self.said.fail(subject, f"unknown superclass {shown(parent)}: declare it with a owl:Class")

    def _check_owners(self, owners: set[str]) -> None:
        """Trigger words stand on event types and word classes only, entity nouns on entity classes only."""
        entities, events = set(self.below("Entity")), set(self.below("Event"))
        for subject, rest in sorted(self.said.values.items()):
            if subject.startswith("_:"):
                continue
            for pos in (*PARTS_OF_SPEECH, "trigger", "slot", "noSlot"):
                if ONTOLOGY + pos in rest and subject not in owners:
                    self.said.fail(subject, f"kg:{pos} belongs on an event type or a word class, and this is neither")
            for name in POSSIBLE:
                if ONTOLOGY + name in rest and subject not in events:
                    self.said.fail(subject, f"kg:{name} belongs on an event type, and this is none")
            for name in ("entityNoun", "entityName"):
                if ONTOLOGY + name in rest and subject not in entities:
                    self.said.fail(subject, f"kg:{name} belongs on a class of entities, and this is none")

    def _traits(self) -> dict[str, frozenset[str]]:
        """Class → traits, inherited ones included; OntologyError for a trait on what is no class, and for no trait."""
        known = frozenset(self.said.of_type(f"{ONTOLOGY}Trait"))
        own: dict[str, frozenset[str]] = {}
        for subject in sorted(self.said.values):
            named = frozenset(self.said.kg(subject, "trait"))
            if named and subject not in self.upward:
                self.said.fail(subject, "kg:trait belongs on a class, and this is none")
            for wrong in sorted(named - known):
                self.said.fail(subject, f"{shown(wrong)} is no trait{_nearest(shown(wrong), map(shown, known))}")
            own[subject] = frozenset(map(local_name, named))
        above = {c: (own.get(a, frozenset()) for a in up) for c, up in self.upward.items()}
        return {local_name(c): frozenset().union(*sets) for c, sets in above.items()}

    def _slot(self, owner: str, slot: str) -> str:
        if slot not in SLOTS:
            self.said.fail(owner, f"unknown slot {slot!r}{_nearest(slot, SLOTS)}")
        return slot

    # -------------------------------------------------------------------------------------------------- roles

    def _roles(self) -> list[Role]:
        properties = frozenset(s for s in self.said.values if self.said.terms(s, _SUBPROPERTY))
        top = f"{ONTOLOGY}participant"
        found = []
        for iri in properties:
            chain = self.walk(iri, _SUBPROPERTY, properties | {top})
            if top in chain:
                found.append((self.said.number(iri, "order", 99), local_name(iri), iri, chain[:-1]))
        return [
            Role(
                name=name,
                iri=iri,
                types=tuple(map(local_name, chain)),
                label=self.said.text(iri, _LABEL) or self.said.fail(iri, "has no label"),
                range=self._range(iri),
                slots=tuple(self._slot(iri, s) for s in self.said.kg(iri, "from")),
            )
            for _, name, iri, chain in sorted(found)
        ]

    def _range(self, iri: str) -> tuple[str, ...]:
        """The classes of rdfs:range: one class, or the members of an owl:unionOf."""
        terms: list[Term] = []
        for term in self.said.terms(iri, _RANGE):
            terms += self._list(self.said.text(term.text, _UNION)) if term.kind == "blank" else [term]
        if not terms:
            self.said.fail(iri, "a role needs an rdfs:range")
        return self.named(iri, terms)

    def _list(self, node: str) -> list[Term]:
        members: list[Term] = []
        while node and node != f"{RDF}nil":
            members += self.said.terms(node, f"{RDF}first")
            node = self.said.text(node, f"{RDF}rest")
        return members

    # ------------------------------------------------------------------------------------- event and entity types

    def _event_types(self, roles: Mapping[str, Role]) -> Iterator[EventType]:
        defaults: dict[str, list[str]] = defaultdict(list)
        for role in roles.values():
            for slot in role.slots:
                defaults[slot].append(role.name)
        base_ranges = {role.name: role.range for role in roles.values()}
        for iri in self.below("Event"):
            ancestry = [c for c in reversed(self.upward[iri]) if c in self.below("Event")]
            ranges = dict(base_ranges)
            for ancestor in ancestry:
                ranges.update(self._own_ranges(ancestor, roles))
            definition = self.said.text(iri, _DEFINITION) or self.said.text(iri, _COMMENT)
            if not definition:
                self.said.fail(iri, 'has no definition: add skos:definition "…"@en')
            yield EventType(
                name=local_name(iri),
                iri=iri,
                types=self.chain(iri, "Event"),
                label=self.said.text(iri, _LABEL),
                definition=definition,
                comment=self.said.text(iri, _COMMENT),
                examples=self.said.texts(iri, _EXAMPLE),
                slots=self._slots(ancestry, roles, defaults),
                ranges=ranges,
                told=self._inherited(ancestry, "told"),
                told_alone=self._inherited(ancestry, "toldAlone"),
                told_of=local_name(self._inherited(ancestry, "toldOf")),
            )

    def _inherited(self, ancestry: Sequence[str], name: str) -> str:
        """The text of a class or of the nearest above it that has one, no farther than one that has its own verb."""
        for iri in reversed(ancestry):
            if text := self.said.text(iri, ONTOLOGY + name):
                return text
            if self.said.text(iri, f"{ONTOLOGY}told"):
                break
        return ""

    def _own_ranges(self, iri: str, roles: Mapping[str, Role]) -> dict[str, tuple[str, ...]]:
        ranges: dict[str, tuple[str, ...]] = {}
        for node in self._nodes(iri, "range"):
            for role in self._roles_named(iri, node, roles):
                if not self.said.kg(node, "class"):
                    self.said.fail(iri, f"kg:range of kg:{role} names no kg:class")
                ranges[role] = self.named(iri, self.said.terms(node, f"{ONTOLOGY}class"))
        return ranges

    def _slots(
        self, ancestry: Iterable[str], roles: Mapping[str, Role], defaults: Mapping[str, list[str]]
    ) -> dict[str, tuple[str, ...]]:
        """Slot → roles, from the farthest ancestor down: its own go before what the slot has, or in its place.

        In place of it for the arguments that a verb demands (``subject`` of "die"); before it for prepositions, where
        the ranges decide: "in" a bus is an instrument of a journey, and "in" a town still its place.
        """
        rank = {name: i for i, name in enumerate(roles)}
        merged = {slot: tuple(names) for slot, names in defaults.items()}
        for iri in ancestry:
            own: dict[str, list[str]] = defaultdict(list)
            for node in self._nodes(iri, "slot"):
                if not self.said.kg(node, "from"):
                    self.said.fail(iri, "kg:slot without kg:from")
                for role_name in self._roles_named(iri, node, roles):
                    for slot in self.said.kg(node, "from"):
                        own[self._slot(node, slot)].append(role_name)
            for slot, names in own.items():
                first = sorted(set(names), key=rank.__getitem__)
                kept = merged.get(slot, ()) if slot in PREPOSITIONS - DEMANDED else ()
                merged[slot] = tuple(dict.fromkeys((*first, *kept)))
            for slot in self.said.kg(iri, "noSlot"):
                merged.pop(self._slot(iri, slot), None)
        return dict(sorted(merged.items()))

    def _roles_named(self, iri: str, node: str, roles: Mapping[str, Role]) -> list[str]:
        named = [local_name(term) for term in self.said.kg(node, "role")]
        if not named:
            self.said.fail(iri, "a kg:slot or kg:range node without kg:role")
        for name in named:
            if name not in roles:
                self.said.fail(iri, f"kg:{name} is no role{_nearest(name, roles)}")
        return named

    def _entity_types(self) -> Iterator[EntityType]:
        for iri in self.below("Entity"):
            yield EntityType(
                name=local_name(iri),
                iri=iri,
                types=self.chain(iri, "Entity"),
                label=self.said.text(iri, _LABEL),
                nouns=self.said.kg(iri, "entityNoun"),
                names=self.said.kg(iri, "entityName"),
            )

    def _owned(self, words: Mapping[str, tuple[str, ...]], relation: str) -> dict[str, str]:
        """Word → class. Of two classes with the same word the one below the other has it; else that is a mistake."""
        owner: dict[str, str] = {}
        up = {local_name(c): tuple(map(local_name, above)) for c, above in self.upward.items()}
        for name in sorted(words):
            for word in words[name]:
                other = owner.get(word)
                if other is None or other in up[name]:
                    owner[word] = name
                elif name not in up[other]:
                    iri = next(c for c in self.upward if local_name(c) == name)
                    self.said.fail(iri, f"{relation} {word!r} stands on kg:{other} too: keep one")
        return dict(sorted(owner.items()))

    # --------------------------------------------------------------------------------------------- words and cues

    def _concepts(self) -> list[str]:
        """The factuality concepts: possible, planned, negated, asserted."""
        return [s for s in sorted(self.said.values) if _SCHEME in self.said.texts(s, f"{SKOS}inScheme")]

    def _word_classes(self, roles: Mapping[str, Role]) -> Iterator[WordClass]:
        for iri in self.below("WordClass"):
            ancestry = [c for c in reversed(self.upward[iri]) if c in self.below("WordClass")]
            types = self.chain(iri, "WordClass")
            yield WordClass(local_name(iri), iri, types, self.said.text(iri, _LABEL), self._slots(ancestry, roles, {}))
        for iri in self._concepts():
            yield WordClass(local_name(iri), iri, (local_name(iri),), self.said.text(iri, _LABEL), {})

    def _triggers(self, iri: str, name: str, roles: Mapping[str, Role]) -> Iterator[Trigger]:
        for pos in PARTS_OF_SPEECH:
            for phrase in self.said.kg(iri, pos):
                yield from self._spelt(iri, phrase, Trigger((), pos, name))
        for node in self._nodes(iri, "trigger"):
            pos = self.said.text(node, f"{ONTOLOGY}pos")
            if pos not in PARTS_OF_SPEECH:
                self.said.fail(node, f"a trigger's kg:pos is {pos!r}: it must be one of {', '.join(PARTS_OF_SPEECH)}")
            if not self.said.kg(node, "words"):
                self.said.fail(node, "a kg:trigger without kg:words")
            model = Trigger(
                words=(),
                pos=pos,
                type=name,
                when=tuple(self._condition(node, text) for text in self.said.kg(node, "when")),
                unless=tuple(self._condition(node, text) for text in self.said.kg(node, "unless")),
                weight=self.said.number(node, "weight", 1.0),
                slots=tuple(self._slots([node], roles, {}).items()),
            )
            for phrase in self.said.kg(node, "words"):
                for evoked in (name, *self.named(node, self.said.terms(node, f"{ONTOLOGY}also"))):
                    yield from self._spelt(iri, phrase, replace(model, type=evoked))

    def _spelt(self, iri: str, phrase: str, model: Trigger) -> Iterator[Trigger]:
        """The trigger as written and, where hyphens stand in it, with spaces for them: the tokenizer may do either."""
        for spelling in dict.fromkeys((phrase, phrase.replace("-", " "))):
            words = tuple(spelling.split())
            if not words:
                self.said.fail(iri, f"kg:{model.pos} {phrase!r} has no words")
            yield replace(model, words=words)

    def _condition(self, iri: str, text: str) -> Condition:
        words = text.split() or [""]
        for size in (4, 3, 2, 1):  # the longest preposition first: "because of", "as a result of"
            slot = " ".join(words[:size])
            if size <= len(words) and slot in SLOTS:
                break
        else:
            self.said.fail(iri, f"the condition {text!r} begins with no slot{_nearest(words[0], SLOTS)}")
        return Condition(slot, tuple(self._alternative(iri, text, word) for word in words[size:]))

    def _alternative(self, iri: str, condition: str, word: str) -> str:
        """A class as it is, any other word in lower case ("Kenyan", "MP"); one that is nearly a class is a mistake."""
        if word in self.class_names or word.islower():
            return word
        if not word.isupper() and difflib.get_close_matches(word, self.class_names, n=1, cutoff=0.8):
            self.said.fail(iri, f"the condition {condition!r} names no class: {word}{_nearest(word, self.class_names)}")
        return word.lower()

    def _countries(self) -> Iterator[Country]:
        for node in self.said.of_type(f"{ONTOLOGY}Demonym"):
            names = self.said.kg(node, "country")
            if len(names) != 1:
                self.said.fail(node, f"a kg:Demonym needs exactly one kg:country, and this has {list(names)}")
            yield Country(names[0], self.said.kg(node, "countryAlias"), self.said.kg(node, "demonym"))

    # -------------------------------------------------------------------------------------------------- pieces

    def _nodes(self, iri: str, name: str) -> list[str]:
        for term in self.said.terms(iri, ONTOLOGY + name):
            if term.kind == "literal":
                self.said.fail(iri, f"kg:{name} {term.text!r} must be a node in brackets")
        return list(self.said.kg(iri, name))


def _by_head(triggers: Iterable[Trigger]) -> dict[tuple[str, str], tuple[Trigger, ...]]:
    """Index by (head, part of speech), the reading to try first in front."""
    index: dict[tuple[str, str], list[Trigger]] = defaultdict(list)
    for trigger in dict.fromkeys(triggers):
        index[trigger.head, trigger.pos].append(trigger)
    return {key: tuple(sorted(found, key=_precedence)) for key, found in sorted(index.items())}


def _precedence(trigger: Trigger) -> tuple[float, int, int, str, tuple[str, ...], str]:
    conditions = len(trigger.when) + len(trigger.unless)
    return (-trigger.weight, -len(trigger.words), -conditions, trigger.type, trigger.words, repr(trigger))


def _namespace(iri: str) -> str:
    return iri[: len(iri) - len(local_name(iri))]


def _nearest(word: str, known: Iterable[str]) -> str:
    """``, did you mean X?`` where one of the known words is close."""
    found = difflib.get_close_matches(word, sorted(known), n=1)
    return f", did you mean {found[0]}?" if found else ""
