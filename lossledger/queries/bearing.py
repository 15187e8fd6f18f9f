"""What is said beside the figures of each side and feed: what waits, and what is not dated, placed or itemised."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from lossledger.core.vocabulary import Counts
from lossledger.db.tables import loss
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import MERGED, WITHDRAWN, still_lost
from lossledger.queries.scope import Scope, terms_in_scope


class Bearing(NamedTuple):
    """The items of one side and feed under one verification that stand, and how many of them are what."""

    side: str
    feed: str
    verification: str
    items: int
    itemised: int
    """Single things seen, rather than numbers that somebody gave."""
    undated: int
    inferred: int
    """With a day that was inferred."""
    unplaced: int
    """Without coordinates."""

    @property
    def counted(self) -> Counter[str]:
        """What can be summed of it, by name."""
        return Counter({name: getattr(self, name) for name in ("items", "itemised", "undated", "inferred", "unplaced")})


def bearings(connection: Connection, scope: Scope, known: Catalogue) -> Iterator[Bearing]:
    """The losses of a scope as they are now, neither merged nor withdrawn, whatever their verification."""
    lost = still_lost(loss.c.outcome)
    conditions = (
        loss.c.counts == Counts.ITEM,
        loss.c.day.is_(None),
        loss.c.inferred.is_not(None),
        loss.c.latitude.is_(None),
    )
    statement = (
        select(
            loss.c.side_id,
            loss.c.feed_id,
            loss.c.verification,
            func.sum(lost),
            *(func.sum(case((condition, lost), else_=0)) for condition in conditions),
        )
        .where(~MERGED, ~WITHDRAWN, *terms_in_scope(loss, scope, known))
        .group_by(loss.c.side_id, loss.c.feed_id, loss.c.verification)
    )
    sides, feeds = known.by_id("side"), known.by_id("feed")
    for side, feed, verification, *sums in connection.execute(statement):
        yield Bearing(sides[side].slug, feeds[feed].slug, verification, *map(int, sums))


def summed(found: Iterable[Bearing]) -> Counter[str]:
    """Several of them as one."""
    total: Counter[str] = Counter()
    for one in found:
        total.update(one.counted)
    return total
