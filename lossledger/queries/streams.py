"""Rows in order, from several tables at once, without holding a table in memory."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, String, Table, case, cast, literal, select
from sqlalchemy.sql.elements import ColumnElement

from lossledger.core.records import KINDS
from lossledger.core.trail import Posting
from lossledger.db.tables import SUBJECTS, loss, posting

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

_AT_ONCE = 2_000
"""How many rows are fetched together."""

_KEY_OF = {SUBJECTS[kind.name]: kind.key for kind in KINDS.values()}


def stream(connection: Connection, statement: AnySelect) -> Iterator[AnyRow]:
    """The rows of a statement, a few at a time."""
    # Closed with the generator: a check that breaks must leave no cursor open behind it.
    with connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as result:
        for rows in result.partitions():
            yield from rows


class Following:
    """Rows in the order of their first column, the number of what they belong to, handed out owner by owner.

    ``strays`` gathers the numbers that rows stood under and nobody asked for.
    """

    def __init__(self, rows: Iterator[AnyRow]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._key: object = None
        self._rows: Iterator[AnyRow] | None = None
        self.strays: list[object] = []
        self._advance()

    def of(self, owner: int) -> list[AnyRow]:
        """The rows of an owner; owners are asked for in rising order."""
        while self._rows is not None and _before(self._key, owner):
            self.strays.append(self._key)
            self._advance()
        if self._rows is None or self._key != owner:
            return []
        found = list(self._rows)
        self._advance()
        return found

    def rest(self) -> Iterator[object]:
        """The numbers that rows stand under after the last owner."""
        while self._rows is not None:
            yield self._key
            self._advance()

    def _advance(self) -> None:
        self._key, self._rows = next(self._groups, (None, None))


def _before(key: object, owner: int) -> bool:
    """Whether a key sorts before a number. SQLite takes any value in any column: text sorts after all numbers."""
    return key is None or (isinstance(key, (int, float)) and key < owner)


def legible(table: Table, first: ColumnElement[Any], names: Sequence[str]) -> AnySelect:
    """Columns of a table after a first one; each reference is shown as the slug or uid that it leads to.

    One that leads nowhere is shown as the number of the row that is not there.
    """
    joined: Any = table
    columns: list[ColumnElement[Any]] = [first]
    for name in names:
        column = table.c[name]
        if column.foreign_keys:
            target = _target(column)
            joined = joined.join(target, target.c.id == column, isouter=True)
            columns.append(_named(column, target.c[_KEY_OF[_referred(column)]]).label(name))
        else:
            columns.append(column)
    return select(*columns).select_from(joined)


def _referred(column: Column[Any]) -> Table:
    table = next(iter(column.foreign_keys)).column.table
    if not isinstance(table, Table):
        raise TypeError(f"{column} refers to no table")
    return table


def _target(column: Column[Any]) -> Any:
    return _referred(column).alias(f"to_{column.name}")


def _named(number: ColumnElement[Any], name: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((name.is_not(None), name), else_=literal("no row ") + cast(number, String))


class Lines:
    """Postings as the journal hashes them: their row ids become names."""

    def __init__(self, connection: Connection) -> None:
        self._names = {
            kind: {row.id: row.slug for row in connection.execute(select(table.c.id, table.c.slug))}
            for kind in ("side", "category", "type", "feed")
            for table in (SUBJECTS[kind],)
        }

    def read(self, row: AnyRow) -> Posting:
        """The posting of a row that `of_entries` or `of_losses` selects."""
        quantity, side, category, kind, status, verification, feed, *others = row[3:15]
        return Posting(
            quantity,
            self.name("side", side),
            self.name("category", category),
            None if kind is None else self.name("type", kind),
            status,
            verification,
            self.name("feed", feed),
            *others,
        )

    def cell(self, row: AnyRow) -> tuple[object, ...]:
        """The dimensions of a sum of postings that are no days, by name."""
        return (
            self.name("side", row.side_id),
            self.name("category", row.category_id),
            row.verification,
            row.status,
            self.name("feed", row.feed_id),
            None if row.type_id is None else self.name("type", row.type_id),
            row.counts,
            row.inferred,
        )

    def name(self, kind: str, number: object) -> str:
        """The slug of a row's number, or words that say that there is no such row."""
        return self._names[kind].get(number) or f"no row {number}"


_LINE = (
    posting.c.quantity,
    posting.c.side_id,
    posting.c.category_id,
    posting.c.type_id,
    posting.c.status,
    posting.c.verification,
    posting.c.feed_id,
    posting.c.counts,
    posting.c.day,
    posting.c.loss_day,
    posting.c.span,
    posting.c.inferred,
)
"""The columns of a posting in the order of `core.trail.Posting`."""


def of_entries() -> AnySelect:
    """Postings in the order of the journal: entry, line, the loss's uid, and what `Lines.read` reads."""
    joined = posting.join(loss, loss.c.id == posting.c.loss_id, isouter=True)
    columns = (posting.c.entry, posting.c.line, loss.c.uid, *_LINE)
    return select(*columns).select_from(joined).order_by(posting.c.entry, posting.c.line)


def of_losses() -> AnySelect:
    """Postings loss by loss: the loss's row, entry, line, and what `Lines.read` reads."""
    columns = (posting.c.loss_id, posting.c.entry, posting.c.line, *_LINE)
    return select(*columns).order_by(posting.c.loss_id, posting.c.entry, posting.c.line)
