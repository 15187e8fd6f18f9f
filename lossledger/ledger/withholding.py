"""Withholding: what the public view does not tell goes from a copy, in the journal and in the tables that show it.

`withhold` takes it out of a copy; `told_tables` says what is left, for whoever looks at a ledger without copying it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    null,
    or_,
    select,
    update,
)

from lossledger.core.digest import salted_digest
from lossledger.core.public_view import HIDDEN_KINDS, OF_ACTS, PublicView
from lossledger.core.records import KINDS
from lossledger.core.vocabulary import NOT_THE_SAME, Act
from lossledger.db.tables import CHILDREN, SUBJECTS
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details

_feeds, _runs = SUBJECTS["feed"], SUBJECTS["import"]

_BY = "verified_by"
_COORDINATES = ("latitude", "longitude")


def withhold(connection: Connection, view: PublicView) -> None:
    """Take what a view does not tell out of a copy, whose triggers are lifted."""
    _out_of_the_journal(connection, view)
    for kind in KINDS:
        if kind in HIDDEN_KINDS:
            _drop(connection, kind)
        else:
            _out_of_the_tables(connection, kind, view)


def told_tables(view: PublicView) -> Iterator[tuple[Table, Select[Any]]]:
    """Each table that holds more than a view tells, with what is told of it: as `withhold` leaves it in a copy.

    The statements want the function that `digesting` gives a connection.
    """
    yield details, _told_details(view)
    for kind in KINDS:
        if kind in HIDDEN_KINDS:
            for table in _tables_of(kind):
                yield table, select(table).where(false())
        else:
            for table, withheld in _withheld(kind, view).items():
                told = (_told(column, view) if column in withheld else column for column in table.c)
                yield table, select(*(shown.label(column.name) for shown, column in zip(told, table.c, strict=True)))


def _told_details(view: PublicView) -> Select[Any]:
    """Every detail, of those that are not told the digest alone."""
    of_entry = select(entries.c.number).where(entries.c.number == details.c.entry)
    concealed = details.c.salt.is_not(None) & of_entry.where(_not_told(view)).exists()
    return select(
        details.c.entry,
        details.c.field,
        case((~concealed, details.c.value)).label("value"),
        case((~concealed, details.c.salt)).label("salt"),
        case((concealed, _DIGEST), else_=details.c.digest).label("digest"),
    )


def digesting(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, which can make the digests of details from now on."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"what is told is told by SQLite, not by {driver!r}")
    driver.create_function("salted_digest", 3, salted_digest, deterministic=True)
    return driver


_DIGEST: ColumnElement[Any] = func.salted_digest(details.c.salt, details.c.field, details.c.value)


def _out_of_the_journal(connection: Connection, view: PublicView) -> None:
    digesting(connection)
    connection.execute(
        update(details)
        .where(details.c.entry == entries.c.number, details.c.salt.is_not(None))
        .where(_not_told(view))
        .values(value=null(), salt=null(), digest=_DIGEST)
    )


def _not_told(view: PublicView) -> ColumnElement[bool]:
    """The details, each beside its entry, that stay out of public."""
    return _names_file() | hidden(view, editors=_editors())


def hidden(view: PublicView, *, editors: Select[tuple[str | None]]) -> ColumnElement[bool]:
    """The details, each beside its entry, that a view does not tell; ``editors`` of lists are named by their feeds."""
    kinds_of: dict[str, list[str]] = {}
    for kind in KINDS:
        for field in () if kind in HIDDEN_KINDS else view.withheld(kind):
            kinds_of.setdefault(field, []).append(kind)
    return or_(
        _of_acts(view),
        and_(entries.c.kind.in_(HIDDEN_KINDS), details.c.field.not_in(OF_ACTS)),
        *(_of_field(field, kinds, editors) for field, kinds in kinds_of.items()),
    )


def _of_acts(view: PublicView) -> ColumnElement[bool]:
    """The details of any entry that say of its act what is not told.

    That two losses are not the same is a judgement, in a fixed word, by which possible duplicates are counted.
    """
    apart = and_(entries.c.act == Act.LINK, details.c.field == "text", details.c.value == NOT_THE_SAME)
    return details.c.field.in_(view.withheld_of_acts()) & details.c.value.is_not(None) & ~apart


def _names_file() -> ColumnElement[bool]:
    """The reasons that are no words of anybody's: where nobody says why a list is imported, the reason names its file.

    The name of a file is one on somebody's disk.
    """
    named = exists().where(func.instr(details.c.value, _runs.c.file) > 0).correlate(details)
    return (details.c.field == "reason") & named


def _of_field(field: str, kinds: Sequence[str], editors: Select[tuple[str | None]]) -> ColumnElement[bool]:
    """The details of a field that is not told of some kinds. One that clears the field has no text to hide."""
    named = details.c.field.like(field.replace(".", ".%.")) if "." in field else details.c.field == field
    found = and_(named, entries.c.kind.in_(kinds), details.c.value.is_not(None))
    return found & details.c.value.not_in(editors) if field == _BY else found


def _editors() -> Select[tuple[str | None]]:
    """The editors of lists, who are named by their feeds: what they have confirmed, nobody here has."""
    return select(_feeds.c.verified_by).where(_feeds.c.verified_by.is_not(None))


def _out_of_the_tables(connection: Connection, kind: str, view: PublicView) -> None:
    """Have a kind's tables show no more than is told, each in one pass."""
    for table, withheld in _withheld(kind, view).items():
        told = {column.name: _told(column, view) for column in withheld}
        connection.execute(update(table).where(or_(*(one.is_not(None) for one in withheld))).values(told))


def _withheld(kind: str, view: PublicView) -> dict[Table, list[Column[Any]]]:
    """The columns of each of a kind's tables that are not told as they are."""
    columns: dict[Table, list[Column[Any]]] = {}
    for field in view.withheld(kind):
        child, _, name = field.rpartition(".")
        table = CHILDREN[kind, child] if child else SUBJECTS[kind]
        columns.setdefault(table, []).append(table.c[name])
    return columns


def _told(column: Column[Any], view: PublicView) -> ColumnElement[Any]:
    if column.name == _BY:
        return case((column.in_(_editors()), column))
    if column.name in _COORDINATES:
        return func.round(column, view.coordinates)
    return null()


def _drop(connection: Connection, kind: str) -> None:
    """Have no table show a kind of which nothing is told."""
    for table in _tables_of(kind):
        connection.execute(delete(table))


def _tables_of(kind: str) -> list[Table]:
    """The tables that show a kind, what hangs on it first."""
    return [*(table for (of, _), table in CHILDREN.items() if of == kind), SUBJECTS[kind]]
