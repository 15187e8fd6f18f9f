"""Writers killed at any moment: what was acknowledged is there, and nothing is half there."""

import random
import sqlite3
from pathlib import Path

from sqlalchemy import func, select

from lossledger.checks.audit import audit
from lossledger.db.tables import SUBJECTS
from lossledger.db.tables import entry as entries
from tests.ledger.books import Book, chain_faults, posting_faults
from tests.ledger.writers import heard, start, write_until_killed


def kill_writers(book: Book, url: str, kills: int) -> None:
    """Start and kill one writer after the other; after each, the ledger is sound and holds what was acknowledged."""
    acknowledged: set[str] = set()
    loss = SUBJECTS["loss"]
    for seed in range(kills):
        process, pipe = start(write_until_killed, url, seed)
        pipe.recv()  # it is about to begin
        if seed % 2:
            pipe.poll(None)  # until its first act is done, however slow the machine is, or it is dead
        process.join(random.Random(seed).uniform(0, 0.25))
        process.kill()
        told = heard(pipe)
        process.join()
        assert process.exitcode == -9
        acknowledged |= {uid for uid, _ in told}
        with book.read() as connection:
            uids = set(connection.scalars(select(loss.c.uid)))
            last, number = connection.execute(select(func.max(entries.c.number), func.count())).one()
        assert acknowledged <= uids
        assert last == number >= max((head for _, head in told), default=0)
    assert acknowledged, "no writer got through before it was killed: nothing was tried"
    with book.read() as connection:
        assert chain_faults(connection) == []
        assert posting_faults(connection) == []
        assert audit(connection).findings == ()
    book.report()  # and it can be written to


def test_fifty_writers_killed_on_sqlite(sqlite_book: Book, tmp_path: Path) -> None:
    """Each at a random statement, commit or moment: no acknowledged act is lost, none is there by half."""
    path = tmp_path / "ledger.db"
    kill_writers(sqlite_book, f"sqlite:///{path}", kills=60)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_writers_killed_on_postgresql(postgres_book: Book, postgres_url: str) -> None:
    """The server rolls back what a dead client had begun, and lets the next one in."""
    kill_writers(postgres_book, postgres_url, kills=12)
