"""Times on the dates of GUM's news, where the corpora are: KG_CORPORA names their folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPORA = os.environ.get("KG_CORPORA", "")


@pytest.mark.skipif(
    not Path(CORPORA, "timex").is_dir(), reason="KG_CORPORA names no folder with timex/gum_dates.jsonl.gz"
)
def test_dates_of_news_have_their_value():
    """Of the dates that a corpus marks in news at least 80 in 100 get their value, and few words are read as dates."""
    command = [sys.executable, "-m", "benchmarks.dates", f"{CORPORA}/timex/gum_dates.jsonl.gz", "--genre", "news"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    right, extra = re.search(r"^all .* right (\S+) right of .* extra (\d+)$", printed, re.MULTILINE).groups()
    assert float(right) >= 0.80
    assert int(extra) <= 20
