"""A web page becomes the text of its article: trafilatura finds the main text, date, title and publisher.

The only file that names trafilatura and lxml. Both come with the extra ``newskg[web]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.articles.formats import RawArticle
from kg.articles.metadata import Metadata, iso_date
from kg.core.errors import ArticleError

_BLOCKS = frozenset("p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote table tr section article pre figure".split())


def read_html(raw: bytes) -> Iterator[RawArticle]:
    """One draft from an HTML page in any encoding it declares: main text, and metadata where the page states it.

    Only dates that the page's metadata states are taken: a date guessed from the text could be anything's.
    Raises ArticleError where no main text is found, or the extra is not installed.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise _missing(error) from error
    if not raw.strip():
        raise ArticleError("empty: there is no text in it")
    try:  # whatever a hostile page makes the extractor trip over, it is that page's fault
        found: Any = bare_extraction(
            raw,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "9999-12-31"},
        )
    except Exception as error:
        raise ArticleError(f"HTML that cannot be read ({type(error).__name__}): save the article as text") from error
    if found is None or not found.text:
        raise ArticleError("no main text found in the page: save the article as text")
    yield RawArticle(
        found.text,
        Metadata(
            published=iso_date(found.date) if found.date else None,
            publisher=found.sitename,
            title=found.title,
            url=found.url,
        ),
    )


def fragment_text(fragment: str) -> str:
    """The words of an HTML fragment (a feed's summary), one block a line; plain words stay as they are."""
    try:
        from lxml import etree, html
    except ImportError as error:
        raise _missing(error) from error
    if "<" not in fragment and "&" not in fragment:
        return fragment
    try:
        root = html.fragment_fromstring(fragment, create_parent="div")
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(f"HTML that cannot be read ({error}): save the article as text") from error
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            element.drop_tree()
        elif element.tag in _BLOCKS and element is not root:
            element.tail = "\n" + (element.tail or "")
            element.text = "\n" + (element.text or "")
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def _missing(error: ImportError) -> ArticleError:
    return ArticleError(f"HTML and feeds need more packages ({error}): run `pip install 'newskg[web]'`")
