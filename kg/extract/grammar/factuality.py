"""Factuality: the token that carries an event in, asserted, negated, possible or planned out.

The path from the trigger up to the root is walked; every governor and every marker beside the path may change the
status: negation and modal verbs on the event itself, and words that govern it ("plan to", "fail to", "threat of",
"allegedly"). Which words do is the lexicon's (``kg:cue``); how they reach their scope is grammar and stands here.
After FactBank's and GRaSP's factuality values, reduced to the four of the ontology.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.extract.grammar.innocence import denied_tie
from kg.extract.grammar.plans import foiled, verb_phrase, was_to_have
from kg.extract.grammar.truth import asks_whether, condition_above, in_vain, is_content, truth_of, would_have
from kg.extract.grammar.verdicts import verdict_of
from kg.extract.syntax.phrases import DEFINITE, is_definite, is_numbered
from kg.extract.syntax.slots import NOMINALS, children, is_passive, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Token

    from kg.core.model import Status

_FORESEEING = frozenset({"expect", "foresee", "anticipate", "predict", "plan", "schedule", "announce"})
_NEGATIONS = frozenset(words("negations"))
_TELLING = frozenset({"insist", "swear", "suggest"})  # what is told in the indicative is told, and not demanded
_HAPPENING = frozenset(words("happening"))
_NOBODY = frozenset({"no", "none", "nobody", "neither", "nothing"})
_POSSIBLE_MODALS = frozenset({"may", "might", "could"})
_PLANNED_MODALS = frozenset(words("plannedModals"))
_CONDITIONS = frozenset({"if", "unless", "provided", "lest", "once", "until"})
_GOVERNING = frozenset(words("governing"))
_TIMED = frozenset({"after", "before", "during", "until", "pending", "following"})
_CONTENT = frozenset({None, "of", "for", "to", "against", "on", "about", "over"})
_BACKGROUND = frozenset({"after", "since", "following", "amid", "despite", "because of", "over", "before"})
_LEADING = frozenset({"to", "in", "into"})
_RANKS = frozenset({*words("ordinals"), "last", "only", "latest", "youngest", "oldest"})
_NUMBERED = re.compile(r"\d+(?:st|nd|rd|th)")
_FACTIVE = frozenset(words("factive"))
_DONE_BY = frozenset({"use", "manage", "proceed", "help", "begin", "start", "continue"})  # "used a truck to ram a gate"
_STEPS = 8  # governors further up do not bear on the event any more
_OWN_CLAUSE = frozenset({"aux", "aux:pass", "nsubj", "nsubj:pass"})  # a conjunct with one of these shares no auxiliary
_GOVERNED = frozenset(
    {
        "ccomp",
        "xcomp",
        "obj",
        "iobj",
        "obl",
        "nsubj:pass",
        "nmod",
        "acl",
        "csubj",
        "obl:agent",
        "compound",
        "nsubj",
        "advcl",
    }
)


def status_of(token: Token, cues: Mapping[tuple[str, str], Status]) -> tuple[Status, str]:
    """The status of the event that ``token`` carries, and why.

    Args:
        token: head of the trigger.
        cues: (lemma, "verb" | "noun" | "adjective" | "adverb") → the status of what the word governs.

    Returns:
        the status and a few words for the trace ("modal may", "governed by plan").

    """
    if token.pos_ in NOMINALS and is_definite(token) and denied_tie(token) is not None:
        return "asserted", "told as known"  # "had nothing to do with the raid"
    marked = _marked(token, cues)
    truth = truth_of(token, cues)
    if truth and truth[0] != "asserted":
        return ("possible", f"{marked[1]}, {truth[1]}") if marked and marked[0] == truth[0] == "negated" else truth
    if marked:
        return marked
    if truth:
        return truth
    undone = foiled(token)
    if undone:
        return undone
    if _had_been_expected(token):
        return "asserted", "told as known"
    direct = _governed(token, token.head, token.dep_, cues) or _linked_above(token, cues)
    condition = condition_above(token)
    if condition and (direct is None or direct[0] == "negated"):
        return condition
    if direct:
        return direct
    if token.dep_ == "nsubj" and verb_phrase(token.head) in _HAPPENING and _is_negated(token.head):
        return "negated", f"did not {token.head.lemma_}"
    if token.dep_ == "nsubj" and token.pos_ == "NOUN" and would_have(token.head):
        return "negated", "what would have been"
    if asks_whether(token) and not is_presupposed(token):
        return "possible", "asked"
    if is_presupposed(token):
        return "asserted", "told as known"
    current, beside = token, False
    for _ in range(_STEPS):
        head, dep = current.head, current.dep_
        if head.i == current.i:
            break
        governed = _governed(current, head, dep, cues)
        if governed and not (governed[0] == "negated" and beside):
            return governed
        if dep in ("parataxis", "acl:relcl", "discourse", "list"):
            break  # a clause of its own: what stands above does not bear on it
        if dep == "advcl" and not _reduced(current):
            break
        beside |= dep in ("advcl", "conj") and current.tag_ == "VBG" != head.tag_  # "failed to land, crashing …"
        named = current.i == token.i or (current.lower_ == "state" and token.head.i == current.i)  # "of emergency"
        if named and dep in ("nsubj", "nsubj:pass", "obl", "obj") and current.pos_ in NOMINALS:
            passed = _carried(current, head, cues)
            if passed:
                return passed
        if dep == "xcomp" and current.pos_ == "VERB" and (marked := _marked(head, cues)):
            return marked  # "may help destroy", "allegedly tried to", "did not come to"
        if (dep == "ccomp" and not _open_clause(head, cues)) or _aside(current, dep):
            break
        current = head
    return "asserted", "no marker"


def _pos(token: Token) -> str:
    if token.pos_ in ("VERB", "AUX"):
        return "verb"
    return {"NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}.get(token.pos_, "")


def _marked(token: Token, cues: Mapping[tuple[str, str], Status]) -> tuple[Status, str] | None:
    """Markers on the word itself: negation, modals, conditions, adverbs, adjectives before an event noun."""
    verbal = token.pos_ in ("VERB", "AUX")
    owner = token
    if verbal and token.dep_ == "conj" and not any(c.dep_ in _OWN_CLAUSE for c in token.children):
        owner = token.head  # "may attack and kill": the auxiliary is shared
    for child in (*token.children, *_shared_determiners(token)):
        if _negates(child, token) and not (child.dep_ == "cc" and child.i > token.i):
            return "negated", f"negation {child.text}"
    if _infinitive(token) and any(c.lemma_ == "be" for c in children(token, "aux", "cop")):
        return "planned", "is to"
    if was_to_have(token):
        return "planned", "was to have"
    for child in owner.children:
        low = child.lower_
        if child.dep_ == "aux":
            if low in _POSSIBLE_MODALS:
                return "possible", f"modal {low}"
            if low in _PLANNED_MODALS:
                return "planned", f"modal {low}"
        elif child.dep_ == "mark" and low in _CONDITIONS and verbal:
            return "planned", f"condition {low}"
        elif child.dep_ == "mark" and low == "whether" and verbal:
            return "possible", "whether"
        elif child.dep_ in ("advmod", "amod") and child.i != token.i:
            status = cues.get((child.lemma_.lower(), _pos(child))) or cues.get((child.lower_, "adjective"))
            if status and not _compared(child):
                return status, f"{child.lower_}"
        elif child.dep_ in ("acl", "acl:relcl") and child.tag_ == "VBN" and not verbal and is_passive(child):
            status = cues.get((child.lemma_.lower(), "verb"))
            if status and status != "asserted":
                return status, f"{child.lower_}"  # "an attack plotted by", "the raid that was called off"
    if (verbal or token.pos_ == "ADJ") and any(
        _is_nobody(participant) for participant in children(token, "nsubj", "nsubj:pass", "obj")
    ):
        return "negated", "negated participant"
    return None


def _is_nobody(noun: Token) -> bool:
    """Whether a participant is none at all: "no soldier", "neither the army nor the rebels", but not "No. 10"."""
    first = [c for c in noun.children if c.dep_ in ("det", "cc:preconj", "cc", "advmod") and c.i < noun.i]
    return any(t.lower_ in _NOBODY and not is_numbered(t) for t in (noun, *first))


def _shared_determiners(token: Token) -> list[Token]:
    """In "no injuries or damage" the second noun shares the determiner of the first."""
    if token.dep_ != "conj" or token.pos_ not in NOMINALS or children(token, "det"):
        return []
    return children(token.head, "det")


def _had_been_expected(token: Token) -> bool:
    """Whether a definite noun has come about as foreseen: "the resignation had been expected for weeks"."""
    verb = token.head
    if token.dep_ != "nsubj:pass" or not is_definite(token) or verb.lemma_ not in _FORESEEING:
        return False
    return any(c.lower_ in ("had", "'d") for c in children(verb, "aux")) and not children(verb, "xcomp", "ccomp")


def is_presupposed(token: Token) -> bool:
    """Whether the words point to an event that is known already, whoever speaks and whatever stands above.

    A definite noun ("until the siege ends"), a participle before a noun ("the defeated candidate") and a
    restrictive relative clause ("the rebels who seized the town") tell what the article itself takes for granted.
    """
    if token.pos_ == "NOUN":
        return is_definite(token)
    if token.dep_ == "amod":
        return token.tag_ in ("VBN", "VBD", "JJ")
    aside = token.i > 0 and token.nbor(-1).text == ","  # "the man, arrested on Monday, …": news
    if token.dep_ == "acl" and token.tag_ == "VBN" and not aside:  # "one of those arrested", "the man killed on Monday"
        return token.head.lower_ in DEFINITE or any(c.lower_ in DEFINITE for c in children(token.head, "det"))
    clause = token
    while clause.dep_ in ("conj", "xcomp") and clause.head.pos_ in ("VERB", "AUX"):
        clause = clause.head
    if clause.dep_ == "acl:relcl" and is_content(clause):
        return False
    return clause.dep_ == "acl:relcl" and "," not in {t.text for t in clause.doc[clause.head.i : clause.i]}


def status_in(words: Sequence[Token], head: Token, cues: Mapping[tuple[str, str], Status]) -> Status | None:
    """The status that words of a trigger themselves give it: "coup attempt", "call off a strike"."""
    if len(words) == 1:
        return None
    lemma = head.lemma_.lower()
    particles = [f"{lemma} {w.lower_}" for w in words if w.dep_ == "compound:prt"]
    keys = [(lemma, "noun")] if head.pos_ == "NOUN" else [(phrase, "verb") for phrase in particles]
    return next((cues[k] for k in keys if k in cues), None)


def told_as_known(token: Token, cues: Mapping[tuple[str, str], Status]) -> bool:
    """Whether whoever speaks takes the event for granted, so that it is not they who bring it up.

    Presupposed words are, and what a restrictive relative clause holds ("the killing that sparked riots"), and what is
    said to be stopped, resumed or mourned ("called on them to halt the shelling").
    """
    verb = token.head
    relative = token.pos_ == "NOUN" and verb.pos_ == "VERB" and verb.head.lower_ != "what" and is_presupposed(verb)
    if relative or is_presupposed(token):
        return True
    return token.dep_ in ("obj", "nsubj:pass") and _status_governed(token, token.head, cues)[0] == "asserted"


def _negates(child: Token, token: Token) -> bool:
    if child.lower_ not in _NEGATIONS:
        return False
    if child.dep_ in ("cc", "cc:preconj") and token.pos_ in ("VERB", "AUX"):
        return child.lower_ in ("neither", "nor")
    if child.dep_ == "advmod":
        return not any(c.lower_ == "only" for c in (child, *child.rights)) and not _followed_by_only(child)
    return (child.dep_ == "det" and token.pos_ in NOMINALS and not is_numbered(child)) or (
        child.dep_ == "case" and child.lower_ == "without"
    )


def _followed_by_only(negation: Token) -> bool:
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in ("only", "just", "merely")


def _compared(adverb: Token) -> bool:
    """In "as soon as the result was announced" the adverb only ties two clauses."""
    return adverb.i > 0 and adverb.nbor(-1).lower_ == "as"


def _reduced(token: Token) -> bool:
    """Infinitives and participles depend on the clause above them; finite clauses stand for themselves."""
    return token.tag_ in ("VB", "VBG")


def _aside(noun: Token, dep: str) -> bool:
    """Whether a phrase only tells which one, or what came before: "to hit towns after a flood", "guests of a feast"."""
    if noun.pos_ not in NOMINALS:
        return False
    case = preposition(noun)
    return (dep == "nmod" and case not in _CONTENT) or (dep == "obl" and case in _BACKGROUND)


def _counterfactual(verb: Token) -> bool:
    """In "could have been avoided" what was to be avoided happened."""
    aux = {c.lower_ for c in children(verb, "aux")}
    return "have" in aux and not aux.isdisjoint({"could", "might", "may", "would", "should"})


def _is_indicative(verb: Token, dep: str) -> bool:
    finite = verb.tag_ in ("VBD", "VBZ") or any(
        c.tag_ in ("VBD", "VBZ", "VBP") for c in children(verb, "aux", "aux:pass")
    )
    return dep == "ccomp" and finite


def _infinitive(token: Token) -> bool:
    be = any(c.tag_ == "VB" for c in children(token, "aux:pass"))  # "for the killers to be arrested"
    return (token.tag_ == "VB" or be) and any(c.lower_ == "to" and c.dep_ == "mark" for c in token.children)


def _governed(token: Token, head: Token, dep: str, cues: Mapping[tuple[str, str], Status]) -> tuple[Status, str] | None:
    """What the governing word does to ``token``."""
    verdict = verdict_of(token, head, dep)
    if verdict:
        return verdict
    if dep in _GOVERNED:
        status, linked = _status_governed(token, head, cues)
        if status == "planned" and head.lemma_ in _TELLING and _is_indicative(token, dep):
            status = None  # "insisted that soldiers killed them", but "insisted that he leave"
        if status and (linked or _in_scope(token, dep)):
            if status == "negated" and _is_negated(head) and head.lemma_ == "deny":
                return "possible", "not deny"  # "would neither confirm nor deny that"
            if status == "negated" and (_is_negated(head) or _counterfactual(head) or in_vain(head)):
                return "asserted", f"not {head.lemma_}"  # "did not fail to", "might have prevented"
            return status, f"governed by {head.lemma_}"
    if _infinitive(token) and (head.lemma_ not in _DONE_BY or head.tag_ in ("VBZ", "VBP")):
        if dep == "advcl":
            tried = None if children(head, "obj", "ccomp", "xcomp") else cues.get((head.lemma_.lower(), _pos(head)))
            return tried or "planned", f"infinitive after {head.lemma_}" if tried else "infinitive of purpose"
        if dep == "acl" and head.pos_ in ("NOUN", "PROPN") and not any(map(_is_rank, head.children)):
            return "planned", f"infinitive after {head.lemma_}"  # but "the first woman to be elected"
        if (
            dep == "xcomp"
            and head.lower_ not in _FACTIVE
            and (head.pos_ == "ADJ" or head.lemma_ == "be" or head.lower_ == "going")
        ):
            return "planned", f"infinitive after {head.lemma_}"
    return None


def _is_rank(word: Token) -> bool:
    """Whether a word says which one of a row: "the first", "the fifth", "the 20th journalist to be killed"."""
    return word.lower_ in _RANKS or bool(_NUMBERED.fullmatch(word.lower_))


def _linked_above(token: Token, cues: Mapping[tuple[str, str], Status]) -> tuple[Status, str] | None:
    """The phrase of a cue may hang on its object ("accused the mayor of stealing"): the link is the verb's still."""
    head = token.head
    if token.dep_ not in ("acl", "nmod") or head.dep_ not in ("obj", "iobj", "nsubj:pass", "obl"):
        return None
    status, linked = _status_governed(token, head.head, cues)
    return (status, f"governed by {head.head.lemma_}") if status and linked else None


def _status_governed(token: Token, head: Token, cues: Mapping[tuple[str, str], Status]) -> tuple[Status | None, bool]:
    """The status that a cue gives to what it governs, and whether by a link of its own.

    "call for" a strike, "tell" them "to" strike have links; "rule out" a strike has a particle.
    """
    lemma, pos = head.lemma_.lower(), _pos(head)
    links = [c.lower_ for c in token.children if c.dep_ in ("case", "mark")]
    particles = [c.lower_ for c in head.children if c.dep_ in ("compound:prt", "advmod") and c.i > head.i]
    for link in links:
        for phrase in (lemma, *(f"{lemma} {particle}" for particle in particles)):
            if (f"{phrase} {link}", pos) in cues:
                return cues[f"{phrase} {link}", pos], True
    found = (cues.get((key, pos)) for key in (*(f"{lemma} {particle}" for particle in particles), lemma))
    return next((status for status in found if status), None), False


def _in_scope(token: Token, dep: str) -> bool:
    """Clauses and objects of a cue are in its scope; its subject is not ("the attackers threatened …")."""
    if dep == "nsubj":
        return False
    if dep == "nsubj:pass":
        return token.pos_ in NOMINALS
    if dep == "advcl":  # "accused of stealing", "banned from leaving": a gerund as a prepositional object
        marks = {c.lower_ for c in token.children if c.dep_ in ("mark", "case")}
        held = not marks and any(c.dep_ == "compound:prt" for c in token.head.children)  # "held off attacking"
        return token.tag_ == "VBG" and (held or not marks.isdisjoint(_GOVERNING))
    if dep == "obl":
        return any(
            c.dep_ == "case" and c.lower_ in ("of", "for", "against", "from", "about", "on", "to")
            for c in token.children
        )
    if dep == "nmod":
        return any(c.dep_ == "case" and c.lower_ in ("of", "for", "to", "against") for c in token.children)
    return True


def _is_negated(token: Token) -> bool:
    return any(_negates(c, token) for c in token.children)


def _carried(noun: Token, verb: Token, cues: Mapping[tuple[str, str], Status]) -> tuple[Status, str] | None:
    """An event noun takes over what marks the verb that carries it: "no attack took place", "talks may be held".

    What a future is timed by is future as well ("will be known after an autopsy"), what may lead to war no war yet.
    """
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    if noun.dep_ == "obl":
        marked = _marked(verb, cues)
        planned = marked is not None and marked[0] == "planned"
        return marked if preposition(noun) in _LEADING or (planned and preposition(noun) in _TIMED) else None
    if noun.dep_ == "nsubj" and children(verb, "obj", "ccomp", "xcomp"):
        return None  # "the attack may kill hundreds": the attack itself is not in doubt
    return _marked(verb, cues)


def _open_clause(head: Token, cues: Mapping[tuple[str, str], Status]) -> bool:
    """Whether what governs a complement clause may itself stand under something that reaches into it."""
    return (head.lemma_.lower(), _pos(head)) in cues or head.lemma_ in ("be", "seem", "appear", "likely")
