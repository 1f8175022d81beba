"""Every verb leaves with one line whatever its streams, outputs and arguments are: never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli.leaving import in_words
from kg.core.errors import KgError
from kg.store.opening import open_store

BASE = "https://news.example/"
GRAPH = f"{BASE}article/a"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
KG = "https://kg.example/ontology#"
LINES = "".join(
    sorted(
        f"{line} .\n"
        for line in (
            f"<{GRAPH}> {TYPE} <{KG}Article>",
            f"<{GRAPH}#killing-1> <{KG}eventType> <{KG}Killing>",
            f'<{BASE}person/ana> <http://www.w3.org/2004/02/skos/core#prefLabel> "Ana"',
        )
    )
)

READERS = {
    "query": ["query", "SELECT * { ?s ?p ?o }"],
    "construct": ["query", "CONSTRUCT WHERE { ?s ?p ?o }"],
    "plan": ["query", "ASK { ?s ?p ?o }", "--plan"],
    "list": ["query", "--list"],
    "export": ["export"],
    "stats": ["stats"],
    "types": ["types", "Killing"],
    "links": ["links"],
    "explain": ["explain", "Ana"],
    "conflicts": ["conflicts", "--all"],
    "diff": ["diff", "other.nq"],
    "rehearsal": ["update", "INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 } }", "--dry-run"],
    "extract": ["extract", "a.txt"],
}
"""Verbs that write an answer; those without --output write to standard output."""
NO_OUTPUT = ("list",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and files that verbs read."""
    folder = tmp_path_factory.mktemp("leaving")
    with open_store(str(folder / "kg-store"), mode="write") as store:
        store.replace(GRAPH, LINES.encode())
    (folder / "other.nq").write_text("<a:s> <a:p> <a:o> .\n", encoding="utf-8")
    (folder / "a.txt").write_text("Gunmen killed two men in Norvia on Monday.\n", encoding="utf-8")
    (folder / "taken").mkdir()
    return folder


def run(arguments: list[str | bytes], folder: Path, **streams: object) -> subprocess.CompletedProcess[str]:
    """Run kg in a process of its own."""
    command = [sys.executable, "-m", "kg", *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **streams}
    return subprocess.run(command, cwd=folder, text=True, check=False, timeout=120, errors="replace", **options)  # type: ignore[call-overload,no-any-return]


def assert_told(done: subprocess.CompletedProcess[str]) -> None:
    """Exit status 2 and one line of words."""
    said = [line for line in (done.stderr or "").splitlines() if "reserved domain" not in line]
    assert done.returncode == 2, (done.returncode, said)
    assert "Traceback" not in done.stderr
    assert len(said) == 1, said
    assert said[0].startswith("kg: ")


OUTPUTS = {
    "a folder": "taken",
    "nothing": "",
    "a name of 300 letters": "x" * 300,
    "below a file": "a.txt/x.csv",
    "below nothing": "none/x.csv",
    "a full device": "/dev/full",
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("verb", ["query", pytest.param("rest", marks=pytest.mark.long)])
def test_outputs_that_cannot_be_written_are_named(verb: str, output: str, folder: Path, run_kg, monkeypatch) -> None:
    """Each verb with --output says in one line which file cannot be written, with exit status 2."""
    if output == "a full device" and not Path("/dev/full").exists():
        pytest.skip("no full device here")
    for name in [verb] if verb in READERS else [name for name in READERS if name not in NO_OUTPUT]:
        formats = ["--format", "json"] if name == "explain" else ["--format", "turtle"] if name == "construct" else []
        formats = formats or (["--format", "csv"] if name in ("query", "stats", "types", "links", "conflicts") else [])
        formats = formats or (["--format", "nquads"] if name == "export" else [])
        monkeypatch.chdir(folder)
        told = run_kg(*READERS[name], *formats, "--output", OUTPUTS[output])
        assert_told(subprocess.CompletedProcess([], *told))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize(
    "verb", [v if v in ("query", "list") else pytest.param(v, marks=pytest.mark.long) for v in READERS]
)
def test_a_full_standard_output_is_told(verb: str, folder: Path) -> None:
    """Where standard output takes nothing, the exit status is 2 and not that of an answer."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        assert_told(run(READERS[verb], folder, stdout=full))


def closed(number: int) -> dict[str, object]:
    """A stream that is closed when the program starts."""
    return {("stdin", "stdout", "stderr")[number]: None, "preexec_fn": lambda: os.close(number)}


@pytest.mark.parametrize(
    "verb", [v if v in ("query", "stats") else pytest.param(v, marks=pytest.mark.long) for v in READERS]
)
def test_a_closed_standard_output_is_told_and_no_store_is_written_to(verb: str, folder: Path) -> None:
    """Nothing takes the place of a closed stream: the answer goes nowhere, and that is said."""
    assert_told(run(READERS[verb], folder, **closed(1)))
    assert run(READERS["query"], folder).returncode == 0


def test_other_closed_streams_do_not_matter(folder: Path) -> None:
    """Without standard input or error a query is answered as ever."""
    whole = run(READERS["query"], folder).stdout
    assert run(READERS["query"], folder, **closed(0)).stdout == whole
    assert run(READERS["query"], folder, **closed(2)).stdout == whole
    assert run(["load", "-", "--store", "none"], folder, **closed(0)).returncode == 2


def test_a_reader_that_leaves_early_ends_the_program_quietly(folder: Path) -> None:
    """``kg query … | head -1`` says nothing."""
    command = f"{sys.executable} -m kg query 'SELECT * {{ VALUES ?x {{ {'1 ' * 50_000} }} }}' | head -1"
    done = subprocess.run(command, cwd=folder, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert (done.stdout, done.stderr) == ("x\n", "")


def test_a_reader_that_has_left_before_the_answer_costs_no_word(folder: Path) -> None:
    """``kg types | true``: what would have written fails and is closed, and that is no fault of the program."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run(["types"], folder, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


BAD_ARGUMENTS: list[list[str | bytes]] = [
    ["query", b"ASK { ?s ?p '\xff' }"],
    ["query", b"@caf\xe9.rq"],
    ["merge", b"caf\xe9.ttl"],
    ["validate", b"caf\xe9.ttl"],
    ["diff", b"caf\xe9.nq"],
    ["explain", b"caf\xe9"],
    ["explain", "place:%"],
    ["explain", "article:a%zz"],
    ["explain", "article:a b<>#x"],
    ["query", "ASK { ?x ?p ?o }", "--bind", "x=article:a%zz"],
    ["query", "ASK { ?x ?p ?o }", "--bind", "x=place:%"],
    ["query", "ASK { ?x ?p ?o }", "--bind", b"x=caf\xe9"],
    ["query", "--name", b"caf\xe9"],
    ["query", "ASK {}", "--store", "http://[::1/"],
    ["query", "ASK {}", "--store", "http://a:99999999/"],
    ["query", "ASK {}", "--store", "x" * 5000],
    ["query", "@" + "x" * 5000],
    ["query", "@taken"],
    ["load", "x" * 5000, "--store", "none"],
    ["load", b"caf\xe9.txt", "--store", "none"],
    ["load", "a.txt", "--published", "0001-01-99", "--store", "none"],
    ["load", "a.txt", "--base", b"http://caf\xe9/", "--store", "none"],
    ["export", "--entity", "http://a b/"],
    ["export", "--article", b"caf\xe9"],
    ["forget", b"caf\xe9"],
    ["update", b"INSERT DATA { <a:s> <a:p> '\xe9' }"],
    ["types", b"caf\xe9"],
    ["merge", "x" * 300 + ".ttl"],
]


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=str)
def test_arguments_that_can_be_nothing_are_told(arguments, folder, run_kg, monkeypatch) -> None:
    """Names that are no UTF-8, too long, or hold bad escapes: words and exit status 2 or 1, no traceback."""
    monkeypatch.chdir(folder)
    status, _, said = run_kg(*map(os.fsdecode, arguments))
    assert status in (1, 2)
    assert said.strip()
    assert not any(words in said for words in ("Traceback", "mistake in kg", "not foreseen"))


@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError("by\nzero"), MemoryError(), RecursionError(), OSError(28, "full"), BaseException()],
    ids=lambda error: type(error).__name__,
)
def test_whatever_nobody_foresaw_is_one_line_and_status_two(error: BaseException, run_kg, monkeypatch) -> None:
    """An error of any class is told in a line; with --debug its traceback is shown too."""

    def command() -> None:
        """Fail."""
        raise error

    monkeypatch.setattr("kg.cli.types.command", command)
    status, _, said = run_kg("types")
    assert (status, said.count("\n"), said[:4]) == (2, 1, "kg: ")
    status, _, said = run_kg("types", "--debug")
    assert status == 2
    assert "Traceback" in said


def test_errors_in_words() -> None:
    """Damage of a store names the way to mend it; an error of ours is its own text."""
    assert "--repair" in in_words(RuntimeError("Corruption: block checksum mismatch"))
    assert in_words(KgError("so it is")) == "so it is"
    assert in_words(FileNotFoundError(2, "No such file or directory", "x")) == "'x': No such file or directory"
