"""What stands around the news in plain text is kept in the text and not read; dates that head a line date it."""

from __future__ import annotations

import pytest

from kg.core.model import Article
from kg.pipeline.prepared import Reader, Settings

pytestmark = pytest.mark.model

NEWS = "Rebels attacked Kirra on Monday and killed two guards, police said."


def _read(text):
    (extraction,) = Reader(Settings()).extract([Article("a", text, published="2024-05-08")])
    return extraction


@pytest.mark.parametrize(
    "text",
    [
        f"{NEWS}\n\nREAD MORE: Gunmen kidnap bishop in Sorrel\n\nREAD NEXT: Bomb kills 40 in Pallow",
        f"{NEWS}\n\nRelated: Soldiers shoot nine in Sorrel\n",
        f"By Jane Rowe in Pallow\n\n{NEWS}",
        f"{NEWS}\n\nAlready a subscriber? Sign in to read how the bishop of Sorrel was murdered",
        f"Photo: Soldiers shoot a bishop in Sorrel/AFP\n\n{NEWS}",
    ],
)
def test_lines_around_the_news_tell_nothing(text):
    """Teasers, offers, credits and a reporter's place add no event and no place."""
    plain, around = _read(NEWS), _read(text)
    assert [e.type for e in around.events] == [e.type for e in plain.events]
    assert not {e.name for e in around.entities} & {"Sorrel", "Pallow", "Jane Rowe"}
    assert all(m.text == text[m.start : m.end] for e in around.entities for m in e.mentions)


@pytest.mark.parametrize(
    "text",
    [
        "Timeline of the war\n\n12 March: bomb kills three in Kirra\n\n2 April: soldiers kill nine rebels near Tolm",
        "The year in brief\n\n- 12 March 2024 – A bomb killed three people.\n- 2 April 2024 – Soldiers killed nine.",
        "• 12 March: A bomb killed three people in Kirra.\n• 2 April: Soldiers killed nine rebels.",
    ],
)
def test_a_date_at_the_head_of_a_line_is_its_events_date(text):
    """No item of a dated list takes the date of the next."""
    found = {event.triggers[0].text[:4].lower(): event.time.value for event in _read(text).events if event.time}
    assert found["bomb"] == "2024-03-12"
    kills = [e.time.value for e in _read(text).events if e.type == "Killing" and e.time]
    assert kills == ["2024-03-12", "2024-04-02"]
