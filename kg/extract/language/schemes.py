"""One tree scheme for everything behind: Universal Dependencies, whatever the pipeline's own.

The shipped models speak UD already: labels as in the English treebanks EWT and GUM (`nsubj:pass`, `obl`, `nmod:poss`),
in lower case, but the root is "ROOT" as everywhere in spaCy. `en_core_web_*` speak ClearNLP, where prepositions head
their nouns and the copula its predicate; this module rewrites such trees, heads and labels both. What ClearNLP does
not tell (a passive agent from an oblique, a flat name from a compound) is left as near as it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

UD, CLEARNLP = "ud", "clearnlp"
#: Labels that only ClearNLP has; a parser that knows several of them speaks it.
_CLEARNLP_ONLY = frozenset(
    {"dobj", "pobj", "prep", "nsubjpass", "auxpass", "pcomp", "agent", "attr", "acomp", "dative"}
)

#: Labels whose name alone differs.
_RENAMED = {
    "dobj": "obj", "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "auxpass": "aux:pass", "neg": "advmod",
    "poss": "nmod:poss", "prt": "compound:prt", "relcl": "acl:relcl", "preconj": "cc:preconj", "predet": "det:predet",
    "quantmod": "advmod", "npadvmod": "obl:npmod", "intj": "discourse", "meta": "dep", "oprd": "xcomp",
    "nmod": "compound", "acomp": "xcomp", "attr": "xcomp", "dative": "iobj",
}  # fmt: skip
_NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
#: Dependents of a copula that stay its own when the predicate takes its place, being its helpers no longer.
_PREDICATE = frozenset({"attr", "acomp"})


def scheme_of(nlp: Language) -> str:
    """Return the tree scheme of a pipeline, "ud" or "clearnlp", by the labels of its parser."""
    for name in nlp.pipe_names:
        labels = getattr(nlp.get_pipe(name), "labels", ())
        if len(_CLEARNLP_ONLY.intersection(labels)) > 1:
            return CLEARNLP
    return UD


def to_ud(doc: Doc, scheme: str) -> Doc:
    """Return the Doc in UD; a Doc of another scheme is rewritten in place: heads, labels, and copulas' tags."""
    if scheme == UD or not doc.has_annotation("DEP"):
        return doc
    heads = [token.head.i for token in doc]
    labels = [token.dep_ for token in doc]
    for token in doc:
        labels[token.i] = _RENAMED.get(token.dep_, token.dep_)
    for token in doc:
        if token.dep_ in {"prep", "agent", "dative"} and token.pos_ in {"ADP", "SCONJ", "PART", "VERB", "ADV"}:
            _turn_preposition(token, heads, labels)
    for token in doc:
        if token.lemma_ == "be" and token.pos_ in {"AUX", "VERB"}:
            _turn_copula(token, heads, labels)
    array: Any = np.column_stack([
        np.array([doc.vocab.strings.add(label) for label in labels], dtype=np.uint64),
        np.array([head - i for i, head in enumerate(heads)], dtype=np.int64).astype(np.uint64),
    ])  # fmt: skip
    entities = doc.ents
    doc.from_array(["DEP", "HEAD"], array)
    doc.ents = entities
    return doc


def _object_of(token: Token) -> Token | None:
    """Return the object of a preposition, its own or that of a preposition below it ("from behind the wall")."""
    for child in token.children:
        if child.dep_ in {"pobj", "pcomp"}:
            return child
    return next((thing for child in token.children if child.dep_ == "prep" if (thing := _object_of(child))), None)


def _turn_preposition(token: Token, heads: list[int], labels: list[str]) -> None:
    """Hang a preposition on its object, and the object where the preposition hung."""
    thing = _object_of(token)
    if thing is None:
        labels[token.i] = "advmod"
        return
    if token.head.dep_ == "prep" and _object_of(token.head) == thing:  # the outer preposition moves the object
        heads[token.i], labels[token.i] = thing.i, "case"
        return
    nominal = token.head.pos_ in _NOUNS
    if thing.dep_ == "pcomp" and thing.pos_ in {"VERB", "AUX"}:
        labels[thing.i], labels[token.i] = ("acl" if nominal else "advcl"), "mark"
    else:
        labels[thing.i] = "nmod" if nominal else "obl:agent" if token.dep_ == "agent" else "obl"
        labels[token.i] = "case"
    if token.head.i == token.i:
        labels[thing.i], heads[thing.i] = "ROOT", thing.i
    else:
        heads[thing.i] = heads[token.i]
    for child in token.children:
        if child.i != thing.i and child.dep_ in {"conj", "cc", "punct", "advmod", "npadvmod", "neg"}:
            heads[child.i] = thing.i
    heads[token.i] = thing.i


def _turn_copula(token: Token, heads: list[int], labels: list[str]) -> None:
    """Make the predicate noun or adjective of "be" the head, the copula and all that hung on it its dependents."""
    predicates = [child for child in token.children if child.dep_ in _PREDICATE]
    if not predicates or any(child.dep_ == "expl" for child in token.children):
        return
    thing = predicates[0]
    labels[thing.i] = labels[token.i]
    heads[thing.i] = thing.i if heads[token.i] == token.i else heads[token.i]
    for child in token.children:
        if child.i != thing.i and heads[child.i] == token.i:
            heads[child.i] = thing.i
    for index, head in enumerate(heads):  # objects of prepositions that hung on the copula
        if head == token.i and index != token.i:
            heads[index] = thing.i
    heads[token.i], labels[token.i] = thing.i, "cop"
