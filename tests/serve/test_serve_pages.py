"""What the pages show, asked of their functions without HTTP, on the two articles of the harbour."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kg.linking.links import read_links
from kg.serve.asked import Answer, Cell, answer, view
from kg.serve.chosen import choice
from kg.serve.drawing import day_number, ticks
from kg.serve.kinds import roles
from kg.serve.pages import PAGES, article, entity, event, network, overview, search, timeline
from kg.serve.pages import map as world
from kg.serve.problems import Problem
from kg.serve.review import shown
from kg.serve.shown import followable
from kg.serve.told import pieces, sentence
from kg.store.opening import open_store
from tests import harbour
from tests.serve import made

KG = "https://kg.example/ontology#"
ONE, TWO = "https://news.example/article/harbour_1", "https://news.example/article/harbour_2"
SENNA, RUELO = "https://news.example/place/port-senna", "https://news.example/person/ana-ruelo"
TIDE = "https://news.example/organization/grey-tide"
KILLING, OTHER = f"{ONE}#killing-7", f"{TWO}#killing-30"
WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"


@pytest.fixture
def store():
    """The harbour in memory."""
    with harbour.in_memory() as opened:
        yield opened


def test_every_page_answers_an_empty_store():
    """Nothing to show is shown as nothing; what needs a thing says so."""
    with open_store(":memory:", mode="write") as empty:
        for page in PAGES:
            if page.path in ("/article", "/entity", "/event"):
                with pytest.raises(Problem):
                    page.show(empty, {"iri": "x:y"})
            else:
                assert page.show(empty, {}) is not None
                for export in page.exports:
                    assert export.write(empty, {})


def test_every_view_has_its_page_in_the_manual():
    """With a picture, its address, and what it is saved as."""
    root = Path(__file__).parents[2] / "docs"
    for page in PAGES:
        name = page.path.strip("/") or "overview"
        told = (root / "views" / f"{name}.md").read_text("utf-8")
        assert f"pictures/{name}.png" in told
        assert f"`{page.path}" in told
        assert all(
            {"csv": "CSV", "svg": "SVG", "geojson": "GeoJSON", "graphml": "GraphML"}[e.ending] in told
            for e in page.exports
        )
        assert "PNG" in told or not page.exports


def test_overview(store):
    """Articles, newest first; types with what is below them; places, months, publishers, actors."""
    data = overview.show(store, {})
    assert (data.articles, data.events) == (2, 10)
    assert [one.title for one in data.newest] == ["Death toll rises", "Attack on the docks"]
    assert {name: number for _, name, number in data.kinds}.items() >= {"killing": 2, "death": 3, "violence": 4}.items()
    assert data.places == ((SENNA, "Port Senna", 4),)
    assert data.months == (("2024-03", 5),)
    assert ("Inland Post", 1) in data.publishers
    assert "Ana Ruelo" in [actor.name for actor, _ in data.actors]


def test_search(store):
    """Words in articles, names and labels; choices narrow events; what is not there is not found."""
    assert [one.name for one in search.show(store, {"q": "senna"}).entities] == ["Port Senna"]
    assert [one.title for one in search.show(store, {"q": "LANTERN", "kind": "article"}).articles] == [
        "Death toll rises"
    ]
    found = search.show(store, {"type": f"{KG}Death", "place": SENNA, "q": "dock workers"})
    assert {one.iri for one in found.events} == {KILLING, OTHER, f"{ONE}#death-190"}
    assert not found.articles
    assert {one.iri for one in search.show(store, {"q": "dock workers"}).events} >= {KILLING, OTHER}
    nothing = search.show(store, {"q": "zork"})
    assert [*nothing.articles, *nothing.entities, *nothing.events] == []
    planned = search.show(store, {"status": "planned"}).events
    assert [one.iri for one in planned] == [f"{ONE}#deployment-316"]


def test_search_shows_a_page_and_says_that_there_are_more():
    """Forty of each kind, then the rest; the last page says nothing of more."""
    with open_store(":memory:", mode="write") as many:
        many.fill(made.many(5))  # fifty events
        first, last = (search.show(many, {"kind": "event", "skip": skip}) for skip in ("0", "40"))
    assert [(len(page.events), page.more) for page in (first, last)] == [(40, ("event",)), (10, ())]
    assert len({one.iri for one in (*first.events, *last.events)}) == 50


@pytest.mark.parametrize(
    "params",
    [{"since": "yesterday"}, {"status": "sure"}, {"type": "a b"}, {"place": "<x>"}, {"kind": "x"}, {"skip": "-1"}],
)
def test_choices_that_are_none(store, params):
    """Told, and never put into a query."""
    with pytest.raises(Problem):
        search.show(store, params)


def test_days_choose_what_may_have_been_then(store):
    """A day, a month, a year."""
    assert len(timeline.show(store, {"since": "2024-03-05"}).events) == 2
    assert len(timeline.show(store, {"until": "2024-03-04"}).events) == 3
    assert len(timeline.show(store, {"since": "2024-03", "until": "2024"}).events) == 5
    assert not timeline.show(store, {"since": "2025"}).events
    assert choice({"since": "2024"}).since == "2024"


def test_article(store):
    """The pieces make up the text; words lead to facts and facts to words."""
    data = article.show(store, {"iri": ONE})
    text = "".join(piece.text for piece in data.pieces)
    assert text.startswith("Gunmen killed at least 12 dock workers")
    assert text.endswith("with rifles.")
    killed = next(piece for piece in data.pieces if piece.text == "killed")
    assert (killed.kind, killed.facts) == ("event", (data.ids[KILLING],))
    senna = next(piece for piece in data.pieces if piece.text == "Port Senna")
    assert (senna.kind, senna.facts) == ("place", (data.ids[SENNA],))
    assert next(piece.kind for piece in data.pieces if piece.text == "at least 12") == "count"
    assert next(piece.kind for piece in data.pieces if piece.text == "citing") == "source"
    told = next(one for one in data.events if one.iri == KILLING)
    assert [(part.role, part.name) for part in told.parts] == [
        ("agent", "gunmen"),
        ("patient", "dock workers"),
        ("place", "Port Senna"),
    ]
    assert [(count.words, count.least, count.most) for count in told.counts] == [("at least 12 dock workers", 12, None)]
    assert [(voice.name, voice.cue) for voice in told.voices] == [("police", "said")]
    denied = next(one for one in data.events if one.status == "negated")
    assert {(voice.name, voice.medium, voice.reported_by) for voice in denied.voices} >= {
        ("army", "Coast Courier", "Coast Courier")
    }


def test_pieces_of_marks_within_marks_and_across():
    """The innermost gives the colour; all facts are kept; marks outside of the text are left out."""
    marks = [
        (0, 8, "person", "a"),
        (2, 4, "place", "b"),
        (6, 10, "event", "c"),
        (50, 60, "time", "d"),
        (3, 3, "time", "e"),
    ]
    found = pieces("0123456789x", marks)
    assert [(p.text, p.kind, p.facts) for p in found] == [
        ("01", "person", ("a",)),
        ("23", "place", ("b", "a")),
        ("45", "person", ("a",)),
        ("67", "event", ("c", "a")),
        ("89", "event", ("c",)),
        ("x", "", ()),
    ]


def test_entity(store):
    """Names, classes, relations, links, what it did, what it says, its sentences."""
    data = entity.show(store, {"iri": RUELO})
    assert (data.name, [name for _, name in data.types], data.articles) == ("Ana Ruelo", ["person"], 2)
    assert ("position", "", "President") in data.relations
    acts = dict(data.acts)
    assert {one.kind_words for one in acts["agent"]} == {"meeting", "deployment", "accusation"}
    assert [one.name for one in reversed(data.quotes)] == ["President Ana Ruelo", "Ana Ruelo"]
    assert [one.target for one in entity.show(store, {"iri": SENNA}).links] == ["https://gazetteer.example/4711"]
    rows = list(csv.reader(io.StringIO(entity.PAGE.exports[0].write(store, {"iri": TIDE}).decode())))
    assert {row[0] for row in rows[1:]} >= {f"{ONE}#attack-122", f"{TWO}#accusation-102"}


def link_events(store, status):
    """Say that the two killings are one, as the stories' links do."""
    link = "https://news.example/graph/stories#one"
    store.update(
        f"INSERT DATA {{ GRAPH <https://news.example/graph/stories> {{ <{link}> a kg:EventLink ; "
        f"kg:linkSubject <{KILLING}> ; "
        f"kg:linkTarget <{OTHER}> ; kg:linkStatus kg:{status} ; kg:reason 'the same place and day' }} }}",
        prefixes={"kg": KG},
    )


def test_event_of_one_report(store):
    """Without links an event stands alone."""
    data = event.show(store, {"iri": KILLING})
    assert [report.told.iri for report in data.reports] == [KILLING]
    assert "".join(piece.text for piece in data.reports[0].sentence).startswith(
        "Gunmen killed at least 12 dock workers"
    )
    assert (data.svg, data.agreed) == (None, ())


def test_event_of_several_reports(store):
    """Linked events are reports of one happening: tolls in order, what is agreed and what is not."""
    link_events(store, "accepted")
    data = event.show(store, {"iri": OTHER})
    assert [report.told.iri for report in data.reports] == [KILLING, OTHER]
    assert [(toll.publisher, toll.least) for toll in data.tolls] == [("Coast Courier", 12), ("Inland Post", 20)]
    assert ("place", "Port Senna", 2) in data.agreed
    assert dict(data.differing)["figure"] == (("at least 12 dock workers", 1), ("at least 20 dock workers", 1))
    assert data.svg is not None
    rows = list(csv.reader(io.StringIO(event.PAGE.exports[0].write(store, {"iri": KILLING}).decode())))
    assert [row[4] for row in rows] == ["min", "12", "20"]


@pytest.mark.parametrize(("status", "reports"), [("candidate", 2), ("rejected", 1)])
def test_what_is_not_decided_counts_in_no_toll(store, status, reports):
    """A candidate is shown beside, a rejected link not at all."""
    link_events(store, status)
    data = event.show(store, {"iri": KILLING})
    assert (len(data.reports), [toll.least for toll in data.tolls]) == (reports, [12])


def test_timeline_draws_what_is_uncertain(store):
    """A sure day is full; a span is pale; between them a dot."""
    data = timeline.show(store, {})
    assert [one.earliest_begin for one in data.events] == sorted(one.earliest_begin for one in data.events)
    svg = ET.fromstring(str(data.svg))  # noqa: S314 - our own
    assert len(svg.findall(".//{*}a")) == len(data.events) == 5
    rows = list(csv.reader(io.StringIO(timeline.as_csv(store, {}).decode())))
    told = json.loads(next(one for one in timeline.PAGE.exports if one.ending == "geojson").write(store, {}))[
        "features"
    ]
    assert [one["geometry"] for one in told] == [None] * 5
    assert told[0]["properties"]["earliestBegin"] == data.events[0].earliest_begin
    assert len(rows) == 6
    wide = timeline.drawn([timeline.Happening("x:e", "e", "x:t", "possible", "", "2024-01-01", "", "", "2024-12-31")])
    assert "<circle" in wide


def test_map_takes_coordinates_of_linked_data(store):
    """Said of the place, or of what an accepted link leads to."""
    assert world.show(store, {}).nowhere == ((SENNA, "Port Senna", 4),)
    store.update(
        "INSERT DATA { GRAPH <x:gazetteer> { <https://gazetteer.example/4711> wgs84:lat '1.5' ; wgs84:long '-2.25' } }",
        prefixes={"wgs84": WGS84},
    )
    (spot,) = world.show(store, {}).spots
    assert (spot.name, spot.lat, spot.lon, spot.events) == ("Port Senna", 1.5, -2.25, 4)
    assert world.show(store, {"type": f"{KG}Meeting"}).spots[0].events == 1
    feature = json.loads(world.geojson(world.located(store, {})[0]))["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-2.25, 1.5]}
    ET.fromstring(world.PAGE.exports[2].write(store, {}))  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("said", "point"),
    [
        ("wdt:P625 'Point(10.5 -20.25)'^^geo:wktLiteral", (-20.25, 10.5)),
        ("schema:geo <x:node> . <x:node> schema:latitude 3 ; schema:longitude 4", (3.0, 4.0)),
        ("schema:latitude '3' ; schema:longitude '400'", None),
        ("wgs84:lat 'north' ; wgs84:long '1'", None),
        ("geo:asWKT 'POLYGON((1 2, 3 4, 1 2))'^^geo:wktLiteral", None),
    ],
)
def test_coordinates(store, said, point):
    """In the words of datasets."""
    from kg.core.vocab import COMMON_PREFIXES

    store.update(f"INSERT DATA {{ GRAPH <x:g> {{ <{SENNA}> {said} }} }}", prefixes=COMMON_PREFIXES)
    assert world.coordinates(store, [SENNA]).get(SENNA) == point


def test_network(store):
    """Named ones alone unless asked; GraphML that parses; the same picture each time."""
    (tie,) = network.show(store, {}).ties
    assert (tie.agent.name, tie.patient.name, tie.kinds) == ("Ana Ruelo", "Tomas Vey", ("meeting",))
    every = network.show(store, {"unnamed": "1"})
    assert ("gunmen", "dock workers") in {(one.agent.name, one.patient.name) for one in every.ties}
    assert every.svg == network.show(store, {"unnamed": "1"}).svg
    graph = ET.fromstring(network.graphml(every.ties))  # noqa: S314 - our own
    assert len(graph.findall(".//{*}edge")) == len(every.ties)


def test_links_one_by_one(store):
    """Those of a status, both sides, how many are decided."""
    found = read_links(store)
    data = shown(store, found, "accepted", 7, "")
    assert (data.at, data.number, data.total) == (0, 1, 1)
    assert data.one.ours.label == "Port Senna"
    assert shown(store, found, "candidate", 0, "").one is None


def test_answers_in_views(store):
    """Rows on a line of time, on a map, as bars; None where nothing fits."""
    day, name = Cell("2024-03-04", "day"), Cell("one")
    assert view(store, Answer(("n", "d"), ((name, day),)), "timeline") is not None
    assert view(store, Answer(("n",), ((name,),)), "timeline") is None
    assert (
        view(store, Answer(("name", "lat", "long"), ((name, Cell("1", "number"), Cell("2", "number")),)), "map")
        is not None
    )
    assert view(store, Answer(("n",), ((name,),)), "map") is None
    assert "<rect" in str(view(store, Answer(("n", "c"), ((name, Cell("7", "number")), (name, None))), "plot"))
    assert view(store, Answer(("n",), ((name,),)), "plot") is None
    media = "application/sparql-results+json"
    assert answer(media, b'{"head": {}, "boolean": true}').yes is True
    assert answer("text/turtle", b"<x:a> <x:b> <x:c> .").text


def test_days_and_ticks():
    """Days as numbers, axes with a few marks."""
    assert day_number("2024-03-04") == day_number("2024-03") + 3
    assert day_number("-0001-01-01") is None
    assert day_number("9999-99") is None
    for first, last in (("2024-03-01", "2024-03-09"), ("2023-03-01", "2024-03-09"), ("1800", "2024"), ("2024", "2024")):
        assert len(ticks(day_number(first), day_number(last))) <= 10


@pytest.mark.parametrize(
    ("iri", "followed"),
    [
        ("https://example.org/a", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        ("data:text/html,<script>", False),
        ("https:", False),
        ("//example.org", False),
        ("http://[", False),
    ],
)
def test_which_addresses_become_links(iri, followed):
    """Only http and https."""
    assert bool(followable(iri)) is followed


@pytest.mark.parametrize(
    ("word", "its"), [("came", "Rebels came."), ("left", "They left."), ("burned", "Arden burned.")]
)
def test_the_sentence_around_a_word(word, its):
    """The first, one in the middle, the last."""
    text = "Rebels came. They left. Arden burned."
    begin, end = sentence(text, text.index(word))
    assert text[begin:end].strip() == its


def test_roles_come_in_the_order_of_the_ontology():
    """Who did it, to whom, for whom, with what, where and why: not by the alphabet."""
    named = [iri.rpartition("#")[2] for iri in roles()]
    assert named == ["agent", "patient", "recipient", "instrument", "place", "cause"]


@pytest.mark.parametrize("box", ["0 0 9000 180", "0 0 360 0", "0 -900 360 180", "1 2 3", "x"])
def test_a_part_that_is_not_on_the_map_is_told(store, box):
    """Each of the four numbers is bounded by itself."""
    with pytest.raises(Problem, match="box"):
        world.show(store, {"box": box})


def test_an_event_without_figures_has_an_empty_picture():
    """Its address answers all the same."""
    assert "no figures" in event.drawn([])
