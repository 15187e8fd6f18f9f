"""Many rows at once: what stands in the table is what was given, however many they are, on each engine."""

import math
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, MetaData, Table, Text, exc, insert, select

from lossledger.db.bulk import insert_rows
from lossledger.db.engine import open_engine, writing

THING = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("size", Float),
    Column("salt", LargeBinary),
)
NAMES = ("id", "name", "size", "salt")

TEXTS = (
    "",
    "NULL",
    "\\N",
    "\\",
    "\\.",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\"quoted\", 'twice'",
    "Мартакерт",
    "\U0001f600",
    None,
)
"""Texts that a way of writing rows could take for something else."""


@pytest.fixture
def connection(ledger_url: str) -> Iterator[Connection]:
    with writing(open_engine(ledger_url)) as connection:
        THING.create(connection)
        yield connection


def things(number: int, start: int = 1) -> list[tuple[object, ...]]:
    """Rows of which no two are alike."""
    return [
        (row, TEXTS[row % len(TEXTS)], None if row % 3 else row / 7, bytes((row % 256, 0, 255, 92)))
        for row in range(start, start + number)
    ]


@pytest.mark.parametrize("number", [1, 99, 100, 999, 1_000, 1_001, 2_345])
def test_rows_are_as_they_were_given(connection: Connection, number: int) -> None:
    """One, a few, and as many as take several statements with some left over."""
    insert_rows(connection, THING, NAMES, things(number))
    assert [tuple(row) for row in connection.execute(select(THING).order_by(THING.c.id))] == things(number)


def test_no_rows_are_no_statement(connection: Connection) -> None:
    insert_rows(connection, THING, NAMES, [])
    assert connection.execute(select(THING)).all() == []


def test_columns_that_are_not_named_are_null(connection: Connection) -> None:
    insert_rows(connection, THING, ("id", "salt"), [(row, b"\x00") for row in range(1, 1_501)])
    assert {tuple(row)[1:] for row in connection.execute(select(THING))} == {(None, None, b"\x00")}


def test_numbers_keep_every_bit(connection: Connection) -> None:
    """Coordinates are compared with the journal's texts."""
    sizes = [math.pi, 1e-300, 0.1 + 0.2, -0.0, 48.12345] * 100
    insert_rows(connection, THING, ("id", "size"), list(enumerate(sizes)))
    assert connection.scalars(select(THING.c.size).order_by(THING.c.id)).all() == sizes


@pytest.mark.parametrize("number", [1, 2_000])
def test_a_row_that_stands_already_is_refused(connection: Connection, number: int) -> None:
    """In the words of SQLAlchemy, whichever way the rows went, so that the caller can put them into the user's."""
    with connection.begin_nested() as savepoint:
        connection.execute(insert(THING).values(id=number))
        with pytest.raises(exc.IntegrityError):
            insert_rows(connection, THING, NAMES, things(number))
        savepoint.rollback()
    assert connection.execute(select(THING)).all() == []
