"""``kg bulk``: what was prepared elsewhere into a store, without reading an article."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, StoreOption, WaitOption
from kg.cli.output import say
from kg.core.errors import KgError

EXAMPLES = ("kg bulk news-tables --store copy",)


def command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A bundle of tables (`kg export --as tables`).")],
    store: StoreOption = DEFAULT_STORE,
    wait: WaitOption = 0,
) -> None:
    """Put what a folder holds into a store: the graphs of a bundle of tables, each with the bytes that it had.

    A graph that the store holds already is replaced. The store gets, or must have, the base of the folder's IRIs.
    """
    from kg.pipeline.bulk import store_graphs
    from kg.store.exporters.bundle import bundle_base, bundle_graphs, is_bundle
    from kg.store.opening import open_store

    if not folder.is_dir():
        raise KgError(f"{folder}: no such folder")
    if not is_bundle(folder):
        raise KgError(f"{folder} holds no datapackage.json: make a bundle with `kg export --as tables`")
    with open_store(store, mode="write", base=bundle_base(folder), wait=wait) as opened:
        try:
            count = store_graphs(opened, bundle_graphs(folder))
        finally:
            opened.unmake()
    say(f"{count} graphs stored")
