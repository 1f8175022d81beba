"""Work in several processes: the same results in the same order, lazily, and no process that dies unseen."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from kg.core.errors import ArticleError, KgError
from kg.core.parallel import in_order


class Squares:
    """Work that adds a start to squares, or goes wrong on demand."""

    def __init__(self, start):
        self.start = start

    def __call__(self, number):
        """Give the result, raise, or die."""
        if number == "raise":
            raise ArticleError("no number")
        if number == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return self.start + number * number


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_batches(processes):
    """The number of processes changes nothing about what comes out."""
    results = list(in_order(partial(Squares, 10), iter(range(20)), processes))
    assert results == [(n, 10 + n * n) for n in range(20)]


@pytest.mark.parametrize("processes", [1, 2])
def test_batches_are_taken_lazily(processes):
    """An endless input is worked on a few batches ahead and no further."""
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    results = in_order(partial(Squares, 0), endless(), processes)
    assert [next(results)[1] for _ in range(3)] == [0, 1, 4]
    results.close()
    assert len(taken) < 10


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_work_is_raised_here(processes):
    """A failure in another process is the same failure here."""
    with pytest.raises(ArticleError, match="no number"):
        list(in_order(partial(Squares, 0), [1, "raise", 2], processes))


def test_a_process_that_dies_is_an_error_with_advice():
    """Killed for memory, say: one line tells what to try."""
    with pytest.raises(KgError, match="fewer --processes"):
        list(in_order(partial(Squares, 0), [1, "die", 2], 2))
