"""All losses of some headings at once, each in a line: what a list or an index of them shows."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.vocabulary import Health, Relation
from lossledger.db.tables import evidence, evidence_file, loss, source
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import MERGED, WITHDRAWN, among
from lossledger.queries.scope import Scope, terms_in_scope

_CHUNK = 2_000


_COLUMNS = (
    *("id", "uid", "side_id", "feed_id", "category_id", "type_id", "quantity", "counts", "outcome", "phrase"),
    *("verification", "day", "earliest", "latest", "reported", "inferred", "name", "place"),
    *("unit", "latitude", "longitude"),
)


class Item(NamedTuple):
    """One loss in short. Sides, headings, types and feeds are slugs."""

    uid: str
    side: str
    feed: str
    category: str
    type: str | None
    quantity: int
    counts: str
    outcome: str
    phrase: str | None
    verification: str
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


def items(
    connection: Connection, scope: Scope, known: Catalogue, categories: Collection[str] | None = None
) -> Iterator[Item]:
    """The losses of a scope that are neither merged nor withdrawn, by heading, then by day, the undated last.

    All of them, or those under some headings.
    """
    conditions = [~MERGED, ~WITHDRAWN, loss.c.verification.in_(scope.verifications)]
    conditions += terms_in_scope(loss, scope, known)
    if categories is not None:
        terms = known.terms["category"]
        conditions.append(among(loss.c.category_id, [terms[slug].id for slug in categories]))
    statement = (
        select(*(loss.c[name] for name in _COLUMNS))
        .where(*conditions)
        .order_by(loss.c.category_id, loss.c.day.is_(None), loss.c.day, loss.c.id)
    )
    cited = _cited(connection, conditions)
    slugs = {kind: {term.id: term.slug for term in known.terms[kind].values()} for kind in known.terms}
    for row in connection.execute(statement, execution_options={"yield_per": _CHUNK}):
        yield _item(row, slugs, cited.get(row[0], ()))


def _item(row: Any, slugs: dict[str, dict[int, str]], cited: tuple["_Cited", ...]) -> Item:
    return Item(
        row.uid,
        slugs["side"][row.side_id],
        slugs["feed"][row.feed_id],
        slugs["category"][row.category_id],
        slugs["type"].get(row.type_id),
        row.quantity,
        row.counts,
        row.outcome,
        row.phrase,
        row.verification,
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
