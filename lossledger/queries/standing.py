"""Where a ledger stands: how much it holds, and per conflict how far that is believed."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, select

from lossledger.db.schema import revision
from lossledger.db.tables import SUBJECTS, loss
from lossledger.queries.history import head
from lossledger.queries.losses import MERGED, WITHDRAWN, still_lost
from lossledger.queries.open_posts import open_posts


@dataclass(slots=True)
class Belief:
    """The losses of one conflict that stand: neither withdrawn nor merged into another."""

    conflict: str
    name: str
    losses: int = 0
    items: Counter[str] = field(default_factory=Counter)
    """Items by verification."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a ledger holds."""

    engine: str
    schema: str | None
    entries: int
    last_recorded: str | None
    numbers: dict[str, int]
    """How many there are of each kind of subject."""
    merged: int
    """Of the losses, those merged into another."""
    withdrawn: int
    """Of the losses, those withdrawn."""
    feeds: list[str]
    conflicts: list[Belief]
    open_posts: int
    """Posts of the inbox that wait to be looked at."""


def standing(connection: Connection) -> Standing:
    """Where a ledger stands."""
    last = head(connection)
    counted = ("loss", "source", "published", "type")
    feeds = SUBJECTS["feed"]
    return Standing(
        engine=_engine(connection),
        schema=revision(connection),
        entries=last.number if last else 0,
        last_recorded=last.recorded_at if last else None,
        numbers={kind: connection.scalar(select(func.count()).select_from(SUBJECTS[kind])) or 0 for kind in counted},
        merged=_losses(connection, MERGED & ~WITHDRAWN),
        withdrawn=_losses(connection, WITHDRAWN),
        feeds=list(connection.scalars(select(feeds.c.slug).order_by(feeds.c.slug))),
        conflicts=beliefs(connection),
        open_posts=open_posts(connection),
    )


def _losses(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(loss).where(which)) or 0


def beliefs(connection: Connection) -> list[Belief]:
    """Per conflict, in the order of their names, how many items stand under each verification."""
    conflicts, sides = SUBJECTS["conflict"], SUBJECTS["side"]
    found = {
        slug: Belief(slug, name)
        for slug, name in connection.execute(select(conflicts.c.slug, conflicts.c.name).order_by(conflicts.c.name))
    }
    statement = (
        select(conflicts.c.slug, loss.c.verification, func.count(), func.sum(still_lost(loss.c.outcome)))
        .join(sides, sides.c.id == loss.c.side_id)
        .join(conflicts, conflicts.c.id == sides.c.conflict_id)
        .where(~WITHDRAWN, ~MERGED)
        .group_by(conflicts.c.slug, loss.c.verification)
    )
    for slug, verification, losses, items in connection.execute(statement):
        found[slug].losses += losses
        found[slug].items[verification] += int(items)
    return list(found.values())


def _engine(connection: Connection) -> str:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.dialect.name]
    version = connection.dialect.server_version_info or ()
    return f"{name} {'.'.join(map(str, version))}"
