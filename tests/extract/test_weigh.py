"""Who did a grave act and whom it befell: weighed, and a flag changes how sure it must be."""

import json
import math

import pytest

import kg
from kg.cli.options import care_of
from kg.core.errors import KgError
from kg.core.model import Article
from kg.extract.events.judge import Judge
from kg.extract.events.odds import chance
from kg.extract.events.weigh import CARES, Weights, shipped_weights, weighed, what_is_known
from kg.extract.reading import decided, find
from kg.pipeline.prepared import Reader, Settings

TEXT = "Rebels attacked the town of Orl on Monday. Police arrested two men."


@pytest.fixture(scope="module")
def reading():
    """Return the drafts of a short text with what was found in it."""
    reader = Reader(Settings())
    article = Article("a", TEXT)
    findings, _ = find(article, *reader.read([article]), reader.ontology)
    judge = Judge(findings, findings.scores)
    return decided(findings, judge), findings, judge


def weights(**changes):
    """Return the shipped weights with some of their values changed."""
    own = shipped_weights()
    return Weights(**{name: getattr(own, name) for name in ("roles", "add", "guarded", "least")} | changes)


def test_a_chance_is_the_sum_of_what_is_known():
    """Weights add up to odds; what has no weight says nothing."""
    assert chance({}, {}) == 0.5
    assert chance({"a": 2.0, "b": 5.0}, {"": -1.0, "a": 0.5}) == 0.5
    assert chance({"a": 1.0}, {"a": math.log(3)}) == pytest.approx(0.75)


def test_weights_are_numbers_that_know_no_type(reading):
    """What is weighed has a name; none of the names is a type of event, and all that is known is numbers."""
    drafts, findings, judge = reading
    text = json.dumps([shipped_weights().roles, shipped_weights().guarded])
    assert not [name for name in findings.ontology.event_types if f'"{name}"' in text or f' {name}"' in text]
    known = what_is_known(drafts[0], "agent", drafts[0].fillers[0][1], findings, judge)
    assert known.keys() <= shipped_weights().roles["agent"].keys() | {"nearest is by", "by of the event"}
    assert all(isinstance(value, float | int) and abs(value) <= 5 for value in known.values())


def test_a_cautious_reader_is_told_what_is_sure(reading):
    """With a least chance of 1 nobody is said to have done it; usual readers are told all that was given."""
    drafts, findings, judge = reading
    named = [dict(d.fillers).keys() for d in weighed(drafts, findings, judge, "cautious", weights(least=1.0))]
    assert all("agent" not in roles for roles in named)
    usual = weighed(drafts, findings, judge, "usual", weights(least=1.0))
    assert [d.fillers for d in usual] == [d.fillers for d in drafts]


def test_an_eager_reader_is_told_what_is_likely(reading):
    """What the model proposes comes where all weighed together makes it likely, each entity once."""
    drafts, findings, judge = reading
    bare = [d.without("agent", dict(d.fillers)["agent"]) for d in drafts]
    again = weighed(bare, findings, judge, "eager", weights(add=0.1))
    assert [findings.names[dict(d.fillers)["agent"]] for d in again] == ["Rebels", "Police"]
    none = weighed(bare, findings, judge, "eager", weights(add=1.1))
    assert [d.fillers for d in none] == [b.fillers for b in bare]


def test_who_is_counted_stays(reading):
    """The count is told of them: "two men" stay in the role that their number is told in."""
    drafts, findings, judge = reading
    told = weighed(drafts, findings, judge, "cautious", weights(least=1.0))
    arrest = next(d for d in told if d.type == "Arrest")
    assert [role for role, _ in arrest.fillers if role == "patient"] == ["patient"]


def test_the_flags_exclude_each_other():
    """Either of the two flags, or none."""
    assert [care_of(*flags) for flags in ((False, False), (True, False), (False, True))] == [
        "usual",
        "cautious",
        "eager",
    ]
    with pytest.raises(KgError, match="exclude each other"):
        care_of(cautious=True, eager=True)


def test_care_is_told_in_the_reading():
    """A store reads an article again where the care has changed; a word that is none is refused."""
    assert [Reader(Settings(care=care)).reading.program.split()[2:] for care in CARES] == [
        ["--cautious"],
        [],
        ["--eager"],
    ]
    with pytest.raises(KgError, match="care 'bold'"):
        kg.extract_text(TEXT, care="bold")
