"""A store with an article of every kind for the tests of exports, and exports written into folders."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import rdflib

from kg.graph.triples import to_ntriples, to_triples
from kg.ontology.load import load_ontology
from kg.store.exporters.run import Source, exporter
from tests import harbour
from tests.extractions import EXTRACTION, READING

BASE = "https://news.example/"
ONE, QUARRY = f"{BASE}article/harbour_1", f"{BASE}article/quarry"
SENNA = f"{BASE}place/port-senna"
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


def write(name, form, store, folder, **options):
    """An export into a folder: its files."""

    @contextmanager
    def opened(file):
        with (folder / (file or "one")).open("wb") as output:
            yield output

    folder.mkdir(exist_ok=True)
    exporter(name).write(Source(store, ONTOLOGY, **options), opened, form)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def reader(store, folder):
    """A function that writes an export of a store below a folder, and gives its one file, or one by name."""

    def read(name, form, file="one", **options):
        if form == "parquet":
            pytest.importorskip("pyarrow")
        return write(name, form, store, folder / f"{name}-{form}", **options)[file]

    return read


def rdf(data, form="trig"):
    """What rdflib reads."""
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=data, format=form)
    return graph
