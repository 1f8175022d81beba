"""Exports for other tools: each read by that tool or checked by its own schema, byte-stable, nothing told twice."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SDO

from kg.core import resources
from kg.core.errors import KgError, StoreError
from kg.core.vocab import ONTOLOGY as KG
from kg.graph.triples import to_ntriples, to_triples
from kg.ontology.load import load_ontology
from kg.store.exporters.bundle import bundle_graphs
from kg.store.exporters.facts import Span
from kg.store.exporters.formats.plover import codes
from kg.store.exporters.places import Point, elsewhere
from kg.store.exporters.reading import read_facts
from kg.store.exporters.run import Source, exporter, names
from kg.store.opening import open_store
from tests import harbour
from tests.extractions import EXTRACTION, READING

BASE = "https://news.example/"
ONE, QUARRY = f"{BASE}article/harbour_1", f"{BASE}article/quarry"
SENNA = f"{BASE}place/port-senna"
RDF_TOO = ("aif", "prov", "sem", "nanopub")  # any RDF that the store can write: one of each here
FORMS = [
    (name, form)
    for name in names()
    for form in (exporter(name).formats if name not in RDF_TOO else [exporter(name).default])
]
ONTOLOGY = load_ontology()
GEO = "https://sws.geonames.org/2253354/"
DATASET = f"""<{SENNA}> <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q1> .
<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P625> \
"Point(-17.4441 14.6937)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> .
"""


def filled():
    """The two articles of the harbour, one written by hand as the program writes it now, and where Port Senna lies."""
    store = harbour.in_memory()
    store.replace(f"{BASE}graph/dataset/gazetteer", DATASET.encode())
    store.replace(QUARRY, to_ntriples(to_triples(EXTRACTION, ONTOLOGY, READING, BASE)))
    return store


@pytest.fixture(scope="module")
def store():
    """One store for all of them."""
    return filled()


def write(name, form, store, folder, **options):
    """An export into a folder: its files."""

    @contextmanager
    def opened(file):
        with (folder / (file or "one")).open("wb") as output:
            yield output

    folder.mkdir(exist_ok=True)
    exporter(name).write(Source(store, ONTOLOGY, **options), opened, form)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def written(store, tmp_path):
    """``written(name, form)`` gives the one file of an export, or with a name that file."""

    def read(name, form, file="one", **options):
        if form == "parquet":
            pytest.importorskip("pyarrow")
        return write(name, form, store, tmp_path / f"{name}-{form}", **options)[file]

    return read


def rdf(data, form="trig"):
    """What rdflib reads."""
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=data, format=form)
    return graph


# ------------------------------------------------------------------------------------------------------- of all of them


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_the_order_of_loading_does_not_show(name, form, store, tmp_path):
    """The same graphs in another order give the same bytes."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    shuffled = open_store(":memory:", mode="write")
    graphs = store.graphs()
    random.Random(3).shuffle(graphs)  # noqa: S311 # no secret
    for graph in graphs:
        shuffled.replace(graph, store.graph_bytes(graph))
    assert write(name, form, store, tmp_path / "one") == write(name, form, shuffled, tmp_path / "other")


@pytest.mark.long
def test_hash_seeds_do_not_show(store, tmp_path):
    """Another process writes the same bytes."""
    code = (
        "import sys; sys.path[:0] = ['.', 'tests/store']; from pathlib import Path\n"
        "import test_exporters as t\n"
        "store = t.filled()\n"
        "for name, form in t.FORMS:\n"
        "    if form != 'parquet': t.write(name, form, store, Path(sys.argv[1]) / (name + form))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    arguments = [sys.executable, "-c", code, str(tmp_path)]
    subprocess.run(arguments, cwd=Path(__file__).parents[2], env=environment, check=True)
    for name, form in FORMS:
        if form != "parquet":
            other = {path.name: path.read_bytes() for path in sorted((tmp_path / (name + form)).iterdir())}
            assert write(name, form, store, tmp_path / f"here-{name}-{form}") == other, (name, form)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_an_empty_store_gives_a_whole_file(name, form, tmp_path):
    """Nothing is said, and it can still be read."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    files = write(name, form, open_store(":memory:", mode="write"), tmp_path / "out")
    assert files
    for file in files.values():
        if form in ("geojson", "json") or (name, form) == ("schema-org", "jsonld"):
            json.loads(file)


def test_unknown_names_are_told():
    """The names that there are stand in the message."""
    with pytest.raises(StoreError, match="no format 'gpx' to export as: choose aif"):
        exporter("gpx")
    assert exporter("schema.org") is exporter("schema-org")


def test_texts_can_be_left_out(store, tmp_path):
    """Neither the text nor a sentence of it is written."""
    for name, form in FORMS:
        if form != "parquet":
            files = write(name, form, store, tmp_path / f"{name}-{form}", text=False)
            assert [file for file, data in files.items() if b"A hospital doctor said" in data] == [], (name, form)


# ----------------------------------------------------------------------------------------------------------- the facts


def test_facts_are_read_from_a_graph(store):
    """Types are the most specific, words come from the text, what the graph says twice stands once."""
    facts = read_facts(ONE, store.graph_bytes(ONE), ONTOLOGY)
    killing = facts.events[0]
    assert (killing.type, killing.types[:2], killing.status) == ("Killing", ("Killing", "Death"), "asserted")
    assert killing.mentions == (Span(7, 13, "killed", f"{ONE}#char=7,13"),)
    assert [(role.role, facts.name(role.filler)) for role in killing.roles] == [
        ("agent", "gunmen"),
        ("patient", "dock workers"),
        ("place", "Port Senna"),
    ]
    assert [(count.minimum, count.maximum, count.words) for count in killing.counts] == [
        (12, None, "at least 12 dock workers")
    ]
    assert [facts.name(claim.source) for claim in facts.claims_of(killing.iri)] == ["police"]
    assert facts.by_iri[SENNA].type == "Settlement"


def test_what_follows_is_read_as_if_it_were_said(store):
    """A fuller graph (superclasses, participants, inner bounds) gives the same facts."""
    lean = store.graph_bytes(QUARRY)
    a, at = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{QUARRY}#"
    full = f"{at}killing-36> {a} <{KG}Death> .\n{at}killing-36> <{KG}participant> {at}guard-25> .\n"
    full += f'{at}time-46> <{KG}latestBegin> "2024-05-06"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    assert read_facts(QUARRY, lean + full.encode(), ONTOLOGY) == read_facts(QUARRY, lean, ONTOLOGY)
    (time,) = {event.time.iri: event.time for event in read_facts(QUARRY, lean, ONTOLOGY).events[:1]}.values()
    assert (time.words, time.latest_begin, time.earliest_end) == ("Monday", "2024-05-06", "2024-05-06")


def test_coordinates_in_the_forms_of_linked_data():
    """Wikidata's, GeoNames' and schema.org's; none where they are beyond the earth."""
    store = open_store(":memory:", mode="write")
    wgs84, double = "http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.w3.org/2001/XMLSchema#double"
    same = "<http://www.w3.org/2002/07/owl#sameAs>"
    store.update(f"""INSERT DATA {{ GRAPH <g:g> {{
        <e:a> {same} <g:a> . <g:a> <{wgs84}lat> "1.5" ; <{wgs84}long> "2.5" .
        <e:b> {same} <s:b> . <s:b> <https://schema.org/geo> <s:g> .
        <s:g> <https://schema.org/latitude> "-3.0"^^<{double}> ; <https://schema.org/longitude> 4 .
        <e:c> {same} <g:c> . <g:c> <{wgs84}lat> "91" ; <{wgs84}long> "0" .
        <e:d> <http://www.opengis.net/ont/geosparql#asWKT> "POINT (7 8)" . }} }}""")
    found = elsewhere(store, ["e:a", "e:b", "e:c", "e:d", "e:e"])
    assert {name: known.point for name, known in found.items()} == {
        "e:a": Point(2.5, 1.5),
        "e:b": Point(4.0, -3.0),
        "e:c": None,
        "e:d": Point(7.0, 8.0),
    }


def test_a_link_may_hold_in_one_article_only():
    """Where a name means two places, the article's own link counts."""
    store = open_store(":memory:", mode="write")
    store.update(f"""INSERT DATA {{ GRAPH <g:l> {{ <l:1> <{KG}linkSubject> <e:a> ; <{KG}linkTarget> <g:a> ;
        <{KG}acceptedIn> <a:1> . <g:a> <http://www.opengis.net/ont/geosparql#asWKT> "POINT(1 2)" }} }}""")
    assert elsewhere(store, ["e:a"], "a:1")["e:a"].point == Point(1.0, 2.0)
    assert elsewhere(store, ["e:a"], "a:2") == {}


# ------------------------------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_come_back_as_they_were(store, tmp_path, form):
    """Every graph has the bytes that it had: articles, links, datasets, and what nobody foresaw."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    odd = filled()
    odd.update(f"""DELETE DATA {{ GRAPH <{ONE}> {{ <{ONE}#killing-7> a <{KG}Violence> }} }} ;
        INSERT DATA {{ GRAPH <{ONE}> {{ <{ONE}#killing-7> <{KG}label> "a, \\"b\\"\\r\\n\\u2028c" , "x"@en .
            <{ONE}> <https://schema.org/headline> "" . _:b <{KG}min> 007 }}
            GRAPH <{BASE}article/empty> {{ <urn:s> <urn:p> <urn:o> }} }}""")
    write("tables", form, odd, tmp_path / "out")
    back = dict(bundle_graphs(tmp_path / "out"))
    assert sorted(back) == odd.graphs()
    assert [graph for graph in odd.graphs() if back[graph] != odd.graph_bytes(graph)] == []


def test_other_holds_little(written):
    """The tables say all that the program writes: the table of others is for the rest."""
    rows = list(csv.DictReader(io.StringIO(written("tables", "csv", "other.csv").decode(), newline="")))
    assert {row["graph"] for row in rows} & {QUARRY} == set()


def test_frictionless_finds_the_package_valid(store, tmp_path):
    """Columns, types and keys hold, between the tables too."""
    frictionless = pytest.importorskip("frictionless")
    write("tables", "csv", store, tmp_path / "out")
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    roles = tmp_path / "out" / "roles.csv"
    roles.write_bytes(roles.read_bytes() + b"a,b:no-such-event,agent,c:d,e:f,entity,x\r\n")
    assert not frictionless.validate(str(tmp_path / "out" / "datapackage.json")).valid


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_pandas_reads_a_table_in_one_line(store, tmp_path, form):
    """Numbers are numbers."""
    pandas = pytest.importorskip("pandas")
    if form == "parquet":
        pytest.importorskip("pyarrow")
    write("tables", form, store, tmp_path / "out")
    read = pandas.read_csv if form == "csv" else pandas.read_parquet
    counts = read(tmp_path / "out" / f"counts.{form}")
    assert counts["min"].sum() == 12 + 15 + 12 + _counted(store, f"{BASE}article/harbour_2")


def _counted(store, graph):
    facts = read_facts(graph, store.graph_bytes(graph), ONTOLOGY)
    return sum(count.minimum or 0 for event in facts.events for count in event.counts)


def test_duckdb_reads_a_table_in_one_line(store, tmp_path):
    """Days are days."""
    duckdb = pytest.importorskip("duckdb")
    write("tables", "csv", store, tmp_path / "out")
    table = tmp_path / "out" / "events.csv"
    query = f"SELECT type, status, begin FROM '{table}' WHERE event LIKE '%#killing-7'"
    ((kind, status, begin),) = duckdb.sql(query).fetchall()
    assert (kind, status, str(begin)) == ("Killing", "asserted", "2024-03-04")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "roles.csv").unlink(), "cannot be read"),
        (lambda folder: (folder / "datapackage.json").write_text("{}"), "is no bundle of"),
        (lambda folder: (folder / "events.csv").write_bytes(b'article\r\n"open'), "cannot be read"),
    ],
)
def test_a_broken_bundle_is_told(store, tmp_path, spoil, message):
    """One line, and which folder."""
    write("tables", "csv", store, tmp_path / "out")
    spoil(tmp_path / "out")
    with pytest.raises(StoreError, match=message):
        list(bundle_graphs(tmp_path / "out"))


def test_a_bundle_without_texts_is_no_store(store, tmp_path):
    """Offsets would point nowhere."""
    write("tables", "csv", store, tmp_path / "out", text=False)
    with pytest.raises(StoreError, match="exported with --no-text"):
        list(bundle_graphs(tmp_path / "out"))


# ------------------------------------------------------------------------------------------- maps, calendars, networks


def test_geojson_is_as_the_rfc_has_it(written):
    """A FeatureCollection, longitude first, every feature with an id, and only what has coordinates."""
    found = json.loads(written("geojson", "geojson"))
    assert found["type"] == "FeatureCollection"
    by_id = {feature["id"]: feature for feature in found["features"]}
    assert by_id[SENNA]["geometry"] == {"type": "Point", "coordinates": [-17.4441, 14.6937]}
    killing = by_id[f"{ONE}#killing-7"]["properties"]
    assert (killing["kind"], killing["places"], killing["sources"]) == ("event", ["Port Senna"], ["police"])
    assert f"{ONE}#arrest-386" not in by_id
    assert {feature["type"] for feature in found["features"]} == {"Feature"}


def test_icalendar_reads_the_timeline(written):
    """Whole days, the end exclusive; what is not asserted is not confirmed."""
    icalendar = pytest.importorskip("icalendar")
    calendar = icalendar.Calendar.from_ical(written("timeline", "ics"))
    events = {str(entry["uid"]): entry for entry in calendar.walk("VEVENT")}
    killing = events[f"{ONE}#killing-7"]
    assert (str(killing["dtstart"].dt), str(killing["dtend"].dt)) == ("2024-03-04", "2024-03-05")
    assert killing["status"] == "CONFIRMED"
    assert "Source: police" in killing["description"]
    assert events[f"{ONE}#deployment-316"]["status"] == "TENTATIVE"
    since = events[f"{QUARRY}#search-{EXTRACTION.article.text.index('search the')}"]
    assert (str(since["dtstart"].dt), "dtend" in since) == ("2019-05-01", False), "it goes on"
    assert f"{ONE}#arrest-386" not in events, "no day is told"


def test_the_timeline_as_json(written):
    """Items as vis-timeline takes them."""
    items = {item["id"]: item for item in json.loads(written("timeline", "json"))["items"]}
    assert items[f"{ONE}#killing-7"]["type"] == "point"
    assert items[f"{ONE}#killing-7"]["start"] == "2024-03-04"


def test_networkx_reads_the_network(written):
    """Nodes once, edges between nodes that are there."""
    networkx = pytest.importorskip("networkx")
    graph = networkx.read_graphml(io.BytesIO(written("graphml", "graphml")), force_multigraph=True)
    assert graph.nodes[SENNA]["label"] == "Port Senna"
    edges = graph[f"{ONE}#killing-7"][SENNA].values()
    assert [(edge["kind"], edge["label"]) for edge in edges] == [("role", "place")]
    assert all("kind" in data for _, data in graph.nodes(data=True)), "no node is known by an edge only"
    assert graph.has_edge(f"{ONE}#police-64", f"{ONE}#killing-7")


@pytest.mark.parametrize("form", ["gephi", "neo4j"])
def test_the_network_as_two_tables(written, form):
    """Each node once, and both ends of each edge."""
    nodes = list(csv.DictReader(io.StringIO(written("nodes-edges", form, "nodes.csv").decode())))
    edges = list(csv.DictReader(io.StringIO(written("nodes-edges", form, "edges.csv").decode())))
    key = "Id" if form == "gephi" else "iri:ID"
    start, end = ("Source", "Target") if form == "gephi" else (":START_ID", ":END_ID")
    known = [node[key] for node in nodes]
    assert len(known) == len(set(known))
    assert {edge[start] for edge in edges} | {edge[end] for edge in edges} <= set(known)
    if form == "neo4j":
        assert {edge[":TYPE"] for edge in edges} >= {"AGENT", "PATIENT", "PLACE", "CLAIMS"}


def test_geonames_data_carry_their_attribution(tmp_path):
    """In the file itself, wherever coordinates or links of GeoNames are in it."""
    store = filled()
    store.replace(f"{BASE}graph/dataset/gazetteer", DATASET.replace("http://www.wikidata.org/entity/Q1", GEO).encode())
    for name, form, file in (
        ("geojson", "geojson", "one"),
        ("timeline", "json", "one"),
        ("tables", "csv", "datapackage.json"),
    ):
        found = json.loads(write(name, form, store, tmp_path / name)[file])
        assert "GeoNames" in json.dumps(found.get("attribution") or found.get("sources")), name
    for name, form in (("timeline", "ics"), ("plover", "jsonl"), ("schema-org", "jsonld"), ("aif", "turtle")):
        assert b"GeoNames" in write(name, form, store, tmp_path / f"{name}-{form}")["one"], name
    assert b"GeoNames" not in write("geojson", "geojson", filled(), tmp_path / "other")["one"]


# -------------------------------------------------------------------------------------------------------------- plover


def test_plover_has_the_keys_of_the_coder(written):
    """Type, mode, actors by offsets, place, day."""
    lines = [json.loads(line) for line in written("plover", "jsonl").splitlines()]
    by_id = {line["id"]: line for line in lines}
    killing = by_id[f"{ONE}#killing-7"]
    assert (killing["event_type"], killing["date_resolved"]) == ("ASSAULT", "2024-03-04")
    assert [actor["text"] for actor in killing["attributes"]["ACTOR"]] == ["gunmen"]
    (place,) = killing["attributes"]["LOC"]
    assert killing["event_text"][place["qa_start_char"] : place["qa_end_char"]] == "Port Senna"
    assert killing["event_geolocation"]["geo"]["lat"] == 14.6937
    assert by_id[f"{ONE}#deployment-316"]["event_mode"] == ["troops"]
    assert by_id[f"{ONE}#deployment-316"]["kg"]["status"] == "planned"
    assert f"{ONE}#death-190" not in by_id, "PLOVER has no deaths"


def test_plovers_table_fits_the_ontology_and_the_codebook():
    """Every type of ours that the table names is one, and every code is one of the sixteen."""
    known = "ACCUSE AGREE AID ASSAULT COERCE CONCEDE CONSULT COOPERATE MOBILIZE PROTEST REJECT REQUEST RETREAT SANCTION"
    assert codes().keys() <= ONTOLOGY.event_types.keys()
    assert {code.event_type for code in codes().values()} <= {*known.split(), "SUPPORT", "THREATEN"}
    assert all(code.quad for code in codes().values())


# ---------------------------------------------------------------------------------------------------- semantic web


def test_schema_org_uses_its_terms_only(written):
    """JSON-LD that nothing has to be fetched for, and no property or class that schema.org does not have."""
    graph = rdf(written("schema-org", "jsonld"), "json-ld")
    schema = "https://schema.org/"
    used = {p for p in graph.predicates() if p != RDF.type} | set(graph.objects(None, RDF.type))
    ours = {term for term in used if str(term).startswith(schema)}
    assert used == ours
    assert all(str(term).removeprefix(schema) in SDO for term in ours)
    killing = rdflib.URIRef(f"{ONE}#killing-7")
    assert graph.value(killing, SDO.location) == rdflib.URIRef(SENNA)
    arrest = rdflib.URIRef(f"{ONE}#arrest-386")
    assert (arrest, RDF.type, None) not in graph, "it did not happen"
    assert list(graph.subjects(SDO.about, arrest)), "it is claimed"


def test_nanopubs_are_valid_by_their_package(written):
    """Each by itself: four graphs that know each other."""
    nanopub = pytest.importorskip("nanopub")
    whole = rdf(written("nanopub", "trig", article=ONE))
    kind = rdflib.URIRef("http://www.nanopub.org/nschema#Nanopublication")
    found = sorted(whole.subjects(RDF.type, kind))
    assert rdflib.URIRef(f"{BASE}nanopub/harbour_1/killing-7") in found
    for node in found:
        one = rdflib.ConjunctiveGraph()
        for quad in whole.quads((None, None, None, None)):
            if str(quad[3]).startswith(f"{node}#"):
                one.get_context(quad[3]).add(quad[:3])
        assert nanopub.Nanopub(rdf=one).is_valid


def test_the_package_prov_reads_the_provenance(written):
    """And no property that PROV-O does not have."""
    prov = pytest.importorskip("prov.model")
    document = prov.ProvDocument.deserialize(
        content=written("prov", "turtle").decode(), format="rdf", rdf_format="turtle"
    )
    text = document.get_provn()
    assert "wasGeneratedBy" in text
    assert "wasAttributedTo" in text
    graph = rdf(written("prov", "turtle"), "turtle")
    own = "http://www.w3.org/ns/prov#"
    terms = {p for p in graph.predicates() if str(p).startswith(own)}
    assert {str(p).removeprefix(own) for p in terms} <= {
        *("wasDerivedFrom", "wasGeneratedBy", "wasAttributedTo", "wasAssociatedWith", "used")
    }


def test_sem_says_who_says_so(written):
    """Mentions by offsets, one attribution for each claim, certainty and polarity in one value."""
    graph = rdf(written("sem", "trig"))
    query = """PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
    PREFIX gaf: <http://groundedannotationframework.org/gaf#>
    PREFIX grasp: <http://groundedannotationframework.org/grasp#>
    PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
    SELECT ?words ?value ?who { ?event a sem:Event ; sem:eventType kg:Arrest ; gaf:denotedBy ?mention .
        ?mention nif:anchorOf ?words ; grasp:hasAttribution ?said .
        ?said rdf:value ?value ; grasp:wasAttributedTo/rdfs:label ?who } ORDER BY ?who"""
    rows = graph.query(query, initNs={"kg": KG, "rdf": RDF, "rdfs": rdflib.RDFS})
    found = [(str(row.words), str(row.value).rpartition("#")[2], str(row.who)) for row in rows]
    assert ("arrested", "CERTAIN_NON_FUTURE_NEG", "army") in found
    assert ("arrested", "CERTAIN_NON_FUTURE_NEG", "Coast Courier") in found


def test_nif_offsets_cut_their_words(written):
    """Half-open, in code points."""
    graph = rdf(written("sem", "trig"))
    nif = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
    mentions = list(graph.subjects(RDF.type, nif.RFC5147String))
    assert len(mentions) > 40
    for mention in mentions:
        text = str(graph.value(graph.value(mention, nif.referenceContext), nif.isString))
        begin, end = (int(graph.value(mention, name)) for name in (nif.beginIndex, nif.endIndex))
        assert text[begin:end] == str(graph.value(mention, nif.anchorOf))


def test_aif_is_valid_by_its_own_shapes(written):
    """By the shapes of AIF itself, whose folder KG_AIF_SHAPES names."""
    place = os.environ.get("KG_AIF_SHAPES", str(Path(__file__).parents[3] / "shared" / "conformance" / "aif"))
    folder = Path(place)
    if not (folder / "aida_ontology.shacl").exists():
        pytest.skip("AIF's shapes are not here: name their folder with KG_AIF_SHAPES")
    import pyshacl

    data = rdflib.Graph().parse(data=written("aif", "turtle", article=QUARRY), format="turtle")
    data.parse(folder / "InterchangeOntology", format="turtle")
    shapes = rdflib.Graph().parse(folder / "aida_ontology.shacl", format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    assert conforms, text[:3000]
    aida = rdflib.Namespace(
        str(next(iter(data.subjects(rdflib.RDFS.label, rdflib.Literal("Entity"))))).partition("#")[0] + "#"
    )
    assert len(list(data.subjects(RDF.type, aida.Claim))) > 3
    first = next(data.subjects(RDF.type, aida.TextJustification))
    data.remove((first, aida.startOffset, None))
    assert not pyshacl.validate(data, shacl_graph=shapes, advanced=True)[0]


# -------------------------------------------------------------------------------------------------------- from outside


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_bulk_makes_the_same_store_again(run_kg, tmp_path, form):
    """Export, and bulk into another store: the exports of both are the same bytes."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    location, folder = harbour.in_folder(tmp_path / "store"), tmp_path / "tables"
    assert run_kg("export", "--as", "tables", "--format", form, "--store", location, "--output", folder)[0] == 0
    status, _, err = run_kg("bulk", folder, "--store", tmp_path / "copy")
    assert (status, "4 graphs stored" in err) == (0, True)
    first, second = (run_kg("export", "--format", "nquads", "--store", one)[1] for one in (location, tmp_path / "copy"))
    assert first == second
    assert "harbour_1" in first
    status, _, err = run_kg("bulk", tmp_path / "store", "--store", tmp_path / "third")
    assert (status, "nor a datapackage.json" in err, (tmp_path / "third").exists()) == (2, True, False)


def test_the_command_writes_files_and_folders(run_kg, tmp_path):
    """What cannot be is said in one line, with status 2."""
    location = harbour.in_folder(tmp_path / "store")
    folder = tmp_path / "tables"
    status, _, err = run_kg("export", "--as", "tables", "--store", location, "--output", folder)
    assert (status, (folder / "events.csv").exists()) == (0, True), err
    status, _, err = run_kg("export", "--as", "tables", "--store", location, "--output", folder)
    assert (status, "something is there already; name a new folder" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "tables", "--store", location)
    assert (status, "name a new folder with --output" in err) == (2, True)
    status, out, _ = run_kg("export", "--as", "plover", "--store", location, "--article", "harbour_2")
    assert (status, {json.loads(line)["story_id"] for line in out.splitlines()}) == (0, {f"{BASE}article/harbour_2"})
    status, _, err = run_kg("export", "--as", "plover", "--store", location, "--article", "nothing")
    assert (status, "has no article" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "aif", "--store", location, "--entity", "police")
    assert (status, "--as writes whole articles" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "aif", "--format", "csv", "--store", location)
    assert (status, "--as aif has no format 'csv': choose turtle" in err) == (2, True)
    status, out, _ = run_kg("export", "--list")
    assert (status, [line.split(",")[0] for line in out.splitlines()[1:]]) == (0, names())


def test_every_format_is_on_its_page():
    """docs/exports.md has a row for each."""
    page = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")
    assert [name for name in names() if f"`{name}`" not in page] == []


def test_a_class_of_the_users_needs_its_file(store, tmp_path):
    """Without the ontology that it was read with an event keeps its type and what the graph says of it."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix my: <https://my.example/terms#> .\n"
        'my:Ambush a owl:Class ; rdfs:subClassOf kg:Attack ; rdfs:label "ambush"@en ; rdfs:comment "."@en ;\n'
        '    skos:definition "An attack from hiding."@en ; skos:example "Rebels ambushed a convoy."@en ;\n'
        '    kg:verb "ambush" .\n'
    )
    graph = f'<a:a> <urn:p> "" .\n<a:a#e> <{KG}eventType> <https://my.example/terms#Ambush> .\n'.encode()
    known = load_ontology([*resources.ontology_files(), mine])
    assert read_facts("a:a", graph, known).events[0].types[:2] == ("Ambush", "Attack")
    assert read_facts("a:a", graph, ONTOLOGY).events[0].types == ("Ambush",)
    assert issubclass(StoreError, KgError)
