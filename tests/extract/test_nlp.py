"""The shipped language model: loading, names, and what holds for every Doc it makes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.core.errors import ModelError
from kg.core.resources import models_dir
from kg.extract.language.models import SHIPPED, load_model, model_version

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

ARTICLE = """Ferry sinks off Pemba

ZANZIBAR — At least 14 people drowned when a Tanzanian ferry sank near Pemba Island on Friday, police said.
"We are still searching," Cmdr. Asha Juma told reporters. The U.N.-backed coast guard didn’t say why

Rescue goes on"""
ODD = [
    "", " ", "\n\n \n", "a", "?", "x" * 5000, "\u200b\u200b", "\x00\x01", "😀 👩‍👩‍👧 won!", "e\u0301te\u0301",
    "ＡＢＣ　１２", "مرحبا 你好", "\n".join("abcdef"), "no full stop " * 90,
]  # fmt: skip
LONGER = ["word " * 520, "((((" * 130, "http://a.example/" + "b/" * 260]  # than the longest window


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Return the default pipeline."""
    return load_model()


def annotations(doc: Doc) -> list[tuple[object, ...]]:
    """Return all that the pipeline sets."""
    return [(t.text, t.idx, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_)
            for t in doc]  # fmt: skip


def check(doc: Doc, text: str) -> None:
    """Assert what holds for every Doc: exact text, full annotation, one tree for each sentence, entities inside."""
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text
        assert token.tag_
        assert token.pos_
        assert token.dep_
        assert token.lemma_
    for sentence in doc.sents:
        roots = [token for token in sentence if token.head.i == token.i]
        assert [root.dep_ for root in roots] == ["ROOT"]
        assert all(sentence.start <= token.head.i < sentence.end for token in sentence)


@pytest.mark.parametrize("text", [ARTICLE, *ODD, *LONGER])
def test_any_text_is_annotated_and_never_altered(nlp: Language, text: str) -> None:
    """Offsets are exact and every sentence is a tree, in news and in rubbish alike."""
    check(nlp(text), text)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from(ARTICLE.split(" ")), max_size=300).map(" ".join))
def test_generated_text_is_annotated_and_never_altered(text: str) -> None:
    """The same holds for generated text."""
    check(_shared()(text), text)


_MODELS: list[Language] = []


def _shared() -> Language:
    """Return one pipeline for all generated cases (fixtures are not allowed there)."""
    if not _MODELS:
        _MODELS.append(load_model())
    return _MODELS[0]


def test_a_text_is_read_the_same_alone_and_in_company(nlp: Language) -> None:
    """Neither the batch nor its size changes an annotation."""
    texts = [ARTICLE, *ODD, ARTICLE.upper(), ARTICLE]
    alone = [annotations(nlp(text)) for text in texts]
    for size in (3, 64):  # not by the read_docs of tests.parses, which reads one by one and remembers
        assert [annotations(doc) for doc in nlp.pipe(texts, batch_size=size)] == alone


def test_threads_do_not_change_the_reading(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads give what one gives."""
    monkeypatch.setenv("KG_THREADS", "2")
    two = load_model()
    for text in (ARTICLE, ARTICLE * 4):
        assert annotations(two(text)) == annotations(nlp(text))


@pytest.mark.parametrize("value", ["0", "-1", "many", ""])
def test_threads_must_be_a_number(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is no number of threads is named."""
    monkeypatch.setenv("KG_THREADS", value)
    with pytest.raises(ModelError, match="KG_THREADS"):
        load_model()


def test_reading_news(nlp: Language) -> None:
    """Headlines and datelines are sentences of their own; names, dates and who did what are found."""
    doc = nlp(ARTICLE)
    starts = [sentence.text.strip() for sentence in doc.sents]
    assert starts[0] == "Ferry sinks off Pemba"
    assert starts[-1] == "Rescue goes on"
    assert any(sentence.startswith('"We are still searching') for sentence in starts)
    entities = {(ent.text, ent.label_) for ent in doc.ents}
    assert {("Asha Juma", "PERSON"), ("Friday", "DATE"), ("Tanzanian", "NORP")} <= entities
    sank = next(token for token in doc if token.text == "sank")
    assert sank.lemma_ == "sink"
    assert [(child.text, child.dep_) for child in sank.children if child.dep_ == "nsubj"] == [("ferry", "nsubj")]


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_case_is_no_obstacle(nlp: Language, case: object) -> None:
    """Capitals only, or none, still leave the person and the verb."""
    text = "Police in Nairobi arrested Peter Otieno on Monday."
    doc = nlp(case(text))  # type: ignore[operator]
    assert "peter otieno" in {ent.text.lower() for ent in doc.ents if ent.label_ == "PERSON"}
    assert next(token for token in doc if token.lower_ == "arrested").pos_ == "VERB"


@pytest.mark.parametrize(
    "text",
    [
        '"We waited for hours," Lena Ortega said.| "Nobody told us," the mayor said.| Help came at noon.',
        "The pumps failed, Lena Ortega said.| (Two boats are missing.)| Help came at noon.",
    ],
)
def test_sentences_of_quotations(nlp: Language, text: str) -> None:
    """A quotation ending in a comma ends no sentence, and an opening mark belongs to what it opens."""
    parts = text.split("|")
    assert [sentence.text for sentence in nlp("".join(parts)).sents] == [part.strip() for part in parts]


def test_given_sentences_are_kept(nlp: Language) -> None:
    """A Doc that comes with sentence starts keeps them."""
    words = "The dam broke . Villages were flooded".split()
    doc = spacy.tokens.Doc(nlp.vocab, words=words, sent_starts=[True, False, True, False, False, False, False])
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [token.i for token in doc if token.is_sent_start] == [0, 2]


@pytest.mark.parametrize("times", [15, pytest.param(150, marks=pytest.mark.long)])
def test_a_long_text_is_read(times: int, nlp: Language) -> None:
    """A text of many windows is annotated to its end."""
    text = (ARTICLE + "\n\n") * times
    doc = nlp(text)
    check(doc, text)
    assert doc[len(doc) - 2].tag_ != "_SP"


def test_versions_tell_the_shipped_model_without_spacy() -> None:
    """Name, version and hash come from the model's folder; spaCy is not imported for them."""
    code = "import sys, kg.extract.language.models as m; print(m.model_version()); assert 'spacy' not in sys.modules"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    meta = json.loads((models_dir() / "default" / "meta.json").read_text())
    assert out == ["default", meta["version"], meta["hash"]]


@pytest.mark.parametrize("name", ["no_such_model", "/no/such/folder", "..", "en core web", "a/b"])
@pytest.mark.parametrize("call", [load_model, model_version])
def test_a_missing_model_is_named(name: str, call: object) -> None:
    """The error is one line that names the model and what to do."""
    with pytest.raises(ModelError, match=r"^.*--model default.*$") as caught:
        call(name)  # type: ignore[operator]
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    """A folder that lacks files, or holds nonsense, is a ModelError that names it."""
    (tmp_path / "meta.json").write_text("{nonsense")
    with pytest.raises(ModelError, match=r"meta\.json"):
        load_model(str(tmp_path))
    (tmp_path / "meta.json").write_text('{"name": "broken", "version": "1", "kind": "encoder"}')
    with pytest.raises(ModelError, match=str(tmp_path)):
        load_model(str(tmp_path))


def test_a_saved_spacy_pipeline_is_a_model(tmp_path: Path) -> None:
    """Any folder that spaCy saved can be named, and has a version."""
    spacy.blank("en").to_disk(tmp_path)
    assert [token.text for token in load_model(str(tmp_path))("Rain fell")] == ["Rain", "fell"]
    assert len(model_version(str(tmp_path)).split()) == 3


def test_shipped_models_are_small() -> None:
    """All shipped models together take at most 60 MB."""
    files = [file for name in SHIPPED for file in (models_dir() / name).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 60_000_000
