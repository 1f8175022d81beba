"""Where merged data come from: packed and quad files, endpoints, reconciliation services; with their origin."""

import gzip
import hashlib
import urllib.request

import pytest

from kg.core.errors import KgError
from kg.core.packing import ENDINGS, pack
from kg.linking.asking import Asking, _term, from_endpoint, from_service
from kg.linking.links import links_graph, read_links
from kg.linking.merge import datasets, drop_dataset, merge
from kg.linking.sources import from_files
from kg.query.prepare import known_prefixes
from kg.store.opening import RdfLiteral, open_store
from tests import harbour, servers
from tests.linking.test_merge import ARTICLE, BASE, OURS, THEIRS

TRIG = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wd: <http://www.wikidata.org/entity/> .
wd:Q9 rdfs:label "unnamed" .
<http://x.example/one> { wd:Q1 rdfs:label "Norvia"@en ; wdt:P31 wd:Q6256 . _:a rdfs:label "a" }
<http://x.example/two> { wd:Q2 rdfs:label "Arden"@en . wd:Q1 wdt:P36 _:a }
"""
SET = f"{BASE}graph/dataset/"


@pytest.fixture
def store():
    """A store in memory with one article's entities."""
    with open_store(":memory:", mode="write") as opened:
        opened.replace(ARTICLE, OURS)
        yield opened


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of the test's own."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def state(store):
    """Every graph with its triples."""
    return {graph: store.graph_bytes(graph) for graph in store.graphs()}


@pytest.mark.parametrize("ending", ENDINGS)
def test_packed_files_are_read_as_they_are(store, tmp_path, ending):
    """slice.ttl.gz is the dataset slice, with the links of slice.ttl."""
    if ending == ".zst":
        pytest.importorskip("zstandard")
    (tmp_path / "slice.ttl").write_text(THEIRS)
    (tmp_path / f"slice.ttl{ending}").write_bytes(pack(THEIRS.encode(), ending))
    merge(tmp_path / "slice.ttl", store)
    plain = {name: said for name, said in state(store).items() if not name.endswith("/about")}
    merge(tmp_path / f"slice.ttl{ending}", store)
    assert {name: said for name, said in state(store).items() if not name.endswith("/about")} == plain


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.ttl.gz", b"no gzip at all", "not gzip", id="no gzip"),
        pytest.param("a.ttl.gz", gzip.compress(THEIRS.encode() * 50)[:-40], "broken off", id="broken off"),
        pytest.param("a.gz", gzip.compress(b"x"), "unknown kind of RDF file", id="no kind"),
    ],
)
def test_broken_packed_files_are_told(store, tmp_path, name, content, message):
    """What cannot be unpacked is one line, and nothing of it is stored."""
    before = state(store)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KgError, match=message):
        merge(tmp_path / name, store)
    assert state(store) == before


def test_a_packed_file_that_grows_without_end_is_refused(store, tmp_path, monkeypatch):
    """The budget counts what it holds, not what it is."""
    monkeypatch.setenv("KG_MAX_RDF_BYTES", "100000")
    (tmp_path / "bomb.nt.gz").write_bytes(gzip.compress(b"# " + b"x" * 1_000_000))
    with pytest.raises(KgError, match="above 100,000 bytes; set KG_MAX_RDF_BYTES"):
        merge(tmp_path / "bomb.nt.gz", store)


def test_named_graphs_stay_apart(store, tmp_path):
    """Each named graph is one beside the dataset's, which names the graph it was; things link as if they were one."""
    (tmp_path / "set.trig").write_text(TRIG)
    merge(tmp_path / "set.trig", store)
    own = [graph.removeprefix(SET) for graph in store.graphs() if graph.startswith(SET)]
    one, two = (f"set/named/http%3A%2F%2Fx.example%2F{name}" for name in ("one", "two"))
    assert own == ["set", "set/about", one, two]
    assert b"Q1" in store.graph_bytes(SET + one)
    assert b"Q9" in store.graph_bytes(SET + "set")
    assert b"#blank-c14n0" in store.graph_bytes(SET + one)
    assert b"#blank-c14n0" in store.graph_bytes(SET + two)
    assert store.query(f"ASK {{ <{SET}{one}> dcterms:source <http://x.example/one> }}", prefixes=known_prefixes(BASE))
    assert {link.target[-2:] for link in read_links(store).values()} == {"Q1", "Q2"}
    assert [(each.name, each.triples) for each in datasets(store)] == [("set", 6)]


def test_named_graphs_are_folded_where_that_is_said(store, tmp_path):
    """--fold makes one graph of them; merging so again takes the named ones out."""
    (tmp_path / "set.trig").write_text(TRIG)
    merge(tmp_path / "set.trig", store)
    merge(from_files(store, [tmp_path / "set.trig"], fold=True), store)
    assert [graph.removeprefix(SET) for graph in store.graphs() if graph.startswith(SET)] == ["set", "set/about"]
    assert store.graph_bytes(SET + "set").count(b"\n") == 6


def test_dropping_takes_all_of_a_datasets_graphs(store, tmp_path):
    """Every other byte is as before."""
    before = state(store)
    (tmp_path / "set.trig").write_text(TRIG)
    merge(tmp_path / "set.trig", store)
    drop_dataset(store, "set")
    assert state(store) == before


def test_a_dataset_says_what_it_was_made_of(store, tmp_path):
    """File names and digests, the program, no clock: the same files give the same bytes."""
    files = [tmp_path / "one.ttl", tmp_path / "two.ttl"]
    for number, file in enumerate(files):
        file.write_text(f'<urn:x:{number}> <http://www.w3.org/2000/01/rdf-schema#label> "Norvia" . [] a <urn:x:c> .')
    merge(from_files(store, files, "both"), store)
    query = "SELECT ?n ?d { ?set prov:wasDerivedFrom ?s . ?s rdfs:label ?n ; kg:digest ?d } ORDER BY ?n"
    rows = [(row["n"].value, row["d"].value) for row in store.query(query, prefixes=known_prefixes(BASE))]
    assert rows == [(f.name, f"sha256:{hashlib.sha256(f.read_bytes()).hexdigest()}") for f in files]
    before = state(store)
    merge(from_files(store, files, "both"), store)
    assert state(store) == before
    assert store.graph_bytes(f"{SET}both").count(b"<urn:x:c>") == 2  # two files' blank nodes are two things


def test_the_places_dataset_keeps_its_name(store, tmp_path):
    """A file called gazetteer is to be given another name."""
    (tmp_path / "gazetteer.ttl").write_text(THEIRS)
    with pytest.raises(KgError, match="give the dataset another with --dataset"):
        merge(tmp_path / "gazetteer.ttl", store)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """A real SPARQL server with more than could be ours."""
    if servers.oxigraph_binary() is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    server = servers.oxigraph(tmp_path_factory.mktemp("endpoint")).start()
    wd = "http://www.wikidata.org/entity/"
    more = f'<{wd}Q1> <http://www.wikidata.org/prop/direct/P625> "Point(1.5 2.5)" ; <urn:x:secret> "not asked for" .\n'
    other = f'<{wd}Q77> <http://www.w3.org/2000/01/rdf-schema#label> "Somebody else"@en .\n'
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.url}/store?default", (THEIRS + more + other).encode(), {"Content-Type": "text/turtle"}, method="POST"
    )
    urllib.request.urlopen(request).close()  # noqa: S310 - likewise
    yield f"{server.url}/query"
    server.kill()


def test_an_endpoint_is_asked_only_for_what_could_be_ours(store, cache, endpoint):
    """Things by our names, with names, types and coordinates; answers are kept, and enough without the server."""
    told = []
    source = from_endpoint(store, endpoint, "wikidata", Asking(tell=lambda *done: told.append(done)))
    said = "\n".join(map(str, source.triples()))
    assert "Point(1.5 2.5)" in said
    assert "Norvia" in said
    assert "not asked for" not in said
    assert "Somebody else" not in said
    assert told[-1][0] == told[-1][1] > 0
    merge(source, store)
    assert {link.target[-2:]: link.status for link in read_links(store).values()}["Q1"] == "accepted"
    assert from_endpoint(store, endpoint, "wikidata", Asking(offline=True)) == source
    assert list(cache.rglob("*.json"))


@pytest.mark.parametrize("kind", [None, "", 5, "no iri"])
def test_what_an_endpoint_says_without_a_datatype_is_text(kind):
    """A label is kept, whatever stands where its datatype should; a broken IRI alone makes it none."""
    said = {"type": "literal", "value": "Norvia", "datatype": kind}
    assert _term(said) == (None if kind == "no iri" else RdfLiteral("Norvia"))


def test_without_the_cache_offline_is_told(store, cache, endpoint):
    """What was never asked cannot be answered."""
    with pytest.raises(KgError, match="ask once without --offline"):
        from_endpoint(store, endpoint, None, Asking(offline=True))


def test_what_is_no_endpoint_or_service_is_told(store, cache, endpoint):
    """A page in the place of an answer, a port where nobody listens."""
    with pytest.raises(KgError, match=r"cannot be asked|no JSON"):
        from_service(store, endpoint.removesuffix("/query"))
    with pytest.raises(KgError, match="cannot be asked"):
        from_endpoint(store, f"http://127.0.0.1:{servers.free_port()}/sparql")
    assert store.graphs() == [ARTICLE]


def test_a_reconciliation_service_is_a_source(cache, tmp_path):
    """Another store of kg, served by `kg reconcile`: its entities link by name and type; its class names are ours."""
    pytest.importorskip("starlette")
    from tests.serving import serving

    theirs = harbour.in_folder(tmp_path / "store")
    with (
        serving("--store", theirs) as server,
        open_store(":memory:", mode="write", base="https://ours.example/") as ours,
    ):
        country = OURS.replace(BASE.encode(), b"https://ours.example/").replace(b"Norvia", b"Port Senna")
        ours.replace("https://ours.example/article/a", country)
        source = from_service(ours, f"{server.url}reconcile", "partner")
        merge(source, ours)
        links = list(read_links(ours).values())
        assert [(link.subject, link.target) for link in links] == [
            ("https://ours.example/place/norvia", "https://news.example/place/port-senna")
        ]
        assert any(reason.startswith("types fit") for reason in links[0].reasons)
        assert ours.graph_bytes(links_graph(ours))
        assert from_service(ours, f"{server.url}reconcile", "partner", Asking(offline=True)) == source
