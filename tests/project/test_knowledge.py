"""What rules know of classes stands in Turtle: no Python knows a type of event, nor a kind of body or place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: The kinds of things of the data model, which the labels of the language model and pronouns speak of.
MODEL = frozenset(
    "Article Event Entity Agent Person Organization Group Norp Place GPE Facility Institution Document Money Product "
    "Weapon Other".split()
)
#: What the ontology's reader, its lexicon's index and the shapes are about.
FORMS = frozenset(
    "WordClass Trait Demonym Link Eventuality NonFactualEvent ReportingCue DoubtCue FindingCue LightVerb CauseCue "
    "Disposition NonEvent".split()
)
CLASSES = frozenset(
    name
    for path in (ROOT / "ontology").glob("*.ttl")
    for name in re.findall(r"^kg:([A-Z]\w+) a owl:Class", path.read_text("utf-8"), flags=re.MULTILINE)
)


def test_the_classes_are_found():
    """The list that the next test asks is the ontology's, types of events among it."""
    assert {"Killing", "Police", "Country"} <= CLASSES
    assert MODEL | FORMS <= CLASSES


@pytest.mark.parametrize("path", sorted((ROOT / "kg").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_python_knows_a_type(path):
    """A rule asks for a trait (ontology/traits.ttl), never for a class by its name."""
    known = {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not known & (CLASSES - MODEL - FORMS)
