"""Where a list now says otherwise than a person here has: both, as long as they differ."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from lossledger.core.fields import FLAG, REDACTED, State, children
from lossledger.db.tables import CHILDREN, loss
from lossledger.queries.feeds import touched

_rows = CHILDREN["loss", "row"]

LISTED = "listed"
"""What stands for a field where a list no longer has a loss that a person here vouches for."""


class Held(NamedTuple):
    """What one list says otherwise of a loss: by field, in the ledger's own slugs and words."""

    feed: str
    run: str
    said: Mapping[str, str | None]
    """Field to what the list says; None where it says nothing. `LISTED` to None: it no longer lists the loss."""


class HeldLoss(NamedTuple):
    """A loss of which a list says something otherwise, with the fields."""

    id: int
    uid: str
    fields: tuple[str, ...]


def held_of(state: State) -> list[Held]:
    """What lists say otherwise of a loss than its state does; nothing of what has come to agree since."""
    found = []
    for feed, row in children(state, "row").items():
        said = dict(_differing(row, state))
        if said:
            found.append(Held(feed, row["run"], said))
    return found


def _differing(row: Mapping[str, str], state: State) -> Iterator[tuple[str, str | None]]:
    text = row.get("held")
    if text is None or text == REDACTED:
        return
    for field, value in json.loads(text).items():
        if field != "withdrawn":
            if state.get(field) != value:
                yield field, value
        elif row.get("gone") == FLAG and state.get("withdrawn") != FLAG:
            yield LISTED, None


def holdings(
    connection: Connection, conditions: Iterable[ColumnElement[bool]] = ()
) -> Iterator[tuple[int, str, State, list[Held]]]:
    """The losses of which lists say something otherwise, in the order in which they were entered.

    Each with its row id, its uid, its state, and what each list says; ``conditions`` are on the losses.
    """
    with_held = select(_rows.c.loss_id).where(_rows.c.held.is_not(None))
    statement = select(loss.c.id, loss.c.uid).where(loss.c.id.in_(with_held), *conditions).order_by(loss.c.id)
    candidates = connection.execute(statement).all()
    states = touched(connection, [uid for _, uid in candidates])
    for id_, uid in candidates:
        state = states[uid].state
        if found := held_of(state):
            yield id_, uid, state, found


def holding(path: str) -> str:
    """The feed whose word a field of a loss holds: of ``row.a-list.held``, ``a-list``."""
    return path.removeprefix("row.").removesuffix(".held")


def held_losses(connection: Connection) -> list[HeldLoss]:
    """The losses of which a list says something otherwise, with the fields, in the order in which they were entered."""
    return [
        HeldLoss(id_, uid, tuple(field for held in all_held for field in held.said))
        for id_, uid, _, all_held in holdings(connection)
    ]
