"""What every chart has alike: its size, its letters, its colours, and the words over and under it.

A picture is passed on alone, so all that has to be known of it stands in it. Its left edge is one line: axes and names
stand inside the drawing's own width, not beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from lossledger.core.text import inert, isolated
from lossledger.core.vocabulary import Status

Spec = dict[str, Any]
"""A chart as Vega-Lite describes it: plain data."""

Drawing = Any
"""A part of a chart. Altair's types do not tell what its own methods return."""

WIDTH = 760
"""In pixels; with the margins 800."""

MARGIN = 20

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""Liberation Sans comes with vl-convert, so that a picture has the same letters on a machine without any fonts; where
a browser draws, Arial and Helvetica are as wide."""

INK, SOFT, RULE, SHADE = "#1c1c1c", "#5a5a5a", "#d9d9d9", "#ececec"

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#8F4E79", "#000000", "#56B4E9", "#E69F00")
"""Okabe and Ito's, which every kind of colour blindness tells apart; without their yellow, which is lost on white, and
with a darker purple. Lines differ in their dashes as well, so that they are told apart in grey."""

DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (7, 3), (2, 2), (10, 3, 2, 3), (14, 4), (5, 2, 1, 2), (5, 2))

PAIR_COLOURS = (COLOURS[0], "#E69F00")
"""Of two bars side by side, which have no dashes: the second is lighter."""

STATUS_COLOURS = {
    Status.DESTROYED.value: "#12355B",
    Status.DAMAGED.value: "#D55E00",
    Status.ABANDONED.value: "#F0E442",
    Status.CAPTURED.value: "#56B4E9",
    Status.LOST.value: "#FFFFFF",
}
"""Of the same palette, but each as dark as none beside it: in grey a bar still has its parts."""

_LINE = 15
"""The height of a line of the notes."""

_BODY, _NOTE, _TITLE = 13, 11, 19


@dataclass(frozen=True)
class Words:
    """What stands in a chart beside the drawing: all of it plain text, of any length."""

    title: str
    subtitle: tuple[str, ...]
    """What is counted, as of which day, narrowed to what."""
    notes: tuple[str, ...]
    """Formulas and caveats."""
    source: tuple[str, ...]
    """Which ledger, at which head; whom to credit."""


def framed(panels: Sequence[Drawing], words: Words) -> Spec:
    """Panels one below the other, with the title over them and the notes under them."""
    title = alt.TitleParams(
        text=[isolated(line) for line in wrapped(words.title, _TITLE)],
        subtitle=[isolated(line) for text in words.subtitle for line in wrapped(text, _BODY)],
        anchor="start",
        frame="bounds",
        fontSize=_TITLE,
        fontWeight="bold",
        color=INK,
        subtitleFontSize=_BODY,
        subtitleColor=SOFT,
        subtitleLineHeight=18,
        subtitlePadding=6,
        offset=16,
        lineHeight=24,
    )
    whole = (
        alt.vconcat(*panels, _notes(words), spacing=14)
        .properties(title=title, padding=MARGIN, background="#ffffff")
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=FONT,
            labelFontSize=11,
            labelColor=SOFT,
            grid=True,
            gridColor=RULE,
            domain=False,
            ticks=False,
            title=None,
        )
        .configure_text(font=FONT, fontSize=12, color=INK)
    )
    return dict(whole.to_dict())


def _notes(words: Words) -> Drawing:
    lines = [(line, SOFT) for text in words.notes for line in wrapped(text, _NOTE)]
    lines += [(line, INK) for text in words.source for line in wrapped(text, _NOTE)]
    rows = [{"place": place, "line": line, "colour": colour} for place, (line, colour) in enumerate(lines)]
    return (
        alt.Chart(values(rows))
        .mark_text(align="left", baseline="top", fontSize=_NOTE)
        .encode(
            x=alt.value(0),
            y=alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[0, len(rows)], range=[0, _LINE * len(rows)])),
            text="line:N",
            color=alt.Color("colour:N", scale=None),
        )
        .properties(width=WIDTH, height=_LINE * max(1, len(rows)))
    )


def values(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Rows as a chart's data, every text in them inert, and what runs from right to left kept to itself."""
    return alt.InlineData(
        values=[
            {name: isolated(inert(cell)) if isinstance(cell, str) else cell for name, cell in row.items()}
            for row in rows
        ]
    )


_NARROW, _BROAD = frozenset("iljtfrI.,:;'|()[]-!/ "), frozenset("mwMWQO@%—")


def text_width(text: str, size: float) -> float:
    """About how wide a text is in pixels, rather too wide than too narrow."""
    ems = (0.34 if sign in _NARROW else 0.86 if sign in _BROAD or ord(sign) > 0x2E80 else 0.58 for sign in text)
    return size * sum(ems)


def wrapped(text: str, size: float, width: float = WIDTH) -> Iterator[str]:
    """The lines of a text that are no wider than a width in pixels; a word that is wider is broken."""
    line = ""
    for word in inert(text).split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
            continue
        if line:
            yield line
        while text_width(word, size) > width:
            fitting = next(end for end in range(len(word), 0, -1) if text_width(word[:end], size) <= width)
            yield word[:fitting]
            word = word[fitting:]
        line = word
    if line:
        yield line


def cut(text: str, size: float, width: float) -> str:
    """A text that is no wider than a width, an ellipsis last where something is left out."""
    text = inert(text)
    if text_width(text, size) <= width:
        return text
    return next(
        (short for end in range(len(text) - 1, 0, -1) if text_width(short := text[:end].rstrip() + "…", size) <= width),
        "…",
    )


_ENDS = (1, 1.2, 1.6, 2, 2.4, 2.8, 3.2, 3.6, 4, 4.8, 6, 8, 10)


def round_up(number: float) -> int:
    """The next number at which an axis can end: whose quarters are whole and short; at least 4."""
    size = 1
    while size * 10 < number:
        size *= 10
    ends = (round(size * step) for step in _ENDS if round(size * step) % 4 == 0)
    return next((end for end in ends if end >= number), max(4, size * 20))


def apart(places: Sequence[float], least: float, end: float) -> list[float]:
    """Places moved so that each is at least so far from the next; as far as there is room, between 0 and an end."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = [0.0] * len(places)
    last = -least
    for at in order:
        last = moved[at] = max(places[at], last + least)
    limit = end
    for at in reversed(order):
        limit = moved[at] = min(moved[at], limit)
        limit -= least
    return moved
