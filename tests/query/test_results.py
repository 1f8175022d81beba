"""Tables and formats: what is shown is what is there, within the terminal's width."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, parse_query_results

from kg.core.errors import QueryError
from kg.core.table import display_width, draw_table, plain
from kg.core.vocab import XSD
from kg.query.results import Namer, write_plain_rows, write_results

ROOT = Path(__file__).parents[2]
CELLS = st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=5)


@given(rows=CELLS, width=st.integers(min_value=20, max_value=100))
def test_table_fits_the_terminal(rows: list[tuple[str, str]], width: int) -> None:
    """No line is wider than the terminal, and no character that could steer it gets through."""
    for line in draw_table(("one", "two"), rows, width):
        assert display_width(line) <= width
        assert line.isprintable()


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=40), min_size=1, max_size=3))
def test_table_loses_no_word(words: list[str]) -> None:
    """Cells that wrap keep all their letters."""
    lines = list(draw_table(("word",), [[word] for word in words], 12))[2:]
    assert "".join("".join(lines).split()) == "".join("".join(words).split())


def test_a_name_stands_on_one_line() -> None:
    """IRIs are not broken over lines: text makes room for them, and what is too long loses its middle."""
    event = "article:paper.example/2024/05/kirra-harbour-blast#arrest-7"
    text = "police arrested two men in Norvia after a long chase"
    wide = list(draw_table(("what", "event"), [(text, event)], 72))
    assert any("  article:paper" in line and line.endswith("…#arrest-7") for line in wide)
    seed = list(draw_table(("what", "by", "who", "event"), [(text, text, text, "article:in_amenas#killing-2575")], 72))
    assert any(line.endswith("  article:in_amenas#killing-2575") for line in seed)
    narrow = list(draw_table(("event", "event"), [(event, event)], 40))
    assert len(narrow) == 3
    assert narrow[2].endswith("…#arrest-7")
    assert max(map(len, [*wide, *seed, *narrow])) <= 72


def test_table_streams() -> None:
    """A table of endless rows begins to come at once."""

    def endless() -> object:
        while True:
            yield ["x"]

    lines = draw_table(("a",), endless(), 80)  # type: ignore[arg-type]
    assert [next(lines) for _ in range(3)] == ["a", "─", "x"]


def test_wide_characters_take_two_columns() -> None:
    """East Asian characters are counted as a terminal shows them."""
    assert display_width("東京") == 4
    assert display_width("e\u0301") == 1


def test_control_characters_are_shown_not_sent() -> None:
    """An escape sequence in the data does not reach the terminal."""
    assert plain("a\x1b[31mb\nc") == "a\ufffd[31mb c"


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "markdown", "table"])
def test_plain_rows_in_every_format(name: str) -> None:
    """Rows of verbs other than query come in every format of rows."""
    buffer = io.BytesIO()
    write_plain_rows(("name", "n"), [("a|b", 1), ('say "x"', None)], buffer, name)
    text = buffer.getvalue().decode()
    match name:
        case "csv":
            assert list(csv.reader(io.StringIO(text))) == [["name", "n"], ["a|b", "1"], ['say "x"', ""]]
        case "json":
            assert json.loads(text) == [{"name": "a|b", "n": 1}, {"name": 'say "x"', "n": None}]
        case "jsonl":
            assert json.loads(text.splitlines()[1]) == {"name": 'say "x"', "n": None}
        case "markdown":
            assert text.splitlines()[2] == "| a\\|b | 1 |"
        case _:
            assert len(text.splitlines()) == (4 if name == "table" else 3)


def test_plain_rows_refuse_graph_formats() -> None:
    """Rows cannot be written as Turtle."""
    with pytest.raises(QueryError, match="rows cannot be written as turtle"):
        write_plain_rows(("a",), [], io.BytesIO(), "turtle")


def test_names_take_the_longest_namespace() -> None:
    """An IRI is shortened by the longest namespace that fits, and only where the rest is a name."""
    namer = Namer({"a": "http://a.example/", "b": "http://a.example/b/", "article": "https://news.example/article/"})
    assert namer.iri("http://a.example/b/c") == "b:c"
    assert namer.iri("http://a.example/x y") == "<http://a.example/x y>"
    assert namer.iri("https://news.example/article/x/y#char=1,2") == "article:x/y#char=1,2"
    assert namer.iri("http://c.example/") == "<http://c.example/>"


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "table"])
def test_rows_stream_in_flat_memory(name: str) -> None:
    """Twenty thousand rows need no more memory than one thousand."""
    code = (
        "import os, resource, sys; sys.path.insert(0, 'tests')\n"
        "import harbour\n"
        "from kg.query.results import write_results\n"
        "store = harbour.in_memory()\n"
        "def peak(limit):\n"
        "    found = store.query(f'SELECT * {{ ?s ?p ?o . ?a ?b ?c }} LIMIT {limit}')\n"
        "    with open(os.devnull, 'wb') as file:\n"
        f"        write_results(found, file, {name!r}, prefixes={{}})\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "few = peak(1_000)\n"
        "print((peak(20_000) - few) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 4  # MB


def told(terms: list[tuple[str, str]], form: str) -> list[str]:
    """What an endpoint's answer of one column becomes in a format: (literal, datatype) as they came, line by line."""
    bindings = [{"x": {"type": "literal", "value": value, "datatype": XSD + kind}} for value, kind in terms]
    answer = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}})
    solutions = parse_query_results(answer.encode(), QueryResultsFormat.JSON)
    buffer = io.BytesIO()
    assert write_results(solutions, buffer, form, prefixes={}).count == len(terms)
    return buffer.getvalue().decode().splitlines()


@pytest.mark.parametrize(
    ("literal", "kind", "value"),
    [
        *(("INF", kind, "INF") for kind in ("double", "float")),
        ("+INF", "double", "INF"),  # XSD 1.1 reads it and writes INF
        ("-INF", "float", "-INF"),
        ("NaN", "double", "NaN"),
        ("1e999", "double", "INF"),  # further than a double goes
        ("-1e999", "double", "-INF"),
        ("1e3", "double", 1000.0),
        (" 5 ", "integer", 5),
        ("-7", "negativeInteger", -7),
        ("200", "unsignedByte", 200),
        ("2.50", "decimal", 2.5),
        ("9" * 400, "decimal", "9" * 400),  # further than a double goes: kept as it stands
        ("9" * 5000, "integer", "9" * 5000),  # longer than Python reads
        ("1e3", "decimal", "1e3"),  # ill-typed, all of these
        ("INF", "decimal", "INF"),
        ("+INF", "string", "+INF"),
        ("1_000", "integer", "1_000"),
        ("1_0.5", "double", "1_0.5"),
        ("infinity", "double", "infinity"),
        ("nan", "float", "nan"),
        ("2.5", "int", "2.5"),
    ],
)
def test_json_lines_hold_no_number_that_json_lacks(literal, kind, value) -> None:
    """Infinity and what is no number are words, as XSD writes them; an ill-typed literal keeps its text."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    (line,) = told([(literal, kind)], "jsonl")
    found = json.loads(line, parse_constant=refuse)["x"]
    assert (type(found), found) == (type(value), value)


def test_a_table_writes_infinity_as_xsd_does() -> None:
    """The longer spelling is one of numbers only."""
    literals = [("+INF", "double"), ("-INF", "float"), ("NaN", "double"), ("+INF", "string"), ("1e3", "double")]
    assert [line.strip("| ") for line in told(literals, "markdown")[2:]] == ["INF", "-INF", "NaN", "+INF", "1e3"]


IRIS = st.text("ab,;'\"()", min_size=1).map(lambda words: "http://x.example/" + words.replace('"', "%22"))
WORDS = st.text(st.sampled_from('ab ,;"\r\n\t€'), max_size=5)


@given(st.lists(st.tuples(IRIS, WORDS), max_size=4))
def test_csv_is_read_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    """Also an IRI with a comma; where there is none, the bytes are those of the engine."""
    bindings = [{"x": {"type": "uri", "value": iri}, "y": {"type": "literal", "value": words}} for iri, words in rows]
    answer = json.dumps({"head": {"vars": ["x", "y", "none"]}, "results": {"bindings": bindings}}).encode()
    buffer = io.BytesIO()
    written = write_results(parse_query_results(answer, QueryResultsFormat.JSON), buffer, "csv", prefixes={})
    assert (written.count, written.found) == (len(rows), bool(rows))
    read = list(csv.reader(io.StringIO(buffer.getvalue().decode(), newline="")))
    assert read == [["x", "y", "none"], *([iri, words, ""] for iri, words in rows)]
    if not any("," in iri for iri, _ in rows):
        engines = parse_query_results(answer, QueryResultsFormat.JSON).serialize(format=QueryResultsFormat.CSV)
        assert buffer.getvalue() == engines
