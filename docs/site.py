"""The documentation site's pages: those of the repository, where they stand, so that links work here as they do there.

A hook of MkDocs (mkdocs.yml). The site is laid out like the repository: README.md is its front page, docs/stores.md
stands at docs/stores/. Files that a page links to and that are no pages (pictures, Turtle, code) are copied too.
"""  # noqa: INP001 # a script beside the pages

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "ontology", "shapes", "training", "examples")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write out the entries ``folder/*`` of the navigation."""
    config.nav = written_out(config.nav or [])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The repository's pages and what they link to, in the place of the files of docs/; the theme's files stay."""
    from mkdocs.structure.files import File, Files

    ours = [File.generated(config, path, abs_src_path=str(ROOT / path)) for path in sorted(sources())]
    return Files([*ours, *(file for file in files if file.src_dir != config.docs_dir)])


def written_out(nav: list[object]) -> list[object]:
    """The navigation with each ``folder/*`` as the folder's pages that stand nowhere else: the page about it first."""
    listed = {entry for entry in _entries(nav) if not entry.endswith("/*")}

    def written(entry: object) -> list[object]:
        if isinstance(entry, str) and entry.endswith("/*"):
            found = sorted(ROOT.glob(f"{entry}.md"), key=lambda path: (path.name != "README.md", path.name))
            return [name for path in found if (name := path.relative_to(ROOT).as_posix()) not in listed]
        if isinstance(entry, dict):
            return [{k: [e for one in v for e in written(one)] if isinstance(v, list) else v for k, v in entry.items()}]
        return [entry]

    return [entry for one in nav for entry in written(one)]


def _entries(nav: object) -> Iterator[str]:
    """Every page or pattern of a navigation."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict | list):
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from _entries(part)


def sources() -> set[str]:
    """Paths of all pages and of the files that they link to, from the root of the repository."""
    found = {page.relative_to(ROOT).as_posix() for page in pages()}
    return found | {target for page in pages() for target in linked(page)}


def pages() -> Iterator[Path]:
    """Every page of the repository."""
    yield from sorted(ROOT.glob("*.md"))
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.md"))


def linked(page: Path) -> Iterator[str]:
    """The files of the repository that a page links to."""
    for target in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        path = (page.parent / target).resolve()
        if "://" not in target and path.is_file() and path.is_relative_to(ROOT):
            yield path.relative_to(ROOT).as_posix()
