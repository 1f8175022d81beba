"""Which words of a passage name one thing, and whether it has a name: whole readings with the shipped model."""

from __future__ import annotations

import pytest

from kg.core.model import Article
from kg.extract.language.models import load_model, read_docs
from kg.extract.reading import extract_doc
from kg.ontology.load import load_ontology

pytestmark = pytest.mark.model

FIRED = "Arden Bank fired ten clerks on Monday. It rained all day long. It was very cold outside."
# text; the name of one thing in it, its type, whether it is a name, all its mentions
THINGS = [
    ("Rebels accused the West of arming the army on Monday.", "West", "Place", True, ["West"]),
    ("The Treasury dismissed two officials on Monday.", "Treasury", "GovernmentAgency", True, ["Treasury"]),
    ("The Harvest Accord was signed on Monday.", "Harvest Accord", "Other", True, ["Harvest Accord"]),
    (
        "The government raised taxes on Monday. Protesters accused the Kenyan government of corruption.",
        *("government", "Government", False, ["government", "Kenyan government"]),
    ),
    (
        "The Kirra Water Board dismissed ten clerks on Monday. A report by the Board named two men.",
        *("Kirra Water Board", "GovernmentAgency", True, ["Kirra Water Board", "Board"]),
    ),
    (
        "Rebels attacked the State Power Agency (SPA) on Monday. Police said the SPA was closed.",
        *("State Power Agency", "Organization", True, ["State Power Agency", "SPA", "SPA"]),
    ),
    ("Police freed the Dane on Monday. The Briton fled.", "Briton", "Person", False, ["Briton"]),
    # A general word takes up a name of the last three sentences, none that lies farther back.
    (f"{FIRED} The company sold a ship.", "Arden Bank", "Company", True, ["Arden Bank", "It", "It", "company"]),
    (
        f"{FIRED} The sky was quite dark. The company sold a ship.",
        *("Arden Bank", "Company", True, ["Arden Bank", "It", "It"]),
    ),
]


@pytest.mark.parametrize(("text", "name", "kind", "named", "mentions"), THINGS, ids=[text for text, *_ in THINGS])
def test_a_thing_has_its_mentions_and_no_others(text, name, kind, named, mentions):
    """What is one thing in a passage is one entity, with the name and the type that its words give it."""
    doc = next(read_docs(load_model(), [text]))
    found = extract_doc(Article("a", text, "2024-05-08"), doc, load_ontology())
    things = {entity.name: entity for entity in found.entities}
    assert name in things
    thing = things[name]
    assert (thing.type, thing.named, [mention.text for mention in thing.mentions]) == (kind, named, mentions)


@pytest.mark.parametrize(
    ("text", "name", "meaning"),
    [
        ("Boko Haram, whose name means “education forbidden”, attacked the town.", "Boko Haram", "education forbidden"),
        ("Harakat al-Nur, whose name means Light, attacked the town on Monday.", "Harakat al-Nur", "Light"),
    ],
)
def test_what_a_name_means_is_another_name_and_has_its_words(text, name, meaning):
    """The meaning is told as a name, and its evidence goes from the name to the last word of the meaning."""
    doc = next(read_docs(load_model(), [text]))
    found = extract_doc(Article("a", text, "2024-05-08"), doc, load_ontology())
    names = {entity.id: entity.name for entity in found.entities}
    (relation,) = [r for r in found.relations if r.predicate == "alsoKnownAs"]
    assert (names[relation.subject], relation.object) == (name, meaning)
    assert relation.mention.text.startswith(name)
    assert relation.mention.text.endswith(meaning)
