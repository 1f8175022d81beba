"""What is made of the language model's scores of events: scores are set by hand, no model is loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc

from kg.core.model import Article
from kg.core.resources import ontology_files
from kg.extract.events.telling import TriggerWeights, shipped_trigger_weights
from kg.extract.language.scores import STEPS, EventScores, distance_step, keep_scores, scores_of, softmax
from kg.extract.reading import extract_doc
from kg.extract.trace import Trace
from kg.ontology.load import load_ontology
from tests.parsed import read_cases

CASES = Path(__file__).parents[1] / "cases" / "mentions" / "sentences.conllu"
TYPES = ("", "Release", "Attack", "Rescue", "Unheard")
ROLES = ("agent", "patient", "instrument", "recipient", "place", "time", "source")
STATUSES = ("asserted", "negated", "possible", "planned")


@pytest.fixture
def doc():
    """One sentence with its tree: Kenyan troops freed 12 farmers near the town of Lodwar on Monday."""
    return read_cases(CASES)["freed_farmers"]


def scored(doc, kinds, *, types=TYPES, roles=None, status=None):
    """Give the Doc scores: probabilities of types by token, of roles by (token, role), of a status everywhere."""
    size = len(doc)
    table = np.zeros((size, len(types)), dtype=np.float32)
    table[:, 0] = 1
    for token, found in kinds.items():
        table[token] = 0
        for name, p in found.items():
            table[token, types.index(name)] = p
        table[token, 0] = 1 - table[token].sum()
    weight = np.full((size, len(ROLES)), -9.0, dtype=np.float32)
    for (token, role), p in (roles or {}).items():
        weight[token, ROLES.index(role)] = np.log(p / (1 - p))
    statuses = np.zeros((size, 4), dtype=np.float32)
    statuses[:, STATUSES.index(status or "asserted")] = 1
    words, none = np.eye(size, dtype=np.float32), np.zeros((size, size), dtype=np.float32)
    bias, same, sentence = np.zeros(len(ROLES), np.float32), np.zeros(2 * size, np.float32), np.zeros(size, np.int64)
    near, scores = np.zeros((STEPS, 1), np.float32), (table, statuses, none, words, none, sentence)
    keep_scores(doc, EventScores(list(types), list(ROLES), list(STATUSES), weight, bias, near, same, 0.0, *scores))
    return doc


def read(doc):
    """Return (type, words, fillers by role, status) of each event, and the trace."""
    trace = Trace()
    found = extract_doc(Article("a", doc.text, "2024-05-08"), doc, load_ontology(), trace)
    names = {e.id: e.name for e in found.entities}
    roles = [{r: [names[f] for f in e.fillers(r)] for r in ROLES[:5] if e.fillers(r)} for e in found.events]
    events = [(e.type, e.triggers[0].text, r, e.status) for e, r in zip(found.events, roles, strict=True)]
    return events, " / ".join(message for _, message in (*trace.found, *trace.decided))


SURE = {(1, "agent"): 0.9, (4, "patient"): 0.9, (9, "place"): 0.9, (7, "place"): 0.9}


def test_how_far_a_word_is_counts_for_its_part(doc) -> None:
    """Of two words with the same vector the one whose distance speaks for it takes part; no distance goes uncounted."""
    before = scores_of(scored(doc, {}, roles=SURE))
    near = np.zeros((STEPS, len(doc)), np.float32)
    near[distance_step(np.array([2]))] = 1
    index = ROLES.index("instrument")
    lifted = replace(before, role_near=near, role_weight=np.abs(before.role_weight)).roles(1)[1][:, index]
    assert lifted.argmax() == 3
    assert distance_step(np.array([-500, -64, -63, -1, 0, 1, 3, 4, 500])).tolist() == [0, 0, 1, 6, 7, 8, 9, 10, 14]


def test_without_scores_the_rules_decide(doc) -> None:
    """A pipeline that has learned nothing of events leaves all to lexicon and grammar."""
    assert scores_of(doc) is None
    ((kind, words, roles, _),), _ = read(doc)
    assert (kind, words, roles["agent"], roles["patient"]) == ("Release", "freed", ["Kenyan troops"], ["farmers"])


def test_a_word_that_tells_no_event_to_the_model_is_dropped(doc) -> None:
    """The lexicon lists the word, the model sees no event: it is left out, and the trace says why."""
    events, trace = read(scored(doc, {2: {"Release": 0.01}}, roles=SURE))
    assert events == []
    assert "the model sees no event" in trace


def test_a_type_that_was_not_learned_is_left_to_the_lexicon(doc) -> None:
    """What the model never learned it does not judge: a type added in Turtle alone works."""
    events, _ = read(scored(doc, {}, types=("", "Attack"), roles=SURE))
    assert [e[0] for e in events] == ["Release"]


def test_a_type_added_below_a_learned_one_is_the_lexicons(doc, tmp_path) -> None:
    """What a user adds in Turtle is read by its words, even where the model sees nothing in them."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        """@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        kg:Amnesty a owl:Class ; rdfs:subClassOf kg:Release ; rdfs:label "amnesty"@en ; rdfs:comment "Many freed."@en ;
            skos:definition "Many are freed at once."@en ; skos:example "The king freed 12 farmers."@en ;
            kg:trigger [ kg:words "free" ; kg:pos "verb" ; kg:weight 9.0 ] ."""
    )
    ontology = load_ontology([*ontology_files(), mine])
    scored(doc, {2: {"Attack": 0.01}}, roles={(4, "patient"): 0.001})
    (event,) = extract_doc(Article("a", doc.text, "2024-05-08"), doc, ontology).events
    assert event.type == "Amnesty"
    assert event.fillers("patient")


def test_the_model_corrects_a_type(doc) -> None:
    """Where it is sure of another type of the ontology, that is the event's."""
    events, trace = read(scored(doc, {2: {"Rescue": 0.97}}, roles=SURE))
    assert [e[0] for e in events] == ["Rescue"]
    assert "Rescue “freed” by the model for the lexicon's Release, all weighed (" in trace


def test_the_trace_tells_who_found_and_who_judged_a_word(doc) -> None:
    """The lexicon alone, lexicon and model, the model in the lexicon's place, the model alone: each as it was."""
    assert "Release “freed” by the lexicon, asserted" in read(doc)[1]
    assert "Release “freed” by the lexicon, asserted" in read(scored(doc, {}, types=("", "Attack"), roles=SURE))[1]
    both = read(scored(doc, {2: {"Release": 0.9}, 7: {"Attack": 0.95}}, roles=SURE))[1]
    assert "Release “freed” by the lexicon and the model (0.90), asserted" in both
    assert "Attack “town” by the model, all weighed (" in both
    corrected = read(scored(doc, {2: {"Rescue": 0.97}}, roles=SURE))[1]
    assert "Rescue “freed” by the model for the lexicon's Release, all weighed (" in corrected


def test_types_stay_those_of_the_ontology(doc) -> None:
    """A type that the ontology does not hold is not given, however sure the model is of it."""
    events, _ = read(scored(doc, {2: {"Unheard": 0.9}, 4: {"Unheard": 0.9}}, roles=SURE))
    assert [e[0] for e in events] == ["Release"]


def test_a_word_outside_the_lexicon_may_tell_an_event(doc) -> None:
    """The model adds triggers that no lexicon lists."""
    events, trace = read(scored(doc, {2: {"Release": 0.9}, 7: {"Attack": 0.95}}, roles=SURE))
    assert ("Attack", "town") in [e[:2] for e in events]
    assert "Attack “town” by the model, all weighed (" in trace


def test_an_event_of_no_type_in_particular_is_not_added(doc) -> None:
    """The model may be sure of an event and of no type: half and half is too little for a word without a lexicon."""
    events, _ = read(scored(doc, {2: {"Release": 0.9}, 7: {"Attack": 0.48, "Rescue": 0.48}}, roles=SURE))
    assert [e[0] for e in events] == ["Release"]
    events, _ = read(scored(doc, {2: {"Release": 0.9}, 7: {"Attack": 0.52, "Rescue": 0.44}}, roles=SURE))
    assert [e[0] for e in events] == ["Release", "Attack"]


def test_doubted_fillers_go_and_sure_ones_come(doc) -> None:
    """A filler that the model does not see goes; one that it is sure of comes where the ontology lets it."""
    roles = {(1, "agent"): 0.001, (4, "patient"): 0.9, (9, "recipient"): 0.9, (4, "place"): 0.95}
    ((_, _, fillers, _),), trace = read(scored(doc, {2: {"Release": 0.9}}, roles=roles))
    assert "agent" not in fillers
    assert fillers["patient"] == ["farmers"]
    assert "farmers" not in fillers.get("place", [])  # people are no place, whatever the model says
    assert "agent: not “Kenyan troops” to the model" in trace


def test_the_model_may_know_a_status(doc) -> None:
    """A status that no rule sees is the model's where it is sure."""
    ((*_, status),), _ = read(scored(doc, {2: {"Release": 0.9}}, roles=SURE, status="planned"))
    assert status == "planned"


def test_what_is_learned_of_one_type_says_nothing_of_others(doc) -> None:
    """Status and general talk of a type that was not learned are the rules' alone."""
    ((kind, *_, status),), _ = read(scored(doc, {}, types=("", "Attack"), status="negated"))
    assert (kind, status) == ("Release", "asserted")


def test_scores_travel_with_a_saved_doc(doc) -> None:
    """A Doc with its scores survives serialisation, as spaCy's own processes do it."""
    scored(doc, {2: {"Release": 0.9}}, roles=SURE)
    again = scores_of(Doc(doc.vocab).from_bytes(doc.to_bytes()))
    assert again is not None
    assert again.best(2, ("Release", "Attack")) == ("Release", pytest.approx(0.9))


def test_probabilities_sum_to_one() -> None:
    """Softmax survives large scores."""
    assert softmax(np.array([[1000.0, 0.0], [0.0, 0.0]], dtype=np.float32)).tolist() == [[1, 0], [0.5, 0.5]]


SMALL = read_cases(CASES.with_name("boundaries.conllu"))


@pytest.mark.parametrize(("case", "bias", "events"), [
    ("put_four_words_on", 0.0, 1), ("put_four_words_on", -5.0, 2), ("put_five_words_on", 0.0, 2),
])  # fmt: skip
def test_two_words_are_one_trigger_only_near_by_and_where_they_are_not_surely_two(case, bias, events) -> None:
    """A verb and its adverb tell one event together; not from far, nor where the model is sure that they tell two."""
    doc = SMALL[case].copy()
    scored(doc, {1: {"Attack": 0.95}, len(doc) - 2: {"Attack": 0.95}})
    keep_scores(doc, replace(scores_of(doc), same_bias=bias))
    assert len(read(doc)[0]) == events


def test_a_count_goes_with_its_filler(doc) -> None:
    """Where the model doubts who was freed, nobody counts them, either."""
    scored(doc, {2: {"Release": 0.9}}, roles={**SURE, (4, "patient"): 0.0001})
    (event,) = extract_doc(Article("a", doc.text, "2024-05-08"), doc, load_ontology()).events
    assert not event.fillers("patient")
    assert event.counts == ()


@pytest.mark.parametrize(("p", "agents"), [(0.72, ["Kenyan troops"]), (0.99, ["Kenyan troops", "Kenya"])])
def test_a_second_filler_must_be_surer_than_a_first(doc, p, agents) -> None:
    """What would fill an empty role is not enough beside the filler that the grammar gives."""
    roles = {**SURE, (1, "agent"): 0.9, (0, "agent"): p}
    ((*_, fillers, _),), _ = read(scored(doc, {2: {"Release": 0.9}}, roles=roles))
    assert fillers["agent"] == agents


def by_hand(**chances: float) -> TriggerWeights:
    """Weights by which a word is as likely to tell an event as the network thinks it of the type."""
    weights = {"type to the network": 1.0}
    return TriggerWeights(
        weights, {"event to the network": 1.0}, **{"least": 0.6, "other": 0.7, "instead": 0.8, **chances}
    )


def test_a_word_comes_where_all_weighed_makes_it_likely(doc, monkeypatch) -> None:
    """What is likely comes in a word that no rule gives; of a grave act more must speak than of others."""
    monkeypatch.setattr("kg.extract.reading.shipped_trigger_weights", lambda: by_hand(other=0.65))
    for kind, p, comes in (
        ("Rescue", 0.68, True),
        ("Rescue", 0.6, False),
        ("Attack", 0.68, True),
        ("Attack", 0.62, False),
    ):
        events, _ = read(scored(doc, {2: {"Release": 0.9}, 7: {kind: p}}, roles=SURE))
        assert ((kind, "town") in [e[:2] for e in events]) == comes


def test_another_type_than_the_lexicons_needs_more(doc, monkeypatch) -> None:
    """The lexicon's type stays where another is not much likelier, and nobody is made guilty by a little more."""
    monkeypatch.setattr("kg.extract.reading.shipped_trigger_weights", by_hand)
    for found, kind in (({"Rescue": 0.75}, "Release"), ({"Rescue": 0.85}, "Rescue"), ({"Attack": 0.9}, "Release")):
        events, _ = read(scored(doc, {2: found}, roles=SURE))
        assert [e[0] for e in events] == [kind]


def test_weights_of_triggers_know_no_type() -> None:
    """A type that only a user's Turtle has is weighed by the same things."""
    by = shipped_trigger_weights()
    assert not set(load_ontology().event_types) & {*by.learned, *by.unlearned}
