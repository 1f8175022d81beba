"""``kg links``: review the links between our entities and other datasets."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption, WaitOption
from kg.cli.output import print_rows, say
from kg.core.errors import KgError

EXAMPLES = (
    "kg links",
    "kg links --status candidate --format csv",
    "kg links --accept http://www.wikidata.org/entity/Q262",
)

StatusOption = Annotated[
    str | None, typer.Option("--status", metavar="candidate|accepted|rejected", help="Only links of this status.")
]
AcceptOption = Annotated[
    list[str] | None, typer.Option("--accept", metavar="IRI", help="Accept the link, or all links to this target.")
]
RejectOption = Annotated[
    list[str] | None, typer.Option("--reject", metavar="IRI", help="Reject the link, or all links to this target.")
]


def command(
    status: StatusOption = None,
    accept: AcceptOption = None,
    reject: RejectOption = None,
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """List the links with their scores and reasons, or decide on some; decisions outlive every merge."""
    from kg.linking.links import decide, read_links, reasons_of
    from kg.store.opening import open_store

    if status not in (None, "candidate", "accepted", "rejected"):
        raise KgError(f"--status {status}: one of candidate, accepted, rejected")
    if accept or reject:
        with open_store(store, mode="write", wait=wait) as opened:
            done = [*decide(opened, accept or (), "accepted"), *decide(opened, reject or (), "rejected")]
        for link in done:
            say(f"{link.status}: <{link.subject}> and <{link.target}>")
        return
    with open_store(store, mode="read") as opened:
        rows = [
            (link.subject, link.target, link.status, float(link.score), "; ".join(reasons_of(link)), iri)
            for iri, link in read_links(opened).items()
            if status in (None, link.status)
        ]
    columns = ("subject", "target", "status", "score", "reasons", "link")
    print_rows(columns, rows, format_name=format_name, output=output)
