"""Inserting many rows: on SQLite many in one statement, on PostgreSQL by COPY."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from sqlalchemy import Connection, Table, exc, insert
from sqlalchemy.engine import Dialect

from lossledger.db import apart
from lossledger.db.worker import without_empty

AnyRow = Sequence[object]

_VALUES = 8_000
"""How many values one statement of SQLite takes. While it runs, another thread can: with fewer values the two would
wait for each other more than they work, and more take longer to put together."""

_WORTH_COPYING = 100
"""From how many rows on PostgreSQL is sent a COPY."""


def insert_rows(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[AnyRow]) -> None:
    """Insert rows, each the values of the columns named, which stand in the order of the table.

    The values are the driver's own: texts, whole numbers, floats, bytes, None. Errors: those of SQLAlchemy, as an
    insert of its own raises them.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        _insert(connection, table, names, rows)
    elif len(rows) < _WORTH_COPYING:
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    else:
        _copy(connection, table, names, rows)


def _insert(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[AnyRow]) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, apart.Connection):
        quoted = connection.dialect.identifier_preparer.quote
        driver.insert(str(quoted(table.name)), [str(quoted(name)) for name in names], rows)
        return
    used, rows = without_empty(names, rows)
    at_once = max(1, _VALUES // len(used))
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        statement = _statement(connection.dialect, table, tuple(used), len(some))
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))


@lru_cache(maxsize=128)
def _statement(dialect: Dialect, table: Table, names: tuple[str, ...], rows: int) -> str:
    """An INSERT of so many rows with a place for every value.

    SQLAlchemy writes that of one row; its places are repeated here, for writing thousands takes it a third of a second.
    """
    one = str(insert(table).values(dict.fromkeys(names)).compile(dialect=dialect))
    places = one[one.rindex("(") :]
    return ", ".join([one, *[places] * (rows - 1)])


def _copy(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[AnyRow]) -> None:
    import psycopg
    from psycopg import sql

    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"not a connection of psycopg: {driver!r}")
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise exc.DBAPIError.instance(statement.as_string(driver), None, error, psycopg.Error) from error
