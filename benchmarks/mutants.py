"""Mutation testing on a sample: ``python -m benchmarks.mutants`` tells which small faults the tests let pass.

cosmic-ray's operators make the faults, one at a time, in a copy of the checkout. The suite runs once without a fault
and notes which tests run which line. On each fault run those that run its line (of very many those of its package);
where none does, since it runs in programs of their own or while modules are imported, the tests of its package. The
sample is the same for the same seed while its lines stand, spread over the packages by their size. Prints the
survivors and a table by package; exit status 1 where more than a quarter survive.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
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
#: Tests of the checkout, its documents and packages, and of other processes, which say nothing of single lines.
BESIDE = tuple(
    f"--ignore=tests/{name}" for name in ("project", "training", "serve/test_browser.py", "store/test_concurrency.py")
)
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
    text: str

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
                if "->" in text or text.startswith(("def ", "@", "if TYPE_CHECKING")) or ": " in text.split("=")[0]:
                    continue  # a union of types, a default, a field, imports for types
                yield Mutant(str(path.relative_to(root)), name, occurrence, start[0], text)


def sample(found: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """A sample of places in the code, one mutant for each, the same for the same seed while those lines stand.

    Lines are drawn by a digest of their words, so that a change elsewhere draws no others.
    """

    def drawn(*key: object) -> str:
        return hashlib.sha256(repr((seed, *key)).encode()).hexdigest()

    places: dict[tuple[str, str, str], list[Mutant]] = {}
    for mutant in found:
        kind = mutant.operator.partition("_")[0]
        places.setdefault((mutant.path, mutant.text, kind), []).append(mutant)
    chosen = sorted(places, key=lambda place: drawn(*place))[:size]
    ranked = (min(enumerate(places[place]), key=lambda m: drawn(m[0], m[1].operator))[1] for place in chosen)
    return sorted(ranked, key=lambda m: (m.path, m.line))


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


def note_coverage(copy: Path, covered: Path, timeout: float) -> None:
    """Run the tests once without a fault and note in a file which of them run which line, and which fail.

    Those that fail are named and left out: with them every fault would seem to be found.
    """
    noted = [*BESIDE, "-rf", "-n", "2", "--dist", "loadfile", "--cov=kg", "--cov-context=test", "--cov-report="]
    told = _run(noted, copy, timeout).stdout
    failed = sorted({line.split()[1] for line in told.splitlines() if line.startswith("FAILED ")})
    for test in failed:
        print(f"fails without any fault, left out: {test}", flush=True)
    covered.with_suffix(".failed").write_text("\n".join(failed), "utf-8")
    shutil.copy(copy / ".coverage", covered)


def tests_by_line(copy: Path, covered: Path) -> dict[tuple[str, int], list[str]]:
    """Which tests run a line of a file, each by its pytest id, as ``note_coverage`` found."""
    failed = set(covered.with_suffix(".failed").read_text("utf-8").splitlines())
    found = CoverageData(str(covered))
    found.read()
    lines: dict[tuple[str, int], list[str]] = {}
    for file in found.measured_files():
        path = str(Path(*Path(file).parts[len(copy.parts) :]))  # a copy of another share has another name
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
    if done.returncode in (4, 5) and not re.search(
        r"\d errors? in", done.stdout
    ):  # no tests: nothing that a fault does
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return done


def main() -> int:
    """Make the sample, try each mutant, print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a package: extract/events")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for the tests of one mutant")
    parser.add_argument(
        "--keep", type=Path, help="a folder for what was found: the same command goes on where it stopped"
    )
    parser.add_argument(
        "--share", default="0/1", help="every nth mutant, from which on: 0/2 and 1/2 run beside each other"
    )
    args = parser.parse_args()
    found = [m for m in mutants(ROOT) if m.package.startswith(args.only)]
    first, step = map(int, args.share.split("/"))
    chosen = sample(found, args.sample, args.seed)[first::step]
    print(f"{len(found)} mutants, {len(chosen)} of them tried", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return try_all(chosen, (args.keep or Path(folder)).resolve(), args.share.replace("/", "-"), args.timeout)


def try_all(chosen: list[Mutant], folder: Path, share: str, timeout: float) -> int:
    """Try each mutant that the folder's notes do not hold, print what survives; 1 where more than a quarter does."""
    notes, covered = folder / f"tried-{share}.jsonl", folder / "coverage"
    copy = folder / f"kg-{share}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "*_cache", "checkpoints", "demo"))
    (folder / "parses").mkdir(exist_ok=True)
    os.environ["KG_TEST_PARSES"] = str(folder / "parses")
    os.environ["PYTHONPATH"] = str(copy)
    if not covered.is_file():
        note_coverage(copy, covered, 4 * timeout)
    lines = tests_by_line(copy, covered)
    before = [json.loads(line) for line in notes.read_text("utf-8").splitlines()] if notes.is_file() else []
    tried, alive = Counter[str](), Counter[str]()
    for number, mutant in enumerate(chosen):
        known = before[number : number + 1]
        survived = known[0] if known else survives(mutant, chosen_tests(mutant, lines, copy), copy, timeout)
        tried[mutant.package] += 1
        alive[mutant.package] += survived
        if not known:
            with notes.open("a", encoding="utf-8") as file:
                print(json.dumps(survived), file=file)
        if survived:
            name = mutant.operator.partition("/")[2]
            print(f"survived: {mutant.path}:{mutant.line} {name} {mutant.occurrence}", flush=True)
    print(f"\n{'package':24} tried survived")
    for package in sorted(tried):
        print(f"{package:24} {tried[package]:5} {alive[package]:8}")
    print(f"{'all':24} {tried.total():5} {alive.total():8}")
    return int(alive.total() > MAY_SURVIVE * tried.total())


if __name__ == "__main__":
    sys.exit(main())
