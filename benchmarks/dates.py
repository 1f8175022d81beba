"""How well dates are read: a file of dates in one of two forms in; how many are found, and have the right value, out.

    python -m benchmarks.dates FILE [--reader own|dateparser|recognizers] [--model] [--genre news] [--misses 40]

FILE has GUM's dates, a sentence a line (``doc``, ``genre``, ``dct``, ``tokens``, ``dates``: [first token, end, {when|
from|to|notBefore|notAfter}]), or is one of the specifications of Microsoft's Recognizers-Text (a JSON list of inputs
with a reference date and their results); gzipped or not. An expression counts as found where the reader's overlaps it;
its value is right where both cover the same days, or where the gold date is one end of the range read; of several
values of a specification ("Thursday": the last and the next) one must be. Clock times without a date, durations and
sets are left out. Extras are counted in the same sentences, which are those that hold a date. The two libraries are
measured, not installed with kg.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract.language.tokens import blank_english
from kg.extract.times.calendar import first_day, last_day
from kg.extract.times.mentions import find_times
from training.corpora import open_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
Days = tuple[date | None, date | None]
Found = tuple[int, int, Days | None]


@dataclass(frozen=True)
class Case:
    """A sentence with its document date and its gold expressions: (start, end, days of which one is right)."""

    text: str
    published: str
    genre: str
    gold: list[tuple[int, int, list[Days]]]


def days_of(begin: str | None, end: str | None) -> Days:
    """Return the first and last day of two ISO dates of any grain; ValueError for clock times."""
    return (first_day(begin[:10]) if begin else None, last_day(end[:10]) if end else None)


def gold_days(value: dict[str, str]) -> Days:
    """Return the days of a TEI date: when, from and to, or notBefore and notAfter."""
    if "when" in value:
        return days_of(value["when"], value["when"])
    return days_of(value.get("from") or value.get("notBefore"), value.get("to") or value.get("notAfter"))


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the sentences of a file of either form."""
    text = "".join(open_text(path)).removeprefix("\ufeff")
    if text.lstrip().startswith("["):
        yield from _specified(json.loads(text))
    else:
        yield from _of_gum(filter(None, text.split("\n")))


def _specified(cases: list[dict[str, Any]]) -> Iterator[Case]:
    """Cases of Recognizers-Text that are meant for all programs and have a date."""
    for case in cases:
        published = case.get("Context", {}).get("ReferenceDateTime", "")[:10]
        gold = []
        for result in case.get("Results", ()):
            days = [d for d in map(recognized_days, _values(result)) if d is not None]
            if days:
                gold.append((result["Start"], result["Start"] + len(result["Text"]), days))
        if published and gold:
            yield Case(case["Input"], published, "specification", gold)


def _values(result: dict[str, Any]) -> list[dict[str, str]]:
    """The values of a result, in the form of the model of dates and times, whichever form the specification has."""
    found: list[dict[str, str]] = (result.get("Resolution") or {}).get("values") or []
    whole = result.get("Value") or {}
    for side in ("PastResolution", "FutureResolution"):
        named = whole.get(side) or {}
        if "date" in named:
            found.append({"type": "date", "value": named["date"]})
        elif "startDate" in named or "endDate" in named:
            ends = {k: named[f"{k}Date"] for k in ("start", "end") if f"{k}Date" in named}
            found.append({"type": "daterange", **ends})
    return found


def _of_gum(lines: Iterable[str]) -> Iterator[Case]:
    """Sentences of GUM, their tokens joined as print would."""
    for line in lines:
        record = json.loads(line)
        text, starts, ends = "", [], []
        for word in record["tokens"].split():
            glued = not text or word in {",", ".", ";", ":", "!", "?", ")", "-", "–", "'s", "’s", "n't", "%"}
            glued = glued or text.endswith(("(", "-", "–", "$"))
            text += word if glued else f" {word}"
            starts.append(len(text) - len(word))
            ends.append(len(text))
        gold = []
        for start, end, value in record["dates"]:
            try:
                gold.append((starts[start], ends[end - 1], [gold_days(value)]))
            except ValueError:
                continue  # a clock time
        yield Case(text, record["dct"], record["genre"], gold)


def names_end(found: Found, gold: tuple[int, int, Days]) -> bool:
    """Whether the gold date is one end of the longer range read: GUM marks "1967" in "since 1967", and both of "to"."""
    longer = found[1] - found[0] > gold[1] - gold[0]
    return longer and found[2] is not None and (found[2][0] == gold[2][0] or found[2][1] == gold[2][1])


def own_reader(with_model: bool) -> Callable[[Case], list[Found]]:
    """Return kg's reader, on the default model's parse or on bare tokens."""
    if with_model:
        from kg.extract.language.models import load_model

        nlp = load_model("default")
    else:
        nlp = blank_english()

    def read(case: Case) -> list[Found]:
        found: list[Found] = []
        for mention in find_times(nlp(case.text), case.published):
            resolved = mention.value is not None
            days = days_of(mention.earliest_begin, mention.latest_end) if resolved else None
            found.append((mention.start_char, mention.end_char, days))
        return found

    return read


def dateparser_reader() -> Callable[[Case], list[Found]]:
    """Return dateparser's search, preferring past dates, with the day's period taken for its grain."""
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    def read(case: Case) -> list[Found]:
        base = first_day(case.published)
        settings: dict[str, Any] = {"RELATIVE_BASE": datetime(base.year, base.month, base.day)}  # noqa: DTZ001
        settings |= {"PREFER_DATES_FROM": "past"}
        parser = DateDataParser(languages=["en"], settings=settings)
        found: list[Found] = []
        at = 0
        for words, when in search_dates(case.text, languages=["en"], settings=settings) or []:
            start = case.text.find(words, at)
            at = max(at, start + len(words))
            period = parser.get_date_data(words)["period"] or "day"
            iso = when.date().isoformat()[: {"year": 4, "month": 7}.get(period, 10)]
            found.append((start, start + len(words), days_of(iso, iso)))
        return found

    return read


def recognizers_reader() -> Callable[[Case], list[Found]]:
    """Return Recognizers-Text's date and time model; of a past and a future reading the past one is taken."""
    from recognizers_date_time import Culture, DateTimeRecognizer

    model = DateTimeRecognizer(Culture.English).get_datetime_model()

    def read(case: Case) -> list[Found]:
        base = first_day(case.published)
        found: list[Found] = []
        for result in model.parse(case.text, datetime(base.year, base.month, base.day)):  # noqa: DTZ001
            values = (result.resolution or {}).get("values") or [{}]
            found.append((result.start, result.end + 1, recognized_days(values[0])))
        return found

    return read


def recognized_days(value: dict[str, str]) -> Days | None:
    """Return the days of one resolution: a day, or a range whose end is exclusive."""
    kind = value.get("type", "")
    try:
        if kind in {"date", "datetime"}:
            return days_of(value["value"], value["value"])
        begin = first_day(value["start"][:10]) if "start" in value else None
        end = first_day(value["end"][:10]) - timedelta(days=kind == "daterange") if "end" in value else None
    except (KeyError, TypeError, ValueError):
        return None
    return (begin, end) if (begin or end) and kind in {"daterange", "datetimerange"} else None


def main() -> None:
    """Print found, right and extra, for all genres and each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--reader", choices=("own", "dateparser", "recognizers"), default="own")
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--genre")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    readers = {"dateparser": dateparser_reader, "recognizers": recognizers_reader}
    read = own_reader(options.model) if options.reader == "own" else readers[options.reader]()
    tally: dict[str, Counter[str]] = {}
    shown, seconds = 0, 0.0
    for case in read_cases(options.file):
        if options.genre and case.genre != options.genre:
            continue
        before = time.process_time()
        found = read(case)
        seconds += time.process_time() - before
        counts = tally.setdefault(case.genre, Counter())
        counts["extra"] += sum(all(e <= s or g <= b for b, e, _ in case.gold) for s, g, _ in found)
        for start, end, days in case.gold:
            overlapping = [f for f in found if f[0] < end and start < f[1]]
            right = any(
                f[2] and (f[2] in days or any(names_end(f, (start, end, d)) for d in days)) for f in overlapping
            )
            counts["gold"] += 1
            counts["found"] += bool(overlapping)
            counts["resolved"] += any(f[2] for f in overlapping)
            counts["right"] += right
            if not right and shown < options.misses:
                shown += 1
                got = [(case.text[s:e], str(d and tuple(map(str, d)))) for s, e, d in overlapping]
                print(f"{case.published} {case.text[max(0, start - 30) : end + 20]!r}")
                print(f"    {case.text[start:end]!r} is {[tuple(map(str, d)) for d in days]}, read {got}")
    if not tally:
        parser.error(f"{options.file}: no dates of days or longer in it")
    total: Counter[str] = Counter()
    for counts in tally.values():
        total += counts
    for name, counts in [*sorted(tally.items()), ("all", total)]:
        share = {key: counts[key] / counts["gold"] for key in ("found", "resolved", "right")}
        print(
            f"{name:10} {counts['gold']:5} found {share['found']:.3f} resolved {share['resolved']:.3f} right "
            f"{share['right']:.3f} right of resolved {counts['right'] / max(1, counts['resolved']):.3f} "
            f"extra {counts['extra']}"
        )
    print(f"{seconds:.1f} s")


if __name__ == "__main__":
    main()
