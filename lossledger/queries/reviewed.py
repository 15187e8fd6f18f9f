"""Whether a second person stands behind a confirmation."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from lossledger.core.fields import REDACTED
from lossledger.core.vocabulary import Verification
from lossledger.db.tables import SUBJECTS, loss
from lossledger.db.tables import entry as entries
from lossledger.queries.history import actor_of


def _origin() -> ScalarSelect[Any]:
    """The loss that a part was first split off, however often it was split since."""
    whole, above = loss.alias(), loss.alias()
    wholes = (
        select(loss.c.id.label("part"), loss.c.split_from_id.label("whole"))
        .where(loss.c.split_from_id.is_not(None))
        .cte("wholes", recursive=True)
    )
    wholes = wholes.union_all(
        select(wholes.c.part, above.c.split_from_id)
        .join(above, above.c.id == wholes.c.whole)
        .where(above.c.split_from_id.is_not(None))
    )
    return (
        select(whole.c.uid)
        .join(wholes, wholes.c.whole == whole.c.id)
        .where(wholes.c.part == loss.c.id, whole.c.split_from_id.is_(None))
        .correlate(loss)
        .scalar_subquery()
    )


def _second_reviewed() -> ColumnElement[bool]:
    feeds = SUBJECTS["feed"]
    first, begun = entries.alias(), entries.alias()
    beginning = (
        select(func.min(begun.c.number))
        .where(begun.c.kind == "loss", begun.c.subject == func.coalesce(_origin(), loss.c.uid))
        .correlate(loss)
        .scalar_subquery()
    )
    entered_by = select(actor_of(first)).where(first.c.number == beginning).correlate(loss).scalar_subquery()
    by = loss.c.verified_by
    of_list = exists().where(feeds.c.id == loss.c.feed_id, or_(feeds.c.verified_by == by, feeds.c.publisher == by))
    return and_(
        loss.c.verification == Verification.CONFIRMED, by != REDACTED, ~of_list.correlate(loss), by != entered_by
    )


SECOND_REVIEWED = _second_reviewed()
"""That who confirmed a loss neither entered it, or what it was split off, nor publishes the list that it is from."""
