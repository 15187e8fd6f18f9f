"""Cutting a copy off: it is again what the ledger was after one of its entries."""

from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, select

from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold
from lossledger.core.records import KINDS
from lossledger.db.keys import Keys
from lossledger.db.tables import CHILDREN, SUBJECTS, posting
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.ledger.projection import Rows, put

_ORDER = tuple(KINDS)


class _Touched(NamedTuple):
    """A subject that entries of before and after are on: how its tables show it, and how they did."""

    place: tuple[int, int]
    """The place of its kind, and the number of its first entry: what it refers to comes before it."""
    kind: str
    key: str
    now: State
    then: State


def cut_after(connection: Connection, last: int) -> None:
    """Take every entry after one out of a copy, whose triggers are lifted, and show all subjects as they stood.

    What was redacted since stays so.
    """
    touched = _touched(connection, last)
    for table, number in ((posting, posting.c.entry), (details, details.c.entry), (entries, entries.c.number)):
        connection.execute(delete(table).where(number > last))
    _drop_unknown(connection)
    rows, keys = Rows(), Keys(connection)
    for one in touched:
        if one.now != one.then:
            put(rows, keys, one.kind, one.key, one.now, one.then)
    rows.write(connection)


def _touched(connection: Connection, last: int) -> list[_Touched]:
    """The subjects that have entries up to an entry and after it, each after those that it may refer to."""
    late = entries.alias()
    since = exists().where(late.c.number > last, late.c.kind == entries.c.kind, late.c.subject == entries.c.subject)
    statement = (
        select(
            *(entries.c.kind, entries.c.subject, entries.c.number),
            *(details.c.field, details.c.value, details.c.salt, details.c.digest),
        )
        .join(details, details.c.entry == entries.c.number)
        .where(since)
        .order_by(entries.c.kind, entries.c.subject, entries.c.number)
    )
    found = []
    for (kind, key), of_subject in groupby(connection.execute(statement), key=itemgetter(0, 1)):
        now: State = {}
        then: State = {}
        first = None
        for number, of_entry in groupby(of_subject, key=itemgetter(2)):
            now = fold(now, (Detail(*row[3:]) for row in of_entry))
            if number <= last:
                then, first = now, first or number
        if first:
            found.append(_Touched((_ORDER.index(kind), first), kind, key, now, then))
    return sorted(found)


def _drop_unknown(connection: Connection) -> None:
    """Drop the rows of every subject that no entry is on."""
    for kind, table in SUBJECTS.items():
        known = select(entries.c.subject).where(entries.c.kind == kind)
        connection.execute(delete(table).where(table.c[KINDS[kind].key].not_in(known)))
    for (kind, _), table in CHILDREN.items():
        owner = next(iter(table.primary_key))
        connection.execute(delete(table).where(owner.not_in(select(SUBJECTS[kind].c.id))))
