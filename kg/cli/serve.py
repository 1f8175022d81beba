"""``kg serve``: the store as a web page, a SPARQL endpoint and a reconciliation service."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, AllowServiceOption, OfflineOption, StoreOption
from kg.cli.output import say
from kg.core.errors import KgError
from kg.core.secrets import secret_of

EXAMPLES = (
    "kg serve",
    "kg serve --store demo/store --port 8080",
    "kg serve --write",
    "kg serve --allow-origin http://127.0.0.1:3333",
    "KG_SERVE_TOKEN=… kg serve --host 0.0.0.0 --allow-host news.lan",
)

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0: one that is free.")]
HostOption = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; others than the loopback ask for a token.")
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="NAME", help="A further name under which it may be asked; repeatable."),
]
AllowOriginOption = Annotated[
    list[str] | None,
    typer.Option("--allow-origin", metavar="URL", help="A site whose pages may read /sparql, /graphs and /reconcile."),
]


def command(
    store: StoreOption = DEFAULT_STORE,
    port: PortOption = 7300,
    host: HostOption = "127.0.0.1",
    write: Annotated[
        bool, typer.Option("--write", help="Let updates, graphs and decisions on links change it.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="End an answer in SPARQL after this long.")
    ] = 30,
    processes: Annotated[int, typer.Option("--processes", min=1, help="How many answer SPARQL at once.")] = 2,
    folders: Annotated[
        list[Path] | None,
        typer.Option("--queries", envvar="KG_QUERIES", metavar="FOLDER", help="A folder of your own named queries."),
    ] = None,
    allow_host: AllowHostOption = None,
    allow_origin: AllowOriginOption = None,
    allow_service: AllowServiceOption = None,
    offline: OfflineOption = False,
) -> None:
    """Look at the store in a browser, and let programs ask it, until Ctrl-C ends it.

    Pages of articles, entities, events, a timeline, a map, a network and links at /; SPARQL at /sparql, the Graph
    Store Protocol at /graphs, the W3C Reconciliation API at /reconcile. It follows what a running load publishes, reads
    only unless --write, and reaches no other host. A token is asked for where it listens beyond the loopback, or where
    KG_SERVE_TOKEN sets one.
    """
    start(
        store=store,
        port=port,
        host=host,
        write=write,
        timeout=timeout,
        processes=processes,
        folders=folders or [],
        hosts=allow_host or [],
        origins=allow_origin or [],
        allow_service=allow_service,
        offline=offline,
    )


def start(
    *,
    store: str,
    port: int,
    host: str,
    hosts: list[str],
    origins: list[str],
    write: bool = False,
    timeout: float = 30,
    processes: int = 2,
    folders: Sequence[Path] = (),
    allow_service: list[str] | None = None,
    offline: bool = False,
    page: str = "",
) -> None:
    """Start the server and tell where it is; ``page`` is the address below it that a person is told."""
    from kg.store.sparql.federation import policy_from_settings

    if store == ":memory:":
        raise KgError("a store in memory is empty for a server: name a folder or an endpoint with --store")
    try:
        from kg.serve.run import serve
        from kg.serve.settings import Settings, checked_origin, is_loopback
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn", "jinja2", "h11", "anyio"):
            raise
        raise KgError(f"`kg serve` needs {error.name}: pip install 'newskg[serve]'") from error

    token = secret_of("KG_SERVE_TOKEN") or None
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
        say(f"token: {token}  (set KG_SERVE_TOKEN to choose one)")
    settings = Settings(
        store=store,
        host=host,
        port=port,
        write=write,
        token=token,
        hosts=tuple(hosts),
        origins=tuple(map(checked_origin, origins)),
        timeout=timeout,
        workers=processes,
        policy=policy_from_settings(allow_service, offline=offline, timeout=timeout),
        queries=tuple(folders),
    )
    may = "may change" if write else "reads"
    serve(settings, lambda address: say(f"kg serve: {address}{page} {may} {store}; Ctrl-C ends it"))
