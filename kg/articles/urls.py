"""Addresses: made absolute, and one id for one page however it was reached.

A page's id is its address without what says who sent the reader (``utm_source``, ``fbclid`` …), without fragment,
default port and closing slash, host in lower case, ``http`` as ``https``. So a page, its feed entry and a link out of
a newsletter are one article. The address itself is kept as it is written, only made absolute and freed of tracking.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?:utm_|at_|mc_|pk_|mtm_|hsa_|ns_|ito$|vero_|oly_|_hs|trk|wt[._-]|xtor|icid|ocid|cmp|cmpid|campaign_|s_cid|sref$|"
    r"fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|igsh|mkt_tok|spm$|smid|smtyp|partner$|feed_id|"
    r"__twitter_impression|guccounter|guce_|taid$|soc_|ncid|cvid$|wickedid|rss$|rssfeed|ref$|ref_src|ref_url|referrer$|"
    r"outputtype$|amp$|share$|shared$)",
    re.IGNORECASE,
)
"""Parameters that say how a reader came, and nothing of which page it is."""

_WEB = ("http", "https")
_PORTS = {"http": 80, "https": 443}
LONGEST = 2_000
"""Characters of an address: browsers and servers take no longer ones."""


def absolute(link: str | None, *bases: str | None) -> str | None:
    """A link as an absolute web address without tracking, resolved against the first base that makes it one.

    None for what is no web address (``mailto:``, ``javascript:``, a bare word without a base) or is too long.
    """
    words = "".join((link or "").split())
    if not words or len(words) > LONGEST:
        return None
    for base in ("", *bases):
        try:
            joined = urljoin(base, words) if base else words
            parts = urlsplit(joined)
            if parts.scheme.lower() in _WEB and parts.hostname:
                query = _without_tracking(parts.query)
                return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, query, parts.fragment))
        except ValueError:  # a host in brackets that are not closed, a port that is no number
            continue
    return None


def page_id(url: str) -> str:
    """The id of the page at an absolute web address; other words stay as they are."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in _WEB or not parts.hostname:
        return url
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port and port != _PORTS[parts.scheme.lower()]:
        host += f":{port}"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""  # pages drawn by a script are told by it
    return urlunsplit(("https", host, parts.path.rstrip("/"), _without_tracking(parts.query), fragment))


def _without_tracking(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _TRACKING.match(part.partition("=")[0]))
