"""Reading articles: each folder under cases/articles holds inputs and what must come of them."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import SkippedInput, read_articles
from kg.articles.metadata import iso_date
from kg.core.errors import ArticleError
from kg.core.model import Article

CASES = Path(__file__).parents[1] / "cases" / "articles"


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir()))
def test_a_folder_gives_the_articles_and_skipped_inputs_that_its_case_expects(case):
    """Every input comes out as the article it holds, or is named with its reason; none disappears."""
    folder = CASES / case
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    found = list(read_articles([folder]))
    assert [_matches(folder, want, got) for want, got in zip(expected, found, strict=False)] == [[]] * len(expected)
    assert found[len(expected) :] == []


def _matches(folder, want, got):
    """What differs between an expectation and what was read."""
    if isinstance(got, SkippedInput):
        place = Path(got.where).relative_to(folder).as_posix()
        return [] if place == want.get("where") and want["reason"] in got.reason else [(want, got)]
    wrong = [(k, v, getattr(got, k)) for k, v in want.items() if k not in ("contains", "lacks") and _field(got, k) != v]
    if want.get("contains", "") not in got.text:
        wrong.append(("contains", want["contains"], got.text))
    if "lacks" in want and want["lacks"] in got.text:
        wrong.append(("lacks", want["lacks"], got.text))
    return wrong


def _field(article, name):
    return getattr(article, name, "no such field: the input was expected to be skipped")


def test_a_file_named_directly_has_its_stem_as_id(tmp_path):
    """An id never holds the folder that a file was named with."""
    file = tmp_path / "deep" / "story.v2.txt"
    file.parent.mkdir()
    file.write_text("The story was told to the court.")
    assert [a.id for a in read_articles([file])] == ["story.v2"]


def test_defaults_hold_only_for_articles_that_carry_none(tmp_path):
    """A date given for all does not overwrite the date that an article has."""
    (tmp_path / "a.txt").write_text("Date: 2001-01-01\n\nThe fair was opened.")
    (tmp_path / "b.txt").write_text("The fair was closed.")
    found = list(read_articles([tmp_path], published="2 February 2002", publisher="P"))
    assert [(a.published, a.publisher) for a in found] == [("2001-01-01", "P"), ("2002-02-02", "P")]


def test_a_default_date_that_is_none_is_refused_before_anything_is_read():
    """A mistyped date stops the run at once."""
    with pytest.raises(ArticleError, match="YYYY-MM-DD"):
        read_articles(["-"], published="soon")


def test_one_id_twice_in_one_run_is_an_error_for_the_second(tmp_path):
    """The same file given twice is read once."""
    file = tmp_path / "a.txt"
    file.write_text("The fair was opened.")
    first, second = read_articles([file, file])
    assert first.id == "a"
    assert second == SkippedInput(str(file), "id 'a' was already read in this run: give it another id")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b"The fair was opened.", ["stdin"]),
        (b"Id: x\n\nThe fair was opened.", ["x"]),
        (b'\n {"id": "x", "text": "The fair was opened."}\n{"id": "y", "text": "The fair was closed."}', ["x", "y"]),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>g</id><summary>It is open.</summary></entry></feed>",
            ["g"],
        ),
    ],
)
def test_standard_input_is_told_apart_by_its_first_character(given, expected):
    """Text, JSON lines and feeds may all come through a pipe."""
    assert [a.id for a in read_articles(["-"], stdin=io.BytesIO(given))] == expected


def test_a_text_above_the_limit_is_skipped_with_the_flag_that_raises_it(tmp_path):
    """A huge text does not stop the others."""
    (tmp_path / "a.txt").write_text("The fair was opened. " * 10)
    (tmp_path / "b.txt").write_text("The fair was closed.")
    skipped, article = read_articles([tmp_path], max_chars=100)
    assert "210 characters, above the limit of 100: raise --max-chars" in skipped.reason
    assert article.id == "b"


def test_a_file_far_above_the_limit_is_refused_without_being_held(tmp_path):
    """A file of 200 MB costs no 200 MB to refuse."""
    file = tmp_path / "huge.txt"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    tracemalloc.start()
    (skipped,) = read_articles([file], max_chars=100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "raise --max-chars" in skipped.reason
    assert peak < 10_000_000


def held(file, articles):
    """The most bytes that are held while a file of so many articles is read, one line of it above the limit."""
    with file.open("w") as stream:
        for number in range(articles):
            stream.write(json.dumps({"id": str(number), "text": "The fair was opened. " * 400}) + "\n")
            if number == 7:
                stream.write(json.dumps({"text": "long " * 300_000}) + "\n")
    tracemalloc.start()
    found = Counter(type(found) for found in read_articles([file], max_chars=10_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {Article: articles, SkippedInput: 1}
    return peak


@pytest.mark.parametrize("many", [110, pytest.param(2000, marks=pytest.mark.long)])
def test_json_lines_are_read_in_flat_memory(many, tmp_path):
    """A hundred and more articles need what ten do: each is read alone, and a line above the limit is passed over."""
    held(tmp_path / "few.jsonl", 10)  # what is kept for all readings
    few = held(tmp_path / "few.jsonl", 10)
    assert held(tmp_path / "many.jsonl", many) < few + 250_000  # a hundred of their texts are 840,000 bytes
    assert few < 2_000_000


@pytest.mark.parametrize(("name", "reason"), [("gone.txt", "No such file"), ("picture.png", "unknown kind of file")])
def test_a_file_that_cannot_be_read_is_skipped_with_its_reason(tmp_path, name, reason):
    """A wrong path or a picture is named; reading goes on."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "a.txt").write_text("The fair was opened.")
    skipped, article = read_articles([tmp_path / name, tmp_path / "a.txt"])
    assert reason in skipped.reason
    assert article.id == "a"


def test_a_name_that_is_no_utf8_is_named_unless_the_article_has_an_id(tmp_path):
    """What is told to be wrong is the name of the file, not its text."""
    folder = os.fsencode(tmp_path)
    try:
        Path(os.fsdecode(folder + b"/caf\xe9.txt")).write_text("The fair was opened.")
    except OSError:
        pytest.skip("file names are UTF-8 here")
    Path(os.fsdecode(folder + b"/\xff.txt")).write_text("Id: own\nTitle: a\n\nThe fair was opened.")
    skipped, article = sorted(read_articles([tmp_path]), key=lambda found: isinstance(found, Article))
    assert "bytes of its name" in skipped.reason
    assert article.id == "own"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_plain_text_is_kept_exactly_as_given(words):
    """No character of a text without header is dropped, added or changed, line ends included."""
    text = "The fair was opened, and then: " + words
    stdin = io.BytesIO(text.encode())
    for found in read_articles(["-"], stdin=stdin):
        assert isinstance(found, SkippedInput) or found.text == text


@given(st.binary(max_size=300))
def test_no_bytes_whatever_stop_the_reader(raw):
    """Any input ends as articles or as skipped inputs with a reason, never as an exception."""
    for found in read_articles(["-"], stdin=io.BytesIO(raw)):
        assert isinstance(found, Article) or found.reason


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2013-01-20", "2013-01-20"),
        ("2013-01-20T23:59:59Z", "2013-01-20"),
        ("20130120", "2013-01-20"),
        ("20 January 2013", "2013-01-20"),
        ("Jan 20, 2013", "2013-01-20"),
        ("Sun, 20 Jan 2013 08:00:00 GMT", "2013-01-20"),
    ],
)
def test_dates_are_read_in_the_forms_that_news_uses(words, day):
    """A date keeps the day it is written with, whatever the zone."""
    assert iso_date(words) == day


@pytest.mark.parametrize("words", ["", "soon", "2013-02-30", "20/01/13", "13", "January 2013"])
def test_what_is_no_full_date_is_refused(words):
    """No day is guessed."""
    with pytest.raises(ArticleError):
        iso_date(words)


def test_an_empty_path_is_named_and_the_rest_is_read(tmp_path):
    """A shell's unset variable gives an empty argument."""
    file = tmp_path / "a.txt"
    file.write_text("Rebels attacked the town of Arden on Monday.")
    first, second = read_articles(["", str(file)])
    assert first == SkippedInput("''", "an empty path: give a file or folder")
    assert isinstance(second, Article)
