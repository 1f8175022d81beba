"""Articles that are one report: a page and its feed entry, an agency's text in two papers, an address with tracking.

Found by runs of words that they share (shingles); a quarter of the runs, chosen by their digests, is the index, so that
nothing is compared with everything. A copy may have another head or a line more; cut to less than half it is a copy
only of what the same publisher brought, for others quote short statements whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit
from zlib import crc32

_RUN = 5  # words
_SAMPLED = 4  # one run in so many is looked up by
_LEAST = 8  # runs: of less nothing is said
_SHARED = 0.8  # of the runs of the shorter one: what counts as one report
_CUT = 0.5  # of the runs of the longer one: less is an excerpt
_ADDRESS = "one address but for what tracks readers"
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
    known = list(sources)
    found: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
    having: dict[int | str, list[Source]] = defaultdict(list)
    for one in known:
        keys: list[int | str] = [*sorted(index_runs(one.text)), *filter(None, [address_of(one)])]
        for other in {other.iri: other for key in keys for other in having[key]}.values():
            if (like := alike(one, other)) is not None:
                found[one.iri][other.iri] = found[other.iri][one.iri] = like
        for key in keys:
            having[key].append(one)
    return repeats(known, found)


def repeats(sources: Iterable[Source], like: Mapping[str, Mapping[str, tuple[float, str]]]) -> list[Copy]:
    """Which of some articles repeat which, by what is alike (``alike`` of each two); sorted.

    Of what is alike the earliest is the report, the others its copies; an address before words.
    """
    known = sorted(sources, key=lambda one: (one.published or "9", one.iri))
    first: dict[str, str] = {}
    found = []
    for at, one in enumerate(known):
        earlier = [
            ((reason == _ADDRESS, shared, -number), known[number].iri, shared, reason)
            for number in range(at)
            for shared, reason in [like.get(one.iri, {}).get(known[number].iri, (0.0, ""))]
            if reason
        ]
        if earlier:
            _, other, shared, reason = max(earlier)
            first[one.iri] = first.get(other, other)
            found.append(Copy(one.iri, first[one.iri], round(shared, 2), reason))
    return sorted(found, key=lambda copy: copy.iri)


def alike(one: Source, other: Source) -> tuple[float, str] | None:
    """How much of the shorter one two articles have in common, and why they are one report; None where they are not."""
    runs, theirs = _runs(one.text), _runs(other.text)
    if address_of(one) and address_of(one) == address_of(other) and not runs.isdisjoint(theirs):
        return 1.0, _ADDRESS
    sampled, their_sample = index_runs(one.text), index_runs(other.text)
    if not may_be_alike(len(sampled & their_sample), len(sampled), len(their_sample)):
        return None
    if _sizes(runs, theirs) < _CUT and not _one_house(one, other):
        return None
    shared = _shared(runs, theirs)
    return (shared, "nearly the same text") if shared >= _SHARED else None


def may_be_alike(shared: int, one: int, other: int) -> bool:
    """Whether two texts with so many sampled runs, and so many in common, are worth comparing whole.

    Half of the shorter one's, less one for chance: so that a notice that stands below every article of a paper ("All
    rights reserved. …") makes none of them worth it.
    """
    return shared > 0 and 2 * shared >= min(one, other) - 1


def index_runs(text: str) -> frozenset[int]:
    """The runs by which a text is found: a sample that is the same wherever the run stands."""
    return frozenset(run for run in _runs(text) if run % _SAMPLED == 0)


def address_of(source: Source) -> str:
    """The plain address of an article, "" for none."""
    return plain_address(source.url)


def plain_address(url: str) -> str:
    """An address without what tracks readers, "www.", its scheme and a closing slash; "" for none."""
    parts = urlsplit(url)
    if not parts.netloc:
        return ""
    kept = sorted((k, v) for k, v in parse_qsl(parts.query) if not k.lower().startswith(_TRACKING))
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}"


@lru_cache(maxsize=1_000)
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
