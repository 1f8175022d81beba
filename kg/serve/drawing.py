"""SVG, written by hand: all is escaped, and colours are attributes, since inline styles are forbidden."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

INK, QUIET, LINE, STRONG = "#1b1f24", "#57606a", "#9aa4b0", "#0b57c2"
COLOURS = {"asserted": "#2f6fb5", "negated": "#8a8f98", "possible": "#b5822f", "planned": "#7a52b5"}
"""By the status of an event."""
SERIES = ("#2f6fb5", "#b5482f", "#2f8a57", "#7a52b5", "#b5822f", "#2f8a96", "#a33d78", "#5d6b2f")
_OUTLINE = Path(__file__).parent / "assets" / "world-110m.txt"


def tag(name: str, *children: Markup | str, **attributes: object) -> Markup:
    """One element; ``_`` within an attribute's name is a hyphen; None leaves it out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)  # noqa: S704 - names are ours


def picture(width: float, height: float, *children: Markup, label: str, box: str | None = None) -> Markup:
    """A whole picture, with words for who cannot see it."""
    return tag(
        "svg", tag("title", label), *children, xmlns="http://www.w3.org/2000/svg",
        viewBox=box or f"0 0 {width} {height}",
        role="group", aria_label=label, font_family="system-ui, sans-serif", font_size=12, width=width, height=height,
    )  # fmt: skip


def link(target: str, *children: Markup, label: str = "") -> Markup:
    """Something that leads to one of our pages."""
    title = [tag("title", label)] if label else []
    return tag("a", *title, *children, href=target)


def text(x: float, y: float, words: str, **attributes: object) -> Markup:
    """Words at a place."""
    return tag("text", words, x=round(x, 1), y=round(y, 1), **{"fill": INK, **attributes})


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> Markup:
    """A line."""
    ends = {"x1": round(x1, 1), "y1": round(y1, 1), "x2": round(x2, 1), "y2": round(y2, 1)}
    return tag("line", **{**ends, "stroke": LINE, **attributes})


def rectangle(x: float, y: float, width: float, height: float, **attributes: object) -> Markup:
    """A rectangle."""
    sides = {"x": round(x, 1), "y": round(y, 1), "width": round(width, 1), "height": round(height, 1)}
    return tag("rect", **{**sides, **attributes})


def circle(x: float, y: float, radius: float, **attributes: object) -> Markup:
    """A circle."""
    return tag("circle", **{"cx": round(x, 1), "cy": round(y, 1), "r": round(radius, 1), **attributes})


def shortened(words: str, most: int) -> str:
    """Words cut to a number of characters."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def day_number(day: str) -> float | None:
    """A day, month or year as a number of days; None for what is none, or lies before the calendar."""
    parts = day.split("-")
    try:
        return float(
            date(
                int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1
            ).toordinal()
        )
    except (ValueError, IndexError, OverflowError):
        return None


def ticks(first: float, last: float, most: int = 8) -> list[tuple[float, str]]:
    """Where an axis of days has its marks, with their words: years, months or days, at most about ``most``."""
    span = max(last - first, 1.0)
    begin = date.fromordinal(max(1, int(first)))
    found: list[tuple[float, str]] = []
    if span > 366 * 2:
        step = max(1, round(span / 366 / most))
        years = range(begin.year + 1, min(9999, begin.year + int(span / 365) + 2), step)
        found = [(float(date(year, 1, 1).toordinal()), str(year)) for year in years]
    elif span > 62:
        step = max(1, round(span / 30.5 / most))
        months = (begin.year * 12 + begin.month - 1 + number for number in range(1, int(span / 28) + 2, step))
        found = [(float(date(m // 12, m % 12 + 1, 1).toordinal()), f"{m // 12}-{m % 12 + 1:02}") for m in months]
    else:
        step = max(1, round(span / most))
        found = [(float(n), date.fromordinal(n).isoformat()) for n in range(int(first), int(last) + 1, step)]
    return [(at, words) for at, words in found if first <= at <= last]


def outline() -> str:
    """The land of the world as the path of a picture of 720 by 360; empty where the file is not there."""
    return _OUTLINE.read_text("utf-8").strip() if _OUTLINE.exists() else ""


def standalone(svg: Markup) -> bytes:
    """A picture as a file."""
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + str(svg).encode() + b"\n"


def group(children: Iterable[Markup], **attributes: object) -> Markup:
    """Several things as one."""
    return tag("g", *children, **attributes)
