"""The pages in a real browser on the seed, on four reports of one happening, and slices of Wikidata and GeoNames.

    KG_PICTURES=docs/pictures python -m pytest tests/serve/test_browser_seed.py

makes the pictures of the documentation.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serve.browsing import look_at_all
from tests.serving import START, serving

pytestmark = [pytest.mark.long, pytest.mark.model]

SEEDS = Path(__file__).parents[2] / "seeds"
WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
POINTS = {"2589581": (28, 3), "2453866": (18, -2), "2378080": (20, -12), "3017382": (46, 2), "3144096": (62, 10)}
"""Latitude and longitude of the countries of the slice in GeoNames, which has them elsewhere (CC BY)."""
REPORTS = {
    "day-1": (
        "2024-05-14", "Coast Courier", "Blast at Halvard market",
        "A bomb exploded at a market in Halvard on Tuesday and killed nine people, police said.\n",
    ),
    "day-2": (
        "2024-05-15", "Northern Post", "Death toll rises",
        "A bomb exploded at a market in Halvard on Tuesday and killed at least 12 people, the health ministry said.\n",
    ),
    "day-3": (
        "2024-05-16", "Evening Ledger", "Group claims bombing",
        "A bomb exploded at a market in Halvard on Tuesday and killed 14 people. The Red Front claimed the bombing.\n",
    ),
    "day-5": (
        "2024-05-18", "Coast Courier", "Two held over bombing",
        "A bomb exploded at a market in Halvard on Tuesday and killed 15 people. Police arrested two men on Friday.\n",
    ),
}  # fmt: skip


def kg(*arguments):
    """Run the command."""
    done = subprocess.run(
        [sys.executable, "-c", START, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that may write, on all of it."""
    folder = tmp_path_factory.mktemp("seed")
    for name, (day, publisher, title, text) in REPORTS.items():
        (folder / f"{name}.txt").write_text(f"Title: {title}\nDate: {day}\nPublisher: {publisher}\n\n{text}")
    store = str(folder / "store")
    kg("load", SEEDS, *(folder / f"{name}.txt" for name in REPORTS), "--store", store)
    for name in ("wikidata", "geonames"):
        kg("merge", SEEDS / "linked" / f"{name}-slice.ttl", "--store", store)
    with serving("--store", store, "--write", "--timeout", "300") as running:  # reading again takes some seconds
        points = "".join(
            f"<https://sws.geonames.org/{n}/> <{WGS84}lat> '{lat}' ; <{WGS84}long> '{long}' .\n"
            for n, (lat, long) in POINTS.items()
        )
        put = running.ask("/graphs", "POST", points, query={"graph": "x:points"}, content_type="text/turtle")
        assert put.status == 201
        yield running


def found(server, query):
    """The rows of a query, by variable."""
    bindings = json.loads(server.sparql(query, accept="application/sparql-results+json").body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


@pytest.fixture(scope="module")
def pages(server):
    """The address of each page, with what the store holds."""
    killing = found(
        server,
        "SELECT ?e { ?e kg:eventType kg:Killing ; kg:count ?c FILTER(STRSTARTS(STR(?e), "
        '"https://news.example/article/day-1#")) } ORDER BY ?e LIMIT 1',
    )
    return {
        "overview": "/",
        "search": "/search?q=gas",
        "article": "/article?iri=https://news.example/article/in_amenas",
        "entity": "/entity?iri=https://news.example/place/algeria",
        "event": f"/event?iri={quote(killing[0]['e'])}",
        "timeline": "/timeline",
        "map": f"/map?box={quote('300 80 160 80')}",
        "network": "/network?unnamed=1",
        "sparql": "/ask?name=casualties",
        "links": "/links?status=accepted",
        "editor": "/editor",
    }


def test_each_page_opens_and_has_its_picture(watch, server, pages):
    """Nothing outside, no complaint, nothing serious for axe; a picture of each, as documentation."""
    watched = watch(server, viewport={"width": 900, "height": 600})
    look_at_all(watched, pages, axe=[name for name in pages if name != "editor"], pictures=True)


def test_the_article_is_marked(watch, server, pages):
    """Its text word for word, marks for who and what; a fact leads to its words; why is told."""
    watched = watch(server)
    page = watched.open(pages["article"])
    text = (SEEDS / "in_amenas.txt").read_text("utf-8")
    shown = page.locator("article.text").text_content()
    assert shown.strip() in text
    assert page.locator("a.m.place", has_text="Algeria").count() >= 1
    assert page.locator("a.m.event").count() >= 5
    assert page.locator(".facts > li").count() == page.locator(".facts > li a.words").count() >= 5
    page.locator(".facts > li a.words").first.click()
    assert page.locator(".m:target").count() == 1
    page.set_default_timeout(300_000)
    page.get_by_role("link", name="why", exact=True).first.click()
    assert "in_amenas" in page.inner_text("main")
    assert len(page.inner_text("pre").splitlines()) > 2
    watched.said_nothing()


def test_four_reports_stand_side_by_side(watch, server, pages):
    """Each with its sentence and figure; the figures over the days; what is agreed and what is not."""
    watched = watch(server)
    page = watched.open(pages["event"])
    assert page.locator(".report").count() == 4
    assert all(publisher in page.inner_text("main") for _, publisher, *_ in REPORTS.values())
    assert page.locator(".drawing svg a circle").count() == 4
    differing = page.locator("h2:has-text('Not agreed') + ul").inner_text()
    for figure in ("9", "12", "14", "15"):
        assert figure in differing
    assert "Halvard" in page.locator("h2:has-text('Agreed') + ul").first.inner_text()
    page.locator(".report h3 a", has_text="Two held over bombing").click()
    assert "Police arrested two men" in page.inner_text("article")
    watched.said_nothing()


def test_the_rest_is_clicked_through(watch, server, pages):
    """Facets lead to events; links can be rejected and taken back; a place of Wikidata stands on the map."""
    watched = watch(server)
    page = watched.open("/")
    assert page.inner_text("h1").startswith("5 articles")
    page.locator("section[aria-label=Facets]").get_by_role("link", name="bombing", exact=True).click()
    assert page.locator("li.event").count() >= 4
    page = watched.open(pages["entity"])
    assert page.inner_text("h1") == "Algeria"
    assert page.locator(".link").count() >= 1
    assert page.locator("blockquote mark", has_text="Algeria").count() >= 1
    page.locator("main").get_by_role("link", name="Map").click()
    assert page.locator(".map svg").count() == 1
    assert watched.open(pages["map"]).locator(".map svg a circle").count() == 2  # Algeria and Mali
    page = watched.open(pages["sparql"])
    assert page.locator("tbody tr").count() >= 5
    page = watched.open(pages["links"])
    before = page.locator("progress").get_attribute("value")
    page.keyboard.press("r")
    page.wait_for_function(f"document.querySelector('progress').getAttribute('value') != '{before}'")
    page.wait_for_load_state("load")
    page.keyboard.press("u")
    page.wait_for_function(f"document.querySelector('progress').getAttribute('value') == '{before}'")
    watched.said_nothing()
