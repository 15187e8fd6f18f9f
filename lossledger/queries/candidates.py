"""Losses of which it is open what type they are: how many more of a type there may be than a tally counts."""

import json
from collections import Counter
from dataclasses import replace

from sqlalchemy import BindParameter, Connection, bindparam, func, or_, select

from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import states
from lossledger.queries.cells import Key, key_columns, key_reader
from lossledger.queries.scope import days, ids_in_scope, postings_in_scope, slugs_in_scope
from lossledger.queries.tallies import Tally

_HEAD = 4
"""How many columns stand before those of the key."""


def with_candidates(connection: Connection, tally: Tally) -> Tally:
    """A tally of some types, with the losses that may be of these types and are counted under another.

    They pass the same filters, but for the type. Counted by type, such a loss stands in the row of each type that it
    may be; so those rows do not add up. A tally of all types is returned as it is: what is open counts there already.
    """
    scope, known = tally.scope, tally.catalogue
    wanted, certain = slugs_in_scope(scope, known)["type"], ids_in_scope(scope, known)["type"]
    if wanted is None or certain is None:
        return tally
    may_be = {id_: types for id_, named in _candidates(connection, scope.known_on).items() if (types := named & wanted)}
    columns = key_columns(tally.by)
    key_of = key_reader(tally.by, {name: place for place, name in enumerate(columns, _HEAD)}, known)
    sides, feeds = known.by_id("side"), known.by_id("feed")
    # Numbers of the database's own stand in the statement itself: it may have only so many parameters.
    ids: BindParameter[int] = bindparam("ids", sorted(may_be), expanding=True, literal_execute=True)
    head = (posting.c.loss_id, posting.c.side_id, posting.c.feed_id)
    grouped = (*head, *(posting.c[name] for name in columns))
    statement = (
        select(func.sum(posting.c.quantity), *grouped)
        .where(posting.c.loss_id.in_(ids), posting.c.type_id.not_in(sorted(certain)))
        .where(posting.c.verification.in_(scope.verifications), *days(scope))
        .where(*postings_in_scope(replace(scope, types=()), known))
        .group_by(*grouped)
    )
    possible: Counter[Key] = Counter()
    beside: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(statement) if may_be else ():
        number = int(row[0])
        beside[sides[row[2]].slug, feeds[row[3]].slug] += number
        for key in _keys(tally, key_of(row), may_be[row[1]]):
            possible[key] += number
    return replace(tally, possible=+possible, beside=replace(tally.beside, possible=+beside))


def _keys(tally: Tally, key: Key, types: set[str]) -> list[Key]:
    """The cells of which a loss may be: with types of their own, one for each that it may be."""
    if "type" not in tally.by:
        return [key]
    at = tally.by.index("type")
    return [(*key[:at], slug, *key[at + 1 :]) for slug in types]


def _candidates(connection: Connection, known_on: int | None) -> dict[int, set[str]]:
    """What each loss may be of which that is open, by row id; as it is, or as it was after an entry."""
    is_open = loss.c.candidates.is_not(None)
    if known_on is None:
        statement = select(loss.c.id, loss.c.candidates).where(is_open)
        return {id_: set(json.loads(text)) for id_, text in connection.execute(statement)}
    # Whose candidates were ever changed has an entry that names the field.
    ever = (
        select(entries.c.subject)
        .join(details, details.c.entry == entries.c.number)
        .where(entries.c.kind == "loss")
        .where(or_(details.c.field == "candidates", entries.c.subject.in_(select(loss.c.uid).where(is_open))))
    )
    once = states(connection, "loss", known_on, among=ever)
    ids = connection.execute(select(loss.c.id, loss.c.uid).where(loss.c.uid.in_(ever)))
    return {id_: set(json.loads(once[uid].get("candidates", "[]"))) for id_, uid in ids if uid in once}
