"""Published tallies: what others count, and what we count in the same scope."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from lossledger.core.vocabulary import ITEMS, Bound, PublishedKind, Span
from lossledger.db.tables import SUBJECTS
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.scope import Scope
from lossledger.queries.spellings import Spellings
from lossledger.queries.stated import Counted, Rows
from lossledger.queries.tallies import tally


class Published(NamedTuple):
    """Somebody else's count. Sides, feeds and headings are slugs; ``quantity`` is in ``unit``."""

    uid: str
    kind: str
    conflict: str
    side: str | None
    own: bool
    feed: str | None
    counted_by: str
    wording: str | None
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    span: str
    since: str | None
    as_of: str | None
    inferred: bool
    unit: str
    quantity: int | None
    bound: str
    caveat: str | None
    entered: bool
    accepted: str | None
    place: str | None
    """Where a list states it of itself, in the file that it was read from."""

    @property
    def of_list(self) -> bool:
        """Whether a list states it of its own rows, which is what it is compared with."""
        return self.feed is not None and self.place is not None

    @property
    def comparable(self) -> bool:
        """Whether it counts things, so that a count of ours can stand beside it."""
        return self.unit == ITEMS and self.quantity is not None

    def scope(self) -> Scope:
        """The scope in which we count what they counted: confirmed losses of their side, headings and period."""
        increment = self.span == Span.INCREMENT
        return Scope(
            conflict=self.conflict,
            side=self.side,
            own=self.own,
            categories=self.categories,
            groups=self.groups,
            types=self.types,
            statuses=self.statuses,
            feeds=(self.feed,) if self.feed else (),
            as_of=None if increment else self.as_of,
            since=self.since,
            until=self.as_of if increment else None,
        )


class Compared(NamedTuple):
    """A published tally with our count in its scope; None where the two cannot be compared."""

    published: Published
    ours: int | None

    @property
    def difference(self) -> int | None:
        """Ours less theirs."""
        if self.ours is None or self.published.quantity is None:
            return None
        return self.ours - self.published.quantity

    @property
    def holds(self) -> bool:
        """Whether our count is what theirs says, as exactly as it says it."""
        difference = self.difference
        if difference is None or self.published.bound == Bound.ABOUT:
            return True
        allowed = {Bound.AT_LEAST: difference >= 0, Bound.AT_MOST: difference <= 0}
        return allowed.get(Bound(self.published.bound), difference == 0)

    @property
    def verdict(self) -> str:
        """In words: a claim is shown beside ours; an assertion was entered from, holds, is accepted, or differs."""
        if self.published.kind == PublishedKind.CLAIM:
            return "claim"
        if not self.published.comparable or self.ours is None:
            return "not comparable"
        if self.published.entered:
            return "entered from it" if self.holds else "entered from it, but differs"
        if self.holds:
            return "holds"
        return "differs, accepted" if self.published.accepted else "differs"

    @property
    def is_finding(self) -> bool:
        """Whether it is to be mended or explained."""
        return self.verdict in ("differs", "entered from it, but differs") and not self.published.accepted


def published(connection: Connection, conflict: str) -> list[Published]:
    """The published tallies of a conflict: assertions first, then by day, publisher, side and size."""
    tallies, sides, feeds, conflicts = (SUBJECTS[kind] for kind in ("published", "side", "feed", "conflict"))
    statement = (
        select(tallies, conflicts.c.slug.label("conflict"), sides.c.slug.label("side"), feeds.c.slug.label("feed"))
        .join(conflicts, conflicts.c.id == tallies.c.conflict_id)
        .join(sides, sides.c.id == tallies.c.side_id, isouter=True)
        .join(feeds, feeds.c.id == tallies.c.feed_id, isouter=True)
        .where(conflicts.c.slug == conflict)
    )
    found = [_read(row) for row in connection.execute(statement).mappings()]
    return sorted(found, key=_order)


def _order(one: Published) -> tuple[str, str, str, str, int, str]:
    return (one.kind, one.as_of or "", one.counted_by, one.side or "", -(one.quantity or 0), one.uid)


def compared(connection: Connection, conflict: str) -> list[Compared]:
    """Every published tally of a conflict with the count that it is compared with.

    That is our own in its scope; where a list counts itself, what its rows come to as it gave them, whatever
    persons here have made of them since. Of a list's counts by day only the latest of each is compared.
    """
    found = [one for one in published(connection, conflict) if not (one.of_list and one.quantity is None)]
    latest = {_series(one): one.uid for one in found if _runs(one)}
    known = catalogue(connection)
    rows = _rows_of_lists(connection, conflict, found)
    return [
        _compare(connection, one, known, rows) for one in found if not _runs(one) or latest[_series(one)] == one.uid
    ]


def _runs(one: Published) -> bool:
    """Whether it is one of a list's many counts by day; they come in the order of their days."""
    return one.of_list and one.as_of is not None


def _of_its_rows(one: Published) -> bool:
    """Whether it counts the rows that stand beside it in one file."""
    return one.of_list and one.as_of is None and one.kind == PublishedKind.ASSERTION


def _series(one: Published) -> tuple[object, ...]:
    return (one.feed, one.side, one.categories, one.types, one.statuses)


def _rows_of_lists(connection: Connection, conflict: str, found: list[Published]) -> dict[str, Rows]:
    feeds = {str(one.feed) for one in found if _of_its_rows(one)}
    spellings = Spellings(connection, conflict) if feeds else None
    return {feed: Rows(connection, feed, spellings) for feed in sorted(feeds) if spellings}


def _compare(connection: Connection, one: Published, known: Catalogue, rows: Mapping[str, Rows]) -> Compared:
    if not one.comparable or not _scoped(one):
        return Compared(one, None)
    if _of_its_rows(one):
        sides = known.below("side", str(one.side))
        counted = Counted(one.kind, str(one.side), one.categories, one.types, one.statuses, one.as_of)
        listed = rows[str(one.feed)]
        return Compared(one, listed.count(sides, counted) if listed.whole else None)
    return Compared(one, tally(connection, one.scope(), ("side",), known).total)


def _scoped(one: Published) -> bool:
    """Whether a claim says what it counts in headings of ours; an assertion without headings means all of them."""
    narrowed = one.categories or one.groups or one.types
    return one.kind == PublishedKind.ASSERTION or bool(narrowed)


_LISTS = ("categories", "groups", "types", "statuses")


def _read(row: RowMapping) -> Published:
    fields = {name: row[name] for name in Published._fields}
    fields |= {name: tuple(json.loads(str(row[name] or "[]"))) for name in _LISTS}
    fields |= {name: bool(row[name]) for name in ("own", "inferred", "entered")}
    defaults = {"unit": ITEMS, "bound": Bound.EXACT.value, "span": Span.CUMULATIVE.value}
    fields |= {name: row[name] or default for name, default in defaults.items()}
    return Published(**fields)
