"""The pages in a real browser on articles made on the fly, opened and clicked through, compared by what they show."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from tests.serve import made
from tests.serve.browsing import look_at_all
from tests.serving import serving

KG = "https://kg.example/ontology#"


@pytest.fixture(scope="module", params=[24, pytest.param(2000, marks=pytest.mark.long)])
def store(request, tmp_path_factory):
    """A server on so many articles."""
    location = str(tmp_path_factory.mktemp("large") / "store")
    made.fill(location, request.param)
    with serving("--store", location) as server:
        yield server, request.param


def kinds(number):
    """How many events of each type so many articles tell of."""
    return Counter(made.TYPES[(n + k) % len(made.TYPES)] for n in range(number) for k in range(10))


def test_clicked_through(watch, store):
    """From the overview to a type's events, one of them, its article, its agent, and on to time, map and network."""
    server, number = store
    watched = watch(server)
    page = watched.open("/")
    assert page.inner_text("h1") == f"{number:,} articles, {10 * number:,} events"
    assert page.locator("section[aria-labelledby=new] li", has_text="News number").count() == 15
    killings = kinds(number)["Killing"]
    facet = page.locator("section[aria-label=Facets] li", has=page.get_by_role("link", name="killing", exact=True))
    assert facet.inner_text().split() == ["killing", str(killings)]
    facet.get_by_role("link").click()
    assert page.locator("li.event").count() == min(40, killings)
    page.get_by_role("link", name="More events").click() if killings > 40 else None
    page.locator("li.event a").first.click()
    label = page.inner_text("h1")
    assert page.locator(".report").count() == 1
    assert "3 Person" in page.inner_text(".report dl")
    page.locator(".report h3 a").click()
    assert page.inner_text("h1").startswith("News number")
    assert (page.locator(".facts > li").count(), page.locator("a.m.event").count()) == (10, 10)
    agent = label.partition(" acted on ")[0]
    page.locator("aside").get_by_role("link", name=agent, exact=True).first.click()
    assert page.inner_text("h1") == agent
    assert page.locator("h2", has_text="As agent").count() == 1
    assert page.locator("blockquote mark", has_text=agent).count() >= 1
    page.locator("main").get_by_role("link", name="Timeline").click()
    drawn = page.locator(".drawing svg a")
    assert drawn.count() >= 1
    assert agent in page.locator(".drawing svg").first.text_content()
    watched.said_nothing()


def test_time_map_and_network_show_what_is_chosen(watch, store):
    """The latest hundred; days that are asked for; half of the places have coordinates; ties by strength."""
    server, number = store
    watched = watch(server)
    page = watched.open("/timeline")
    assert page.locator(".drawing svg a").count() == 100
    page.get_by_label("From").fill("2020-01-03")
    page.get_by_label("To").fill("2020-01-04")
    page.get_by_role("button", name="Show").click()
    articles = [n for n in range(number) if made.day(n % 1500).value in ("2020-01-03", "2020-01-04")]
    assert page.locator(".drawing svg a").count() == min(100, 10 * len(articles))
    assert "2020-01-03" in page.locator(".drawing svg").text_content()
    page = watched.open("/map")
    places = {(n * 3 + k) % 300 for n in range(number) for k in range(10)}
    known = {place for place in places if place % 2 == 0}
    assert page.locator(".map svg a circle").count() == len(known)
    assert f"{len(known)} places with coordinates" in page.inner_text("main")
    assert page.locator("h2:has-text('Without coordinates') + ul li").count() == len(places - known)
    page = watched.open(f"/network?type={quote(KG + 'Killing', safe='')}&limit=20")
    assert page.locator("tbody tr").count() == 20
    assert page.locator(".drawing svg line").count() == 20
    first, last = (int(page.locator("tbody tr td.n").nth(n).inner_text()) for n in (0, 19))
    assert first >= last >= 1
    watched.said_nothing()


def test_found_by_words(watch, store):
    """Articles, entities and events that hold the words; an answer in SPARQL as a plot."""
    server, number = store
    watched = watch(server)
    page = watched.open("/")
    page.get_by_label("Search articles, entities and events").fill(f"number {number - 1}")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"News number {number - 1}").click()
    published = date(2020, 1, 1) + timedelta(days=(number - 1) % 1500 + 1)
    assert published.isoformat() in page.inner_text("main")
    query = "SELECT ?t (COUNT(*) AS ?n) { ?e kg:eventType ?t } GROUP BY ?t ORDER BY ?t"
    page = watched.open("/ask")
    page.get_by_label("Query").fill(query)
    page.get_by_label("Show as").select_option("plot")
    page.get_by_role("button", name="Ask").click()
    cells = page.locator("tbody td.n").all_inner_texts()
    assert cells == [str(count) for _, count in sorted(kinds(number).items())]
    assert page.locator(".drawing svg rect").count() == len(made.TYPES)
    watched.said_nothing()


@pytest.mark.long
def test_axe_on_many(watch, store):
    """Long lists and full drawings shut nobody out."""
    server, _ = store
    pages = {name: f"/{name}" for name in ("timeline", "map", "network", "search", "links", "ask")}
    look_at_all(watch(server), {"overview": "/", **pages}, axe=("overview", *pages))
