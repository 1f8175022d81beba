"""Steps of a reading on what they are given, each at its two sides: no language model."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from spacy.tokens import Doc, Span

from kg.core.model import Article, Count, Mention
from kg.extract.entities.befallen import befallen_before
from kg.extract.entities.chains import Board, Chain
from kg.extract.entities.coref import build_entities
from kg.extract.entities.members import closure, members_of
from kg.extract.entities.mention import EntityMention
from kg.extract.entities.mentions import find_mentions
from kg.extract.entities.nouns import entity_words
from kg.extract.entities.numbered import number_end
from kg.extract.entities.pronouns import relative_antecedents
from kg.extract.entities.relations import find_relations
from kg.extract.entities.spelling import bare_person, initials
from kg.extract.events.drafts import Draft, Drafts
from kg.extract.events.same import merge_drafts, refine_types
from kg.extract.grammar.triggers import TriggerMatch
from kg.extract.grammar.truth import asks_whether, condition_above
from kg.extract.language.abbreviations import begins_behind
from kg.extract.language.decode import tree
from kg.extract.saying.quotes import introduced, quoted_ranges
from kg.extract.saying.scopes import find_scopes
from kg.extract.times.pieces import whole_number
from kg.ontology.load import load_ontology
from kg.ontology.values import Trigger
from tests.parsed import VOCAB, drawn

ONTOLOGY = load_ontology()


def draft(doc, at, kind, sentence=0, **more):
    """A draft of one word of a document."""
    word = doc[at]
    trigger = Trigger((word.lemma_.lower(),), "noun" if word.pos_ == "NOUN" else "verb", kind)
    mention = Mention(word.idx, word.idx + len(word.text), word.text)
    return Draft(TriggerMatch(at, (at,), kind, trigger, (), 1.0), kind, mention, sentence, **more)


def count(role, entity, number):
    """A count of a role's filler."""
    return Count("", role, entity, number, number, False, Mention(0, 1, "x"), "people")


# ---------------------------------------------------------------------------------------------------- drafts as values

ATTACK = drawn(
    "Rebels/NNS/2/nsubj attacked/VBD/0/root Kirra/NNP/2/obj", "The/DT/2/det attack/NN/3/nsubj ended/VBD/0/root"
)


def test_a_draft_is_a_value():
    """What changes is a new draft; the old one is as before."""
    one = draft(ATTACK, 1, "Attack")
    with pytest.raises(FrozenInstanceError):
        one.type = "Battle"
    two = one.filled("agent", "n1").filled("agent", "n1").filled("place", "n2")
    assert (one.fillers, two.fillers) == ((), (("agent", "n1"), ("place", "n2")))
    assert (two.of("agent"), two.of("patient")) == ({"n1"}, set())


def test_who_is_taken_out_of_a_role_takes_the_counts_along():
    """Of that role alone: the same people may be counted in another one."""
    counts = (count("agent", "n1", 3), count("patient", "n1", 3), count("agent", "n2", 4))
    one = draft(ATTACK, 1, "Attack", fillers=(("agent", "n1"), ("patient", "n1"), ("agent", "n2")), counts=counts)
    two = one.without("agent", "n1")
    assert two.fillers == (("patient", "n1"), ("agent", "n2"))
    assert two.counts == counts[1:]


def test_what_one_telling_excludes_another_may_say_by_its_grammar():
    """An act barred by one telling's words stays out, unless a further telling fills the role itself."""
    further = draft(ATTACK, 4, "Attack", 1, fillers=(("agent", "n2"),), barred=frozenset({("agent", "n3")}))
    one = draft(ATTACK, 1, "Attack", barred=frozenset({("agent", "n1"), ("agent", "n2")}), members=(further,))
    assert one.excluded == {("agent", "n1"), ("agent", "n3")}
    assert (one.heads, one.last_sentence) == ([1, 4], 1)


def test_two_events_on_one_word_are_two():
    """What shoots dead is a shooting and a killing: putting one anew leaves the other, and the order stays."""
    shooting, killing = draft(ATTACK, 1, "Shooting"), draft(ATTACK, 1, "Killing")
    now = Drafts([shooting, killing, draft(ATTACK, 4, "Attack", 1)])
    now.put(shooting.filled("agent", "n1"))
    assert [d.type for d in now.all()] == ["Shooting", "Killing", "Attack"]
    assert [d.of("agent") for d in now.all()] == [{"n1"}, set(), set()]
    assert now[killing.key] is killing


# -------------------------------------------------------------------------------------------------------- same event


def unheard(_, __):
    """Take no notes."""


def surely(_, __):
    """Two things are two."""
    return True


def perhaps(_, __):
    """Two things may be one."""
    return False


def merged(doc, *drafts, surely_two=surely):
    """The events that drafts are put together to, as the words of their tellings."""
    found = merge_drafts(drafts, doc, ONTOLOGY, surely_two, unheard)
    return [[t.mention.text for t in event.tellings] for event in found]


def test_a_definite_noun_takes_up_what_was_told():
    """Rebels attacked Kirra. The attack ended: one event; an attack ended: two."""
    assert merged(ATTACK, draft(ATTACK, 1, "Attack"), draft(ATTACK, 4, "Attack", 1)) == [["attacked", "attack"]]
    new = drawn(
        "Rebels/NNS/2/nsubj attacked/VBD/0/root Kirra/NNP/2/obj", "An/DT/2/det attack/NN/3/nsubj ended/VBD/0/root"
    )
    assert merged(new, draft(new, 1, "Attack"), draft(new, 4, "Attack", 1)) == [["attacked"], ["attack"]]


def test_numbers_tell_events_together_and_apart():
    """The same number in one role is a reason to be one; two numbers are a reason to be two."""
    doc = drawn("Five/CD/2/nsubj died/VBD/0/root/die", "Five/CD/2/nsubj perished/VBD/0/root/perish")
    five = draft(doc, 1, "Death", counts=(count("patient", "n1", 5),))
    same = draft(doc, 3, "Death", 1, counts=(count("patient", "n2", 5),))
    other = draft(doc, 3, "Death", 1, counts=(count("patient", "n2", 6),))
    assert merged(doc, five, same) == [["died", "perished"]]
    assert merged(doc, five, other) == [["died"], ["perished"]]


def test_what_is_denied_is_not_what_is_told():
    """A negated telling is an event of its own; a possible one may be that of the other."""
    first = draft(ATTACK, 1, "Attack")
    assert merged(ATTACK, first, draft(ATTACK, 4, "Attack", 1, status="negated")) == [["attacked"], ["attack"]]
    assert merged(ATTACK, first, draft(ATTACK, 4, "Attack", 1, status="possible")) == [["attacked", "attack"]]


def test_other_victims_make_another_event_where_words_differ():
    """The raid and the attack with different patients are two; the same word leaves open whether they are one thing."""
    doc = drawn(
        "Rebels/NNS/2/nsubj struck/VBD/0/root/strike Kirra/NNP/2/obj", "The/DT/2/det attack/NN/3/nsubj ended/VBD/0/root"
    )
    one = draft(doc, 1, "Attack", fillers=(("patient", "n1"),))
    two = draft(doc, 4, "Attack", 1, fillers=(("patient", "n2"),))
    assert merged(doc, one, two) == [["struck"], ["attack"]]
    same = (
        draft(ATTACK, 1, "Attack", fillers=(("patient", "n1"),)),
        draft(ATTACK, 4, "Attack", 1, fillers=(("patient", "n2"),)),
    )
    assert merged(ATTACK, *same, surely_two=perhaps) == [["attacked", "attack"]]
    assert merged(ATTACK, *same) == [["attacked"], ["attack"]]


def test_a_filler_of_a_further_telling_is_added_where_the_role_is_open():
    """What the later telling alone says comes in; who took part already is not joined by others, but places are."""
    one = draft(ATTACK, 1, "Attack", fillers=(("agent", "n1"), ("place", "n5")))
    two = draft(ATTACK, 4, "Attack", 1, fillers=(("agent", "n2"), ("patient", "n3"), ("place", "n6")))
    (event,) = merge_drafts((one, two), ATTACK, ONTOLOGY, perhaps, unheard)
    assert set(event.fillers) == {("agent", "n1"), ("place", "n5"), ("patient", "n3"), ("place", "n6")}


def test_an_attack_is_of_the_one_kind_that_the_article_tells():
    """The attack, where there is one bombing, is that; where there are two kinds, nobody knows."""
    doc = drawn("The/DT/2/det bombing/NN/0/root", "The/DT/2/det attack/NN/0/root", "A/DT/2/det shooting/NN/0/root")
    bombing, attack, shooting = draft(doc, 1, "Bombing"), draft(doc, 3, "Attack", 1), draft(doc, 5, "Shooting", 2)

    def kinds(*drafts):
        return [d.type for d in refine_types(drafts, doc, ONTOLOGY, unheard)]

    assert kinds(bombing, attack) == ["Bombing", "Bombing"]
    assert kinds(bombing, attack, shooting) == ["Bombing", "Attack", "Shooting"]
    assert kinds(attack) == ["Attack"]


# ------------------------------------------------------------------------------------------------------- who says what


def test_a_quote_behind_a_colon_is_of_who_acts_before_it():
    """Her deputy disagreed: "…" is the deputy's; nobody is found where the clause is passive or there is no verb."""
    quote = '"/./7/punct We/PRP/7/nsubj never/RB/7/advmod left/VBD/2/parataxis/leave "/./7/punct'
    active = drawn(f"Deputies/NNS/2/nsubj disagreed/VBD/0/root :/:/2/punct {quote}")
    (found,) = introduced(active, quoted_ranges(active), frozenset())
    assert (active[found.speaker].text, found.rule) == ("Deputies", "quote behind a colon")
    quote = quote.replace("/7/", "/8/").replace("/2/parataxis", "/3/parataxis")
    passive = drawn(f"Deputies/NNS/3/nsubj:pass were/VBD/3/aux:pass/be asked/VBN/0/root/ask :/:/3/punct {quote}")
    assert list(introduced(passive, quoted_ranges(passive), frozenset())) == []
    quote = quote.replace("/8/", "/10/").replace("/3/parataxis", "/2/parataxis")
    both = drawn(
        "Deputies/NNS/2/nsubj left/VBD/0/root/leave and/CC/5/cc were/VBD/5/aux:pass/be asked/VBN/2/conj/ask "
        f":/:/2/punct {quote}"
    )
    (found,) = introduced(both, quoted_ranges(both), frozenset())
    assert both[found.speaker].text == "Deputies"  # of the verb before the passive one


@pytest.mark.parametrize(("said", "found"), [("Three held after blast today", True), ("Three held after blast", False)])
def test_what_a_colon_introduces_is_longer_than_who_says_it(said, found):
    """Five words before "police" are said by the police; four and four could be either way round."""
    words = said.split()
    text = " ".join([f"{words[0]}/CD/2/nsubj", f"{words[1]}/VBD/0/root", "after/IN/4/case", "blast/NN/2/obl"])
    text += " today/NN/2/obl" if len(words) == 5 else ""
    doc = drawn(f"{text} :/:/2/punct police/NN/2/parataxis")
    assert bool(find_scopes(doc, {}, {})) is found


def test_who_is_cited_within_a_phrase_says_it_too():
    """According to the radio quoting a minister, rebels fled: both say so, the minister by the word "quoting"."""
    doc = drawn(
        "According/VBG/4/case/accord to/IN/1/fixed the/DT/4/det radio/NN/9/obl quoting/VBG/4/acl/quote "
        "minister/NN/5/obj ,/,/9/punct rebels/NNS/9/nsubj/rebel fled/VBD/0/root/flee"
    )
    scopes = find_scopes(doc, {}, {"according to": "statement"})
    said = {doc[s.speaker].text: (doc[s.cue[0] : s.cue[1]].text, sorted(s.content)) for s in scopes}
    assert said == {"radio": ("According to", [4, 6, 7, 8]), "minister": ("quoting", [6, 7, 8])}


# ------------------------------------------------------------------------------------------------------- small pieces


@pytest.mark.parametrize(
    ("words", "end"),
    [("No. 10 fell", 2), ("No 10 fell", 2), ("Number 7", 2), ("No one fell", None), ("No", None), ("10 No", None)],
)
def test_a_number_is_a_name_with_its_sign(words, end):
    """Number ten, in all its forms; "no" before any other word is none."""
    doc = Doc(VOCAB, words=words.split())
    assert number_end(doc[0]) == end


def test_a_name_without_address_and_initials():
    """Middle initials and forms of address are left out; a name of nothing else stays."""
    assert bare_person("Mr. John F. Kessel") == ("john", "kessel")
    assert bare_person("J. F.") == ("j", "f")
    assert bare_person("President") == ("president",)
    assert initials("Bank of the Sea") == "bs"


def test_members_are_of_the_group_before_them():
    """Five people, including two children: the children are members; with two children: they are others."""
    doc = drawn(
        "Five/CD/2/nummod people/NNS/3/nsubj died/VBD/0/root including/VBG/6/case two/CD/6/nummod children/NNS/3/obl"
    )
    classes = {1: "Group", 5: "Group"}
    assert members_of(doc, classes.get, ONTOLOGY) == {1: [5]}
    assert members_of(doc, {5: "Group"}.get, ONTOLOGY) == {}
    beside = drawn(
        "Five/CD/2/nummod people/NNS/3/nsubj died/VBD/0/root with/IN/6/case two/CD/6/nummod children/NNS/3/obl"
    )
    assert members_of(beside, classes.get, ONTOLOGY) == {}
    assert list(closure(1, {1: [5, 6], 5: [7, 1], 7: [6]})) == [5, 6, 7]


def test_a_relative_pronoun_is_its_noun():
    """Rebels who fled: who is the rebels; who fled, asked alone, is nobody."""
    doc = drawn("Rebels/NNS/0/root who/WP/3/nsubj fled/VBD/1/acl:relcl")
    rebels = type("Mention", (), {"head": 0})()
    assert relative_antecedents(doc, {0: rebels}) == {1: 0}
    assert relative_antecedents(doc, {}) == {}
    asked = drawn("Who/WP/2/nsubj fled/VBD/0/root")
    assert relative_antecedents(asked, {0: rebels}) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He/PRP left/VBD at/IN 5/CD p.m./NN Rebels/NNS attacked/VBD", True),
        ("He/PRP left/VBD at/IN late/RB p.m./NN Rebels/NNS attacked/VBD", False),  # no hour before it
        ("They/PRP fled/VBD to/TO the/DT U.S./NNP Rebels/NNS attacked/VBD", True),
        ("They/PRP said/VBD U.S./NNP Marines/NNPS attacked/VBD", False),
        ("They/PRP fled/VBD to/TO the/DT U.S./NNP rebels/NNS attacked/VBD", False),
        ("Back/RB to/TO the/DT U.S./NNP Rebels/NNS attacked/VBD", False),  # no finite verb before
        ("They/PRP fled/VBD to/TO the/DT U.S./NNP Rebels/NNS in/IN town/NN", False),  # nor behind
    ],
)
def test_an_abbreviation_ends_a_sentence_before_a_new_clause(text, found):
    """Behind an hour, or a country that a preposition governs, a capital and a verb begin another sentence."""
    forms, tags = zip(*(word.split("/") for word in text.split()), strict=True)
    at = next(i for i, form in enumerate(forms) if form in ("p.m.", "U.S.")) + 1
    assert begins_behind(forms, tags, at, 0) is found


def test_of_several_roots_the_word_that_gains_most_is_one():
    """Two words are rather roots than anything: the one that loses least by it is the root, the other hangs on it."""
    scores = np.array([[0, 5, 6], [-9, 0, 6]], dtype=np.float32)  # [word, head]; the last column is the root
    assert tree(scores) == [1, -1]
    assert tree(scores[::-1, [1, 0, 2]].copy()) == [-1, 0]


# ------------------------------------------------------------------------------------------------------- who is who


def chains(doc):
    """The entities of a document in the making."""
    return build_entities(Article("a", doc.text), doc, find_mentions(doc, ONTOLOGY), ONTOLOGY, {})


def entities(doc):
    """The entities of a document, by name, with the words of their mentions."""
    return {e.name: [m.text for m in e.mentions] for e in chains(doc).entities}


def relations(doc):
    """The relations of a document as (subject, predicate, object), by name."""
    found = chains(doc)
    name = {e.id: e.name for e in found.entities}
    relations = find_relations(doc, found, ONTOLOGY)
    return {(name[r.subject], r.predicate, name.get(r.object, r.object)) for r in relations}


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("Person", "m", ()), ("Person", "f", ()), False),
        (("Person", "m", ()), ("Person", "", ()), True),
        (("Person", "", ()), ("Person", "f", ()), True),
        (("Group", "", ("three",)), ("Group", "", ("four",)), False),
        (("Group", "", ("three",)), ("Group", "", ()), True),
        (("Group", "", ()), ("Group", "", ("four",)), True),
        (("Person", "", ()), ("Settlement", "", ()), False),
        (("Person", "", ()), ("Other", "", ()), True),  # of a class that nobody knows
        (("Facility", "", ()), ("Institution", "", ()), True),  # a hospital is where and who
        (("Facility", "", ()), ("Organization", "", ()), False),
    ],
)
def test_two_chains_agree_unless_class_gender_or_number_speaks_against_it(one, other, agree):
    """What is said of both must be the same; what is said of one alone is no matter."""
    board = Board(Doc(VOCAB), [], entity_words(ONTOLOGY), {})
    pair = [Chain([], kind, 0, gender=gender, numerals=set(numerals)) for kind, gender, numerals in (one, other)]
    assert board.agree(*pair) is board.agree(*pair[::-1]) is agree


def test_names_of_two_chains_have_to_be_forms_of_one():
    """Two full names are two; a surname is that of a full name, and a town's name is no part of another's."""
    board = Board(Doc(VOCAB), [], entity_words(ONTOLOGY), {})

    def agree(kind, *names):
        return board.agree(*(Chain([], kind, 0, [name]) for name in names))

    assert not agree("Person", "Ana Cruz", "Eva Cruz")
    assert agree("Person", "Cruz", "Eva Cruz")
    assert agree("Organization", "Acme", "Acme Bank")
    assert not agree("Organization", "Bank", "Acme Bank")
    assert agree("Settlement", "Kirra", "kirra")
    assert not agree("Settlement", "Kirra", "North Kirra")


def test_those_killed_are_who_was_killed():
    """Gunmen killed nine farmers. Those killed were clerks: the farmers; those hurt are others."""
    first = "Gunmen/NNS/2/nsubj/gunman killed/VBD/0/root/kill nine/CD/4/nummod farmers/NNS/2/obj/farmer"
    then = "Those/DT/4/nsubj:pass {}/VBN/1/acl/{} were/VBD/4/aux:pass/be buried/VBN/0/root/bury"

    def found(word, lemma):
        doc = drawn(first, then.format(word, lemma))
        mention = EntityMention(4, 5, (4,), "Group", "Those", number="plur")
        board = Board(doc, [*find_mentions(doc, ONTOLOGY), mention], entity_words(ONTOLOGY), {})
        before = befallen_before(board, mention)
        return doc[before.head].text if before is not None else None

    assert found("killed", "kill") == "farmers"
    assert found("hurt", "hurt") is None


def test_a_surname_that_two_have_borne_is_that_of_the_last():
    """Ana Cruz met Eva Cruz. Cruz left: Eva; where only one bears it, she."""
    left = "Cruz/NNP/2/nsubj left/VBD/0/root/leave"
    both = drawn("Ana/NNP/3/nsubj Cruz/NNP/1/flat met/VBD/0/root/meet Eva/NNP/3/obj Cruz/NNP/4/flat", left)
    people = [Span(both, 0, 2, "PERSON"), Span(both, 3, 5, "PERSON"), Span(both, 5, 6, "PERSON")]
    both.set_ents(people)
    assert entities(both) == {"Ana Cruz": ["Ana Cruz"], "Eva Cruz": ["Eva Cruz", "Cruz"]}


def test_who_is_of_a_country_has_its_nationality():
    """Ana Cruz is Bolivian, and the Bolivian clerk: both are Bolivia's; a Bolivian mine is no one's nationality."""
    doc = drawn(
        "Cruz/NNP/3/nsubj is/VBZ/3/cop/be Bolivian/JJ/0/root",
        "The/DT/3/det Bolivian/JJ/3/amod clerk/NN/4/nsubj left/VBD/0/root/leave",
    )
    doc.set_ents([Span(doc, 0, 1, "PERSON"), Span(doc, 2, 3, "NORP"), Span(doc, 4, 5, "NORP")])
    found = relations(doc)
    assert ("Cruz", "nationality", "Bolivia") in found
    assert ("Bolivian clerk", "nationality", "Bolivia") in found or ("clerk", "nationality", "Bolivia") in found
    other = drawn("Cruz/NNP/2/nsubj left/VBD/0/root/leave Bolivia/NNP/2/obj")
    other.set_ents([Span(other, 0, 1, "PERSON"), Span(other, 2, 3, "GPE")])
    assert relations(other) == set()


# ------------------------------------------------------------------------------------------------------- what is so


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Did/VBD/3/aux/do rebels/NNS/3/nsubj/rebel attack/VB/0/root ?/./3/punct", True),
        ("Did/VBD/3/aux/do rebels/NNS/3/nsubj/rebel attack/VB/0/root Kirra/NNP/3/obj ??/./3/punct", True),
        ("Why/WRB/4/advmod did/VBD/4/aux/do rebels/NNS/4/nsubj/rebel attack/VB/0/root ?/./4/punct", False),
        ("Rebels/NNS/2/nsubj/rebel attack/VBP/0/root ././2/punct Why/WRB/2/dep ?/./2/punct", False),
        ("Why/WRB/2/dep !/./4/punct Rebels/NNS/4/nsubj/rebel attack/VBP/0/root ?/./4/punct", True),
        ("Rebels/NNS/2/nsubj/rebel attack/VBP/0/root", False),
    ],
)
def test_a_question_of_yes_or_no_leaves_open_whether_it_is_so(text, asked):
    """Did rebels attack? is open; why they did takes it as so; a question behind a full stop is another sentence."""
    doc = drawn(text)
    assert asks_whether(next(t for t in doc if t.text == "attack")) is asked


@pytest.mark.parametrize(("mark", "open_"), [("if/IN", True), ("because/IN", False), ("while/IN", False)])
def test_what_stands_in_a_condition_is_open(mark, open_):
    """If rebels attack, he leaves: perhaps they will; because they attack: they do."""
    doc = drawn(f"He/PRP/2/nsubj leaves/VBZ/0/root/leave {mark}/5/mark rebels/NNS/5/nsubj/rebel attack/VBP/2/advcl")
    found = condition_above(doc[4])
    assert (found is not None) is open_
    assert condition_above(doc[1]) is None


@pytest.mark.parametrize(
    ("words", "number"), [("a", 1), ("12", 12), ("twenty-three", 23), ("two", 2), ("some", None), ("half", None)]
)
def test_a_whole_number_is_read_and_nothing_else(words, number):
    """How many days lie between: in digits, in words, by an article; not "some" and no fraction."""
    assert whole_number(words) == number
