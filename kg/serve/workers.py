"""Processes that answer: each does one task at a time, and is ended when it takes longer than it may.

The engine cannot be interrupted, so what strangers ask is asked in a process that can be killed; another one takes its
place when there is something to do again. A kill leaves the store as it was (``kg.store.disk``).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.core.budgets import SERVE_MEGABYTES
from kg.serve.problems import Problem, problem_of
from kg.serve.tasks import WRITING, Desk, Reply, limit_memory, run

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from kg.store.sparql.federation import ServicePolicy

_GONE = 5.0  # seconds for a process that hangs up to be gone
_START = 20.0  # seconds a process may take to begin, beyond its task's


@dataclass(frozen=True, slots=True)
class Done:
    """What a task gave; its file is already without a name, and gone when it is closed."""

    reply: Reply
    file: BinaryIO | None


class Workers:
    """As many processes as ``number``, each started when it is first needed; made and used in one event loop."""

    def __init__(
        self, location: str, policy: ServicePolicy, number: int, timeout: float, queries: tuple[Path, ...] = ()
    ) -> None:
        self._start = (location, policy, queries)
        self._timeout = timeout
        self._folder = Path(tempfile.mkdtemp(prefix="kg-serve-"))
        self._names = itertools.count()
        self._all = [_Worker(*self._start) for _ in range(number)]
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._all:
            self._idle.put_nowait(worker)
        self._one_writes = asyncio.Lock()

    def warm(self) -> None:
        """Start the process that will get the first task."""
        self._all[-1].start()

    async def do(self, name: str, asked: Mapping[str, Any]) -> Done:
        """Have a task done; Problem where it cannot be, or not in time."""
        if name not in WRITING:
            return await self._do(name, asked)
        try:
            async with asyncio.timeout(self._timeout), self._one_writes:
                return await self._do(name, asked)
        except TimeoutError as error:
            raise Problem("busy", "others are writing: try again") from error

    async def _do(self, name: str, asked: Mapping[str, Any]) -> Done:
        try:
            worker = await asyncio.wait_for(self._idle.get(), self._timeout)
        except TimeoutError as error:
            raise Problem("busy", f"all {len(self._all)} processes answer others: try again") from error
        path = self._folder / str(next(self._names))
        work = asyncio.get_running_loop().run_in_executor(
            None, worker.do, name, str(path), {**asked, "timeout": self._timeout}, self._timeout
        )
        work.add_done_callback(lambda _: self._idle.put_nowait(worker))  # also where nobody waits for it any more
        try:
            reply = await asyncio.shield(work)
            return Done(reply, path.open("rb") if reply.media else None)
        except asyncio.CancelledError:
            worker.kill()  # the client is gone
            raise
        finally:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """End all of them."""
        for worker in self._all:
            worker.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Worker:
    """One process, as the server sees it."""

    def __init__(self, location: str, policy: ServicePolicy, queries: tuple[Path, ...]) -> None:
        self._arguments = (location, policy, queries)
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._answered = False  # whether the process has begun, and taken its time for it

    def start(self) -> None:
        """Start it, where it does not run."""
        if self._process is not None and self._process.is_alive():
            return
        self._answered = False
        context = get_context("spawn")  # a fork would share an open database and the server's threads
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, *self._arguments), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, name: str, path: str, asked: Mapping[str, Any], timeout: float) -> Reply:
        """Have it do a task; blocks. Problem as the task has it, or where the process had to be ended."""
        try:
            self.start()
            assert self._line is not None  # noqa: S101 # started
            self._line.send((name, path, asked))
            if not self._line.poll(timeout + (0 if self._answered else _START)):
                self.end()
                raise Problem(
                    "timeout",
                    f"no answer within {timeout:g} s, the work was ended: ask for less, or start "
                    "the server with a longer --timeout",
                )
            answer = self._line.recv()
            self._answered = True
        except (EOFError, OSError) as error:  # it died
            raise Problem("failed", self._death()) from error
        if isinstance(answer, Reply):
            return answer
        kind, words = answer
        raise Problem(kind, words)

    def _death(self) -> str:
        """Why the process died, in words; it is forgotten."""
        process = self._process
        if process is not None:
            process.join(_GONE)
        status = None if process is None else process.exitcode
        self.end()
        if status == -signal.SIGABRT:  # what the engine does where it gets no memory
            return (
                f"the work needed more memory than it may have, and was ended: ask for less; {SERVE_MEGABYTES.hint()}"
            )
        if status is not None and status < 0:
            name = signal.Signals(-status).name
            return (
                f"the process that answered was ended from outside ({name}): by somebody, or by the system where the "
                "machine has no memory left; ask again"
            )
        return (
            f"the process that answers ended by itself (exit status {status}): what it said stands where this server "
            "was started"
        )

    def kill(self) -> None:
        """End the process, whatever it is doing; who waits for it is told."""
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """End the process and forget it."""
        process, line, self._process, self._line = self._process, self._line, None, None
        if process is not None:
            process.kill()
            process.join()
        if line is not None:
            with contextlib.suppress(OSError):
                line.close()


def _work(line: Connection, location: str, policy: ServicePolicy, queries: tuple[Path, ...]) -> None:
    """The process: tasks in, replies or problems out, until nobody asks any more."""
    from kg.core.errors import KgError
    from kg.serve.following import Follower

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    limit_memory()
    try:
        desk = Desk(location, Follower(location), policy, queries)
    except KgError as error:  # the store is gone or damaged: who asks is told, and the next one tries again
        with contextlib.suppress(EOFError, OSError):
            line.recv()
            line.send((problem_of(error).kind, str(error)))
        return
    while True:
        try:
            name, path, asked = line.recv()
        except EOFError:
            return
        answer: Reply | tuple[str, str]
        try:
            answer = run(desk, name, path, asked)
        except KgError as error:
            problem = problem_of(error)
            answer = (problem.kind, str(problem))
        except MemoryError:
            answer = ("failed", "the work needs more memory than it may have: ask for less")
        except Exception as error:  # noqa: BLE001 - whatever it is, a client gets one line
            answer = ("failed", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
        line.send(answer)
