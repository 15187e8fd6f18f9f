"""Bars: two sides by heading, and what became of the losses of each side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt

from lossledger.core.vocabulary import Status
from lossledger.exports.chart_frame import (
    INK,
    PAIR_COLOURS,
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

_WIDEST = 360
"""How wide a side's name may be before its total."""


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


def two_sides(rows: Sequence[Two], total: Two, names: tuple[str, str], words: Words) -> Spec:
    """Two bars a heading, each with its number, and the ratio in a column of its own; the total without bars."""
    most = max(1, *(max(row.one, row.other) for row in rows))
    room = WIDTH - _NAMES - text_width(f"{most:,}", _TEXT) - max(60, text_width(_RATIO, _TEXT)) - 20
    height = _PAIR * (len(rows) + 1)
    across = alt.Scale(domain=[0, most], range=[_NAMES, _NAMES + room])
    down = alt.Scale(domain=[0, height], range=[0, height])
    pairs = [part for at, row in enumerate(rows) for part in _pair(row, at * _PAIR, names, bars=True)]
    pairs += _pair(total, len(rows) * _PAIR, names, bars=False)
    base = alt.Chart(values(pairs)).encode(x=alt.X("end:Q", scale=across, axis=None))
    bars = base.mark_rect().encode(
        x2=alt.datum(0),
        y=alt.Y("top:Q", scale=down, axis=None),
        y2="foot:Q",
        color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip(f"{field}:N") for field in ("Side", "Heading", "Losses")],
    )
    middle = alt.Y("middle:Q", scale=down)
    numbers = base.mark_text(align="left", baseline="middle", dx=5, fontSize=11).encode(y=middle, text="said:N")
    heads = [
        {"middle": at * _PAIR + _PAIR / 2, "name": cut(row.name, _TEXT, _NAMES - 10), "ratio": row.ratio}
        for at, row in enumerate((*rows, total))
    ]
    head = alt.Chart(values(heads)).encode(y=middle)
    labels = head.mark_text(align="left", baseline="middle", fontSize=_TEXT).encode(x=alt.value(0), text="name:N")
    ratios = head.mark_text(align="right", baseline="middle", fontSize=_TEXT)
    ratios = ratios.encode(x=alt.value(WIDTH), text="ratio:N")
    key = _key([(name, PAIR_COLOURS[part]) for part, name in enumerate(names)], _RATIO)
    return framed([key, alt.layer(bars, numbers, labels, ratios).properties(width=WIDTH, height=height)], words)


def _pair(row: Two, top: int, names: tuple[str, str], *, bars: bool) -> Iterator[dict[str, Any]]:
    """The two bars of a heading, or only their numbers."""
    for part, number in enumerate((row.one, row.other)):
        begins = top + 5 + part * (_HALF + 1)
        yield {
            "top": begins,
            "middle": begins + _HALF / 2,
            "foot": begins + _HALF,
            "end": number if bars else 0,
            "said": f"{number:,}" if bars else f"{cut(names[part], 11, _WIDEST)} {number:,}",
            "colour": PAIR_COLOURS[part],
            "Side": names[part],
            "Heading": row.name,
            "Losses": f"{number:,}",
        }


_PAIR, _HALF = 40, 14
"""How far apart headings are, and how high each of their bars is."""

_RATIO = "Ratio"


def statuses(panels: Sequence[tuple[str, Sequence[Became]]], words: Words) -> Spec:
    """A panel for each side, a bar for each heading: its parts as shares, in the order of the key above them."""
    shown = [
        status for status in STATUS_COLOURS if any(row.by_status.get(status) for _, rows in panels for row in rows)
    ]
    most = max(row.total for _, rows in panels for row in rows)
    key = _key([(status, STATUS_COLOURS[status]) for status in shown])
    drawn = [_became(name, rows, shown, most) for name, rows in panels]
    return framed([key, *drawn], words)


_STEP, _HIGH = 24, 16
"""How far apart the bars of a panel are, and how high each is."""


def _became(name: str, rows: Sequence[Became], shown: Sequence[str], most: int) -> Drawing:
    height = _STEP * len(rows)
    room = WIDTH - _NAMES - text_width(f"{most:,}", _TEXT) - 10
    across = alt.Scale(domain=[0, 1], range=[_NAMES, _NAMES + room])
    down = alt.Scale(domain=[0, height], range=[0, height])
    parts = [part for at, row in enumerate(rows) for part in _parts(row, at * _STEP + 4, shown, room)]
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
        {"middle": at * _STEP + 4 + _HIGH / 2, "name": cut(row.name, _TEXT, _NAMES - 10), "all": 1,
         "said": f"{row.total:,}"}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    head = alt.Chart(values(heads)).encode(y=alt.Y("middle:Q", scale=down))
    names = head.mark_text(align="left", baseline="middle", fontSize=_TEXT).encode(x=alt.value(0), text="name:N")
    sums = head.mark_text(align="left", baseline="middle", dx=5, fontSize=11, color=SOFT)
    sums = sums.encode(x=alt.X("all:Q", scale=across), text="said:N")
    title = alt.TitleParams(text=cut(name, 13, WIDTH), anchor="start", fontSize=13, color=INK, offset=6)
    return alt.layer(bars, inside, names, sums).properties(width=WIDTH, height=height, title=title)


def _parts(row: Became, top: int, shown: Sequence[str], room: float) -> Iterator[dict[str, Any]]:
    """The parts of a bar, each with its number where it is wide enough to hold it."""
    begins = 0.0
    for status in shown:
        number = row.by_status.get(status, 0)
        if not number:
            continue
        share = number / row.total
        yield {
            "top": top,
            "middle": top + _HIGH / 2,
            "foot": top + _HIGH,
            "from": begins,
            "centre": begins + share / 2,
            "to": begins + share,
            "colour": STATUS_COLOURS[status],
            "edge": SOFT if status == Status.LOST else "#ffffff",
            "ink": "#ffffff" if status == Status.DESTROYED else INK,
            "inside": f"{number:,}" if text_width(f"{number:,}", 10) + 6 < room * share else "",
            "Heading": row.name,
            "Became": status,
            "Losses": f"{number:,} ({share:.0%})",
        }
        begins += share


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
