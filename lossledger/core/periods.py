"""Periods of the calendar: which follow each other, and from which day to which each goes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from lossledger.core.days import parse_since, parse_until, period


class Period(NamedTuple):
    """A day, week, month or year: its name as tallies have it ("2020-W41"), its first and its last day."""

    name: str
    begins: str
    ends: str


def period_named(name: str) -> Period:
    """The period of a name: "2020-10-08", "2020-W41", "2020-10" or "2020"."""
    if "W" in name:
        monday = date.fromisoformat(f"{name}-1")
        return Period(name, monday.isoformat(), (monday + timedelta(days=6)).isoformat())
    return Period(name, parse_since(name), parse_until(name))


def periods(first: str, last: str, unit: str) -> Iterator[Period]:
    """Every period of a unit from the one called ``first`` to the one called ``last``, both included."""
    one = period_named(first)
    while one.name < last:
        yield one
        one = period_named(period(_day_after(one.ends), unit))
    yield one


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
