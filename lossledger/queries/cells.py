"""What a tally is summed from: postings grouped along their index, and how a cell's key is read from such a row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.days import minus_days, period, same_period
from lossledger.db.tables import posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.scope import Scope, days, postings_in_scope

PERIODS = ("day", "week", "month", "year")

DAY_NOT_GIVEN = "day not given"
"""The period of a loss that is not dated finely enough."""

Key = tuple[str | None, ...]
"""What a cell is counted under, in the order of a tally's dimensions."""


class Group(NamedTuple):
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


def groups(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue) -> Iterator[Group]:
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
    key_of = key_reader(by, at, known)
    for row in connection.execute(statement):
        yield Group(
            key_of(row),
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
    needed = {*_CAPTION, *key_columns(by)}
    if needed <= set(_INDEXED):
        return _INDEXED[: max(map(_INDEXED.index, needed)) + 1]
    return tuple(name for name in (*_INDEXED, "loss_day", "span") if name in needed)


def key_columns(by: Sequence[str]) -> tuple[str, ...]:
    """The columns of a posting from which the keys of some dimensions are read, each once."""
    return tuple(dict.fromkeys(name for dimension in by for name in _COLUMNS_OF[dimension]))


def key_reader(by: Sequence[str], at: Mapping[str, int], known: Catalogue) -> Callable[[Sequence[Any]], Key]:
    """What reads a cell's key from a row that has the columns of its dimensions ``at`` these places."""
    parts = [_reader(dimension, [at[name] for name in _COLUMNS_OF[dimension]], known) for dimension in by]
    return lambda row: tuple([part(row) for part in parts])


def _reader(dimension: str, at: Sequence[int], known: Catalogue) -> Callable[[Sequence[Any]], str | None]:
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
