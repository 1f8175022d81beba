"""``kg merge``: linked data into the store, and links between its things and ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kg.cli.options import DEFAULT_STORE, BaseOption, FormatOption, OutputOption, StoreOption, WaitOption
from kg.cli.output import print_rows, say
from kg.core.counted import counted
from kg.core.errors import KgError
from kg.core.iris import is_address

if TYPE_CHECKING:
    from kg.linking.merge import Merged
    from kg.linking.sources import Source
    from kg.store.opening import Store

EXAMPLES = (
    "kg merge seeds/linked/wikidata-slice.ttl",
    "kg merge companies.nt.gz people.trig --dataset companies --store news",
    "kg merge --endpoint https://query.wikidata.org/sparql --dataset wikidata",
    "kg merge --service https://wikidata.reconci.link/en/api",
    "kg merge companies.nt --format json --output facts.json",
    "kg merge --list",
    "kg merge --drop companies --store news",
)

FileArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="Turtle, N-Triples, N-Quads, TriG, RDF/XML, JSON-LD; also .gz, .zst."),
]
DatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME",
        help="The dataset's name, several files as one; default: each its own, by the file's or server's name.",
    ),
]

ListOption = Annotated[bool, typer.Option("--list", help="List the datasets in the store, with their links by status.")]
DropOption = Annotated[
    str | None, typer.Option("--drop", metavar="NAME", help="Take a dataset out, with its links and their sameAs.")
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint", metavar="URL", help="Ask a SPARQL endpoint for what could be ours, by the names we have."
    ),
]
ServiceOption = Annotated[
    str | None, typer.Option("--service", metavar="URL", help="Ask a service of the W3C Reconciliation API.")
]
_STATUSES: tuple[Literal["accepted", "candidate", "rejected"], ...] = ("accepted", "candidate", "rejected")


def command(
    files: FileArgument = None,
    dataset: DatasetOption = None,
    listing: ListOption = False,
    drop: DropOption = None,
    endpoint: EndpointOption = None,
    service: ServiceOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --endpoint, --service: from the answers in the cache alone.")
    ] = False,
    fold: Annotated[bool, typer.Option("--fold", help="Make one graph of all named graphs of a file.")] = False,
    store: StoreOption = DEFAULT_STORE,
    base: BaseOption = None,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """Bring linked data in as a graph of its own, and link its things to the entities of the articles.

    Links go by name, type and what stands around both sides, into a graph of links: accepted where something identifies
    the thing and no other bears the name, else candidates for `kg links`.
    The named graphs of a file stay apart, unless --fold says otherwise; what a dataset was made of stands beside it.
    --endpoint and --service ask a server for nothing but names of our entities and keep its answers in the cache.
    Numbers, dates, times, durations and truth values come back in the store's own form (1.50 as 1.5, PT60M as
    PT1H); every other literal as it was written. Triples as terms of triples (RDF 1.2) are refused, as by every verb.
    What it says of the things that it is linked with is compared with what ours says: new, agreeing, contradicting, as
    counts with examples; --format and --output write every such fact.
    Merging a file again replaces its graph and renews its links; decisions stay. Articles are never changed. --drop
    leaves everything else byte by byte as it was before the dataset was merged.
    """
    from kg.linking.agreement import Fact
    from kg.linking.merge import datasets, drop_dataset, merge
    from kg.store.opening import open_store

    asked = [bool(files), listing, drop is not None, endpoint is not None, service is not None]
    if sum(asked) != 1:
        raise KgError("merge takes FILEs, or --endpoint URL, or --service URL, or --list, or --drop NAME")
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
        say(f"dropped dataset {drop} with {counted(gone, 'link')}")
        return
    done: list[Merged] = []
    if endpoint or service:
        open_store(store, mode="read").close()  # nothing of a missing store could be asked for
    with open_store(store, mode="write", base=base, wait=wait) as opened:
        try:
            for source in _sources(opened, files or [], dataset, endpoint, service, offline=offline, fold=fold):
                done.append(merge(source, opened))
                _tell(done[-1])
        finally:
            opened.unmake()
    if format_name or output:
        facts = [astuple(fact) for one in done for fact in one.facts]
        print_rows([column.name for column in fields(Fact)], facts, format_name=format_name, output=output)


def _sources(
    store: Store,
    files: list[Path],
    dataset: str | None,
    endpoint: str | None,
    service: str | None,
    *,
    offline: bool,
    fold: bool,
) -> Iterator[Source]:
    """What is to be merged: all files as one dataset where it has a name, else each; or what a server says."""
    from kg.linking.asking import Asking, from_endpoint, from_service
    from kg.linking.sources import from_files, stem

    asking = Asking(offline, _progress)
    for address, ask in ((endpoint, from_endpoint), (service, from_service)):
        if address is not None:
            if not is_address(address):
                raise KgError(f"{address}: give an address that begins with http:// or https://")
            source = ask(store, address, dataset, asking)
            if not source.triples():
                raise KgError(f"{address}: it knows nothing by the names of our entities; nothing was merged")
            yield source
    if dataset is not None and files:
        yield from_files(store, files, dataset, fold=fold)
        return
    names = [stem(file) for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise KgError(
            f"two files would be the dataset {twice}: give one name for all with --dataset, or merge them one by one"
        )
    yield from (from_files(store, [file], fold=fold) for file in files)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{done:,} of {total:,} names asked for" if done < total else "\r\033[K")
        sys.stderr.flush()


def _tell(done: Merged) -> None:
    from kg.linking.agreement import summary

    say(
        f"{counted(done.triples, 'triple')} in <{done.graph}>; links: {done.links.get('accepted', 0)} accepted, "
        f"{counted(done.links.get('candidate', 0), 'candidate')}, {done.links.get('rejected', 0)} rejected"
    )
    for line in summary(done.facts, done.names):
        say(line)
    if done.withdrawn:
        say(
            f"links of other datasets that are candidates now: {done.withdrawn}; this one shows that several things "
            "have the name (`kg links --status candidate`)"
        )
