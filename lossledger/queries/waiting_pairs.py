"""Possible duplicates that wait for somebody to say whether the two losses are one."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.db.tables import entry as entries
from lossledger.db.tables import loss
from lossledger.queries.apart import said_apart
from lossledger.queries.duplicates import duplicates
from lossledger.queries.waiting_losses import Item, Look, losses_of

_AT_ONCE = 1_000


def pairs(look: Look) -> Iterator[Item]:
    """Pairs of losses that may be one and that nobody has told apart, the likeliest first."""
    if look.within is None:
        yield from _standing(look)
        return
    scope, known = look.within
    found = duplicates(look.connection, scope, known).pairs
    names = {kind: {term.id: term.name for term in known.terms[kind].values()} for kind in ("side", "type", "category")}
    ends = _ends(look.connection, {uid for pair in found for uid in (pair.one.uid, pair.other.uid)})
    for pair in found:
        one, other = pair.one, pair.other
        thing = names["category"][one.category] if one.type is None else names["type"][one.type]
        line = f"{one.quantity:,} {thing} of {names['side'][one.side]}, {one.outcome}; {pair.why} ({pair.score} points)"
        yield _item((one.uid, other.uid), ends, line)


def _standing(look: Look) -> Iterator[Item]:
    """The pairs of some ids of which both losses stand and are not told apart; how alike they are is not asked."""
    asked = [(found[0], found[1]) for id_ in look.ids if (found := losses_of(id_))]
    uids = sorted({uid for pair in asked for uid in pair})
    standing = select(loss.c.uid).where(
        loss.c.uid.in_(uids), loss.c.withdrawn.is_(None), loss.c.merged_into_id.is_(None)
    )
    stands = set(look.connection.scalars(standing))
    apart = said_apart(look.connection)
    ends = _ends(look.connection, uids)
    for one, other in asked:
        if one != other and {one, other} <= stands and frozenset((one, other)) not in apart:
            yield _item((one, other), ends, f"{one} and {other}")


class _Ends(NamedTuple):
    """The first and the last entry on a loss, and when the first was made."""

    first: int
    first_at: str
    last: int


def _item(uids: tuple[str, str], ends: dict[str, _Ends], line: str) -> Item:
    """A pair waits since the later of the two came."""
    later = max((ends[uid] for uid in uids), key=lambda end: end.first)
    seen = max(ends[uid].last for uid in uids)
    return Item(f"pair:{uids[0]}:{uids[1]}", "pair", uids, later.first, later.first_at, seen, line)


def _ends(connection: Connection, uids: Collection[str]) -> dict[str, _Ends]:
    found: dict[str, _Ends] = {}
    wanted = sorted(uids)
    for start in range(0, len(wanted), _AT_ONCE):
        own = (
            select(
                entries.c.subject,
                func.min(entries.c.number).label("first"),
                func.max(entries.c.number).label("last"),
            )
            .where(entries.c.kind == "loss", entries.c.subject.in_(wanted[start : start + _AT_ONCE]))
            .group_by(entries.c.subject)
            .subquery()
        )
        statement = select(own.c.subject, own.c.first, entries.c.recorded_at, own.c.last)
        for uid, *end in connection.execute(statement.join(entries, entries.c.number == own.c.first)):
            found[uid] = _Ends(*end)
    return found
