"""Real SPARQL servers for tests: started on a free port in a folder of their own, ended with the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START = 60  # seconds a server may take to answer


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """A server process that can be killed and started again on the same data."""

    command: list[str]
    folder: Path
    url: str
    ready: str  # a URL that answers when the server does
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> Server:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(self.ready, timeout=2).close()  # noqa: S310 - our own http URL
            except urllib.error.HTTPError:
                return self  # it answers
            except OSError:
                assert self.process.poll() is None, f"{self.command[0]} ended at once"
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"{self.command[0]} does not answer")

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def oxigraph_binary() -> str | None:
    """Oxigraph's server, installed beside the Python that runs the tests or on the path."""
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def oxigraph(folder: Path) -> Server:
    """Oxigraph's server on ``folder``, not yet started; its default graph is not the union."""
    port = free_port()
    binary = oxigraph_binary()
    assert binary is not None
    command = [binary, "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    return Server(command, folder, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/")


def virtuoso_binary() -> str | None:
    """Virtuoso 7's server, where its Debian package (virtuoso-opensource-7-bin) is installed."""
    return shutil.which("virtuoso-t")


def virtuoso(folder: Path) -> Server:
    """Virtuoso on ``folder``, not yet started, with updates allowed to everybody who reaches the port."""
    http, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        f"""[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 1000000
""",
        encoding="utf-8",
    )
    command = [str(virtuoso_binary()), "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    server = Server(command, folder, f"http://127.0.0.1:{http}/sparql", f"http://127.0.0.1:{http}/sparql")
    server.start()
    grant = 'GRANT SPARQL_UPDATE TO "SPARQL"; GRANT SPARQL_SPONGE TO "SPARQL"; checkpoint;'
    subprocess.run(
        ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={grant}"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ},
        timeout=60,
    )
    return server
