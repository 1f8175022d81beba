"""SPARQL 1.1 Protocol, Graph Store Protocol and the descriptions, asked over HTTP of a real server."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from kg.query.results import GRAPH_FORMATS, SOLUTION_FORMATS
from kg.serve.dataset import asked_of, changed_in
from kg.serve.negotiate import GRAPHS, SOLUTIONS, chosen
from kg.serve.problems import Problem
from kg.store.opening import RdfFormat, open_store, parse
from tests.serving import serving

SD = "http://www.w3.org/ns/sparql-service-description#"
FORM = "application/x-www-form-urlencoded"
KILLINGS = "SELECT ?e { ?e kg:eventType kg:Killing } ORDER BY ?e"
ONE, TWO = "https://news.example/article/harbour_1", "https://news.example/article/harbour_2"
LINKS = "https://news.example/graph/links"


def test_the_three_ways_to_ask_give_one_answer(reading):
    """SPARQL 1.1 Protocol section 2.1: by GET, by a form, by a body."""
    by_get = reading.sparql(KILLINGS)
    by_form = reading.ask("/sparql", "POST", urlencode({"query": KILLINGS}), content_type=FORM)
    by_body = reading.ask("/sparql", "POST", KILLINGS, content_type="application/sparql-query; charset=utf-8")
    assert by_get.status == by_form.status == by_body.status == 200
    assert by_get.media == "application/sparql-results+json"
    assert json.loads(by_get.body) == json.loads(by_form.body) == json.loads(by_body.body)
    found = [row["e"]["value"] for row in json.loads(by_get.body)["results"]["bindings"]]
    assert found == [f"{ONE}#killing-7", f"{TWO}#killing-30"]


@pytest.mark.parametrize("offer", SOLUTIONS, ids=lambda offer: offer.name)
def test_solutions_come_in_every_format(reading, offer):
    """By Accept and by ?format=; what is told to be CSV is CSV."""
    answer = reading.sparql(KILLINGS, accept=offer.media)
    assert (answer.status, answer.media) == (200, offer.media)
    assert "Accept" in answer.headers["vary"]
    assert "killing-30" in answer.text
    assert reading.ask("/sparql", query={"query": KILLINGS, "format": offer.name}).body == answer.body


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda offer: offer.name)
def test_graphs_come_in_every_format(reading, offer):
    """CONSTRUCT in each; all hold the same triple."""
    text = f"CONSTRUCT {{ <{ONE}> schema:headline ?h }} {{ <{ONE}> schema:headline ?h }}"
    answer = reading.sparql(text, accept=offer.media)
    assert (answer.status, answer.media) == (200, offer.media)
    quads = list(parse(answer.body, RdfFormat.from_media_type(offer.media)))
    assert [quad.object.value for quad in quads] == ["Attack on the docks"]


def test_every_format_of_the_command_can_be_asked_for():
    """The tables of formats name the same ones as ``kg query``."""
    assert {offer.name for offer in SOLUTIONS} == set(SOLUTION_FORMATS)
    assert {offer.name for offer in GRAPHS} == set(GRAPH_FORMATS)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json"),
        ("*/*", "json"),
        ("text/*", "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "xml"),
        ("image/png, text/tab-separated-values;q=0.2", "tsv"),
        ("application/json;q=nonsense, text/csv", "csv"),
    ],
)
def test_the_format_that_a_client_likes_best(accept, name):
    """Specific before general, quality before order, q=0 never."""
    assert chosen(accept, SOLUTIONS).name == name


def test_no_format_fits(reading):
    """406, and which there are."""
    answer = reading.sparql(KILLINGS, accept="image/png")
    assert (answer.status, answer.media) == (406, "application/problem+json")
    assert "text/csv" in json.loads(answer.body)["detail"]
    assert reading.ask("/sparql", query={"query": KILLINGS, "format": "turtle"}).status == 406


def test_yes_and_no(reading):
    """ASK in JSON and XML."""
    assert json.loads(reading.sparql("ASK { ?e a kg:Killing }").body)["boolean"] is True
    assert "<boolean>false</boolean>" in reading.sparql("ASK { ?e a kg:Flood }", accept="application/xml").text


def test_graphs_of_the_request_take_the_place_of_the_querys(reading):
    """Section 2.1.4: default-graph-uri and named-graph-uri win over FROM."""
    count = "SELECT (COUNT(*) AS ?n) { ?l a kg:Link }"

    def number(text, **graphs):
        answer = reading.ask("/sparql", query={"query": text, "format": "csv", **graphs})
        assert answer.status == 200, answer.text
        return answer.text.split()[1]

    assert number(count) == "1"
    assert number(count, **{"default-graph-uri": ONE}) == "0"
    assert number(count, **{"default-graph-uri": [ONE, LINKS]}) == "1"
    assert number(f"SELECT (COUNT(*) AS ?n) FROM <{ONE}> {{ ?l a kg:Link }}", **{"default-graph-uri": LINKS}) == "1"
    named = f"SELECT (COUNT(*) AS ?n) FROM NAMED <{ONE}> WHERE {{ GRAPH ?g {{ ?l a kg:Link }} }}"
    assert number(named) == "0"
    assert number(named, **{"named-graph-uri": LINKS}) == "1"
    assert (
        number("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": [ONE, TWO]}) == "2"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * \n FROM <g:1> { ?s ?p ?o }"),
        ("SELECT * FROM <x:y> FROM NAMED <x:z> WHERE { ?s ?p ?o }", "SELECT *     \n FROM <g:1> WHERE { ?s ?p ?o }"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } \n FROM <g:1> WHERE { ?s ?p ?o }"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT \n FROM <g:1> WHERE { ?s ?p ?o }"),
        ("DESCRIBE <x:y> # what", "DESCRIBE <x:y> # what\n FROM <g:1> "),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?x) { }", "SELECT (EXISTS { ?a ?b ?c } AS ?x) \n FROM <g:1> { }"),
        ("PREFIX from: <x:> ASK { ?s from:p ?o }", "PREFIX from: <x:> ASK \n FROM <g:1> { ?s from:p ?o }"),
    ],
)
def test_where_the_graphs_of_a_request_are_written(text, written):
    """Before the pattern, whatever the form of the query; its own clauses go."""
    assert asked_of(text, ["g:1"], []) == written


def test_updates_with_graphs_of_the_request():
    """USING in each operation that has a pattern; section 2.2.3 forbids both."""
    text = "INSERT DATA { <a:a> <a:b> <a:c> } ; DELETE { ?s ?p ?o } INSERT { ?o ?p ?s } WHERE { ?s ?p ?o }"
    written = changed_in(text, ["g:1"], ["g:2"])
    assert written.count("USING <g:1> USING NAMED <g:2> WHERE") == 1
    assert "INSERT DATA { <a:a> <a:b> <a:c> } ;" in written
    with pytest.raises(Problem, match="USING or WITH"):
        changed_in("WITH <g:3> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["g:1"], [])


BAD = [
    ({"query": "SELEC ?x { ?x ?y ?z }"}, "GET", 400, "did you mean SELECT"),
    ({"query": ["ASK {}", "ASK {}"]}, "GET", 400, "one operation"),
    ({"query": "ASK {}", "update": "DROP ALL"}, "POST", 400, "one operation"),
    ({"update": "DROP ALL"}, "GET", 400, "by POST"),
    ({"update": "DROP ALL"}, "POST", 403, "--write"),
    ({"query": "DROP ALL"}, "GET", 400, "update="),
    ({"nothing": "1"}, "POST", 400, "no query="),
    ({"query": "ASK {}", "default-graph-uri": "no iri"}, "GET", 400, "no IRI"),
    ({"query": "ASK {}", "using-graph-uri": "x:y"}, "GET", 400, "other kind"),
    ({"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, "GET", 403, "not allowed"),
    ({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?i) }"}, "GET", 504, "within 3 s"),
]


@pytest.mark.parametrize(("fields", "method", "status", "words"), BAD)
def test_what_is_wrong_is_told_as_a_problem(reading, fields, method, status, words):
    """RFC 9457: type, title, status and a detail that says what to do; and the server goes on."""
    if method == "GET":
        answer = reading.ask("/sparql", query=fields)
    else:
        answer = reading.ask("/sparql", "POST", urlencode(fields, doseq=True), content_type=FORM)
    problem = json.loads(answer.body)
    assert (answer.status, answer.media) == (status, "application/problem+json")
    assert problem["status"] == status
    assert words in problem["detail"]
    kind = problem["type"].partition("#")[2]
    assert f'id="{kind}"' in reading.ask("/problems", accept="text/html").text
    assert reading.sparql("ASK {}").status == 200


def test_bodies_that_are_none(reading):
    """Bytes that are no UTF-8, a media type that is none, a method that is none."""
    assert (
        reading.ask("/sparql", "POST", b"ASK { ?s ?p '\xff' }", content_type="application/sparql-query").status == 400
    )
    assert reading.ask("/sparql", "POST", b"query=%ff", content_type=FORM).status == 400
    assert reading.ask("/sparql", "POST", "ASK {}", content_type="text/plain").status == 415
    assert reading.ask("/sparql", "PUT", "ASK {}", content_type="application/sparql-query").status == 405


def test_an_update_is_seen_by_the_next_query(writing):
    """By a body and by a form; all of it or nothing."""
    assert writing.update(f"INSERT DATA {{ GRAPH <{ONE}> {{ <x:a> <x:b> 'new' }} }}").status == 204
    assert "true" in writing.sparql("ASK { <x:a> <x:b> 'new' }").text
    form = urlencode({"update": f"DELETE DATA {{ GRAPH <{ONE}> {{ <x:a> <x:b> 'new' }} }}"})
    assert writing.ask("/sparql", "POST", form, content_type=FORM).status == 204
    assert "false" in writing.sparql("ASK { <x:a> <x:b> 'new' }").text
    answer = writing.update("INSERT DATA { <x:c> <x:d> 1 } ; CREATE GRAPH <x:g> ; CREATE GRAPH <x:g>")
    assert answer.status == 400
    assert "false" in writing.sparql("ASK { <x:c> <x:d> 1 }").text


def test_graphs_are_read_and_written(writing):
    """The Graph Store HTTP Protocol: PUT, GET, POST, DELETE, and a graph that is not there."""
    at = {"graph": "https://news.example/graph/mine"}
    assert writing.ask("/graphs", query=at).status == 404
    turtle = b"@prefix x: <x:> . x:a x:b 'one' ; x:c [ x:d 'two' ] ."
    assert writing.ask("/graphs", "PUT", turtle, query=at, content_type="text/turtle").status == 201
    answer = writing.ask("/graphs", query=at, accept="application/n-triples")
    assert (answer.media, len(answer.text.splitlines())) == ("application/n-triples", 3)
    more = b'{"@id": "x:a", "x:e": "three"}'
    assert writing.ask("/graphs", "POST", more, query=at, content_type="application/ld+json").status == 204
    assert len(writing.ask("/graphs", query=at, accept="application/n-triples").text.splitlines()) == 4
    assert writing.ask("/graphs", "PUT", b"<x:z> <x:y> 1 .", query=at, content_type="text/turtle").status == 204
    assert "x:z" in writing.ask("/graphs", query={"default": ""}, accept="application/n-triples").text
    wrong = writing.ask("/graphs", "PUT", b"<x:z> <x:y> .", query=at, content_type="text/turtle")
    assert (wrong.status, json.loads(wrong.body)["type"]) == (400, "/problems#bad-data")
    assert writing.ask("/graphs", "DELETE", query=at).status == 204
    assert writing.ask("/graphs", "DELETE", query=at).status == 404
    assert writing.ask("/graphs").status == 400
    assert writing.ask("/graphs", "PUT", b"", query=at, content_type="image/png").status == 415


def test_a_server_that_reads_writes_no_graph(reading):
    """PUT, POST and DELETE are refused."""
    for method in ("PUT", "POST", "DELETE"):
        assert reading.ask("/graphs", method, b"", query={"graph": ONE}, content_type="text/turtle").status == 403


def test_the_descriptions(reading):
    """Service description where no query is asked, VoID at the root and in its place, in any format."""
    for path in ("/sparql", "/", "/.well-known/void"):
        answer = reading.ask(path, accept="application/n-triples")
        assert answer.status == 200
        triples = parse(answer.body, RdfFormat.N_TRIPLES)
        said = {(quad.predicate.value, quad.object.value) for quad in triples}
        assert ("http://rdfs.org/ns/void#documents", "2") in said
        assert (f"{SD}endpoint", f"http://127.0.0.1:{reading.port}/sparql") in said
        assert f"{SD}SPARQL11Update" not in {value for _, value in said}
    assert reading.ask("/", accept="text/html,*/*;q=0.8").media == "text/html"


def test_what_a_load_publishes_is_seen(tmp_path):
    """The server follows the newest published copy while another process writes."""
    location = str(tmp_path / "store")
    with open_store(location, mode="write") as store:
        store.replace("https://news.example/article/a", b"<x:a> <x:b> <x:c> .\n")
        with serving("--store", location) as server:
            for number in range(3):
                assert f"<x:n{number}>" not in server.ask("/graphs?default", accept="application/n-triples").text
                store.replace("https://news.example/article/b", f"<x:n{number}> <x:b> <x:c> .\n".encode())
                assert f"<x:n{number}>" in server.ask("/graphs?default", accept="application/n-triples").text


def test_a_store_that_is_not_there(run_kg, tmp_path):
    """One line, and nothing is made."""
    status, _, error = run_kg("serve", "--store", tmp_path / "none", "--port", "0")
    assert (status, "no store at" in error) == (2, True)
    assert run_kg("serve", "--store", ":memory:")[0] == 2
    assert list(tmp_path.iterdir()) == []
