"""Our own texts as they are read from the kept documents: what the approved files of readings hold.

A reading is told in words (``tests/told.py``), one block for each text. Texts are the sentences of ``cases`` and the
articles of ``cases/paper``; those of which no document is kept are left out.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from kg.articles.furniture import blanked
from kg.core.model import Article
from kg.extract.language.casing import with_usual_case
from kg.extract.reading import extract_doc
from kg.extract.trace import Trace
from kg.ontology.load import load_ontology
from tests import kept
from tests.told import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.extract.events.weigh import Care

CASES = Path(__file__).parent / "cases"
PUBLISHED = "2024-05-08"  # a Wednesday
#: So many texts in a file at most, so that a difference is near its text and processes share the work.
TOGETHER = 100
#: One text of so many is read in the other ways too: in capitals, without scores of events, with a trace, …
EVERY = 7


def texts() -> dict[str, dict[str, str]]:
    """Every text of the cases: file → name → text; a text that stands in several counts once."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    seen: set[str] = set()
    for file, name, text in _cases():
        if text not in seen:
            seen.add(text)
            found[file][name if name and name not in found[file] else text] = text
    return dict(found)


def _cases() -> Iterator[tuple[str, str, str]]:
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", ()):
            if isinstance(case.get("text"), str):
                yield path.stem, case["name"], case["text"]
    for path in sorted((CASES / "triggers").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            yield f"triggers-{path.stem}", "", line.partition("\t")[0]
    for name in ("wider", "borders"):
        for line in (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()[1:]:
            yield name, "", line.replace("\\n", "\n")
    for path in sorted((CASES / "paper").glob("*.txt")):
        text = path.read_text(encoding="utf-8").partition("\n\n")[2]
        yield "paper", path.stem, blanked(text)  # as `kg load` gives it to the network


def loud(text: str) -> str:
    """A text as news agencies' wires have it."""
    return text.upper()


def some(every: int = EVERY) -> dict[str, str]:
    """Texts for the other ways of reading: name → text; drawn by their words, so that a new one changes no others."""
    named = ((f"{file}: {name}", text) for file, of in texts().items() for name, text in of.items() if len(text) > 60)
    return {name: text for name, text in named if crc32(text.encode()) % every == 0}


def as_read(text: str) -> str:
    """What a text tells."""
    return told(extract_doc(Article("text", text, PUBLISHED), kept.doc_of(text), load_ontology()))


def in_capitals(text: str) -> str:
    """What a text tells when it comes in capitals."""
    text = loud(text)
    doc = with_usual_case(kept.doc_of(text))
    return told(extract_doc(Article("text", text, PUBLISHED), doc, load_ontology()))


def by_grammar(text: str) -> str:
    """What a text without a date tells when the pipeline has learned nothing of events."""
    doc = kept.doc_of(text)
    doc.user_data.clear()
    return told(extract_doc(Article("text", text), doc, load_ontology()))


def traced(text: str) -> str:
    """The notes of a reading, sentence by sentence."""
    trace, doc = Trace(), kept.doc_of(text)
    extract_doc(Article("text", text, PUBLISHED), doc, load_ontology(), trace)
    return "\n".join(note.text for sentence in trace.sentences(doc) for note in sentence.notes)


def with_care(text: str) -> str:
    """What differs for cautious and eager readers."""
    usual = as_read(text).splitlines()
    return "\n".join(f"{care}: {line}" for care in ("cautious", "eager") for line in _others(usual, text, care))


def _others(usual: list[str], text: str, care: Care) -> Iterator[str]:
    found = told(extract_doc(Article("text", text, PUBLISHED), kept.doc_of(text), load_ontology(), care=care))
    lines = found.splitlines()
    yield from (f"no {line.strip()}" for line in usual if line not in lines)
    yield from (f"also {line.strip()}" for line in lines if line not in usual)


def _blocks(named: dict[str, str], read: Callable[[str], str], key: Callable[[str], str] = str) -> str:
    known, blocks = set(kept.kept_texts()), []
    for name, text in named.items():
        lines = read(text) if key(text) in known else ""
        if lines or (key(text) in known and read is not with_care):
            blocks.append(f"## {name}\n{lines}\n" if name.endswith(text) else f"## {name}\n{text}\n{lines}\n")
    return "\n".join(blocks)


@cache
def files() -> dict[str, Callable[[], str]]:
    """Every approved file of readings: its name → what makes its content."""
    found: dict[str, Callable[[], str]] = {}
    known = set(kept.kept_texts())
    for file, named in texts().items():
        rows = [(name, text) for name, text in named.items() if text in known]
        for number, start in enumerate(range(0, len(rows), TOGETHER)):
            part = dict(rows[start : start + TOGETHER])
            found[f"readings/{file}{f'-{number + 1}' if len(rows) > TOGETHER else ''}.txt"] = (
                lambda part=part: _blocks(part, as_read)  # type: ignore[misc]
            )
    found["readings/other-in-capitals.txt"] = lambda: _blocks(some(), in_capitals, loud)
    found["readings/other-by-grammar.txt"] = lambda: _blocks(some(), by_grammar)
    found["readings/other-trace.txt"] = lambda: _blocks(some(), traced)
    found["readings/other-care.txt"] = lambda: _blocks(some(2 * EVERY), with_care)
    return found
