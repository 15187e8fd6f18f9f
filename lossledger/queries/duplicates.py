"""Losses that may stand in the ledger twice: which are compared, and how they pair."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from lossledger.core.links import canonical, link_key
from lossledger.core.pairing import Pairing, Posts, Taken, Twice
from lossledger.core.sameness import ALL_OF_IT, Pair, Reach, Seen, Trees, told_within
from lossledger.core.vocabulary import OWN_FEED, Relation
from lossledger.db.tables import SUBJECTS, evidence, loss, source
from lossledger.queries.apart import said_apart
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.pictures import shared
from lossledger.queries.scenes import Shown, members, shown
from lossledger.queries.scope import Scope, ids_in_scope, terms_in_scope

REACH = Reach(days=1, km=5.0)
"""How far apart losses may be and still be taken for near, where nobody says otherwise."""

WHOLE_LIST = 50
"""A link behind more losses of one feed than this stands for a list, and says nothing of any one of them."""

_AT_ONCE = 1_000
"""How many losses are asked for in one statement."""

_DATED = and_(or_(loss.c.latest.is_not(None), loss.c.reported.is_not(None)), loss.c.inferred.is_(None))

_feeds = SUBJECTS["feed"]
_OWN = loss.c.feed_id == select(_feeds.c.id).where(_feeds.c.slug == OWN_FEED).scalar_subquery()
"""Keys of our own may tell losses apart within one link only; those of a list do within all of it."""

_MAY_PAIR = or_(loss.c.feed_key.is_(None), _OWN)
"""Which losses may be the same as another one of their feed."""

COLUMNS = (
    loss.c.id,
    loss.c.uid,
    loss.c.feed_id,
    case((_OWN, loss.c.feed_key), (loss.c.feed_key.is_not(None), ALL_OF_IT)),
    func.coalesce(loss.c.split_from_id, loss.c.id),
    loss.c.side_id,
    loss.c.category_id,
    loss.c.type_id,
    loss.c.outcome,
    loss.c.verification,
    loss.c.quantity,
    loss.c.counts,
    loss.c.name,
    loss.c.day,
    loss.c.span,
    _DATED,
    loss.c.latitude,
    loss.c.longitude,
)
NOT_TWICE = (loss.c.merged_into_id.is_(None), loss.c.withdrawn.is_(None))


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs in scope, those with most points first, and what could not be decided."""

    pairs: list[Pair]
    undecided: list[tuple[Seen, ...]]
    """Losses behind one link of which two lists leave several, of one side and status."""


def duplicates(
    connection: Connection, scope: Scope, known: Catalogue, reach: Reach = REACH, scene: str | None = None
) -> Found:
    """The losses that may be the same, as pairs of which either is in scope and, where one is given, in a ``scene``.

    Compared are losses of one conflict that are neither merged nor withdrawn: those of one scene, those that share a
    link, those whose links show one file or near-identical pictures, and those that have a day and agree in side, type
    and status. A link that stands for a whole list is none.
    The days of a scope are not looked at. Pairs that somebody has found to be two things are left out. A scene is its
    uid.
    """
    seen = _telling(list(shown(connection)))
    pairing = Pairing(trees_of(known), reach, _merged_already(connection), said_apart(connection), _posts(seen))
    reading = _Reading(connection, scope, known, reach)
    pairing.by_scene(reading.in_scenes(seen))
    pairing.by_link(reading.behind_links())
    pairing.by_picture(reading.shown_twice())
    pairing.by_nearness(reading.dated())
    chosen = in_scope(scope, known)
    if scene is not None:
        chosen = _also_in(chosen, members(connection, scene))
    return Found(
        [pair for pair in pairing.pairs() if chosen(pair.one) or chosen(pair.other)],
        [several for several in pairing.undecided if any(map(chosen, several))],
    )


def in_scope(scope: Scope, known: Catalogue) -> Callable[[Seen], bool]:
    """Whether a loss is of the sides, headings, types, feeds and verifications of a scope, whatever its days."""
    allowed = ids_in_scope(scope, known)

    def chosen(seen: Seen) -> bool:
        own = {"side": seen.side, "category": seen.category, "type": seen.type, "feed": seen.feed}
        within = all(ids is None or own[kind] in ids for kind, ids in allowed.items())
        return within and seen.verification in scope.verifications

    return chosen


def _also_in(chosen: Callable[[Seen], bool], members: Collection[int]) -> Callable[[Seen], bool]:
    return lambda seen: seen.id in members and chosen(seen)


class Sight:
    """Makes what is compared of losses out of their ``COLUMNS``."""

    def __init__(self, known: Catalogue) -> None:
        self.sides, self.types = (
            {term.id: terms[known.kept(kind, term.slug)].id for term in terms.values()}
            for kind in ("side", "type")
            for terms in (known.terms[kind],)
        )
        """What each side and each type has become by its merges, both as row ids."""
        self._days: dict[str, int] = {}

    def seen(self, row: Sequence[Any]) -> Seen:
        """A loss as it is compared."""
        id_, uid, feed, within, whole, side, category, type_, *plain, name, day, span, dated, north, east = row
        last = self._number(day) if dated else None
        terms = (self.sides[side], category, None if type_ is None else self.types[type_])
        days = (None if last is None else last - span, last)
        place = (north, None if north is None else east)
        told = None if within is None else told_within(within)
        return Seen._make((id_, uid, feed, told, whole, *terms, *plain, name, *days, *place))

    def _number(self, day: str) -> int:
        if day not in self._days:
            self._days[day] = date.fromisoformat(day).toordinal()
        return self._days[day]


class _Reading:
    """Reads the losses that are compared, of one conflict."""

    def __init__(self, connection: Connection, scope: Scope, known: Catalogue, reach: Reach) -> None:
        self._connection, self._reach = connection, reach
        self._sight = Sight(known)
        self._standing: list[ColumnElement[bool]] = list(NOT_TWICE)
        if len(known.terms["conflict"]) > 1:
            self._standing += terms_in_scope(loss, Scope(conflict=scope.conflict), known)

    def in_scenes(self, seen: Sequence[Shown]) -> list[list[Seen]]:
        """The losses of each scene."""
        ids = sorted({one.loss for one in seen if one.scene is not None})
        losses: dict[int, Seen] = {}
        for start in range(0, len(ids), _AT_ONCE):
            chosen = loss.c.id.in_(ids[start : start + _AT_ONCE])
            statement = select(*COLUMNS).where(chosen, *self._standing)
            losses |= {one.id: one for one in map(self._sight.seen, self._connection.execute(statement).all())}
        scenes = defaultdict[int, dict[int, Seen]](dict)
        for one in seen:
            if one.scene is not None and one.loss in losses:
                scenes[one.scene][one.loss] = losses[one.loss]
        return [list(one.values()) for one in scenes.values()]

    def behind_links(self) -> list[list[Seen]]:
        """The losses behind each link that shows several: of several feeds, or of one that gives them no keys."""
        links = defaultdict[str, dict[int, Seen]](dict)
        statement = (
            behind(select(source.c.url, *COLUMNS))
            .where(source.c.url_key.in_(self._telling_links()), *self._standing)
            .order_by(loss.c.id)
        )
        for url, *row in self._connection.execute(statement).all():
            seen = self._sight.seen(row)
            links[canonical(url)][seen.id] = seen
        return [list(losses.values()) for losses in links.values()]

    def _telling_links(self) -> Select[tuple[int]]:
        """The keys of the links that are looked at."""
        pairing = func.sum(case((_MAY_PAIR, 1), else_=0))
        whole_lists = [
            link_key(url) for url in self._connection.scalars(select(SUBJECTS["feed"].c.url)) if url is not None
        ]
        shown = (
            behind(select(source.c.url_key, func.count().label("losses"), pairing.label("pairing")))
            .where(source.c.url_key.is_not(None), source.c.url_key.not_in(whole_lists), *self._standing)
            .group_by(source.c.url_key, loss.c.feed_id)
            .subquery()
        )
        return (
            select(shown.c.url_key)
            .group_by(shown.c.url_key)
            .having(func.max(shown.c.losses) <= WHOLE_LIST)
            .having(or_(func.count() > 1, func.max(shown.c.pairing) > 1))
        )

    def shown_twice(self) -> Iterator[Twice]:
        """The losses behind every two sources that hold one file or picture; none that is behind both."""
        both = shared(self._connection)
        behind_them = self._behind_sources(sorted({row_id for two in both for row_id in two[:2]}))
        for one, other, distance in both:
            ours, theirs = behind_them[one], behind_them[other]
            left = [seen for row_id, seen in ours.items() if row_id not in theirs]
            right = [seen for row_id, seen in theirs.items() if row_id not in ours]
            if left and right:
                yield Twice(left, right, distance)

    def _behind_sources(self, ids: Sequence[int]) -> dict[int, dict[int, Seen]]:
        """The losses behind each of some sources; none behind one that stands for a whole list."""
        found = defaultdict[int, dict[int, Seen]](dict)
        for start in range(0, len(ids), _AT_ONCE):
            chosen = source.c.id.in_(ids[start : start + _AT_ONCE])
            statement = behind(select(source.c.id, *COLUMNS)).where(chosen, *self._standing).order_by(loss.c.id)
            for row_id, *row in self._connection.execute(statement).all():
                seen = self._sight.seen(row)
                found[row_id][seen.id] = seen
        for losses in found.values():
            if max(Counter(seen.feed for seen in losses.values()).values()) > WHOLE_LIST:
                losses.clear()
        return found

    def dated(self) -> list[Seen]:
        """The losses with a type and a day of their own, which lie in a few days, where there are two to compare."""
        feeds = (
            select(loss.c.feed_id, func.sum(case((_MAY_PAIR, 1), else_=0)))
            .where(*self._standing, *self._finely_dated())
            .group_by(loss.c.feed_id)
        )
        found = self._connection.execute(feeds).all()
        if len(found) < 2 and not any(pairing for _, pairing in found):
            return []
        statement = select(*COLUMNS).where(*self._standing, *self._finely_dated()).order_by(loss.c.id)
        return [self._sight.seen(row) for row in self._connection.execute(statement).all()]

    def _finely_dated(self) -> tuple[ColumnElement[bool], ...]:
        return finely_dated(self._reach)


def finely_dated(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """The losses with a type and a day of their own, which lie in so few days that they can be near others."""
    return _DATED, loss.c.type_id.is_not(None), loss.c.span <= reach.days


def behind(chosen: Select[Any]) -> Select[Any]:
    """Losses with the sources that say that they happened."""
    return (
        chosen.select_from(evidence)
        .join(source, source.c.id == evidence.c.source_id)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(evidence.c.relation != Relation.DISPUTES)
    )


def _telling(seen: list[Shown]) -> list[Shown]:
    """What posts show, without those on posts that stand for a whole list."""
    counted = Counter((one.post, one.feed) for one in set(seen))
    lists = {post for (post, _), losses in counted.items() if losses > WHOLE_LIST}
    return [one for one in seen if one.post not in lists]


def _posts(seen: Sequence[Shown]) -> Posts:
    """The posts on which each loss is seen."""
    found = defaultdict[int, set[int]](set)
    for one in seen:
        found[one.loss].add(one.post)
    return {row_id: frozenset(posts) for row_id, posts in found.items()}


def _merged_already(connection: Connection) -> Taken:
    """The losses into which others are merged, with the feeds of these."""
    merged = select(loss.c.merged_into_id, loss.c.feed_id).where(loss.c.merged_into_id > 0, loss.c.withdrawn.is_(None))
    return {(root, feed) for root, feed in connection.execute(merged)}


def trees_of(known: Catalogue) -> Trees:
    """The sides and types of a catalogue, each with those that it stands under."""
    sides, types = (
        {term.id: _line(known, kind, term.slug) for term in known.terms[kind].values()} for kind in ("side", "type")
    )
    return Trees(sides, types)


def _line(known: Catalogue, kind: str, slug: str | None) -> tuple[int, ...]:
    line = []
    while slug is not None:
        term = known.terms[kind][slug]
        line.append(term.id)
        slug = term.parent
    return tuple(line)
