"""Where the ontology, the shapes, the models and the named queries are: in a checkout, an editable install and a wheel.

In a wheel ``ontology/`` and ``shapes/`` are packaged as ``kg.core.data.ontology`` and ``kg.core.data.shapes`` (see
``package-dir`` in pyproject.toml); in a checkout and an editable install they stand at the repository's root.
"""

from __future__ import annotations

from pathlib import Path

from kg.core.errors import OntologyError

_DATA = Path(__file__).parent / "data"
_ROOT = Path(__file__).parents[2]


def _turtle_files(folder: str) -> list[Path]:
    for root in (_DATA / folder, _ROOT / folder):
        found = sorted(root.glob("*.ttl"))
        if found:
            return found
    raise OntologyError(
        f"no Turtle files in {folder}/ beside the kg package ({_ROOT}): reinstall kg, or restore the folder"
    )


def ontology_files() -> list[Path]:
    """The Turtle files of the shipped ontology, sorted by name; OntologyError when the folder is missing."""
    return _turtle_files("ontology")


def word_files() -> list[Path]:
    """The shipped files with lists of words that rules look up; OntologyError when the folder is missing."""
    return [path for path in ontology_files() if path.name.startswith("words-")]


def shape_files() -> list[Path]:
    """The Turtle files of the shipped shapes, sorted by name; OntologyError when the folder is missing."""
    return _turtle_files("shapes")


def models_dir() -> Path:
    """The folder with the shipped language models, one subfolder each."""
    return _DATA / "models"


def query_files() -> list[Path]:
    """The shipped named queries (``*.rq``), sorted by name."""
    return sorted((_DATA / "queries").glob("*.rq"))
