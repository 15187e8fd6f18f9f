"""Tallies: sums over postings, by any dimensions, as of any day, as known at any time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from lossledger.core.days import minus_days, period, same_period
from lossledger.core.vocabulary import Counts, Status, Verification
from lossledger.db.tables import entry as entries
from lossledger.db.tables import posting
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.merged import merged
from lossledger.queries.scope import Scope, days, postings_in_scope

PERIODS = ("day", "week", "month", "year")
DIMENSIONS = (
    "side",
    "category",
    "group",
    "type",
    "status",
    "verification",
    "feed",
    *PERIODS,
)
"""What a tally can be taken by. Rows by side are disjoint: Artsakh's are not in Armenia's."""

DAY_NOT_GIVEN = "day not given"
"""The period of a loss that is not dated finely enough."""

Key = tuple[str | None, ...]


class Cell(NamedTuple):
    """One sum: its key in the order of the tally's dimensions, and how many items it stands for."""

    key: Key
    quantity: int


@dataclass(slots=True)
class Beside:
    """What a tally's caption has to say beside its cells, all in items."""

    counted: Counter[str] = field(default_factory=Counter)
    """What the cells hold, by side."""
    itemised: Counter[str] = field(default_factory=Counter)
    """How much of that is single things seen, by side."""
    verifications: Counter[str] = field(default_factory=Counter)
    """What stands in scope under verifications that are not counted."""
    feeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What the cells hold, by side at the top of its tree and feed."""
    inferred: int = 0
    undated: int = 0
    merged: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The cells of a tally by its dimensions, what stands beside them, and the catalogue they were read with."""

    scope: Scope
    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    beside: Beside
    catalogue: Catalogue

    @property
    def total(self) -> int:
        """The sum over all cells."""
        return sum(cell.quantity for cell in self.cells)

    @property
    def several_feeds(self) -> bool:
        """Whether some side stands in more than one feed, so that its feeds must not be summed unasked."""
        sides = [side for (side, _), quantity in self.beside.feeds.items() if quantity]
        return len(sides) > len(set(sides))

    def sums(self, *dimensions: str) -> dict[Key, int]:
        """The cells summed to some of the dimensions, in the order of the cells."""
        at = [self.by.index(dimension) for dimension in dimensions]
        found: dict[Key, int] = {}
        for cell in self.cells:
            key = tuple(cell.key[place] for place in at)
            found[key] = found.get(key, 0) + cell.quantity
        return found


def tally(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue | None = None) -> Tally:
    """Count what is in scope by the dimensions asked for.

    Cells come in the order of the catalogue, the headings in their publisher's order; cells of nothing
    are left out. Verifications that are not in scope are counted beside, never in a cell. ``known`` is the
    catalogue to read with, where the caller has it already.
    """
    known = known or catalogue(connection, known_on=scope.known_on)
    grouped = _grouped(connection, scope, by, known)
    beside = Beside()
    sums: Counter[Key] = Counter()
    for group in grouped:
        if group.verification not in scope.verifications:
            beside.verifications[group.verification] += group.quantity
            continue
        sums[group.key] += group.quantity
        beside.counted[group.side] += group.quantity
        beside.itemised[group.side] += group.quantity if group.counts == Counts.ITEM else 0
        beside.feeds[known.top("side", group.side), group.feed] += group.quantity
        beside.inferred += group.quantity if group.inferred else 0
    beside.undated = _undated(connection, scope, known)
    beside.merged = merged(connection, scope, known)
    order = _order(by, known)
    cells = (Cell(key, quantity) for key, quantity in sums.items() if quantity)
    return Tally(
        scope,
        tuple(by),
        tuple(sorted(cells, key=lambda cell: order(cell.key))),
        beside,
        known,
    )


def entry_known_on(connection: Connection, instant: str) -> int:
    """The number of the last entry that was recorded by a UTC instant; 0 where there was none yet."""
    statement = select(entries.c.number).where(entries.c.recorded_at <= instant)
    return connection.scalar(statement.order_by(entries.c.number.desc()).limit(1)) or 0


class _Group(NamedTuple):
    """A row of the one statement that everything is counted from."""

    key: Key
    side: str
    feed: str
    verification: str
    counts: str
    inferred: bool
    quantity: int


def _grouped(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue) -> Iterable[_Group]:
    """The sums by key, and by what the caption needs beside: one statement for everything."""
    names = list(dict.fromkeys(name for dimension in ("side", "feed", *by) for name in _COLUMN_OF[dimension]))
    fixed = ("verification", "counts", "inferred")
    columns = [posting.c[name] for name in (*names, *fixed)]
    statement = (
        select(*columns, func.sum(posting.c.quantity))
        .where(and_(*postings_in_scope(scope, known), *days(scope)))
        .group_by(*columns)
    )
    sides, feeds = known.by_id("side"), known.by_id("feed")
    key_of = _reader(by, names, known)
    for row in connection.execute(statement):
        verification, counts, inferred, quantity = row[len(names) :]
        key = key_of((*row[: len(names)], verification))
        side, feed = sides[row[0]].slug, feeds[row[1]].slug
        yield _Group(key, side, feed, verification, counts, inferred, int(quantity))


_COLUMN_OF = {
    "side": ("side_id",),
    "category": ("category_id",),
    "group": ("category_id",),
    "type": ("type_id",),
    "status": ("status",),
    "verification": (),
    "feed": ("feed_id",),
    **dict.fromkeys(PERIODS, ("loss_day", "span")),
}


def _reader(by: Sequence[str], names: Sequence[str], known: Catalogue) -> Callable[[Sequence[object]], Key]:
    """How a row's columns become the key of a cell."""
    terms = {kind: known.by_id(kind) for kind in ("side", "category", "type", "feed")}

    def read(dimension: str, row: dict[str, object]) -> str | None:
        if dimension in PERIODS:
            return _period(row["loss_day"], row["span"], dimension)
        if dimension in ("status", "verification"):
            return str(row[dimension])
        kind = "category" if dimension == "group" else dimension
        found = terms[kind].get(row[f"{kind}_id"])  # type: ignore[call-overload]
        if found is None:
            return None
        return found.within if dimension == "group" else found.slug

    def key_of(row: Sequence[object]) -> Key:
        named = dict(zip((*names, "verification"), row, strict=True))
        return tuple(read(dimension, named) for dimension in by)

    return key_of


def _period(day: object, span: object, unit: str) -> str:
    if day is None or not same_period(minus_days(str(day), int(str(span))), str(day), unit):
        return DAY_NOT_GIVEN
    return period(str(day), unit)


def _undated(connection: Connection, scope: Scope, known: Catalogue) -> int:
    """How many items of the counted verifications have no day: left out where a day is asked for."""
    statement = select(func.sum(posting.c.quantity)).where(
        and_(*postings_in_scope(scope, known)),
        posting.c.loss_day.is_(None),
        posting.c.verification.in_(scope.verifications),
    )
    return int(connection.scalar(statement) or 0)


def _order(by: Sequence[str], known: Catalogue) -> Callable[[Key], tuple[tuple[int, str], ...]]:
    """Sort keys: terms in the catalogue's order, words in their vocabulary's, periods by time."""
    ranks: dict[str, dict[str, int]] = {
        "status": {status: place for place, status in enumerate(Status)},
        "verification": {verification: place for place, verification in enumerate(Verification)},
        "group": {},
    }
    for dimension in by:
        kind = "category" if dimension == "group" else dimension
        if kind in known.terms:
            for place, term in enumerate(known.ordered(kind)):
                name = term.within if dimension == "group" else term.slug
                ranks.setdefault(dimension, {}).setdefault(str(name), place)

    def order(key: Key) -> tuple[tuple[int, str], ...]:
        return tuple(
            (
                ranks.get(dimension, {}).get(str(part), 1_000_000 if part in (None, DAY_NOT_GIVEN) else 0),
                str(part),
            )
            for dimension, part in zip(by, key, strict=True)
        )

    return order
