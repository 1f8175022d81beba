"""The process that answers the shell's questions."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import harbour
import pytest

from kg.cli.asking import Answerer, Question
from kg.core.errors import KgError


def test_answers_come_from_a_process_that_nobody_waits_for(tmp_path: Path) -> None:
    """It ends with the program that asks, also where that says no word; a mistake is told and costs no answer."""
    before = set(multiprocessing.active_children())
    ask = Answerer(harbour.in_folder(tmp_path / "store"))
    try:
        with pytest.raises(KgError, match="line 1"):
            ask(Question("ASK {", (), None, None))
        ask(Question("ASK { ?s ?p ?o }", (), None, None))
        (process,) = set(multiprocessing.active_children()) - before
        assert process.daemon
    finally:
        ask.end()
    assert set(multiprocessing.active_children()) == before
