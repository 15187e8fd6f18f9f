"""SQLite in a process of its own: what is read and written is what one's own process would have read and written."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import pytest
from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, MetaData, Table, Text, exc, func, insert, select

from lossledger.db import apart
from lossledger.db.bulk import insert_rows
from lossledger.db.engine import open_engine, writing
from lossledger.db.worker import ROWS_AT_ONCE
from lossledger.errors import Refused, Unavailable

THING = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("size", Float),
    Column("salt", LargeBinary),
)
NAMES = ("id", "name", "size", "salt")
TEXTS = ("", "NULL", "a\tb\r\n", "'twice'", "Мартакерт", "\U0001f600", None)


def things(number: int) -> list[tuple[object, ...]]:
    """Rows of which no two are alike."""
    return [
        (row, TEXTS[row % len(TEXTS)], None if row % 3 else row / 7, bytes((row % 256, 0, 255, 92)))
        for row in range(1, number + 1)
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with writing(open_engine(str(tmp_path / "things.db"))) as connection:
        THING.create(connection)
    return tmp_path / "things.db"


@pytest.fixture
def connection(file: Path) -> Iterator[Connection]:
    with writing(open_engine(str(file), much=True)) as connection:
        yield connection


def driver(connection: Connection) -> apart.Connection:
    return cast("apart.Connection", connection.connection.driver_connection)


def stored(file: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT * FROM thing ORDER BY id").fetchall()


@pytest.mark.parametrize("number", [1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE])
def test_rows_are_as_they_were_given(connection: Connection, number: int) -> None:
    """Who reads finds all that was inserted before, however many times more has to be asked for."""
    insert_rows(connection, THING, NAMES, things(number))
    assert [tuple(row) for row in connection.execute(select(THING).order_by(THING.c.id))] == things(number)


def test_a_result_is_read_bit_by_bit_while_others_are_asked_for(connection: Connection) -> None:
    insert_rows(connection, THING, NAMES, things(4_000))
    ids = select(THING.c.id).order_by(THING.c.id)
    with connection.execute(ids, execution_options={"yield_per": 700}) as result:
        first = [next(result).id for _ in range(1_500)]
        assert connection.scalar(select(func.count()).select_from(THING)) == 4_000
        assert first + [row.id for row in result] == list(range(1, 4_001))


def test_what_is_left_unread_is_forgotten(connection: Connection) -> None:
    """A table that is still being read could not be dropped."""
    insert_rows(connection, THING, NAMES, things(4_000))
    with connection.execute(select(THING.c.id), execution_options={"yield_per": 10}) as result:
        assert next(result).id == 1
    THING.drop(connection)


def test_statements_of_many_rows_say_how_many_they_changed(connection: Connection) -> None:
    rows = [dict(zip(NAMES, row, strict=True)) for row in things(5)]
    assert connection.execute(insert(THING), rows).rowcount == 5
    assert connection.execute(THING.delete().where(THING.c.id > 2)).rowcount == 3


def test_nothing_stands_in_the_file_before_it_is_committed(file: Path) -> None:
    with writing(open_engine(str(file), much=True)) as connection:
        insert_rows(connection, THING, NAMES, things(10))
        connection.execute(select(THING))
        assert stored(file) == []
    assert stored(file) == things(10)


def write(file: Path, acts: Callable[[Connection], object]) -> None:
    with writing(open_engine(str(file), much=True)) as connection:
        insert_rows(connection, THING, NAMES, things(10))
        acts(connection)


def test_what_fails_is_taken_back(file: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write(file, lambda _: 1 / 0)
    assert stored(file) == []


def test_a_row_that_stands_already_is_refused(file: Path) -> None:
    """By whatever comes next, be it the commit; and nothing else can be had any more."""

    def insert_again(connection: Connection) -> None:
        insert_rows(connection, THING, NAMES, things(3))
        insert_rows(connection, THING, ("id",), [(99,)])
        for _ in range(2):
            with pytest.raises(exc.IntegrityError):
                connection.execute(select(THING))

    with pytest.raises(Refused, match="UNIQUE constraint failed"):
        write(file, insert_again)
    assert stored(file) == []


def test_a_statement_that_is_wrong_says_what_the_driver_says(connection: Connection) -> None:
    with pytest.raises(exc.OperationalError, match="no such table: nowhere"):
        connection.exec_driver_sql("SELECT * FROM nowhere")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="it cannot be opened"):
        write(tmp_path / "none" / "things.db", lambda _: None)


def test_another_writer_waits(file: Path) -> None:
    impatient = open_engine(f"sqlite:///{file}?timeout=0.1", much=True)
    with (
        writing(open_engine(str(file), much=True)),
        pytest.raises(Unavailable, match="another process is writing"),
        writing(impatient),
    ):
        pass


def test_a_process_that_ends_is_told_and_leaves_nothing(file: Path) -> None:
    def ended(connection: Connection) -> None:
        connection.execute(select(THING))
        driver(connection)._process.kill()
        connection.execute(select(THING))

    with pytest.raises(Unavailable, match="the process that works on the database has ended"):
        write(file, ended)
    assert stored(file) == []


class Interrupted:
    """A pipe at which the program is interrupted while it waits."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.close = pipe.close

    def read(self, _: int) -> bytes:
        raise KeyboardInterrupt


def test_an_answer_that_is_not_waited_for_is_the_last(file: Path) -> None:
    """Whoever interrupts the program gets everything taken back, and never the answer to another request."""

    def interrupted(connection: Connection) -> None:
        ours = driver(connection)
        ours._answers = cast("IO[bytes]", Interrupted(ours._answers))
        connection.execute(select(THING))

    with pytest.raises(KeyboardInterrupt):
        write(file, interrupted)
    assert stored(file) == []
