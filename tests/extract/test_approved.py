"""What our own texts are read as, from kept documents, against what a person approved: ``tests/approve.py``."""

from __future__ import annotations

import pytest

from tests.approve import APPROVED, difference
from tests.readings import files


@pytest.mark.parametrize("name", files())
def test_reading_is_as_approved(name):
    """Events, participants, times, counts, claims, relations and entities of each text are those approved."""
    assert not (told := difference(name, files()[name]())), told


def test_each_approved_reading_is_of_some_text():
    """No file is left over of cases that are gone."""
    assert {f"readings/{path.name}" for path in (APPROVED / "readings").iterdir()} == set(files())
