"""How many articles arguments hold, before any is read."""

from __future__ import annotations

from kg.articles import count_articles


def test_files_lines_and_entries_are_counted(tmp_path):
    """A folder's texts count one each, JSON lines by their lines, feeds by their entries; other files not at all."""
    (tmp_path / "a.txt").write_text("The fair was opened.")
    (tmp_path / "b.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n')
    (tmp_path / "c.rss").write_text("<rss><channel><item></item><item/></channel></rss>")
    (tmp_path / "d.csv").write_text("a,b")
    assert count_articles([tmp_path]) == 5
    assert count_articles([tmp_path / "b.jsonl", tmp_path / "gone.txt"]) == 3


def test_with_standard_input_the_number_is_not_known():
    """What comes through a pipe cannot be counted before it is read."""
    assert count_articles(["-"]) is None
