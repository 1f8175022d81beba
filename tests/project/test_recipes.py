"""The recipes of CONTRIBUTING.md, each tried in a copy of the project: commands as they stand, changes as patches."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
RECIPES = dict(re.findall(r"^## (Add .*?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
READS = re.compile(r"kg (extract|load)\b")  # needs the language model: some seconds each


@pytest.fixture
def project(tmp_path):
    """A copy of what runs; the models are only linked to."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT / "kg", copy / "kg", ignore=shutil.ignore_patterns("models", "__pycache__"))
    (copy / "kg/core/data/models").symlink_to(ROOT / "kg/core/data/models")
    for folder in ("ontology", "shapes"):
        (copy / folder).symlink_to(ROOT / folder)
    return copy


def steps(recipe):
    """The blocks of a recipe in order: ("diff", patch), or ("console", command, lines that it prints)."""
    for kind, block in re.findall(r"^```(console|diff)\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL):
        if kind == "diff":
            yield "diff", block, []
            continue
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = entry.splitlines()
            more = [line.removeprefix(">").removeprefix(" ") for line in lines[1:] if line.startswith(">")]
            yield "console", "\n".join([lines[0], *more]), [line for line in lines[1:] if not line.startswith(">")]


def run(command, folder, text=None):
    """A command in the copy, whose code comes first."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
    }
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def try_recipe(title, folder, *, reading):
    """Run a recipe; without ``reading`` what loads the language model is left out."""
    for kind, step, shown in steps(RECIPES[title]):
        if kind == "diff":
            # The rule is in the code already: its patch is taken out and put in again.
            for back in [["--reverse"], []] if title == "Add a rule" else [[]]:
                run(["git", "apply", "--recount", "-C1", *back, "-"], folder, step)
        elif reading or not READS.search(step):
            printed = run(["sh", "-e", "-c", step], folder).splitlines()
            assert [line for line in shown if line not in printed] == [], f"$ {step}\n{printed}"


def test_there_are_eight_recipes():
    """What a newcomer most often adds has its recipe, and each says which files it touches."""
    assert [title.split(" ", 2)[2] for title in RECIPES] == [
        "event type", "word", "rule", "named query", "shape", "input format", "export format", "store",
    ]  # fmt: skip
    for title, body in RECIPES.items():
        assert re.match(r"\n\*Touch: ", body), title


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_works_as_far_as_it_reads_nothing(title, project):
    """Files are made, patches fit the code of today, commands do what is shown."""
    try_recipe(title, project, reading=False)


@pytest.mark.long
@pytest.mark.model
@pytest.mark.parametrize("title", [title for title, body in RECIPES.items() if READS.search(body)])
def test_a_recipe_works_whole(title, project):
    """The same with the sentences that show what a new type, word or rule finds, and what it does not."""
    try_recipe(title, project, reading=True)


def test_the_places_that_recipes_name_are_there():
    """A file that a recipe sends to is one of the project, or made by the recipe."""
    named = set(re.findall(r"`((?:kg|ontology|shapes|tests|docs)/[\w./-]+)`", TEXT))
    made = set(re.findall(r"cat > (\S+)", TEXT))
    assert len(named) > 12
    assert {path for path in named - made if not (ROOT / path).exists()} == set()
