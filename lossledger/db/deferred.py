"""What a large act goes without while it inserts, and has again before it ends.

On SQLite alone, where readers see none of it until the transaction is committed; PostgreSQL would shut them out.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from lossledger.db import triggers
from lossledger.db.tables import metadata

_NOT_NEEDED = (
    "ix_entry_act_id_number",
    "ix_entry_kind_subject_number",
    "ix_evidence_source_id",
    "ix_loss_category_id",
    "ix_loss_day",
    "ix_loss_side_id_type_id_day",
    "ix_loss_type_id",
    "ix_posting_loss_id",
    "ix_posting_tally",
)
"""The indexes by which no import looks anything up."""

_INDEXES = {str(index.name): index for table in metadata.tables.values() for index in table.indexes}


@contextmanager
def deferred(connection: Connection, *, indexes: bool) -> Iterator[None]:
    """Insert without what looks at each new row, triggers and CHECKs, and where told without indexes until the end.

    A CHECK says no more than the forms and rules of fields, which were looked at before. Sorting an index once is
    quicker than putting each row into its place, where most of the rows are new. After an error nothing is put back:
    the transaction has to be taken back anyway, and the connection ends with it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    waiting = [_INDEXES[name] for name in _NOT_NEEDED] if indexes else []
    triggers.lift_guard_of_inserts(connection)
    for index in waiting:
        index.drop(connection)
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    yield
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    for index in waiting:
        index.create(connection)
    triggers.guard_inserts(connection)
