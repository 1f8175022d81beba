"""``kg update``: SPARQL Update in one transaction, or a rehearsal of it."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, OutputOption, StoreOption, WaitOption
from kg.cli.output import open_output, say
from kg.cli.query import read_argument
from kg.core.counted import counted

EXAMPLES = (
    "kg update 'DELETE WHERE { GRAPH ?g { ?x kg:sourceType ?type } }' --dry-run",
    "kg update @corrections.ru",
    "kg update - --store http://localhost:7878 < corrections.ru",
)


def command(
    text: Annotated[str, typer.Argument(metavar="UPDATE", help="SPARQL Update text, @FILE, or - for standard input.")],
    store: StoreOption = DEFAULT_STORE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; show the statements that would come and go.")
    ] = False,
    output: OutputOption = None,
    wait: WaitOption = 0,
    allow_service: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-service", metavar="URL", help="An endpoint that SERVICE or LOAD may reach; also KG_ALLOW_SERVICE."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Let no update reach any other endpoint.")] = False,
) -> None:
    """Change the store by SPARQL Update: all operations of the text, or none.

    A pattern in WHERE sees the graphs it names (GRAPH ?g { … }, WITH, USING), not their merge; what is written outside
    GRAPH goes into the graph graph:default of an embedded store. With --dry-run, lines that begin with - would go and
    those with + come.
    """
    from kg.query.update import prepare_update, rehearsed, update
    from kg.store.opening import open_store
    from kg.store.sparql.federation import policy_from_settings

    policy = policy_from_settings(allow_service, offline=offline)
    _, content = read_argument(text, files_only=False)
    open_store(store, mode="read").close()  # a missing store is not made by an update
    with open_store(store, mode="write", wait=wait) as opened:
        prepared = prepare_update(opened, content)
        if not dry_run:
            update(opened, prepared, policy)
            return
        count = 0
        with rehearsed(opened, prepared, policy) as found, open_output(output) as file:
            for difference in found:
                count += 1
                file.write(f"{difference}\n".encode())
        say(f"kg: {counted(count, 'statement')} would change; nothing was changed")
