"""The losses that the journal touched between two entries, as they were at both ends."""

from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold
from lossledger.core.records import ACT_FIELDS
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details

_AT_ONCE = 1_000
"""How many rows are fetched at a time."""


class Ends(NamedTuple):
    """A loss at both ends, each empty where the ledger did not have it, and whether it was split in between."""

    before: State
    after: State
    split: bool


def touched(connection: Connection, first: int, last: int) -> dict[str, Ends]:
    """The losses with entries between two points, as they were at each, in the journal's order."""
    first, last = sorted((first, last))
    mine = (entries.c.kind == "loss") & (entries.c.number <= last)
    between = select(entries.c.subject).where(mine, entries.c.number > first)
    statement = (
        select(entries.c.subject, entries.c.number, entries.c.act, details.c.field, details.c.value, details.c.salt)
        .join(details, details.c.entry == entries.c.number)
        .where(mine, entries.c.subject.in_(between), details.c.field.not_in(ACT_FIELDS))
        .order_by(entries.c.subject, entries.c.number)
    )
    found: dict[str, tuple[int, Ends]] = {}
    rows = connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for uid, of_loss in groupby(rows, key=itemgetter(0)):
        earlier: list[Detail] = []
        later: list[Detail] = []
        acts: dict[int, str] = {}
        for _, number, act, field, value, salt in of_loss:
            detail = Detail(field, value, salt)
            if number <= first:
                earlier.append(detail)
            else:
                later.append(detail)
                acts[number] = act
        if acts:
            before = fold({}, earlier)
            found[uid] = min(acts), Ends(before, fold(before, later), Act.SPLIT in acts.values())
    return {uid: ends for uid, (_, ends) in sorted(found.items(), key=lambda item: item[1][0])}
