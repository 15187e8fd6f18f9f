"""What became of a tally between two points: the losses that moved it, each with its cause, and those that did not.

A tally is a sum of postings, so the difference of two tallies is the postings that only one of them holds: those of
the entries between the points, and of earlier entries those whose day, or whose place in the catalogue, is in scope
at one point only. Every such posting is read and belongs to one loss; so the changes always add up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold
from lossledger.core.records import ACT_FIELDS
from lossledger.core.trail import loss_day
from lossledger.core.vocabulary import RECOVERED, Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.causes import Cause, Difference, Ends, Row, came, cause_of, differences, present, row_of
from lossledger.queries.history import head
from lossledger.queries.points import Point, View
from lossledger.queries.scope import Scope, days, postings_in_scope
from lossledger.queries.tallies import Tally, tally


class Cell(NamedTuple):
    """Where a posting stands in the tallies, by slugs. ``top`` and ``group`` are those of its point."""

    side: str
    category: str
    type: str | None
    status: str
    verification: str
    feed: str
    counts: str
    loss_day: str | None
    span: int
    inferred: int
    top: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one loss between two points.

    ``cause`` is None where it moved nothing, ``row`` None where the journal did not touch it. ``about`` has the
    loss's fields as they are at the end, or were before it went; of one that the journal did not touch only those
    that it counts by.
    """

    uid: str
    cause: Cause | None
    row: Row | None
    moves: Mapping[Cell, int]
    differences: tuple[Difference, ...]
    about: State

    @property
    def plus(self) -> int:
        """The items that it brings into cells of the tally."""
        return sum(quantity for quantity in self.moves.values() if quantity > 0)

    @property
    def minus(self) -> int:
        """The items that it takes out of cells of the tally, as a number of nothing or more."""
        return self.plus - self.net

    @property
    def net(self) -> int:
        """By how much it changes the whole."""
        return sum(self.moves.values())


@dataclass(frozen=True, slots=True)
class Changes:
    """Two tallies, and every loss that changed from one to the other: by cause, then in the journal's order.

    ``last_day`` is the latest day of a loss in the first tally: what has come since, of a day up to that, was
    back-filled.
    """

    before: Tally
    after: Tally
    found: tuple[Change, ...]
    last_day: str | None

    @property
    def moved(self) -> list[Change]:
        """The losses that changed a cell of the tally."""
        return [change for change in self.found if change.cause is not None]


def changes(connection: Connection, scope: Scope, start: Point, end: Point) -> Changes:
    """The losses that changed a tally in scope between two points, and those that changed without moving it.

    The points' days and entries stand in for those of the scope. The moves of all losses add up to the second tally
    less the first, cell by cell, in every dimension. Losses that moved nothing are those in scope by side, heading,
    type and feed at either end, whatever is believed of them.
    """
    last = head(connection)
    newest = last.number if last else 0
    sides = [View(connection, scope, point, newest) for point in (start, end)]
    before, after = sides
    moves = _moves(connection, before, after)
    touched = _touched(connection, start.known_on, end.known_on)
    last_day = _last_day(connection, before)
    found = [
        change
        for uid in dict.fromkeys([*touched, *moves])
        if (change := _change(uid, moves.get(uid, _NOTHING), touched.get(uid), before, after, last_day))
    ]
    rank = {cause: place for place, cause in enumerate([*Cause, None])}
    found.sort(key=lambda change: rank[change.cause])
    tallies = [tally(connection, side.scope, ("side", "feed"), side.known) for side in sides]
    return Changes(tallies[0], tallies[1], tuple(found), last_day)


class _Moves(NamedTuple):
    """What the postings of one loss move, and whether some of them do because of their day."""

    cells: Mapping[Cell, int]
    by_day: bool


_NOTHING = _Moves({}, by_day=False)


def _moves(connection: Connection, before: View, after: View) -> dict[str, _Moves]:
    """The postings that stand in one tally only, or in another place of it, netted by loss and cell."""
    cells: dict[str, Counter[Cell]] = {}
    by_day: set[str] = set()
    sides = ((before, -1), (after, 1))
    slugs = {kind: _slugs(kind, before.known, after.known) for kind in ("side", "category", "type", "feed")}
    for row in connection.execute(_candidates(before, after)):
        within = [
            row.entry <= side.point.known_on
            and side.of_terms(row)
            and side.of_words(row.status, row.verification)
            and side.of_day(row.day, row.loss_day)
            for side, _ in sides
        ]
        if not any(within):
            continue
        if row.entry <= before.point.known_on and len({side.of_day(row.day, row.loss_day) for side, _ in sides}) > 1:
            by_day.add(row.uid)
        own = cells.setdefault(row.uid, Counter())
        named = tuple(slugs[kind].get(row[place]) for kind, place in _TERMS)
        for (side, sign), inside in zip(sides, within, strict=True):
            if inside:
                own[_cell(row, named, side)] += sign * row.quantity
    netted = {uid: {cell: quantity for cell, quantity in own.items() if quantity} for uid, own in cells.items()}
    return {uid: _Moves(own, uid in by_day) for uid, own in netted.items() if own}


def _cell(row: Any, named: tuple[Any, ...], side: View) -> Cell:
    own_side, category, type_, feed = named
    return Cell(
        own_side, category, type_, row.status, row.verification, feed, row.counts, row.loss_day, row.span,
        row.inferred, side.top(own_side), side.groups.get(category),
    )  # fmt: skip


_COLUMNS = ("entry", "quantity", "side_id", "category_id", "type_id", "feed_id", "status", "verification", "counts")
_DAY_COLUMNS = ("day", "loss_day", "span", "inferred")
_TERMS = tuple((kind, 1 + _COLUMNS.index(f"{kind}_id")) for kind in ("side", "category", "type", "feed"))
"""The kinds whose terms a posting stands under, each with its place in a row of `_candidates`."""


def _candidates(before: View, after: View) -> Select[Any]:
    """Every posting that may stand in one tally only; in most cases, those of the entries between the points."""
    first, last = sorted((before.point.known_on, after.point.known_on))
    return (
        select(loss.c.uid, *(posting.c[name] for name in (*_COLUMNS, *_DAY_COLUMNS)))
        .join(loss, loss.c.id == posting.c.loss_id)
        .where(posting.c.entry <= last, or_(posting.c.entry > first, *_shifted(before, after)))
        .order_by(posting.c.entry, posting.c.line)
    )


def _shifted(before: View, after: View) -> Iterable[ColumnElement[bool]]:
    """The conditions for postings that both points know, and that may not stand alike in both."""
    for kind in ("side", "category", "type"):
        both = before.known.terms[kind].keys() & after.known.terms[kind].keys()
        moved = [slug for slug in both if before.place(kind, slug) != after.place(kind, slug)]
        if moved:
            terms = before.known.terms[kind]
            yield posting.c[f"{kind}_id"].in_(sorted(terms[slug].id for slug in moved))
    first, last = sorted((before.point.as_of, after.point.as_of), key=lambda day: (day is None, day or ""))
    if first != last:
        # Without a last day, all days are meant, and the undated with them.
        yield posting.c.day > first
        if last is None:
            yield posting.c.day.is_(None)


def _slugs(kind: str, *known: Catalogue) -> dict[int, str]:
    return {term.id: term.slug for one in known for term in one.terms[kind].values()}


def _touched(connection: Connection, first: int, last: int) -> dict[str, Ends]:
    """The losses with entries between two points, as they were at each, in the journal's order."""
    first, last = sorted((first, last))
    mine = (entries.c.kind == "loss") & (entries.c.number <= last)
    between = select(entries.c.subject).where(mine, entries.c.number > first)
    # What a feed last said of a row is long and is not compared; that it lists it no longer is.
    wanted = details.c.field.not_in(ACT_FIELDS) & (
        details.c.field.not_like("row.%") | details.c.field.like("row.%.gone")
    )
    columns = (details.c.field, details.c.value, details.c.salt, details.c.digest)
    statement = (
        select(entries.c.subject, entries.c.number, entries.c.act, *columns)
        .join(details, details.c.entry == entries.c.number)
        .where(mine, entries.c.subject.in_(between), wanted)
        .order_by(entries.c.subject, entries.c.number)
    )
    found: dict[str, tuple[int, Ends]] = {}
    for uid, of_loss in groupby(connection.execute(statement), key=itemgetter(0)):
        before: State = {}
        state: State = {}
        split, since = False, 0
        for (number, act), of_entry in groupby(of_loss, key=itemgetter(1, 2)):
            if number > first:
                split |= act == Act.SPLIT
                since = since or number
            state = fold(state, (Detail(*row[3:]) for row in of_entry))
            if number <= first:
                before = state
        if since:
            found[uid] = since, Ends(before, state, split)
    return {uid: ends for uid, (_, ends) in sorted(found.items(), key=lambda item: item[1][0])}


def _last_day(connection: Connection, before: View) -> str | None:
    """The latest day of a loss that the first tally counts; None where none has a day."""
    standing = (
        select(posting.c.loss_day)
        .where(*postings_in_scope(before.scope, before.known), *days(before.scope))
        .where(posting.c.verification.in_(before.scope.verifications), posting.c.loss_day.is_not(None))
        .group_by(posting.c.loss_day)
        .having(func.sum(posting.c.quantity) > 0)
    )
    return connection.scalar(standing.order_by(posting.c.loss_day.desc()).limit(1))


def _change(
    uid: str, moves: _Moves, ends: Ends | None, before: View, after: View, last_day: str | None
) -> Change | None:
    """What became of a loss; None where it moved nothing and is no other row than it was."""
    row = None if ends is None or not (before.lists(ends.before) or after.lists(ends.after)) else row_of(ends)
    if row is None and not moves.cells:
        return None
    cause: Cause | None = None
    own: tuple[Difference, ...] = ()
    about = _about(moves)
    if ends is not None and row is not None:
        # Of what is new, every field is.
        own = differences(ends) if ends.before else ()
        about = ends.after if present(ends.after) else ends.before
        cause = _cause(ends, before, after, last_day) if moves.cells else None
    if moves.cells and cause is None:
        cause, why = _by_itself(moves, before, after, last_day)
        own = (*why, *own)
    return Change(uid, cause, row, moves.cells, own, about)


def _about(moves: _Moves) -> State:
    """What is known of a loss from where it stands in the tally, or stood."""
    if not moves.cells:
        return {}
    last = max(moves.cells, key=lambda cell: moves.cells[cell])
    return {name: str(value) for name, value in last._asdict().items() if value is not None}


def _cause(ends: Ends, before: View, after: View, last_day: str | None) -> Cause | None:
    """Why a loss moved that the journal touched: what was done to it, unless it happened between the days."""
    day = loss_day(ends.after).day
    known = present(ends.before) and present(ends.after)
    if known and loss_day(ends.before).day == day and not before.of_day(day, day) and after.of_day(day, day):
        return came(last_day, day)
    return cause_of(
        ends, lambda field: before.holds(field, ends.before) != after.holds(field, ends.after), last_day, day
    )


def _by_itself(moves: _Moves, before: View, after: View, last_day: str | None) -> tuple[Cause, tuple[Difference, ...]]:
    """Why a loss moved to which nothing was done: days went by, or the catalogue moved under it."""
    came_in, left = ([cell for cell, quantity in moves.cells.items() if quantity * sign > 0] for sign in (1, -1))
    if not moves.by_day:
        cell = (came_in or left)[0]
        return Cause.SCOPE, tuple(_shifts(cell, before, after))
    if not left:
        return came(last_day, came_in[0].loss_day), ()
    standing = came_in[0].status if came_in else RECOVERED
    return Cause.STATUS, (Difference("stood as", left[0].status, standing),)


def _shifts(cell: Cell, before: View, after: View) -> Iterable[Difference]:
    """Where the terms that a loss stands under were in the catalogue, and are; None where they are not in scope."""
    sides = (before, after)
    for kind, slug in (("side", cell.side), ("category", cell.category), ("type", cell.type)):
        if slug is not None and before.place(kind, slug) != after.place(kind, slug):
            places = [(place or slug) if inside else None for inside, place in (one.place(kind, slug) for one in sides)]
            yield Difference(f"{kind} counted under", *places)
