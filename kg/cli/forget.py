"""``kg forget``: take articles out of the store."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, StoreOption, WaitOption
from kg.cli.output import say
from kg.core.counted import counted
from kg.core.errors import KgError

EXAMPLES = (
    "kg forget reports/monday",
    "kg forget https://news.example/article/reports/monday --store news",
)


def command(
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Ids or IRIs of articles.")],
    store: StoreOption = DEFAULT_STORE,
    wait: WaitOption = 0,
) -> None:
    """Drop what was read from an article, and its text; what other articles say stays.

    Links of entities that no article names any more go with it, and links of its events.

    Exit status 2 where one of them is not in the store; the others are dropped all the same.
    """
    from kg.linking.gazetteer import forget_places
    from kg.linking.links import prune_links
    from kg.pipeline.stories.links import relate_again
    from kg.query.update import forget
    from kg.store.opening import open_store

    open_store(store, mode="read").close()  # a missing store is not made by forgetting
    with open_store(store, mode="write", wait=wait) as opened:
        unknown = forget(opened, articles)
        pruned = prune_links(opened)
        forget_places(opened)
        relate_again(opened)
    if pruned:
        say(f"{counted(pruned, 'link')} went with it: no article names what they link any more")
    if unknown:
        names = ", ".join(name or "''" for name in unknown)
        raise KgError(f"no article {names} in {opened.location}: see the ids with `kg query --name articles`")
