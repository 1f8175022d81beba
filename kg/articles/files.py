"""Which files an argument stands for, and which format each is in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kg.articles.metadata import SIDECAR_SUFFIX

FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
KNOWN = tuple(FORMATS)
"""The extensions of files that are read."""


def files_of(argument: str) -> Iterator[tuple[str, str]]:
    """The files an argument stands for, each with the id that its path gives."""
    if argument == "-":
        yield "-", "stdin"
    elif os.path.isdir(argument):  # noqa: PTH112 - the argument stays a string as the user wrote it
        for folder, subfolders, names in os.walk(argument):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or name.endswith(SIDECAR_SUFFIX) or path.suffix.lower() not in FORMATS:
                    continue
                yield str(path), path.relative_to(argument).with_suffix("").as_posix()
    else:
        yield argument, Path(argument).stem
