"""A point at which a tally is looked at, and what its scope and its catalogue mean there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.fields import State
from lossledger.core.trail import events, loss_day
from lossledger.db.tables import entry as entries
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.scope import Scope, ids_in_scope, slugs_in_scope


class Point(NamedTuple):
    """Where a tally is looked at: after which entry (0: before the first), and as of which day (None: all days)."""

    known_on: int
    as_of: str | None = None


def entries_of_run(connection: Connection, uid: str) -> tuple[int, int] | None:
    """The numbers of the first and the last entry that an import run made; None where there is no such run."""
    begins = select(entries.c.act_id).where(entries.c.kind == "import", entries.c.subject == uid)
    act = begins.order_by(entries.c.number).limit(1).scalar_subquery()
    first, last = connection.execute(
        select(func.min(entries.c.number), func.max(entries.c.number)).where(entries.c.act_id == act)
    ).one()
    return None if first is None else (int(first), int(last))


class View:
    """One of the two points: the scope and the catalogue there, and what they mean for a row."""

    def __init__(self, connection: Connection, scope: Scope, point: Point, newest: int) -> None:
        # The newest state is read from the tables, older ones are folded from the journal: the same, only slower.
        known_on = None if point.known_on == newest else point.known_on
        self.point = point
        self.scope = replace(scope, as_of=point.as_of, known_on=known_on)
        self.known = catalogue(connection, known_on)
        self.ids = ids_in_scope(self.scope, self.known)
        self.slugs = slugs_in_scope(self.scope, self.known)
        self.top = top_of(self.scope, self.known)
        self.groups = {slug: term.within for slug, term in self.known.terms["category"].items()}

    def of_day(self, day: str | None, own_day: str | None) -> bool:
        """Whether the days of the scope hold for a posting's day and its loss's own day."""
        scope = self.scope
        return (
            (scope.as_of is None or (day is not None and day <= scope.as_of))
            and (scope.since is None or (own_day is not None and own_day >= scope.since))
            and (scope.until is None or (own_day is not None and own_day <= scope.until))
        )

    def of_words(self, status: str, verification: str) -> bool:
        """Whether a status and a verification are in scope."""
        return verification in self.scope.verifications and (not self.scope.statuses or status in self.scope.statuses)

    def of_terms(self, row: Any) -> bool:
        """Whether the side, category, type and feed of a posting are in scope, by row id."""
        ids = self.ids
        return (
            (ids["side"] is None or row.side_id in ids["side"])
            and (ids["category"] is None or row.category_id in ids["category"])
            and (ids["type"] is None or row.type_id in ids["type"])
            and (ids["feed"] is None or row.feed_id in ids["feed"])
        )

    def lists(self, state: State) -> bool:
        """Whether a loss is in scope by side, category, type and feed."""
        return bool(state) and all(slugs is None or state.get(kind) in slugs for kind, slugs in self.slugs.items())

    def place(self, kind: str, slug: str) -> tuple[bool, str | None]:
        """Whether a term is in scope, and what of its place in the catalogue a tally can be counted by."""
        slugs = self.slugs[kind]
        place = self.top(slug) if kind == "side" else self.groups.get(slug) if kind == "category" else None
        return slugs is None or slug in slugs, place

    def holds(self, field: str, state: State) -> bool:
        """Whether a field of a loss lets it into the scope."""
        if field in ("event", "status"):
            return not self.scope.statuses or _status_on(state, self.scope.as_of) in self.scope.statuses
        if field == "verification":
            return state["verification"] in self.scope.verifications
        if field in ("date", "reported", "feed_day"):
            day = loss_day(state).day
            return self.of_day(day, day)
        slugs = self.slugs.get(field)
        return slugs is None or state.get(field) in slugs


def top_of(scope: Scope, known: Catalogue) -> Callable[[str], str]:
    """Under which side a side is counted together: the one asked for, itself with ``own``, or the top of its tree."""
    if scope.side is not None:
        asked = known.kept("side", scope.side)
        return lambda _: asked
    if scope.own:
        return lambda slug: slug
    tops = {slug: known.top("side", slug) for slug in known.terms["side"]}
    return lambda slug: tops.get(slug, slug)


def _status_on(state: State, as_of: str | None) -> str:
    """What had become of a loss by a day, or has by now."""
    past = [event["status"] for event in events(state) if as_of is None or event.get("latest", "") <= as_of]
    return past[-1] if past else state["status"]
