"""Which losses nobody has decided on since something raised the question: as conditions on a loss."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, or_, select

from lossledger.core.vocabulary import Act, Relation, Verification
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence, loss
from lossledger.queries.history import undone
from lossledger.queries.losses import MERGED, WITHDRAWN
from lossledger.queries.reporters import brings_evidence

Conditions = tuple[ColumnElement[bool], ...]

STANDS: Conditions = (~WITHDRAWN, ~MERGED)
"""That a loss counts, as far as it is believed."""


def claimed(uids: Collection[str] | None = None) -> Conditions:
    """The conditions on a loss whose claim waits; faster where only some uids are asked about."""
    undecided = loss.c.uid.not_in(_decided(Verification.CLAIMED, uids))
    return *STANDS, loss.c.verification == Verification.CLAIMED, undecided, ~loss.c.id.in_(_fields_disputed(uids))


def disputed(uids: Collection[str] | None = None) -> Conditions:
    """The conditions on a loss of which a dispute waits; faster where only some uids are asked about."""
    undecided = loss.c.uid.not_in(_decided(Verification.DISPUTED, uids))
    as_a_whole = and_(loss.c.verification == Verification.DISPUTED, undecided)
    in_a_field = and_(loss.c.verification != Verification.REJECTED, loss.c.id.in_(_fields_disputed(uids)))
    return *STANDS, or_(as_a_whole, in_a_field)


def _decided(verification: Verification, uids: Collection[str] | None) -> Select[tuple[str]]:
    """The losses on which a decision stands that is later than what raised the question.

    That is evidence; a dispute; for a claim, an amendment that took a confirmation away.
    """
    decision, raising = entries.alias(), entries.alias()
    raises = brings_evidence(raising)
    if verification is Verification.DISPUTED:
        raises = or_(raises, sets(raising, "verification", Verification.DISPUTED))
    else:
        raises = or_(raises, and_(raising.c.act == Act.AMEND, sets(raising, "verification", Verification.CLAIMED)))
    raised_since = exists().where(
        raising.c.kind == "loss",
        raising.c.subject == decision.c.subject,
        raising.c.number >= decision.c.number,
        raising.c.act != Act.UNDO,
        raises,
        ~undone(raising),
    )
    decided = select(decision.c.subject).where(
        decision.c.kind == "loss", decision.c.act == Act.VERIFY, ~undone(decision), ~raised_since
    )
    return decided if uids is None else decided.where(decision.c.subject.in_(uids))


def _fields_disputed(uids: Collection[str] | None) -> Select[tuple[int]]:
    """The row ids of the losses of which a source disputes a field, where no decision was made since."""
    disputed = select(evidence.c.loss_id).where(*_open_dispute())
    if uids is None:
        return disputed
    asked = loss.alias()
    return disputed.where(evidence.c.loss_id.in_(select(asked.c.id).where(asked.c.uid.in_(uids))))


def _open_dispute() -> Conditions:
    """The conditions on a piece of evidence: it disputes a field, and no decision on its loss or field is later.

    A decision is a verification, or a correction of the field.
    """
    brought, piece, settled, its_loss, setting = (
        entries.alias(),
        details.alias(),
        entries.alias(),
        loss.alias(),
        details.alias(),
    )
    of_field = or_(
        setting.c.field == evidence.c.field,
        and_(evidence.c.field == "date", setting.c.field.in_(("earliest", "latest"))),
        and_(evidence.c.field == "place", setting.c.field.in_(("latitude", "longitude"))),
    )
    corrects = exists().where(setting.c.entry == settled.c.number, of_field)
    later = exists().where(
        its_loss.c.id == evidence.c.loss_id,
        brought.c.kind == "loss",
        brought.c.subject == its_loss.c.uid,
        piece.c.entry == brought.c.number,
        piece.c.field == "evidence." + evidence.c.uid + ".relation",
        settled.c.kind == "loss",
        settled.c.subject == its_loss.c.uid,
        settled.c.number > brought.c.number,
        or_(settled.c.act == Act.VERIFY, and_(settled.c.act == Act.AMEND, corrects)),
        ~undone(settled),
    )
    in_a_field = and_(evidence.c.field.is_not(None), evidence.c.field != "side")
    return evidence.c.relation == Relation.DISPUTES, in_a_field, ~later


def disputed_fields(connection: Connection, loss_id: int) -> list[str]:
    """The fields of a loss that a source disputes, where no decision was made since."""
    statement = select(evidence.c.field).where(evidence.c.loss_id == loss_id, *_open_dispute()).distinct()
    return sorted(connection.scalars(statement))


def sets(entry: FromClause, field: str, value: str) -> ColumnElement[bool]:
    """Whether an entry (an alias of ``entry``) sets a field to a value."""
    detail = details.alias()
    return exists().where(detail.c.entry == entry.c.number, detail.c.field == field, detail.c.value == value)
