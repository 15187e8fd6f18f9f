"""The postings that stand in one of two tallies only, or in another place of it: by loss and by cell."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.points import View


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


class Moves(NamedTuple):
    """What the postings of one loss move, and whether some of them do because of their day."""

    cells: Mapping[Cell, int]
    by_day: bool


NOTHING = Moves({}, by_day=False)


def moves_between(connection: Connection, before: View, after: View) -> dict[str, Moves]:
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
    return {uid: Moves(own, uid in by_day) for uid, own in netted.items() if own}


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
