"""What a robots.txt allows (RFC 9309): our groups or those for all, the longest rule that fits, ``*`` and ``$``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_MOST = 10_000  # rules that are read
_NAME = re.compile(r"[a-z_-]*")
_DELAY = re.compile(r"\d{1,18}(?:\.\d{1,3})?\Z")
_AS_IT_IS = "%/?:@!$&'()*+,;=~#[]"  # characters that are not encoded


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed on one server: patterns of paths with whether they allow, and the pause asked for in seconds."""

    patterns: tuple[tuple[str, bool], ...] = ()
    delay: float = 0

    def allow(self, url: str) -> bool:
        """Whether an address of this server may be asked for: by the longest pattern that fits, of two alike yes."""
        parts = urlsplit(url)
        path = _plain(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        if path == "/robots.txt":
            return True
        fitting = [(len(pattern), allows) for pattern, allows in self.patterns if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


NOTHING = Rules((("/", False),))
"""Nothing is allowed."""


def read_rules(text: str, agent: str) -> Rules:
    """The rules of a robots.txt for an agent's name: those of all groups that name it, else of those for ``*``."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    begun = False  # rules have come, so that the next name begins a group
    for key, value in _lines(text):
        if key == "user-agent":
            names = [*([] if begun else names), value.lower()]
            begun = False
            continue
        begun = True
        for name in names:
            token = _NAME.match(name)
            groups.setdefault(token[0] if token and name != "*" else "*", []).append((key, value))
    found = groups.get(agent.lower(), groups.get("*", []))
    patterns = tuple((_plain(value), key == "allow") for key, value in found if key in ("allow", "disallow") and value)
    delays = [float(value) for key, value in found if key == "crawl-delay" and _DELAY.match(value)]
    return Rules(patterns[:_MOST], max(delays, default=0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _plain(path: str) -> str:
    """A path or pattern in one form: what is no ASCII encoded, hexadecimal digits in capitals."""
    return re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), quote(path, safe=_AS_IT_IS))


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern says; in time that grows with their lengths only."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for number, part in enumerate(others, start=1):
        if ends and number == len(others):
            return len(path) - len(part) >= position and path.endswith(part)
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return not ends or position == len(path)
