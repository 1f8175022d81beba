"""The one normal form of names: as they are compared within an article, across articles and with other datasets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʿ": "'", "ʾ": "'", "–": "-", "—": "-", "‑": "-"})
_POSSESSIVE = re.compile(r"'s?$")


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """Return the form in which names are compared: "The Al-Qaeda's" → "al qaeda", "U.S." → "us".

    No case, accents, punctuation, leading article or possessive ending; what is nothing but marks stays as it is.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_MARKS))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold().strip()
    plain = _POSSESSIVE.sub("", plain)
    if re.fullmatch(r"(?:\w\.)+\w?\.?", plain):
        plain = plain.replace(".", "")
    words = re.findall(r"[^\W_]+", plain.replace("'", ""))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words) or plain
