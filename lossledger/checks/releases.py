"""Releases: the journal still has the entry that each was made of, and none was ever made to mean another."""

from collections.abc import Iterator

from sqlalchemy import Connection, Select, func, select

from lossledger.checks.findings import Finding, shown
from lossledger.core.records import ACT_FIELDS
from lossledger.db.tables import SUBJECTS
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.releases import altered

CHECK = "releases"

_MAY_CHANGE = ("withdrawn", "note")


def releases(connection: Connection) -> Iterator[Finding]:
    """What is wrong with a release: its hash does not fit the chain, or it was moved after it was made."""
    made = SUBJECTS["release"].c
    for slug, *frozen in connection.execute(
        select(made.slug, made.entry, made.hash, made.recorded_at).order_by(made.id)
    ).all():
        if wrong := altered(connection, *frozen):
            yield Finding(CHECK, f"release {slug}", wrong)
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
