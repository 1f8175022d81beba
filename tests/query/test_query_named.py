"""Each named query is a question with its answer on two small articles."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import harbour
import pytest
import servers

import kg.query.prepare as prepare_module
from kg.core.errors import QueryError
from kg.query.prepare import (
    answered,
    check_bindings,
    find_named,
    known_prefixes,
    named_queries,
    parse_bindings,
    prepare,
)
from kg.query.results import write_results
from kg.query.selective import selective, spellings
from kg.store.opening import Store, open_store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.request import Sparql

ANSWERS = harbour.CASES / "answers"
NAMES = sorted(named_queries())

# name, bindings, how many of the unbound answer's rows remain, what stands in each of them
BOUND = [
    ("casualties", ["place=Port Senna"], 3, "Port Senna"),
    ("casualties", ["place=Elsewhere"], 0, ""),
    ("timeline", ["place=port senna"], 4, "Port Senna"),
    ("timeline", ["place=place:port-senna"], 4, "Port Senna"),
    ("what-happened-to", ["name=Tomas Vey"], 1, "Tomas Vey"),
    ("done-by", ["name=person:ana-ruelo"], 2, "Ana Ruelo"),
    ("claims", ["by=Red Lantern"], 2, "Red Lantern"),
    ("meetings", ["name=TOMAS VEY"], 1, "Tomas Vey"),
    ("evidence", ["event=article:harbour_2#accusation-102"], 3, "accusation-102"),
    ("not-so", ["factuality=kg:planned"], 1, "planned"),
    ("day", ["date=2024-03-05"], 1, "2024-03-05"),
    ("relations", ["name=Ana Ruelo"], 1, "President"),
    ("tolls", ["event=article:harbour_2#killing-30"], 2, "dock workers"),
    ("tolls", ["event=article:harbour_2#arrest-134"], 0, ""),
]


LINKED = """
<https://gazetteer.example/4711> <{wgs84}lat> "36.9"^^<{xsd}decimal> .
<https://gazetteer.example/4711> <{wgs84}long> "5.5"^^<{xsd}decimal> .
<https://gazetteer.example/4711> <{gn}population> "41000"^^<{xsd}integer> .
<https://gazetteer.example/4711> <{gn}parentCountry> <https://gazetteer.example/47> .
<https://gazetteer.example/47> <{gn}name> "Norvia" .
<https://news.example/organization/coast-courier> <{owl}sameAs> <https://papers.example/9> .
<https://papers.example/9> <{dbo}locationCountry> <https://gazetteer.example/47> .
<https://papers.example/9> <{dbo}foundingYear> "1921"^^<{xsd}gYear> .
<https://gazetteer.example/47> <{rdfs}label> "Norvia"@en .
"""


def linked(store: Store) -> Store:
    """The store, with a dataset that knows where its places lie and its organisations sit."""
    store.replace("https://news.example/graph/dataset/example", LINKED.format(**known_prefixes(store.base)).encode())
    return store


@pytest.fixture(scope="module")
def store() -> Store:
    """The two articles in memory, their killings linked, with what linked data say of a place and an organisation."""
    return linked(harbour.link_events(harbour.in_memory()))


def ask(store: Store, name: str, bind: list[str]) -> list[list[str]]:
    """The rows of a named query as CSV has them."""
    prefixes = known_prefixes(store.base)
    text = find_named(name, named_queries()).text
    prepared = prepare(text, prefixes=prefixes, bindings=parse_bindings(bind, prefixes))
    buffer = io.BytesIO()
    with answered(store, prepared, policy=ServicePolicy(offline=True)) as results:
        write_results(results, buffer, "csv", prefixes=prefixes)
    return list(csv.reader(io.StringIO(buffer.getvalue().decode())))


@pytest.mark.parametrize("name", NAMES)
def test_named_query_gives_its_answer(store: Store, name: str) -> None:
    """A named query answers its question about the two articles."""
    answer = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
    assert ask(store, name, []) == list(csv.reader(io.StringIO(answer)))
    assert len(ask(store, name, [])) > 1


@pytest.mark.parametrize(("name", "bind", "number", "word"), BOUND)
def test_binding_narrows_the_answer(store: Store, name: str, bind: list[str], number: int, word: str) -> None:
    """A binding keeps those rows of the answer that are about it."""
    everything = ask(store, name, [])
    found = ask(store, name, bind)[1:]
    assert len(found) == number
    assert all(row in everything and word in " ".join(row) for row in found)


@pytest.mark.parametrize(("name", "bind"), [(name, bind) for name, bind, _, _ in BOUND])
def test_looking_a_name_up_changes_no_answer(
    store: Store, name: str, bind: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the index or by the filter: the same rows."""
    found = ask(store, name, bind)
    monkeypatch.setattr(prepare_module, "selective", lambda *_: None)
    assert ask(store, name, bind) == found


def test_names_are_looked_up_and_else_filtered(store: Store) -> None:
    """A question for a name or an IRI begins at the things that bear it; for an odd spelling every label is read."""
    text = named_queries()["timeline"].text

    def looked_up(bind: str) -> str | None:
        prefixes = known_prefixes(store.base)
        lookup = selective(Sparql(text), parse_bindings([bind], prefixes))
        return lookup and lookup.found(store)

    assert "article/harbour" in str(looked_up("place=port SENNA"))
    assert looked_up("place=place:port-senna") == looked_up("place=Port Senna")
    assert looked_up("place=pOrt senna") is not None  # as it is given, or a word small
    assert looked_up("place=no such place") is None
    assert selective(Sparql(text), {}) is None
    assert selective(Sparql("SELECT * { ?s ?p ?place }"), parse_bindings(["place=x"], {})) is None


def test_spellings_of_a_name() -> None:
    """As given, and word by word; of a long name at most a hundred."""
    assert {"al-Qaeda", "Al-Qaeda", "AL-QAEDA", "al-qaeda"} <= set(spellings("al-qaeda"))
    assert {"UN", "un"} <= set(spellings("un"))
    assert len(spellings("the Islamic State of Iraq and the Levant and of others")) <= 105
    assert spellings("") == [""]


@pytest.mark.parametrize("name", NAMES)
def test_named_query_has_help(name: str) -> None:
    """Each file's head comment says what it answers and what may be bound, and its variables are in the query."""
    query = named_queries()[name]
    assert query.summary.endswith((".", "?"))
    written = prepare(query.text, prefixes=known_prefixes("https://news.example/")).written
    assert set(query.parameters) <= written.variables


def test_own_folder_joins_and_hides(tmp_path: Path) -> None:
    """A folder of one's own adds queries and replaces shipped ones of the same name."""
    (tmp_path / "mine.rq").write_text("# Mine.\nASK {}")
    (tmp_path / "actors.rq").write_text("# Other actors.\n# ?who: a name\nSELECT ?who {}")
    found = named_queries([tmp_path])
    assert found["mine"].summary == "Mine."
    assert found["actors"].parameters == {"who": "a name"}
    assert "timeline" in found


def test_unknown_name_suggests() -> None:
    """A name with a slip is answered with the nearest one."""
    with pytest.raises(QueryError, match="did you mean casualties"):
        find_named("casualtys", named_queries())


def test_what_conflicts_is_no_query() -> None:
    """One engine tells what sources disagree on, and its command is named."""
    with pytest.raises(QueryError, match="`kg conflicts`"):
        find_named("count-conflicts", named_queries())


def test_a_binding_that_a_named_query_lacks_is_told_what_it_takes() -> None:
    """Not the variables inside it: its parameters, with what they are."""
    timeline = find_named("timeline", named_queries())
    with pytest.raises(QueryError, match=r"takes place \(name or IRI of a place\)$"):
        check_bindings(timeline, parse_bindings(["nope=1"], {}))
    with pytest.raises(QueryError, match="did you mean place"):
        check_bindings(timeline, parse_bindings(["plcae=1"], {}))


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error that names it."""
    with pytest.raises(QueryError, match="no folder"):
        named_queries([tmp_path / "none"])


@pytest.mark.parametrize("server", ["oxigraph", pytest.param("virtuoso", marks=pytest.mark.long)])
def test_named_queries_give_the_same_answers_on_a_server(server: str, tmp_path: Path) -> None:
    """The library is no dialect: real servers give the same rows."""
    if getattr(servers, f"{server}_binary")() is None:
        pytest.skip(f"{server} is not installed")
    running = getattr(servers, server)(tmp_path)
    if running.process is None:
        running.start()
    try:
        with open_store(running.url, mode="write") as store:
            harbour.link_events(harbour.fill(store))
            linked(store)
            for name in NAMES:
                answer = (ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
                assert sorted(ask(store, name, [])) == sorted(csv.reader(io.StringIO(answer))), name
    finally:
        running.kill()
