"""The pages in a real browser, on the two articles of the harbour (tests/serve/browsing.py)."""

from __future__ import annotations

import struct
from urllib.parse import quote

import pytest

from kg.linking.links import read_links, write_links
from kg.store.opening import open_store
from tests import harbour
from tests.serve import hostile
from tests.serve.browsing import BAD_MARKS, look_at_all, wait_for_editor
from tests.serving import serving

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
def harbour_server(tmp_path_factory):
    """A server that may write, on the harbour with linked events and coordinates."""
    location = harbour.in_folder(tmp_path_factory.mktemp("browser") / "store")
    with open_store(location, mode="write") as store:
        write_links(store, read_links(store).values())  # under the names that links have
    with serving("--store", location, "--write") as server:
        assert server.update(MORE).status == 204
        yield server


def test_every_page_opens_asks_nobody_else_and_serves_all(watch, harbour_server):
    """No request leaves this server, no script complains; of one page of each kind axe finds nothing serious."""
    look_at_all(watch(harbour_server), PAGES, axe=("article", "timeline", "links"))


@pytest.mark.long
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(watch, harbour_server, colours):
    """In light colours and dark ones."""
    look_at_all(watch(harbour_server, color_scheme=colours), PAGES, axe=PAGES)


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
    assert not page.get_by_role("button", name="PNG").is_visible()
    for name, path in PAGES.items():
        if name != "editor":
            assert watched.open(path).locator("main h1").count() == 1, name


@pytest.mark.parametrize(
    "page",
    ["map", *(pytest.param(name, marks=pytest.mark.long) for name in ("timeline", "network", "event", "entity"))],
)
def test_pictures_are_saved_as_png(watch, harbour_server, page, tmp_path):
    """Drawn in the page, twice as fine as the picture."""
    watched = watch(harbour_server)
    opened = watched.open(PAGES[page])
    with opened.expect_download() as saved:
        opened.get_by_role("button", name="PNG").click()
    saved.value.save_as(tmp_path / "picture.png")
    content = (tmp_path / "picture.png").read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    svg = opened.locator(".drawing svg").first
    assert (content[:8], width) == (b"\x89PNG\r\n\x1a\n", 2 * int(float(svg.get_attribute("width"))))
    assert height == 2 * int(float(svg.get_attribute("height")))
    assert saved.value.suggested_filename == f"{page}.png"
    watched.said_nothing()


def nothing_runs(watch, server, texts, pages):
    """Open pages full of hostile texts: none runs, none becomes a mark; all of them were shown."""
    watched, seen = watch(server), ""
    for path in pages:
        page = watched.open(path)
        assert page.evaluate("window.ran") is None, path
        assert page.evaluate(BAD_MARKS) == [], path
        seen += page.evaluate("document.documentElement.textContent")
    assert (watched.outside, watched.dialogs) == ([], [])
    assert [text for text in texts if text not in seen] == []
    return watched


@pytest.mark.long
def test_nothing_hostile_runs(watch, tmp_path):
    """200 texts as titles, names, labels, IRIs and addresses, on every page, in drawings opened by themselves."""
    assert len(set(hostile.TEXTS)) == 200
    with open_store(str(tmp_path / "store"), mode="write") as store:
        store.replace_many(hostile.graphs(hostile.TEXTS))
    with serving("--store", str(tmp_path / "store")) as server:
        watched = nothing_runs(watch, server, hostile.TEXTS, hostile.pages(hostile.TEXTS))
        page = watched.open("/editor")
        wait_for_editor(page)
        query = "SELECT * { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }"
        page.evaluate("text => { window.kgEditor.getTab().setQuery(text); }", query)
        page.click(".yasqe_queryButton")
        page.wait_for_selector(".yasr table td")
        assert page.evaluate("window.ran") is None
        assert (watched.outside, watched.dialogs) == ([], [])


def test_a_sample_of_what_is_hostile_runs_not(watch, harbour_server):
    """Each way to run something once; put into the server's store as graphs. The last test of this server."""
    for graph, ntriples in hostile.graphs(hostile.SAMPLE).items():
        put = harbour_server.ask(
            "/graphs", "PUT", ntriples, query={"graph": graph}, content_type="application/n-triples"
        )
        assert put.status in (201, 204)
    nothing_runs(watch, harbour_server, hostile.SAMPLE, hostile.few_pages(hostile.SAMPLE))
