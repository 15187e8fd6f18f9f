"""Redactions: a text may only be gone where an act of redaction says so, and only from a field that allows it."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from lossledger.checks.findings import Finding, shown
from lossledger.core.records import field_of
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.streams import stream

CHECK = "redactions"


def redacted(connection: Connection) -> list[tuple[int, str]]:
    """Every detail whose text is gone: the number of its entry and its field."""
    gone = select(details.c.entry, details.c.field).where(details.c.salt.is_(None))
    return [(row[0], row[1]) for row in stream(connection, gone.order_by(details.c.entry, details.c.field))]


def redactions(connection: Connection) -> Iterator[Finding]:
    """Hold the details that are gone against those that acts of redaction name."""
    named = set(_named(connection))
    gone = (
        select(details.c.entry, details.c.field, entries.c.kind)
        .join(entries, entries.c.number == details.c.entry)
        .where(details.c.salt.is_(None))
        .order_by(details.c.entry, details.c.field)
    )
    for number, field, kind in stream(connection, gone):
        place = f"entry {number}, field {shown(field)}"
        if not _may_go(kind, field):
            yield Finding(CHECK, place, "its text is gone, and may not go: counts and catalogue rest on it")
        if (number, field) not in named:
            yield Finding(CHECK, place, "its text is gone, and no act of redaction says so")
        named.discard((number, field))
    for number, field in sorted(named):
        yield Finding(CHECK, f"entry {number}, field {shown(field)}", "it was redacted, yet its text is there")


def _named(connection: Connection) -> Iterator[tuple[int, str]]:
    """The details that acts of redaction name, as `17:note, 18:place`."""
    statement = (
        select(details.c.value)
        .join(entries, entries.c.number == details.c.entry)
        .where(entries.c.act == Act.REDACT.value, details.c.field == "redacts", details.c.value.is_not(None))
    )
    for listed in connection.scalars(statement):
        for part in listed.split(", "):
            number, _, field = part.partition(":")
            if number.isdecimal():
                yield int(number), field


def _may_go(kind: str, field: str) -> bool:
    try:
        return field_of(kind, field).private
    except (KeyError, TypeError, AttributeError):
        return False  # a field that nobody knows
