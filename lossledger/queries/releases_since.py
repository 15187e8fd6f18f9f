"""What has become of a release's figures since it was made."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.queries.causes import Cause
from lossledger.queries.changes import changes
from lossledger.queries.headline import figures
from lossledger.queries.history import head
from lossledger.queries.points import Point
from lossledger.queries.releases import Release
from lossledger.queries.scope import Scope


class Then(NamedTuple):
    """A headline figure when the release was made, and now; None where the feeds of the side stood or stand apart."""

    side: str
    feed: str | None
    then: int | None
    now: int | None


class Since(NamedTuple):
    """A conflict's figures then and now, how many losses changed them, by the first cause of each."""

    conflict: str
    figures: tuple[Then, ...]
    causes: Counter[Cause]


def scope_in(release: Release, conflict: str) -> Scope:
    """What a tally of a release counts of a conflict where nothing else is asked for."""
    return Scope(
        conflict,
        own=release.own,
        verifications=release.verifications,
        known_on=release.entry,
        joined=release.joined,
        release=release,
    )


def entries_since(connection: Connection, release: Release) -> int:
    """How many entries were recorded after the one that a release was made of, its own included."""
    last = head(connection)
    return (last.number if last else 0) - release.entry


def since(connection: Connection, release: Release, conflict: str) -> Since:
    """What has become of a conflict's figures, counted now as the release counts. Sides are told by name."""
    newest = Point(release.entry + entries_since(connection, release))
    found = changes(connection, scope_in(release, conflict), Point(release.entry), newest)
    ends = [
        {(tally.catalogue.name("side", one.side), one.feed): one.quantity for one in figures(tally)}
        for tally in (found.before, found.after)
    ]
    then, now = ends
    return Since(
        conflict,
        tuple(Then(*key, then.get(key), now.get(key)) for key in {**then, **now}),
        Counter(change.cause for change in found.moved if change.cause),
    )
