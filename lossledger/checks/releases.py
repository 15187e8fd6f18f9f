"""Releases: the journal still has the entry that each was made of, and none was ever made to mean another."""

from collections.abc import Iterator

from sqlalchemy import Connection, Select, func, select

from lossledger.checks.findings import Finding, shown
from lossledger.core.records import ACT_FIELDS
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.releases import altered
from lossledger.queries.releases import releases as all_releases

CHECK = "releases"

_MAY_CHANGE = ("withdrawn", "note")


def releases(connection: Connection) -> Iterator[Finding]:
    """What is wrong with a release: its hash does not fit the chain, or it was moved after it was made."""
    for one in all_releases(connection):
        if wrong := altered(connection, one):
            yield Finding(CHECK, f"release {one.id}", wrong)
    for row in connection.execute(_moved()):
        changed = f"it changes {shown(row.field)} of release {shown(row.subject)}, which is frozen"
        yield Finding(CHECK, f"entry {row.number}", changed)


def _moved() -> Select[tuple[int, str, str]]:
    """The details by which an entry changes what a release froze."""
    made = select(func.min(entries.c.number)).where(entries.c.kind == "release").group_by(entries.c.subject).subquery()
    return (
        select(entries.c.number, entries.c.subject, details.c.field)
        .join(details, details.c.entry == entries.c.number)
        .where(entries.c.kind == "release", entries.c.number.not_in(select(made)))
        .where(details.c.field.not_in((*_MAY_CHANGE, *ACT_FIELDS)))
        .order_by(entries.c.number, details.c.field)
    )
