"""Small functions on telling values, at their bounds and beside them: what the approved tables hold."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.articles import dates, encodings, language, metadata, page_facts, urls
from kg.core import budgets, counted, days, iris, names, numbers, secrets, table
from kg.core.errors import KgError
from kg.core.model import Bounds, Count, Mention
from kg.graph import dates as day_words
from kg.graph import mint, telling
from kg.graph.shacl import terms
from kg.linking import names as likeness
from kg.linking import stems
from kg.query import prepare, selective, things
from kg.serve import drawing, negotiate, shown
from kg.store import formats
from kg.store.opening import NamedNode, RdfLiteral
from tests import damaged, matched, pairs, rewritings, wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = tomllib.loads((Path(__file__).parent / "cases" / "values.toml").read_text(encoding="utf-8"))
DATES, NAMES, SPANS = (
    [value.strip() for value in VALUES[name].replace("\n", " ").split(";")] for name in ("dates", "names", "spans")
)
LINES = (
    *("Published 8 May 2024, updated 30 June 2024", "Updated 30 June 2024; first published 8 May 2024"),
    *("Last modified 30 June 2024", "8 May 2024 | last updated 9 May 2024", "Edited 9 May 2024", "8 May 2024"),
)


def asked(function: Callable[..., Any], *arguments: Any) -> str:
    """A line: the function, what it was given, and what it gave or how it refused."""
    try:
        found = function(*arguments)
    except (KgError, ValueError, KeyError) as error:
        found = f"{type(error).__name__}: {error}"
    if isinstance(found, (set, frozenset)):
        found = sorted(found, key=repr)
    if isinstance(found, float):
        found = round(found, 3)
    given = ", ".join(repr(a) for a in arguments if not isinstance(a, dict) or len(a) < 5)  # all prefixes say little
    return f"{function.__name__}({given}) = {_words(found)}"


def _words(found: object) -> str:
    """A value as it is written; a term of RDF as in Turtle."""
    if isinstance(found, dict):
        return str({key: _words(value) for key, value in found.items()})
    return str(found) if isinstance(found, (NamedNode, RdfLiteral)) else repr(found)


def articles() -> Iterator[str]:
    """Dates, headers, addresses and languages of articles."""
    for function in (dates.read_date, dates.first_date, metadata.iso_date):
        yield from (asked(function, words) for words in DATES)
    yield from (asked(function, w) for function in (dates.publication_date, page_facts.is_date_line) for w in LINES)
    yield from (asked(dates.read_date, f"{'x' * more} 8 May 2024") for more in (188, 189, 190, 191))
    for words in (
        "Posted on Wednesday",
        "Wed, 8 May",
        "a b c d e f the end",
        "one two three four five six",
        "one two three four five six seven",
        "10:30",
    ):
        yield asked(page_facts.is_date_line, words)
    for header in (
        *("Title: A\nDate: 2024-05-08\n\nText.", "Title: A\nText.", "Note: this is text\n\nText.", "Title A\n\nText."),
        *(
            "Date: 2024-05-08\nAuthor: Ada, Bo\nURL: http://x.example/1\n\nText.",
            "\nTitle: A\n\nText.",
            "Title:\n\nText.",
        ),
    ):
        yield asked(metadata.split_header, header)
    for link in (
        "/a",
        "b",
        "../c",
        "//x.example/d",
        "http://y.example/e",
        "",
        None,
        "javascript:alert(1)",
        "#f",
        "?g=1",
    ):
        yield asked(urls.absolute, link, None, "https://z.example/news/today")
    for url in (
        "https://z.example/a/b.html",
        "http://www.z.example/a/?id=7&utm_source=x",
        "https://z.example",
        "x",
        "",
    ):
        yield asked(urls.page_id, url)
    for code in ("en", "en-GB", "EN_us", "eng", "de", "", None, "und", "english", "x-klingon"):
        yield asked(language.declared_english, code)
    for raw in (
        b"abc",
        b"\xef\xbb\xbfabc",
        "abc".encode("utf-16"),
        b"caf\xe9 cr\xe8me",
        b"\xff\xfea\x00",
        b"\x93a\x94",
    ):
        yield from (asked(encodings.mark_of, raw), asked(encodings.decode, raw), asked(encodings.decode_markup, raw))


def core() -> Iterator[str]:
    """Days, numbers, names, tables and budgets."""
    for day in ("2024", "2024-02", "2023-02", "2024-05-08", "2024-12", "1900-02"):
        yield from (asked(days.first_day, day), asked(days.last_day, day), asked(days.date_parts, day))
    for text in (
        "1",
        "-1",
        "+1",
        " 1 ",
        "1.5",
        "1.",
        ".5",
        "1e3",
        "1E-3",
        "INF",
        "-INF",
        "NaN",
        "1_000",
        "infinity",
        "",
        "1,5",
    ):
        yield from (asked(numbers.number_of, text, XSD + kind) for kind in ("integer", "decimal", "double", "string"))
    for number in (0.0, 1.0, 1.5, 1e21, 1e-7, 123456789.125, -2.0, float("inf"), float("-inf"), float("nan")):
        yield asked(numbers.written, number)
    yield from (asked(names.fold, name) for name in (*NAMES, "Łódź", "ß", "ＡＢ", "Ñ", "  A  b ", "d’Or", "e\u0301"))
    yield from (
        asked(counted.counted, n, word) for n in (0, 1, 2, 1000) for word in ("article", "country", "day", "box")
    )
    yield from (asked(counted.counted, n, "was", "were") for n in (1, 2))
    for iri in (
        "http://x.example/article/a#killing-7",
        "http://x.example/article/a#text-3-9",
        "http://x.example/o#Killing",
        "x",
    ):
        yield from (asked(iris.span_of, iri), asked(iris.article_of, iri), asked(iris.local_name, iri))
    yield from (
        asked(iris.is_address, text) for text in ("http://x", "https://x", "HTTP://x", "ftp://x", "http", "store")
    )
    for words in ("Bearer abc", "http://u:p@x.example/", "token=abc", "plain", "http://x.example/?access_token=a&b=c"):
        yield asked(secrets.hidden, words)
    for text in ("a\tb\nc", "\x1b[31mred", "日本", "e\u0301", "\u200b", "a\u202eb"):
        yield from (asked(table.plain, text), asked(table.display_width, text))
    rows = [["article:coast/monday#killing-506", "twelve", "日本"], ["x", "a rather long cell of several words", ""]]
    for width in (200, 60, 40, 24, 12):
        yield from (f"{width}: {line}" for line in table.draw_table(["what", "how many", "where"], rows, width))
    for name in ("http://x.example/o#" + "long" * 9, "a/b#c", "日" * 30, "x/" + "日" * 9, "a" * 90):
        yield from (asked(table._shortened, name, width) for width in (3, 6, 7, 12, 20, 40))
    for name in sorted(dir(budgets)):
        if isinstance(budget := getattr(budgets, name), budgets.Budget):
            yield f"{budget.variable} = {budget.default}: {budget.what}"


def graph() -> Iterator[str]:
    """Days in words, labels of counts, ends of IRIs."""
    for span in SPANS:
        bounds = Bounds(*(None if word == "-" else word for word in span.split()))  # type: ignore[arg-type]
        yield asked(day_words.dates_in_words, bounds)
    for number, what in (
        ("12", "men"),
        ("dozens", "men"),
        ("a dozen", "shops"),
        ("two", "two men"),
        ("", "men"),
        ("1", ""),
    ):
        yield asked(telling.count_label, Count("q", "patient", "n", 1, None, False, Mention(0, 1, number), what))
    for name in (*NAMES, "A/B & C", "2024", "日本", "a" * 200, "--", "Ömer Çelik", "e\u0301t\u00e9"):
        yield asked(mint.slug, name)
    yield from (asked(mint.kebab, name) for name in ("Killing", "ClaimOfResponsibility", "A", "AirStrikeX"))
    for term in ("<http://x/y>", "_:b", '"a"', '"_"', "<_>", '"<"'):
        yield from (asked(function, term) for function in (terms.is_iri, terms.is_blank, terms.is_literal))
    for article in ("a", "a/b", "https://x.example/a?b=1#c", "a b", "é", "%41", "a#b"):
        yield asked(mint.graph_iri, article, "https://news.example/")


def linking() -> Iterator[str]:
    """How alike names are."""
    known = [name for name in NAMES if name]
    for name in known:
        yield asked(likeness.meet, likeness.Kind.SPELLING, name, "Viktor Hale")
        yield from (asked(likeness.spelling, name), asked(likeness.is_acronym, name), asked(likeness.keys_of, name))
    yield from (asked(likeness.near, one, other) for one, other in combinations(known, 2))
    for word in (
        "running",
        "ministries",
        "Arden",
        "killed",
        "bombings",
        "lies",
        "houses",
        "as",
        "dies",
        "stopped",
        "happily",
    ):
        yield asked(stems.stem, word)
    yield asked(stems.stems, "The ministries of the running republics, and their houses")


def asking() -> Iterator[str]:
    """Terms and bindings of queries, forms of answers, pieces of pages."""
    known = prepare.known_prefixes("https://news.example/")
    for text in (
        "kg:Killing",
        "<http://x/y>",
        '"a"@en',
        "12",
        "1.5",
        "true",
        "plain words",
        "place:kirra",
        "nope:x",
        "a:b:c",
        "",
    ):
        yield asked(prepare.parse_term, text, known)
    for given in ("x=kg:Killing", "x=", "=y", "x", "?x=a", "$x=a", "x y=a"):
        yield asked(prepare.parse_bindings, [given], known)
    yield from (asked(selective.spellings, name) for name in ("Viktor Hale", "RED FRONT", "kirra", "d'Or"))
    yield from (asked(things.term_of, text, known) for text in ("http://x/y", "urn:x:y", "kg:Killing", "words", "12"))
    yield from (asked(drawing.shortened, "a long name of a thing", most) for most in (1, 2, 8, 21, 22, 23))
    yield from (asked(drawing.day_number, day) for day in ("2024-05-08", "2024-05", "2024", "", "x", "0001-01-01"))
    for first, last in ((400, 401), (19000, 19010), (19000, 19400), (19000, 25000), (0, 700000)):
        yield asked(drawing.ticks, float(first), float(last), 6)
    for accept in (None, "*/*", "text/html", "text/html;q=0.1,application/json", "application/json", "text/*;q=0", "x"):
        yield asked(negotiate.prefers_html, accept)
    for iri in ("http://x.example/a", "https://x", "javascript:alert(1)", "http://", "x", "http://[", "mailto:a@b"):
        yield from (asked(shown.followable, iri), asked(shown.article_name, iri), asked(shown.thing, iri))
    yield asked(shown.with_fields, {"a": "1", "b": "2"}, "/map")
    yield asked(shown.address, "/map")
    for name in ("a.ttl", "a.nt.gz", "a.TRIG", "a.jsonld", "a.rdf", "a.owl", "a.xml", "a.nq", "a", "a.txt", "a.n3"):
        yield asked(formats.of_file, Path(name))


TABLES = {
    "articles": articles,
    "core": core,
    "graph": graph,
    "linking": linking,
    "asking": asking,
    "times": wordings.times,
    "times-around": wordings.times_around,
    "quantities": wordings.quantities,
    "forms": wordings.forms,
    **pairs.TABLES,
    **rewritings.TABLES,
    **damaged.TABLES,
    **matched.TABLES,
}
