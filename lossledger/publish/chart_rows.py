"""Two sides by category: paired bars, and between them what one lost for each of the other's."""

from typing import NamedTuple

from lossledger.publish.drawing import FAINT, INK, RULE, WIDE, Frame, Plot, cut, ink, number, rule, tag, text
from lossledger.publish.series import Chart, Row

_TOP = 28
_BAR = 13


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
    """The marks of a chart of rows in a frame, which becomes as high as its rows.

    What is alike stands in one group that says so once: there may be thirty rows, twice on a page.
    """
    at = _layout(frame)
    (first, first_tone), (second, second_tone) = chart.sides
    most = max(max(row.first, row.second) for row in chart.rows) or 1
    bars = [(row.first * at.room / most, row.second * at.room / most) for row in chart.rows]
    tops = [_TOP + index * at.row for index in range(len(chart.rows))]
    rows = list(zip(chart.rows, tops, bars, strict=True))
    bottom = _TOP + len(chart.rows) * at.row
    base = at.row - 8  # from a row's top to where its figures stand
    marks = [
        _heading(first, first_tone, at.left, "end"),
        _heading(second, second_tone, at.right, "start"),
        text("ratio", at.middle, 17, text_anchor="middle", fill=FAINT, class_="faint"),
        tag("path", d="".join(f"M0 {top}h{frame.width}" for top in tops), stroke=RULE, class_="rule"),
        rule(0, bottom, frame.width, bottom, stroke=INK, class_="base"),
        _names(chart, tops, at),
        _bars([(at.left - left, top + base - 12, left) for _, top, (left, _) in rows], first_tone, hollow=False),
        # Hollow, so that the two sides differ in grey as well.
        _bars([(at.right, top + base - 12, right) for _, top, (_, right) in rows], second_tone, hollow=True),
        _figures([(number(row.first), at.left - left - 5, top + base) for row, top, (left, _) in rows], "end"),
        _figures([(number(row.second), at.right + right + 5, top + base) for row, top, (_, right) in rows], "start"),
        _figures([(_ratio(row), at.middle, top + base) for row, top, _ in rows], "middle", font_weight=600),
    ]
    says = " ".join(f"{row.name}: {first} {number(row.first)}, {second} {number(row.second)}." for row in chart.rows)
    return Plot(frame._replace(height=bottom + 6), marks, says)


def _names(chart: Chart, tops: list[int], at: _Layout) -> str:
    if at.label:
        return _figures([(cut(row.name, 31), 2, top + 18) for row, top in zip(chart.rows, tops, strict=True)], "start")
    names = [(cut(row.name, 46), at.middle, top + 15) for row, top in zip(chart.rows, tops, strict=True)]
    return _figures(names, "middle")


def _figures(lines: list[tuple[str, float, int]], anchor: str, **attributes: object) -> str:
    return tag("g", *(text(words, x, y) for words, x, y in lines), text_anchor=anchor, **attributes)


def _bars(bars: list[tuple[float, int, float]], tone: str, *, hollow: bool) -> str:
    drawn = [tag("rect", x=x, y=y, width=width, height=_BAR) for x, y, width in bars if width]
    outline = {"fill_opacity": 0.3, "stroke": ink(tone), "stroke_width": 1.5} if hollow else {}
    return tag("g", *drawn, fill=ink(tone), class_=f"filled {'hollow ' if hollow else ''}{tone}", **outline)


def _heading(name: str, tone: str, x: float, anchor: str) -> str:
    name = cut(name, 20)
    return text(name, x, 17, text_anchor=anchor, fill=ink(tone), font_weight=600, class_=f"name {tone}")


def _ratio(row: Row) -> str:
    """What one side lost for each of the other's, in the order of the columns: "3.1 : 1" or "1 : 2.0"."""
    if not row.first or not row.second:
        return "–"
    if row.first >= row.second:
        return f"{row.first / row.second:.1f} : 1"
    return f"1 : {row.second / row.first:.1f}"
