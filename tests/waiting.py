"""A process that waits with its imports done and forks for each thing that it is asked to do.

Who asks hands over bytes and three streams by a socket; a fork answers and ends. What is asked, and what a fork does
with it, is the matter of tests/forked.py and tests/apart.py.
"""

from __future__ import annotations

import array
import os
import select
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[1]


class Waiting:
    """The waiting process, started with a script that calls ``serve``; its folder has the socket; ``close`` ends it."""

    def __init__(self, script: str, **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kg")
        self.folder = Path(self._folder.name)
        self.path = str(self.folder / "asked")
        self._process = subprocess.Popen(
            [sys.executable, script, self.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End the waiting process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        self._folder.cleanup()


def received(connection: socket.socket) -> tuple[bytes, Sequence[int]]:
    """What was asked, and the three streams that came with it."""
    size, (streams, *_), _, _ = connection.recvmsg(12, socket.CMSG_SPACE(3 * 4))
    said = b""
    while len(said) < int(size):
        said += connection.recv(1 << 16)
    return said, array.array("i", streams[2])


def take(streams: Sequence[int]) -> None:
    """Make the streams this process's standard ones."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)


def serve(path: str, answer: Callable[[socket.socket], None]) -> None:
    """Let a fork answer each who asks, until the one who started this closes its standard input."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    forks: set[int] = set()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while 0 not in select.select([listener, 0], [], [])[0]:
        connection, _ = listener.accept()
        if (fork := os.fork()) == 0:
            listener.close()
            answer(connection)
            os._exit(0)
        connection.close()
        forks = {one for one in [*forks, fork] if os.waitpid(one, os.WNOHANG)[0] == 0}
    for fork in forks:
        os.waitpid(fork, 0)
