"""``kg merge``: linked data into the store, and links between its things and ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, BaseOption, StoreOption, WaitOption
from kg.cli.output import say

EXAMPLES = ("kg merge seeds/linked/wikidata-slice.ttl", "kg merge companies.nt --dataset companies --store news")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Turtle, N-Triples, RDF/XML, JSON-LD, TriG.")]
DatasetOption = Annotated[
    str | None,
    typer.Option("--dataset", metavar="NAME", help="The dataset's name; default: the file's, without ending."),
]


def command(
    file: FileArgument,
    dataset: DatasetOption = None,
    store: StoreOption = DEFAULT_STORE,
    base: BaseOption = None,
    wait: WaitOption = 0,
) -> None:
    """Bring an RDF file in as a graph of its own, and link its things to the entities of the articles.

    Links go by name, type and what stands around both sides, into a graph of links: accepted where something identifies
    the thing and no other bears the name, else candidates for `kg links`.
    Merging a file again replaces its graph and renews its links; decisions stay. Articles are never changed.
    """
    from kg.linking.merge import merge
    from kg.store.opening import open_store

    with open_store(store, mode="write", base=base, wait=wait) as opened:
        try:
            done = merge(file, opened, dataset)
        finally:
            opened.unmake()
    say(
        f"{done.triples} triples in <{done.graph}>; links: {done.links.get('accepted', 0)} accepted, "
        f"{done.links.get('candidate', 0)} candidates, {done.links.get('rejected', 0)} rejected"
    )
    if done.withdrawn:
        say(
            f"{done.withdrawn} links of other datasets are candidates now: this one shows that several things have the "
            "name (`kg links --status candidate`)"
        )
