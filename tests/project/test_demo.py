"""The demo: one command loads, validates, merges, answers and exports."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import rdflib

ROOT = Path(__file__).parents[2]


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
