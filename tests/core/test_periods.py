"""Periods follow each other without a gap, from one that is named to another."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lossledger.core.days import UNITS, period
from lossledger.core.periods import Period, period_named, periods

_DAYS = some.dates(date(1999, 1, 1), date(2030, 12, 31))


@given(_DAYS, some.integers(0, 500), some.sampled_from(UNITS))
def test_every_day_between_lies_in_just_one_of_them(first: date, number: int, unit: str) -> None:
    days = [(first + timedelta(days=after)).isoformat() for after in range(number + 1)]
    found = list(periods(period(days[0], unit), period(days[-1], unit), unit))
    names = [one.name for one in found for day in days if one.begins <= day <= one.ends]
    assert names == [period(day, unit) for day in days]
    assert [one.name for one in found] == list(dict.fromkeys(names))


@pytest.mark.parametrize(
    "wanted",
    [
        Period("2020-10-08", "2020-10-08", "2020-10-08"),
        Period("2020-W53", "2020-12-28", "2021-01-03"),
        Period("2020-02", "2020-02-01", "2020-02-29"),
        Period("2020", "2020-01-01", "2020-12-31"),
    ],
)
def test_a_name_tells_the_days(wanted: Period) -> None:
    assert period_named(wanted.name) == wanted
