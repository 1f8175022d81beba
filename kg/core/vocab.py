"""Namespaces and prefixes: plain strings, so that nothing here costs an import."""

from __future__ import annotations

ONTOLOGY = "https://kg.example/ontology#"  # fixed: does not follow --base
DEFAULT_BASE = "https://news.example/"  # a reserved domain (RFC 2606): set --base or KG_BASE for data to publish

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PROV = "http://www.w3.org/ns/prov#"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"

PROJECT_PREFIXES: dict[str, str] = {"kg": ONTOLOGY}
"""Known in every query and table without declaring; base-dependent ones come from ``base_prefixes``."""

COMMON_PREFIXES: dict[str, str] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "prov": PROV,
    "schema": SCHEMA,
    "sh": SH,
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "gn": "http://www.geonames.org/ontology#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "time": "http://www.w3.org/2006/time#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "geonames": "https://sws.geonames.org/",
    "dbr": "http://dbpedia.org/resource/",
    "dbo": "http://dbpedia.org/ontology/",
}


def base_prefixes(base: str) -> dict[str, str]:
    """Prefixes for the data minted under ``base`` (which ends in ``/`` or ``#``)."""
    return {
        "article": f"{base}article/",
        "person": f"{base}person/",
        "org": f"{base}organization/",
        "place": f"{base}place/",
        "graph": f"{base}graph/",
    }
