"""Many at once: writers wait for one another, readers see one state."""

from multiprocessing.connection import wait

import pytest
from sqlalchemy import func, select

from lossledger.checks.audit import audit
from lossledger.db import engine
from lossledger.db.tables import SUBJECTS, posting
from lossledger.db.tables import entry as entries
from lossledger.errors import Unavailable
from lossledger.ledger.journal import recording
from tests.ledger.books import Book, chain_faults, posting_faults
from tests.ledger.writers import start, write_some

WRITERS, ACTS = 8, 25
BUSY = r"another process is writing and did not finish in time; try again$"


def test_eight_writers_lose_nothing(book: Book, ledger_url: str) -> None:
    """Every act is there once, the chain has no gap and no fork, and readers meanwhile see whole acts only."""
    before = book.head()
    started = [start(write_some, ledger_url, f"writer {number}", ACTS) for number in range(WRITERS)]
    told: list[list[str]] = []
    looks, pipes = 0, [pipe for _, pipe in started]
    while pipes:
        ready = wait(pipes)
        for pipe in [pipe for pipe in pipes if pipe in ready]:
            try:
                while pipe.poll():
                    told.append(pipe.recv())
            except EOFError:
                pipes.remove(pipe)
        look(book, {uid for uids in told for uid in uids})
        looks += 1
    for process, _ in started:
        process.join()
    assert [process.exitcode for process, _ in started] == [0] * WRITERS
    assert len(told) == WRITERS * ACTS
    uids = [uid for act in told for uid in act]
    merged = [act for act in told if len(act) == 2]
    assert book.head() - before == len(uids) + len(merged)
    assert book.sums("status") == {"damaged": len(told)}
    assert looks > WRITERS
    with book.read() as connection:
        assert chain_faults(connection) == []
        assert audit(connection).findings == ()


def look(book: Book, acknowledged: set[str]) -> None:
    """One state of the ledger: no gap, what was acknowledged is there, and the sums are those of the rows."""
    loss = SUBJECTS["loss"]
    with book.read() as connection:
        last, number = connection.execute(select(func.max(entries.c.number), func.count())).one()
        assert last == number
        assert acknowledged <= set(connection.scalars(select(loss.c.uid)))
        assert posting_faults(connection) == []
        whole = select(func.sum(loss.c.quantity)).where(loss.c.merged_into_id.is_(None))
        assert connection.scalar(whole) == connection.scalar(select(func.sum(posting.c.quantity)))


def test_a_second_writer_waits_and_then_gives_up(book: Book, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that another process is writing; the first one's act is not disturbed."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    hasty = engine.open_engine(ledger_url)
    before = book.head()
    with book.act() as journal:
        journal.flush()
        with pytest.raises(Unavailable, match=BUSY), recording(hasty, actor="ben"):
            pass
        assert journal.number == before
    assert book.head() == before


def test_a_reader_sees_one_state_while_others_write(book: Book) -> None:
    """What is committed meanwhile is not seen until the next look; on SQLite the writer waits for the reader."""
    book.report()
    with book.read() as connection:
        first = connection.scalar(select(func.count()).select_from(posting))
        if book.engine.dialect.name == "postgresql":
            book.report()
        assert connection.scalar(select(func.count()).select_from(posting)) == first
    book.report()
    assert sum(book.sums("entry").values()) == (3 if book.engine.dialect.name == "postgresql" else 2)
