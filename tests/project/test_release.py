"""What a release stands on: versions that agree, files that can be read, promises about libraries that are tried."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from kg import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RELEASES = re.findall(r"^## \[?(\d+\.\d+\.\d+)\]? - (\d{4}-\d\d-\d\d)$", CHANGELOG, re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
FORMS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"]
)


def _lower_bounds(requirements):
    """Package → oldest version allowed, of requirements that name one."""
    found = {}
    for requirement in requirements:
        if match := re.match(r"([\w-]+)(?:\[[\w,]+\])?(?:>=|==)([\d.]+)", requirement):
            found[match[1].lower().replace("-", "_")] = match[2]
    return found


def _key(version):
    parts = [int(part) for part in version.split(".")]
    return parts + [0] * (4 - len(parts))


def test_the_changelog_is_dated_and_falls_from_new_to_old():
    """The form of Keep a Changelog: unreleased first, then versions with days, each with known kinds of change."""
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert len(headings) == len(RELEASES) + 1
    assert [_key(version) for version, _ in RELEASES] == sorted((_key(v) for v, _ in RELEASES), reverse=True)
    assert [day for _, day in RELEASES] == sorted((day for _, day in RELEASES), reverse=True)
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= KINDS
    for section in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert len(kinds) == len(set(kinds)), section.splitlines()[0]


def test_the_version_is_the_newest_release_or_on_the_way_to_the_next():
    """Code, changelog and citation name the same release."""
    newest, day = RELEASES[0]
    release, _, rest = __version__.partition(".dev")
    assert release == newest if not rest else _key(release) > _key(newest)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (citation["version"], citation["date-released"]) == (newest, day)
    assert citation["license"] == PROJECT["license"]
    assert {"cff-version", "message", "title", "authors", "type"} <= citation.keys()


@pytest.mark.parametrize("name", FORMS)
def test_forms_and_workflows_can_be_read(name):
    """YAML that does not parse is found here and not by the server."""
    content = yaml.safe_load((ROOT / name).read_text("utf-8"))
    assert isinstance(content, dict)
    if name.startswith(".github/workflows/"):
        assert content["permissions"] == {"contents": "read"}
        for job in content["jobs"].values():
            assert job["timeout-minutes"] <= 90
            for step in job["steps"]:
                assert {"run", "uses"} & step.keys()
                for target in re.findall(r"\bmake ([\w-]+)", step.get("run", "")):
                    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if name.startswith(".github/ISSUE_TEMPLATE/") and "body" in content:
        assert {"name", "description"} <= content.keys()
        ids = [part["id"] for part in content["body"]]
        assert len(ids) == len(set(ids))
        assert all(part["attributes"]["label"] for part in content["body"])


def test_nothing_is_published_from_here():
    """The release workflow builds, checks and tries; it holds no secret and uploads to no index."""
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    assert "make dist" in text
    assert "secrets." not in text
    assert not re.search(r"twine upload|gh-action-pypi-publish|id-token", text)


def test_the_oldest_versions_that_are_tried_are_those_that_are_allowed():
    """.ci/oldest.txt pins the lower bound of every library that the code needs, no more and no less."""
    extras = PROJECT["optional-dependencies"]
    allowed = _lower_bounds([*PROJECT["dependencies"], *extras["web"], *extras["pandas"], *extras["serve"]])
    pins = _lower_bounds((ROOT / ".ci/oldest.txt").read_text("utf-8").splitlines())
    tools = _lower_bounds(extras["test"])
    assert {name: _key(version) for name, version in allowed.items()} == {
        name: _key(version) for name, version in pins.items() if name not in tools
    }
    assert all(_key(version) == _key(tools[name]) for name, version in pins.items() if name in tools)
    assert len(allowed) == len(PROJECT["dependencies"]) + sum(len(extras[name]) for name in ("web", "pandas", "serve"))


def test_the_top_level_holds_what_every_project_has():
    """Whoever lists the repository sees its parts and nothing left over."""
    known = {
        "pyproject.toml", "kg", "ontology", "shapes", "tests", "seeds", "README.md", "LICENSE", "CHANGELOG.md",
        "Makefile", ".ci", "docs", "training", "benchmarks", "CONTRIBUTING.md", "SECURITY.md", "CITATION.cff",
        ".github", ".pre-commit-config.yaml", "mkdocs.yml", "examples", ".gitignore", ".git",
    }  # fmt: skip
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()}
    extra = {path.name for path in ROOT.iterdir()} - known - ignored
    assert {name for name in extra if not name.endswith(".egg-info")} == set()
