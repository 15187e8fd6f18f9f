"""Which losses a tally counts, and the conditions that this means for the rows of a table."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table

from lossledger.core.vocabulary import Verification
from lossledger.db.tables import posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.releases import Release


@dataclass(frozen=True, slots=True)
class Scope:
    """Which losses a tally counts. Names are slugs; an empty tuple means no restriction.

    ``as_of`` takes the postings to that day; ``since`` and ``until`` go by the loss's own day;
    ``known_on`` is the number of the last entry that is known, with a ``release`` the one that it was made of.
    With ``joined``, what a side lost is summed over feeds.
    """

    conflict: str
    side: str | None = None
    own: bool = False
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    verifications: tuple[str, ...] = (Verification.CONFIRMED.value,)
    as_of: str | None = None
    since: str | None = None
    until: str | None = None
    known_on: int | None = None
    joined: bool = False
    release: Release | None = None

    @property
    def dated(self) -> bool:
        """Whether a day is asked for, so that undated losses are left out."""
        return any((self.as_of, self.since, self.until))


def slugs_in_scope(scope: Scope, known: Catalogue) -> dict[str, set[str] | None]:
    """The sides, categories, types and feeds in scope by slug; None where there is no restriction."""
    types = {slug for top in scope.types for slug in known.below("type", known.kept("type", top))}
    return {
        "side": _sides(scope, known),
        "category": _categories(scope, known),
        "type": types if scope.types else None,
        "feed": set(scope.feeds) or None,
    }


def ids_in_scope(scope: Scope, known: Catalogue) -> dict[str, set[int] | None]:
    """The sides, categories, types and feeds in scope by row id; None where there is no restriction."""
    return {
        kind: None if slugs is None else {known.terms[kind][slug].id for slug in slugs if slug in known.terms[kind]}
        for kind, slugs in slugs_in_scope(scope, known).items()
    }


def terms_in_scope(table: Table, scope: Scope, known: Catalogue) -> list[ColumnElement[bool]]:
    """The conditions on side, category, type and feed, for ``posting`` or ``loss`` alike."""
    return [
        table.c[f"{kind}_id"].in_(sorted(ids)) for kind, ids in ids_in_scope(scope, known).items() if ids is not None
    ]


def postings_in_scope(scope: Scope, known: Catalogue) -> list[ColumnElement[bool]]:
    """The conditions under which a posting is in scope, but for its verification and its days."""
    chosen = terms_in_scope(posting, scope, known)
    if scope.statuses:
        chosen.append(posting.c.status.in_(scope.statuses))
    if scope.known_on is not None:
        chosen.append(posting.c.entry <= scope.known_on)
    return chosen


def days(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions by which the days of a scope hold for a posting."""
    limits = (
        (posting.c.day, "<=", scope.as_of),
        (posting.c.loss_day, ">=", scope.since),
        (posting.c.loss_day, "<=", scope.until),
    )
    return [column.bool_op(sign)(day) for column, sign, day in limits if day is not None]


def _sides(scope: Scope, known: Catalogue) -> set[str]:
    if scope.side is None:
        return {term.slug for term in known.terms["side"].values() if term.within == scope.conflict}
    side = known.kept("side", scope.side)
    return {side} if scope.own else known.below("side", side)


def _categories(scope: Scope, known: Catalogue) -> set[str] | None:
    named = {slug for top in scope.categories for slug in known.below("category", known.kept("category", top))}
    if not scope.groups:
        return named or None
    grouped = {term.slug for term in known.terms["category"].values() if term.within in scope.groups}
    return grouped & named if named else grouped
