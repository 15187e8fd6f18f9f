"""Two sides by category: paired bars, and between them what one lost for each of the other's."""

from typing import NamedTuple

from lossledger.publish.drawing import FAINT, INK, WIDE, Frame, Plot, cut, ink, number, rule, tag, text
from lossledger.publish.series import Chart, Row

_TOP = 28
_BAR = 14


class _Layout(NamedTuple):
    """Where things are across: the name's column, the spine of ratios in the middle of the rest, the longest bar."""

    label: int
    spine: int
    room: float
    middle: float
    row: int

    @property
    def left(self) -> float:
        """Where the bars of the first side begin, which grow to the left."""
        return self.middle - self.spine / 2

    @property
    def right(self) -> float:
        """Where the bars of the second side begin."""
        return self.middle + self.spine / 2


def _layout(frame: Frame) -> _Layout:
    """On a phone a category's name stands over its bars, not beside them."""
    label, spine, digits, row = (200, 84, 50, 26) if frame is WIDE else (0, 70, 42, 42)
    return _Layout(label, spine, (frame.width - label - spine) / 2 - digits, label + (frame.width - label) / 2, row)


def plot(chart: Chart, frame: Frame) -> Plot:
    """The marks of a chart of rows in a frame, which becomes as high as its rows."""
    at = _layout(frame)
    (first, first_tone), (second, second_tone) = chart.sides
    most = max(max(row.first, row.second) for row in chart.rows) or 1
    bottom = _TOP + len(chart.rows) * at.row
    marks = [
        _heading(first, first_tone, at.left, "end"),
        _heading(second, second_tone, at.right, "start"),
        text("ratio", at.middle, 17, text_anchor="middle", fill=FAINT, class_="faint"),
    ]
    for index, row in enumerate(chart.rows):
        top = _TOP + index * at.row
        marks.append(rule(0, top, frame.width, top, class_="rule"))
        if at.label:
            marks.append(text(cut(row.name, 31), 2, top + 18))
        else:
            marks.append(text(cut(row.name, 46), at.middle, top + 15, text_anchor="middle"))
        marks += _pair(row, top + at.row - 20, at, at.room / most, (first_tone, second_tone))
    marks.append(rule(0, bottom, frame.width, bottom, stroke=INK, class_="base"))
    says = " ".join(f"{row.name}: {first} {number(row.first)}, {second} {number(row.second)}." for row in chart.rows)
    return Plot(frame._replace(height=bottom + 6), marks, says)


def _heading(name: str, tone: str, x: float, anchor: str) -> str:
    name = cut(name, 20)
    return text(name, x, 17, text_anchor=anchor, fill=ink(tone), font_weight=600, class_=f"name {tone}")


def _pair(row: Row, y: float, at: _Layout, unit: float, tones: tuple[str, str]) -> list[str]:
    first, second = row.first * unit, row.second * unit
    return [
        tag("rect", x=at.left - first, y=y, width=first, height=_BAR, fill=ink(tones[0]), class_=f"filled {tones[0]}"),
        # Hollow, so that the two sides differ in grey as well.
        tag(
            "rect",
            x=at.right + 0.75,
            y=y + 0.75,
            width=max(second - 1.5, 0.1),
            height=_BAR - 1.5,
            fill=ink(tones[1]),
            fill_opacity=0.35,
            stroke=ink(tones[1]),
            stroke_width=1.5,
            class_=f"filled hollow {tones[1]}",
        ),
        text(number(row.first), at.left - first - 5, y + 12, text_anchor="end"),
        text(number(row.second), at.right + second + 5, y + 12),
        text(_ratio(row), at.middle, y + 12, text_anchor="middle", font_weight=600),
    ]


def _ratio(row: Row) -> str:
    """What one side lost for each of the other's, in the order of the columns: "3.1 : 1" or "1 : 2.0"."""
    if not row.first or not row.second:
        return "–"
    if row.first >= row.second:
        return f"{row.first / row.second:.1f} : 1"
    return f"1 : {row.second / row.first:.1f}"
