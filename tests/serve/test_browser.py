"""The pages in a real browser: Debian's chromium driven by playwright, one for all tests of this file.

Without either the tests are skipped. ``KG_PICTURES`` names a folder into which a picture of each page goes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from kg.linking.links import read_links, write_links
from kg.store.opening import open_store
from tests import harbour
from tests.serve import hostile
from tests.serving import serving

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
if BROWSER is None:
    pytest.skip("no chromium here: the pages are not tried in a browser", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: the pages are not tried in a browser")

ONE, TWO = "https://news.example/article/harbour_1", "https://news.example/article/harbour_2"
KILLING, OTHER = quote(f"{ONE}#killing-7"), quote(f"{TWO}#killing-30")
SENNA = "https://news.example/place/port-senna"
PAGES = {
    "overview": "/",
    "search": "/search?q=dock",
    "article": f"/article?iri={ONE}",
    "entity": f"/entity?iri={SENNA}",
    "event": f"/event?iri={KILLING}",
    "timeline": "/timeline",
    "map": "/map",
    "network": "/network?unnamed=1",
    "sparql": "/ask?name=casualties",
    "links": "/links?status=accepted",
    "problems": "/problems",
    "token": "/token",
    "editor": "/editor",
}
MORE = """
PREFIX kg: <https://kg.example/ontology#> PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>
INSERT DATA {
  GRAPH <https://news.example/graph/stories> { <https://news.example/graph/stories#one> a kg:EventLink ;
    kg:linkSubject <%s#killing-7> ; kg:linkTarget <%s#killing-30> ; kg:linkStatus kg:accepted ; kg:reason "same day" }
  GRAPH <https://news.example/graph/dataset/gazetteer> {
    <https://gazetteer.example/4711> wgs84:lat "1.5" ; wgs84:long "7" }
}""" % (ONE, TWO)  # noqa: UP031 # braces


@pytest.fixture(scope="module")
def browser():
    """The browser."""
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def harbour_server(tmp_path_factory):
    """A server that may write, on the harbour with linked events and coordinates."""
    location = harbour.in_folder(tmp_path_factory.mktemp("browser") / "store")
    with open_store(location, mode="write") as store:
        write_links(store, read_links(store).values())  # under the names that links have
    with serving("--store", location, "--write") as server:
        assert server.update(MORE).status == 204
        yield server


class Watched:
    """A page in the browser, with what it asked for, what it complained of, and what opened."""

    def __init__(self, browser, server, **options):
        self.server = server
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.outside, self.complaints, self.dialogs = [], [], []
        own = f"127.0.0.1:{server.port}"
        self.page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc == own or request.url.startswith(("data:", "blob:"))
                else self.outside.append(request.url)
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def open(self, path):
        """Go to a page."""
        answer = self.page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        assert answer.status == 200, path
        return self.page


@pytest.fixture
def watch(browser):
    """Makes watched pages."""
    opened = []

    def watched(server, **options):
        opened.append(Watched(browser, server, **options))
        return opened[-1]

    yield watched
    for one in opened:
        one.context.close()


def wait_for_editor(page):
    """Until YASGUI stands."""
    page.wait_for_selector(".yasqe .CodeMirror-code")


def look_at_all(watched, name_of_run):
    """Open each page: axe finds nothing serious, nothing outside is asked for, no script complains."""
    axe = pytest.importorskip("axe_core_python.sync_playwright").Axe()
    pictures = os.environ.get("KG_PICTURES")
    for name, path in PAGES.items():
        page = watched.open(path)
        if name == "editor":
            wait_for_editor(page)
        if pictures and name_of_run == "light":
            page.screenshot(path=Path(pictures) / f"{name}.png")
        context = {"exclude": [["#yasgui"]]} if name == "editor" else None  # YASGUI's own marks are not ours
        found = axe.run(page, context=context, options={"resultTypes": ["violations"]})
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == [], name
    assert (watched.outside, watched.complaints, watched.dialogs) == ([], [], [])


def test_every_page_opens_asks_nobody_else_and_serves_all(watch, harbour_server):
    """No request leaves this server, no script complains, axe finds nothing serious."""
    look_at_all(watch(harbour_server), "light")


@pytest.mark.long
def test_every_page_in_the_dark(watch, harbour_server):
    """The same in dark colours."""
    look_at_all(watch(harbour_server, color_scheme="dark"), "dark")


def test_narrow_screens(watch, harbour_server):
    """Nothing is wider than a telephone."""
    page = watch(harbour_server, viewport={"width": 360, "height": 700}).page
    for name in ("overview", "article", "event", "timeline", "links"):
        page.goto(f"http://127.0.0.1:{harbour_server.port}{PAGES[name]}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 365, name


def test_words_lead_to_facts_and_back(watch, harbour_server):
    """Pointing at a fact lights its words; a click on words goes to the fact; a fact's words are a click away."""
    page = watch(harbour_server).open(f"/article?iri={ONE}")
    killed = page.get_by_text("killed", exact=True)
    page.locator("a.words", has_text="gunmen killed at least 12 dock workers").hover()
    assert "lit" in killed.get_attribute("class")
    killed.click()
    fact = page.locator(":target")
    assert "gunmen killed" in fact.inner_text()
    fact.locator("a.words").click()
    assert page.locator(":target").inner_text() == "killed"


def test_from_the_overview_to_the_reports_of_one_happening(watch, harbour_server):
    """Type, event, its reports side by side with figures and what differs."""
    page = watch(harbour_server).open("/")
    page.locator("section[aria-label=Facets]").get_by_role("link", name="killing").click()
    page.get_by_role("link", name="at least 20 dock workers killed in Port Senna").click()
    assert page.locator(".report").count() == 2
    assert "at least 12 dock workers" in page.inner_text("main")
    assert page.locator(".drawing svg circle").count() >= 2


def test_the_map_moves_by_keys(watch, harbour_server):
    """Plus zooms in, arrows move; the place is a link."""
    page = watch(harbour_server).open("/map")
    svg = page.locator(".map svg")
    before = svg.get_attribute("viewBox")
    svg.focus()
    page.keyboard.press("+")
    after = svg.get_attribute("viewBox")
    assert float(after.split()[2]) < float(before.split()[2])
    assert page.locator(".map svg a circle").count() == 1


def test_links_are_decided_by_keyboard(watch, harbour_server):
    """By r it is rejected, by u that is taken back; the progress goes with it."""
    page = watch(harbour_server).open("/links?status=accepted")
    assert "Decided by people: 0 of 1" in page.inner_text("main")
    page.keyboard.press("r")
    page.wait_for_selector("text=Decided by people: 1 of 1")
    page.wait_for_load_state("load")
    page.keyboard.press("u")
    page.wait_for_selector("text=Decided by people: 0 of 1")


def test_the_editor_asks_and_completes(watch, harbour_server):
    """YASGUI gets an answer from our endpoint, and knows our classes."""
    watched = watch(harbour_server)
    page = watched.open("/editor")
    wait_for_editor(page)
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table")
    assert "dock workers" in page.inner_text(".yasr")
    page.select_option("#named", "casualties")
    assert "Who was killed" in page.evaluate("window.kgEditor.getTab().getQuery()")
    completed = page.evaluate("window.kgEditor.getTab().getYasqe().autocompleters['kg-class'].getCompletions()")
    assert "https://kg.example/ontology#Killing" in [str(one) for one in completed]
    assert (watched.outside, watched.complaints) == ([], [])


def test_pages_work_without_script(watch, harbour_server):
    """All but the editor: text, facts, forms, pictures."""
    watched = watch(harbour_server, java_script_enabled=False)
    page = watched.open(f"/article?iri={ONE}")
    page.get_by_text("killed", exact=True).click()
    assert page.locator(".fact:target").count() == 1
    page = watched.open("/ask?name=casualties&b_place=Port+Senna")
    assert page.locator("tbody tr").count() == 3
    assert watched.open("/timeline").locator(".drawing svg a").count() == 5


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    """A server on the hostile store."""
    location = str(tmp_path_factory.mktemp("hostile") / "store")
    hostile.store(location)
    with serving("--store", location) as server:
        yield server


def test_nothing_hostile_runs(watch, hostile_server):
    """200 texts as titles, names, labels, IRIs and addresses, on every page, in drawings opened by themselves."""
    assert len(set(hostile.TEXTS)) == 200
    watched = watch(hostile_server)
    text = hostile.TEXTS[9]
    person = quote(f"https://news.example/person/{hostile.slug(text)}", safe="")
    pages = [
        "/", "/timeline?limit=500", "/map", "/network", "/network?limit=400", "/problems", "/links",
        "/links?at=7", "/links?at=16", "/search?kind=event", "/search?kind=entity", "/search?kind=article",
        *(f"/article?iri=https://news.example/article/a{n}" for n in range(10)),
        *(f"/event?iri=https://news.example/article/a{n}%23event-{n}" for n in (0, 9)),
        f"/entity?iri={person}", f"/search?q={quote(text)}", "/timeline.svg?limit=500", "/network.svg", "/map.svg",
        "/ask?" + "query=" + quote("SELECT * { ?s rdfs:label|skos:prefLabel ?o }"),
        "/ask?view=plot&query=" + quote("SELECT ?o (1 AS ?n) { ?s rdfs:label ?o }"),
        f"/reconcile/preview?id={person}",
    ]  # fmt: skip
    seen = ""
    for path in pages:
        page = watched.open(path)
        assert page.evaluate("window.ran") is None, path
        bad = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') ||"
            " (/^(href|src|action|xlink:href|data)$/.test(a.name) &&"
            " /^\\s*(javascript|data|vbscript):/i.test(a.value))))"
            ".map(e => e.outerHTML.slice(0, 200))"
        )
        assert bad == [], path
        seen += page.evaluate("document.documentElement.textContent")
    page = watched.open("/editor")
    wait_for_editor(page)
    query = "SELECT * { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }"
    page.evaluate("text => { window.kgEditor.getTab().setQuery(text); }", query)
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table td")
    assert page.evaluate("window.ran") is None
    assert (watched.outside, watched.dialogs) == ([], [])
    assert [text for text in hostile.TEXTS if text not in seen] == []  # all of them were shown
