"""RDF is read by a process of its own, as the program does it (kg/store/apart.py), but by one that need not start.

Python and its imports cost a file that is merged, validated or compared a fourteenth of a second, and the tests read
some hundred. Here one process has them and forks for each file: the fork has the text, its limits and its end to
itself, as the program's own child has. That this one starts and reads is seen by tests/core/test_budgets.py.
"""

from __future__ import annotations

import array
import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from types import SimpleNamespace
from typing import Any

from kg.store import apart
from tests.waiting import Waiting, received, serve, take


class Reading(Waiting):
    """The waiting process, started by the first file that is read and ended with this one."""

    def __init__(self) -> None:
        super().__init__(__file__)
        atexit.register(self.close)

    def run(self, arguments: list[str], streams: list[int], environment: dict[str, str]) -> int:
        """Let a fork read with these arguments, streams and environment; its exit status, negative where killed."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(self.path)
            said = json.dumps([arguments, environment]).encode("utf-8", "surrogatepass")
            handed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", streams))]
            asking.sendmsg([b"%12d" % len(said)], handed)
            asking.sendall(said)
            return int(asking.recv(8))


_READING: list[Reading] = []


def _run(command: list[str], *, stdin: Any, stdout: Any, stderr: int, check: bool, env: dict[str, str]) -> Any:
    """``subprocess.run`` for the one command that ``kg.store.apart`` starts."""
    assert (command[1:3], stderr, check) == (["-c", apart._START], subprocess.PIPE, False)
    if not _READING:
        _READING.append(Reading())
    with tempfile.TemporaryFile() as said:
        streams = [stdin.fileno(), stdout.fileno(), said.fileno()]
        status = _READING[0].run(["-c", *command[3:]], streams, env)
        said.seek(0)
        return SimpleNamespace(returncode=status, stderr=said.read())


def keep() -> None:
    """Let RDF be read by forks in this process from now on."""
    apart.subprocess = SimpleNamespace(run=_run, PIPE=subprocess.PIPE)  # type: ignore[assignment]


def start() -> None:
    """Let it be read as the program does it, by a process that starts."""
    apart.subprocess = subprocess  # type: ignore[assignment]


def _answer(connection: socket.socket) -> None:
    """Fork for one text, and say how that ended."""
    said, streams = received(connection)
    if (fork := os.fork()) == 0:
        sys.argv, environment = json.loads(said)
        take(streams)
        os.environ.clear()
        os.environ.update(environment)
        connection.close()
        status = 0
        try:
            apart.main()
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else 0
        except BaseException as error:  # noqa: BLE001 - as Python ends
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            status = 1
        sys.stdout.flush()
        sys.stderr.flush()  # holds what has no line end, unless PYTHONUNBUFFERED says otherwise
        os._exit(status)
    connection.sendall(b"%d" % os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]))


if __name__ == "__main__":
    serve(sys.argv[1], _answer)
