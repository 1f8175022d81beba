"""What our own texts are read as, from kept documents, against what a person approved: ``tests/approve.py``."""

from __future__ import annotations

import pytest

from tests import slips
from tests.approve import APPROVED, difference
from tests.readings import files


@pytest.mark.parametrize("name", files())
def test_reading_is_as_approved(name):
    """Events, participants, times, counts, claims, relations and entities of each text are those approved."""
    assert not (told := difference(name, files()[name]())), told


#: Each takes some five seconds: one in three is read in every run, beside what is joined; the others in the long one.
LONG = [name for n, name in enumerate(slips.files()) if "joined" not in name and n % 3]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.approved, *([pytest.mark.long] if name in LONG else [])])
        for name in slips.files()
    ],
)
def test_what_a_slip_changes_is_as_approved(name):
    """In what texts are read otherwise where a word's label, its head, a name, a score or the day is another one."""
    assert not (told := difference(name, slips.files()[name]())), told


def test_each_approved_reading_is_of_some_text():
    """No file is left over of cases that are gone."""
    found = {
        f"{path.parent.name}/{path.name}" for kind in ("readings", "slips") for path in (APPROVED / kind).iterdir()
    }
    assert found == {*files(), *slips.files()}
