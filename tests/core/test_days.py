"""Days: what may be typed, what it means, how it is shown."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossledger.core import days
from lossledger.core.days import UNITS, Days
from lossledger.errors import Refused

CALENDAR = st.dates(date(1900, 1, 1), date(9998, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2020-10-08", "2020-10-08", "2020-10-08"),
        ("2020-10", "2020-10-01", "2020-10-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-12", "2020-12-01", "2020-12-31"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-10-05..2020-10-08", "2020-10-05", "2020-10-08"),
        ("2020-09..2020-10", "2020-09-01", "2020-10-31"),
        ("2019..2020", "2019-01-01", "2020-12-31"),
        ("..2020-10-08", None, "2020-10-08"),
        ("2020-10-05..", "2020-10-05", None),
    ],
)
def test_days_are_read_and_shown_again(text: str, earliest: str | None, latest: str | None) -> None:
    """Every form means its days, inferred or not, and is the shortest way to write them."""
    assert days.parse_days(text) == Days(earliest, latest, inferred=False)
    assert days.parse_days(f" ~{text}\n") == Days(earliest, latest, inferred=True)
    assert days.show_days(earliest, latest, inferred=False) == text
    assert days.show_days(earliest, latest, inferred=True) == f"~{text}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2020-10-08..2020-10-08", "2020-10-08"),
        ("2020-10-01..2020-10-31", "2020-10"),
        ("2020-10..2020-10", "2020-10"),
        ("2020-01..2020-12", "2020"),
        ("2020..2020-10", "2020-01..2020-10"),
        ("2020-10..2020-11-05", "2020-10-01..2020-11-05"),
    ],
)
def test_a_long_form_is_shown_shortened(text: str, shown: str) -> None:
    """One span has one text."""
    assert days.show_days(*days.parse_days(text)) == shown


def test_days_not_known_are_shown_as_nothing() -> None:
    """What to say instead is for the table to decide."""
    assert days.show_days(None, None, inferred=False) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2020-10-08", "2020-10-08"),
        ("2020-10", "2020-10"),
        ("2020", "2020"),
        ("2019..2020", "2019 to 2020"),
        ("2020-10-05..2020-10-08", "2020-10-05 to 2020-10-08"),
        ("..2020-10-08", "by 2020-10-08"),
        ("2020-10-05..", "from 2020-10-05"),
        ("~2020-10", "2020-10"),
    ],
)
def test_days_in_words(text: str, said: str) -> None:
    """No more is said than is known."""
    earliest, latest, _ = days.parse_days(text)
    assert days.say_days(earliest, latest) == said


def test_days_not_known_are_no_words() -> None:
    assert days.say_days(None, None) == ""


@given(st.none() | CALENDAR, st.none() | CALENDAR, st.booleans())
def test_shown_days_are_read_as_the_same_days(one: str | None, other: str | None, inferred: bool) -> None:
    """Reading undoes showing, whatever the days."""
    assume(one or other)
    if one and other and other < one:
        one, other = other, one
    assert days.parse_days(days.show_days(one, other, inferred)) == Days(one, other, inferred)


BAD_DAYS = [
    *(
        "",
        "~",
        "..",
        "yesterday",
        "2020-02-30",
        "2020-13",
        "2020-00",
        "2020-10-00",
        "0202-10-08",
        "1899",
        "9999",
    ),
    *(
        "20201008",
        "2020-1-8",
        "8.10.2020",
        "2020-10-08T12:00",
        "2020-10-08..2020-10-05",
        "2020-10..2020-09-30",
    ),
    *(
        "2020..2021..2022",
        "~~2020",
        "٢٠٢٠-10-08",
        "２０２０",
        "2020-10-08\x00",
        "-2020",
        "2020-10-08...",
        "2020..~2021",
    ),
]


@pytest.mark.parametrize("text", BAD_DAYS)
def test_bad_days_are_refused_in_one_line(text: str) -> None:
    """Nothing is guessed, and the message names the forms that can be read."""
    with pytest.raises(Refused) as refusal:
        days.parse_days(text)
    assert "write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08" in str(refusal.value)
    assert str(refusal.value).isprintable()


def test_the_refusal_names_the_value() -> None:
    """The user sees which of several values was wrong."""
    with pytest.raises(Refused) as refusal:
        days.parse_days("2020-02-30")
    assert str(refusal.value) == (
        "'2020-02-30' is no day that can be read; "
        "write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08, or ~2020-10-08 where it is inferred"
    )


@pytest.mark.parametrize("text", ["2020-10", "2020", "~2020-10-08", "2020-10-08..2020-10-08", "2020-02-30"])
def test_an_exact_day_is_exact(text: str) -> None:
    """Where one day is needed, nothing else will do."""
    assert days.parse_day(" 2020-10-08 ") == "2020-10-08"
    with pytest.raises(Refused, match=r"write 2020-10-08$"):
        days.parse_day(text)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2020-10-08", "2020-10-08", "2020-10-08"),
        ("2020-10", "2020-10-01", "2020-10-31"),
        ("2020", "2020-01-01", "2020-12-31"),
    ],
)
def test_a_period_begins_and_ends_with_whole_months(text: str, since: str, until: str) -> None:
    """``--since 2020-10 --until 2020-10`` is all of October."""
    assert (days.parse_since(text), days.parse_until(text)) == (since, until)


@pytest.mark.parametrize("text", ["", "~2020", "2020-10..2020-11", "2020-11-31"])
def test_the_ends_of_a_period_are_no_spans(text: str) -> None:
    """Each end is one date."""
    for parse in (days.parse_since, days.parse_until):
        with pytest.raises(Refused, match=r"write 2020-10-08, 2020-10 or 2020$"):
            parse(text)


def test_the_future_is_refused() -> None:
    """Today is not the future, a day not known is not either, tomorrow is."""
    days.refuse_future("2020-10-08", None, "2020-10-07", today="2020-10-08", what="reported")
    with pytest.raises(Refused, match=r"^reported 2020-10-09 lies in the future \(today is 2020-10-08\)$"):
        days.refuse_future("2020-10-08", "2020-10-09", today="2020-10-08", what="reported")


def test_today_is_where_the_day_begins_first() -> None:
    """A report from Kiritimati is not refused in Honolulu."""
    there = timezone(timedelta(hours=14))
    before = datetime.now(there).date().isoformat()
    assert before <= days.last_day_not_future() <= datetime.now(there).date().isoformat()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-10-08", ("2020-10-08", "2020-W41", "2020-10", "2020")),
        ("2021-01-03", ("2021-01-03", "2020-W53", "2021-01", "2021")),
        ("2024-12-30", ("2024-12-30", "2025-W01", "2024-12", "2024")),
    ],
)
def test_period(day: str, expected: tuple[str, ...]) -> None:
    """Weeks are ISO's, also around New Year."""
    assert tuple(days.period(day, unit) for unit in UNITS) == expected


@pytest.mark.parametrize(
    ("earliest", "day", "expected"),
    [
        ("2020-10-08", "2020-10-08", (True, True, True, True)),
        ("2020-10-05", "2020-10-08", (False, True, True, True)),
        ("2020-10-01", "2020-10-31", (False, False, True, True)),
        ("2020-01-01", "2020-12-31", (False, False, False, True)),
        ("2020-12-31", "2021-01-01", (False, True, False, False)),
        (None, "2020-10-08", (False, False, False, False)),
    ],
)
def test_same_period(earliest: str | None, day: str, expected: tuple[bool, ...]) -> None:
    """A loss stands in a period's row only if it cannot have happened in another."""
    assert tuple(days.same_period(earliest, day, unit) for unit in UNITS) == expected


@given(CALENDAR, st.integers(0, 1000))
def test_days_are_subtracted_as_they_are_counted(day: str, number: int) -> None:
    """Going back by a span's length leads to its beginning."""
    begins = days.minus_days(day, number)
    assert days.span_days(begins, day) == number
    assert begins <= day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17", 17),
        (" 2020 ", 2020),
        ("2020-10-08", "2020-10-08T23:59:59.999999Z"),
        ("2020-10", "2020-10-31T23:59:59.999999Z"),
        ("2020-10-08T14:30", "2020-10-08T14:30:00.000000Z"),
        ("2020-10-08 14:30:05", "2020-10-08T14:30:05.000000Z"),
        ("2020-10-08t14:30:05.25z", "2020-10-08T14:30:05.250000Z"),
        ("2020-10-08T02:30+04:00", "2020-10-07T22:30:00.000000Z"),
        ("2020-12-31T23:30:00-0100", "2021-01-01T00:30:00.000000Z"),
    ],
)
def test_known_on(text: str, expected: int | str) -> None:
    """A number is an entry, a date its end, a time an instant in UTC."""
    assert days.known_on(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-1",
            "１７",
            "9" * 19,
            "now",
            "~2020-10-08",
            "2020-10-01..2020-10-08",
            "2020-02-30",
            "2020-10-08T",
        ),
        *(
            "2020-10-08T25:00",
            "2020-10-08T14:30+99:00",
            "0001-01-01T00:00+14:00",
            "9999-12-31T23:00-05:00",
            "T14:30",
        ),
    ],
)
def test_known_on_refuses_the_rest(text: str) -> None:
    """The message names the three forms."""
    with pytest.raises(Refused, match=r"write an entry's number, a day .* or a time"):
        days.known_on(text)


def test_now_is_an_instant_that_can_be_asked_for() -> None:
    """The clock's text is the normal form of instants, and orders as time does."""
    before = datetime.now(UTC)
    now = days.utc_now()
    assert days.known_on(now) == now
    assert before <= datetime.fromisoformat(now) <= datetime.now(UTC)
    assert len(now) == len("2020-10-08T14:30:00.000000Z")
