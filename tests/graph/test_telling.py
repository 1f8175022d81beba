"""Labels of events and counts read as sentences, whatever the article leaves out."""

from __future__ import annotations

import pytest

from kg.core.model import Count, Entity, Event, Mention, RoleFiller
from kg.graph.telling import count_label, event_label
from kg.ontology.load import load_ontology

COUNTS = [
    ("two", "men", "two men"),
    ("at least 12", "miners", "at least 12 miners"),
    ("five", "five", "five"),
    ("five", "five villagers", "five villagers"),
    ("hundreds", "workers", "hundreds of workers"),
    ("dozens of", "shops", "dozens of shops"),
    ("six", "climbers", "six climbers"),
    ("two men", "men", "two men"),
    ("thousands", "", "thousands"),
]
# type, trigger, status, then role=name (a capital letter: named), the sentence
EVENTS = [
    ("Arrest", "arrested", "asserted", "agent=police patient=men place=Norvia", "police arrested two men in Norvia"),
    ("Arrest", "arrests", "asserted", "patient=men", "two men arrested"),
    ("Resignation", "dismissed", "asserted", "agent=president patient=Hale", "president dismissed Hale"),
    ("Resignation", "stepped down", "asserted", "agent=Hale", "Hale stepped down"),
    ("Resignation", "resignation", "asserted", "agent=Hale", "resignation: Hale"),
    (
        "ArmedClash",
        "fighting",
        "asserted",
        "agent=rebels agent=troops place=Norvia",
        "rebels and troops clashed in Norvia",
    ),
    ("ArmedClash", "clashed", "asserted", "agent=rebels patient=troops", "rebels clashed with troops"),
    ("ArmedClash", "clash", "asserted", "patient=troops", "troops clashed"),
    ("Killing", "killed", "negated", "agent=army patient=farmers", "not so: army killed farmers"),
    ("Killing", "killing", "possible", "patient=Hale", "possibly: Hale killed"),
    ("Bombing", "exploded", "asserted", "place=Norvia", "bombing in Norvia"),
    ("Explosion", "exploded", "asserted", "patient=tank", "tank exploded"),
    ("Accusation", "accused", "asserted", "agent=Hale patient=fraud recipient=mayor", "Hale accused mayor"),
    ("Protest", "feed", "planned", "", "planned: protest"),
    ("Demand", "need", "asserted", "agent=mayor", "demand: mayor"),
    (
        "Rescue",
        "saved",
        "asserted",
        "agent=navy patient=a patient=b patient=c patient=d",
        "navy rescued a, b, c and 1 more",
    ),
]


@pytest.mark.parametrize(("number", "counted", "label"), COUNTS)
def test_a_count_says_each_word_once(number, counted, label):
    """How many and of what, neither twice, and “of” behind dozens and hundreds."""
    assert count_label(Count("q", "patient", "n", 1, None, False, Mention(0, 1, number), counted)) == label


@pytest.mark.parametrize(("kind", "trigger", "status", "roles", "label"), EVENTS)
def test_an_event_is_told_as_a_sentence(kind, trigger, status, roles, label):
    """Who, the verb of the type or the trigger, whom, where; the type's own label where there is no verb."""
    pairs = [part.split("=") for part in roles.split()]
    people = {name: Entity(name, "Group", ("Group",), name, name.istitle(), (Mention(0, 1, "x"),)) for _, name in pairs}
    counts = (Count("q", "patient", "men", 2, 2, False, Mention(0, 3, "Two"), "men"),) if "men" in people else ()
    fillers = tuple(RoleFiller(role, name) for role, name in pairs)
    event = Event("e", kind, (kind,), (Mention(0, 1, trigger),), fillers, None, counts, status)
    assert event_label(event, load_ontology(), people, {}) == label


@pytest.mark.parametrize("number", ["SIX", "Six"])
def test_a_number_at_the_head_of_a_label_is_in_small_letters(number):
    """Also that of a text in capitals."""
    officers = Entity("n1", "Group", ("Group",), "officers", named=False, mentions=(Mention(4, 12, "officers"),))
    count = Count("q1", "patient", "n1", 6, 6, False, Mention(0, 3, number), "officers")
    role = RoleFiller("patient", "n1")
    hurt = Event("e1", "Injury", ("Injury", "Event"), (Mention(13, 17, "hurt"),), (role,), counts=(count,))
    assert event_label(hurt, load_ontology(), {"n1": officers}, {}) == "six officers injured"
