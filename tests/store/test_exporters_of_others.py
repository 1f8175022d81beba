"""Exports for other tools: each read by that tool, or checked by its own schema."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SDO

from kg.core.vocab import ONTOLOGY as KG
from kg.store.exporters.formats.plover import codes
from tests.exported import BASE, DATASET, GEO, ONE, ONTOLOGY, QUARRY, SENNA, filled, rdf, reader, write
from tests.extractions import EXTRACTION


@pytest.fixture(scope="module")
def store():
    """One store for all of them."""
    return filled()


@pytest.fixture
def written(store, tmp_path):
    """``written(name, form)`` gives the one file of an export, or with a name that file."""
    return reader(store, tmp_path)


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
    words = [data["label"] for _, data in graph.nodes(data=True) if data["kind"] == "words"]
    assert "which the army has done" in words, "a cause in words is told by them"


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
