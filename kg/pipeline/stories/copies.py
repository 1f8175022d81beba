"""Articles that are one report: a page and its feed entry, an agency's text in two papers, an address with tracking.

Found by runs of words that they share (shingles); a quarter of the runs, chosen by their digests, is the index, so that
nothing is compared with everything. A copy may have another head or a line more; cut to less than half it is a copy
only of what the same publisher brought, for others quote short statements whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit
from zlib import crc32

_RUN = 5  # words
_SAMPLED = 4  # one run in so many is looked up by
_LEAST = 8  # runs: of less nothing is said
_SHARED = 0.8  # of the runs of the shorter one: what counts as one report
_CUT = 0.5  # of the runs of the longer one: less is an excerpt
_TRACKING = ("utm_", "fbclid", "gclid", "mc_", "cmpid", "ref", "src", "ocid", "at_", "ns_", "igshid", "smid", "xtor")


@dataclass(frozen=True, slots=True)
class Source:
    """An article as copies are looked for: its text, its address, and what decides which of two is the copy."""

    iri: str
    text: str
    url: str = ""
    published: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that says the same as an earlier one, and how much of the shorter one both have (0 to 1)."""

    iri: str
    of: str
    shared: float
    reason: str


def copies(sources: Iterable[Source]) -> list[Copy]:
    """The copies, each with the earliest article that it repeats (by day, then by IRI); sorted."""
    known = sorted(sources, key=lambda one: (one.published or "9", one.iri))
    runs = [_runs(one.text) for one in known]
    having: dict[int, list[int]] = defaultdict(list)
    by_url: dict[str, int] = {}
    first: dict[int, int] = {}
    found = []
    for number, one in enumerate(known):
        sample = [run for run in sorted(runs[number]) if run % _SAMPLED == 0]
        address = plain_address(one.url)
        earlier, shared, reason = (
            by_url.get(address) if address else None,
            1.0,
            "one address but for what tracks readers",
        )
        if earlier is None or runs[number].isdisjoint(runs[earlier]):
            near = {other for run in sample for other in having[run]}
            alike = [
                (_shared(runs[number], runs[other]), -other)
                for other in near
                if _sizes(runs[number], runs[other]) >= _CUT or _one_house(one, known[other])
            ]
            shared, negative = max(alike, default=(0.0, 0))
            earlier, reason = (-negative, "nearly the same text") if shared >= _SHARED else (None, "")
        if earlier is not None:
            first[number] = first.get(earlier, earlier)
            found.append(Copy(one.iri, known[first[number]].iri, round(shared, 2), reason))
        elif address:
            by_url.setdefault(address, number)
        for run in sample:
            having[run].append(number)
    return sorted(found, key=lambda copy: copy.iri)


def plain_address(url: str) -> str:
    """An address without what tracks readers, "www.", its scheme and a closing slash; "" for none."""
    parts = urlsplit(url)
    if not parts.netloc:
        return ""
    kept = sorted((k, v) for k, v in parse_qsl(parts.query) if not k.lower().startswith(_TRACKING))
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}"


def _runs(text: str) -> frozenset[int]:
    """The digests of a text's runs of words; none of a text that is too short to tell."""
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    if len(words) < _LEAST + _RUN - 1:
        return frozenset()
    return frozenset(crc32(" ".join(words[i : i + _RUN]).encode()) for i in range(len(words) - _RUN + 1))


def _one_house(one: Source, other: Source) -> bool:
    hosts = [urlsplit(source.url).netloc.lower().removeprefix("www.") for source in (one, other)]
    publishers = [source.publisher.casefold() for source in (one, other)]
    return any(pair[0] and pair[0] == pair[1] for pair in (hosts, publishers))


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / min(len(one), len(other))


def _sizes(one: frozenset[int], other: frozenset[int]) -> float:
    return min(len(one), len(other)) / max(len(one), len(other))


def first_reports(found: Iterable[Copy], articles: Iterable[str]) -> Mapping[str, str]:
    """The report that each article is: itself, or the one that it repeats."""
    of = {copy.iri: copy.of for copy in found}
    return {article: of.get(article, article) for article in articles}
