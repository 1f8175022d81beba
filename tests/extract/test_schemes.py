"""Trees of other schemes become Universal Dependencies."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from kg.extract.language.schemes import CLEARNLP, UD, scheme_of, to_ud

#: Sentences as rows "word pos lemma head label", heads by position; before in ClearNLP, after in UD.
CASES = {
    "preposition": (
        "Rebels NOUN rebel 1 nsubj|fled VERB flee 1 ROOT|to ADP to 1 prep|the DET the 4 det|hills NOUN hill 2 pobj",
        "1 nsubj|1 ROOT|4 case|4 det|1 obl",
    ),
    "preposition of a noun": (
        "owners NOUN owner 3 nsubj|of ADP of 0 prep|ships NOUN ship 1 pobj|paid VERB pay 3 ROOT",
        "3 nsubj|2 case|0 nmod|3 ROOT",
    ),
    "passive with agent": (
        "Pits NOUN pit 2 nsubjpass|got AUX get 2 auxpass|bombed VERB bomb 2 ROOT|by ADP by 2 agent|us PRON we 3 pobj",
        "2 nsubj:pass|2 aux:pass|2 ROOT|4 case|2 obl:agent",
    ),
    "object, particle and negation": (
        "We PRON we 3 nsubj|do AUX do 3 aux|not PART not 3 neg|use VERB use 3 ROOT|up ADP up 3 prt|it PRON it 3 dobj",
        "3 nsubj|3 aux|3 advmod|3 ROOT|3 compound:prt|3 obj",
    ),
    "copula with noun": (
        "Omar PROPN Omar 1 nsubj|is AUX be 1 ROOT|a DET a 3 det|miner NOUN miner 1 attr|. PUNCT . 1 punct",
        "3 nsubj|3 cop|3 det|3 ROOT|3 punct",
    ),
    "copula with adjective and preposition": (
        "Roads NOUN road 1 nsubj|were AUX be 1 ROOT|icy ADJ icy 1 acomp|in ADP in 1 prep|May PROPN May 3 pobj",
        "2 nsubj|2 cop|2 ROOT|4 case|2 obl",
    ),
    "clause after a preposition": (
        "He PRON he 1 nsubj|left VERB leave 1 ROOT|after ADP after 1 prep|voting VERB vote 2 pcomp",
        "1 nsubj|1 ROOT|3 mark|1 advcl",
    ),
    "preposition in a preposition": (
        "It PRON it 1 nsubj|ran VERB run 1 ROOT|from ADP from 1 prep|near ADP near 2 prep|us PRON we 3 pobj",
        "1 nsubj|1 ROOT|4 case|4 case|1 obl",
    ),
    "preposition without an object": (
        "They PRON they 1 nsubj|moved VERB move 1 ROOT|in ADP in 1 prep",
        "1 nsubj|1 ROOT|1 advmod",
    ),
    "coordinated objects": (
        "It PRON it 1 nsubj|sat VERB sit 1 ROOT|on ADP on 1 prep|us PRON we 2 pobj|and CCONJ and 3 cc|me PRON I 3 conj",
        "1 nsubj|1 ROOT|3 case|1 obl|3 cc|3 conj",
    ),
    "a sound beside a preposition stays its own": (
        "It PRON it 1 nsubj|ran VERB run 1 ROOT|to ADP to 1 prep|um INTJ um 2 intj|us PRON we 2 pobj",
        "1 nsubj|1 ROOT|4 case|2 discourse|1 obl",
    ),
    "another verb of being is no copula": (
        "He PRON he 1 nsubj|became VERB become 1 ROOT|mayor NOUN mayor 1 attr",
        "1 nsubj|1 ROOT|1 xcomp",
    ),
    "who is given something is no preposition": (
        "She PRON she 1 nsubj|gave VERB give 1 ROOT|us PRON we 1 dative|it PRON it 1 dobj",
        "1 nsubj|1 ROOT|1 iobj|1 obj",
    ),
    "possessor and relative clause": (
        "Iran PROPN Iran 2 poss|'s PART 's 0 case|coast NOUN coast 2 ROOT|that PRON that 4 nsubj|ends VERB end 2 relcl",
        "2 nmod:poss|0 case|2 ROOT|4 nsubj|2 acl:relcl",
    ),
}  # fmt: skip


def build(rows: str) -> Doc:
    """Return the Doc of rows "word pos lemma head label" joined by bars."""
    cells = [row.split() for row in rows.split("|")]
    columns = list(zip(*cells, strict=True))
    return Doc(spacy.blank("en").vocab, words=list(columns[0]), pos=list(columns[1]), lemmas=list(columns[2]),
               heads=[int(head) for head in columns[3]], deps=list(columns[4]))  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_clearnlp_becomes_ud(case: str) -> None:
    """A ClearNLP tree gets the heads and labels that the UD treebanks give its sentence."""
    before, after = CASES[case]
    doc = to_ud(build(before), CLEARNLP)
    assert [f"{token.head.i} {token.dep_}" for token in doc] == after.split("|")


@pytest.mark.parametrize("case", CASES)
def test_ud_is_left_alone(case: str) -> None:
    """A tree that is UD already is not touched, whatever its labels."""
    before, _ = CASES[case]
    doc = build(before)
    expected = [(token.head.i, token.dep_) for token in doc]
    assert [(token.head.i, token.dep_) for token in to_ud(doc, UD)] == expected


def test_entities_survive() -> None:
    """Rewriting the tree keeps the entities."""
    doc = build(CASES["copula with noun"][0])
    doc.set_ents([doc.char_span(0, 4, label="PERSON")])
    assert [(ent.text, ent.label_) for ent in to_ud(doc, CLEARNLP).ents] == [("Omar", "PERSON")]


def test_scheme_is_told_by_the_parser_labels() -> None:
    """A parser that knows dobj and pobj speaks ClearNLP; a pipeline without a parser passes for UD."""
    nlp = spacy.blank("en")
    assert scheme_of(nlp) == UD
    parser = nlp.add_pipe("parser")
    for label in ("dobj", "pobj", "nsubj"):
        parser.add_label(label)
    assert scheme_of(nlp) == CLEARNLP
