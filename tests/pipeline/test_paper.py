"""A small paper from articles to whatever leaves its store, against what a person approved: ``tests/approve.py``.

The articles of ``cases/paper`` are read from kept documents; what the command line answers of them stands in
``approved/paper``, with the command above each answer. Versions and digests are masked.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
import signal
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.core import resources
from kg.core.version import VERSION
from kg.serve import pages
from kg.serve.problems import Problem
from kg.serve.shown import Fields, address, with_fields
from kg.serve.site import templates
from kg.store.opening import open_store
from tests.approve import difference
from tests.kept import instead_of_the_network

CASES = Path(__file__).parents[1] / "cases"
ARTICLE = "https://news.example/article/"
KG, HALVARD = "https://kg.example/ontology#", "https://news.example/place/halvard"
BOUND = {
    "agreed": ("event=article:bomb-1#bombing-7",),
    "casualties": ("place=Halvard",),
    "claims": ("by=Red Front",),
    "day": ("date=2024-05-07",),
    "done-by": ("name=police",),
    "evidence": ("event=article:bomb-1#killing-84",),
    "timeline": ("place=Halvard",),
    "tolls": ("event=article:ferry-2#death-4",),
    "what-happened-to": ("name=Paul Oder",),
}
_MASKS = (
    (re.compile(r"\bkg \d+\.\d+\.\d+\S*"), "kg VERSION"),
    (re.compile(r"default \d+\.\d+\.\d+ [0-9a-f]{12}"), "MODEL"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "DIGEST"),
    (re.compile(r"\b\d+\.\d{3} s\b"), "N s"),
)
#: Of files that commands write.
ENDINGS = (".csv", ".tsv", ".txt", ".md", ".jsonl", ".nt")
#: Verbs that ask no store.
STORELESS = ("types", "extract")
_KEPT: dict[str, Path] = {}


def masked(words: str, *folders: Path) -> str:
    """Without what differs from release to release, and from folder to folder."""
    for folder in folders:
        words = words.replace(str(folder), "FOLDER")
    words = words.replace(f'"{VERSION}"', '"VERSION"')
    for mask, by in _MASKS:
        words = mask.sub(by, words)
    return words


@pytest.fixture
def ask(run_kg, tmp_path_factory, tmp_path, monkeypatch):
    """Runs commands on a copy of the paper's store: each with its answer, one block after the other."""
    monkeypatch.setenv("COLUMNS", "150")
    if "store" not in _KEPT:
        folder = tmp_path_factory.mktemp("paper")
        with instead_of_the_network():
            status, _, err = run_kg("load", CASES / "paper", "--store", folder / "store")
        assert status == 0, err
        _KEPT["store"], _KEPT["told"] = folder / "store", folder
        (folder / "load.txt").write_text(masked(err, folder), encoding="utf-8")
    shutil.copytree(_KEPT["store"], tmp_path / "store")

    def answers(*commands):
        return "\n".join(answer(command) for command in commands)

    def answer(command):
        given, wanted = command, () if command[0] in STORELESS else ("--store", tmp_path / "store")
        if "<" in command:
            *given, _, file = command
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(file).read_bytes()), "utf-8"))
        with instead_of_the_network():
            status, out, err = run_kg(*given, *wanted)
        told = f"{out.rstrip()}\n" if out.strip() else ""
        told += f"[{err.strip()}]\n" if err.strip() else ""
        told += f"[status {status}]\n" if status else ""
        return masked(f"## kg {' '.join(map(str, command))}\n{told}", tmp_path, CASES)

    return answers


def _same(name, found):
    assert not (told := difference(f"paper/{name}", found)), told


def test_named_queries(ask):
    """Each of the shipped questions has the approved rows."""
    names = sorted(path.stem for path in resources.query_files())
    asked = [
        ("query", "--name", name, *(x for bound in BOUND.get(name, ()) for x in ("--bind", bound)), "-f", "tsv")
        for name in names
    ]
    _same("queries.txt", ask(*asked))


def test_graphs(ask):
    """Two articles as Turtle, one in full; one thing alone; and what differs from a file."""
    _same(
        "graphs.txt",
        ask(
            ("export", "--article", "bomb-2", "-f", "turtle", "--no-text"),
            ("export", "--article", "talks", "-f", "turtle", "--no-text"),
            ("export", "--article", "loud", "--full", "-f", "turtle", "--no-text"),
            ("export", "--entity", "Paul Oder", "-f", "turtle"),
        ),
    )


@pytest.mark.parametrize(
    "name", ["aif", "geojson", "graphml", "nanopub", "plover", "prov", "schema-org", "sem", "timeline"]
)
def test_exporters_of_one_file(ask, name):
    """An article in the form of other tools."""
    if name == "timeline":
        pytest.importorskip("icalendar")
    only = {"aif": "loud", "sem": "loud", "nanopub": "loud", "geojson": "bomb-2"}.get(name, "ferry-2")
    bare = () if name == "plover" else ("--no-text",)
    _same(f"exports/{name}.txt", ask(("export", "--as", name, "--article", only, *bare)))


@pytest.mark.parametrize("name", ["tables", "nodes-edges"])
def test_exporters_of_several_files(ask, name, tmp_path):
    """The store as tables."""
    said = ask(("export", "--as", name, "--no-text", "--output", tmp_path / "out", "--article", "loud"))
    files = [path for path in sorted((tmp_path / "out").rglob("*")) if path.suffix in (".csv", ".json")]
    _same(f"exports/{name}.txt", said + "".join(f"## {p.name}\n{masked(p.read_text('utf-8'))}" for p in files))


def test_what_the_store_says(ask):
    """Explanations, disagreements, stories, figures and checks, in words."""
    _same(
        "asked.txt",
        ask(
            ("explain", "Paul Oder"),
            ("explain", "article:bomb-2#bombing-61", "--trace"),
            ("explain", "?", "kg:place", "place:halvard"),
            ("explain", "Red Front", "-f", "json"),
            ("conflicts", "-f", "markdown"),
            ("conflicts", "--all", "-f", "tsv"),
            ("conflicts", "--factuality", "-f", "tsv"),
            ("story",),
            ("story", "Halvard", "-f", "json"),
            ("links", "--events", "-f", "tsv"),
            ("stats", "--all", "-f", "tsv"),
            ("validate",),
            ("query", "SELECT ?e { ?e a kg:Killing ; kg:agent/skos:prefLabel 'nobody' }", "--explain-empty"),
            ("query", "SELECT ?t (COUNT(*) AS ?n) { ?e kg:eventType ?t } GROUP BY ?t ORDER BY DESC(?n) ?t", "--plan"),
            ("query", "DESCRIBE place:kirra"),
            ("query", "SELECT ?x { ?x a kg:Kiling }"),
        ),
    )


def test_what_people_decide(ask):
    """Corrections, a merged dataset, links decided on, a thing split in two, an update, and what is forgotten."""
    _same(
        "decided.txt",
        ask(
            ("correct", "article:ferry-2#attack-335", "--type", "Protest", "--by", "Ada", "--why", "no attack"),
            (
                "correct",
                "article:talks",
                "--missed",
                "Meeting",
                "--at",
                "Talks",
                "--by",
                "Ada",
                "--why",
                "read already",
            ),
            (
                "correct",
                "article:talks",
                "--missed",
                "Denial",
                "--at",
                "would not",
                "--by",
                "Ada",
                "--why",
                "he says no",
            ),
            ("correct", "article:quiet#theft-503", "--not-an-event", "--by", "Ada", "--why", "nothing"),
            ("correct", "--list", "-f", "tsv"),
            ("explain", "article:ferry-2#protest-335"),
            ("correct", "--export"),
            ("merge", CASES / "paper-linked.ttl", "--dataset", "linked"),
            ("links", "-f", "tsv"),
            ("links", "--accept", "https://linked.example/halvard"),
            ("links", "--reject", "https://linked.example/front"),
            ("links", "-f", "sssom"),
            ("query", "--name", "located", "-f", "tsv"),
            ("export", "--as", "geojson", "--article", "bomb-1"),
            ("links", "same", "person:viktor-hale", "person:karl-moor"),
            ("query", "--same", "--name", "done-by", "--bind", "name=Viktor Hale", "-f", "tsv"),
            ("links", "split", "person:paul-oder", "article:ferry-1"),
            ("query", "--name", "shared", "-f", "tsv"),
            ("update", "DELETE { ?e kg:place ?p } WHERE { ?e kg:place ?p ; kg:eventType kg:Movement }"),
            ("forget", "bomb-copy"),
            ("story", "-f", "tsv"),
            ("stats", "-f", "tsv"),
        ),
    )


def test_asked_in_other_ways(ask):
    """Forms of answers, limits, what is refused and what is said of mistakes; narrower and wider questions."""
    _same("other-ways.txt", ask(*(tuple(shlex.split(line)) for line in _lines("asked.txt"))))


def test_decided_in_other_ways(ask):
    """Corrections of each kind, those that cannot hold, what is taken back, and decisions on links that clash."""
    _same("decided-otherwise.txt", ask(*(tuple(shlex.split(line)) for line in _lines("decided.txt"))))


def test_at_a_terminal(ask, monkeypatch, tmp_path):
    """Tables where a pipe has CSV, how far the work is, how many rows came; and what goes into files all the same.

    A line that is taken away again (carriage return, erase) stands as "⌫".
    """
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    said = ask(*_commands("terminal.txt", tmp_path)) + _written(tmp_path)
    _same("terminal.txt", said.replace("\r", "").replace("\x1b[K", "⌫"))


def test_other_verbs(ask, monkeypatch, tmp_path):
    """The shell, shards, a watch, links of events, checks of what an update broke; and each mistake in one line."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # a shell and a query give Ctrl-C to the engine
    _same("other-verbs.txt", ask(*_commands("other-verbs.txt", tmp_path)) + _written(tmp_path))


def _commands(name, folder):
    """The commands of a file, with the folder that they may write into."""
    return [tuple(shlex.split(line.replace("FOLDER", str(folder)))) for line in _lines(name)]


def _written(folder):
    """The files that commands wrote there."""
    files = [path for path in sorted(folder.glob("**/*")) if path.suffix in ENDINGS and "store" not in path.parts]
    return "".join(f"## {path.name}\n{masked(path.read_text('utf-8'), folder, CASES)}" for path in files)


def _lines(name):
    lines = (CASES / "paper-asked" / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("CASES", str(CASES)) for line in lines if line and not line.startswith("# ")]


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_links_as_a_file(ask, tmp_path, ending):
    """SSSOM by the ending of the file that it goes into."""
    file = tmp_path / f"links.{ending}"
    said = ask(("merge", CASES / "paper-linked.ttl", "--dataset", "linked"), ("links", "-f", "sssom", "--output", file))
    _same(f"links-{ending}.txt", said + masked(file.read_text("utf-8")))


PAGES = {
    "/": [{}],
    "/search": [
        {"q": "ferry"},
        {"type": f"{KG}Killing", "place": HALVARD},
        {"q": "bomb", "kind": "event", "skip": "2"},
        {"who": "Red Front", "status": "negated"},
        {"publisher": "Coast Courier", "since": "2024-05-07"},
        {"q": "nothing of the kind"},
    ],
    "/timeline": [
        {"place": HALVARD},
        {"since": "2024-05-06", "until": "2024-05-08"},
        {"since": "2024-05-08", "until": "2024-05-07"},
        {"type": f"{KG}Death"},
    ],
    "/map": [{}, {"box": "300 60 380 120"}, {"box": "380 60 300 120"}, {"box": "1 2"}, {"since": "2024-05-07"}],
    "/network": [{"limit": "20"}, {"limit": "3", "unnamed": "1"}, {"limit": "0"}],
    "/article": [{"iri": f"{ARTICLE}bomb-2"}, {"iri": f"{ARTICLE}nowhere"}],
    "/entity": [{"iri": "https://news.example/person/paul-oder"}, {"iri": HALVARD}],
    "/event": [{"iri": f"{ARTICLE}bomb-1#bombing-7"}, {"iri": f"{ARTICLE}talks#air-strike-358"}],
}


@pytest.fixture
def linked(ask, tmp_path):
    """The paper's store with another dataset merged, made once."""
    if "linked" not in _KEPT:
        accept = [("links", "--accept", f"https://linked.example/{name}") for name in ("halvard", "kirra", "hale")]
        ask(("merge", CASES / "paper-linked.ttl", "--dataset", "linked"), *accept)
        _KEPT["linked"] = shutil.move(tmp_path / "store", _KEPT["told"] / "linked")
    return _KEPT["linked"]


def test_what_is_served(linked):
    """Requests of the protocols and pages, good and bad: status, what the headers say, the body or its beginning."""
    from starlette.testclient import TestClient

    from kg.serve.app import create_app
    from kg.serve.settings import Settings

    settings = Settings(str(linked), workers=1, origins=("http://friend.example",))
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        _same("served.txt", "\n".join(_answer(client, line) for line in _lines("served.txt")))


def _answer(client, line):
    request, _, body = line.partition(" || ")
    (method, address), *headers = (part.split(" ", 1) for part in request.split(" | "))
    given = {name.rstrip(":"): value for name, value in headers}
    answer = client.request(method, address, headers=given, content=body or None, follow_redirects=False)
    headers = {name: value for name, value in sorted(answer.headers.items()) if name in _TOLD}
    told = [f"{name}: {', '.join(sorted(value.split(', ')))}" for name, value in headers.items()]
    words = words_of(answer.text) if "html" in answer.headers.get("content-type", "") else answer.text
    return masked("\n".join([f"## {line}", str(answer.status_code), *told, words.rstrip()[:1500], ""]))


_TOLD = frozenset(
    "content-type location allow vary link content-disposition "
    "access-control-allow-origin access-control-allow-methods access-control-allow-headers www-authenticate".split()
)


@pytest.mark.parametrize("path", PAGES)
def test_pages(linked, path):
    """The words and addresses of the pages, and what they are saved as, where another dataset is merged."""
    page = next(page for page in pages.PAGES if page.path == path)
    known = templates(menu=[], write=True, address=address, with_fields=with_fields, store="paper")
    with open_store(str(linked), mode="read") as store:
        found = []
        for params in PAGES[path]:
            try:
                data = page.show(store, params)
            except Problem as problem:
                found.append(f"## {path} {params}\n[{problem}]\n")
                continue
            shown = known.get_template(page.template).render(page=page, data=data, params=Fields(params))
            found.append(f"## {path} {params}\n{masked(words_of(shown))}\n")
            for export in page.exports:
                saved = masked(export.write(store, params).decode())
                found.append(f"## {path}.{export.ending} {params}\n{saved}\n")
    _same(f"pages/{path.strip('/') or 'overview'}.txt", "".join(found))


class _Words(HTMLParser):
    """A page's words, a line each, with where they lead and what a pointer sees."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "title", "value", "aria-label", "class") and value and tag not in ("link", "script"):
                self.lines.append(f"  {tag} {name}: {value}")

    def handle_data(self, data):
        if words := " ".join(data.split()):
            self.lines.append(words)


def words_of(page):
    """What a person reads of a page."""
    reader = _Words()
    reader.feed(page)
    return "\n".join(reader.lines)
