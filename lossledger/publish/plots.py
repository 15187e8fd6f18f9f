"""The charts of a site: running totals, ratios by heading, and what was claimed beside what is documented."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.core.days import minus_days
from lossledger.core.fields import REDACTED
from lossledger.core.text import inert
from lossledger.core.vocabulary import PublishedKind, Span
from lossledger.exports.rows import write_csv
from lossledger.publish.figures import Heading
from lossledger.publish.frame import Column, Frame, tail
from lossledger.publish.looks import group_words, spoken_day
from lossledger.publish.series import Chart, Claim, Line, Point, Row
from lossledger.queries.delay import Delay
from lossledger.queries.published import Published, published
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from lossledger.queries.timeline import Timeline, laid_out

_MOST_WEEKS = 320
"""A chart of more weeks than this goes by months, which its table and its file do as well."""

_MOST_ROWS = 25
_LEAST = 20
"""A heading of which neither side lost so many tells nothing by its ratio."""

_RECENT_WEEKS = 6
_RECENT_DAYS = 90
"""Weeks are recent that ended so many days ago or fewer, by the last entry."""


class Week(NamedTuple):
    """A recent week, with what it brought in each column by the columns' keys."""

    begins: str
    ends: str
    increments: Counter[str]
    incomplete: bool


@dataclass(frozen=True)
class Plots:
    """What the charts of a site are made from."""

    connection: Connection
    frame: Frame
    delay: Delay

    def charts(self, headings: list[Heading]) -> list[Chart]:
        """The charts that there is anything to show in, in the order of their page."""
        return [*self._running(), *self._ratio(headings), *self._claimed()]

    def recent(self) -> list[Week]:
        """The latest weeks; none where nothing happened lately."""
        found = self._weekly
        weeks = found.periods[-_RECENT_WEEKS:]
        if not weeks or weeks[-1].ends < minus_days(self.frame.as_of, _RECENT_DAYS):
            return []
        keys = [self._column(one.key) for one in found.series]
        first = len(found.periods) - len(weeks)
        return [
            Week(
                week.begins,
                week.ends,
                Counter({key: one.increments[first + place] for key, one in zip(keys, found.series, strict=True)}),
                week.name in found.incomplete,
            )
            for place, week in enumerate(weeks)
        ]

    @cached_property
    def _weekly(self) -> Timeline:
        return self._laid_out("week")

    def _laid_out(self, every: str) -> Timeline:
        """The confirmed losses by period and column."""
        counted = tally(self.connection, self.frame.scope, ("side", "feed", every), self.frame.known)

        def under(key: tuple[str | None, ...]) -> tuple[str | None, ...]:
            column = self.frame.column(str(key[0]), str(key[1]))
            return (column.side, column.feed) if column else key

        return laid_out(self.connection, counted, self.delay, under)

    def _column(self, key: tuple[str | None, ...]) -> str:
        column = self.frame.column(str(key[0]), str(key[1]))
        return column.key if column else ""

    def _running(self) -> Iterator[Chart]:
        found = self._weekly
        step = "week" if len(found.periods) <= _MOST_WEEKS else "month"
        if step == "month":
            found = self._laid_out(step)
        by_key = {self._column(one.key): one for one in found.series}
        lines = tuple(
            Line(column.key, column.name, column.tone, _points(found, by_key[column.key].totals))
            for column in self.frame.columns
            if column.key in by_key
        )
        if len(found.periods) > 1:
            left = f", {found.not_placed:,} not dated finely enough left out" if found.not_placed else ""
            note = f"Confirmed losses by the day they happened, running totals by {step}{left}."
            note = " ".join((note, *found.placed_by))
            yield self._chart("running-total", "running", "Documented losses over time", note, lines, step=step)

    def _chart(self, key: str, kind: str, title: str, note: str, lines: tuple[Line, ...], step: str = "week") -> Chart:
        note = f"{note} {self.frame.conflict}, as the ledger stood on {spoken_day(self.frame.as_of)}."
        return Chart(key, kind, title, "items", self.frame.as_of, inert(note), lines, step=step)

    def not_compared(self, headings: list[Heading]) -> str:
        """Why no two columns stand side by side by category, where that is because both are of one side."""
        pair = self._most(headings)
        if len(pair) != 2 or pair[0].side != pair[1].side:
            return ""
        side = inert(self.frame.known.name("side", pair[0].side))
        return f"No sides are compared by category: the two longest lists are both of {side}, and are not to be summed."

    def _most(self, headings: list[Heading]) -> list[Column]:
        """The two columns that lost most, in the order of the page; fewer where there are no two."""
        totals = Counter({column.key: sum(row.total[column.key] for row in headings) for column in self.frame.columns})
        most = {key for key, _ in totals.most_common(2)}
        return [column for column in self.frame.columns if column.key in most]

    def _ratio(self, headings: list[Heading]) -> Iterator[Chart]:
        """The two columns that lost most, heading by heading; two lists of one side are not compared."""
        pair = self._most(headings)
        if len(pair) != 2 or pair[0].side == pair[1].side:
            return
        one, other = pair
        told = [row for row in headings if max(row.total[one.key], row.total[other.key]) >= _LEAST]
        chosen = sorted(told, key=lambda row: -(row.total[one.key] + row.total[other.key]))[:_MOST_ROWS]
        rows = tuple(Row(row.name, row.total[one.key], row.total[other.key]) for row in told if row in chosen)
        if rows:
            note = "Confirmed losses; a ratio of what is documented, not of what was lost."
            title = f"{one.name} and {other.name} by category"
            chart = self._chart("ratio", "ratio", title, note, ())
            yield chart._replace(rows=rows, sides=((one.name, one.tone), (other.name, other.tone)))

    def _claimed(self) -> Iterator[Chart]:
        claims = [one for one in published(self.connection, self.frame.scope.conflict) if _can_stand_beside(one)]
        for column in self.frame.columns:
            of_side = [one for one in claims if self.frame.known.top("side", str(one.side)) == column.side]
            if of_side and column.feed is None:
                yield from self._beside_claims(column, of_side)

    def _beside_claims(self, column: Column, claims: list[Published]) -> Iterator[Chart]:
        """The headings of which a side's losses were claimed most often, by whoever it was."""
        scopes = Counter(_counts(one) for one in claims)
        commonest, times = scopes.most_common(1)[0]
        if times < 2:
            return
        chosen = [one for one in claims if _counts(one) == commonest]
        scope = replace(chosen[0].scope(), side=column.side, as_of=None)
        found = laid_out(self.connection, tally(self.connection, scope, ("week",), self.frame.known), self.delay)
        if not found.series:
            return
        line = Line("documented", "documented", column.tone, _points(found, found.series[0].totals))
        what = self._what(scope)
        note = "Claims are what others said, and are never added to what is documented; they may count other things."
        note = " ".join((note, *found.placed_by))
        title = f"{column.name}: {what}, claimed and documented"
        chart = self._chart(f"claimed-{tail(column.side)}", "claimed", title, note, (line,))
        yield chart._replace(claims=tuple(_claim(one, column) for one in chosen))

    def _what(self, scope: Scope) -> str:
        known = self.frame.known
        named = [known.name("category", slug) for slug in scope.categories]
        named += [group_words(group) for group in scope.groups]
        named += [known.name("type", slug) for slug in scope.types]
        return ", ".join((*(named or ["all losses"]), *scope.statuses))


def _points(found: Timeline, totals: tuple[int, ...]) -> tuple[Point, ...]:
    return tuple(
        Point(period.ends, total, period.name in found.incomplete)
        for period, total in zip(found.periods, totals, strict=True)
    )


def _can_stand_beside(one: Published) -> bool:
    """Whether it is a claim, of so many things by a day, that a line can be compared with."""
    running = one.span == Span.CUMULATIVE and one.as_of is not None and one.side is not None
    return one.kind == PublishedKind.CLAIM and one.comparable and running and bool(_counts(one)[0] or _counts(one)[1])


def _counts(one: Published) -> tuple[tuple[str, ...], ...]:
    """What it counts, in headings of ours."""
    return one.categories, one.groups, one.types, one.statuses


def _claim(one: Published, column: Column) -> Claim:
    wording = "" if one.wording in (None, REDACTED) else str(one.wording)
    return Claim(str(one.as_of), int(one.quantity or 0), one.bound, one.counted_by, wording, column.tone)


def table_of(chart: Chart) -> tuple[list[str], list[tuple[str | int | float | None, ...]]]:
    """A chart's own numbers: the names of its columns, and its rows."""
    if chart.rows:
        return ["category", *(name for name, _ in chart.sides)], [tuple(row) for row in chart.rows]
    header = [f"{chart.step}_ends", *(line.name for line in chart.lines), "incomplete"]
    rows: list[tuple[str | int | float | None, ...]] = [
        (points[0].day, *(point.value for point in points), "incomplete" if points[0].incomplete else "")
        for points in zip(*(line.points for line in chart.lines), strict=True)
    ]
    return header, rows


def shown_table(chart: Chart) -> tuple[list[str], list[tuple[str | int | float | None, ...]]]:
    """The same for a page: of more periods than a reader would look at only the last of each month."""
    header, rows = table_of(chart)
    if len(rows) <= _MOST_SHOWN or chart.rows:
        return header, rows
    return header, list({str(row[0])[:7]: row for row in rows}.values())


_MOST_SHOWN = 60


def csv_of(chart: Chart) -> bytes:
    """The same as a file; the claims beside a line are rows below, since they are of days of their own."""
    out = io.StringIO()
    write_csv(*table_of(chart), out)
    if chart.claims:
        out.write("\n")
        claims = [(one.day, one.quantity, one.bound, one.by, one.wording) for one in chart.claims]
        write_csv(["day", "claimed", "bound", "claimed_by", "in_their_words"], claims, out)
    return out.getvalue().encode()
