"""Asking the network of our own texts, and keeping what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.model import Article
from kg.extract.language.casing import with_usual_case
from kg.extract.language.models import load_model, model_version, read_docs
from kg.extract.reading import extract_doc
from kg.ontology.load import load_ontology
from tests import kept
from tests.readings import PUBLISHED, loud, some, texts
from tests.told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc


def ask(*, anew: bool) -> None:
    """Keep a document of every text that has none, or of all; of a text that no case has any more none."""
    wanted = [text for named in texts().values() for text in named.values()]
    wanted = list(dict.fromkeys([*wanted, *map(loud, some().values())]))
    known = {} if anew or not kept.FILE.is_file() else kept.kept()
    new = [text for text in wanted if text not in known]
    kept.write(wanted, known, dict(_documents(new)), model_version())


def _documents(new: list[str]) -> Iterator[tuple[str, kept.Asked]]:
    for text, doc in zip(new, read_docs(load_model(), new), strict=True):
        with kept.asked() as asked:
            was = _reading(text, doc)
        one = kept.Asked(doc, *asked)
        if text in texts()["paper"].values() or was == _reading(text, kept.again(one)):
            yield text, one
        else:
            print(f"left out, since it hangs on a score's last digits: {text[:100]}")  # noqa: T201


def _reading(text: str, doc: Doc) -> str:
    return told(extract_doc(Article("text", text, PUBLISHED), with_usual_case(doc), load_ontology()))
