"""Web pages and HTML fragments become text. The only file of readers that a page enters by; needs ``newskg[web]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.articles.encodings import decode_markup
from kg.articles.formats import BadLine, RawArticle
from kg.articles.furniture import is_furniture
from kg.core.budgets import PAGE_PARTS
from kg.core.errors import ArticleError

if TYPE_CHECKING:
    from kg.articles.page_facts import Facts
    from kg.articles.page_parts import Part


def read_html(raw: bytes) -> Iterator[RawArticle | BadLine]:
    """A draft for each article of an HTML page, in any encoding: main text and metadata; see ``page_parts``.

    Raises ArticleError where no article is found, the page is a list of headlines, or the extra is not installed.
    """
    try:
        from kg.articles.page_facts import read_facts
        from kg.articles.page_parts import is_list, parts_of
        from kg.articles.page_tree import blocks, parse
    except ImportError as error:
        raise missing(error) from error
    markup = decode_markup(raw)
    if not markup.strip():
        raise ArticleError("empty: there is no text in it")
    root = parse(markup)
    facts = read_facts(root)
    listed = is_list(blocks(root))
    parts = parts_of(root, facts) or ([] if listed else _asked_of_trafilatura(markup, facts))
    if not parts and listed:
        raise ArticleError("a list of headlines, no article: give the pages that it links to, or the site's feed")
    if not parts:
        raise ArticleError("no main text found in the page: save the article as text")
    for part in parts:
        if part.number and part.number > PAGE_PARTS.value:
            yield BadLine(f"this part of the page and those after it: {PAGE_PARTS.hint()}", part.number)
            return
        yield RawArticle("\n\n".join(part.lines), part.metadata, part.number)


def _asked_of_trafilatura(markup: str, facts: Facts) -> list[Part]:
    """The main text of a page that we find none in, as an extractor made for all pages of the web sees it."""
    from trafilatura import bare_extraction

    from kg.articles.page_parts import Part

    try:  # whatever a hostile page makes the extractor trip over, it is that page's fault
        found: Any = bare_extraction(markup, include_comments=False, include_tables=False)
    except Exception:  # noqa: BLE001 - as above
        return []
    text = (found.text or "") if found else ""
    lines = [line for line in text.splitlines() if line.strip() and not is_furniture(line)]
    return [Part(tuple(lines), facts.metadata)] if lines else []


def fragment_text(fragment: str) -> str:
    """The words of an HTML fragment (a feed's summary), one block a paragraph; plain words stay as they are."""
    if "<" not in fragment and "&" not in fragment:
        return fragment
    try:
        from kg.articles.page_tree import article_lines, blocks, parse, prune
    except ImportError as error:
        raise missing(error) from error
    if not fragment.strip():
        return ""
    root = parse(f"<html><body><div>{fragment}</div></body></html>")
    prune(root)
    return "\n\n".join(article_lines(blocks(root), None))


def missing(error: ImportError) -> ArticleError:
    """What to say where the packages for pages and feeds are not installed."""
    return ArticleError(f"HTML and feeds need more packages ({error}): run `pip install 'newskg[web]'`")
