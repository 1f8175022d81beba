"""kg query, explain, stats, conflicts and shell on a store of two articles."""

from __future__ import annotations

import csv
import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import harbour
import pytest

from kg.cli import main
from kg.store.opening import RdfFormat, parse

WHO = "SELECT ?who { ?e a kg:Killing ; kg:agent/skos:prefLabel ?who }"


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in a folder with the two articles."""
    return harbour.in_folder(tmp_path_factory.mktemp("harbour") / "store")


class Kg:
    """Runs the command line in this process."""

    def __init__(
        self, location: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        self.location, self.monkeypatch, self.capture = location, monkeypatch, capsysbinary
        self.err = ""

    def __call__(self, *arguments: str, status: int = 0, stdin: str = "") -> str:
        """What it prints on standard output, given its expected exit status."""
        self.monkeypatch.setenv("KG_STORE", self.location)
        self.monkeypatch.setattr(sys, "argv", ["kg", *arguments])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        found = 0
        try:
            main()
        except SystemExit as end:
            found = int(end.code or 0)
        out, err = self.capture.readouterr()
        self.err = err.decode()
        assert found == status, self.err
        return out.decode()


@pytest.fixture
def kg(location: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Kg:
    """The command line on that store."""
    return Kg(location, monkeypatch, capsysbinary)


def test_pipe_gets_csv(kg: Kg) -> None:
    """In a pipe the answer is CSV and nothing is said on standard error."""
    assert kg("query", WHO) == "who\r\ngunmen\r\n"
    assert kg.err == ""


def test_text_comes_from_file_or_standard_input(kg: Kg, tmp_path: Path) -> None:
    """@FILE and - are read; a bare file name is not guessed at."""
    file = tmp_path / "who.rq"
    file.write_text(WHO)
    assert kg("query", f"@{file}") == kg("query", WHO) == kg("query", "-", stdin=WHO)
    kg("query", str(file), status=2)
    assert f"write @{file}" in kg.err
    kg("query", "@none.rq", status=2)
    assert "cannot read none.rq" in kg.err


def test_formats_of_solutions(kg: Kg) -> None:
    """Every format of solutions holds the same answer."""
    query = "SELECT ?s ?min ?none { ?s kg:min ?min } ORDER BY ?min"
    rows = list(csv.DictReader(io.StringIO(kg("query", query))))
    numbers = [row["min"] for row in rows]
    assert numbers == ["12", "15", "20"]
    found = json.loads(kg("query", query, "--format", "json"))["results"]["bindings"]
    assert [row["min"]["value"] for row in found] == numbers
    lines = [json.loads(line) for line in kg("query", query, "--format", "jsonl").splitlines()]
    assert [(row["min"], row["none"]) for row in lines] == [(12, None), (15, None), (20, None)]
    assert [line.split("\t")[1] for line in kg("query", query, "--format", "tsv").splitlines()[1:]] == numbers
    root = ET.fromstring(kg("query", query, "--format", "xml"))  # noqa: S314 # our own output
    assert len(root.findall(".//{*}result")) == 3
    markdown = kg("query", query, "--format", "markdown").splitlines()
    assert markdown[0] == "| s | min | none |"
    assert markdown[2] == "| article:harbour_1#count=14-25 | 12 |  |"
    table = kg("query", query, "--format", "table").splitlines()
    assert table[2].split() == ["article:harbour_1#count=14-25", "12"]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("nquads", RdfFormat.N_QUADS),
        ("trig", RdfFormat.TRIG),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdfxml", RdfFormat.RDF_XML),
    ],
)
def test_formats_of_graphs(kg: Kg, name: str, form: RdfFormat) -> None:
    """Every format of graphs holds the same triples."""
    construct = "CONSTRUCT { ?e kg:agent ?a } WHERE { ?e kg:agent ?a }"
    triples = {str(quad.triple) for quad in parse(kg("query", construct, "--format", name).encode(), form)}
    assert triples == {str(quad.triple) for quad in parse(kg("query", construct).encode(), RdfFormat.TURTLE)}
    assert len(triples) == 8


def test_turtle_declares_what_it_uses(kg: Kg) -> None:
    """Turtle on standard output is short: only the prefixes in use."""
    text = kg("query", "DESCRIBE article:harbour_1")
    assert "@prefix kg:" in text
    assert "@prefix foaf:" not in text


def test_ask_answers_by_status(kg: Kg) -> None:
    """ASK prints its answer; no is status 1."""
    assert kg("query", "ASK { ?e a kg:Killing }") == "true\n"
    assert kg("query", "ASK { ?e a kg:Election }", status=1) == "false\n"
    assert kg("query", "ASK { ?e a kg:Killing }", "--format", "table") == "yes\n"


def test_empty_answer_fails_only_when_asked_to(kg: Kg) -> None:
    """Nothing found is status 0, with --fail-if-empty status 1, in every format."""
    query = "SELECT ?e { ?e a kg:Election }"
    kg("query", query)
    for name in ("csv", "tsv", "json", "xml", "jsonl", "table", "markdown"):
        kg("query", query, "--fail-if-empty", "--format", name, status=1)
        kg("query", WHO, "--fail-if-empty", "--format", name)
    kg("query", "CONSTRUCT WHERE { ?e a kg:Election }", "--fail-if-empty", status=1)


def test_format_must_suit_the_answer(kg: Kg, tmp_path: Path) -> None:
    """Rows cannot be Turtle, a graph no CSV, and an ending must be known."""
    kg("query", WHO, "--format", "turtle", status=2)
    assert "choose --format table, csv" in kg.err
    kg("query", "DESCRIBE article:harbour_1", "--format", "csv", status=2)
    kg("query", WHO, "--format", "yaml", status=2)
    kg("query", WHO, "--output", str(tmp_path / "answer.doc"), status=2)
    assert "name one with --format" in kg.err


def test_output_goes_by_its_ending(kg: Kg, tmp_path: Path) -> None:
    """--output chooses the format by the file's ending."""
    assert kg("query", WHO, "--output", str(tmp_path / "who.json")) == ""
    assert json.loads((tmp_path / "who.json").read_text())["head"]["vars"] == ["who"]
    kg("query", WHO, "--output", str(tmp_path / "none" / "who.csv"), status=2)


def test_failure_leaves_the_old_file(kg: Kg, tmp_path: Path) -> None:
    """A query that fails leaves the file of the last answer as it was, and nothing beside it."""
    file = tmp_path / "answer.csv"
    file.write_text("old")
    kg("query", "SELECT (<x:f>(1) AS ?y) {}", "--output", str(file), status=2)
    kg("query", "DESCRIBE article:harbour_1", "--output", str(file), status=2)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_several_files_go_to_a_folder(kg: Kg, tmp_path: Path) -> None:
    """Several query files get one answer file each."""
    (tmp_path / "who.rq").write_text(WHO)
    (tmp_path / "graph.rq").write_text("DESCRIBE article:harbour_1")
    answers = tmp_path / "answers"
    kg("query", str(tmp_path / "who.rq"), str(tmp_path / "graph.rq"), "--output-dir", str(answers))
    assert sorted(path.name for path in answers.iterdir()) == ["graph.ttl", "who.csv"]
    kg("query", WHO, WHO, status=2)
    assert "--output-dir" in kg.err
    kg("query", str(tmp_path / "who.rq"), str(tmp_path / "who.rq"), "--output-dir", str(answers), status=2)
    kg("query", str(tmp_path / "who.rq"), "--output-dir", str(tmp_path / "who.rq" / "below"), status=2)


def test_named_query_lists_and_helps(kg: Kg) -> None:
    """--list shows the library, with --name one query's help and text."""
    assert "casualties," in kg("query", "--list")
    shown = kg("query", "--list", "--name", "casualties")
    assert "--bind place=" in shown
    assert "GROUP_CONCAT(DISTINCT" in shown
    assert "Port Senna" in kg("query", "--name", "casualties", "--bind", "place=Port Senna")
    kg("query", "--name", "none-such", status=2)
    kg("query", status=2)
    assert "no query" in kg.err


def test_limit_and_time(kg: Kg) -> None:
    """--limit cuts the answer, --time says where the time went."""
    assert len(kg("query", "SELECT ?e { ?e a kg:Event }", "--limit", "3", "--time").splitlines()) == 4
    assert "parse and plan" in kg.err


def test_columns_of_select_star_are_in_the_order_of_the_text(kg: Kg) -> None:
    """SELECT * has its columns in the order in which the query names them."""
    assert kg("query", "SELECT * { ?s kg:min ?o }").splitlines()[0] == "s,o"
    assert kg("query", "SELECT (COUNT(DISTINCT *) AS ?n) { ?s kg:min ?o }") == "n\r\n3\r\n"


def test_plan_counts_the_solutions_of_each_pattern(kg: Kg) -> None:
    """--plan shows the algebra, and how many solutions each pattern has alone and joined."""
    shown = kg("query", "SELECT ?x { ?e a kg:Event . ?e kg:agent ?x . FILTER(?x != kg:a) }", "--plan")
    assert "BGP" in shown
    assert "?e rdf:type/rdfs:subClassOf* kg:Event   alone 8" in shown
    assert "joined 6" in shown


def test_syntax_error_shows_line_and_caret(kg: Kg) -> None:
    """A mistake in the syntax is told with its line, a caret, and what is missing."""
    kg("query", "SELECT * {\n  ?s ?p ?o\n", status=2)
    assert "line 1, column 10: this '{' is never closed" in kg.err
    assert "^" in kg.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("timeline", "kg query --name timeline"),
        ("timelines", "did you mean timeline?"),
        ("events", "`kg query --list` has them all"),
        ("Kirra?", "kg explain Kirra"),
        ("SELECT", "near here the query is no SPARQL"),
    ],
)
def test_one_word_is_taken_for_the_name_of_a_query(kg: Kg, word: str, said: str) -> None:
    """Who writes one word and no SPARQL is told how named queries are asked and listed."""
    kg("query", word, status=2)
    assert said in kg.err


def test_service_is_refused(kg: Kg) -> None:
    """An endpoint named in a query is not reached without leave."""
    kg("query", "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", status=2)
    assert "--allow-service http://x.example/" in kg.err


def test_timeout_ends_the_work(location: str) -> None:
    """--timeout ends the process, not only the waiting."""
    patterns = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12))
    arguments = ["query", f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}", "--timeout", "0.5", "--store", location]
    code = f"import sys; sys.argv = {['kg', *arguments]!r}; from kg.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "no answer within 0.5 s" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_interrupt_ends_a_running_query(location: str) -> None:
    """Ctrl-C ends a query that the engine is busy with."""
    patterns = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12))
    arguments = ["query", f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}", "--store", location, "--time"]
    code = f"import sys; sys.argv = {['kg', *arguments]!r}; from kg.cli import main; main()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) != 0


def test_limit_does_not_change_a_truth(kg: Kg) -> None:
    """ASK has one answer however few solutions are wanted; rows and triples may be none."""
    assert kg("query", "ASK { ?e a kg:Killing }", "--limit", "0").strip() == "true"
    assert kg("query", "SELECT ?e { ?e a kg:Killing }", "--limit", "0") == "e\r\n"
    assert kg("query", "CONSTRUCT WHERE { ?e a kg:Killing }", "--limit", "0", "--format", "ntriples") == ""


def test_every_format_of_graphs_ends_with_its_line(kg: Kg) -> None:
    """What comes next on a terminal begins on a line of its own."""
    for name in ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"):
        assert kg("query", "CONSTRUCT WHERE { ?e a kg:Killing }", "--format", name).endswith("\n"), name


def test_reader_that_leaves_is_no_error(location: str) -> None:
    """``kg query … | head`` ends quietly."""
    arguments = ["query", "SELECT * { ?s ?p ?o . ?a ?b ?c }", "--store", location]
    code = f"import sys; sys.argv = {['kg', *arguments]!r}; from kg.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_explain_entity_shows_marked_sentences(kg: Kg) -> None:
    """An entity is explained by its sentences with its mentions marked."""
    shown = kg("explain", "grey tide")
    assert "agent of      Grey Tide attacked (asserted)" in shown
    assert "92: Ana Ruelo accused [the Grey Tide|mention]." in shown
    assert "in article:harbour_2  Death toll rises, Inland Post, 2024-03-06" in shown


def test_explain_event_shows_source_and_status(kg: Kg) -> None:
    """An event is explained by participants, status, both hops of its source, and its sentence."""
    shown = kg("explain", "article:harbour_1#arrest-386")
    assert "negated" in shown.splitlines()[0]
    assert "said by army (official, “denied”, citing Coast Courier, as reported by Coast Courier)" in shown
    assert "[soldiers|agent] [arrested|trigger] [residents|patient] with [rifles|instrument]" in shown


def test_explain_shows_links(kg: Kg) -> None:
    """Links to other datasets are part of an explanation."""
    assert "same as <https://gazetteer.example/4711> (accepted, 1.00: same name" in kg("explain", "Port Senna")


def test_explain_pattern_finds_triples(kg: Kg) -> None:
    """A triple pattern is explained triple by triple."""
    shown = kg("explain", "Ana Ruelo", "kg:position", "?")
    assert "220: [President Ana Ruelo|statement] met" in shown
    kg("explain", "?", "?", "?", status=2)
    kg("explain", "?", "kg:owns", "?", status=2)
    assert "no triple matches" in kg.err


def test_explain_as_json(kg: Kg) -> None:
    """The JSON has offsets that fit the text."""
    (thing,) = json.loads(kg("explain", "article:harbour_2#killing-30", "--format", "json"))
    sentence = thing["evidence"][0]["sentences"][0]
    words = {m["part"]: sentence["text"][m["begin"] - sentence["begin"] : m["end"] - sentence["begin"]]
             for m in sentence["marks"]}  # fmt: skip
    assert words["trigger"] == "killed"
    assert words["count"] == "At least 20"
    assert thing["status"] == "asserted"


def test_explain_unknown_name_suggests(kg: Kg) -> None:
    """A name that nothing has is answered with those that hold it."""
    kg("explain", "Senna", status=2)
    assert "did you mean Port Senna" in kg.err


def test_conflicts(kg: Kg) -> None:
    """Figures that exclude each other and what is told and denied, with --all what may both hold; status on request."""
    assert len(kg("conflicts", "--format", "csv").splitlines()) == 3
    assert len(kg("conflicts", "--all", "--format", "csv").splitlines()) == 5
    assert kg.err == "4 conflicts\n"
    assert "not so: soldiers arrested residents" in kg("conflicts", "--factuality", "--format", "json")
    kg("conflicts", "--fail-on", "disjoint", status=1)
    kg("conflicts", "--fail-on", "all", status=2)


def test_stats_counts_what_is_there(kg: Kg, tmp_path: Path) -> None:
    """The figures of the store, and a picture that does not change from run to run."""
    rows = list(csv.reader(io.StringIO(kg("stats", "--all"))))
    assert ["store", "articles", "2"] in rows
    assert ["events by type", "kg:Arrest", "2"] in rows
    assert ["events by month", "2024-03", "5"] in rows
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra: plot)")
    for name in ("a.svg", "b.svg"):
        kg("stats", "--plot", str(tmp_path / name))
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    kg("stats", "--plot", str(tmp_path / "a.odd"), status=2)


def test_shell_reads_queries_and_commands(kg: Kg) -> None:
    """The shell takes queries over several lines, commands, and goes on after a mistake with status 1."""
    lines = [".limit 1", "SELECT ?s {", "  ?s a kg:Meeting", "}", ".run shared", ".bad", "ASK { ?s a kg:Arrest }", ""]
    shown = kg("shell", stdin="\n".join(lines), status=1)
    assert shown.startswith("s\r\nhttps://news.example/article/harbour_1#meeting-240"), "CSV, as kg query writes it"
    assert "true" in shown
    assert "'.bad' is no command" in kg.err


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
def test_shell_goes_on_after_an_interrupted_query(location: str, tmp_path: Path) -> None:
    """On a terminal Ctrl-C ends the query that runs, not the shell: the next one is answered."""
    import pty

    terminal, inside = pty.openpty()
    code = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "  # its terminal, so that Ctrl-C arrives
    code += f"sys.argv = ['kg', 'shell', '--store', {location!r}]; from kg.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "dumb"},
    )
    os.close(inside)

    def shown_until(words: bytes) -> None:
        shown = b""
        until = time.monotonic() + 30
        while words not in shown and time.monotonic() < until:
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 4096)
        assert words in shown, shown

    try:
        shown_until(b"kg> ")
        patterns = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12))
        os.write(terminal, f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}\n".encode())
        time.sleep(1.5)
        os.write(terminal, b"\x03")
        shown_until(b"the query was ended")
        os.write(terminal, b"ASK { ?s a kg:Arrest }\n")
        shown_until(b"yes")
        os.write(terminal, b".quit\n")
        assert process.wait(20) == 1
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def test_shell_completes(location: str) -> None:
    """Completion knows prefixes, classes and properties of the store, keywords and commands."""
    from kg.cli.shell import Shell
    from kg.store.opening import open_store

    with open_store(location, mode="read") as store:
        shell = Shell(store, lambda _: None)
        assert shell.complete("kg:Kil", 0) == "kg:Killing"
        assert shell.complete("kg:earl", 0) == "kg:earliestBegin"
        assert shell.complete("skos", 0) == "skos:"
        assert shell.complete("SELE", 0) == "SELECT"
        assert shell.complete(".expl", 0) == ".explain"
        assert shell.complete("kg:Kil", 1) is None


def test_stats_are_short_unless_all_is_asked_for(kg: Kg) -> None:
    """Classes, properties and months are left to --all; what is shown first fits a screen."""
    short, whole = kg("stats").splitlines(), kg("stats", "--all").splitlines()
    assert len(short) < 35
    assert len(whole) > len(short)
    assert {line.split(",")[0] for line in short} == {
        "section",
        "store",
        "events by type",
        "events by factuality",
        "articles by what read them",
    }
    assert "kg kg" not in "\n".join(short)  # the program's name once
