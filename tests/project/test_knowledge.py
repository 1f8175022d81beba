"""What rules know of classes stands in Turtle: no Python knows a type of event, nor a kind of body or place."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: The kinds of things of the data model, which the labels of the language model, pronouns and exports speak of.
MODEL = frozenset(
    "Article Event Entity Agent Person Organization Group Norp Place GPE Facility Institution Document Money Product "
    "Weapon Other Claim Count Mention Relation TimeSpan".split()
)
#: What the ontology's reader, its lexicon's index and the shapes are about.
FORMS = frozenset(
    "WordClass WordList Trait Demonym Link EventLink CopyLink Eventuality NonFactualEvent ReportingCue DoubtCue "
    "FindingCue LightVerb CauseCue Disposition NonEvent DenialCue Correction".split()
)
#: Labels of dependencies and parts of speech, which are grammar's and no words of news.
LABELS = frozenset(
    "acl advcl advmod amod appos aux auxpass case cc ccomp compound conj cop csubj csubjpass dative dep det "
    "discourse dobj expl fixed flat goeswith intj iobj list mark meta neg nmod npadvmod nsubj nsubjpass nummod "
    "obj obl orphan parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl reparandum root "
    "vocative xcomp acomp agent attr".split()
)
#: Elements of HTML, which are the format's.
TAGS = frozenset(
    "address applet article aside audio blockquote body br button canvas caption center datalist dd details dialog div "
    "dl dt embed fieldset figcaption figure footer form frameset header hr iframe input legend li main map math menu "
    "meter nav noframes noscript object ol option p pre progress script section select style summary svg table tbody "
    "td template textarea tfoot th thead title tr ul video".split()
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
    known, _ = _said(path)
    assert not known & (CLASSES - MODEL - FORMS)


@cache
def _said(path):
    """The literal strings of a file, and its lists of words."""
    tree = ast.parse(path.read_text("utf-8"))
    known = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return known, list(_lists(tree))


def _lists(tree):
    """The words of every literal list, set, tuple, mapping and split string, with its line."""
    for node in ast.walk(tree):
        found = []
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "split":
            text = getattr(node.func.value, "value", "")
            found = text.split() if isinstance(text, str) else []
        elif isinstance(node, ast.Set | ast.Tuple | ast.List | ast.Dict):
            elements = node.keys if isinstance(node, ast.Dict) else node.elts
            found = [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        words = [w for w in found if re.fullmatch(r"[A-Z]?[a-z][a-z'’ -]*", w) and w not in LABELS | TAGS]
        if len(words) > 8:
            yield node.lineno, words


#: What reads news, pages and names; the words of the others, and of dataset.py, are those of formats and vocabularies.
READERS = [
    path
    for name in ("articles", "extract", "linking")
    for path in sorted((ROOT / "kg" / name).rglob("*.py"))
    if path.name != "dataset.py"
]


@pytest.mark.parametrize("path", READERS, ids=lambda p: str(p.relative_to(ROOT / "kg")))
def test_no_python_lists_words(path):
    """A list of more than eight words stands in ontology/words-*.ttl or the lexicon; grammar labels may stay."""
    assert _said(path)[1] == []


def test_every_list_of_words_is_looked_up():
    """No list of ontology/words-*.ttl is left without a rule that uses it, and none is asked for that is not there."""
    texts = [path.read_text("utf-8") for path in (ROOT / "ontology").glob("words-*.ttl")]
    listed = {name for text in texts for name in re.findall(r"^kg:(\w+) a kg:WordList", text, re.MULTILINE)}
    source = "".join(path.read_text("utf-8") for path in (ROOT / "kg").rglob("*.py"))
    assert set(re.findall(r'\b(?:words|numbered|paired)\("(\w+)"\)', source)) == listed
