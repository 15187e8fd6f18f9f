"""All losses of some headings at once, each in a line: what a list or an index of them shows."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, select

from lossledger.core.vocabulary import Health, Relation
from lossledger.db.tables import evidence, evidence_file, loss, source
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import MERGED, WITHDRAWN, among
from lossledger.queries.scope import Scope, terms_in_scope

_CHUNK = 2_000

_PLACE = ("uid", "side_id", "feed_id", "category_id", "type_id", "outcome", "verification")
_HEAD = len(_PLACE)
_MORE = (
    *("id", "quantity", "counts", "phrase", "day", "earliest", "latest", "reported", "inferred"),
    *("name", "place", "unit", "latitude", "longitude"),
)


class Kind(NamedTuple):
    """What puts a loss into a list. Sides, headings, types and feeds are slugs."""

    side: str
    feed: str
    category: str
    type: str | None
    outcome: str
    verification: str


class Place(NamedTuple):
    """Which loss it is, and where it stands in lists."""

    uid: str
    kind: Kind


class Item(NamedTuple):
    """One loss in short."""

    uid: str
    kind: Kind
    quantity: int
    counts: str
    phrase: str | None
    day: str | None
    """The day that it goes by: the last on which it can have been, so far as that is known."""
    earliest: str | None
    latest: str | None
    reported: str | None
    inferred: bool
    """Whether the day that it goes by is inferred, be it only the day of its list."""
    name: str | None
    place: str | None
    unit: str | None
    latitude: float | None
    longitude: float | None
    links: tuple[str, ...]
    """The addresses of the sources that do not dispute it, first those that report it."""
    sources: int
    """How many sources vouch for it, with an address or without."""
    kept: str
    """What there is of them by now: held, where a file is held of any; gone, where the link of any is; else open."""


Listed = Place | Item
"""What can be put into its place in a list."""


def items(
    connection: Connection, scope: Scope, known: Catalogue, only: Collection[str] | None = None
) -> Iterator[Item]:
    """The losses of a scope that are neither merged nor withdrawn, by heading, then by day, the undated last.

    All of them, or of some uids those that are such losses.
    """
    conditions = _listed(scope, known)
    if only is not None:
        conditions.append(among(loss.c.uid, only))
    cited = _cited(connection, conditions)
    kind_of = _kinds(known)
    for row in _rows(connection, (*_PLACE, *_MORE), conditions):
        yield _item(row, kind_of(*row[1:_HEAD]), cited.get(row.id, ()))


def places(connection: Connection, scope: Scope, known: Catalogue, categories: Iterable[str]) -> Iterator[Place]:
    """Where each of the same losses stands that is under some headings, in the same order."""
    terms = known.terms["category"]
    conditions = [*_listed(scope, known), among(loss.c.category_id, [terms[slug].id for slug in categories])]
    kind_of = _kinds(known)
    for uid, *kind in _rows(connection, _PLACE, conditions):
        yield Place(uid, kind_of(*kind))


def _listed(scope: Scope, known: Catalogue) -> list[ColumnElement[bool]]:
    return [~MERGED, ~WITHDRAWN, loss.c.verification.in_(scope.verifications), *terms_in_scope(loss, scope, known)]


def _rows(connection: Connection, names: Iterable[str], conditions: list[ColumnElement[bool]]) -> Any:
    statement: Select[Any] = (
        select(*(loss.c[name] for name in names))
        .where(*conditions)
        .order_by(loss.c.category_id, loss.c.day.is_(None), loss.c.day, loss.c.id)
    )
    return connection.execute(statement, execution_options={"yield_per": _CHUNK})


def _kinds(known: Catalogue) -> Callable[..., Kind]:
    """What makes a kind of the columns that say it. There are few among thousands of losses, so each is made once."""
    sides, feeds, categories, types = (
        {term.id: term.slug for term in known.terms[kind].values()} for kind in ("side", "feed", "category", "type")
    )

    @cache
    def kind(side: int, feed: int, category: int, of_type: int | None, outcome: str, verification: str) -> Kind:
        slug = None if of_type is None else types[of_type]
        return Kind(sides[side], feeds[feed], categories[category], slug, outcome, verification)

    return kind


def _item(row: Any, kind: Kind, cited: tuple["_Cited", ...]) -> Item:
    return Item(
        row.uid,
        kind,
        row.quantity,
        row.counts,
        row.phrase,
        row.day,
        row.earliest,
        row.latest,
        row.reported,
        row.day is not None and (row.inferred is not None or not (row.latest or row.reported)),
        row.name,
        row.place,
        row.unit,
        row.latitude,
        row.longitude,
        tuple(dict.fromkeys(one.url for one in cited if one.url)),
        len(cited),
        _kept(cited),
    )


def _kept(cited: tuple["_Cited", ...]) -> str:
    if any(one.held for one in cited):
        return KEPT[1]
    return KEPT[2] if any(one.health == Health.GONE for one in cited) else KEPT[0]


KEPT = ("open", "held", "gone")


class _Cited(NamedTuple):
    """A source behind a loss."""

    url: str | None
    health: str | None
    held: bool


def _cited(connection: Connection, conditions: list[Any]) -> dict[int, tuple[_Cited, ...]]:
    """The sources behind each loss, by its row id, those first that report it."""
    held = set(connection.scalars(select(evidence_file.c.source_id).distinct()))
    statement = (
        select(evidence.c.loss_id, source.c.id, source.c.url, source.c.health)
        .join(source, source.c.id == evidence.c.source_id)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(evidence.c.relation != Relation.DISPUTES, *conditions)
        .order_by(evidence.c.loss_id, evidence.c.relation != Relation.REPORTS, source.c.id)
    )
    rows = connection.execute(statement)
    return {
        loss_id: tuple(_Cited(url, health, source_id in held) for _, source_id, url, health in group)
        for loss_id, group in groupby(rows, lambda row: row[0])
    }
