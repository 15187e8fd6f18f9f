"""The subjects of a kind one after the other: what the journal tells of each, and what the tables show."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, starmap
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, exists, select

from lossledger.checks.findings import Finding
from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold, spread
from lossledger.core.records import KINDS
from lossledger.core.trail import Posting
from lossledger.db.tables import CHILDREN, SUBJECTS, TABLE_OF
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.streams import AnyRow, AnySelect, Following, Lines, legible, of_losses, stream

_FIELD = itemgetter(0)
_FIELDS = itemgetter(2, 3, 4, 5)
_DETAIL = (details.c.field, details.c.value, details.c.salt, details.c.digest)


class Step(NamedTuple):
    """One entry on a subject, with the state it found and the one it left."""

    number: int
    fields: tuple[str, ...]
    before: State
    after: State


class Line(NamedTuple):
    """A posting where it stands."""

    entry: int
    line: int
    posting: Posting


class Subject(NamedTuple):
    """A subject as its entries tell it, and the rows that show it: its own, and its children's by table."""

    kind: str
    key: str
    steps: list[Step]
    row: tuple[object, ...]
    children: dict[str, list[AnyRow]]
    postings: list[Line]

    @property
    def state(self) -> State:
        """The subject after its last entry."""
        return self.steps[-1].after if self.steps else {}


@cache
def own_columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind's table that its entries determine."""
    return tuple(column.name for column in SUBJECTS[kind].c if column.name not in ("id", KINDS[kind].key))


@cache
def child_columns(kind: str, child: str) -> tuple[str, ...]:
    """The columns of a child's table but for the one that says whose child it is; the child's key is first."""
    return tuple(column.name for column in CHILDREN[kind, child].c if column.name != _owner(kind))


def subjects(connection: Connection, kind: str) -> Iterator[Subject | Finding]:
    """Every subject that has a row, in the order of the rows; a finding for rows that belong to none.

    Only one subject at a time is held in memory. Row ids put the tables side by side, for every database
    sorts numbers alike, and subjects lie in the file in the order in which they were entered.
    """
    told = Following(stream(connection, _told(kind)))
    parts = {child.name: Following(stream(connection, _children(kind, child.name))) for child in KINDS[kind].children}
    lines = Lines(connection) if kind == "loss" else None
    posted = Following(stream(connection, of_losses()) if lines else iter(()))
    for row in stream(connection, _rows(kind)):
        number = row[0]
        yield Subject(
            kind,
            row[1],
            _steps(told.of(number)),
            tuple(row[2:]),
            {name: rows.of(number) for name, rows in parts.items()},
            [Line(one[1], one[2], lines.read(one)) for one in posted.of(number)] if lines else [],
        )
    for name, rows in parts.items():
        yield from _strays("fold", CHILDREN[kind, name].name, kind, rows)
    yield from _strays("postings", "posting", kind, posted)


def _strays(check: str, table: str, kind: str, rows: Following) -> Iterator[Finding]:
    """A finding for every number under which rows stand, though no subject has it."""
    for number in (*rows.strays, *rows.rest()):
        yield Finding(check, f"table {table}, {_owner(kind)} {number}", f"belongs to a {kind} that is not there")


def unshown(connection: Connection, kind: str) -> Iterator[tuple[str, State]]:
    """Subjects that entries speak of and no row shows, with the state that their entries leave them in."""
    table = SUBJECTS[kind]
    statement = (
        select(entries.c.subject, entries.c.number, *_DETAIL)
        .join(details, details.c.entry == entries.c.number)
        .where(entries.c.kind == kind, ~exists().where(table.c[KINDS[kind].key] == entries.c.subject))
        .order_by(entries.c.subject, entries.c.number)
    )
    for key, rows in groupby(stream(connection, statement), key=itemgetter(0)):
        steps = _steps(list(rows))
        yield key, steps[-1].after


@cache
def _told(kind: str) -> AnySelect:
    """The details on every subject that has a row: its row's id, the entry, the detail.

    Outer joins, so that SQLite reads the tables in this order, which needs no sorting.
    """
    table = SUBJECTS[kind]
    about = (entries.c.kind == kind) & (entries.c.subject == table.c[KINDS[kind].key])
    joined = table.join(entries, about, isouter=True).join(details, details.c.entry == entries.c.number, isouter=True)
    return select(table.c.id, entries.c.number, *_DETAIL).select_from(joined).order_by(table.c.id, entries.c.number)


@cache
def _rows(kind: str) -> AnySelect:
    """The row of every subject: its number, its key, the columns that its entries determine."""
    table = SUBJECTS[kind]
    return legible(table, table.c.id, (KINDS[kind].key, *own_columns(kind))).order_by(table.c.id)


@cache
def _children(kind: str, child: str) -> AnySelect:
    """The rows of a child's table, in the order of those that they belong to."""
    table = CHILDREN[kind, child]
    owner = table.c[_owner(kind)]
    return legible(table, owner, child_columns(kind, child)).order_by(owner)


def _owner(kind: str) -> str:
    return f"{TABLE_OF[kind]}_id"


def _steps(rows: Sequence[AnyRow]) -> list[Step]:
    """The entries on one subject, folded one after the other."""
    steps: list[Step] = []
    state: State = {}
    for number, group in groupby(rows, key=itemgetter(1)):
        if number is not None:
            own = list(spread(starmap(Detail, map(_FIELDS, group))))
            after = fold(state, own)
            steps.append(Step(number, tuple(map(_FIELD, own)), state, after))
            state = after
    return steps
