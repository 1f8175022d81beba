"""The examples run: scripts and a notebook, in one folder and on one store, as a person would run them."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PRINTS = {
    "one_text": [r"^Attack \(asserted", r"^Arrest \(asserted\)", r"^    time: 2024-05-06"],
    "ask": [r"^The questions that have names: .*casualties", r"Algeria", r"\[.+\|.+\]"],
    "figures": [r"^type,words,min,max,source,article$", r"^Killing,.*,\d+,.*,https://news.example/article/in_amenas$"],
    "linked_data": [r"^\d+ triples, links: .*accepted", r"Algeria +Algiers"],
    "month_tolls": [r"^Kirra +16 .* 9 ", r"^Lodwe +5 +20$"],
    "network": [r"^Rebels -> soldiers: Killing$", r"^army: \d ties$"],
    "map": [r"^Kirra: \d events$", r"^Senna Bay: \d events$"],
    "own_events": [r"1 stored .* 1 refused", r"^nowhere: an eviction has a place", r"families +(camp|Arden)"],
}
"""What some line of each script's output must show."""

NEEDS = {"month_tolls": ["pandas"], "network": ["networkx"]}
DRAWS = {"month_tolls": "tolls.svg", "network": "network.svg", "map": "map.svg"}
SVG = "http://www.w3.org/2000/svg"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working folder with the seeds; the store in it is loaded by the first example and found by the next."""
    path = tmp_path_factory.mktemp("examples")
    shutil.copytree(ROOT / "seeds", path / "seeds")
    (path / "examples").mkdir()
    for name in ("month.jsonl", "places.ttl"):
        shutil.copy(EXAMPLES / name, path / "examples" / name)
    return path


def test_every_example_is_listed_and_tried():
    """Whoever adds an example adds it to the table and to these tests."""
    scripts = {path.stem for path in EXAMPLES.glob("*.py")}
    assert scripts == PRINTS.keys()
    table = (EXAMPLES / "README.md").read_text("utf-8")
    assert {Path(name).name for name in re.findall(r"\]\(([\w.]+)\)", table)} == {
        path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".ipynb")
    }


@pytest.mark.parametrize("name", PRINTS)
def test_a_script_runs_and_prints_what_it_is_for(name, folder, monkeypatch, capsys):
    """The script works as it stands, started where the README says."""
    for needed in NEEDS.get(name, ()):
        pytest.importorskip(needed)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", [f"{name}.py"])
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert [wanted for wanted in PRINTS[name] if not re.search(wanted, printed, re.MULTILINE)] == [], printed
    if name in DRAWS:
        drawn = ET.parse(folder / DRAWS[name])  # noqa: S314 # our own
        shown = ET.parse(ROOT / "docs" / DRAWS[name])  # noqa: S314 # likewise
        words = [{text.text for text in one.iter(f"{{{SVG}}}text")} for one in (drawn, shown)]
        assert len(words[0] & words[1]) > len(words[1]) / 2, "the picture in docs/ is another one: draw it again"


def test_the_notebook_runs_and_shows_its_values(folder, monkeypatch):
    """Each cell runs after the one before; what stands at its end has something to show."""
    pytest.importorskip("pandas")
    monkeypatch.chdir(folder)
    notebook = json.loads((EXAMPLES / "timeline.ipynb").read_text("utf-8"))
    assert notebook["nbformat"] == 4
    names: dict[str, object] = {}
    shown = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [], "clear the outputs before it is committed"
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102 # our own notebook
        if last is not None and (value := eval(compile(ast.Expression(last.value), "cell", "eval"), names)) is not None:  # noqa: S307 # likewise
            html = getattr(value, "_repr_html_", value.__repr__)()
            assert len(html) > 20
            shown += 1
    assert shown >= 5
