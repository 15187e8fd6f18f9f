"""What the journal says of held files: which digests it has, and whose they are."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence_file as file


def in_journal(connection: Connection, digests: Collection[str]) -> set[str]:
    """Of some digests, those that the journal has: as a file's, or as the record's of how it came.

    What is not held any more, as its entry was undone, the journal has all the same.
    """
    wanted = set(digests)
    found = {
        digest
        for column in (file.c.sha256, file.c.record)
        for digest in connection.scalars(select(column).where(column.in_(wanted)))
    }
    return found | _ever(connection, wanted - found) if wanted - found else found


def _ever(connection: Connection, digests: Collection[str]) -> set[str]:
    """Of some digests, those that some entry on a source told of."""
    of_file = details.c.field.like("file.%.sha256") | details.c.field.like("file.%.record")
    statement = (
        select(details.c.value)
        .join(entries, entries.c.number == details.c.entry)
        .where(entries.c.kind == "source", entries.c.act.in_(_HOLDING), of_file, details.c.value.in_(digests))
    )
    return {str(value) for value in connection.scalars(statement)}


_HOLDING = (Act.EVIDENCE, Act.UNDO)
"""The acts that have told of a file for the first time, or have brought one back."""
