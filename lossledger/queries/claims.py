"""What parties claim, day by day, beside what is documented as of the same day. The two are never added."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.vocabulary import PublishedKind, Span
from lossledger.db.tables import SUBJECTS, posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.compare import FEWEST
from lossledger.queries.credits import Credit
from lossledger.queries.published import Published, published
from lossledger.queries.scope import Scope, days, postings_in_scope


class Claim(NamedTuple):
    """A claim with what is documented of the same as of its day; None where that cannot be told.

    It cannot where the claim has no day, no side, counts no things, or says what it counts in no headings of ours.
    """

    published: Published
    documented: int | None
    undated: int
    """What is documented of the same without a day, and so not as of any."""

    @property
    def share(self) -> float | None:
        """Documented by claimed; None for small claims, and where more is undated than dated."""
        claimed = self.published.quantity
        if self.documented is None or claimed is None or claimed < FEWEST or self.undated > self.documented:
            return None
        return self.documented / claimed


def claims(connection: Connection, scope: Scope, known: Catalogue) -> list[Claim]:
    """The claims of a conflict by day, then by who claims and how much, each beside what we count in the same scope.

    Of the scope it is the conflict, the side, headings, groups, types and statuses that choose claims, and ``since``
    and ``until`` their days; a claim is chosen where it speaks of just these. How losses are counted is said by the
    scope's feeds, verifications, ``own`` and ``known_on``.
    """
    counters: dict[tuple[Scope, str], _Counter] = {}
    found = []
    for one in published(connection, scope.conflict):
        if one.kind != PublishedKind.CLAIM or one.quantity is None or not _chosen(one, scope, known):
            continue
        if not _countable(one):
            found.append(Claim(one, None, 0))
            continue
        counted_as = (_counted_as(one, scope), one.span)
        if counted_as not in counters:
            counters[counted_as] = _Counter(connection, *counted_as, known)
        counter = counters[counted_as]
        found.append(Claim(one, counter.by(str(one.as_of)), counter.undated))
    return found


def _chosen(one: Published, scope: Scope, known: Catalogue) -> bool:
    """Whether a claim speaks of what is asked for."""
    side = scope.side and known.kept("side", scope.side)
    if side is not None and (one.side is None or known.kept("side", one.side) != side):
        return False
    asked = (scope.categories, scope.groups, scope.types, scope.statuses)
    said = (one.categories, one.groups, one.types, one.statuses)
    if any(want and set(want) != set(have) for want, have in zip(asked, said, strict=True)):
        return False
    day = one.as_of or ""
    return (scope.since is None or day >= scope.since) and (scope.until is None or "" < day <= scope.until)


def _countable(one: Published) -> bool:
    """Whether we can count the same: a list that names no headings counts all of them, others leave us to guess."""
    plain = one.of_list or one.categories or one.groups or one.types
    return one.comparable and one.side is not None and one.as_of is not None and bool(plain)


def _counted_as(one: Published, scope: Scope) -> Scope:
    """The scope of a claim without its last day, counted from the feeds and under the verifications asked for."""
    return replace(
        one.scope(),
        own=one.own or scope.own,
        feeds=scope.feeds,
        verifications=scope.verifications,
        until=None,
        as_of=None,
        known_on=scope.known_on,
    )


class _Counter:
    """What one scope counts as of each day: one statement for all claims of the same.

    A claim that runs from the beginning is met by the day from which a posting counts, as ``tally --as-of`` counts;
    one of a period of its own by the losses' own days, as ``tally --since --until`` does.
    """

    def __init__(self, connection: Connection, scope: Scope, span: str, known: Catalogue) -> None:
        day = posting.c.loss_day if span == Span.INCREMENT else posting.c.day
        statement = (
            select(day, func.sum(posting.c.quantity))
            .where(*postings_in_scope(scope, known), posting.c.verification.in_(scope.verifications), *days(scope))
            .group_by(day)
        )
        rows = [(found, int(quantity)) for found, quantity in connection.execute(statement)]
        dated: Sequence[tuple[str, int]] = sorted((found, quantity) for found, quantity in rows if found is not None)
        self.undated = sum(quantity for found, quantity in rows if found is None)
        self._days = [found for found, _ in dated]
        self._totals = [0, *accumulate(quantity for _, quantity in dated)]

    def by(self, day: str) -> int:
        """What is counted as of a day."""
        return self._totals[bisect_right(self._days, day)]


def series(one: Published) -> tuple[object, ...]:
    """What a claim continues: the same party's claims of the same side and the same things."""
    named = (one.categories, one.groups, one.types)
    words = None if any(named) else one.wording
    return (one.counted_by, one.side, one.own, *named, one.statuses, one.span, one.unit, one.feed, words)


def last_of_series(found: Sequence[Claim]) -> list[Claim]:
    """Of claims by day, the last of each series."""
    last = {series(one.published): one.published.uid for one in found}
    return [one for one in found if last[series(one.published)] == one.published.uid]


def credits_of_claims(connection: Connection, found: Sequence[Claim]) -> list[Credit]:
    """Whom to name for claims that were read from lists, in the order of the lists' slugs."""
    feeds = SUBJECTS["feed"]
    columns = (feeds.c[name] for name in ("slug", "name", "publisher", "licence", "credit", "url"))
    chosen = {one.published.feed for one in found if one.published.feed}
    statement = select(*columns).where(feeds.c.slug.in_(sorted(chosen))).order_by(feeds.c.slug)
    return [Credit(*row) for row in connection.execute(statement)]
