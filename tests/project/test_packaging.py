"""The wheel: built, installed into an environment of its own, and run where no checkout is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("kg", "ontology", "shapes", "pyproject.toml", "README.md", "LICENSE")
SENTENCE = "Rebels attacked the town of Arden on Monday and killed three farmers.\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy so that nothing is left in the checkout; of its two models one is an empty file."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / part)
    (source / "kg/core/data/models/fast/model.onnx").write_bytes(b"")  # 20 MB to pack that nothing here reads
    # Built by the setuptools of the tests: an environment of its own for building is what `make dist` makes.
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], check=True, cwd=source, stdout=subprocess.DEVNULL)
    (built,) = (source / "dist").glob("newskg-*.whl")
    return built


def _environment(folder, *, borrow):
    """A fresh environment; ``borrow`` lends it the packages of this one, so that nothing is downloaded."""
    venv.create(folder, with_pip=not borrow)
    python = folder / "bin" / "python"
    if borrow:
        site = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        paths = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
        Path(site, "borrowed.pth").write_text("\n".join(paths) + "\n")
    return python


def _check(python, folder):
    """The installed program reads, stores, checks and answers, with all its data in its own package."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KG_", "PYTHON"))}
    (folder / "a.txt").write_text(SENTENCE)

    def run(*arguments):
        command = [python.with_name("kg"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env=environment).stdout

    where = (
        "import kg, kg.core.resources as r; print(kg.__file__, *r.ontology_files(), *r.shape_files(), *r.query_files())"
    )
    found = subprocess.run(
        [python, "-c", where], check=True, capture_output=True, text=True, cwd=folder, env=environment
    )
    assert len(found.stdout.split()) > 20
    assert all(str(python.parent.parent) in path for path in found.stdout.split())
    run("load", "a.txt", "--published", "2024-05-08")  # refuses what breaks a shape
    assert "farmers" in run("query", "--name", "casualties")


def test_the_wheel_holds_code_ontology_shapes_queries_and_model(wheel):
    """Everything that is needed at run time is packed, and nothing of the tests or the training."""
    names = zipfile.ZipFile(wheel).namelist()
    for expected in (
        "kg/cli/load.py",
        "kg/articles/html.py",
        "kg/core/data/ontology/core.ttl",
        "kg/core/data/shapes/events.ttl",
        "kg/core/data/queries/casualties.rq",
        "kg/core/data/models/default/model.onnx",
    ):
        assert expected in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"kg"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.model
def test_the_installed_wheel_runs_outside_the_checkout(wheel, tmp_path):
    """The wheel alone is enough: the command works in an empty folder, with data from the package."""
    python = _environment(tmp_path / "venv", borrow=True)
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--no-compile", wheel], check=True, cwd=tmp_path)
    _check(python, tmp_path)


@pytest.mark.long
@pytest.mark.model
def test_the_wheel_brings_its_dependencies(wheel, tmp_path):
    """An environment with nothing but the wheel and what it asks for runs it."""
    python = _environment(tmp_path / "venv", borrow=False)
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, cwd=tmp_path)
    _check(python, tmp_path)
