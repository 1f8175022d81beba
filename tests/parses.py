"""Language models and parsed documents are kept for a whole run of the tests.

Each shipped model is loaded once in a process, and a text that several tests read is parsed once by each model. With
``KG_TEST_PARSES`` naming a folder the documents are kept there, for runs that repeat the same tests on changed rules
(benchmarks/mutants.py). A kept document comes back as a copy, so that no test sees what another one did to it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.language import models

_KEPT: dict[str, bytes] = {}
_MODELS: dict[str, Language] = {}


def keep() -> None:
    """Put a ``load_model`` and a ``read_docs`` that remember in the place of the program's own, for this process."""
    _keep_models()
    _keep_docs()


def _keep_models() -> None:
    load = models.load_model

    def load_model(name: str = "default") -> Language:
        """As ``load``, which is asked once for each shipped model, and always where threads are set."""
        folder = str(models._folder(name))
        if name not in models.SHIPPED or "KG_THREADS" in os.environ:
            return load(name)
        if folder not in _MODELS:
            _MODELS[folder] = load(name)
        return _MODELS[folder]

    models.load_model = load_model


def _keep_docs() -> None:
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
