"""Who does what in a tree: understood subjects, gaps of relative clauses, carriers of nouns; and what is none."""

from __future__ import annotations

from kg.extract.syntax.slots import carrier, gerund_slot, noun_arguments, preposition, subject_of, verb_arguments
from tests.parsed import drawn


def subject(doc, word):
    """The understood subject of a word of a document, and why it is."""
    found = subject_of(next(t for t in doc if t.text == word))
    return (found[0].text, found[1]) if found is not None else None


def slots(arguments, doc):
    """The arguments found as (slot, word)."""
    return {(a.slot, doc[a.head].text) for a in arguments}


def test_who_is_called_on_to_do_something_does_it():
    """They called on the rebels to leave: the rebels. They called to complain: they."""
    called = "They/PRP/2/nsubj called/VBD/0/root/call"
    addressed = drawn(f"{called} on/IN/4/case rebels/NNS/2/obl/rebel to/TO/6/mark leave/VB/2/advcl")
    assert subject(addressed, "leave") == ("rebels", "control")
    plain = drawn(f"{called} from/IN/4/case Kirra/NNP/2/obl to/TO/6/mark complain/VB/2/advcl")
    assert subject(plain, "complain")[0] == "They"


def test_two_verbs_of_a_relative_clause_have_its_noun():
    """Rebels who attacked the town and burned it: they burned it. A town that they held, and it fell: not they."""
    doc = drawn(
        "Rebels/NNS/0/root who/WP/3/nsubj attacked/VBD/1/acl:relcl Kirra/NNP/3/obj and/CC/6/cc burned/VBD/3/conj"
    )
    assert subject(doc, "attacked") == ("Rebels", "relative")
    assert subject(doc, "burned") == ("Rebels", "relative")


def test_the_noun_before_a_relative_clause_is_its_object_unless_it_says_when():
    """The town (that) rebels attacked: the town. The hour when they attacked: a time, and nobody attacked it."""
    town, clause = "The/DT/2/det town/NN/0/root", "rebels/NNS/{0}/nsubj/rebel attacked/VBD/2/acl:relcl/attack"
    bare = drawn(f"{town} {clause.format(4)}")
    assert ("object", "town") in slots(verb_arguments(bare[3]), bare)
    that = drawn(f"{town} that/WDT/5/obj {clause.format(5)}")
    assert ("object", "town") in slots(verb_arguments(that[4]), that)
    when = drawn(f"{town} when/WRB/5/advmod {clause.format(5)}")
    assert ("object", "town") not in slots(verb_arguments(when[4]), when)


def test_the_participle_behind_a_noun_gives_it_its_doer():
    """A blast claimed by rebels: by rebels. A blast killing rebels: they are the other verb's."""
    claimed = drawn("blast/NN/0/root claimed/VBN/1/acl/claim by/IN/4/case rebels/NNS/2/obl/rebel")
    assert ("by", "rebels") in slots(noun_arguments(claimed[0]), claimed)
    killing = drawn("blast/NN/0/root killing/VBG/1/acl/kill rebels/NNS/2/obj/rebel")
    assert slots(noun_arguments(killing[0]), killing) == set()


def test_a_series_of_attacks_is_carried_by_what_carries_the_series():
    """They carried out a series of attacks, raids and ambushes: the verb carries each; of a wave in the port none."""
    series = "They/PRP/2/nsubj staged/VBD/0/root/stage"
    doc = drawn(f"{series} series/NN/2/obj of/IN/5/case attacks/NNS/3/nmod/attack and/CC/7/cc raids/NNS/5/conj/raid")
    assert [carrier(doc[i]).text for i in (2, 4, 6)] == ["staged"] * 3
    other = drawn(f"{series} play/NN/2/obj about/IN/5/case attacks/NNS/3/nmod/attack")
    assert carrier(other[4]) is None


def test_including_is_no_preposition_before_another_one():
    """In several towns, including in the capital: in. Including the capital: including."""
    both = drawn("rallies/NNS/0/root including/VBG/4/case/include in/IN/4/case Kirra/NNP/1/nmod")
    assert preposition(both[3]) == "in"
    one = drawn("rallies/NNS/0/root including/VBG/3/case/include Kirra/NNP/1/nmod")
    assert preposition(one[2]) == "including"
    assert preposition(one[0]) is None


def test_down_from_compares_and_says_where_nothing_comes_from():
    """14, down from 22: no preposition of 22. Down in the valley, and 22 from Arden: each has its own."""
    compared = drawn("14/CD/0/root ,/,/1/punct down/RB/1/advmod from/IN/5/case 22/CD/3/obl")
    assert preposition(compared[4]) is None
    came = drawn("They/PRP/2/nsubj came/VBD/0/root down/RB/2/advmod from/IN/6/case the/DT/6/det hills/NNS/2/obl/hill")
    assert preposition(came[5]) == "from"
    counted = drawn("Ten/CD/0/root of/IN/3/case 22/CD/1/nmod fled/VBD/1/acl from/IN/6/case 22/CD/4/obl")
    assert preposition(counted[2]) == "of"
    assert preposition(counted[5]) == "from"


def test_only_a_gerund_stands_in_the_slot_of_its_preposition():
    """Accused of stealing: of. With troops fled: a clause, and no slot."""
    accused = drawn("accused/VBN/0/root/accuse of/IN/3/mark stealing/VBG/1/advcl/steal")
    assert gerund_slot(accused[2]) == "of"
    fled = drawn("They/PRP/2/nsubj left/VBD/0/root/leave with/IN/5/mark troops/NNS/5/nsubj fled/VBD/2/advcl/flee")
    assert gerund_slot(fled[4]) is None
