"""Floors and fences: modules import downward only, and each foreign world is named in its own place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FENCES = {
    "spacy": ("extract",),
    "onnxruntime": ("extract.language",),
    "tokenizers": ("extract.language",),
    "rdflib": ("graph.triples", "query.plan", "graph.shacl.referee"),
    "pyshacl": ("graph.shacl.referee",),
    "pyoxigraph": ("store", "ontology.turtle", "graph.validate", "graph.shacl.queries", "graph.shacl.referee"),
    "typer": ("cli",),
    "click": (),
    "rich": (),
    "trafilatura": ("articles",),
    "lxml": ("articles",),
    "feedparser": ("articles",),
    "py3langid": ("articles",),
    "rapidfuzz": ("linking",),
    "markdown_it": ("articles",),
    "matplotlib": ("query.stats",),
    "pandas": ("interface.frames",),
}
"""Who below kg may name which package; types in annotations do not count."""

MODULES = sorted((ROOT / "kg").rglob("*.py"))


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def _imports(path):
    """The modules that a file imports, without those only imported for annotations."""
    return list(_imported(ast.parse(path.read_text("utf-8"))))


def _imported(tree):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / f"{inner.replace('.', '/')}.py").exists()
                yield inner if is_module else node.module
        elif not isinstance(node, ast.expr):
            yield from _imported(node)


def test_imports_point_downward_and_never_round():
    """Every contract of pyproject.toml holds: the floors of kg and of each package, and no circles anywhere."""
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_room_shows_few_doors():
    """At most fourteen entries in kg, the room for the server counted, thirteen in extract, and a docstring in each."""
    entries = {path.name for path in (ROOT / "kg").iterdir()} - {"__pycache__", "py.typed"}
    assert len(entries - {"serve"}) <= 13, sorted(entries)
    assert len({path.name for path in (ROOT / "kg/extract").iterdir()} - {"__pycache__"}) <= 13
    for path in (ROOT / "kg").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} does not say what goes in and out"


@pytest.mark.parametrize("path", MODULES, ids=_module)
def test_foreign_packages_are_named_behind_their_fences_only(path):
    """SpaCy stays in extract, the store's engine in store, and so on."""
    for imported in _imports(path):
        package = imported.split(".")[0]
        if package in FENCES:
            own = _module(path).removeprefix("kg.")
            allowed = any(own == room or own.startswith(f"{room}.") for room in FENCES[package])
            assert allowed, f"{own} imports {package}"


def test_every_package_that_is_imported_is_a_declared_dependency():
    """A fresh install has all that the code names, in the base or an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    names = {re.match(r"[\w-]+", d)[0].lower().replace("-", "_") for d in declared} | {
        "numpy",
        "lxml",
    }  # spaCy's, web's
    named_otherwise = {"markdown_it": "markdown_it_py"}
    for path in MODULES:
        for imported in _imports(path):
            package = imported.split(".")[0]
            if package not in sys.stdlib_module_names and package != "kg":
                assert named_otherwise.get(package, package).lower() in names, f"{_module(path)} imports {package}"


def test_all_packages_of_the_code_are_in_the_wheel():
    """A folder with code that pyproject.toml does not name would be missing after an install."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    assert {_module(path) for path in MODULES if path.name == "__init__.py"} <= set(listed)


@pytest.mark.parametrize("path", MODULES, ids=_module)
def test_no_file_is_longer_than_400_lines(path):
    """A file fits a head."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
