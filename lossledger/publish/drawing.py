"""What pictures are drawn with: tags of SVG, scales, ticks, and the colours of ink and paper.

Every colour stands as a presentation attribute, so that a picture passed on alone is complete; on the site the style
sheet overrides it by class, for a dark screen and for print.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

from lossledger.core.text import isolated

FONT = "'IBM Plex Sans Condensed', 'Liberation Sans Narrow', 'Arial Narrow', Arial, sans-serif"

INK, FAINT, RULE, PAPER = "#1b2a2a", "#4d5c56", "#c3d1be", "#f4f6ee"

TONES: Mapping[str, str] = {
    "side-1": "#a3291c",
    "side-2": "#1b4b8f",
    "side-3": "#735600",
    "side-4": "#23663f",
    "side-5": "#673c9c",
    "side-6": "#006672",
    "side-7": "#86460a",
    "side-8": "#4f5655",
}
"""The ink of each side on light paper; the style sheet has the same, and those for a dark screen."""

DASHES: Mapping[str, str] = {"side-2": "7 3", "side-3": "2 3", "side-4": "9 3 2 3", "side-5": "4 2", "side-6": "1 2"}
"""How the line of each side is broken, so that lines are told apart in grey."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Frame(NamedTuple):
    """The size of a picture, and the margins around what is plotted in it; in units of the picture."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def across(self) -> int:
        """How wide the plot is."""
        return self.width - self.left - self.right

    @property
    def down(self) -> int:
        """How high the plot is."""
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> int:
        """Where the plot's lower edge is."""
        return self.height - self.bottom

    @property
    def edge(self) -> int:
        """Where the plot's right edge is."""
        return self.width - self.right


WIDE = Frame(760, 360, left=46, right=132, top=18, bottom=30)
NARROW = Frame(340, 300, left=44, right=86, top=18, bottom=28)
"""The frames of a chart on a desktop and on a phone: texts are the same size in both."""

LETTER = 6.6
"""About how wide a letter is at 13 units: to know when a text has room."""


class Plot(NamedTuple):
    """What a kind of chart comes to: its frame at the height that it needs, its marks, and what it says in words."""

    frame: Frame
    marks: list[str]
    says: str


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element of SVG: attributes are escaped, what is inside is markup; write ``class_`` and ``font_size``."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """A line of words that stays text: it can be selected, read aloud and searched."""
    return tag("text", escape(isolated(words)), x=x, y=y, **attributes)


def rule(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": RULE} | attributes)


def ink(tone: str) -> str:
    """The colour of a side's ink on light paper."""
    return TONES.get(tone, INK)


def number(value: float) -> str:
    """A whole number with commas, as everywhere on the site."""
    return f"{value:,.0f}"


def picture(frame: Frame, name: str, title: str, description: str, inside: Iterable[str], **attributes: object) -> str:
    """A whole picture with its title and description, which screen readers read in its stead."""
    return tag(
        "svg",
        tag("title", escape(isolated(title)), id=f"{name}-title"),
        tag("desc", escape(isolated(description)), id=f"{name}-desc"),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {frame.height}",
        width=frame.width,
        height=frame.height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=FONT,
        font_size=13,
        fill=INK,
        **attributes,
    )


def hatching(name: str) -> str:
    """A pattern of slanted strokes for what is not complete."""
    stroke = tag("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", stroke=FAINT, stroke_width=0.8, class_="hatch")
    return tag("defs", tag("pattern", stroke, id=name, width=6, height=6, patternUnits="userSpaceOnUse"))


def steps(highest: float, about: int) -> list[float]:
    """Round numbers from 0 up to at least ``highest``, about so many: 0, 50, 100, 150."""
    if highest <= 0:
        return [0, 1]
    rough = highest / about
    power = 10 ** floor(log10(rough))
    step = max(next(power * by for by in (1, 2, 2.5, 5, 10) if power * by >= rough), 1)
    step = ceil(step)
    return [step * i for i in range(ceil(highest / step) + 1)]


def months(first: date, last: date, at_most: int) -> list[tuple[date, str]]:
    """First days of months or years between two days, so many at most, each with its label."""
    length = (last.year - first.year) * 12 + last.month - first.month
    if length < 2:
        return _weeks(first, last, at_most)
    # Years alone are short words: half as many again have room.
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120) if length / n <= at_most * (1.5 if n >= 12 else 1)), 240)
    found: list[tuple[date, str]] = []
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(index // 12, index % 12 + 1, 1)
        if index % every == 0 and first <= day <= last:
            year = day.month == 1 or not found
            name = MONTHS[day.month - 1]
            found.append((day, str(day.year) if day.month == 1 else f"{name} {day.year}" if year else name))
    return found


def _weeks(first: date, last: date, at_most: int) -> list[tuple[date, str]]:
    every = max(ceil(((last - first).days + 1) / max(at_most, 1) / 7), 1) * 7
    days = [first + timedelta(ahead) for ahead in range(0, (last - first).days + 1, every)]
    return [(day, spoken(day, year=not index)) for index, day in enumerate(days)]


def spoken(day: date, *, year: bool = True) -> str:
    """A day as it is read: 27 Sep 2020."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def apart(wanted: list[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Places as near as may be to those wanted, in their order, at least a gap apart and within bounds."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = [0.0] * len(wanted)
    before = lowest - gap
    for index in order:
        before = placed[index] = max(wanted[index], before + gap)
    after = highest + gap
    for index in reversed(order):
        after = placed[index] = min(placed[index], after - gap)
    return placed


def cut(words: str, letters: int) -> str:
    """Words that are no longer than so many letters."""
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def _short(value: object) -> str:
    """Numbers to a tenth of a unit: finer is not seen, and every byte is sent to every reader."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
