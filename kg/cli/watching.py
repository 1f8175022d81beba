"""``kg load --watch``: rounds of looking at folders and feeds, each new article loaded once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from kg.cli.output import say
from kg.core.counted import counted
from kg.core.errors import KgError, StoreInUseError
from kg.core.iris import is_address
from kg.pipeline.following.memory import Memory
from kg.pipeline.following.watch import Input, Watch, Watching


def state_of(store: str, state: Path | None) -> Path:
    """Where a watch remembers what it took: the file given, else one beside the store's folder; KgError."""
    if state is not None:
        return state
    if is_address(store) or store == ":memory:":
        raise KgError(f"the watch of a store at {store} needs a file to remember what it took: name one with --state")
    folder = Path(store)
    return folder.with_name(f"{folder.name}.watch")


def follow(watching: Watching, state: Path, load: Callable[[Iterable[Input]], str], rounds: int | None) -> None:
    """Look round after round (without ``rounds`` until Ctrl-C), give what is new to ``load``, tell what it says.

    Leaves with status 1 where nothing was taken and no source could be looked at in the end.
    """

    def take(inputs: Iterable[Input]) -> None:
        say(load(inputs))

    if unknown := [source for source in watching.sources if source == "-"]:
        raise KgError(f"{unknown[0]} cannot be watched: name folders, files, or addresses of feeds")
    with Memory(state) as memory:
        watch = Watch(watching, memory, take, time.time)
        done = taken = 0
        told: dict[str, str] = {}
        try:
            while True:
                try:
                    for looked in watch.round():
                        taken += looked.new
                        if looked.problem and told.get(looked.source) != looked.problem:
                            say(f"kg: {looked.source}: {looked.problem}")
                        told[looked.source] = looked.problem
                except StoreInUseError as error:
                    say(f"kg: {error}; tried again in the next round")
                done += 1
                if rounds is not None and done >= rounds:
                    if not taken:
                        due = "" if told else f": no source is to be asked for {watch.pause():.0f} s"
                        say(f"nothing new in {counted(done, 'round')}{due}")
                        if told and all(told.values()):
                            raise typer.Exit(1)
                    return
                time.sleep(max(watch.pause(), 0.1))
        except KeyboardInterrupt:
            say("kg: the watch ends; what it took is remembered")


__all__ = ["Watching", "follow", "state_of"]
