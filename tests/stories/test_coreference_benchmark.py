"""The benchmark of events across documents: its measures by hand, and a file of its format."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("scorch", reason="the scorer is in the extra `test`")

from benchmarks.coreference import baseline, documents, gold_groups, scores_of


def test_the_measures_are_those_computed_by_hand():
    """Gold {a b c} {d}, found {a b} {c d}: MUC 1/2, 1/2; B-cubed 2/3, 3/4; CEAF-e (0.8 + 2/3) / 2 both ways."""
    scores = scores_of([{"a", "b", "c"}, {"d"}], [{"a", "b"}, {"c", "d"}])
    assert scores["MUC"] == pytest.approx((1 / 2, 1 / 2, 1 / 2))
    assert scores["B-cubed"][:2] == pytest.approx((2 / 3, 3 / 4))
    assert scores["CEAF-e"] == pytest.approx((11 / 15, 11 / 15, 11 / 15))
    b_cubed = 2 * (2 / 3) * (3 / 4) / (2 / 3 + 3 / 4)
    assert scores["CoNLL"][0] == pytest.approx((1 / 2 + b_cubed + 11 / 15) / 3)


def test_a_file_is_read_as_the_task_has_it(tmp_path):
    """Annotated sentences, events only, negated ones too, singletons kept; the baseline joins one word in one topic."""
    words = "Police arrested a man . He was not arrested on Monday . They arrested him ."
    sents = [[0, 0, 5], [1, 5, 12], [2, 12, 16]]
    mentions = [
        {"type": "HUMAN_PART_ORG", "tok": [0], "coref": "H1"},
        {"type": "ACTION_OCCURRENCE", "tok": [1], "coref": "A1"},
        {"type": "NEG_ACTION_OCCURRENCE", "tok": [8]},
        {"type": "ACTION_OCCURRENCE", "tok": [13], "coref": "A1"},
    ]
    rows = [
        {"doc": doc, "topic": topic, "tokens": words, "sents": sents, "annotated_sentences": some, "mentions": mentions}
        for doc, topic, some in (("1_1", 1, [0, 1]), ("1_2", 1, [0]), ("2_1", 2, [0]))
    ]
    file = tmp_path / "few.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    docs = documents(file)
    assert docs[0].text == "Police arrested a man. He was not arrested on Monday. They arrested him."
    assert docs[0].text[slice(*docs[0].spans[8])] == "arrested"
    assert sorted(map(sorted, gold_groups(docs))) == [["1_1#1", "1_2#1"], ["1_1#2"], ["2_1#1"]]
    assert sorted(map(sorted, baseline(docs))) == [["1_1#1", "1_1#2", "1_2#1"], ["2_1#1"]]
