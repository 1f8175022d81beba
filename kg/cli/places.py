"""``kg places``: the index of places that articles are linked with, and the links."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_STORE, FormatOption, OutputOption, StoreOption, WaitOption
from kg.cli.output import print_rows, say
from kg.core.counted import counted
from kg.core.errors import KgError

EXAMPLES = (
    "kg places",
    "kg places --build",
    "kg places --build DZ.txt",
    "kg places --link --store news",
    "kg places --name Tripoli",
)

BuildOption = Annotated[
    bool, typer.Option("--build", help="Compile an index: of the packages' places, or of the dumps given as FILE.")
]
DumpArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE]...", help="With --build: dumps of GeoNames, DZ.txt or allCountries.txt or their zip."
    ),
]
LinkOption = Annotated[bool, typer.Option("--link", help="Link the places of all articles in the store anew.")]
NameOption = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Show the places that bear a name.")]
_SHOWN = 25


def command(
    files: DumpArgument = None,
    build: BuildOption = False,
    link: LinkOption = False,
    name: NameOption = None,
    store: StoreOption = DEFAULT_STORE,
    format_name: FormatOption = None,
    output: OutputOption = None,
    wait: WaitOption = 0,
) -> None:
    """List the indexes of places; build one; link a store's places to GeoNames with them.

    `kg load` links the places of what it reads where an index is there. The index is made once, of the packages that
    `pip install 'newskg[places]'` brings, and of GeoNames' own dumps, each beside the others; it lies in $KG_CACHE,
    else in the XDG cache folder. --link is for a store that was loaded without, or with another index. The data are
    GeoNames', CC BY 4.0.
    """
    if build + link + (name is not None) > 1:
        raise KgError("--build, --link and --name are three different things: give one of them")
    if files and not build:
        raise KgError(f"{files[0]}: a dump is indexed with `kg places --build {files[0]}`")
    if build:
        _build(files or [])
    elif link:
        _link(store, wait)
    elif name is not None:
        _show(name, format_name, output)
    else:
        _list(format_name, output)


def _build(files: list[Path]) -> None:
    from kg.linking.places.build import build
    from kg.linking.places.index import index_files

    for file in files:
        if not file.is_file():
            raise KgError(f"{file}: no such file; nothing was built")
    sources: list[Path | None] = [*files] or [None]
    for source in sources:
        progress = _Progress()
        path = build(source, progress)
        progress.end()
        made = next(one for one in index_files() if one.path == path)
        say(f"{made.places:,} places, {made.names:,} names in {made.path}: data of GeoNames (CC BY 4.0)")


class _Progress:
    """A line on standard error that says how far the building is; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and (done == 0 or time.monotonic() - self._last > 0.1):
            self._last = time.monotonic()
            filled = 30 * done // max(total, 1)
            sys.stderr.write(
                f"\r\033[K{what:<16} [{'#' * filled}{'.' * (30 - filled)}] {100 * done // max(total, 1)} %"
            )
            sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")


def _link(store: str, wait: float) -> None:
    from kg.linking.gazetteer import link_places
    from kg.linking.places.index import open_gazetteer
    from kg.store.opening import open_store

    gazetteer = open_gazetteer()
    if gazetteer is None:
        raise KgError("there is no index of places yet: build it with `kg places --build`")
    open_store(store, mode="read").close()  # a missing store is not made by linking
    with gazetteer, open_store(store, mode="write", wait=wait) as opened:
        done = link_places(opened, gazetteer)
    say(in_words(done.links.get("accepted", 0), done.links.get("candidate", 0), done.articles))


def in_words(accepted: int, candidates: int, articles: int) -> str:
    """What linking did, for a person."""
    return (
        f"places of {counted(articles, 'article')} looked up: {counted(accepted, 'place')} linked to GeoNames, "
        f"{counted(candidates, 'candidate')}"
    )


def _show(name: str, format_name: str | None, output: Path | None) -> None:
    from kg.linking.places.index import open_gazetteer

    gazetteer = open_gazetteer()
    if gazetteer is None:
        raise KgError("there is no index of places yet: build it with `kg places --build`")
    with gazetteer:
        found = [(one.place, one.main) for one in gazetteer.named(name)][:_SHOWN]
        rows = []
        for place, main in found:
            area = gazetteer.place(place.admin1) if place.admin1 else None
            rows.append(
                (
                    place.number,
                    place.name,
                    "main" if main else "other",
                    place.code,
                    place.country,
                    area.name if area else None,
                    place.population,
                    place.lat,
                    place.lon,
                )
            )
    columns = ("geonames", "name", "as", "code", "country", "area", "population", "lat", "lon")
    print_rows(columns, rows, format_name=format_name, output=output)


def _list(format_name: str | None, output: Path | None) -> None:
    from kg.linking.places.index import index_files

    rows = [(one.name, one.places, one.names, one.made_of, str(one.path)) for one in index_files()]
    if not rows:
        say("kg: no index of places yet: `kg places --build` makes one")
    print_rows(("index", "places", "names", "made_of", "path"), rows, format_name=format_name, output=output)
