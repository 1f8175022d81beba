"""What a server is started with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from kg.core.errors import KgError
from kg.store.sparql.federation import ServicePolicy

DEFAULT_PORT = 7300
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """One server: its store, where it listens, and what it allows."""

    store: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT  # 0: any that is free
    write: bool = False
    token: str | None = None  # asked of everybody where there is one
    hosts: tuple[str, ...] = ()  # further names under which browsers may ask for it
    origins: tuple[str, ...] = ()  # of other sites' pages that may read /sparql and /reconcile (CORS)
    timeout: float = 30.0  # seconds for an answer in SPARQL
    workers: int = 2  # processes that answer SPARQL
    policy: ServicePolicy = field(default_factory=ServicePolicy)
    queries: tuple[Path, ...] = ()  # folders of a person's own named queries

    @property
    def names(self) -> frozenset[str]:
        """The hosts that a request may name: those of the loopback, the one it listens at, and those allowed."""
        return frozenset(name.casefold() for name in (*LOOPBACK, self.host, *self.hosts))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at a host."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_origin(origin: str) -> str:
    """An origin as browsers send it; KgError for what is none, or for a star."""
    scheme, colon, rest = origin.partition("://")
    if scheme not in ("http", "https") or not colon or not rest or "/" in rest or "*" in rest:
        raise KgError(
            f"--allow-origin {origin}: give an origin such as http://127.0.0.1:3333, without a path or a star"
        )
    return origin.casefold()
