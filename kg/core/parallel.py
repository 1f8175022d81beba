"""Work on batches in several processes, results in the order of the batches whatever the number of processes.

Takes batches lazily and holds a few at a time: the length of the input does not matter. With one process nothing is
started and the work is done here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from kg.core.errors import KgError

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_work: Callable[[Any], Any]


def in_order(
    make: Callable[[], Callable[[Batch], Result]], batches: Iterable[Batch], processes: int
) -> Iterator[tuple[Batch, Result]]:
    """Each batch with ``work(batch)``, where ``work = make()`` is made once in each process; ``make`` must pickle.

    Errors of the work are raised here; KgError where a process dies.
    """
    if processes <= 1:
        work = make()
        for batch in batches:
            yield batch, work(batch)
        return
    # Started afresh rather than forked: threads of the model's runtime do not survive a fork.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_start, initargs=(make,))
    waiting: deque[tuple[Batch, Future[Result]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(_run, batch)))
            if len(waiting) > 2 * processes:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    except BrokenProcessPool as error:
        raise KgError("a process that reads articles died, out of memory perhaps: try fewer --processes") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _next(waiting: deque[tuple[Batch, Future[Result]]]) -> tuple[Batch, Result]:
    batch, future = waiting.popleft()
    return batch, future.result()


def _start(make: Callable[[], Callable[[Any], Any]]) -> None:
    global _work  # noqa: PLW0603 - the one state of a worker process, set once before any work
    _work = make()


def _run(batch: Any) -> Any:  # noqa: ANN401 - typed by in_order
    return _work(batch)
