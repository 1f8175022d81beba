"""Articles that are one report, and such as only look like it."""

from __future__ import annotations

from kg.pipeline.stories.copies import Source, copies, index_runs, may_be_alike, plain_address

STORY = (
    "The river burst its banks near Arden on Tuesday and flooded two villages. Forty families slept in a school. "
    "The mayor said that the water had come within an hour, and that nobody had been hurt. Troops were on their way. "
    "Rain is expected to go on until Thursday, the weather service said, and the road to the coast stays closed."
)
OTHER = (
    "Two ministers resigned on Friday over the sale of the harbour to a company abroad. Parliament meets next week. "
    "The opposition has asked for an inquiry into who knew of the price, and the president has not said a word so far."
)


def _found(*sources):
    return {copy.iri: copy.of for copy in copies(sources)}


def test_an_agency_s_text_in_two_papers_is_one_report():
    """Another head, another day, a line at the end: the earliest one is the report."""
    second = "By our reporter. " + STORY + " Read more on our site."
    assert _found(
        Source("b", second, "https://b.example/1", "2024-05-02", "B"),
        Source("a", STORY, "https://a.example/x", "2024-05-01", "A"),
        Source("c", OTHER, "https://c.example/x", "2024-05-01", "C"),
    ) == {"b": "a"}


def test_a_feed_entry_is_its_page():
    """A feed has the first sentences only: of the same house they are the page's."""
    entry = STORY[:170]
    assert _found(Source("page", STORY, "https://a.example/1"), Source("feed", entry, "https://a.example/rss/1")) == {
        "page": "feed"
    } or _found(Source("page", STORY, "https://a.example/1"), Source("feed", entry, "https://a.example/rss/1")) == {
        "feed": "page"
    }


def test_a_short_statement_quoted_by_another_house_is_no_copy():
    """A long article that quotes all of a short one is a report of its own."""
    short = "The mayor said that the water had come within an hour, and that nobody had been hurt."
    assert (
        _found(
            Source("a", short, "https://a.example/1", publisher="A"),
            Source("b", STORY + " " + OTHER, "https://b.example/1", publisher="B"),
        )
        == {}
    )


def test_addresses_that_differ_by_tracking_are_one():
    """The same page with and without utm_source, www. and a slash; texts that share nothing are not joined by it."""
    first, second = "https://www.a.example/story/?utm_source=feed&id=7", "http://a.example/story?id=7#top"
    assert plain_address(first) == plain_address(second)
    cut = STORY[60:260]
    assert _found(Source("a", STORY, first, "2024-05-01"), Source("b", cut, second, "2024-05-02")) == {"b": "a"}
    assert _found(Source("a", STORY, first), Source("b", OTHER, second)) == {}
    assert plain_address("") == plain_address("report/monday") == ""


def test_two_reports_of_one_matter_in_other_words_stay_two():
    """Written anew is no copy; nor are texts too short to tell."""
    anew = (
        STORY.replace("burst its banks", "rose over its walls")
        .replace("Forty", "Some forty")
        .replace("slept in", "were brought to")
        .replace("said that the water", "told us the flood")
        .replace("Rain is expected", "More rain may come")
        .replace("until Thursday", "till Thursday night")
        .replace("the road to the coast", "the coastal road")
    )
    assert _found(Source("a", STORY), Source("b", anew)) == {}
    assert _found(Source("a", "Fire in Osk."), Source("b", "Fire in Osk.")) == {}


def test_three_copies_point_to_the_first_and_no_order_matters():
    """All copies repeat the earliest article, also where they are nearer to each other."""
    sources = [Source(name, STORY + " " + "More." * n, "", f"2024-05-0{n}") for n, name in enumerate("xyz", start=1)]
    assert _found(*sources) == _found(*reversed(sources)) == {"y": "x", "z": "x"}


def test_a_notice_below_every_article_makes_none_worth_comparing():
    """A paper's own notice stands below all that it prints: articles that share no more are not even compared whole."""
    notice = " Copyright by the Coast Courier. All rights are reserved, and no part of this may be printed elsewhere."
    one, other, again = (index_runs(text + notice) for text in (STORY, OTHER, "By our reporter. " + STORY))
    assert len(one & other) > 0
    assert not may_be_alike(len(one & other), len(one), len(other))
    assert may_be_alike(len(one & again), len(one), len(again))
    assert _found(Source("a", STORY + notice), Source("b", OTHER + notice)) == {}
