"""The journal: one act, one time, one transaction, and times that never run backwards."""

import pytest

from lossledger.checks.audit import audit
from lossledger.errors import Refused
from lossledger.ledger import journal as journals
from lossledger.ledger import losses
from tests.ledger.books import RED, Book, evidence


def test_times_never_run_backwards(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that was put back gives the time of the last entry, until it has caught up."""
    times = []
    for now in ("2099-01-01T00:00:00.000000Z", "2098-12-31T00:00:00.000000Z", "2099-01-01T00:00:00.000001Z"):
        monkeypatch.setattr(journals, "utc_now", lambda now=now: now)
        book.report()
        times.append(book.told(book.head() - 1)[0].entry.recorded_at)
    assert times == ["2099-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000001Z"]


def test_all_of_an_act_has_one_id_one_time_and_one_actor(book: Book) -> None:
    """Whatever it is about, and however many entries it has."""
    before = book.head()
    with book.act("ben", "one reason") as journal:
        for _ in range(3):
            losses.report(journal, {"side": RED, "type": "t-72"} | evidence())
    entries = book.told(before)
    assert (
        len({(one.entry.act_id, one.entry.recorded_at, one.entry.acted_at, one.entry.origin) for one in entries}) == 1
    )
    assert [(one.entry.number, one.about("actor"), one.about("reason")) for one in entries] == [
        (before + number, "ben", "one reason") for number in (1, 2, 3)
    ]


def test_an_act_that_fails_does_nothing(book: Book) -> None:
    """Neither what it did before it failed nor what was sent to the database already."""
    before = book.head()

    def act() -> None:
        with book.act() as journal:
            losses.report(journal, {"side": RED, "type": "t-72"} | evidence())
            journal.flush()
            losses.withdraw(journal, "aaaaaaaaaa")

    with pytest.raises(Refused):
        act()
    assert (book.head(), book.sums("status")) == (before, {})


def test_an_act_of_more_entries_than_are_gathered_at_once(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to the database in parts, and is one act all the same."""
    monkeypatch.setattr(journals, "_CHUNK", 3)
    with book.act() as journal:
        uids = [losses.report(journal, {"side": RED, "type": "t-72"} | evidence()) for _ in range(10)]
        for uid in uids[:5]:
            losses.withdraw(journal, uid)
    assert book.sums("type") == {"t-72": 5}
    with book.read() as connection:
        assert audit(connection).findings == ()
