"""Whether it is so: a word of a parsed document in, what the words above it say of the truth of what it tells, out.

"Reports that … are false", "dismissed a claim that …", "it is not true that …", "no evidence that …".
Which words do so is the lexicon's; how they reach a clause or an event noun is grammar and stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.syntax.phrases import is_definite, is_yet_to
from kg.extract.syntax.slots import NOMINALS, children, preposition
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

    from kg.core.model import Status

    Verdict = tuple[Status, str]
    Factuality = Mapping[tuple[str, str], Status]


_REPORT_NOUNS = frozenset(words("reportNouns"))
_EVIDENCE_NOUNS = frozenset(words("evidenceNouns"))
_TRUE_WORDS = frozenset(words("trueWords"))
_FALSE_WORDS = frozenset(words("falseWords"))
_DOUBT_WORDS = frozenset(words("doubtWords"))
_DISMISSING = frozenset(words("dismissing"))
_PLAN_NOUNS = frozenset(words("planNouns"))
_PERCEIVING = frozenset(words("perceiving"))
_IN_VAIN = frozenset(words("inVain"))
_CONFIRMING, _LEAVING_OPEN = frozenset(words("confirming")), frozenset(words("leavingOpen"))
_CLAUSES = frozenset({"acl", "ccomp", "acl:relcl", "csubj", "csubj:pass", "xcomp"})
_INSIDE = frozenset({"obj", "obl", "nsubj", "nsubj:pass", "conj", "xcomp", "obl:agent", "advcl", "nmod"})
_OF = frozenset({"of", "about", "on", "in", "to", "behind"})
_NEGATING = frozenset({"not", "n't", "n’t", "never", "hardly", "scarcely"})
_NONE = frozenset(words("noneAtAll"))
_NOBODY = frozenset({"nobody", "none", "neither", "no"})
_HEDGED = frozenset({"far", "anything", "nowhere"})
_WITH_CONTENT = _REPORT_NOUNS | _EVIDENCE_NOUNS | _DOUBT_WORDS | _TRUE_WORDS | _FALSE_WORDS
_ENDS = frozenset({"?", "!", ".", ";"})
_WH = frozenset({"WP", "WRB", "WP$"})
_INVERTED = frozenset({"should", "had", "were"})
_SUBJECTS = ("nsubj", "nsubj:pass")
_CONDITIONS = frozenset({"if", "unless", "provided", "lest"})
_WOULD = frozenset({"would", "could", "might"})
_TRYING = frozenset({"try", "attempt", "seek", "plot", "plan", "intend", "want"})
_BESIDE = ("parataxis", "conj", "advcl")
_STEPS = 8


def truth_of(token: Token, cues: Factuality) -> Verdict | None:
    """What stands above an event's word says of whether it is so, and in which words; None where nothing does."""
    if is_yet_to(token):
        return "negated", "yet to"
    if token.dep_ in ("obj", "nsubj:pass") and is_definite(token) and "call off" in _phrases(token.head, token):
        return "possible", "called off"  # "the search was called off": it may have begun
    if _is_denied_try(token):
        return "negated", "denied as tried"
    if token.tag_ == "VBG" and token.dep_ == "advcl" and token.head.lower_ in _HEDGED:
        return "negated", f"{token.head.lower_} from"  # "far from attacking them"
    if _would_have_been(token):
        return "negated", "contrary to fact"
    current = token
    for _ in range(_STEPS):
        head, dep = current.head, current.dep_
        if head.i == current.i:
            return None
        if dep in ("acl", "acl:relcl") and not is_content(current) and _is_relative(current):
            return None
        found = _said_of(current, head, dep, cues)
        if found is not None:
            return found
        if dep in ("parataxis", "acl:relcl", "appos") or dep not in _INSIDE | _CLAUSES:
            return None
        if dep == "nmod" and preposition(current) not in _OF:
            return None
        if dep == "advcl" and current.tag_ != "VBG":
            return None
        current = head
    return None


def is_content(clause: Token) -> bool:
    """Whether a clause says what a report, a sign, a doubt is: "the rumour that he died".

    A parser often takes its "that" for the object of a relative clause.
    """
    noun = clause.head
    if clause.dep_ not in ("acl", "acl:relcl", "ccomp") or noun.i + 1 >= len(noun.doc) or noun.nbor().lower_ != "that":
        return False
    if noun.lemma_.lower() not in _WITH_CONTENT:
        return False
    that = noun.nbor()
    return that.dep_ not in ("nsubj", "nsubj:pass") and any(c.dep_ in ("nsubj", "nsubj:pass") for c in clause.children)


def _is_relative(clause: Token) -> bool:
    return any(t.tag_ in ("WDT", "WP", "WP$", "WRB") for t in clause.doc[clause.left_edge.i : clause.i])


def _said_of(current: Token, head: Token, dep: str, cues: Factuality) -> Verdict | None:
    """What one word says of the clause or noun that hangs on it."""
    lemma = head.lemma_.lower()
    if lemma in _PERCEIVING and _is_perceived(current, dep) and is_denied(head):
        return "possible", f"not {lemma}"
    if lemma in _CONFIRMING and dep in ("obj", "nsubj:pass", "ccomp") and (is_denied(head) or in_vain(head)):
        return "possible", f"not {lemma}"
    if lemma in _PLAN_NOUNS and dep in ("acl", "nmod") and _is_none(head, cues):
        return "negated", f"no {lemma}"
    if head.pos_ in ("NOUN", "PROPN") and (dep in ("acl", "ccomp", "acl:relcl") or _of_kind(current, dep)):
        if lemma in _EVIDENCE_NOUNS and _is_none(head, cues):
            return "possible", f"no {lemma}"
        if lemma in _DOUBT_WORDS and _is_none(head, cues):
            return "asserted", f"no {lemma}"
        if lemma in _REPORT_NOUNS:
            return _of_report(head, cues) or (_of_lost_report(head) if head.dep_ == "ccomp" else None)
        if any(c.dep_ == "cop" for c in head.children):  # "it is not the case that", "it is a lie that"
            return _of_predicate(head)
    if dep in ("ccomp", "acl") and head.pos_ == "VERB" and lemma in _REPORT_NOUNS:
        return _of_lost_report(head)
    if dep in ("csubj", "csubj:pass", "ccomp"):
        return _of_predicate(head)
    return None


def _is_perceived(current: Token, dep: str) -> bool:
    """Whether a clause or noun is what is seen, heard or remembered; what is known, "the raid", is not in doubt."""
    if dep in ("ccomp", "xcomp"):
        return not any(t.tag_ in _WH for t in current.children)  # "did not know who had attacked it": somebody had
    return dep in ("obj", "obl") and current.pos_ in NOMINALS and not is_definite(current)


def _of_kind(current: Token, dep: str) -> bool:
    """Whether an event noun says what a report or sign is of: "reports of a coup", "no sign of an attack"."""
    return dep == "nmod" and current.pos_ == "NOUN" and preposition(current) in _OF


def _of_predicate(predicate: Token) -> Verdict | None:
    """What a predicate says of its clause: "it is not true that", "it is a lie that"."""
    lemma = predicate.lemma_.lower()
    if predicate.pos_ in ("VERB", "AUX"):
        if lemma in _DOUBT_WORDS and is_denied(predicate):
            return "asserted", f"not {lemma}"
        return None
    if lemma in _FALSE_WORDS:
        return ("possible", f"not {lemma}") if is_denied(predicate) else ("negated", lemma)
    if lemma in _TRUE_WORDS and is_denied(predicate):
        return "negated", f"not {lemma}"
    return None


def _of_report(noun: Token, cues: Factuality) -> Verdict | None:
    """What is said of a report, and so of what it reports."""
    words = [c for c in noun.children if c.dep_ in ("amod", "acl", "compound")]
    for word in words:
        if word.lower_ in _FALSE_WORDS or (word.tag_ == "VBN" and word.lemma_ in _DISMISSING):
            return "negated", f"{word.lower_} {noun.lemma_}"
    head, dep = noun.head, noun.dep_
    if dep in ("nmod", "obl") and head.lemma_ == "truth" and _is_none(head, cues):
        return "negated", f"no truth in {noun.lemma_}"
    if dep == "nsubj" and head.pos_ not in ("VERB", "AUX"):
        return _of_predicate(head)
    if head.pos_ != "VERB" or dep not in ("obj", "obl", "nsubj:pass"):
        return None
    if any(phrase in _DISMISSING for phrase in _phrases(head, noun)):
        return ("possible" if is_denied(head) else "negated"), f"{head.lemma_} {noun.lemma_}"
    if head.lemma_ in _LEAVING_OPEN:
        return "possible", f"{head.lemma_} {noun.lemma_}"
    called = [c for c in head.children if c.dep_ in ("xcomp", "obl", "obj") and c.i != noun.i]
    for word in called:  # "called the claim a lie", "described reports … as false"
        if word.lemma_.lower() in _FALSE_WORDS:
            return ("possible" if is_denied(head) else "negated"), f"{head.lemma_} it {word.lower_}"
    return None


def _of_lost_report(word: Token) -> Verdict | None:
    """The same where the parse took the noun for a verb.

    "Claims that … were dismissed", "denied reports that …", "said reports that … were false".
    """
    if any(c.dep_ in ("nsubj", "expl") for c in word.children):
        return None
    if word.i and word.nbor(-1).lemma_ in _DISMISSING and word.nbor(-1).pos_ == "VERB":
        return ("possible" if is_denied(word.nbor(-1)) else "negated"), f"{word.nbor(-1).lemma_} {word.lower_}"
    beside = children(word.head, "ccomp") if word.dep_ == "ccomp" else []
    for predicate in (c for c in (*children(word, *_BESIDE, "ccomp"), *beside) if c.i > word.i):
        if predicate.tag_ == "VBN" and predicate.lemma_ in _DISMISSING:
            return ("possible" if is_denied(predicate) else "negated"), f"{predicate.lower_} {word.lower_}"
        found = _of_predicate(predicate)
        if found is not None:
            return found
    return None


def _phrases(verb: Token, noun: Token) -> list[str]:
    """A verb in lemmas: alone, with each of its particles, with the preposition of its object."""
    small = [c.lower_ for c in verb.children if c.dep_ in ("compound:prt", "advmod")]
    case = preposition(noun)
    return [verb.lemma_, *(f"{verb.lemma_} {word}" for word in (*small, *([case] if case else [])))]


def _is_none(noun: Token, cues: Factuality) -> bool:
    """Whether the words say that there is none of something: "no evidence", "little proof", "found no sign"."""
    own = {c.lower_ for c in noun.children if c.dep_ in ("det", "amod", "advmod", "case") and c.i < noun.i}
    verb = noun.head if noun.dep_ in ("obj", "nsubj", "nsubj:pass") else None
    if own & _NONE or "without" in own or (own & {"any"} and verb is not None and is_denied(verb)):
        return True
    if verb is None:
        return False
    return is_denied(verb) or (cues.get((verb.lemma_, "verb")) == "negated" and noun.dep_ == "obj")


def is_denied(word: Token) -> bool:
    """Whether a predicate is negated: "is not true", "has never found", "is far from true", "is no lie"."""
    if is_yet_to(word):
        return True
    for child in word.children:
        if child.dep_ == "nsubj" and (child.lower_ in _NOBODY or any(c.lower_ in _NOBODY for c in child.children)):
            return True
        if child.lower_ in _NEGATING and child.dep_ in ("advmod", "aux", "det"):
            return True
        if child.i < word.i and (child.lower_ in _HEDGED or (child.lower_ == "no" and child.dep_ == "det")):
            return True
    return word.head.lower_ in _HEDGED and word.dep_ in ("obl", "xcomp", "advcl")


# -- what is left open -------------------------------------------------------------------------------------------------


def asks_whether(token: Token) -> bool:
    """Whether an event's word stands in a question that can be answered by yes or no; "who killed him?" takes it as so.

    A sentence is a question where the first mark that ends it, after the word, is a question mark.
    """
    sentence = token.sent
    end = next((t for t in token.doc[token.i + 1 : sentence.end] if t.text in _ENDS or t.text.startswith("?")), None)
    if end is None or not end.text.startswith("?"):
        return False
    start = next((t.i + 1 for t in reversed(token.doc[sentence.start : token.i]) if t.text in _ENDS), sentence.start)
    return not any(t.tag_ in _WH for t in token.doc[start : end.i])


def condition_above(token: Token) -> tuple[Status, str] | None:
    """What stands in a condition is neither so nor not so: "should the court fail to free him", "had they fired"."""
    clause = token
    while clause.dep_ in ("xcomp", "conj") and clause.head.pos_ in ("VERB", "AUX"):
        clause = clause.head
    if _contrary_to_fact(clause):  # "Had the bomb gone off, it would have killed …"
        return "negated", "contrary to fact"
    if clause.dep_ != "advcl" or clause.pos_ not in ("VERB", "AUX"):
        return None
    for child in clause.children:
        if child.dep_ == "mark" and child.lower_ in _CONDITIONS:
            return "planned", f"condition {child.lower_}"
        first = clause.left_edge.i == child.i or child.dep_ == "mark"
        if child.lower_ in _INVERTED and first and any(child.i < s.i < clause.i for s in children(clause, *_SUBJECTS)):
            return ("planned" if child.lower_ != "had" else "possible"), f"condition {child.lower_}"
    return None


def _contrary_to_fact(clause: Token) -> bool:
    """Whether a clause begins with "had" before its subject, and the sentence goes on with what would have been."""
    first = clause.left_edge
    turned = first.lower_ == "had" and first.head.i == clause.i and clause.tag_ == "VBN"
    if not turned or not any(first.i < s.i < clause.i for s in children(clause, *_SUBJECTS)):
        return False
    rest = clause.doc[clause.i + 1 : clause.sent.end]
    return any(t.lower_ in _WOULD and t.tag_ == "MD" for t in rest) and not any(t.text == "?" for t in rest)


def _would_have_been(verb: Token) -> bool:
    """Whether a clause tells what would have been on a condition not met: "would have fallen had it rained"."""
    aux = {c.lower_ for c in children(verb, "aux")}
    if "have" not in aux or aux.isdisjoint({"would", "could", "might"}):
        return False
    rest = verb.doc[verb.i + 1 : verb.sent.end]
    if any(t.lower_ == "had" and _is_turned(t) for t in rest):
        return True
    for clause in children(verb, "advcl"):
        first = clause.left_edge
        marked = any(c.lower_ in _CONDITIONS for c in children(clause, "mark"))
        if _contrary_to_fact(clause) or (first.lower_ == "had" and clause in (first, first.head)) or marked:
            return True
    return False


def _is_turned(had: Token) -> bool:
    """Whether "had" stands before its subject: "would have killed more had his rifle not jammed"."""
    before, after = had.nbor(-1), had.nbor() if had.i + 1 < len(had.doc) else had
    return after.tag_ in ("DT", "PRP", "PRP$", "NNP", "NN", "NNS") and before.tag_ not in (*_WH, "WDT", "PRP", "NNP")


def in_vain(verb: Token) -> bool:
    """Whether what an infinitive tells was not brought about: "failed to prevent", "did nothing to stop"."""
    return verb.dep_ in ("xcomp", "acl", "advcl", "ccomp") and verb.head.lemma_.lower() in _IN_VAIN


def would_have(verb: Token) -> bool:
    """In "the blast would have killed hundreds" there was no blast."""
    return {"would", "have"} <= {c.lower_ for c in children(verb, "aux")} and bool(children(verb, "obj"))


def _is_denied_try(token: Token) -> bool:
    """Whether who is spoken of denies the very attempt: "denied that soldiers had attempted to overthrow him"."""
    tried = token.head
    if tried.lemma_ not in _TRYING or (token.dep_, tried.dep_) != ("xcomp", "ccomp") or not children(tried, "nsubj"):
        return False
    return tried.head.lemma_ == "deny" and not is_denied(tried.head)
