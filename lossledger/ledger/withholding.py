"""Withholding: what the public view does not tell goes from a copy, in the journal and in the tables that show it."""

import sqlite3

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, false, func, null, or_, select, update

from lossledger.core.digest import Detail, detail_digest
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


def _out_of_the_journal(connection: Connection, view: PublicView) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"a copy is an SQLite file, not {driver!r}")
    driver.create_function("detail_digest", 3, _digest, deterministic=True)
    chosen = select(details.c.entry, details.c.field).join(entries, entries.c.number == details.c.entry)
    withheld = chosen.where(details.c.salt.is_not(None), _names_file() | hidden(view, editors=_editors())).subquery()
    digest = func.detail_digest(details.c.salt, details.c.field, details.c.value)
    connection.execute(
        update(details)
        .where(details.c.entry == withheld.c.entry, details.c.field == withheld.c.field)
        .values(value=null(), salt=null(), digest=digest)
    )


def hidden(view: PublicView, *, editors: Select[tuple[str | None]]) -> ColumnElement[bool]:
    """The details, each beside its entry, that a view does not tell; ``editors`` of lists are named by their feeds."""
    return or_(_of_acts(view), *(_of_kind(kind, view, editors) for kind in KINDS))


def _digest(salt: bytes, field: str, value: str | None) -> bytes:
    return detail_digest(Detail(field, value, salt))


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
    return (details.c.field == "reason") & exists().where(func.instr(details.c.value, _runs.c.file) > 0)


def _of_kind(kind: str, view: PublicView, editors: Select[tuple[str | None]]) -> ColumnElement[bool]:
    """The details of the entries on a kind that are not told. One that clears a field has no text to hide."""
    of_kind = entries.c.kind == kind
    if kind in HIDDEN_KINDS:
        return of_kind & details.c.field.not_in(OF_ACTS)
    named = [
        details.c.field.like(field.replace(".", ".%.")) if "." in field else details.c.field == field
        for field in view.withheld(kind)
    ]
    kept = and_(details.c.field == _BY, details.c.value.in_(editors))
    return of_kind & details.c.value.is_not(None) & or_(false(), *named) & ~kept


def _editors() -> Select[tuple[str | None]]:
    """The editors of lists, who are named by their feeds: what they have confirmed, nobody here has."""
    return select(_feeds.c.verified_by).where(_feeds.c.verified_by.is_not(None))


def _out_of_the_tables(connection: Connection, kind: str, view: PublicView) -> None:
    for field in view.withheld(kind):
        child, _, name = field.rpartition(".")
        table = CHILDREN[kind, child] if child else SUBJECTS[kind]
        column = table.c[name]
        statement = update(table).where(column.is_not(None))
        if field == _BY:
            connection.execute(statement.where(column.not_in(_editors())).values({name: null()}))
        elif field in _COORDINATES:
            connection.execute(statement.values({name: func.round(column, view.coordinates)}))
        else:
            connection.execute(statement.values({name: null()}))


def _drop(connection: Connection, kind: str) -> None:
    """Have no table show a kind of which nothing is told."""
    for (of, _), table in CHILDREN.items():
        if of == kind:
            connection.execute(delete(table))
    connection.execute(delete(SUBJECTS[kind]))
