"""Sentences in capitals are read in the usual case; what was said of their words stays where it was."""

import pytest

import kg
from kg.extract.language.casing import with_usual_case
from kg.extract.language.models import load_model, read_docs

WIRE = (
    "THE POLICE OF NORVIA ARRESTED TWO MEMBERS OF THE PEOPLE'S FREEDOM FRONT (PFF) IN ARDEN ON MONDAY.  COLONEL MARIA "
    "TESSEN SAID THAT THE PFF HAD ATTACKED A BUS."
)


def read(text):
    """Return a text as the default model parses it."""
    return next(read_docs(load_model("default"), [text]))


@pytest.fixture(scope="module")
def wire():
    """Return two sentences of a wire in capitals."""
    return read(WIRE)


def test_names_keep_a_capital_and_abbreviations_all(wire):
    """Names as the model sees them, and what a bracket explains."""
    text = with_usual_case(wire).text
    assert text.startswith(
        "The police of Norvia arrested two members of the People's Freedom Front (PFF) in Arden on Monday."
    )
    assert "Colonel Maria Tessen said that the PFF had attacked a bus." in text


def test_nothing_moves(wire):
    """Places, tags, tree and names are those of the parse."""
    usual = with_usual_case(wire)
    assert usual.text.lower() == WIRE.lower()
    assert [(t.idx, t.tag_, t.dep_, t.head.i, t.ent_type_) for t in usual] == [
        (t.idx, t.tag_, t.dep_, t.head.i, t.ent_type_) for t in wire
    ]
    assert usual.user_data.keys() == wire.user_data.keys()


@pytest.mark.parametrize(
    "text",
    [
        "Police in Arden arrested two men on Monday, the ministry said.",
        "BREAKING NEWS: Police arrested two men in Arden.",  # too few words to tell
        "NATO, UNHCR, WHO and the IMF met in Arden.",  # abbreviations in a sentence of the usual case
    ],
)
def test_the_usual_case_is_left_alone(text):
    """A text without a sentence in capitals is given back as it is."""
    doc = read(text)
    assert with_usual_case(doc) is doc


def test_headline_in_capitals_above_the_usual_case():
    """One sentence in capitals is mended, the others stay."""
    text = "TWO MEN ARRESTED BY POLICE IN NORVIA\n\nPolice in Arden arrested two men on Monday, the ministry said."
    usual = with_usual_case(read(text)).text
    assert usual.splitlines()[0] == "Two men arrested by police in Norvia"
    assert usual.splitlines()[2] == text.splitlines()[2]


def test_what_is_read_is_called_in_the_usual_case_and_quoted_as_it_stands():
    """Entities bear usual names; mentions are the words of the text."""
    found = kg.extract_text(WIRE)
    names = {entity.name for entity in found.entities if entity.named}
    assert {"Norvia", "Arden", "Maria Tessen"} <= names
    assert all(m.text == WIRE[m.start : m.end] for entity in found.entities for m in entity.mentions)
    kept = kg.extract_text(WIRE, keep_case=True)
    assert not {"Norvia", "Maria Tessen"} & {entity.name for entity in kept.entities}
