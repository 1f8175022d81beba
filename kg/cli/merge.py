"""``kg merge``: linked data into the store, and links between its things and ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from kg.cli.options import DEFAULT_STORE, BaseOption, FormatOption, OutputOption, StoreOption, WaitOption
from kg.cli.output import print_rows, say
from kg.core.errors import KgError

EXAMPLES = (
    "kg merge seeds/linked/wikidata-slice.ttl",
    "kg merge companies.nt --dataset companies --store news",
    "kg merge --list",
    "kg merge --drop companies --store news",
)

FileArgument = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="Turtle, N-Triples, N-Quads, TriG, RDF/XML, JSON-LD.")
]
DatasetOption = Annotated[
    str | None,
    typer.Option("--dataset", metavar="NAME", help="The dataset's name; default: the file's, without ending."),
]

ListOption = Annotated[bool, typer.Option("--list", help="List the datasets in the store, with their links by status.")]
DropOption = Annotated[
    str | None, typer.Option("--drop", metavar="NAME", help="Take a dataset out, with its links and their sameAs.")
]
_STATUSES: tuple[Literal["accepted", "candidate", "rejected"], ...] = ("accepted", "candidate", "rejected")


def command(
    file: FileArgument = None,
    dataset: DatasetOption = None,
    listing: ListOption = False,
    drop: DropOption = None,
    store: StoreOption = DEFAULT_STORE,
    base: BaseOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """Bring an RDF file in as a graph of its own, and link its things to the entities of the articles.

    Links go by name, type and what stands around both sides, into a graph of links: accepted where something identifies
    the thing and no other bears the name, else candidates for `kg links`.
    Numbers, dates and truth values come back in the store's own form (1.50 as 1.5, 007 as 7, 1.0E3 as 1000); every
    other literal as it was written. Triples as terms of triples (RDF 1.2) are refused, as by every verb.
    Merging a file again replaces its graph and renews its links; decisions stay. Articles are never changed. --drop
    leaves everything else byte by byte as it was before the dataset was merged.
    """
    from kg.linking.merge import datasets, drop_dataset, merge
    from kg.store.opening import open_store

    if (file is not None) + listing + (drop is not None) != 1:
        raise KgError("merge takes a FILE, or --list, or --drop NAME")
    if listing:
        with open_store(store, mode="read") as opened:
            rows = [
                (one.name, one.triples, *(one.links.get(status, 0) for status in _STATUSES), one.graph)
                for one in datasets(opened)
            ]
        columns = ("dataset", "triples", *_STATUSES, "graph")
        print_rows(columns, rows, format_name=format_name, output=output)
        return
    if drop is not None:
        open_store(store, mode="read").close()  # a missing store is not made by dropping
        with open_store(store, mode="write", base=base, wait=wait) as opened:
            gone = drop_dataset(opened, drop)
        say(f"dropped dataset {drop} with {gone} links")
        return
    assert file is not None  # noqa: S101 # one of three, as said above
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
