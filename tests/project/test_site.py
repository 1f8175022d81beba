"""The documentation site shows every page; that it can be built is `make docs`, which needs more packages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def _site():
    spec = importlib.util.spec_from_file_location("site_hook", ROOT / "docs/site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_has_its_place_in_the_menu():
    """A page that no menu shows is found by nobody; a page in the menu is there, once."""
    site = _site()
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    shown = list(site._entries(site.written_out(nav)))
    assert len(shown) == len(set(shown))
    assert set(shown) == {page.relative_to(ROOT).as_posix() for page in site.pages()}


def test_the_site_holds_what_its_pages_link_to():
    """Pictures, code and Turtle that pages point to are part of the site, and nothing from outside the project."""
    sources = _site().sources()
    assert {"docs/event-graph.svg", "ontology/alignments.ttl", "README.md", "docs/manual/load.md"} <= sources
    assert all((ROOT / path).is_file() for path in sources)
    assert not any(path.startswith((".", "tests/cases")) for path in sources - {".ci/oldest.txt"})
