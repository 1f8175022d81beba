"""``kg`` as a process of its own that need not start: one that has everything imported forks for each command.

A command line costs the tests the import of the program, and of the language model where it reads: up to three seconds
each time. ``Forking`` pays that once. The executable ``kg`` in its folder hands arguments, folder, environment and
streams to the waiting process; the fork of that runs ``kg.cli.main`` on them and sends back the exit status. That the
installed command itself starts is seen by tests/project/test_packaging.py.
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

ROOT = Path(__file__).parents[1]
CLIENT = """\
import sys, os, _socket, array
server = _socket.socket(_socket.AF_UNIX)
server.connect(sys.argv[1])
said = [os.getcwdb(), b"%d" % (len(sys.argv) - 2), *map(os.fsencode, sys.argv[2:])]
said = b"\\0".join([*said, *(name + b"=" + value for name, value in os.environb.items())])
streams = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
server.sendmsg([b"%12d" % len(said)], streams)
while said:
    said = said[server.send(said):]
os._exit(int(server.recv(8) or b"70"))
"""


class Forking:
    """The waiting process, and a folder for the path with a ``kg`` that asks it; ended by ``close``."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kg")
        self.folder = Path(self._folder.name)
        (self.folder / "client.py").write_text(CLIENT, "utf-8")
        kg = self.folder / "kg"
        kg.write_text(
            f"#!/bin/sh\nexec '{sys.executable}' -SIE '{self.folder}/client.py' '{self.folder}/asked' \"$@\"\n", "utf-8"
        )
        kg.chmod(0o755)
        alone = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(self.folder / "asked")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **alone},
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def environment(self) -> dict[str, str]:
        """The environment with the ``kg`` of the folder first on the path."""
        return {**os.environ, "PATH": os.pathsep.join([str(self.folder), *os.get_exec_path()])}

    def close(self) -> None:
        """End the waiting process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        self._folder.cleanup()


def _warm() -> None:
    """Import what the verbs import when they are called, and load what they load."""
    import importlib

    from kg.cli import VERBS
    from kg.ontology.load import load_ontology
    from kg.pipeline import prepared

    for verb in VERBS:
        importlib.import_module(f"kg.cli.{verb}")
    for name in ("kg.extract.reading", "kg.graph.triples", "kg.graph.validate", "kg.store.opening", "kg.query.results"):
        importlib.import_module(name)
    load_ontology()
    prepared._model("default")


def _answer(connection: socket.socket) -> None:
    """Run one command in this process, which ends with it."""
    size, (streams, *_), _, _ = connection.recvmsg(12, socket.CMSG_SPACE(3 * 4))
    said = b""
    while len(said) < int(size):
        said += connection.recv(1 << 16)
    fields = said.split(b"\0")
    last = 2 + int(fields[1])
    handed = array.array("i", streams[2])
    for number, stream in enumerate(handed):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(fields[0])
    os.environb.clear()
    os.environb.update(dict(field.split(b"=", 1) for field in fields[last:]))
    sys.argv = ["kg", *map(os.fsdecode, fields[2:last])]
    from kg.cli import main

    status = 70
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    finally:
        connection.sendall(str(status).encode())
        os._exit(0)


def _serve(path: str) -> None:
    """Wait for commands until the one who started this closes its standard input."""
    _warm()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    forks: set[int] = set()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        if 0 in ready:
            break
        connection, _ = listener.accept()
        if (fork := os.fork()) == 0:
            listener.close()
            _answer(connection)
        connection.close()
        forks = {one for one in [*forks, fork] if os.waitpid(one, os.WNOHANG)[0] == 0}
    for fork in forks:
        os.waitpid(fork, 0)


if __name__ == "__main__":
    _serve(sys.argv[1])
