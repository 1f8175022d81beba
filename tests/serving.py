"""``kg serve`` as a process of its own on a free port of the loopback, and a plain client of it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

START = "from kg.cli import main; main()"


@dataclass
class Answer:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def media(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Serving:
    """A server at work."""

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        port = urlsplit(self.url).port
        assert port is not None
        return port

    def ask(
        self, path: str, method: str = "GET", body: bytes | str | None = None, *, query: object = None, **headers: str
    ) -> Answer:
        """One request on a connection of its own; ``content_type=…`` is a header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        target = f"{path}?{urlencode(query, doseq=True)}" if query else path  # type: ignore[arg-type]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, target, body.encode() if isinstance(body, str) else body, named)
            answer = connection.getresponse()
            content = answer.read()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
        finally:
            connection.close()

    def sparql(self, text: str, **headers: str) -> Answer:
        """A query by GET."""
        return self.ask("/sparql", query={"query": text}, **headers)

    def update(self, text: str, **headers: str) -> Answer:
        """An update by a body."""
        return self.ask("/sparql", "POST", text, content_type="application/sparql-update", **headers)


@contextmanager
def serving(*arguments: str, verb: str = "serve", **environment: str) -> Iterator[Serving]:
    """A server that answers; ended with Ctrl-C's signal, which it must obey."""
    command = [sys.executable, "-c", START, verb, "--port", "0", *arguments]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if found := re.search(r"http://\S+?:\d+/", line):
                yield Serving(found[0], process)
                break
        else:
            raise AssertionError("".join(lines))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(20) in (0, 2)
        finally:
            process.kill()
            assert process.stderr is not None
            process.stderr.close()
