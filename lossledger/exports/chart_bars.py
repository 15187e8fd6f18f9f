"""Bars: two sides by heading, and what became of the losses of each side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt

from lossledger.core.vocabulary import Status
from lossledger.exports.chart_frame import (
    COLOURS,
    INK,
    SOFT,
    STATUS_COLOURS,
    WIDTH,
    Drawing,
    Spec,
    Words,
    cut,
    framed,
    text_width,
    values,
)

MOST_ROWS = 16
"""As many rows a picture holds; whoever draws says how many are left out."""

_NAMES = 220
"""How wide the column of names is."""

_TEXT = 12


class Two(NamedTuple):
    """What both sides lost under one heading, and the one by the other in words, empty where there is no ratio."""

    name: str
    one: int
    other: int
    ratio: str


class Became(NamedTuple):
    """What became of what was lost under one heading."""

    name: str
    by_status: Mapping[str, int]

    @property
    def total(self) -> int:
        """All that was lost."""
        return sum(self.by_status.values())


def two_sides(rows: Sequence[Two], names: tuple[str, str], words: Words) -> Spec:
    """Two bars a heading, each with its number, and the ratio in a column of its own."""
    most = max(1, *(max(row.one, row.other) for row in rows))
    end = WIDTH - max(60, text_width(_RATIO, _TEXT))
    step, high = 40, 14
    data = [
        {"name": cut(row.name, _TEXT, _NAMES - 10), "at": at * step + part * (high + 1) + 4, "number": number,
         "said": f"{number:,}" if number else "–", "colour": COLOURS[part], "ratio": row.ratio if not part else "",
         "Side": names[part], "Heading": row.name, "Losses": f"{number:,}"}
        for at, row in enumerate(rows)
        for part, number in enumerate((row.one, row.other))
    ]  # fmt: skip
    height = step * len(rows)
    widest = text_width(f"{most:,}", _TEXT) + 8
    x = alt.X("number:Q", scale=alt.Scale(domain=[0, most], range=[_NAMES, end - 20 - widest]), axis=None)
    y = alt.Y("at:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)
    base = alt.Chart(values(data)).encode(y=y, color=alt.Color("colour:N", scale=None))
    told = [alt.Tooltip(f"{field}:N") for field in ("Side", "Heading", "Losses")]
    bars = base.mark_bar(height=high, baseline="top", yOffset=high / 2).encode(x=x, x2=alt.value(_NAMES), tooltip=told)
    numbers = base.mark_text(align="left", dx=5, dy=high / 2, fontSize=11, baseline="middle").encode(x=x, text="said:N")
    first = alt.Chart(values(row for row in data if row["colour"] == COLOURS[0])).encode(y=y)
    labels = first.mark_text(align="left", dy=high, fontSize=_TEXT, color=INK).encode(x=alt.value(0), text="name:N")
    ratios = first.mark_text(align="right", dy=high, fontSize=_TEXT, color=INK).encode(
        x=alt.value(WIDTH), text="ratio:N"
    )
    key = _key([(name, COLOURS[part]) for part, name in enumerate(names)], _RATIO)
    drawn = alt.layer(bars, numbers, labels, ratios).properties(width=WIDTH, height=height)
    return framed([key, drawn], words)


_RATIO = "Ratio"


def statuses(panels: Sequence[tuple[str, Sequence[Became]]], words: Words) -> Spec:
    """A panel for each side, a bar for each heading, its parts in the order of the key above them."""
    shown = [
        status for status in STATUS_COLOURS if any(row.by_status.get(status) for _, rows in panels for row in rows)
    ]
    most = max(1, *(row.total for _, rows in panels for row in rows))
    key = _key([(status, STATUS_COLOURS[status]) for status in shown])
    drawn = [_became(name, rows, shown, most) for name, rows in panels]
    return framed([key, *drawn], words)


_STEP, _HIGH = 24, 16
"""How far apart the bars of a panel are, and how high each is."""


def _became(name: str, rows: Sequence[Became], shown: Sequence[str], most: int) -> Drawing:
    height = _STEP * len(rows)
    room = WIDTH - _NAMES - text_width(f"{most:,}", _TEXT) - 10
    across = alt.Scale(domain=[0, most], range=[_NAMES, _NAMES + room])
    down = alt.Scale(domain=[0, height], range=[0, height])
    parts = [part for at, row in enumerate(rows) for part in _parts(row, at * _STEP + 4, shown, room / most)]
    bars = (
        alt.Chart(values(parts))
        .mark_rect(strokeWidth=1)
        .encode(
            x=alt.X("from:Q", scale=across, axis=None),
            x2="to:Q",
            y=alt.Y("top:Q", scale=down, axis=None),
            y2="foot:Q",
            color=alt.Color("colour:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
            tooltip=[alt.Tooltip(f"{field}:N") for field in ("Heading", "Became", "Losses")],
        )
    )
    inside = (
        alt.Chart(values(part for part in parts if part["inside"]))
        .mark_text(fontSize=10, baseline="middle")
        .encode(
            x=alt.X("centre:Q", scale=across),
            y=alt.Y("middle:Q", scale=down),
            text="inside:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    heads = [
        {"middle": at * _STEP + 4 + _HIGH / 2, "name": cut(row.name, _TEXT, _NAMES - 10), "all": row.total,
         "said": f"{row.total:,}"}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    head = alt.Chart(values(heads)).encode(y=alt.Y("middle:Q", scale=down))
    names = head.mark_text(align="left", baseline="middle", fontSize=_TEXT).encode(x=alt.value(0), text="name:N")
    sums = head.mark_text(align="left", baseline="middle", dx=5, fontSize=11, color=SOFT)
    sums = sums.encode(x=alt.X("all:Q", scale=across), text="said:N")
    title = alt.TitleParams(text=cut(name, 13, WIDTH), anchor="start", fontSize=13, color=INK, offset=6)
    return alt.layer(bars, inside, names, sums).properties(width=WIDTH, height=height, title=title)


def _parts(row: Became, top: int, shown: Sequence[str], scale: float) -> Iterator[dict[str, Any]]:
    """The parts of a bar, each with its number where it is wide enough to hold it."""
    begins = 0
    for status in shown:
        number = row.by_status.get(status, 0)
        if not number:
            continue
        fits = text_width(f"{number:,}", 10) + 6 < number * scale
        yield {
            "top": top,
            "middle": top + _HIGH / 2,
            "foot": top + _HIGH,
            "from": begins,
            "centre": begins + number / 2,
            "to": begins + number,
            "colour": STATUS_COLOURS[status],
            "edge": SOFT if status == Status.LOST else "#ffffff",
            "ink": "#ffffff" if status == Status.DESTROYED else INK,
            "inside": f"{number:,}" if fits else "",
            "Heading": row.name,
            "Became": status,
            "Losses": f"{number:,}",
        }
        begins += number


def _key(entries: Sequence[tuple[str, str]], right: str = "") -> Drawing:
    """What each colour is, in the order in which the bars have them, in one line over them."""
    at = float(_NAMES)
    rows = []
    for name, colour in entries:
        name = cut(name, _TEXT, 160)
        rows.append({"at": at, "said": name, "colour": colour})
        at += text_width(name, _TEXT) + 40
    base = alt.Chart(values(rows)).encode(
        x=alt.X("at:Q", scale=alt.Scale(domain=[0, WIDTH], range=[0, WIDTH]), axis=None)
    )
    squares = base.mark_square(size=130, opacity=1, stroke=SOFT, strokeWidth=0.5, xOffset=6).encode(
        y=alt.value(8), fill=alt.Fill("colour:N", scale=None)
    )
    words = base.mark_text(align="left", baseline="middle", dx=18, fontSize=_TEXT).encode(y=alt.value(8), text="said:N")
    end = alt.Chart(values([{"said": right}])).mark_text(align="right", baseline="middle", fontSize=_TEXT, color=SOFT)
    layers = [squares, words, end.encode(x=alt.value(WIDTH), y=alt.value(8), text="said:N")]
    return alt.layer(*layers).properties(width=WIDTH, height=16)
