"""How a chart of lines is divided: one time across for all its panels, and room to the right for the lines' names."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import altair as alt

from lossledger.core.days import minus_days, span_days
from lossledger.exports.chart_frame import INK, SHADE, SOFT, WIDTH, Drawing, cut, text_width, values

LABEL, GAP, PIECE = 12, 8, 22
"""The size of a line's name, how far it stands off, and how long a piece of the line stands before it."""

_WIDEST_LABEL = 230

_YEARS, _MONTHS = 900, 120
"""Over more days than these an axis tells years, or months; over fewer, days."""


class Span(NamedTuple):
    """From which day to the beginning of which a chart goes, and from which day on it is shaded as incomplete."""

    begins: str
    ends: str
    incomplete_from: str | None = None


class End(NamedTuple):
    """A line's name and its last value."""

    name: str
    value: int

    @property
    def label(self) -> str:
        """Both in one line, the name cut where it is too long."""
        number = f"{self.value:,}"
        return f"{cut(self.name, LABEL, _WIDEST_LABEL - text_width(number, LABEL))} {number}"


class Room:
    """How a chart of lines is divided: the drawing to the left, the names of its lines to the right."""

    def __init__(self, span: Span, ends: Sequence[End]) -> None:
        self.span = span
        self.width = WIDTH - GAP - PIECE - 5 - max(text_width(end.label, LABEL) for end in ends)
        late = span.incomplete_from is not None and span.incomplete_from < span.ends
        self.incomplete_from = max(span.incomplete_from or "", span.begins) if late else None

    def x(self, field: str, axis: alt.Axis | None) -> alt.X:
        """A day across, in the time that all panels share: each draws the whole of it with what is `behind`."""
        scale = alt.Scale(range=[0, self.width], type="utc", nice=False)
        return alt.X(f"{field}:T", scale=scale, axis=axis)

    def time_axis(self) -> alt.Axis:
        """Years, or months where there are no two years, under the drawing."""
        days = span_days(self.span.begins, self.span.ends)
        form, ticks = "%b %Y", cast("Any", int(self.width // 110))
        if days > _YEARS:
            form, ticks = "%Y", {"interval": "year", "step": max(1, days // 3650)}
        elif days <= _MONTHS:
            form, ticks = "%-d %b %Y", {"interval": "day", "step": max(1, days // 6)}
        return alt.Axis(
            orient="bottom",
            format=form,
            grid=False,
            domain=True,
            domainColor=SOFT,
            labelColor=INK,
            labelPadding=4,
            labelOverlap=True,
            labelFlush=40,
            tickCount=ticks,
            ticks=True,
            tickColor=SOFT,
            tickSize=4,
            title=None,
        )

    def behind(self, height: int, axis: alt.Axis | None, *, said: bool = False) -> list[Drawing]:
        """What lies behind a panel: unseen, the whole time, so that all panels share it; shaded, what is incomplete."""
        whole = [{"from": self.span.begins, "to": self.span.ends}]
        drawn = [self._block(whole, height, axis).mark_rect(opacity=0)]
        if self.incomplete_from is not None:
            late = [{"from": self.incomplete_from, "to": self.span.ends, "said": "incomplete"}]
            drawn.append(self._block(late, height, axis).mark_rect(color=SHADE))
            words = alt.Chart(values(late)).mark_text(
                align="right", baseline="top", dx=-5, dy=2, color=SOFT, fontSize=11
            )
            drawn += [words.encode(x=self.x("from", axis), y=alt.value(0), text="said:N")] if said else []
        return drawn

    def _block(self, row: Sequence[dict[str, str]], height: int, axis: alt.Axis | None) -> Drawing:
        base = alt.Chart(values(row)).mark_rect()
        return base.encode(x=self.x("from", axis), x2="to:T", y=alt.value(0), y2=alt.value(height))


def day_after(day: str) -> str:
    """Where a day ends, so that what is drawn up to it has the width of the day."""
    return minus_days(day, -1)


def inner_axis(top: int) -> alt.Axis:
    """An axis whose numbers stand on their lines, inside the drawing, so that its left edge is the picture's."""
    return alt.Axis(
        orient="left",
        values=[top * part / 4 for part in range(1, 5)],
        format=",d",
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=0,
        labelOffset=-2,
        title=None,
        ticks=False,
        domain=False,
    )
