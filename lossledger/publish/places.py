"""The losses that have coordinates, as the map shows them."""

from sqlalchemy import Connection, select

from lossledger.core.vocabulary import RECOVERED, TYPE_NOT_GIVEN
from lossledger.db.tables import loss
from lossledger.publish.frame import Frame
from lossledger.publish.looks import happened, spoken_day
from lossledger.publish.map import Place
from lossledger.queries.losses import MERGED, WITHDRAWN
from lossledger.queries.scope import terms_in_scope

_COLUMNS = (
    *("uid", "side_id", "feed_id", "type_id", "quantity", "outcome", "latitude", "longitude"),
    *("day", "earliest", "latest", "reported", "inferred"),
)


def places(connection: Connection, frame: Frame) -> list[Place]:
    """Every counted loss with coordinates, in the order in which they were entered."""
    statement = (
        select(*(loss.c[name] for name in _COLUMNS))
        .where(~MERGED, ~WITHDRAWN, loss.c.outcome != RECOVERED, loss.c.latitude.is_not(None))
        .where(loss.c.longitude.is_not(None), loss.c.verification.in_(frame.scope.verifications))
        .where(*terms_in_scope(loss, frame.scope, frame.known))
        .order_by(loss.c.id)
    )
    sides, feeds, types = (
        {term.id: term for term in frame.known.terms[kind].values()} for kind in ("side", "feed", "type")
    )
    found = []
    for uid, side, feed, type_id, quantity, outcome, latitude, longitude, *days in connection.execute(statement):
        column = frame.column(sides[side].slug, feeds[feed].slug)
        if column is not None:
            type_ = types[type_id].name if type_id else TYPE_NOT_GIVEN
            where = (latitude, longitude, column.tone, quantity, outcome)
            found.append(Place(*where, uid, sides[side].name, type_, _when(*days)))
    return found


def _when(day: str | None, earliest: str | None, latest: str | None, reported: str | None, flag: int | None) -> str:
    """When a loss happened, in words: "8 Oct 2020" where that is a day; else "2020-10", "by 2020-10-08"."""
    said = happened(earliest, latest, reported, day)
    inferred = day is not None and (flag is not None or not (latest or reported))
    return (spoken_day(said) if said and said == day else said) + (", inferred" if inferred else "")
