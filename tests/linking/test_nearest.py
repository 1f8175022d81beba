"""Names among many labels: what is near is found, what is not is left alone."""

import pytest

from benchmarks.reconcile import asked, labels
from kg.linking import dataset
from kg.linking.merge import merge
from kg.linking.nearest import nearest
from kg.store.opening import open_store
from tests.linking.test_merge import ARTICLE, OURS, THEIRS, _state

LABELS = ["Kaddafi, Muammar", "Müller-Lüdenscheidt GmbH", "Bali", "Springfield Council", "Ruelo, José", "The Grey Tide"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Muammar Gaddafi", {0}),
        ("Muller Ludenscheidt GmbH", {1}),
        ("José Ruelo", {4}),
        ("grey tide", {5}),
        ("Mali", set()),
        ("Springfield", set()),
        ("", set()),
        ("Ω", set()),
    ],
)
def test_what_is_written_nearly_alike(name, found):
    """Accents, order and single letters make little difference, another word does."""
    assert {near.label for near in nearest([name], LABELS) if near.ratio >= 85} == found


def test_every_kind_of_change_is_found_again():
    """Of names made of 5,000 labels nine in ten lead back, and those made of none lead nowhere; the same every time."""
    wanted = asked(300, 5_000)
    names = [name for name, _ in wanted]
    found = list(nearest(names, labels(5_000)))
    pairs = {(near.name, near.label) for near in found}
    there = [(number, label) for number, (_, label) in enumerate(wanted) if label is not None]
    assert sum(pair in pairs for pair in there) > 0.9 * len(there)
    assert not [near for near in found if wanted[near.name][1] is None]
    assert found == list(nearest(names, labels(5_000)))


def test_a_large_dataset_gives_the_same_links(tmp_path, monkeypatch):
    """What is not near is no candidate, so leaving it out changes nothing."""
    (tmp_path / "slice.ttl").write_text(THEIRS, "utf-8")
    states = []
    for large in (dataset.LARGE, 1):
        monkeypatch.setattr(dataset, "LARGE", large)
        with open_store(":memory:", mode="write") as store:
            store.replace(ARTICLE, OURS)
            merge(tmp_path / "slice.ttl", store)
            states.append(_state(store))
    assert states[0] == states[1]
