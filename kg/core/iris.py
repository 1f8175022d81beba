"""IRIs as people read and write them: short where a prefix is known, told from other words, their last part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCAL = re.compile(r"[\w][\w.\-]*(?<!\.)$")
_MENTION = "#char="
_SPAN = re.compile(r"#[^#=]+=([0-9]{1,12})[,-]([0-9]{1,12})$")
_IN_FRAGMENTS = str.maketrans("", "", "#/=,:")


class Shortener:
    """Shortens IRIs to prefixed names, with the longest namespace that fits."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.namespaces = sorted(((iri, name) for name, iri in prefixes.items()), key=lambda pair: -len(pair[0]))
        self._known: dict[str, str | None] = {}

    def short(self, iri: str) -> str | None:
        """``kg:Killing`` where a prefix is known, else None."""
        if iri not in self._known:
            self._known[iri] = self._shorten(iri)
        return self._known[iri]

    def iri(self, iri: str) -> str:
        """``kg:Killing`` where a prefix is known, else ``<iri>``."""
        return self.short(iri) or f"<{iri}>"

    def _shorten(self, iri: str) -> str | None:
        for namespace, name in self.namespaces:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                # Fragments of an article ("article:in_town#killing-506") are names for people here, not Turtle.
                if not local or _LOCAL.match(local.translate(_IN_FRAGMENTS)):
                    return f"{name}:{local}"
        return None


def span_of(iri: str) -> tuple[int, int] | None:
    """Where something begins and ends (half-open, in characters of the article's text), of its IRI; None for others.

    A mention (RFC 5147) ``…/article/x#char=506,512`` is (506, 512), and so is what is told in one place only, such as
    the count ``…/article/x#count=506-512``.
    """
    match = _SPAN.search(iri)
    return (int(match[1]), int(match[2])) if match else None


def mention_of(iri: str) -> str | None:
    """The mention that the IRI of a time, count, claim or relation carries; None for mentions and all others."""
    if is_mention(iri) or (span := span_of(iri)) is None:
        return None
    return f"{article_of(iri)}{_MENTION}{span[0]},{span[1]}"


def is_mention(iri: str) -> bool:
    """Whether it is the IRI of a mention."""
    return _MENTION in iri and span_of(iri) is not None


def article_of(iri: str) -> str:
    """The article of something that is an article's own: all before the ``#`` of its IRI."""
    return iri.partition("#")[0]


def local_name(iri: str) -> str:
    """What stands behind the last ``#`` or ``/``."""
    return re.split(r"[#/]", iri)[-1]


def is_address(text: str) -> bool:
    """Whether it is an address that HTTP reaches: a store behind an endpoint, or an IRI without its brackets."""
    return text.startswith(("http://", "https://"))
