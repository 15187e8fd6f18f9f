"""Redactions: a text may only be gone where an act of redaction says so, and only from a field that allows it."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from lossledger.checks.findings import Finding, shown
from lossledger.checks.withheld import Gone, Withheld, withheld
from lossledger.core.records import field_of
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.streams import stream

CHECK = "redactions"


def redacted(connection: Connection) -> list[tuple[int, str]]:
    """Every detail whose text is gone and was not withheld: the number of its entry and its field."""
    left_out = left_out_of(connection)
    return [(gone[0], gone[1]) for gone in _gone(connection) if not left_out.covers(gone)]


def left_out_of(connection: Connection) -> Withheld:
    """What a public copy, from which the ledger was restored, has withheld."""
    named = set(_named(connection))
    return withheld(connection, (gone for gone in _gone(connection) if gone[:2] not in named))


def redactions(connection: Connection) -> Iterator[Finding]:
    """Hold the details that are gone, and were not withheld, against those that acts of redaction name."""
    named = set(_named(connection))
    left_out = left_out_of(connection)
    for gone in _gone(connection):
        number, field, kind = gone
        if left_out.covers(gone):
            named.discard((number, field))
            continue
        place = f"entry {number}, field {shown(field)}"
        if not _may_go(kind, field):
            yield Finding(CHECK, place, "its text is gone, and may not go: counts and catalogue rest on it")
        if (number, field) not in named:
            yield Finding(CHECK, place, "its text is gone, and no act of redaction says so")
        named.discard((number, field))
    for number, field in sorted(named):
        yield Finding(CHECK, f"entry {number}, field {shown(field)}", "it was redacted, yet its text is there")


def _gone(connection: Connection) -> Iterator[Gone]:
    """Every detail whose text is gone."""
    statement = (
        select(details.c.entry, details.c.field, entries.c.kind)
        .join(entries, entries.c.number == details.c.entry)
        .where(details.c.salt.is_(None))
        .order_by(details.c.entry, details.c.field)
    )
    return ((number, field, kind) for number, field, kind in stream(connection, statement))


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
