"""Import runs, and what each feed has given: for people who ask where losses come from."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from lossledger.core.vocabulary import Fate
from lossledger.db.tables import CHILDREN, SUBJECTS, loss
from lossledger.db.tables import entry as entries
from lossledger.queries.told import Record

_rows = CHILDREN["loss", "row"]
_runs = SUBJECTS["import"]
_feeds = SUBJECTS["feed"]

_COUNTS = ("rows_read", *(f"rows_{fate}" for fate in Fate))

RUN_FIELDS = ("run", "imported_at", "file", "sha256", "dated", "latest", *_COUNTS)
"""What is told of an import run: its id, when it was, its file, and what became of the rows."""


class Holding(NamedTuple):
    """What a feed has in the ledger: the losses that are its own, and of them those it no longer lists."""

    losses: int = 0
    withdrawn: int = 0
    gone: int = 0


def runs(connection: Connection, feed: str | None = None) -> dict[str, list[Record]]:
    """The import runs of a feed, or of every feed: by feed, the latest first."""
    statement = _told().order_by(_runs.c.id.desc())
    if feed is not None:
        statement = statement.where(_feeds.c.slug == feed)
    found: dict[str, list[Record]] = {}
    for of, *values in connection.execute(statement):
        found.setdefault(of, []).append(dict(zip(RUN_FIELDS, values, strict=True)))
    return found


def run(connection: Connection, uid: str) -> Record:
    """One import run that the ledger has."""
    row = connection.execute(_told().where(_runs.c.uid == uid)).one()
    return dict(zip(RUN_FIELDS, row[1:], strict=True))


def _told() -> Select[Any]:
    """A run's feed and fields; it was imported when its first entry was recorded."""
    of_run = (entries.c.kind == "import") & (entries.c.subject == _runs.c.uid)
    imported_at = select(func.min(entries.c.recorded_at)).where(of_run).scalar_subquery()
    named = (_runs.c[name] for name in RUN_FIELDS[2:])
    return select(_feeds.c.slug, _runs.c.uid, imported_at, *named).join(_feeds, _feeds.c.id == _runs.c.feed_id)


def holdings(connection: Connection) -> dict[str, Holding]:
    """What each feed has in the ledger; feeds without a loss are left out."""
    statement = (
        select(_feeds.c.slug, func.count(), func.count(loss.c.withdrawn), func.count(_rows.c.gone))
        .join(loss, loss.c.feed_id == _feeds.c.id)
        .join(_rows, (_rows.c.loss_id == loss.c.id) & (_rows.c.feed == _feeds.c.slug), isouter=True)
        .group_by(_feeds.c.slug)
    )
    return {slug: Holding(*numbers) for slug, *numbers in connection.execute(statement)}
