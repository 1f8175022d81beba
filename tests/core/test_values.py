"""Small functions on telling values, against the tables that a person approved: ``tests/values.py``."""

from __future__ import annotations

import pytest

from tests.approve import difference
from tests.values import TABLES


@pytest.mark.parametrize("name", TABLES)
def test_values_are_as_approved(name):
    """Each function gives on each value what stands in the table."""
    found = "".join(f"{line}\n" for line in TABLES[name]())
    assert not (told := difference(f"values/{name}.txt", found)), told
