"""Slices in the shapes of real datasets, with real identifiers: read, linked with the seed article, taken out."""

import re
from pathlib import Path

import pytest

from kg.linking.dataset import Names, things
from kg.linking.merge import specific_of
from kg.ontology.load import load_ontology
from kg.store.files import read_triples

ROOT = Path(__file__).parents[2]
SLICES = ROOT / "seeds" / "linked"
DUMP = ROOT / "tests" / "cases" / "places" / "dump.txt"


@pytest.mark.parametrize(
    ("slice_name", "iri", "types", "places"),
    [
        ("wikidata-slice.ttl", "http://www.wikidata.org/entity/Q262", {"Country"}, set()),
        ("wikidata-slice.ttl", "http://www.wikidata.org/entity/Q1776022", {"Company"}, {"norway"}),
        ("dbpedia-slice.ttl", "http://dbpedia.org/resource/Equinor", {"Company"}, {"norway"}),
        ("dbpedia-slice.ttl", "http://dbpedia.org/resource/In_Amenas", {"Settlement"}, {"algeria"}),
        ("dbpedia-slice.ttl", "http://dbpedia.org/resource/Mokhtar_Belmokhtar", {"Person"}, {"algeria"}),
        ("geonames-slice.ttl", "https://sws.geonames.org/12952691/", {"Region"}, {"algeria", "illizi"}),
        ("geonames-slice.ttl", "https://sws.geonames.org/2589581/", {"Country"}, set()),
        ("schema-org-slice.jsonld", "https://sonatrach.com/", {"Company"}, {"algeria", "algiers"}),
        ("schema-org-slice.jsonld", "https://www.reuters.com/", {"NewsMedium"}, {"united kingdom", "london"}),
    ],
)
def test_the_shapes_are_known(slice_name, iri, types, places):
    """Names, classes of ours, and what a thing lies in or belongs to are read from each dataset's own ways."""
    ontology = load_ontology()
    found = things(read_triples(SLICES / slice_name, "urn:g"), Names(ontology), specific_of(ontology))
    assert found[iri].types == types
    assert found[iri].places >= places  # and other names of these


@pytest.mark.model
def test_the_recipe(run_kg, tmp_path, monkeypatch):
    """News, four datasets and a map, as docs/linking.md has it; dropped, the store is byte for byte as before."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    section = (ROOT / "docs" / "linking.md").read_text("utf-8").partition("## Recipe")[2]
    commands = re.findall(r"^\$ kg (.+)$", section.partition("\n## ")[0], re.MULTILINE)
    assert len(commands) >= 6
    for command in commands:
        words = [word.strip("'") for word in command.split()]
        if words == ["places", "--build"]:  # without the packages
            words.append(str(DUMP))
        status, out, said = run_kg(*words)
        assert status == 0, (command, said)
        if words[-1] == "located":
            rows = out.splitlines()
            assert any("36.73" in row and "42228429" in row for row in rows)  # Algeria, by its capital
            assert len(rows) == len(set(rows))
            as_one = run_kg(*words, "--same")[1].splitlines()
            assert any("36.73" in row and "42228429" in row for row in as_one)
        if words[-1] == "seats":
            assert "Sonatrach,Algeria,1963,http://dbpedia.org/resource/Sonatrach" in out
            assert "Sonatrach,DZ,1963,https://sonatrach.com/" in out
            assert "Sonatrach,Algeria,1963," in run_kg(*words, "--same")[1]
    before = run_kg("export", "--format", "nquads")[1]
    run_kg("merge", "seeds/linked/geonames-slice.ttl")
    assert run_kg("export", "--format", "nquads")[1] != before
    assert run_kg("merge", "--drop", "geonames-slice")[0] == 0
    assert run_kg("export", "--format", "nquads")[1] == before
    assert '"coordinates"' in (tmp_path / "news.geojson").read_text("utf-8")
