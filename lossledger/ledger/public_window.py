"""The public window: a ledger seen as the public view has it, through views over its tables, with nothing copied.

Each view bears the name of the table that it shows, and a connection's own views go before the ledger's tables: so
every query that reads a public copy reads a window as it is, and finds the same. It is for whoever reads little of a
large ledger; what many processes read, or what stands as it was at another time, takes a copy.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select

from lossledger.core.public_view import PublicView
from lossledger.db.engine import place, reading
from lossledger.db.schema import require_current
from lossledger.ledger.withholding import digesting, told_tables
from lossledger.queries.public import public_view

_LEDGER = "main"
"""What SQLite calls the file of a connection, beside which its own views stand."""


class PublicWindow(NamedTuple):
    """A window that is open: a connection to read a ledger through it, and the view that it shows."""

    connection: Connection
    view: PublicView


@contextmanager
def public_window(engine: Engine) -> Iterator[PublicWindow | None]:
    """Look at a ledger as the public view has it now, as one state of it.

    None where only a copy can show that: of a server, which lets nobody who reads have views of their own; and under
    an embargo, which shows another time.

    Errors: NoLedger for another schema; Unavailable where the ledger cannot be read.
    """
    if engine.dialect.name != "sqlite":
        yield None
        return
    with reading(engine) as connection:
        require_current(connection, place(engine))
        view = public_view(connection)
        if view.embargo:
            yield None
            return
        _look_through(connection, view)
        yield PublicWindow(connection, view)


def _look_through(connection: Connection, view: PublicView) -> None:
    driver = digesting(connection)
    shown = dict(told_tables(view))
    for table, told in shown.items():
        connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {table.name} AS {_text(connection, told)}")
    driver.set_authorizer(_guard(frozenset(table.name for table in shown)))


def _guard(shown: frozenset[str]) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """What SQLite asks of all that a statement would do: a table that a view shows is read by that view alone."""

    def allowed(action: int, name: str | None, column: str | None, database: str | None, by: str | None) -> int:
        # Without a column it is asked for the rows alone, once the views have been worked into the statement.
        past = action == sqlite3.SQLITE_READ and column and database == _LEDGER and name in shown and by not in shown
        return sqlite3.SQLITE_OK if action in _READING and not past else sqlite3.SQLITE_DENY

    return allowed


_READING = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
    )
)


def _text(connection: Connection, told: Select[Any]) -> str:
    """A statement over the ledger's own tables, as a view keeps it."""
    compiled = told.compile(
        dialect=connection.dialect,
        schema_translate_map={None: _LEDGER},
        render_schema_translate=True,
        compile_kwargs={"literal_binds": True},
    )
    return str(compiled)
