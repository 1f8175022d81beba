"""The only place where a language model is chosen and loaded, and where its Docs are brought to one scheme (UD).

Pipelines go by name: "default" and "fast" are shipped in `kg/core/data/models`; any other name is a folder with a saved
pipeline or an installed spaCy package such as `en_core_web_sm`.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.errors import ModelError
from kg.core.resources import models_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

SHIPPED = ("default", "fast")
#: Texts that spaCy's own components are given at once.
BATCH = 32
#: Longest text in characters: a guard against a dump given for an article.
MAX_LENGTH = 10_000_000


def load_model(name: str = "default") -> Language:
    """Return the pipeline: "default", "fast", a folder, or an installed package. ModelError where there is none.

    `KG_THREADS` sets the threads of one process for the shipped models (1: processes are the way to use cores).
    """
    folder = _folder(name)
    if folder is not None and _meta(folder).get("kind") == "encoder":
        nlp = _encoder_pipeline(folder, _threads())
    else:
        nlp = _spacy_pipeline(name, folder)
    nlp.max_length = MAX_LENGTH
    return nlp


def model_version(name: str = "default") -> str:
    """Return "name version hash" of a pipeline, without loading it; ModelError where there is none.

    The hash is that of the model's files (shipped ones carry it in meta.json); installed packages go by their version.
    """
    folder = _folder(name)
    if folder is None:
        try:
            return f"{name} {importlib.metadata.version(name)}"
        except (importlib.metadata.PackageNotFoundError, ValueError):
            raise _missing(name) from None
    meta = _meta(folder)
    digest = meta.get("hash") or _digest(folder)
    return f"{meta.get('name', folder.name)} {meta.get('version', '0')} {digest}"


def read_docs(nlp: Language, texts: Iterable[str], batch_size: int = BATCH) -> Iterator[Doc]:
    """Yield one Doc for each text, in order, with UD labels and Penn tags whatever scheme the pipeline has."""
    from kg.extract.language.schemes import scheme_of, to_ud

    scheme = scheme_of(nlp)
    for doc in nlp.pipe(texts, batch_size=batch_size):
        yield to_ud(doc, scheme)


def _threads() -> int:
    """Return the threads that one process may use, from KG_THREADS."""
    value = os.environ.get("KG_THREADS", "1")
    if not value.isdecimal() or int(value) < 1:
        raise ModelError(f"KG_THREADS is {value!r}: set it to a number from 1 up, or unset it")
    return int(value)


def _missing(name: str) -> ModelError:
    return ModelError(
        f"no language model {name!r}: use --model {' or '.join(SHIPPED)}, a folder with a saved spaCy pipeline, "
        f"or install that package (python -m spacy download {name})"
    )


def _folder(name: str) -> Path | None:
    """Return the model's folder, or None for a name that may be an installed package."""
    if name in SHIPPED:
        folder = models_dir() / name
        if not (folder / "meta.json").is_file():
            raise ModelError(
                f"the shipped model {name!r} is not in {models_dir()}: reinstall kg, or name another model"
            )
        return folder
    path = Path(name)
    return path if (path / "meta.json").is_file() else None


def _meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {folder / 'meta.json'}: {error}; reinstall or rebuild the model") from error
    if not isinstance(meta, dict):
        raise ModelError(f"{folder / 'meta.json'} holds no object: reinstall or rebuild the model")
    return meta


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _encoder_pipeline(folder: Path, threads: int) -> Language:
    # The model's runtime would report its use to its maker and keep an identifier in the home directory: nothing that
    # a reader of news wants. This is its switch, and it is read when the runtime is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from kg.extract.language.encoder import Encoder
    from kg.extract.language.tokens import blank_english

    nlp = blank_english()
    component = nlp.add_pipe("kg_encoder", config={"threads": threads})
    assert isinstance(component, Encoder)  # noqa: S101  narrows the type
    try:
        component.from_disk(folder)
    except Exception as error:  # onnxruntime and json raise kinds of their own
        raise ModelError(f"cannot load the model in {folder}: {error}; reinstall or rebuild it") from error
    meta = _meta(folder)
    nlp.meta["name"], nlp.meta["version"] = meta["name"], meta["version"]
    return nlp


def _spacy_pipeline(name: str, folder: Path | None) -> Language:
    import spacy

    try:
        nlp = spacy.load(folder or name)
    except OSError:
        raise _missing(name) from None
    except (ValueError, ImportError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"cannot load the model {name!r}: {reason}; install what it needs, or name another") from error
    return nlp
