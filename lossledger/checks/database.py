"""Invariant 4, the database: the triggers are there and are ours, and the file itself is sound."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from lossledger.checks.findings import Finding, shown
from lossledger.db import triggers


def guarded(connection: Connection) -> Iterator[Finding]:
    """Triggers that are missing, switched off, or not the ones that this program made."""
    for fault in triggers.faults(connection):
        yield Finding("triggers", "the database", fault)


def sound(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong with its file; PostgreSQL holds its own constraints all the time."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Finding("database", "the file", str(said))
    for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        where = "a row" if row is None else f"row {row}"
        yield Finding("database", f"table {table}", f"{where} refers to a {shown(parent)} that is not there")
