"""What is sent behind the program's back: in order, found by whoever reads, and never lost unsaid."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, exc, func, insert, select

from lossledger.db.engine import open_engine, writing
from lossledger.db.sending import Sending

THING = Table("thing", MetaData(), Column("id", Integer, primary_key=True))


@pytest.fixture
def connection(ledger_url: str) -> Iterator[Connection]:
    with writing(open_engine(ledger_url)) as connection:
        THING.create(connection)
        yield connection


@pytest.fixture
def sending(connection: Connection) -> Iterator[Sending]:
    sending = Sending(connection)
    yield sending
    sending.close()


def insert_thing(connection: Connection, number: int) -> None:
    connection.execute(insert(THING).values(id=number))


def wait_for(event: threading.Event) -> None:
    assert event.wait(timeout=30)


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(THING)) or 0


def test_who_reads_finds_all_that_was_sent_before(connection: Connection, sending: Sending) -> None:
    """However far the thread is, on the same connection a statement waits for it."""
    for number in range(1, 21):
        sending.begin(partial(insert_thing, connection, number))
        assert count(connection) == number


def test_it_goes_on_while_the_program_does_something_else(connection: Connection, sending: Sending) -> None:
    """The program makes the next rows while those before are sent; that is what it is for."""
    made = threading.Event()

    def send() -> None:
        assert made.wait(timeout=30)
        insert_thing(connection, 1)

    sending.begin(send)
    made.set()
    sending.wait()
    assert count(connection) == 1


def test_an_error_is_raised_by_what_comes_next(connection: Connection, sending: Sending) -> None:
    """A row that stands already is refused as if it had been inserted here."""
    insert_thing(connection, 1)
    with connection.begin_nested() as savepoint:
        sending.begin(partial(insert_thing, connection, 1))
        with pytest.raises(exc.IntegrityError):
            sending.wait()
        savepoint.rollback()
    assert count(connection) == 1


def test_what_waits_is_dropped_when_the_transaction_ends(connection: Connection) -> None:
    """After an error nothing more is sent, and the connection is its owner's alone again."""
    sending, may_go = Sending(connection), threading.Event()
    sending.begin(partial(wait_for, may_go))
    sending.begin(partial(insert_thing, connection, 1))
    threading.Timer(0.1, may_go.set).start()
    sending.close()
    assert count(connection) == 0
