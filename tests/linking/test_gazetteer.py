"""Places of articles linked to GeoNames: in which articles, undone by what, the same in any order."""

from pathlib import Path

import pytest

from kg.linking.gazetteer import DATASET, forget_places, graph_of, link_loaded, link_places, unlinked
from kg.linking.links import decide, links_graph, prune_links, read_links
from kg.linking.merge import datasets, drop_dataset
from kg.linking.places.build import build
from kg.linking.places.index import _joined, open_gazetteer
from kg.linking.places.place import Place
from kg.query.prepare import known_prefixes
from kg.store.opening import open_store

CASES = Path(__file__).parents[1] / "cases" / "places"
BASE = "https://news.example/"
LIBYA, LEBANON = "https://sws.geonames.org/2210247/", "https://sws.geonames.org/266826/"
TRIPOLI = f"{BASE}place/tripoli"
KG, SKOS, SCHEMA = "https://kg.example/ontology#", "http://www.w3.org/2004/02/skos/core#", "https://schema.org/"
INTEGER = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"

TEXTS = {
    "libya": ("Shells fell on Tripoli, Libyan doctors said.", {"Tripoli": "Settlement"}),
    "lebanon": ("A fire broke out in Tripoli, Lebanon.", {"Tripoli": "Settlement", "Lebanon": "Country"}),
    "beirut": ("Lebanese police in Beirut spoke.", {"Beirut": "Settlement"}),
    "open": ("The mayor of Springfield resigned.", {"Springfield": "Settlement"}),
    "nowhere": ("The mayor resigned.", {}),
}


def graph(article):
    """An article's graph with its places, as a load would leave it."""
    text, places = TEXTS[article]
    node = f"<{BASE}article/{article}>"
    lines = [f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SCHEMA}NewsArticle> ."]
    lines.append(f'{node} <{SCHEMA}articleBody> "{text}" .')
    for name, kind in places.items():
        place, begin = f"<{BASE}place/{name.lower()}>", text.index(name)
        mention = f"<{BASE}article/{article}#char={begin},{begin + len(name)}>"
        lines += [
            f"{place} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}{kind}> .",
            f'{place} <{SKOS}prefLabel> "{name}" .',
            f"{place} <{KG}mention> {mention} .",
            f'{mention} <{KG}begin> "{begin}"^^<{INTEGER}> .',
            f'{mention} <{KG}end> "{begin + len(name)}"^^<{INTEGER}> .',
        ]
    return "\n".join([*lines, ""]).encode()


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory):
    """The index of the cases' places."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
    build(CASES / "dump.txt", lambda *_: None)
    with open_gazetteer() as opened:
        yield opened
    patch.undo()


def loaded(gazetteer, *articles, one_by_one=False):
    """A store with these articles, their places linked: together, or after each."""
    store = open_store(":memory:", mode="write")
    for article in articles:
        store.replace(f"{BASE}article/{article}", graph(article))
        if one_by_one:
            link_places(store, gazetteer, [f"{BASE}article/{article}"])
    if not one_by_one:
        link_places(store, gazetteer)
    return store


def content(store):
    """Every graph with its triples."""
    return {name: store.graph_bytes(name) for name in store.graphs()}


def status(store):
    """The status of each link by target."""
    return {link.target: link.status for link in read_links(store).values()}


def test_a_place_is_linked_with_its_reasons(gazetteer):
    """A link like the others: accepted, scored, with reasons, of the dataset of places, and in its article."""
    store = loaded(gazetteer, "libya")
    ((iri, link),) = read_links(store).items()
    assert (link.subject, link.target, link.status) == (TRIPOLI, LIBYA, "accepted")
    assert link.score >= 0.85
    assert "both of Libya" in link.reasons
    assert link.dataset == graph_of(store)
    assert store.query(f"ASK {{ <{iri}> <{KG}acceptedIn> <{BASE}article/libya> }}")
    assert store.query(f"ASK {{ <{TRIPOLI}> <http://www.w3.org/2002/07/owl#sameAs> <{LIBYA}> }}")


def test_coordinates_country_and_parent_can_be_asked(gazetteer):
    """What only GeoNames knows is joined in SPARQL; rows of other places are not there."""
    store = loaded(gazetteer, "lebanon")
    query = """SELECT ?lat ?country ?area { ?place skos:prefLabel "Tripoli" ; owl:sameAs ?there .
        ?there wgs84:lat ?lat ; gn:parentCountry/gn:name ?country ; gn:parentADM1/gn:name ?area }"""
    rows = [
        [row[v].value for v in ("lat", "country", "area")] for row in store.query(query, prefixes=known_prefixes(BASE))
    ]
    assert [(round(float(lat), 1), country) for lat, country, _ in rows] == [(34.4, "Lebanon")]
    names = {row["n"].value for row in store.query("SELECT ?n { ?f gn:name ?n }", prefixes=known_prefixes(BASE))}
    assert {"Tripoli", "Lebanon"} <= names
    assert "Libya" not in names
    assert b"CC BY 4.0" in store.graph_bytes(graph_of(store))


def test_both_tripolis_are_never_accepted_for_one_place(gazetteer):
    """Two articles that mean two places by a name leave both links open; each says in which article it stands."""
    store = loaded(gazetteer, "libya", "lebanon")
    assert status(store) == {LIBYA: "candidate", LEBANON: "candidate", "https://sws.geonames.org/272103/": "accepted"}
    query = f"SELECT ?a {{ ?l <{KG}linkTarget> <{LEBANON}> ; <{KG}acceptedIn> ?a }}"
    assert [row["a"].value for row in store.query(query)] == [f"{BASE}article/lebanon"]
    assert all("other articles" in link.reasons[-1] for link in read_links(store).values() if link.subject == TRIPOLI)


def test_what_is_open_stays_a_candidate(gazetteer):
    """Several Springfields: the likeliest are told, none accepted."""
    store = loaded(gazetteer, "open")
    assert set(status(store).values()) == {"candidate"}
    assert len(status(store)) > 1


@pytest.mark.parametrize("articles", [("libya", "lebanon", "beirut", "open"), ("open", "beirut", "lebanon", "libya")])
def test_the_same_articles_give_the_same_bytes_in_any_order(gazetteer, articles):
    """Together or one by one, forwards or backwards."""
    together = content(loaded(gazetteer, "beirut", "open", "libya", "lebanon"))
    assert content(loaded(gazetteer, *articles, one_by_one=True)) == together


def test_forgetting_an_article_leaves_the_store_as_if_it_had_never_been(gazetteer):
    """The other Tripoli is accepted again."""
    store = loaded(gazetteer, "libya", "lebanon", "beirut")
    store.drop(f"{BASE}article/libya")
    prune_links(store)
    link_places(store, gazetteer, ())
    assert content(store) == content(loaded(gazetteer, "lebanon", "beirut"))
    assert status(store)[LEBANON] == "accepted"


def test_forgetting_needs_no_index(gazetteer, tmp_path, monkeypatch):
    """Where the cache is gone, what an article said goes all the same, and the rest stays."""
    store = loaded(gazetteer, "lebanon", "beirut")
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    store.drop(f"{BASE}article/beirut")
    prune_links(store)
    forget_places(store)
    left = content(loaded(gazetteer, "lebanon"))
    assert status(store)[LEBANON] == "accepted"
    assert store.graph_bytes(links_graph(store)) == left[links_graph(store)]
    assert store.graph_bytes(graph_of(store)) == left[graph_of(store)]


def test_dropping_the_dataset_leaves_every_other_byte(gazetteer):
    """`kg merge --drop gazetteer` takes links, sameAs and rows."""
    store = open_store(":memory:", mode="write")
    for article in ("libya", "open"):
        store.replace(f"{BASE}article/{article}", graph(article))
    before = content(store)
    link_places(store, gazetteer)
    assert [one.name for one in datasets(store)] == [DATASET]
    drop_dataset(store, DATASET)
    assert content(store) == before


def test_decisions_outlive_reloading(gazetteer):
    """What a person rejected stays rejected, what they accepted accepted, whatever articles say."""
    store = loaded(gazetteer, "libya")
    decide(store, [LIBYA], "rejected")
    store.replace(f"{BASE}article/lebanon", graph("lebanon"))
    link_places(store, gazetteer)
    assert (status(store)[LIBYA], status(store)[LEBANON]) == ("rejected", "candidate")
    decide(store, [LEBANON], "accepted")
    link_places(store, gazetteer)
    assert (status(store)[LIBYA], status(store)[LEBANON]) == ("rejected", "accepted")


def test_only_what_is_new_is_linked(gazetteer, monkeypatch):
    """Articles that were loaded without an index are linked at the next load; linked ones are left alone."""
    store = loaded(gazetteer, "libya")
    for article in ("beirut", "nowhere"):
        store.replace(f"{BASE}article/{article}", graph(article))
    ids = ["libya", "beirut", "nowhere"]
    assert unlinked(store, [f"{BASE}article/{i}" for i in ids]) == {f"{BASE}article/{i}" for i in ids[1:]}
    monkeypatch.setattr("kg.linking.gazetteer.index_paths", list)
    assert link_loaded(store, [], ids) is None


def test_of_a_place_in_two_indexes_the_later_has_the_word_and_the_first_what_it_leaves_open():
    """Its coordinates count together with the seat that they are of."""
    one = Place(7, "Kirra", "A.ADM1", "NV", admin1=3, admin2=4, population=90, lat=1.0, lon=2.0)
    other = Place(7, "Kirra town", "A.ADM1", "NV", admin1=5, lat=8.0, lon=9.0, seat=6)
    joined = _joined([one, other])
    assert (joined.name, joined.admin1, joined.admin2, joined.population) == ("Kirra town", 5, 4, 90)
    assert (joined.lat, joined.lon, joined.seat) == (1.0, 2.0, None)
    assert _joined([other, one]).lat == 1.0
