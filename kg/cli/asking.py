"""Answering one question of the shell, here or in a process of its own that Ctrl-C can end.

The engine does not return while it works, so on a terminal each question is answered by a second process with its own
opening of the store. Ctrl-C ends that process; the next question starts another.
"""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import typer

from kg.cli.leaving import in_words
from kg.cli.output import open_output, say, terminal_width
from kg.core.counted import counted
from kg.core.errors import KgError, QueryError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from kg.store.opening import Store
    from kg.store.sparql.federation import ServicePolicy


@dataclass(frozen=True, slots=True)
class Question:
    """A query as typed, with what holds for it."""

    text: str
    bind: tuple[str, ...]
    format_name: str | None
    limit: int | None


def answer(store: Store, policy: ServicePolicy, question: Question) -> None:
    """Write the answer to standard output, and how much it is to standard error; KgError where there is none."""
    from kg.query.prepare import answered, known_prefixes, parse_bindings, prepare
    from kg.query.results import GRAPH_FORMATS, SOLUTION_FORMATS, write_results

    started = time.perf_counter()
    prefixes = known_prefixes(store.base)
    bindings = parse_bindings(question.bind, prefixes)
    prepared = prepare(question.text, prefixes=prefixes, bindings=bindings, limit=question.limit)
    graph = prepared.written.form in ("CONSTRUCT", "DESCRIBE")
    chosen = question.format_name if question.format_name in (GRAPH_FORMATS if graph else SOLUTION_FORMATS) else None
    with answered(store, prepared, policy=policy) as results, open_output(None) as file:
        written = write_results(results, file, chosen, prefixes=prepared.prefixes, width=terminal_width())
    if written.count is not None and written.unit != "answer":
        say(f"{counted(written.count, written.unit)} in {time.perf_counter() - started:.3f} s")


class Answerer:
    """A process that answers questions, started when there is one; ``end`` ends it."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._process: SpawnProcess | None = None
        self._questions: Connection | None = None

    def __call__(self, question: Question) -> None:
        """Have a question answered; KgError where it cannot be, or where Ctrl-C ended it."""
        try:
            if self._questions is None:
                self._start()
            assert self._questions is not None  # noqa: S101 # started
            sys.stdout.flush()
            self._questions.send(question)
            complaint = self._questions.recv()
        except (KeyboardInterrupt, EOFError, BrokenPipeError):  # Ctrl-C reaches both processes, in either order
            self.end()
            raise QueryError("the query was ended") from None
        if complaint is not None:
            raise KgError(complaint)

    def _start(self) -> None:
        context = get_context("spawn")  # a fork would share an open database
        self._questions, theirs = context.Pipe()
        self._process = context.Process(target=_answer_all, args=(theirs, self._location), daemon=True)
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None and self._questions is not None:
            self._questions.close()
            self._process.kill()
            self._process.join()
        self._process = self._questions = None


def _answer_all(questions: Connection, location: str) -> None:
    """Answer until nobody asks any more. Ctrl-C ends this process, but only while it works."""
    from kg.store.opening import open_store
    from kg.store.sparql.federation import policy_from_settings

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    policy = policy_from_settings()
    with open_store(location, mode="read") as store:
        while True:
            try:
                question: Question = questions.recv()
            except EOFError:
                return
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            complaint = None
            try:
                answer(store, policy, question)
            except typer.Exit:
                raise
            except Exception as error:  # noqa: BLE001 - told to whoever asked
                complaint = in_words(error)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            questions.send(complaint)
