"""The commands that score against others' annotation: each measure on a document whose score is plain."""

import json
from collections import Counter

from benchmarks import dates, muc4, wikievents
from benchmarks.coreference import Document, joined_within, within

RAW = (
    "   ARDEN, 4 FEB 90 (NPA) -- [TEXT] GUERRILLAS OF THE NORVIAN FREEDOM\nFRONT BOMBED A BANK.\n\n   NOBODY WAS HURT."
)


def test_muc4_reads_paragraphs_behind_the_dateline():
    """Lines of a paragraph are joined, the dateline is no text."""
    assert muc4.body(RAW) == "GUERRILLAS OF THE NORVIAN FREEDOM FRONT BOMBED A BANK.\n\nNOBODY WAS HURT."


def test_muc4_aligns_one_to_one():
    """An entity found twice is right once."""
    gold = [["the guerrillas", "a guerrilla column"], ["a bank"]]
    assert muc4.aligned(gold, [["Guerrillas"], ["guerrilla column"], ["Bank"]]) == muc4.Tally(2, 3, 2)
    assert muc4.aligned(gold, [["guerrillas", "bank"]]) == muc4.Tally(0, 1, 2)  # two entities taken for one
    assert muc4.aligned([], []) == muc4.Tally()


def test_muc4_fills_slots_by_roles_and_kinds():
    """Agents, things and means of incidents, unless they are denied."""

    def entity(name, words, *types, named=False):
        start = RAW.index(words)
        mention = {"text": words, "start": start, "end": start + len(words)}
        return {"id": name, "types": [*types, "Entity"], "name": words, "named": named, "mentions": [mention]}

    at = RAW.index("BOMBED")
    event = {
        "types": ["Bombing", "Attack", "Violence", "Event"], "status": "asserted", "agent": ["n1"], "patient": ["n2"],
        "instrument": [], "recipient": [], "place": [], "time": None,
        "triggers": [{"text": "BOMBED", "start": at, "end": at + 6}], "type": "Bombing",
    }  # fmt: skip
    entities = [entity("n1", "GUERRILLAS", "Group", "Agent"), entity("n2", "A BANK", "Facility", "Place")]
    said = muc4.slots({"entities": entities, "events": [event]}, RAW)
    assert said == {"PerpInd": [["GUERRILLAS"]], "PerpOrg": [], "Target": [["BANK"]], "Victim": [], "Weapon": []}
    denied = {"entities": entities, "events": [event | {"status": "negated"}]}
    assert not any(muc4.slots(denied, RAW).values())


def test_wikievents_scores_are_those_of_its_counts():
    """Precision of what was said, recall of what is annotated."""
    counts = Counter({"right": 1, "said": 2, "found": 3, "gold": 4})
    assert wikievents.table(counts)["triggers"] == (1, 2, 3, 4)
    assert wikievents.f1(1, 2, 3, 4) == 2 * 0.5 * 0.75 / 1.25


def test_dates_of_both_forms_are_read(tmp_path):
    """Sentences of GUM, and specifications with several values."""
    gum = {
        "doc": "a",
        "genre": "news",
        "dct": "2024-05-08",
        "tokens": "On Monday .",
        "dates": [[1, 2, {"when": "2024-05-06"}]],
    }
    spec = [{
        "Input": "back on Monday", "Context": {"ReferenceDateTime": "2024-05-08T00:00:00"},
        "Results": [{"Text": "monday", "Start": 8, "Resolution": {"values": [
            {"type": "date", "value": "2024-05-06"}, {"type": "date", "value": "2024-05-13"}]}}],
    }]  # fmt: skip
    (tmp_path / "gum.jsonl").write_text(json.dumps(gum) + "\n")
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    (sentence,) = dates.read_cases(tmp_path / "gum.jsonl")
    assert (sentence.text, sentence.gold) == ("On Monday.", [(3, 9, [dates.days_of("2024-05-06", "2024-05-06")])])
    (case,) = dates.read_cases(tmp_path / "spec.json")
    assert (case.published, [len(days) for *_, days in case.gold]) == ("2024-05-08", [2])
    read = dates.own_reader(with_model=False)(case)
    assert read[0][2] in case.gold[0][2]


def test_mentions_within_a_document_are_joined_by_what_was_read():
    """Mentions that one event of the reading covers are one."""
    mentions = (("d#0", (0,), "x"), ("d#1", (1,), "x"), ("d#2", (2,), "y"))
    doc = Document("d", "t", "raid attack arrest", ((0, 4), (5, 11), (12, 18)), mentions)
    event = {"id": "e1", "triggers": [{"start": 0, "end": 4}, {"start": 5, "end": 11}]}
    groups = joined_within([doc], {"d": {"events": [event]}})
    assert sorted(map(sorted, groups)) == [["d#0", "d#1"], ["d#2"]]
    assert sorted(map(sorted, within([doc]))) == [["d#0", "d#1"], ["d#2"]]
