"""The check on an entry's kind, widened where it stands when a migration brings a new kind of subject."""

import sqlite3
import sys
from typing import Any

from sqlalchemy import Connection, and_, column, select, table, text, update


def widen(connection: Connection, before: str, now: str) -> None:
    """Have the check on ``entry.kind`` say ``now`` where it says ``before``: the table, its bytes, its triggers stay.

    Errors: RuntimeError where the table does not hold the check that this program made.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE entry DROP CONSTRAINT ck_entry_kind"))
        connection.execute(text(f"ALTER TABLE entry ADD CONSTRAINT ck_entry_kind CHECK ({now})"))
        return
    # SQLite cannot alter a check. What a check says is no part of how rows are stored, so its documentation has the
    # text of the schema changed in such a case, with a new number that makes every other connection read it anew.
    master = table("sqlite_master", column("type"), column("name"), column("sql"))
    at_entry = and_(master.c.type == "table", master.c.name == "entry")
    standing = connection.scalar(select(master.c.sql).where(at_entry)) or ""
    if standing.count(before) != 1:
        raise RuntimeError("table entry does not hold the check that this program made")
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    _allow_change_of_schema(connection)
    connection.execute(update(master).where(at_entry).values(sql=standing.replace(before, now)))
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _allow_change_of_schema(connection: Connection) -> None:
    """Some builds of SQLite, such as a Mac's own, refuse it until they are told otherwise."""
    driver: Any = connection.connection.driver_connection
    if sys.version_info >= (3, 12):
        driver.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, False)  # noqa: FBT003 - the driver's own order
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
