"""Markdown becomes plain text: front matter is metadata, the first heading of level one the title, markup goes.

The article's text is what a reader sees, one paragraph a line with an empty line between; offsets refer to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from kg.articles.encodings import decode
from kg.articles.formats import RawArticle
from kg.articles.metadata import Metadata, split_header
from kg.core.errors import ArticleError

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MOST_BRACKETS = 50_000  # each may begin a link
_QUOTED = re.compile(r"""^(\w+[ \t]*:[ \t]*)(["'])(.*)\2[ \t]*\r?$""", re.MULTILINE)


def read_markdown(raw: bytes) -> Iterator[RawArticle]:
    """One draft from CommonMark in UTF-8; metadata from ``key: value`` front matter or header lines."""
    source = decode(raw)
    if source.count("[") > _MOST_BRACKETS:
        raise ArticleError(f"more than {_MOST_BRACKETS:,} opening brackets, as no article has: give it as text")
    if front := _FRONT_MATTER.match(source):
        metadata, _ = split_header(_known_lines(_QUOTED.sub(r"\1\3", front[1])) + "\n")
        source = source[front.end() :]
    else:
        metadata, source = split_header(source)
    title, paragraphs = _plain(source)
    yield RawArticle("\n\n".join(paragraphs), metadata.or_else(Metadata(title=title)))


def _known_lines(front_matter: str) -> str:
    """The lines of front matter that are metadata of ours; others (tags, layout, nested YAML) are passed over."""
    lines = front_matter.splitlines(keepends=True)
    return "".join(line for line in lines if split_header(line + "\n")[0] != Metadata())


def _plain(source: str) -> tuple[str | None, list[str]]:
    """The title, and the paragraphs as a reader sees them: no marks, no link targets, no raw HTML."""
    title = None
    paragraphs: list[str] = []
    heading = None
    for token in MarkdownIt("commonmark").parse(source):
        if token.type in ("heading_open", "heading_close"):
            heading = token.tag if token.nesting > 0 else None
        elif token.type == "inline":
            words = "".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type in ("text", "code_inline", "softbreak", "hardbreak")
            )
            if heading == "h1" and title is None and not paragraphs:
                title = words
            elif words.strip():
                paragraphs.append(words)
    return title, paragraphs
