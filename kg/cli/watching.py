"""``kg load --watch``: rounds of looking at folders and feeds, each new article loaded once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from kg.cli.output import say
from kg.core.counted import counted
from kg.core.errors import KgError, StoreInUseError
from kg.core.iris import is_address
from kg.pipeline.following.memory import Memory
from kg.pipeline.following.watch import Input, Looked, Watch, Watching
from kg.store.folder import name_of


def state_of(store: str, state: Path | None) -> Path:
    """Where a watch remembers what it took: the file given, else one beside the store's folder; KgError."""
    if state is not None:
        return state
    if is_address(store) or store == ":memory:":
        raise KgError(f"the watch of a store at {store} needs a file to remember what it took: name one with --state")
    folder = Path(store)
    return folder.with_name(f"{folder.name}.watch")


Load = Callable[[Iterable[Input]], tuple[str, bool]]
"""Stores what is given to it; what is to be said of it, and whether all of it is in the store."""


def follow(watching: Watching, state: Path, store: str, load: Load, rounds: int | None) -> None:
    """Look round after round (without ``rounds`` until Ctrl-C), give what is new to ``load``, tell what it says.

    What was taken into a ``store`` that is gone, or another by now, is taken again. Leaves with status 1 after the last
    of the ``rounds`` where an input was skipped or refused, as a plain load does, and where nothing was taken and no
    source could be looked at in the end.
    """
    whole = True

    def take(inputs: Iterable[Input]) -> None:
        nonlocal whole
        told, complete = load(inputs)
        whole &= complete
        say(told)
        memory.set_store(_name(store))

    if unknown := [source for source in watching.sources if source == "-"]:
        raise KgError(f"{unknown[0]} cannot be watched: name folders, files, or addresses of feeds")
    with Memory(state) as memory:
        watch = Watch(watching, memory, take, time.time)
        done = taken = 0
        waiting: dict[str, Looked] = {}
        told: dict[str, str] = {}
        try:
            while True:
                try:
                    if not memory.is_of(_name(store)):
                        say(f"kg: store {store} is gone or another one since {state} was written: all is taken again")
                        memory.forget()
                    for looked in watch.round():
                        taken += looked.new
                        waiting[looked.source] = looked
                        if looked.problem and told.get(looked.source) != looked.problem:
                            say(f"kg: {looked.source}: {looked.problem}")
                        told[looked.source] = looked.problem
                except StoreInUseError as error:
                    say(f"kg: {error}; tried again in the next round")
                done += 1
                if rounds is not None and done >= rounds:
                    _tell_waiting(waiting.values())
                    if not taken and not any(looked.waiting for looked in waiting.values()):
                        due = "" if told else f": no source is to be asked for {watch.pause():.0f} s"
                        say(f"nothing new in {counted(done, 'round')}{due}")
                        if told and all(told.values()):
                            raise typer.Exit(1)
                    if not whole:
                        raise typer.Exit(1)
                    return
                time.sleep(max(watch.pause(), 0.1))
        except KeyboardInterrupt:
            say("kg: the watch ends; what it took is remembered")


def _name(store: str) -> str:
    """The name of a store in a folder, "" where there is none; one behind an endpoint is known by its address only."""
    return store if is_address(store) or store == ":memory:" else name_of(Path(store))


def _tell_waiting(last: Iterable[Looked]) -> None:
    """Which files wait after the last look, and until when."""
    for looked in last:
        if looked.waiting:
            at = time.strftime("%H:%M:%S", time.localtime(math.ceil(looked.until)))
            files = "file waits" if looked.waiting == 1 else "files wait"
            say(f"{looked.source}: {looked.waiting} {files}, may still be being written: a look after {at} takes them")


__all__ = ["Watching", "follow", "state_of"]
