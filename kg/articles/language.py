"""Is it English? What is declared decides; a text without a declaration is judged by its words.

Two witnesses: how many of its letters stand in words of the language model's own English vocabulary (names apart, as
far as small letters tell them), and what py3langid makes of its character sequences. Either alone errs on a headline
full of names; figures for both together are in docs/inputs.md, measured by ``benchmarks/language.py``. The only file
that names py3langid.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache

from kg.core.resources import models_dir
from kg.ontology.words import words

_SAMPLE = 4_000  # characters: enough to tell
_FEW_WORDS = 3  # below, there is nothing to judge by: a text of two words may be two names

_KNOWN_ENOUGH = 0.8
"""Share of the letters in known words above which a text is English without asking further: four snippets of five."""

_WEIGHT_OF_WORDS = 15.0
_ENGLISH = 1.0
"""The log odds of the detector, plus the weight times the known share, at which a text counts as English."""

_SHORT = frozenset(words("shortWords"))
"""The English words of up to three letters: the vocabulary also has "la", "des" and "och"."""

_FEW_LETTERS = 8  # in words that begin with a small letter: below, capitals do not tell names from other words
_SURE = 1e-12  # the detector's probabilities are kept from 0 and 1

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]+")  # Unicode blocks Basic Latin to Latin Extended-B, and Extended Additional
_CODE = re.compile(r"([a-z]{2,3})(?=$|[-_.,;\s])")
_UNDECLARED = frozenset(("und", "mul", "zxx", "mis"))  # ISO 639 for "undetermined", "several", "none", "uncoded"

_NAMES = dict(
    pair.split("=")
    for pair in (
        "af=Afrikaans ar=Arabic az=Azerbaijani bs=Bosnian ca=Catalan cs=Czech cy=Welsh da=Danish de=German "
        "el=Greek eo=Esperanto es=Spanish et=Estonian eu=Basque fa=Persian fi=Finnish fr=French ga=Irish "
        "gl=Galician he=Hebrew hr=Croatian ht=Haitian hu=Hungarian id=Indonesian is=Icelandic it=Italian la=Latin "
        "lb=Luxembourgish lt=Lithuanian lv=Latvian ms=Malay mt=Maltese nl=Dutch no=Norwegian nn=Norwegian "
        "pl=Polish pt=Portuguese ro=Romanian ru=Russian sk=Slovak sl=Slovene so=Somali sq=Albanian sr=Serbian "
        "sv=Swedish sw=Swahili tl=Tagalog tr=Turkish uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese"
    ).split()
)


def declared_english(language: str | None) -> bool | None:
    """Whether a declared language is English; None where nothing is declared (or "undetermined", or no language).

    Takes language tags (``en-GB``, ``en_US.UTF-8``), ISO 639-2 codes, the word itself, and lists with a first choice.
    """
    words = (language or "").strip().lower()
    if words.startswith("english"):
        return True
    code = _CODE.match(words)
    if code is None:
        return False if words.isalpha() else None  # "french" is a language, "*" is none
    return None if code[1] in _UNDECLARED else code[1] in ("en", "eng")


def not_english(text: str) -> str | None:
    """Why the text cannot be read as English, in words, or None when it may be."""
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample)
    if not words:
        return "no words in it"
    if 2 * sum(map(len, _LATIN.findall(sample))) < sum(map(len, words)):
        return "not in English (not in Latin script)"
    known = _known(words)
    if len(words) < _FEW_WORDS or known >= _KNOWN_ENOUGH:
        return None
    odds, likeliest = _detected(sample)
    if odds + _WEIGHT_OF_WORDS * known >= _ENGLISH:
        return None
    return f"not in English (looks like {likeliest})" if likeliest else "not in English (few of its words are)"


def _known(words: list[str]) -> float:
    """The share of the letters that stand in English words; names count where nothing tells them from other words."""
    small = [word for word in words if word[0].islower()]
    if len(small) < 2 or sum(map(len, small)) < _FEW_LETTERS:
        small = [word.lower() for word in words]
    known = (len(w) for w in small if (w in _SHORT if len(w) <= 3 else w.lower() in _vocabulary()))
    return sum(known) / sum(map(len, small))


def _detected(sample: str) -> tuple[float, str | None]:
    """The detector's log odds for English, and the likeliest other language where one is likelier."""
    ranked = _detector()(sample)
    english = min(max(dict(ranked)["en"], _SURE), 1 - _SURE)
    first = ranked[0][0]
    return math.log(english) - math.log(1 - english), None if first == "en" else _NAMES.get(first, repr(first))


@cache
def _detector() -> Callable[[str], list[tuple[str, float]]]:
    """Reading its model takes a second: it is loaded for the first text that needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    rank: Callable[[str], list[tuple[str, float]]] = LanguageIdentifier.from_model_file(
        MODEL_FILE, norm_probs=True
    ).rank
    return rank


@cache
def _vocabulary() -> frozenset[str]:
    """The whole words of the shipped language model's vocabulary: 24,000 of English text, names included."""
    lines = (models_dir() / "default" / "vocab.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())
