"""The full form says what follows, and nothing else than what follows."""

from __future__ import annotations

import harbour
import pytest
from extractions import EXTRACTION, READING, TEXT
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.core.vocab import COMMON_PREFIXES, DEFAULT_BASE, ONTOLOGY, RDF, RDFS
from kg.graph.mint import graph_iri
from kg.graph.triples import to_graph, to_ntriples
from kg.ontology.graph import vocabulary
from kg.ontology.load import load_ontology
from kg.store.export import export
from kg.store.full import full_graphs
from kg.store.opening import open_store

QUARRY = graph_iri("quarry", DEFAULT_BASE)
NIF = COMMON_PREFIXES["nif"]


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The full form of one article's graph, as N-Triples."""
    ontology = load_ontology()
    with open_store(":memory:", mode="write") as store:
        store.replace(QUARRY, to_ntriples(to_graph(EXTRACTION, ontology, READING, DEFAULT_BASE)))
        store.replace(f"{DEFAULT_BASE}graph/ontology", vocabulary(ontology.files))
        path = tmp_path_factory.mktemp("full") / "quarry.nt"
        with path.open("wb") as file:
            export(full_graphs(store, QUARRY), file, "ntriples", base=DEFAULT_BASE)
        return path.read_bytes()


def objects(full, subject, predicate):
    """The objects of a predicate, as text."""
    triples = (quad.triple for quad in parse(full, RdfFormat.N_TRIPLES))
    return {t.object.value for t in triples if t.subject == NamedNode(subject) and t.predicate.value == predicate}


def test_classes_and_properties_above_are_said(full):
    """A killing is a death, and of another vocabulary's kind; who fills a role takes part."""
    types = objects(full, f"{QUARRY}#killing-36", f"{RDF}type")
    assert {f"{ONTOLOGY}{name}" for name in ("Killing", "Death", "Violence", "Event", "Eventuality")} <= types
    assert objects(full, f"{QUARRY}#killing-36", f"{ONTOLOGY}participant") >= {f"{QUARRY}#guard-25"}
    assert f"{ONTOLOGY}Claim" in objects(full, f"{QUARRY}#claim=104-108", f"{RDF}type")
    assert f"{ONTOLOGY}Death" not in objects(full, f"{QUARRY}#arrest-177", f"{RDF}type")


def test_mentions_have_offsets_and_words(full):
    """In NIF's terms and in ours, within a context that is the text."""
    mention = f"{QUARRY}#char=36,42"
    assert {f"{ONTOLOGY}Mention", f"{NIF}RFC5147String"} <= objects(full, mention, f"{RDF}type")
    assert objects(full, mention, f"{NIF}anchorOf") == objects(full, mention, f"{ONTOLOGY}exact") == {"killed"}
    assert (objects(full, mention, f"{NIF}beginIndex"), objects(full, mention, f"{ONTOLOGY}end")) == ({"36"}, {"42"})
    (context,) = objects(full, mention, f"{NIF}referenceContext")
    assert objects(full, context, f"{NIF}isString") == {TEXT}


def test_what_is_no_other_is_said(full):
    """The inner bounds of a day, the words of a time, and that something is not inferred."""
    time = f"{QUARRY}#time=46-52"
    assert objects(full, time, f"{ONTOLOGY}latestBegin") == {"2024-05-06"}
    assert objects(full, time, f"{RDFS}label") == {"Monday"}
    assert objects(full, time, f"{ONTOLOGY}inferred") == {"false"}
    assert objects(full, f"{QUARRY}#time-attack-65=46-52", f"{ONTOLOGY}inferred") == {"true"}


def test_all_of_the_lean_graph_is_in_it(full):
    """Nothing is taken away, and every literal is one of the text, a number, a truth or a day."""
    lean = to_ntriples(to_graph(EXTRACTION, load_ontology(), READING, DEFAULT_BASE))
    assert set(parse(lean, RdfFormat.N_TRIPLES)) < set(parse(full, RdfFormat.N_TRIPLES))
    more = {q.object for q in parse(full, RdfFormat.N_TRIPLES)} - {q.object for q in parse(lean, RdfFormat.N_TRIPLES)}
    words = {o.value for o in more if isinstance(o, Literal)}
    assert all(word in TEXT or word.isdecimal() or word in ("true", "false") for word in words)


def test_the_command_writes_it_for_whole_graphs_only(run_kg, tmp_path):
    """With --entity, --construct or --no-text it is a mistake."""
    location = harbour.in_folder(tmp_path / "store")
    status, out, _ = run_kg("export", "--full", "--format", "nquads", "--store", location)
    assert (status, 'nif-core#anchorOf> "killed" <https://news.example/article/harbour_1>' in out) == (0, True)
    assert run_kg("export", "--full", "--no-text", "--store", location)[0] == 2
