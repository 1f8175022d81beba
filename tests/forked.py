"""``kg`` as a process of its own that need not start: one that has everything imported forks for each command.

A command line costs the tests the import of the program, and of the language model where it reads: up to three seconds
each time. ``Forking`` pays that once. The executable ``kg`` in its folder hands arguments, folder, environment and
streams to the waiting process; the fork of that runs ``kg.cli.main`` on them and sends back the exit status. That the
installed command itself starts is seen by tests/project/test_packaging.py.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tests.waiting import Waiting, received, serve, take

if TYPE_CHECKING:
    import socket

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


class Forking(Waiting):
    """The waiting process, and a folder for the path with a ``kg`` that asks it; ended by ``close``."""

    def __init__(self) -> None:
        super().__init__(__file__, OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
        (self.folder / "client.py").write_text(CLIENT, "utf-8")
        kg = self.folder / "kg"
        kg.write_text(
            f"#!/bin/sh\nexec '{sys.executable}' -SIE '{self.folder}/client.py' '{self.path}' \"$@\"\n", "utf-8"
        )
        kg.chmod(0o755)

    def environment(self) -> dict[str, str]:
        """The environment with the ``kg`` of the folder first on the path."""
        return {**os.environ, "PATH": os.pathsep.join([str(self.folder), *os.get_exec_path()])}


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
    said, streams = received(connection)
    fields = said.split(b"\0")
    last = 2 + int(fields[1])
    take(streams)
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


if __name__ == "__main__":
    _warm()
    serve(sys.argv[1], _answer)
