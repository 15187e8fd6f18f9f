"""What entries write: their own rows, their details', their postings', and the projection's, in few statements."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from lossledger.core.trail import Posting
from lossledger.db.bulk import AnyRow, insert_rows
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail, posting
from lossledger.ledger.projection import IdOf, Rows

_ENTRY = tuple(entries.c.keys())
_DETAIL = ("entry", "field", "value", "salt", "digest")
_POSTING = tuple(posting.c.keys())


@dataclass(slots=True)
class Batch:
    """What some entries write, gathered until it goes to the database."""

    entries: list[AnyRow] = field(default_factory=list)
    details: list[AnyRow] = field(default_factory=list)
    postings: list[AnyRow] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)

    def write(self, connection: Connection) -> None:
        """Write it: what refers to something else after that."""
        insert_rows(connection, entries, _ENTRY, self.entries)
        insert_rows(connection, entry_detail, _DETAIL, self.details)
        self.rows.write(connection)
        insert_rows(connection, posting, _POSTING, self.postings)


def posting_row(id_of: IdOf, line: Posting) -> AnyRow:
    """What follows a posting's entry, line and loss: what is hashed, with row ids for names."""
    quantity, side, category, kind, status, verification, feed, *rest = line
    return (
        quantity,
        id_of("side", side),
        id_of("category", category),
        None if kind is None else id_of("type", kind),
        status,
        verification,
        id_of("feed", feed),
        *rest,
    )
