"""What all requests share: the settings, the store as it was last published, the processes, the templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from kg.core.iris import is_address
from kg.core.version import VERSION
from kg.serve.problems import Problem
from kg.serve.shown import FILTERS
from kg.serve.tasks import WRITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.serve.following import Follower
    from kg.serve.settings import Settings
    from kg.serve.workers import Done, Workers

HERE = Path(__file__).parent


def templates(**known: Any) -> Environment:  # noqa: ANN401 - whatever templates need
    """The templates: everything is escaped, and a name that is not there is a mistake."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(FILTERS)
    made.globals.update(version=VERSION, **known)
    return made


@dataclass(frozen=True, slots=True)
class Site:
    """One server at work."""

    settings: Settings
    follower: Follower
    workers: Workers
    templates: Environment

    def check_writable(self) -> None:
        """Problem where this server only reads."""
        if not self.settings.write:
            raise Problem("read-only", "this server only reads: start it with `kg serve --write` to change the store")

    async def do(self, name: str, asked: Mapping[str, Any]) -> Done:
        """Have a task done in a process of its own; after one that writes, pages show what it wrote."""
        done = await self.workers.do(name, asked)
        if name in WRITING:
            await run_in_threadpool(self.follower.hurry)
        return done

    @property
    def shown_store(self) -> str:
        """The store's name for a page: its folder's, or its address."""
        return self.settings.store if is_address(self.settings.store) else Path(self.settings.store).resolve().name
