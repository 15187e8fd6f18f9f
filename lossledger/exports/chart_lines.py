"""Lines over time: running totals with what happened in each period, and ratios."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from lossledger.core.text import many
from lossledger.exports.chart_frame import (
    COLOURS,
    DASHES,
    INK,
    SHADE,
    SOFT,
    WIDTH,
    Spec,
    Words,
    apart,
    cut,
    framed,
    round_up,
    text_width,
    values,
)

MOST_LINES = len(COLOURS)
"""As many lines are told apart; whoever draws names those that are left out."""

_HEIGHT, _LOW = 320, 58
_LABEL, _GAP = 12, 10
_WIDEST_LABEL = 210


class Point(NamedTuple):
    """What a line says of one period; days are ISO texts."""

    period: str
    begins: str
    ends: str
    increment: int
    total: int


class Line(NamedTuple):
    """One line with its name; it has a point for each period."""

    name: str
    points: Sequence[Point]


def running_totals(lines: Sequence[Line], every: str, incomplete_from: str | None, words: Words) -> Spec:
    """Running totals, each line with its name at its end, over small panels of what happened in each period.

    ``lines`` are at most `MOST_LINES`, all over the same periods; from ``incomplete_from`` on it is shaded.
    """
    room = _Room(lines, incomplete_from)
    panels: list[Any] = [_totals(lines, room)]
    for place, line in enumerate(lines):
        panels.append(_increments(line, every, COLOURS[place], room))
    return framed(panels, words)


class _Room:
    """How a chart of lines is divided: the drawing to the left, names to the right, and from when to when it goes."""

    def __init__(self, lines: Sequence[Line], incomplete_from: str | None) -> None:
        points = [point for line in lines for point in line.points]
        self.begins = min(point.begins for point in points)
        self.ends = max(point.ends for point in points)
        self.labels = [f"{cut(line.name, _LABEL, _WIDEST_LABEL - 70)}  {line.points[-1].total:,}" for line in lines]
        self.width = WIDTH - _GAP - max(text_width(label, _LABEL) for label in self.labels)
        shaded = incomplete_from is not None and incomplete_from <= self.ends
        self.incomplete_from = max(incomplete_from or "", self.begins) if shaded else None

    @property
    def x(self) -> alt.Scale:
        """The time that all panels share."""
        domain = [_utc(self.begins), _utc(self.ends)]
        return alt.Scale(domain=domain, range=[0, self.width], type="utc", nice=False)

    def shade(self, height: int, *, said: bool = False) -> list[alt.Chart]:
        """The time that is incomplete, behind what is drawn."""
        if self.incomplete_from is None:
            return []
        data = values([{"from": self.incomplete_from, "to": self.ends, "said": "incomplete"}])
        base = alt.Chart(data).encode(x=alt.X("from:T", scale=self.x, axis=None))
        drawn = [base.mark_rect(color=SHADE).encode(x2="to:T", y=alt.value(0), y2=alt.value(height))]
        if said:
            words = base.mark_text(align="right", baseline="top", dx=-5, dy=2, color=SOFT, fontSize=11)
            drawn.append(words.encode(y=alt.value(0), text="said:N"))
        return drawn


def _totals(lines: Sequence[Line], room: _Room) -> alt.LayerChart:
    top = round_up(max(1, *(line.points[-1].total for line in lines)))
    names = [str(place) for place in range(len(lines))]
    rows = [
        {"line": str(place), "name": line.name, "ends": point.ends, **_told(point)}
        for place, line in enumerate(lines)
        for point in line.points
    ]
    y = alt.Y("total:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=_inner_axis(top))
    colour = alt.Color("line:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(lines)])), legend=None)
    dash = alt.StrokeDash(
        "line:N", scale=alt.Scale(domain=names, range=[list(dash) for dash in DASHES[: len(lines)]]), legend=None
    )
    base = alt.Chart(values(rows)).encode(x=alt.X("ends:T", scale=room.x, axis=_time_axis(room)), y=y, color=colour)
    drawn = base.mark_line(strokeWidth=2.2, interpolate="linear").encode(strokeDash=dash)
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in _TOLD.items()]
    touched = base.mark_point(size=50, opacity=0, filled=True).encode(tooltip=tooltip)
    return (
        alt.layer(*room.shade(_HEIGHT, said=True), drawn, touched, _names(lines, room, top))
        .properties(width=room.width, height=_HEIGHT)
        .resolve_scale(color="independent")
    )


def _names(lines: Sequence[Line], room: _Room, top: float) -> alt.Chart:
    """Each line's name and end at its end, moved apart where lines end close to each other."""
    wanted = [_HEIGHT * (1 - line.points[-1].total / top) for line in lines]
    rows = [
        {"label": label, "at": top * (1 - place / _HEIGHT), "colour": COLOURS[number]}
        for number, (label, place) in enumerate(zip(room.labels, apart(wanted, 16, _HEIGHT - 4), strict=True))
    ]
    return (
        alt.Chart(values(rows))
        .mark_text(align="left", baseline="middle", fontSize=_LABEL, fontWeight="bold")
        .encode(
            x=alt.value(room.width + _GAP - 4),
            y=alt.Y("at:Q"),
            text="label:N",
            color=alt.Color("colour:N", scale=None),
        )
    )


def _increments(line: Line, every: str, colour: str, room: _Room) -> alt.LayerChart:
    """What happened in each period, as bars, with the most that did in one."""
    most = max(line.points, key=lambda point: point.increment)
    top = max(1, most.increment)
    rows = [{"begins": point.begins, "ends": point.ends, **_told(point)} for point in line.points]
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in _TOLD.items() if field != "name"]
    bars = (
        alt.Chart(values(rows))
        .mark_rect(color=colour, stroke="#ffffff", strokeWidth=0.5)
        .encode(
            x=alt.X("begins:T", scale=room.x, axis=None),
            x2="ends:T",
            y=alt.Y("increment:Q", scale=alt.Scale(domain=[0, top * 1.35], nice=False), axis=None),
            y2=alt.datum(0),
            tooltip=tooltip,
        )
    )
    said = f"{line.name}, in each {every}; most {most.increment:,} in {most.period}"
    label = (
        alt.Chart(values([{"said": cut(said, 11, room.width)}]))
        .mark_text(align="left", baseline="top", fontSize=11, color=SOFT)
        .encode(x=alt.value(0), y=alt.value(0), text="said:N")
    )
    floor = (
        alt.Chart(values([{}]))
        .mark_rule(color=SOFT, strokeWidth=0.7)
        .encode(y=alt.datum(0), x=alt.value(0), x2=alt.value(room.width))
    )
    return alt.layer(*room.shade(_LOW), bars, floor, label).properties(width=room.width, height=_LOW)


_TOLD = {"name": "Series", "period": "Period", "told": "In it", "by_then": "By its end"}


def _told(point: Point) -> dict[str, Any]:
    return {
        "period": point.period,
        "increment": point.increment,
        "total": point.total,
        "told": many(point.increment, "loss", "losses"),
        "by_then": f"{point.total:,}",
    }


def _utc(day: str) -> alt.DateTime:
    year, month, date = map(int, day.split("-"))
    return alt.DateTime(year=year, month=month, date=date, utc=True)


def _inner_axis(top: float) -> alt.Axis:
    """An axis whose numbers stand on their lines, inside the drawing."""
    return alt.Axis(
        orient="left",
        values=[top * part / 4 for part in range(1, 5)],
        format=",.10~g",
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=0,
        labelOffset=-2,
        title=None,
        ticks=False,
        domain=False,
        offset=0,
    )


def _time_axis(room: _Room) -> alt.Axis:
    return alt.Axis(
        orient="bottom",
        grid=False,
        domain=True,
        domainColor=SOFT,
        labelColor=INK,
        labelPadding=6,
        title=None,
        labelOverlap=True,
        labelFlush=True,
        tickCount=max(2, int(room.width // 90)),
        ticks=True,
        tickColor=SOFT,
        tickSize=4,
    )
