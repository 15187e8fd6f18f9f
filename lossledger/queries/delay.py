"""How long it takes from an event to its record, so that the latest periods can be said to be incomplete."""

from collections import Counter
from math import ceil
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.days import minus_days, span_days
from lossledger.core.text import many
from lossledger.core.vocabulary import Act, Counts
from lossledger.db.tables import SUBJECTS, loss, posting
from lossledger.db.tables import entry as entries
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.scope import Scope, terms_in_scope
from lossledger.queries.tallies import entry_known_on

RECENT = 90
"""The days up to the last entry whose records are measured: habits change, and old ones tell nothing of today."""

FEWEST = 20
"""Of fewer items no delay is told."""

CATCHING_UP = 31
"""An import whose list reaches so many days further than at the last one brings a backlog, and shows no delay."""


class Delay(NamedTuple):
    """The days from the event of a loss to its record, of the items recorded lately; None where too few were."""

    day: str | None
    """The day of the last entry that is known: up to here the ledger can tell anything; None if it has no entry."""
    items: int
    """How many items were measured."""
    median: int | None
    most: int | None
    """The days within which nine in ten items are recorded."""
    lists_end: tuple[str, ...] = ()
    """The last day that each of the lists reaches which were imported, in the order of the days."""

    @property
    def incomplete_from(self) -> str | None:
        """The first day of which a good part may still be missing; where nothing is measured, the last entry's."""
        return self.day and minus_days(self.day, self.most or 0)

    def incomplete(self, last_day: str) -> bool:
        """Whether more is to be expected for a period that ends on a day."""
        return self.incomplete_from is not None and last_day >= self.incomplete_from

    @property
    def said(self) -> str:
        """The delay in a sentence, with what it was measured of."""
        measured = f"{many(self.items, 'item')} with an exact day, recorded in the {RECENT} days up to {self.day}"
        if self.most is None:
            return f"Delay from event to record: not measured, of {measured}; it takes {FEWEST}."
        return (
            f"Delay from event to record: half within {many(self.median or 0, 'day')}, "
            f"nine in ten within {many(self.most, 'day')}, of {measured}."
        )


def delay(connection: Connection, scope: Scope, known: Catalogue) -> Delay:
    """The delay of the items that were recorded last in a conflict, from the feeds in scope.

    Items go by the day and the time of their first record, whatever became of them since; so nothing that is recorded
    later moves the delay of a time that is asked for by ``known_on``. Left out is whatever tells nothing of how long
    news takes: what came together with its feed, and what an import brought that was catching up.
    """
    last = _last_entry(connection, scope.known_on)
    if last is None:
        return Delay(None, 0, None, None)
    newest, day = last
    ends = _lists_end(connection, scope, newest)
    first = entry_known_on(connection, f"{minus_days(day, RECENT)}T23:59:59.999999Z")
    of_feeds = Scope(scope.conflict, feeds=scope.feeds)
    with_their_feed = select(entries.c.act_id).where(entries.c.kind == "feed")
    statement = (
        select(func.substr(entries.c.recorded_at, 1, 10).label("recorded"), posting.c.loss_day, func.count())
        .join(posting, posting.c.entry == entries.c.number)
        .where(entries.c.number > first, entries.c.number <= newest, entries.c.act == Act.REPORT)
        .where(posting.c.quantity > 0, posting.c.counts == Counts.ITEM, posting.c.day == posting.c.loss_day)
        .where(posting.c.span == 0, posting.c.inferred == 0, *terms_in_scope(posting, of_feeds, known))
        .where(entries.c.act_id.not_in(with_their_feed), entries.c.act_id.not_in(_catching_up(connection, first)))
        .group_by("recorded", posting.c.loss_day)
    )
    found: Counter[int] = Counter()
    for recorded, own_day, items in connection.execute(statement):
        found[max(0, span_days(own_day, recorded))] += items
    if found.total() < FEWEST:
        return Delay(day, found.total(), None, None, ends)
    return Delay(day, found.total(), _within(found, 0.5), _within(found, 0.9), ends)


def _last_entry(connection: Connection, known_on: int | None) -> tuple[int, str] | None:
    statement = select(entries.c.number, entries.c.recorded_at).order_by(entries.c.number.desc()).limit(1)
    if known_on is not None:
        statement = statement.where(entries.c.number <= known_on)
    row = connection.execute(statement).first()
    return None if row is None else (row[0], row[1][:10])


def _lists_end(connection: Connection, scope: Scope, newest: int) -> tuple[str, ...]:
    """The last day that each list in scope reached by its imports up to an entry."""
    runs, feeds, sides, conflicts = (SUBJECTS[kind] for kind in ("import", "feed", "side", "conflict"))
    known = select(entries.c.subject).where(entries.c.kind == "import", entries.c.number <= newest)
    has_losses = (
        select(loss.c.feed_id)
        .join(sides, sides.c.id == loss.c.side_id)
        .join(conflicts, conflicts.c.id == sides.c.conflict_id)
        .where(conflicts.c.slug == scope.conflict)
    )
    statement = (
        select(func.max(runs.c.latest))
        .join(feeds, feeds.c.id == runs.c.feed_id)
        .where(runs.c.uid.in_(known), runs.c.latest.is_not(None), feeds.c.id.in_(has_losses))
        .group_by(feeds.c.id)
    )
    if scope.feeds:
        statement = statement.where(feeds.c.slug.in_(scope.feeds))
    return tuple(sorted(connection.execute(statement).scalars()))


def _catching_up(connection: Connection, first: int) -> list[str]:
    """The acts of imports after an entry that brought a backlog: their list had not been looked at for long."""
    runs = SUBJECTS["import"]
    begun = (
        select(entries.c.subject, func.min(entries.c.number).label("number"), func.min(entries.c.act_id).label("act"))
        .where(entries.c.kind == "import")
        .group_by(entries.c.subject)
        .subquery()
    )
    statement = (
        select(begun.c.number, begun.c.act, runs.c.feed_id, runs.c.latest)
        .join(runs, runs.c.uid == begun.c.subject)
        .where(runs.c.latest.is_not(None))
        .order_by(begun.c.number)
    )
    reached: dict[int, str] = {}
    late = []
    for number, act, feed, latest in connection.execute(statement):
        before = reached.get(feed, latest)
        if number > first and span_days(before, latest) > CATCHING_UP:
            late.append(act)
        reached[feed] = max(before, latest)
    return late


def _within(found: Counter[int], share: float) -> int:
    """The days within which a share of the items lies: that of the item by which the share is full."""
    left = ceil(share * found.total())
    for days in sorted(found):
        left -= found[days]
        if left <= 0:
            return days
    raise AssertionError("a share of all items is found among them")
