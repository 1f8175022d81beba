"""Mutation testing on a sample: ``python -m benchmarks.mutants`` tells which small faults the tests let pass.

cosmic-ray's operators make the faults, one at a time, in a copy of the checkout. The suite runs once without a fault
and notes which tests run which line (``benchmarks.covered``; with ``--keep`` later runs go on from there). On each
fault run the approved files that run its line, which find most and are cheap; then the tests that run it, its
package's and those that run little else first; where none does, since it runs in programs of their own or while modules
are imported, all tests of its package. A fault of which Python itself warns ("is" with a literal) is found by ruff in
``tests/project``, which are not run here. ``--by-name`` makes the first run a short one, of the approved files alone:
then those files of tests are tried that name the module. The sample is the same for the same seed while its lines
stand, spread over the packages by their size. Prints the survivors and a table by package; exit status 1 where more
than a quarter survive.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage.parser import PythonParser

from benchmarks import forked
from benchmarks.covered import Lines, tests_by_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parent.parent
#: A quarter of the sample may survive: some mutants change nothing that anybody could see.
MAY_SURVIVE = 0.25
#: Tests of the checkout, its documents and packages, and of other processes, which say nothing of single lines.
BESIDE = tuple(
    f"--ignore=tests/{name}"
    for name in (
        *("project", "training", "store/test_concurrency.py"),
        *("serve/test_browser.py", "serve/test_browser_large.py", "serve/test_browser_seed.py"),
    )
)
#: So many tests run on one fault at most.
MANY = 150
#: What is tried first: cheap, and it watches most of the code.
READINGS, PAPER = "tests/extract/test_approved.py", "tests/pipeline/test_paper.py"
VALUES = "tests/core/test_values.py"
#: Packages whose faults the readings show.
READ = ("extract", "ontology", "core")
#: Which tests stand for a package, where they do not lie in the folder of its name.
TESTS = {"core": ("core", "graph", "cli"), "interface": ("interface",)}
#: Operators whose mutants are mostly the same program: types in annotations, numbers off by one in messages.
LEFT_OUT = ("RemoveDecorator", "ExceptionReplacer", "ZeroIterationForLoop")
#: Kinds of leaves of the syntax tree that no operator changes.
UNTOUCHED = ("name", "string", "newline", "endmarker")


@dataclass(frozen=True)
class Mutant:
    """One small fault: the file, the operator of cosmic-ray, and at which of its places."""

    path: str
    operator: str
    occurrence: int
    line: int
    text: str

    @property
    def key(self) -> str:
        """By what its outcome is kept: not by its line's number."""
        return f"{self.path}: {self.text} [{self.operator.partition('/')[2]} {self.occurrence}]"

    @property
    def package(self) -> str:
        """The package below kg that holds it, of extract the one below that."""
        parts = Path(self.path).parts[1:]
        return "/".join(parts[: 2 if parts[0] == "extract" else 1])


def mutants(root: Path) -> Iterator[Mutant]:
    """Every mutant of the code below kg, in a fixed order; annotations are left alone."""
    for path in sorted((root / "kg").rglob("*.py")):
        tree = get_ast(path.read_text("utf-8"))
        nodes = [node for node in ast_nodes(tree) if node.type not in UNTOUCHED]  # two hundred operators look at each
        lines = path.read_text("utf-8").splitlines()
        for name in sorted(operator_names()):
            operator_class = get_operator(name)
            if operator_class.arguments() or name.partition("/")[2].startswith(LEFT_OUT):
                continue
            operator = operator_class()
            places = (place for node in nodes for place in operator.mutation_positions(node))
            for occurrence, (start, _) in enumerate(places):
                text = lines[start[0] - 1].strip()
                if (
                    text == "*,"
                    or "->" in text
                    or text.startswith(("def ", "@", "if TYPE_CHECKING"))
                    or ": " in text.split("=")[0]
                ):
                    continue  # a signature, a union of types, a default, a field, imports for types
                yield Mutant(str(path.relative_to(root)), name, occurrence, start[0], text)


def sample(found: list[Mutant], size: int, seed: int, root: Path) -> list[Mutant]:
    """A sample of places in the code, one mutant for each, the same for the same seed while those lines stand.

    Lines are drawn by a digest of their words, so that a change elsewhere draws no others. What is no Python any more
    ("if not x := 1") is no mutant: another is drawn.
    """

    def drawn(*key: object) -> str:
        return hashlib.sha256(repr((seed, *key)).encode()).hexdigest()

    places: dict[tuple[str, str, str], list[Mutant]] = {}
    for mutant in found:
        kind = mutant.operator.partition("_")[0]
        places.setdefault((mutant.path, mutant.text, kind), []).append(mutant)
    chosen: list[Mutant] = []
    for place in sorted(places, key=lambda place: drawn(*place)):
        if len(chosen) == size:
            break
        ranked = sorted(enumerate(places[place]), key=lambda m: drawn(m[0], m[1].operator))
        chosen += next(([m] for _, m in ranked if changed(m, root) is not None), [])
    return sorted(chosen, key=lambda m: (m.path, m.line))


def changed(mutant: Mutant, root: Path) -> str | None:
    """The source of its file with the fault in it; None where that is no Python."""
    source = (root / mutant.path).read_text("utf-8")
    with_fault = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    if with_fault is None or with_fault == source:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(with_fault, mutant.path, "exec")
    except SyntaxError:
        return None
    return str(with_fault)


def outcome(mutant: Mutant, rounds: Sequence[Callable[[], Sequence[str]]], copy: Path, limit: int) -> str:
    """What the tests make of the fault, round after round: "survived", or by which round it was found.

    A test that uses more than ``limit`` seconds of the processor has found a fault that runs away. The copy is as
    before afterwards.
    """
    path = copy / mutant.path
    source, with_fault = path.read_text("utf-8"), changed(mutant, copy)
    assert with_fault is not None, mutant.key  # noqa: S101 - it was drawn from the same source
    if _is_warned_of(with_fault):
        return "killed by the compiler"
    path.write_text(with_fault, "utf-8")
    parses = os.environ.pop("KG_TEST_PARSES", "")
    if mutant.package != "extract/language":  # what parsing does wrong is not seen in documents parsed before
        os.environ["KG_TEST_PARSES"] = parses
    try:
        for number, tests in enumerate(rounds, 1):
            if (chosen := tests()) and (status := forked.run(["-x", *chosen], copy, limit)) != 0:
                return f"killed in round {number}" if status != forked.RAN_AWAY else f"ran away in round {number}"
        return "survived"
    finally:
        os.environ["KG_TEST_PARSES"] = parses
        path.write_text(source, "utf-8")


def _is_warned_of(source: str) -> bool:
    """Whether Python itself warns of a source ("is" with a literal), as ruff does in tests/project/test_style.py."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        compile(source, "a fault", "exec")
    return any(issubclass(one.category, SyntaxWarning) for one in told)


def test_files(copy: Path) -> list[str]:
    """The files of tests that may find a fault."""
    beside = tuple(option.removeprefix("--ignore=") for option in BESIDE)
    files = (str(path.relative_to(copy)) for path in sorted((copy / "tests").rglob("test_*.py")))
    return [file for file in files if not file.startswith(beside)]


def breadths(lines: Lines) -> Counter[str]:
    """How many lines each test runs."""
    return Counter(test for tests in lines.values() for test in tests)


def tried_first(mutant: Mutant, lines: Lines, breadth: Counter[str], copy: Path) -> list[str]:
    """The approved files that run the line of a fault, those that run little first; of an import all of them."""
    found = [t for t in running(mutant, lines, copy) or () if t.startswith((READINGS, PAPER, VALUES))]
    if not found and (mutant.path, mutant.line) in lines:
        found = [VALUES, READINGS if mutant.package.startswith(READ) else PAPER]
    tables, others = [t for t in found if t.startswith(VALUES)], [t for t in found if not t.startswith(VALUES)]
    chosen = [t for t in others if t.startswith(READINGS)] or others
    return sorted(tables, key=lambda t: breadth[t]) + sorted(chosen, key=lambda t: breadth[t])


def running(mutant: Mutant, lines: Lines, copy: Path) -> list[str] | None:
    """The tests that run the statement of a fault; None where no test of a process that was watched runs it."""
    parser = PythonParser(text=(copy / mutant.path).read_text("utf-8"))
    parser.parse_source()
    first = parser.first_line(mutant.line)
    told = [lines[at] for line in (mutant.line, first) if (at := (mutant.path, line)) in lines]
    return max(told, key=len, default=None)


def chosen_tests(mutant: Mutant, lines: Lines, breadth: Counter[str], copy: Path) -> list[str]:
    """The tests that run the line of a fault, but for those tried first: its package's, then those that run little.

    Tests of one file stay together, for what they share. Where none runs it all of its package are tried: some of them
    start processes, which were not watched.
    """
    folders = _tests_of(mutant.package, copy)
    found = [t for t in running(mutant, lines, copy) or () if not t.startswith((READINGS, PAPER, VALUES))]
    least: dict[str, int] = {}
    for test in found:
        file = test.partition("::")[0]
        least[file] = min(least.get(file, breadth[test]), breadth[test])

    def place(test: str) -> tuple[bool, int, str, int]:
        file = test.partition("::")[0]
        return not test.startswith(folders), least[file], file, breadth[test]

    return sorted(found, key=place)[:MANY] or list(folders)


def naming_tests(mutant: Mutant, copy: Path) -> list[str]:
    """The files of tests that name the module of a fault, its package's first; where none does, all of its package."""
    module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    above, _, name = module.rpartition(".")
    named = re.compile(rf"\b{re.escape(module)}\b|from {re.escape(above)} import [^\n]*\b{name}\b")
    files = [f for f in test_files(copy) if not f.startswith((READINGS, PAPER, VALUES))]
    folders = _tests_of(mutant.package, copy)
    found = [f for f in files if named.search((copy / f).read_text("utf-8"))]
    return sorted(found, key=lambda f: not f.startswith(folders)) or [f for f in files if f.startswith(folders)]


def _tests_of(package: str, copy: Path) -> tuple[str, ...]:
    """The folders of tests that stand for a package."""
    first = package.partition("/")[0].removesuffix(".py")
    folders = [f"tests/{name}" for name in TESTS.get(first, (first,)) if (copy / "tests" / name).is_dir()]
    return tuple(folders) or ("tests/cli", "tests/interface")


def main() -> int:
    """Make the sample, try each mutant, print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="another draws another sample")
    parser.add_argument("--only", default="", help="a package: extract/events")
    parser.add_argument("--limit", type=int, default=300, help="seconds of the processor for the tests of one mutant")
    parser.add_argument("--by-name", action="store_true", help="no run for coverage: tests that name the module")
    parser.add_argument("--rounds", type=int, default=2, help="1: only what is tried first")
    parser.add_argument("--again", action="store_true", help="try those that survived before once more")
    parser.add_argument(
        "--keep", type=Path, help="a folder for what was found: the same command goes on where it stopped"
    )
    parser.add_argument(
        "--share", default="0/1", help="every nth mutant, from which on: 0/2 and 1/2 run beside each other"
    )
    args = parser.parse_args()
    first, step = map(int, args.share.split("/"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        copy = _copied(folder, args.share.replace("/", "-"))
        found = [m for m in mutants(copy) if m.package.startswith(args.only)]
        chosen = sample(found, args.sample, args.seed, copy)[first::step]
        print(f"{len(found)} mutants, {len(chosen)} of them tried", flush=True)
        told = try_all(chosen, folder, copy, args)
    return report(told)


def _copied(folder: Path, share: str) -> Path:
    """A copy of the checkout to put faults into, and where parsed documents are kept."""
    copy = folder / f"kg-{share}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "*_cache", "checkpoints", "demo"))
    (folder / "parses").mkdir(exist_ok=True)
    os.environ["KG_TEST_PARSES"] = str(folder / "parses")
    os.environ["PYTHONPATH"] = str(copy)
    return copy


def try_all(chosen: list[Mutant], folder: Path, copy: Path, args: argparse.Namespace) -> dict[Mutant, str]:
    """The outcome of each mutant: as the folder's notes have it, else as it is tried and noted now."""
    notes = folder / f"tried-{args.share.replace('/', '-')}.jsonl"
    known: dict[str, str] = {}
    for line in notes.read_text("utf-8").splitlines() if notes.is_file() else ():
        known.update([json.loads(line)])
    if args.again:
        known = {key: told for key, told in known.items() if told != "survived"}
    covered, files = folder / "covered.json", test_files(copy)
    if args.by_name:
        covered, files = folder / "covered-approved.json", [READINGS, PAPER, VALUES]
    lines = tests_by_line(copy, covered, files, BESIDE)
    breadth = breadths(lines)
    told: dict[Mutant, str] = {}
    for mutant in chosen:
        if mutant.key in known:
            told[mutant] = known[mutant.key]
            continue
        first = partial(tried_first, mutant, lines, breadth, copy)
        near = partial(chosen_tests, mutant, lines, breadth, copy)
        if args.by_name:
            near = partial(naming_tests, mutant, copy)
        started = time.monotonic()
        told[mutant] = outcome(mutant, [first, near][: args.rounds], copy, args.limit)
        with notes.open("a", encoding="utf-8") as file:
            print(json.dumps([mutant.key, told[mutant]]), file=file)
        seconds = f"{time.monotonic() - started:.0f} s"
        print(f"{told[mutant]}, {seconds}: {mutant.path}:{mutant.line} {mutant.key.partition(': ')[2]}", flush=True)
    return told


def report(told: dict[Mutant, str]) -> int:
    """Print what survived and a table by package; 1 where more than a quarter did."""
    alive = Counter(mutant.package for mutant, said in told.items() if said == "survived")
    tried = Counter(mutant.package for mutant in told)
    for mutant, said in told.items():
        if said == "survived":
            print(f"survived: {mutant.path}:{mutant.line} {mutant.key.partition(': ')[2]}")
    print(f"\n{'package':24} tried survived")
    for package in sorted(tried):
        print(f"{package:24} {tried[package]:5} {alive[package]:8}")
    print(f"{'all':24} {tried.total():5} {alive.total():8}")
    print(Counter(told.values()).most_common())
    return int(alive.total() > MAY_SURVIVE * tried.total())


if __name__ == "__main__":
    sys.exit(main())
