"""What a page is: an address, a function that gets its data from the store, a template, and what it can be saved as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kg.serve.problems import Problem
from kg.store.opening import Store

Params = Mapping[str, str]
"""The fields of an address, one value each."""


@dataclass(frozen=True, slots=True)
class Export:
    """Another form of what a page shows, at the page's address with an ending: ``/timeline.csv?place=…``."""

    ending: str
    media: str
    write: Callable[[Store, Params], bytes]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``show`` gives the value ``data`` of its template; Problem for what is not there."""

    path: str
    title: str
    template: str
    show: Callable[[Store, Params], object]
    menu: bool = True
    exports: tuple[Export, ...] = ()


def number(params: Params, name: str, default: int, most: int) -> int:
    """A whole number of an address, not above ``most``; Problem for what is none."""
    words = params.get(name, "")
    if not words:
        return default
    if not (words.isascii() and words.isdigit() and len(words) < 10):
        raise Problem("bad-request", f"{name}={words[:40]}: give a whole number")
    return min(int(words), most)
