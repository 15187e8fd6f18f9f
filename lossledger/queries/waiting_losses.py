"""Losses that wait for a decision: claimed ones, disputed ones, and those of which a list says otherwise."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, func, or_, select

from lossledger.core.names import fold
from lossledger.core.vocabulary import Relation, Verification
from lossledger.db.tables import CHILDREN, SUBJECTS, loss
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.held import holding, holdings
from lossledger.queries.history import actor_of
from lossledger.queries.reporters import brings_evidence
from lossledger.queries.scope import Scope, terms_in_scope
from lossledger.queries.undecided import STANDS, Conditions, claimed, disputed, disputed_fields, sets

_rows = CHILDREN["loss", "row"]

_AT_ONCE = 1_000


class Item(NamedTuple):
    """Something that waits for a decision."""

    id: str
    """What it is called, the same as long as it waits: ``claim:UID``, ``held:UID:FEED``, ``pair:UID:UID``."""
    kind: str
    losses: tuple[str, ...]
    since: int
    """The entry since which it waits."""
    since_at: str
    seen: int
    """The last entry on its losses: what was shown to whoever decides."""
    line: str


class Within(NamedTuple):
    """The losses among which items are looked for."""

    scope: Scope
    known: Catalogue


class Look(NamedTuple):
    """What is looked for: the items of some ids, or all of those within a scope."""

    connection: Connection
    ids: Collection[str] = ()
    within: Within | None = None

    @property
    def uids(self) -> list[str] | None:
        """The losses that alone are looked at; None for those within the scope."""
        return None if self.within is not None else sorted({uid for id_ in self.ids for uid in losses_of(id_) or ()})

    def chosen(self) -> list[ColumnElement[bool]]:
        """The conditions on a loss."""
        return [loss.c.uid.in_(self.uids or ())] if self.within is None else terms_in_scope(loss, *self.within)


PARTS: Mapping[str, tuple[int, int]] = {"claim": (1, 1), "dispute": (1, 1), "held": (2, 1), "pair": (2, 2)}
"""How many parts an item's id has after its kind, and how many of them, the first ones, are losses."""


def losses_of(id_: str) -> list[str] | None:
    """The losses that an item of an id is about; None for what is no id of an item."""
    kind, *parts = id_.split(":")
    number, losses = PARTS.get(kind, (0, 0))
    return parts[:losses] if number and len(parts) == number and all(parts) else None


def claims(look: Look) -> Iterator[Item]:
    """Claimed losses that nobody has decided on since their last evidence came."""
    for row in look.connection.execute(_dated(look, _since_evidence()).where(*claimed(look.uids))):
        yield _item("claim", row, "")


def number_of_claims(connection: Connection, chosen: Conditions) -> int:
    """How many claims wait, of the losses that conditions choose."""
    return _number(connection, (*claimed(), *chosen))


def disputes(look: Look) -> Iterator[Item]:
    """Losses that are disputed, or of which a field is, and that nobody has decided on since."""
    for row in look.connection.execute(_dated(look, _since_dispute()).where(*disputed(look.uids))):
        fields = disputed_fields(look.connection, row.id)
        yield _item("dispute", row, f"; disputed: {', '.join(fields)}" if fields else "")


def number_of_disputes(connection: Connection, chosen: Conditions) -> int:
    """How many disputes wait, of the losses that conditions choose."""
    return _number(connection, (*disputed(), *chosen))


def held(look: Look) -> Iterator[Item]:
    """Losses of which a list says otherwise than a person here has set, an item for each list."""
    found = [
        (uid, one)
        for _, uid, _, all_held in holdings(look.connection, (*STANDS, *look.chosen()))
        for one in all_held
        if look.within is not None or f"held:{uid}:{one.feed}" in look.ids
    ]
    heads = _heads(look, [uid for uid, _ in found])
    since = _held_since(look.connection, list(heads))
    items = []
    for uid, one in found:
        number, at = since[uid, one.feed]
        fields = ", ".join(field.replace("_", " ") for field in one.said)
        line = f"{_line(heads[uid])}; {one.feed} says otherwise: {fields}"
        items.append(Item(f"held:{uid}:{one.feed}", "held", (uid,), number, at, heads[uid].seen, line))
    yield from sorted(items, key=lambda item: item.since)


def number_held(connection: Connection, chosen: Conditions) -> int:
    """How many differences to lists wait, of the losses that conditions choose."""
    return sum(len(all_held) for *_, all_held in holdings(connection, (*STANDS, *chosen)))


def of_conflict(slug: str | None) -> Conditions:
    """The conditions that choose the losses of a conflict; none for those of all."""
    if slug is None:
        return ()
    sides, conflicts = SUBJECTS["side"], SUBJECTS["conflict"]
    its_sides = (
        select(sides.c.id).join(conflicts, conflicts.c.id == sides.c.conflict_id).where(conflicts.c.slug == slug)
    )
    return (loss.c.side_id.in_(its_sides),)


def touched_by(connection: Connection, kind: str, actor: str, chosen: Conditions) -> list[str]:
    """The losses of the claims or disputes that an actor, or somebody redacted, has an entry on; none of a list's."""
    names = connection.scalars(
        select(details.c.value).where(details.c.field == "actor", details.c.value.is_not(None)).distinct()
    )
    own = [name for name in names if fold(name) == fold(actor)]
    mine = exists().where(
        entries.c.kind == "loss",
        entries.c.subject == loss.c.uid,
        or_(actor_of(entries).in_(own), actor_of(entries).is_(None)),
    )
    conditions = claimed() if kind == "claim" else disputed()
    listed = loss.c.id.in_(select(_rows.c.loss_id))
    return list(connection.scalars(select(loss.c.uid).where(*conditions, *chosen, ~listed, mine)))


def _number(connection: Connection, conditions: Conditions) -> int:
    return connection.scalar(select(func.count()).select_from(loss).where(*conditions)) or 0


def _on_this_loss(entry: FromClause) -> Conditions:
    return entry.c.kind == "loss", entry.c.subject == loss.c.uid


def _last(*conditions: ColumnElement[bool], of: FromClause) -> ColumnElement[int]:
    return select(func.max(of.c.number)).where(*_on_this_loss(of), *conditions).correlate(loss).scalar_subquery()


def _since_evidence() -> ColumnElement[int]:
    """The entry that brought a loss's last evidence; its first one where that brought all of it."""
    bringing, first = entries.alias(), entries.alias()
    began = select(func.min(first.c.number)).where(*_on_this_loss(first)).correlate(loss).scalar_subquery()
    return func.coalesce(_last(brings_evidence(bringing), of=bringing), began)


def _since_dispute() -> ColumnElement[int]:
    """The entry that made a loss disputed, or brought the last evidence that disputes a field of it."""
    raising, piece = entries.alias(), details.alias()
    disputes_ = exists().where(
        piece.c.entry == raising.c.number,
        piece.c.field.like("evidence.%.relation"),
        piece.c.value == Relation.DISPUTES,
    )
    raises = or_(disputes_, sets(raising, "verification", Verification.DISPUTED))
    return func.coalesce(_last(raises, of=raising), _since_evidence())


def _told(*more: ColumnElement[Any]) -> Select[Any]:
    """What an item says of its loss, with the last entry on it."""
    types, categories, sides, last = SUBJECTS["type"], SUBJECTS["category"], SUBJECTS["side"], entries.alias()
    return (
        select(
            loss.c.id,
            loss.c.uid,
            loss.c.quantity,
            types.c.name.label("type"),
            categories.c.name.label("category"),
            sides.c.name.label("side"),
            loss.c.outcome,
            loss.c.day,
            loss.c.verification,
            _last(of=last).label("seen"),
            *more,
        )
        .join(sides, sides.c.id == loss.c.side_id)
        .join(categories, categories.c.id == loss.c.category_id)
        .join(types, types.c.id == loss.c.type_id, isouter=True)
    )


def _dated(look: Look, since: ColumnElement[int]) -> Select[Any]:
    """Losses with when they began to wait, those that wait longest first."""
    raised = entries.alias()
    return (
        _told(raised.c.number.label("since"), raised.c.recorded_at.label("since_at"))
        .join(raised, raised.c.number == since)
        .where(*look.chosen())
        .order_by(raised.c.number, loss.c.id)
    )


def _heads(look: Look, uids: list[str]) -> dict[str, Any]:
    found = {}
    for start in range(0, len(uids), _AT_ONCE):
        for row in look.connection.execute(_told().where(loss.c.uid.in_(uids[start : start + _AT_ONCE]))):
            found[row.uid] = row
    return found


def _held_since(connection: Connection, uids: list[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """The entry, with its time, since which a list's word on a loss is held."""
    found = {}
    for start in range(0, len(uids), _AT_ONCE):
        statement = (
            select(entries.c.subject, details.c.field, entries.c.number, entries.c.recorded_at)
            .join(details, details.c.entry == entries.c.number)
            .where(entries.c.kind == "loss", entries.c.subject.in_(uids[start : start + _AT_ONCE]))
            .where(details.c.field.like("row.%.held"))
            .order_by(entries.c.number)
        )
        for uid, field, number, at in connection.execute(statement):
            found[uid, holding(field)] = number, at
    return found


def _item(kind: str, row: Any, said: str) -> Item:
    return Item(f"{kind}:{row.uid}", kind, (row.uid,), row.since, row.since_at, row.seen, _line(row) + said)


def _line(row: Any) -> str:
    """A loss in short: "1 T-72B of Redland, destroyed 2020-10-08, claimed"."""
    became = f"{row.outcome} {row.day}" if row.day else f"{row.outcome}, undated"
    return f"{row.quantity:,} {row.type or f'({row.category})'} of {row.side}, {became}, {row.verification}"
