"""Days and instants, as text: how they are typed, what they mean, how they are shown.

A day is ``2020-10-08``, an instant ``2020-10-08T14:30:00.000000Z``. Both sort as they are, in every database.
"""

import re
from datetime import MAXYEAR, UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from lossledger.core.text import quoted
from lossledger.errors import Refused

UNITS = ("day", "week", "month", "year")
"""The periods by which losses are counted."""

_FIRST_YEAR = 1900
"""Earlier years are typing errors: a day of the year 202, a list read by the wrong column."""

_FORMS = "write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08, or ~2020-10-08 where it is inferred"
_PARTIAL_FORMS = "write 2020-10-08, 2020-10 or 2020"
_INSTANT_FORMS = "write an entry's number, a day (2020-10-08) or a time (2020-10-08T14:30Z)"

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_NUMBER = re.compile(r"[0-9]{1,18}")  # as many digits as every database's integer can hold
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)

_EASTERNMOST = timezone(timedelta(hours=14))
"""The time zone in which each day begins first."""


class Days(NamedTuple):
    """Between which days something happened: the same day twice, or an end unknown; inferred by us or not."""

    earliest: str | None
    latest: str | None
    inferred: bool


def parse_days(text: str) -> Days:
    """The days that a text means: a day, a month, a year, a span, or a span open at one end.

    A "~" before it says that the days are inferred.

    Raises:
        Refused: it is none of these, a day that no calendar has, or a span that ends before it begins.
    """
    given = text.strip()
    span = given.removeprefix("~")
    begins, dots, ends = span.partition("..")
    if not dots:
        ends = begins
    earliest = _first(begins, text, _FORMS) if begins else None
    latest = _last(ends, text, _FORMS) if ends else None
    if earliest is None and latest is None:
        raise _no_day(text, _FORMS)
    if earliest and latest and latest < earliest:
        raise Refused(f"{quoted(text)} ends before it begins; {_FORMS}")
    return Days(earliest, latest, inferred=span != given)


def parse_day(text: str) -> str:
    """The one day that a text means; Refused where it is no exact day."""
    day = text.strip()
    found = _PARTIAL.fullmatch(day)
    if not found or not found[3]:
        raise _no_day(text, "write 2020-10-08")
    return _first(day, text, "write 2020-10-08")


def parse_since(text: str) -> str:
    """The first day of a day, a month or a year, where a period begins with it; Refused if it is none."""
    return _first(text.strip(), text, _PARTIAL_FORMS)


def parse_until(text: str) -> str:
    """The last day of a day, a month or a year, where a period ends with it; Refused if it is none."""
    return _last(text.strip(), text, _PARTIAL_FORMS)


def show_days(earliest: str | None, latest: str | None, inferred: bool) -> str:  # noqa: FBT001 - the three parts of a Days
    """The shortest text from which ``parse_days`` reads these days again; empty where neither is known."""
    if not earliest and not latest:
        return ""
    return ("~" if inferred else "") + _show_span(earliest or "", latest or "")


def say_days(earliest: str | None, latest: str | None) -> str:
    """These days in words, for those who never type them: "2020-10", "by 2020-10-08", "2020-10-05 to 2020-10-08".

    Empty where neither is known. Whether they are inferred has to be said beside them.
    """
    if earliest and latest:
        return " to ".join(dict.fromkeys(_whole_periods(earliest, latest)))
    return f"from {earliest}" if earliest else f"by {latest}" if latest else ""


def refuse_future(*days: str | None, today: str, what: str) -> None:
    """Refuse days that have not come yet: what is in a ledger has happened.

    Args:
        days: the days to look at; one that is not known cannot lie in the future.
        today: the last day that is not in the future, see ``last_day_not_future``.
        what: which day it is, for the message: "reported".

    Raises:
        Refused: one of them is after today.
    """
    for day in days:
        if day and day > today:
            raise Refused(f"{what} {day} lies in the future (today is {today})")


def last_day_not_future() -> str:
    """The last day that has begun somewhere: a report from there is no mistake elsewhere."""
    return datetime.now(_EASTERNMOST).date().isoformat()


def period(day: str, unit: str) -> str:
    """The day, week, month or year that a day belongs to: "2020-10-08", "2020-W41", "2020-10", "2020".

    Weeks are ISO 8601's, from Monday; those around New Year belong to the year that has their Thursday.
    """
    if unit == "week":
        year, week, _ = date.fromisoformat(day).isocalendar()
        return f"{year:04}-W{week:02}"
    return day[: {"day": 10, "month": 7, "year": 4}[unit]]


def same_period(earliest: str | None, day: str, unit: str) -> bool:
    """Whether everything from the earliest day to this one lies in one period; never if that end is open."""
    return earliest is not None and period(earliest, unit) == period(day, unit)


def span_days(earliest: str, latest: str) -> int:
    """How many days lie between two days: 0 when they are one, so that ``minus_days`` leads back."""
    return (date.fromisoformat(latest) - date.fromisoformat(earliest)).days


def minus_days(day: str, number: int) -> str:
    """The day so many days before a day."""
    return (date.fromisoformat(day) - timedelta(days=number)).isoformat()


def known_on(text: str) -> int | str:
    """Where the journal's beginning ends that a text means: an entry's number, or an instant.

    A bare number is an entry, even one that looks like a year. A bare date means its end; a time without an
    offset is UTC.

    Raises:
        Refused: it is none of these.
    """
    given = text.strip().upper()
    if _NUMBER.fullmatch(given):
        return int(given)
    if _PARTIAL.fullmatch(given):
        return f"{_last(given, text, _INSTANT_FORMS)}T23:59:59.999999Z"
    if not _INSTANT.fullmatch(given):
        raise _no_day(text, _INSTANT_FORMS)
    _bounds(given[:10], text, _INSTANT_FORMS)  # no time is asked of a year that has no days
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise _no_day(text, _INSTANT_FORMS) from None
    return _instant(instant if instant.tzinfo else instant.replace(tzinfo=UTC))


def changed_since(text: str) -> int | str:
    """Where that begins in the journal which a text means: an entry's number, or an instant.

    A bare date means its beginning; all else is read as `known_on` reads it.

    Raises:
        Refused: it is none of these.
    """
    given = text.strip()
    if _PARTIAL.fullmatch(given) and not _NUMBER.fullmatch(given):
        return f"{_first(given, text, _INSTANT_FORMS)}T00:00:00.000000Z"
    return known_on(text)


def utc_now() -> str:
    """The present instant, as the journal writes it."""
    return _instant(datetime.now(UTC))


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _first(partial: str, text: str, forms: str) -> str:
    return _bounds(partial, text, forms)[0].isoformat()


def _last(partial: str, text: str, forms: str) -> str:
    return _bounds(partial, text, forms)[1].isoformat()


def _bounds(partial: str, text: str, forms: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year."""
    found = _PARTIAL.fullmatch(partial)
    if not found or not _FIRST_YEAR <= int(found[1]) < MAXYEAR:
        raise _no_day(text, forms)
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise _no_day(text, forms) from None
    if day:
        return first, first
    months = 1 if month else 12
    over = first.month - 1 + months
    return first, date(first.year + over // 12, over % 12 + 1, 1) - timedelta(days=1)


def _show_span(earliest: str, latest: str) -> str:
    if not earliest or not latest:
        return f"{earliest}..{latest}"
    begins, ends = _whole_periods(earliest, latest)
    return begins if begins == ends else f"{begins}..{ends}"


def _whole_periods(earliest: str, latest: str) -> tuple[str, str]:
    """Both ends as years, or else as months, where the span begins and ends with whole ones; else as days."""
    if earliest.endswith("-01-01") and latest.endswith("-12-31"):
        return earliest[:4], latest[:4]
    month = latest[:7]
    if earliest.endswith("-01") and latest == parse_until(month):
        return earliest[:7], month
    return earliest, latest


def _no_day(text: str, forms: str) -> Refused:
    return Refused(f"{quoted(text)} is no day that can be read; {forms}")
