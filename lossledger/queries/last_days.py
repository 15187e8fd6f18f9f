"""How much of a scope stands on a day on which it need not have happened: the last possible one, or that of a list."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, not_, or_, select

from lossledger.core.fields import State
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import Catalogue, states
from lossledger.queries.scope import Scope, days, postings_in_scope

_FIELDS = ("earliest", "latest", "reported")


class LastDays(NamedTuple):
    """Items of a scope that are placed in time by less than their own day."""

    open: int
    """On the last day on which they can have happened, be it that of a report; the first is not known."""
    listed: int
    """On the day that was given for their whole list."""


def last_days(connection: Connection, scope: Scope, known: Catalogue) -> LastDays:
    """What of a tally stands on its last possible day, and what on the day of its list."""
    then = _then(connection, scope.known_on)
    dated = or_(loss.c.latest.is_not(None), loss.c.reported.is_not(None))
    kept = not_(loss.c.uid.in_(sorted(then))) if then else None
    counted = {
        "open": and_(dated, loss.c.earliest.is_(None)),
        "listed": not_(dated),
    }
    statement = (
        select(*(_sum(_now_or_then(condition, kept, _uids(then, name))) for name, condition in counted.items()))
        .select_from(posting.join(loss, loss.c.id == posting.c.loss_id))
        .where(*postings_in_scope(scope, known), *days(scope))
        .where(posting.c.verification.in_(scope.verifications), posting.c.loss_day.is_not(None))
    )
    row = connection.execute(statement).one()
    return LastDays(*(int(number or 0) for number in row))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, posting.c.quantity), else_=0))


def _now_or_then(now: ColumnElement[bool], kept: ColumnElement[bool] | None, then: list[str]) -> ColumnElement[bool]:
    """What holds of a loss as it is, unless its days were others at the time that is asked about."""
    return now if kept is None else or_(and_(kept, now), loss.c.uid.in_(then))


def _then(connection: Connection, known_on: int | None) -> dict[str, State]:
    """The losses whose days were changed after an entry, as they stood then."""
    return {} if known_on is None else states(connection, "loss", known_on, among=_changed_since(known_on))


def _changed_since(known_on: int) -> Select[tuple[str]]:
    return (
        select(entries.c.subject)
        .join(details, details.c.entry == entries.c.number)
        .where(details.c.field.in_(_FIELDS), entries.c.number > known_on, entries.c.kind == "loss")
    )


def _uids(then: dict[str, State], name: str) -> list[str]:
    return sorted(uid for uid, state in then.items() if _kind(state) == name)


def _kind(state: State) -> str | None:
    if not ("latest" in state or "reported" in state):
        return "listed"
    return None if "earliest" in state else "open"
