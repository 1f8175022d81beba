"""Our own pages, feeds and queries with a piece lost, doubled or changed: what the approved tables hold of them.

News sites and people write nothing twice the same way. Each page loses an attribute, a tag, a text, or has another tag
in its place; each query loses a mark, has one twice, or two the other way round. Which it is goes by the words. What is
told of a page is only in what its reading differs from that of the page as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from zlib import crc32

from kg.articles import html
from kg.articles.feeds import read_feed
from kg.articles.formats import RawArticle
from kg.core.errors import KgError
from kg.query import prepare
from kg.store.opening import QuerySolutions, open_store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.request import Sparql
from tests.rewritings import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.store.opening import Store
    from kg.store.sparql.tokens import Token

CASES = Path(__file__).parent / "cases"
#: So often each page, feed and query is damaged.
PAGES, FEEDS, QUERIES = 40, 60, 15
_FACTS = ("title", "published", "author", "publisher", "url", "id", "language")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\s([\w:-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TEXT = re.compile(r">([^<>]*\w[^<>]*)<")
_TAGS = ("div", "p", "article", "section", "h1", "h2", "time", "span", "li", "a", "aside", "figure", "main", "header")


def _drawn(words: str, choices: int) -> int:
    return crc32(words.encode("utf-8", "surrogateescape")) % choices


def _damaged(markup: str, name: str) -> tuple[str, str]:
    """A page or feed with one thing in it another, and which; the name draws the place and the kind."""
    kind = _drawn(f"kind {name}", 6)
    where = [_ATTRIBUTE, _ATTRIBUTE, _TAG, _TAG, _TEXT, _TEXT][kind]
    found = list(where.finditer(markup))
    if not found:
        return markup, ""
    one = found[_drawn(f"place {name}", len(found))]
    before, words, after = markup[: one.start()], one[0], markup[one.end() :]
    text = " ".join(one[0].split())[:60]
    if kind == 0:
        return before + after, f"without {text}"
    if kind == 1:
        return f'{before} {one[1]}="{one[2][1:-1][:4]}"{after}', f"cut short: {text}"
    if kind == 2:
        return before + after, f"without the tag {text}"
    if kind == 3:
        tag = _TAGS[_drawn(f"tag {name}", len(_TAGS))]
        return f"{before}<{one[1]}{tag}{one[3]}>{after}", f"{text} as {tag}"
    if kind == 4:
        return f"{before}><{after}", f"without the text {text}"
    return f"{before}>{words[1:-1]} {words[1:-1]}<{after}", f"twice: {text}"


def _read(read: Callable[[bytes], Iterator[object]], markup: str) -> list[str]:
    """What is read of a page or feed, a line for each fact and paragraph."""
    try:
        parts = list(read(markup.encode("utf-8", "surrogateescape")))
    except KgError as error:
        return [f"refused: {' '.join(str(error).split())[:100]}"]
    lines = []
    for part in parts:
        if not isinstance(part, RawArticle):
            lines.append(str(part)[:100])
            continue
        number = f"{part.line} " if part.line else ""
        told = [(field, getattr(part.metadata, field)) for field in _FACTS]
        lines += [f"{number}{field} {value}" for field, value in told if value]
        lines += [f"{number}“{words[:40]}” {len(words)}" for words in part.text.split("\n\n")]
    return lines


def _differences(read: Callable[[bytes], Iterator[object]], file: Path, often: int) -> Iterator[str]:
    markup = file.read_bytes().decode("utf-8", "surrogateescape")
    usual = _read(read, markup)
    for number in range(often):
        changed, what = _damaged(markup, f"{file.name} {number}")
        found = _read(read, changed) if what else usual
        lines = [*(f"no {x}" for x in usual if x not in found), *(f"also {x}" for x in found if x not in usual)]
        if lines:
            told = "\n".join([f"## {file.name} {what}", *lines])
            yield told.encode("utf-8", "backslashreplace").decode()


def pages() -> Iterator[str]:
    """Pages, without the extractor that is asked where we find nothing."""
    with patch.object(html, "_asked_of_trafilatura", lambda *_: []):
        for file in sorted((CASES / "pages").glob("*.html")):
            yield from _differences(html.read_html, file, PAGES)


def feeds() -> Iterator[str]:
    """Feeds of each kind."""
    for file in sorted(path for end in ("rss", "atom", "xml") for path in (CASES / "articles").glob(f"*/*.{end}")):
        yield from _differences(read_feed, file, FEEDS)


def mistaken() -> Iterator[str]:
    """Queries with a mark lost, doubled, or before the one that it follows: what is said of each."""
    with open_store(":memory:", mode="read") as store:
        for text in queries():
            try:
                marks = Sparql(text).tokens
            except KgError:
                continue
            changed = [_without_a_mark(text, marks, number) for number in range(QUERIES)] if len(marks) > 1 else []
            yield from (f"{one!r}: {_said(store, one)}" for one in dict.fromkeys(changed))


def _without_a_mark(text: str, marks: Sequence[Token], number: int) -> str:
    at = _drawn(f"{number} {text}", len(marks) - 1)
    one, other = marks[at], marks[at + 1]
    start, end, last = one.start, one.start + len(one.text), other.start + len(other.text)
    if number % 3 == 0:
        return text[:start] + text[end:]
    if number % 3 == 1:
        return f"{text[:end]} {text[start:]}"
    return f"{text[:start]}{other.text} {one.text}{text[last:]}"


def _said(store: Store, text: str) -> str:
    """What is wrong with a query, without what the engine expects there; or its form, variables and columns."""
    try:
        prepared = prepare.prepare(text, prefixes=prepare.known_prefixes("https://news.example/"))
        with prepare.answered(store, prepared, policy=ServicePolicy((), offline=True)) as results:
            columns = [v.value for v in results.variables] if isinstance(results, QuerySolutions) else []
        return f"{prepared.written.form} {sorted(prepared.written.variables)} {columns}"
    except KgError as error:
        return "refused: " + re.sub(r" \(expected.*\)$", "", str(error).partition("\n")[0])


TABLES = {"pages-damaged": pages, "feeds-damaged": feeds, "requests-damaged": mistaken}
