"""What the journal says: heads, states, the entries of a subject, the acts of an actor."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, ScalarSelect, Select, exists, func, select

from lossledger.core.digest import Detail, Entry
from lossledger.core.fields import State
from lossledger.core.fold import fold
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details

_DETAIL = (details.c.field, details.c.value, details.c.salt, details.c.digest)


class Told(NamedTuple):
    """An entry with its details, as the journal tells it, and what the act's first entry says for all of them."""

    entry: Entry
    details: tuple[Detail, ...]
    of_the_act: tuple[Detail, ...] = ()

    def about(self, field: str) -> str | None:
        """The value of one detail; None where the entry has none, or its text was redacted."""
        found = self.said(field)
        return None if found is None else found.value

    def said(self, field: str) -> Detail | None:
        """One detail, the entry's own rather than its act's; None where there is none."""
        return next((detail for detail in (*self.details, *self.of_the_act) if detail.field == field), None)


OF_THE_ACT = frozenset(("actor", "reason"))
"""The fields that an act's first entry says for all of them. An entry that names its own actor says both itself."""


def head(connection: Connection) -> Entry | None:
    """The last entry of the journal, or None in an empty one."""
    row = connection.execute(select(entries).order_by(entries.c.number.desc()).limit(1)).first()
    return None if row is None else Entry(*row)


def told(connection: Connection, statement: Select[tuple[object, ...]]) -> Iterator[Told]:
    """The entries that a statement over ``entry`` selects, each with its details.

    The statement chooses which entries and in what order by its WHERE and ORDER BY alone.
    """
    joined = statement.add_columns(*_DETAIL).join(details, details.c.entry == entries.c.number, isouter=True)
    rows = connection.execute(joined)
    width = len(Entry._fields)
    acts: dict[str, tuple[Detail, ...]] = {}
    for head_row, group in groupby(rows, key=lambda row: row[:width]):
        one, found = Entry(*head_row), tuple(Detail(*row[width:]) for row in group if row[width] is not None)
        if any(detail.field == "actor" for detail in found):
            yield Told(one, found)
            continue
        if one.act_id not in acts:
            acts[one.act_id] = _of_the_act(connection, one.act_id)
        yield Told(one, found, acts[one.act_id])


def _of_the_act(connection: Connection, act_id: str) -> tuple[Detail, ...]:
    """Who did an act and why, as its first entry says."""
    statement = select(*_DETAIL).where(details.c.entry == _first_of(act_id), details.c.field.in_(OF_THE_ACT))
    return tuple(Detail(*row) for row in connection.execute(statement))


def _first_of(act_id: str | ColumnElement[str]) -> ScalarSelect[int]:
    """The number of an act's first entry."""
    of_act = entries.alias()
    # Told by hand what it refers to outside: two levels down, SQLAlchemy would take it for a table of its own.
    return select(func.min(of_act.c.number)).where(of_act.c.act_id == act_id).correlate_except(of_act).scalar_subquery()


def actor_of(entry: FromClause) -> ScalarSelect[str | None]:
    """Who made an entry (``entry`` itself, or an alias of it): null where the name was redacted."""
    said = details.alias()
    return (
        select(said.c.value)
        .where(said.c.field == "actor", said.c.entry.in_((entry.c.number, _first_of(entry.c.act_id))))
        .order_by(said.c.entry.desc())
        .limit(1)
        .correlate(entry)
        .scalar_subquery()
    )


def acts_of(*actors: str) -> Select[tuple[str]]:
    """The ids of the acts of some actors."""
    said = details.alias()
    of_actor = entries.alias()
    return (
        select(of_actor.c.act_id)
        .join(said, said.c.entry == of_actor.c.number)
        .where(said.c.field == "actor", said.c.value.in_(actors))
    )


def of_subject(connection: Connection, kind: str, key: str) -> list[Told]:
    """The entries of one subject, oldest first."""
    mine = (entries.c.kind == kind) & (entries.c.subject == key)
    return list(
        told(
            connection,
            select(entries).where(mine).order_by(entries.c.number, details.c.field),
        )
    )


def of_act(connection: Connection, act_id: str) -> list[Told]:
    """The entries of one act, oldest first."""
    mine = entries.c.act_id == act_id
    return list(
        told(
            connection,
            select(entries).where(mine).order_by(entries.c.number, details.c.field),
        )
    )


def first_of_act(connection: Connection, act_id: str) -> Told:
    """The first entry of an act, which says for all of them who acted and why."""
    return next(told(connection, select(entries).where(entries.c.number == _first_of(act_id))))


def losses_touched(
    actor: str | None = None, act: Act | None = None, since: int | str | None = None
) -> Select[tuple[str]]:
    """The uids of the losses that some entry is on: one by an actor, of an act, since a number or an instant."""
    statement = select(entries.c.subject).where(entries.c.kind == "loss")
    if actor is not None:
        statement = statement.where(entries.c.act_id.in_(acts_of(actor)))
    if act is not None:
        statement = statement.where(entries.c.act == act)
    if since is not None:
        statement = statement.where((entries.c.number if isinstance(since, int) else entries.c.recorded_at) >= since)
    return statement


def undone(entry: FromClause) -> ColumnElement[bool]:
    """Whether the act of an entry (an alias of ``entry``) was undone: an undo stands among the subject's entries."""
    undo, undoes = entries.alias(), details.alias()
    return exists().where(
        undo.c.kind == entry.c.kind,
        undo.c.subject == entry.c.subject,
        undo.c.act == Act.UNDO,
        undoes.c.entry == undo.c.number,
        undoes.c.field == "undoes",
        undoes.c.value == entry.c.act_id,
    )


def losses_in_act(connection: Connection, act_id: str) -> int:
    """How many losses an act touched."""
    mine = (entries.c.act_id == act_id) & (entries.c.kind == "loss")
    return connection.scalar(select(func.count(entries.c.subject.distinct())).where(mine)) or 0


def folded(connection: Connection, kind: str, key: str, before: int | None = None) -> State:
    """The state of a subject, after all its entries or after those before an entry number."""
    mine = (entries.c.kind == kind) & (entries.c.subject == key)
    if before is not None:
        mine &= entries.c.number < before
    statement = (
        select(entries.c.number, *_DETAIL)
        .join(details, details.c.entry == entries.c.number)
        .where(mine)
        .order_by(entries.c.number)
    )
    state: State = {}
    for _, group in groupby(connection.execute(statement), key=lambda row: row[0]):
        state = fold(state, (Detail(*row[1:]) for row in group))
    return state
