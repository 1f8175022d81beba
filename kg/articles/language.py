"""A cheap test for English: function words and scripts, no library.

It keeps a French or Arabic article from being read as nonsense. It does not tell other languages apart, and it lets
a text pass that is too short to tell.
"""

from __future__ import annotations

import re
from collections import Counter

_ENGLISH = frozenset(
    "the of and to that is was for with by from at has have were are he his it as be not which after had who been "
    "their they will but this its she her said would when there or an".split()
)
_OTHERS = {
    "French": "le la les des du et est dans pour que qui une sur au aux par pas avec ses ont été",
    "Spanish": "el la los las del y en que por para con una su se no es al lo como más",
    "Portuguese": "o os da do das dos em que para com uma não se na no por mais ao foi é",
    "Italian": "il lo gli la le di che è per una con del della nel alla sono anche non si dei",
    "German": "der die das und den von zu mit ist im auf für nicht ein eine dem des sich auch wurde",
    "Dutch": "de het een van en dat op te zijn voor met niet aan er om ook door bij naar werd",
    "Swedish": "och att det som en på är av för med till den har inte om ett var men de",
    "Danish": "og at det som en på er af for med til den har ikke om et var men de der",
    "Polish": "w i na z do nie się że jest to po przez od za oraz dla jak ale tym był",
    "Turkish": "ve bir bu da de için ile olarak çok daha sonra ne olan gibi kadar ancak",
    "Indonesian": "yang dan di untuk dengan dari pada ini itu tidak ke dalam akan oleh juga telah",
    "Romanian": "și de la în a cu pe din care nu este pentru o un mai au fost să",
}
_FOREIGN = {name: frozenset(words.split()) for name, words in _OTHERS.items()}

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]+")  # Unicode blocks Basic Latin to Latin Extended-B, and Extended Additional
_SAMPLE = 4_000  # characters: enough to tell
_ENOUGH_WORDS = 30  # below, a text may well lack function words
_FEW_FUNCTION_WORDS = 0.08  # English news has 0.3 to 0.45, other languages below 0.05


def not_english(text: str) -> str | None:
    """Why the text cannot be read as English, in words, or None when it may be."""
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample.lower())
    if not words:
        return "no words in it"
    if 2 * sum(map(len, _LATIN.findall(sample))) < sum(map(len, words)):
        return "not in English (not in Latin script)"
    counts = Counter(words)
    english = sum(counts[word] for word in _ENGLISH)
    name, foreign = max(((n, sum(counts[w] for w in ws)) for n, ws in _FOREIGN.items()), key=lambda pair: pair[1])
    if foreign > 2 * english and foreign >= 2:
        return f"not in English (looks like {name})"
    if len(words) >= _ENOUGH_WORDS and english < _FEW_FUNCTION_WORDS * len(words):
        return "not in English (few of its words are)"
    return None
