"""All of a journal as the rows of a package's tables: bytes as hexadecimal digits, names for row ids."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from lossledger.core.fields import FLAG
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.streams import Lines, of_entries, stream

Cells = tuple[str, ...]


def entry_rows(connection: Connection) -> Iterator[Cells]:
    """Every entry, in order."""
    for row in stream(connection, select(entries).order_by(entries.c.number)):
        yield tuple(map(_cell, row))


def detail_rows(connection: Connection) -> Iterator[Cells]:
    """Every detail, entry by entry. One that clears a field says so, for a cell cannot tell nothing from no text."""
    columns = (details.c.entry, details.c.field, details.c.value, details.c.salt, details.c.digest)
    statement = select(*columns).order_by(details.c.entry, details.c.field)
    for entry, field, value, salt, digest in stream(connection, statement):
        cleared = FLAG if value is None and salt is not None else ""
        yield str(entry), field, value or "", cleared, _cell(salt), _cell(digest)


def posting_rows(connection: Connection) -> Iterator[Cells]:
    """Every posting, entry by entry, its values in the order in which they are hashed."""
    lines = Lines(connection)
    for row in stream(connection, of_entries()):
        yield tuple(map(_cell, (row[0], row[1], *lines.read(row))))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)
