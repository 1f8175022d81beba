"""One page holds one article, several, the entries of a live blog, or none but a list of headlines.

Several articles are several ``article`` elements with texts of their own; the entries of a live blog or dated list
are told by their stamps, a time element or a line that is only a date or an hour. Each becomes a draft with its own
date: "today" in the entry of Monday is Monday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from kg.articles.dates import first_date, publication_date, read_date
from kg.articles.metadata import Metadata
from kg.articles.page_facts import Facts, body_of, is_date_line, metadata_of, stated_authors, stated_date
from kg.articles.page_tree import Block, Element, article_lines, blocks, prose_below, prune
from kg.articles.urls import absolute
from kg.ontology.words import words

_WHOLE = 200  # characters of prose from which an article element is an article and no card
_INSIDE = 0.8  # share of an article's prose from which a part of it is all of it
_DENSE = 0.85  # likewise for a page that marks no article
_COVERED = 0.6  # share of the prose that stamped entries must cover to be a live blog
_HEADLINES = 3  # linked headlines from which a page may be a list of them

_SUBHEADS = ("h2", "h3", "h4")
_ZONE = r"(?:\s*(?:GMT|UTC|BST|EST|EDT|CET|CEST|[A-Z]{3,4}|local time))?"
_HOUR = rf"\d{{1,2}}(?:[:.h]\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?|\s*[ap]\.?m\.?){_ZONE}"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_MONTHS = tuple(month[:3] for month in words("months"))
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY_FIRST = rf"(?P<d1>\d{{1,2}}){_ORDINAL}\s+(?P<m1>{_MONTH})"
_MONTH_FIRST = rf"(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}}){_ORDINAL}"
_DAY = re.compile(rf"{_WEEKDAY}(?:{_DAY_FIRST}|{_MONTH_FIRST})(?:,?\s+\d{{4}})?", re.IGNORECASE)
_NAMELESS = re.sub(r"\?P<\w+>", "?:", _DAY.pattern)
_STAMP = re.compile(
    rf"(?:(?:posted|published|updated)?\s*(?:at|on)?\s*)"
    rf"(?:{_NAMELESS}(?:\s*[,·|at–-]*\s*{_HOUR})?|{_HOUR}(?:\s*[,·|on–-]*\s*{_NAMELESS})?)"
    r"\s*(?P<rest>$|[:–—|-]\s*\S.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One article of a page: its paragraphs, and what is known of it; ``number`` where it is one of several."""

    lines: tuple[str, ...]
    metadata: Metadata
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of blocks under one stamp: its day where it has one, its title, its paragraphs."""

    day: str | None
    blocks: tuple[Block, ...]

    @property
    def prose(self) -> int:
        """The characters of its text that read like sentences."""
        return sum(block.prose for block in self.blocks)


def parts_of(root: Element, facts: Facts) -> list[Part]:
    """The articles of a page's tree, which is pruned on the way; none where the page holds no text."""
    if described := _described_entries(facts):
        return described
    prune(root)
    weights = prose_below(root)
    whole, cards = _article_elements(root, weights)
    if len(whole) > 1:
        return [_article(element, facts, number) for number, element in enumerate(whole, start=1)]
    container = _inner(whole[0], weights) if whole else _container(root, weights)
    found = blocks(container)
    if not whole and (len(cards) >= _HEADLINES or is_list(found)):
        return []
    if entries := _entries(found, facts.metadata.published):
        return [_from_entry(entry, facts, number) for number, entry in enumerate(entries, start=1)]
    lines = _lines(_without_cards(found), facts.metadata)
    body = next((body for one in facts.described if len(facts.described) == 1 and (body := body_of(one))), "")
    if len(body) > 2 * sum(map(len, lines)):
        lines = tuple(" ".join(line.split()) for line in body.splitlines() if line.strip())
    return [Part(lines, facts.metadata)] if lines else []


def is_list(found: list[Block]) -> bool:
    """Whether paragraphs are a list of headlines that link elsewhere, with little under each."""
    headlines = [i for i, block in enumerate(found) if _is_headline(block)]
    if len(headlines) < _HEADLINES:
        return False
    if sum(block.prose for block in found) < _WHOLE:
        return True
    ends = [*headlines[1:], len(found)]
    under = [sum(b.prose for b in found[a + 1 : z]) for a, z in zip(headlines, ends, strict=True)]
    before = sum(block.prose for block in found[: headlines[0]])
    return median(under) < 2 * _WHOLE and before < _WHOLE and sum(1 for n in under if n > 3 * _WHOLE) == 0


def _is_headline(block: Block) -> bool:
    """A line that is mostly one link with some words: a headline that leads elsewhere."""
    return block.leads_away and block.linked >= max(15, 0.6 * len(block.text)) and " " in block.text


def _described_entries(facts: Facts) -> list[Part]:
    """The updates of a live blog whose JSON-LD holds their texts."""
    for one in facts.described:
        updates = one.get("liveBlogUpdate")
        updates = [u for u in updates if isinstance(u, dict)] if isinstance(updates, list) else []
        found = [(metadata_of(update, facts.base), body_of(update)) for update in updates]
        told = [(metadata, body) for metadata, body in found if body.strip()]
        if len(told) > 1:
            return [
                Part(
                    tuple(line.strip() for line in body.splitlines() if line.strip()),
                    _numbered(_own(metadata, facts.metadata), facts, number),
                    number,
                )
                for number, (metadata, body) in enumerate(told, start=1)
            ]
    return []


def _own(own: Metadata, page: Metadata) -> Metadata:
    """A part's metadata, and the page's where it has none; the page's address is not the part's."""
    return own.or_else(replace(page, url=None, id=None))


def _numbered(metadata: Metadata, facts: Facts, number: int) -> Metadata:
    """A part without an address of its own is told apart by its number on the page."""
    if facts.metadata.url and metadata.url in (None, facts.metadata.url):
        return replace(metadata, id=f"{facts.metadata.url}#{number}", url=facts.metadata.url)
    return metadata


def _article_elements(root: Element, weights: dict[Element, int]) -> tuple[list[Element], list[Element]]:
    """The article elements that hold an article, outermost ones only, and those that are cards of others."""
    whole: list[Element] = []
    cards: list[Element] = []
    for element in root.iter("article"):
        if any(above.tag == "article" for above in element.iterancestors()):
            continue
        found = blocks(element)
        leads_away = any(_is_headline(block) and block.tag in ("h1", "h2", "h3", "h4", "a") for block in found)
        weight = weights.get(element, 0)
        if weight >= 2 * _WHOLE or (weight and not leads_away):
            whole.append(element)
        elif found:
            cards.append(element)
    return whole, cards


def _article(element: Element, facts: Facts, number: int) -> Part:
    """One of a page's several articles, with what it states of itself."""
    heading = next((e for tag in ("h1", "h2", "h3") for e in element.iter(tag)), None)
    title = " ".join(heading.text_content().split()) if heading is not None else None
    link = next((e.get("href") for e in heading.iter("a")), None) if heading is not None else None
    described = next((one for one in facts.described if title and metadata_of(one, facts.base).title == title), {})
    own = Metadata(
        published=stated_date(element),
        title=title,
        url=absolute(element.get("data-url") or link, facts.base),
        author=stated_authors(element),
    )
    metadata = _numbered(_own(metadata_of(described, facts.base).or_else(own), facts.metadata), facts, number)
    return Part(_lines(blocks(element), metadata), metadata, number)


def _inner(element: Element, weights: dict[Element, int]) -> Element:
    """The marked body inside an article element, where it holds nearly all of its prose."""
    for inner in element.iter():
        if "articleBody" in (inner.get("itemprop") or "") and weights.get(inner, 0) >= _INSIDE * weights.get(
            element, 0
        ):
            return inner
    return element


def _container(root: Element, weights: dict[Element, int]) -> Element:
    """Where a page without article elements has its text: what is marked as it, else the densest part."""
    total = weights.get(root, 0)
    for mark in ("articleBody", "main"):
        for element in root.iter():
            names = (element.tag, element.get("role"), element.get("itemprop"), element.get("property"))
            if mark in names and weights.get(element, 0) >= total / 2:
                return element if mark == "articleBody" else _densest(element, weights)
    body = root.find(".//body")
    return _densest(root if body is None else body, weights)


def _densest(element: Element, weights: dict[Element, int]) -> Element:
    """The innermost element that still holds nearly all the prose of this one."""
    while (inner := max(element, key=lambda e: weights.get(e, 0), default=None)) is not None:
        if inner.tag in ("p", "li") or weights.get(inner, 0) < _DENSE * max(1, weights.get(element, 0)):
            break
        element = inner
    return element


def _without_cards(found: list[Block]) -> list[Block]:
    """The blocks before a list of linked headlines with teasers that ends an article."""
    headlines = [i for i, block in enumerate(found) if _is_headline(block) and block.tag in ("h2", "h3", "h4", "h5")]
    if len(headlines) > 1 and sum(b.prose for b in found[: headlines[0]]) >= sum(
        b.prose for b in found[headlines[0] :]
    ):
        return found[: headlines[0]]
    return found


def _entries(found: list[Block], published: str | None) -> list[Entry]:
    """The stamped stretches of a live blog or dated list; none where the stamps do not cover most of the prose."""
    stamps = [(i, stamp) for i, block in enumerate(found) if (stamp := _stamp(block, published)) is not None]
    if len(stamps) < 2:
        return []
    stamped = {i for i, _ in stamps}
    starts = [i - (i - 1 not in stamped and i > 0 and found[i - 1].tag in _SUBHEADS) for i in sorted(stamped)]
    entries: list[Entry] = []
    day = published
    for (index, (stated, rest)), start, end in zip(stamps, starts, [*starts[1:], len(found)], strict=True):
        day = stated or day
        inside = [*found[start:index], *([replace(found[index], text=rest)] if rest else []), *found[index + 1 : end]]
        entries.append(Entry(day, tuple(inside)))
    told = [entry for entry in entries if entry.prose]
    if len(told) < 2 or sum(e.prose for e in told) < _COVERED * sum(b.prose for b in found):
        return []
    inline = sum(1 for _, (_, rest) in stamps if rest)
    return told if len(told) > 2 or not inline else []


def _stamp(block: Block, published: str | None) -> tuple[str | None, str] | None:
    """A block's stamp: its day, None where it has only an hour, and the words after it; None where it has none."""
    node = block.time
    words = " ".join(node.text_content().split()) if node is not None else ""
    if node is not None and words and block.text.startswith(words) and "pdate" not in (node.get("class") or ""):
        day = read_date(node.get("datetime") or "") or _day(words, published)
        return day, block.text[len(words) :].lstrip(" :|·–—-")
    match = _STAMP.match(block.text)
    if match is None or len(block.text) - len(match["rest"]) > 60:
        return None
    return _day(block.text, published), match["rest"].lstrip(" :|·–—-")


def _day(words: str, published: str | None) -> str | None:
    """The day that a stamp names; without a year, that of the page's date at or before it."""
    if full := publication_date(words) or first_date(words):
        return full
    match = _DAY.search(words)
    if match is None or published is None:
        return None
    month = 1 + _MONTHS.index((match["m1"] or match["m2"])[:3].lower())
    last = date.fromisoformat(published)
    for year in (last.year, last.year - 1):
        try:
            found = date(year, month, int(match["d1"] or match["d2"]))
        except ValueError:
            return None
        if (found - last).days <= 2:
            return found.isoformat()
    return None


def _from_entry(entry: Entry, facts: Facts, number: int) -> Part:
    title = next((b.text for b in entry.blocks if b.tag in _SUBHEADS), None)
    own = Metadata(published=entry.day, title=title or facts.metadata.title)
    metadata = _numbered(_own(own, facts.metadata), facts, number)
    return Part(_lines(list(entry.blocks), metadata), metadata, number)


def _lines(found: list[Block], metadata: Metadata) -> tuple[str, ...]:
    """The paragraphs of an article whose title, date and authors are known: the lines that say those are none."""
    lines = article_lines(found, metadata.title)
    names = (metadata.author or "\n").split(", ")
    return tuple(line for line in lines if not is_date_line(line) and not _is_author_line(line, names))


def _is_author_line(line: str, names: list[str]) -> bool:
    """Whether a line names an author and says nothing: ``Jane Rowe, Health correspondent 8 May``."""
    return len(line) < 120 and line[-1] not in '.!?”"' and line.startswith((*names, *(f"By {n}" for n in names)))
