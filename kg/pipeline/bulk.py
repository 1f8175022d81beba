"""Prepared graphs into a store."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.store.opening import Store

_BATCH = 64  # graphs that are stored and published together


def store_graphs(store: Store, graphs: Iterable[tuple[str, bytes]]) -> int:
    """Put graphs (IRI, sorted N-Triples) in the place of what the store holds of them; how many they were."""
    count, rest = 0, iter(graphs)
    while batch := dict(islice(rest, _BATCH)):
        store.replace_many(batch)
        count += len(batch)
    return count
