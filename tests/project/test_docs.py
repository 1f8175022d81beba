"""The documentation holds: its commands and the demo run, its links lead somewhere, it names what there is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

from kg.cli import VERBS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in ("cases", "build") for part in page.relative_to(ROOT).parts[:-1])
)


def _console_blocks(page):
    """(command, lines of output shown) of every ```console block: ``$`` starts a command, ``>`` continues it."""
    for block in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = entry.splitlines()
            more = [line for line in lines[1:] if line.startswith(">")]
            command = "\n".join([lines[0], *(line.removeprefix(">").removeprefix(" ") for line in more)])
            yield command, [line for line in lines[1:] if not line.startswith(">")]


@pytest.mark.model
def test_the_commands_of_the_readme_run_and_print_what_it_shows(tmp_path, forking):
    """The tour works as written, in an empty folder with the seeds."""
    take_the_tour(tmp_path, forking.environment())


@pytest.mark.long
@pytest.mark.model
def test_the_commands_of_the_readme_run_with_the_installed_command(tmp_path):
    """Likewise where each command starts anew."""
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    take_the_tour(tmp_path, {**os.environ, "PATH": beside})


def take_the_tour(tmp_path, environment):
    """Run every command of the README in a folder, one after the other."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    ran = 0
    for command, shown in _console_blocks(README):
        if command.startswith("make "):
            continue
        done = subprocess.run(
            ["sh", "-e", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
        )
        assert done.returncode == 0, f"$ {command}\n{done.stderr}"
        printed = (done.stdout + done.stderr).splitlines()
        assert [line for line in shown if line not in printed] == [], f"$ {command}\n{done.stdout}{done.stderr}"
        ran += 1
    assert ran > 15


@pytest.mark.model
def test_the_demo_answers_its_questions_and_writes_turtle(tmp_path, forking):
    """Every question of the demo that the article answers has rows, one of them joined with the slice of Wikidata."""
    turtle = tmp_path / "graph.ttl"
    kg = forking.folder / "kg"
    done = subprocess.run(
        ["sh", "docs/demo.sh", kg, tmp_path / "store", turtle], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "1 stored (" in done.stderr
    assert "1 article checked, 0 violations" in done.stderr
    answers = re.split(r"^([A-Z…].*[?:)])$", done.stdout, flags=re.MULTILINE)
    rows = {
        question: len(table.strip().splitlines()) - 2 for question, table in zip(*[iter(answers[1:])] * 2, strict=True)
    }
    assert len(rows) == 8
    assert [question for question, number in rows.items() if number < 1 and "disagree" not in question] == []
    joined = next(table for question, table in zip(answers[1::2], answers[2::2], strict=True) if "capital" in question)
    assert re.search(r"Algeria +Algiers +Africa", joined)
    assert len(rdflib.Graph().parse(turtle)) > 1000


def test_the_make_targets_that_the_readme_names_are_there():
    """No command of the first screen is made up."""
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = set(re.findall(r"\bmake ([\w-]+)", README)) - {"and"}
    assert named
    assert named <= set(targets)


def test_the_readme_names_every_verb():
    """A verb that nobody is told of might as well not be there."""
    assert [verb for verb in VERBS if f"`{verb}`" not in README] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    """Every relative link and picture of a page is a file here."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_properties_and_classes_of_the_readme_are_in_the_ontology():
    """The page on the data model names no term that is not there."""
    defined = "\n".join(p.read_text("utf-8") for p in sorted((ROOT / "ontology").glob("*.ttl")))
    named = set(re.findall(r"\bkg:([A-Za-z]+)", README)) - {"Celebration"}  # what the tour teaches it
    assert len(named) > 30
    assert {term for term in named if f"kg:{term} a " not in defined} == set()
