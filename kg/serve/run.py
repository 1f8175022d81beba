"""Starting and ending the server: uvicorn on a socket of our own, with clients that must not take for ever."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.core.budgets import SERVE_PATIENCE
from kg.core.errors import KgError
from kg.serve.app import create_app
from kg.serve.settings import Settings

_CONNECTIONS = 500
_HEAD_BYTES = 1 << 16  # of a request: queries in addresses are long
_GOODBYE = 3  # seconds for the answers under way when the server is ended


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which the head of a request takes too long to arrive."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take some bytes; where they are no whole head, wait on."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        if self._waiting is None and self._idle():
            self._waiting = self.loop.call_later(SERVE_PATIENCE.value, self._over)

    def _over(self) -> None:
        self._waiting = None
        if self._idle():
            self.transport.close()


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; ``ready`` gets the address when requests are answered.

    KgError where the store cannot be opened or nothing can be bound.
    """
    app = create_app(settings)  # tells of a store that is not there before anything is bound
    listening = _bound(settings)
    config = Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        lifespan="on",
        log_level="critical",
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_graceful_shutdown=_GOODBYE,
    )
    server = _Telling(config, lambda: ready(_address(settings, listening)))
    with listening, suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


class _Telling(Server):
    """A server that tells when it answers."""

    def __init__(self, config: Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401 - as uvicorn has it
        """Start, and tell."""
        await super().startup(sockets)
        if self.started:
            self._told()


def _bound(settings: Settings) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen()  # two that start at once may both bind: one of them may listen
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise KgError(
            f"cannot listen at {settings.host}:{settings.port} ({said}): name another --port or --host"
        ) from error
    return listening


def _address(settings: Settings, listening: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listening.getsockname()[1]}/"
