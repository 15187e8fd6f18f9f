"""The journal: one act, one time, one transaction, and times that never run backwards."""

import pytest
from sqlalchemy import event, select

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Act
from lossledger.db import keys
from lossledger.db.tables import loss
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "sunk"},
        {"latest": "2020-13-01"},
        {"quantity": "two"},
        {"place": "a\x00b"},
        {"place": "\ud800"},
        {"type": "no-such-type"},
        {"evidence.abcdefghij.source": "nosuchuid2"},
        {"event.1.inferred": "no"},
    ],
)
def test_a_refused_entry_leaves_nothing_behind(sqlite_book: Book, wrong: dict[str, str]) -> None:
    """No entry, number, row, or row id; what is appended after it is as if it had not been tried."""
    good = {"side": RED, "type": "t-72", "feed": "own", "category": "tanks", "quantity": "1", "counts": "item"}
    good |= {"status": "lost", "verification": "claimed"} | evidence()
    with sqlite_book.act() as journal:
        journal.append(Act.REPORT, "loss", "aaaaaaaaaa", good, new=True)
        before = journal.number
        with pytest.raises(Refused):
            journal.append(Act.REPORT, "loss", "bbbbbbbbbb", good | wrong, new=True)
        with pytest.raises(Refused):
            journal.append(Act.AMEND, "loss", "aaaaaaaaaa", wrong)
        assert (journal.number, journal.state("loss", "aaaaaaaaaa")) == (before, good)
        assert (journal.state("loss", "bbbbbbbbbb"), journal.keys.find("loss", "bbbbbbbbbb")) == ({}, None)
        journal.append(Act.REPORT, "loss", "cccccccccc", good, new=True)
    assert sqlite_book.sums("type") == {"t-72": 2}
    with sqlite_book.read() as connection:
        assert connection.execute(select(loss.c.uid, loss.c.id).order_by(loss.c.id)).all() == [
            ("aaaaaaaaaa", 1),
            ("cccccccccc", 2),
        ]
        assert audit(connection).findings == ()


def test_what_was_written_long_ago_is_read_again(sqlite_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act of any size takes no more memory than a small one: states and rows are forgotten once they are written."""
    monkeypatch.setattr(journals, "_CHUNK", 4)
    monkeypatch.setattr(journals, "_REMEMBERED", 2)
    monkeypatch.setattr(keys, "_REMEMBERED", 2)
    with sqlite_book.act() as journal:
        uids = [
            losses.report(journal, {"side": RED, "type": "t-72", "place": f"place {number}"} | evidence())
            for number in range(20)
        ]
        journal.flush()
        asked: list[object] = []
        event.listen(journal.connection, "before_cursor_execute", lambda *said: asked.append(said))
        assert (journal.state("loss", uids[0])["place"], len(asked)) == ("place 0", 1)
        ids = [journal.keys.find("loss", uid) for uid in uids]
        for uid in uids[:10]:
            losses.amend(journal, uid, {"place": "elsewhere"})
        places = [journal.state("loss", uid)["place"] for uid in uids]
    assert ids == list(range(1, 21))
    assert places == ["elsewhere"] * 10 + [f"place {number}" for number in range(10, 20)]
    with sqlite_book.read() as connection:
        assert audit(connection).findings == ()
