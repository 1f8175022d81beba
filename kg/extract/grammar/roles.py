"""Roles: the arguments of one trigger in, the role of each by the ontology's slots and ranges out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.syntax.slots import (
    ANOTHER_TIME,
    OBLIQUES,
    Argument,
    children,
    gerund_slot,
    is_passive,
    preposition,
    subject_of,
)
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from spacy.tokens import Doc, Token

    from kg.extract.grammar.triggers import TriggerMatch
    from kg.ontology.values import Ontology

_PLACE_LINKS = frozenset(words("placeLinks"))
_INVOLVEMENT = frozenset(words("involvement"))
_SITES = frozenset({"at", "in", "on", "near", "outside", "inside"})
_NAME_PARTS = ("flat", "flat:name")
_ABROAD = frozenset({"embassy", "consulate", "base", "mission"})  # "Chad's embassy" is not in Chad
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_BEFORE_VERB = frozenset({"AUX", "ADV", "PART"})
_OPEN_ROLES = ("patient", "instrument")  # what a phrase of unknown class may fill


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled role: the head token of the filler, whether that token is an event's trigger, and by which rule."""

    role: str
    head: int
    is_event: bool
    rule: str


def fill_roles(
    match: TriggerMatch,
    doc: Doc,
    ontology: Ontology,
    class_of: Callable[[int], str | None],
    event_heads: Mapping[int, str],
    times: Collection[int],
) -> list[Filled]:
    """The roles of one event from its trigger's arguments, in the order of the arguments.

    Args:
        match: the trigger with its arguments.
        doc: the parsed document.
        ontology: slots and ranges of the event types.
        class_of: entity class of the phrase headed by a token, None where unknown.
        event_heads: head tokens of all triggers → event type.
        times: indices of tokens inside time expressions, which fill no role.

    """
    filled: list[Filled] = []
    for argument in (*match.arguments, *_lost_subject(match, doc, class_of)):
        if argument.head in times or argument.head == match.head or _is_by_another(argument, match, doc):
            continue
        for role, head in _role_of(_nearest(argument, doc, class_of), doc, ontology, match, class_of, event_heads):
            if argument.head in match.tokens and role != "instrument":
                continue  # "used firearms", "bomb attack": the words of the trigger name the means, if anything
            is_event = head in event_heads and not _is_entity(class_of(head), doc[head])
            filled.append(Filled(role, head, is_event, f"{argument.slot} ({argument.via})"))
    if class_of(match.head) == "Group" and doc[match.head].tag_ not in ("NNS", "NNPS"):
        filled.append(Filled("patient", match.head, is_event=False, rule="the people called so"))
    filled = _borne_by_others(match, filled, doc, ontology, class_of)
    filled.extend(_misattached(match, filled, doc, ontology, class_of, event_heads))
    filled.extend(_sites_behind(match, filled, doc, ontology, class_of))
    filled.extend(_hung_on_place(filled, doc, ontology, class_of))
    filled.extend(_riders(match, filled, doc, ontology, class_of))
    filled.extend(_places_within(match, filled, doc, ontology, class_of))
    return list({(f.role, f.head): f for f in reversed(filled)}.values())[::-1]


def _is_by_another(argument: Argument, match: TriggerMatch, doc: Doc) -> bool:
    """Whether a by-phrase on an active verb with a subject is that of its object: "condemned the raid by militants"."""
    verb = doc[match.head]
    active = verb.pos_ == "VERB" and not is_passive(verb) and bool(children(verb, "nsubj"))
    return argument.slot == "by" and active and doc[argument.head].head == verb and bool(children(verb, "obj"))


def _nearest(argument: Argument, doc: Doc, class_of: Callable[[int], str | None]) -> Argument:
    """The argument with the nearest person before a participle: "relatives of the soldier accused of killing her"."""
    if argument.via != "participle":
        return argument
    for clause in children(doc[argument.head], "acl"):
        near = clause.nbor(-1) if clause.i else clause
        if near.head.i == argument.head and preposition(near) in ("of", "for") and class_of(near.i) == "Person":
            return replace(argument, head=near.i)
    return argument


def _borne_by_others(
    match: TriggerMatch, filled: list[Filled], doc: Doc, ontology: Ontology, class_of: Callable[[int], str | None]
) -> list[Filled]:
    """The roles without the subject of a verb as patient, where the noun that the verb carries names whom it befell.

    "Won the release of two nuns", "received the resignation of his minister": the nuns were released, nobody was
    removed. Not of attacks: "suffered an attack of the rebels".
    """
    if ontology.is_a(match.type, "violent"):
        return filled
    nouns = [doc[i] for i in match.tokens if doc[i].pos_ == "NOUN"]
    theirs = [c.i for n in nouns for c in children(n, "nmod") if preposition(c) == "of"]
    theirs = [i for i in theirs if ontology.fits(class_of(i) or "", ("Person", "Group"))]
    subjects = [f for f in filled if f.role == "patient" and f.rule.split(" ")[0] in ("subject", "light:subject")]
    if not theirs or not subjects or not any(n.dep_ == "obj" for n in nouns):
        return filled
    left = [f for f in filled if f not in subjects]
    told = {f.head for f in left}
    return [*left, *(Filled("patient", i, is_event=False, rule="of (nmod)") for i in theirs if i not in told)]


def _is_entity(entity_class: str | None, token: Token) -> bool:
    return entity_class is not None and token.pos_ not in ("VERB", "AUX")


def _role_of(
    argument: Argument,
    doc: Doc,
    ontology: Ontology,
    match: TriggerMatch,
    class_of: Callable[[int], str | None],
    event_heads: Mapping[int, str],
) -> Iterator[tuple[str, int]]:
    """The role an argument fills (none or one) and the token that fills it."""
    event_type = ontology.event_types[match.type]
    head = argument.head
    slot = argument.slot
    if slot == "purpose" and "clause" in event_type.slots:  # "called on them to leave", read as a purpose
        slot = "clause"
        argument = replace(argument, slot=slot)
    if slot in ("because", "clause"):
        target = _event_in(doc[head], event_heads)
        if target is None:
            return
        head = target
    if slot in ("because", "purpose"):
        yield "cause", head
        return
    if slot == "from" and doc[match.head].pos_ == "NOUN" and ontology.is_a(match.type, "speechAct"):
        argument = replace(argument, slot="by")  # "received threats from a mayor": it is he who threatens
    roles = _roles_of_slot(argument, ontology, match)
    if not roles:
        return
    inner = _part_in(doc[head])
    if inner is not None and class_of(head) is None:  # "questioned over his role in the killing": over the killing
        head = inner
        if head not in event_heads:
            return
    found = class_of(head)
    roles = _narrowed(roles, argument, found, doc, ontology)
    if head in event_heads and not _is_entity(found, doc[head]):
        fitting = [r for r in roles if ontology.may_fill(event_heads[head], r, event_type.name)]
        if fitting:
            yield fitting[0], head
        elif ("agent" in roles or "cause" in roles) and doc[match.head].tag_ != "VB":
            yield "cause", head  # "the blast killed two": what did it; not in "an operation to free them"
        return
    if slot == "clause" or doc[head].pos_ in ("VERB", "AUX"):
        if argument.via == "gerund" and roles[0] == "cause":  # "fined for selling milk"
            yield "cause", head
        return
    if found is None:
        open_roles = [r for r in roles if r in _OPEN_ROLES] if slot != "modifier" else []
        if "cause" in roles and "patient" not in open_roles:  # "charged with perjury"
            open_roles = ["cause"]
        if open_roles:
            yield open_roles[0], head
        return
    fitting = [r for r in roles if ontology.may_fill(found, r, event_type.name)]
    if fitting:
        yield fitting[0], head


def _part_in(noun: Token) -> int | None:
    """What a part, role or hand is in; None for any other noun."""
    if noun.lemma_.lower() not in _INVOLVEMENT:
        return None
    return next((c.i for c in children(noun, "nmod") if preposition(c) in ("in", "to", "with")), None)


def _narrowed(
    roles: tuple[str, ...], argument: Argument, found: str | None, doc: Doc, ontology: Ontology
) -> tuple[str, ...]:
    """The roles that a place before an event noun may fill: it says where or at what, unless it is an adjective.

    "The Lima bombing" was in Lima, "the market bombing" hit the market; "the Peruvian raid", "a US raid" tell by whom.
    """
    head = doc[argument.head]
    if argument.slot != "modifier" or "agent" not in roles or found is None:
        return roles
    if head.pos_ == "ADJ" or head.ent_type_ == "NORP" or head.text.replace(".", "").isupper():
        return roles
    if ontology.is_a(found, "GPE"):
        return ("place",)
    return ("patient",) if ontology.fits(found, ("Place", "Institution")) else roles


def _lost_subject(match: TriggerMatch, doc: Doc, class_of: Callable[[int], str | None]) -> Iterator[Argument]:
    """The noun phrase right before a finite verb that the parse left without a subject."""
    verb = doc[match.head]
    while verb.dep_ == "conj" and verb.head.pos_ == "VERB":  # "Rebels attacked and burned …"
        verb = verb.head
    finite = verb.tag_ in _FINITE or any(c.dep_ == "aux" and c.tag_ in _FINITE for c in verb.children)
    if verb.pos_ != "VERB" or not finite or verb.dep_ in ("acl", "acl:relcl", "parataxis"):
        return
    if any(a.slot in ("subject", "subject:pass") for a in match.arguments):
        return
    i = verb.i - 1
    while i > verb.sent.start and doc[i].pos_ in _BEFORE_VERB:
        i -= 1
    token = doc[i]
    for _ in range(6):
        inner = token.dep_ in ("flat", "compound", "flat:name") and class_of(token.i) is None
        if not inner and (token.dep_ != "nmod" or token.head.i > verb.i):
            break
        token = token.head
    if token.i < verb.i and class_of(token.i) is not None:
        yield Argument("subject", token.i, "the phrase before it")


def _misattached(
    match: TriggerMatch,
    filled: list[Filled],
    doc: Doc,
    ontology: Ontology,
    class_of: Callable[[int], str | None],
    event_heads: Mapping[int, str],
) -> Iterator[Filled]:
    """Roles still open, from prepositional phrases that the parse hung on an object or oblique of the trigger.

    "Claimed responsibility in the name of X for the raid": whatever "for the raid" hangs on, it fills the role that
    "for" fills. Places are left to ``_places_within``.
    """
    taken = {f.role for f in filled}
    speech = ontology.is_a(match.type, "speech") and not ontology.is_a(match.type, "faceToFace")
    if speech or ontology.is_a(match.type, "atLaw"):
        taken.add("place")  # where what is demanded or tried is to be or was
    closed = ("subject", "subject:pass", "modifier", "possessor", "clause", "because", "purpose")
    outers = [a for a in match.arguments if a.slot not in closed and a.slot not in ANOTHER_TIME]
    for outer in outers:
        for child in doc[outer.head].children:
            slot = preposition(child) if child.dep_ in ("nmod", "obl") else gerund_slot(child)
            if slot is None or (slot == "of" and outer.head not in match.tokens):  # "seized control of the town"
                continue
            inner = Argument(slot, child.i, f"hung on {doc[outer.head].text}")
            if outer in match.arguments:
                outers.append(inner)  # one step further: "held talks with the government in Doha"
            for role, head in _role_of(inner, doc, ontology, match, class_of, event_heads):
                if role not in taken:
                    is_event = head in event_heads and not _is_entity(class_of(head), doc[head])
                    if is_event or class_of(head) is not None:
                        yield Filled(role, head, is_event, f"{slot} ({inner.via})")


def _sites_behind(
    match: TriggerMatch, filled: list[Filled], doc: Doc, ontology: Ontology, class_of: Callable[[int], str | None]
) -> Iterator[Filled]:
    """Places that the parse hung on a means: "attacked her with a bottle at a clinic"."""
    if not ontology.is_a(match.type, "scene"):
        return
    for means in [f.head for f in filled if f.role == "instrument" and not f.is_event]:
        for child in children(doc[means], "nmod"):
            if preposition(child) in _SITES and ontology.is_a(class_of(child.i) or "", "Place"):
                yield Filled("place", child.i, is_event=False, rule=f"{preposition(child)} (hung on {doc[means].text})")


def _hung_on_place(
    filled: list[Filled], doc: Doc, ontology: Ontology, class_of: Callable[[int], str | None]
) -> Iterator[Filled]:
    """People whom the parse joined to where others are from: "left a miner of Torvane and his two sons dead"."""
    for first in [f for f in filled if not f.is_event and ontology.is_a(class_of(f.head) or "", "Agent")]:
        for place in children(doc[first.head], "nmod"):
            if place.pos_ == "PROPN" and preposition(place) in ("of", "from", "in"):
                for other in children(place, "conj"):
                    if other.pos_ == "NOUN" and ontology.fits(class_of(other.i) or "", ("Person", "Group")):
                        yield Filled(
                            first.role, other.i, is_event=False, rule=f"{first.rule}, beside {doc[first.head].text}"
                        )


def stated_causes(trigger: Token, nouns: Collection[str], verbs: Collection[str]) -> Iterator[int]:
    """Head tokens of what a noun like "revenge" or a verb like "trigger" makes the cause of the event at ``trigger``.

    "The raid was revenge for the killing", "they struck in response to the shelling", "the quake triggered landslides",
    "a fire caused by the blast".
    """
    yield from _caused_by(trigger, verbs)
    ties = [c for c in trigger.children if c.dep_ in ("obl", "nmod", "advcl", "xcomp") and c.lemma_.lower() in nouns]
    if trigger.dep_ in ("nsubj", "nsubj:outer") and trigger.head.lemma_.lower() in nouns:
        ties.append(trigger.head)
    for tie in ties:
        for child in tie.children:
            if child.dep_ in ("nmod", "obl") and preposition(child) in ("for", "to", "of", "against"):
                yield child.i


def _caused_by(trigger: Token, verbs: Collection[str]) -> Iterator[int]:
    verb, told = (
        trigger.head,
        next((c for c in children(trigger, "acl") if c.lemma_ in verbs and c.tag_ == "VBN"), None),
    )
    if told is not None or (trigger.dep_ == "nsubj:pass" and verb.lemma_ in verbs):
        yield from (c.i for c in (told or verb).children if c.dep_ in OBLIQUES and preposition(c) == "by")
    elif (verb.lemma_ in verbs and trigger.dep_ == "obj") or f"{verb.lemma_} {preposition(trigger)}" in verbs:
        subject = subject_of(verb)
        if subject is not None and subject[1] != "infinitive":
            yield subject[0].i


def _roles_of_slot(argument: Argument, ontology: Ontology, match: TriggerMatch) -> tuple[str, ...]:
    """The roles that a slot may fill: by the trigger's own slots, the type's, or those of the light verb before it."""
    slots = {**ontology.event_types[match.type].slots, **dict(match.trigger.slots)}
    if argument.slot in slots or not argument.slot.startswith("light:"):
        return slots.get(argument.slot, ())
    slot = argument.slot.removeprefix("light:")
    word_class = ontology.word_classes.get(argument.via)
    if word_class is not None and word_class.slots.get(slot):
        return word_class.slots[slot]
    return slots.get(slot, ())


def _event_in(clause: Token, event_heads: Mapping[int, str]) -> int | None:
    """The event that a clause is about: its head, or the object or complement of its head ("to halt the strikes")."""
    token: Token | None = clause
    for _ in range(3):
        if token is None:
            return None
        if token.i in event_heads:
            return token.i
        inner = children(token, "obj", "xcomp", "ccomp", "nsubj:pass", "nsubj")
        inner = [c for c in inner if c.i in event_heads] or children(token, "xcomp", "ccomp")
        token = inner[0] if inner else None
    return None


def _riders(
    match: TriggerMatch, filled: list[Filled], doc: Doc, ontology: Ontology, class_of: Callable[[int], str | None]
) -> Iterator[Filled]:
    """Whose vehicle it is that crashes or sinks: "sailors whose boat sank", "their bus overturned"."""
    if not ontology.is_a(match.type, "ridden"):
        return
    for vehicle in [
        f.head for f in filled if f.role == "instrument" and ontology.is_a(class_of(f.head) or "", "vehicle")
    ]:
        for owner in children(doc[vehicle], "nmod:poss"):
            if ontology.may_fill(class_of(owner.i) or "", "agent", match.type):
                yield Filled("agent", owner.i, is_event=False, rule=f"owner of {doc[vehicle].text}")


def _places_within(
    match: TriggerMatch,
    filled: list[Filled],
    doc: Doc,
    ontology: Ontology,
    class_of: Callable[[int], str | None],
) -> Iterator[Filled]:
    """Places around a place: "in the village of X, in the Y district", "attacked a station in X", "in front of X"."""
    sites = [f.head for f in filled if f.role == "patient" and ontology.is_a(class_of(f.head) or "", "Place")]
    parts = [a.head for a in match.arguments if a.slot in _PLACE_LINKS - {"of"} and class_of(a.head) is None]
    queue = [*sites, *(f.head for f in filled if f.role == "place" and not f.is_event)]
    seen = set(queue)
    queue.extend(parts)
    while queue:
        token = doc[queue.pop(0)]
        for child in token.children:
            if child.i in seen or not _is_around(child, token, known=token.i in seen):
                continue
            if child.dep_ in _NAME_PARTS:  # what hangs on the last word of a name
                seen.add(child.i)
                queue.append(child.i)
                continue
            found = class_of(child.i)
            if found is not None and ontology.is_a(found, "Place"):
                seen.add(child.i)
                queue.append(child.i)
                yield Filled("place", child.i, is_event=False, rule=f"within {token.text}")


def _is_around(child: Token, token: Token, *, known: bool) -> bool:
    """Whether a word may name what is around a place that is ``known``, or beside it; what a part is of where not."""
    if child.dep_ == "nmod":
        return preposition(child) in _PLACE_LINKS
    if child.dep_ == "nmod:poss":
        return known and child.pos_ != "PRON" and token.lemma_.lower() not in _ABROAD
    return known and child.dep_ in ("appos", "nmod:npmod", "conj", *_NAME_PARTS)
