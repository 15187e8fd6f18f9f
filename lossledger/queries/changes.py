"""What became of a tally between two points: the losses that moved it, each with its cause, and those that did not.

A tally is a sum of postings, so the difference of two tallies is the postings that only one of them holds: those of
the entries between the points, and of earlier entries those whose day, or whose place in the catalogue, is in scope
at one point only. Every such posting is read and belongs to one loss; so the changes always add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.fields import State
from lossledger.core.trail import loss_day
from lossledger.core.vocabulary import RECOVERED
from lossledger.db.tables import posting, source
from lossledger.queries.causes import (
    Cause,
    Difference,
    Row,
    came,
    cause_of,
    differences,
    held_back,
    present,
    row_here,
    told_by_list,
)
from lossledger.queries.ends import Ends, touched
from lossledger.queries.history import head
from lossledger.queries.moves import NOTHING, Cell, Moves, moves_between
from lossledger.queries.points import Point, View
from lossledger.queries.scope import Scope, days, postings_in_scope
from lossledger.queries.tallies import Tally, tally


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one loss between two points.

    ``cause`` is None where it moved nothing. ``row`` is what became of it as a row: as its list tells it, where the
    list says otherwise than before (``by_list``), else by its fields here; None where the journal did not touch it.
    ``differences`` are those of its fields here, ``listed`` those of the list's own words, and ``held`` names which
    of the latter did not pass, since a person here has said otherwise ("gone" where the list no longer has it).
    ``about`` has the loss's fields as they are at the end, or were before it went; of one that the journal did not
    touch only those that it counts by.
    """

    uid: str
    cause: Cause | None
    row: Row | None
    moves: Mapping[Cell, int]
    about: State
    differences: tuple[Difference, ...] = ()
    listed: tuple[Difference, ...] = ()
    by_list: bool = False
    held: frozenset[str] = frozenset()

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
    moves = moves_between(connection, before, after)
    ends = touched(connection, start.known_on, end.known_on)
    last_day = _last_day(connection, before)
    looked = _Looked(before, after, last_day, _links(connection, ends.values()))
    found = [
        change
        for uid in dict.fromkeys([*ends, *moves])
        if (change := _change(uid, moves.get(uid, NOTHING), ends.get(uid), looked))
    ]
    rank = {cause: place for place, cause in enumerate([*Cause, None])}
    found.sort(key=lambda change: rank[change.cause])
    tallies = [tally(connection, side.scope, ("side", "feed"), side.known) for side in sides]
    return Changes(tallies[0], tallies[1], tuple(found), last_day)


_AT_ONCE = 1_000
"""How many sources are asked for in one statement."""


def _links(connection: Connection, of_losses: Iterable[Ends]) -> dict[str, str]:
    """What the sources of evidence that losses have at one end only are known by: their links, or else their titles."""
    cited = {
        uid
        for ends in of_losses
        if ends.before
        for path, uid in ends.before.items() ^ ends.after.items()
        if path.startswith("evidence.") and path.endswith(".source")
    }
    found: dict[str, str] = {}
    wanted = sorted(cited)
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = source.c.uid.in_(wanted[start : start + _AT_ONCE])
        statement = select(source.c.uid, source.c.url, source.c.title).where(chosen)
        found |= {uid: url or title for uid, url, title in connection.execute(statement) if url or title}
    return found


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


class _Looked(NamedTuple):
    """What every loss is looked at with: both points, the last day of the first tally, what sources are known by."""

    before: View
    after: View
    last_day: str | None
    links: Mapping[str, str]


def _change(uid: str, moves: Moves, ends: Ends | None, looked: _Looked) -> Change | None:
    """What became of a loss; None where it moved nothing and is no other row than it was."""
    if ends is not None and (looked.before.lists(ends.before) or looked.after.lists(ends.after)):
        own = differences(ends, looked.links)
        by_list, listed = told_by_list(ends)
        row = by_list or row_here(ends, own)
        if row is not None:
            cause, own = _explained(moves, ends, own, looked)
            about = ends.after if present(ends.after) else ends.before
            held = held_back(ends) if by_list and ends.before else frozenset()
            return Change(uid, cause, row, moves.cells, about, own, listed, by_list is not None, held)
    return _moved_by_itself(uid, moves, looked) if moves.cells else None


def _explained(
    moves: Moves, ends: Ends, own: tuple[Difference, ...], looked: _Looked
) -> tuple[Cause | None, tuple[Difference, ...]]:
    """Why a loss moved that the journal touched, and what differs in it; no cause where it moved nothing."""
    if not moves.cells:
        return None, own
    cause = _cause(ends, {difference.field for difference in own}, looked)
    if cause is not None:
        return cause, own
    cause, why = _by_itself(moves, looked)
    return cause, (*why, *own)


def _moved_by_itself(uid: str, moves: Moves, looked: _Looked) -> Change:
    cause, why = _by_itself(moves, looked)
    return Change(uid, cause, None, moves.cells, _about(moves), why)


def _about(moves: Moves) -> State:
    """What is known of a loss from where it stands in the tally, or stood."""
    last = max(moves.cells, key=lambda cell: moves.cells[cell])
    return {name: str(value) for name, value in last._asdict().items() if value is not None}


def _cause(ends: Ends, fields: set[str], looked: _Looked) -> Cause | None:
    """Why a loss moved that the journal touched: what was done to it, unless it happened between the days."""
    before, after, last_day, _ = looked
    day = loss_day(ends.after).day
    known = present(ends.before) and present(ends.after)
    if known and loss_day(ends.before).day == day and not before.of_day(day, day) and after.of_day(day, day):
        return came(last_day, day)

    def over(field: str) -> bool:
        return before.holds(field, ends.before) != after.holds(field, ends.after)

    return cause_of(ends, fields, over, last_day, day)


def _by_itself(moves: Moves, looked: _Looked) -> tuple[Cause, tuple[Difference, ...]]:
    """Why a loss moved to which nothing was done: days went by, or the catalogue moved under it."""
    came_in, left = ([cell for cell, quantity in moves.cells.items() if quantity * sign > 0] for sign in (1, -1))
    if not moves.by_day:
        cell = (came_in or left)[0]
        return Cause.SCOPE, tuple(_shifts(cell, looked.before, looked.after))
    if not left:
        return came(looked.last_day, came_in[0].loss_day), ()
    standing = came_in[0].status if came_in else RECOVERED
    return Cause.STATUS, (Difference("stood as", left[0].status, standing),)


def _shifts(cell: Cell, before: View, after: View) -> Iterable[Difference]:
    """Where the terms that a loss stands under were in the catalogue, and are; None where they are not in scope."""
    sides = (before, after)
    for kind, slug in (("side", cell.side), ("category", cell.category), ("type", cell.type)):
        if slug is not None and before.place(kind, slug) != after.place(kind, slug):
            places = [(place or slug) if inside else None for inside, place in (one.place(kind, slug) for one in sides)]
            yield Difference(f"{kind} counted under", *places)
