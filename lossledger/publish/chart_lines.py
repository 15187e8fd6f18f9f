"""Lines over days: running totals, a ratio, what is documented beside what was claimed."""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import NamedTuple

from lossledger.core.text import many
from lossledger.publish.drawing import (
    DASHES,
    FAINT,
    INK,
    LETTER,
    RULE,
    Frame,
    Plot,
    apart,
    cut,
    hatching,
    ink,
    months,
    number,
    rule,
    spoken,
    steps,
    tag,
    text,
)
from lossledger.publish.series import Chart, Claim, Line


def plot(chart: Chart, frame: Frame, name: str) -> Plot:
    """The marks of a chart of lines in a frame; ``name`` tells the ids in it from those of other pictures.

    No more lines are drawn than have room for their names. How many are left out is said; words and table have all.
    """
    says, left_out = _in_words(chart), len(chart.lines) - len(_drawn(chart, frame))
    chart = chart._replace(lines=_drawn(chart, frame))
    days = [date.fromisoformat(point.day) for line in chart.lines for point in line.points if point.value is not None]
    days += [date.fromisoformat(claim.day) for claim in chart.claims]
    if not days:
        return Plot(frame, [text("No dated figures yet.", frame.left, frame.top + 40, fill=FAINT)], "No figures.")
    first, last = min(days), max(days)
    length = max((last - first).days, 1)
    values = [point.value or 0.0 for line in chart.lines for point in line.points]
    scale = steps(max([*values, *(float(claim.quantity) for claim in chart.claims)]), frame.down // 60)

    def x(day: str) -> float:
        return frame.left + frame.across * (date.fromisoformat(day) - first).days / length

    def y(value: float) -> float:
        return frame.floor - frame.down * value / scale[-1]

    marks = [
        *_grid(frame, scale, y),
        *_calendar(frame, first, last, x),
        *_incomplete(chart, frame, name, x),
        *(_line(line, x, y) for line in chart.lines),
        *(_claim(claim, x, y) for claim in chart.claims),
        *_names(chart, frame, x, y),
        *([_left_out(left_out, frame)] if left_out else []),
    ]
    return Plot(frame, marks, says)


_MOST = 8
"""More lines than there are inks are not told apart."""

_GAP = 33
"""How high a name over its figure is."""


def _drawn(chart: Chart, frame: Frame) -> tuple[Line, ...]:
    """The lines that end highest, in their order: so many as have room for their names."""
    room = min(_MOST, int((frame.down - 18) / _GAP) + 1) - bool(chart.claims)
    highest = sorted(chart.lines, key=lambda line: -max((point.value or 0.0 for point in line.points), default=0.0))
    return tuple(line for line in chart.lines if line in highest[:room])


def _left_out(number_: int, frame: Frame) -> str:
    says = f"{many(number_, 'lower line')} not drawn: see the numbers"
    return text(says, frame.left + 6, frame.top - 5, font_size=12, fill=FAINT, class_="faint")


def _grid(frame: Frame, scale: list[float], y: Callable[[float], float]) -> list[str]:
    found = []
    for value in scale:
        height, kind, stroke = y(value), "rule" if value else "base", RULE if value else INK
        found.append(rule(frame.left, height, frame.edge, height, stroke=stroke, class_=kind))
        found.append(text(number(value), frame.left - 6, height + 4, text_anchor="end", fill=FAINT, class_="faint"))
    return found


def _calendar(frame: Frame, first: date, last: date, x: Callable[[str], float]) -> list[str]:
    found = []
    for day, label in months(first, last, frame.across // 74):
        at = x(day.isoformat())
        found.append(rule(at, frame.floor, at, frame.floor + 5, stroke=INK, class_="base"))
        anchor = "start" if at < frame.left + 20 else "end" if at > frame.edge - 12 else "middle"
        found.append(text(label, at, frame.floor + 19, text_anchor=anchor, fill=FAINT, class_="faint"))
    return found


def _incomplete(chart: Chart, frame: Frame, name: str, x: Callable[[str], float]) -> list[str]:
    """The last days, of which not everything is in: from the last complete one to the edge."""
    unsettled = [point.day for line in chart.lines for point in line.points if point.incomplete]
    if not unsettled:
        return []
    begin = min(unsettled)
    settled = [point.day for line in chart.lines for point in line.points if point.day < begin]
    left = x(max(settled, default=begin))
    width = max(frame.edge - left, 3.0)
    label = text("incomplete", frame.edge, frame.top - 5, text_anchor="end", font_size=12, fill=FAINT, class_="faint")
    pattern = f"{name}-hatch"
    area = tag("rect", x=left, y=frame.top, width=width, height=frame.down, fill=f"url(#{pattern})", opacity=0.55)
    return [hatching(pattern), area, label]


def _line(line: Line, x: Callable[[str], float], y: Callable[[float], float]) -> str:
    runs: list[list[str]] = [[]]
    for point in line.points:
        if point.value is None:
            runs.append([])  # a gap is a gap: nothing is drawn through days of which nothing is known
        else:
            runs[-1].append(f"{x(point.day):.0f} {y(point.value):.1f}")
    # A point by itself is a line of no length, which round ends make a dot.
    drawn = "".join(f"M{'L'.join(run)}{'h0' if len(run) == 1 else ''}" for run in runs if run)
    return tag(
        "path",
        d=drawn,
        class_=f"line {line.tone}",
        fill="none",
        stroke=ink(line.tone),
        stroke_width=2.4,
        stroke_linejoin="round",
        stroke_linecap="round" if "h0" in drawn else None,
        stroke_dasharray=DASHES.get(line.tone),
    )


def _claim(claim: Claim, x: Callable[[str], float], y: Callable[[float], float]) -> str:
    """A claim is a cross on its day, with a stroke upwards or downwards where it is a bound."""
    at, height = x(claim.day), y(claim.quantity)
    strokes = f"M{at - 4:.1f} {height - 4:.1f}l8 8m0 -8l-8 8"
    strokes += {"at least": "m4 -4v-12", "at most": "m4 -4v12"}.get(claim.bound, "")
    bound = "" if claim.bound == "exact" else f"{claim.bound} "
    says = f"{spoken(date.fromisoformat(claim.day))}: {bound}{number(claim.quantity)} claimed by {claim.by}"
    mark = tag("path", d=strokes, class_=f"claim {claim.tone}", fill="none", stroke=ink(claim.tone), stroke_width=1.8)
    return tag("g", tag("title", escape(says + (f" ({claim.wording})" if claim.wording else ""))), mark)


class _Label(NamedTuple):
    """What stands at the end of a line: a name over its last figure."""

    name: str
    figure: str
    tone: str
    x: float
    y: float


def _names(chart: Chart, frame: Frame, x: Callable[[str], float], y: Callable[[float], float]) -> list[str]:
    labels = []
    for line in chart.lines:
        known = [point for point in line.points if point.value is not None]
        if known:
            value = known[-1].value or 0.0
            figure = f"{value:.1f}" if chart.kind == "ratio" else number(value)
            labels.append(_Label(line.name, figure, line.tone, x(known[-1].day), y(value)))
    if chart.claims:
        last = chart.claims[-1]
        labels.append(_Label("Claimed ×", number(last.quantity), last.tone, x(last.day), y(last.quantity)))
    heights = apart([label.y for label in labels], _GAP, frame.top + 6, frame.floor - 12)
    letters = int((frame.right - 14) / LETTER)
    found = []
    for label, height in zip(labels, heights, strict=True):
        name = cut(label.name, letters)
        at = frame.edge + 12
        lead = f"M{label.x:.1f} {label.y:.1f}L{frame.edge + 4} {label.y:.1f}L{at - 2} {height + 2:.1f}"
        found += [
            tag("path", d=lead, fill="none", stroke=ink(label.tone), stroke_width=0.8, class_=f"lead {label.tone}"),
            text(name, at, height, fill=ink(label.tone), font_weight=600, class_=f"name {label.tone}"),
            text(label.figure, at, height + 15),
        ]
    return found


def _in_words(chart: Chart) -> str:
    said = []
    for line in chart.lines:
        known = [point for point in line.points if point.value is not None]
        if known:
            value = known[-1].value or 0.0
            figure = f"{value:.2f}" if chart.kind == "ratio" else number(value)
            said.append(f"{line.name}: {figure} by {spoken(date.fromisoformat(known[-1].day))}.")
    if chart.claims:
        last = chart.claims[-1]
        said.append(f"{len(chart.claims)} claims; the last, by {last.by}: {number(last.quantity)}.")
    if any(point.incomplete for line in chart.lines for point in line.points):
        said.append("The last weeks are incomplete.")
    return " ".join(said) or "No figures."
