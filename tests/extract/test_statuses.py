"""Whether a thing happened, all weighed: what words settle stays, what they leave open moves where that is likely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.core.model import Mention
from kg.extract.events.drafts import STATUSES, Draft, joined, likeliest
from kg.extract.events.statuses import guarded, is_settled, shipped_status_weights, weighed
from kg.extract.grammar.triggers import TriggerMatch
from kg.ontology.values import Trigger

BY = shipped_status_weights()
SURE = {"asserted to the model": 4.0, "negated to the model": -4.0, "possible to the model": -4.0,
        "planned to the model": -4.0, "told in the past": 1.0, "tag VBD": 1.0}  # fmt: skip
AHEAD = SURE | {"asserted to the model": -4.0, "planned to the model": 4.0, "told in the past": 0.0, "tag VBD": 0.0}


def telling(status: str, reason: str, chances: tuple[float, ...] = ()) -> Draft:
    """A telling with the status that rules give it."""
    trigger = Trigger(("attack",), "verb", "Attack")
    match = TriggerMatch(0, (0,), "Attack", trigger, (), 1.0)
    return Draft(match, "Attack", Mention(0, 6, "attack"), 0, status=status, status_reason=reason, chances=chances)


@pytest.mark.parametrize(("status", "reason", "settled"), [
    ("negated", "negation not", True), ("negated", "governed by deny", True), ("negated", "false report", True),
    ("possible", "no evidence", True), ("possible", "asked", True), ("possible", "modal may", True),
    ("possible", "alleged", True), ("planned", "condition if", True), ("asserted", "not fail", True),
    ("planned", "was to have", True),
    ("asserted", "no marker", False), ("asserted", "told as known", False), ("planned", "governed by plan", False),
    ("planned", "infinitive of purpose", False), ("possible", "governed by believe", False),
])  # fmt: skip
def test_what_words_deny_ask_or_condition_stays(status: str, reason: str, settled: bool) -> None:
    """Of a denial, a question, a condition nothing is weighed; of plans, purposes and plain tellings all is."""
    assert is_settled(telling(status, reason)) is settled


def test_tense_and_model_together_move_what_rules_leave_open() -> None:
    """In "met to discuss it" the talks took place where model and tense say so; a plan stays one where they do."""
    rules = {"rules: planned": 1.0, "rules: planned, infinitive of": 1.0}
    assert likeliest(weighed(rules | SURE, BY.weights)) == "asserted"
    assert likeliest(weighed(rules | AHEAD, BY.weights)) == "planned"
    assert likeliest(weighed({"rules: asserted": 1.0} | AHEAD, BY.weights)) == "planned"


def test_what_is_open_is_asserted_from_a_chance_on_and_a_grave_act_from_a_higher_one() -> None:
    """Silence before falsehood: an open act that may well be so stays open where it is not likely enough."""
    draft, by = telling("possible", "governed by believe"), replace(BY, least=0.6, grave=0.9)
    chances = (0.7, 0.0, 0.2, 0.1)
    assert likeliest(guarded(draft, chances, by, grave=False)) == "asserted"
    assert likeliest(guarded(draft, chances, by, grave=True)) == "possible"
    assert guarded(telling("asserted", "no marker"), chances, by, grave=True) == chances
    assert BY.grave >= BY.least > 0.5


def test_an_event_has_the_mean_of_its_tellings() -> None:
    """Two that assert it outweigh one that leaves it open; a tie asserts nothing; without chances rules decide."""
    first = telling("planned", "governed by plan", (0.3, 0.0, 0.0, 0.7))
    second = telling("asserted", "no marker", (0.9, 0.0, 0.0, 0.1))
    status, chances = joined(first, second)
    assert (status, chances) == ("asserted", pytest.approx((0.6, 0.0, 0.0, 0.4)))
    assert likeliest((0.5, 0.0, 0.5, 0.0)) == "possible"
    assert joined(telling("planned", "governed by plan"), second)[0] == "planned"


def test_weights_name_each_status_and_no_type_of_event() -> None:
    """What is weighed is the same for a type that only an ontology brings."""
    assert set(BY.weights) == set(STATUSES)
    assert not any(name in ("Attack", "Killing", "Meeting") for weights in BY.weights.values() for name in weights)
