"""One loss against the ledger: which others it may be. `duplicates` compares all of them, and takes longer."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import Connection, select

from lossledger.core.names import fold
from lossledger.core.sameness import Ground, Pair, Reach, Seen, km_apart, paired, score
from lossledger.db.tables import evidence, loss
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.duplicates import (
    COLUMNS,
    NOT_TWICE,
    REACH,
    WHOLE_LIST,
    Sight,
    behind,
    finely_dated,
    trees_of,
)

_LOOKED_AT = 200
"""With how many losses of the same days one is compared at most: the latest."""


class Resembling:
    """Finds what losses may be, one at a time; the catalogue is read once."""

    def __init__(self, connection: Connection, known: Catalogue, reach: Reach = REACH) -> None:
        self._connection, self._reach = connection, reach
        self._sight, self._trees = Sight(known), trees_of(known)

    def of(self, uid: str, besides: Collection[str] = ()) -> list[Pair]:
        """The pairs that a loss makes with others, the likeliest first; without those ``besides``.

        They share a link, or lie near in days and place: a place that is told in words is no other place where the
        words are the same, or where one of the two has none.
        """
        place, *row = self._connection.execute(select(loss.c.place, *COLUMNS).where(loss.c.uid == uid)).one()
        new = self._sight.seen(row)
        found: dict[str, Pair] = {}
        for other, ground in (*self._behind_its_links(new), *self._near(new, place)):
            points = score(new, other, ground, self._trees, self._reach)
            if points and other.uid not in found and other.uid not in besides and other.uid != uid:
                found[other.uid] = paired(new, other, ground, points, self._trees)
        return sorted(found.values(), key=lambda pair: -pair.score)

    def _behind_its_links(self, new: Seen) -> Iterator[tuple[Seen, Ground]]:
        its_links = select(evidence.c.source_id).where(evidence.c.loss_id == new.id)
        statement = behind(select(*COLUMNS)).where(evidence.c.source_id.in_(its_links), *NOT_TWICE)
        rows = self._connection.execute(statement.order_by(loss.c.id).limit(WHOLE_LIST + 1)).all()
        if len(rows) <= WHOLE_LIST:
            yield from ((self._sight.seen(row), Ground.LINK) for row in rows)

    def _near(self, new: Seen, place: str | None) -> Iterator[tuple[Seen, Ground]]:
        if new.first is None or new.last is None or new.type is None or new.last - new.first > self._reach.days:
            return
        sides, types = self._kin(new.side, "side"), self._kin(new.type, "type")
        earliest = date.fromordinal(new.first) - timedelta(days=self._reach.days)
        latest = date.fromordinal(new.last) + timedelta(days=2 * self._reach.days)
        statement = (
            select(loss.c.place, *COLUMNS)
            .where(loss.c.side_id.in_(sides), loss.c.type_id.in_(types), *NOT_TWICE, *finely_dated(self._reach))
            .where(loss.c.day.between(earliest.isoformat(), latest.isoformat()))
            .order_by(loss.c.id.desc())
            .limit(_LOOKED_AT)
        )
        for its_place, *row in self._connection.execute(statement):
            other = self._sight.seen(row)
            elsewhere = place and its_place and fold(place) != fold(its_place)
            if not elsewhere or km_apart(new, other) is not None:
                yield other, Ground.NEAR

    def _kin(self, id_: int, kind: str) -> list[int]:
        """The row ids of a term, of those under it and above it, and of what was merged into one of them."""
        kept, lines = (
            (self._sight.sides, self._trees.sides) if kind == "side" else (self._sight.types, self._trees.types)
        )
        return [own for own, now in kept.items() if now in lines[id_] or id_ in lines[now]]
