"""What looks like something that is in the ledger already: the source of a link, losses like a new one."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.links import canonical, link_key, short_hash
from lossledger.core.sameness import item_of
from lossledger.db.tables import SUBJECTS, evidence, loss, source
from lossledger.queries.names import kept


class Alike(NamedTuple):
    """A loss that a new one looks like, and why."""

    uid: str
    why: str


def source_of_link(connection: Connection, url: str) -> str | None:
    """The uid of the source with the same link, however spelt; None where there is none."""
    same_key = select(source.c.uid, source.c.url).where(source.c.url_key == link_key(url)).order_by(source.c.id)
    for uid, known in connection.execute(same_key):
        if canonical(known) == canonical(url):
            return kept(connection, "source", uid)
    return None


def of_feed(connection: Connection, feed: str, key: str) -> str | None:
    """The uid of the loss to which a feed gives this key."""
    feeds = SUBJECTS["feed"]
    statement = select(loss.c.uid).join(feeds, feeds.c.id == loss.c.feed_id)
    same_key = (loss.c.feed_hash == short_hash(key)) & (loss.c.feed_key == key)
    found: str | None = connection.scalar(statement.where(feeds.c.slug == feed, same_key).order_by(loss.c.id).limit(1))
    return found


def items_behind(connection: Connection, source_uid: str) -> int:
    """The highest number that an item of a link has, of those entered link by link that were not withdrawn; else 0."""
    keys = (
        select(loss.c.feed_key)
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
        .where(source.c.uid == source_uid, loss.c.feed_key.startswith(f"{source_uid}/"), loss.c.withdrawn.is_(None))
    )
    items = (item_of(key) for key in connection.scalars(keys))
    return max((item[1] for item in items if item), default=0)


def alike(
    connection: Connection, side: str, type_slug: str | None, *, day: str | None, source_uid: str | None, limit: int
) -> list[Alike]:
    """The losses that a new one looks like: same side, type and day, or the same link; none withdrawn.

    Those that are like it in both come first, then those entered first. ``side`` and ``type_slug`` are slugs,
    ``source_uid`` is the source of the new one's link, where the ledger knows it.
    """
    same = _same_thing(connection, side, type_slug, day, limit) if type_slug and day else []
    linked = _same_link(connection, source_uid, same, limit) if source_uid else []
    both = [Alike(uid, "same link, side, type and day") for uid in same if uid in linked]
    rest = [Alike(uid, "same side, type and day") for uid in same if uid not in linked]
    return (both + rest + [Alike(uid, "same link") for uid in linked if uid not in same])[:limit]


def losses_behind(connection: Connection, source_uid: str, limit: int) -> list[str]:
    """The losses that rest on a source, none withdrawn, those entered first before others."""
    return _same_link(connection, source_uid, [], limit)


def _same_thing(connection: Connection, side: str, type_slug: str, day: str, limit: int) -> list[str]:
    sides, types = SUBJECTS["side"], SUBJECTS["type"]
    statement = (
        select(loss.c.uid)
        .join(sides, sides.c.id == loss.c.side_id)
        .join(types, types.c.id == loss.c.type_id)
        .where(sides.c.slug == side, types.c.slug == type_slug, loss.c.day == day, loss.c.withdrawn.is_(None))
        .order_by(loss.c.id)
        .limit(limit)
    )
    return list(connection.scalars(statement))


def _same_link(connection: Connection, source_uid: str, first: list[str], limit: int) -> list[str]:
    """The losses that rest on a source, those of ``first`` before others: a list's page has thousands."""
    statement = (
        select(loss.c.uid)
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
        .where(source.c.uid == source_uid, loss.c.withdrawn.is_(None))
        .group_by(loss.c.uid, loss.c.id)
        .order_by(loss.c.uid.not_in(first), loss.c.id)
        .limit(limit)
    )
    return list(connection.scalars(statement))
