"""Lines over time: running totals with what happened in each period, one side by another, claims beside documents."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import altair as alt

from lossledger.exports.chart_axes import GAP, LABEL, PIECE, End, Room, Span, day_after, inner_axis
from lossledger.exports.chart_frame import (
    COLOURS,
    DASHES,
    INK,
    SOFT,
    WIDTH,
    Drawing,
    Spec,
    Words,
    apart,
    cut,
    framed,
    round_up,
    values,
)

MOST_LINES = len(COLOURS)
"""As many lines are told apart; whoever draws says which are left out."""

_MOST_PANELS = 3
"""Of so many lines each has a panel of its own for what happened in each period."""

_HEIGHT, _LOW, _MIDDLE = 320, 58, 120


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


class Ratio(NamedTuple):
    """One number by another at the end of a period: of all so far, and of the period alone; None where too few."""

    ends: str
    period: str
    running: float | None
    alone: float | None


class Claimed(NamedTuple):
    """What was claimed on a day, and what was documented as of it."""

    day: str
    claimed: int
    documented: int


def running_totals(
    lines: Sequence[Line], every: str, incomplete_from: str | None, words: Words, ratios: Sequence[Ratio] = ()
) -> Spec:
    """Running totals, each line with its name at its end, over small panels of what happened in each period.

    ``lines`` are at most `MOST_LINES`, all over the same periods. Where ``ratios`` of two lines are given, they have a
    panel in place of those.
    """
    points = [point for line in lines for point in line.points]
    span = Span(min(one.begins for one in points), day_after(max(one.ends for one in points)), incomplete_from)
    ends = [End(line.name, line.points[-1].total) for line in lines]
    room = Room(span, ends)
    rows = [list(_running(line)) for line in lines]
    panels: list[Drawing] = [_lines(rows, ends, room, _HEIGHT, ("Period", "In it", "By its end"))]
    if any(one.running is not None for one in ratios):
        panels.append(_ratios(ratios, every, room))
    elif len(lines) <= _MOST_PANELS:
        panels += [_increments(line, every, COLOURS[place], room) for place, line in enumerate(lines)]
    return framed(panels, words)


def _running(line: Line) -> Iterator[dict[str, Any]]:
    """A line from nothing, at the beginning of its first period, to the end of its last."""
    first = line.points[0]
    yield {"day": first.begins, "value": 0, "Period": f"before {first.period}", "In it": "0", "By its end": "0"}
    for point in line.points:
        yield {"day": day_after(point.ends), "value": point.total, **_told(point)}


def claims(series: Sequence[tuple[str, Sequence[Claimed]]], words: Words) -> Spec:
    """A panel for each series of claims, under its name: what was claimed, and what was documented on the same days."""
    days = [one.day for _, found in series for one in found]
    span = Span(min(days), max(*days, day_after(min(days))))
    height = _HEIGHT if len(series) == 1 else _MIDDLE
    ends = [[End("claimed", found[-1].claimed), End("documented", found[-1].documented)] for _, found in series]
    room = Room(span, [end for both in ends for end in both])
    panels: list[Drawing] = []
    for (name, found), both in zip(series, ends, strict=True):
        rows = [
            [{"day": one.day, "value": getattr(one, what), "Day": one.day, what.capitalize(): f"{getattr(one, what):,}"}
             for one in found]
            for what in ("claimed", "documented")
        ]  # fmt: skip
        drawn = _lines(rows, both, room, height, ("Day", "Claimed", "Documented"), dots=True)
        panels.append(drawn.properties(title=_panel_title(name)))
    return framed(panels, words)


def _lines(
    rows: Sequence[Sequence[dict[str, Any]]],
    ends: Sequence[End],
    room: Room,
    height: int,
    told: Sequence[str],
    *,
    dots: bool = False,
) -> Drawing:
    """Lines of ``day`` and ``value``, each with its end named; pointing at one tells the fields of its row."""
    top = round_up(max(row["value"] for line in rows for row in line))
    names = [str(place) for place in range(len(rows))]
    data = values({"line": name, **row} for name, line in zip(names, rows, strict=True) for row in line)
    colour = alt.Color("line:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(rows)])), legend=None)
    dashes = alt.Scale(domain=names, range=[list(dash) for dash in DASHES[: len(rows)]])
    axis = room.time_axis()
    base = alt.Chart(data).encode(
        x=room.x("day", axis),
        y=alt.Y("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=inner_axis(top)),
        color=colour,
    )
    line = base.mark_line(strokeWidth=2.2).encode(strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=None))
    point = base.mark_point(size=26, filled=True, opacity=1 if dots else 0)
    point = point.encode(tooltip=[alt.Tooltip(f"{field}:N") for field in told])
    layers = [*room.behind(height, axis, said=True), line, point, *_names(ends, room, top, height)]
    return alt.layer(*layers).properties(width=room.width, height=height)


def _names(ends: Sequence[End], room: Room, top: int, height: int) -> list[Drawing]:
    """A piece of each line with its name and value, at its end; moved apart where lines end close to each other."""
    wanted = [height * (1 - end.value / top) for end in ends]
    rows = [
        {"line": str(number), "label": end.label, "at": top * (1 - place / height)}
        for number, (end, place) in enumerate(zip(ends, apart(wanted, 17, height - 4), strict=True))
    ]
    base = alt.Chart(values(rows)).encode(y=alt.Y("at:Q"))
    begins = room.width + GAP
    piece = base.mark_rule(strokeWidth=2.2).encode(
        x=alt.value(begins), x2=alt.value(begins + PIECE), color="line:N", strokeDash="line:N"
    )
    words = base.mark_text(align="left", baseline="middle", fontSize=LABEL, fontWeight="bold", color=INK)
    return [piece, words.encode(x=alt.value(begins + PIECE + 5), text="label:N")]


def _increments(line: Line, every: str, colour: str, room: Room) -> Drawing:
    """What happened in each period, as bars, with the most that did in one."""
    most = max(line.points, key=lambda point: point.increment)
    rows = [
        {"begins": one.begins, "ends": day_after(one.ends), "value": one.increment, **_told(one)} for one in line.points
    ]
    bars = (
        alt.Chart(values(rows))
        .mark_rect(color=colour, stroke="#ffffff", strokeWidth=0.5)
        .encode(
            x=room.x("begins", None),
            x2="ends:T",
            y=alt.Y("value:Q", scale=alt.Scale(domain=[0, max(1, most.increment) * 1.35], nice=False), axis=None),
            y2=alt.datum(0),
            tooltip=[alt.Tooltip(f"{field}:N") for field in ("Period", "In it")],
        )
    )
    said = f"{line.name}, in each {every}; most {most.increment:,} in {most.period}"
    layers = [*room.behind(_LOW, None), bars, _floor(room, _LOW), _heading(said, room)]
    return alt.layer(*layers).properties(width=room.width, height=_LOW)


def _ratios(ratios: Sequence[Ratio], every: str, room: Room) -> Drawing:
    """One side by the other: of all so far as a line, of each period alone as dots."""
    known = [number for one in ratios for number in (one.running, one.alone) if number is not None]
    top = round_up(max(known, default=1))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=inner_axis(top))
    layers: list[Drawing] = [*room.behind(_MIDDLE, None)]
    for what, field in (("line", "running"), ("dots", "alone")):
        rows = [
            {"day": day_after(one.ends), "value": number, "Period": one.period, "Ratio": f"{number:,.2f}"}
            for one in ratios
            if (number := getattr(one, field)) is not None
        ]
        base = alt.Chart(values(rows)).encode(x=room.x("day", None), y=y, tooltip=["Period:N", "Ratio:N"])
        drawn = base.mark_line(color=INK, strokeWidth=2) if what == "line" else base.mark_point(color=SOFT, size=18)
        layers += [drawn] if rows else []
    said = f"Ratio: line, of all so far; rings, of each {every} alone"
    drawn = alt.layer(*layers, _floor(room, _MIDDLE)).properties(width=room.width, height=_MIDDLE)
    return drawn.properties(title=_panel_title(said, SOFT, "normal"))


def _panel_title(said: str, colour: str = INK, weight: Literal["normal", "bold"] = "bold") -> alt.TitleParams:
    text = cut(said, LABEL, WIDTH)
    return alt.TitleParams(text=text, anchor="start", fontSize=LABEL, fontWeight=weight, color=colour, offset=14)


def _heading(said: str, room: Room) -> Drawing:
    words = alt.Chart(values([{"said": cut(said, 11, room.width)}]))
    return words.mark_text(align="left", baseline="top", fontSize=11, color=SOFT).encode(
        x=alt.value(0), y=alt.value(0), text="said:N"
    )


def _floor(room: Room, height: int) -> Drawing:
    rule = alt.Chart(values([{"from": 0}])).mark_rule(color=SOFT, strokeWidth=0.7)
    return rule.encode(x=alt.value(0), x2=alt.value(room.width), y=alt.value(height))


def _told(point: Point) -> dict[str, str]:
    return {"Period": point.period, "In it": f"{point.increment:,}", "By its end": f"{point.total:,}"}
