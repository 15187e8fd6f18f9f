"""Losses one by one, as they are now: who lost what, when, and what has become of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
)

from lossledger.core.records import KINDS
from lossledger.core.vocabulary import RECOVERED
from lossledger.db.tables import CHILDREN, evidence, evidence_file, loss
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.scope import Scope, terms_in_scope
from lossledger.queries.told import Record, fields_of, read

FIELDS = ("id", "day", "outcome", *(field.name for field in KINDS["loss"].fields))
"""What is told of a loss: its id, the day it goes by, what has become of it, and every field it has."""

_HEAD = 3
"""How many of these are no fields."""

_CHUNK = 1_000
"""How many losses are held at once while a list is written."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which losses are listed: those in scope, with the merged and the withdrawn where they are asked for."""

    scope: Scope
    known: Catalogue
    merged: bool = False
    withdrawn: bool = False
    only: Collection[int] | None = None
    """The row ids of the losses that alone may be listed; None for any."""
    where: Sequence[ColumnElement[bool]] = ()
    """Conditions on ``loss`` that hold as well; see `queries.filters`."""


@dataclass(slots=True)
class Summary:
    """How many losses a list holds and leaves out, and how many items the former stand for."""

    losses: int = 0
    merged: int = 0
    """Of the losses listed, those merged into another: the other one counts."""
    withdrawn: int = 0
    """Of the losses listed, those withdrawn."""
    items: Counter[str] = field(default_factory=Counter)
    """Items of the losses listed that are neither, by verification."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Losses left out, by why: merged, withdrawn, undated."""


def losses(connection: Connection, listing: Listing, limit: int | None = None) -> Iterator[Record]:
    """The losses of a list by day, then as they were entered, the undated last; they are read as they are asked for.

    Sides, types and headings are told by name, other losses by id. With ``as_of``, the outcome is that of the day.
    """
    ordered = in_order(_told(listing.scope.as_of), listing).limit(limit)
    rows = connection.execute(ordered, execution_options={"yield_per": _CHUNK})
    types = _type_names(listing.known)
    return (_read(row, types) for row in rows)


def uids(connection: Connection, listing: Listing) -> list[str]:
    """The ids of the losses of a list, in its order."""
    return list(connection.scalars(in_order(select(loss.c.uid), listing)))


def in_order(statement: Select[Any], listing: Listing) -> Select[Any]:
    """The losses that are listed, by day, then as they were entered, the undated last."""
    statement = statement.where(*_listed(listing), *_days(listing.scope))
    if not listing.merged:
        statement = statement.where(~MERGED)
    if not listing.withdrawn:
        statement = statement.where(~WITHDRAWN)
    return statement.order_by(loss.c.day.is_(None), loss.c.day, loss.c.id)


def one(connection: Connection, uid: str, known: Catalogue) -> Record:
    """One loss with every field, as `losses` tells it."""
    return _read(connection.execute(_told(None).where(loss.c.uid == uid)).one(), _type_names(known))


def summary(connection: Connection, listing: Listing) -> Summary:
    """What stands in a list, and what it leaves out."""
    scope = listing.scope
    undated = loss.c.day.is_(None)
    kept = (loss.c.verification, *(case((left_out, 1), else_=0) for left_out in (WITHDRAWN, MERGED, undated)))
    statement: Select[Any] = (
        select(*kept, func.count(), func.sum(still_lost(_outcome(scope.as_of))))
        .where(*_listed(listing), or_(undated, and_(true(), *_days(scope))))
        .group_by(*kept)
    )
    found = Summary()
    for verification, withdrawn, merged, no_day, number, items in connection.execute(statement):
        if withdrawn and not listing.withdrawn:
            found.left_out["withdrawn"] += number
        elif merged and not listing.merged:
            found.left_out["merged"] += number
        elif no_day and scope.dated:
            found.left_out["undated"] += number
        else:
            found.losses += number
            found.withdrawn += number if withdrawn else 0
            found.merged += number if merged and not withdrawn else 0
            found.items[verification] += 0 if withdrawn or merged else int(items)
    return found


MERGED = loss.c.merged_into_id.is_not(None) & loss.c.stands_in.is_(None)
"""That a loss does not count, because another that it is merged into does."""

WITHDRAWN = loss.c.withdrawn.is_not(None)
"""That a loss was taken out of the count."""

FILE_HELD = (
    exists().where(evidence.c.loss_id == loss.c.id, evidence_file.c.source_id == evidence.c.source_id).correlate(loss)
)
"""That of one of its sources a file is held."""


def still_lost(outcome: ColumnElement[Any]) -> ColumnElement[Any]:
    """The items of a loss that count: none where its owner has it back."""
    return case((outcome == RECOVERED, 0), else_=loss.c.quantity)


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """That a column holds one of any number of values of the database's own.

    They stand in the statement itself, which may have only so many parameters.
    """
    named: BindParameter[Any] = bindparam(None, sorted(values), expanding=True, literal_execute=True)
    return column.in_(named)


def _told(as_of: str | None) -> Select[Any]:
    """Every field of a loss, after its id, its day and what has become of it."""
    return fields_of("loss", loss.c.uid, loss.c.day, _outcome(as_of))


def _outcome(as_of: str | None) -> ColumnElement[Any]:
    """What has become of a loss by now, or had by the end of a day."""
    if as_of is None:
        return loss.c.outcome
    events = CHILDREN["loss", "event"]
    latest = (
        select(events.c.status)
        .where(events.c.loss_id == loss.c.id, events.c.latest <= as_of)
        .order_by(events.c.latest.desc(), events.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(latest, loss.c.status)


def _listed(listing: Listing) -> list[ColumnElement[bool]]:
    """The conditions of a list, but for its days."""
    scope = listing.scope
    chosen = [*terms_in_scope(loss, scope, listing.known), loss.c.verification.in_(scope.verifications)]
    chosen += listing.where
    if scope.statuses:
        chosen.append(_outcome(scope.as_of).in_(scope.statuses))
    if listing.only is not None:
        chosen.append(among(loss.c.id, listing.only))
    return chosen


def _days(scope: Scope) -> list[ColumnElement[bool]]:
    limits = (("<=", scope.as_of), (">=", scope.since), ("<=", scope.until))
    return [loss.c.day.bool_op(sign)(day) for sign, day in limits if day is not None]


def _read(row: Sequence[Any], types: Mapping[str, str]) -> Record:
    head = dict(zip(FIELDS, row[:_HEAD], strict=False))
    return head | read("loss", row[_HEAD:], {"type": types})


def _type_names(known: Catalogue) -> dict[str, str]:
    return {slug: term.name for slug, term in known.terms["type"].items()}
