"""Time expressions that count from somewhere: "two years ago", "the past 30 days", "four days after", "that day".

Those that count from an event or from the day that a passage tells of keep their offset (see ``Offset``). How long
something took ("for three days") and how often ("every Monday") give no time. Vague ones ("recently") stay unresolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.times import calendar as dates
from kg.extract.times.calendar import UNRESOLVED, Unit
from kg.extract.times.pieces import Meaning, Offset, Reference, Rules, group, unit_of, weekday_number, whole_number
from kg.ontology.words import words

if TYPE_CHECKING:
    import re

RULES = Rules()


@RULES(
    r"(?:every|each)(?: other)? (?:<WEEKDAY>|<UNIT>|<PART>)",
    r"<FULL_WEEKDAY>s",
    r"(?:near-)?(?:daily|weekly|monthly|yearly|annually|nightly|hourly)",
)
@RULES(r"(?:once|twice|<NUMBER> times) (?:an?|every|per|each) <UNIT>", clues=("once", "twice", "times"))
def _frequency(_: re.Match[str], __: Reference) -> Meaning:
    return Meaning(kind="frequency")


@RULES(r"(?:<ABOUT> )?(?P<number><NUMBER>) (?P<unit><UNIT>) (?:ago|(?P<ahead>from now))", clues=(" ago", "from now"))
def _ago(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "three days ago", "two years from now"; as precise as the unit."""
    amount, unit = whole_number(match["number"]), unit_of(match["unit"])
    if amount is None or unit is None or reference.published is None:
        return Meaning()
    return Meaning(dates.shifted(reference.published, amount if group(match, "ahead") else -amount, unit))


@RULES(
    r"(?:<ABOUT> )?(?P<number><NUMBER>) (?P<unit>week|month|year)s? ago (?:on|last|this) (?P<weekday><FULL_WEEKDAY>)",
    r"(?P<number>a|one) fortnight ago (?:on|last|this) (?P<weekday><FULL_WEEKDAY>)",
    clues=(" ago",),
)
def _ago_on(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "a month ago on Sunday": the Sunday nearest to the day a month ago."""
    amount, unit = whole_number(match["number"]), unit_of(group(match, "unit") or "week")
    if amount is None or unit is None or reference.published is None:
        return Meaning()
    if not group(match, "unit"):
        amount *= 2
    back = dates.back_by(reference.published, amount, unit)
    if back is None:
        return Meaning()
    weekday = weekday_number(match["weekday"])
    offset = (weekday - back.weekday() + 3) % 7 - 3
    return Meaning(dates.day(dates.plus_days(back, offset)))


@RULES(
    r"(?:<ABOUT> )?(?:a|one) fortnight (?P<relation>ago|later|earlier|before|after|from now|hence)",
    clues=("fortnight",),
)
def _fortnight(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "a fortnight ago" and "a fortnight later": fourteen days, known to the week only."""
    relation = group(match, "relation")
    if relation in {"ago", "from now", "hence"}:
        step = -2 if relation == "ago" else 2
        return Meaning(dates.shifted(reference.published, step, "week")) if reference.published else Meaning()
    return _from_passage(2 if relation in {"later", "after"} else -2, "week", reference)


@RULES(
    r"(?:in|over|during|for) (?:the )?(?:(?:last|past|next|coming|previous) )?<VAGUE> (?:last |past )?<UNIT>",
    r"(?:in|over|during|for) (?:the )?(?:past|recent|coming) <UNITS>",
    r"in the (?:recent |distant |near )?(?:past|future)(?! (?:<NUMBER>|<VAGUE>|<UNIT>)\b)|recently|previously",
    r"(?:<VAGUE> )?(?:days|weeks|months|years|decades) (?:after|before)(?= \w)",
)
@RULES(r"(?:<VAGUE> )?<UNIT> ago|long ago|a while ago", clues=(" ago",))
@RULES(r"(?:<VAGUE> )?<UNITS> (?:later|earlier)", clues=("later", "earlier"))
def _vague(_: re.Match[str], __: Reference) -> Meaning:
    return Meaning()


@RULES(
    r"(?:the )?(?P<which>last|past|next|coming|following) (?P<number><NUMBER>) (?P<unit><UNIT>)",
    r"(?:over|during|in|within|throughout|for) the (?P<which>last|past|next|coming) "
    r"(?P<unit>day|week|month|year|decade)(?! of )",
    r"(?:the )?(?P<which>past|coming) (?P<unit>decade)",
)
def _stretch(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "the past 30 days", "over the next two years": from the publication date."""
    amount, unit = whole_number(group(match, "number") or "one"), unit_of(match["unit"])
    if amount is None or unit is None or reference.published is None:
        return Meaning(kind="range")
    ahead = group(match, "which") in {"next", "coming", "following"}
    return Meaning(dates.stretch(reference.published, amount if ahead else -amount, unit), "range")


@RULES(r"in (?:<ABOUT> )?(?P<number><NUMBER>) (?P<unit><UNIT>)(?:['’]? time)?")
def _in_units(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "in two weeks": ahead after a future verb, else how long something took."""
    amount, unit = whole_number(match["number"]), unit_of(match["unit"])
    if amount is None or unit is None or reference.tense(match.start()) != "future" or reference.published is None:
        return Meaning(kind="duration")
    return Meaning(dates.shifted(reference.published, amount, unit))


@RULES(
    r"(?:for|within|lasting|spent) (?:<ABOUT> )?(?:the )?(?:<NUMBER>|<VAGUE>) <UNIT>"
    r"(?! (?:later|earlier|before|after|ago))",
    r"(?:for|within|after) <UNITS>(?! (?:later|earlier|of)\b)",
    r"<NUMBER>-(?:minute|hour|day|week|month|year)s?(?:-long)?(?!-old)",
)
def _duration(_: re.Match[str], __: Reference) -> Meaning:
    return Meaning(kind="duration")


_RELATIONS = words("timeRelations")
_TO_EVENT = "(?P<relation>after|before|since|following|ahead of|prior to|from)"


@RULES(
    rf"(?:<ABOUT> )?(?P<number><NUMBER>) (?P<unit><UNIT>) {_TO_EVENT}(?= \w)",
    rf"(?:the )?(?P<unit>day|week|month|year) {_TO_EVENT}(?= \w)",
    rf"(?P<unit>minutes|hours) {_TO_EVENT}(?= \w)",
    clues=_RELATIONS,
)
def _to_event(match: re.Match[str], _: Reference) -> Meaning | None:
    """Read "four days after militants seized ...": the event's date decides, see ``times``."""
    unit, amount = unit_of(match["unit"]), whole_number(group(match, "number") or "one")
    relation = group(match, "relation")
    if unit is None or amount is None or (relation == "from" and not group(match, "number")):
        return None
    ahead = relation not in {"before", "ahead of", "prior to"}
    return Meaning(offset=Offset(amount if ahead else -amount, unit, "event"))


@RULES(
    r"(?:<ABOUT> )?(?P<number><NUMBER>) (?P<unit><UNIT>) (?P<relation>later|earlier|before|after|afterwards)",
    clues=_RELATIONS,
)
def _later(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "two days later", "a week earlier": from the day that the passage is telling of."""
    amount, unit = whole_number(match["number"]), unit_of(match["unit"])
    if amount is None or unit is None:
        return Meaning()
    ahead = group(match, "relation") in {"later", "after", "afterwards"}
    return _from_passage(amount if ahead else -amount, unit, reference)


@RULES(
    r"the (?P<which>next|following|same|previous) (?P<unit>day|morning|afternoon|evening|night|week|month|year)",
    r"the (?P<unit>day|week|month|year) (?P<which>before|after|earlier)(?=[.,;:)!?]| on\b| in\b| at\b|$)",
    r"(?P<which>that)(?: same| very)? (?P<unit>day|morning|afternoon|evening|night|week|month|year)",
)
def _other_day(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "the next day", "the previous week", "that evening", "the day before"."""
    steps = {"same": 0, "that": 0, "next": 1, "following": 1, "after": 1}
    return _from_passage(steps.get(group(match, "which"), -1), unit_of(match["unit"]) or "day", reference)


@RULES(
    r"<CLOCK>",
    r"(?:earlier|later) (?:in the|that|the same) day",
    r"(?!at night)(?:shortly |just )?(?:in|during|by|until|at|before|after|around) (?:the )?"
    r"(?:early |late |small )?<PART>(?: hours)?",
)
def _of_passage(_: re.Match[str], reference: Reference) -> Meaning:
    """Read a clock time or a part of the day alone: on the day that the passage is telling of."""
    bounds = dates.day(reference.passage) if reference.passage else UNRESOLVED
    return Meaning(bounds, offset=Offset(0, "day", "passage"))


def _from_passage(amount: int, unit: Unit, reference: Reference) -> Meaning:
    told = {"month": reference.month, "year": reference.year, "decade": reference.year}.get(unit, reference.told)
    bounds = dates.shifted(told, amount, unit) if told else UNRESOLVED
    return Meaning(bounds, offset=Offset(amount, unit, "passage"))
