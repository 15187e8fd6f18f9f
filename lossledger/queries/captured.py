"""Pictures that say they were taken on another day than the loss that they show happened."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.fields import REDACTED
from lossledger.db.tables import SUBJECTS, evidence, loss, source
from lossledger.db.tables import evidence_file as file

_LEEWAY = timedelta(days=1)
"""By how much clocks and time zones may be out."""


class OtherDay(NamedTuple):
    """A file whose own word for when it was captured does not fit the days of a loss."""

    loss: str
    earliest: str | None
    latest: str | None
    captured: str
    name: str | None
    sha256: str
    source: str


def on_other_days(connection: Connection, conflict: str) -> list[OtherDay]:
    """The files that were captured, by their own word, more than a day before or after a loss of a conflict happened.

    One that was captured after a loss may well show it: a wreck stays where it is. A loss of which only the day of the
    report is known happened on any day before that.
    """
    side = SUBJECTS["side"]
    of_conflict = side.c.slug.startswith(f"{conflict}/", autoescape=True)
    statement = (
        select(
            loss.c.uid.label("loss"),
            loss.c.earliest,
            loss.c.latest,
            loss.c.reported,
            file.c.captured,
            file.c.name,
            file.c.sha256,
            source.c.uid.label("source"),
        )
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
        .join(file, file.c.source_id == source.c.id)
        .join(side, side.c.id == loss.c.side_id)
        .where(file.c.captured.is_not(None), file.c.captured != REDACTED, loss.c.withdrawn.is_(None), of_conflict)
        .distinct()
        .order_by(loss.c.uid, file.c.sha256, source.c.uid)
    )
    return [
        OtherDay(row.loss, row.earliest, row.latest or row.reported, *row[4:])
        for row in connection.execute(statement)
        if _differs(row.captured, row.earliest or row.latest, row.latest or row.reported)
    ]


def _differs(captured: str, first: str | None, last: str | None) -> bool:
    try:
        day = date.fromisoformat(captured[:10])
    except ValueError:  # a word that another archiver took over as it was
        return False
    too_early = first is not None and day < date.fromisoformat(first) - _LEEWAY
    return too_early or (last is not None and day > date.fromisoformat(last) + _LEEWAY)
