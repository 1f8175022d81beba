"""A web page as a tree: parsed whatever it is, freed of what is no article, read off as paragraphs.

Nothing here knows an article from a list of headlines; ``page_parts`` decides that, ``page_facts`` reads metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kg.articles.furniture import is_furniture, is_offer, is_to_the_reader
from kg.core.budgets import PAGE_ELEMENTS
from kg.core.errors import ArticleError
from kg.ontology.words import words

Element = Any  # lxml's elements are not typed

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul br".split()
)
_NEVER = frozenset(
    "script style template svg canvas iframe object embed applet audio video map select option textarea input "
    "button menu dialog noscript noframes frameset nav math datalist progress meter title".split()
)
_SOMETIMES = frozenset("aside footer form figure figcaption header table".split())
_ROLES = frozenset(words("pageRoles"))
_TOKEN = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_UNWANTED = frozenset(words("pageMarks"))
_UNWANTED_PAIRS = frozenset(words("pageMarkPairs"))
_WALLS = frozenset(words("pageWalls"))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # lxml gives them and takes none
_TITLE_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ABOVE = 8  # blocks among which a title may stand
_MOSTLY = 0.4
"""Share of a page's prose above which an element is no side matter, whatever its class says."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or line, and what is inside it.

    ``linked`` counts its characters inside links, ``leads_away`` says whether one of them leaves the page, ``time`` is
    its first time element.
    """

    text: str
    linked: int
    tag: str
    element: Element
    leads_away: bool = False
    time: Element = None

    @property
    def prose(self) -> int:
        """Its characters outside links where it reads like sentences, else 0."""
        own = len(self.text) - self.linked
        return own if self.tag not in _TITLE_TAGS and own >= 25 and " " in self.text else 0


def parse(markup: str) -> Element:
    """The page's tree; ArticleError where there is none, or it has too many elements."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError("no HTML in it: give the page as its server sends it, or its text") from error
    if sum(1 for _ in root.iter()) > PAGE_ELEMENTS.value:
        raise ArticleError(f"above {PAGE_ELEMENTS.value:,} elements: save its text, or {PAGE_ELEMENTS.hint()}")
    return root


def blocks(element: Element) -> list[Block]:
    """The paragraphs below an element in the order of the page, white space as a browser shows it."""
    from lxml import etree

    lines = _Lines(element)
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            lines.start(node)
        else:
            lines.end(node)
        if event == "end" and node is not element:
            lines.words(node.tail)
    lines.close(element)
    return lines.found


class _Lines:
    """Collects the text of a tree as blocks, while it is walked."""

    def __init__(self, root: Element) -> None:
        self.found: list[Block] = []
        self._root = self._owner = root
        self._words: list[str] = []
        self._linked = 0
        self._links: list[str] = []  # where the links that are open lead
        self._away = False
        self._time: Element = None

    def start(self, node: Element) -> None:
        if node.tag in _BLOCKS:
            self.close(self._owner if node.tag == "br" else node)
        if node.tag == "a":
            self._links.append(node.get("href") or "")
            self._away |= _leaves(self._links[-1])
        if node.tag == "time":
            self._words.append(" ")  # "By Jane Rowe<time>8 May</time>" is drawn apart
            self._time = node if self._time is None else self._time
        self.words(node.text)

    def end(self, node: Element) -> None:
        if node.tag in _BLOCKS and node.tag != "br":
            above = node.getparent()
            self.close(self._root if node is self._root or above is None else above)
        if node.tag == "a":
            self._links.pop()
        if node.tag == "time":
            self._words.append(" ")

    def words(self, words: str | None) -> None:
        if words:
            self._words.append(words)
            self._linked += len(words) if self._links else 0

    def close(self, then: Element) -> None:
        """End the line; what follows belongs to ``then``."""
        text = " ".join("".join(self._words).split())
        if text:
            linked = min(self._linked, len(text))
            self.found.append(Block(text, linked, str(self._owner.tag), self._owner, self._away, self._time))
        self._words.clear()
        self._linked, self._owner, self._time = 0, then, None
        self._away = any(map(_leaves, self._links))


def _leaves(link: str) -> bool:
    return bool(link) and not link.startswith("#")


def prose(element: Element) -> int:
    """How many characters of an element's text read like sentences."""
    return sum(block.prose for block in blocks(element))


def prose_below(root: Element) -> dict[Element, int]:
    """The prose of every element that has some, in one pass over the tree."""
    found: dict[Element, int] = {}
    for block in blocks(root):
        if block.prose:
            for element in (block.element, *block.element.iterancestors()):
                found[element] = found.get(element, 0) + block.prose
    return found


def tokens(element: Element) -> frozenset[str]:
    """The words in an element's class and id, and neighbouring ones joined by a hyphen."""
    found: set[str] = set()
    for name in f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split():
        parts = [part.lower() for part in _TOKEN.findall(name)]
        found.update(parts)
        found.update(f"{a}-{b}" for a, b in pairwise(parts))
    return frozenset(found)


def prune(root: Element) -> None:
    """Take everything out of the tree that is no article: scripts, menus, offers, cards, captions, hidden things.

    An element that holds much of the page's prose stays, whatever its class: themes put "sidebar" on the body.
    """
    weights = prose_below(root)
    most = _MOSTLY * max(1, weights.get(root, 0))
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _drop(element)
        elif element.getparent() is not None and element.tag not in ("html", "body") and _alive(element, root):
            if element.tag in _NEVER:
                _drop(element)
            elif weights.get(element, 0) <= most and _is_side_matter(element, weights.get(element, 0)):
                _drop(element)


def _alive(element: Element, root: Element) -> bool:
    """Whether no element above it was dropped: a dropped one has lost its parent."""
    while element.getparent() is not None:
        element = element.getparent()
    return element is root


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail, previous = element.tail, element.getprevious()
    parent.remove(element)
    if tail:
        tail = _NOT_XML.sub("", tail)
        if previous is not None:
            previous.tail = _NOT_XML.sub("", previous.tail or "") + tail
        else:
            parent.text = _NOT_XML.sub("", parent.text or "") + tail


def _is_side_matter(element: Element, weight: int) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true" or (element.get("role") in _ROLES):
        return True
    style = "".join((element.get("style") or "").lower().split())
    if "display:none" in style or "visibility:hidden" in style:
        return True
    if element.tag in _SOMETIMES and _is_side_tag(element, weight):
        return True
    names = tokens(element)
    if names & _WALLS and not (names & (_UNWANTED - _WALLS)):  # a paywall's mark is also on the text behind it
        return is_offer(element.text_content()) or any(is_offer(block.text) for block in blocks(element)[:3])
    return bool(names & _UNWANTED or names & _UNWANTED_PAIRS)


def _is_side_tag(element: Element, weight: int) -> bool:
    """Whether an element whose tag alone does not tell is side matter."""
    if element.tag == "header":
        inside = any(above.tag in ("article", "main") for above in element.iterancestors())
        return not inside and not element.findall(".//h1")
    if element.tag == "table":
        cells = [len(" ".join(cell.text_content().split())) for cell in element.iter("td", "th")]
        return bool(cells) and max(cells) < 200  # a table of figures; old pages put their whole text into one
    return element.tag != "form" or weight < 500  # some servers wrap the whole page in a form


def article_lines(found: list[Block], title: str | None) -> list[str]:
    """The paragraphs of an article: no title, no lone links, no lines that stand around the news.

    What follows an offer to subscribe inside one small element, or in the newspaper's own voice, belongs to the offer;
    links below a pointer to other articles belong to it.
    """
    lines: list[str] = []
    walls: list[Element] = []
    offered = pointed = False
    for block in _below_title(found, title):
        if not any(map(str.isalnum, block.text)) or any(wall is block.element.getparent() for wall in walls):
            continue
        if (offered and is_to_the_reader(block.text)) or (pointed and block.linked and not block.prose):
            continue
        offered, pointed = is_offer(block.text), is_furniture(block.text)
        if pointed:
            if offered and (parent := block.element.getparent()) is not None and _is_small(parent):
                walls.append(parent)
        elif block.linked <= 0.8 * len(block.text) or _is_sentence(block):
            lines.append(block.text)
    return lines


def _below_title(found: list[Block], title: str | None) -> list[Block]:
    """The blocks without those that are the title, and without the labels above it ("World", "Live")."""
    same = [bool(title) and _same_words(block.text, title or "") for block in found]
    first = same.index(True) if True in same[:_ABOVE] else 0
    kept: list[Block] = []
    for number, block in enumerate(found):
        is_title = same[number] and (block.tag in _TITLE_TAGS or number == first)
        if not is_title and (number >= first or block.prose):
            kept.append(block)
    return kept


def _is_small(element: Element) -> bool:
    return sum(1 for child in element if isinstance(child.tag, str)) <= 4 and element.tag not in (
        "body",
        "main",
        "article",
    )


def _is_sentence(block: Block) -> bool:
    """Whether a line of links is a sentence nonetheless, as in an article that is one long link."""
    return block.text[-1:] in '.!?”"' and len(block.text) > 80


def _same_words(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())
