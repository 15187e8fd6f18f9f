"""Timelines: what a tally counts, laid out by the losses' own days, with running totals."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.core.periods import Period, period_named, periods
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.cells import DAY_NOT_GIVEN, PERIODS, Key
from lossledger.queries.delay import Delay, delay
from lossledger.queries.last_days import LastDays, last_days
from lossledger.queries.points import top_of
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally, ordering, tally


class Series(NamedTuple):
    """One line of a timeline: its key in the order of the timeline's groupings, all else in items."""

    key: Key
    increments: tuple[int, ...]
    """What happened in each of the timeline's periods; never negative."""
    not_placed: int
    """What is counted but not dated finely enough to stand in any period."""

    @property
    def totals(self) -> tuple[int, ...]:
        """The running total at the end of each period."""
        return tuple(accumulate(self.increments))

    @property
    def placed(self) -> int:
        """The running total at the end of the last period."""
        return sum(self.increments)

    @property
    def total(self) -> int:
        """What a tally counts under this key."""
        return self.placed + self.not_placed


class Row(NamedTuple):
    """A timeline's cell. What is not placed in time has a row of its own, without a period and a running total."""

    key: Key
    period: Period | None
    increment: int
    total: int | None
    incomplete: bool


@dataclass(frozen=True)
class Timeline:
    """The series of a timeline, in the tally's order, over the periods from the first in which something happened.

    A loss stands on its own day under the status that it has now, or had by the scope's ``as_of``: a tank that was
    damaged in March and captured in May is a captured tank of March. So a period never takes anything away, and the
    increments of a series, with what is not placed, add up to what the tally counts.
    """

    tally: Tally
    """The cells that this was laid out from, with what a caption has to say beside them."""
    every: str
    by: tuple[str, ...]
    periods: tuple[Period, ...]
    """Without a gap, whether anything happened in them or not; none where nothing is dated finely enough."""
    series: tuple[Series, ...]
    delay: Delay
    last_days: LastDays

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """The names of the periods that are not told of whole: late ones, and the last where it is cut short."""
        return self.late | {one.name for one in self.periods[-1:] if self.asked_until or self.lists_end}

    @cached_property
    def late(self) -> frozenset[str]:
        """The names of the periods for which more is to be expected, by the measured delay."""
        return frozenset(one.name for one in self.periods if self.delay.incomplete(one.ends))

    @property
    def asked_until(self) -> str | None:
        """The last day that was asked for, where the last period would go on after it; there the period ends."""
        last = self.periods[-1] if self.periods else None
        return last.ends if last and last.ends < period_named(last.name).ends else None

    @property
    def lists_end(self) -> str | None:
        """The last day that a list reaches, where that is within the last period."""
        within = (day for one in self.periods[-1:] for day in self.delay.lists_end if one.begins <= day < one.ends)
        return min(within, default=None)

    @property
    def not_placed(self) -> int:
        """What stands in no period, over all series."""
        return sum(one.not_placed for one in self.series)

    @property
    def placed_by(self) -> list[str]:
        """How much is placed by another day than its own, in sentences: by which day instead."""
        said = (
            ("by the last day on which it can have happened, the first not known", self.last_days.open),
            ("by the day of its list, with none of its own", self.last_days.listed),
        )
        return [f"Placed {how}: {number:,} of {self.tally.total:,}." for how, number in said if number]

    def rows(self) -> Iterator[Row]:
        """A row for each series and period, by series; the increments of all rows add up to the tally's total."""
        for one in self.series:
            for period, increment, total in zip(self.periods, one.increments, one.totals, strict=True):
                yield Row(one.key, period, increment, total, period.name in self.incomplete)
            if one.not_placed:
                yield Row(one.key, None, one.not_placed, None, incomplete=False)


def timeline(
    connection: Connection, scope: Scope, by: Sequence[str], every: str, known: Catalogue | None = None
) -> Timeline:
    """Count what is in scope by period, and by the groupings asked for; see ``tallies.tally``."""
    counted = tally(connection, scope, (*by, every), known)
    return laid_out(connection, counted, delay(connection, scope, counted.catalogue))


def laid_out(
    connection: Connection, counted: Tally, delay: Delay, under: Callable[[Key], Key] | None = None
) -> Timeline:
    """The timeline of a tally one of whose dimensions is a period.

    ``under`` says with which keys, the period left out, a key is taken together: a side with the sides under it.
    """
    every = next(dimension for dimension in counted.by if dimension in PERIODS)
    at = counted.by.index(every)
    by = (*counted.by[:at], *counted.by[at + 1 :])
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for key, quantity in counted.cells:
        own = (*key[:at], *key[at + 1 :])
        found[under(own) if under else own][str(key[at])] += quantity
    dated = {name for sums in found.values() for name in sums} - {DAY_NOT_GIVEN}
    over = tuple(periods(min(dated), max(dated), every)) if dated else ()
    limit = min((day for day in (counted.scope.as_of, counted.scope.until) if day), default=None)
    if over and limit and over[-1].begins <= limit < over[-1].ends:
        over = (*over[:-1], over[-1]._replace(ends=limit))
    order = ordering(by, counted.catalogue)
    series = (
        Series(key, tuple(found[key][one.name] for one in over), found[key][DAY_NOT_GIVEN])
        for key in sorted(found, key=order)
    )
    standing = last_days(connection, counted.scope, counted.catalogue)
    return Timeline(counted, every, by, over, tuple(series), delay, standing)


def under_tops(counted: Tally) -> Callable[[Key], Key]:
    """A key among those that people see as one: a side with the sides under it, as the tally's scope has them."""
    dimensions = [dimension for dimension in counted.by if dimension not in PERIODS]
    if "side" not in dimensions:
        return lambda key: key
    at, top = dimensions.index("side"), top_of(counted.scope, counted.catalogue)
    return lambda key: (*key[:at], top(str(key[at])), *key[at + 1 :])
