"""Exports for other tools: the same bytes for the same data, nothing lost by tables, the command that writes them."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from kg.core import resources
from kg.core.errors import KgError, StoreError
from kg.core.vocab import ONTOLOGY as KG
from kg.ontology.load import load_ontology
from kg.store.exporters.bundle import bundle_graphs
from kg.store.exporters.facts import Span
from kg.store.exporters.places import Point, elsewhere
from kg.store.exporters.reading import read_facts
from kg.store.exporters.run import Source, exporter, names
from kg.store.opening import open_store
from tests import harbour
from tests.exported import BASE, ONE, ONTOLOGY, QUARRY, SENNA, filled, reader, write

RDF_TOO = ("aif", "prov", "sem", "nanopub")  # any RDF that the store can write: one of each here
FORMS = [
    (name, form)
    for name in names()
    for form in (exporter(name).formats if name not in RDF_TOO else [exporter(name).default])
]


@pytest.fixture(scope="module")
def store():
    """One store for all of them."""
    return filled()


@pytest.fixture
def written(store, tmp_path):
    """``written(name, form)`` gives the one file of an export, or with a name that file."""
    return reader(store, tmp_path)


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


@pytest.mark.parametrize(
    ("name", "part"),
    [("graphml", b"<(?:node|edge) "), ("geojson", b'"type": ?"Feature"'), ("plover", b"\n")],
    ids=["graphml", "geojson", "plover"],
)
def test_what_is_written_is_counted(name, part, store):
    """As many entries are told as a reader of the file finds."""
    output = io.BytesIO()
    found = exporter(name)
    exported = found.write(Source(store, ONTOLOGY), lambda _: nullcontext(output), found.default)
    assert exported.count == len(re.findall(part, output.getvalue())) > 1


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
        (lambda folder: _described(folder, layout=None), "made by an earlier kg"),
        (lambda folder: _described(folder, layout=3), "made by an earlier kg"),
        (lambda folder: _described(folder, layout=5), "has layout 5"),
        (lambda folder: _described(folder, resources=[]), "lacks the table"),
    ],
)
def test_a_broken_bundle_is_told(store, tmp_path, spoil, message):
    """One line, and which folder."""
    write("tables", "csv", store, tmp_path / "out")
    spoil(tmp_path / "out")
    with pytest.raises(StoreError, match=message):
        list(bundle_graphs(tmp_path / "out"))


def _described(folder, **otherwise):
    file = folder / "datapackage.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **otherwise}), "utf-8")


def test_a_bundle_without_texts_is_no_store(store, tmp_path):
    """Offsets would point nowhere."""
    write("tables", "csv", store, tmp_path / "out", text=False)
    with pytest.raises(StoreError, match="exported with --no-text"):
        list(bundle_graphs(tmp_path / "out"))


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
    status, out, _ = run_kg("export", "--as", "timeline", "--store", location, "--article", "nothing")
    assert (status, out) == (2, ""), "nothing is written before it is told"
    status, _, err = run_kg("export", "--as", "plover", "--store", location, "--article", "nothing")
    assert (status, "has no article" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "aif", "--store", location, "--entity", "police")
    assert (status, "--as writes whole articles" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "aif", "--format", "csv", "--store", location)
    assert (status, "--as aif has no format 'csv': choose turtle" in err) == (2, True)
    status, _, err = run_kg("export", "--as", "geojson", "--store", location)
    assert (status, "nothing to write: no place has coordinates" in err) == (0, True)
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
