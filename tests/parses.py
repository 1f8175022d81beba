"""Parsed documents are kept for a whole run: a text that several tests read is parsed once by each model.

With ``KG_TEST_PARSES`` naming a folder they are kept there, for runs that repeat the same tests on changed rules
(benchmarks/mutants.py). A kept document comes back as a copy, so that no test sees what another one did to it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from spacy.tokens import Doc

from kg.extract.language import models

_KEPT: dict[str, bytes] = {}


def keep() -> None:
    """Put a ``read_docs`` that remembers in the place of the program's own, for this process."""
    read = models.read_docs
    folder = os.environ.get("KG_TEST_PARSES")

    def read_docs(nlp, texts, batch_size=models.BATCH):
        for text in texts:
            named = f"{nlp.meta['name']} {nlp.meta['version']} {nlp.pipe_names} {text}"
            key = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()
            file = Path(folder, key) if folder else None
            if key not in _KEPT and file is not None and file.exists():
                _KEPT[key] = file.read_bytes()
            if key in _KEPT:
                yield Doc(nlp.vocab).from_bytes(_KEPT[key])
                continue
            (doc,) = read(nlp, [text], batch_size)
            _KEPT[key] = doc.to_bytes()
            if file is not None:
                file.write_bytes(_KEPT[key])
            yield doc

    models.read_docs = read_docs
