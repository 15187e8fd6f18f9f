"""Who reported a loss: the actors of the entries that brought it and its evidence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, or_, select

from lossledger.core.names import fold
from lossledger.core.vocabulary import ON, SECOND_PERSON, Act, Relation
from lossledger.db.tables import SUBJECTS
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.history import actor_of, undone

_AT_ONCE = 1_000


@dataclass(slots=True)
class Reporters:
    """Who stands behind a report."""

    people: set[str] = field(default_factory=set)
    unknown: bool = False
    """Whether somebody's name was redacted: it may be anybody's."""
    a_list: bool = False
    """Whether a list vouches for it: its editors are others than whoever imported it."""

    def alone(self, name: str) -> bool:
        """Whether nobody else is known to have reported it. Who was redacted is known to be nobody else.

        Names that look the same are one person's.
        """
        return not self.a_list and all(fold(person) == fold(name) for person in self.people)


def second_person_asked(connection: Connection) -> bool:
    """Whether the ledger's setting has nobody confirm what they alone reported."""
    settings = SUBJECTS["setting"]
    return connection.scalar(select(settings.c.value).where(settings.c.slug == SECOND_PERSON)) == ON


def reporters(connection: Connection, uids: Collection[str]) -> dict[str, Reporters]:
    """Who reported each of some losses. A part was reported by those who had reported its whole before the split."""
    found: dict[str, Reporters] = {}
    wanted = list(uids)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = connection.execute(_bringing(wanted[start : start + _AT_ONCE], None))
        for uid, of_loss in groupby(rows, key=lambda row: row.subject):
            found[uid] = _told(connection, of_loss)
    return found


def brings_evidence(entry: FromClause) -> ColumnElement[bool]:
    """Whether an entry (an alias of ``entry``) brought a piece of evidence by itself.

    A new piece says what the source does; one whose source was merged into another does not say it anew. The evidence
    that a list's loss begins with stands in a pack, and is not asked about here.
    """
    piece = details.alias()
    return exists().where(
        piece.c.entry == entry.c.number,
        piece.c.field.like("evidence.%.relation"),
        piece.c.value.is_not(None),
    )


def speaks_for(entry: FromClause) -> ColumnElement[bool]:
    """Whether an entry brought a piece of evidence for a loss: a source that disputes it reports nothing."""
    piece = details.alias()
    return exists().where(
        piece.c.entry == entry.c.number,
        piece.c.field.like("evidence.%.relation"),
        piece.c.value != Relation.DISPUTES,
    )


def _told(connection: Connection, rows: Iterable[Any]) -> Reporters:
    """Who reported one loss, of which these are the entries that may have brought something, its first one first."""
    found = Reporters()
    for place, row in enumerate(rows):
        if place and row.act == Act.SPLIT:  # a part was taken off: nothing was brought
            continue
        if row.split_from is not None:
            whole = _told(connection, connection.execute(_bringing([row.split_from], row.number)))
            found.people |= whole.people
            found.unknown |= whole.unknown
            found.a_list |= whole.a_list
        elif row.by_list:
            found.a_list = True
        elif row.actor is None:
            found.unknown = True
        else:
            found.people.add(row.actor)
    return found


def _bringing(uids: list[str], before: int | None) -> Select[Any]:
    """The entries that begin some losses or speak for them, with who made them; those taken back do not count."""
    whole, run = details.alias(), entries.alias()
    by_list = exists().where(run.c.act_id == entries.c.act_id, run.c.kind == "import")
    begins = entries.c.act.in_((Act.REPORT, Act.SPLIT))
    brings = speaks_for(entries) & (entries.c.act != Act.UNDO) & ~undone(entries)
    statement = (
        select(
            entries.c.subject,
            entries.c.number,
            entries.c.act,
            actor_of(entries).label("actor"),
            whole.c.value.label("split_from"),
            by_list.label("by_list"),
        )
        .join(whole, (whole.c.entry == entries.c.number) & (whole.c.field == "split_from"), isouter=True)
        .where(entries.c.kind == "loss", entries.c.subject.in_(uids), or_(begins, brings))
        .order_by(entries.c.subject, entries.c.number)
    )
    return statement if before is None else statement.where(entries.c.number < before)
