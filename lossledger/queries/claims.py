"""What parties claim, day by day, beside what is documented as of the same day. The two are never added."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.vocabulary import PublishedKind, Span, Status
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
    inferred: int
    """Of what is documented, that whose day is inferred."""
    fate_not_told: int
    """What is documented of the same side and headings as of the day, but not what became of it; a claim of some
    status might mean it."""

    @property
    def share(self) -> float | None:
        """Documented by claimed; None for small claims, and where it would tell of the ledger's gaps.

        It would where more is undated than dated, or more without a told fate than with that of the claim, or where
        every day is inferred.
        """
        documented, claimed = self.documented, self.published.quantity
        if documented is None or claimed is None or claimed < FEWEST or self.all_inferred:
            return None
        return documented / claimed if max(self.undated, self.fate_not_told) <= documented else None

    @property
    def all_inferred(self) -> bool:
        """Whether something is documented, and every day of it is inferred."""
        return bool(self.documented) and self.inferred == self.documented


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
            found.append(Claim(one, None, 0, 0, 0))
            continue
        counted_as = (_counted_as(one, scope), one.span)
        if counted_as not in counters:
            counters[counted_as] = _Counter(connection, *counted_as, known)
        counter = counters[counted_as]
        found.append(counter.beside(one, str(one.as_of)))
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
        asked = scope.statuses
        # A loss of which no fate is told may be one of those that a claim of a status means.
        chosen = replace(scope, statuses=(*asked, Status.LOST)) if asked else scope
        statement = (
            select(day, posting.c.status, posting.c.inferred, func.sum(posting.c.quantity))
            .where(*postings_in_scope(chosen, known), posting.c.verification.in_(scope.verifications), *days(scope))
            .group_by(day, posting.c.status, posting.c.inferred)
        )
        meant, not_told = list[_Group](), list[_Group]()
        for row in connection.execute(statement):
            group = _Group(row[0], bool(row[2]), int(row[3]))
            (meant if not asked or row[1] in asked else not_told).append(group)
        self._undated = sum(group.quantity for group in meant if group.day is None)
        self._documented = _Running(meant)
        self._inferred = _Running(group for group in meant if group.inferred)
        self._not_told = _Running(not_told)

    def beside(self, one: Published, day: str) -> Claim:
        """A claim with what is counted as of its day."""
        running = (self._documented, self._inferred, self._not_told)
        documented, inferred, not_told = (each.by(day) for each in running)
        return Claim(one, documented, self._undated, inferred, not_told)


class _Group(NamedTuple):
    """So many losses of a day, or of none."""

    day: str | None
    inferred: bool
    quantity: int


class _Running:
    """A running total over days; what has no day is in none."""

    def __init__(self, groups: Iterable[_Group]) -> None:
        dated: Sequence[tuple[str, int]] = sorted((one.day, one.quantity) for one in groups if one.day is not None)
        self._days = [day for day, _ in dated]
        self._totals = [0, *accumulate(quantity for _, quantity in dated)]

    def by(self, day: str) -> int:
        """The total at the end of a day."""
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
