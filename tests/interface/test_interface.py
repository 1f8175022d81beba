"""``import kg``: what is public, how light it is, and that its examples are true."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kg
import kg.interface

ROOT = Path(__file__).parents[2]
PUBLIC = [
    "Article", "ArticleError", "Explanation", "Explanations", "Extraction", "FederationError", "Iri", "KgError",
    "Loaded", "Merged", "ModelError", "NamedQuery", "OntologyError", "OpenStore", "QueryError", "SkippedInput",
    "Solutions", "StoreError", "StoreInUseError", "ValidationReport", "extract_articles", "extract_text",
    "named_queries", "open_store", "read_articles", "to_record", "validate_file",
]  # fmt: skip
"""A change here is a change for every program that uses kg: it belongs into the changelog."""

HARBOUR = """Title: Two held after harbour blast
Date: 2024-05-08
Publisher: The Valley Herald

A bomb exploded in the harbour of Kirra on Monday and killed at least three fishermen, a police spokesman said.
Police arrested two men in Norvia on Tuesday. The two men denied that they had attacked the harbour.
"""
FESTIVALS = """@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
kg:Celebration a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "celebration"@en ; rdfs:comment "A feast."@en ;
    skos:definition "People celebrate."@en ; skos:example "Thousands of people celebrated the anniversary."@en ;
    kg:verb "celebrate" ; kg:noun "celebration" .
"""
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
MODULES = ["kg", *(f"kg.interface.{module.name}" for module in pkgutil.iter_modules(kg.interface.__path__))]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with the article, the ontology and the seeds that the examples name."""
    (tmp_path / "harbour.txt").write_text(HARBOUR)
    (tmp_path / "festivals.ttl").write_text(FESTIVALS)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def read():
    """The article, read once into a store in memory."""
    with kg.open_store(":memory:") as store:
        header, _, text = HARBOUR.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in header.splitlines())
        store.load(kg.Article("harbour", text, fields["Date"], fields["Publisher"], fields["Title"]))
        yield store


def test_the_public_names_are_these():
    """Nobody adds to the interface, or takes from it, by accident."""
    assert sorted(kg.__all__) == PUBLIC
    assert dir(kg) == sorted([*PUBLIC, "__version__"])


def test_every_public_name_is_there_and_says_what_it_is():
    """Each name of ``__all__`` resolves, has a docstring, and is a name of no package or module of ours."""
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name
    assert not set(kg.__all__) & {module.name for module in pkgutil.iter_modules(kg.__path__)}


def test_type_checkers_see_the_names_that_programs_get():
    """The imports for type checkers are those that are made when a name is used."""
    tree = ast.parse((ROOT / "kg/__init__.py").read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module.startswith("kg.")]
    seen = {alias.asname or alias.name: node.module for node in imports for alias in node.names}
    assert seen == {**kg._HOME, "VERSION": "kg.core.version"}
    assert (ROOT / "kg/py.typed").exists()


def test_an_unknown_name_is_told():
    """A misspelt name fails like any attribute, and with the list."""
    with pytest.raises(AttributeError, match="open_store"):
        kg.open_stores  # noqa: B018 # looking is the test


def test_importing_kg_loads_nothing_heavy():
    """``import kg`` costs nothing, and opening and asking a store loads no language model."""
    heavy = "('spacy', 'rdflib', 'pyshacl', 'pyoxigraph', 'typer', 'pandas', 'onnxruntime')"
    program = (
        f"import sys, kg; print([m for m in {heavy} if m in sys.modules])\n"
        "with kg.open_store(':memory:') as s: s.query('SELECT * { ?s ?p ?o }')\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["[]", "['pyoxigraph']"]


@pytest.mark.model
@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name, folder, read):
    """What a docstring shows is what happens."""
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for test in doctest.DocTestFinder().find(module, extraglobs={"kg": kg, "store": read}):
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.model
def test_the_tour_is_true(folder):
    """docs/interface.md does what it shows."""
    found = doctest.testfile(str(ROOT / "docs/interface.md"), module_relative=False, optionflags=FLAGS)
    assert found.attempted > 20
    assert found.failed == 0


def test_the_reference_describes_all_that_is_public():
    """Each public name has its place in docs/reference.md, under the module that makes it."""
    described = re.findall(r"^::: ([\w.]+)$", (ROOT / "docs/reference.md").read_text("utf-8"), re.MULTILINE)
    for name, home in kg._HOME.items():
        assert f"{home}.{name}" in described or home in described, name
    for path in described:
        home, _, name = path.rpartition(".")
        assert path == "kg" or path in sys.modules or hasattr(importlib.import_module(home), name), path


@pytest.mark.model
def test_a_form_of_query_has_its_own_method(read):
    """An ASK is no SELECT: the error names the method that runs it."""
    with pytest.raises(kg.QueryError, match=r"ASK: run it with ask\(\)"):
        read.query("ASK { ?s ?p ?o }")
    with pytest.raises(kg.QueryError, match=r"DESCRIBE: run it with construct\(\)"):
        read.ask("DESCRIBE kg:Event")
    with pytest.raises(kg.QueryError, match=r"SELECT: run it with query\(\)"):
        read.construct("SELECT * { ?s ?p ?o }")
    with pytest.raises(kg.QueryError, match="kg update"):
        read.query("DELETE WHERE { ?s ?p ?o }")


@pytest.mark.model
def test_words_that_are_bound_stay_words(read):
    """A string is never taken for a name of a thing, whatever it looks like; an ``Iri`` always is one."""
    query = "SELECT ?p { ?e kg:place ?p }"
    assert len(read.query(query, bind={"p": "place:kirra"})) == 0
    assert len(read.query(query, bind={"p": "> } INSERT"})) == 0
    short = read.query(query, bind={"p": kg.Iri("place:kirra")})
    whole = read.query(query, bind={"p": kg.Iri("https://news.example/place/kirra")})
    assert len(short) == len(whole) > 0
    with pytest.raises(kg.QueryError, match="is no IRI"):
        read.query(query, bind={"p": kg.Iri("no iri at all")})


@pytest.mark.model
def test_values_show_themselves_in_a_notebook(read):
    """Article, extraction, answer, explanation, report and load have HTML, with every text escaped."""
    article = kg.Article("<b>id</b>", "Police arrested two men in Arden & Norvia <today>.", "2024-05-08")
    with kg.open_store(":memory:") as memory:
        loaded = memory.load(article, "nowhere.txt")
        values = [
            article,
            next(kg.extract_articles(article)),
            loaded,
            memory.query("SELECT ?x { ?x a kg:Article }"),
            memory.query('SELECT ("<i>" AS ?x) {}'),
            memory.explain("men"),
            memory.validate(),
        ]
    for value in values:
        html = value._repr_html_()
        assert "<" in html
        assert not re.search(r"<(b|i|today)>", html)
    assert "<mark title='Arrest'" in values[1]._repr_html_()
    assert (loaded.count("stored"), loaded.count("skipped")) == (1, 1)


@pytest.mark.model
def test_the_same_id_twice_is_told(folder):
    """A file and an article of one's own with its id: the second is skipped, and the first is read."""
    again = kg.Article("harbour", "Police arrested two men in Arden.")
    first, second = kg.extract_articles("harbour.txt", again, language="en")
    assert len(first.events) > 2
    assert "already read" in second.reason


@pytest.mark.model
def test_a_changed_ontology_file_is_read_anew(tmp_path):
    """A notebook edits its Turtle and reads again: the second reading knows the second file."""
    mine = tmp_path / "mine.ttl"
    sentence = "Two hundred farmers celebrated the harvest in Arden."
    mine.write_text(FESTIVALS.replace('kg:verb "celebrate"', 'kg:verb "serenade"'))
    before = kg.extract_text(sentence, ontology=[mine])
    mine.write_text(FESTIVALS)
    after = kg.extract_text(sentence, ontology=[mine])
    assert "Celebration" not in {event.type for event in before.events}
    assert "Celebration" in {event.type for event in after.events}


def test_what_is_not_there_is_told(tmp_path):
    """Files that are not there are errors of one line, not tracebacks from below."""
    with pytest.raises(kg.KgError, match="no such file"):
        kg.open_store(":memory:", ontology=[tmp_path / "none.ttl"])
    with kg.open_store(":memory:") as memory:
        with pytest.raises(kg.QueryError, match="no query is named 'casualty'; did you mean casualties"):
            memory.named("casualty")
        with pytest.raises(kg.QueryError, match="three parts"):
            memory.explain("a", "b")
        with pytest.raises(kg.KgError):
            memory.merge(tmp_path / "none.ttl")
        with pytest.raises(kg.KgError):
            memory.export(tmp_path / "a.unknown")
        with pytest.raises(kg.KgError):
            memory.export(tmp_path / "no" / "folder.ttl")


@pytest.mark.model
def test_the_program_of_the_readme_runs(folder):
    """The first Python that a reader sees works as it stands."""
    (program,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102 # our own README
    assert len(names["killed"]) > 0
