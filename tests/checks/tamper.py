"""What somebody can do to a ledger who has its file, and the ways to say what the audit finds then."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    and_,
    event,
    func,
    insert,
    select,
    text,
    update,
)

from lossledger.checks.audit import Report, audit
from lossledger.checks.findings import Finding
from lossledger.core.digest import GENESIS, Detail, Entry, details_digest, entry_hash
from lossledger.core.head import Head
from lossledger.db import triggers
from lossledger.db.tables import entry, entry_detail, metadata, posting
from lossledger.queries.streams import Lines, of_entries

Row = dict[str, Any]
TABLES = list(metadata.sorted_tables)


def lay_open(engine: Engine) -> None:
    """Have the database hold to no constraint but its keys from now on."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _let(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA ignore_check_constraints = ON")

        return
    checks = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
    with engine.begin() as connection:
        for table, name in connection.execute(text(checks)).all():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


@contextmanager
def opened(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no trigger fires; all that is done in it is taken back."""
    with engine.connect() as connection, connection.begin() as transaction:
        unguarded(connection)
        yield connection
        transaction.rollback()


def unguarded(connection: Connection) -> None:
    """Take every trigger away; on PostgreSQL those of foreign keys fall silent, too."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def guarded(connection: Connection) -> None:
    """Put the triggers back, as somebody would who wants to hide what he did."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    else:
        triggers.install(connection)


def audited(connection: Connection, expect_head: Head | None = None) -> Report:
    """The audit of a ledger whose triggers are in place again."""
    guarded(connection)
    return audit(connection, expect_head)


def found(connection: Connection) -> list[Finding]:
    """What the audit finds; every check was carried through."""
    findings = list(audited(connection).findings)
    assert not [finding for finding in findings if "carried through" in finding.wrong]
    return findings


def at(findings: list[Finding], place: str) -> list[str]:
    """What is wrong at a place, or within it: "posting 17" has line 2 of entry 17 within it."""
    within = re.compile(re.escape(place) + r"(?![a-z0-9])")
    return [f"{finding.check}: {finding.wrong}" for finding in findings if within.match(finding.place)]


def where(table: Table, row: Row) -> Any:
    """The condition that a row is meant, by its primary key."""
    return and_(*(column == row[column.name] for column in table.primary_key))


def rows(connection: Connection, table: Table) -> list[Row]:
    """All rows of a table in the order of its key."""
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def change(connection: Connection, table: Table, row: Row, **columns: Any) -> None:
    """Change columns of one row."""
    done = connection.execute(update(table).where(where(table, row)).values(**columns))
    assert done.rowcount == 1


def a_row(connection: Connection, column: Column[Any]) -> Row:
    """A row of the column's table, the last one with something in the column if there is any."""
    known = rows(connection, column.table)[::-1]
    return next((row for row in known if row[column.name] is not None), known[0])


def another(connection: Connection, column: Column[Any], row: Row) -> Any:
    """Another value that the column could hold by its type and constraints."""
    value = row[column.name]
    if column.foreign_keys:
        return _another_row(connection, column, row)
    words = _words(column)
    if words:
        return next(word for word in words if word != value)
    if _flag(column):
        return (None if column.nullable else 0) if value else 1
    match column.type:
        case LargeBinary():
            return bytes([value[0] ^ 1]) + value[1:] if value else bytes(32)
        case Float():
            return (value or 0.0) + 1.0
        case Integer() | BigInteger() | SmallInteger():
            return (value or 0) + 1_000
    return _another_text(value)


def _another_text(value: str | None) -> str:
    if value is None:
        return "made up"
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return f"2019{value[4:]}"
    return f"{value[:9]}{'y' if value.endswith('z') else 'z'}"  # no longer than a uid


def _another_row(connection: Connection, column: Column[Any], row: Row) -> Any:
    """The number of another row that the column may refer to, and under which no such row stands yet."""
    target = next(iter(column.foreign_keys)).column
    for number in connection.scalars(select(target).where(target != (row[column.name] or 0)).order_by(target.desc())):
        moved = row | {column.name: number}
        if not column.primary_key or not _stands(connection, column.table, moved):
            return number
    raise AssertionError(f"no other row for {column}")


def _stands(connection: Connection, table: Table, row: Row) -> bool:
    return connection.execute(select(table).where(where(table, row))).first() is not None


def _words(column: Column[Any]) -> list[str]:
    for constraint in column.table.constraints:
        if isinstance(constraint, CheckConstraint) and str(constraint.sqltext).startswith(f"{column.name} IN ("):
            return re.findall(r"'([^']*)'", str(constraint.sqltext))
    return []


def _flag(column: Column[Any]) -> bool:
    checks = [one for one in column.table.constraints if isinstance(one, CheckConstraint)]
    return column.name == "inferred" or any(str(one.sqltext) == f"{column.name} = 1" for one in checks)


def a_copy(connection: Connection, table: Table, row: Row) -> Row:
    """A new row like another, under a key of its own."""
    copy = dict(row)
    last = list(table.primary_key)[-1]
    if isinstance(last.type, Integer):
        copy[last.name] = (connection.scalar(select(func.max(last))) or 0) + 1
    else:
        copy[last.name] = f"{row[last.name]}x"
    for name in ("slug", "uid"):
        if name in table.c and name != last.name:
            copy[name] = f"{row[name]}x"[-10:]
    return copy | ({"feed_key": None} if "feed_key" in copy else {})


def add(connection: Connection, table: Table, row: Row) -> None:
    """Insert a row."""
    connection.execute(insert(table), [row])


def rehash(connection: Connection, since: int) -> None:
    """Write the hashes of an entry and of all after it anew, so that the chain fits."""
    lines = Lines(connection)
    posted: dict[int, list[Any]] = {}
    for row in connection.execute(of_entries()).all():
        posted.setdefault(row[0], []).append(lines.read(row))
    previous = GENESIS
    for row in connection.execute(select(entry).order_by(entry.c.number)).all():
        this = Entry(*row)
        if this.number >= since:
            columns = (entry_detail.c.field, entry_detail.c.value, entry_detail.c.salt, entry_detail.c.digest)
            details = connection.execute(select(*columns).where(entry_detail.c.entry == this.number)).all()
            this = this._replace(previous=previous, digest=details_digest(Detail(*one) for one in details))
            this = this._replace(hash=entry_hash(this, posted.get(this.number, [])))
            change(connection, entry, this._asdict(), **this._asdict())
        previous = this.hash


def postings_of(connection: Connection, number: int) -> list[Row]:
    """The postings of an entry, as rows."""
    return [row for row in rows(connection, posting) if row["entry"] == number]
