"""Which tests run which line: found once with coverage, kept in a folder, brought up to date where tests have changed.

What was found holds on where lines have moved: kept sources and today's are compared. A file of tests is run again
where it, a module of ``tests`` that it imports or a file of ``tests/cases`` that one of them names has changed, and
where one of its tests failed.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from coverage import CoverageData

from benchmarks.forked import TRIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Lines = dict[tuple[str, int], list[str]]
"""Which tests run which line of which file, by their pytest ids; no tests where it runs at import only."""
#: Many files are run by two processes.
_MANY = 6


def tests_by_line(copy: Path, kept: Path, files: Sequence[str], beside: Sequence[str]) -> Lines:
    """Which of the files' tests run which line of a copy of the checkout; tests that fail without any fault do not."""
    known: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.is_file() else _nothing()
    digests = {file: _digest(copy, file) for file in files}
    again = {test.partition("::")[0] for test in known["failed"]}
    if changed := [file for file in files if known["files"].get(file) != digests[file] or file in again]:
        known = {"files": digests, **_joined(_moved(known, copy), _found(copy, changed, beside), set(changed))}
        kept.write_text(json.dumps(known), "utf-8")
    moved = _moved(known, copy)
    failed, ids = set(moved["failed"]), moved["ids"]
    return {
        (path, int(line)): [ids[n] for n in run if ids[n] not in failed]
        for path, told in moved["lines"].items()
        for line, run in told.items()
    }


def _nothing() -> dict[str, Any]:
    return {"files": {}, "ids": [], "failed": [], "sources": {}, "lines": {}}


def _digest(copy: Path, file: str) -> str:
    """A digest of a file of tests with all that it reads of ``tests``."""
    found = hashlib.sha256()
    seen, waiting = set[str](), [file]
    while waiting:
        name = waiting.pop()
        if name in seen or not (copy / name).is_file():
            continue
        seen.add(name)
        content = (copy / name).read_bytes()
        found.update(content)
        if name.endswith(".py"):
            waiting += sorted(_read_by(content.decode("utf-8"), copy))
    return found.hexdigest()


def _read_by(source: str, copy: Path) -> Iterator[str]:
    """The modules of ``tests`` that a module imports, and the files of ``tests/cases`` that it names."""
    for one in re.findall(r"from tests\.(\w+) import|import tests\.(\w+)", source):
        yield f"tests/{''.join(one)}.py"
    for several in re.findall(r"from tests import ([\w, ]+)", source):
        yield from (f"tests/{name.strip()}.py" for name in several.split(","))
    for name in re.findall(r'(?i)\bcases"?\)? ?/ ?"?([\w.-]+)', source):
        if (copy / "tests" / "cases" / name).is_dir():
            yield from (str(path.relative_to(copy)) for path in (copy / "tests" / "cases" / name).rglob("*.*"))
        elif (copy / "tests" / "cases" / name).is_file():
            yield f"tests/cases/{name}"


def _found(copy: Path, files: Sequence[str], beside: Sequence[str]) -> dict[str, Any]:
    """Run files of tests once: which test runs which line, and which fail."""
    processes = ["-n", "2", "--dist", "loadfile"] if len(files) >= _MANY else ["-p", "no:xdist"]
    watched = ["--cov=kg", "--cov-context=test", "--cov-report="]
    command = [sys.executable, "-m", "pytest", "-q", "-m", TRIED, "-p", "no:cacheprovider", "-rf", *processes]
    done = subprocess.run([*command, *watched, *beside, *files], cwd=copy, capture_output=True, check=False, text=True)
    if not re.search(r"\d passed", done.stdout):
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    failed = sorted({line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")})
    for test in failed:
        print(f"fails without any fault, left out: {test}", flush=True)
    return {"failed": failed, **read_coverage(copy, copy / ".coverage")}


def read_coverage(copy: Path, file: Path) -> dict[str, Any]:
    """What a file of coverage says: ids of tests, sources, and for each line the numbers of the tests that run it."""
    data = CoverageData(str(file))
    data.read()
    ids: dict[str, int] = {}
    sources, lines = {}, {}
    for measured in data.measured_files():
        path = "/".join(measured.split("/")[len(copy.parts) :])  # a copy of another share has another name
        sources[path] = (copy / path).read_text("utf-8").splitlines()
        lines[path] = {
            str(line): [ids.setdefault(c.rpartition("|")[0], len(ids)) for c in contexts if c]
            for line, contexts in data.contexts_by_lineno(measured).items()
        }
    return {"ids": list(ids), "sources": sources, "lines": lines}


def _moved(known: dict[str, Any], copy: Path) -> dict[str, Any]:
    """What is known, by the numbers that lines have in the copy by now; of lines that are gone nothing."""
    sources, lines = {}, {}
    for path, told in known["lines"].items():
        before = known["sources"][path]
        if not (copy / path).is_file():
            continue
        sources[path] = after = (copy / path).read_text("utf-8").splitlines()
        blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        now = {b.a + n + 1: b.b + n + 1 for b in blocks for n in range(b.size)} if before != after else None
        lines[path] = {
            str(at): run for line, run in told.items() if (at := int(line) if now is None else now.get(int(line), 0))
        }
    return {**known, "sources": sources, "lines": lines}


def _joined(known: dict[str, Any], new: dict[str, Any], again: set[str]) -> dict[str, Any]:
    """What is known of the files of tests that were not run again, and what was found now."""
    ids: dict[str, int] = {}
    lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in (known, new):
        for path, told in one["lines"].items():
            for line, run in told.items():
                names: Iterable[str] = (one["ids"][n] for n in run)
                if one is known:
                    names = (name for name in names if name.partition("::")[0] not in again)
                lines[path][line].update(ids.setdefault(name, len(ids)) for name in names)
    failed = [name for name in known["failed"] if name.partition("::")[0] not in again]
    told = {path: {line: sorted(run) for line, run in found.items()} for path, found in lines.items()}
    return {
        "ids": list(ids),
        "failed": failed + new["failed"],
        "sources": {**known["sources"], **new["sources"]},
        "lines": told,
    }
