"""``kg reconcile``: the W3C Reconciliation API over the store, for OpenRefine and other clients."""

from __future__ import annotations

from kg.cli.options import DEFAULT_STORE, StoreOption
from kg.cli.serve import AllowHostOption, AllowOriginOption, HostOption, PortOption, start

EXAMPLES = (
    "kg reconcile",
    "kg reconcile --allow-origin http://127.0.0.1:3333",
    "kg reconcile --store news --port 8000",
)


def command(
    store: StoreOption = DEFAULT_STORE,
    port: PortOption = 7300,
    host: HostOption = "127.0.0.1",
    allow_host: AllowHostOption = None,
    allow_origin: AllowOriginOption = None,
) -> None:
    """Serve the W3C Reconciliation API 0.2 at /reconcile: which of our entities is meant by a name in a table.

    The same server as `kg serve`, which it tells the address of the service. OpenRefine: add a standard service
    with that address; its own pages ask for suggestions, so name them with --allow-origin.
    """
    start(store=store, port=port, host=host, hosts=allow_host or [], origins=allow_origin or [], page="reconcile")
