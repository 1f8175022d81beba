"""Linking by name and type: what is accepted, what stays a candidate, what is no link at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.names import fold
from kg.linking.match import accept, find_links
from kg.linking.things import Known, Named

PARENTS = {
    **dict.fromkeys(("Country", "Region", "Settlement"), "GPE"),
    "GPE": "Place",
    **dict.fromkeys(("Company", "Government", "Association"), "Organization"),
}
TRAITS = {"Country": "country", "Government": "commonName"}


def is_a(name, ancestor):
    """Whether one of the classes of these tests is another or below it."""
    while name is not None:
        if ancestor in (name, TRAITS.get(name)):
            return True
        name = PARENTS.get(name)
    return False


def _named(iri, names, *types):
    return Named(iri, tuple(names.split("|")), frozenset(types))


def _statuses(ours, theirs):
    return {(link.subject, link.target): link.status for link in find_links(ours, theirs, is_a)}


def test_one_name_and_fitting_types_are_accepted():
    """A country of ours meets the one country of that name, whatever case and accents."""
    links = find_links([_named("o:1", "Norvia", "GPE")], [_named("t:1", "NÓRVIA", "Country")], is_a)
    assert [link.status for link in links] == ["accepted"]
    assert "same preferred name" in links[0].reasons


def test_types_that_exclude_each_other_make_no_link():
    """A company is not the town of its name."""
    assert _statuses([_named("o:1", "Arden", "Company")], [_named("t:1", "Arden", "Settlement")]) == {}


def test_a_name_that_occurs_once_in_the_other_file_is_no_proof():
    """One town, one person, one company of the name: nothing says that it is ours."""
    theirs = [
        _named("t:1", "Arden", "Settlement"),
        _named("t:2", "Ana Kessel", "Person"),
        _named("t:3", "Osk", "Company"),
    ]
    ours = [_named("o:1", "Arden", "GPE"), _named("o:2", "Ana Kessel", "Person"), _named("o:3", "Osk", "Company")]
    links = find_links(ours, theirs, is_a)
    assert [link.status for link in links] == ["candidate"] * 3
    assert all(link.reasons for link in links)


AROUND = [
    ({"places": {"norvia"}}, {"places": {"norvia"}}, 1),
    ({"related": {"salt league"}}, {"related": {"salt league"}}, 1),
    ({"places": {"norvia"}}, {"places": {"sorvia"}}, -1),
    ({"beside": {"old quarter"}}, {"related": {"old quarter"}}, 1),
]


def _with(thing, parts):
    return replace(thing, **{name: frozenset(names) for name, names in parts.items()})


@pytest.mark.parametrize(("ours", "theirs", "better"), AROUND)
@pytest.mark.parametrize("kind", ["Person", "Settlement"])
def test_what_stands_around_both_sides_speaks_for_or_against(kind, ours, theirs, better):
    """Being of one country, or having to do with the same, is more than a name; being of different ones is less."""
    known = Known(countries=frozenset({"norvia", "sorvia"}))
    bare = _named("o:1", "Ana Arden", kind), _named("t:1", "Ana Arden", kind)
    (plain,) = find_links([bare[0]], [bare[1]], is_a, known)
    (link,) = find_links([_with(bare[0], ours)], [_with(bare[1], theirs)], is_a, known)
    assert (link.score - plain.score) * better > 0
    assert link.status == "candidate" or better > 0
    assert len(link.reasons) > len(plain.reasons)


def test_much_that_speaks_for_a_person_is_enough():
    """One country, one trade in the words of both, there at the time: accepted, and each said in words."""
    known = Known(countries=frozenset({"norvia"}))
    our = replace(_with(_named("o:1", "Ana Arden", "Person"), {"places": {"norvia"}}), years=(2024, 2024))
    our = replace(our, called=frozenset({"minist", "trade"}), said=frozenset({"minist", "trade"}))
    their = replace(_with(_named("t:1", "Ana Arden", "Person"), {"places": {"norvia"}}), years=(1970, None))
    (link,) = find_links([our], [replace(their, called=frozenset({"minist", "trade"}))], is_a, known)
    assert link.status == "accepted"
    assert {"both of norvia", "both are called minist, trade"} <= set(link.reasons)


def test_of_two_towns_the_one_in_the_other_country_is_no_rival():
    """Two towns of one name: the one whose country is ours is accepted, the other is a poor candidate."""
    ours = [_with(_named("o:1", "Arden", "GPE"), {"places": {"norvia"}})]
    theirs = [
        _with(_named("t:1", "Arden", "Settlement"), {"places": {"norvia"}}),
        _with(_named("t:2", "Arden", "Settlement"), {"places": {"sorvia"}}),
    ]
    links = find_links(ours, theirs, is_a, Known(countries=frozenset({"norvia", "sorvia"})))
    assert links[0].score > 10 * links[1].score
    assert not links[0].has_rivals
    assert "against: ours is of norvia, theirs of sorvia" in links[1].reasons


@pytest.mark.parametrize("kind", ["Settlement", "Country"])
def test_two_targets_of_one_name_are_candidates_both(kind):
    """Where two towns or two countries bear the name, a person decides."""
    theirs = [_named("t:1", "Arden", kind), _named("t:2", "Arden", kind)]
    links = find_links([_named("o:1", "Arden", "GPE")], theirs, is_a)
    assert [(link.status, link.has_rivals) for link in links] == [("candidate", True)] * 2


def test_two_of_ours_for_one_target_are_candidates_both():
    """Nothing says which of two is the one of theirs, or that both are: neither is accepted."""
    ours = [_named("o:1", "Arden", "GPE"), _named("o:2", "ARDEN", "GPE")]
    assert set(_statuses(ours, [_named("t:1", "Arden", "Country")]).values()) == {"candidate"}


def test_a_rival_of_another_type_does_not_spoil_a_link():
    """A country is accepted although a company is called like it."""
    theirs = [_named("t:1", "Arden", "Country"), _named("t:2", "Arden", "Company")]
    assert _statuses([_named("o:1", "Arden", "GPE")], theirs) == {("o:1", "t:1"): "accepted"}


def test_a_name_that_other_places_bear_says_neither_which_nor_what_it_is():
    """What was read as a country by its name may be the state of that name."""
    known = Known(shared=frozenset({"arden"}))
    theirs = [_named("t:1", "Arden", "Country"), _named("t:2", "Arden", "Region")]
    for some in (theirs, theirs[:1]):
        links = find_links([_named("o:1", "Arden", "Country")], some, is_a, known)
        assert [link.status for link in links] == ["candidate"] * len(some)


def test_a_target_of_unknown_type_is_a_candidate():
    """A name alone decides nothing."""
    assert _statuses([_named("o:1", "Arden", "GPE")], [_named("t:1", "Arden")]) == {("o:1", "t:1"): "candidate"}


def test_of_bodies_many_have_some_names_and_all_news_one():
    """Ministries everywhere are called alike; a name that all news uses for one tells more; none is enough alone."""
    known = Known(generic=frozenset({"ministry", "affairs"}), unique=frozenset({("salt league", "Association")}))
    score = {}
    for name, kind in (
        ("Ministry of Affairs", "Organization"),
        ("Salt League", "Association"),
        ("NFA", "Organization"),
    ):
        (link,) = find_links([_named("o:1", name, kind)], [_named("t:1", name, "Organization")], is_a, known)
        score[name] = link.score
    assert score["Salt League"] > score["Ministry of Affairs"]
    assert max(score.values()) < accept()


def test_a_name_of_no_letters_links_nothing():
    """Two things called by punctuation have no name in common."""
    assert _statuses([_named("o:1", "—", "GPE")], [_named("t:1", "…", "GPE")]) == {}
    assert _statuses([_named("o:1", "—", "GPE")], [_named("t:1", "—", "GPE")]) == {}


names = st.text(st.sampled_from("aA Éé-.the"), min_size=1, max_size=6)
things = st.lists(st.builds(lambda n, t: (n, t), names, st.sampled_from(["Country", "GPE", "Company"])), max_size=6)


@given(st.text(max_size=40))
def test_the_normal_form_is_its_own_normal_form_but_for_articles(name):
    """Normalising changes nothing about case, accents and punctuation that is normal already."""
    once = fold(name)
    if any(letter.isalnum() for letter in once):
        assert fold("x " + once) == "x " + once


@given(things, things)
def test_links_do_not_depend_on_order_and_scores_stay_between_0_and_1(ours, theirs):
    """The same things in any order give the same links, at most one accepted for each of either side."""
    ours = [_named(f"o:{i}", n, t) for i, (n, t) in enumerate(ours)]
    theirs = [_named(f"t:{i}", n, t) for i, (n, t) in enumerate(theirs)]
    links = find_links(ours, theirs, is_a)
    assert links == find_links(ours[::-1], theirs[::-1], is_a)
    assert all(0 < link.score <= 1 for link in links)
    for side in ("subject", "target"):
        accepted = [getattr(link, side) for link in links if link.status == "accepted"]
        assert len(accepted) == len(set(accepted))


def test_rivals_share_the_chance_and_are_told():
    """The more things of a name fit, the less is each one's chance; all of it is no more than one."""
    our, town = _named("o:1", "Arden", "Country"), _named("t:1", "Arden", "Country")
    before = find_links([our], [town], is_a)[0].score
    for rivals in (1, 2, 5):
        others = [_named(f"t:{n + 2}", "Arden", "Country") for n in range(rivals)]
        links = find_links([our], [town, *others], is_a)
        assert {link.score for link in links} < {before} or max(link.score for link in links) < before
        assert sum(link.score for link in links) <= 1 + rivals * Decimal("0.005")
        assert all(any(reason.startswith(f"{rivals + 1} ") for reason in link.reasons) for link in links)
        before = links[0].score


def test_of_two_of_ours_the_better_one_keeps_the_target():
    """Where one of two fits better its chance is more; where both fit as well, neither is accepted."""
    country = Known(countries=frozenset({"norvia"}))
    theirs = _with(_named("t:1", "Arden|Old Arden", "Settlement"), {"places": {"norvia"}})
    best = _with(_named("o:1", "Arden", "Settlement"), {"places": {"norvia"}})
    other = _with(_named("o:2", "Old Arden", "Settlement"), {"places": {"norvia"}})
    links = find_links([best, other], [theirs], is_a, country)
    assert max(links, key=lambda link: link.score).subject == "o:1"
    assert sum(link.status == "accepted" for link in links) <= 1
    again = find_links([best, replace(best, iri="o:3")], [theirs], is_a, country)
    assert [link.status for link in again] == ["candidate"] * 2


@pytest.mark.parametrize(("theirs", "same"), [("Arden|Sorva", True), ("Sorva|Arden", False), ("Old Osk|Sorva", False)])
def test_the_preferred_name_is_the_first_one(theirs, same):
    """Of several names the first one is preferred, on both sides; another one in common is less."""
    (link,) = find_links([_named("o:1", "Arden|Old Osk", "Country")], [_named("t:1", theirs, "Country")], is_a)
    assert ("same preferred name" in link.reasons) == same
