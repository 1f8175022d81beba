"""Predicate–argument structure: a Universal Dependencies tree in, the arguments of one predicate by *slot* out.

A slot is a grammatical position that does not depend on voice or construction: ``subject``, ``object``,
``subject:pass`` (what a passive's subject is), ``indirect-object``, ``possessor``, ``modifier`` (a noun's compound or
adjective), ``clause`` (a complement clause), ``because`` (an adverbial clause of reason) or a preposition (``in``,
``by``, ``of``). Active and passive, relative and reduced relative clauses, control and raising, shared subjects of
conjuncts, light verbs and nominalisations all end in the same slots; which slot fills which role is the ontology's.
Tokens are addressed by their index in the ``Doc``. Source of the relations: Universal Dependencies v2, English.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass"})
OBLIQUES = frozenset({"obl", "obl:agent", "obl:npmod", "obl:tmod", "obl:unmarked"})
#: Who or what a verb acts on, in the active and the passive: "arrested two men", "two men were arrested".
ACTED_ON = frozenset({"obj", "iobj", "nsubj:pass"})
NOMINALS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X", "ADJ", "DET"})
_RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$", "WRB"})
_WHERE = frozenset({"where", "wherein"})
_REASON_MARKS = frozenset({"because", "since", "after"})
_GERUND_PREPOSITIONS = frozenset({"of", "for", "from", "with", "against", "over", "about"})
_SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "pledge"})
_ADDRESSING = frozenset({"call", "appeal"})
_JUDGING = frozenset(words("judging"))  # fmt: skip
_PARTITIVES = frozenset({"series", "spate", "wave", "string", "round", "number", "act"})
_DATELINE_ENDS = frozenset({"—", "–", "-", "--", ":", "("})
#: Prepositions of what is told beside an event and is no part of it.
ANOTHER_TIME = frozenset({"after", "before", "since", "following", "despite", "amid", "because of"})
_EMPTY_SUBJECTS = frozenset({"it", "there"})
#: Nouns whose relative clause says when, how or why: "the last time a bomb exploded" is no object of it.
_ADVERBIAL_NOUNS = frozenset(words("adverbialNouns"))


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a predicate: its slot, the index of its head token, and the construction that gave it."""

    slot: str
    head: int
    via: str


def children(token: Token, *deps: str) -> list[Token]:
    """The children of ``token`` with one of the relations ``deps``, in text order."""
    return [c for c in token.children if c.dep_ in deps]


def conjuncts(token: Token) -> Iterator[Token]:
    """``token`` and what is coordinated with it below it, in text order ("militants" and "hostages")."""
    yield token
    for child in token.children:
        if child.dep_ == "conj":
            yield from conjuncts(child)


def preposition(token: Token) -> str | None:
    """The preposition of an oblique or nominal modifier in lower case, fixed expressions whole ("because of")."""
    cases = [c for c in token.children if c.dep_ == "case" and c.i < token.i and c.tag_ != "POS"]
    if not cases:  # "of trade minister Lea Korn": the parse may hang it on the title
        titles = children(token, "nmod:desc")
        cases = [c for t in titles for c in t.children if c.dep_ == "case" and c.i < t.i and c.tag_ != "POS"]
    if len(cases) > 1 and cases[0].lower_ == "including":  # "in several towns, including in the capital"
        del cases[0]
    if not cases:
        return None
    first = cases[0]
    if token.pos_ == "NUM" and first.lower_ == "from" and first.i and first.nbor(-1).lower_ in ("down", "up"):
        return None  # "14, down from 22": a comparison
    fixed = [c.lower_ for c in first.children if c.dep_ == "fixed"]
    return " ".join([first.lower_, *fixed])


def is_passive(verb: Token) -> bool:
    """Whether ``verb`` is a passive: with its auxiliary, as a reduced relative, or sharing a conjunct's auxiliary."""
    if any(c.dep_ == "aux:pass" for c in verb.children):
        return True
    if any(c.dep_ == "aux" and c.lemma_ == "have" for c in verb.children):
        return False
    if any(c.dep_ in ("nsubj:pass", "csubj:pass") for c in verb.children):
        active = verb.tag_ == "VBD" and any(c.dep_ in ("obj", "ccomp", "xcomp", "advcl") for c in verb.children)
        return not active  # a past tense with an object or clause, whatever the parse calls its subject
    if verb.tag_ == "VBD" and verb.dep_ == "acl:relcl" and verb.head.i < verb.i and not _has_subject(verb):
        return not children(verb, "obj", "ccomp", "xcomp")  # "Korr, jailed for 12 years": a participle taken for a past
    if verb.tag_ != "VBN" or (verb.dep_ == "xcomp" and children(verb, "obj")):  # "adding it arrested four men"
        return False
    if verb.dep_ in ("acl", "amod", "xcomp", "advcl") or (verb.dep_ == "acl:relcl" and not _has_subject(verb)):
        return True
    return verb.dep_ == "conj" and not _has_subject(verb) and is_passive(verb.head)


def _has_subject(predicate: Token) -> bool:
    return any(c.dep_ in SUBJECTS for c in predicate.children)


def _subject_slot(verb: Token) -> str:
    return "subject:pass" if is_passive(verb) else "subject"


def _spread(slot: str, head: Token, via: str, before: int | None = None) -> Iterator[Argument]:
    """The argument and what is coordinated with it; of a clause's antecedent, only what stands ``before`` the clause.

    "Azra, who was shot, and Bela, who fled": Bela was not shot.
    """
    for i, token in enumerate(conjuncts(head)):
        if i == 0 or before is None or token.i < before or head.i > before:
            yield Argument(slot, token.i, via if i == 0 else f"{via}+conj")


def subject_of(predicate: Token, depth: int = 0) -> tuple[Token, str] | None:
    """The understood subject of a predicate and the construction that shows it; None where the sentence has none.

    Covers conjuncts, control and raising, participles, infinitives of purpose, and (reduced) relative clauses.
    """
    if depth > 8:  # a parse this deep is a list or an error
        return None
    for child in predicate.children:
        if child.dep_ in SUBJECTS and not (child.lower_ in _EMPTY_SUBJECTS and child.dep_ == "expl"):
            if child.tag_ in _RELATIVE_TAGS or (child.lower_ == "that" and child.pos_ == "PRON"):
                antecedent = _antecedent(predicate)
                if antecedent is not None:
                    return antecedent, "relative"
            return _past_dateline(child), child.dep_
    head, dep = predicate.head, predicate.dep_
    if head.i == predicate.i:
        return None
    if dep == "conj" and (head.pos_ in ("VERB", "AUX") or predicate.pos_ in ("VERB", "AUX")):
        return subject_of(head, depth + 1)
    if dep in ("advcl", "xcomp") and predicate.tag_ == "VB" and head.lemma_ in _ADDRESSING:
        addressed = [c for c in children(head, "obl") if preposition(c) in ("on", "upon", "to")]
        if addressed:
            return addressed[0], "control"  # "called on them to leave"
    meant = _meant_to(predicate)
    if meant is not None:
        return meant, "control"
    if dep == "ccomp" and predicate.tag_ == "VBN" and any(c.pos_ == "PRON" for c in children(head, "obj")):
        return children(head, "obj")[0], "control"  # "adding it arrested four men", taken for an object
    if dep in ("xcomp", "ccomp") and (dep == "xcomp" or predicate.tag_ in ("VB", "VBG")):
        if head.lemma_ not in _SUBJECT_CONTROL:
            objects = children(head, "obj", "iobj")
            if objects:
                return objects[0], "control"
        return subject_of(head, depth + 1)
    if dep == "advcl" and head.lemma_ in _JUDGING and gerund_slot(predicate):
        objects = children(head, "obj", "iobj")
        if objects:
            return objects[0], "control"  # "jailed the mayor for taking bribes"
    if dep == "advcl" and predicate.tag_ in ("VB", "VBG", "VBN"):
        return subject_of(head, depth + 1) if head.pos_ in ("VERB", "AUX", "ADJ", "NOUN") else None
    if dep in ("acl", "amod") and predicate.tag_ in ("VBG", "VBN"):
        if head.lemma_.lower() in _ADVERBIAL_NOUNS and head.dep_ in OBLIQUES:  # "rallied until the night demanding …"
            return subject_of(head.head, depth + 1)
        return head, "participle"
    if dep == "acl" and predicate.tag_ == "VB":  # "a plan to attack": the planner
        owners = children(head, "nmod:poss")
        if owners:
            return owners[0], "owner"
        if head.dep_ in ("obj", "obl", "nsubj:pass", "xcomp"):
            return subject_of(head.head, depth + 1)
        return head, "infinitive"
    if dep == "acl:relcl" and any(c.dep_ in ("obj", "obl", "advmod") for c in predicate.children):
        return None if any(c.tag_ in _RELATIVE_TAGS for c in predicate.children) else (head, "relative")
    if dep == "parataxis" and predicate.tag_ in ("VBG", "VBN"):
        return subject_of(head, depth + 1)
    return None


def _meant_to(predicate: Token) -> Token | None:
    """Who is to do something, right before its "to": "called for the minister to resign", "waited for them to go"."""
    to = next((c for c in predicate.children if c.dep_ == "mark" and c.lower_ == "to"), None)
    if predicate.tag_ != "VB" or to is None or predicate.dep_ not in ("xcomp", "advcl"):
        return None
    for noun in children(predicate.head, "obl", "obj"):
        named = preposition(noun) == "for" or noun.doc[noun.left_edge.i - 1].lower_ == "for"
        if named and max(t.i for t in noun.subtree) == to.i - 1:
            return noun
    return None


def _past_dateline(subject: Token) -> Token:
    """The real subject where the parse took a dateline for it: "NAIROBI — The ministry has warned …"."""
    named = children(subject, "appos")
    if not named or subject.i + 1 >= len(subject.doc) or not subject.text.isupper():
        return subject
    return named[0] if subject.nbor(1).text in _DATELINE_ENDS and subject.left_edge.is_sent_start else subject


def _antecedent(predicate: Token) -> Token | None:
    """The noun that the relative clause around ``predicate`` modifies."""
    token: Token = predicate
    for _ in range(6):
        if token.dep_ == "acl:relcl":
            return token.head
        if token.dep_ not in ("conj", "xcomp", "ccomp", "aux", "cop") or token.head.i == token.i:
            return None
        token = token.head
    return None


def verb_arguments(verb: Token) -> list[Argument]:
    """The arguments of a verb (or of an adjective or noun used as predicate), understood ones included."""
    found: list[Argument] = []
    subject = subject_of(verb)
    if subject is not None:
        found.extend(_spread(_subject_slot(verb), *subject, before=verb.i if subject[0].i < verb.i else None))
    has_object = False
    for child in verb.children:
        dep = child.dep_
        if dep == "nsubj" and child.left_edge.i == verb.i + 1 and subject is not None and subject[0].i < verb.i:
            dep = "obj"  # a second subject right behind the verb: a slip of the parser
        if dep in ("obj", "iobj") and not preposition(child):  # an "object" with a preposition is a slip of the parser
            token, via = _resolve_relative(child, verb, dep)
            slot = "object" if dep == "obj" else "indirect-object"
            has_object |= dep == "obj"
            found.extend(_spread(slot, token, via))
        elif dep in OBLIQUES or dep in ("obj", "iobj") or (dep == "nmod" and child.pos_ in NOMINALS):
            said = preposition(child)
            numbered = said == "between" and child.nbor(-1).like_num
            bare = said is None or (numbered and _unmarked(child, verb) == "object")
            slot = said if said is not None and not bare else _unmarked(child, verb)
            has_object |= slot == "object"
            token, via = _resolve_relative(child, verb, dep)
            found.extend(_spread(slot, token, via))
        elif dep in ("ccomp", "xcomp"):
            found.append(Argument("clause", child.i, dep))
        elif dep == "advcl":
            found.extend(_adverbial(child))
        elif dep == "advmod" and child.lower_ in _WHERE:
            antecedent = _antecedent(verb)
            if antecedent is not None:
                found.append(Argument("in", antecedent.i, "where"))
        elif dep == "compound:prt":
            found.append(Argument("particle", child.i, dep))
    if not has_object and not is_passive(verb):
        found.extend(_missing_object(verb, subject))
    return found


def _unmarked(noun: Token, verb: Token) -> str:
    """The slot of an oblique without a preposition of its own: an agent has its "by" somewhere before it."""
    before = noun.doc[noun.left_edge.i : noun.i]
    if any(t.lower_ == "between" and t.nbor().like_num for t in before):  # "arrested between five and ten protesters"
        return "object"
    if noun.dep_ != "obl:agent":
        return "oblique"
    if any(t.lower_ == "by" for t in before):
        return "by"
    return "object" if verb.i < noun.i and not children(verb, "aux:pass") else "oblique"


def _adverbial(clause: Token) -> Iterator[Argument]:
    marks = {c.lower_ for c in clause.children if c.dep_ in ("mark", "case")}
    measured = children(clause, "obl:npmod", "obl:tmod", "nmod:npmod", "obl:unmarked")  # "four days after they came"
    if marks & _REASON_MARKS and not (measured and measured[0].i < clause.i):
        yield Argument("because", clause.i, "advcl")
    elif "to" in marks and clause.tag_ == "VB":
        yield Argument("purpose", clause.i, "advcl")
    elif (slot := gerund_slot(clause)) is not None:
        yield Argument(slot, clause.i, "gerund")


def gerund_slot(clause: Token) -> str | None:
    """The preposition before a gerund ("of" in "accused of stealing"), None for any other clause."""
    if clause.tag_ != "VBG":
        return None
    marks = [c.lower_ for c in clause.children if c.dep_ in ("mark", "case") and c.i < clause.i]
    return marks[0] if marks and marks[0] in _GERUND_PREPOSITIONS else None


def _resolve_relative(token: Token, verb: Token, via: str) -> tuple[Token, str]:
    """A relative pronoun is replaced by what it stands for."""
    if token.tag_ in _RELATIVE_TAGS or (token.lower_ == "that" and token.pos_ == "PRON" and token.i < verb.i):
        antecedent = _antecedent(verb)
        if antecedent is not None:
            return antecedent, "relative"
    return token, via


def _missing_object(verb: Token, subject: tuple[Token, str] | None) -> Iterator[Argument]:
    """Objects understood: the gap of a relative clause, the object that two conjuncts share."""
    if verb.dep_ == "acl:relcl" and subject is not None and subject[0].i != verb.head.i:
        if any(c.tag_ == "WP$" for c in subject[0].children):  # "sailors whose boat sank"
            return
        if (
            verb.head.lemma_.lower() not in _ADVERBIAL_NOUNS
            and not any(c.tag_ == "WRB" for c in verb.children)
            and not children(verb, "ccomp")
        ):
            yield from _spread("object", verb.head, "relative")
        return
    for child in children(verb, "conj"):  # "shot and killed two men"
        if child.i - verb.i <= 3 and child.pos_ == "VERB" and not _has_subject(child) and not is_passive(child):
            for obj in children(child, "obj"):
                yield from _spread("object", obj, "conj")


def noun_arguments(noun: Token, light_verbs: Mapping[str, str] = MappingProxyType({})) -> list[Argument]:
    """The arguments of a noun that names an event, those of the verb that carries it included.

    ``light_verbs`` maps lemmas to their word class: subject and obliques of such a verb belong to the noun ("carried
    out a raid in …", "the raid was carried out by …"; slots ``light:subject`` and ``light:object``, ``via`` the class).
    Of any other verb only the places of a subject noun are taken ("the raid in X killed two").
    """
    found: list[Argument] = []
    for child in noun.children:
        dep = child.dep_
        if dep == "nmod:poss":
            found.extend(_spread("possessor", child, dep))
        elif dep in ("nmod", "nmod:npmod", "nmod:unmarked", "obl"):
            slot = preposition(child)
            if slot:
                found.extend(_spread(slot, child, dep))
        elif dep in ("compound", "amod", "nmod:desc") and child.i < noun.i:
            found.extend(_spread("modifier", child, dep))
        elif dep == "acl" and child.tag_ == "VBN":
            found.extend(
                a for a in verb_arguments(child) if a.head != noun.i and a.slot not in ("subject:pass", "clause")
            )
        elif dep in ("acl", "acl:relcl") and child.lemma_ in light_verbs:
            found.extend(a for a in verb_arguments(child) if a.head != noun.i)
        elif dep in ("nsubj", "nsubj:pass") and child.i < noun.i:  # "the blast was an attack on …"
            found.append(Argument("predicate-of", child.i, dep))
    found.extend(_from_carrier(noun, light_verbs))
    return found


def carrier(noun: Token) -> Token | None:
    """The verb that a noun depends on as subject, object or oblique, looking through conjuncts and "a series of"."""
    token = noun
    for _ in range(4):
        partitive = token.dep_ == "nmod" and token.head.lemma_ in _PARTITIVES
        if not partitive and not (token.dep_ == "conj" and token.head.pos_ in NOMINALS):
            break
        token = token.head
    if token.dep_ == "obl" and preposition(token) in (*ANOTHER_TIME, "over"):
        return None  # "called off a visit after the attack", "was held over the theft of a bicycle"
    if token.dep_ in ("obj", "nsubj", "nsubj:pass", "obl", "xcomp") and token.head.pos_ in ("VERB", "AUX"):
        return token.head
    return None


def _from_carrier(noun: Token, light_verbs: Mapping[str, str]) -> Iterator[Argument]:
    verb = carrier(noun)
    if verb is None:
        return
    word_class = light_verbs.get(_phrasal(verb)) or light_verbs.get(verb.lemma_)
    top = noun
    while top.head.i != verb.i:
        top = top.head
    for argument in verb_arguments(verb):
        if argument.head in (noun.i, top.i) or argument.slot in ("clause", "particle"):
            continue
        if verb.lemma_ == "take" and noun.doc[argument.head].lower_ == "place":
            continue
        if word_class is not None:
            light = argument.slot in ("subject", "object")
            yield Argument(f"light:{argument.slot}" if light else argument.slot, argument.head, word_class)
        elif top.dep_ in ("nsubj", "nsubj:pass") and argument.slot in ("in", "at", "near", "on", "outside", "inside"):
            yield Argument(argument.slot, argument.head, f"of {verb.lemma_}")


def _phrasal(verb: Token) -> str:
    particles = [c.lower_ for c in verb.children if c.dep_ == "compound:prt"]
    return " ".join([verb.lemma_, *particles])


def arguments(predicate: Token, light_verbs: Mapping[str, str] = MappingProxyType({})) -> list[Argument]:
    """The arguments of any predicate token: verb, event noun, or adjective ("dead", "wounded").

    Duplicates (same slot and head) are given once, in order of discovery.
    """
    if predicate.pos_ in ("VERB", "AUX"):
        found = verb_arguments(predicate)
    elif predicate.pos_ == "ADJ" or predicate.tag_ in ("VBN", "VBG"):
        found = _adjective_arguments(predicate)
    else:
        found = noun_arguments(predicate, light_verbs)
    return list({(a.slot, a.head): a for a in reversed(found)}.values())[::-1]


def _adjective_arguments(adjective: Token) -> list[Argument]:
    passive = bool(children(adjective, "aux:pass"))  # "three were hurt", tagged as an adjective
    found = [a for a in verb_arguments(adjective) if passive or a.slot != "subject:pass"]
    if adjective.dep_ in ("amod", "acl") and adjective.head.pos_ in NOMINALS:
        found.extend(_spread("subject", adjective.head, "amod"))
    elif adjective.dep_ == "xcomp":
        objects = children(adjective.head, "obj")
        if objects:
            found.extend(_spread("subject", objects[0], "xcomp"))
    return found
