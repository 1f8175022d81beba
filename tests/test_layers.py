"""Floors and fences: modules import downward only, and each foreign world is named in its own place."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = [
    {"kg", "errors", "model", "vocab"},
    {"resources", "mint", "table", "sparql", "statements", "parallel", "link"},
    {"ontology"},
    {"articles", "extract", "rdf", "jsonview", "validate", "store", "federation"},
    {"query", "results", "diff", "export"},
    {"explain", "plan", "stats", "update"},
    {"pipeline", "merge", "check"},
    {"cli"},
]
"""From the ground up; modules import from lower floors, and inside their own family."""

FAMILIES = {
    "ontology_reader": "ontology",
    "ontology_classes": "ontology",
    "shapes": "validate",
    "reader": "pipeline",
    "rereading": "pipeline",
    "__main__": "cli",
    "explanation": "explain",
    "gateway": "federation",
    "syntax_hints": "sparql",
    **{f"store_{part}": "store" for part in ("disk", "endpoint", "engine", "input", "merged", "quads")},
}
"""Files that belong to a module of another name."""

FENCES = {
    "spacy": ("extract",),
    "onnxruntime": ("extract",),
    "tokenizers": ("extract",),
    "rdflib": ("rdf", "validate", "plan"),
    "pyshacl": ("validate",),
    "pyoxigraph": ("store", "statements", "validate"),
    "typer": ("cli",),
    "click": (),
    "rich": (),
    "trafilatura": ("articles",),
    "lxml": ("articles",),
    "feedparser": ("articles",),
    "markdown_it": ("articles",),
    "matplotlib": ("stats",),
}
"""Who may name which package; types in annotations do not count."""

MODULES = sorted((ROOT / "kg").rglob("*.py"))


def _family(module):
    """The family of a dotted module name: its first part below kg, or who it belongs to."""
    parts = module.split(".")
    first = parts[1] if len(parts) > 1 else "kg"
    return FAMILIES.get(first, first)


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path, *, types=True):
    """The modules that a file imports; without those only imported for annotations unless ``types``."""
    tree = ast.parse(path.read_text("utf-8"))
    if not types:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / f"{inner.replace('.', '/')}.py").exists()
                yield inner if is_module else node.module


def _floor(family):
    return next(number for number, floor in enumerate(FLOORS) if family in floor)


@pytest.mark.parametrize("path", MODULES, ids=_module)
def test_every_module_imports_downward_or_from_its_own_family(path):
    """No arrow points up, and siblings on one floor do not know each other."""
    own = _family(_module(path))
    for imported in _imports(path):
        if imported.split(".")[0] == "kg" and _family(imported) not in (own, "kg"):
            assert _floor(_family(imported)) < _floor(own), f"{_module(path)} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=_module)
def test_foreign_packages_are_named_behind_their_fences_only(path):
    """SpaCy stays in extract, the store's engine in store, and so on."""
    for imported in _imports(path, types=False):
        package = imported.split(".")[0]
        if package in FENCES:
            assert _family(_module(path)) in FENCES[package], f"{_module(path)} imports {package}"


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
        for imported in _imports(path, types=False):
            package = imported.split(".")[0]
            if package not in sys.stdlib_module_names and package != "kg":
                assert named_otherwise.get(package, package).lower() in names, f"{_module(path)} imports {package}"


def test_all_packages_of_the_code_are_in_the_wheel():
    """A folder with code that pyproject.toml does not name would be missing after an install."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    assert {_module(path) for path in MODULES if path.name == "__init__.py"} <= set(listed)


@pytest.mark.parametrize("path", MODULES, ids=_module)
def test_no_file_is_longer_than_450_lines(path):
    """A file fits a head."""
    assert len(path.read_text("utf-8").splitlines()) <= 450
