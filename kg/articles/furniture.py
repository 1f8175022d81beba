"""Lines that stand around the news and are none: pointers to other articles, paywalls, cookies, credits, bylines.

A page's lines of this kind are left out of its article's text. In plain text, which is kept as given, they stay in
the text and are not read as sentences of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.ontology.words import words

_LONGEST = 400  # characters: such a line is short; a long paragraph that mentions cookies is an article's

_SOURCES, _NETWORKS = "|".join(words("pageSources")), "|".join(words("pageNetworks"))
_POINTER = re.compile(
    r"(?:(?:read|see|watch|listen|learn|find)\s+(?:more|next|also|now|on|too|the full (?:story|article|report)|"
    r"all the latest)(?:\s+(?:about this|on this|here|at|from|in|on)\b[^.!?]{0,60})?\s*(?:[:|>»→–—-]|\.{3}|…|$)|"
    r"also\s+(?:read|watch|see|on\b[^.!?:]{1,40})\s*(?:[:|>»→–—-]|$)|"
    r"(?:click|tap)\s+(?:here|through)\b|"
    r"(?:related|recommended|more|most read|trending|popular|top|latest)\s*"
    r"(?:stories|story|articles?|news|coverage|content|links?|topics?|reading|for you|from\b[^.!?:]{1,40}|"
    r"on this(?: story| topic)?)?"
    r"\s*(?:[:|>»→]|$)|"
    r"(?:you (?:might|may) also (?:like|be interested)|don['’]t miss|in case you missed it|up next|next article|"
    r"explore more|more (?:on|from|about) (?:this|the)\b|editor['’]s picks?|must[- ]read|"
    r"what to read next)\b[^.!?]{0,80}$)",
    re.IGNORECASE,
)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Phrases of a list, in their notation: WORD is any word, … up to sixty characters of the same sentence."""
    pattern = "|".join(phrases).replace("WORD", r"\w+").replace("…", r"\b[^.!?]{0,60}\b").replace("'", "['’]")
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_OFFER, _COOKIES = _any_of(words("pageOffers")), _any_of(words("pageNotices"))
_TO_THE_READER = re.compile(
    r"(?i:subscribe|sign|log|register|create|support|continue|unlock|start|become|donate|make|already|"
    r"please|to |this |the "
    r"article|get|join|accept|manage|enable|turn|free)|(?i:.*\b(?:you|your|us|our|we)\b)"
)
"""A newspaper's own words to who reads it; an article that tells of newsletters and cookies is in the third person."""

_OURS = re.compile(r"\b(?:you|your|us|our|we)\b", re.IGNORECASE)
_ENDS = frozenset(".!?:;…)]”\"'’|")
_QUOTED = re.compile(r"[\"“”]")
_NOTICE = re.compile(
    r"(?:©|\(c\)\s|copyright\b(?=.{0,12}\d{4}|\s*[©:])|all rights reserved\b|advertisement\b\s*$|"
    r"sponsored\b(?: content)?\s*$|"
    r"(?:story|article) continues (?:below|after)\b|scroll (?:down )?(?:to|for) (?:continue|more)\b|skip (?:to|past)\b|"
    r"(?:a|an earlier|a previous) version of this (?:article|story|report)\b|correction(?: \([^()]{1,40}\))?:|"
    r"this (?:article|story|report|page) (?:was|has been) (?:first |originally |last )?(?:amended|"
    r"corrected|updated|edited|"
    r"published) (?:on|at|by|to|in)\b|"
    r"follow [^.!?]{0,40}\bcoverage\b|share (?:this|on|via)\b[^.!?]{0,40}$|follow (?:us|our|"
    r"the author)\b[^.!?]{0,60}\.?$|"
    r"(?:print|email|save|copy link|share|comments?|tags?|topics?|filed under)\s*(?::[^.!?]{0,120})?$|"
    r"download (?:our|the) app\b|(?:\d+\s+)?min(?:ute)?s? read\s*$|\d+ (?:comments?|shares?|views?)\s*$|"
    r"(?:(?:featured|file|cover|main|lead|top) )?(?:photo(?:graph)?|image|picture|pic|illustration|video|"
    r"graphic|file photo|photo credit|credit)s?"
    r"(?:\s+(?:credit|by|courtesy(?: of)?))?\s*[:/©]\s*[^.!?]{2,80}\.?$|[^.!?]{0,80}(?:/\s*|\bvia )"
    rf"(?:{_SOURCES})\b[^.!?]{{0,30}}$|"
    r"sources?:\s*(?-i:(?:[A-Z][\w.&'’-]*,?\s*){1,4})$|the post .{1,200} (?:appeared first|first appeared) on .{1,80}|"
    rf"(?:join|subscribe to|find) (?:us|our|the) .{{0,40}}\b(?:{_NETWORKS})\b.{{0,40}}|"
    r"\(?(?:additional )?(?:reporting|writing|editing|compiled|translated|edited|written) by\b[^.!?]{2,200}[.)]*$|"
    r"the views expressed\b.{0,120}\bauthor|loading\s*(?:\.{3}|…)?$|back to top$)",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w.'’-]*|de|la|van|von|der|bin|al|el|da|di|du|ibn|and|&|,)"
_BYLINE = re.compile(
    rf"(?:By|BY|by|Written by|Story by|Report by|Reporting by|Words by|"
    rf"From)\s+(?P<names>[A-Z][\w.'’-]*(?:,?\s+{_NAME}){{0,9}})"
    r"(?:,?\s+(?:in|at|near|reporting from)\s+(?P<place>[A-Z][^.!?:;]{1,60}?)|"
    r"\s*[,|·–—-]\s*(?P<rest>[^.!?:;]{1,80}))?\.?\s*$"
)
_STAFF = re.compile(
    r"[,|]?\s*\b(?:staff (?:writers?|reporters?)|(?:\w+ ){0,2}correspondents?|reporters?|editors?|columnists?|agencies|"
    r"news desk|newsroom|for the [A-Z][\w ]+)\s*$",
    re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Whether a line (a paragraph of its own) is no part of the news: a pointer, an offer, a notice, a byline."""
    words = " ".join(line.strip(" \t\r\n*•·>»|[]").split())
    if not words or len(words) > _LONGEST:
        return False
    return bool(_POINTER.match(words) or _NOTICE.match(words) or _BYLINE.match(words) or is_offer(words))


def is_offer(words: str) -> bool:
    """Whether a short text asks its readers to subscribe, to sign in, to give money or to take cookies."""
    if len(words) > _LONGEST or not (_OFFER.search(words) or _COOKIES.search(words)):
        return False
    return bool(_TO_THE_READER.match(words)) and not _QUOTED.search(words)


def is_to_the_reader(words: str) -> bool:
    """Whether a short text is in a newspaper's own voice (our, you): after an offer, it belongs to the offer."""
    return len(words) <= _LONGEST and bool(_OURS.search(words)) and not _QUOTED.search(words)


def byline_names(line: str) -> str | None:
    """The authors that a byline names (``By Jane Rowe and Paul Tresk in Arden``), or None where it is none."""
    match = _BYLINE.match(" ".join(line.split()))
    return author_names(match["names"]) if match else None


def author_names(words: str) -> str | None:
    """Names of authors as ``A, B``: without "By", posts, addresses; None where nothing is left."""
    words = re.sub(r"^(?:written |story |report(?:ing)? )?by\s*:?\s+", "", " ".join(words.split()), flags=re.IGNORECASE)
    words = re.sub(r"\S+(?:@|//)\S+", "", words)
    names = (_STAFF.sub("", name).strip(" ,|·–—-") for name in re.split(r"\s*(?:,|;|&|\band\b|\|)\s*", words))
    kept = [name for name in names if name and not name[0].isdigit()]
    return ", ".join(dict.fromkeys(kept))[:300] or None


def blanked(text: str) -> str:
    """The text with its lines of furniture as spaces: what is to be read, every offset as it was.

    A line counts where it stands alone: below and above it is nothing, the end of a sentence, or another such line.
    """
    lines = text.split("\n")
    if len(lines) < 2:
        return text
    kept: list[str] = []
    for number, line in enumerate(lines):
        after = lines[number + 1].lstrip()[:1] if number + 1 < len(lines) else ""
        alone = (not kept or not kept[-1].strip() or kept[-1].rstrip()[-1] in _ENDS) and not after.islower()
        kept.append(" " * len(line) if alone and is_furniture(line) else line)
    return "\n".join(kept)
