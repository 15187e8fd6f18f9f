"""Charts of the site, as SVG from rows: running totals, losses side by side with their ratio, claimed and documented.

Each reads without a legend and without colour: lines bear their names, sides differ in their strokes, too, and what is
not complete is hatched.
"""

from collections.abc import Sequence

from lossledger.publish import chart_lines, chart_rows
from lossledger.publish.drawing import FAINT, INK, NARROW, PAPER, WIDE, Frame, Plot, picture, rule, tag, text
from lossledger.publish.series import Chart

_HEADER, _FOOTER = 64, 44
"""Room above and below a picture that is passed on alone, for what the page would say."""


def svg(chart: Chart, *, alone: bool = False) -> str:
    """A chart as markup: for a page in two widths, of which the style sheet shows one.

    ``alone``: one picture that can be passed on by itself, on paper, with title, unit, day and note in it.
    """
    if alone:
        return _alone(chart)
    return _drawn(chart, WIDE, "wide") + _drawn(chart, NARROW, "narrow")


def bar(parts: Sequence[tuple[str, int]], whole: int) -> str:
    """A small bar for a cell of a table: what each part (a class and a number) has of the whole.

    It says nothing that the numbers beside it do not, so screen readers pass it by.
    """
    at, inside = 0.0, []
    for name, value in parts:
        width = 100 * value / whole if whole else 0.0
        inside.append(tag("rect", x=at, width=width, height=8, class_=name))
        at += width
    return tag("svg", *inside, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def _plot(chart: Chart, frame: Frame, name: str) -> Plot:
    if chart.rows:
        return chart_rows.plot(chart, frame)
    return chart_lines.plot(chart, frame, name)


def _drawn(chart: Chart, frame: Frame, width: str) -> str:
    name = f"{chart.key}-{width}"
    plot = _plot(chart, frame, name)
    return picture(plot.frame, name, chart.title, plot.says, plot.marks, class_=f"drawn {width}")


def _alone(chart: Chart) -> str:
    name = f"{chart.key}-alone"
    plot = _plot(chart, WIDE, name)
    frame = plot.frame._replace(height=plot.frame.height + _HEADER + _FOOTER)
    below = frame.height - _FOOTER
    marks = [
        tag("rect", width=frame.width, height=frame.height, fill=PAPER),
        text(chart.title, 14, 28, font_size=20, font_weight=600),
        text(chart.unit + (f", as of {chart.as_of}" if chart.as_of else ""), 14, 48, fill=FAINT),
        tag("g", *plot.marks, transform=f"translate(0 {_HEADER})"),
        rule(14, below + 8, frame.width - 14, below + 8, stroke=INK),
        rule(14, below + 11, frame.width - 14, below + 11, stroke=INK),
        *(
            text(line, 14, below + 26 + 14 * index, font_size=11, fill=FAINT)
            for index, line in enumerate(_broken(chart.note, 130)[:2])
        ),
    ]
    return picture(frame, name, chart.title, plot.says, marks)


def _broken(words: str, letters: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
