"""How well pages are read, beside trafilatura and htmldate alone: ``python benchmarks/pages.py``.

The pages of tests/cases/pages, with the text, title, day and authors that they hold. A page counts as all right when
every article of it is found with all four; several articles of a page are several for us, one for an extractor, so a
rival is only asked for pages with one article or none (a list of headlines, from which nothing should be taken).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from htmldate import find_date
from trafilatura import bare_extraction

from kg.articles.html import read_html
from kg.core.errors import ArticleError

PAGES = Path(__file__).parents[1] / "tests" / "cases" / "pages"
FIELDS = ("text", "title", "published", "author")


def ours(raw: bytes) -> list[dict[str, object]]:
    """What kg reads from a page."""
    try:
        found = list(read_html(raw))
    except ArticleError:
        return []
    return [
        {
            "text": _words(one.text),
            "title": one.metadata.title,
            "published": one.metadata.published,
            "author": one.metadata.author,
        }
        for one in found
    ]


def trafilatura_alone(raw: bytes) -> list[dict[str, object]]:
    """What trafilatura and htmldate read from it: main text, title, authors; the original date."""
    found = bare_extraction(raw, with_metadata=True, include_comments=False, include_tables=False)
    if found is None or not found.text:
        return []
    names = (found.author or "").replace("; ", ", ") or None
    date = find_date(raw, original_date=True, extensive_search=True)
    return [{"text": _words(found.text), "title": found.title, "published": date, "author": names}]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _without_title(words: list[str], title: str) -> list[str]:
    """A text that begins with its title is as right as one that does not."""
    head = _words(title)
    return words[len(head) :] if words[: len(head)] == head else words


def main() -> None:
    """Print the table of docs/inputs.md."""
    expected = json.loads((PAGES / "expected.json").read_text("utf-8"))
    print("| read by | pages | all right | text | title | day | authors |\n| --- | --- | --- | --- | --- | --- | --- |")
    single = {name: case for name, case in expected.items() if len(case["articles"]) < 2}
    for who, read, cases in (
        ("kg", ours, expected),
        ("kg, pages with one article or none", ours, single),
        ("trafilatura and htmldate, the same", trafilatura_alone, single),
    ):
        right = dict.fromkeys(("all", *FIELDS), 0)
        for name, case in cases.items():
            got, want = read((PAGES / f"{name}.html").read_bytes()), case["articles"]
            holds = {
                field: len(got) == len(want) and all(_same(field, g, w) for g, w in zip(got, want, strict=True))
                for field in FIELDS
            }
            for field in FIELDS:
                right[field] += holds[field]
            right["all"] += all(holds.values())
        share = " | ".join(f"{right[key]} ({100 * right[key] / len(cases):.0f} %)" for key in right)
        print(f"| {who} | {len(cases)} | {share} |")


def _same(field: str, got: dict[str, Any], want: dict[str, Any]) -> bool:
    if field != "text":
        return got[field] == want[field]
    return _without_title(got["text"], want["title"]) == _words(" ".join(want["text"]))


if __name__ == "__main__":
    main()
