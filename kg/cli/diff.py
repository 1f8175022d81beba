"""``kg diff``: what two files, or a file and the store, do not share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, OutputOption, StoreOption
from kg.cli.output import open_output, say

EXAMPLES = (
    "kg diff before.ttl after.ttl",
    "kg diff monday.trig",
    "kg diff backup.nq --store http://localhost:7878 --output changes.txt",
)


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A file of RDF: .ttl, .trig, .nt, .nq, .jsonld, .rdf.")],
    new: Annotated[
        Path | None, typer.Argument(metavar="[NEW]", help="Another file; without it, the store.", show_default=False)
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    output: OutputOption = None,
) -> None:
    """Show the statements that only one side has: - the first, + the second.

    Graphs' names count where both sides have them (.trig, .nq, .jsonld, a store). Exit status 1 where they differ.
    """
    from contextlib import ExitStack

    from kg.store.diff import differences
    from kg.store.opening import open_store

    only = {"-": 0, "+": 0}
    with ExitStack() as stack:
        other = new or stack.enter_context(open_store(store, mode="read"))
        found = stack.enter_context(differences(old, other))
        file = stack.enter_context(open_output(output))
        for difference in found:
            only[difference.sign] += 1
            file.write(f"{difference}\n".encode())
    if any(only.values()):
        say(f"kg: only in {old}: {only['-']}, only in {new or store}: {only['+']}")
        raise typer.Exit(1)
