"""What a web page says of its article: title, date, authors, publisher, address, language.

In falling order of weight: JSON-LD (schema.org), meta tags of the many schemes in use, microdata, what stands visibly
in the article's head. The date is that of publication; when a page was changed, built or last crawled is another
matter, so a page that states no more is undated.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.articles.dates import first_date, publication_date, read_date
from kg.articles.furniture import author_names, byline_names
from kg.articles.metadata import Metadata
from kg.articles.page_tree import Element, blocks, tokens
from kg.articles.urls import absolute
from kg.ontology.words import words

MAX_JSON = 2_000_000
"""Characters of one block of JSON-LD; longer ones are passed over."""

_PUBLISHED = words("pagePublished")
"""Names of meta tags that tell the day of publication, the plainest first."""

_AUTHORS = "author article:author_name dc.creator dcterms.creator parsely-author sailthru.author byl byline".split()
_SITES = "og:site_name application-name dc.publisher dcterms.publisher publisher citation_journal_title".split()
_TITLES = "og:title twitter:title dc.title parsely-title sailthru.title citation_title headline".split()
_ARTICLE_TYPES = re.compile(
    r"(?:.*[/#:])?(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|AnalysisNewsArticle)$"
)
_DATED_TOKENS = frozenset(words("pageDateMarks"))
_LATER_TOKENS = frozenset("updated update modified modify edited revised changed".split())
_AUTHOR_TOKENS = frozenset("byline author authors writer reporter contributor creator".split())
_DATE_LINE = re.compile(r"(?:first |originally |last )?(?:published|posted|updated|modified|created)\b", re.IGNORECASE)
_LATER_LINE = re.compile(r"(?:last )?(?:updated|modified|edited)\b", re.IGNORECASE)
_IN_PATH = re.compile(r"/(\d{4})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/-]|$)", re.IGNORECASE)
_HEAD_BLOCKS = 12  # paragraphs from the title on in which a byline and a date may stand
_SITE_SUFFIX = re.compile(r"\s+(?:[|·•»–—-]|::)\s+")


@dataclass(frozen=True, slots=True)
class Facts:
    """A page's metadata, its articles as JSON-LD objects, and what it links to as its own place."""

    metadata: Metadata
    described: tuple[dict[str, Any], ...]  # every article in its JSON-LD
    base: str | None  # what relative links resolve against


def read_facts(root: Element) -> Facts:
    """The metadata of a page's tree, before anything is taken out of it."""
    meta = _meta_tags(root)
    described = tuple(_articles(root))
    canonical = next((e.get("href") for e in root.iter("link") if "canonical" in _words(e.get("rel"))), None)
    base_tag = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    base = absolute(base_tag) or absolute(canonical) or absolute(meta.get("og:url"))
    url = absolute(canonical, base) or absolute(meta.get("og:url"), base)
    heading = _heading(root)
    main = _main(described, url, heading or meta.get("og:title"))
    metadata = Metadata(
        published=_published(root, meta, main, url),
        publisher=_clean(_name(main.get("publisher"))) or _first(meta, _SITES),
        title=_title(root, meta, main, heading),
        url=url or absolute(_link(main), base),
        author=_authors(root, meta, main),
        language=_language(root, meta, main),
    )
    return Facts(metadata, described, base or metadata.url)


def metadata_of(described: dict[str, Any], base: str | None) -> Metadata:
    """The metadata of one article in JSON-LD."""
    return Metadata(
        published=_date(described.get("datePublished")),
        publisher=_clean(_name(described.get("publisher"))),
        title=_clean(_text(described.get("headline")) or _text(described.get("name"))),
        url=absolute(_link(described), base),
        author=_name_list(described.get("author")),
    )


def body_of(described: dict[str, Any]) -> str:
    """The text of an article in JSON-LD, as plain words; "" where it has none."""
    return html.unescape(_text(described.get("articleBody")) or _text(described.get("text")) or "")


def stated_date(element: Element) -> str | None:
    """The day that a part of a page states for itself: its first time element or date line but for later changes."""
    for node in element.iter("time", "abbr", "span", "p", "div", "meta"):
        names = tokens(node) | frozenset(_marks(node))
        if names & _LATER_TOKENS or "datemodified" in names:
            continue
        if node.tag == "time" or "datepublished" in names:
            stated = node.get("datetime") or node.get("content") or node.get("title") or node.text_content()
            if day := (_date(stated) or publication_date(_short(node.text_content()))):
                return day
        elif names & _DATED_TOKENS and (day := publication_date(_short(node.text_content()))):
            return day
    return None


def stated_authors(element: Element) -> str | None:
    """The authors that a part of a page names: by microdata, by class, or in a line that begins with "By"."""
    for node in element.iter("a", "span", "p", "div", "address", "li", "meta", "cite", "strong"):
        marked = "author" in (*_words(node.get("rel")), *_marks(node))
        if marked or tokens(node) & _AUTHOR_TOKENS:
            words = _short(node.get("content") or _own_name(node))
            names = byline_names(words) or author_names(_without_date(words))
            if names and _is_name(names):
                return names
    for block in blocks(element)[:_HEAD_BLOCKS]:
        pieces = re.split(r"\s*[|·•]\s*", block.text) if len(block.text) < 200 else []
        if names := next((names for piece in pieces if (names := byline_names(_without_date(piece)))), None):
            return names
    return None


def _own_name(node: Element) -> str:
    named = next((e for e in node.iter() if e is not node and "name" in _marks(e)), None)
    return str((node if named is None else named).text_content())


def _is_name(words: str) -> bool:
    """Whether words look like names of people or desks: a few words, no sentence."""
    return len(words) < 120 and words[0].isupper() and not re.search(r"[.!?]\s+[A-Z][a-z]+\s+[a-z]", words)


def _without_date(words: str) -> str:
    """A byline without what follows its names: a date, an hour, "updated"."""
    return re.split(
        r"\s*(?:[|·•–—]|\bupdated\b|\bpublished\b|\bposted\b|\bon\s+\d|\b\d{1,2}:\d\d|\b(?:mon|tues|wednes|"
        r"thurs|fri|satur|sun)day\b|"
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d|"
        r"\b\d{1,2}\s+[A-Z]|\b\d{4}\b)",
        words,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0].strip(" ,")


def _meta_tags(root: Element) -> dict[str, str]:
    """Meta tags by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        content = (tag.get("content") or tag.get("value") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and tag.get(key):
                found.setdefault(tag.get(key).strip().lower(), content)
    return found


def _articles(root: Element) -> Iterator[dict[str, Any]]:
    """Every article in the page's JSON-LD, wherever it is nested; blocks that are not JSON are passed over."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) <= MAX_JSON:
            words = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", "", script.text)
            try:
                yield from _nested(json.loads(words.strip().rstrip(";"), strict=False))
            except (ValueError, RecursionError):
                continue


def _nested(value: object) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += reversed(one)
        elif isinstance(one, dict):
            kinds = one.get("@type")
            if any(_ARTICLE_TYPES.match(kind) for kind in _strings(kinds)):
                yield one
            else:
                todo += reversed([part for part in one.values() if isinstance(part, dict | list)])


def _main(described: Iterable[dict[str, Any]], url: str | None, heading: str | None) -> dict[str, Any]:
    """The JSON-LD of the page's own article: the one with its address or title, or the only one."""
    found = list(described)
    for one in found:
        if url and absolute(_link(one), url) == url:
            return one
    for one in found:
        title = _clean(_text(one.get("headline")) or _text(one.get("name")))
        if heading and title and _alike(title, heading):
            return one
    return found[0] if len(found) == 1 else {}


def _published(root: Element, meta: dict[str, str], main: dict[str, Any], url: str | None) -> str | None:
    if day := _date(main.get("datePublished")) or _date(main.get("dateCreated")):
        return day
    for name in _PUBLISHED:
        if name in meta and (day := _date(meta[name])):
            return day
    head = _article_head(root)
    for element in head:
        if day := stated_date(element):
            return day
    for block in _first_blocks(head):
        if (day := publication_date(block)) and is_date_line(block):
            return day
    match = _IN_PATH.search(url or "")
    return (
        first_date("-".join(match.groups()) if match[2].isdigit() else f"{match[3]} {match[2]} {match[1]}")
        if match
        else None
    )


def is_date_line(words: str) -> bool:
    """Whether a line only says when something was published or changed: a date or an hour with little beside it."""
    if len(words) > 120 or words.endswith((".", "!", "?")) or not (_LATER_LINE.match(words) or first_date(words)):
        return False
    return len(re.findall(r"[A-Za-z]{3,}", words)) <= 6 or bool(_DATE_LINE.match(words))


def _article_head(root: Element) -> list[Element]:
    """The elements in which an article's own date and byline stand: its article or main element, else around its h1."""
    for tag in ("article", "main"):
        found = [e for e in root.iter(tag) if e.find(".//h1") is not None] or list(root.iter(tag))[:1]
        if found:
            return found[:1]
    heading = root.find(".//h1")
    if heading is not None:
        parent = heading.getparent()
        return [parent] if parent.tag != "body" else [*list(heading.itersiblings())[:4]]
    title = _clean(root.findtext(".//title") or "")
    body = root.find("body")
    found = blocks(body) if title and body is not None else []
    shown = next((b.element for b in found if len(b.text) > 15 and title and title.startswith(b.text)), None)
    return [shown.getparent()] if shown is not None else []


def _first_blocks(head: list[Element]) -> list[str]:
    return [block.text for element in head for block in blocks(element)[:_HEAD_BLOCKS]]


def _title(root: Element, meta: dict[str, str], main: dict[str, Any], heading: str | None) -> str | None:
    stated = _clean(_text(main.get("headline"))) or _first(meta, _TITLES)
    if heading and (stated is None or _alike(heading, stated) or heading in stated):
        return heading
    if stated:
        return _without_site(stated, meta)
    whole = root.find(".//title")
    return _without_site(_clean(whole.text_content()) or "", meta) or None if whole is not None else heading


def _without_site(title: str, meta: dict[str, str]) -> str:
    """A title without the site's name at its end."""
    parts = _SITE_SUFFIX.split(title)
    site = _first(meta, _SITES)
    if len(parts) > 1 and (
        parts[-1] == site or (len(parts[-1].split()) <= 4 and len(parts[0].split()) > len(parts[-1].split()))
    ):
        return title[: title.rindex(parts[-1])].rstrip(" |·•»–—-:")
    return title


def _heading(root: Element) -> str | None:
    """The article's h1: the one in its article element, else the only one."""
    inside = [e for article in root.iter("article", "main") for e in article.iter("h1")]
    everywhere = inside or list(root.iter("h1"))
    texts = [words for e in everywhere if (words := _clean(e.text_content()))]
    return texts[0] if inside and texts else (texts[0] if len(texts) == 1 else None)


def _authors(root: Element, meta: dict[str, str], main: dict[str, Any]) -> str | None:
    if names := _name_list(main.get("author") or main.get("creator")):
        return names
    stated = next((names for name in _AUTHORS if name in meta and (names := author_names(meta[name]))), None)
    if stated and " " in stated and stated != _first(meta, _SITES):
        return stated
    shown = next((names for element in _article_head(root) if (names := stated_authors(element))), None)
    return shown or stated  # one word in a meta tag is the site's name, or an agency's where nobody signs


def _language(root: Element, meta: dict[str, str], main: dict[str, Any]) -> str | None:
    tag = root if root.tag == "html" else root.find(".//html")
    declared = tag is not None and (
        tag.get("lang") or tag.get("{http://www.w3.org/XML/1998/namespace}lang") or tag.get("xml:lang")
    )
    return declared or _text(main.get("inLanguage")) or meta.get("content-language") or meta.get("og:locale") or None


def _name_list(value: object) -> str | None:
    names = [_name(one) for one in (value if isinstance(value, list) else [value])]
    return author_names(", ".join(_clean(name) or "" for name in names if name)) if any(names) else None


def _name(value: object) -> str | None:
    if isinstance(value, list):
        return next((name for one in value if (name := _name(one))), None)
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _link(described: dict[str, Any]) -> str | None:
    for key in ("mainEntityOfPage", "url", "@id"):
        value = described.get(key)
        link = _text(value.get("@id") or value.get("url")) if isinstance(value, dict) else _text(value)
        if link:
            return link
    return None


def _text(value: object) -> str | None:
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else None


def _date(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    words = _text(value)
    return read_date(words) if words else None


def _strings(value: object) -> list[str]:
    return (
        [value]
        if isinstance(value, str)
        else [v for v in value if isinstance(v, str)]
        if isinstance(value, list)
        else []
    )


def _first(meta: dict[str, str], names: Iterable[str]) -> str | None:
    return next((words for name in names if (words := _clean(meta.get(name)))), None)


def _clean(words: str | None) -> str | None:
    return " ".join(re.sub(r"<[^<>]{1,200}>", " ", html.unescape(words)).split()) or None if words else None


def _short(words: str) -> str:
    return " ".join(words[:400].split()) if len(words) <= 2000 else ""


def _marks(node: Element) -> list[str]:
    """What microdata and RDFa mark an element as."""
    return _words(f"{node.get('itemprop') or ''} {node.get('property') or ''}")


def _words(value: str | None) -> list[str]:
    return (value or "").lower().split()


def _alike(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())
