"""``kg bulk``: what was prepared elsewhere into a store, without reading an article."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, StoreOption, WaitOption
from kg.cli.output import open_output, say
from kg.core.counted import counted
from kg.core.errors import KgError

EXAMPLES = (
    "kg bulk shards --store news",
    "kg bulk shards --store http://localhost:7878/query",
    "kg bulk shards --commands qlever",
    "kg bulk news-tables --store copy",
)


def command(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="Shards (`kg load --shards`), or a bundle of tables.")
    ],
    store: StoreOption = DEFAULT_STORE,
    commands: Annotated[
        str | None,
        typer.Option("--commands", metavar="SERVER", help="Print what to run instead: oxigraph, virtuoso or qlever."),
    ] = None,
    wait: WaitOption = 0,
) -> None:
    """Put what a folder holds into a store, the fastest way that the store has: shards, or a bundle of tables.

    A new store in a folder is made by the engine's bulk loader and takes its name when it is whole; an Oxigraph server
    that holds nothing yet gets the shards as files; any other store gets graph after graph, which may be repeated. For
    servers that load files by themselves --commands prints what to run.
    """
    from kg.pipeline.bulk import commands as commands_for
    from kg.pipeline.bulk import load_shards_into, store_graphs
    from kg.pipeline.shards import Folder
    from kg.store.exporters.bundle import bundle_base, bundle_graphs, is_bundle
    from kg.store.opening import open_store

    shards = Folder(folder)
    if commands is not None:
        with open_output(None) as file:
            file.writelines(f"{line}\n".encode() for line in commands_for(shards, commands))
        return
    path = Path(folder)
    if shards.is_here and not path.is_dir():
        raise KgError(f"{folder}: no such folder")
    if shards.is_here and is_bundle(path):
        with open_store(store, mode="write", base=bundle_base(path), wait=wait) as opened:
            try:
                count = store_graphs(opened, bundle_graphs(path))
            finally:
                opened.unmake()
        say(f"{counted(count, 'graph')} stored")
        return
    if "shards.json" not in shards.names():
        raise KgError(
            f"{folder} holds neither shards nor a datapackage.json: `kg load --shards` or `kg export --as tables`"
        )
    say(f"{counted(load_shards_into(shards, store, wait), 'quad')} loaded")
