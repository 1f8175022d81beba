"""Exports: the same bytes for the same data, every format readable, nothing lost."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.core.errors import QueryError, StoreError
from kg.core.vocab import RDF
from kg.store.export import (
    ATTRIBUTION,
    Fill,
    _OrderedHeader,
    constructed,
    export,
    format_of,
    graph_quads,
    neighbourhood,
)
from kg.store.formats import BY_NAME
from kg.store.opening import NamedNode, RdfFormat, RdfLiteral, Store, Triple, open_store, parse, serialize
from kg.store.quads import sorted_lines, triple_line

BASE = "https://news.example/"
ONE = BASE + "article/one"
KG = "https://kg.example/ontology#"
CASE = Path(__file__).parents[1] / "cases" / "export" / "store.trig"


def filled() -> Store:
    """A small store with all kinds of terms."""
    store = open_store(":memory:", mode="write")
    store.fill(parse(path=CASE))  # type: ignore[attr-defined]
    return store


def exported(fill: Fill, format_name: str, **options: object) -> bytes:
    """An export as bytes."""
    output = io.BytesIO()
    export(fill, output, format_name, base=BASE, **options)  # type: ignore[arg-type]
    return output.getvalue()


def canonical(data: bytes, format_name: str) -> list[str]:
    """The quads of an export, as canonical lines."""
    quads = parse(data, BY_NAME[format_name].engine)
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        return [line.decode() for line in sorted_lines(lines, Path(folder))]


@pytest.mark.parametrize("format_name", ["trig", "nquads", "jsonld"])
def test_formats_with_graphs_lose_nothing(format_name: str) -> None:
    """Read back, an export of the store is the store."""
    store = filled()
    dump = io.BytesIO()
    store.dump(dump)
    assert canonical(exported(store.dump, format_name), format_name) == canonical(dump.getvalue(), "nquads")


@pytest.mark.parametrize("format_name", ["turtle", "ntriples", "rdfxml"])
def test_formats_without_graphs_get_the_union(format_name: str) -> None:
    """Read back, an export without graphs is each triple of the store once."""
    store = filled()
    dump = io.BytesIO()
    store.dump(dump)
    triples = {triple_line(line) for line in dump.getvalue().splitlines(keepends=True)}
    expected = canonical(b"".join(sorted(triples)), "nquads")
    assert canonical(exported(store.dump, format_name), format_name) == expected


@pytest.fixture(scope="module")
def shuffled() -> list[dict[str, str]]:
    """The digest of each format's bytes as two processes write them, with other hash seeds, orders and blank nodes."""
    code = (
        "import sys; sys.path.insert(0, 'tests/store'); import test_export as t, random, hashlib, io, json\n"
        "from kg.store.opening import open_store, parse, RdfFormat\n"
        "store = t.filled(); dump = io.BytesIO(); store.dump(dump)\n"
        "lines = dump.getvalue().splitlines(); random.Random(int(sys.argv[1])).shuffle(lines)\n"
        "other = open_store(':memory:', mode='write')\n"
        "other.fill(parse(b'\\n'.join(lines), RdfFormat.N_QUADS, rename_blank_nodes=True))\n"
        "print(json.dumps({name: hashlib.sha256(t.exported(other.dump, name)).hexdigest() for name in t.BY_NAME}))"
    )
    seen = []
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code, seed],
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(json.loads(run.stdout))
    return seen


@pytest.mark.parametrize("format_name", BY_NAME)
def test_the_same_data_give_the_same_bytes(format_name: str, shuffled: list[dict[str, str]]) -> None:
    """Neither hash seeds, nor the order of loading, nor names of blank nodes show in an export."""
    own = hashlib.sha256(exported(filled().dump, format_name)).hexdigest()
    assert [digests[format_name] for digests in shuffled] == [own, own]


def test_turtle_is_for_people() -> None:
    """Turtle groups by subject, declares the prefixes that it uses and no others, in order."""
    text = exported(filled().dump, "turtle").decode()
    prefixes = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == ["kg:", "person:", "place:", "rdf:", "schema:", "skos:", "xsd:"]
    assert f"<{ONE}#killing-5> a kg:Event , kg:Killing ;\n\tkg:agent person:jan-ó ;" in text


PREFIXES = b"@prefix kg: <k> .\n@prefix b: <b> .\n@prefix a: <a> .\n"
XML = b'<?xml version="1.0"?>\n<rdf:RDF xmlns:kg="k" xmlns:b="b" xmlns:a="a">\n'


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.parametrize(
    ("head", "ordered"),
    [
        (PREFIXES, b"@prefix a: <a> .\n@prefix b: <b> .\n@prefix kg: <k> .\n"),
        (XML, b'<?xml version="1.0"?>\n<rdf:RDF xmlns:a="a" xmlns:b="b" xmlns:kg="k">\n'),
    ],
    ids=["turtle", "rdfxml"],
)
def test_prefixes_are_in_order_in_whatever_pieces_they_come(head: bytes, ordered: bytes, piece: int) -> None:
    """What follows them is passed on as it comes."""
    output = io.BytesIO()
    header = _OrderedHeader(output, 3, xml=head is XML)
    for begin in range(0, len(head), piece):
        header.write(head[begin : begin + piece])
    header.write(b"one\n")
    header.write(b"two\n")
    assert output.getvalue() == ordered + b"one\ntwo\n"
    header.end()
    assert output.getvalue() == ordered + b"one\ntwo\n"


def test_one_article_has_its_own_prefix() -> None:
    """The parts of a single article are short names."""
    store = filled()
    text = exported(graph_quads(store, ONE), "turtle", own=ONE).decode()
    assert f"@prefix : <{ONE}#> .\n" in text
    assert ":killing-5 a kg:Event , kg:Killing ;" in text
    assert "place/x> skos" not in text, "the other article's triples stay out"


def test_an_article_keeps_its_graph_where_the_format_can() -> None:
    """N-Quads of one article carry its name."""
    lines = exported(graph_quads(filled(), ONE), "nquads").splitlines()
    assert len(lines) == 13
    assert all(line.endswith(f" <{ONE}> .".encode()) for line in lines)


def test_an_unknown_article_is_named() -> None:
    """Exporting what is not there is an error, not an empty file."""
    with pytest.raises(StoreError, match="no graph <a:b>"):
        graph_quads(filled(), "a:b")


def test_an_entity_comes_with_its_neighbours() -> None:
    """The things an entity points to, and those that point to it, are described too."""
    lines = exported(neighbourhood(filled(), f"{BASE}person/jan-ó"), "ntriples").decode()
    assert f"<{ONE}#killing-5> <{KG}mention>" in lines
    assert f'<{BASE}place/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "X"' in lines
    assert "headline" not in lines
    with pytest.raises(StoreError, match="says nothing of <a:b>"):
        neighbourhood(filled(), "a:b")
    with pytest.raises(StoreError, match="is not an IRI"):
        neighbourhood(filled(), "a:b> ?p ?o } #")


def test_a_construct_can_be_exported_and_a_select_cannot() -> None:
    """The answer of CONSTRUCT is sorted like everything else; rows are no graph."""
    store = filled()
    lines = exported(constructed(store.query(f"CONSTRUCT WHERE {{ ?x <{KG}begin> ?y }}")), "ntriples")
    assert lines == f'<{ONE}#char=5,11> <{KG}begin> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'.encode()
    with pytest.raises(QueryError, match="SELECT"):
        constructed(store.query("SELECT * WHERE { ?s ?p ?o }"))


@pytest.mark.parametrize("format_name", BY_NAME)
def test_without_text_the_articles_stay_out(format_name: str) -> None:
    """``text=False`` drops the articles' bodies and nothing else."""
    store = filled()
    with_text, without = (
        canonical(exported(store.dump, format_name, text=text), format_name) for text in (True, False)
    )
    assert [line for line in with_text if line not in without] == [line for line in with_text if "articleBody" in line]


@pytest.mark.parametrize("format_name", BY_NAME)
def test_geonames_is_credited(format_name: str) -> None:
    """Data of GeoNames bring the attribution its licence asks for, in the file where comments are possible."""
    store = filled()
    assert export(store.dump, io.BytesIO(), format_name, base=BASE).attribution is None
    store.update("INSERT DATA { GRAPH <a:g> { <https://sws.geonames.org/1/> <a:p> 1 } }")
    output = io.BytesIO()
    assert export(store.dump, output, format_name, base=BASE).attribution == ATTRIBUTION
    assert (ATTRIBUTION.encode() in output.getvalue()) == (format_name != "jsonld")
    assert canonical(output.getvalue(), format_name)


def test_an_empty_store_exports_to_an_empty_document() -> None:
    """Nothing in, a readable nothing out."""
    store = open_store(":memory:", mode="write")
    for format_name in BY_NAME:
        assert canonical(exported(store.dump, format_name), format_name) == []


def test_xml_refuses_what_it_cannot_hold() -> None:
    """A control character has no place in XML: the line is named, no broken file is written."""
    store = open_store(":memory:", mode="write")
    store.update('INSERT DATA { GRAPH <a:g> { <a:s> <a:p> "a\\u0007b", "\\\\u0007" } }')
    with pytest.raises(StoreError, match=r"RDF/XML cannot hold \\u0007 in <a:s>"):
        exported(store.dump, "rdfxml")
    store.update('DELETE DATA { GRAPH <a:g> { <a:s> <a:p> "a\\u0007b" } }')
    assert exported(store.dump, "rdfxml")


def test_the_format_follows_the_ending() -> None:
    """A flag wins over the file's ending, that over the default; an unknown format is named."""
    assert format_of(Path("a.nq"), None, "trig") == "nquads"
    assert format_of(Path("a.nq"), "turtle", "trig") == "turtle"
    with pytest.raises(StoreError, match="no format 'excel'"):
        format_of(None, "excel", "trig")


IRIS = st.sampled_from([NamedNode(f"a:{name}") for name in "bcd"])
TERMS = (
    IRIS
    | st.builds(RdfLiteral, st.text(alphabet=' ab<>_:."\\\n@^{}é\u0001', max_size=12))
    | st.builds(RdfLiteral, st.text(alphabet=' <a:b>_:."', max_size=8), language=st.just("en"))
)


@settings(max_examples=200, deadline=None)
@given(triple=st.builds(Triple, IRIS, IRIS, TERMS), graph=IRIS)
def test_a_quad_without_its_graph_is_its_triple(triple: Triple, graph: NamedNode) -> None:
    """Whatever a literal holds, cutting off the graph leaves the triple."""
    assert triple_line(f"{triple} {graph} .\n".encode()) == f"{triple} .\n".encode()
    assert triple_line(f"{triple} .\n".encode()) == f"{triple} .\n".encode()


@settings(max_examples=50, deadline=None)
@given(numbers=st.lists(st.integers(0, 40), max_size=60), run=st.integers(1, 20))
def test_sorting_outside_memory_is_sorting(numbers: list[int], run: int) -> None:
    """However small the runs, the merged lines are the distinct lines in order."""
    lines = [f"<a:{number}> <a:p> <a:o> .\n".encode() for number in numbers]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr("kg.store.quads._RUN", run)
        assert list(sorted_lines(lines, Path(folder))) == sorted(set(lines))


def write_million(path: Path) -> None:
    """A million quads of five thousand articles."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(1_000_000):
            article = f"{BASE}article/a{number // 200}"
            file.write(f'<{article}#e{number}> <{KG}exact> "word {number * 7919 % 1000003}" <{article}> .\n')


@pytest.mark.long
def test_a_million_triples_in_bounded_memory(tmp_path: Path) -> None:
    """Turtle of a million triples takes less than 400 MB; benchmarks/store.py measures how long."""
    write_million(tmp_path / "million.nq")
    making = "import pyoxigraph as ox; ox.Store('store').bulk_load(path='million.nq', format=ox.RdfFormat.N_QUADS)"
    measuring = f"""
import pyoxigraph as ox
from kg.store.export import export
from kg.store.engine import EngineStore
store = EngineStore(ox.Store.read_only("store"), "store", {BASE!r})
with open("out.ttl", "wb") as file:
    assert export(store.dump, file, "turtle", base={BASE!r}).count == 1_000_000
# The high-water mark of this program alone: getrusage would count what its parent held when it forked.
peak = next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak)
"""
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", making], cwd=tmp_path, check=True)
    run = subprocess.run(
        [sys.executable, "-c", measuring], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < 400


def test_an_ending_of_no_format_is_refused() -> None:
    """`--output o.csv` would be TriG under a wrong name: say so instead."""
    with pytest.raises(StoreError, match=r"no format ends in \.csv"):
        format_of(Path("o.csv"), None, "trig")
    assert format_of(Path("o.csv"), "turtle", "trig") == "turtle"
    assert format_of(Path("graph"), None, "trig") == "trig"


X = "https://x.example/"
ODD_NAMES = (X, f"{X}1", f"{X}a%20", f"{X}f(a)", "urn:x:1.", f"{X}a²")
FINE_NAMES = (f"{X}a1", f"{X}1a", f"{X}a%20b", "urn:x:é", f"{X}a.-b")


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("kind", ["predicate", "class"])
def test_a_name_that_xml_cannot_have_is_told(name: str, kind: str) -> None:
    """A predicate or class that ends in no name is refused as RDF/XML with its IRI, and written in other formats."""
    with open_store(":memory:", mode="write", base=BASE) as store:
        line = f"<a:s> <{name}> <a:o> .\n" if kind == "predicate" else f"<a:s> a <{name}> .\n"
        store.replace(ONE, line.replace(" a ", f" <{RDF}type> ").encode())
        with pytest.raises(StoreError, match=re.escape(f"{kind} <{name}>")):
            exported(store.dump, "rdfxml")
        assert name.encode() in exported(store.dump, "ntriples")


@pytest.mark.parametrize("name", FINE_NAMES)
def test_rdf_xml_is_well_formed(name: str) -> None:
    """What is written as RDF/XML can be read again, and says the same."""
    with open_store(":memory:", mode="write", base=BASE) as store:
        lines = f'<a:s> <{name}> "x & <y>" .\n<a:s> <{RDF}type> <{name}> .\n'.encode()
        store.replace(ONE, lines)
        read = parse(exported(store.dump, "rdfxml"), RdfFormat.RDF_XML)
        assert {str(quad.triple) for quad in read} == {line.decode().removesuffix(" .") for line in lines.splitlines()}


NO_DATE = '"2024-3-1"^^<http://www.w3.org/2001/XMLSchema#date>'
AS_WRITTEN = ('"1.50"', '"x"@en-GB', NO_DATE, '" a\\tb "', '"é"@fr', '"1"^^<a:t>')


@pytest.mark.parametrize("literal", AS_WRITTEN)
def test_literals_come_back_as_they_were_written(literal: str) -> None:
    """Words, tags of languages, values of unknown types and values that are none are kept letter by letter."""
    with open_store(":memory:", mode="write", base=BASE) as store:
        store.replace(ONE, f"<a:s> <a:p> {literal} .\n".encode())
        assert literal.lower() in exported(store.dump, "ntriples").decode().lower()


@pytest.mark.parametrize("iri", ["https://sws.geonames.org/1/", "urn:z", "zz:geonames.org/1"])
def test_geonames_is_credited_wherever_it_stands(iri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are looked at in blocks: data of GeoNames in the first, a later or the last one count, none counts not."""
    monkeypatch.setattr("kg.store.export._BLOCK", 2)
    found = export(lambda file: file.write(_lines(iri)), io.BytesIO(), "nquads", base=BASE)
    assert found.count == 9
    assert found.attribution == (ATTRIBUTION if "geonames.org" in iri else None)


def _lines(iri: str) -> bytes:
    subjects = [*(f"{scheme}:{n}" for scheme in ("a", "zzz") for n in range(4)), iri]
    return "".join(f"<{subject}> <a:p> <a:o> <a:g> .\n" for subject in subjects).encode()
