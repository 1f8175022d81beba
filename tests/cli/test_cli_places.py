"""`kg places`, and linking while loading."""

from pathlib import Path

import pytest

DUMP = Path(__file__).parents[1] / "cases" / "places" / "dump.txt"
TEXT = "Title: Shells\nDate: 2024-05-08\n\nShells fell on Tripoli on Monday, Libyan police said.\n"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own; the test runs beside it."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_index_is_built_listed_and_looked_up(run_kg, cache):
    """One command builds, one lists, one shows the places of a name."""
    status, _, said = run_kg("places", "--build", DUMP)
    assert status == 0
    assert "431 places" in said
    assert "GeoNames (CC BY 4.0)" in said
    assert run_kg("places")[1].splitlines()[1].startswith("dump,431,")
    rows = run_kg("places", "--name", "Tripoli")[1].splitlines()
    assert rows[2].startswith("2210247,Tripoli,main,P.PPLC,LY,")


def test_mistakes_are_one_line(run_kg, cache):
    """No index, no such file, a file that is not to be built."""
    assert run_kg("places")[0] == 0
    for arguments, words in (
        (("--name", "Gao"), "there is no index of places yet"),
        (("--link",), "there is no index of places yet"),
        (("--build", "none.txt"), "none.txt: no such file"),
        (("DZ.txt",), "kg places --build DZ.txt"),
        (("--build", "--link"), "three different things"),
    ):
        status, out, said = run_kg("places", *arguments)
        assert (status, out) == (2, "")
        assert words in said
        assert said.count("\n") == 1


@pytest.mark.model
def test_loading_links_places_where_an_index_is(run_kg, cache):
    """By default with an index, not with --no-places; --link makes up for it, with the same bytes."""
    (cache / "shells.txt").write_text(TEXT)
    assert "linked" not in run_kg("load", "shells.txt", "--store", "without")[2]
    run_kg("places", "--build", DUMP)
    assert "2 places linked to GeoNames" in run_kg("load", "shells.txt", "--store", "with")[2]
    assert "linked" not in run_kg("load", "shells.txt", "--store", "without", "--no-places")[2]
    assert "of 1 article " in run_kg("places", "--link", "--store", "without")[2]
    exports = [run_kg("export", "--store", store)[1] for store in ("with", "without")]
    assert exports[0] == exports[1]
    assert exports[0].endswith("# contains data from GeoNames (https://www.geonames.org), CC BY 4.0\n")
    assert "places linked" not in run_kg("load", "shells.txt", "--store", "with")[2]
    rows = run_kg("links", "--store", "with", "--format", "csv")[1]
    assert "https://sws.geonames.org/2210247/" in rows
    assert run_kg("forget", "shells", "--store", "with")[0] == 0
    assert "geonames" not in run_kg("export", "--store", "with")[1]
