"""Linking by name and type: what is accepted, what stays a candidate, what is no link at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.core.names import fold
from kg.linking.match import Named, find_links

PARENTS = {"Country": "GPE", "Settlement": "GPE", "GPE": "Place", "Company": "Organization"}


def is_a(name, ancestor):
    """Whether one of the classes of these tests is another or below it."""
    while name is not None:
        if name == ancestor:
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
    assert [(link.status, str(link.score)) for link in links] == [("accepted", "1.0")]
    assert "same preferred name" in links[0].reasons


def test_types_that_exclude_each_other_make_no_link():
    """A company is not the town of its name."""
    assert _statuses([_named("o:1", "Arden", "Company")], [_named("t:1", "Arden", "Settlement")]) == {}


def test_two_targets_of_one_name_are_candidates_both():
    """Where two towns bear the name, a person decides."""
    theirs = [_named("t:1", "Arden", "Settlement"), _named("t:2", "Arden", "Settlement")]
    assert set(_statuses([_named("o:1", "Arden", "GPE")], theirs).values()) == {"candidate"}


def test_a_rival_of_another_type_does_not_spoil_a_link():
    """A town is accepted although a company is called like it."""
    theirs = [_named("t:1", "Arden", "Settlement"), _named("t:2", "Arden", "Company")]
    assert _statuses([_named("o:1", "Arden", "GPE")], theirs) == {("o:1", "t:1"): "accepted"}


def test_a_target_of_unknown_type_is_a_candidate():
    """A name alone decides nothing."""
    assert _statuses([_named("o:1", "Arden", "GPE")], [_named("t:1", "Arden")]) == {("o:1", "t:1"): "candidate"}


def test_an_alternative_name_links_unless_it_is_a_mere_acronym():
    """Former names are names; two or three letters may stand for anything."""
    ours = [_named("o:1", "Northern Oil", "Company"), _named("o:2", "NFA", "Organization")]
    theirs = [
        _named("t:1", "Novoil|Northern Oil", "Company"),
        _named("t:2", "National Farm Agency|NFA", "Organization"),
    ]
    assert _statuses(ours, theirs) == {("o:1", "t:1"): "accepted", ("o:2", "t:2"): "candidate"}


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
    """The same things in any order give the same links, at most one accepted target for each of ours."""
    ours = [_named(f"o:{i}", n, t) for i, (n, t) in enumerate(ours)]
    theirs = [_named(f"t:{i}", n, t) for i, (n, t) in enumerate(theirs)]
    links = find_links(ours, theirs, is_a)
    assert links == find_links(ours[::-1], theirs[::-1], is_a)
    assert all(0 < link.score <= 1 for link in links)
    accepted = [link.subject for link in links if link.status == "accepted"]
    assert len(accepted) == len(set(accepted))
