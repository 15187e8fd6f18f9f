"""What was corrected, loss by loss, and which acts changed a conflict last: what a public log and a feed tell."""

from collections.abc import Collection
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from lossledger.core.fields import generic
from lossledger.core.fold import PACK
from lossledger.core.records import ACT_FIELDS
from lossledger.core.vocabulary import Act
from lossledger.db.tables import SUBJECTS, loss
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.losses import among

ACTS = (
    *(Act.AMEND, Act.SPLIT, Act.MERGE, Act.UNMERGE, Act.WITHDRAW, Act.REINSTATE),
    *(Act.VERIFY, Act.DISPUTE, Act.CATALOGUE, Act.REDACT, Act.UNDO),
)
"""The acts that say that what stood here was not right, or not all; new reports and new evidence do not."""

_sides, _conflicts = SUBJECTS["side"], SUBJECTS["conflict"]


class Correction(NamedTuple):
    """One entry that corrects a loss: what it touches is told by the names of fields, their values by its page."""

    number: int
    recorded_at: str
    act: str
    uid: str
    side: str
    what: str
    """The name of the loss's type as it is now, of its heading where it has none."""
    fields: tuple[str, ...]
    reason: str | None


class ActOn(NamedTuple):
    """An act with how many losses of the conflict it touched, and one of them."""

    act_id: str
    number: int
    """Of its last entry on them."""
    recorded_at: str
    acts: tuple[str, ...]
    losses: int
    uid: str


def numbers(connection: Connection, conflict: str, *, since: int = 0, uids: Collection[str] | None = None) -> list[int]:
    """The entries that correct losses of a conflict by their numbers, oldest first.

    From ``since`` on; of all losses, or of those ``uids``.
    """
    statement = _of_losses(conflict, entries.c.number).where(entries.c.act.in_(ACTS), entries.c.number >= since)
    if uids is not None:
        statement = statement.where(among(entries.c.subject, uids))
    return list(connection.scalars(statement.order_by(entries.c.number)))


def corrections(connection: Connection, conflict: str, first: int, last: int) -> list[Correction]:
    """The corrections of a conflict's losses from one entry to another, newest first."""
    types, categories = SUBJECTS["type"], SUBJECTS["category"]
    columns = (
        entries.c.number,
        entries.c.recorded_at,
        entries.c.act,
        loss.c.uid,
        _sides.c.name,
        func.coalesce(types.c.name, categories.c.name),
        details.c.field,
        details.c.value,
    )
    statement = (
        _of_losses(conflict, *columns)
        .join(categories, categories.c.id == loss.c.category_id)
        .join(types, types.c.id == loss.c.type_id, isouter=True)
        .join(details, details.c.entry == entries.c.number, isouter=True)
        .where(entries.c.act.in_(ACTS), entries.c.number.between(first, last))
        .order_by(entries.c.number.desc(), details.c.field)
    )
    return [
        _correction(head, list(group))
        for head, group in groupby(connection.execute(statement), key=lambda row: tuple(row[:6]))
    ]


def _correction(head: tuple[Any, ...], rows: list[Any]) -> Correction:
    reason = next((row[7] for row in rows if row[6] == "reason"), None)
    fields = dict.fromkeys(generic(row[6]) for row in rows if row[6] and row[6] not in (*ACT_FIELDS, PACK))
    told = tuple(name for name in fields if not name.startswith("row."))
    return Correction._make((*head, told, reason))


def latest_acts(connection: Connection, conflict: str, limit: int, *, after: int = 0) -> list[ActOn]:
    """The acts that touched losses of a conflict last, newest first; of those ``after`` an entry."""
    last = func.max(entries.c.number).label("last")
    grouped = _of_losses(conflict, entries.c.act_id, last, func.count(loss.c.uid.distinct()), func.min(loss.c.uid))
    grouped = grouped.where(entries.c.number > after)
    found = connection.execute(grouped.group_by(entries.c.act_id).order_by(last.desc()).limit(limit)).all()
    acts = _acts(connection, [act_id for act_id, *_ in found])
    times = select(entries.c.number, entries.c.recorded_at).where(entries.c.number.in_([row[1] for row in found]))
    recorded = dict(connection.execute(times).all())
    return [ActOn(act_id, number, recorded[number], acts[act_id], many, uid) for act_id, number, many, uid in found]


def _acts(connection: Connection, act_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What each of some acts did to losses."""
    # Of what kind an entry is, is looked at here: told to, SQLite would go through all entries on losses.
    statement = (
        select(entries.c.act_id, entries.c.act, entries.c.kind)
        .where(entries.c.act_id.in_(act_ids))
        .distinct()
        .order_by(entries.c.act_id, entries.c.act)
    )
    grouped = groupby(connection.execute(statement), key=lambda row: row[0])
    return {act_id: tuple(act for _, act, kind in group if kind == "loss") for act_id, group in grouped}


def _of_losses(conflict: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(entries)
        .join(loss, loss.c.uid == entries.c.subject)
        .join(_sides, _sides.c.id == loss.c.side_id)
        .join(_conflicts, _conflicts.c.id == _sides.c.conflict_id)
        .where(entries.c.kind == "loss", _conflicts.c.slug == conflict)
    )
