"""Names in other spellings, orders, legal forms and initials: which meet, how, and which do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linking.match import find_links
from kg.linking.names import Kind, keys_of, meet
from kg.linking.things import Named


def _kind(one, other):
    """The surest way in which two names meet, None where they do not."""
    shared = sorted(keys_of(one) & keys_of(other))
    return next((kind for kind, _ in shared if meet(kind, one, other)), None)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("São Tomas", "SAO TOMAS", Kind.EXACT),
        ("Tomas Vey", "Vey, Tomas", Kind.EXACT),
        ("U.N.", "UN", Kind.EXACT),
        ("The U.N.", "UN", Kind.SPELLING),
        ("Nguyễn Văn An", "Nguyen Van An", Kind.EXACT),
        ("Jörg Müller", "Joerg Mueller", Kind.SPELLING),
        ("Søren Bjørk", "Soeren Bjoerk", Kind.SPELLING),
        ("Osk Oil Corp.", "OSK OIL Corporation", Kind.SPELLING),
        ("Osk Oil", "Osk Oil Co., Ltd.", Kind.SPELLING),
        ("Osk Oil S.A.", "Osk Oil", Kind.SPELLING),
        ("Osk & Vey", "Osk and Vey", Kind.SPELLING),
        ("Dr Tomas Vey", "Tomas Vey", Kind.SPELLING),
        ("President Vey, Tomas", "Tomas Vey", None),
        ("Kyiv", "Kiev", Kind.SPELLING),
        ("Ministry of Defence", "Ministry of Defense", Kind.SPELLING),
        ("St. Osk", "Saint Osk", Kind.SPELLING),
        ("Muammar Gaddafi", "Moammar Qadhafi", Kind.ALIKE),
        ("Muammar al-Gaddafi", "Muammar Khadafy", Kind.ALIKE),
        ("Mohamed Osman", "Muhammad Usman", Kind.ALIKE),
        ("Volodymyr Zelensky", "Vladimir Zelenskiy", Kind.ALIKE),
        ("Osama bin Laden", "Usama ibn Ladin", Kind.ALIKE),
        ("Pyotr Tchaikovsky", "Petr Chaikovskii", Kind.ALIKE),
        ("NFA", "National Farm Agency", Kind.ACRONYM),
        ("N.F.A.", "National Farm Agency", Kind.ACRONYM),
        ("Organisation of Salt Exporters", "OSE", Kind.ACRONYM),
        ("Marina Lopez", "Moreno Lopez", None),
        ("Ana Kessel", "Ana Kestrel", None),
        ("Kim Jong Un", "Kim Jong Nam", None),
        ("Gaza", "Giza", None),
        ("Mali", "Malé", None),
        ("National Farm Agency", "New Fish Alliance", None),
        ("NF", "National Farm", None),
        ("Corp.", "Ltd", None),
        ("—", "—", None),
    ],
)
def test_ways_in_which_names_meet(one, other, kind):
    """Each pair meets in the surest way that holds, from either side."""
    assert _kind(one, other) == _kind(other, one) == kind


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_keys_and_meets_the_same_from_both_sides(one, other):
    """No text is too odd, and meeting has no direction."""
    assert _kind(one, other) == _kind(other, one)


def _links(our_name, their_names, kind, **around):
    parts = {name: frozenset(values) for name, values in around.items()}
    ours = [Named("o:1", (our_name,), frozenset({kind}), **parts)]
    theirs = [Named(f"t:{n}", (name,), frozenset({kind}), **parts) for n, name in enumerate(their_names)]
    return find_links(ours, theirs, lambda one, other: one == other)


def test_another_spelling_or_one_alike_is_a_candidate_and_more_with_its_country():
    """An umlaut written out is the name; with one country it is more; a like transliteration may be a brother."""
    for ours, theirs in (("Jo Müller", "Jo Mueller"), ("Ali Gaddafi", "Aly Qadhafi")):
        (bare,), (placed,) = (_links(ours, [theirs], "Person", **more) for more in ({}, {"places": {"norvia"}}))
        assert bare.score < placed.score
        assert bare.status == "candidate"


def test_a_name_that_is_only_alike_is_no_rival_of_one_that_is_the_same():
    """The exact one is likelier than a name like it; the other says that things of the name fit."""
    links = _links("Ali Gaddafi", ["Ali Gaddafi", "Aly Qadhafi"], "Person", places={"norvia"})
    assert [(link.target, link.has_rivals) for link in links] == [("t:0", False), ("t:1", True)]
    assert links[0].score > links[1].score
    assert "written alike: Ali Gaddafi and Aly Qadhafi" in links[1].reasons
