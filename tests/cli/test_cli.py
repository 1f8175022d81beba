"""The frame of the command line: quick to start, every verb with help and examples, errors in one line."""

from __future__ import annotations

import importlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import VERBS, main
from kg.core.errors import KgError

HEAVY = ("spacy", "pyshacl", "rdflib", "onnxruntime", "numpy", "rich", "matplotlib")


def kg(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command line in this process; its exit status."""
    monkeypatch.setattr(sys, "argv", ["kg", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def loaded_by(arguments: list[str], cwd: Path) -> set[str]:
    """The heavy packages that a command imports."""
    code = (
        "import sys\n"
        f"sys.argv = {['kg', *arguments]!r}\n"
        "from kg.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=cwd)
    return set(done.stderr.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"], ["query", "--list"], ["query", "ASK {}"]])
def test_start_is_light(arguments: list[str], tmp_path: Path) -> None:
    """Help and queries import none of the heavy packages."""
    assert loaded_by(arguments, tmp_path) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_examples(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each verb's --help has a sentence and examples, and leaves with 0."""
    assert kg([verb, "--help"], monkeypatch) == 0
    shown = capsys.readouterr().out
    assert f"kg {verb} " in shown
    assert "Examples:" in shown
    module = importlib.import_module(f"kg.cli.{verb}")
    assert module.command.__doc__
    for example in module.EXAMPLES:
        words = shlex.split(example)
        assert "kg" in words
        assert example in shown


def test_help_lists_every_verb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The program's own help names each verb."""
    kg(["--help"], monkeypatch)
    shown = capsys.readouterr().out
    assert all(f"\n  {verb} " in shown for verb in VERBS)


def test_no_verb_is_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb that is none ends with 2."""
    assert kg(["lod"], monkeypatch) == 2
    assert kg(["query", "--no-such-flag"], monkeypatch) == 2


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """--version prints the version."""
    from kg import __version__

    assert kg(["--version"], monkeypatch) == 0
    assert capsys.readouterr().out == f"kg {__version__}\n"


def test_error_is_one_line_and_status_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An error of ours is one line on standard error, nothing on standard output, status 2."""
    assert kg(["query", "ASK {}", "--store", str(tmp_path / "none")], monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kg: no store at ")
    assert err.count("\n") == 1


def test_errors_have_one_base() -> None:
    """Whatever kg raises on purpose is a KgError."""
    from kg.core import errors

    raised = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert all(issubclass(error, KgError) for error in raised)


@pytest.mark.parametrize(
    ("name", "said"),
    [("out.csv", "no format goes by .csv"), ("out.trig", "extract writes turtle, jsonl, ntriples")],
)
def test_extract_writes_no_file_whose_ending_says_something_else(run_kg, tmp_path, name, said):
    """An ending of another format is refused before anything is read, not filled with Turtle."""
    status, out, err = run_kg("extract", tmp_path, "--output", tmp_path / name)
    assert (status, out) == (2, "")
    assert said in err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("lod", "did you mean 'load'?"),
        ("queries", "did you mean 'query'?"),
        ("xyz", "'xyz' is no verb of kg: kg --help"),
    ],
)
def test_a_verb_that_is_none_is_told_with_the_one_that_was_meant(run_kg, word, said) -> None:
    """One line, like every other mistake, with exit status 2."""
    status, out, err = run_kg(word)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_the_list_of_verbs_says_whole_sentences(run_kg) -> None:
    """No help of a verb is cut in the list of all."""
    status, out, _ = run_kg("--help")
    assert status == 0
    assert "..." not in out.partition("Commands:")[2]
    assert [verb for verb in VERBS if f"  {verb} " not in out] == []
