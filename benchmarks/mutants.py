"""Mutation testing on a sample: ``python -m benchmarks.mutants`` tells which small faults the tests let pass.

cosmic-ray's operators make the faults, one at a time, in a copy of the checkout. The suite runs once without a fault
and notes which tests run which line. On each fault run those that run its line (of very many those of its package);
where none does, since it runs in programs of their own or while modules are imported, the tests of its package. The
sample is the same for the same seed and code, spread over the packages by their size. Prints the survivors and a table
by package; exit status 1 where more than a quarter survive.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent
#: A quarter of the sample may survive: some mutants change nothing that anybody could see.
MAY_SURVIVE = 0.25
#: Tests of the checkout, its documents and packages, which say nothing of single lines.
BESIDE = ("--ignore=tests/project", "--ignore=tests/training")
#: So many tests run on one fault at most.
MANY = 150
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
                if "->" in text or text.startswith(("def ", "@")) or ": " in text.split("=")[0]:
                    continue  # a union of types, a default, a field
                yield Mutant(str(path.relative_to(root)), name, occurrence, start[0])


def sample(found: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """A sample of places in the code, one mutant for each, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  a sample, no secret
    places: dict[tuple[str, int, str], list[Mutant]] = {}
    for mutant in found:
        kind = mutant.operator.partition("_")[0]
        places.setdefault((mutant.path, mutant.line, kind), []).append(mutant)
    chosen = chance.sample(sorted(places), min(size, len(places)))
    return [chance.choice(places[place]) for place in sorted(chosen)]


def survives(mutant: Mutant, tests: Sequence[str], copy: Path, timeout: float) -> bool:
    """Whether the tests pass although the fault is there; the copy is as before afterwards."""
    path = copy / mutant.path
    source = path.read_text("utf-8")
    changed = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    if changed is None:
        return False
    path.write_text(changed, "utf-8")
    try:
        return _tests_pass(["-x", *tests], copy, timeout)
    finally:
        path.write_text(source, "utf-8")


def tests_by_line(copy: Path, timeout: float) -> dict[tuple[str, int], list[str]]:
    """Which tests run a line of a file, each by its pytest id, from one run without a fault.

    Tests that fail there are named and left out: with them every fault would seem to be found.
    """
    noted = [*BESIDE, "-rf", "-n", "2", "--dist", "loadfile", "--cov=kg", "--cov-context=test", "--cov-report="]
    told = _run(noted, copy, timeout).stdout
    failed = {line.split()[1] for line in told.splitlines() if line.startswith("FAILED ")}
    for test in sorted(failed):
        print(f"fails without any fault, left out: {test}", flush=True)
    found = CoverageData(str(copy / ".coverage"))
    found.read()
    lines: dict[tuple[str, int], list[str]] = {}
    for file in found.measured_files():
        path = str(Path(file).relative_to(copy))
        for line, contexts in found.contexts_by_lineno(file).items():
            lines[path, line] = sorted({context.rpartition("|")[0] for context in contexts} - {""} - failed)
    return lines


def chosen_tests(mutant: Mutant, lines: dict[tuple[str, int], list[str]], copy: Path) -> list[str]:
    """The tests to run on a fault."""
    folders = _tests_of(mutant.package, copy)
    found = lines.get((mutant.path, mutant.line), [])
    near = [test for test in found if test.startswith(folders)]
    return [*near, *(test for test in found if test not in set(near))][:MANY] or list(folders)


def _tests_of(package: str, copy: Path) -> tuple[str, ...]:
    """The folders of tests that stand for a package."""
    first = package.partition("/")[0].removesuffix(".py")
    folders = [f"tests/{name}" for name in TESTS.get(first, (first,)) if (copy / "tests" / name).is_dir()]
    return tuple(folders) or ("tests/cli", "tests/interface")


def _tests_pass(arguments: Sequence[str], copy: Path, timeout: float) -> bool:
    try:
        return _run(arguments, copy, timeout).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _run(arguments: Sequence[str], copy: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not long", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=copy, capture_output=True, timeout=timeout, check=False, text=True)
    if done.returncode in (4, 5):  # a wrong use, no tests: nothing that a fault does
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return done


def main() -> int:
    """Make the sample, try each mutant, print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a package: extract/events")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for the tests of one mutant")
    args = parser.parse_args()
    found = [m for m in mutants(ROOT) if m.package.startswith(args.only)]
    chosen = sample(found, args.sample, args.seed)
    print(f"{len(found)} mutants, {len(chosen)} of them tried", flush=True)
    tried, alive = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "kg"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "*_cache", "checkpoints", "demo"))
        (Path(folder) / "parses").mkdir()
        os.environ["KG_TEST_PARSES"] = str(Path(folder) / "parses")
        os.environ["PYTHONPATH"] = str(copy)
        lines = tests_by_line(copy, 4 * args.timeout)
        for mutant in chosen:
            tried[mutant.package] += 1
            if survives(mutant, chosen_tests(mutant, lines, copy), copy, args.timeout):
                alive[mutant.package] += 1
                name = mutant.operator.partition("/")[2]
                print(f"survived: {mutant.path}:{mutant.line} {name} {mutant.occurrence}", flush=True)
    print(f"\n{'package':24} tried survived")
    for package in sorted(tried):
        print(f"{package:24} {tried[package]:5} {alive[package]:8}")
    print(f"{'all':24} {tried.total():5} {alive.total():8}")
    return int(alive.total() > MAY_SURVIVE * tried.total())


if __name__ == "__main__":
    sys.exit(main())
