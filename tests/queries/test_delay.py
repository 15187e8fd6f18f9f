"""How long it takes from an event to its record, and from which day on more is to be expected."""

from typing import Any

import pytest

from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue, losses
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.delay import Delay, delay
from lossledger.queries.scope import Scope
from tests.ledger.books import Book, evidence, furnish


class Clock:
    """What the journal takes for the time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def set(self, day: str) -> None:
        at = f"{day}T12:00:00.000000Z"
        self._patch.setattr("lossledger.ledger.journal.utc_now", lambda: at)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at the beginning of 2020 until it is set."""
    clock = Clock(monkeypatch)
    clock.set("2020-01-01")
    return clock


@pytest.fixture
def book(ledger_url: str, clock: Clock) -> Book:
    """A ledger with a small catalogue, once on each engine."""
    furnish(open_engine(ledger_url))
    return Book(ledger_url)


def measured(book: Book, **narrowed: Any) -> Delay:
    scope = Scope("war", **narrowed)
    with book.read() as connection:
        return delay(connection, scope, known_now(connection))


def report(book: Book, day: str, number: int = 1, **fields: str) -> None:
    """Losses of a day, in one act."""
    given = {"side": "war/red", "type": "t-72", "status": "destroyed", "earliest": day, "latest": day}
    with book.act() as journal:
        for _ in range(number):
            losses.report(journal, {**given, **evidence(), **fields})


def test_half_and_nine_in_ten_of_what_was_recorded_lately(book: Book, clock: Clock) -> None:
    """Of single items with an exact day; what was recorded before the last ninety days tells nothing of today."""
    clock.set("2020-10-01")
    report(book, "2020-01-01", 30)
    clock.set("2021-01-31")
    report(book, "2021-01-30", 11)
    report(book, "2021-01-21", 7)
    report(book, "2021-01-01", 2)
    report(book, "2020-06-01", 1, counts="aggregate", quantity="500")
    report(book, "2020-06-01", 30, earliest="2020-05-01")
    report(book, "2020-06-01", 30, inferred="yes")
    found = measured(book)
    assert found == Delay("2021-01-31", 20, 1, 10)
    assert found.incomplete_from == "2021-01-21"
    assert [found.incomplete(day) for day in ("2021-01-20", "2021-01-21", "2021-12-31")] == [False, True, True]
    assert found.said == (
        "Delay from event to record: half within 1 day, nine in ten within 10 days, "
        "of 20 items with an exact day, recorded in the 90 days up to 2021-01-31."
    )


def test_of_too_few_nothing_is_told(book: Book, clock: Clock) -> None:
    """Then only what is not over yet is incomplete."""
    clock.set("2021-01-31")
    report(book, "2021-01-01", 19)
    found = measured(book)
    assert found == Delay("2021-01-31", 19, None, None)
    assert [found.incomplete(day) for day in ("2021-01-30", "2021-01-31")] == [False, True]
    assert found.said == (
        "Delay from event to record: not measured, "
        "of 19 items with an exact day, recorded in the 90 days up to 2021-01-31; it takes 20."
    )


def test_a_later_act_does_not_move_the_delay_of_an_earlier_time(book: Book, clock: Clock) -> None:
    clock.set("2021-01-31")
    report(book, "2021-01-28", 20)
    then = book.head()
    clock.set("2021-02-10")
    report(book, "2021-01-01", 60)
    assert measured(book, known_on=then) == Delay("2021-01-31", 20, 3, 3)
    assert measured(book) == Delay("2021-02-10", 80, 40, 40)


def test_a_list_that_comes_with_its_past_shows_no_delay(book: Book, clock: Clock) -> None:
    """Neither what entered together with its feed, nor what an import brought that had not been made for long."""

    def imported(reaches: str, day: str, number: int, *, new: bool = False) -> None:
        with book.act() as journal:
            if new:
                catalogue.create(journal, "feed", {"name": "Another list"}, "other")
            run = f"run{journal.keys.find('feed', 'other')}{reaches.replace('-', '')}"
            journal.append(Act.CATALOGUE, "import", run, {"feed": "other", "latest": reaches}, new=True)
            given = {"side": "war/red", "type": "t-72", "status": "destroyed", "earliest": day, "latest": day}
            for _ in range(number):
                losses.report(journal, {**given, **evidence(), "feed": "other"})

    clock.set("2021-01-10")
    imported("2021-01-08", "2020-03-01", 40, new=True)
    clock.set("2021-01-20")
    imported("2021-01-18", "2021-01-15", 25)
    clock.set("2021-03-20")
    imported("2021-03-18", "2021-02-01", 50)
    assert measured(book) == Delay("2021-03-20", 25, 5, 5, lists_end=("2021-03-18",))
    assert measured(book, feeds=("own",)) == Delay("2021-03-20", 0, None, None)
