"""Tallies: sums over postings, by any dimensions, as of any day, as known at any time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

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

    def without(self, dimension: str) -> "Tally":
        """The tally without one of its dimensions, summed over that."""
        rest = tuple(one for one in self.by if one != dimension)
        return replace(self, by=rest, cells=tuple(Cell(key, quantity) for key, quantity in self.sums(*rest).items()))


def tally(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue | None = None) -> Tally:
    """Count what is in scope by the dimensions asked for.

    Cells come in the order of the catalogue, the headings in their publisher's order; cells of nothing
    are left out. Verifications that are not in scope are counted beside, never in a cell. ``known`` is the
    catalogue to read with, where the caller has it already.
    """
    known = known or catalogue(connection, known_on=scope.known_on)
    beside = Beside(merged=merged(connection, scope, known))
    sums: Counter[Key] = Counter()
    for group in _grouped(connection, scope, by, known):
        if group.verification not in scope.verifications:
            beside.verifications[group.verification] += group.quantity
            continue
        sums[group.key] += group.quantity
        beside.counted[group.side] += group.quantity
        beside.itemised[group.side] += group.quantity if group.counts == Counts.ITEM else 0
        beside.feeds[known.top("side", group.side), group.feed] += group.quantity
        beside.inferred += group.quantity if group.inferred else 0
        beside.undated += group.undated
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
    undated: int


_INDEXED = ("side_id", "category_id", "feed_id", "verification", "counts", "inferred", "status", "type_id")
"""By any beginning of this, groups come as they stand in the index, and nothing has to be sorted."""

_CAPTION = ("side_id", "feed_id", "verification", "counts", "inferred")
"""What every tally is grouped by, for what its caption says."""

_COLUMNS_OF = {
    "side": ("side_id",),
    "category": ("category_id",),
    "group": ("category_id",),
    "type": ("type_id",),
    "status": ("status",),
    "verification": ("verification",),
    "feed": ("feed_id",),
    **dict.fromkeys(PERIODS, ("loss_day", "span")),
}


def _grouped(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue) -> Iterable[_Group]:
    """The sums by key, and by what the caption needs beside: one statement for everything."""
    names = _columns(by)
    columns = [posting.c[name] for name in names]
    everything = func.sum(posting.c.quantity)
    limits = days(scope)
    statement = (
        select(
            everything.filter(*limits) if limits else everything,
            everything.filter(posting.c.loss_day.is_(None)),
            *columns,
        )
        .where(*postings_in_scope(scope, known))
        .group_by(*columns)
    )
    sides, feeds = _slugs(known, "side"), _slugs(known, "feed")
    at = {name: place for place, name in enumerate(names, 2)}
    side, feed, verification, counts, inferred = (at[name] for name in _CAPTION)
    parts = [_reader(dimension, [at[name] for name in _COLUMNS_OF[dimension]], known) for dimension in by]
    for row in connection.execute(statement):
        yield _Group(
            tuple([part(row) for part in parts]),
            sides[row[side]],
            feeds[row[feed]],
            row[verification],
            row[counts],
            row[inferred],
            int(row[0] or 0),
            int(row[1] or 0),
        )


def _columns(by: Sequence[str]) -> tuple[str, ...]:
    """What to group by: a beginning of the index, finer than asked for where that saves the sorting.

    Only periods, of which a ledger has too many for that, are grouped by what is needed and no more.
    """
    needed = {*_CAPTION, *(name for dimension in by for name in _COLUMNS_OF[dimension])}
    if needed <= set(_INDEXED):
        return _INDEXED[: max(map(_INDEXED.index, needed)) + 1]
    return tuple(name for name in (*_INDEXED, "loss_day", "span") if name in needed)


Reader = Callable[[Sequence[Any]], str | None]


def _reader(dimension: str, at: Sequence[int], known: Catalogue) -> Reader:
    """How a part of a cell's key is read from a row that has the dimension's columns at these places."""
    if dimension in PERIODS:
        once = cache(partial(_period, unit=dimension))
        return lambda row: once(row[at[0]], row[at[1]])
    place = at[0]
    if dimension in ("status", "verification"):
        return itemgetter(place)
    if dimension == "group":
        groups = {term.id: term.within for term in known.terms["category"].values()}
        return lambda row: groups.get(row[place])
    slugs = _slugs(known, dimension)
    return lambda row: slugs.get(row[place])


def _slugs(known: Catalogue, kind: str) -> dict[int, str]:
    return {term.id: term.slug for term in known.terms[kind].values()}


def _period(day: object, span: object, unit: str) -> str:
    if day is None or not same_period(minus_days(str(day), int(str(span))), str(day), unit):
        return DAY_NOT_GIVEN
    return period(str(day), unit)


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
