"""Where files are kept that can be made again: ``$KG_CACHE``, else ``kg`` in the XDG cache folder."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The folder; it may not be there yet."""
    if chosen := os.environ.get("KG_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg"
